"""law-warning 10: an acknowledgement pauses one handling time in all, for the level and occurrence seen."""

from datetime import timedelta

import pytest

from central.db.errors import DomainError
from central.db.pool import DatabaseUrls
from protocol.messages import CLEAR, RAISE
from tests.central.warning.county import START, County, in_county


def test_it_pauses_for_the_handling_time_and_goes_on_when_it_is_not_handled(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("HH")
        await c.settle()
        c.advance(seconds=60)
        await c.act("enterprise", "acknowledge", case, "马上到现场")
        await c.pass_time(7190, 100)
        assert c.phone.numbers == ["13900000004"]
        await c.pass_time(20, 5)
        assert c.phone.numbers == ["13900000004", "13900000003"]
        row = await c.row(case)
        assert (row["state"], row["acknowledged_name"]) == ("acknowledged", "安全员")

    in_county(database, scenario)


def test_all_pauses_together_are_one_handling_time_from_the_first_acknowledgement(
    database: DatabaseUrls,
) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("HH")
        await c.settle()
        await c.act("enterprise", "acknowledge", case)
        with pytest.raises(DomainError, match="already-acknowledged"):
            await c.act("township", "acknowledge", case)
        await c.pass_time(7205, 100)
        assert len(c.phone.sent) == 2
        await c.act("township", "acknowledge", case)
        await c.pass_time(605, 10)
        assert c.phone.numbers[-1] == "13900000002"
        assert (await c.row(case))["acknowledged_at"] == START

    in_county(database, scenario)


def test_it_counts_only_for_the_level_and_occurrence_that_the_person_saw(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("H")
        seen = await c.tag(case)
        await c.judge(RAISE, limit_name="HH", occurrence="0000002a-2")
        with pytest.raises(DomainError, match="changed") as refused:
            await c.act("enterprise", "acknowledge", case, seen=seen)
        assert refused.value.http_status == 412
        seen = await c.tag(case)
        await c.judge(CLEAR)
        await c.act(
            "enterprise", "acknowledge", case, seen=seen
        )  # a clear takes nothing back of what was seen
        seen = await c.tag(case)
        c.advance(seconds=5)
        await c.judge(RAISE, occurrence="0000002a-3")
        with pytest.raises(DomainError, match="changed"):
            await c.act("enterprise", "handle", case, "原因", "措施", seen=seen)

    in_county(database, scenario)


def test_climbing_alone_takes_nothing_back_of_what_was_seen(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("HH")
        seen = await c.tag(case)
        await c.pass_time(700, 100)
        assert len(c.phone.sent) == 2
        await c.act("county", "acknowledge", case, seen=seen)
        row = await c.row(case)
        assert row["paused_until"] == c.now + timedelta(hours=2)

    in_county(database, scenario)


def test_who_cannot_see_it_or_may_not_cannot_answer(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("HH")
        with pytest.raises(DomainError) as unseen:
            await c.act("elsewhere", "acknowledge", case)
        assert unseen.value.http_status == 404
        with pytest.raises(DomainError) as forbidden:
            await c.act("enterprise", "close", case, "自己关闭")
        assert forbidden.value.http_status == 403
        assert (await c.row(case))["state"] == "open"

    in_county(database, scenario)
