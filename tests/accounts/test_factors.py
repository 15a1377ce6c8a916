"""Second factors: codes of an app, recovery codes, passkeys; each good once; removed and reset."""

import json
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts import sessions
from portal.accounts.authority import OwnRights
from portal.accounts.factors import apps, challenges, passkeys, pending, proofs, recovery, removing
from portal.accounts.factors.apps import WrongCode
from portal.accounts.factors.models import Authenticator, Passkey, RecoveryCode
from portal.accounts.factors.passkeys import RelyingParty, WrongPasskey
from portal.accounts.factors.queries import factors_of, has_any, moves_of
from portal.accounts.models import Account, Role
from portal.ground import ledger
from portal.ground.errors import NotAllowed, NotFound, Refused
from portal.ground.sealing import KeyRing, SealBroken
from tests import make
from tests.accounts.authenticator import PRESENT, SoftPasskey, altered
from tests.conftest import KEYS

AT = datetime(2020, 9, 15, 2, tzinfo=UTC)
STEP = timedelta(seconds=30)
PARTY = RelyingParty("dichvucong.vidu.vn", "https://dichvucong.vidu.vn")
CHALLENGE = b"c" * 32
PHONE, STAFF = "0900000001", "tiepnhan.phuhoa"


def mai(town: Session) -> Account:
    return make.account(town, PHONE)


def with_app(town: Session, name: str = PHONE, at: datetime = AT) -> tuple[Account, pyotp.TOTP]:
    """A person who has just added an app, and the app."""
    account = make.account(town, name)
    offer = apps.new_offer(town, account)
    app = pyotp.TOTP(apps.secret_of(town, account, offer))
    apps.add_app(town, account, offer, app.at(at), wall=at, at=at)
    town.flush()
    return account, app


def prove(town: Session, account: Account, code: str, at: datetime) -> None:
    proofs.prove_by_code(town, account, code, wall=at, at=at)


@pytest.mark.parametrize("steps", [-1, 0, 1], ids=["the one before", "this one", "the one after"])
def test_a_code_is_good_one_step_to_either_side(town: Session, steps: int) -> None:
    account, app = with_app(town)
    later = AT + 10 * STEP
    code = app.at(later + steps * STEP)
    prove(town, account, f"{code[:3]} {code[3:]}", later)


@pytest.mark.parametrize("steps", [-2, 2])
def test_a_code_of_another_time_is_not(town: Session, steps: int) -> None:
    account, app = with_app(town)
    later = AT + 10 * STEP
    with pytest.raises(WrongCode):
        prove(town, account, app.at(later + steps * STEP), later)


def test_a_code_is_taken_once_and_none_before_it_afterwards(town: Session) -> None:
    account, app = with_app(town)
    later = AT + 10 * STEP
    prove(town, account, app.at(later), later)
    for code in (app.at(later), app.at(later - STEP)):
        with pytest.raises(WrongCode):
            prove(town, account, code, later)
    prove(town, account, app.at(later + STEP), later + STEP)


def test_the_code_that_added_the_app_does_not_sign_in(town: Session) -> None:
    account, app = with_app(town)
    with pytest.raises(WrongCode):
        prove(town, account, app.at(AT), AT)


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "１２３４５６", "0" * 40, "' OR 1=1"])
def test_what_is_no_code_opens_nothing(town: Session, code: str) -> None:
    account, _ = with_app(town)
    with pytest.raises(WrongCode):
        prove(town, account, code, AT + 10 * STEP)


def test_an_app_is_kept_only_after_a_right_code(town: Session) -> None:
    offer = apps.new_offer(town, mai(town))
    with pytest.raises(WrongCode):
        apps.add_app(town, mai(town), offer, "000000", wall=AT, at=AT)
    assert not has_any(town, mai(town).id)


@pytest.mark.parametrize("offer", ["", "k1.", "k1.AAAA", "zz.AAAA", "k1.\u00e9"])
def test_an_offer_nobody_made_is_none(town: Session, offer: str) -> None:
    with pytest.raises(apps.OfferGone):
        apps.secret_of(town, mai(town), offer)


