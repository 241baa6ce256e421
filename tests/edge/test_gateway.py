"""The gateway against real instruments on a socket: the horn sounds by itself, the button answers."""

import asyncio
import contextlib
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest

from edge.config import load
from edge.gateway import AlreadyRunning, Gateway, refuse_second
from edge.spool.stream import Stream
from edge.status import ask
from protocol import codec
from protocol import messages as m
from rig.slave import Slave
from tests.edge.plant_at_hand import running_gateway, until, write_config


def events(folder: Path) -> list[Any]:
    found: list[Any] = []
    with contextlib.closing(sqlite3.connect(folder / "state" / "events.db")) as db:
        for body, first, last in db.execute("SELECT body, first, last FROM batch ORDER BY id"):
            found += [event for _, event, _ in codec.decode_events(body, first, last)]
    return found


def test_the_horn_sounds_with_every_cable_to_the_outside_cut_and_the_button_answers(
    tmp_path: Path, board: Slave
) -> None:
    async def run() -> None:
        async with board.tcp() as port, running_gateway(write_config(tmp_path, port)):
            await until(lambda: board[1].requests > 10)
            assert not board[10].coils[0]
            board[1].holding[0] = 150
            await until(lambda: board[10].coils[0])
            seen = set()
            end = time.monotonic() + 1.3
            while time.monotonic() < end:
                seen.add(board[10].coils[1])
                await asyncio.sleep(0.02)
            assert seen == {0, 1}  # the beacon flashes
            board[10].discrete[0] = 1
            await until(lambda: not board[10].coils[0])
            board[10].discrete[0] = 0
            await asyncio.sleep(0.2)
            board[10].discrete[0] = 1
            await asyncio.sleep(0.3)
            await until(lambda: board[10].coils[1])  # acknowledged: steady
            board[10].discrete[0] = 0
            board[1].holding[0] = 20
            await until(lambda: not board[10].coils[1])
        kinds = [
            (type(e).__name__, getattr(e, "action", ""), getattr(e, "state", "")) for e in events(tmp_path)
        ]
        assert ("AlarmEvent", "", "B") in kinds
        assert ("OperatorEvent", "silence", "") in kinds
        assert ("OperatorEvent", "acknowledge", "") in kinds
        assert ("AlarmEvent", "", "C") in kinds
        assert ("AlarmEvent", "", "A") in kinds
        assert ("OutputEvent", "", "on") in kinds

    asyncio.run(run())


def test_an_alarm_outlives_a_restart_with_its_occurrence(tmp_path: Path, board: Slave) -> None:
    async def run() -> None:
        async with board.tcp() as port:
            path = write_config(tmp_path, port)
            async with running_gateway(path):
                board[1].holding[0] = 150
                await until(lambda: board[10].coils[0])
            assert board[10].coils[0]  # left as it is
            board[10].coils[0] = 0  # the board lost its supply meanwhile
            async with running_gateway(path):
                await until(lambda: board[10].coils[0])
                await asyncio.sleep(0.3)
            raised = [e for e in events(tmp_path) if isinstance(e, m.AlarmEvent) and e.transition == m.RAISE]
            assert len(raised) == 1

    asyncio.run(run())


def test_a_silent_instrument_is_told_and_raises_its_own_alarm(tmp_path: Path, board: Slave) -> None:
    async def run() -> None:
        async with board.tcp() as port, running_gateway(write_config(tmp_path, port)):
            await until(lambda: board[1].requests > 5)
            board[1].silent = True

            async def told() -> list[Any]:
                return [e for e in events(tmp_path) if isinstance(e, m.AlarmEvent | m.PresenceEvent)]

            end = time.monotonic() + 12
            while len(await told()) < 3 and time.monotonic() < end:
                await asyncio.sleep(0.1)
            found = await told()
            assert [e.alarm for e in found if isinstance(e, m.AlarmEvent)] == ["GT-101/Q"]
            assert [e.state for e in found if isinstance(e, m.PresenceEvent)] == ["late", "offline"]

    asyncio.run(run())


def test_measurements_are_stored_as_they_were_read(tmp_path: Path, board: Slave) -> None:
    async def run() -> None:
        async with board.tcp() as port, running_gateway(write_config(tmp_path, port)):
            board[1].holding[0] = 77
            await until(lambda: board[1].requests > 30, 15)
        with contextlib.closing(sqlite3.connect(tmp_path / "state" / "measurements.db")) as db:
            rows = list(db.execute("SELECT first, last, body FROM batch ORDER BY id"))
        values = []
        for first, last, body in rows:
            for block in codec.decode_measurements(body, first, last).blocks:
                assert all(quality == 192 for quality in block.quality)
                assert all(took >= 0 for took in block.took_ms)
                values += block.values
        assert len(values) >= 15
        assert [77] in values
        assert {tuple(v) for v in values if v is not None} <= {(0,), (77,)}

    asyncio.run(run())


