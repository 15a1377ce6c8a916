"""Error pages: the right status, a sentence in Vietnamese, what was typed, and headers on every answer."""

from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import Blueprint, Flask, abort
from flask.testing import FlaskClient

from portal.ground import errors
from portal.ground.once import StoredAnswer
from portal.web import context
from portal.web.guard import open_to_all
from portal.web.security import HEADERS

RAISED = {
    "400": lambda: abort(400),
    "403": errors.NotAllowed,
    "404": errors.NotFound,
    "409": errors.WrongState,
    "413": errors.TooLarge,
    "422": errors.Refused,
    "429": errors.TooManyTries,
    "500": lambda: RuntimeError("a secret of the machine"),
    "503": errors.Unavailable,
}


@pytest.fixture
def broken(app: Flask) -> FlaskClient:
    """The portal with a page that fails in every way, at /hong/<status>."""
    site = Blueprint("broken", __name__)
    open_to_all(site)

    @site.route("/hong/<status>", methods=["GET", "POST"])
    def fail(status: str) -> str:
        raise RAISED[status]()

    app.register_blueprint(site)
    return app.test_client()


@pytest.mark.parametrize("status", RAISED)
def test_every_error_has_a_page_with_its_status(broken: FlaskClient, status: str) -> None:
    answer = broken.get(f"/hong/{status}")
    page = answer.get_data(as_text=True)
    assert answer.status_code == int(status)
    assert '<html lang="vi">' in page
    assert page.count("<h1") == 1
    assert "a secret of the machine" not in page


@pytest.mark.parametrize("status", RAISED)
def test_an_error_keeps_what_was_typed_but_no_password(broken: FlaskClient, status: str) -> None:
    typed = {"y_kien": "Giấy này mờ ở dòng ba.", "mat_khau": "bí mật lắm", "khoa": "0123-khoa"}
    typed["requester_identity"] = "074188001234"
    page = broken.post(f"/hong/{status}", data=typed).get_data(as_text=True)
    assert "bí mật lắm" not in page
    assert "0123-khoa" not in page
    assert "074188001234" not in page
    assert "Giấy này mờ ở dòng ba." in page


@pytest.mark.parametrize(
    "address", ["/hong/500", "/hong/404", "/thu-tuc", "/khong-co", "/static/khong-co.css", "/healthz"]
)
def test_every_answer_carries_the_security_headers(broken: FlaskClient, address: str) -> None:
    answer = broken.get(address)
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_static_files_carry_the_security_headers_and_stay_for_ever(app: Flask, client: FlaskClient) -> None:
    answer = client.get(f"/static/{app.extensions['release']}/css/app.css")
    assert answer.status_code == 200
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert "immutable" in answer.headers["Cache-Control"]
    answer.close()


def test_the_error_page_works_with_the_database_down(app: Flask, client: FlaskClient) -> None:
    engine = app.extensions["database"].engine

    def down(*_: object) -> None:
        raise sa.exc.OperationalError("select", {}, Exception("server closed the connection"))

    sa.event.listen(engine, "before_cursor_execute", down)
    answer = client.get("/thu-tuc")
    assert answer.status_code == 503
    assert "server closed" not in answer.get_data(as_text=True)
    assert '<html lang="vi">' in answer.get_data(as_text=True)


def test_an_error_page_is_in_english_under_en(broken: FlaskClient) -> None:
    assert '<html lang="en">' in broken.get("/en/hong/404").get_data(as_text=True)


def test_a_body_over_the_limit_is_413(app: Flask, client: FlaskClient) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1000
    assert client.post("/dang-nhap", data={"ten": "x" * 2000}).status_code == 413


@pytest.fixture
def counting(app: Flask) -> FlaskClient:
    """The portal with a page that counts how often its transaction ran."""
    site = Blueprint("counting", __name__)
    open_to_all(site)

    @site.post("/dem")
    def count():  # type: ignore[no-untyped-def]
        from portal.ground.codes import next_number

        with context.transaction() as session:
            number = next_number(session, "test")
            return context.answer(context.current_app.make_response(f"lần {number}"))

    app.register_blueprint(site)
    return app.test_client()


