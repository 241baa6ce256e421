"""Any history of samples, silence, people and restarts: a watch does what the law of samples says.

The reference decides anew at each step by looking back over all samples since the last restart, without
timers, bands or memory but the letter; so the two have little in common that could be wrong in both.
"""

import itertools
import os
from collections.abc import Callable
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from edge.core.alarm import (
    ACKNOWLEDGE,
    CLEAR,
    HALF,
    IN_SERVICE,
    RAISE,
    RESET,
    SHELVE,
    SUPPRESS,
    UNSHELVE,
    UNSUPPRESS,
    Limit,
    Transition,
)
from edge.core.alarm import (
    OUT_OF_SERVICE as TAKEN_OUT,
)
from edge.core.point import EMPTY, FLOAT32, HIGH_FIRST, INT16, LOW_FIRST, UINT32, Block, Point
from edge.core.watch import Watch
from protocol.quality import (
    BAD,
    COMM_FAILURE,
    GOOD,
    LAST_USABLE,
    NOT_CONNECTED,
    OUT_OF_SERVICE,
    SENSOR_FAILURE,
    SENSOR_INACCURATE,
    SUB_NORMAL,
    UNCERTAIN,
    is_bad,
    is_good,
)

POINTS = [
    Point("A", INT16, HIGH_FIRST, 0, 0.5, 0.0, 0.0, 100.0),
    Point("B", UINT32, LOW_FIRST, 1, -1.0, 100.0, 0.0, 100.0),
    Point("C", FLOAT32, LOW_FIRST, 3),
]
BLOCK = Block(POINTS, 5)
NAN = float("nan")
# Raw numbers around every limit, deadband and end of range that the limits below have.
RAWS: tuple[list[float], ...] = (
    [0, 30, 39, 40, 41, 60, 99, 100, 101, 119, 120, 121, 140, 200, 201, 220, 221, -1, -21, 0x7FFF],
    [0, 10, 20, 29, 30, 31, 39, 40, 41, 50, 60, 80, 81, 100, 101, 110, 111, 4_000_000_000],
    [-5.0, 0.0, 49.5, 50.0, 50.5, 51.0, 60.0, 1e30, NAN, float("inf"), -float("inf")],
)
STALE_MS = 2000
FAULTS = {"BLANK": NOT_CONNECTED, "RATE": UNCERTAIN, "STUCK": LAST_USABLE, "SIBLINGS": SUB_NORMAL}
QUIET = list(zip(RAWS, [60, 40, 0.0], strict=True))
QUALITIES = [GOOD, GOOD, GOOD, GOOD, UNCERTAIN, SENSOR_INACCURATE, BAD, COMM_FAILURE, OUT_OF_SERVICE]


def configuration(shift: float, delays: tuple[int, int, int], latch: bool) -> list[Limit]:
    on, off, short = delays
    return [
        Limit("A/H", 0, "H", 50.0 + shift, 5.0, on, off, latch, 1),
        Limit("A/HH", 0, "HH", 60.0 + shift, 0.0, 0, 0, False, 3),
        Limit("A/L", 0, "L", 20.0 - shift, 4.5, short, on, False, 1),
        Limit("B/H", 1, "H", 70.0 + shift, 10.0, short, short, not latch, 2),
        Limit("B/LL", 1, "LL", 20.0 - shift, 0.0, off, off, latch, 2),
        Limit("C/H", 2, "H", 50.0 + shift, 0.5, 0, off, latch, 1),
        Limit("C/Q", 2, "Q", None, 0.0, short, on, latch, 2),
        Limit("A/RANGE", 0, "RANGE", None, 0.0, short, on, False, 0),
        Limit("A/BLANK", 0, "BLANK", None, 0.0, on, off, latch, 1),
        Limit("A/SIBLINGS", 0, "SIBLINGS", None, 0.0, 0, off, False, 0),
        Limit("B/STUCK", 1, "STUCK", None, 0.0, 0, short, False, 0),
        Limit("B/RATE", 1, "RATE", None, 0.0, short, off, False, 0),
        Limit("C/STALE", 2, "STALE", None, 0.0, STALE_MS, short, False, 1),
        Limit("C/RATE", 2, "RATE", None, 0.0, 0, 0, False, 1),
        Limit("B/DEV", 1, "DEV", 30.0 + shift, 5.0, short, off, latch, 2, 50.0),
        Limit("C/ON", 2, "ON", HALF, 0.0, short, 0, False, 1),
        Limit("C/OFF", 2, "OFF", HALF, 0.0, 0, off, latch, 1),
    ]


