"""law-warning 7, 19, 20 in a storm: few messages, each call ends, failed digests move the ladders."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
import pytest

from central.db.pool import DatabaseUrls
from central.warning import store
from central.warning.notify import worker as notify
from central.warning.notify.models import Accepted, Refused, Unavailable
from tests.central.warning.county import PLACE, County, in_county

SAFETY_OFFICER, TOWNSHIP = "13900000004", "13900000003"


class Killed(BaseException):
    """The sender died here."""


async def raise_many(c: County, count: int, limit_name: str = "H", first: int = 0) -> list[UUID]:
    """Raise alarms of as many points, H yellow or HH red, and fire their first rungs."""
    cases = [
        await c.open(
            limit_name,
            alarm=f"P{number}/{limit_name}",
            occurrence=f"o-{number}",
            point_id=c.point_id + number,
        )
        for number in range(first, first + count)
    ]
    await c.fire()
    return cases


async def digests(c: County) -> Sequence[Any]:
    """All digests in the order of their numbers."""
    return await c.fetch("SELECT * FROM digest ORDER BY number")


async def ends(c: County) -> Counter[str]:
    """How many calls by SMS are in which state."""
    return Counter(row["state"] for row in await c.calls())


def test_thirty_alarms_are_two_messages_and_each_call_ends_with_its_digest(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await c.more_points(30)
        await raise_many(c, 30)
        await c.pass_time(20)
        one, many = c.phone.sent
        assert one.text.startswith("【烽燧】黄色预警：临江清源水务有限公司")
        assert many.text.startswith(
            "【烽燧】预警集中发生，29 条合并告知：黄色 29。临江清源水务有限公司 黄色 29"
        )
        (digest,) = await digests(c)
        assert (digest["id"], digest["state"], digest["levels"]) == (many.key, "delivered", {"2": 29})
        assert digest["settled_at"] is not None
        calls = await c.calls()
        assert Counter(row["digest"] for row in calls) == {None: 1, digest["number"]: 29}
        assert {row["state"] for row in calls} == {"delivered"}
        bundled = next(row for row in calls if row["digest"])
        assert (await c.kinds(bundled["warning_id"]))[-3:] == ["bundled", "sent", "delivered"]

    in_county(database, scenario)


def test_a_red_alarm_waits_neither_behind_blue_nor_in_its_digest(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await c.more_points(30)
        await raise_many(c, 20)
        await c.pass_time(7)
        assert len(c.phone.sent) == 2
        c.advance(seconds=1)
        await raise_many(c, 1, "HH", first=20)
        await c.pass_time(6)
        red = c.phone.sent[-1]
        assert red.text.startswith("【烽燧】红色预警")
        # What comes now waits until the first message is older than a minute; nothing is lost meanwhile.
        await raise_many(c, 5, first=21)
        await c.pass_time(40)
        assert len(c.phone.sent) == 3
        await c.pass_time(20)
        assert "5 条合并告知：黄色 5" in c.phone.sent[3].text
        assert await ends(c) == {"delivered": 26}

    in_county(database, scenario)


def test_when_a_digest_fails_each_ladder_moves_on_at_once(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        def answer(message: Any) -> Any:
            bad = message.address == SAFETY_OFFICER and "合并告知" in message.text
            return Refused("号码停机") if bad else Accepted(f"p-{message.key}")

        c.phone.answer = answer
        await c.more_points(30)
        cases = await raise_many(c, 6)
        await c.pass_time(4)
        assert await c.calls() != []
        assert {row["step"] for row in await c.fetch("SELECT step FROM ladder_step")} == {0}
        await c.pass_time(12)
        (failed, told) = await digests(c)
        assert (failed["state"], failed["reason"]) == ("failed", "号码停机")
        rungs = await c.fetch("SELECT warning_id, step, state FROM ladder_step ORDER BY warning_id, step")
        assert Counter((row["step"], row["state"]) for row in rungs) == {
            (0, "gap"): 5, (0, "fired"): 1, (1, "fired"): 5,
        }  # fmt: skip
        assert {row["warning_id"] for row in rungs} == set(cases)
        # The township is called as the law has it, few messages again.
        assert (told["address"], told["levels"]) == (TOWNSHIP, {"2": 4})
        assert [message.address for message in c.phone.sent].count(TOWNSHIP) == 2
        calls = await c.calls()
        assert {row["reason"] for row in calls if row["digest"] == failed["number"]} == {"号码停机"}
        assert all(row["ended_at"] for row in calls)
        assert (await digests(c))[0]["settled_at"] is not None

    in_county(database, scenario)


def test_an_answer_takes_its_call_out_of_what_gathers_and_out_of_what_is_repeated(
    database: DatabaseUrls,
) -> None:
    async def scenario(c: County) -> None:
        await c.more_points(30)
        cases = await raise_many(c, 8)
        await c.settle()
        await c.act("enterprise", "acknowledge", cases[3])
        answers = [Unavailable("连接短信平台失败")]
        c.phone.answer = lambda message: answers.pop() if answers else Accepted(f"p-{message.key}")
        c.advance(seconds=5)
        await c.settle()
        assert "6 条合并告知" in c.phone.sent[-1].text
        await c.act("enterprise", "acknowledge", cases[5])
        await c.pass_time(8)
        assert "5 条合并告知" in c.phone.sent[-1].text
        assert c.phone.sent[-1].key == c.phone.sent[-2].key
        assert await ends(c) == {"delivered": 6, "superseded": 2}

    in_county(database, scenario)


def test_a_digest_all_of_whose_cases_were_answered_is_not_repeated(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await c.more_points(30)
        cases = await raise_many(c, 4)
        await c.settle()
        c.phone.answer = lambda _message: Unavailable("连接短信平台失败")
        c.advance(seconds=5)
        await c.settle()
        assert len(c.phone.sent) == 2
        for case in cases:
            await c.act("enterprise", "acknowledge", case)
        await c.pass_time(10)
        assert len(c.phone.sent) == 2
        assert [row["state"] for row in await digests(c)] == ["superseded"]
        assert await ends(c) == {"delivered": 1, "superseded": 3}

    in_county(database, scenario)


def test_a_sender_that_dies_with_a_digest_repeats_the_same_one_and_marks_it(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        def die(_message: Any) -> Any:
            raise Killed

        await c.more_points(30)
        await raise_many(c, 10)
        await c.settle()
        c.advance(seconds=5)
        c.phone.answer = die
        with pytest.raises(BaseExceptionGroup):
            await c.send()
        c.phone.answer = None
        assert [row["state"] for row in await digests(c)] == ["sending"]
        await c.pass_time(30)
        one, first, again = c.phone.sent
        assert (first.key, first.text) == (again.key, again.text)
        assert one.key != first.key
        (digest,) = await digests(c)
        assert (digest["state"], digest["possibly_twice"]) == ("delivered", True)
        assert {row["possibly_twice"] for row in await c.calls() if row["digest"]} == {True}
        assert await ends(c) == {"delivered": 10}

    in_county(database, scenario)


def test_without_a_receipt_a_digest_fails_and_what_comes_late_counts(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        from central.db.scope import acting
        from central.warning.notify import service
        from central.warning.notify.models import Receipt

        c.phone.silent = True
        await c.more_points(30)
        await raise_many(c, 4)
        await c.pass_time(130, step_s=5)
        digest = (await digests(c))[0]
        assert (digest["state"], digest["reason"]) == ("failed", "no_receipt")
        failed = [row for row in await c.calls() if row["digest"] == digest["number"]]
        assert {row["state"] for row in failed} == {"failed"}
        async with acting(c.db.worker) as conn:
            assert await service.receipt(conn, digest["id"], Receipt("delivered"), c.now)
            assert not await service.receipt(conn, digest["id"], Receipt("delivered"), c.now)
        late = [row for row in await c.calls() if row["digest"] == digest["number"]]
        assert {row["state"] for row in late} == {"delivered"}

    in_county(database, scenario)


def test_the_next_rung_is_called_in_its_time_whatever_waits_for_a_telephone(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await c.execute("UPDATE storm_rule SET window_s = 600")
        async with c.db.worker.acquire() as conn:
            steps = (await store.policy(conn, PLACE, 2, c.now)).steps
        await c.policy(2, steps=tuple(msgspec.structs.replace(step, delay_s=20) for step in steps))
        await c.more_points(30)
        await raise_many(c, 4)
        await c.pass_time(10)
        late = await raise_many(c, 6, first=4)  # their calls wait ten minutes for the officer's telephone
        began = c.now
        await c.pass_time(25)
        assert Counter(message.address for message in c.phone.sent)[SAFETY_OFFICER] == 2
        waiting = [row for row in await c.calls() if row["warning_id"] in late and row["step"] == 0]
        assert {row["state"] for row in waiting} == {"pending"}
        fired = await c.fetch(
            "SELECT fired_at FROM ladder_step WHERE warning_id = ANY($1::uuid []) AND step = 1", late
        )
        assert {(row["fired_at"] - began).total_seconds() for row in fired} == {20}
        assert len(fired) == len(late)
        assert TOWNSHIP in c.phone.numbers

    in_county(database, scenario)


def test_several_senders_together_give_nobody_more(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await c.more_points(30)
        await raise_many(c, 12)
        await raise_many(c, 12, "HH", first=12)

        async def send() -> None:
            for _ in range(6):
                await notify.send_due(c.db, {"sms": c.phone}, c.clock)

        for _ in range(8):
            await asyncio.gather(*(send() for _ in range(3)))
            c.advance(seconds=1)
        assert len(c.phone.sent) == 3
        assert len({message.key for message in c.phone.sent}) == 3
        await c.pass_time(120, step_s=10)
        assert all(row["ended_at"] for row in await c.calls())

    in_county(database, scenario)


def test_test_cases_take_no_message_from_real_ones(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await c.execute("INSERT INTO test_receiver (region, account_id) VALUES ('', 4)")
        await c.more_points(30)
        for number in range(10):
            await c.judge(
                1, alarm=f"T{number}/H", occurrence=f"t-{number}", point_id=c.point_id + number, is_test=True
            )
        await c.pass_time(10)
        assert [message.text[:8] for message in c.phone.sent] == ["【烽燧】［测试］"] * 2
        await raise_many(c, 1, "HH")
        await c.send()
        assert c.phone.sent[-1].text.startswith("【烽燧】红色预警")

    in_county(database, scenario)


def test_the_bell_folds_as_well_and_the_list_holds_every_case(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await c.more_points(30)
        await raise_many(c, 20)
        await raise_many(c, 5, "HH", first=20)
        rows = await c.fetch("SELECT title FROM message WHERE account_id = 4 ORDER BY id")
        titles = [row["title"] for row in rows]
        assert titles.count("预警集中发生") == 1
        assert len(titles) == 3
        assert len(await c.cases()) == 25

    in_county(database, scenario)
