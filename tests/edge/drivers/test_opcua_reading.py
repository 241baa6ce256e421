"""A DataValue becomes a number with quality, reason and age, or none: never a wrong one."""

from __future__ import annotations

import math

import pytest

from edge.drivers.models import BlockReading, ValueBlock
from edge.drivers.opcua.binary import Sample
from edge.drivers.opcua.family import Watched
from edge.drivers.opcua.node import parse
from edge.drivers.opcua.plan import Schedule, chunks, tick_ms
from edge.drivers.opcua.reading import ServerClock, judged, number
from edge.drivers.opcua.report import Report
from edge.drivers.opcua.settings import Bus
from protocol import quality as q

NOW = 1_795_334_400_000
DOUBLE, FLOAT, STRING, UINT64, BOOLEAN = 11, 10, 12, 9, 1


def sample(value: object, kind: int = DOUBLE, status: int = 0, source: int | None = NOW) -> Sample:
    return Sample(kind, value, status, source, source)


def array(value: tuple[float, ...], dimensions: int = 1) -> Sample:
    return Sample(DOUBLE, value, 0, NOW, NOW, True, dimensions)


def test_a_boolean_is_one_or_zero() -> None:
    assert number(sample(True, BOOLEAN), None)[0] == 1.0


def test_a_text_is_refused_even_when_it_looks_like_a_number() -> None:
    value, status = number(sample("21.5", STRING), None)
    assert value is None
    assert status.quality == q.CONFIG_ERROR
    assert status.reason == "the node holds a String '21.5'; a point needs a number"


@pytest.mark.parametrize(("bad", "word"), [(math.nan, "not a number"), (math.inf, "infinite")])
def test_nan_and_infinity_are_sensor_failures(bad: float, word: str) -> None:
    value, status = number(sample(bad), None)
    assert value is None
    assert status.quality == q.SENSOR_FAILURE
    assert word in status.reason


def test_a_bad_status_takes_the_value_away() -> None:
    value, status = number(sample(21.5, status=0x808C0000), None)
    assert value is None
    assert status.quality == q.SENSOR_FAILURE


def test_an_uncertain_status_leaves_the_value() -> None:
    value, status = number(sample(21.5, status=0x40900000), None)
    assert (value, status.quality) == (21.5, q.LAST_USABLE)


def test_a_good_status_without_a_value_is_bad() -> None:
    value, status = number(Sample(0, None, 0, NOW, NOW), None)
    assert value is None
    assert status.quality == q.BAD


def test_a_whole_number_that_no_double_holds_is_uncertain() -> None:
    assert number(sample(2**60, UINT64), None)[1].quality == q.GOOD
    value, status = number(sample(2**60 + 1, UINT64), None)
    assert value == 2.0**60
    assert status.quality == q.UNCERTAIN


def test_an_element_is_picked_by_its_index() -> None:
    assert number(array((1.0, 2.0, 3.0)), 2)[0] == 3.0


@pytest.mark.parametrize(
    ("one", "index", "words"),
    [
        (array((1.0, 2.0)), None, "say which element"),
        (array((1.0, 2.0)), 2, "there is no element 2"),
        (array(()), 0, "there is no element 0"),
        (array((1.0,), 2), 0, "2 dimensions"),
        (sample(1.0), 0, "leave `index` out"),
    ],
)
def test_an_array_and_its_index_must_fit(one: Sample, index: int | None, words: str) -> None:
    value, status = number(one, index)
    assert value is None
    assert status.quality == q.CONFIG_ERROR
    assert words in status.reason


def test_an_old_stamp_is_no_fault_where_age_is_not_judged() -> None:
    found = judged(sample(5.0), None, NOW + 86_400_000, 40, 0, 10_000)
    assert (found.quality, found.took_ms) == (q.GOOD, 40)


def test_a_source_that_gives_nothing_new_is_uncertain_and_dated_by_its_stamp() -> None:
    found = judged(sample(5.0), None, NOW + 90_000, 40, 60_000, 10_000)
    assert (found.value, found.quality, found.took_ms) == (5.0, q.LAST_USABLE, 90_000)
    assert found.reason == "its source has given nothing new for 90 s"


