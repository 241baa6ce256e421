"""A bus is asked for at most 70 % of its time, and whoever asks for more is shown the arithmetic."""

from __future__ import annotations

import pytest

from edge.drivers.modbus.admission import LIMIT, utilisation
from edge.drivers.modbus.cost import read_cost
from edge.drivers.modbus.models import BusConfig, Kind, Output, Range, Span, UnitPlan
from edge.drivers.modbus.plan import plan


def bus(*units: UnitPlan, kind: Kind = "rtu", **more: int) -> BusConfig:
    return BusConfig("line", kind, units, device="/dev/x", **more)  # type: ignore[arg-type]


def unit(number: int, period_ms: int = 1000, gap_ms: int = 0) -> UnitPlan:
    return UnitPlan(number, (Span(f"P-{number}", 3, 0, 10),), period_ms, (Range(3, 0, 19),), gap_ms=gap_ms)


def test_a_read_costs_its_characters_silences_turnaround_and_adapter() -> None:
    # 8 + 5 + 20 characters of 10 bits at 9600 baud, twice 3.5 characters of silence, 20 ms and 20 ms.
    cost = read_cost(bus(unit(1)), 20)
    assert cost.total_ms == pytest.approx((33 + 7) / 0.96 + 40)
    assert str(cost) == (
        "33 characters of 1.04 ms = 34.4 + 7.29 silence + 20 turnaround + 20 adapter = 81.7 ms"
    )


def test_ascii_takes_two_characters_a_byte_and_tcp_none() -> None:
    # 17 characters ask, 11 + 2 x 20 answer.
    assert read_cost(bus(unit(1), kind="ascii"), 20).characters == 17 + 51
    assert read_cost(bus(unit(1), kind="tcp"), 20).total_ms == 5


def test_a_line_that_has_time_is_admitted() -> None:
    config = bus(*(unit(n) for n in range(1, 8)))
    used = utilisation(config, plan(config))
    assert 0.6 < used.share < LIMIT
    assert not used.too_much


def test_a_line_that_is_asked_for_too_much_is_refused_with_the_arithmetic() -> None:
    config = bus(*(unit(n) for n in range(1, 21)))
    ((problem, remedy),) = utilisation(config, plan(config)).too_much
    assert "the polls would take 17" in problem
    assert "% of the line's time, at most 70% are admitted" in problem
    assert "unit 1 holding registers 0..9: 33 characters of 1.04 ms = 34.4" in problem
    assert "every 1000 ms is 8.2%" in problem
    assert "28 more: " in problem
    assert remedy == (
        "raise `poll_interval_ms`, raise `baudrate`, lower `adapter_ms` if the adapter is quicker, "
        "or spread the units over two lines"
    )


def test_the_shares_add_up_to_the_whole() -> None:
    relays = UnitPlan(30, readable=(Range(1, 0, 15),), outputs=(Output(0, 2),))
    config = bus(unit(1), unit(2, 500), relays)
    used = utilisation(config, plan(config))
    assert used.share == pytest.approx(sum(part.share for part in used.parts))
    assert any("unit 30 outputs 0..1, write" in part.words for part in used.parts)
    assert any("unit 30 outputs 0..1, read-back" in part.words for part in used.parts)


def test_a_tcp_connection_is_counted_by_its_own_cost() -> None:
    fast = [unit(n, 100) for n in range(1, 21)]
    config = bus(*fast, kind="tcp")
    used = utilisation(config, plan(config))
    assert used.share > 1
    assert "5 network = 5.0 ms every 100 ms is 5.0%" in used.text
    calm = bus(*(unit(n) for n in range(1, 21)), kind="tcp")
    assert not utilisation(calm, plan(calm)).too_much


def test_pauses_that_an_instrument_needs_count_for_its_own_reads() -> None:
    config = bus(unit(1, 1000, gap_ms=700))
    ((problem, remedy),) = utilisation(config, plan(config)).too_much
    assert problem.startswith("unit 1: 1 reads with pauses of 700 ms take 78% of the time")
    assert "widen `readable`" in remedy
