"""The form of the counter: who stands there, which papers lie on it, how the result goes back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    Field,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import NumberRange, Optional, StopValidation

from portal.accounts import identity, phones
from portal.catalogue.models import Case, RequiredPaper
from portal.catalogue.registers import name_of
from portal.dossiers.actions import Asked, Person
from portal.dossiers.states import Delivery, Fault
from portal.sites.ward.forms import LINE, LINES
from portal.sites.ward.supplements import OF_A_PAPER
from portal.web.forms import PortalForm, at_most, obeys, options, required
from portal.web.i18n import _, _l

FINE, NOT_NEEDED, BY_REGISTER = "fine", "not_needed", "by_register"
ACCEPT, ASK, REFUSE, LOOK, CHANGE = "tiep-nhan", "bo-sung", "tu-choi", "tra", "doi"
"""The buttons of the page: three decisions, looking for an account, and changing the case."""

OF_A_LINE = ("ban-chinh", "ban-sao", "kiem-tra", "noi-ro")
"""What is typed at one paper, by the names of its fields before their number."""


@dataclass(frozen=True)
class Listed:
    """A line of the published list as a plain value: a form outlives the transaction it was read in."""

    key: str
    name: str
    only_if: str
    originals: int
    copies: int
    certified_copies: int
    is_form: bool
    to_show: bool
    register: str


@dataclass(frozen=True)
class PaperLine:
    """One line of the published list with its fields; papers that are only shown are not counted."""

    paper: Listed
    originals: Field
    copies: Field
    state: Field
    words: Field
    is_askable: bool

    @property
    def is_counted(self) -> bool:
        """Whether sheets of it stay at the desk."""
        return not self.paper.to_show and not self.is_by_register

    @property
    def is_in(self) -> bool:
        """Whether it belongs to this dossier."""
        return bool(self.state.data != NOT_NEEDED)

    @property
    def is_by_register(self) -> bool:
        """Whether its register is asked in its place."""
        return bool(self.state.data == BY_REGISTER)

    @property
    def register(self) -> str:
        """The name of the register that may be asked in its place, "" when none may."""
        return name_of(self.paper.register) if self.is_askable else ""

    @property
    def is_faulty(self) -> bool:
        """Whether it is to be asked for again."""
        return self.state.data not in (FINE, NOT_NEEDED, BY_REGISTER)

    @property
    def given(self) -> int:
        """How many sheets lie on the counter."""
        return (self.originals.data or 0) + (self.copies.data or 0) if self.is_counted else 0

    @property
    def needs_copies(self) -> int:
        """How many copies, plain and certified, the list asks for."""
        return self.paper.copies + self.paper.certified_copies

    @property
    def is_short(self) -> bool:
        """Whether fewer sheets lie there than the list asks for."""
        originals, copies = self.originals.data or 0, self.copies.data or 0
        return self.is_counted and (originals < self.paper.originals or copies < self.needs_copies)


class IntakeForm(PortalForm):
    """Everything typed at the counter for one procedure and case; the lines of papers are added to it."""

    papers: tuple[Listed, ...] = ()
    asks_registers: bool = False

    number = StringField(
        _l("CMND, căn cước"),
        name="so_dinh_danh",
        filters=LINE,
        validators=[required(_l("Hãy nhập số trên giấy tờ tùy thân.")), obeys(identity.kind_of)],
    )
    full_name = StringField(
        _l("Họ và tên"),
        name="ho_ten",
        filters=LINE,
        validators=[required(_l("Hãy ghi họ tên như trên giấy tờ.")), at_most(200)],
    )
    phone = StringField(
        _l("Điện thoại"),
        name="dien_thoai",
        filters=LINE,
        validators=[required(_l("Hãy ghi số điện thoại để báo tin.")), obeys(phones.normal)],
    )
    line = StringField(
        _l("Số nhà, đường, khu phố"),
        name="dia_chi",
        filters=LINE,
        validators=[required(_l("Hãy ghi địa chỉ.")), at_most(300)],
    )
    area = SelectField(_l("Phường, xã"), name="phuong_xa")
    office = SelectField(_l("Cơ quan giải quyết"), name="co_quan", coerce=int)
    delivery = RadioField(_l("Nhận kết quả"), name="nhan", default=Delivery.DESK.value)
    cash = BooleanField(_l("Đã thu đủ tiền mặt"), name="da_thu")
    reason = TextAreaField(
        _l("Lý do từ chối, người dân sẽ đọc"), name="ly_do", filters=LINES, validators=[at_most(2000)]
    )

    def lines(self) -> Iterator[PaperLine]:
        """The papers with their fields."""
        for n, paper in enumerate(self.papers):
            originals, copies, state, words = (
                self[f"{name}_{n}"] for name in ("originals", "copies", "state", "words")
            )
            is_askable = self.asks_registers and bool(paper.register)
            yield PaperLine(paper, originals, copies, state, words, is_askable)

    def person(self, account_id: int | None, ward_name: str) -> Person:
        """Whose dossier it is, as typed and seen on the card."""
        digits, address = (self.number.data or "").replace(" ", ""), f"{self.line.data}, {ward_name}"
        kind, phone = identity.kind_of(digits), phones.normal(self.phone.data or "")
        return Person(self.full_name.data or "", phone, address, kind, digits, account_id)

    def checklist(self) -> tuple[RequiredPaper, ...]:
        """The lines that apply, with more sheets where more lie on the counter than the list asks for."""
        return tuple(_as_given(line) for line in self.lines() if line.is_in)

    def counted(self) -> dict[str, int]:
        """Sheets on the counter, by key of the paper."""
        return {line.paper.key: line.given for line in self.lines() if line.is_in and line.is_counted}

    def asked(self) -> list[Asked]:
        """What is to be brought again, with its reason."""
        return [
            Asked(Fault(line.state.data), line.words.data, item_key=line.paper.key)
            for line in self.lines()
            if line.is_faulty
        ]

    def check(self, decision: str) -> bool:
        """Validate for one of the three decisions: each asks something else of the papers."""
        fine: bool = self.validate()
        fitting = [_fits(line, decision) for line in self.lines()]
        return fine and all(fitting) and self._says_enough(decision)

    def by_register(self) -> list[PaperLine]:
        """The lines whose register is to be asked."""
        return [line for line in self.lines() if line.is_by_register]

    def _says_enough(self, decision: str) -> bool:
        if decision == REFUSE and not self.reason.data:
            self.reason.errors = [_("Hãy ghi lý do; người dân sẽ đọc lý do này.")]
            return False
        if decision == ASK and not self.asked():
            first = next(self.lines())
            first.state.errors = [_("Hãy chọn ít nhất một giấy tờ cần bổ sung và nói rõ.")]
            return False
        return True


def _fits(line: PaperLine, decision: str) -> bool:
    """Whether the line goes with the decision; otherwise its field says why not."""
    if decision == ACCEPT and (line.is_faulty or (line.is_in and line.is_short)):
        line.state.errors = [_("Còn thiếu hoặc chưa hợp lệ: ghi phiếu bổ sung thay vì tiếp nhận.")]
        return False
    if decision == ASK and line.is_faulty and not line.words.data:
        line.words.errors = [_("Hãy nói rõ thiếu gì, sai chỗ nào.")]
        return False
    return True


def _as_given(line: PaperLine) -> RequiredPaper:
    """The line as it is frozen; not a row of the catalogue, only a value for the dossier."""
    paper = line.paper
    originals, copies = max(line.originals.data or 0, paper.originals), line.copies.data or 0
    certified = max(copies - paper.copies, paper.certified_copies) if paper.certified_copies else 0
    plain = max(copies - certified, paper.copies)
    if not line.is_counted:
        originals, plain, certified = paper.originals, paper.copies, paper.certified_copies
    return RequiredPaper(
        key=paper.key,
        name=paper.name,
        originals=originals,
        copies=plain,
        certified_copies=certified,
        is_form=paper.is_form,
        to_show=paper.to_show,
        register=paper.register,
    )


def intake_form(papers: Sequence[RequiredPaper], *, asks_registers: bool) -> type[IntakeForm]:
    """The form for the papers of one case; *asks_registers* where somebody answers for them."""
    names = [column.name for column in dataclass_fields(Listed)]
    listed = tuple(Listed(**{name: getattr(paper, name) for name in names}) for paper in papers)
    fields: dict[str, Any] = {"papers": listed, "asks_registers": asks_registers}
    for n, paper in enumerate(listed):
        fields |= _paper_fields(n, paper, is_askable=asks_registers and bool(paper.register))
    return type("IntakeFormOfCase", (IntakeForm,), fields)


def _paper_fields(n: int, paper: Listed, *, is_askable: bool) -> Mapping[str, Any]:
    originals, copies, state, words = OF_A_LINE
    states = [(FINE, _l("Đã xem") if paper.to_show else _l("Đủ, hợp lệ"))]
    states += [(BY_REGISTER, _l("Tra cơ sở dữ liệu, không thu"))] if is_askable else []
    states += [(NOT_NEEDED, _l("Không cần"))] if paper.only_if else []
    states += [(fault.value, _l(fault.label)) for fault in OF_A_PAPER]
    needed = paper.copies + paper.certified_copies
    default = NOT_NEEDED if paper.only_if else FINE
    counts = Optional() if paper.to_show else Counted(f"state_{n}")
    return {
        f"originals_{n}": _count(
            _l("Bản chính"), f"{originals}-{n}", paper.originals or int(paper.is_form), counts
        ),
        f"copies_{n}": _count(_l("Bản sao"), f"{copies}-{n}", needed, counts),
        f"state_{n}": SelectField(
            _l("Kiểm tra"), name=f"{state}-{n}", choices=options(states), default=default
        ),
        f"words_{n}": StringField(
            _l("Nói rõ"), name=f"{words}-{n}", filters=LINE, validators=[at_most(1000)]
        ),
    }


def carried(sent: MultiDict[str, str], shown: Case | None, chosen: Case | None) -> MultiDict[str, str]:
    """What was typed on the page of *shown*, named as on that of *chosen*: a paper is known by its key."""
    moved = _named_by(chosen, {key: sent.getlist(name) for name, key in _line_names(shown).items()})
    others = {name: values for name, values in sent.lists() if name not in _line_names(shown)}
    return MultiDict(others | moved)


def _line_names(case: Case | None) -> dict[str, tuple[str, str]]:
    """The fields of every paper of *case*, each with the key of its paper and what it is."""
    papers = enumerate(case.papers) if case else ()
    return {f"{name}-{n}": (paper.key, name) for n, paper in papers for name in OF_A_LINE}


def _named_by(case: Case | None, typed: Mapping[tuple[str, str], list[str]]) -> dict[str, list[str]]:
    return {name: typed[key] for name, key in _line_names(case).items() if typed.get(key)}


class Counted:
    """Sheets that were counted and typed: a missing number never stands for all of them."""

    def __init__(self, state: str) -> None:
        self.state = state

    def __call__(self, form: Any, field: Field) -> None:
        """Ask for the number, unless the line does not belong to the dossier."""
        if field.raw_data and field.raw_data[0].strip():
            return
        field.errors = []
        is_idle = form[self.state].data in (NOT_NEEDED, BY_REGISTER)
        raise StopValidation("" if is_idle else _("Hãy ghi số tờ đã đếm."))


def _count(label: Any, name: str, default: int, counts: Any) -> IntegerField:
    limits = [counts, NumberRange(0, 99, _l("Số tờ từ 0 đến 99."))]
    return IntegerField(label, name=name, default=default, validators=limits)