def test_two_gateways_never_share_a_state_folder(tmp_path: Path, board: Slave) -> None:
    async def run() -> None:
        async with board.tcp() as port:
            path = write_config(tmp_path, port)
            async with running_gateway(path):
                with pytest.raises(AlreadyRunning):
                    await Gateway(load(path)).run()
                with pytest.raises(AlreadyRunning):
                    refuse_second(path)  # before it counts as a start of anything
            refuse_second(path)
            refuse_second(tmp_path / "not there.toml")

    asyncio.run(run())


def test_a_writer_that_fails_takes_no_horn_with_it_and_goes_on_in_its_file(
    tmp_path: Path, board: Slave, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_out, failed = Stream.write_out, {m.EVENT: 0, m.MEASUREMENT: 0}

    async def fails_once(stream: Stream) -> bool:
        if not failed[stream.number] and stream.in_memory:
            failed[stream.number] += 1
            raise OSError("input/output error")
        return await write_out(stream)

    monkeypatch.setattr(Stream, "write_out", fails_once)

    async def run() -> None:
        async with board.tcp() as port, running_gateway(write_config(tmp_path, port)):
            await until(lambda: all(failed.values()))
            board[1].holding[0] = 150
            await until(lambda: board[10].coils[0])
            await asyncio.sleep(1.5)
        assert [e.epoch for e in events(tmp_path) if isinstance(e, m.OpenedEvent)]
        with contextlib.closing(sqlite3.connect(tmp_path / "state" / "measurements.db")) as db:
            rows = list(db.execute("SELECT first, last FROM batch ORDER BY first"))
            assert list(db.execute("SELECT closed FROM epoch")) == [(1,)]
        assert [n for a, b in rows for n in range(a, b + 1)] == list(range(1, rows[-1][1] + 1))

    asyncio.run(run())


def test_an_alarm_that_is_configured_no_more_is_forgotten_and_no_clear_is_sent(
    tmp_path: Path, board: Slave
) -> None:
    async def run() -> None:
        async with board.tcp() as port:
            path = write_config(tmp_path, port)
            async with running_gateway(path):
                board[1].holding[0] = 150
                await until(lambda: board[10].coils[0])
            text = path.read_text()
            path.write_text(text.replace("limits.H = { limit = 10, deadband = 1 }", ""))
            assert path.read_text() != text
            async with running_gateway(path):
                await asyncio.sleep(0.3)
        told = [
            e.transition for e in events(tmp_path) if isinstance(e, m.AlarmEvent) and e.alarm == "GT-101/H"
        ]
        assert told == [m.RAISE]
        with contextlib.closing(sqlite3.connect(tmp_path / "state" / "events.db")) as db:
            assert list(db.execute("SELECT alarm FROM alarm")) == []

    asyncio.run(run())


def test_the_status_says_what_runs(tmp_path: Path, board: Slave) -> None:
    async def run() -> None:
        async with board.tcp() as port, running_gateway(write_config(tmp_path, port)):
            board[1].holding[0] = 150
            await until(lambda: board[10].coils[0])
            state = await ask(tmp_path / "state")
            assert state["uplink"] == "none"
            assert [a["alarm"] for a in state["alarms"]] == ["GT-101/H"]
            assert {o["output"]: o["on"] for o in state["outputs"]}["main.horn"]
            assert [s["source"] for s in state["sources"]] == ["GT-101", "main.button"]

    asyncio.run(run())


def test_a_relay_board_that_comes_back_sounds_again(tmp_path: Path, board: Slave) -> None:
    async def run() -> None:
        async with board.tcp() as port, running_gateway(write_config(tmp_path, port)):
            board[10].silent = True
            board[1].holding[0] = 150
            await asyncio.sleep(2.5)
            assert not board[10].coils[0]
            board[10].silent = False
            await until(lambda: board[10].coils[0], 15)

            def told() -> list[tuple[bool, str]]:
                found = [e for e in events(tmp_path) if isinstance(e, m.OutputEvent) and "horn" in e.output]
                return [(e.ok, e.state) for e in found]

            await until(lambda: told() and told()[-1] == (True, "on"), 15)  # confirmed by reading back
            assert not told()[0][0]

    asyncio.run(run())
