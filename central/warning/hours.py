"""The hours in which a ladder rings: pure. Nobody is called at night for a paper that has lapsed."""

from datetime import UTC, datetime, timedelta

from central.warning.wording import CHINA


def rings_at(at: datetime, hour_from: int, hour_to: int) -> datetime:
    """Give the first moment not before `at` that lies in the hours.

    Args:
        at: aware.
        hour_from: the first hour of the day, time of China, 0 to 23.
        hour_to: the hour that is outside again, 1 to 24.
    """
    local = at.astimezone(CHINA)
    if hour_from <= local.hour < hour_to:
        return at
    if local.hour >= hour_to:
        local += timedelta(days=1)
    return local.replace(hour=hour_from, minute=0, second=0, microsecond=0).astimezone(UTC)
