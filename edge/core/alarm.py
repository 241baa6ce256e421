"""Decides when an alarm is raised, remembers who heard it, and when it is normal again (ISA-18.2, IEC 62682).

Keeps law-warning 16 (acknowledging an alarm is its own thing). States, by the letters of ISA-18.2; an
occurrence is minted on leaving A and ends on A:

    state                                 raise   clear          acknowledge   reset
    A  normal                             B       .              .             .
    B  in alarm, unacknowledged           .       D, latched: E  C             .
    C  in alarm, acknowledged             .       A, latched: F  .             .
    D  back to normal, unacknowledged     B       .              A             .
    E  latched, unacknowledged            B       .              F             . (somebody must have heard it)
    F  latched, acknowledged              B       .              .             A

Shelved, suppressed and out of service (G, H, I) come with the issue that brings maintenance windows.

A sample of a point is one of four things to each of its alarms; delays run on the caller's monotonic clock:

    sample     meaning                                    not in alarm (A D E F)  in alarm (B C)
    BEYOND     at or past the limit, good or uncertain    on-delay runs, raises   off-delay anew
    BETWEEN    inside the limit, not past the deadband    on-delay anew           off-delay anew
    NORMAL     past the deadband                          on-delay anew           off-delay runs, clears
    UNKNOWN    bad, or uncertain and not beyond           on-delay waits unfired  off-delay anew

So bad quality neither raises nor clears a process alarm; it raises one of the point's own quality alarms:
"{key}/Q", or the one whose name says what is wrong (STALE, BLANK, RANGE, RATE, STUCK, SIBLINGS), where it is
configured. Which of them speaks is decided in `blame.py`; each is an `Alarm` like any other. An uncertain
value (a saturated detector, a disturbed bus) may raise, since a gas alarm too many is the better mistake, and
never clears. A delay that was running when the value was lost is not forgotten: the next value
beyond the limit raises at once if the delay has passed, or a flickering line could hold an alarm off.

Time is monotonic milliseconds of one boot, given by the caller; it never goes back and never wraps.
Runs on MicroPython as it is.
"""

from edge.core.point import INFINITY, Points

# How mypy knows the names of `collections.abc`, which MicroPython does not have.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

NORMAL_STATE = "A"
STANDING = ("B", "C", "D", "E", "F")
RAISE = 1
CLEAR = 2
ACKNOWLEDGE = 3
RESET = 4

AFTER_RAISE = {"A": "B", "D": "B", "E": "B", "F": "B"}
AFTER_CLEAR = {"B": "D", "C": "A"}
AFTER_LATCHED_CLEAR = {"B": "E", "C": "F"}
AFTER_ACKNOWLEDGE = {"B": "C", "D": "A", "E": "F"}
AFTER_RESET = {"F": "A"}

QUALITY = "Q"
STALE = "STALE"  # nothing new was heard for its on-delay
BLANK = "BLANK"  # all registers of the block are 0xFFFF (or 0): a form that nobody filled in
RANGE = "RANGE"  # a number that the instrument cannot truly show
RATE = "RATE"  # a change faster than physics allows
STUCK = "STUCK"  # not one bit of the number has moved
SIBLINGS = "SIBLINGS"  # the instruments beside it say otherwise

PROCESS_SIDES = ("LL", "L", "H", "HH")
QUALITY_SIDES = (QUALITY, STALE, BLANK, RANGE, RATE, STUCK, SIBLINGS)
SIDES = PROCESS_SIDES + QUALITY_SIDES

UNKNOWN = 0
BEYOND = 1
BETWEEN = 2
NORMAL = 3


class Limit:
    """One alarm of one point, as configured."""

    __slots__ = (
        "alarm_id",
        "deadband",
        "latch",
        "limit",
        "off_delay_ms",
        "on_delay_ms",
        "point_index",
        "priority",
        "side",
    )

    def __init__(
        self,
        alarm_id: str,
        point_index: int,
        side: str,
        limit: float | None,
        deadband: float = 0.0,
        on_delay_ms: int = 0,
        off_delay_ms: int = 0,
        latch: bool = False,
        priority: int = 1,
    ) -> None:
        """Describe an alarm.

        Args:
            alarm_id: "{point key}/{side}", unique in the gateway.
            point_index: which point of the block.
            side: "LL", "L", "H", "HH", or one of QUALITY_SIDES.
            limit: in the point's unit; reaching it is an alarm. None for the quality alarms.
            deadband: how far back inside the limit a value must be before it is normal, in the point's unit.
            on_delay_ms: how long it must stay beyond before the alarm is raised; of STALE the age that the
                last value may reach.
            off_delay_ms: how long it must stay normal before the alarm clears.
            latch: stays after it cleared until somebody resets it.
            priority: 0 lamp only, 1 low, 2 medium, 3 high; the annunciator and the centre judge by it.

        Raises:
            ValueError: a field cannot be meant; says which.
        """
        if side not in SIDES:
            raise ValueError("%s: side must be one of %s, not %r" % (alarm_id, " ".join(SIDES), side))
        if (limit is None) != (side in QUALITY_SIDES):
            raise ValueError("%s: a process alarm needs a limit, a quality alarm has none" % alarm_id)
        if limit is not None and not -INFINITY < limit < INFINITY:
            raise ValueError("%s: limit must be a finite number" % alarm_id)
        if not 0 <= deadband < INFINITY:
            raise ValueError("%s: deadband must be a finite number, 0 or more" % alarm_id)
        if on_delay_ms < 0 or off_delay_ms < 0:
            raise ValueError("%s: delays must be 0 or more milliseconds" % alarm_id)
        self.alarm_id = alarm_id
        self.point_index = point_index
        self.side = side
        self.limit = limit
        self.deadband = deadband
        self.on_delay_ms = on_delay_ms
        self.off_delay_ms = off_delay_ms
        self.latch = latch
        self.priority = priority


