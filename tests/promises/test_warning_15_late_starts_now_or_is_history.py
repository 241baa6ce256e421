"""law-warning 15: late and still active starts now, with both times; late and over calls nobody."""

from datetime import timedelta

from central.db.pool import DatabaseUrls
from protocol.messages import CLEAR, RAISE
from tests.central.warning.county import County, in_county


def test_late_and_still_active_starts_now(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        happened = c.now - timedelta(hours=3)
        case = await c.open("HH", at=happened, late=True, active_now=True)
        await c.settle()
        row = await c.row(case)
        assert (row["raised_at"], row["received_at"], row["late"]) == (happened, c.now, True)
        assert c.phone.numbers == ["13900000004"]
        await c.pass_time(590, 10)
        assert len(c.phone.sent) == 1  # deadlines count from the receipt
        stories = await c.fetch("SELECT title, latency_ms FROM warning_event ORDER BY id")
        assert any("迟到" in story["title"] for story in stories)
        assert any(story["latency_ms"] == 3 * 3600 * 1000 for story in stories)

    in_county(database, scenario)


def test_late_and_over_is_history_and_a_chattering_night_is_one_line(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        night = c.now - timedelta(hours=6)
        for number in range(5):
            at = night + timedelta(minutes=10 * number)
            more = {"occurrence": f"o-{number}", "late": True, "active_now": False}
            await c.judge(RAISE, at=at, **more)
            await c.judge(CLEAR, at=at + timedelta(minutes=1), **more)
        worse = {"occurrence": "o-9", "late": True, "active_now": False}
        await c.judge(RAISE, limit_name="HH", at=night + timedelta(minutes=20), **worse)
        await c.pass_time(3600, 600)
        (case,) = await c.cases()
        assert (case["history"], case["state"], case["level"]) == (True, "cleared", 4)
        assert c.phone.sent == []
        assert await c.calls("in_app") == []

    in_county(database, scenario)


def test_history_beside_an_open_case_disturbs_it_not(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("H", occurrence="now")
        await c.judge(RAISE, occurrence="before", at=c.now - timedelta(hours=6), late=True, active_now=False)
        assert len(await c.cases()) == 2
        row = await c.row(case)
        assert (row["state"], row["active"], row["occurrence"]) == ("open", True, "now")

    in_county(database, scenario)
