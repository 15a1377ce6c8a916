"""Documents are tested like code: every setting and every command is in the operations page."""

from dataclasses import fields
from pathlib import Path

from portal.cli import COMMANDS
from portal.ground.config import Settings

OPERATIONS = (Path(__file__).parents[1] / "docs/operations.md").read_text()


def test_every_setting_is_documented() -> None:
    assert [f.name for f in fields(Settings) if f"`PORTAL_{f.name.upper()}`" not in OPERATIONS] == []


def test_every_command_is_documented() -> None:
    assert [c.name for c in COMMANDS if f"| `{c.name}" not in OPERATIONS] == []


def test_every_command_helps() -> None:
    assert [c.name for c in COMMANDS if not c.help] == []
