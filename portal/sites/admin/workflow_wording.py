"""Workflows as rows of a page: scopes with what is in force, changes of a step, entries of the ledger."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.catalogue import workflow_preview
from portal.catalogue.workflow_scopes import Scope
from portal.catalogue.workflows import KIND, StepKind, StepSpec, WorkflowVersion, chain_of
from portal.ground import ledger
from portal.ground.words import N_, Labelled
from portal.web import formats
from portal.web.i18n import _


class Deed(Labelled):
    """What happens to a workflow."""

    DRAFT = "draft", N_("Soạn bản nháp")
    PUBLISH = "publish", N_("Ban hành")
    DISCARD = "discard", N_("Bỏ bản nháp")


@dataclass(frozen=True)
class ScopeLine:
    """One scope of the list: its own version in force if it has one, and how many dossiers run under it."""

    scope: Scope
    version: WorkflowVersion | None
    running: int
    has_draft: bool


@dataclass(frozen=True)
class ChangeRow:
    """One step that changes, before and after in words."""

    kind: StepKind
    before: str
    after: str


@dataclass(frozen=True)
class ToldRow:
    """One entry of a scope's history."""

    at: datetime
    deed: Deed
    what: str
    by: str


def lines_of(
    scopes: Sequence[Scope],
    now: Mapping[str, WorkflowVersion],
    running: Mapping[int, int],
    drafted: Collection[str],
) -> list[ScopeLine]:
    """The scopes as lines of the list."""
    return [_line(scope, now.get(scope.scope), running, scope.scope in drafted) for scope in scopes]


def difference_rows(now: WorkflowVersion | None, drafted: WorkflowVersion) -> list[ChangeRow]:
    """What the draft changes of the version in force."""
    changed = workflow_preview.differences(now.steps if now else (), drafted.steps)
    return [ChangeRow(one.kind, _in_words(one.before), _in_words(one.after)) for one in changed]


def told_workflow(session: Session, scope: str) -> list[ToldRow]:
    """What happened to a scope, the newest first, from the ledger."""
    entries = ledger.history(session, KIND, chain_of(scope))
    known = {entry.account_id for entry in entries}
    rows = session.execute(select(Account.id, Account.full_name).where(Account.id.in_(known)))
    names = {row.id: row.full_name for row in rows}
    return [_told(entry, names.get(entry.account_id, "")) for entry in reversed(entries)]


def _told(entry: ledger.LedgerEntry, name: str) -> ToldRow:
    number = entry.details.get("number")
    return ToldRow(entry.at, Deed(entry.move), _("bản %(number)s", number=number) if number else "", name)


def _line(
    scope: Scope, version: WorkflowVersion | None, running: Mapping[int, int], has_draft: bool
) -> ScopeLine:
    return ScopeLine(scope, version, running.get(version.id, 0) if version else 0, has_draft)


def _in_words(step: StepSpec | None) -> str:
    if step is None:
        return _("không có bước này")
    words = [formats.label(step.role), _("%(hours)s giờ", hours=formats.amount(step.norm_hours))]
    return ", ".join([*words, *(_("mẫu %(number)s", number=number) for number in step.papers)])
