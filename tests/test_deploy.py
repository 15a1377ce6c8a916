"""What deploy/ and the documents tell an engineer to type exists: settings, commands, files, tests."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from portal.cli import COMMANDS
from portal.ground.config import PREFIX, Settings, from_environment

ROOT = Path(__file__).parents[1]
EXAMPLES = [
    path
    for path in sorted((ROOT / "deploy").rglob("*"))
    if path.is_file() and "__pycache__" not in path.parts
]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
NAMES = {PREFIX + f.name.upper() for f in fields(Settings)}
PER_FILE = pytest.mark.parametrize(
    "path", [*EXAMPLES, *DOCUMENTS], ids=lambda path: str(path.relative_to(ROOT))
)


@PER_FILE
def test_every_setting_that_is_named_exists(path: Path) -> None:
    named = set(re.findall(rf"\b{PREFIX}[A-Z_]*[A-Z]\b", path.read_text()))
    assert named - NAMES == set()


@PER_FILE
def test_every_command_that_is_called_exists(path: Path) -> None:
    called = re.findall(
        r"flask --app wsgi ([a-z][a-z-]*)|^portal ([a-z][a-z-]*)", path.read_text(), re.MULTILINE
    )
    named = {first or second for first, second in called}
    assert named - {command.name for command in COMMANDS} == set()


def test_the_example_environment_can_be_used_and_its_comments_show_the_defaults() -> None:
    lines = re.findall(
        r'^(#?)(PORTAL_[A-Z_]+)="?([^"\n]+)"?$', (ROOT / "deploy/portal.env").read_text(), re.M
    )
    read = from_environment({name: value for comment, name, value in lines if not comment})
    assert (read.is_https, read.trusted_proxies, read.demonstration) == (True, 1, False)
    limits = {name: value for comment, name, value in lines if comment and value.isdecimal()}
    assert limits
    assert from_environment(limits) == Settings()


def test_nginx_takes_a_little_more_than_the_portal_and_sets_what_it_believes() -> None:
    site = (ROOT / "deploy/nginx/portal.conf").read_text()
    megabytes = int(re.findall(r"client_max_body_size (\d+)m;", site)[0])
    assert 0 < megabytes * 1024 * 1024 - Settings().request_max_bytes <= 5 * 1024 * 1024
    for header in ("X-Forwarded-For $remote_addr", "X-Forwarded-Proto $scheme", "X-Request-Id $request_id"):
        assert f"proxy_set_header {header};" in site
    assert "proxy_add_x_forwarded_for" not in site


def test_every_file_that_units_and_documents_name_is_in_the_repository() -> None:
    texts = "".join(path.read_text() for path in (*EXAMPLES, *DOCUMENTS))
    named = set(re.findall(r"\bdeploy/[\w./-]*\w\.(?:sql|conf|env|sh|service|timer|html)\b", texts))
    assert {name for name in named if not (ROOT / name).exists()} == set()


def test_every_test_that_the_threat_model_names_exists() -> None:
    text = (ROOT / "docs/security.md").read_text()
    named = set(re.findall(r"`([\w/]+\.py)::(test_\w+)`", text))
    assert len(named) > 50
    missing = [
        f"{path}::{name}"
        for path, name in sorted(named)
        if not re.search(rf"^def {name}\(", (ROOT / "tests" / path).read_text(), re.MULTILINE)
    ]
    assert missing == []
