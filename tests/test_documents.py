"""Documents are tested like code: every setting and every command is in the operations page."""

import re
import subprocess
from dataclasses import Field, fields
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from deploy.screenshots import FOLDER, PICTURES, Picture
from portal.cli import COMMANDS
from portal.ground.config import Settings

ROOT = Path(__file__).parents[1]
OPERATIONS = (ROOT / "docs/operations.md").read_text()
README = (ROOT / "README.md").read_text()
PEOPLE = re.findall(r"^\| ([^,|]+), [^|]+ \| `([^`]+)`", README, re.MULTILINE)
PASSWORD = re.findall(r"password: `([^`]+)`", README)


def test_every_setting_stands_exactly_once() -> None:
    rows = re.findall(r"^\| `(PORTAL_[A-Z_]+)` \|", OPERATIONS, re.MULTILINE)
    assert rows == [f"PORTAL_{f.name.upper()}" for f in fields(Settings)]


PLAIN_DEFAULTS = [f for f in fields(Settings) if f.default not in ("", False, True)]


@pytest.mark.parametrize("setting", PLAIN_DEFAULTS, ids=lambda setting: setting.name)
def test_every_default_is_the_one_in_force(setting: Field[Any]) -> None:
    assert f"| `PORTAL_{setting.name.upper()}` | `{setting.default}` |" in OPERATIONS


def test_every_command_stands_exactly_once() -> None:
    table = OPERATIONS.partition("## Commands")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `([a-z-]+)[^`]*` \|", table, re.MULTILINE)
    assert rows == [command.name for command in COMMANDS]


def test_every_option_that_is_named_is_an_option() -> None:
    for name, said in re.findall(r"^\| `([a-z-]+)[^`]*` \|(.*)\|$", OPERATIONS, re.MULTILINE):
        command = next((one for one in COMMANDS if one.name == name), None)
        known = {option for parameter in command.params for option in parameter.opts} if command else set()
        assert set(re.findall(r"`(--[a-z-]+)", said)) <= known or command is None


def test_no_heading_stands_twice() -> None:
    headings = re.findall(r"^##+ .*", OPERATIONS, re.MULTILINE)
    assert len(headings) == len(set(headings))


def test_every_command_of_the_readme_is_a_command_that_works_as_it_stands() -> None:
    lines = re.findall(r"^(.*flask --app wsgi ([a-z-]+).*)$", README, re.MULTILINE)
    assert lines
    assert [line for line, _ in lines if not line.startswith(".venv/bin/flask --app wsgi ")] == []
    assert {name for _, name in lines} <= {command.name for command in COMMANDS}


def test_every_target_the_documents_name_is_a_target() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"^(?:.*[`/])?make ([a-z]+)", README + OPERATIONS, re.MULTILINE)) <= targets


def test_reset_works_as_it_stands() -> None:
    """The README names no setting beside `make reset`: the Makefile gives it."""
    line = subprocess.run(
        ["make", "-n", "reset"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert "demo --reset" in line
    assert "reset: export PORTAL_DEMONSTRATION ?= 1" in (ROOT / "Makefile").read_text()


def test_every_command_helps() -> None:
    assert [c.name for c in COMMANDS if not c.help] == []


@pytest.mark.parametrize(("name", "typed"), PEOPLE)
def test_everybody_the_readme_names_can_sign_in(client: FlaskClient, name: str, typed: str) -> None:
    client.post("/dang-nhap", data={"ten": typed, "mat_khau": PASSWORD[0]})
    assert name in client.get("/tai-khoan").get_data(as_text=True)


def test_the_pictures_of_the_readme_are_those_that_can_be_taken_anew() -> None:
    shown = set(re.findall(r"docs/pictures/([a-z-]+)\.png", README))
    assert shown == {picture.name for picture in PICTURES} == {file.stem for file in FOLDER.iterdir()}


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_every_address_of_a_picture_is_an_address_of_the_portal(app: Flask, picture: Picture) -> None:
    path, _, query = picture.path.partition("?")
    assert app.url_map.bind("localhost").match(path, "GET", query_args=query)
    assert not picture.who or picture.who in dict(map(reversed, PEOPLE))


def test_every_picture_and_page_the_readme_links_is_there() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert [link for link in links if not link.startswith("http") and not (ROOT / link).exists()] == []
