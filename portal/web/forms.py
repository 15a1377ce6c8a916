"""The base of every form: Vietnamese messages, a CSRF token, and a key that makes it count once."""

import secrets
from collections.abc import Callable, Iterable
from typing import Any

from flask import g
from flask_wtf import FlaskForm
from wtforms import DateField, Field, SelectChoice  # type: ignore[attr-defined]  # The stubs are older.
from wtforms.validators import DataRequired, Length, StopValidation, ValidationError

from portal.ground.errors import Refused
from portal.web.i18n import _l, say

MESSAGES = {
    "This field is required.": _l("Hãy điền mục này."),
    "Not a valid choice.": _l("Hãy chọn một trong các lựa chọn."),
    "Not a valid choice": _l("Hãy chọn một trong các lựa chọn."),
    "Invalid Choice: could not coerce.": _l("Hãy chọn một trong các lựa chọn."),
    "Not a valid integer value.": _l("Hãy nhập một số."),
    "Not a valid decimal value.": _l("Hãy nhập một số."),
    "Not a valid date value.": _l("Ngày cần có dạng ngày/tháng/năm, ví dụ 05/09/2020."),
    "Invalid email address.": _l("Địa chỉ thư điện tử chưa đúng, ví dụ ten@vidu.vn."),
    "Invalid input.": _l("Nội dung này chưa đúng."),
}
"""The sentences of WTForms, which ships no Vietnamese."""


YEARS = range(1900, 2200)
"""The years that a day typed into a form may be of."""


class Sentences:
    """Translations object of WTForms."""

    def gettext(self, string: str) -> str:
        """The Vietnamese (or English) sentence for one of WTForms."""
        return str(MESSAGES.get(string, string))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """As gettext; Vietnamese has no plural forms."""
        return self.gettext(singular if n == 1 else plural)


class PortalForm(FlaskForm):
    """A form with our sentences; *once_key* goes into its page as the hidden field `khoa`."""

    class Meta(FlaskForm.Meta):
        """Our sentences instead of the installed ones."""

        def get_translations(self, form: Any) -> Sentences:
            """The translations object of every field."""
            return Sentences()

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        g.setdefault("forms", []).append(self)  # An error page names what was typed by these labels.

    @property
    def once_key(self) -> str:
        """A fresh key: a double click sends it twice, and it counts once."""
        return secrets.token_urlsafe(16)


class DayField(DateField):
    """A day of the centuries that somebody counts in: days before and after it exist, too."""

    def pre_validate(self, form: Any) -> None:
        """Refuse the ends of the calendar, where a day has no day before or after it."""
        if self.data and self.data.year not in YEARS:
            raise StopValidation(_l("Năm cần từ 1900 đến 2199."))


def required(sentence: Any) -> DataRequired:
    """A field that must be filled, with its own sentence."""
    return DataRequired(message=sentence)


def at_most(characters: int) -> Length:
    """A text no longer than *characters*."""
    return Length(max=characters, message=_l("Tối đa %(max)d ký tự."))


def is_always_answered(field: Any) -> bool:
    """Whether *field* is a list without a line for nothing: whatever one does, something is chosen."""
    return field.type == "SelectField" and all(choice.value for choice in field.iter_choices())


def options(pairs: Iterable[tuple[Any, Any]]) -> list[Any]:
    """The choices of a list or of radios, from pairs of value and label."""
    return [SelectChoice(str(value), label) for value, label in pairs]


def obeys(rule: Callable[[str], object]) -> Callable[[Any, Field], None]:
    """A field whose text a rule of the concepts takes; the sentence of its refusal stands at the field."""

    def check(_form: Any, field: Field) -> None:
        try:
            rule(field.data or "")
        except Refused as refusal:
            raise ValidationError(say(refusal.message, **refusal.params)) from refusal

    return check
