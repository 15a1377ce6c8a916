"""What load balancers and monitoring ask, and who may ask it."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.orm import Session

from portal.app import create_app
from portal.dossiers.states import Status
from portal.ground import schema
from tests import make
from tests.conftest import START

FAR = {"REMOTE_ADDR": "203.0.113.9"}
OURS = "dichvucong.vidu.vn"


def measured(client: FlaskClient) -> dict[tuple[str, str], float]:
    """Every sample by name and its labels, as `endpoint=public.home,method=GET`."""
    samples = {}
    for family in text_string_to_metric_families(client.get("/metrics").text):
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
            samples[sample.name, labels] = sample.value
    return samples


def test_alive_needs_no_database(app: Flask, client: FlaskClient, count_statements: list[str]) -> None:
    answer = client.get("/healthz", environ_overrides=FAR)
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert count_statements == []


@pytest.mark.both_databases
def test_ready_says_part_by_part(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json["ready"] is True
    assert answer.json["parts"] == {"database": "ok", "files": "ok"}


def stamp(app: Flask, revision: str | None) -> None:
    with app.extensions["database"].writing.begin() as session:
        session.execute(sa.text("DELETE FROM alembic_version"))
        if revision:
            session.execute(sa.text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": revision})


@pytest.mark.parametrize(
    ("revision", "status", "said"), [(None, 503, "behind"), ("9999_of_tomorrow", 200, "ahead")]
)
def test_a_schema_that_waits_for_migrate_is_not_ready_a_newer_one_is(
    app: Flask, client: FlaskClient, revision: str | None, status: int, said: str
) -> None:
    stamp(app, revision)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["parts"]["database"]) == (status, said)


def test_a_part_that_is_away_is_named_without_its_address(
    app: Flask, client: FlaskClient, tmp_path: Path
) -> None:
    def down(*_: object) -> None:
        raise sa.exc.OperationalError("SELECT", {}, Exception("password=tuyet-mat host=10.0.0.3"))

    engine = app.extensions["database"].engine
    sa.event.listen(engine, "before_cursor_execute", down)
    shutil.rmtree(tmp_path / "files")
    (tmp_path / "files").write_text("a file stands where the folder was")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["parts"] == {"database": "away", "files": "away"}
    assert "10.0.0.3" not in answer.text
    assert "tuyet-mat" not in answer.text


@pytest.fixture
def guarded(app: Flask) -> Iterator[FlaskClient]:
    """The portal behind one proxy, watched from 10.1.0.0/16 or with a token."""
    settings = replace(
        app.extensions["settings"],
        trusted_proxies=1,
        watch_networks="10.1.0.0/16",
        watch_token="mot-the-dai",
        public_url=f"https://{OURS}",
    )
    built = create_app(settings)
    yield built.test_client()
    built.extensions["database"].dispose()


ASKING = [
    ("10.1.2.3", {}, 200),
    ("10.1.2.3", {"Host": "10.1.9.9:8000"}, 200),
    ("127.0.0.1", {}, 404),
    ("203.0.113.9", {}, 404),
    ("203.0.113.9", {"Authorization": "Bearer mot-the-dai"}, 200),
    ("203.0.113.9", {"Authorization": "Bearer mot-the-da"}, 404),
    ("203.0.113.9", {"X-Forwarded-For": "10.1.2.3"}, 404),
    ("10.1.2.3", {"X-Forwarded-For": "203.0.113.9"}, 404),
    ("10.1.2.3", {"Forwarded": "for=10.1.2.3"}, 404),
]
"""Who asks from where, with what, and the answer."""


@pytest.mark.parametrize("path", ["/readyz", "/metrics"])
def test_readiness_and_measures_are_for_watchers_only(guarded: FlaskClient, path: str) -> None:
    for address, headers, status in ASKING:
        peer = {"REMOTE_ADDR": address}
        answer = guarded.get(path, headers={"Host": OURS, **headers}, environ_overrides=peer)
        assert answer.status_code == status, (address, headers)
    assert guarded.get(f"/en{path}", headers={"Host": OURS}, environ_overrides=FAR).status_code == 404


def test_where_no_token_is_set_an_empty_one_opens_nothing(client: FlaskClient) -> None:
    answer = client.get("/metrics", headers={"Authorization": "Bearer "}, environ_overrides=FAR)
    assert answer.status_code == 404


def test_no_other_page_answers_to_a_strange_host(guarded: FlaskClient) -> None:
    assert guarded.get("/", headers={"Host": "10.1.9.9"}).status_code == 400


def test_requests_are_counted_by_endpoint_and_never_by_path(client: FlaskClient) -> None:
    key = "mot_cua_requests_total", "endpoint={},method={},status={}"
    wanted = [
        (key[0], key[1].format(*one))
        for one in (("public.procedure", "GET", "2xx"), ("nowhere", "other", "4xx"), ("static", "GET", "4xx"))
    ]
    before = measured(client)
    client.get(f"/thu-tuc/{make.MARRIAGE_STATUS}")
    client.open("/thu-tuc/nowhere/duong-dan-la", method="BREW")
    client.get("/static/khong-co.css")
    after = measured(client)
    grown = {one: after.get(one, 0) - before.get(one, 0) for one in after}
    assert [grown[one] for one in wanted[:2]] == [1, 1]
    assert grown["mot_cua_request_seconds_count", "endpoint=public.procedure"] == 1
    everything = str(after)
    assert make.MARRIAGE_STATUS not in everything
    assert "duong-dan-la" not in everything
    assert "BREW" not in everything


def test_a_refused_sign_in_a_limit_and_an_error_are_counted(app: Flask, client: FlaskClient) -> None:
    before = measured(client)
    for _ in range(app.extensions["settings"].sign_in_tries + 1):
        client.post("/dang-nhap", data={"ten": "ai-do", "mat_khau": "mat-khau-sai"})
    after = measured(client)
    events = ("sign_in_refused", app.extensions["settings"].sign_in_tries), ("limited", 1)
    for event, times in events:
        key = "mot_cua_events_total", f"event={event}"
        assert after[key] - before.get(key, 0) == times


def test_the_newest_ledger_entry_and_the_release_are_measured(
    app: Flask, client: FlaskClient, store: Session
) -> None:
    before = measured(client)["mot_cua_ledger_entry", "which=newest"]
    make.dossier(store, Status.ACCEPTED, at=START)
    store.commit()
    after = measured(client)
    assert after["mot_cua_ledger_entry", "which=newest"] == before + 2
    assert after["mot_cua_release", f"release={app.extensions['release']}"] == 1
    assert after["mot_cua_answers", "part=database"] == 1
    assert ("mot_cua_database_write_wait_seconds_count", "") in after
    assert after["mot_cua_database_connections_most", "for=request"] > 0


def test_without_its_database_a_process_still_tells_its_counts(app: Flask, client: FlaskClient) -> None:
    def down(*_: object) -> None:
        raise sa.exc.OperationalError("SELECT", {}, Exception("away"))

    sa.event.listen(app.extensions["database"].engine, "before_cursor_execute", down)
    after = measured(client)
    assert after["mot_cua_answers", "part=database"] == 0
    assert [name for name, _ in after if name == "mot_cua_requests_total"]


def test_this_release_knows_one_newest_revision(app: Flask) -> None:
    with app.extensions["database"].engine.connect() as connection:
        assert MigrationContext.configure(connection).get_current_heads() == tuple(
            schema.script().get_heads()
        )
        assert schema.standing(connection) == schema.Standing.CURRENT