def test_an_offer_is_for_one_account_and_never_a_stored_secret(town: Session) -> None:
    account, _ = with_app(town)
    theirs = apps.new_offer(town, make.account(town, STAFF))
    for offer in (theirs, town.get_one(Authenticator, account.id).sealed):
        with pytest.raises(apps.OfferGone):
            apps.secret_of(town, account, offer)


def test_the_secret_is_sealed_to_its_row_and_renewed_with_the_newest_key(town: Session) -> None:
    account, app = with_app(town)
    other, _ = with_app(town, STAFF)
    row = town.get_one(Authenticator, account.id)
    assert app.secret not in row.sealed
    with pytest.raises(SealBroken):
        KEYS.open(row.sealed, f"authenticator:{other.uid}")
    town.info["keys"] = KeyRing({"k2": b"2" * 32, **KEYS.keys}, "k2", KEYS.index_key)
    assert apps.renew(town) == 2
    town.info["keys"] = KeyRing({"k2": b"2" * 32}, "k2", KEYS.index_key)
    prove(town, account, app.at(AT + 10 * STEP), AT + 10 * STEP)
    town.info["keys"] = KEYS


def test_ten_recovery_codes_each_open_once_however_typed(town: Session) -> None:
    account, _ = with_app(town)
    codes = recovery.new_codes(town, account, at=AT)
    assert len(set(codes)) == 10
    prove(town, account, codes[0].upper().replace("-", " "), AT)
    assert factors_of(town, account.id).codes_left == 9
    with pytest.raises(WrongCode):
        prove(town, account, codes[0], AT)
    stored = town.scalars(select(RecoveryCode.code_index)).all()
    assert not any(code in index for code in codes for index in stored)


def test_new_codes_replace_the_old_ones_and_open_nobody_else_s_account(town: Session) -> None:
    account, _ = with_app(town)
    old, new = recovery.new_codes(town, account, at=AT), recovery.new_codes(town, account, at=AT)
    other, _ = with_app(town, STAFF)
    for whose, code in ((account, old[0]), (other, new[0])):
        with pytest.raises(WrongCode):
            prove(town, whose, code, AT)
    prove(town, account, new[0], AT)


def with_passkey(town: Session, name: str = PHONE, passkey: SoftPasskey | None = None) -> SoftPasskey:
    """A passkey that a person has just added."""
    account, made = make.account(town, name), passkey or SoftPasskey()
    asked = passkeys.registration(account, (), PARTY, CHALLENGE)
    passkeys.add_passkey(town, account, "Điện thoại", made.made(asked), (PARTY, CHALLENGE), at=AT)
    town.flush()
    return made


def asked(challenge: bytes = CHALLENGE) -> str:
    return passkeys.question((), PARTY, challenge)


def test_a_passkey_says_whose_it_is(town: Session) -> None:
    passkey = with_passkey(town)
    assert passkeys.prove(town, passkey.signed(asked()), (PARTY, CHALLENGE), at=AT) is mai(town)
    row = town.scalars(select(Passkey)).one()
    assert (row.sign_count, row.used_at, row.name) == (passkey.count, AT, "Điện thoại")


def test_a_passkey_of_somebody_else_is_not_taken_for_mine(town: Session) -> None:
    passkey = with_passkey(town, STAFF)
    with pytest.raises(WrongPasskey):
        passkeys.prove(town, passkey.signed(asked()), (PARTY, CHALLENGE), at=AT, of=mai(town).id)


def test_a_copied_passkey_is_found_out_by_its_count(town: Session) -> None:
    passkey = with_passkey(town)
    passkeys.prove(town, passkey.signed(asked()), (PARTY, CHALLENGE), at=AT)
    passkey.count -= 1
    with pytest.raises(WrongPasskey):
        passkeys.prove(town, passkey.signed(asked()), (PARTY, CHALLENGE), at=AT)


