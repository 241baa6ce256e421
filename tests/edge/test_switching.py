"""What the centre may have switched, and only that: judged at the plant, read back; tapes in pieces."""

import asyncio
import gzip
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from edge import tapes
from edge.clock import Clock
from edge.config import ConfigError, load
from edge.config_models import Switch
from edge.drivers.tape import parse
from edge.installer.check import check
from edge.outputs.switched import AT_THE_PLANT, Switched
from protocol import messages as m
from rig.slave import Slave
from tests.edge.plant_at_hand import prepared, running_gateway, until, write_config
from tests.edge.uplink.small_centre import SmallCentre, centre

SWITCHES = """
[[outputs]]
name = "FAN-1"
title = "Exhaust fan"
bus = "field"
unit = 10
coil = 4
remote = true
on_when = ["not GT-101/H", "GT-101 < 50"]
who = ["enterprise", "installer"]

[[outputs]]
name = "PULSE-1"
bus = "field"
unit = 10
coil = 5
remote = true
pulse_s = 0.4

[[outputs]]
name = "LAMP-1"
bus = "field"
unit = 10
coil = 6
"""


def order(small: SmallCentre, what: str, name: str, **changes: object) -> m.Command:
    beat = small.heartbeats[-1]
    fields: dict[str, object] = {
        "id": name,
        "gateway": small.gateway,
        "boot": beat.boot,
        "command": what,
        "alarm": "",
        "by": "王工",
        "reason": "smoke in bay 2",
        "expires_mono_ms": beat.mono_ms + 60_000,
        "output": "FAN-1",
        "who": "enterprise",
    }
    return m.Command(**(fields | changes))  # type: ignore[arg-type]


def shown(small: SmallCentre, output: str) -> list[bool]:
    return [one.on for one in small.heartbeats[-1].outputs if one.output == output]


def test_an_output_is_switched_where_the_plant_allows_it_and_shown_as_it_is_read_back(
    tmp_path: Path, board: Slave
) -> None:
    async def run() -> None:
        async with centre() as small, board.tcp() as port:
            path = prepared(tmp_path, port, small)
            path.write_text(path.read_text() + SWITCHES)
            board[10].coils[5] = 1  # a gateway ended within a pulse
            async with running_gateway(path):
                await until(lambda: small.heartbeats and shown(small, "FAN-1") == [False])
                await until(lambda: not board[10].coils[5])  # it rests off
                done = await small.command(order(small, "switch-on", "a"))
                assert done is not None
                assert (done.result, done.detail) == ("done", "read back on")
                assert board[10].coils[4] == 1
                await until(lambda: shown(small, "FAN-1") == [True])
                again = await small.command(order(small, "switch-on", "a"))
                assert again is not None
                assert again.result == "repeated"
                refusals = {
                    "by an office": order(small, "switch-on", "b", who="supervisor"),
                    "no reason": order(small, "switch-on", "c", reason=" "),
                    "not remote": order(small, "switch-on", "d", output="LAMP-1"),
                    "a horn": order(small, "switch-off", "e", output="main.horn"),
                }
                for name, refused in refusals.items():
                    reply = await small.command(refused)
                    assert reply is not None, name
                    assert reply.result == "refused", name
                pulse = await small.command(order(small, "switch-on", "f", output="PULSE-1"))
                assert pulse is not None
                assert pulse.detail == "read back on, for 0.4 s"
                await until(lambda: not board[10].coils[5])

                board[1].holding[0] = 150  # 15 ppm: the alarm stands
                await until(lambda: board[10].coils[0])
                off = await small.command(order(small, "switch-off", "g"))
                assert off is not None
                assert off.result == "done"  # nothing forbids that
                interlocked = await small.command(order(small, "switch-on", "h"))
                assert interlocked is not None
                assert "not GT-101/H" in interlocked.detail
                assert board[10].coils[4] == 0
                assert board[10].coils[0] == 1  # the horn sounds on
                board[1].silent = True
                await until(lambda: small.heartbeats[-1].sources[0].state != 1)
                unknown = await small.command(order(small, "switch-on", "i"))
                assert unknown is not None
                assert unknown.result == "refused"  # what is not known does not hold

                people = [e for e in small.events() if isinstance(e, m.OperatorEvent)]
                assert [(e.action, e.alarm, e.by, e.command) for e in people] == [
                    ("switch-on", "FAN-1", "王工", "a"),
                    ("switch-on", "PULSE-1", "王工", "f"),
                    ("switch-off", "FAN-1", "王工", "g"),
                ]
                seen = [
                    (e.output, e.state)
                    for e in small.events()
                    if isinstance(e, m.OutputEvent) and "." not in e.output
                ]
                assert seen == [
                    ("FAN-1", "on"),
                    ("PULSE-1", "on"),
                    ("PULSE-1", "off"),
                    ("FAN-1", "off"),
                ]

    asyncio.run(run())