def minting() -> Callable[[], str]:
    numbers = itertools.count(1)
    return lambda: f"0000002a-{next(numbers)}"


def log(transitions: list[Transition]) -> list[tuple[object, ...]]:
    return [
        (
            t.alarm,
            t.occurrence,
            t.transition,
            t.state,
            t.value,
            t.quality,
            t.mono_ms,
            t.side,
            t.priority,
            t.under,
        )
        for t in transitions
    ]


class Seen(NamedTuple):
    """One sample of one point: what came of it, and what was wrong in plain words."""

    at: int
    value: float | None
    quality: int
    wrong: str = ""  # silent, bad, blank, none, range, doubt, or a fault's name
    found: frozenset[str] = frozenset()
    doubted: bool = False
    word_before: int = 0  # when anything was heard of the block before


# What a sample with something wrong says to the quality alarms that do not speak for it; all else is unknown.
PROVES = {
    "silent": set(),
    "bad": set(),
    "blank": {"Q"},
    "none": {"Q", "BLANK", "STALE"},
    "range": {"Q", "BLANK", "STALE"},
    "doubt": {"BLANK", "STALE", "RANGE"},
    "RATE": {"Q", "BLANK", "STALE", "RANGE", "STUCK", "SIBLINGS"},
    "STUCK": {"Q", "BLANK", "STALE", "RANGE", "RATE", "SIBLINGS"},
    "SIBLINGS": {"Q", "BLANK", "STALE", "RANGE", "RATE", "STUCK"},
}
SPEAKS = {"silent": "STALE", "blank": "BLANK", "range": "RANGE", "bad": "Q", "none": "Q", "doubt": "Q"}


class Reference:
    """One alarm, judged by looking back."""

    def __init__(self, limit: Limit, sides: set[str]) -> None:
        self.limit = limit
        self.sides = sides  # of its point
        self.state = "A"
        self.occurrence = ""
        self.out = False
        self.shelved = 0  # until; 0: it is not
        self.suppressed = False

    @property
    def covers(self) -> str:
        """All covers that lie over it, the one that shows first."""
        return "I" * self.out + "G" * (self.shelved > 0) + "H" * self.suppressed

    @property
    def shown(self) -> tuple[str, str]:
        """Letter, and the letter under it."""
        return (self.covers[0], self.state) if self.covers else (self.state, "")

    def quality_kind(self, seen: Seen) -> str:
        if not seen.wrong:
            return "normal"
        speaks = SPEAKS.get(seen.wrong, seen.wrong)
        if self.limit.side == (speaks if speaks in self.sides else "Q"):
            return "beyond"
        proved = self.limit.side in PROVES[seen.wrong] and self.limit.side not in seen.found
        hidden = self.limit.side == "Q" and seen.doubted
        return "normal" if proved and not hidden else "unknown"

    def kind(self, seen: Seen) -> str:
        value, quality = seen.value, seen.quality
        if self.limit.limit is None:
            return self.quality_kind(seen)
        if is_bad(quality):
            return "unknown"
        assert value is not None
        if self.limit.side == "DEV":
            assert self.limit.setpoint is not None
            away = abs(value - self.limit.setpoint)
            if away >= self.limit.limit:
                return "beyond"
            if not is_good(quality):
                return "unknown"
            return "normal" if away < self.limit.limit - self.limit.deadband else "between"
        sign = 1.0 if self.limit.side in ("H", "HH", "ON") else -1.0
        past = sign * value - sign * self.limit.limit
        if past >= 0:
            return "beyond"
        if not is_good(quality):
            return "unknown"
        return "normal" if sign * value < sign * self.limit.limit - self.limit.deadband else "between"

    def transition(self, history: list[Seen], now: int) -> int | None:
        if not history:
            return None
        kinds = [(seen.at, self.kind(seen)) for seen in history]
        if self.limit.side == "STALE":  # silence began with the last word before it
            kinds = [
                (seen.word_before if kind == "beyond" else at, kind)
                for seen, (at, kind) in zip(history, kinds, strict=True)
            ]
        began: int | None = None
        if self.state in "BC":
            for at, kind in reversed(kinds):
                if kind != "normal":
                    break
                began = at
            return CLEAR if began is not None and now - began >= self.limit.off_delay_ms else None
        if kinds[-1][1] != "beyond":
            return None
        for at, kind in reversed(kinds):
            if kind in ("between", "normal"):
                break
            if kind == "beyond":
                began = at
        return RAISE if began is not None and now - began >= self.limit.on_delay_ms else None

    def move(self, transition: int) -> None:
        latched = self.limit.latch
        self.state = {
            (RAISE, "A"): "B",
            (RAISE, "D"): "B",
            (RAISE, "E"): "B",
            (RAISE, "F"): "B",
            (CLEAR, "B"): "E" if latched else "D",
            (CLEAR, "C"): "F" if latched else "A",
            (ACKNOWLEDGE, "B"): "C",
            (ACKNOWLEDGE, "D"): "A",
            (ACKNOWLEDGE, "E"): "F",
            (RESET, "F"): "A",
        }[transition, self.state]


