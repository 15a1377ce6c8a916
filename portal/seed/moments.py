"""When the time of the demonstration begins, and since when its people are there."""

from datetime import UTC, datetime

ANCHOR = datetime(2020, 9, 15, 2, 0, tzinfo=UTC)
"""Where the demonstration's time begins: Tuesday 15 September 2020, 09:00 in Vietnam."""

OPENING = datetime(2020, 6, 1, 1, 0, tzinfo=UTC)
"""When its people registered and its desks opened: Monday 1 June 2020, 08:00 in Vietnam."""
