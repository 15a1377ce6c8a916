"""Commands that take in the national catalogue and a province's list of levels."""

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from shutil import get_terminal_size
from typing import Any

import click
from flask.cli import with_appcontext
from tqdm import tqdm

from portal.catalogue import source_files
from portal.catalogue.defects import Defect
from portal.catalogue.importing import import_procedures
from portal.catalogue.levels_import import COLUMNS, import_levels
from portal.catalogue.reports import LevelReport, ProcedureReport, Report
from portal.ground.errors import PortalError
from portal.web import context

SHOWN = 20
"""How many names a list on the terminal shows; --json gives all."""

_file = click.argument("file", type=click.Path(path_type=Path))
_as_json = click.option("--json", "as_json", is_flag=True, help="Give the whole report as JSON.")


@click.command("import-procedures")
@with_appcontext
@_file
@_as_json
def procedures(file: Path, as_json: bool) -> None:
    """Take in the procedures of FILE: a JSON array in the canonical form, plain or gzip.

    Each record is imported, or named with its reason. Running again changes nothing. A broken file imports
    nothing and exits with 1.
    """
    items = _read(file, source_files.json_array)
    with context.command_session() as session:
        report = import_procedures(session, items, today=context.today(), progress=progress_bar)
    _show(report, as_json, _about_procedures)


@click.command("import-levels")
@with_appcontext
@_file
@_as_json
def levels(file: Path, as_json: bool) -> None:
    """Take in the online levels of FILE: CSV with code, online_level, decision, effective_from.

    A level of a procedure that is not imported yet is kept and named. A broken file imports nothing.
    """
    rows = _read(file, lambda content: source_files.csv_rows(content, COLUMNS))
    with context.command_session() as session:
        report = import_levels(session, rows, progress=progress_bar)
    _show(report, as_json, _about_levels)


def _read(file: Path, parse: Any) -> Any:
    """What *parse* makes of the file, or one line on stderr and exit 1."""
    try:
        return parse(file.read_bytes())
    except OSError as error:
        click.echo(f"{file}: {error.strerror}", err=True)
    except PortalError as error:
        click.echo(f"{file}: {error}", err=True)
    sys.exit(1)


def progress_bar(items: Sequence[Any]) -> Iterable[Any]:
    """A progress bar on stderr, only on a terminal."""
    if not sys.stderr.isatty():
        return items
    width = get_terminal_size().columns  # 80 where the terminal does not know, which tqdm takes for 0.
    shown: Iterable[Any] = tqdm(items, file=sys.stderr, unit="dòng", ncols=width)
    return shown


def _show(report: Any, as_json: bool, about: Any) -> None:
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=1))
        return
    _show_counts(report)
    about(report)


def _show_counts(report: Report) -> None:
    click.echo(
        f"Đọc {report.read}: mới {report.created}, cập nhật {report.updated}, không đổi {report.unchanged}, "
        f"không nhận {len(report.rejections)}; cảnh báo {report.warnings}."
    )
    for one in report.rejections:
        click.echo(f"  Không nhận mục thứ {one.position} {one.code}: {one.reason}")


def _about_procedures(report: ProcedureReport) -> None:
    for defect in Defect:
        if report.defects[defect]:
            click.echo(f"{report.defects[defect]:>6}  {defect.label}")
    _show_list("Giữ làm bản tham khảo bên bản đã biên tập", report.kept_as_reference)


def _about_levels(report: LevelReport) -> None:
    _show_list("Có mức mà chưa có thủ tục (vẫn giữ)", report.without_procedure)
    _show_list("Có thủ tục mà chưa có mức", report.without_level)


def _show_list(title: str, codes: Sequence[str]) -> None:
    if codes:
        more = f" … (thêm {len(codes) - SHOWN}; xem đủ bằng --json)" if len(codes) > SHOWN else ""
        click.echo(f"{title}, {len(codes)}: {', '.join(codes[:SHOWN])}{more}")
