"""A citizen's receipt of the ledger: what it says of their dossier, and the way up to a published root."""

from typing import Any

from flask import Response, jsonify
from sqlalchemy.orm import Session

from portal.dossiers.actions.recording import KIND
from portal.ground import ledger, ledger_root
from portal.ground.errors import NotYet
from portal.ground.ledger import LedgerEntry
from portal.ground.ledger_root import LedgerRoot
from portal.ground.merkle import Tree
from portal.ground.words import N_
from portal.sites.citizen.site import bp
from portal.sites.citizen.timeline import TOLD_REASONS
from portal.sites.citizen.tracking import found
from portal.web import context

TOLD_DETAILS = frozenset(
    {
        "channel", "delivery", "office", "papers", "counted", "code", "due_at", "asked", "declined", "given",
        "old_due", "new_due", "receipt", "amount_dong", "document", "from", "to", "until", "child",
        "silence", "number", "evidence", "receiver", "relation", "identity_seen", "envelope", "lack",
        "at_fault", "at_fault_name", "parent", "answer_until",
    }
)  # fmt: skip
"""Details of a move that its owner may read: what their page tells, codes, days, numbers of accounts."""

NOT_YET = N_("Biên nhận sổ cái của hồ sơ này có từ sáng mai: mỗi đêm, sổ cái của ngày vừa qua mới được chốt.")

FILE = "bien-nhan.json"
"""What the file is called, in the page and the script that check it, too."""

_TREE = "ledger_tree"


@bp.get("/ho-so/<code>/so-cai")
def ledger_receipt(code: str) -> Response:
    """The receipt as a file to keep; words that are not for its owner stand in it as a hash."""
    filed = found(code)
    answer = jsonify(dossier=filed.shown_code, **_receipt(context.session(), filed.id))
    answer.headers["Content-Disposition"] = f'attachment; filename="{FILE}"'
    return answer


def _receipt(session: Session, dossier_id: int) -> dict[str, Any]:
    root = ledger_root.newest(session)
    head = ledger_root.head_of(session, KIND, dossier_id, root.day) if root else None
    if root is None or head is None:
        raise NotYet(NOT_YET)
    return {
        "chain": {"kind": head.kind, "aggregate": head.aggregate, "salt": head.salt},
        "entries": [_told(entry) for entry in ledger.history(session, KIND, dossier_id)[: head.seq]],
        "path": _tree(session, root).path(head.number - 1),
        "root": ledger_root.published(root),
    }


def _told(entry: LedgerEntry) -> dict[str, Any]:
    """What the owner may read of *entry*: who, when and which move; the words where they are for them.

    An entry of before words had a salt would have to show them, so it may be its number and hash only.
    """
    is_told = not entry.reason or entry.move in TOLD_REASONS
    is_told = is_told and entry.details.keys() <= TOLD_DETAILS
    if entry.salt is None:
        return (ledger.said(entry) if is_told else {"seq": entry.seq}) | {"hash": entry.hash}
    told = {"told": ledger.words(entry)} if is_told else {}
    return ledger.said(entry) | {"hash": entry.hash} | told


def _tree(session: Session, root: LedgerRoot) -> Tree:
    """The tree of *root*, kept in this process until there is a newer one."""
    kept = context.application().extensions
    if _TREE not in kept or kept[_TREE][0] != root.hash:
        tree = ledger_root.tree_of(session, root.day)
        tree.root()  # Nothing is left to hash when two requests ask at once.
        kept[_TREE] = root.hash, tree
    tree_now: Tree = kept[_TREE][1]
    return tree_now
