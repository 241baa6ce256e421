"""The hours in which a ladder rings are those of China, whatever the day."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from central.warning.hours import rings_at


@pytest.mark.parametrize(
    ("at", "rings"),
    [
        (datetime(2026, 11, 22, 4, 30, tzinfo=UTC), datetime(2026, 11, 22, 4, 30, tzinfo=UTC)),
        (datetime(2026, 11, 22, 10, 0, tzinfo=UTC), datetime(2026, 11, 23, 0, 0, tzinfo=UTC)),
        (datetime(2026, 11, 22, 23, 59, tzinfo=UTC), datetime(2026, 11, 23, 0, 0, tzinfo=UTC)),
        (datetime(2026, 12, 31, 20, 0, tzinfo=UTC), datetime(2027, 1, 1, 0, 0, tzinfo=UTC)),
    ],
    ids=["by day", "at six in the evening", "before eight", "over the new year"],
)
def test_what_is_due_outside_the_hours_waits_for_the_morning(at: datetime, rings: datetime) -> None:
    assert rings_at(at, 8, 18) == rings
    assert rings_at(at, 0, 24) == at
