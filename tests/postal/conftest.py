"""The road of one dossier by post."""

import pytest
from sqlalchemy.orm import Session

from tests.postal.journey import Journey


@pytest.fixture
def journey(town: Session) -> Journey:
    """The people of Phú Hòa and its post office, and what they do."""
    return Journey(town)
