"""The PostgreSQL that the tests start."""

import psycopg
import pytest

from tests import postgres


def tables(url: str) -> int:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        found = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    return found[0] if found else -1


@pytest.mark.postgres
def test_a_new_database_is_empty_whatever_the_others_hold() -> None:
    url = postgres.new_postgres_url()
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE dossier (id int)")
    assert tables(url) == 1
    assert tables(postgres.new_postgres_url()) == 0


def test_without_any_postgresql_the_reason_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "installations", list)
    with pytest.raises(postgres.CannotStart, match="No PostgreSQL"):
        postgres.server.__wrapped__()
