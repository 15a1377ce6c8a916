"""The life of a procedure's versions: one follows another by the day."""

from collections.abc import Sequence
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.catalogue.models import ProcedureVersion


def end(session: Session, version_ids: Sequence[int], first_day_of_next: date) -> None:
    """Let versions end the day before *first_day_of_next*; one that began then holds for no day at all.

    Rows stay: dossiers keep the version they were filed under (R1).
    """
    if version_ids:
        last = first_day_of_next - timedelta(days=1)
        rows = [{"id": version_id, "to_on": last} for version_id in version_ids]
        session.execute(sa.update(ProcedureVersion), rows)
