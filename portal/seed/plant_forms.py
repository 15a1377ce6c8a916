"""Publishes the forms that stand as TOML in forms/: a changed one becomes the next number."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalogue.form_source import GENERIC, with_sealed
from portal.catalogue.models import FormDefinition

FORMS = Path(__file__).parent / "forms"


def plant_forms(session: Session, at: datetime) -> int:
    """Publish every form that is new or has changed; returns how many."""
    published = [
        _publish(session, GENERIC if path.stem == "generic" else path.stem, _content(path), at)
        for path in sorted(FORMS.glob("*.toml"))
    ]
    return sum(published)


def _content(path: Path) -> dict[str, Any]:
    return with_sealed(tomllib.loads(path.read_text(encoding="utf-8")))


def _publish(session: Session, code: str, content: dict[str, Any], at: datetime) -> bool:
    numbers = select(FormDefinition).where(FormDefinition.code == code).order_by(FormDefinition.number.desc())
    newest = session.scalars(numbers.limit(1)).first()
    if newest is not None and newest.content == content:
        return False
    number = newest.number + 1 if newest else 1
    session.add(FormDefinition(code=code, number=number, published_at=at, content=content))
    return True
