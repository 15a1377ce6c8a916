"""Every sentence a person may read stands in the English catalogue, with the same blanks to fill."""

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "portal/translations/en/LC_MESSAGES/messages.po"
KEYWORDS = {"_": None, "_l": None, "N_": None, "ngettext": (1, 2)}
BLANK = re.compile(r"%\((\w+)\)")
VIETNAMESE = re.compile(
    r"[ăâđêôơưạảãàáằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE
)


def sentences() -> set[str]:
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["babel"]["mappings"]
    methods = [(mapping["pattern"], mapping["method"]) for mapping in mappings]
    options = {m["pattern"]: {k: v for k, v in m.items() if k not in ("pattern", "method")} for m in mappings}
    found = extract_from_dir(str(ROOT), methods, options, keywords=KEYWORDS, strip_comment_tags=False)
    return {forms(message)[0] for _, _, message, _, _ in found}


def forms(text: str | Sequence[str]) -> tuple[str, ...]:
    """The one form of a sentence, or its singular and plural."""
    return (text,) if isinstance(text, str) else tuple(text)


@pytest.fixture(scope="module")
def english() -> dict[str, tuple[str, ...]]:
    with CATALOGUE.open("rb") as file:
        return {forms(message.id)[0]: forms(message.string) for message in read_po(file) if message.id}


def test_every_sentence_has_its_english(english: dict[str, tuple[str, ...]]) -> None:
    assert sorted(sentence for sentence in sentences() if not all(english.get(sentence, ("",)))) == []


def test_the_catalogue_holds_nothing_that_is_no_longer_said(english: dict[str, tuple[str, ...]]) -> None:
    assert sorted(set(english) - sentences()) == []


def test_both_languages_fill_the_same_blanks(english: dict[str, tuple[str, ...]]) -> None:
    filled = [(vi, en) for vi, said in english.items() for en in said]
    wrong = [vi for vi, en in filled if set(BLANK.findall(vi)) != set(BLANK.findall(en))]
    assert wrong == []


def test_templates_say_nothing_outside_the_catalogue() -> None:
    """Vietnamese letters in a template stand only inside _() or a comment."""
    spoken = re.compile(
        r"\{#.*?#\}|(?:_|ngettext)\(\s*(?:(?:\"[^\"]*\"|'[^']*')[,\s]*)+|\{%\s*trans.*?endtrans\s*%\}",
        re.DOTALL,
    )
    loose = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        rest = spoken.sub("", path.read_text())
        loose += [
            f"{path.relative_to(ROOT)}: {line.strip()}"
            for line in rest.splitlines()
            if VIETNAMESE.search(line)
        ]
    assert loose == []
