"""Offices as an administrator sets them up: founded, changed, given wards, closed; each on the ledger."""

import re
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.authority import require_admin
from portal.accounts.models import Actor, Area, AreaKind, Office, OfficeKind, PostArea
from portal.ground import ledger
from portal.ground.errors import Refused, WrongState
from portal.ground.open_hours import ONE_DAY, day_of
from portal.ground.text import clean
from portal.ground.words import N_

KIND = "office"
"""Kind of the ledger chains of offices."""

AREA_OF: Mapping[OfficeKind, AreaKind] = {
    OfficeKind.PROVINCE: AreaKind.PROVINCE,
    OfficeKind.DEPARTMENT: AreaKind.PROVINCE,
    OfficeKind.DISTRICT: AreaKind.DISTRICT,
    OfficeKind.WARD: AreaKind.WARD,
    OfficeKind.POST: AreaKind.WARD,
}
"""The tier of the area that an office answers for; a post office stands in a ward."""

PARENTS: Mapping[OfficeKind, tuple[OfficeKind, ...]] = {
    OfficeKind.PROVINCE: (),
    OfficeKind.DEPARTMENT: (OfficeKind.PROVINCE,),
    OfficeKind.DISTRICT: (OfficeKind.PROVINCE,),
    OfficeKind.WARD: (OfficeKind.DISTRICT, OfficeKind.PROVINCE),
    OfficeKind.POST: (OfficeKind.POST,),
}
"""Which kind of office stands above which; each step leads up, so no two stand above each other."""

_CODE = re.compile(r"[0-9A-Z][0-9A-Z.]{2,34}", re.ASCII)


class CodeTaken(Refused):
    """Another office has this code, perhaps a closed one."""

    message = N_("Mã này đã là mã của một cơ quan khác, kể cả cơ quan đã đóng.")


@dataclass(frozen=True)
class Particulars:
    """What can be changed of an office: how it is called and reached, where it belongs."""

    name: str
    address: str = ""
    phone: str = ""
    area_code: str | None = None
    parent_id: int | None = None

    def cleaned(self) -> "Particulars":
        """The same as it is stored; raises Refused without a name."""
        name, address, phone = (clean(words) for words in (self.name, self.address, self.phone))
        if not name or len(name) > 200:
            raise Refused(N_("Hãy ghi tên cơ quan, tối đa 200 ký tự."))
        return Particulars(name, address, phone, self.area_code, self.parent_id)


def found(
    session: Session,
    code: str,
    kind: OfficeKind,
    what: Particulars,
    from_on: date,
    *,
    by: Actor,
    at: datetime,
) -> Office:
    """Open an office that works from *from_on*; raises NotAllowed, CodeTaken, Refused."""
    require_admin(by)
    what = what.cleaned()
    _check_place(session, kind, what, None)
    office = Office(code=_free_code(session, code), kind=kind, from_on=from_on, **asdict(what))
    session.add(office)
    session.flush()  # The ledger names the office by its id.
    said = {"code": office.code, "kind": kind, "from_on": from_on.isoformat(), **asdict(what)}
    _record(session, office, "found", said, by=by, at=at)
    return office


def change(session: Session, office: Office, what: Particulars, *, by: Actor, at: datetime) -> bool:
    """Change what is different in *what*; True when anything was. Raises NotAllowed, Refused."""
    require_admin(by)
    what = what.cleaned()
    _check_place(session, office.kind, what, office)
    new = {name: value for name, value in asdict(what).items() if value != getattr(office, name)}
    if new:
        said = {name: [getattr(office, name), value] for name, value in new.items()}
        _record(session, office, "change", said, by=by, at=at)
    for name, value in new.items():
        setattr(office, name, value)
    return bool(new)


def serve(session: Session, office: Office, areas: Collection[str], *, by: Actor, at: datetime) -> bool:
    """Let a post office serve the homes of exactly these wards; True when that is a change."""
    require_admin(by)
    if office.kind != OfficeKind.POST:
        raise Refused(N_("Chỉ bưu cục có địa bàn phục vụ."))
    served = {row.area_code: row for row in _served(session, office)}
    added, dropped = sorted(set(areas) - set(served)), sorted(set(served) - set(areas))
    if not _are_wards(session, added):
        raise Refused(N_("Hãy chọn phường, xã trong danh sách."))
    if not added and not dropped:
        return False
    _record(session, office, "serve", {"added": added, "dropped": dropped}, by=by, at=at)
    session.add_all(PostArea(office_id=office.id, area_code=code) for code in added)
    for code in dropped:
        session.delete(served[code])
    return True


