"""What stands in the portal before anybody opens a window: dossiers, orders, imported procedures."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pyotp import TOTP
from sqlalchemy import JSON, Column, Enum, String, select
from sqlalchemy.orm import Session

from portal.accounts import kept_forms
from portal.accounts.factors import apps
from portal.accounts.models import Office, OfficeKind, Role
from portal.catalogue.importing import import_procedures
from portal.catalogue.levels_import import import_levels
from portal.catalogue.models import ProcedureVersion
from portal.dossiers import actions
from portal.dossiers.models import Dossier
from portal.dossiers.states import Delivery, Status
from portal.ground import anchor
from portal.ground.config import Settings
from portal.ground.db import Base, Database
from portal.seed.demonstration import plant
from portal.web.context import wall_clock
from tests import make
from tests.catalogue.records import record
from tests.conftest import START
from tests.postal.journey import Journey

IMPORTED = "3.000001"
"""A procedure as the national catalogue has it: not fit for dossiers, and without a level."""

ONLY_INFORMATION = "1.000656"
"""A fit procedure that the province put back to level 1."""

WIDTHS = (390, 1280)
"""The widths of the windows: what a test changes is planted once for each."""

MORNING = START - timedelta(hours=1)
"""The planted things happened in the hour before the demonstration begins."""


@dataclass(frozen=True)
class World:
    """Where to find what was planted: codes, and the numbers that stand in addresses."""

    filed: str
    filed_id: int
    accepted: str
    accepted_id: int
    asked: str
    asked_id: int
    opened: str
    run_id: int
    appointment_id: int
    staff_uid: str
    ward_id: int
    post_id: int
    stale_id: int
    owing: str
    owing_id: int
    stopped: str
    stopped_id: int
    drafted: str
    drafted_id: int
    consulted_id: int
    pickups: dict[int, str]
    pickup_dossiers: dict[int, str]
    closed_stop: str
    careful: str
    app_secret: str
    kept_uid: str
    words: frozenset[str]
    titles: frozenset[str]


def plant_world(data: Path) -> World:
    """Plant by the real actions, in the database of a portal whose server is not up yet."""
    settings = Settings(data=data)
    database = Database(settings.database, settings.keys())
    with database.writing.begin() as session:
        anchor.drop(session, START, wall=wall_clock())
        plant(session, at=START)
        _plant_procedures(session)
        planted = _dossiers(session) | _orders(session) | _staff(session)
        planted |= _careful(session) | _kept(session)
        world = World(**planted | _said(session))  # type: ignore[arg-type]
    database.dispose()
    return world


def _dossiers(session: Session) -> dict[str, object]:
    filed = _dossier(session, Status.SUBMITTED)
    accepted, asked = _dossier(session, Status.ACCEPTED), _dossier(session, Status.AWAITING_SUPPLEMENT)
    named = {"filed": filed, "accepted": accepted, "asked": asked}
    codes = {name: dossier.shown_code for name, dossier in named.items()}
    numbers = {f"{name}_id": dossier.id for name, dossier in named.items()}
    return {**codes, **numbers, "stale_id": _dossier(session, Status.SUBMITTED).id, **_beside(session)}


def _beside(session: Session) -> dict[str, object]:
    """Beside the straight road: one that owes money, one stopped, one with a draft, one asked about."""
    owing, stopped, drafted, consulted = (_dossier(session, Status.IN_PROGRESS) for _number in range(4))
    leader, specialist = (make.official(session, role) for role in (Role.LEADER, Role.SPECIALIST))
    soon = MORNING + timedelta(minutes=30)
    actions.charge(session, owing, 50_000, "Thông báo 12/TB-UBND", by=specialist, at=soon)
    actions.stop(session, stopped, by=leader, at=soon, reason="Tòa án đang xét việc này")
    version = drafted.procedure_version
    version.curated = {**(version.curated or {}), "confirm_draft": True}
    make.result_file(session, drafted, specialist, soon)
    session.flush()
    actions.send_draft(session, drafted, by=specialist, at=soon)
    question = actions.Question(make.office(session, "Hiệp Thành"), "Có đăng ký kết hôn ở phường không?", 2)
    actions.consult(session, consulted, question, by=specialist, at=soon)
    version.curated = {name: said for name, said in version.curated.items() if name != "confirm_draft"}
    named = {"owing": owing, "stopped": stopped, "drafted": drafted}
    codes = {name: dossier.shown_code for name, dossier in named.items()}
    numbers = {f"{name}_id": dossier.id for name, dossier in (*named.items(), ("consulted", consulted))}
    return codes | numbers


def _dossier(session: Session, status: Status) -> Dossier:
    owner = make.citizen(session)
    return make.dossier(session, status, at=MORNING, by=owner, delivery=Delivery.POST)


def _orders(session: Session) -> dict[str, object]:
    """Pickups: one for each width that waits, one on a run, one whose stop is open."""
    journey = Journey(session, MORNING)
    waiting = {width: journey.pickup() for width in WIDTHS}
    closed, opened = journey.pickup(), journey.pickup()
    journey.stop(closed)
    stop = journey.opened(opened)
    session.flush()
    return {
        "pickups": {width: order.code for width, order in waiting.items()},
        "pickup_dossiers": {width: order.dossier.shown_code for width, order in waiting.items()},
        "closed_stop": closed.code,
        "opened": opened.code,
        "run_id": stop.run_id,
    }


_A_POST_OFFICE = select(Office.id).where(Office.kind == OfficeKind.POST).order_by(Office.id).limit(1)


def _staff(session: Session) -> dict[str, object]:
    person = make.account(session, "chuyenvien.phuloi")
    appointed, post = person.appointments[-1], session.scalars(_A_POST_OFFICE).one()
    return {
        "staff_uid": str(person.uid),
        "appointment_id": appointed.id,
        "ward_id": appointed.office_id,
        "post_id": post,
    }


def _careful(session: Session) -> dict[str, object]:
    """Somebody who turned the second step on a while ago, and the secret of their app."""
    name, before = "vanthu.hiepthanh", wall_clock() - timedelta(minutes=10)
    account = make.account(session, name)
    offer = apps.new_offer(session, account)
    secret = apps.secret_of(session, account, offer)
    apps.add_app(session, account, offer, TOTP(secret).at(before), wall=before, at=MORNING)
    return {"careful": name, "app_secret": secret}


def _kept(session: Session) -> dict[str, object]:
    """A form that came after its session had ended."""
    me, fields = (
        make.citizen(session).account_id,
        [("loi-so-ho-khau", "Phường đang giữ sổ của tôi."), ("khoa", "k")],
    )
    return {"kept_uid": kept_forms.keep(session, me, "/ho-so/x/bo-sung", fields, at=wall_clock())}


def _said(session: Session) -> dict[str, object]:
    """Every word that is data and not the portal's own, and the names of procedures among them."""
    session.flush()
    columns = (column for table in Base.metadata.sorted_tables for column in table.columns)
    found = (session.scalars(select(one).distinct()) for one in columns if _holds_words(one))
    words = frozenset(word for values in found for value in values for word in _words(value))
    titles = session.scalars(select(ProcedureVersion.name).distinct())
    return {"words": words, "titles": frozenset(titles)}


def _holds_words(column: Column[Any]) -> bool:
    return isinstance(column.type, String | JSON) and not isinstance(column.type, Enum)


def _words(value: object) -> Iterator[str]:
    """The strings in a value, of a JSON column too."""
    if isinstance(value, str):
        yield " ".join(value.split())
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _words(part)


def _plant_procedures(session: Session) -> None:
    import_procedures(session, [record(IMPORTED)], today=date(2020, 9, 15))
    level = {"online_level": "1", "decision": "9/QĐ-UBND", "effective_from": "2020-09-01"}
    import_levels(session, [{"code": ONLY_INFORMATION, **level}])