class WatchMachine(RuleBasedStateMachine):
    @initialize(
        delays=st.tuples(*[st.sampled_from([0, 1, 3, 1000, 5000])] * 3),
        latch=st.booleans(),
        stale=st.sampled_from([0, 2500]),
        quality_delay=st.sampled_from([0, 2000]),
    )
    def begin(self, delays: tuple[int, int, int], latch: bool, stale: int, quality_delay: int) -> None:
        self.now = 0
        self.delays, self.latch, self.stale, self.quality_delay = delays, latch, stale, quality_delay
        self.mint = minting()
        self.minted = minting()
        self.start(0.0)

    def start(self, shift: float) -> None:
        limits = configuration(shift, self.delays, self.latch)
        self.watch = Watch(BLOCK, limits, self.mint, quality_delay_ms=self.quality_delay, stale_ms=self.stale)
        default = [
            Limit(f"{key}/Q", i, "Q", None, 0.0, self.quality_delay, self.quality_delay, False, 0)
            for i, key in enumerate("AB")
        ]
        every = limits + default
        sides = [{limit.side for limit in every if limit.point_index == i} for i in range(3)]
        self.alarms = [
            Reference(limit, sides[i]) for i in range(3) for limit in every if limit.point_index == i
        ]
        self.patience = min(self.stale or STALE_MS, STALE_MS)
        self.histories: list[list[Seen]] = [[], [], []]
        self.shelf: list[Reference] = []
        self.heard: int | None = None
        self.gone_stale = False

    def expect(self, until: int) -> list[tuple[object, ...]]:
        made = []
        for alarm in self.alarms:
            transition = alarm.transition(self.histories[alarm.limit.point_index], until)
            if transition is not None:
                made.append(self.apply(alarm, transition))
        return made

    def apply(self, alarm: Reference, transition: int) -> tuple[object, ...]:
        if transition in {RAISE, CLEAR, ACKNOWLEDGE, RESET}:
            if alarm.state == "A":
                alarm.occurrence = self.minted()
            alarm.move(transition)
        history = self.histories[alarm.limit.point_index]
        value, quality = history[-1][1:3] if history else (None, NOT_CONNECTED)
        limit = alarm.limit
        letter, under = alarm.shown
        until = alarm.shelved if letter == "G" else 0
        told = (
            limit.alarm_id,
            alarm.occurrence,
            transition,
            letter,
            value,
            quality,
            limit.side,
            under,
            until,
        )
        if alarm.state == "A":
            alarm.occurrence = ""
        return told

    def compare(self, made: list[Transition], expected: list[tuple[object, ...]]) -> None:
        assert [
            (t.alarm, t.occurrence, t.transition, t.state, t.value, t.quality, t.side, t.under, t.until_ms)
            for t in made
        ] == expected
        assert [t.mono_ms for t in made] == [self.now] * len(made)

    def look(self, i: int, raw: float | None, told: int, found: list[str]) -> Seen:
        """What one point's sample is, in plain words."""
        before = self.now if self.heard is None else self.heard
        by_number = GOOD if raw is None else POINTS[i].quality(raw)
        if raw is None or (is_bad(told) and told != by_number):
            wrong = "silent" if told in (COMM_FAILURE, NOT_CONNECTED) else "bad"
            return Seen(self.now, None, told, wrong, frozenset(found), False, before)
        value = raw * POINTS[i].scale + POINTS[i].offset
        quality = min([told, by_number] + [FAULTS[side] for side in found])
        if "BLANK" in found:
            wrong = "blank"
        elif by_number != GOOD:
            wrong = "range" if abs(value) < float("inf") else "none"
        elif told != GOOD:
            wrong = "doubt"
        else:
            wrong = min(found, key=list(FAULTS).index, default="")
        doubted = told < by_number
        return Seen(
            self.now, None if is_bad(quality) else value, quality, wrong, frozenset(found), doubted, before
        )

    def sample(
        self,
        raws: tuple[float, ...] | None,
        quality: int,
        exceptions: list[tuple[int, int]],
        faults: list[tuple[int, str, int]] | None = None,
    ) -> None:
        expected = self.expect(self.now - 1)
        worse = dict(exceptions)
        whole = COMM_FAILURE if raws is None and not is_bad(quality) else quality
        for i in range(3):
            raw = None if raws is None or is_bad(quality) else raws[i]
            found = [side for point, side, _ in faults or [] if point == i]
            self.histories[i].append(self.look(i, raw, min(whole, worse.get(i, whole)), found))
        self.heard, self.gone_stale = self.now, False
        expected += self.expect(self.now)
        self.compare(self.watch.take(self.now, raws, quality, exceptions, faults or ()), expected)

    @rule(
        raws=st.tuples(*[st.sampled_from([*raws, *[quiet] * len(raws)]) for raws, quiet in QUIET]),
        quality=st.sampled_from(QUALITIES),
        faults=st.lists(st.tuples(st.integers(0, 2), st.sampled_from(list(FAULTS))), max_size=4, unique=True),
    )
    def reading_with_faults(
        self, raws: tuple[float, ...], quality: int, faults: list[tuple[int, str]]
    ) -> None:
        found = [(i, side, FAULTS[side]) for i, side in faults]
        self.sample(raws, quality, BLOCK.exceptions(raws), found)

    @rule(raws=st.tuples(*[st.sampled_from(raws) for raws in RAWS]), quality=st.sampled_from(QUALITIES))
    def reading(self, raws: tuple[float, ...], quality: int) -> None:
        self.sample(raws, quality, BLOCK.exceptions(raws))

    @rule(raws=st.tuples(*[st.sampled_from(raws) for raws in RAWS]), i=st.integers(0, 2))
    def reading_with_a_doubted_point(self, raws: tuple[float, ...], i: int) -> None:
        self.sample(raws, GOOD, [(i, SENSOR_FAILURE)])

    @rule(quality=st.sampled_from([COMM_FAILURE, BAD, GOOD]))
    def lost_reply(self, quality: int) -> None:
        self.sample(None, quality, [])

    @rule(ms=st.sampled_from([0, 1, 2, 500, 999, 1000, 1001, 5000]), ticks=st.booleans())
    def time_passes(self, ms: int, ticks: bool) -> None:
        self.now += ms
        if ticks:
            self.tick()

    @rule()
    def tick(self) -> None:
        expected = []
        if self.heard is None:
            self.heard = self.now
        if not self.gone_stale and self.now - self.heard >= self.patience:
            expected += self.expect(self.now - 1)
            for i, history in enumerate(self.histories):
                history.append(self.look(i, None, COMM_FAILURE, []))
            self.heard, self.gone_stale = self.now, True
        expected += self.expect(self.now)
        for alarm in [one for one in self.shelf if one.shelved <= self.now]:
            expected.append(self.lift(alarm, UNSHELVE))
        self.compare(self.watch.tick(self.now), expected)

    def lift(self, alarm: Reference, transition: int) -> tuple[object, ...]:
        """Lift one cover; under the last of them what is in alarm sounds anew."""
        if transition == UNSHELVE:
            alarm.shelved = 0
            self.shelf.remove(alarm)
        elif transition == IN_SERVICE:
            alarm.out = False
        else:
            alarm.suppressed = False
        if not alarm.covers and alarm.state == "C":
            alarm.state = "B"
        return self.apply(alarm, transition)

    @rule(which=st.integers(0, 18), ms=st.sampled_from([1, 700, 3000, 60_000]))
    def shelves(self, which: int, ms: int) -> None:
        alarm = self.alarms[which]
        if alarm.shelved == 0:
            self.shelf.append(alarm)
        alarm.shelved = self.now + ms
        made = self.watch.shelve(alarm.limit.alarm_id, self.now + ms, "Li", "calibration", self.now)
        self.compare(made, [self.apply(alarm, SHELVE)])
        assert (made[0].by, made[0].reason) == ("Li", "calibration")

    @rule(which=st.integers(0, 18))
    def unshelves(self, which: int) -> None:
        alarm = self.alarms[which]
        expected = [self.lift(alarm, UNSHELVE)] if alarm.shelved else []
        self.compare(self.watch.unshelve(alarm.limit.alarm_id, "Li", "", self.now), expected)

    @rule(which=st.integers(0, 18), out=st.booleans())
    def takes_out_or_puts_back(self, which: int, out: bool) -> None:
        alarm = self.alarms[which]
        changes = alarm.out != out
        expected = []
        if changes and out:
            alarm.out = True
            expected = [self.apply(alarm, TAKEN_OUT)]
        elif changes:
            expected = [self.lift(alarm, IN_SERVICE)]
        do = self.watch.take_out if out else self.watch.put_back
        self.compare(do(alarm.limit.alarm_id, "Li", "", self.now), expected)

    @rule(which=st.integers(0, 18), holds=st.booleans())
    def condition_changes(self, which: int, holds: bool) -> None:
        alarm = self.alarms[which]
        changes = alarm.suppressed != holds
        expected = []
        if changes and holds:
            alarm.suppressed = True
            expected = [self.apply(alarm, SUPPRESS)]
        elif changes:
            expected = [self.lift(alarm, UNSUPPRESS)]
        self.compare(self.watch.suppress(alarm.limit.alarm_id, holds, "", self.now), expected)

    @rule()
    def sleeps_until_due(self) -> None:
        due = self.watch.next_due()
        if due is not None:
            if due > self.now:
                self.now = due - 1
                assert self.watch.tick(self.now) == []
            self.now = max(self.now, due)
            self.tick()

    @rule(which=st.integers(0, 18), what=st.sampled_from([ACKNOWLEDGE, RESET]))
    def operates_one(self, which: int, what: int) -> None:
        alarm = self.alarms[which]
        able = {ACKNOWLEDGE: "BDE", RESET: "F"}[what]
        expected = [self.apply(alarm, what)] if alarm.state in able else []
        do = self.watch.acknowledge if what == ACKNOWLEDGE else self.watch.reset
        self.compare(do(alarm.limit.alarm_id, self.now), expected)

    @rule(what=st.sampled_from([ACKNOWLEDGE, RESET]))
    def operates_all(self, what: int) -> None:
        able = {ACKNOWLEDGE: "BDE", RESET: "F"}[what]
        expected = [self.apply(alarm, what) for alarm in self.alarms if alarm.shown[0] in able]
        do = self.watch.acknowledge_all if what == ACKNOWLEDGE else self.watch.reset_all
        self.compare(do(self.now), expected)

    @precondition(lambda self: self.now > 0)
    @rule(shift=st.sampled_from([0.0, 0.0, 5.0, -5.0]))
    def restarts(self, shift: float) -> None:
        before = self.alarms
        saved = self.watch.dump(offset_ms=7)
        self.now = 0
        self.start(shift)
        assert self.watch.restore(saved, offset_ms=7) == []
        for alarm, was in zip(self.alarms, before, strict=True):
            alarm.state, alarm.occurrence = was.state, was.occurrence
            alarm.out, alarm.shelved, alarm.suppressed = was.out, was.shelved, was.suppressed
        self.shelf = [alarm for alarm in self.alarms if alarm.shelved]

    @invariant()
    def what_stands_is_listed(self) -> None:
        listed = [(s.alarm, s.state, s.under, s.occurrence, s.until_ms) for s in self.watch.active()]
        standing = [
            (a.limit.alarm_id, *a.shown, a.occurrence, a.shelved) for a in self.alarms if a.shown[0] != "A"
        ]
        assert listed == standing


