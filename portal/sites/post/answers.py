"""How the pages of the post answer: on to another page, or the same page with what was refused."""

from typing import Any, cast

from flask import Response, redirect, url_for

from portal.ground.errors import Refused
from portal.web.forms import PortalForm
from portal.web.i18n import say


def to(endpoint: str, **values: Any) -> Response:
    """Lead the browser to a page with a GET."""
    return cast(Response, redirect(url_for(endpoint, **values), 303))


def placed(form: PortalForm, field: str, refusal: Refused) -> PortalForm:
    """The same form with the sentence of *refusal* at *field*."""
    form[field].errors = [*form[field].errors, say(refusal.message, **refusal.params)]
    return form
