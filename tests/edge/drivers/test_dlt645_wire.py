"""DL/T 645 meters that misbehave on one line: no wrong value, no old one, and the others go on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from protocol import quality
from rig import meters
from rig.asked import AskedLine, Mishaps, mishaps
from rig.scenario import soaking
from rig.virtual import VirtualLoop
from rig.wired import Watched, run_on_a_serial_server

UNITS, QUESTIONS = 4, 3
T_MS = 400  # 300 ms to begin with, characters, no adapter


def config(port: int, *, units: int = UNITS, period_ms: int = 2000) -> str:
    lines = [
        '[[buses]]\nname = "meters"\nkind = "dlt645"\nhost = "127.0.0.1"',
        f"port = {port}\nbaudrate = 19200\ntimeout_ms = 300\nadapter_ms = 0",
    ]
    for unit in range(units):
        lines.append(f'[[buses.units]]\nkey = "EM-{unit}"\naddress = "{meters.address(unit)}"')
        lines.append(f"poll_interval_ms = {period_ms}")
        for question in range(QUESTIONS):
            lines.append(f'[[buses.units.points]]\nkey = "E-{unit}-{question}"')
            lines.append(f'di = "{meters.identifier(question)}"')
    return "\n".join(lines)


NAMES = [(unit, question) for unit in range(UNITS) for question in range(QUESTIONS)]


def meters_with(wrong: Mishaps, seed: int = 1, *, queued: bool = False) -> AskedLine:
    return AskedLine(
        meters.RequestCutter(),
        meters.reply,
        wrong,
        T_MS,
        seed,
        queued=queued,
        passes=lambda data: bool(meters.whole(data)),
    )


def poll(
    line: AskedLine,
    seconds: float,
    folder: Path,
    meddle: Callable[[VirtualLoop, list[asyncio.StreamWriter]], None] = lambda *_: None,
) -> Watched:
    watched = Watched()
    watched.stats = run_on_a_serial_server(
        config, line, seconds, folder, lambda reading: watched.take(reading, NAMES, 100), meddle
    )
    return watched


def test_good_meters_are_read_at_their_rhythm(tmp_path: Path) -> None:
    watched = poll(meters_with(Mishaps()), 60, tmp_path)
    assert watched.wrong == 0
    assert len(watched.readings) == watched.good
    assert watched.good > 12 * 25
    assert watched.oldest_ms <= 10  # the stamp counts hundredths
    assert watched.stats.connected
    assert watched.stats.failed == 0
    assert 0.15 < watched.stats.utilisation < 0.7


@pytest.mark.parametrize("queued", [False, True])
@pytest.mark.parametrize("kind", ["late", "later", "silent", "foreign", "noise", "bytewise", "echo"])
def test_no_wrong_and_no_old_value_from_meters_that_are(kind: str, queued: bool, tmp_path: Path) -> None:
    line = meters_with(mishaps(0.1, kind), 7, queued=queued)
    watched = poll(line, soaking(600, 40_000), tmp_path)
    assert watched.wrong == 0
    assert watched.oldest_ms <= T_MS
    assert watched.good > 100


@pytest.mark.parametrize("kind", ["doubled", "doubled_late", "late"])
def test_doubled_answers_are_of_the_right_number_and_at_most_two_t_old(kind: str, tmp_path: Path) -> None:
    watched = poll(meters_with(mishaps(0.2, kind, "doubled_late"), 3), soaking(600, 40_000), tmp_path)
    assert watched.wrong == 0
    assert watched.oldest_ms <= 2 * T_MS
    assert watched.good > 100


def test_an_adapter_that_echoes_every_request_costs_nothing(tmp_path: Path) -> None:
    watched = poll(meters_with(Mishaps(echo=1.0)), 60, tmp_path)
    assert watched.wrong == 0
    assert len(watched.readings) == watched.good
    assert watched.good > 12 * 25


def test_a_dead_meter_costs_the_others_at_most_a_tenth(tmp_path: Path) -> None:
    line = meters_with(Mishaps())
    line.dead.add(2)
    watched = poll(line, 600, tmp_path)
    good = [r.block.number for r in watched.readings if r.data is not None]
    assert len(good) >= 0.95 * 9 * 300
    dead = [at for at, unit, _ in line.asked if unit == 2]
    assert len(dead) * T_MS <= 0.1 * 600_000
    assert dead[-1] - dead[-2] >= 55_000
    bad = [r for r in watched.readings if r.block.number == 6]
    assert len(bad) >= 290  # one a period: nobody waits for a word of it
    assert {r.quality for r in bad} == {quality.COMM_FAILURE}
    assert "EM-2 is silent; asked again in" in bad[-1].reason


def test_a_meter_that_comes_back_is_read_again(tmp_path: Path) -> None:
    line = meters_with(Mishaps())
    line.dead.add(2)

    def revive(loop: VirtualLoop, _: list[asyncio.StreamWriter]) -> None:
        loop.call_later(100, line.dead.clear)

    watched = poll(line, 300, tmp_path, revive)
    back = [r for r in watched.readings if r.block.number == 6 and r.data is not None]
    assert len(back) > 50
    assert not any(unit.silent for unit in watched.stats.units)


def test_a_lost_connection_gives_a_bad_reading_a_period_and_heals(tmp_path: Path) -> None:
    def cut(loop: VirtualLoop, writers: list[asyncio.StreamWriter]) -> None:
        loop.call_later(30, lambda: writers[0].close())  # noqa: PLW0108  # connected by then

    watched = poll(meters_with(Mishaps()), 90, tmp_path, cut)
    assert watched.wrong == 0
    assert watched.stats.connections == 2
    assert watched.stats.connected
    assert watched.readings[-1].data is not None
    assert len({r.reason for r in watched.readings if r.data is None}) <= 2


def test_damaged_frames_give_no_wrong_value_and_no_crash(tmp_path: Path) -> None:
    watched = poll(meters_with(mishaps(0.6, "mutated", "mutated_then_good", "noise"), 5), 600, tmp_path)
    assert watched.wrong == 0
    assert watched.oldest_ms <= T_MS
    assert watched.good > 100
    assert watched.stats.malformed > 1000
