"""Commands that keep what was entrusted: backup, restore, and whether every file is there."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import sqlalchemy as sa
from flask.cli import with_appcontext

from portal.commands.running import migrate
from portal.commands.trust import tell_faults
from portal.ground import backup, snapshot
from portal.ground.archive import Manifest
from portal.ground.errors import PortalError, Unavailable
from portal.ground.storage import Spoiled
from portal.web import context


@click.command("backup")
@click.argument("destination", type=click.Path(path_type=Path))
@with_appcontext
def back_up(destination: Path) -> None:
    """Write database and files to DESTINATION, a new file or a folder for one, while the portal is in use.

    The keys are not in it. A file that the store cannot give is named and the exit code is 1; the archive
    holds all the rest.
    """
    path = _new(destination)
    with _one_line(path):
        manifest = backup.make(path, _engine(), context.files(), keys=_keys(), at=context.wall_clock())
    click.echo(f"Đã sao lưu vào {path}: {_counts(manifest)}.")
    click.echo(f"Khóa không nằm trong đó, mất khóa là mất mọi số định danh: giữ riêng {_keyring()}.")
    _name_missing(manifest)


@click.command("restore")
@click.argument("archive", type=click.Path(path_type=Path))
@click.option("--without-keys", is_flag=True, help="The keys are lost, and what they sealed.")
@click.pass_context
@with_appcontext
def restore(caller: click.Context, archive: Path, without_keys: bool) -> None:
    """Fill an empty database and the file store from ARCHIVE, bring it to the newest schema and verify it.

    Every checksum is compared before anything is touched. Broken off, the same command goes on.
    """
    keys, scratch = None if without_keys else _keys(), context.settings().data
    with _one_line(archive):
        scratch.mkdir(parents=True, exist_ok=True)
        manifest = backup.restore(archive, _engine(), context.files(), keys=keys, scratch=scratch)
    caller.invoke(migrate)
    tell_faults()  # The roots of the nights since the backup are missing yet, and no fault of it.
    click.echo(f"Đã khôi phục bản sao lưu lúc {manifest.made_at}: {_counts(manifest)}.")
    _name_missing(manifest)


@click.command("verify-files")
@with_appcontext
def verify_files() -> None:
    """Read every file that the database names; say which is missing or spoiled and exit with 1."""
    with _one_line(context.settings().storage):
        with context.database().reading() as session:
            named = snapshot.blobs(session.connection())
        faults = [(key, fault) for key in named if (fault := _fault(key))]
        strangers = len(set(context.files().stored()) - set(named))
    for key, fault in faults:
        click.echo(f"{key}: {fault}", err=True)
    if faults:
        sys.exit(1)
    click.echo(f"{len(named)} tệp nguyên vẹn; {strangers} tệp khác trong kho không thuộc hồ sơ nào.")


def _fault(key: str) -> str:
    """What is wrong with a file, in words; "" when nothing is."""
    try:
        for _ in context.files().pieces(key):
            pass
    except FileNotFoundError:
        return "không có trong kho"
    except Spoiled:
        return "nội dung đã bị đổi"
    return ""


@contextmanager
def _one_line(about: Path | str) -> Iterator[None]:
    """End the command with one line and 1 for everything that may come from outside."""
    try:
        yield
    except (Unavailable, sa.exc.OperationalError) as away:
        reason = str(away.__cause__ or away).partition("\n")[0]
        said = f"Cơ sở dữ liệu hoặc kho tệp không trả lời: {reason}"
    except PortalError as refusal:
        said = str(refusal)
    except OSError as error:
        said = f"{about}: {error.strerror}"
    else:
        return
    click.echo(said, err=True)
    sys.exit(1)


def _new(destination: Path) -> Path:
    """The file to write: named by the moment when *destination* is a folder; never one that exists."""
    moment = context.wall_clock()
    path = destination / f"mot-cua-{moment:%Y%m%dT%H%M%SZ}.tar" if destination.is_dir() else destination
    if path.exists():
        raise click.ClickException(f"{path} đã có; bản sao lưu không ghi đè lên tệp nào.")
    return path


def _engine() -> sa.Engine:
    return context.database().engine


def _keys() -> list[str]:
    return context.settings().keys().fingerprints()


def _keyring() -> str:
    """Where the keys are that the operator must keep."""
    settings = context.settings()
    given = {"PORTAL_IDENTITY_KEYS": settings.identity_keys, "PORTAL_INDEX_KEY": settings.index_key}
    places = [name for name, key in given.items() if key]
    if len(places) < len(given):
        places.append(str(settings.data.absolute() / "secrets.json"))
    return " và ".join(places)


def _counts(manifest: Manifest) -> str:
    megabytes = (manifest.database_bytes + sum(manifest.files.values())) / 2**20
    return f"{sum(manifest.rows.values())} dòng, {len(manifest.files)} tệp, {megabytes:.1f} MB"


def _name_missing(manifest: Manifest) -> None:
    """Name the files that the archive could not take in, and fail."""
    for key in manifest.missing:
        click.echo(f"Thiếu tệp {key}: lúc sao lưu kho không có hoặc đã hỏng.", err=True)
    if manifest.missing:
        sys.exit(1)
