"""Anybody reads the roots; a citizen's receipt proves itself with a script that knows nothing of us."""

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal import worker
from portal.dossiers.models import Dossier
from portal.dossiers.states import Status
from portal.ground import ledger, ledger_root
from portal.ground.ledger import GENESIS
from portal.ground.ledger_root import LedgerHead
from tests import make
from tests.conftest import START, Clock, SignIn
from tests.sites.test_filing import BINH, MAI

SCRIPT = Path(__file__).parents[2] / "static" / "kiem-tra-so-cai.py"
Papers = tuple[dict[str, Any], dict[str, Any]]


@pytest.fixture
def dossier(app: Flask, store: Session, clock: Clock) -> Dossier:
    """A dossier of Mai that was handed over, one of Bình beside it, and the roots of two nights."""
    found = make.dossier(store, Status.RETURNED, at=START, by=make.actor(store, MAI))
    make.dossier(store, at=START, by=make.actor(store, BINH))
    store.commit()
    for _ in range(2):
        clock.forward(days=1)
        night(app)
    return found


def night(app: Flask) -> None:
    with app.app_context():
        worker.JOBS[worker.ROOT](app)


@pytest.fixture
def papers(client: FlaskClient, sign_in: SignIn, dossier: Dossier) -> Papers:
    """What Mai downloads: her receipt, and the roots."""
    sign_in(client, MAI)
    receipt = client.get(f"/ho-so/{dossier.shown_code}/so-cai")
    assert receipt.headers["Content-Disposition"] == 'attachment; filename="bien-nhan.json"'
    return receipt.get_json(), client.get("/so-cai.json").get_json()


