"""Forms built for one dossier, line by line: asking for papers, entering what came, counting sheets."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from wtforms import BooleanField, Field, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, NumberRange

from portal.dossiers.actions import Asked
from portal.dossiers.states import Fault
from portal.sites.ward.forms import LINE, LINES, MoveForm
from portal.web.forms import at_most, options, required
from portal.web.i18n import _, _l

OF_A_PAPER = (Fault.MISSING, Fault.BLURRED, Fault.MISSING_PAGE, Fault.WRONG_KIND, Fault.EXPIRED)
OF_AN_ANSWER = (Fault.WRONG_FIELD, Fault.MISSING)


@dataclass(frozen=True)
class Target:
    """A line of the frozen checklist, or a question of the form; *sheets* is how many papers it needs.

    note: what was asked about it, where something was. options: the answers to choose from, where given.
    """

    title: str
    item_key: str = ""
    question: str = ""
    sheets: int = 0
    note: str = ""
    options: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        """The key or the name under which an answer speaks of it."""
        return self.item_key or self.question


@dataclass(frozen=True)
class Line:
    """A target with its fields: the tick, the reason or the new answer, and the words."""

    target: Target
    chosen: Field
    first: Field
    words: Field


class LinesForm(MoveForm):
    """A move about several targets, each with the fields of a Line."""

    targets: tuple[Target, ...] = ()

    def lines(self) -> Iterator[Line]:
        """Every target with its fields."""
        for n, target in enumerate(self.targets):
            yield Line(target, self[f"chosen_{n}"], self[f"first_{n}"], self[f"words_{n}"])

    def of_papers(self) -> list[Line]:
        """The lines about papers."""
        return [line for line in self.lines() if line.target.item_key]

    def of_questions(self) -> list[Line]:
        """The lines about questions of the form."""
        return [line for line in self.lines() if line.target.question]

    def _complain(self, line: Line, sentence: str) -> None:
        line.words.errors = [sentence]


class AskForm(LinesForm):
    """Ask for everything that is missing at once, each with its reason (R10)."""

    note = TextAreaField(_l("Lời dặn chung"), name="loi_dan", filters=LINES, validators=[at_most(1000)])

    def asked(self) -> list[Asked]:
        """What was ticked."""
        return [
            Asked(Fault(line.first.data), line.words.data, line.target.item_key, line.target.question)
            for line in self.lines()
            if line.chosen.data
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check that each ticked line says what is wrong."""
        fine: bool = super().validate(extra_validators)
        silent = [line for line in self.lines() if line.chosen.data and not line.words.data]
        for line in silent:
            self._complain(line, _("Hãy nói rõ thiếu gì, sai chỗ nào."))
        return fine and not silent


class AnswerForm(LinesForm):
    """Enter what the person brought: each asked thing came, or why it cannot."""

    def brought(self) -> frozenset[str]:
        """The papers that came."""
        return frozenset(line.target.key for line in self.of_papers() if _came(line))

    def declined(self) -> dict[str, str]:
        """The words where something did not come."""
        return {line.target.key: line.words.data for line in self.lines() if not _came(line)}

    def new_answers(self) -> dict[str, str]:
        """What was typed anew, by question."""
        return {line.target.question: line.first.data for line in self.of_questions() if _came(line)}

    def validate(self, extra_validators: Any = None) -> bool:
        """Check that each line came, or says why not."""
        fine: bool = super().validate(extra_validators)
        silent = [line for line in self.lines() if not _came(line) and not line.words.data]
        for line in silent:
            self._complain(line, _("Ghi điều đã nhận, hoặc vì sao không có."))
        return fine and not silent


def _came(line: Line) -> bool:
    return bool(line.first.data if line.target.question else line.chosen.data)


class CountForm(MoveForm):
    """Count the sheets that came to the desk."""

    targets: tuple[Target, ...] = ()
    note = TextAreaField(_l("Ghi chú"), name="dem_ghi_chu", filters=LINES, validators=[at_most(1000)])

    def counts(self) -> list[tuple[Target, Field]]:
        """Every line to count with its field."""
        return [(target, self[f"count_{n}"]) for n, target in enumerate(self.targets)]

    def counted(self) -> dict[str, int]:
        """Sheets found, by key of the paper."""
        return {target.item_key: field.data or 0 for target, field in self.counts()}


def ask_form(targets: Sequence[Target], *, needs_ground: bool = False) -> type[AskForm]:
    """The form that asks for any of *targets*; a leader who asks once more names the law (R11)."""
    fields: dict[str, Any] = {"targets": tuple(targets)}
    if needs_ground:
        sentence = _l("Hãy ghi căn cứ pháp lý của lần yêu cầu này.")
        fields["note"] = TextAreaField(
            _l("Căn cứ pháp lý"), name="loi_dan", filters=LINES,
            validators=[required(sentence), at_most(1000)],
        )  # fmt: skip
    for n, target in enumerate(targets):
        faults = OF_AN_ANSWER if target.question else OF_A_PAPER
        fields[f"chosen_{n}"] = BooleanField(target.title, name=f"hoi-{n}")
        fields[f"first_{n}"] = SelectField(
            _l("Lý do"),
            name=f"hoi-ly-do-{n}",
            choices=options((fault.value, _l(fault.label)) for fault in faults),
            default=faults[0].value,
        )
        fields[f"words_{n}"] = _words(_l("Nói rõ chỗ nào"), f"hoi-noi-ro-{n}")
    return type("AskFormOfDossier", (AskForm,), fields)


def answer_form(targets: Sequence[Target]) -> type[AnswerForm]:
    """The form that enters what came of *targets*."""
    fields: dict[str, Any] = {"targets": tuple(targets)}
    for n, target in enumerate(targets):
        fields[f"chosen_{n}"] = BooleanField(_l("Đã nhận"), name=f"dap-{n}")
        fields[f"first_{n}"] = _new_answer(target, f"dap-moi-{n}")
        fields[f"words_{n}"] = _words(_l("Nếu không có: vì sao"), f"dap-loi-{n}")
    return type("AnswerFormOfDossier", (AnswerForm,), fields)


def _new_answer(target: Target, name: str) -> Any:
    label = _l("Lời khai mới")
    if target.options:
        return SelectField(label, name=name, choices=options([("", "–"), *target.options]), default="")
    return StringField(label, name=name, filters=LINE, validators=[at_most(1000)])


def count_form(targets: Sequence[Target]) -> type[CountForm]:
    """The form that counts the sheets of *targets*."""
    fields: dict[str, Any] = {"targets": tuple(targets)}
    for n, target in enumerate(targets):
        fields[f"count_{n}"] = IntegerField(
            target.title,
            name=f"dem-{n}",
            default=target.sheets,
            validators=[
                InputRequired(_l("Hãy ghi số tờ đã đếm.")),
                NumberRange(0, 999, _l("Số tờ từ 0 đến 999.")),
            ],
        )
    return type("CountFormOfDossier", (CountForm,), fields)


def _words(label: Any, name: str) -> TextAreaField:
    return TextAreaField(label, name=name, filters=LINES, validators=[at_most(1000)])
