"""Whose turn it is on a shared wire: earliest deadline first, and silent instruments ever more rarely.

A late poll is skipped and counted, never queued. An instrument that stayed silent twice is asked again after
5 s, then after twice as long, up to a minute; all such questions together take at most a tenth of the wire.
Times are monotonic milliseconds; nothing here does any I/O.
"""

from collections.abc import Callable, Sequence
from typing import Final

PROBE_FIRST_MS: Final = 5_000
PROBE_LAST_MS: Final = 60_000
PROBE_SHARE: Final = 9  # nine times as long as a vain question took, no silent unit is asked

ASK: Final = 1
MISSED: Final = 2
REST: Final = 0


class Poll:
    """One question: which unit it goes to, how often, and when it is due next."""

    __slots__ = ("asked_ms", "due_ms", "period_ms", "skipped", "spacing_ms", "unit")

    def __init__(self, unit: int, period_ms: int, spacing_ms: int, due_ms: int) -> None:
        self.unit = unit
        self.period_ms = period_ms
        self.spacing_ms = spacing_ms
        self.due_ms = due_ms
        self.asked_ms = due_ms - spacing_ms
        self.skipped = 0


class Breaker:
    """One unit: how long it has been silent and from when on it may be tried again."""

    __slots__ = ("failed", "good", "number", "refused", "silence", "until_ms")

    def __init__(self, number: int) -> None:
        self.number = number
        self.silence = 0
        self.until_ms = 0
        self.good = 0
        self.failed = 0
        self.refused = 0

    @property
    def open(self) -> bool:
        """Whether the unit counts as silent."""
        return self.silence > 1


class Turns:
    """All questions of one wire."""

    def __init__(self, polls: Sequence[tuple[int, int, int]], units: int, first_ms: Sequence[int]) -> None:
        """Spread the questions over their periods.

        Args:
            polls: (unit, period in ms, least pause between two of the same question in ms), by number.
            units: how many there are.
            first_ms: from when on each unit may be asked.
        """
        count = max(1, len(polls))
        self.polls = [
            Poll(unit, period, spacing, first_ms[unit] + min(period, 10_000) * number // count)
            for number, (unit, period, spacing) in enumerate(polls)
        ]
        self.breakers = [Breaker(number) for number in range(units)]
        self._probe_from = 0

    def next(self, now: int, free_from: Callable[[int], int]) -> tuple[int, int, int]:
        """Return what is to be done now.

        Args:
            now: monotonic ms.
            free_from: from when on a unit may be asked, by the rule of the wire.

        Returns:
            (ASK, question, deadline), (MISSED, question, _) when its turn passes unasked, or
            (REST, -1, when to ask again; -1 = never).
        """
        best, earliest, wake = -1, 0, -1
        for number, poll in enumerate(self.polls):
            if poll.due_ms > now:
                at = poll.due_ms
            else:
                end = poll.due_ms + poll.period_ms
                at = max(self._may(poll), free_from(poll.unit))
                if at <= now:
                    if best < 0 or end < earliest:
                        best, earliest = number, end
                    continue
                if at >= end or now >= end:
                    self._miss(poll, now)
                    return MISSED, number, now
            wake = at if wake < 0 else min(wake, at)
        if best < 0:
            return REST, -1, wake
        poll = self.polls[best]
        late = (now - poll.due_ms) // poll.period_ms
        poll.skipped += late
        poll.due_ms += (late + 1) * poll.period_ms
        poll.asked_ms = now
        return ASK, best, earliest

    def missed(self, now: int) -> tuple[int, int]:
        """Return (question whose turn comes while there is no connection or -1, when the next one is due)."""
        wake = -1
        for number, poll in enumerate(self.polls):
            if poll.due_ms <= now:
                self._miss(poll, now)
                return number, now
            wake = poll.due_ms if wake < 0 else min(wake, poll.due_ms)
        return -1, wake

    def answered(self, unit: int, *, good: bool, now: int) -> bool:
        """Note that a unit answered, well or with a refusal; say whether it had been silent."""
        breaker = self.breakers[unit]
        was_open = breaker.open
        breaker.silence = 0
        breaker.until_ms = 0
        breaker.good += good
        breaker.refused += not good
        if was_open:
            self.returned(now)
        return was_open

    def silent(self, unit: int, cost_ms: int, now: int) -> bool:
        """Note that a unit did not answer, and what that cost; say whether it is silent from now on."""
        breaker = self.breakers[unit]
        breaker.failed += 1
        breaker.silence += 1
        if not breaker.open:
            return False
        pause = min(PROBE_FIRST_MS << min(breaker.silence - 2, 8), PROBE_LAST_MS)
        # Spread by number, so that units which died together are not tried together.
        breaker.until_ms = now + pause + pause * (unit * 7 % 16) // 64
        self._probe_from = now + PROBE_SHARE * cost_ms
        return breaker.silence == 2

    def returned(self, now: int) -> None:
        """Let silent units be tried at once: the connection came back, or one of them (one cable for all)."""
        self._probe_from = now
        for breaker in self.breakers:
            breaker.until_ms = min(breaker.until_ms, now)

    def retry_ms(self, unit: int) -> int:
        """Return from when on a silent unit is tried again."""
        breaker = self.breakers[unit]
        return max(breaker.until_ms, self._probe_from) if breaker.open else 0

    def _may(self, poll: Poll) -> int:
        return max(poll.asked_ms + poll.spacing_ms, self.retry_ms(poll.unit))

    @staticmethod
    def _miss(poll: Poll, now: int) -> None:
        # The one that follows may still be asked in time; those before it have passed without a word.
        late = max(0, (now - poll.due_ms) // poll.period_ms - 1)
        poll.skipped += late
        poll.due_ms += (late + 1) * poll.period_ms


class Expected:
    """An instrument that speaks by itself: thinned to its rhythm, and missed when it falls silent."""

    __slots__ = ("_last_ms", "due_ms", "heard", "missed", "period_ms", "thinned", "unit")

    def __init__(self, unit: int, period_ms: int, now: int) -> None:
        self.unit = unit
        self.period_ms = period_ms
        self.due_ms = now + 2 * period_ms
        self.heard = 0
        self.missed = 0
        self.thinned = 0
        self._last_ms = now - period_ms

    def take(self, now: int) -> bool:
        """Note that it spoke; say whether that is wanted: it may speak more often than anybody asked for."""
        self.due_ms = now + self.period_ms * 3 // 2
        if now - self._last_ms < self.period_ms // 2:
            self.thinned += 1
            return False
        self._last_ms = now
        self.heard += 1
        return True

    def overdue(self, now: int) -> bool:
        """Say whether it is missed now; it is then missed once a period."""
        if now < self.due_ms:
            return False
        self.due_ms = max(self.due_ms + self.period_ms, now)
        self.missed += 1
        return True
