"""The commands an operator relies on: what they do, and one clear line when they cannot."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask
from pyotp import TOTP
from sqlalchemy.orm import Session

from portal.accounts.factors import apps
from portal.accounts.factors.models import Authenticator
from portal.accounts.identity import number_of
from portal.accounts.models import Account
from portal.app import create_app
from portal.catalogue import workflow_scopes, workflows
from portal.dossiers.models import Dossier
from portal.dossiers.states import Move, Status
from portal.ground import ledger
from portal.ground.config import BadSetting, Settings, from_environment
from portal.ground.ledger import LedgerEntry
from portal.seed.workflows import DEFAULTS
from tests import make
from tests.conftest import START
from tests.sites.test_filing import MAI

NEW_KEY = "k2:" + "MjIy" * 10 + "MjI="


def test_an_untouched_ledger_verifies(app: Flask, store: Session) -> None:
    make.dossier(store, at=START)
    store.commit()
    assert app.test_cli_runner().invoke(args=["verify-ledger"]).exit_code == 0


def test_a_changed_ledger_is_named_and_the_command_fails(app: Flask, store: Session) -> None:
    dossier = make.dossier(store, at=START)
    mine = sa.update(LedgerEntry).where(LedgerEntry.kind == "dossier")
    store.execute(mine.values(reason="thêm sau"))
    store.commit()
    result = app.test_cli_runner().invoke(args=["verify-ledger"])
    assert result.exit_code == 1
    assert f"dossier {dossier.id}, mục 1" in result.output


def gone(store: Session, dossier: Dossier) -> None:
    store.execute(sa.delete(LedgerEntry).where(LedgerEntry.kind == "dossier"))


def moved(store: Session, dossier: Dossier) -> None:
    store.execute(sa.update(Dossier).values(status=Status.WITHDRAWN, step=None))


def strange(store: Session, dossier: Dossier) -> None:
    ledger.append(store, ledger.Deed("dossier", dossier.id, "khác"), by=make.actor(store, MAI), at=START)


def invented(store: Session, dossier: Dossier) -> None:
    deed = ledger.Deed("dossier", dossier.id + 1, Move.SUBMIT)
    ledger.append(store, deed, by=make.actor(store, MAI), at=START)


@pytest.mark.parametrize(
    ("forge", "further", "said"),
    [
        (gone, 0, "mục 0: the dossier has no entries"),
        (moved, 0, "mục 1: the dossier is not where its entries lead"),
        (strange, 0, "mục 2: the dossier is not where its entries lead"),
        (invented, 1, "mục 1: there is no such dossier"),
    ],
)
def test_a_dossier_that_does_not_fit_its_chain_is_named(
    app: Flask, store: Session, forge: Callable[[Session, Dossier], None], further: int, said: str
) -> None:
    dossier = make.dossier(store, at=START)
    forge(store, dossier)
    store.commit()
    result = app.test_cli_runner().invoke(args=["verify-ledger"])
    assert (result.exit_code, result.output) == (1, f"dossier {dossier.id + further}, {said}\n")


def test_a_database_without_tables_is_one_clear_line(tmp_path) -> None:
    bare = create_app(Settings(data=tmp_path))
    result = bare.test_cli_runner().invoke(args=["verify-ledger"])
    bare.extensions["database"].dispose()
    assert result.exit_code == 1
    assert result.output.strip().count("\n") == 0
    assert "migrate" in result.output


def test_a_real_portal_has_workflows_as_soon_as_it_was_migrated(tmp_path) -> None:
    real = create_app(Settings(data=tmp_path))
    for _again in range(2):
        assert real.test_cli_runner().invoke(args=["migrate"]).exit_code == 0
    with real.extensions["database"].reading() as reading:
        found = workflows.in_force(reading, "9.999999", "Lĩnh vực chưa ai biết")
        assert found is not None
        assert (found.scope, found.number) == (workflows.EVERYTHING, 1)
        assert set(workflow_scopes.published_by_scope(reading)) == set(DEFAULTS)
    real.extensions["database"].dispose()


@pytest.mark.both_databases
def test_after_rotating_the_keys_the_old_one_can_go(app: Flask, store: Session) -> None:
    citizen = make.citizen(store)
    number = number_of(store, store.get_one(Account, citizen.account_id))
    person = store.get_one(Account, citizen.account_id)
    offer = apps.new_offer(store, person)
    code = TOTP(apps.secret_of(store, person, offer)).at(START)
    apps.add_app(store, person, offer, code, wall=START, at=START)
    store.commit()
    given = app.extensions["settings"]
    rotating = create_app(replace(given, identity_keys=f"{NEW_KEY},{given.identity_keys}"))
    assert rotating.test_cli_runner().invoke(args=["rotate-keys"]).exit_code == 0
    alone = create_app(replace(given, identity_keys=NEW_KEY))
    with alone.extensions["database"].reading() as session:
        assert number_of(session, session.get_one(Account, citizen.account_id)) == number
        assert all(
            session.info["keys"].is_current(one) for one in session.scalars(sa.select(Authenticator.sealed))
        )
    for opened in (rotating, alone):
        opened.extensions["database"].dispose()


@pytest.mark.parametrize(
    ("name", "text"),
    [("PORTAL_UPLOAD_MAX_BYTES", "ten"), ("PORTAL_DEMONSTRATION", "maybe"), ("PORTAL_DRAFT_DAYS", "-1")],
)
def test_a_setting_that_cannot_be_used_is_named(name: str, text: str) -> None:
    with pytest.raises(BadSetting, match=name):
        from_environment({name: text})


@pytest.mark.parametrize("keys", ["k1", "k1:abc", "k1:" + "MTEx" * 4])
def test_a_key_that_is_no_key_is_refused(tmp_path, keys: str) -> None:
    with pytest.raises(BadSetting, match="IDENTITY_KEYS"):
        Settings(data=tmp_path, identity_keys=keys).keys()
