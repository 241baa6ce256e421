"""The alarms of one block: what stands, who heard it, what outlives a restart, and which delay ends next.

Keeps law-never-lose 2: what stands (occurrence, state, covers) is listed for the birth, outlives a restart.

Each point has a band of raw numbers in which nothing can happen (`Point.band`, exact to the bit). A point
with a running delay, an alarm in B or C, or a value that is not good is restless: its band is empty, so that
every sample of it is judged, until all its alarms are settled again.

Time is monotonic milliseconds of one boot, given by the caller; it never goes back and never wraps.
Runs on MicroPython as it is (its dicts keep no order: what makes transitions walks lists).
"""

from edge.core.alarm import (
    ACKNOWLEDGE,
    AFTER_ACKNOWLEDGE,
    AFTER_RESET,
    CLEAR,
    DEV,
    FALLING,
    NORMAL_STATE,
    QUALITY,
    RESET,
    RISING,
    SHELVED,
    STANDING,
    Alarm,
    Limit,
    Standing,
    Transition,
    faults,
)
from edge.core.firstup import FirstUp
from edge.core.point import EMPTY, Points
from edge.core.shelf import LONGEST_MS, remaining_ms
from protocol.quality import GOOD, NOT_CONNECTED

# How mypy knows the names of `collections.abc`, which MicroPython does not have.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    Saved = tuple[Any, ...]
    """(alarm id, state, occurrence, since) and, where needed, what `cover_of` gives."""


