"""The SMS channel against a provider that misbehaves: the test that every channel has to pass."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from uuid import uuid4

from central.db.pool import DatabaseUrls
from central.warning.notify import worker as notify
from central.warning.notify.models import Accepted, Message, Receipt, Refused, Unavailable
from central.warning.notify.sms_http import SmsOverHttp
from sms_provider import Provider
from tests.central.warning.county import County, in_county

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
