"""The page of a whole gateway, by a browser's requests: nothing without signing in, actions carry a name."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import httpx

from protocol import messages as m
from rig.slave import Slave
from tests.edge.plant_at_hand import running_gateway, until, write_config
from tests.edge.test_gateway import events

OURS = {"x-fengsui-page": "1"}


def page_config(folder: Path, port: int, *, code: bool = True) -> tuple[Path, str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        where = f"127.0.0.1:{free.getsockname()[1]}"
    path = write_config(folder, port)
    more = 'code_file = "code"\n' if code else ""
    path.write_text(path.read_text() + f'\n[page]\nlisten = "{where}"\n{more}')
    (folder / "code").write_text("geheim-123\n")
    (folder / "code").chmod(0o600)
    return path, where


@contextlib.asynccontextmanager
async def visited(folder: Path, board: Slave, *, code: bool = True) -> AsyncIterator[httpx.AsyncClient]:
    async with board.tcp() as port:
        path, where = page_config(folder, port, code=code)
        async with running_gateway(path), httpx.AsyncClient(base_url=f"http://{where}") as client:
            for _ in range(100):
                with contextlib.suppress(httpx.TransportError):
                    await client.get("/")
                    break
                await asyncio.sleep(0.05)
            await until(lambda: board[1].requests > 5)
            yield client


def test_nothing_is_told_or_done_before_signing_in(tmp_path: Path, board: Slave) -> None:
    async def run() -> None:
        async with visited(tmp_path, board) as client:
            state = await client.get("/api/state")
            assert state.status_code == 401
            assert state.json() == {"sign_in": {"code": True, "button": True}}
            assert (
                await client.post("/api/act", json={"action": "silence"}, headers=OURS)
            ).status_code == 401
            wrong = await client.post("/api/sign-in", json={"name": "张三", "code": "falsch"}, headers=OURS)
            assert wrong.status_code == 403
            forged = await client.post("/api/sign-in", json={"name": "张三", "code": "geheim-123"})
            assert forged.status_code == 403
            nameless = await client.post("/api/sign-in", json={"name": " ", "code": "x"}, headers=OURS)
            assert nameless.status_code == 400
            assert (await client.post("/api/sign-in", content=b"x" * 9999, headers=OURS)).status_code == 413
            assert "default-src 'none'" in (await client.get("/")).headers["content-security-policy"]

    asyncio.run(run())


def test_who_signed_in_sees_the_alarm_and_silences_and_acknowledges_it_by_name(
    tmp_path: Path, board: Slave
) -> None:
    async def run() -> None:
        async with visited(tmp_path, board) as client:
            await client.post("/api/sign-in", json={"name": "张三", "code": "geheim-123"}, headers=OURS)
            board[1].holding[0] = 150
            await until(lambda: board[10].coils[0])
            state = (await client.get("/api/state")).json()
            assert state["you"] == "张三"
            assert state["sounding"]
            assert [a["alarm"] for a in state["alarms"]] == ["GT-101/H"]
            assert "当前15ppm" in state["alarms"][0]["text"]
            assert [(p["key"], p["value"], p["quality"]) for p in state["points"]] == [
                ("GT-101", 15.0, "good")
            ]
            await client.post("/api/act", json={"action": "silence"}, headers=OURS)
            await until(lambda: not board[10].coils[0])
            done = await client.post("/api/act", json={"action": "acknowledge"}, headers=OURS)
            assert done.json() == {"done": "1 acknowledged"}
            assert (await client.get("/api/state")).json()["alarms"][0]["state"] == "C"
            shelf = {"action": "shelve", "alarm": "GT-101/H", "reason": "探头标定", "minutes": 30}
            assert (await client.post("/api/act", json=shelf, headers=OURS)).status_code == 200
            assert (await client.get("/api/state")).json()["alarms"][0]["state"] == "G"
            back = await client.post(
                "/api/act", json={"action": "unshelve", "alarm": "GT-101/H"}, headers=OURS
            )
            assert back.status_code == 200
            odd = await client.post("/api/act", json={"action": "explode"}, headers=OURS)
            assert odd.status_code == 409
            assert "known: silence" in odd.json()["detail"]
            await client.post("/api/sign-out", headers=OURS)
            assert (await client.get("/api/state")).status_code == 401
        told = [e for e in events(tmp_path) if isinstance(e, m.OperatorEvent)]
        assert [(e.action, e.origin, e.by) for e in told] == [
            (action, "page", "张三 (code)") for action in ("silence", "acknowledge", "shelve", "unshelve")
        ]

    asyncio.run(run())


def test_the_horn_is_tried_from_the_page_and_the_record_says_who(tmp_path: Path, board: Slave) -> None:
    async def run() -> None:
        async with visited(tmp_path, board) as client:
            await client.post("/api/sign-in", json={"name": "张三", "code": "geheim-123"}, headers=OURS)
            begun = await client.post("/api/act", json={"action": "test"}, headers=OURS)
            assert begun.status_code == 200
            await until(lambda: board[10].coils[0])
            await until(lambda: not board[10].coils[0])
        told = [e for e in events(tmp_path) if isinstance(e, m.OperatorEvent)]
        assert [(e.action, e.origin, e.by) for e in told] == [("test", "page", "张三 (code)")]

    asyncio.run(run())


def test_a_value_that_is_not_to_be_believed_is_not_shown(tmp_path: Path, board: Slave) -> None:
    async def run() -> None:
        async with visited(tmp_path, board) as client:
            await client.post("/api/sign-in", json={"name": "张三", "code": "geheim-123"}, headers=OURS)
            board[1].holding[0] = 0xFFFF
            async with asyncio.timeout(60):
                while (point := (await client.get("/api/state")).json()["points"][0])["quality"] != "bad":
                    await asyncio.sleep(0.05)
            assert point["value"] is None

    asyncio.run(run())


def test_a_press_of_the_button_signs_in_but_a_sounding_horn_comes_first(tmp_path: Path, board: Slave) -> None:
    async def press() -> None:
        board[10].discrete[0] = 1
        await asyncio.sleep(0.4)
        board[10].discrete[0] = 0
        await asyncio.sleep(0.4)

    async def run() -> None:
        async with visited(tmp_path, board, code=False) as client:
            await until(lambda: board[10].requests > 5)
            board[1].holding[0] = 150
            await until(lambda: board[10].coils[0])
            begun = await client.post("/api/sign-in", json={"name": "李四"}, headers=OURS)
            assert begun.status_code == 202
            where = f"/api/sign-in/{begun.json()['request']}"
            await press()
            assert not board[10].coils[0]  # it silenced
            assert (await client.get(where)).status_code == 202
            await press()
            assert (await client.get(where)).status_code == 200
            state = (await client.get("/api/state")).json()
            assert state["you"] == "李四"
            assert state["alarms"][0]["state"] == "B"  # and acknowledged nothing

    asyncio.run(run())