class Transition:
    """One change of one alarm's state: what the event stream records and the annunciator hears."""

    __slots__ = (
        "alarm",
        "mono_ms",
        "occurrence",
        "priority",
        "quality",
        "side",
        "state",
        "transition",
        "value",
    )

    def __init__(
        self,
        alarm: str,
        occurrence: str,
        transition: int,
        state: str,
        value: float | None,
        quality: int,
        mono_ms: int,
        side: str,
        priority: int,
    ) -> None:
        """Record a change.

        Args:
            alarm: alarm id.
            occurrence: the occurrence that it belongs to, also when that just ended.
            transition: RAISE, CLEAR, ACKNOWLEDGE or RESET.
            state: letter after it.
            value: of the point, in its unit; None where there is none to believe.
            quality: of that value.
            mono_ms: when it was decided.
            side: one of SIDES.
            priority: as configured.
        """
        self.alarm = alarm
        self.occurrence = occurrence
        self.transition = transition
        self.state = state
        self.value = value
        self.quality = quality
        self.mono_ms = mono_ms
        self.side = side
        self.priority = priority


class Standing:
    """An alarm that is not in state A: what a birth lists and a restarted gateway restores."""

    __slots__ = ("alarm", "occurrence", "priority", "quality", "side", "since_ms", "state", "value")

    def __init__(
        self,
        alarm: str,
        occurrence: str,
        state: str,
        since_ms: int,
        value: float | None,
        quality: int,
        side: str,
        priority: int,
    ) -> None:
        """Describe it; `since_ms` is the monotonic time at which the occurrence was raised first."""
        self.alarm = alarm
        self.occurrence = occurrence
        self.state = state
        self.since_ms = since_ms
        self.value = value
        self.quality = quality
        self.side = side
        self.priority = priority


class Alarm:
    """The state of one alarm; changed by its watch only."""

    __slots__ = ("_since_delay", "armed", "config", "occurrence", "since_ms", "state")

    def __init__(self, config: Limit) -> None:
        """Begin in state A."""
        self.config = config
        self.state = NORMAL_STATE
        self.occurrence = ""
        self.since_ms = 0
        self._since_delay: int | None = None  # when the running delay began
        self.armed = False  # the newest sample lets the running delay end by itself

    @property
    def active(self) -> bool:
        """Say whether the condition holds (B or C)."""
        return self.state in ("B", "C")

    @property
    def restless(self) -> bool:
        """Say whether every sample must be looked at."""
        return self._since_delay is not None or self.active

    def due(self) -> int | None:
        """Give the time at which the running delay ends by itself; None: none is running."""
        if self._since_delay is None or not self.armed:
            return None
        delay = self.config.off_delay_ms if self.active else self.config.on_delay_ms
        return self._since_delay + delay

    def begins(self, sample: int) -> bool:
        """Say whether this sample would start the delay towards another state, or end it at once."""
        return sample == (NORMAL if self.active else BEYOND) and not self.armed

    def see(self, sample: int, now_ms: int) -> None:
        """Start, keep or stop the delay by one sample; a delay that starts counts from `now_ms`."""
        if self.active:
            runs = sample == NORMAL
            keeps = False
        else:
            runs = sample == BEYOND
            keeps = sample == UNKNOWN
        self.armed = runs
        if runs:
            if self._since_delay is None:
                self._since_delay = now_ms
        elif not keeps:
            self._since_delay = None

    def expire(self, until_ms: int) -> int | None:
        """Raise or clear if the delay has ended by `until_ms`; gives the transition made."""
        due = self.due()
        if due is None or due > until_ms:
            return None
        self._since_delay = None
        self.armed = False
        if self.active:
            self.state = (AFTER_LATCHED_CLEAR if self.config.latch else AFTER_CLEAR)[self.state]
            return CLEAR
        self.state = AFTER_RAISE[self.state]
        return RAISE

    def classify(self, value: float, sure: bool) -> int:
        """Tell what a believable value is to this process alarm; `sure`: its quality is good."""
        limit = self.config.limit
        assert limit is not None
        if self.config.side in ("H", "HH"):
            if value >= limit:
                return BEYOND
            inside = value < limit - self.config.deadband
        else:
            if value <= limit:
                return BEYOND
            inside = value > limit + self.config.deadband
        if not sure:
            return UNKNOWN
        return NORMAL if inside else BETWEEN


def faults(block: Points, limits: "Sequence[Limit]") -> list[str]:
    """List what a watch of this block would refuse, one sentence each, beginning with the alarm's id."""
    found = []
    seen: set[str] = set()
    for limit in limits:
        name = limit.alarm_id
        if name in seen:
            found.append("%s: is there twice" % name)
        seen.add(name)
        if not 0 <= limit.point_index < len(block.points):
            found.append("%s: its block has no point %d" % (name, limit.point_index))
            continue
        if limit.limit is None:
            continue
        point = block.points[limit.point_index]
        if limit.side in ("H", "HH"):
            stuck = point.low is not None and point.low >= limit.limit - limit.deadband
        else:
            stuck = point.high is not None and point.high <= limit.limit + limit.deadband
        if stuck:
            found.append("%s: could never clear inside the point's range" % name)
    return found