def close(
    session: Session,
    office: Office,
    last_on: date,
    successor: Office | None,
    reason: str = "",
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Let an office work for the last time on *last_on*; it stays readable, its successor follows (R29).

    A post office leaves its wards to its successor. What still lies there is the caller's question. Raises
    NotAllowed, WrongState when it has closed before, Refused for a day or a successor that cannot be.
    """
    require_admin(by)
    today = day_of(at)
    if office.to_on is not None and office.to_on < today:
        raise WrongState(N_("Cơ quan này đã đóng."))
    if last_on < max(office.from_on, today - ONE_DAY):
        raise Refused(N_("Ngày cuối không thể sớm hơn hôm qua hay trước ngày cơ quan bắt đầu hoạt động."))
    if successor is not None:
        _check_successor(office, successor, last_on)
    said = {
        "last_on": [_iso(office.to_on), _iso(last_on)],
        "successor": [office.successor_id, successor.id if successor else None],
    }
    _record(session, office, "close", said, reason=reason, by=by, at=at)
    office.to_on, office.successor_id = last_on, successor.id if successor else None
    if successor is not None and office.kind == OfficeKind.POST:
        theirs = {row.area_code for shop in (office, successor) for row in _served(session, shop)}
        serve(session, successor, theirs, by=by, at=at)


def wards_of(session: Session, office: Office) -> list[Area]:
    """The wards whose homes a post office serves, by name."""
    served = select(Area).join(PostArea, PostArea.area_code == Area.code)
    here = served.where(PostArea.office_id == office.id)
    return list(session.scalars(here.order_by(Area.name)))


def _are_wards(session: Session, codes: Collection[str]) -> bool:
    of_wards = select(sa.func.count(Area.code)).where(Area.code.in_(codes), Area.kind == AreaKind.WARD)
    return session.scalars(of_wards).one() == len(codes)


def _served(session: Session, office: Office) -> list[PostArea]:
    return list(session.scalars(select(PostArea).where(PostArea.office_id == office.id)))


def _free_code(session: Session, typed: str) -> str:
    code = typed.strip().upper()
    if not _CODE.fullmatch(code):
        raise Refused(N_("Mã gồm chữ không dấu, chữ số và dấu chấm, ví dụ 000.21.07.H09; từ 3 đến 35 ký tự."))
    if session.scalar(select(Office.id).where(Office.code == code)):
        raise CodeTaken
    return code


def _check_place(session: Session, kind: OfficeKind, what: Particulars, office: Office | None) -> None:
    """The area is of the office's tier, the office above of a kind above; what was so before may stay."""
    if office is None or what.area_code != office.area_code:
        area = session.get(Area, what.area_code) if what.area_code else None
        if area is None or area.kind != AREA_OF[kind]:
            raise Refused(N_("Hãy chọn địa bàn đúng cấp của cơ quan."))
    if what.parent_id and (office is None or what.parent_id != office.parent_id):
        parent = session.get(Office, what.parent_id)
        if parent is None or parent.kind not in PARENTS[kind] or _stands_below(session, parent, office):
            raise Refused(N_("Cơ quan cấp trên không đúng loại."))


def _stands_below(session: Session, parent: Office | None, office: Office | None) -> bool:
    """Whether *parent* is the office itself or stands below it."""
    while parent is not None and office is not None:
        if parent.id == office.id:
            return True
        parent = session.get(Office, parent.parent_id) if parent.parent_id else None
    return False


def _check_successor(office: Office, successor: Office, last_on: date) -> None:
    same_side = (office.kind == OfficeKind.POST) == (successor.kind == OfficeKind.POST)
    if successor.id == office.id or not same_side or not successor.is_open_on(last_on + ONE_DAY):
        raise Refused(N_("Cơ quan kế thừa phải cùng ngành và còn hoạt động sau ngày đóng."))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _record(
    session: Session,
    office: Office,
    move: str,
    details: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> None:
    deed = ledger.Deed(KIND, office.id, move, reason=reason.strip(), details=details)
    ledger.append(session, deed, by=by, at=at)
