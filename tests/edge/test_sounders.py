"""A test sounds horn and beacon for a moment, and leaves a record of who, when and what came of it."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from edge.outputs.sounder import DAYS
from edge.status import ask
from protocol import messages as m
from rig.slave import Slave
from tests.edge.plant_at_hand import prepared, running_gateway, until, write_config
from tests.edge.test_gateway import events
from tests.edge.uplink.small_centre import centre

TEST = 'test = { seconds = 1.0, heard_by = "GT-101", rise = 3 }\n'


def with_test(folder: Path, port: int, table: str = TEST) -> Path:
    path = write_config(folder, port)
    path.write_text(path.read_text().replace('name = "main"\n', f'name = "main"\n{table}'))
    return path


async def settled(board: Slave) -> None:
    """Wait until the instrument is read and the horn was confirmed silent."""
    await until(lambda: board[1].requests > 10 and board[10].requests > 4)
    await asyncio.sleep(0.7)


def of_outputs(folder: Path, state: str = "test") -> list[Any]:
    return [e for e in events(folder) if isinstance(e, m.OutputEvent) and e.state == state]


def test_a_test_on_request_sounds_is_read_back_heard_and_recorded(tmp_path: Path, board: Slave) -> None:
    async def run() -> None:
        async with board.tcp() as port, running_gateway(with_test(tmp_path, port)):
            await settled(board)
            asking = asyncio.create_task(ask(tmp_path / "state", "test main Wang Fang"))
            await until(lambda: board[10].coils[0] and board[10].coils[1])
            board[1].holding[0] = 50  # the microphone: 5 above its quiet
            answer = await asking
            assert [(r["output"], r["ok"]) for r in answer["test"]] == [
                ("main.horn", True),
                ("main.beacon", True),
            ]
            await until(lambda: not board[10].coils[0] and not board[10].coils[1])
        asked = [e for e in events(tmp_path) if isinstance(e, m.OperatorEvent)]
        assert [(e.action, e.origin, e.by) for e in asked] == [("test", "local", "Wang Fang")]
        told = of_outputs(tmp_path)
        assert [e.ok for e in told] == [True, True]
        assert told[0].reason == "test: read back on and off, GT-101 rose from 0 to 5"
        assert not [e for e in events(tmp_path) if isinstance(e, m.AlarmEvent)]

    asyncio.run(run())


def test_a_board_that_does_not_answer_fails_the_test_and_people_see_it(tmp_path: Path, board: Slave) -> None:
    async def run() -> None:
        async with board.tcp() as port, running_gateway(with_test(tmp_path, port, "")):
            await settled(board)
            board[10].silent = True
            answer = await ask(tmp_path / "state", "test main Li")
            assert [(r["ok"], r["reason"]) for r in answer["test"]] == [
                (False, "test: did not switch on"),
                (False, "test: did not switch on"),
            ]
        assert [e.ok for e in of_outputs(tmp_path)] == [False, False]

    asyncio.run(run())


def test_the_centre_has_one_output_tried_and_the_record_says_who_and_why(
    tmp_path: Path, board: Slave
) -> None:
    async def run() -> None:
        async with (
            centre() as small,
            board.tcp() as port,
            running_gateway(prepared(tmp_path, port, small)),
        ):
            await settled(board)
            await until(lambda: small.heartbeats)
            beat = small.heartbeats[-1]
            order = m.Command(
                "c-1", "gw-test", beat.boot, "test", "", "county", "drill", beat.mono_ms + 60_000
            )
            unknown = msgspec.structs.replace(order, id="c-0", output="main.siren")
            reply = await small.command(unknown)
            assert reply is not None
            assert (reply.result, "main.horn" in reply.detail) == ("refused", True)
            reply = await small.command(msgspec.structs.replace(order, output="main.beacon"))
            assert reply is not None
            assert (reply.result, reply.detail) == ("done", "the test has begun")
            await until(lambda: board[10].coils[1])
            assert not board[10].coils[0]  # the horn is left alone
            await until(
                lambda: any(e.state == "test" for e in small.events() if isinstance(e, m.OutputEvent))
            )
            tried = [e for e in small.events() if isinstance(e, m.OutputEvent) and e.state == "test"]
            assert [(e.output, e.ok) for e in tried] == [("main.beacon", True)]
            asked = [e for e in small.events() if isinstance(e, m.OperatorEvent)]
            assert [(e.action, e.origin, e.by, e.command, e.reason) for e in asked] == [
                ("test", "centre", "county", "c-1", "test of main.beacon: drill")
            ]

    asyncio.run(run())


def test_no_test_begins_while_an_alarm_sounds(tmp_path: Path, board: Slave) -> None:
    async def run() -> None:
        async with board.tcp() as port, running_gateway(with_test(tmp_path, port)):
            await settled(board)
            board[1].holding[0] = 150
            await until(lambda: board[10].coils[0])
            answer = await ask(tmp_path / "state", "test main Li")
            assert answer == {"error": "an alarm sounds: tested when it is silent"}
            assert board[10].coils[0]
        assert not of_outputs(tmp_path)

    asyncio.run(run())


def test_an_alarm_during_a_test_keeps_the_horn(tmp_path: Path, board: Slave) -> None:
    async def run() -> None:
        table = "test = { seconds = 20 }\n"
        async with board.tcp() as port, running_gateway(with_test(tmp_path, port, table)):
            await settled(board)
            asking = asyncio.create_task(ask(tmp_path / "state", "test main Li"))
            await until(lambda: board[10].coils[0])
            board[1].holding[0] = 150
            answer = await asking
            assert all("cut short by an alarm" in r["reason"] for r in answer["test"])
            await asyncio.sleep(0.5)
            assert board[10].coils[0]

    asyncio.run(run())


def test_a_weekly_test_that_is_due_sounds_by_itself_once(tmp_path: Path, board: Slave) -> None:
    async def run() -> None:
        now = datetime.now().astimezone()
        table = f'test = {{ day = "{DAYS[now.weekday()]}", time = "{now:%H:%M}", seconds = 1 }}\n'
        (tmp_path / "state").mkdir()
        (tmp_path / "state" / "sounder-tests.json").write_text('{"main": 0}')
        async with board.tcp() as port, running_gateway(with_test(tmp_path, port, table)):
            await until(lambda: board[10].coils[0])
            await until(lambda: not board[10].coils[0])
            await asyncio.sleep(2.5)
            assert not board[10].coils[0]
        asked = [e for e in events(tmp_path) if isinstance(e, m.OperatorEvent)]
        assert [(e.action, e.origin, e.by) for e in asked] == [("test", "schedule", "weekly test")]

    asyncio.run(run())


def test_a_weekly_test_is_put_off_while_an_alarm_sounds_and_that_is_told_once(
    tmp_path: Path, board: Slave
) -> None:
    async def run() -> None:
        now = datetime.now().astimezone()
        table = f'test = {{ day = "{DAYS[now.weekday()]}", time = "{now:%H:%M}", seconds = 1 }}\n'
        board[1].holding[0] = 150
        async with board.tcp() as port, running_gateway(with_test(tmp_path, port, table)):
            await until(lambda: board[10].coils[0])
            known = tmp_path / "state" / "sounder-tests.json"
            await until(known.exists)
            known.write_text('{"main": 0}')
        async with board.tcp() as port, running_gateway(with_test(tmp_path, port, table)):
            await until(lambda: board[10].requests > 20)
            await asyncio.sleep(2.5)
        told = of_outputs(tmp_path, "put-off")
        assert [(e.ok, e.reason) for e in told] == [
            (False, "weekly test put off: an alarm sounds: tested when it is silent")
        ]

    asyncio.run(run())
