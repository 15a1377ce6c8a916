"""Lets Babel read TOML data: what a person reads in a form is a message id like any other."""

import tomllib
from collections.abc import Iterator
from typing import IO, Any

READ_BY_PEOPLE = frozenset({"title", "label", "hint", "text", "message", "notice", "lead", "add"})
"""Keys of a form definition whose text is shown."""

Message = tuple[int, str, str, list[str]]


def extract_toml(file: IO[bytes], _keywords: Any, _tags: Any, options: Any) -> Iterator[Message]:
    """Yield every shown text of a form definition, as Babel's extraction methods do."""
    for text in _shown(tomllib.load(file)):
        yield 1, "_", text, []


def _shown(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for child in node:
            yield from _shown(child)
    elif isinstance(node, dict):
        for key, child in node.items():
            if isinstance(child, str):
                yield from ([child] if key in READ_BY_PEOPLE and child else [])
            else:
                yield from _shown(child)
