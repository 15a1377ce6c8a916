"""Names that were there before searching came are folded by the migration as the portal folds them."""

import sqlalchemy as sa
from alembic import command

from portal.accounts.models import Office, OfficeKind
from portal.ground.db import Database
from tests.test_migrations import config_for, empty

__all__ = ["empty"]


def test_an_office_of_the_first_release_is_found_without_marks(empty: Database) -> None:
    command.upgrade(config_for(empty), "0001")
    name, code = "UBND phường Tương Bình Hiệp – Đất Cuốc", "000.21.07.H09"
    values = {"code": code, "kind": "ward", "name": name, "address": "", "phone": "", "from_on": "2012-05-02"}
    columns = ", ".join(values)
    blanks = ", ".join(f":{column}" for column in values)
    with empty.engine.begin() as connection:
        connection.execute(sa.text(f"INSERT INTO office ({columns}) VALUES ({blanks})"), values)
    command.upgrade(config_for(empty), "head")
    with empty.reading() as reading:
        stored = reading.scalars(sa.select(Office.searched)).one()
    assert stored == Office(code=code, kind=OfficeKind.WARD, name=name).searched
    assert "tuong binh hiep dat cuoc" in stored
