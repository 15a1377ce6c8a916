"""Which office answers for an area, and the wards of the province as people choose them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from portal.accounts.appointments import in_force
from portal.accounts.models import Appointment, Area, AreaKind, Office, OfficeKind, PostArea, Role

ABOVE = {
    OfficeKind.WARD: OfficeKind.DISTRICT,
    OfficeKind.DISTRICT: OfficeKind.DEPARTMENT,
    OfficeKind.DEPARTMENT: OfficeKind.PROVINCE,
}
"""Who answers where a tier has no office for an area."""


TIERS = (OfficeKind.WARD, OfficeKind.DISTRICT, OfficeKind.DEPARTMENT)
"""The offices that decide on dossiers."""


@dataclass(frozen=True)
class Ward:
    """A ward to choose: its code, its name and that of the district it lies in ("" when there is none)."""

    code: str
    name: str
    district: str = ""

    @property
    def full_name(self) -> str:
        """Phường Phú Hòa, Thành phố Thủ Dầu Một."""
        return f"{self.name}, {self.district}" if self.district else self.name


def competent(
    session: Session, kind: OfficeKind, area_code: str, today: date, name: str = ""
) -> Office | None:
    """The office of *kind* that answers for the area on *today*, or else the one above it.

    An office answers for its own area and everything inside. name: of the only one of *kind* that does.
    """
    around = _areas_around(session, area_code)
    here = select(Office).where(_in_force(Office, today), Office.area_code.in_(around)).order_by(Office.id)
    found = session.scalars(here).all()
    wanted: OfficeKind | None = kind
    while wanted is not None:
        of_kind = [office for office in found if office.kind == wanted]
        if name and wanted == kind:
            of_kind = [office for office in of_kind if office.name == name]
        if of_kind:
            return min(of_kind, key=lambda office: around.index(office.area_code or ""))
        wanted = ABOVE.get(wanted)
    return None


def of_kind(session: Session, kind: OfficeKind, today: date) -> Sequence[Office]:
    """Every office of *kind* that takes dossiers on *today*, by name."""
    here = select(Office).where(Office.kind == kind, _in_force(Office, today), has(Role.RECEPTIONIST, today))
    return session.scalars(here.order_by(Office.name)).all()


def staffed(session: Session, roles: Iterable[Role], today: date) -> Sequence[Office]:
    """Every ward, district and department with somebody in one of *roles* on *today*, by kind and name."""
    people = sa.or_(*(has(role, today) for role in roles))
    here = select(Office).where(Office.kind.in_(TIERS), _in_force(Office, today), people)
    return session.scalars(here.order_by(Office.kind, Office.name)).all()


def takes_dossiers(session: Session, office: Office, today: date) -> bool:
    """Whether somebody receives dossiers at *office* on *today*; without anybody they would lie there."""
    here = select(Office.id).where(Office.id == office.id, has(Role.RECEPTIONIST, today))
    return session.scalar(here) is not None


def has(role: Role, today: date) -> sa.ColumnElement[bool]:
    """The condition that somebody holds *role* at an office on *today*."""
    return Office.id.in_(select(Appointment.office_id).where(Appointment.role == role, in_force(today)))


def wards(session: Session, today: date) -> list[Ward]:
    """The wards in force on *today* of the provinces that have offices here, by district and name."""
    district = aliased(Area)
    home = select(Office.area_code).where(Office.kind.in_([OfficeKind.PROVINCE, OfficeKind.DEPARTMENT]))
    inside = sa.or_(Area.parent_code.in_(home), district.parent_code.in_(home))
    rows = (
        select(Area.code, Area.name, district.name.label("district"), district.kind)
        .join(district, Area.parent_code == district.code)
        .where(Area.kind == AreaKind.WARD, _in_force(Area, today), inside)
        .order_by(district.name, Area.name)
    )
    return [
        Ward(row.code, row.name, row.district if row.kind == AreaKind.DISTRICT else "")
        for row in session.execute(rows)
    ]


def served_by_post(session: Session, today: date) -> frozenset[str]:
    """The codes of the areas to whose homes a post office that takes orders on *today* sends its carriers."""
    serving = select(PostArea.area_code).join(Office)
    return frozenset(session.scalars(serving.where(_in_force(Office, today), has(Role.POST_CLERK, today))))


def _areas_around(session: Session, code: str) -> list[str]:
    """The area itself, then its parents, the nearest first; there are three tiers at most."""
    above, top = aliased(Area), aliased(Area)
    chain = (
        select(Area.code, above.code, top.code)
        .outerjoin(above, Area.parent_code == above.code)
        .outerjoin(top, above.parent_code == top.code)
    )
    row = session.execute(chain.where(Area.code == code)).first()
    return [each for each in row or () if each]


def _in_force(table: Any, today: date) -> sa.ColumnElement[bool]:
    return sa.and_(table.from_on <= today, sa.or_(table.to_on.is_(None), table.to_on >= today))
