"""The command that explains a due date: one question, or a file of them."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar

import click
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.calendars import calendar_of
from portal.accounts.models import Office
from portal.catalogue.models import Channel
from portal.ground.errors import PortalError, Refused
from portal.ground.working_time import ZONE, Calendar, Due, Line, Term, Unit, day_of, due, moment
from portal.web import context

Word = TypeVar("Word", Unit, Channel)

YEARS = range(1976, 2201)
"""Years a term may begin in: Vietnam's clock is UTC+7 in all of them."""


@dataclass(frozen=True)
class Asked:
    """What was asked: received when, and the term."""

    received: datetime
    term: Term


@click.command("explain-due")
@click.option(
    "--received", help="When the complete dossier was received, as 2026-02-12T15:30; Vietnam's time."
)
@click.option("--amount", default="1", show_default=True, help="How many of the unit, such as 3 or 0.5.")
@click.option("--unit", default=Unit.WORKING_DAY.value, show_default=True, help=", ".join(Unit))
@click.option(
    "--channel", default=Channel.ONLINE.value, show_default=True, help=f"{', '.join(Channel)}; a label."
)
@click.option("--unit-code", help="Code of the office whose hours count; without it the usual hours.")
@click.option("--json", "as_json", is_flag=True, help="Give the due date and its trace as JSON.")
@click.option(
    "--batch", type=click.Path(path_type=Path), help="A file with received|amount|unit on each line."
)
@with_appcontext
def explain_due(
    received: str | None,
    amount: str,
    unit: str,
    channel: str,
    unit_code: str | None,
    as_json: bool,
    batch: Path | None,
) -> None:
    """Say when a term is due, and every step of the counting.

    The channel changes nothing of the counting: a term differs by channel in the catalogue, and for the post
    --received is when the envelope was signed in at the desk. --batch prints a JSON object for each line, in
    the order of the file; one that can't be read gives an error there, and 1 as the exit code at the end.
    """
    try:
        calendar, label = _calendar(unit_code), _one_of(Channel, channel, "--channel").label
        if batch:
            _answer_all(batch, calendar)
            return
        asked = _read(received or "", amount, unit)
        found = due(asked.received, asked.term, calendar)
    except PortalError as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(1)
    if as_json:
        click.echo(json.dumps(_as_json(found), ensure_ascii=False, indent=1))
    else:
        _show(asked, found, label)


def _calendar(unit_code: str | None) -> Calendar:
    """The calendar of the office with that code, or the usual hours with the country's days."""
    with context.command_session() as session:
        return calendar_of(session, _office_id(session, unit_code) if unit_code else None, context.today())


def _office_id(session: Session, code: str) -> int:
    found = session.scalar(select(Office.id).where(Office.code == code))
    if found is None:
        raise Refused(f"Không có cơ quan mang mã {code}.")
    return found


def _read(received: str, amount: str, unit: str) -> Asked:
    return Asked(_moment(received.strip()), _term(amount.strip(), _one_of(Unit, unit.strip(), "--unit")))


def _moment(text: str) -> datetime:
    """The moment that was typed, in Vietnam's time where it names no zone; raises Refused."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or len(text) <= len("2026-02-12"):
        raise Refused(f"Thời điểm nhận “{text}” phải có ngày và giờ, dạng 2026-02-12T15:30.")
    if at.year not in YEARS:
        raise Refused(f"Thời điểm nhận phải từ năm {YEARS[0]} đến năm {YEARS[-1]}.")
    return at if at.tzinfo else at.replace(tzinfo=ZONE)


def _term(amount: str, unit: Unit) -> Term:
    """The term of that many units; raises Refused."""
    try:
        return Term(Decimal(amount.replace(",", ".")), unit)
    except (ValueError, InvalidOperation):
        raise Refused(
            f"Số lượng “{amount}” không dùng được: phải trên 0, không quá 10000; ngày và tháng là số nguyên."
        ) from None


def _one_of(words: type[Word], typed: str, option: str) -> Word:
    try:
        return words(typed)
    except ValueError:
        raise Refused(f"{option} “{typed}” không có; hãy chọn: {', '.join(words)}.") from None


def _answer_all(file: Path, calendar: Calendar) -> None:
    """Answer every line of *file* in order; exit with 1 at the end when one could not be read."""
    answers = [_answer(line, calendar) for line in _lines(file)]
    for answer in answers:
        click.echo(json.dumps(answer, ensure_ascii=False))
    if any("error" in answer for answer in answers):
        sys.exit(1)


def _lines(file: Path) -> Iterator[str]:
    try:
        text = file.read_bytes().decode("utf-8-sig", errors="replace")
    except OSError as error:
        raise Refused(f"{file}: không đọc được tệp ({error.strerror}).") from error
    yield from text.removesuffix("\n").split("\n") if text else ()


def _answer(line: str, calendar: Calendar) -> dict[str, Any]:
    cells = line.split("|")
    try:
        if len(cells) != 3:
            raise Refused(f"Dòng “{line.strip()}” phải có ba ô: received|amount|unit.")
        asked = _read(*cells)
    except PortalError as refusal:
        return {"error": str(refusal)}
    return _as_json(due(asked.received, asked.term, calendar))


def _as_json(found: Due) -> dict[str, Any]:
    """The due date and its rows in words, as somebody else's program reads them."""
    rows = [
        {
            "when": line.at.astimezone(ZONE).isoformat(),
            "what": line.sentence,
            "counted": line.counted,
            "source": line.source,
        }
        for line in found.trace
    ]
    return {"due": found.at.astimezone(ZONE).isoformat(), "trace": rows}


def _show(asked: Asked, found: Due, channel: str) -> None:
    amount = "" if asked.term.unit is Unit.SAME_DAY else f"{asked.term.amount} "
    click.echo(f"Nhận {_local(asked.received)}, {channel.lower()}; thời hạn {amount}{asked.term.unit.label}.")
    click.echo(f"Đến hạn: {_local(found.at)}\n")
    rows = [(_when(line), line.counted, line.sentence, line.source) for line in found.trace]
    table = [("Khi nào", "Tính", "Việc", "Căn cứ"), *rows]
    widths = [max(len(row[column]) for row in table) for column in range(4)]
    for row in table:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _local(at: datetime) -> str:
    return f"{at.astimezone(ZONE):%d/%m/%Y %H:%M}"


def _when(line: Line) -> str:
    """A whole day is shown without the midnight that stands for it."""
    is_day = line.at == moment(day_of(line.at))
    return f"{line.at.astimezone(ZONE):%d/%m/%Y}" if is_day else _local(line.at)
