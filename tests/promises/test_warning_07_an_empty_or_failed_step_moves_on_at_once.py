"""law-warning 7: a step that reaches nobody failed at once, is shown as a gap, and the ladder moves on."""

from datetime import timedelta

import msgspec
import pytest

from central.db.pool import DatabaseUrls
from central.settings import Settings
from central.warning import store, worker
from central.warning.models import Step
from central.warning.notify import worker as notify
from central.warning.notify.models import Receipt, Refused, Unavailable
from central.warning.notify.sms_http import SmsOverHttp
from tests.central.warning.county import PLACE, START, County, in_county


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("UPDATE account SET on_call = false WHERE id = 3", "nobody"),
        ("UPDATE account SET active = false WHERE id = 3", "nobody"),
        ("UPDATE account SET phone_verified_at = NULL WHERE id = 3", "no_number"),
        ("UPDATE enterprise SET agency_id = 2 WHERE id = 1", "no_agency"),
    ],
    ids=["empty roster", "account gone", "no verified number", "no township"],
)
def test_a_township_that_cannot_be_called_costs_no_time(
    database: DatabaseUrls, change: str, reason: str
) -> None:
    async def scenario(c: County) -> None:
        await c.execute(change)
        case = await c.open("HH")
        await c.pass_time(600, 100)
        assert c.phone.numbers == ["13900000004", "13900000002"]
        gaps = await c.fetch("SELECT * FROM ladder_step WHERE state = 'gap'")
        assert [(gap["rank"], gap["reason"]) for gap in gaps] == [(2, reason)]
        assert "gap" in await c.kinds(case)
        fired = await c.fetch("SELECT fired_at FROM ladder_step WHERE rank IN (2, 3)")
        assert {row["fired_at"] for row in fired} == {START + timedelta(seconds=600)}

    in_county(database, scenario)


def test_a_refused_number_brings_the_next_person_at_once(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        c.phone.answer = lambda message: (
            Refused("空号") if message.address.endswith("4") else Unavailable("x")
        )
        await c.open("HH")
        await c.settle()
        assert c.now == START
        assert c.phone.numbers[:2] == ["13900000004", "13900000003"]

    in_county(database, scenario)


def test_a_dead_provider_climbs_to_the_top_in_seconds_and_is_tried_again(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await c.open("HH")
        async with SmsOverHttp("http://127.0.0.1:9", "") as channel:  # the port of "discard": nobody is there
            for _ in range(12):
                await c.fire()
                await notify.send_due(c.db, {"sms": channel}, c.clock)
                c.advance(seconds=1)
        rungs = await c.fetch("SELECT rank, state FROM ladder_step ORDER BY round, step")
        assert [(rung["rank"], rung["state"]) for rung in rungs] == [
            (rank, "gap") for rank in (0, 2, 3, 4, 9)
        ]
        # and not given up: when the provider is back, the next round reaches the top
        await c.pass_time(61)
        assert c.phone.numbers == ["13900000001"]

    in_county(database, scenario)


def test_a_message_that_is_never_receipted_counts_as_failed_within_minutes(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        c.phone.silent = True
        await c.open("HH")
        await c.pass_time(119, 5)
        assert c.phone.numbers == ["13900000004"]
        await c.pass_time(2)
        assert c.phone.numbers == ["13900000004", "13900000003"]
        # the receipt comes late: the record says what is true, the ladder is where it is
        (call, *_) = await c.calls()
        from central.db.scope import acting
        from central.warning.notify import service

        async with acting(c.db.worker) as conn:
            await service.receipt(conn, call["id"], Receipt("delivered"), c.now)
        assert (await c.calls())[0]["state"] == "delivered"

    in_county(database, scenario)


def test_one_of_two_reached_is_reached(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await c.execute(
            "UPDATE account SET on_call = true, role = 'township', agency_id = 3 WHERE login = 'deputy'"
        )
        await c.open("HH")
        await c.pass_time(1190, 10)
        calls = await c.fetch(
            "SELECT state FROM notification WHERE step = 1 AND channel = 'sms' ORDER BY person"
        )
        assert [call["state"] for call in calls] == ["delivered", "unreachable"]
        (rung,) = await c.fetch("SELECT state FROM ladder_step WHERE step = 1")
        assert rung["state"] == "fired"
        assert c.phone.numbers == ["13900000004", "13900000003"]

    in_county(database, scenario)


def test_without_a_provider_the_screens_decide_after_ten_minutes(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await c.execute("UPDATE account SET phone_verified_at = NULL")  # nobody verifies numbers here
        channels = notify.channels_of(Settings())

        async def settle() -> list[int]:
            while await worker.fire_due(c.db, c.clock, channels) or await notify.send_due(c.db, {}, c.clock):
                pass
            rungs = await c.fetch("SELECT rank FROM ladder_step ORDER BY fired_at, round, step")
            return [rung["rank"] for rung in rungs]

        await c.policy(4, repeat_s=7200)
        await c.policy(4, steps=tuple(await steps(c, 7200)))
        await c.open("HH")
        assert await settle() == [0]
        c.advance(seconds=599)
        assert await settle() == [0]
        assert {(call["state"], call["reason"]) for call in await c.calls()} == {
            ("unreachable", "no_channel")
        }
        c.advance(seconds=1)
        assert await settle() == [0, 2]

    in_county(database, scenario)


async def steps(c: County, delay_s: float) -> list[Step]:
    async with c.db.worker.acquire() as conn:
        policy = await store.policy(conn, PLACE, 4, c.now)
    return [msgspec.structs.replace(step, delay_s=delay_s if step.delay_s else 0) for step in policy.steps]
