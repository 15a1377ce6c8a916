"""Whether every dossier is where its chain of the ledger leads; both are walked once."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.dossiers.actions.recording import KIND
from portal.dossiers.models import Dossier
from portal.dossiers.states import Move, Status, Step
from portal.dossiers.workflow import replay
from portal.ground.errors import WrongState
from portal.ground.ledger import Fault

State = tuple[Status, Step | None]


class Replay:
    """The dossiers whose chains have not come by yet, with their states."""

    def __init__(self, session: Session) -> None:
        rows = session.execute(select(Dossier.id, Dossier.status, Dossier.step))
        self._waiting: dict[str, State] = {str(row.id): (row.status, row.step) for row in rows}

    def compare(self, chain: Sequence[Any]) -> Iterator[Fault]:
        """What does not fit between *chain*, one of any kind, and its dossier."""
        last = chain[-1]
        if last.kind != KIND:
            return
        state = self._waiting.pop(last.aggregate, None)
        if state is None:
            yield Fault(KIND, last.aggregate, last.seq, "there is no such dossier")
        elif state != _end(entry.move for entry in chain):
            yield Fault(KIND, last.aggregate, last.seq, "the dossier is not where its entries lead")

    def left(self) -> Iterator[Fault]:
        """The dossiers that no chain came by for."""
        for aggregate in self._waiting:
            yield Fault(KIND, aggregate, 0, "the dossier has no entries")


def _end(moves: Iterable[str]) -> State | None:
    """Where *moves* lead; None when the table has no such way."""
    try:
        return replay([Move(move) for move in moves])
    except (ValueError, WrongState):
        return None
