"""Counts one day of an enterprise's alarms: what rang, flooded, chattered, stood and was heard.

By ANSI/ISA-18.2-2016 clause 16 and EEMUA 191; what an annunciation, a flood and chatter are is said by
`edge.core.flood`, so that the centre's figures are those of the gateway. Pure: events in the order of time go
in, with what the day before left; the day, and what it leaves to the next, comes out.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from typing import Final

from msgspec import Struct, field

from edge.core import alarm as core
from edge.core.flood import BEGINS_ABOVE, CHATTER_MS, CHATTERS_AT, ENDS_BELOW, WINDOW_MS

DAY_MS: Final = 86_400_000
HOUR_MS: Final = 3_600_000
STALE_MS: Final = DAY_MS  # ISA-18.2: stale is what stands for more than a day
MANY_IN_HOUR: Final = 30  # ISA-18.2: an hour with more is one too many
MOST_TIMES: Final = 1_000
_HOLDS: Final = ("B", "C")
_PRIORITIES: Final = 4

Key = tuple[str, str]
"""(gateway, alarm)."""


class Told(Struct, frozen=True):
    """One event of an alarm; `heard_s`: of an acknowledgement, seconds since the alarm rang, None unknown."""

    gateway_id: str
    alarm: str
    at_ms: int
    transition: int
    state: str
    under: str
    priority: int
    point_id: int | None
    heard_s: float | None = None


class Standing(Struct, frozen=True):
    """An alarm that stood when the day before ended. `ended_ms`: its end is known without an event of it."""

    since_ms: int
    state: str
    priority: int
    point_id: int | None
    ended_ms: int | None = None


class AlarmOfDay(Struct):
    """One alarm on the day. `since_ms`: it stood at the end, since then; `state`: letter shown then."""

    priority: int
    point_id: int | None
    annunciated: int = 0
    covered: int = 0
    chatters: int = 0
    stood_ms: int = 0
    stale: bool = False
    since_ms: int | None = None
    state: str = "A"


class Day(Struct):
    """The day; lists as in table `alarm_day`."""

    annunciated: int = 0
    covered: int = 0
    floods: int = 0
    flood_ms: int = 0
    flood_alarms: int = 0
    flooding: bool = False
    peak_ten: int = 0
    by_hour: list[int] = field(default_factory=lambda: [0] * 24)
    by_ten: list[int] = field(default_factory=lambda: [0] * 144)
    by_priority: list[int] = field(default_factory=lambda: [0] * _PRIORITIES)
    acknowledged: int = 0
    heard_s: list[float] = field(default_factory=list)
    alarms: dict[Key, AlarmOfDay] = field(default_factory=dict)

    @property
    def tens_over(self) -> int:
        """Ten-minute stretches of the clock with more than ten alarms."""
        return sum(many > BEGINS_ABOVE for many in self.by_ten)

    @property
    def hours_over(self) -> int:
        """Hours of the clock with more than thirty."""
        return sum(many > MANY_IN_HOUR for many in self.by_hour)

    @property
    def chattering(self) -> int:
        """Alarms that chattered."""
        return sum(one.chatters > 0 for one in self.alarms.values())

    @property
    def stale(self) -> int:
        """Alarms that stood for more than a day, and not under a cover at the end."""
        return sum(one.stale for one in self.alarms.values())

    @property
    def standing(self) -> int:
        """Alarms that stood when the day ended."""
        return sum(one.since_ms is not None for one in self.alarms.values())


def count(
    events: Iterable[Told],
    carried: Mapping[Key, Standing],
    flooding: bool,
    begin_ms: int,
    until_ms: int,
) -> Day:
    """Count a day.

    Args:
        events: from ten minutes before the day to its end, in the order of time.
        carried: what stood when the day began.
        flooding: a flood had begun and not ended then.
        begin_ms: midnight.
        until_ms: the next midnight, or now.
    """
    counting = Counting(carried, flooding, begin_ms, until_ms)
    for event in events:
        counting.take(event)
    return counting.finish()


class Counting:
    """A day on the way; the arguments as those of `count`."""

    def __init__(self, carried: Mapping[Key, Standing], flooding: bool, begin_ms: int, until_ms: int) -> None:
        self._day = Day(flooding=flooding)
        self._begin_ms = begin_ms
        self._until_ms = until_ms
        self._rung: deque[int] = deque()
        self._last: dict[Key, deque[int]] = {}
        self._chatters_until: dict[Key, int] = {}
        self._flood_since = begin_ms
        self._carried = carried
        self._since = {key: standing.since_ms for key, standing in carried.items()}
        for key, standing in carried.items():
            self._day.alarms[key] = AlarmOfDay(standing.priority, standing.point_id, state=standing.state)

    def take(self, event: Told) -> None:
        """Count the next event."""
        rang = event.state == "B"
        if event.at_ms < self._begin_ms:
            if rang:
                self._rung.append(event.at_ms)
            return
        key = (event.gateway_id, event.alarm)
        one = self._day.alarms.get(key)
        if one is None:
            one = self._day.alarms[key] = AlarmOfDay(event.priority, event.point_id)
        one.priority = event.priority
        if rang:
            self._ring(key, one, event)
        elif event.transition == core.RAISE:
            one.covered += 1
            self._day.covered += 1
        if event.transition == core.ACKNOWLEDGE:
            self._day.acknowledged += 1
            if event.heard_s is not None and len(self._day.heard_s) < MOST_TIMES:
                self._day.heard_s.append(event.heard_s)
        one.state = event.state
        self._stand(key, one, event)

    def _stand(self, key: Key, one: AlarmOfDay, event: Told) -> None:
        holds = (event.under if event.state in core.COVERS else event.state) in _HOLDS
        if holds:
            self._since.setdefault(key, event.at_ms)
        elif key in self._since:
            self._stood(one, self._since.pop(key), event.at_ms)

    def _stood(self, one: AlarmOfDay, since_ms: int, end_ms: int) -> None:
        one.stood_ms += end_ms - max(since_ms, self._begin_ms)
        if end_ms - since_ms > STALE_MS and one.state not in core.COVERS:
            one.stale = True

    def _ring(self, key: Key, one: AlarmOfDay, event: Told) -> None:
        day, at = self._day, event.at_ms
        one.annunciated += 1
        day.annunciated += 1
        day.by_priority[min(max(event.priority, 0), _PRIORITIES - 1)] += 1
        since_midnight = min(at - self._begin_ms, DAY_MS - 1)
        day.by_hour[since_midnight // HOUR_MS] += 1
        day.by_ten[since_midnight // WINDOW_MS] += 1
        self._flood(at)
        last = self._last.setdefault(key, deque(maxlen=CHATTERS_AT))
        last.append(at)
        if len(last) == CHATTERS_AT and at - last[0] < CHATTER_MS:
            if at >= self._chatters_until.get(key, 0):
                one.chatters += 1
            self._chatters_until[key] = at + CHATTER_MS

    def _flood(self, at: int) -> None:
        day = self._day
        self._calm(at)
        rung = self._rung
        rung.append(at)
        day.peak_ten = max(day.peak_ten, len(rung))
        if day.flooding:
            day.flood_alarms += 1
        elif len(rung) > BEGINS_ABOVE:
            day.flooding = True
            day.floods += 1
            day.flood_alarms += len(rung)
            self._flood_since = at

    def _calm(self, at: int) -> None:
        """Forget what is older than the window; a flood ends when fewer than five are left in it."""
        rung, day = self._rung, self._day
        while rung and at - rung[0] >= WINDOW_MS:
            left = rung.popleft() + WINDOW_MS
            if day.flooding and len(rung) < ENDS_BELOW:
                day.flooding = False
                day.flood_ms += max(0, left - self._flood_since)
        if day.flooding and len(rung) < ENDS_BELOW:
            day.flooding = False

    def finish(self) -> Day:
        """End the day."""
        self._calm(self._until_ms)
        if self._day.flooding:
            self._day.flood_ms += self._until_ms - self._flood_since
        for key, since_ms in self._since.items():
            one = self._day.alarms[key]
            known = self._carried.get(key)
            ended_ms = known.ended_ms if known is not None and known.since_ms == since_ms else None
            if ended_ms is not None and ended_ms < self._until_ms:
                one.state = "A"
                self._stood(one, since_ms, max(ended_ms, self._begin_ms))
            else:
                self._stood(one, since_ms, self._until_ms)
                one.since_ms = since_ms
        return self._day
