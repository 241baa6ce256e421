"""Turns alarm states into horn and beacon by the sequence of ISA-18.1, and button presses into answers.

Keeps law-warning 16: silencing is not acknowledging, and neither answers for the warning at the centre.

    alarms that stand                          horn               beacon
    a process alarm raised (B)                 until silenced     FAST
    returned, nobody heard it (D, E)           until silenced     SLOW
    all acknowledged (C), latched (F)          off                STEADY
    none                                       off                OFF
    a quality alarm unacknowledged (B, D, E)   by its priority    BLINK on OFF, WINK on STEADY, else hidden
    a quality alarm acknowledged (C, F)        off                STEADY
    shelved, suppressed, out of service        off                OFF: the list of them is on the page

The horn stays on when the value returns by itself: somebody has to come and look (sequence A of ISA-18.1,
maintained). Each new raise sounds again, also one of an alarm that was silenced before, and so does what
stands when its cover is lifted. Bad quality blinks
without horn, because a broken cable at night must not teach people to pull the horn's fuse; give a quality
alarm a priority of `horn_from` or more to have it sound (a lone gas detector that fails is worth it).
After a restart the horn sounds for whatever is unacknowledged: that somebody silenced it is not kept.

The horn is steady, or, with `patterns`, tells how urgent the worst alarm is that sounds: priority 3 steady,
2 one second on and one off, less a short beep every five seconds. With `ringback` (sequence R of ISA-18.1)
the return to normal of an alarm that somebody had acknowledged is told, too: two short beeps every ten
seconds and a SLOW beacon, until a press. Sequence M (manual reset) is an alarm that latches.

One button serves: a press silences what sounds; with nothing sounding it acknowledges; with nothing left to
acknowledge it resets latched alarms. So nobody acknowledges a horn that began while he walked to the button.

Time is monotonic milliseconds, given by the caller; it never goes back and never wraps.
Runs on MicroPython as it is.
"""

from edge.core.alarm import CLEAR, COVERS, NORMAL_STATE, QUALITY_SIDES, Standing, Transition

# How mypy knows the names of `collections.abc`, which MicroPython does not have.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

OFF = 0
STEADY = 1
BLINK = 2  # a short flash: an instrument cannot be believed
WINK = 3  # the same as a short gap in a steady light
SLOW = 4
FAST = 5

# What a press came to, and what the caller has to do in its watches.
NOTHING = 0
SILENCED = 1
ACKNOWLEDGE_ALL = 2
RESET_ALL = 3

# pattern -> (period, lit first for); ISA-18.1 asks for two flash rates that nobody confuses. A relay and
# the serial line behind it allow no more than about two changes a second.
_RHYTHM = {
    BLINK: (2000, 200),
    WINK: (2000, 1800),
    SLOW: (3000, 1500),
    FAST: (1000, 500),
}
# The horn by the greatest priority that sounds: (period, [(on from, until), ...]).
_HORN = {
    2: (2000, ((0, 1000),)),
    1: (5000, ((0, 500),)),
    0: (5000, ((0, 500),)),
}
_RINGBACK = (10_000, ((0, 300), (600, 900)))


