"""How the pages of the post answer: on to another page, or the same page with what was refused."""

from typing import Any

from flask import Response, url_for

from portal.ground.errors import Refused
from portal.web import context
from portal.web.forms import PortalForm
from portal.web.i18n import say


def to(endpoint: str, **values: Any) -> Response:
    """Lead the browser on to one of our pages."""
    return context.go_to(url_for(endpoint, **values))


def placed(form: PortalForm, field: str, refusal: Refused) -> PortalForm:
    """The same form with the sentence of *refusal* at *field*."""
    form[field].errors = [*form[field].errors, say(refusal.message, **refusal.params)]
    return form
