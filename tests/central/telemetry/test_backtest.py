"""A back-test raises what the gateway's core raised on the same values, and looks at no calm one."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from central.telemetry.backtest import Raised, Replay, Setting, lasted_ms, missed, refused
from edge.core import alarm as core
from edge.core.decode import HIGH_FIRST, INT16
from edge.core.point import Block, Point
from edge.core.watch import Watch
from protocol import quality as q

HOLD_MS = 5_000
Row = tuple[int, int, int]  # milliseconds since the row before, raw number, quality

SIDES = st.sampled_from(["LL", "L", "H", "HH"])
ALARMS = st.lists(
    st.tuples(
        SIDES,
        st.integers(-30, 30),
        st.integers(0, 8),
        st.sampled_from([0, 700, 1_000, 2_500]),
        st.sampled_from([0, 1_000, 3_000]),
        st.booleans(),
    ),
    min_size=1,
    max_size=4,
)
ROWS = st.lists(
    st.tuples(
        st.sampled_from([0, 1, 500, 1_000, 1_001, 2_500, HOLD_MS]),
        st.integers(-45, 45),
        st.sampled_from([q.GOOD, q.GOOD, q.GOOD, q.GOOD, q.UNCERTAIN, q.COMM_FAILURE, q.SENSOR_FAILURE]),
    ),
    max_size=60,
)


def at_the_gateway(alarms: list[core.Limit], rows: list[Row]) -> list[tuple[str, int, int]]:
    """(alarm, transition, time) as a gateway's watch makes them of raw numbers, woken when a delay ends."""
    block = Block([Point("P", INT16, HIGH_FIRST, 0, scale=0.1)], 1)
    count = iter(range(10_000))
    watch = Watch(block, alarms, lambda: str(next(count)))
    made = []
    now = 1_000_000
    for gap, raw, code in rows:
        now += gap
        while (due := watch.next_due()) is not None and due < now:
            made += watch.tick(due)
        made += watch.take(now, None if q.is_bad(code) else (raw,), code)
    while (due := watch.next_due()) is not None and due <= now + HOLD_MS:
        made += watch.tick(due)
    wanted = {a.alarm_id for a in alarms}
    return [(t.alarm, t.transition, t.mono_ms) for t in made if t.alarm in wanted and t.transition < 3]


def as_stored(rows: list[Row]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The same rows as the centre stores them: times, values in the unit, qualities."""
    times = 1_000_000 + np.cumsum(np.array([r[0] for r in rows], np.int64))
    # As the centre reckons them: raw * scale + offset, in doubles.
    values = np.array([math.nan if q.is_bad(r[2]) else r[1] * 0.1 + 0.0 for r in rows], np.float64)
    return times, values, np.array([r[2] for r in rows], np.int16)


@settings(deadline=None, max_examples=300)
@given(ALARMS, ROWS, st.lists(st.integers(0, 60), max_size=3))
@example([("H", 10, 2, 1_000, 3_000, False)], [(0, 10, 192), (1_000, 5, 192), (500, 5, 192)], [1])
@example([("L", -1, 0, 2_500, 0, True)], [(0, -5, 192), (1_000, 0, 24), (HOLD_MS, -5, 64)], [])
def test_settings_in_force_raise_what_the_gateways_core_raised_on_the_same_values(
    chosen: list[tuple[str, int, int, int, int, bool]], rows: list[Row], cuts: list[int]
) -> None:
    given_ = [
        Setting(f"{n}/{side}", side, limit * 0.1, dead * 0.1, on, off, latch)
        for n, (side, limit, dead, on, off, latch) in enumerate(chosen)
    ]
    alarms = [
        core.Limit(s.name, 0, s.side, s.limit, s.deadband, s.on_delay_ms, s.off_delay_ms, s.latch)
        for s in given_
    ]
    replay = Replay(given_, HOLD_MS)
    times, values, codes = as_stored(rows)
    for lo, hi in zip([0, *sorted(cuts)], [*sorted(cuts), len(rows)], strict=True):
        replay.take(times[lo:hi], values[lo:hi], codes[lo:hi])
    replay.finish(1_000_000_000)
    expected = at_the_gateway(alarms, rows) if rows else []
    found = [(r.name, core.RAISE, r.raised_ms) for r in replay.raised]
    found += [(r.name, core.CLEAR, r.cleared_ms) for r in replay.raised if r.cleared_ms is not None]
    assert sorted(found) == sorted(expected)
    assert replay.rows == len(rows)


def test_calm_values_cost_no_look_of_the_core() -> None:
    replay = Replay([Setting("H", "H", 50.0, 1.0), Setting("L", "L", 10.0, 1.0)], HOLD_MS)
    at = np.arange(100_000, dtype=np.int64) * 1_000
    value = np.full(100_000, 30.0)
    value[70_000] = 50.0
    replay.take(at, value, np.full(100_000, 192, np.int16))
    replay.finish(int(at[-1]))
    assert replay.steps == 2
    assert [(r.name, r.raised_ms, r.cleared_ms) for r in replay.raised] == [("H", 70_000_000, 70_001_000)]


def test_what_is_not_known_neither_ends_an_alarm_nor_begins_one() -> None:
    replay = Replay([Setting("H", "H", 50.0, 0.0, 2_000, 2_000)], HOLD_MS)
    at = np.array([0, 1_000, 60_000, 61_000, 63_000], np.int64)
    value = np.array([60.0, 60.0, 40.0, 40.0, 40.0])
    replay.take(at, value, np.full(5, 192, np.int16))
    replay.finish(63_000)
    # Raised while the value was known; the hour of silence neither clears it nor counts towards the delay.
    assert [(r.raised_ms, r.cleared_ms) for r in replay.raised] == [(2_000, 62_000)]


def test_what_nobody_would_have_been_told_is_counted() -> None:
    before = [
        Raised("H", 0, 1.0, 10),
        Raised("H", 20, 1.0, 30),
        Raised("H", 40, 1.0, 50),
        Raised("H", 60, 1.0),
    ]
    after = [Raised("x", 5, 1.0, 25), Raised("x", 61, 1.0)]
    assert missed(before, after) == 1
    assert missed(before, []) == 4
    assert missed([], after) == 0
    assert lasted_ms(before, 100) == 70


def test_what_a_gateway_would_refuse_is_said_by_name() -> None:
    good, wide, below = (
        Setting("H", "H", 40.0, 1.0),
        Setting("HH", "HH", 50.0, 60.0),
        Setting("L", "L", 3.0, -1.0),
    )
    found = refused([good, wide, below], 0.0, 100.0)
    assert set(found) == {"HH", "L"}
