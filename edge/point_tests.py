"""Begins and ends the test of a point at the plant, and records who did it.

begin(point, by, minutes) ─▶ operator event; alarms that rise are TEST (edge/testing.py decides which)
end, expiry ─▶ operator event; what still holds is cleared as TEST and raised as real, in one transaction
"""

from collections.abc import Callable, Sequence
from functools import partial

from edge.core import alarm
from edge.spool.spool import Clock, Spool
from edge.testing import Testing, UnderTest
from edge.watched import Watched
from protocol import messages as m


class PointTests:
    """The tests of one plant."""

    def __init__(
        self, watched: Sequence[Watched], spool: Spool, clock: Clock, wake: Callable[[int | None], None]
    ) -> None:
        self.testing = Testing()
        self._watched = watched
        self._spool = spool
        self._clock = clock
        self._wake = wake

    def begin(self, point: str, by: str, for_ms: int) -> UnderTest:
        """Let the alarms of a point that rise from now on be TEST; they sound as always.

        Raises:
            ValueError: no such point, or it makes no sense; says why.
        """
        if not any(one.key == point for w in self._watched for one in w.block.points):
            raise ValueError(f"no point {point!r} here")
        begun = self.testing.begin(point, by, for_ms, self._clock.mono_ms())
        self._record("test-begin", point, begun.by, f"{for_ms // 60_000} min")
        self._wake(begun.until_ms)
        return begun

    def end(self, point: str, by: str, reason: str = "") -> bool:
        """End the test of a point: what still holds is told as real at once; False: there was none."""
        if self.testing.end(point) is None:
            return False
        self._record("test-end", point, by, reason)
        active = [held for w in self._watched for held in w.watch.active()]
        for held in self.testing.released(point, active):
            self._spool.record(
                partial(_again, held, alarm.CLEAR, alarm.NORMAL_STATE, True),
                partial(_again, held, alarm.RAISE, held.state, False),
            )
        return True

    def tick(self, now: int) -> int | None:
        """End what has expired; returns when the next test does, in monotonic ms."""
        for one in self.testing.expired(now):
            self.end(one.point, one.by, "expired")
        return self.testing.next_due()

    def _record(self, action: str, point: str, by: str, reason: str) -> None:
        self._spool.record(
            partial(m.OperatorEvent, action=action, origin="local", by=by, alarm=point, reason=reason)
        )


def _again(
    held: alarm.Standing,
    transition: int,
    state: str,
    test: bool,
    seq: int,
    time_ms: int,
    mono_ms: int,
    clock: int,
) -> m.AlarmEvent:
    return m.AlarmEvent(
        seq,
        time_ms,
        mono_ms,
        clock,
        held.alarm,
        held.occurrence,
        transition,
        state,
        held.value,
        held.quality,
        held.priority,
        held.under if state == held.state else "",
        test=test,
    )
