"""Decides when an alarm is raised, remembers who heard it, and when it is normal again (ISA-18.2, IEC 62682).

Keeps law-warning 4 (suppressed never means unseen) and 16 (acknowledging an alarm is its own thing). States,
by the letters of ISA-18.2; an occurrence is minted on leaving A and ends on A:

    state                                 raise   clear          acknowledge   reset
    A  normal                             B       .              .             .
    B  in alarm, unacknowledged           .       D, latched: E  C             .
    C  in alarm, acknowledged             .       A, latched: F  .             .
    D  back to normal, unacknowledged     B       .              A             .
    E  latched, unacknowledged            B       .              F             . (somebody must have heard it)
    F  latched, acknowledged              B       .              .             A

Over each of them up to three covers may lie; the letter shown is the first of these:

    cover                      laid by                              lifted by
    I  out of service          OUT_OF_SERVICE: a person, reason     IN_SERVICE: a person
    G  shelved                 SHELVE: a person, until a time       UNSHELVE: a person, or the time
    H  suppressed by design    SUPPRESS: a condition holds          UNSUPPRESS: it does not, or is unknown

Under a cover A to F go on by the table above, each change is a transition with the cover's letter and the
letter under it. When the last cover is lifted, what is in alarm is B whatever it was: it sounds anew. What
came and went under it stays D, E or F, to be looked at. Acknowledging or resetting all leaves out what is
covered.

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
from edge.core.slope import Slope

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
SHELVE = 5
UNSHELVE = 6
SUPPRESS = 7
UNSUPPRESS = 8
OUT_OF_SERVICE = 9
IN_SERVICE = 10

SHELVED = "G"
SUPPRESSED = "H"
TAKEN_OUT = "I"
COVERS = (SHELVED, SUPPRESSED, TAKEN_OUT)

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

ROC = "ROC"  # rate of change: faster than so much a second, over a window
DEV = "DEV"  # deviation: so far from a setpoint, on either side
ON = "ON"  # discrete: the bit is 1
OFF = "OFF"  # discrete: the bit is 0
HALF = 0.5  # what is at or above it is a 1

PROCESS_SIDES = ("LL", "L", "H", "HH", ROC, DEV, ON, OFF)
RISING = ("H", "HH", ON)
FALLING = ("L", "LL", OFF)
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
        "direction",
        "group",
        "latch",
        "limit",
        "off_delay_ms",
        "on_delay_ms",
        "point_index",
        "priority",
        "setpoint",
        "side",
        "window_ms",
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
        setpoint: float | None = None,
        window_ms: int = 0,
        direction: int = 0,
        group: str = "",
    ) -> None:
        """Describe an alarm.

        Args:
            alarm_id: "{point key}/{side}", unique in the gateway.
            point_index: which point of the block.
            side: one of PROCESS_SIDES or QUALITY_SIDES.
            limit: in the point's unit (ROC: unit per second); reaching it is an alarm. None for the quality
                alarms, HALF for ON and OFF.
            deadband: how far back inside the limit a value must be before it is normal, as `limit`.
            on_delay_ms: how long it must stay beyond before the alarm is raised; of STALE the age that the
                last value may reach.
            off_delay_ms: how long it must stay normal before the alarm clears.
            latch: stays after it cleared until somebody resets it.
            priority: 0 lamp only, 1 low, 2 medium, 3 high; the annunciator and the centre judge by it.
            setpoint: of DEV, where it is constant; None: another point tells it (`Board.refer`).
            window_ms: of ROC, the time over which the change is measured.
            direction: of ROC, 1 for rising only, -1 for falling only, 0 for both.
            group: of first-up; "" for none.

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
        if side in (ROC, DEV) and not (limit is not None and 0 <= deadband < limit):
            raise ValueError("%s: limit must be above 0 and above its deadband" % alarm_id)
        if (side == ROC) != (window_ms > 0):
            raise ValueError("%s: a rate of change, and nothing else, needs a window" % alarm_id)
        if setpoint is not None and (side != DEV or not -INFINITY < setpoint < INFINITY):
            raise ValueError("%s: a setpoint is a finite number and belongs to DEV" % alarm_id)
        self.alarm_id = alarm_id
        self.point_index = point_index
        self.side = side
        self.limit = limit
        self.deadband = deadband
        self.on_delay_ms = on_delay_ms
        self.off_delay_ms = off_delay_ms
        self.latch = latch
        self.priority = priority
        self.setpoint = setpoint
        self.window_ms = window_ms
        self.direction = direction
        self.group = group

    @property
    def moving(self) -> bool:
        """Say whether no band of raw numbers can tell that nothing happens."""
        return self.side == ROC or (self.side == DEV and self.setpoint is None)


