"""Who somebody is, by password; and what the owner changes."""

from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from portal.accounts import credentials, passwords
from portal.accounts.authority import OPERATOR
from portal.accounts.models import Account, IdentityLevel
from portal.accounts.registration import enrol, register
from portal.ground import ledger
from portal.ground.errors import Refused

AT = datetime(2020, 9, 15, 2, tzinfo=UTC)
NUMBER, PHONE, PASSWORD = "074191003215", "0912345678", "trời mưa ở Phú Hòa"


def somebody(session: Session, password: str = PASSWORD, number: str = NUMBER) -> Account:
    account = register(session, "Đỗ Thị Mai", number, PHONE, password, at=AT)
    session.flush()
    return account


def found(session: Session, who: str, password: str = PASSWORD, at: datetime = AT) -> Account | None:
    return credentials.authenticate(session, who, password, at=at)


@pytest.mark.parametrize("who", [PHONE, "+84 912 345 678", "0912.345.678", NUMBER, "074 191 003 215"])
def test_a_citizen_is_known_by_phone_or_number(session: Session, who: str) -> None:
    account = somebody(session)
    assert found(session, who) is account


@pytest.mark.parametrize("who", ["", "0987654321", "280734512", "do.thi.mai", "%", "0912345678' OR 1=1 --"])
def test_nobody_else_is(session: Session, who: str) -> None:
    somebody(session)
    assert found(session, who) is None


def test_a_wrong_password_opens_nothing(session: Session) -> None:
    somebody(session)
    assert found(session, PHONE, "trời mưa ở Phú Lợi") is None
    assert found(session, PHONE, "") is None


def test_staff_are_known_by_their_sign_in_name_in_any_case(session: Session) -> None:
    account = enrol(session, "Phan Thị Yến", "tiepnhan.phuhoa", PASSWORD, by=OPERATOR, at=AT)
    session.flush()
    assert found(session, "Tiepnhan.PhuHoa ") is account


def test_a_family_shares_a_phone_and_each_opens_their_own_account(session: Session) -> None:
    mother = somebody(session)
    child = somebody(session, "nắng đẹp ở Phú Lợi", "074210003215")
    assert found(session, PHONE) is mother
    assert found(session, PHONE, "nắng đẹp ở Phú Lợi") is child


def test_a_crowd_declaring_somebody_s_number_does_not_push_its_proven_owner_out(session: Session) -> None:
    for _ in range(credentials.MOST_CANDIDATES):
        somebody(session, "mật khẩu của kẻ khác")
    owner = somebody(session)
    owner.identity_level = IdentityLevel.SEEN
    session.flush()
    assert found(session, NUMBER) is owner


def test_a_closed_account_opens_to_nobody(session: Session) -> None:
    somebody(session).closed_at = AT
    session.flush()
    assert found(session, PHONE) is None


def test_a_one_time_password_is_good_until_its_moment(session: Session) -> None:
    account = somebody(session)
    account.one_time_until = AT + timedelta(hours=24)
    session.flush()
    assert found(session, PHONE, at=AT + timedelta(hours=23, minutes=59)) is account
    assert found(session, PHONE, at=AT + timedelta(hours=24)) is None


def test_a_one_time_password_opens_one_session_and_confirms_it_until_it_is_changed(session: Session) -> None:
    account = somebody(session)
    account.one_time_until = AT + timedelta(hours=24)
    credentials.use_up(account, at=AT)
    session.flush()
    assert found(session, PHONE) is None
    credentials.change_password(session, account, PASSWORD, "nắng đẹp ở Phú Lợi", at=AT)
    session.flush()
    assert found(session, PHONE, "nắng đẹp ở Phú Lợi", AT + timedelta(days=9)) is account


def test_an_unknown_name_costs_as_much_work_as_a_known_one(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    somebody(session)
    checked: list[str | bytes] = []
    really = PasswordHasher.verify

    def counting(self: PasswordHasher, stored: str | bytes, password: str | bytes) -> bool:
        checked.append(stored)
        return really(self, stored, password)

    monkeypatch.setattr(PasswordHasher, "verify", counting)
    found(session, PHONE, "sai rồi bạn ơi")
    known = len(checked)
    found(session, "0987654321", "sai rồi bạn ơi")
    assert len(checked) - known == known == 1


def test_a_hash_of_weaker_settings_is_renewed_when_its_owner_signs_in(session: Session) -> None:
    account = somebody(session)
    account.password_hash = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    session.flush()
    assert found(session, PHONE) is account
    credentials.refresh_hash(account, PASSWORD)
    assert not passwords.is_outdated(account.password_hash)
    assert found(session, PHONE) is account


def test_the_owner_changes_the_password_and_says_the_old_one(session: Session) -> None:
    account = somebody(session)
    account.must_change_password, account.one_time_until = True, AT + timedelta(hours=1)
    credentials.change_password(session, account, PASSWORD, "nắng đẹp ở Phú Lợi", at=AT)
    session.flush()
    assert found(session, PHONE) is None
    assert found(session, PHONE, "nắng đẹp ở Phú Lợi", AT + timedelta(days=9)) is account
    assert not account.must_change_password
    assert ledger.history(session, "account", account.id)[-1].move == "change_password"


@pytest.mark.parametrize(
    ("current", "new"),
    [
        ("sai", "nắng đẹp ở Phú Lợi"),
        (PASSWORD, "ngắn"),
        (PASSWORD, PASSWORD),
        (PASSWORD, "Đỗ Thị Mai"),
        (PASSWORD, f"{NUMBER} nè"),
    ],
    ids=["wrong present one", "short", "the same", "own name", "own number"],
)
def test_a_change_that_is_refused_changes_nothing(session: Session, current: str, new: str) -> None:
    account = somebody(session)
    with pytest.raises(Refused):
        credentials.change_password(session, account, current, new, at=AT)
    session.flush()
    assert found(session, PHONE) is account


def test_phone_and_e_mail_change_with_the_password_only(session: Session) -> None:
    account = somebody(session)
    with pytest.raises(credentials.WrongPassword):
        credentials.change_contact(session, account, "sai", "0987654321", "", at=AT)
    credentials.change_contact(session, account, PASSWORD, "+84 987 654 321", "mai@vidu.vn", at=AT)
    assert (account.phone, account.email) == ("0987654321", "mai@vidu.vn")
