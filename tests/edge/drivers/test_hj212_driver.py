"""HJ 212 stations and what becomes of their reports: readings, answers, counts; time goes by hand."""

from __future__ import annotations

import math
from typing import Any

import pytest

from edge.drivers.models import BlockReading
from protocol import quality
from rig.hj212_station import frame, report, stamp
from tests.edge.drivers.stations_at_hand import HjBench, checked

MN = "010000A8900016F000169DC0"
MINUTE = 60_000
HOUR = 60 * MINUTE


def unit(**changes: Any) -> dict[str, Any]:
    points = [{"key": "SO2", "factor": "a21026"}, {"key": "NOX", "factor": "a21002"}]
    return {"key": "CEMS", "mn": MN, "password": "123456", "points": points, **changes}


def bench(**changes: Any) -> HjBench:
    return HjBench(unit(**changes))


BOTH = {"a21026": "12.5", "a21002": "80.1"}


def test_a_report_becomes_a_reading_and_is_answered_afterwards() -> None:
    b = bench()
    told_before: list[int] = []

    def take(reading: BlockReading) -> None:
        told_before.append(len(b.peer.told))
        b.readings.append(reading)

    b.driver.reception._sink = take
    assert b.conversation.take(frame(report(BOTH, b.clock.utc - 5000))) == 1
    reading = b.readings[0]
    assert reading.data == (12.5, 80.1)
    assert (reading.quality, reading.exceptions, reading.reason) == (quality.GOOD, (), "")
    assert (reading.time_ms, reading.took_ms) == (b.clock.utc, 5000 + b.clock.utc % 1000)
    assert (told_before, len(b.peer.told)) == ([0], 1)
    assert b.peer.fields()[0] | {"ST": "91", "CN": "9014", "Flag": "4"} == b.peer.fields()[0]
    assert b.peer.fields()[0]["QN"] == stamp(b.clock.utc - 5000, milliseconds=True)


def test_what_asks_for_no_answer_gets_none() -> None:
    b = bench()
    b.conversation.take(frame(report(BOTH, b.clock.utc, flag=4)))
    assert len(b.readings) == 1
    assert b.peer.told == []


def test_a_report_whose_reading_could_not_be_handed_on_is_not_answered() -> None:
    b = bench()

    def broken(_: object) -> None:
        raise OSError("no")

    b.driver.reception._sink = broken
    with pytest.raises(OSError, match="no"):
        b.conversation.take(frame(report(BOTH, b.clock.utc)))
    assert b.peer.told == []
    b.driver.reception._sink = b.readings.append
    b.conversation.take(frame(report(BOTH, b.clock.utc)))
    assert len(b.readings) == 1


def test_a_repeated_report_is_answered_again_and_handed_on_once() -> None:
    b = bench()
    for _ in range(3):
        b.conversation.take(frame(report(BOTH, b.clock.utc)))
    b.conversation.take(frame(report(BOTH, b.clock.utc, sent_ms=b.clock.utc + 900)))
    assert len(b.readings) == 1
    assert len(b.peer.told) == 4
    assert b.driver.stats().stations[0].repeated == 3


def test_equal_values_of_another_moment_are_another_reading() -> None:
    b = bench()
    for _ in range(3):
        b.conversation.take(frame(report(BOTH, b.clock.utc)))
        b.clock.go_on(MINUTE)
    assert len(b.readings) == 3


def test_a_factor_that_is_missing_is_bad_and_the_others_are_good() -> None:
    b = bench()
    b.conversation.take(frame(report({"a21026": "12.5", "a34013": "3"}, b.clock.utc)))
    reading = b.readings[0]
    assert isinstance(reading.data, tuple)
    assert reading.data[0] == 12.5
    assert math.isnan(reading.data[1])
    assert reading.exceptions == ((1, quality.NOT_CONNECTED),)
    assert "a21002" in reading.reason


