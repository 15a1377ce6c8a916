"""Registers on the page of a dossier: what they said of its lines, and the button that asks one."""

from dataclasses import dataclass

from flask import Response, request
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.catalogue.registers import name_of
from portal.dossiers import asking, identity, inquiries, queries
from portal.dossiers.models import ChecklistItem, Dossier, Inquiry
from portal.dossiers.states import Look
from portal.ground.errors import NotAllowed
from portal.ground.registers import Answer, Outcome, Question
from portal.ground.sealing import keys_of
from portal.sites.ward.counter import Counter
from portal.sites.ward.intake_form import IntakeForm
from portal.sites.ward.views import bp, go
from portal.web import context, formats, registers
from portal.web.i18n import _, say

Said = dict[str, tuple[Question, Answer]]
"""What registers were asked at the counter and what they said, by the key of the paper."""


@dataclass(frozen=True)
class RegisterRow:
    """One line that a register can answer for: what it said last, who asked, whether it can be asked now."""

    key: str
    paper: str
    name: str
    outcome: Outcome | None
    asked: str
    reads: str
    is_open: bool


@bp.post("/mot-cua/ho-so/<int(max=2147483647):dossier_id>/tra-cuu")
def look_up(dossier_id: int) -> Response:
    """Ask the register of one line about the owner; the look is on record before anything is shown."""
    by, key = context.actor(), request.form.get("giay", "")
    question = _question(context.session(), queries.get(context.session(), dossier_id, by), key)
    answer = registers.ask(question)
    with context.transaction() as session:
        dossier, at = queries.get(session, dossier_id, by), context.now()
        asking.item_to_ask(dossier, key, by)
        inquiry = inquiries.made(session, question, answer, by=by, at=at)
        asking.settle(dossier, inquiry)
        note_asked(session, dossier, inquiry)
        return context.answer(go(".dossier", dossier_id=dossier_id, _anchor="csdl"))


def note_asked(session: Session, dossier: Dossier, inquiry: Inquiry) -> None:
    """Tell the owner in the access log that a register was asked about them, and which."""
    what = name_of(inquiry.register)
    queries.note_look(session, dossier, context.actor(), at=inquiry.asked_at, look=Look.REGISTER, what=what)


def ask_for(counter: Counter, form: IntakeForm) -> Said:
    """Ask, at the counter, the register of each line that is not handed in; about nobody's own number."""
    number, by = (form.number.data or "").replace(" ", ""), context.actor()
    if keys_of(context.session()).index(number) == by.identity_index:
        raise NotAllowed
    code, here = counter.version.procedure.code, counter.here.code
    lines = [line.paper for line in form.by_register()]
    questions = [Question(paper.register, number, paper.key, code, here) for paper in lines]
    return {question.paper: (question, registers.ask(question)) for question in questions}


def all_found(form: IntakeForm, said: Said) -> bool:
    """Whether each line that is not handed in was found; the others say why the paper is needed."""
    missing = [line for line in form.by_register() if not _is_found(said, line.paper.key)]
    for line in missing:
        answer = said[line.paper.key][1] if line.paper.key in said else Answer(Outcome.AWAY)
        outcome = say(answer.outcome.label)
        sentence = _("%(outcome)s: hãy nhận giấy này, hoặc ghi vào phiếu bổ sung.", outcome=outcome)
        line.state.errors = [sentence]
    return not missing


def _is_found(said: Said, key: str) -> bool:
    return key in said and said[key][1].outcome == Outcome.FOUND


def rows(session: Session, dossier: Dossier) -> list[RegisterRow]:
    """The lines of the list that a register can answer for, in its order."""
    said = inquiries.last_words(dossier.inquiries)
    may_ask = registers.are_there() and asking.is_theirs(context.actor(), dossier)
    is_open = may_ask and asking.is_open(dossier)
    return [
        _row(session, item, said.get(item.key), is_open=is_open)
        for item in dossier.checklist
        if item.register and (item.key in said or may_ask)
    ]


def consulted(session: Session, dossier: Dossier) -> str:
    """The databases consulted, as they are reported: code and name of each."""
    codes = inquiries.consulted(session, dossier.id)
    return ", ".join(f"{say(name_of(code))} ({code})" for code in codes)


def _question(session: Session, dossier: Dossier, key: str) -> Question:
    item = asking.item_to_ask(dossier, key, context.actor())
    procedure = dossier.procedure_version.procedure.code
    return Question(item.register, identity.owner_number(session, dossier), item.key, procedure, dossier.uid)


def _row(session: Session, item: ChecklistItem, said: Inquiry | None, *, is_open: bool) -> RegisterRow:
    return RegisterRow(
        key=item.key,
        paper=item.name,
        name=say(name_of(item.register)),
        outcome=said.outcome if said else None,
        asked=_asked(session, said) if said else "",
        reads=inquiries.read(session, said) if said else "",
        is_open=is_open,
    )


def _asked(session: Session, said: Inquiry) -> str:
    who = session.get_one(Account, said.account_id).full_name
    return _("%(moment)s, %(who)s", moment=formats.moment(said.asked_at), who=who)