class Board:
    """The alarms of one block, without what moves them: its `Watch` adds that."""

    def __init__(
        self,
        block: Points,
        limits: "Sequence[Limit]",
        mint: "Callable[[], str]",
        quality_delay_ms: int,
        first_up: FirstUp | None = None,
    ) -> None:
        """Prepare the bands.

        Args:
            block: the points that are watched.
            limits: alarms of its points. A point without one of side "Q" gets "{key}/Q": on-delay and
                off-delay `quality_delay_ms`, not latched, priority 0.
            mint: gives the name of a new occurrence, "{boot:08x}-{n}".
            quality_delay_ms: of the quality alarms that are not configured.
            first_up: the groups of the gateway; None: its own.

        Raises:
            ValueError: an alarm is double, of no point of this block, or could never clear.
        """
        self.block = block
        self._mint = mint
        self._first_up = FirstUp() if first_up is None else first_up
        self._shelf: list[Alarm] = []
        self.limits = list(limits)
        found = faults(block, limits)
        if found:
            raise ValueError(found[0])
        spoken_for = [limit.point_index for limit in self.limits if limit.side == QUALITY]
        for i, point in enumerate(block.points):
            if i not in spoken_for:
                name = point.key + "/Q"
                delay = quality_delay_ms
                self.limits.append(Limit(name, i, QUALITY, None, 0.0, delay, delay, False, 0))
        self._alarms: list[list[Alarm]] = []  # of each point, in the order configured
        self._by_id: dict[str, Alarm] = {}
        self._bands: list[tuple[float, float]] = []
        for i, point in enumerate(block.points):
            alarms = [Alarm(limit) for limit in self.limits if limit.point_index == i]
            above: float | None = None
            below: float | None = None
            for alarm in alarms:
                self._by_id[alarm.config.alarm_id] = alarm
                limit = alarm.config.limit
                if limit is None:
                    continue
                side, middle = alarm.config.side, alarm.config.setpoint
                if side == DEV and middle is not None:
                    below = middle + limit if below is None else min(below, middle + limit)
                    above = middle - limit if above is None else max(above, middle - limit)
                elif side in RISING:
                    below = limit if below is None else min(below, limit)
                elif side in FALLING:
                    above = limit if above is None else max(above, limit)
            self._alarms.append(alarms)
            moving = [alarm for alarm in alarms if alarm.config.moving]
            self._bands.append(EMPTY if moving else point.band(above, below))
        self._lows = [band[0] for band in self._bands]
        self._highs = [band[1] for band in self._bands]
        self._restless = [False] * len(self._alarms)
        self._values: list[float | None] = [None] * len(self._alarms)  # of restless points
        self._quality = [NOT_CONNECTED] * len(self._alarms)
        self._raws: Sequence[float] | None = None
        self._due: int | None = None

    def alarm(self, alarm_id: str) -> Alarm | None:
        """Find one of this watch's alarms; None: it is not its own."""
        return self._by_id.get(alarm_id)

    def acknowledge(self, alarm_id: str, now_ms: int) -> list[Transition]:
        """Somebody heard this alarm; nothing happens where there is nothing to acknowledge.

        Raises:
            ValueError: the alarm is not of this watch.
        """
        return self._operate(self._own(alarm_id), ACKNOWLEDGE, now_ms)

    def acknowledge_all(self, now_ms: int) -> list[Transition]:
        """Somebody heard every alarm of this block that is not covered."""
        return self._operate_all(ACKNOWLEDGE, now_ms)

    def reset(self, alarm_id: str, now_ms: int) -> list[Transition]:
        """Let go of this latched alarm, if it is acknowledged and back to normal (F).

        Raises:
            ValueError: the alarm is not of this watch.
        """
        return self._operate(self._own(alarm_id), RESET, now_ms)

    def reset_all(self, now_ms: int) -> list[Transition]:
        """Let go of every latched alarm of this block that is not covered and may be let go."""
        return self._operate_all(RESET, now_ms)

    def reading(self, i: int) -> tuple[float | None, int]:
        """Give the newest value of a point, None where there is none to believe, and its quality."""
        return self._now(i)

    def refer(self, alarm_id: str, setpoint: float | None) -> None:
        """Tell a deviation alarm its setpoint, from the next reading on; None: it is not known now.

        Raises:
            ValueError: the alarm is not of this watch.
        """
        self._own(alarm_id).setpoint = setpoint

    def active(self) -> list[Standing]:
        """List every alarm that is not in state A, in the order of the points."""
        standing = []
        for i, alarms in enumerate(self._alarms):
            for alarm in alarms:
                if alarm.letter != NORMAL_STATE:
                    value, quality = self._now(i)
                    standing.append(
                        Standing(
                            alarm.config.alarm_id,
                            alarm.occurrence,
                            alarm.letter,
                            since(alarm),
                            value,
                            quality,
                            alarm.config.side,
                            alarm.config.priority,
                            alarm.state if alarm.cover else "",
                            alarm.first,
                            alarm.by,
                            alarm.reason,
                            alarm.shelved_until or 0,
                        )
                    )
        return standing

    def dump(self, offset_ms: int = 0) -> "list[Saved]":
        """Give what must outlive a restart, in plain strings and integers.

        Args:
            offset_ms: added to the monotonic times; UTC - monotonic makes them mean something after a boot.

        Returns:
            (alarm id, state, occurrence, raised first at) of every alarm that is not in state A; a fifth part
            (shelved until or 0, out, suppressed, by, reason, first) of those that are covered or came first.
        """
        saved: list[Saved] = []
        for alarms in self._alarms:
            for alarm in alarms:
                if alarm.letter != NORMAL_STATE:
                    entry: Saved = (
                        alarm.config.alarm_id,
                        alarm.state,
                        alarm.occurrence,
                        since(alarm) + offset_ms,
                    )
                    more = cover_of(alarm, offset_ms)
                    saved.append(entry if more is None else entry + (more,))
        return saved

    def restore(
        self,
        saved: "Sequence[Saved]",
        offset_ms: int = 0,
        now_ms: int = 0,
        longest_ms: int = LONGEST_MS,
    ) -> "list[Saved]":
        """Take over what `dump` gave, before the first reading.

        Occurrence, acknowledgement and covers are kept. Whether the alarm still holds is decided by the next
        readings under today's limits, as ever: nothing clears before a good value was normal for the
        off-delay. A latched alarm waits for its reset even if it is no longer configured to latch. A
        shelving whose end has passed, or cannot be believed, ends at the first `tick`.

        Args:
            saved: entries of this watch and of others.
            offset_ms: UTC - monotonic of this boot, if `dump` had the like.
            now_ms: monotonic.
            longest_ms: that a shelving may last.

        Returns:
            The entries that are not of this watch; what no watch takes, `close` ends.
        """
        foreign = []
        for entry in saved:
            alarm = self._by_id.get(entry[0])
            more = entry[4] if len(entry) > 4 else None
            if alarm is None or not (entry[1] in STANDING or (entry[1] == NORMAL_STATE and more)):
                foreign.append(entry)
                continue
            alarm.state = entry[1]
            alarm.occurrence = entry[2]
            since_ms = entry[3] - offset_ms
            if alarm.state == NORMAL_STATE:
                alarm.covered_ms = since_ms
            else:
                alarm.since_ms = since_ms
            if more:
                if more[0]:
                    rest = remaining_ms(more[0] - offset_ms, now_ms, longest_ms)
                    alarm.shelved_until = now_ms + rest
                    self._shelf.append(alarm)
                alarm.out, alarm.suppressed = bool(more[1]), bool(more[2])
                alarm.by, alarm.reason, alarm.first = more[3], more[4], bool(more[5])
            if alarm.config.group and alarm.letter in STANDING:
                self._first_up.restore(alarm.config.group, alarm.config.alarm_id, alarm.first)
            self._settle(alarm.config.point_index)
        self._plan()
        return foreign

    def _own(self, alarm_id: str) -> Alarm:
        alarm = self._by_id.get(alarm_id)
        if alarm is None:
            raise ValueError("%s: no alarm of this block" % alarm_id)
        return alarm

    def _expire(self, until_ms: int, now_ms: int, made: list[Transition]) -> None:
        for i, alarms in enumerate(self._alarms):
            for alarm in alarms:
                self._step(alarm, until_ms, now_ms, made)
            self._settle(i)

    def _step(self, alarm: Alarm, until_ms: int, now_ms: int, made: list[Transition]) -> None:
        before = alarm.state
        transition = alarm.expire(until_ms)
        if transition is not None:
            if before == NORMAL_STATE:
                alarm.occurrence = self._mint()
                alarm.since_ms = now_ms
            self._record(alarm, transition, now_ms, made)

    def _operate(self, alarm: Alarm, transition: int, now_ms: int) -> list[Transition]:
        made: list[Transition] = []
        after = (AFTER_ACKNOWLEDGE if transition == ACKNOWLEDGE else AFTER_RESET).get(alarm.state)
        if after is not None:
            alarm.state = after
            self._record(alarm, transition, now_ms, made)
        return made

    def _operate_all(self, transition: int, now_ms: int) -> list[Transition]:
        made: list[Transition] = []
        for alarms in self._alarms:
            for alarm in alarms:
                if not alarm.cover:
                    made.extend(self._operate(alarm, transition, now_ms))
        return made

    def _record(
        self,
        alarm: Alarm,
        transition: int,
        now_ms: int,
        made: list[Transition],
        by: str = "",
        reason: str = "",
    ) -> None:
        config = alarm.config
        letter = alarm.letter
        if config.group:
            alarm.first = self._first_up.take(config.group, config.alarm_id, letter in STANDING)
        value, quality = self._now(config.point_index)
        made.append(
            Transition(
                config.alarm_id,
                alarm.occurrence,
                transition,
                letter,
                value,
                quality,
                now_ms,
                config.side,
                config.priority,
                alarm.state if letter != alarm.state else "",
                alarm.first,
                by,
                reason,
                (alarm.shelved_until or 0) if letter == SHELVED else 0,
            )
        )
        if alarm.state == NORMAL_STATE:
            alarm.occurrence = ""
            alarm.since_ms = 0

    def _now(self, i: int) -> tuple[float | None, int]:
        """Give the newest value and quality of a point; a quiet one keeps only its raw number."""
        if self._raws is not None and not self._restless[i]:
            return self.block.scaled(i, self._raws[i]), GOOD
        return self._values[i], self._quality[i]

    def _settle(self, i: int) -> None:
        restless = False
        for alarm in self._alarms[i]:
            restless = restless or alarm.restless
        self._restless[i] = restless
        self._lows[i], self._highs[i] = EMPTY if restless else self._bands[i]

    def _plan(self) -> None:
        due: int | None = None
        for alarms, restless in zip(self._alarms, self._restless):
            for alarm in alarms if restless else ():
                at = alarm.due()
                if at is not None and (due is None or at < due):
                    due = at
        for alarm in self._shelf:
            at = alarm.shelved_until
            if at is not None and (due is None or at < due):
                due = at
        self._due = due


def cover_of(alarm: Alarm, offset_ms: int) -> "tuple[int, int, int, str, str, int] | None":
    """Give what lies over an alarm as `Board.dump` saves it; None: nothing, and it came not first."""
    if not alarm.cover and not alarm.first:
        return None
    until = 0 if alarm.shelved_until is None else alarm.shelved_until + offset_ms
    return (until, int(alarm.out), int(alarm.suppressed), alarm.by, alarm.reason, int(alarm.first))


def close(saved: "Sequence[Saved]", now_ms: int) -> list[Transition]:
    """End alarms that are configured no more: a clear to state A for each entry that no watch restored."""
    made = []
    for entry in saved:
        side = entry[0].split("/")[-1]
        made.append(Transition(entry[0], entry[2], CLEAR, NORMAL_STATE, None, NOT_CONNECTED, now_ms, side, 0))
    return made


def since(alarm: Alarm) -> int:
    """Give when an alarm was raised first; of one that is normal under its cover, when it was covered."""
    return alarm.covered_ms if alarm.state == NORMAL_STATE else alarm.since_ms