def test_a_closed_account_has_no_passkey(town: Session) -> None:
    passkey = with_passkey(town)
    mai(town).closed_at = AT
    town.flush()
    with pytest.raises(WrongPasskey):
        passkeys.prove(town, passkey.signed(asked()), (PARTY, CHALLENGE), at=AT)


LIES = {
    "another host": {"host": "evil.example"},
    "another origin": {"origin": "https://evil.example"},
    "nobody verified": {"flags": PRESENT},
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_a_passkey_that_lies_is_refused_when_made_and_when_used(
    town: Session, lie: dict[str, object]
) -> None:
    with pytest.raises(WrongPasskey):
        with_passkey(town, passkey=SoftPasskey(**lie))  # type: ignore[arg-type]
    passkey = with_passkey(town)
    vars(passkey).update(lie)
    with pytest.raises(WrongPasskey):
        passkeys.prove(town, passkey.signed(asked()), (PARTY, CHALLENGE), at=AT)


@pytest.mark.parametrize("part", ["clientDataJSON", "authenticatorData", "signature"])
def test_an_answer_with_one_bit_turned_is_refused(town: Session, part: str) -> None:
    answer = with_passkey(town).signed(asked())
    with pytest.raises(WrongPasskey):
        passkeys.prove(town, altered(answer, part), (PARTY, CHALLENGE), at=AT)


def test_an_answer_to_another_challenge_is_refused(town: Session) -> None:
    answer = with_passkey(town).signed(asked(b"another one" * 3))
    with pytest.raises(WrongPasskey):
        passkeys.prove(town, answer, (PARTY, CHALLENGE), at=AT)


RUBBISH = [
    "", "null", "[]", "{}", "[" * 5000, '"' * 30_000, '{"id": 1}', '{"id": "\\u0000"}', '{"id": "\\ud800"}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "AA", '
    '"attestationObject": "AA", "authenticatorData": "AA", "signature": "AA"}}',
]  # fmt: skip


def test_rubbish_is_refused_with_a_sentence(town: Session) -> None:
    for answer in RUBBISH:
        with pytest.raises(WrongPasskey):
            passkeys.add_passkey(town, mai(town), "x", answer, (PARTY, CHALLENGE), at=AT)
        with pytest.raises(WrongPasskey):
            passkeys.prove(town, answer, (PARTY, CHALLENGE), at=AT)


def test_an_answer_of_a_known_passkey_with_its_parts_missing_is_refused(town: Session) -> None:
    sent = json.loads(with_passkey(town).signed(asked()))
    for part in (*sent["response"], "rawId", "type"):
        damaged = json.loads(json.dumps(sent))
        damaged["response"].pop(part, None)
        damaged.pop(part, None)
        with pytest.raises(WrongPasskey):
            passkeys.prove(town, json.dumps(damaged), (PARTY, CHALLENGE), at=AT)


def test_a_passkey_belongs_to_one_account(town: Session) -> None:
    passkey = with_passkey(town)
    with pytest.raises(WrongPasskey):
        with_passkey(town, STAFF, passkey)


def test_a_challenge_is_taken_once_by_its_browser_and_not_for_long(town: Session) -> None:
    made = challenges.new_challenge(town, "mine", at=AT)
    assert challenges.take_challenge(town, "theirs", at=AT) != made
    assert challenges.take_challenge(town, "mine", at=AT) == made
    assert challenges.take_challenge(town, "mine", at=AT) != made
    late = challenges.new_challenge(town, "mine", at=AT)
    assert challenges.take_challenge(town, "mine", at=AT + challenges.GOOD_FOR) != late


def test_half_a_sign_in_is_found_in_its_browser_for_ten_minutes(town: Session) -> None:
    token = pending.open_pending(town, mai(town), at=AT, browser="Firefox")

    def found(name: str = token, at: datetime = AT, browser: str = "Firefox") -> object:
        town.flush()
        return pending.find_pending(town, name, at=at, browser=browser)

    assert found(at=AT + timedelta(minutes=9, seconds=59))
    assert found(at=AT + timedelta(minutes=10)) is None
    assert found(browser="curl") is None
    assert found(token[:-1]) is None
    pending.end_pending(town, mai(town).id)
    assert found() is None


def test_staff_keep_one_factor_and_citizens_may_drop_all(town: Session) -> None:
    staff, _ = with_app(town, STAFF)
    citizen, _ = with_app(town)
    recovery.new_codes(town, citizen, at=AT)
    with pytest.raises(removing.LastFactor):
        removing.remove_app(town, staff, must_keep_one=True, at=AT)
    removing.remove_app(town, citizen, must_keep_one=False, at=AT)
    town.flush()
    assert not has_any(town, citizen.id)
    assert factors_of(town, citizen.id).codes_left == 0, "they stood in for the app"


def test_the_last_passkey_stays_and_nobody_drops_another_s(town: Session) -> None:
    with_passkey(town, STAFF)
    staff, passkey = make.account(town, STAFF), town.scalars(select(Passkey)).one()
    with pytest.raises(removing.LastFactor):
        removing.remove_passkey(town, staff, passkey.id, must_keep_one=True, at=AT)
    with pytest.raises(NotFound):
        removing.remove_passkey(town, mai(town), passkey.id, must_keep_one=False, at=AT)
    with_app(town, STAFF)
    removing.remove_passkey(town, staff, passkey.id, must_keep_one=True, at=AT)
    town.flush()
    assert factors_of(town, staff.id).count == 1


def test_an_administrator_resets_another_and_the_sessions_end(town: Session) -> None:
    staff, _ = with_app(town, STAFF)
    with_passkey(town, STAFF)
    recovery.new_codes(town, staff, at=AT)
    token = sessions.open_session(town, staff, at=AT, with_factor=True)
    half = pending.open_pending(town, staff, at=AT, browser="")
    town.flush()
    admin = make.somebody(town, Role.ADMIN)
    removing.reset_staff(town, staff, by=admin, at=AT)
    town.flush()
    assert factors_of(town, staff.id).count == factors_of(town, staff.id).codes_left == 0
    life = sessions.Lifetime(timedelta(hours=1), timedelta(hours=12))
    assert sessions.find(town, token, at=AT, today=AT.date(), lifetime=life) is None
    assert pending.find_pending(town, half, at=AT, browser="") is None
    entry = ledger.history(town, "account", staff.id)[-1]
    assert (entry.move, entry.account_id) == ("reset_factors", admin.account_id)


def test_nobody_resets_the_own_factors_nor_those_of_others_without_the_role(town: Session) -> None:
    admin, _ = with_app(town, "quantri")
    with pytest.raises(OwnRights):
        removing.reset_staff(town, admin, by=make.somebody(town, Role.ADMIN), at=AT)
    yen = make.official(town, Role.RECEPTIONIST)
    with pytest.raises(NotAllowed):
        removing.reset_staff(town, admin, by=yen, at=AT)
    with pytest.raises(NotAllowed):
        removing.reset_citizen(town, admin, by=yen, at=AT)
    with pytest.raises(NotAllowed):
        removing.reset_citizen(town, mai(town), by=make.somebody(town, Role.ADMIN), at=AT)
    assert has_any(town, admin.id)


def test_everything_done_about_factors_is_on_the_ledger_and_none_of_it_secret(town: Session) -> None:
    account, app = with_app(town)
    with_passkey(town)
    codes = recovery.new_codes(town, account, at=AT)
    prove(town, account, codes[0], AT)
    removing.remove_app(town, account, must_keep_one=False, at=AT)
    town.flush()
    told = ["remove_app", "use_recovery_code", "new_recovery_codes", "add_passkey", "add_app"]
    entries = moves_of(town, account.id)
    assert [entry.move for entry in entries] == told
    written = " ".join(str(entry.details) + entry.reason for entry in entries)
    assert not any(secret in written for secret in (app.secret, *codes))
    assert list(ledger.verify(town)) == []


def test_more_passkeys_than_anybody_needs_are_refused(town: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passkeys, "MOST", 1)
    with_passkey(town)
    with pytest.raises(Refused):
        with_passkey(town)