EXAMPLES = 3000 if os.environ.get("FENGSUI_SOAK") == "1" else 150
WatchMachine.TestCase.settings = settings(max_examples=EXAMPLES, stateful_step_count=60, deadline=None)
TestWatchMachine = WatchMachine.TestCase


class Plain(Watch):
    """The same watch without the short way."""

    def _settle(self, i: int) -> None:
        super()._settle(i)
        self._lows[i], self._highs[i] = EMPTY


STEPS = st.lists(
    st.tuples(
        st.sampled_from([0, 1, 500, 1000, 3000]),
        st.one_of(
            st.tuples(*[st.sampled_from([*raws, *[quiet] * len(raws)]) for raws, quiet in QUIET]),
            st.sampled_from([None, "tick", "acknowledge", "reset", "shelve", "out", "back", "on", "off"]),
        ),
        st.sampled_from(QUALITIES),
    ),
    max_size=60,
)


@settings(max_examples=500, deadline=None)
@given(STEPS, st.tuples(*[st.sampled_from([0, 1000, 5000])] * 3), st.booleans(), st.sampled_from([0, 2000]))
def test_the_short_way_changes_nothing(
    steps: list[tuple[int, tuple[float, ...] | str | None, int]],
    delays: tuple[int, int, int],
    latch: bool,
    stale: int,
) -> None:
    limits = configuration(0.0, delays, latch)
    short = Watch(BLOCK, limits, minting(), quality_delay_ms=1000, stale_ms=stale)
    plain = Plain(BLOCK, limits, minting(), quality_delay_ms=1000, stale_ms=stale)
    plain._lows, plain._highs = [1, 1, 1], [0, 0, 0]
    now = 0
    for wait, what, quality in steps:
        now += wait
        both = []
        for watch in (short, plain):
            if what == "tick":
                made = watch.tick(now)
            elif what == "acknowledge":
                made = watch.acknowledge_all(now)
            elif what == "reset":
                made = watch.reset_all(now)
            elif what == "shelve":
                made = watch.shelve("A/H", now + 2000, "Li", "", now)
            elif what == "out":
                made = watch.take_out("B/H", "Li", "", now)
            elif what == "back":
                made = watch.put_back("B/H", "Li", "", now)
            elif what in ("on", "off"):
                made = watch.suppress("C/H", what == "on", "", now)
            else:
                assert not isinstance(what, str)
                made = watch.take(now, what, quality)
            stands = [(s.alarm, s.state, s.value, s.quality, s.since_ms) for s in watch.active()]
            both.append((log(made), stands, watch.next_due(), watch.dump()))
        assert both[0] == both[1]
