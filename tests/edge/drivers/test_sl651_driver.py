"""SL 651 stations and what becomes of their reports: readings, confirmations, counts; time goes by hand."""

from __future__ import annotations

import math
from typing import Any

import pytest

from edge.drivers.sl651 import decode
from edge.drivers.sl651.frame import ACK, EOT, ESC, NAK, Frame, Stream
from protocol import quality
from rig import sl651_station as rig
from tests.edge.drivers.stations_at_hand import NOON_MS, SlBench, checked

MINUTE = 60_000
HOUR = 60 * MINUTE
LEVEL = "392300010490"
RAIN = "2019000040"


def unit(**changes: Any) -> dict[str, Any]:
    points = [{"key": "LT", "element": "39"}, {"key": "RAIN", "element": "20"}]
    return {"key": "ST", "station": rig.ADDRESS, "password": "1234", "points": points, **changes}


def bench(**changes: Any) -> SlBench:
    return SlBench(unit(**changes))


def timed(b: SlBench, elements: str = LEVEL + RAIN, function: int = decode.TIMED, **how: Any) -> bytes:
    return rig.up(function, rig.text(elements, how.pop("utc_ms", b.clock.utc), **how))


def told(b: SlBench) -> list[Frame]:
    return [Stream().take(data)[0] for data in b.peer.told]


def test_a_report_becomes_one_reading_an_element_and_is_confirmed() -> None:
    b = bench()
    assert b.conversation.take(timed(b)) == 1
    assert [(reading.block.number, reading.data) for reading in b.readings] == [(0, (10.49,)), (1, (4.0,))]
    assert [reading.quality for reading in b.readings] == [quality.GOOD] * 2
    assert b.readings[0].time_ms == b.clock.utc
    assert b.readings[0].took_ms == b.clock.utc % MINUTE
    assert [(f.direction, f.end, f.text) for f in told(b)] == [
        (8, EOT, bytes.fromhex("0001" + rig.stamp(NOON_MS)))
    ]


def test_an_element_that_is_absent_says_nothing_about_its_point() -> None:
    b = bench()
    b.conversation.take(timed(b, RAIN, decode.ADDED))
    assert [(reading.block.number, reading.data) for reading in b.readings] == [(1, (4.0,))]


def test_an_element_that_never_comes_becomes_bad_with_that_reason() -> None:
    b = bench()
    b.clock.go_on(HOUR)
    b.conversation.take(timed(b, RAIN))
    b.clock.go_on(HOUR)
    b.call_roll()
    assert [reading.block.number for reading in b.readings] == [1, 0]
    assert b.readings[1].reason.endswith("its reports do not hold it")


def test_where_reports_are_whole_an_absent_element_is_bad() -> None:
    b = bench(whole_reports=True)
    b.conversation.take(timed(b, RAIN))
    reading = b.readings[0]
    assert isinstance(reading.data, tuple)
    assert math.isnan(reading.data[0])
    assert reading.exceptions == ((0, quality.NOT_CONNECTED),)


def test_what_was_not_measured_is_bad_at_once() -> None:
    b = bench()
    b.conversation.take(timed(b, "3923FFFFFFFF" + RAIN))
    assert b.readings[0].exceptions == ((0, quality.SENSOR_FAILURE),)
    assert b.readings[1].exceptions == ()


def test_a_repeated_report_is_confirmed_again_and_handed_on_once() -> None:
    b = bench()
    for late in range(3):
        b.conversation.take(timed(b, sent_ms=NOON_MS + late * 1000))
    assert len(b.readings) == 2
    assert len(b.peer.told) == 3
    assert b.driver.stats().stations[0].repeated == 2


def test_a_keep_alive_is_counted_and_not_confirmed() -> None:
    b = bench()
    b.conversation.take(rig.up(decode.KEEP_ALIVE, "0001" + rig.stamp(NOON_MS)))
    assert (b.readings, b.peer.told) == ([], [])
    assert b.driver.stats().stations[0].other == 1


def test_a_station_of_mode_1_is_told_nothing_and_one_that_stays_online_hears_esc() -> None:
    silent, online = bench(confirm=False), bench(stay_online=True)
    silent.conversation.take(timed(silent))
    online.conversation.take(timed(online))
    assert (len(silent.readings), silent.peer.told) == (2, [])
    assert told(online)[0].end == ESC


def test_other_reports_are_confirmed_so_that_they_end() -> None:
    b = bench()
    b.conversation.take(rig.up(decode.MANUAL, "0004" + rig.stamp(NOON_MS) + "F2F25120312E323334"))
    assert b.readings == []
    assert told(b)[0].function == decode.MANUAL
    assert b.driver.stats().stations[0].other == 1


