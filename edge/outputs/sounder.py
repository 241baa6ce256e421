"""When a horn is to be tested, and what a test has shown: pure.

    weekly, on `day` at `time`; missed then (gateway off, an alarm sounding): the next day at the same time

Nobody is startled by a horn at three in the morning because a gateway was switched on then: a test is made up
only at the hour that people know. Where the clock is not to be believed there is no test by time.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Final

import msgspec

from edge.config_models import SounderTest

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WINDOW_MS: Final = 10 * 60_000  # a test that did not begin by then waits for the next day


class Result(msgspec.Struct, frozen=True):
    """What a test showed of one output."""

    output: str
    ok: bool
    reason: str


def due(table: SounderTest, since_ms: int, utc_ms: int, zone: tzinfo | None) -> bool:
    """Say whether a test should begin now.

    Args:
        table: when.
        since_ms: UTC time of the last test, or of the first start.
        utc_ms: now.
        zone: of the plant; None: that of the system.
    """
    now = datetime.fromtimestamp(utc_ms / 1000, UTC).astimezone(zone)
    at = time.fromisoformat(table.time)
    today = _on(now, at, 0)
    if not timedelta(0) <= now - today < timedelta(milliseconds=WINDOW_MS):
        return False
    back = (now.weekday() - DAYS.index(table.day)) % 7
    return since_ms < _on(now, at, back).timestamp() * 1000


def _on(now: datetime, at: time, back: int) -> datetime:
    return datetime.combine((now - timedelta(days=back)).date(), at, now.tzinfo)


class Listening:
    """What a microphone or a current sensor shows before and while the horn sounds."""

    def __init__(self, key: str, rise: float) -> None:
        """Hear the point `key`, which must rise by `rise`."""
        self.key = key
        self._rise = rise
        self._quiet: float | None = None
        self._loudest: float | None = None

    def before(self, value: float | None) -> None:
        """Take its value with the horn silent."""
        self._quiet = value

    def during(self, value: float | None) -> None:
        """Take a value while the horn sounds."""
        if value is not None and (self._loudest is None or value > self._loudest):
            self._loudest = value

    def verdict(self) -> tuple[bool, str]:
        """Say whether it was heard, in words."""
        if self._quiet is None or self._loudest is None:
            return False, f"{self.key} gave no good value to hear it by"
        heard = self._loudest - self._quiet >= self._rise
        word = "rose" if heard else f"rose less than {self._rise:g}:"
        return heard, f"{self.key} {word} from {self._quiet:g} to {self._loudest:g}"


def results(
    outputs: Sequence[tuple[str, bool | None, bool | None]], heard: tuple[bool, str] | None
) -> list[Result]:
    """Judge a test.

    Args:
        outputs: name, read back while it should sound, read back afterwards; None: it cannot be read back.
        heard: verdict of what listened to the horn; None: nothing does.
    """
    made: list[Result] = []
    for name, on, off in outputs:
        faults = []
        if on is False:
            faults.append("did not switch on")
        if off is True:
            faults.append("did not switch off")
        words = [
            " and ".join(faults) or ("told, cannot be read back" if on is None else "read back on and off")
        ]
        ok = not faults
        if heard is not None and name.endswith(".horn"):
            ok = ok and heard[0]
            words.append(heard[1])
        made.append(Result(name, ok, "test: " + ", ".join(words)))
    return made
