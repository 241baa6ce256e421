"""Which readings become rows: what moved, what changed its quality, what alarmed, and one now and then."""

import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.core.point import FLOAT32, HIGH_FIRST, UINT16, Block, Point
from edge.core.store import Thrift
from protocol.quality import COMM_FAILURE, GOOD, SENSOR_FAILURE, UNCERTAIN

BLOCK = Block(
    [Point("LT", UINT16, HIGH_FIRST, 0, 0.1), Point("PT", FLOAT32, HIGH_FIRST, 1, curve=(1.0, 0.0, 2.0))], 3
)


def thrift(every_s: float = 60, level: float = 0.5, pressure: float = 1.0) -> Thrift:
    return Thrift(BLOCK, int(every_s * 1000), [level, pressure])


def test_without_an_interval_every_reading_is_a_row() -> None:
    always = thrift(0)
    assert all(always.keeps(now, (100, 1.0), GOOD) for now in range(0, 9000, 1000))


def test_a_quiet_block_has_a_row_an_interval() -> None:
    quiet = thrift()
    rows = [now for now in range(0, 300_000, 1000) if quiet.keeps(now, (100, 1.0), GOOD)]
    assert rows == [0, 60_000, 120_000, 180_000, 240_000]


def test_a_point_that_moved_by_more_than_its_deadband_is_a_row() -> None:
    one = thrift()
    one.keeps(0, (100, 1.0), GOOD)
    assert not one.keeps(1000, (105, 1.0), GOOD)
    assert one.keeps(2000, (106, 1.0), GOOD)
    assert not one.keeps(3000, (101, 1.2), GOOD)
    assert one.keeps(4000, (101, 1.3), GOOD)


def test_a_slow_creep_adds_up() -> None:
    one = thrift(every_s=3600)
    assert [raw for raw in range(100, 120) if one.keeps(raw * 1000, (raw, 1.0), GOOD)] == [100, 106, 112, 118]


def test_a_change_of_quality_is_a_row_once() -> None:
    one = thrift()
    one.keeps(0, (100, 1.0), GOOD)
    assert one.keeps(1000, (100, 1.0), UNCERTAIN)
    assert not one.keeps(2000, (100, 1.0), UNCERTAIN)
    assert one.keeps(3000, (100, 1.0), UNCERTAIN, [(0, SENSOR_FAILURE)])
    assert not one.keeps(4000, (100, 1.0), UNCERTAIN, ((0, SENSOR_FAILURE),))
    assert one.keeps(5000, None, COMM_FAILURE)
    assert not one.keeps(6000, None, COMM_FAILURE)
    assert one.keeps(7000, (100, 1.0), GOOD)


def test_a_transition_of_an_alarm_is_a_row() -> None:
    one = thrift()
    one.keeps(0, (100, 1.0), GOOD)
    assert one.keeps(1000, (100, 1.0), GOOD, (), True)


def test_a_number_that_stays_none_does_not_move() -> None:
    one = thrift()
    nan = math.nan
    assert one.keeps(0, (100, nan), GOOD, [(1, SENSOR_FAILURE)])
    assert not one.keeps(1000, (100, math.nan), GOOD, [(1, SENSOR_FAILURE)])
    assert one.keeps(2000, (100, 1.0), GOOD, [(1, SENSOR_FAILURE)])
    assert one.keeps(3000, (100, math.inf), GOOD, [(1, SENSOR_FAILURE)])


@given(
    st.lists(st.tuples(st.integers(1, 30_000), st.integers(0, 300), st.sampled_from([GOOD, UNCERTAIN]))),
    st.sampled_from([0.0, 0.5, 3.0]),
)
def test_between_two_rows_nothing_moved_past_its_deadband(
    readings: Sequence[tuple[int, int, int]], deadband: float
) -> None:
    one = thrift(level=deadband)
    now, last, since, quality = 0, math.nan, 0, -1
    for wait, raw, told in readings:
        now += wait
        value = raw * 0.1
        if one.keeps(now, (raw, 1.0), told):
            last, since, quality = value, now, told
        assert abs(value - last) <= deadband
        assert now - since < 60_000
        assert told == quality


@pytest.mark.parametrize(
    ("every", "bands"), [(-1, [0.0, 0.0]), (0, [0.0]), (0, [-1.0, 0.0]), (0, [math.nan, 0.0])]
)
def test_what_cannot_be_meant_is_refused(every: int, bands: list[float]) -> None:
    with pytest.raises(ValueError, match="dead-bands"):
        Thrift(BLOCK, every, bands)