class Annunciator:
    """One horn and one beacon for the alarms of one gateway."""

    def __init__(
        self, horn_from: int = 1, flashes: bool = True, patterns: bool = False, ringback: bool = False
    ) -> None:
        """Begin dark and silent.

        Args:
            horn_from: least priority that sounds the horn.
            flashes: False for a beacon with a flasher of its own, or a relay that must not wear: lit while
                anything stands.
            patterns: the horn tells the priority by its rhythm; False: it is steady.
            ringback: the return of an acknowledged alarm is told as well.
        """
        self._horn_from = horn_from
        self._flashes = flashes
        self._patterns = patterns
        self._ringback = ringback
        self._returned: set[str] = set()
        self._standing: dict[str, tuple[str, bool]] = {}  # alarm -> (state, is it a quality alarm)
        self._sounding: dict[str, int] = {}  # alarm -> priority
        self._horn_since = 0
        self.pattern = OFF
        self._pattern_since = 0

    def take(self, transition: Transition, now_ms: int) -> None:
        """Hear one transition of an alarm."""
        rings = transition.state == "B"  # raised, or still in alarm when its cover was lifted
        if rings and transition.priority >= self._horn_from:
            if not self._sounding:
                self._horn_since = now_ms
            self._sounding[transition.alarm] = transition.priority
        if rings or transition.state in COVERS:
            self._returned.discard(transition.alarm)
        elif self._ringback and transition.transition == CLEAR and transition.state == NORMAL_STATE:
            if not self._returned and not self._sounding:
                self._horn_since = now_ms
            self._returned.add(transition.alarm)
        self._put(transition.alarm, transition.state, transition.side in QUALITY_SIDES, now_ms)

    def restore(self, active: "Sequence[Standing]", now_ms: int) -> None:
        """Take over the alarms that stand after a restart; unacknowledged ones sound."""
        for held in active:
            if held.state in ("B", "D", "E") and held.priority >= self._horn_from:
                self._sounding[held.alarm] = held.priority
                self._horn_since = now_ms
            self._put(held.alarm, held.state, held.side in QUALITY_SIDES, now_ms)

    def silence(self, now_ms: int) -> bool:
        """Stop the horn until the next raise; the beacon stays. False: it was not sounding."""
        sounded = bool(self._sounding or self._returned)
        self._sounding.clear()
        self._returned.clear()
        self._repaint(now_ms)
        return sounded

    @property
    def sounding(self) -> bool:
        """Say whether anything sounds that nobody has silenced."""
        return bool(self._sounding or self._returned)

    def sounds(self, alarm: str) -> bool:
        """Say whether this alarm sounds: raised loud enough, and nobody has silenced it."""
        return alarm in self._sounding

    def acknowledge(self, now_ms: int) -> list[str]:
        """Silence, and name the alarms that the caller must now acknowledge in their watches (sorted)."""
        self.silence(now_ms)
        return sorted([alarm for alarm, held in self._standing.items() if held[0] in ("B", "D", "E")])

    def press(self, now_ms: int) -> int:
        """Answer the button.

        Returns:
            SILENCED (done here); ACKNOWLEDGE_ALL or RESET_ALL, to be done by the caller in its watches,
            whose transitions then come back by `take`; or NOTHING.
        """
        if self.silence(now_ms):
            return SILENCED
        states = [held[0] for held in self._standing.values()]
        if "B" in states or "D" in states or "E" in states:
            return ACKNOWLEDGE_ALL
        return RESET_ALL if "F" in states else NOTHING

    def outputs(self, now_ms: int) -> tuple[bool, bool]:
        """Give (horn, beacon) as they should be at this moment."""
        return self._loud(now_ms), self._lit(now_ms)

    def next_due(self, now_ms: int) -> int | None:
        """Give the time at which `outputs` changes by itself; None: not by time."""
        due = self._horn_due(now_ms)
        if not self._flashes or self.pattern not in _RHYTHM:
            return due
        period, lit = _RHYTHM[self.pattern]
        phase = (now_ms - self._pattern_since) % period
        flash = now_ms - phase + (lit if phase < lit else period)
        return flash if due is None else min(due, flash)

    def _put(self, alarm: str, state: str, is_quality: bool, now_ms: int) -> None:
        if state == NORMAL_STATE or state in COVERS:
            self._standing.pop(alarm, None)
        else:
            self._standing[alarm] = (state, is_quality)
        if state in ("A", "C", "F") or state in COVERS:
            self._sounding.pop(alarm, None)
        self._repaint(now_ms)

    def _repaint(self, now_ms: int) -> None:
        pattern = self._choose()
        if pattern != self.pattern:
            self.pattern = pattern
            self._pattern_since = now_ms

    def _rhythm(self) -> tuple[int, tuple[tuple[int, int], ...]] | None:
        """Give the horn's rhythm, or None where it is steady (or silent)."""
        if self._sounding:
            return _HORN.get(max(self._sounding.values())) if self._patterns else None
        return _RINGBACK if self._returned else None

    def _loud(self, now_ms: int) -> bool:
        rhythm = self._rhythm()
        if rhythm is None:
            return bool(self._sounding)
        phase = (now_ms - self._horn_since) % rhythm[0]
        return any(begins <= phase < ends for begins, ends in rhythm[1])

    def _horn_due(self, now_ms: int) -> int | None:
        rhythm = self._rhythm()
        if rhythm is None:
            return None
        phase = (now_ms - self._horn_since) % rhythm[0]
        for begins, ends in rhythm[1]:
            if phase < begins:
                return now_ms - phase + begins
            if phase < ends:
                return now_ms - phase + ends
        return now_ms - phase + rhythm[0]

    def _choose(self) -> int:
        base = OFF
        doubt = False
        for state, is_quality in self._standing.values():
            if state in ("C", "F"):
                base = max(base, STEADY)
            elif is_quality:
                doubt = True
            else:
                base = max(base, FAST if state == "B" else SLOW)
        if self._returned and base <= STEADY:
            base = SLOW
        if doubt and base <= STEADY:
            return BLINK if base == OFF else WINK
        return base

    def _lit(self, now_ms: int) -> bool:
        if not self._flashes or self.pattern not in _RHYTHM:
            return self.pattern != OFF
        period, lit = _RHYTHM[self.pattern]
        return (now_ms - self._pattern_since) % period < lit
