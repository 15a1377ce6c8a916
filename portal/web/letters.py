"""A message in words: for the message box in the reader's language, and as an e-mail in both."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from flask import Flask, url_for

from portal.dossiers.states import Delivery
from portal.ground.mail import Letter
from portal.messages.models import Message, Sending
from portal.messages.wording import Words, words_of
from portal.postal.states import Failure
from portal.web import formats
from portal.web.i18n import ENGLISH, _, say

_SHOWN = {
    "due": lambda text: formats.moment(datetime.fromisoformat(text)),
    "old_due": lambda text: formats.moment(datetime.fromisoformat(text)),
    "new_due": lambda text: formats.moment(datetime.fromisoformat(text)),
    "answer_until": lambda text: formats.moment(datetime.fromisoformat(text)),
    "since": lambda text: formats.moment(datetime.fromisoformat(text)),
    "amount": lambda text: formats.money(int(text)),
    "day": lambda text: formats.day(date.fromisoformat(text)),
    "delivery": lambda text: say(Delivery(text).label),
    "failure": lambda text: say(Failure(text).label),
}
"""How what a message keeps is written for people; anything else is written as it is."""


def in_words(message: Message) -> Words:
    """Subject and text of *message* in the language of this request."""
    words, said = words_of(message.topic), _said(message.params)
    return Words(say(words.subject, **said), say(words.text, **said))


def letter(app: Flask, sending: Sending, public_url: str) -> Letter:
    """The e-mail of *sending*: Vietnamese, then English; to be called outside any request."""
    with _reading(app, public_url):
        vietnamese, words = _page(sending.message), in_words(sending.message)
    with _reading(app, public_url + ENGLISH):
        english = _page(sending.message)
    return Letter(sending.uid, sending.address, words.subject, f"{vietnamese}\n\n-- \n{english}\n")


def _page(message: Message) -> str:
    words, code = in_words(message), message.params["code"]
    address = url_for("citizen.dossier", code=code, _external=True)
    return "\n\n".join(
        [
            words.text,
            _("Xem hồ sơ: %(address)s", address=address),
            _("Thư tự động của Cổng Một Cửa. Chúng tôi không bao giờ hỏi mật khẩu hay mã nhận qua thư."),
        ]
    )


def _said(params: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: _SHOWN[name](str(value)) if name in _SHOWN else str(value) for name, value in params.items()
    }


@contextmanager
def _reading(app: Flask, address: str) -> Iterator[None]:
    """As if somebody read a page at *address*: its language, and links that begin with it."""
    with app.app_context(), app.test_request_context("/", base_url=address):  # A context has one language.
        yield