def test_a_flag_is_the_quality_of_its_factor_alone() -> None:
    b = bench()
    said = report({"a21026": "500.0"}, b.clock.utc, data_flag="T", extra=";a21002-Rtd=80,a21002-Flag=N")
    b.conversation.take(frame(said))
    assert b.readings[0].data == (500.0, 80.0)
    assert b.readings[0].exceptions == ((0, quality.SENSOR_INACCURATE),)


def test_a_wrong_password_is_refused_without_an_answer() -> None:
    b = bench()
    b.conversation.take(frame(report(BOTH, b.clock.utc, pw="000000")))
    assert (b.readings, b.peer.told) == ([], [])
    assert b.driver.stats().stations[0].refused == 1
    b.clock.go_on(3 * MINUTE)
    b.call_roll()
    assert "password" in b.readings[0].reason


def test_a_stranger_is_refused_and_named() -> None:
    b = bench()
    for i in range(100):
        b.conversation.take(frame(report(BOTH, b.clock.utc, mn=f"STRANGER{i}")))
    assert (b.readings, b.peer.told) == ([], [])
    stats = b.driver.stats()
    assert stats.strangers == 100
    assert len(stats.unknown) == 32
    assert stats.unknown["STRANGER0"] == 1
    b.clock.go_on(3 * MINUTE)
    b.call_roll()
    assert "STRANGER0" in b.readings[0].reason


def test_a_kept_report_is_answered_counted_and_not_judged() -> None:
    b = bench()
    b.conversation.take(frame(report(BOTH, b.clock.utc - HOUR, sent_ms=b.clock.utc)))
    assert b.readings == []
    assert len(b.peer.told) == 1
    stats = b.driver.stats().stations[0]
    assert (stats.past, stats.last_past) == (1, f"DataTime {stamp(b.clock.utc - HOUR)}")


def test_a_station_that_sends_only_the_past_becomes_bad_with_that_reason() -> None:
    b = bench()
    b.conversation.take(frame(report(BOTH, b.clock.utc - HOUR, sent_ms=b.clock.utc)))
    b.clock.go_on(2 * MINUTE)
    b.call_roll()
    assert b.readings[0].data is None
    assert "of the past" in b.readings[0].reason


def test_what_is_caught_up_between_live_reports_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    b = bench()
    for minute in range(30):
        b.conversation.take(frame(report(BOTH, b.clock.utc)))
        late = b.clock.utc - 5 * HOUR + minute * MINUTE
        b.conversation.take(frame(report(BOTH, late, sent_ms=b.clock.utc)))
        b.clock.go_on(MINUTE)
    assert len(b.readings) == 30
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    for _ in range(12):
        b.conversation.take(frame(report(BOTH, b.clock.utc)))
        b.clock.go_on(MINUTE)
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]


def test_a_wrong_clock_makes_the_values_uncertain() -> None:
    b = bench()
    for _ in range(5):
        b.conversation.take(frame(report(BOTH, b.clock.utc + 2 * HOUR)))
        b.clock.go_on(MINUTE)
    assert [reading.quality for reading in b.readings] == [quality.UNCERTAIN] * 3
    assert "clock" in b.readings[0].reason


def test_a_report_without_any_time_is_uncertain() -> None:
    b = bench()
    b.conversation.take(frame(f"ST=31;CN=2011;PW=123456;MN={MN};CP=&&a21026-Rtd=1,a21026-Flag=N&&"))
    assert b.readings[0].quality == quality.UNCERTAIN


def test_statistics_are_points_of_their_own_dated_by_their_span() -> None:
    points = [
        {"key": "SO2", "factor": "a21026"},
        {"key": "SO2.hour", "factor": "a21026", "command": 2061},
    ]
    b = bench(points=points)
    b.conversation.take(frame(report({"a21026": "3"}, b.clock.utc)))
    b.conversation.take(frame(report({"a21026": "4"}, b.clock.utc - HOUR, cn=2061, field="Avg")))
    b.conversation.take(frame(report({"a21026": "5"}, b.clock.utc - 3 * HOUR, cn=2061, field="Avg")))
    assert [(reading.block.number, reading.data) for reading in b.readings] == [(0, (3.0,)), (1, (4.0,))]
    assert b.readings[1].time_ms == b.clock.utc // 1000 * 1000 - HOUR
    assert b.driver.stats().stations[0].past == 1


