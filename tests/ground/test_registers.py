"""Asking a real gateway over HTTP: three outcomes, whatever it does, in the time that is given."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from portal.ground.config import BadSetting, Settings, from_environment
from portal.ground.registers import Answer, BadAddress, Gateway, Outcome, Question, gateway
from tests import register_gateway as server
from tests.register_gateway import KEY, READS

NUMBER = "074087001942"
ASKED = Question("DANCU", NUMBER, "noi-cu-tru", "1.004873", "ban-nhap-1")
SECONDS = 0.5


@pytest.fixture
def there() -> Iterator[server.Gateway]:
    """A gateway that answers."""
    with server.running() as running:
        yield running


def _to(there: server.Gateway, seconds: float = SECONDS) -> Gateway:
    made = gateway(there.url, KEY, seconds)
    assert made is not None
    return made


def test_what_is_asked_stands_in_the_body_and_never_in_the_address(there: server.Gateway) -> None:
    assert _to(there).look(ASKED) == Answer(Outcome.FOUND, READS)
    assert there.asked == [
        {
            "register": "DANCU", "identity_number": NUMBER, "paper": "noi-cu-tru", "procedure": "1.004873",
            "reference": "ban-nhap-1", "key": f"Bearer {KEY}",
        }
    ]  # fmt: skip
    assert there.paths == ["/tra-cuu"]


def test_a_number_nobody_has_is_not_found(there: server.Gateway) -> None:
    there.mood = server.NOT_FOUND
    assert _to(there).look(ASKED) == Answer(Outcome.NOT_FOUND)


BAD: dict[str, Any] = {
    "no JSON": b"<html>",
    "no text": b"\xff\xfe",
    "empty": b"",
    "a list": [],
    "another object": {"error": "ORA-00942"},
    "found is a word": {"found": "yes", "reads": READS},
    "found without words": {"found": True},
    "found with an empty word": {"found": True, "reads": " "},
    "words that are no text": {"found": True, "reads": 12},
    "words without an end": {"found": True, "reads": "x" * 301},
    "words that steer the page": {"found": True, "reads": "tên\u202egnourt"},
    "nested without an end": b"[" * 16_000,
    "huge": server.HUGE,
    "redirect": server.REDIRECTS,
    "closed early": server.CLOSES,
    "never answers": server.HANGS,
    "drips": server.DRIPS,
}


@pytest.mark.parametrize("mood", BAD.values(), ids=BAD)
def test_anything_else_is_away_and_in_time(there: server.Gateway, mood: Any) -> None:
    there.mood = mood
    began = monotonic()
    answer = _to(there).look(ASKED)
    assert (answer.outcome, answer.reads) == (Outcome.AWAY, "")
    assert answer.why
    assert monotonic() - began < SECONDS + 1.5
    assert len(there.paths) == 1, "no redirect is followed"


@pytest.mark.parametrize("status", [201, 204, 302, 401, 404, 429, 500, 503])
def test_only_the_status_of_the_contract_is_an_answer(there: server.Gateway, status: int) -> None:
    there.status = status
    assert _to(there).look(ASKED).outcome == Outcome.AWAY


def test_nobody_there_is_away() -> None:
    with server.running() as gone:
        url = gone.url
    made = gateway(url, KEY, SECONDS)
    assert made is not None
    assert made.look(ASKED).outcome == Outcome.AWAY


def test_a_certificate_that_nobody_vouches_for_is_away(tmp_path: Path) -> None:
    with server.running(_own_certificate(tmp_path)) as there:
        made = gateway(there.url.replace("http://", "https://"), KEY, SECONDS)
        assert made is not None
        answer = made.look(ASKED)
    assert answer.outcome == Outcome.AWAY
    assert "certificate verify failed" in answer.why.lower()
    assert there.asked == [], "the number was not sent"


def _own_certificate(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(1), now + timedelta(1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = folder / "both.pem"
    file.write_bytes(key.private_bytes(*private) + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def test_neither_number_nor_key_nor_what_was_read_stands_in_a_description() -> None:
    made = gateway("https://truc.binhduong.vn/tra", KEY, 5)
    told = f"{made!r} {ASKED!r} {Answer(Outcome.FOUND, READS)!r}"
    assert [word for word in (NUMBER, KEY, READS) if word in told] == []


@pytest.mark.parametrize(
    "url",
    [
        "http://truc.binhduong.vn/tra", "https:///tra", "ftp://127.0.0.1/", "https://a:b@truc.vn/", "truc.vn",
        "https://truc.vn:port/", "https://[::1/", "https://truc.vn/a b", "https://truc.vn/\r\nX: 1",
    ],
)  # fmt: skip
def test_a_number_is_not_sent_to_a_bad_address_and_the_start_says_so(url: str) -> None:
    with pytest.raises(BadAddress):
        gateway(url, KEY, 5)
    with pytest.raises(BadSetting, match="PORTAL_REGISTER_URL"):
        from_environment({"PORTAL_REGISTER_URL": url})


def test_a_key_that_no_header_can_carry_is_named_at_the_start() -> None:
    with pytest.raises(BadSetting, match="PORTAL_REGISTER_KEY"):
        from_environment({"PORTAL_REGISTER_URL": "https://truc.vn/", "PORTAL_REGISTER_KEY": "khóa\r\nX: 1"})


def test_without_an_address_nobody_is_asked() -> None:
    assert Settings().registers() is None


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/x", "http://[::1]:9/", "http://localhost/", "https://a.vn"]
)
def test_plain_http_is_for_this_machine_only(url: str) -> None:
    assert gateway(url, "", 5) is not None
