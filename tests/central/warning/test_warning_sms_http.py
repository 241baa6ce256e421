"""The SMS channel against a provider that misbehaves: the test that every channel has to pass."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from central.db.pool import Connection, DatabaseUrls
from central.warning.notify import service
from central.warning.notify import worker as notify
from central.warning.notify.models import Accepted, Answer, Limits, Message, Receipt, Refused, Unavailable
from central.warning.notify.sms_http import SmsOverHttp
from sms_provider import Provider
from tests.central.warning.county import County, Phone, in_county

Scenario = Callable[[Provider, SmsOverHttp], Awaitable[None]]


def message() -> Message:
    return Message(uuid4(), "13900000004", "【烽燧】红色预警")


def with_provider(scenario: Scenario, timeout_s: float = 0.5) -> None:
    async def run() -> None:
        async with (
            Provider(secret="token") as provider,
            SmsOverHttp(provider.url, "token", timeout_s) as channel,
        ):
            await scenario(provider, channel)

    asyncio.run(run())


def test_it_is_handed_over_with_its_key_and_can_be_asked_about() -> None:
    async def scenario(provider: Provider, channel: SmsOverHttp) -> None:
        sent = message()
        answer = await channel.send(sent)
        assert isinstance(answer, Accepted)
        (text,) = provider.sent_to("13900000004")
        assert (text.key, text.text) == (str(sent.key), sent.text)
        assert await channel.look_up(answer.provider_id) == Receipt("delivered")
        assert await channel.look_up("never-heard-of") is None

    with_provider(scenario)


def test_the_same_key_twice_is_one_text() -> None:
    async def scenario(provider: Provider, channel: SmsOverHttp) -> None:
        sent = message()
        assert await channel.send(sent) == await channel.send(sent)
        assert [text.times for text in provider.texts.values()] == [2]

    with_provider(scenario)


def test_what_the_provider_does_becomes_what_we_say() -> None:
    async def scenario(provider: Provider, channel: SmsOverHttp) -> None:
        provider.mode = "refuse"
        assert isinstance(await channel.send(message()), Refused)
        provider.mode = "fail"
        answer = await channel.send(message())
        assert isinstance(answer, Unavailable)
        provider.mode = "lose"
        answer = await channel.send(message())
        assert isinstance(answer, Unavailable)
        assert answer.maybe
        provider.mode, provider.delay_s = "slow", 1.0
        answer = await channel.send(message())
        assert isinstance(answer, Unavailable)
        assert answer.maybe

    with_provider(scenario)


def test_a_wrong_token_is_a_refusal_and_nobody_there_is_no_maybe() -> None:
    async def run() -> None:
        async with Provider(secret="token") as provider, SmsOverHttp(provider.url, "wrong") as channel:
            assert isinstance(await channel.send(message()), Refused)
            url = provider.url
        async with SmsOverHttp(url, "token") as channel:
            answer = await channel.send(message())
            assert isinstance(answer, Unavailable)
            assert not answer.maybe

    asyncio.run(run())


def test_the_whole_way_against_the_provider(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        async with Provider() as provider, SmsOverHttp(provider.url, "", 0.5) as channel:

            async def work(seconds: int) -> None:
                for _ in range(seconds):
                    await c.fire()
                    await notify.send_due(c.db, {"sms": channel}, c.clock)
                    c.advance(seconds=1)

            provider.mode = "lose"
            await c.open("HH")
            await work(1)
            provider.mode = "ok"
            await work(10)
            (call,) = await c.calls()
            assert (call["state"], call["possibly_twice"]) == ("delivered", True)
            assert [(text.to, text.times) for text in provider.texts.values()] == [("13900000004", 2)]
            # the provider dies: everybody above is tried within seconds
            provider.mode = "fail"
            c.advance(seconds=600)
            await work(20)
            rungs = await c.fetch("SELECT rank, state FROM ladder_step WHERE round = 0 ORDER BY step")
            assert [(rung["rank"], rung["state"]) for rung in rungs] == [
                (0, "fired"), (2, "gap"), (3, "gap"), (4, "gap"), (9, "gap"),
            ]  # fmt: skip

    in_county(database, scenario)


@asynccontextmanager
async def answering(body: bytes, pause_s: float = 0) -> AsyncIterator[str]:
    """A provider that says the same to everything, a byte at a time if it takes pauses; gives its address."""
    tasks: set[asyncio.Task[None] | None] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.current_task())
        try:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: %d\r\n\r\n" % len(body))
            for piece in [body] if not pause_s else [bytes([byte]) for byte in body]:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(pause_s)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        working = [task for task in tasks if task is not None]
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)


ODD = [b'{"status": {}}', b'{"status": []}', b"[1]", b"[" * 200_000, b"\xff", b'{"id": {}}', b"null"]


@pytest.mark.parametrize("body", ODD, ids=range(len(ODD)))
def test_an_oddly_shaped_answer_is_no_answer(body: bytes) -> None:
    async def run() -> None:
        async with answering(body) as url, SmsOverHttp(url, "") as channel:
            assert await channel.look_up("p") is None
            answer = await channel.send(message())
            assert isinstance(answer, Unavailable)
            assert answer.maybe

    asyncio.run(run())


def test_a_provider_that_trickles_holds_nobody_up(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        async with answering(b" " * 1000, 0.05) as url, SmsOverHttp(url, "", 1) as channel:
            await c.open("HH")
            await c.fire()
            async with asyncio.timeout(25):
                await notify.send_due(c.db, {"sms": channel}, c.clock, Limits(channel_s=0.3))
            (call,) = await c.calls()
            assert (call["state"], call["possibly_twice"]) == ("pending", True)

    in_county(database, scenario)


def test_a_channel_with_a_defect_ends_neither_the_worker_nor_the_others(database: DatabaseUrls) -> None:
    class Broken(Phone):
        async def send(self, message: Message) -> Answer:
            if message.address == "13900000004":
                raise TypeError("unhashable type")
            return await super().send(message)

        async def look_up(self, provider_id: str) -> Receipt | None:
            raise TypeError("unhashable type")

    async def scenario(c: County) -> None:
        c.phone = Broken()
        await c.open("HH")
        await c.pass_time(10)
        assert c.phone.numbers == ["13900000003"]
        assert [call["state"] for call in await c.calls()] == ["failed", "sent"]

    in_county(database, scenario)


def test_a_call_that_cannot_be_ended_holds_up_no_other(
    database: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    end = service.end

    async def scenario(c: County) -> None:
        await c.more_points(1)
        first = await c.open("H")
        await c.open("H", alarm="N/H", occurrence="o-2", point_id=c.point_id + 1)
        await c.settle()

        async def breaking(conn: Connection, key: UUID, *rest: Any) -> None:
            case = await conn.fetchval("SELECT warning_id FROM notification WHERE id = $1", key)
            if case == first:
                raise LookupError("no level rule")
            await end(conn, key, *rest)

        monkeypatch.setattr(service, "end", breaking)
        c.advance(seconds=600)
        await c.send()
        await c.send()
        states = await c.fetch(
            "SELECT state, due_at FROM notification WHERE channel = 'in_app' AND step = 0"
            " ORDER BY warning_id = $1",
            first,
        )
        assert [row["state"] for row in states] == ["unreachable", "sent"]
        assert states[1]["due_at"] == c.now + timedelta(minutes=1)

    in_county(database, scenario)
