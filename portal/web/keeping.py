"""What a person typed into a form that failed: shown under the names of its fields, kept to be sent again."""

import re
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from flask import g, request
from flask import session as cookie
from flask_login import current_user
from werkzeug.exceptions import RequestEntityTooLarge
from wtforms.fields.core import UnboundField

from portal.accounts import kept_forms, sessions
from portal.web import context
from portal.web.forms import PortalForm

TOKEN = "csrf_token"  # noqa: S105 - the name of a field

OUR_OWN = (TOKEN, "khoa", "phien_ban", "so_viec", "go", "viec", "tiep")
"""Hidden fields and buttons of our own: nobody typed them."""

SECRET = re.compile("mat_khau|so_dinh_danh|identity|ma_buoc_hai|loi_moi|tra_loi")
"""Names of fields with passwords, identity numbers and second factors."""

Pairs = list[tuple[str, str]]


def sent() -> Pairs:
    """Every field of the form that was sent, in its order, without secrets and without the token."""
    try:
        fields = request.form.items(multi=True) if request.method == "POST" else ()
    except RequestEntityTooLarge:  # Nothing of such a body was read.
        return []
    return [(name, value) for name, value in fields if name != TOKEN and not SECRET.search(name)]


def typed(fields: Pairs | None = None) -> Pairs:
    """What was typed as (label, value); the label is "" where no form of ours tells it."""
    labels = dict(_labels(g.get("forms", ())))
    return [
        (labels.get(name) or _declared(name), value)
        for name, value in (sent() if fields is None else fields)
        if value.strip() and name not in OUR_OWN
    ]


def has_files() -> bool:
    """Whether files were sent along, which cannot be kept."""
    return any(file.filename for file in request.files.values())


def keep() -> str | None:
    """Keep what one of our own pages sent for its sender, and return under which uid; None when it cannot be.

    The sender is who is signed in, else the account whose session has ended in this browser.
    """
    sender = _sender() if _is_from_our_page() else None
    fields = sent()
    if sender is None or not fields:
        return None
    path, at = request.full_path.rstrip("?"), context.wall_clock()
    with context.trace() as writing:
        return kept_forms.keep(writing, sender, path, fields, at=at)


def _sender() -> int | None:
    if current_user.is_authenticated:
        account_id: int = current_user.actor.account_id
        return account_id
    token = cookie.get("_user_id")
    return sessions.owner_of(context.session(), token) if token else None


def _is_from_our_page() -> bool:
    """Browsers say so with every form; another site's form shall not wait under a person's name."""
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    return origin == request.host_url.rstrip("/") and site in (None, "same-origin")


def _labels(fields: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """Name and label of every field of the forms of this request, those inside others included."""
    for field in fields:
        inner = getattr(field, "entries", None) or getattr(field, "form", None)
        if isinstance(field, PortalForm) or inner:
            yield from _labels(inner or field)
        else:
            yield field.name, str(field.label.text)


def _declared(name: str) -> str:
    """The label that the forms in our code give to *name*, or to its last part; "" when they disagree."""
    found = {label for form in _forms(PortalForm) for label in _labels_in(form, name)}
    found = found or {label for form in _forms(PortalForm) for label in _labels_in(form, name.split("-")[-1])}
    return found.pop() if len(found) == 1 else ""


def _forms(base: type[Any]) -> Iterator[type[Any]]:
    """The forms written down in a module; those made for one request are not looked at."""
    for form in base.__subclasses__():
        if getattr(sys.modules.get(form.__module__), form.__name__, None) is form:
            yield form
            yield from _forms(form)


def _labels_in(form: type[Any], name: str) -> Iterator[str]:
    for attribute, field in vars(form).items():
        if isinstance(field, UnboundField) and (field.name or attribute) == name and field.args:
            yield str(field.args[0])
