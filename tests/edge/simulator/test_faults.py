"""What the gateway makes of an instrument that a fault was ordered for, on sockets and on a pty."""

import asyncio
from pathlib import Path

import pytest

from edge.drivers.models import BlockReading, Laid
from edge.simulator.fault import Fault, FaultName
from protocol import quality
from tests.edge.simulator.reading import Outcome, read_once


def told(last: dict[int, BlockReading], laid: Laid) -> bool:
    """Enough: every block has been told of, good or bad."""
    return {draft.block.number for draft in laid.blocks} <= set(last)


def read(name: str, folder: Path, fault: FaultName, kind: str = "") -> Outcome:
    return asyncio.run(read_once(name, folder, kind=kind, fault=Fault(fault), until=told))


@pytest.mark.parametrize("name", ["gas-ammonia", "ups-megatec", "meter-dlt645"])
def test_a_silent_instrument_is_a_communication_failure(name: str, tmp_path: Path) -> None:
    last = read(name, tmp_path, "silent").last
    assert {one.quality for one in last.values()} <= {quality.COMM_FAILURE, quality.NOT_CONNECTED}
    assert [one for one in last.values() if one.data is not None] == []


@pytest.mark.parametrize("name", ["gas-ammonia", "ups-megatec", "meter-dlt645"])
def test_an_instrument_that_answers_too_late_is_no_value(name: str, tmp_path: Path) -> None:
    last = read(name, tmp_path, "late").last
    assert [one for one in last.values() if one.data is not None] == []


def test_a_refusing_instrument_says_so(tmp_path: Path) -> None:
    (reading,) = read("gas-ammonia", tmp_path, "exception").last.values()
    assert reading.data is None
    assert "4" in reading.reason


def test_a_refusing_meter_says_so(tmp_path: Path) -> None:
    last = read("meter-dlt645", tmp_path, "exception").last
    assert {one.quality for one in last.values()} == {quality.DEVICE_FAILURE}
    assert all("refuses" in one.reason for one in last.values())


@pytest.mark.parametrize("name", ["gas-ammonia", "temperature-module-8", "analogue-input-8"])
def test_numbers_beyond_the_range_are_bad_and_shown_as_they_are(name: str, tmp_path: Path) -> None:
    outcome = asyncio.run(read_once(name, tmp_path, fault=Fault("out-of-range")))
    point = next(iter(outcome.play.instrument.points))
    _, value, how = outcome.values()[point]
    high = (outcome.play.instrument.points[point].range or [0.0, 0.0])[1]
    assert how == quality.SENSOR_FAILURE
    assert value > high


@pytest.mark.parametrize("kind", ["rtu", "ascii"])
def test_an_instrument_on_a_pseudo_terminal_is_read_as_on_a_line(kind: str, tmp_path: Path) -> None:
    outcome = asyncio.run(read_once("level-radar", tmp_path, kind=kind, link=tmp_path / "tty"))
    truth = outcome.play.instrument.truth()
    assert outcome.values()["level"][1] == pytest.approx(truth["level"], rel=1e-6)
    assert not (tmp_path / "tty").is_symlink()


@pytest.mark.parametrize("name", ["meter-dlt645", "weighing-indicator", "station-sl651"])
def test_others_speak_on_a_pseudo_terminal_too(name: str, tmp_path: Path) -> None:
    outcome = asyncio.run(read_once(name, tmp_path, link=tmp_path / "tty"))
    assert {how for _, _, how in outcome.values().values()} == {quality.GOOD}


def test_rtu_over_tcp_is_served_too(tmp_path: Path) -> None:
    outcome = asyncio.run(read_once("level-radar", tmp_path, kind="rtu-over-tcp"))
    assert {how for _, _, how in outcome.values().values()} == {quality.GOOD}
