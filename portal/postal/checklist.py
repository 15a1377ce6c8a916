"""What must travel: the lines of the frozen checklist that are counted at the door. Pure, on loaded rows."""

from collections.abc import Iterator
from dataclasses import dataclass

from portal.dossiers.models import ChecklistItem, Dossier
from portal.postal.states import PaperForm, Purpose


@dataclass(frozen=True)
class Wanted:
    """One form of one paper of the checklist, and how many sheets of it the list asks for."""

    item_id: int
    name: str
    form: PaperForm
    needed: int

    @property
    def key(self) -> str:
        """What the line is called on a page or in an envelope, such as "12-original"."""
        return f"{self.item_id}-{self.form}"


def wanted(dossier: Dossier, purpose: Purpose) -> list[Wanted]:
    """The lines an envelope of *purpose* is counted against: the whole list, or what was asked for again."""
    asked = _asked(dossier) if purpose == Purpose.SUPPLEMENT else None
    items = [item for item in dossier.checklist if asked is None or item.id in asked]
    return [line for item in items if item.sheets for line in _forms(item)]


def _asked(dossier: Dossier) -> frozenset[int]:
    request = dossier.open_supplement
    return (
        frozenset(line.checklist_item_id for line in request.items if line.checklist_item_id)
        if request
        else frozenset()
    )


def _forms(item: ChecklistItem) -> Iterator[Wanted]:
    counts = (
        (PaperForm.ORIGINAL, item.originals),
        (PaperForm.COPY, item.copies),
        (PaperForm.CERTIFIED_COPY, item.certified_copies),
    )
    return (Wanted(item.id, item.name, form, needed) for form, needed in counts if needed)
