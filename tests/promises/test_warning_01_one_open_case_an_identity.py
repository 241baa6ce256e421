"""law-warning 1: one open case an identity; HH after H raises it; after handled a linked case opens."""

import asyncio

from central.db.pool import DatabaseUrls
from protocol.messages import RAISE
from tests.central.warning.county import County, in_county


def test_a_leak_that_grows_is_one_case_that_rises(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("H")
        await c.settle()
        c.advance(seconds=20)
        judged = await c.judge(RAISE, limit_name="HH", occurrence="0000002a-2")
        assert judged is not None
        assert (judged.warning_id, judged.change, judged.level) == (case, "raised", 4)
        assert len(await c.cases()) == 1

    in_county(database, scenario)


def test_sixteen_writers_at_once_open_one_case(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        raises = [c.judge(RAISE, occurrence=f"0000002a-{n}", alarm=f"GT-101/H{n % 4}") for n in range(16)]
        judged = await asyncio.gather(*raises)
        assert [found.change for found in judged if found].count("opened") == 1
        assert len({found.warning_id for found in judged if found}) == 1
        assert len(await c.fetch("SELECT 1 FROM warning")) == 1

    in_county(database, scenario)


def test_open_in_it_ends_at_handled_and_the_next_case_is_linked_with_a_full_ladder(
    database: DatabaseUrls,
) -> None:
    async def scenario(c: County) -> None:
        first = await c.open("H")
        await c.settle()
        await c.act("township", "handle", first, "阀门松动", "已紧固")
        c.advance(minutes=5)
        second = await c.open("HH", occurrence="0000002a-2")
        row = await c.row(second)
        assert row["previous_id"] == first
        await c.settle()
        assert c.phone.numbers == ["13900000004", "13900000004"]
        assert (await c.row(first))["state"] == "handled"

    in_county(database, scenario)


def test_both_sides_of_a_point_and_its_quality_are_cases_of_their_own(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        for limit_name in ("H", "L", "Q"):
            await c.open(limit_name, occurrence=f"0000002a-{limit_name}")
        assert {(case["kind"], case["side"]) for case in await c.cases()} == {
            ("alarm", "high"),
            ("alarm", "low"),
            ("quality", "quality"),
        }

    in_county(database, scenario)


def test_a_test_alarm_never_occupies_the_place_of_a_real_one(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await c.open("HH", is_test=True)
        await c.open("HH", is_test=False)
        await c.settle()
        # nobody is registered for tests: the real case alone has called
        assert c.phone.numbers == ["13900000004"]
        assert "［测试］" not in c.phone.sent[0].text

    in_county(database, scenario)
