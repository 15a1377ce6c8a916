"""Files of drafts and dossiers: attached, removed, found by who may open them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Actor
from portal.dossiers.models import Dossier, Draft, Paper
from portal.dossiers.queries import visible_to
from portal.dossiers.states import PaperKind, Status
from portal.ground.errors import NotFound, Refused
from portal.ground.words import N_

RESULT_OUT = (Status.FINISHED, Status.RETURNED)
"""Statuses in which the owner may see the result; before, it is a draft of the office."""


@dataclass(frozen=True)
class StoredFile:
    """A safe file that lies in the store under *blob*."""

    name: str
    mime: str
    size_bytes: int
    blob: str
    scanned_with: str = ""


_DRAFT_WAITS = sa.and_(
    Dossier.status == Status.IN_PROGRESS,
    Dossier.draft_sent_at.is_not(None),
    Dossier.draft_confirmed_at.is_(None),
)
"""The draft of the result was sent to the citizen and neither confirmed nor objected to."""


def attach(
    session: Session,
    home: Draft | Dossier,
    file: StoredFile,
    item_key: str,
    *,
    by: Actor,
    at: datetime,
    most: int,
) -> Paper:
    """Add *file* to *home* for the checklist line *item_key*; officials see it once it is filed.

    most: how many files *home* may have. The same content for the same line is kept once.
    Raises Refused when there are too many.
    """
    for paper in of_item(home, item_key):
        if paper.blob == file.blob:
            return paper
    return _add(home, _paper(file, PaperKind.SUBMITTED, item_key, by, at), most)


def attach_result(
    session: Session, dossier: Dossier, file: StoredFile, *, by: Actor, at: datetime, most: int
) -> Paper:
    """Add a drafted result; the office sees it at once, its owner when it is issued."""
    paper = _paper(file, PaperKind.RESULT, "", by, at)
    paper.filed_at = at
    return _add(dossier, paper, most)


def remove(session: Session, home: Draft | Dossier, paper_uid: str) -> None:
    """Take a file that was not filed yet out of *home*; raises NotFound for any other."""
    for paper in home.papers:
        if paper.uid == paper_uid and paper.filed_at is None:
            home.papers.remove(paper)
            session.delete(paper)
            return
    raise NotFound


def of_item(home: Draft | Dossier, item_key: str) -> list[Paper]:
    """The submitted files for one line of the checklist, in the order they came."""
    return [p for p in home.papers if p.item_key == item_key and p.kind == PaperKind.SUBMITTED]


def replace_result(
    session: Session, dossier: Dossier, file: StoredFile, *, by: Actor, at: datetime, most: int
) -> Paper:
    """As attach_result, in place of every draft that lay there before."""
    for paper in dossier.results:
        paper.superseded_at = at
    return attach_result(session, dossier, file, by=by, at=at, most=most)


def draft_to_look_at(dossier: Dossier) -> list[Paper]:
    """The draft of the result that waits for the word of its citizen; nothing when none does (R37)."""
    waits = dossier.draft_sent_at is not None and dossier.draft_confirmed_at is None
    return dossier.results if waits and dossier.status == Status.IN_PROGRESS else []


def results(dossier: Dossier) -> list[Paper]:
    """The result as its owner may see it: nothing until it is issued."""
    if dossier.status not in RESULT_OUT:
        return []
    return dossier.results


def own_paper(session: Session, paper_uid: str, viewer: Actor) -> Paper:
    """A file of the viewer's own draft or dossier, or NotFound.

    A result only once it was handed over, or while its draft waits for the viewer's word (R37).
    """
    drafts = select(Draft.id).where(Draft.account_id == viewer.account_id)
    dossiers = select(Dossier.id).where(visible_to(viewer))
    shown = dossiers.where(sa.or_(Dossier.status == Status.RETURNED, _DRAFT_WAITS))
    in_dossier = sa.case(
        (Paper.kind == PaperKind.RESULT, Paper.dossier_id.in_(shown)), else_=Paper.dossier_id.in_(dossiers)
    )
    mine = sa.or_(Paper.draft_id.in_(drafts), in_dossier)
    stands = (Paper.superseded_at.is_(None), Paper.quarantined_at.is_(None))
    found = session.scalar(select(Paper).where(Paper.uid == paper_uid, mine, *stands))
    if found is None:
        raise NotFound
    return found


def keys_given(papers: Sequence[Paper]) -> frozenset[str]:
    """The checklist lines that have at least one submitted file."""
    return frozenset(paper.item_key for paper in papers if paper.kind == PaperKind.SUBMITTED)


def _add(home: Draft | Dossier, paper: Paper, most: int) -> Paper:
    if len(home.papers) >= most:
        raise Refused(
            N_("Một hồ sơ có nhiều nhất %(most)s tệp. Hãy bỏ bớt hoặc gộp lại thành PDF."), most=most
        )
    home.papers.append(paper)
    return paper


def _paper(file: StoredFile, kind: PaperKind, item_key: str, by: Actor, at: datetime) -> Paper:
    return Paper(
        kind=kind,
        item_key=item_key,
        blob=file.blob,
        name=file.name,
        mime=file.mime,
        size_bytes=file.size_bytes,
        account_id=by.account_id,
        uploaded_at=at,
        scanned_with=file.scanned_with,
    )
