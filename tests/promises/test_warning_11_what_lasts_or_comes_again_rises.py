"""law-warning 11: what a table makes worse with time ends the pause and climbs anew; no level falls."""

from central.db.pool import DatabaseUrls
from central.db.scope import acting
from central.warning import level_tables, regrading
from central.warning.level_models import RuleRow, TableFile
from protocol.messages import CLEAR, RAISE
from tests.central.warning.county import County, in_county

HELD = RuleRow(kind="alarm", level="orange", reason="久未消除", held_s=1800)
LONG = RuleRow(kind="alarm", level="red", reason="久未消除", held_s=3600)
OFTEN = RuleRow(kind="alarm", level="orange", reason="反复报警", raises=3, within_h=24)


async def table(c: County, *rows: RuleRow) -> None:
    plain = RuleRow(kind="alarm", level="yellow", reason="县定")
    told = TableFile(name="县表", source="县局", region="429981", rule=(plain, *rows))
    async with acting(c.db.worker) as conn:
        await level_tables.load(conn, told, c.now)


async def regrade(c: County) -> int:
    count = 0
    while await regrading.fire_due(c.db, c.clock):
        count += 1
        assert count < 20, "a wait does not come to rest"
    return count


def test_an_alarm_that_lasts_rises_by_itself_and_the_pause_ends(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await table(c, HELD, LONG)
        case = await c.open("H")
        await c.settle()
        c.advance(seconds=60)
        await c.act("enterprise", "acknowledge", case)
        c.advance(seconds=1739)
        assert await regrade(c) == 0
        assert (await c.row(case))["level"] == 2
        c.advance(seconds=1)
        assert await regrade(c) == 1
        row = await c.row(case)
        assert (row["level"], row["state"], row["acknowledged_name"]) == (3, "open", None)
        assert row["level_reason"] == "久未消除，持续已满 30 分钟（429981 地区定级表第 1 版，县局）"
        await c.settle()
        assert "橙色预警" in c.phone.sent[-1].text
        c.advance(seconds=1800)
        await regrade(c)
        assert (await c.row(case))["level"] == 4
        async with acting(c.db.worker) as conn:
            assert await conn.fetchval("SELECT count(*) FROM level_wait") == 0

    in_county(database, scenario)


def test_what_was_over_in_between_begins_anew_and_no_level_falls(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await table(c, HELD)
        case = await c.open("H")
        c.advance(seconds=1700)
        await c.judge(CLEAR)
        c.advance(seconds=60)
        await c.judge(RAISE, occurrence="0000002a-2")
        c.advance(seconds=60)
        assert await regrade(c) == 0
        assert (await c.row(case))["level"] == 2
        c.advance(seconds=1740)
        assert await regrade(c) == 1
        assert (await c.row(case))["level"] == 3
        await c.judge(CLEAR, occurrence="0000002a-2")
        c.advance(seconds=10)
        await c.judge(RAISE, occurrence="0000002a-3")
        row = await c.row(case)
        assert (row["level"], row["active"]) == (3, True)
        assert row["level_reason"].startswith("久未消除")

    in_county(database, scenario)


def test_a_clear_and_a_handling_end_the_wait(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await table(c, HELD)
        cleared = await c.open("H")
        await c.judge(CLEAR)
        handled = await c.open("L", alarm="GT-101/L")
        await c.act("enterprise", "handle", handled, "阀门未关", "已关")
        c.advance(seconds=7200)
        await regrade(c)
        assert [(await c.row(case))["level"] for case in (cleared, handled)] == [2, 2]

    in_county(database, scenario)


def test_what_was_called_false_waits_until_then_and_rises_in_the_case_that_follows(
    database: DatabaseUrls,
) -> None:
    async def scenario(c: County) -> None:
        await table(c, HELD)
        case = await c.open("H")
        await c.act("enterprise", "mark_false", case, "标定")
        c.advance(seconds=1900)
        await regrade(c)
        assert (await c.row(case))["level"] == 2
        until = (await c.row(case))["suppressed_until"]
        c.now = until
        await c.settle()
        (follower,) = [row for row in await c.cases() if row["state"] == "open"]
        assert follower["level"] == 2
        c.advance(seconds=60)
        await regrade(c)
        assert (await c.row(follower["id"]))["level"] == 3

    in_county(database, scenario)


def test_the_third_raise_within_a_day_is_worse_and_says_so(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await table(c, OFTEN)
        case = await c.open("H")
        levels = []
        for number in (2, 3):
            c.advance(seconds=600)
            await c.judge(CLEAR, occurrence=f"0000002a-{number - 1}")
            c.advance(seconds=600)
            await c.judge(RAISE, occurrence=f"0000002a-{number}")
            levels.append((await c.row(case))["level"])
        assert levels == [2, 3]
        reason = (await c.row(case))["level_reason"]
        assert reason == "反复报警，24 小时内已达 3 次（429981 地区定级表第 1 版，县局）"

    in_county(database, scenario)
