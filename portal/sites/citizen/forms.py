"""Forms made from definitions, a field for each question; they show and collect, answers.py judges."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from wtforms import (
    Field,
    FieldList,
    Form,
    FormField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.widgets import CheckboxInput, ListWidget

from portal.accounts.offices import Ward
from portal.catalogue.answers import ENTRIES, AnswerError
from portal.catalogue.definitions import AREA_ELSEWHERE, Kind, Question
from portal.web.forms import PortalForm, Sentences
from portal.web.i18n import _, say

Wards = Sequence[Ward]


class Required:
    """Marks a field as one that must be answered; whether it was, the answers module says."""

    field_flags = {"required": True}

    def __call__(self, _form: Any, _field: Field) -> None:
        """Judge nothing."""


class InnerForm(Form):
    """Fields inside a form: an entry of a group, a place."""

    class Meta:
        """Our sentences."""

        def get_translations(self, _form: Any) -> Sentences:
            """The translations object of every field."""
            return Sentences()


class AreaField(SelectField):
    """A ward of the province, or outside it where that will do."""

    def __init__(self, wards: Wards, *, elsewhere: bool, **said: Any) -> None:
        super().__init__(**said, choices=_by_district(wards, elsewhere=elsewhere), validate_choice=False)


class CheckboxesField(SelectMultipleField):
    """Several of a list, as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def question_form(
    questions: Iterable[Question], wards: Wards, base: type[Any] = PortalForm, entries: int = 0
) -> type[Any]:
    """A form with a field for each of *questions*; a group has at least *entries* entries."""
    fields = {question.name: _field(question, wards, entries) for question in questions}
    return type("QuestionForm", (base,), fields)


def show_errors(form: Any, errors: Mapping[str, AnswerError]) -> None:
    """Put each error at its field; members-0-name is the name in the first entry of members."""
    for name, error in errors.items():
        field = _find(form, name.split("-"))
        field.errors = [*field.errors, sentence(error)]
    for field in form:
        if isinstance(field, FieldList):  # Which does not look into its entries by itself.
            field.errors = [entry.errors for entry in field.entries if entry.errors]


def sentence(error: AnswerError) -> str:
    """What an error says, the label in it translated, too."""
    params = {name: say(value) if name == "label" else value for name, value in error.params.items()}
    return say(error.message, **params)


def _find(form: Any, path: list[str]) -> Any:
    field: Any = form[path[0]]
    if len(path) == 3:
        return field.entries[int(path[1])].form[path[2]]
    return next(iter(field.entries[0])) if isinstance(field, FieldList) else field


def _field(question: Question, wards: Wards, entries: int) -> Field:
    said = {
        "label": say(question.label),
        "description": say(question.hint) if question.hint else "",
        "validators": [Required()] if question.required else [],
    }
    return _FIELDS[question.kind](question, said, wards, entries)


Made = dict[str, Any]


def _line(question: Question, said: Made, _wards: Wards, _entries: int) -> Field:
    return StringField(**said, render_kw=_attributes(question))


def _paragraph(question: Question, said: Made, _wards: Wards, _entries: int) -> Field:
    return TextAreaField(**said, render_kw=_attributes(question))


def _radio(question: Question, said: Made, _wards: Wards, _entries: int) -> Field:
    return RadioField(**said, choices=_choices(question), validate_choice=False)


def _checkboxes(question: Question, said: Made, _wards: Wards, _entries: int) -> Field:
    return CheckboxesField(**said, choices=_choices(question), validate_choice=False)


def _area(question: Question, said: Made, wards: Wards, _entries: int) -> Field:
    return AreaField(wards, elsewhere=question.elsewhere, **said)


def _group(question: Question, said: Made, wards: Wards, entries: int) -> Field:
    inner = FormField(question_form(question.questions, wards, InnerForm), label=said["label"])
    least = max(question.least or 1, entries)
    return FieldList(inner, said["label"], min_entries=least, max_entries=question.most or ENTRIES)


_FIELDS: dict[Kind, Callable[[Question, Made, Wards, int], Field]] = {
    Kind.TEXT: _line,
    Kind.PARAGRAPH: _paragraph,
    Kind.NUMBER: _line,
    Kind.MONEY: _line,
    Kind.DATE: _line,
    Kind.CHOICE: _radio,
    Kind.CHOICES: _checkboxes,
    Kind.IDENTITY: _line,
    Kind.PHONE: _line,
    Kind.AREA: _area,
    Kind.GROUP: _group,
}

_ATTRIBUTES: dict[Kind, dict[str, str]] = {
    Kind.NUMBER: {"inputmode": "numeric", "class": "short num"},
    Kind.MONEY: {"inputmode": "numeric", "class": "short num"},
    Kind.IDENTITY: {"inputmode": "numeric", "class": "short num", "autocomplete": "off"},
    Kind.PHONE: {"inputmode": "tel", "class": "short num"},
}

_COMPLETED = {"name": "name", "phone": "tel-national"}


def _attributes(question: Question) -> dict[str, str]:
    attributes = dict(_ATTRIBUTES.get(question.kind, {}))
    own = question.autocomplete or _COMPLETED.get(question.from_account, "")
    return attributes | ({"autocomplete": own} if own else {})


def _choices(question: Question) -> dict[str, str]:
    return {option.value: say(option.label) for option in question.options}


def _by_district(wards: Wards, *, elsewhere: bool) -> dict[str, str | dict[str, str]]:
    """Nothing chosen, then the wards by district, then outside the province where that will do."""
    groups: dict[str, dict[str, str]] = {}
    for ward in wards:
        groups.setdefault(ward.district or _("Trong tỉnh"), {})[ward.code] = ward.name
    outside = {AREA_ELSEWHERE: _("Ngoài tỉnh")} if elsewhere else {}
    return {"": _("Chọn phường, xã"), **groups, **outside}
