"""Areas and offices of the demonstration: areas.toml, offices.toml and post_offices.toml as rows."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Area, AreaKind, Office, OfficeKind, PostArea

Entry = Mapping[str, Any]

PROVINCE = "000.00.00.H09"
SINCE = date(2012, 5, 2)
"""Since when the agencies and the post offices are there: Thủ Dầu Một became a city that day."""

FIRST_WARD = 21
"""The number of a district's first ward in agency codes."""


def plant_units(session: Session) -> None:
    """Add what is missing of the areas, the offices and the wards that the post serves."""
    facts = {name: _read(name) for name in ("areas", "offices", "post_offices")}
    there = set(session.scalars(select(Area.code)))
    session.add_all(area for area in _areas(facts["areas"]) if area.code not in there)
    session.flush()  # Offices refer to their areas by code.
    offices = {office.code: office for office in session.scalars(select(Office))}
    tiers = (_agencies(facts), _districts(facts), _wards(facts), _post_offices(facts))
    for tier in tiers:
        _add(session, tier, offices)
    _serve(session, facts, offices)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name(f"{name}.toml").read_text(encoding="utf-8"))


def _areas(facts: Entry) -> Iterator[Area]:
    """The province, its districts and their wards, each tier after the one above."""
    province = facts["province"]
    yield _area(AreaKind.PROVINCE, province["code"], province["name"], province)
    for district in facts["district"]:
        yield _area(AreaKind.DISTRICT, district["code"], district["name"], district, province["code"])
    for district in facts["district"]:
        for code, name in district["wards"]:
            yield _area(AreaKind.WARD, code, name, district, district["code"])


def _area(kind: AreaKind, code: str, name: str, period: Entry, parent: str | None = None) -> Area:
    tenure = {"from_on": period["from_on"], "to_on": period["to_on"]}
    return Area(code=code, kind=kind, name=name, parent_code=parent, **tenure)


Placed = tuple[Office, str]
"""An office not yet added, and the code of the one above it ("" when there is none)."""


def _add(session: Session, tier: Iterable[Placed], offices: dict[str, Office]) -> None:
    for office, above in tier:
        if office.code not in offices:
            office.parent_id = offices[above].id if above else None
            offices[office.code] = office
            session.add(office)
    session.flush()  # The tier below, and the areas served, refer to it by id.


def _agencies(facts: Entry) -> Iterator[Placed]:
    province = facts["areas"]["province"]["code"]
    for entry in facts["offices"]["agency"]:
        kind = OfficeKind(entry["kind"])
        office = _office(facts, kind, entry["code"], entry["name"], province, entry["address"])
        yield office, "" if entry["code"] == PROVINCE else PROVINCE


def _districts(facts: Entry) -> Iterator[Placed]:
    for district in facts["areas"]["district"]:
        name, code = _people_committee(district["name"]), _code("00", district)
        where = district["code"], district["address"]
        yield _office(facts, OfficeKind.DISTRICT, code, name, *where), PROVINCE


def _wards(facts: Entry) -> Iterator[Placed]:
    known = facts["offices"]["addresses"]
    for district in facts["areas"]["district"]:
        for number, (area, name) in enumerate(district["wards"], start=FIRST_WARD):
            code, address = _code(f"{number}", district), known.get(area, _lower(district["name"]))
            office = _office(facts, OfficeKind.WARD, code, _people_committee(name), area, address)
            yield office, _code("00", district)


def _post_offices(facts: Entry) -> Iterator[Placed]:
    post = facts["post_offices"]
    for code, area, name, address, phone in post["offices"] + post["counters"]:
        office = _office(facts, OfficeKind.POST, code, name, area, address)
        office.phone, office.to_on = phone, None
        yield office, ""


def _office(facts: Entry, kind: OfficeKind, code: str, name: str, area: str, address: str) -> Office:
    to_on = facts["offices"]["to_on"]
    return Office(
        code=code, kind=kind, name=name, area_code=area, address=address, phone="", from_on=SINCE, to_on=to_on
    )


def _code(ward: str, district: Entry) -> str:
    return f"000.{ward}.{district['agency']}.H09"


def _people_committee(area: str) -> str:
    return f"UBND {_lower(area)}"


def _lower(name: str) -> str:
    """The name of an area inside a sentence: phường Phú Hòa."""
    return name[:1].lower() + name[1:]


def _serve(session: Session, facts: Entry, offices: Mapping[str, Office]) -> None:
    districts = facts["areas"]["district"]
    inside = {district["code"]: [code for code, _ in district["wards"]] for district in districts}
    there = {(row.office_id, row.area_code) for row in session.scalars(select(PostArea))}
    for code, areas in facts["post_offices"]["serves"].items():
        wards = [ward for area in areas for ward in inside.get(area, [area])]
        pairs = [(offices[code].id, ward) for ward in wards]
        session.add_all(PostArea(office_id=o, area_code=a) for o, a in pairs if (o, a) not in there)
