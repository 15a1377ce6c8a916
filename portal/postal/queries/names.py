"""What holders are called, for many at once."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Account, Office
from portal.postal.models import Holder


def people(session: Session, ids: Iterable[int | None]) -> dict[int, str]:
    """The names of accounts, by id."""
    known = {number for number in ids if number}
    named = select(Account.id, Account.full_name).where(Account.id.in_(known))
    return {row.id: row.full_name for row in session.execute(named)} if known else {}


def holders(session: Session, held: Iterable[Holder]) -> dict[Holder, str]:
    """The names of holders; "" for a citizen without an account."""
    everybody = set(held)
    accounts = people(session, (holder.account_id for holder in everybody))
    ids = {holder.office_id for holder in everybody if holder.office_id}
    named = select(Office.id, Office.name).where(Office.id.in_(ids))
    offices = {row.id: row.name for row in session.execute(named)} if ids else {}
    return {
        holder: accounts.get(holder.account_id or 0, "") or offices.get(holder.office_id or 0, "")
        for holder in everybody
    }
