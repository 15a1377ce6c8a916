"""The only authority for fees: which rules hold for a procedure and channel on a day. Reads only."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalogue.models import Channel, ProcedureVersion
from portal.dossiers.deadlines import STANDS_IN
from portal.payments.models import FeeRule


def fees_due(session: Session, code: str, channel: Channel, on: date) -> Sequence[FeeRule]:
    """The fees of procedure *code* for *channel* on a day; empty when no rule says anything."""
    in_force = (FeeRule.from_on <= on, sa.or_(FeeRule.to_on.is_(None), FeeRule.to_on >= on))
    query = select(FeeRule).where(FeeRule.code == code, FeeRule.channel.in_(STANDS_IN[channel]), *in_force)
    rules = session.scalars(query.order_by(FeeRule.kind, FeeRule.name)).all()
    for wanted in STANDS_IN[channel]:
        found = [rule for rule in rules if rule.channel == wanted]
        if found:
            return found
    return []


def published_fees(version: ProcedureVersion, channel: Channel, case_key: str) -> list[str]:
    """What *version* publishes about the fee of *channel* and case, in its own words, each once."""
    rows = [row for row in version.terms if row.case_key in ("", case_key) and row.fee_text]
    for wanted in STANDS_IN[channel]:
        found = [row.fee_text for row in rows if row.channel == wanted]
        if found:
            return list(dict.fromkeys(found))
    return []
