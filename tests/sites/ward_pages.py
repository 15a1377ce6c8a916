"""Reads and fills the pages of the desk as a browser without JavaScript does."""

import re
from html import unescape
from typing import TypeVar

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

T = TypeVar("T")

DESK = {
    "receptionist": "tiepnhan.phuhoa",
    "specialist": "chuyenvien.phuhoa",
    "leader": "lanhdao.phuhoa",
    "records_clerk": "vanthu.phuhoa",
}
"""Sign-in names of the people of Phú Hòa."""

_FORM = re.compile(r'<form method="post"[^>]*action="([^"]*)"[^>]*>(.*?)</form>', re.DOTALL)
_HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')
_ATTRIBUTE = re.compile(r'(name|value)="([^"]*)"')


def page_of(dossier_id: int) -> str:
    """The address of a dossier's page."""
    return f"/mot-cua/ho-so/{dossier_id}"


def hidden_of(html: str, action: str) -> dict[str, str]:
    """The hidden fields of the form that posts to *action*; {} when the page has no such form."""
    for address, body in _FORM.findall(html):
        if unescape(address).partition("?")[0] == action:
            inputs = (dict(_ATTRIBUTE.findall(tag)) for tag in _HIDDEN.findall(body))
            return {one["name"]: unescape(one.get("value", "")) for one in inputs}
    return {}


def move(client: FlaskClient, dossier_id: int, word: str, **typed: object) -> TestResponse:
    """Open a dossier's page and send the form of one move, filled with what is *typed*."""
    here = page_of(dossier_id)
    hidden = hidden_of(client.get(here).text, f"{here}/{word}")
    return client.post(f"{here}/{word}", data={**hidden, **typed})


def fresh(client: FlaskClient, kind: type[T], number: int) -> T:
    """A row as it is now, read without standing in a writer's way; *client* keeps its session open."""
    reading = client.application.extensions["database"].reading()
    client.environ_base["tests.reading"] = reading
    return reading.get_one(kind, number)
