"""The alarms of one block: what stands, who heard it, what outlives a restart, and which delay ends next.

Keeps law-never-lose 2: what stands (occurrence, state) is listed for the birth and outlives a restart.

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
    NORMAL_STATE,
    QUALITY,
    RESET,
    STANDING,
    Alarm,
    Limit,
    Standing,
    Transition,
    faults,
)
from edge.core.point import EMPTY, Points
from protocol.quality import GOOD, NOT_CONNECTED

# How mypy knows the names of `collections.abc`, which MicroPython does not have.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Board:
    """The alarms of one block, without what moves them: its `Watch` adds that."""

    def __init__(
        self, block: Points, limits: "Sequence[Limit]", mint: "Callable[[], str]", quality_delay_ms: int
    ) -> None:
        """Prepare the bands.

        Args:
            block: the points that are watched.
            limits: alarms of its points. A point without one of side "Q" gets "{key}/Q": on-delay and
                off-delay `quality_delay_ms`, not latched, priority 0.
            mint: gives the name of a new occurrence, "{boot:08x}-{n}".
            quality_delay_ms: of the quality alarms that are not configured.

        Raises:
            ValueError: an alarm is double, of no point of this block, or could never clear.
        """
        self.block = block
        self._mint = mint
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
                if alarm.config.side in ("H", "HH"):
                    below = limit if below is None else min(below, limit)
                else:
                    above = limit if above is None else max(above, limit)
            self._alarms.append(alarms)
            self._bands.append(point.band(above, below))
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
        """Somebody heard every alarm of this block."""
        return self._operate_all(ACKNOWLEDGE, now_ms)

    def reset(self, alarm_id: str, now_ms: int) -> list[Transition]:
        """Let go of this latched alarm, if it is acknowledged and back to normal (F).

        Raises:
            ValueError: the alarm is not of this watch.
        """
        return self._operate(self._own(alarm_id), RESET, now_ms)

    def reset_all(self, now_ms: int) -> list[Transition]:
        """Let go of every latched alarm of this block that may be let go."""
        return self._operate_all(RESET, now_ms)

    def active(self) -> list[Standing]:
        """List every alarm that is not in state A, in the order of the points."""
        standing = []
        for i, alarms in enumerate(self._alarms):
            for alarm in alarms:
                if alarm.state != NORMAL_STATE:
                    value, quality = self._now(i)
                    standing.append(
                        Standing(
                            alarm.config.alarm_id,
                            alarm.occurrence,
                            alarm.state,
                            alarm.since_ms,
                            value,
                            quality,
                            alarm.config.side,
                            alarm.config.priority,
                        )
                    )
        return standing

    def dump(self, offset_ms: int = 0) -> list[tuple[str, str, str, int]]:
        """Give what must outlive a restart, in plain strings and integers.

        Args:
            offset_ms: added to the monotonic times; UTC - monotonic makes them mean something after a boot.

        Returns:
            (alarm id, state, occurrence, raised first at) of every alarm that is not in state A.
        """
        return [
            (held.alarm, held.state, held.occurrence, held.since_ms + offset_ms) for held in self.active()
        ]

    def restore(
        self, saved: "Sequence[tuple[str, str, str, int]]", offset_ms: int = 0
    ) -> list[tuple[str, str, str, int]]:
        """Take over what `dump` gave, before the first reading.

        Occurrence and acknowledgement are kept. Whether the alarm still holds is decided by the next
        readings under today's limits, as ever: nothing clears before a good value was normal for the
        off-delay. A latched alarm waits for its reset even if it is no longer configured to latch.

        Args:
            saved: entries of this watch and of others.
            offset_ms: UTC - monotonic of this boot, if `dump` had the like.

        Returns:
            The entries that are not of this watch; what no watch takes, `close` ends.
        """
        foreign = []
        for entry in saved:
            alarm = self._by_id.get(entry[0])
            if alarm is None or entry[1] not in STANDING:
                foreign.append(entry)
                continue
            alarm.state = entry[1]
            alarm.occurrence = entry[2]
            alarm.since_ms = entry[3] - offset_ms
            self._settle(alarm.config.point_index)
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
                made.extend(self._operate(alarm, transition, now_ms))
        return made

    def _record(self, alarm: Alarm, transition: int, now_ms: int, made: list[Transition]) -> None:
        config = alarm.config
        value, quality = self._now(config.point_index)
        made.append(
            Transition(
                config.alarm_id,
                alarm.occurrence,
                transition,
                alarm.state,
                value,
                quality,
                now_ms,
                config.side,
                config.priority,
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
        self._due = due


def close(saved: "Sequence[tuple[str, str, str, int]]", now_ms: int) -> list[Transition]:
    """End alarms that are configured no more: a clear to state A for each entry that no watch restored."""
    made = []
    for alarm_id, _, occurrence, _ in saved:
        side = alarm_id.split("/")[-1]
        made.append(
            Transition(alarm_id, occurrence, CLEAR, NORMAL_STATE, None, NOT_CONNECTED, now_ms, side, 0)
        )
    return made