def test_a_black_box_comes_in_pieces_that_make_the_whole_dump(
    tmp_path: Path, board: Slave, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tapes, "PIECE", 100)  # a shortened limit: a tape of a few seconds has several pieces

    async def run() -> None:
        async with (
            centre() as small,
            board.tcp() as port,
            running_gateway(prepared(tmp_path, port, small)),
        ):
            await until(lambda: board[1].requests > 20 and small.heartbeats)
            listed = await small.command(order(small, "tape", "l", output=""))
            assert listed is not None
            assert json.loads(listed.detail)["buses"] == ["field"]
            first = await small.command(order(small, "tape", "p0", output="field"))
            assert first is not None
            assert first.parts > 1
            about = json.loads(first.detail)
            packed = first.data
            for part in range(1, first.parts):
                more = await small.command(order(small, "tape", f"p{part}", output="field", part=part))
                assert more is not None
                assert json.loads(more.detail) == about
                packed += more.data
            assert hashlib.sha256(packed).hexdigest() == about["sha256"]
            recording = parse(gzip.decompress(packed))
            assert recording.head["gateway"] == "gw-test"
            assert len(recording.records) > 20
            for name in ("../credentials.json", "field.tape.gz", "other"):
                none = await small.command(order(small, "tape", name, output=name))
                assert none is not None
                assert none.result == "refused"

    asyncio.run(run())


@pytest.mark.parametrize(
    ("line", "place", "words"),
    [
        ("coil = 0", "coil", "belongs to main.horn"),
        ("coil = 1", "coil", "belongs to main.beacon"),
        ('coil = 7\nbus = "other"', "bus", "no bus 'other'"),
        ('coil = 7\non_when = ["nonsense"]', "on_when[0]", "neither"),
        ('coil = 7\non_when = ["GT-9 < 5"]', "on_when[0]", "no point 'GT-9'"),
        ('coil = 7\noff_when = ["not GT-101/LL"]', "off_when[0]", "no alarm 'GT-101/LL'"),
        ("coil = 7\nwho = []", "who", "empty"),
        ('coil = 7\nwho = ["anybody"]', "who[0]", ""),
        ('coil = 7\nremote = false\non_when = ["GT-101/H"]', "", "not remote"),
    ],
)
def test_what_could_override_a_horn_or_means_nothing_is_refused(
    tmp_path: Path, line: str, place: str, words: str
) -> None:
    path = write_config(tmp_path, 1502)
    bus = "" if "bus =" in line else 'bus = "field"\n'
    remote = "" if "remote" in line else "remote = true\n"
    path.write_text(f'{path.read_text()}\n[[outputs]]\nname = "FAN"\nunit = 10\n{bus}{remote}{line}\n')
    with pytest.raises(ConfigError) as told:
        load(path)
    problem = told.value.problems[0]
    assert problem.place.startswith("$.outputs[0]" + (f".{place.partition('[')[0]}" if place else ""))
    assert words in problem.problem


def test_a_check_names_what_is_written_from_afar_by_whom_and_when(tmp_path: Path) -> None:
    path = write_config(tmp_path, 1502)
    path.write_text(path.read_text() + SWITCHES)
    said = check(path)
    assert said.good
    assert "WRITTEN FROM AFAR by enterprise, installer" in said.text
    assert "switched on only while not GT-101/H and GT-101 < 50" in said.text
    assert "goes off by itself after 0.4 s" in said.text
    assert "shown only" in said.text


class Board:
    """One coil, which may fall silent, and may be switched by a hand."""

    def __init__(self) -> None:
        self.coil = False
        self.silent = False
        self.written: list[bool] = []

    def hold_ms(self, unit: int) -> int:
        return -800  # so that a missing confirmation is told after 0.2 s

    async def write_coils(
        self, unit: int, address: int, values: Sequence[bool], *, alarm: bool = False
    ) -> None:
        assert not alarm  # it never goes ahead of a horn
        self.written.append(values[0])
        while self.silent:
            await asyncio.sleep(0.01)
        self.coil = values[0]

    async def read_coil(self, unit: int, coil: int) -> bool:
        while self.silent:
            await asyncio.sleep(0.01)
        return self.coil


def test_a_pulse_that_nothing_confirmed_is_ended_all_the_same_and_a_hand_at_the_plant_is_seen() -> None:
    async def run() -> None:
        board, told = Board(), list[tuple[bool, bool, str]]()
        table = Switch("FAN-1", "field", 10, 4, pulse_s=30)
        output = Switched(table, board, Clock(None), lambda _, on, ok, why: told.append((on, ok, why)))
        task = asyncio.create_task(output.run())
        try:
            await until(lambda: output.shown is False)
            board.silent = True
            reason = await output.switch(True)
            assert "did not confirm" in reason
            await until(lambda: not output.ok)  # it may be on, and its end is not confirmed
            board.silent, board.coil = False, True
            await until(lambda: not board.coil and output.ok)
            assert board.written[-1] is False
            assert await output.switch(True) == ""
            assert output.shown is True
            board.coil = False
            await until(lambda: (False, True, AT_THE_PLANT) in told)
            assert output.shown is False
        finally:
            task.cancel()

    asyncio.run(run())