def test_a_value_sampled_too_long_ago_is_uncertain() -> None:
    b = bench()
    for sampled, how in ((b.clock.utc - HOUR, ()), (b.clock.utc - 5 * HOUR, ((0, quality.LAST_USABLE),))):
        said = report(BOTH, b.clock.utc, extra=f";a21026-SampleTime={stamp(sampled)}")
        b.conversation.take(frame(said))
        assert b.readings[-1].exceptions == how
        b.clock.go_on(MINUTE)


def test_a_report_in_packs_is_one_reading_and_each_pack_is_answered() -> None:
    b = bench()
    head = f"QN={stamp(b.clock.utc, True)};ST=31;CN=2011;PW=123456;MN={MN};Flag=7;PNUM=2;"
    first = f"{head}PNO=1;CP=&&DataTime={stamp(b.clock.utc)};a21026-Rtd=1,a21026-Flag=N&&"
    second = f"{head}PNO=2;CP=&&a21002-Rtd=2,a21002-Flag=N&&"
    b.conversation.take(frame(first) + frame(second))
    assert [reading.data for reading in b.readings] == [(1.0, 2.0)]
    assert len(b.peer.told) == 2
    b.conversation.take(frame(first) + frame(second))
    assert len(b.readings) == 1


def test_factors_divided_over_reports_are_on_their_own() -> None:
    b = bench(whole_reports=False)
    b.conversation.take(frame(report({"a21026": "1"}, b.clock.utc)))
    b.conversation.take(frame(report({"a21002": "2"}, b.clock.utc)))
    assert [(reading.block.number, reading.data) for reading in b.readings] == [(0, (1.0,)), (1, (2.0,))]


def test_heartbeats_and_other_commands_are_answered_and_counted() -> None:
    b = bench()
    for cn in (9015, 1013, 2081, 3019, 2021):
        b.conversation.take(frame(report({}, b.clock.utc, cn=cn)))
    assert b.readings == []
    assert [fields["CN"] for fields in b.peer.fields()] == ["9013", "9013", "9014", "9014", "9014"]
    assert b.driver.stats().stations[0].other == 5


def test_an_answer_is_never_answered() -> None:
    b = bench()
    for cn in (9011, 9012, 9013, 9014):
        b.conversation.take(frame(report({}, b.clock.utc, cn=cn)))
    assert b.peer.told == []


def test_a_flood_of_one_station_is_bounded() -> None:
    b = bench()
    for i in range(500):
        b.conversation.take(frame(report({"a21026": str(i)}, b.clock.utc)))
    assert len(b.readings) == 100
    assert b.driver.stats().stations[0].crowded == 400


def test_two_stations_are_told_apart() -> None:
    other = unit(key="B", mn="OTHER", password="1", points=[{"key": "T", "factor": "a01001"}])
    b = HjBench(unit(), other)
    b.conversation.take(frame(report({"a01001": "21"}, b.clock.utc, mn="OTHER", pw="1")))
    b.conversation.take(frame(report(BOTH, b.clock.utc)))
    assert [reading.data for reading in b.readings] == [(21.0,), (12.5, 80.1)]


def test_the_2005_edition_is_read_and_answered_in_its_way() -> None:
    points = [{"key": "COD", "factor": "011"}]
    b = bench(version=2005, points=points)
    b.conversation.take(frame(report({"011": "45.2"}, b.clock.utc, flag=1, data_flag="P")))
    b.clock.go_on(MINUTE)
    without_flag = f"QN={stamp(b.clock.utc, True)};ST=32;CN=2011;PW=123456;MN={MN};Flag=1;"
    b.conversation.take(frame(f"{without_flag}CP=&&DataTime={stamp(b.clock.utc)};011-Rtd=45.3&&"))
    assert b.readings[0].exceptions == ((0, quality.DEVICE_FAILURE),)
    assert (b.readings[1].data, b.readings[1].exceptions) == ((45.3,), ())
    assert b.peer.fields()[0]["Flag"] == "0"
    assert b"CP=&&QN=" in b.peer.told[0]


