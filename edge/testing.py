"""Points that somebody tries on purpose: who, until when, and which occurrences of alarms are TEST.

    begin(point) ─▶ its alarms that rise now are TEST ─▶ end or expiry: what still holds is told as real

Keeps law-warning 2 and 4: a TEST alarm sounds here as always and is shown as TEST at the centre, never
held back; when the test ends with the condition still there, it is an alarm. An occurrence stays what it was
raised as until it is normal. A test never outlives the process, nor LONGEST_MS. Pure: time is given.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from edge.core.alarm import RAISE, Standing, Transition

LONGEST_MS: Final = 4 * 3_600_000
HOLDING: Final = ("B", "C")


class UnderTest(msgspec.Struct, frozen=True):
    """A point that is being tried."""

    point: str
    by: str
    until_ms: int


class Testing:
    """All tests of one gateway; times are monotonic ms."""

    __test__ = False  # no test case of pytest

    def __init__(self) -> None:
        self._points: dict[str, UnderTest] = {}
        self._marked: dict[str, str] = {}  # alarm id -> its occurrence that is TEST

    def begin(self, point: str, by: str, for_ms: int, now: int) -> UnderTest:
        """Begin, or prolong.

        Raises:
            ValueError: nobody's, endless, or too long; says what would be right.
        """
        if not by.strip():
            raise ValueError("say who tests: the name goes into the record")
        if not 0 < for_ms <= LONGEST_MS:
            raise ValueError(
                f"a test ends by itself after 1 to {LONGEST_MS // 60_000} minutes: name how many"
            )
        self._points[point] = UnderTest(point, by.strip(), now + for_ms)
        return self._points[point]

    def end(self, point: str) -> UnderTest | None:
        """End the test of a point; None: there was none."""
        return self._points.pop(point, None)

    def expired(self, now: int) -> list[UnderTest]:
        """Return the tests whose time is up; the caller ends them."""
        return [one for one in self._points.values() if now >= one.until_ms]

    def next_due(self) -> int | None:
        """Return when the next test ends by itself."""
        return min((one.until_ms for one in self._points.values()), default=None)

    def now(self) -> list[UnderTest]:
        """List what is under test."""
        return list(self._points.values())

    def take(self, transition: Transition) -> bool:
        """Note a transition; returns whether it is TEST."""
        if transition.transition == RAISE:
            if point_of(transition.alarm) in self._points:
                self._marked[transition.alarm] = transition.occurrence
            else:
                self._marked.pop(transition.alarm, None)
        test = self.marks(transition.alarm, transition.occurrence)
        if transition.state == "A":
            self._marked.pop(transition.alarm, None)
        return test

    def marks(self, alarm: str, occurrence: str) -> bool:
        """Say whether this occurrence of an alarm is TEST."""
        return bool(occurrence) and self._marked.get(alarm) == occurrence

    def released(self, point: str, active: Sequence[Standing]) -> list[Standing]:
        """Take the mark from the alarms of a point whose condition still holds; returns them."""
        real = [
            held
            for held in active
            if point_of(held.alarm) == point
            and self.marks(held.alarm, held.occurrence)
            and (held.under or held.state) in HOLDING
        ]
        for held in real:
            del self._marked[held.alarm]
        return real


def point_of(alarm: str) -> str:
    """Return the key of the point that an alarm belongs to."""
    return alarm.rpartition("/")[0]
