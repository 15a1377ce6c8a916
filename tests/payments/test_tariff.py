import re
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Actor
from portal.catalogue.models import Channel, ChannelTerm, ProcedureVersion
from portal.ground import ledger
from portal.ground.errors import Refused
from portal.payments.actions import TARIFF, Fee, set_fee
from portal.payments.models import FeeKind, FeeRule
from portal.payments.tariff import fees_due, published_fees
from portal.seed.curate import plant_curated
from portal.seed.fees import plant_fees

AT = datetime(2020, 9, 15, 2, 0, tzinfo=UTC)
CODE = "1.004222"
BY = Actor(1, "Quản trị")
OLD = Fee(FeeKind.LEVY, "Đăng ký thường trú", 20_000, date(2019, 1, 1), "Nghị quyết 01")
NEW = replace(OLD, amount_dong=10_000, from_on=date(2020, 10, 1), source="Nghị quyết 02")


def owed(session: Session, channel: Channel, on: date) -> list[int]:
    return [rule.amount_dong for rule in fees_due(session, CODE, channel, on)]


def test_the_fee_of_a_day_is_the_one_in_force_on_it(session: Session) -> None:
    set_fee(session, CODE, Channel.DESK, OLD, by=BY, at=AT)
    set_fee(session, CODE, Channel.DESK, NEW, by=BY, at=AT)

    days = [date(2018, 12, 31), date(2019, 1, 1), date(2020, 9, 30), date(2020, 10, 1)]

    assert [owed(session, Channel.DESK, on) for on in days] == [[], [20_000], [20_000], [10_000]]


def test_the_post_costs_what_the_desk_costs_until_it_has_its_own_fee(session: Session) -> None:
    set_fee(session, CODE, Channel.DESK, OLD, by=BY, at=AT)
    before = owed(session, Channel.POST, date(2020, 9, 15))
    set_fee(session, CODE, Channel.POST, replace(OLD, amount_dong=25_000), by=BY, at=AT)

    assert (before, owed(session, Channel.POST, date(2020, 9, 15))) == ([20_000], [25_000])


def test_the_desks_fee_says_nothing_about_filing_online(session: Session) -> None:
    set_fee(session, CODE, Channel.DESK, OLD, by=BY, at=AT)

    assert not fees_due(session, CODE, Channel.ONLINE, date(2020, 9, 15))


def test_free_is_a_rule_of_its_own(session: Session) -> None:
    set_fee(session, CODE, Channel.ONLINE, replace(OLD, amount_dong=0), by=BY, at=AT)

    assert owed(session, Channel.ONLINE, date(2020, 9, 15)) == [0]


def test_setting_what_already_holds_changes_nothing(session: Session) -> None:
    first = set_fee(session, CODE, Channel.DESK, OLD, by=BY, at=AT)
    session.flush()

    assert set_fee(session, CODE, Channel.DESK, OLD, by=BY, at=AT) is first
    assert len(ledger.history(session, TARIFF, CODE)) == 1


@pytest.mark.parametrize(
    "fee",
    [replace(NEW, from_on=OLD.from_on), replace(NEW, from_on=date(2018, 1, 1)), replace(NEW, amount_dong=-1)],
    ids=["the same day", "before the rule in force", "negative"],
)
def test_the_past_of_the_tariff_is_not_rewritten(session: Session, fee: Fee) -> None:
    set_fee(session, CODE, Channel.DESK, OLD, by=BY, at=AT)
    session.flush()

    with pytest.raises(Refused):
        set_fee(session, CODE, Channel.DESK, fee, by=BY, at=AT)
    assert owed(session, Channel.DESK, date(2020, 9, 15)) == [20_000]


def published_plainly(session: Session) -> dict[tuple[str, Channel], int]:
    """The amount that curated versions publish for a channel, where it is one amount and nothing else."""
    versions = session.scalars(select(ProcedureVersion).where(ProcedureVersion.curated.is_not(None)))
    texts: dict[tuple[str, Channel], set[str]] = defaultdict(set)
    for version in versions:
        for row in version.terms:
            texts[version.procedure.code, row.channel].add(row.fee_text)
    return {key: int(text.pop()[:-2].replace(".", "")) for key, text in texts.items() if _is_plain(text)}


def _is_plain(texts: set[str]) -> bool:
    return len(texts) == 1 and re.fullmatch(r"[0-9.]+ ₫", next(iter(texts))) is not None


def test_the_desk_asks_for_what_the_page_publishes_as_one_amount(session: Session) -> None:
    """But 1.002755 online, where the publication names two amounts for the same thing."""
    plant_curated(session, AT, AT.date())
    plant_fees(session, AT)
    session.flush()
    said = published_plainly(session)
    asked = {key: [rule.amount_dong for rule in fees_due(session, *key, AT.date())] for key in said}
    assert len(said) > 20
    unclear = {key for key in said if key[0] == "1.002755"}
    assert {key: [dong] for key, dong in said.items() if key not in unclear} == {
        key: amounts for key, amounts in asked.items() if key not in unclear
    }
    assert [asked[key] for key in unclear] == [[], []]


def test_every_planted_fee_says_where_it_comes_from(session: Session) -> None:
    plant_fees(session, AT)
    assert [rule.code for rule in session.scalars(select(FeeRule)) if not rule.source] == []


def test_planting_fees_again_changes_nothing(session: Session) -> None:
    for _again in range(2):
        plant_fees(session, AT)
        session.flush()
    rules = session.scalars(select(FeeRule)).all()
    assert len(rules) == len({(rule.code, rule.channel, rule.name) for rule in rules})


def test_a_case_publishes_its_own_words_and_the_post_those_of_the_desk(session: Session) -> None:
    terms = [
        ChannelTerm(channel=Channel.DESK, case_key="nha", fee_text="50.000 ₫"),
        ChannelTerm(channel=Channel.DESK, case_key="khac", fee_text="100.000 ₫"),
    ]
    version = ProcedureVersion(terms=terms)
    assert published_fees(version, Channel.DESK, "nha") == ["50.000 ₫"]
    assert published_fees(version, Channel.POST, "khac") == ["100.000 ₫"]
    assert published_fees(version, Channel.ONLINE, "nha") == []
