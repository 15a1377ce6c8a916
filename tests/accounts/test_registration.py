"""How accounts begin, and what a self-declared number is worth."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.accounts.authority import OPERATOR
from portal.accounts.identity import number_of
from portal.accounts.models import Account, Actor, IdentityKind, IdentityLevel, Role
from portal.accounts.registration import NameTaken, enrol, register
from portal.ground import ledger
from portal.ground.errors import NotAllowed, Refused

AT = datetime(2020, 9, 15, 2, tzinfo=UTC)
NUMBER, PASSWORD = "074191003215", "trời mưa ở Phú Hòa"


def mai(session: Session, number: str = NUMBER, phone: str = "0912345678") -> Account:
    return register(session, " Đỗ  Thị Mai ", number, phone, PASSWORD, "mai@vidu.vn", at=AT)


def test_a_citizen_registers_with_a_self_declared_number(session: Session) -> None:
    account = mai(session, "074 191 003 215", "+84 912 345 678")
    assert (account.full_name, account.phone, account.email) == ("Đỗ Thị Mai", "0912345678", "mai@vidu.vn")
    assert account.identity_kind == IdentityKind.CITIZEN_NUMBER
    assert account.identity_level == IdentityLevel.SELF_DECLARED
    assert number_of(session, account) == NUMBER


def test_nine_digits_are_an_old_card(session: Session) -> None:
    assert mai(session, "280734512").identity_kind == IdentityKind.OLD_CARD


def test_neither_number_nor_password_is_stored_readable(session: Session) -> None:
    mai(session)
    session.flush()
    row = session.execute(sa.text("SELECT * FROM account")).one()
    assert NUMBER not in str(row)
    assert PASSWORD not in str(row)


def test_a_self_declared_number_reserves_nothing(session: Session) -> None:
    first, second = mai(session), mai(session, phone="0987654321")
    session.flush()
    assert first.identity_index == second.identity_index


def test_a_number_proven_twice_is_refused_by_the_database(session: Session) -> None:
    first, second = mai(session), mai(session, phone="0987654321")
    first.identity_level = second.identity_level = IdentityLevel.SEEN
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()


@pytest.mark.parametrize(
    ("name", "number", "phone", "password", "email"),
    [
        ("", NUMBER, "0912345678", PASSWORD, ""),
        ("123", NUMBER, "0912345678", PASSWORD, ""),
        ("Mai", "07419100321", "0912345678", PASSWORD, ""),
        ("Mai", "07419100321a", "0912345678", PASSWORD, ""),
        ("Mai", NUMBER, "12", PASSWORD, ""),
        ("Mai", NUMBER, "0912345678", "12345678", ""),
        ("Mai", NUMBER, "0912345678", NUMBER, ""),
        ("Mai", NUMBER, "0912345678", PASSWORD, "khong phai thu"),
    ],
    ids=["no name", "a name of digits", "11 digits", "a letter", "phone", "weak", "own number", "e-mail"],
)
def test_what_is_not_right_opens_no_account(
    session: Session, name: str, number: str, phone: str, password: str, email: str
) -> None:
    with pytest.raises(Refused):
        register(session, name, number, phone, password, email, at=AT)
    assert session.scalar(sa.select(sa.func.count(Account.id))) == 0


def test_registering_is_on_the_ledger_without_personal_data(session: Session) -> None:
    account = mai(session)
    (entry,) = ledger.history(session, "account", account.id)
    assert (entry.move, entry.account_id, entry.at) == ("register", account.id, AT)
    assert NUMBER not in str(entry.details) + entry.reason
    assert not list(ledger.verify(session))


def test_an_administrator_enrols_staff_under_a_name_of_their_own(session: Session) -> None:
    account = enrol(session, "Phan Thị Yến", " TiepNhan.PhuHoa ", PASSWORD, by=OPERATOR, at=AT)
    assert account.sign_in_name == "tiepnhan.phuhoa"
    assert not account.must_change_password
    with pytest.raises(NameTaken):
        enrol(session, "Người Khác", "tiepnhan.phuhoa", PASSWORD, by=OPERATOR, at=AT)


@pytest.mark.parametrize("name", ["", "ab", "0912345678", "tiếp nhận", "a b c", "x" * 61])
def test_a_sign_in_name_is_never_mistaken_for_a_number(session: Session, name: str) -> None:
    with pytest.raises(Refused):
        enrol(session, "Phan Thị Yến", name, PASSWORD, by=OPERATOR, at=AT)


def test_nobody_but_an_administrator_enrols(session: Session) -> None:
    with pytest.raises(NotAllowed):
        enrol(session, "Ai Đó", "aido", PASSWORD, by=Actor(1, "Yến", Role.RECEPTIONIST, 1, 1), at=AT)