def test_a_report_that_says_it_is_sent_later_is_the_past() -> None:
    b = bench(version=2025)
    said = report(BOTH, b.clock.utc, flag=9)
    b.conversation.take(frame(said.replace(";CP=", ";RF=1;CP=")))
    assert b.readings == []
    assert b.driver.stats().stations[0].past == 1
    assert b.peer.fields()[0]["Flag"] == "8"
    b.conversation.take(frame(report(BOTH, b.clock.utc + 1000, flag=9).replace(";CP=", ";RF=0;CP=")))
    assert [reading.data for reading in b.readings] == [(12.5, 80.1)]


def test_a_report_without_factors_is_told_as_such() -> None:
    b = bench(version=2025)
    head = f"QN={stamp(b.clock.utc, True)};ST=31;CN=2011;PW=123456;MN={MN};Flag=9;"
    b.conversation.take(frame(f"{head}CP=&&8d1f0a22c4d5e6f7a8b9c0d1e2f30415&&"))
    assert b.readings == []
    assert b.driver.stats().stations[0].unreadable == 1
    b.clock.go_on(3 * MINUTE)
    b.call_roll()
    assert "SM4" in b.readings[0].reason


def test_a_report_without_number_and_flag_is_read() -> None:
    b = bench(version=2005, points=[{"key": "COD", "factor": "011"}])
    b.conversation.take(
        frame(f"ST=32;CN=2011;PW=123456;MN={MN};CP=&&DataTime={stamp(b.clock.utc)};011-Rtd=45.3&&")
    )
    assert b.readings[0].data == (45.3,)
    assert b.peer.told == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"listen": ""}, "$.listen: missing"),
        ({"listen": "9001"}, "no address with a port"),
        ({"listen": "plant.example:9001"}, "no address with a port"),
        ({"device": "/dev/ttyS1"}, "both given"),
        ({"from": ["192.168.1.300"]}, "$.from[0]"),
        ({"units": []}, "empty"),
        ({"max_connections": 1, "units": [unit(), unit(key="B", mn="B")]}, "2 stations need more"),
        ({"units": [unit(), unit(key="B")]}, "twice"),
        ({"units": [unit(points=[{"key": "A", "factor": "a1"}, {"key": "B", "factor": "a1"}])]}, "twice"),
        ({"units": [unit(mn="")]}, "mn"),
        ({"units": [unit(password="a;b")]}, "password"),
        (
            {"units": [{key: value for key, value in unit().items() if key != "password"}]},
            "password: missing",
        ),
    ],
)
def test_a_wrong_table_is_refused_with_its_place(changes: dict[str, Any], said: str) -> None:
    raw = {"name": "env", "kind": "hj212", "listen": "127.0.0.1:9001", "units": [unit()], **changes}
    _, _, problems = checked(raw)
    assert any(said in problem for problem in problems), problems


def test_a_door_beyond_loopback_is_named_as_open() -> None:
    raw = {"name": "env", "kind": "hj212", "listen": "0.0.0.0:9001", "units": [unit()]}
    _, laid, problems = checked(raw)
    assert problems == []
    assert any("neither encryption nor real authentication" in note for note in laid.notes)
    assert any("answers every address" in note for note in laid.notes)


def test_the_rhythm_of_a_unit_is_that_of_its_reports() -> None:
    b = bench(report_interval_s=30)
    assert b.laid.blocks[0].unit.poll_interval_ms == 30_000
    assert b.laid.blocks[0].block.period_ms == 30_000