def test_a_wrong_password_is_refused_without_an_answer() -> None:
    b = bench()
    b.conversation.take(rig.up(decode.TIMED, rig.text(LEVEL, NOON_MS), password="4321"))
    assert (b.readings, b.peer.told) == ([], [])
    assert b.driver.stats().stations[0].refused == 1


def test_a_stranger_is_refused_and_named() -> None:
    b = bench()
    b.conversation.take(
        rig.up(decode.TIMED, rig.text(LEVEL, NOON_MS, station="00000000AB"), station="00000000AB")
    )
    assert (b.readings, b.peer.told) == ([], [])
    assert b.driver.stats().unknown == {"00000000AB": 1}
    b.clock.go_on(2 * HOUR)
    b.call_roll()
    assert "00000000AB" in b.readings[0].reason


def test_a_kept_report_is_confirmed_counted_and_not_judged() -> None:
    b = bench()
    b.conversation.take(timed(b, utc_ms=NOON_MS - HOUR, sent_ms=NOON_MS))
    assert b.readings == []
    assert len(b.peer.told) == 1
    assert b.driver.stats().stations[0].past == 1


def test_a_wrong_clock_makes_the_values_uncertain() -> None:
    b = bench(report_interval_s=60)
    for serial in range(5):
        b.conversation.take(timed(b, RAIN, utc_ms=b.clock.utc - 3 * HOUR, serial=serial))
        b.clock.go_on(MINUTE)
    assert [reading.quality for reading in b.readings] == [quality.UNCERTAIN] * 3
    assert "3 h behind" in b.readings[0].reason


def test_a_test_report_is_uncertain() -> None:
    b = bench()
    b.conversation.take(timed(b, RAIN, decode.TEST))
    assert b.readings[0].quality == quality.UNCERTAIN


def test_an_unreadable_report_is_not_confirmed() -> None:
    b = bench()
    b.conversation.take(timed(b, "3923000001"))
    assert (b.readings, b.peer.told) == ([], [])
    assert b.driver.stats().stations[0].unreadable == 1
    b.clock.go_on(2 * HOUR)
    b.call_roll()
    assert "can't be read" in b.readings[0].reason


def test_a_report_in_packs_is_one_report() -> None:
    b = bench()
    text = rig.text(LEVEL + RAIN, NOON_MS)
    for data in rig.packs(decode.TIMED, text, [25, len(text) // 2 - 25]):
        b.conversation.take(data)
    assert [reading.data for reading in b.readings] == [(10.49,), (4.0,)]
    assert [f.end for f in told(b)] == [EOT]


def test_a_missing_pack_is_asked_for() -> None:
    b = bench()
    text = rig.text(LEVEL + RAIN, NOON_MS)
    first, second, third = rig.packs(decode.TIMED, text, [25, 5, len(text) // 2 - 30])
    b.conversation.take(first + third)
    assert [(f.end, f.packs, f.pack) for f in told(b)] == [(NAK, 3, 2)]
    assert told(b)[0].text == bytes.fromhex(text)[:8]
    b.conversation.take(second)
    assert [reading.data for reading in b.readings] == [(10.49,), (4.0,)]
    assert told(b)[1].end == EOT


def test_what_goes_down_is_not_taken_for_a_report() -> None:
    b = bench()
    b.conversation.take(timed(b))
    b.conversation.take(b.peer.told[0])
    assert len(b.peer.told) == 1
    assert b.driver.stats().malformed == 1


def test_a_flood_of_one_station_is_bounded() -> None:
    b = bench()
    for serial in range(200):
        b.conversation.take(timed(b, RAIN, serial=serial))
    assert len(b.readings) == 100
    assert b.driver.stats().stations[0].crowded == 100


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"units": [unit(), unit(key="B")]}, "twice"),
        ({"units": [unit(station="12345")]}, "station"),
        ({"units": [unit(password="12")]}, "password"),
        ({"units": [unit(points=[{"key": "A", "element": "F4"}])]}, "no number of the present"),
        ({"units": [unit(points=[{"key": "A", "element": "39"}, {"key": "B", "element": "39"}])]}, "twice"),
        ({"listen": ""}, "$.listen: missing"),
    ],
)
def test_a_wrong_table_is_refused_with_its_place(changes: dict[str, Any], said: str) -> None:
    raw = {"name": "water", "kind": "sl651", "listen": "127.0.0.1:9002", "units": [unit()], **changes}
    _, _, problems = checked(raw)
    assert any(said in problem for problem in problems), problems


def test_control_characters_are_those_of_the_standard() -> None:
    assert (EOT, ESC, ACK, NAK) == (0x04, 0x1B, 0x06, 0x15)
