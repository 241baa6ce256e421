"""The status says how busy a bus is and what is wrong on it, and keeps quiet about what is well."""

from __future__ import annotations

import msgspec

from edge.drivers.modbus.models import BusStats, UnitStats
from edge.installer.bus_words import bus_words


def unit(number: int, **more: object) -> UnitStats:
    well = UnitStats(number, "in step", 100, 0, 0, 0, 0, 0, 0, 0, 3000, False, timeout_ms=300)
    return msgspec.structs.replace(well, **more)


def told(*units: UnitStats, **more: object) -> list[str]:
    stats = BusStats("line", True, "", list(units), 200, 3, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0.23)
    return bus_words(msgspec.to_builtins(msgspec.structs.replace(stats, **more)))


def test_a_bus_that_is_well_takes_one_line() -> None:
    assert told(unit(1), unit(2)) == [
        "  bus line                 connected, busy 23% of its time, 200 good reads, 3 failed"
    ]


def test_a_silent_and_a_late_unit_are_named_with_their_reply_times() -> None:
    lines = told(
        unit(1, breaker="open", state="suspect", reply_ms=12, reply_p99_ms=39),
        unit(2, heard_late=4, lateness_ms=800, reply_ms=40, reply_p99_ms=191, timeout_ms=500),
    )
    assert lines[1:] == [
        "    unit 1: silent (breaker open), answers in 12 ms, 99 of 100 within 39 ms, waited for 300 ms",
        (
            "    unit 2: 4 replies late, by up to 800 ms, answers in 40 ms, 99 of 100 within 191 ms, "
            "waited for 500 ms"
        ),
    ]


def test_what_was_learned_is_said_and_why_there_is_no_connection() -> None:
    lines = told(connected=False, trouble="/dev/x is not there", learned=["write readable = [...]"])
    assert lines[0].startswith("  bus line                 /dev/x is not there, busy")
    assert lines[1] == "    learned: write readable = [...]"


def test_a_family_that_counts_less_is_told_by_what_it_has() -> None:
    assert bus_words({"name": "opc", "connected": False}) == ["  bus opc                  NOT connected"]


def test_a_silent_instrument_of_a_serial_line_is_named_with_why_its_port_is_shut() -> None:
    one = {"unit": "EM-1", "silent": True, "skipped": 0}
    stats = {"name": "meters", "connected": False, "trouble": "ttyX is not there", "units": [one]}
    assert bus_words(stats) == ["  bus meters               ttyX is not there", "    unit EM-1: silent"]


def test_a_station_that_is_refused_and_a_stranger_are_named() -> None:
    well = {"unit": "W-1", "station": "01", "reports": 7, "refused": 0}
    wrong = {"unit": "W-2", "station": "02", "reports": 0, "refused": 17}
    stats = {"name": "env", "connected": True, "stations": [well, wrong], "unknown": {"03": 9}}
    assert bus_words(stats)[1:] == [
        "    station W-2 (02): no report yet, 17 reports refused for a wrong password",
        "    03 reports here (9 times), and is no unit of this bus",
    ]


def test_a_late_instrument_of_a_serial_line_is_told_without_a_lateness_that_nobody_measured() -> None:
    stats = {"name": "meters", "connected": True, "units": [{"unit": "EM-1", "heard_late": 2}]}
    assert bus_words(stats)[1:] == ["    unit EM-1: 2 replies late"]