def test_a_stamp_in_the_future_is_uncertain() -> None:
    found = judged(sample(5.0), None, NOW - 11_000, 40, 0, 10_000)
    assert found.quality == q.UNCERTAIN
    assert found.reason == "its time is 11 s ahead of the server's clock"


def test_a_missing_stamp_matters_only_where_age_is_judged() -> None:
    assert judged(sample(5.0, source=None), None, NOW, 40, 0, 10_000).quality == q.GOOD
    assert judged(sample(5.0, source=None), None, NOW, 40, 1000, 10_000).quality == q.UNCERTAIN


def test_a_reported_change_is_dated_by_its_stamp() -> None:
    assert judged(sample(5.0), None, NOW + 700, 2000, 0, 10_000, stamped=True).took_ms == 700
    assert judged(sample(5.0), None, NOW + 3_600_000, 2000, 0, 10_000, stamped=True).took_ms == 2000


def test_an_age_never_makes_a_bad_value_better() -> None:
    found = judged(sample(5.0, status=0x808C0000), None, NOW - 90_000, 40, 60_000, 10_000)
    assert found.quality == q.SENSOR_FAILURE


def test_the_servers_clock_is_ours_until_it_tells() -> None:
    clock = ServerClock()
    assert clock.now(1000, NOW) == NOW
    clock.heard(NOW + 3_600_000, 900, 1100)
    assert clock.now(2000, NOW + 1000) == NOW + 3_601_000
    assert clock.wrong_by(2000, NOW + 1000) == 3_600_000


def test_a_quiet_point_is_read_every_period() -> None:
    schedule = Schedule([1000], 0)
    for now in (0, 1000, 2000):
        assert schedule.take_due(now) == [0]
        assert schedule.take_due(now + 10) == []
        schedule.read(0, now + 30)
        assert schedule.take_due(now + 990) == []


def test_a_point_that_changes_by_itself_is_not_read_as_well() -> None:
    schedule = Schedule([1000], 0)
    schedule.take_due(0)
    schedule.read(0, 10)
    for now in range(500, 20_000, 1000):
        assert schedule.take_due(now) == []
        schedule.notified(0, now + 100)


def test_silence_is_said_after_two_periods_and_then_every_period() -> None:
    schedule = Schedule([1000], 0)
    schedule.read(0, 100)
    said = [now for now in range(0, 6000, 50) if schedule.take_silent(now, connected=True)]
    assert said == [2100, 3100, 4100, 5100]


def test_without_a_connection_silence_is_said_every_period() -> None:
    schedule = Schedule([1000], 0)
    schedule.read(0, 100)
    said = [now for now in range(0, 5000, 50) if schedule.take_silent(now, connected=False)]
    assert said == [1100, 2100, 3100, 4100]


def test_an_answer_that_never_came_is_asked_again() -> None:
    schedule = Schedule([1000, 1000], 0)
    assert schedule.take_due(0) == [0, 1]
    schedule.read(0, 10)
    schedule.given_up([0, 1])
    assert schedule.take_due(20) == [1]


def test_requests_are_divided_by_the_servers_limit() -> None:
    assert [list(part) for part in chunks(range(5), 2)] == [[0, 1], [2, 3], [4]]
    assert (tick_ms([1000]), tick_ms([10]), tick_ms([])) == (250, 20, 125)


class HandClock:
    """Stands at one moment."""

    def utc_ms(self) -> int:
        return NOW

    def mono_ms(self) -> int:
        return 0


def test_a_read_that_was_overtaken_by_a_change_is_not_taken_for_newer_where_nothing_is_stamped() -> None:
    given: list[BlockReading] = []
    block = ValueBlock(0, 1000, 4000, "the tank")
    watched = Watched(block, "LT-1", parse("ns=2;s=Level"), 0, None, 0)
    bus = Bus(name="scada", kind="opcua", endpoint="opc.tcp://h")
    report = Report(bus, [watched], given.append, HandClock())
    report.changed(0, sample(95.0, source=None), 20, 0, [])
    report.read([0], [sample(10.0, source=None)], 10, 30)
    report.read([0], [sample(96.0, source=None)], 1030, 1040)
    assert [reading.data for reading in given] == [(95.0,), (96.0,)]