def check(folder: Path, receipt: Any, roots: Any) -> tuple[int, str]:
    """Run the script as a citizen would, without anything of ours."""
    names = [str(folder / name) for name in ("bien-nhan.json", "so-cai.json")]
    for name, content in zip(names, (receipt, roots), strict=True):
        Path(name).write_text(json.dumps(content), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", str(SCRIPT), *names],
        cwd=folder, env={"PYTHONIOENCODING": "utf-8"}, capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


def test_a_real_receipt_holds(tmp_path: Path, papers: Papers) -> None:
    code, told = check(tmp_path, *papers)
    assert code == 0, told
    assert "SAI" not in told
    assert "submit" in told
    assert "2 mã gốc nối liền nhau" in told


def test_words_that_are_not_for_the_citizen_are_not_in_the_receipt(
    client: FlaskClient, store: Session, dossier: Dossier, papers: Papers
) -> None:
    entries = ledger.history(store, "dossier", dossier.id)
    receipt = papers[0]
    assert [entry["move"] for entry in receipt["entries"]] == [entry.move for entry in entries]
    hidden = [row for row in receipt["entries"] if "told" not in row]
    assert {row["move"] for row in hidden} >= {"propose"}
    secret = [entry.reason for entry in entries if entry.move == "propose"]
    assert secret
    assert secret[0]
    assert secret[0] not in json.dumps(receipt, ensure_ascii=False)


def change_words(receipt: Any, _roots: Any) -> None:
    next(row for row in receipt["entries"] if "told" in row)["told"]["reason"] = "khác"


def change_moment(receipt: Any, _roots: Any) -> None:
    receipt["entries"][1]["at"] = "2019-01-01T00:00:00.000000+00:00"


def leave_one_out(receipt: Any, _roots: Any) -> None:
    del receipt["entries"][1]


def leave_the_last_out(receipt: Any, _roots: Any) -> None:
    del receipt["entries"][-1]


def rewrite_the_chain(receipt: Any, _roots: Any) -> None:
    receipt["entries"][0]["move"], before = "announce", GENESIS
    for row in receipt["entries"]:
        row["previous_hash"] = before
        row["hash"] = before = ledger.hashed({k: v for k, v in row.items() if k not in ("hash", "told")})


def take_another_dossier(receipt: Any, _roots: Any) -> None:
    receipt["chain"]["aggregate"] = "999"


def change_the_salt(receipt: Any, _roots: Any) -> None:
    receipt["chain"]["salt"] = "0" * 64


def change_the_path(receipt: Any, _roots: Any) -> None:
    receipt["path"][0][1] = "0" * 64


def change_the_root(receipt: Any, _roots: Any) -> None:
    receipt["root"]["entries"] += 1


def publish_another(_receipt: Any, roots: Any) -> None:
    roots["roots"][-1]["root"] = "0" * 64


def break_the_roots(_receipt: Any, roots: Any) -> None:
    roots["roots"][0]["hash"] = "0" * 64


TAMPERED = {
    change_words: "lời ghi kèm",
    change_moment: "Mục 2",
    leave_one_out: "Mục 2",
    leave_the_last_out: "Mục cuối",
    rewrite_the_chain: "Mục cuối",
    take_another_dossier: "Mục 1",
    change_the_salt: "Mục cuối",
    change_the_path: "Mục cuối",
    change_the_root: "đúng như đã công bố",
    publish_another: "đúng như đã công bố",
    break_the_roots: "nối liền",
}
"""What is changed, and what the script names then."""


def test_a_tampered_receipt_does_not_hold(tmp_path: Path, papers: Papers) -> None:
    """One real receipt for all of it: what is slow is to make one."""
    unseen = []
    for tamper, named in TAMPERED.items():
        receipt, roots = copy.deepcopy(papers)
        tamper(receipt, roots)
        code, told = check(tmp_path, receipt, roots)
        is_named = any(line.startswith("SAI") and named in line for line in told.splitlines())
        unseen += [] if code == 1 and is_named else [f"{tamper.__name__}: {code} {told}"]
    assert unseen == []


def forge_what_a_mere_hash_hides(receipt: Any) -> None:
    """Keep only the last hash, and tell any story before it."""
    *earlier, last = receipt["entries"]
    before = GENESIS
    for row in earlier:
        row.pop("told", None)
        row["at"], row["previous_hash"] = "2020-01-01T00:00:00.000000+00:00", before
        row["hash"] = before = ledger.hashed({k: v for k, v in row.items() if k != "hash"})
    receipt["entries"] = [*earlier, {"seq": last["seq"], "hash": last["hash"]}]


def lines_of(told: str, seq: int) -> list[str]:
    return [line for line in told.splitlines() if f"Mục {seq}:" in line]


def test_what_stands_before_a_mere_hash_is_not_called_proven(tmp_path: Path, papers: Papers) -> None:
    receipt, roots = papers
    forge_what_a_mere_hash_hides(receipt)
    code, told = check(tmp_path, receipt, roots)
    assert code == 2
    assert not any(line.startswith("ĐÚNG") and "Mục" in line and ":" in line for line in told.splitlines())
    assert lines_of(told, 1)[0].startswith("CHƯA CHỨNG MINH")
    assert told.strip().endswith("Không mục nào được chứng minh.")


def test_from_the_entry_after_a_mere_hash_on_all_is_proven(tmp_path: Path, papers: Papers) -> None:
    receipt, roots = papers
    row = receipt["entries"][2]
    receipt["entries"][2] = {"seq": 3, "hash": row["hash"], "told": {}, "words": ledger.hashed({})}
    code, told = check(tmp_path, receipt, roots)
    begins = [{line.partition(" Mục")[0].strip() for line in lines_of(told, seq)} for seq in (1, 2, 3, 4)]
    unproven = {"CHƯA CHỨNG MINH"}
    assert begins == [unproven, unproven, unproven, {"ĐÚNG"}]
    assert (code, told.strip().splitlines()[-1]) == (
        2, "Khớp với mã gốc đã công bố. Chỉ chứng minh từ mục 4."
    )  # fmt: skip
    receipt["entries"][:2] = [{"seq": row["seq"], "hash": row["hash"]} for row in receipt["entries"][:2]]
    assert check(tmp_path, receipt, roots)[0] == 0, "nothing is claimed before what is proven"


def test_words_beside_the_hashed_ones_are_seen(tmp_path: Path, papers: Papers) -> None:
    receipt, roots = papers
    next(row for row in receipt["entries"] if "told" in row)["told"]["hash"] = "khác"
    code, told = check(tmp_path, receipt, roots)
    assert (code, "SAI   Mục 1: lời ghi kèm" in told) == (1, True)


def test_the_code_is_compared_with_the_accepted_one_or_called_not_proven(
    client: FlaskClient, store: Session, tmp_path: Path, papers: Papers, sign_in: SignIn
) -> None:
    receipt, roots = papers
    code = receipt["dossier"]
    assert f"ĐÚNG  Mã hồ sơ {code}" in check(tmp_path, receipt, roots)[1]
    receipt["dossier"] = "000.21.07.H09-200915-9999"
    exit_code, told = check(tmp_path, receipt, roots)
    assert (exit_code, "SAI   Mã hồ sơ 000.21.07.H09-200915-9999" in told) == (1, True)
    for row in receipt["entries"]:
        row.pop("told", None)
    exit_code, told = check(tmp_path, receipt, roots)
    assert (exit_code, "CHƯA CHỨNG MINH Mã hồ sơ 000.21.07.H09-200915-9999" in told) == (0, True)
    sign_in(client, BINH)
    waiting = store.scalars(select(Dossier).where(Dossier.code.is_(None))).one()
    provisional = client.get(f"/ho-so/{waiting.shown_code}/so-cai").get_json()
    exit_code, told = check(tmp_path, provisional, roots)
    assert (exit_code, f"CHƯA CHỨNG MINH Mã hồ sơ {waiting.shown_code}" in told) == (0, True)


def test_a_receipt_cannot_write_on_the_screen(tmp_path: Path, papers: Papers) -> None:
    receipt, roots = papers
    receipt["entries"][0]["move"] = "submit\x1b[2J\x9b8m\nĐÚNG  Mục 1: submit\u202e"
    receipt["root"]["day"] = "\x1b[8m"
    code, told = check(tmp_path, receipt, roots)
    assert (code, told.count("Mục 1:")) == (1, 3), "the told words have their line"
    assert all(sign.isprintable() for sign in told.replace("\n", ""))
    assert "submit\\x1b[2J\\x9b8m\\nĐÚNG  Mục 1: submit\\u202e" in told


def test_a_file_that_is_no_receipt_is_one_line(tmp_path: Path, papers: Papers) -> None:
    code, told = check(tmp_path, [], papers[1])
    assert code == 1
    assert told.strip().count("\n") == 0
    assert "Không đọc được" in told


def test_a_dossier_of_today_says_when_its_receipt_comes(
    app: Flask, client: FlaskClient, store: Session, clock: Clock, sign_in: SignIn
) -> None:
    code = make.dossier(store, at=START, by=make.actor(store, MAI)).shown_code
    store.commit()
    night(app)
    sign_in(client, MAI)
    answer, page = client.get(f"/ho-so/{code}/so-cai"), client.get(f"/ho-so/{code}").text
    assert answer.status_code == 404
    assert "có từ sáng mai" in answer.text
    assert "Không có trang này" not in answer.text
    assert f"/ho-so/{code}/so-cai" not in page
    assert "Biên nhận sổ cái có từ sáng mai" in page
    clock.forward(days=1)
    night(app)
    assert f"/ho-so/{code}/so-cai" in client.get(f"/ho-so/{code}").text


def test_the_page_and_the_script_name_the_files_as_they_are_downloaded(
    client: FlaskClient, papers: Papers
) -> None:
    names = "kiem-tra-so-cai.py bien-nhan.json so-cai.json"
    assert names in SCRIPT.read_text(encoding="utf-8").splitlines()[0]
    assert names in client.get("/so-cai").text


def test_a_receipt_follows_the_newest_root(
    app: Flask, client: FlaskClient, clock: Clock, dossier: Dossier, papers: Papers, tmp_path: Path
) -> None:
    clock.forward(days=1)
    night(app)
    later = client.get(f"/ho-so/{dossier.shown_code}/so-cai").get_json()
    assert later["root"]["day"] > papers[0]["root"]["day"]
    assert check(tmp_path, later, client.get("/so-cai.json").get_json())[0] == 0


def test_entries_of_before_there_were_salts_still_hold(
    app: Flask, client: FlaskClient, store: Session, clock: Clock, sign_in: SignIn, tmp_path: Path
) -> None:
    mine = make.dossier(store, Status.FINISHED, at=START, by=make.actor(store, MAI))
    store.commit()
    before = GENESIS
    for entry in ledger.history(store, "dossier", mine.id):
        entry.salt, entry.previous_hash = None, before
        entry.hash = before = ledger.digest(entry)
    store.commit()
    clock.forward(days=1)
    night(app)
    sign_in(client, MAI)
    receipt = client.get(f"/ho-so/{mine.shown_code}/so-cai").get_json()
    code, told = check(tmp_path, receipt, client.get("/so-cai.json").get_json())
    assert (code, "chỉ có mã băm" in told, "Chỉ chứng minh từ mục" in told) == (2, True, True), told
    assert "CHƯA CHỨNG MINH Mục 1: submit" in told
    assert "nó và các mục đứng trước nó không chứng minh được" in client.get("/so-cai").text


def test_anybody_reads_the_roots_without_a_cookie(app: Flask, store: Session, dossier: Dossier) -> None:
    newest = ledger_root.newest(store)
    assert newest is not None
    for language in ("", "/en"):
        answer = app.test_client().get(f"{language}/so-cai")
        page = answer.get_data(as_text=True)
        assert "Set-Cookie" not in answer.headers
        assert newest.hash in page
        assert "<svg" in page
        assert "def check(" in page
    older = app.test_client().get(f"/so-cai?truoc={newest.day.isoformat()}").get_data(as_text=True)
    assert page.count('class="hash"') - older.count('class="hash"') == 1


def test_a_published_list_names_no_dossier(client: FlaskClient, dossier: Dossier, papers: Papers) -> None:
    names = {name for row in papers[1]["roots"] for name in row}
    assert names == {"day", "root", "chains", "entries", "previous", "made_at", "hash"}


def run(app: Flask, *args: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=[*args])
    return result.exit_code, result.output


def test_a_day_has_its_root_by_the_command_too(app: Flask, store: Session, clock: Clock) -> None:
    make.dossier(store, at=START)
    store.commit()
    clock.forward(days=2)
    assert run(app, "ledger-root", "--day", "2020-09-15")[0] == 0
    code, told = run(app, "ledger-root")
    assert (code, told[:10]) == (0, "2020-09-16")
    assert run(app, "ledger-root") == (0, "Mã gốc của ngày 2020-09-16 đã có.\n")
    assert run(app, "ledger-root", "--day", "2020-09-17") == (1, "Error: Ngày 2020-09-17 chưa hết.\n")


def test_the_command_finds_a_rewritten_chain_and_other_roots_than_were_published(
    app: Flask, store: Session, papers: Papers, tmp_path: Path
) -> None:
    saved = tmp_path / "saved.json"
    saved.write_text(json.dumps(papers[1]), encoding="utf-8")
    assert run(app, "verify-ledger", "--published", str(saved))[0] == 0
    papers[1]["roots"][0]["hash"] = "0" * 64
    saved.write_text(json.dumps(papers[1]), encoding="utf-8")
    assert (
        "root 2020-09-15, mục 0: was published otherwise"
        in run(app, "verify-ledger", "--published", str(saved))[1]
    )
    saved.write_text("[]", encoding="utf-8")
    assert "không phải" in run(app, "verify-ledger", "--published", str(saved))[1]
    store.execute(update(LedgerHead).where(LedgerHead.chain_number == 1).values(hash="0" * 64))
    store.commit()
    code, told = run(app, "verify-ledger")
    assert code == 1
    assert "root 2020-09-15" in told


def test_the_command_misses_the_roots_of_a_portal_without_a_worker(
    app: Flask, store: Session, clock: Clock
) -> None:
    make.dossier(store, at=START)
    store.commit()
    clock.forward(days=1)
    night(app)
    clock.forward(days=1)
    assert run(app, "verify-ledger") == (0, "Sổ cái nguyên vẹn.\n")
    clock.forward(days=1)
    code, told = run(app, "verify-ledger")
    assert (code, "no worker runs" in told) == (1, True)
    assert run(app, "ledger-root")[0] == 0
    assert run(app, "verify-ledger") == (0, "Sổ cái nguyên vẹn.\n")


def test_the_ledger_is_verified_while_somebody_writes(app: Flask, store: Session) -> None:
    make.dossier(store, at=START)
    store.commit()
    make.dossier(store, at=START)
    store.flush()  # The lock is held from here on.
    assert run(app, "verify-ledger")[0] == 0
