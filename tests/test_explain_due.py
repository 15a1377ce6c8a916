"""The command that explains a due date: for people, for programs, for a whole file of questions."""

import json
from datetime import date, time
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Session

from portal.accounts.calendars import OfficeHours
from portal.app import create_app
from portal.ground.config import Settings
from tests import make

TET = ("--received", "2026-02-12T15:30", "--amount", "3", "--unit", "working_day", "--channel", "online")


def ask(app: Flask, *args: str) -> Result:
    return app.test_cli_runner().invoke(args=["explain-due", *args])


def test_the_example_around_tet_is_answered_as_json_with_its_reasons(app: Flask) -> None:
    done = ask(app, *TET, "--json")
    said = json.loads(done.stdout)
    assert done.exit_code == 0
    assert said["due"] == "2026-02-24T17:00:00+07:00"
    counted = [row["counted"] for row in said["trace"] if row["counted"] != "không tính"]
    assert counted == ["bắt đầu", "1", "2", "3"]
    assert {
        "when": "2026-02-13T00:00:00+07:00",
        "what": "Ngày làm việc thứ 1",
        "counted": "1",
        "source": "Giờ làm việc của cơ quan",
    } in said["trace"]
    assert {row["source"] for row in said["trace"]} > {"Bộ luật Lao động 2019, điều 112"}


def test_people_read_a_table_of_the_same_rows(app: Flask) -> None:
    lines = ask(app, *TET).stdout.splitlines()
    assert lines[0] == "Nhận 12/02/2026 15:30, nộp trên mạng; thời hạn 3 ngày làm việc."
    assert lines[1] == "Đến hạn: 24/02/2026 17:00"
    assert lines[3].split() == ["Khi", "nào", "Tính", "Việc", "Căn", "cứ"]
    assert lines[4].startswith("12/02/2026 15:30  bắt đầu")
    assert lines[-1].startswith("24/02/2026 17:00  3")


@pytest.mark.parametrize("channel", ["online", "desk", "post"])
def test_the_channel_does_not_change_how_a_term_is_counted(app: Flask, channel: str) -> None:
    done = ask(app, *TET[:-1], channel, "--json")
    assert json.loads(done.stdout)["due"] == "2026-02-24T17:00:00+07:00"


@pytest.mark.parametrize(
    ("received", "due"),
    [
        pytest.param("2026-03-11T15:00:00", "2026-03-11", id="no zone is Vietnam's time"),
        pytest.param("2026-03-11T08:00:00Z", "2026-03-11", id="15:00 in Vietnam"),
        pytest.param("2026-03-11T08:00:01+00:00", "2026-03-12", id="a second after 15:00 in Vietnam"),
    ],
)
def test_a_moment_is_read_in_its_zone(app: Flask, received: str, due: str) -> None:
    done = ask(app, "--received", received, "--unit", "same_day", "--json")
    assert json.loads(done.stdout)["due"] == f"{due}T17:00:00+07:00"


def test_the_hours_of_the_office_asked_about_count(app: Flask, store: Session) -> None:
    office = make.office(store)
    hours = {"weekday": 5, "opens": time(8), "closes": time(11), "from_on": date(2019, 1, 1)}
    store.add(OfficeHours(office_id=office.id, **hours))
    store.commit()
    asked = ("--received", "2026-03-11T09:00", "--unit-code", office.code, "--json")
    assert json.loads(ask(app, *asked).stdout)["due"] == "2026-03-21T11:00:00+07:00"


@pytest.mark.parametrize(
    ("args", "named"),
    [
        ((), "--received|2026-02-12T15:30"),
        (("--received", "hôm qua"), "hôm qua"),
        (("--received", "2026-02-12"), "ngày và giờ"),
        (("--received", "2026-02-30T10:00"), "2026-02-30T10:00"),
        (("--received", "0001-01-01T00:00"), "năm"),
        ((*TET, "--amount", "0"), "“0”"),
        ((*TET, "--amount", "-1"), "“-1”"),
        ((*TET, "--amount", "ba"), "“ba”"),
        ((*TET, "--amount", "nan"), "“nan”"),
        ((*TET, "--amount", "1e9"), "“1e9”"),
        ((*TET, "--amount", "1.5", "--unit", "month"), "số nguyên"),
        ((*TET, "--unit", "week"), "working_day, day, hour, month, same_day"),
        ((*TET, "--channel", "fax"), "fax"),
        ((*TET, "--unit-code", "000.99.99.H99"), "000.99.99.H99"),
        (("--batch", "/không/có"), "/không/có"),
    ],
    ids=lambda value: None if isinstance(value, str) else " ".join(value[-2:]),
)
def test_what_cannot_be_read_is_one_clear_line(app: Flask, args: tuple[str, ...], named: str) -> None:
    done = ask(app, *args)
    assert (done.exit_code, done.stdout) == (1, "")
    assert len(done.stderr.strip().splitlines()) == 1
    assert any(word in done.stderr for word in named.split("|"))


def test_a_file_is_answered_line_by_line_in_its_order(app: Flask, tmp_path: Path) -> None:
    questions = tmp_path / "questions"
    questions.write_text(
        "2026-02-12T15:30|3|working_day\r\n2026-06-30T10:00|1|month\n2026-03-11T09:00|0,5|working_day\n"
    )
    done = ask(app, "--batch", str(questions))
    assert done.exit_code == 0
    assert [json.loads(line)["due"] for line in done.stdout.splitlines()] == [
        "2026-02-24T17:00:00+07:00",
        "2026-07-30T17:00:00+07:00",
        "2026-03-11T15:00:00+07:00",
    ]


def test_a_bad_line_is_answered_with_an_error_and_the_others_still(app: Flask, tmp_path: Path) -> None:
    questions = tmp_path / "questions"
    questions.write_bytes(
        b"2026-02-12T15:30|3\n\n\xff\xfe|1|day\n2026-03-11T09:00|1|day\n2026-03-11T09:00|1|decade"
    )
    done = ask(app, "--batch", str(questions))
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.exit_code == 1
    assert [sorted(answer) for answer in answers] == [["error"]] * 3 + [["due", "trace"], ["error"]]
    assert answers[3]["due"] == "2026-03-12T17:00:00+07:00"


def test_a_thousand_questions_read_the_calendar_once(
    app: Flask, tmp_path: Path, count_statements: list[str]
) -> None:
    questions = tmp_path / "questions"
    questions.write_text("2026-02-12T15:30|3|working_day\n" * 1000)
    assert len(ask(app, "--batch", str(questions)).stdout.splitlines()) == 1000
    assert len([sent for sent in count_statements if sent.startswith("SELECT")]) == 2


def test_a_new_portal_knows_the_holidays_as_soon_as_it_has_tables(tmp_path: Path) -> None:
    bare = create_app(Settings(data=tmp_path))
    assert bare.test_cli_runner().invoke(args=["migrate"]).exit_code == 0
    said = json.loads(ask(bare, *TET, "--json").stdout)
    bare.extensions["database"].dispose()
    assert said["due"] == "2026-02-24T17:00:00+07:00"