class Transition:
    """One change of one alarm's state: what the event stream records and the annunciator hears."""

    __slots__ = (
        "alarm",
        "by",
        "first",
        "mono_ms",
        "occurrence",
        "priority",
        "quality",
        "reason",
        "side",
        "state",
        "transition",
        "under",
        "until_ms",
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
        under: str = "",
        first: bool = False,
        by: str = "",
        reason: str = "",
        until_ms: int = 0,
    ) -> None:
        """Record a change.

        Args:
            alarm: alarm id.
            occurrence: the occurrence that it belongs to, also when that just ended.
            transition: RAISE to IN_SERVICE.
            state: letter shown after it.
            value: of the point, in its unit; None where there is none to believe.
            quality: of that value.
            mono_ms: when it was decided.
            side: one of SIDES.
            priority: as configured.
            under: the letter under a cover; "" where none lies.
            first: of its first-up group, since all of it were normal.
            by: who laid the cover, or lifted it.
            reason: why.
            until_ms: monotonic time at which a shelving ends; 0 for none.
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
        self.under = under
        self.first = first
        self.by = by
        self.reason = reason
        self.until_ms = until_ms


class Standing:
    """An alarm that is not in state A: what a birth lists and a restarted gateway restores."""

    __slots__ = (
        "alarm",
        "by",
        "first",
        "occurrence",
        "priority",
        "quality",
        "reason",
        "side",
        "since_ms",
        "state",
        "under",
        "until_ms",
        "value",
    )

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
        under: str = "",
        first: bool = False,
        by: str = "",
        reason: str = "",
        until_ms: int = 0,
    ) -> None:
        """Describe it, in the words of `Transition`.

        `since_ms` is the monotonic time at which the occurrence was raised first; of an alarm that is normal
        under its cover, the time at which it was covered.
        """
        self.alarm = alarm
        self.occurrence = occurrence
        self.state = state
        self.since_ms = since_ms
        self.value = value
        self.quality = quality
        self.side = side
        self.priority = priority
        self.under = under
        self.first = first
        self.by = by
        self.reason = reason
        self.until_ms = until_ms


class Alarm:
    """The state of one alarm; changed by its watch only."""

    __slots__ = (
        "_since_delay",
        "armed",
        "by",
        "config",
        "covered_ms",
        "first",
        "occurrence",
        "out",
        "reason",
        "setpoint",
        "shelved_until",
        "since_ms",
        "slope",
        "state",
        "suppressed",
    )

    def __init__(self, config: Limit) -> None:
        """Begin in state A."""
        self.config = config
        self.state = NORMAL_STATE  # A to F, also under a cover
        self.occurrence = ""
        self.since_ms = 0
        self._since_delay: int | None = None  # when the running delay began
        self.armed = False  # the newest sample lets the running delay end by itself
        self.out = False
        self.shelved_until: int | None = None
        self.suppressed = False
        self.covered_ms = 0
        self.by = ""
        self.reason = ""
        self.first = False
        self.setpoint = config.setpoint
        self.slope = Slope(config.window_ms, config.direction) if config.side == ROC else None

    @property
    def cover(self) -> str:
        """Give the letter of the cover that is shown; "" where none lies."""
        if self.out:
            return TAKEN_OUT
        if self.shelved_until is not None:
            return SHELVED
        return SUPPRESSED if self.suppressed else ""

    @property
    def letter(self) -> str:
        """Give the letter that is shown."""
        return self.cover or self.state

    @property
    def active(self) -> bool:
        """Say whether the condition holds (B or C), covered or not."""
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

    def classify(self, value: float, sure: bool, now_ms: int = 0) -> int:
        """Tell what a believable value is to this process alarm.

        Args:
            value: of its point.
            sure: its quality is good.
            now_ms: when it was read, for a rate of change.
        """
        config = self.config
        limit = config.limit
        assert limit is not None
        side = config.side
        if side in RISING:
            beyond = value >= limit
            inside = value < limit - config.deadband
        elif side in FALLING:
            beyond = value <= limit
            inside = value > limit + config.deadband
        elif side == DEV:
            middle = self.setpoint
            if middle is None:
                return UNKNOWN
            beyond = value >= middle + limit or value <= middle - limit
            near = limit - config.deadband
            inside = middle - near < value < middle + near
        else:
            rate = None if self.slope is None else self.slope.rate(now_ms, value)
            if rate is None:
                return UNKNOWN
            beyond = rate >= limit
            inside = rate < limit - config.deadband
        if beyond:
            return BEYOND
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
        if limit.limit is None or limit.side not in ("LL", "L", "H", "HH"):
            continue
        point = block.points[limit.point_index]
        if limit.side in ("H", "HH"):
            stuck = point.low is not None and point.low >= limit.limit - limit.deadband
        else:
            stuck = point.high is not None and point.high <= limit.limit + limit.deadband
        if stuck:
            found.append("%s: could never clear inside the point's range" % name)
    return found