def test_the_same_key_sent_twice_happens_once(counting: FlaskClient) -> None:
    first, again = (counting.post("/dem", data={"khoa": "k1"}) for _ in range(2))
    assert first.get_data() == again.get_data()
    assert counting.post("/dem", data={"khoa": "k2"}).get_data(as_text=True) == "lần 2"


def test_another_content_under_the_same_key_is_refused_and_shown(counting: FlaskClient) -> None:
    first = counting.post("/dem", data={"khoa": "k1", "y_kien": "Một"})
    other = counting.post("/dem", data={"khoa": "k1", "y_kien": "Hai ba bốn"})
    again = counting.post("/dem", data={"y_kien": "Một", "khoa": "k1", "csrf_token": "another page's"})

    assert other.status_code == 409
    assert "Biểu mẫu này đã gửi rồi với nội dung khác" in other.text
    assert "Hai ba bốn" in other.text
    assert again.get_data() == first.get_data()


def test_another_file_under_the_same_key_is_another_content(counting: FlaskClient) -> None:
    def send(name: str, content: bytes) -> int:
        return counting.post("/dem", data={"khoa": "k1", "tep": (BytesIO(content), name)}).status_code

    files = (("a.jpg", b"123"), ("a.jpg", b"123"), ("b.jpg", b"123"), ("a.jpg", b"1234"))
    assert [send(*file) for file in files] == [200, 200, 409, 409]


def test_an_answer_of_an_earlier_release_answers_whatever_has_its_key(
    app: Flask, counting: FlaskClient
) -> None:
    first = counting.post("/dem", data={"khoa": "k1", "y_kien": "Một"})
    with app.extensions["database"].writing.begin() as session:
        kept = session.scalars(sa.select(StoredAnswer)).one()
        assert "Một" not in str(kept.answer)
        kept.answer = {name: said for name, said in kept.answer.items() if name != "sent"}
    assert counting.post("/dem", data={"khoa": "k1", "y_kien": "Hai"}).get_data() == first.get_data()


def test_a_key_in_the_header_counts_like_one_in_the_form(counting: FlaskClient) -> None:
    answers = {counting.post("/dem", headers={"Idempotency-Key": "k9"}).get_data() for _ in range(3)}
    assert len(answers) == 1


def test_without_a_key_every_post_counts(counting: FlaskClient) -> None:
    assert counting.post("/dem").get_data() != counting.post("/dem").get_data()


def test_a_logged_failure_carries_no_local_variable(
    broken: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    broken.post("/hong/500", data={"mat_khau": "bí mật lắm"})
    logged = capsys.readouterr().out
    assert '"event": "unexpected"' in logged
    assert "bí mật lắm" not in logged


@pytest.mark.parametrize("address", ["/thu-tuc?q=%00", "/thu-tuc/%00", "/hong/404?x=%00"])
def test_a_nul_character_is_refused_before_it_reaches_the_database(broken: FlaskClient, address: str) -> None:
    assert broken.get(address).status_code == 400


@pytest.mark.parametrize("address", ["/thu-tuc", "/thu-tuc//x", "/en/tra-cuu"])
def test_a_host_that_is_not_ours_is_refused_and_never_repeated(client: FlaskClient, address: str) -> None:
    answer = client.get(address, headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "evil.example" not in answer.headers.get("Location", "") + answer.get_data(as_text=True)


def test_one_key_on_two_things_counts_for_each(app: Flask) -> None:
    site = Blueprint("twice", __name__)
    open_to_all(site)

    @site.post("/viec/<int:number>")
    def act(number: int):  # type: ignore[no-untyped-def]
        with context.transaction():
            return context.answer(context.current_app.make_response(f"việc {number}"))

    app.register_blueprint(site)
    client = app.test_client()
    said = [client.post(f"/viec/{n}", data={"khoa": "k"}).get_data(as_text=True) for n in (1, 2)]
    assert said == ["việc 1", "việc 2"]


def test_a_database_failure_is_logged_without_the_values(
    app: Flask, client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise sa.exc.DataError("INSERT", {"phone": "0900000001"}, Exception("value 0900000001 out of range"))

    sa.event.listen(app.extensions["database"].engine, "before_cursor_execute", broken)
    client.get("/thu-tuc")
    assert "0900000001" not in capsys.readouterr().out
