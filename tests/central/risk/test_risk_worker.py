"""Indices follow their inputs: what changed is reckoned, an area shows its red one, a threshold waits."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from central.db.errors import NotFoundError
from central.db.pool import DatabaseUrls
from central.db.scope import Scope, scoped
from central.risk import reading, worker
from central.risk.models import RiskIndex
from central.risk.worker import Sweep
from tests.central.warning.county import County, in_county

ZONE = ZoneInfo("Asia/Shanghai")
NO_REST = dt.timedelta(0)
# Nothing on the days before, and another class today: its twenty points and more are a rise.
_FROM_NOTHING = """
WITH past AS (
    INSERT INTO risk_day (
        subject, day, scale, enterprise_id, place, sector, model_id, score, worst, level, inputs, inputs_at
    )
    SELECT i.subject, $1::date - n.back, i.scale, i.enterprise_id, i.place, i.sector, i.model_id, 0, 0, 1,
        i.inputs, i.inputs_at
    FROM risk_index AS i, generate_series(1, $2::int) AS n (back)
    WHERE i.subject = 'enterprise/1'
    ON CONFLICT DO NOTHING
)
UPDATE enterprise SET hazard_class = CASE hazard_class WHEN 3 THEN 2 ELSE 1 END WHERE id = 1
"""


async def settle(c: County, sweep: Sweep | None = None) -> Sweep:
    """Reckon until nothing is due."""
    sweep = sweep or Sweep()
    while await worker.once(c.db, ZONE, sweep, c.clock, rests=NO_REST):
        pass
    return sweep


async def read(c: County, scope: Scope, subject: str) -> RiskIndex:
    async with scoped(c.db.web, scope) as conn:
        return await reading.one(conn, subject, c.now, c.now.astimezone(ZONE).date())


async def marks(c: County) -> int:
    return len(await c.fetch("SELECT id FROM risk_mark"))


def test_what_changed_is_reckoned_and_an_area_shows_its_red_enterprise(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        county = Scope.region("429981")
        sweep = await settle(c)
        assert await marks(c) == 0
        quiet = await read(c, county, "enterprise/1")
        assert quiet.row.score == sum(round(reason.points * 100) for reason in quiet.reasons) / 100
        assert {reason.input for reason in quiet.reasons if reason.missing} == {
            "risks_high",
            "people_near",
            "patrol_score",
        }
        assert quiet.row.missing == 3
        area = await read(c, county, "area/429981")
        assert area.row.score < 50
        rows = await c.fetch("SELECT subject FROM risk_index WHERE scale <> 'enterprise' ORDER BY 1")
        assert {row["subject"] for row in rows} >= {
            "area/4299", "area/429981", "area/429981101", "area/429981102", "area/429981/month",
            "area/429981/year", "industry/429981/other",
        }  # fmt: skip

        await c.open("HH")
        async with scoped(c.db.web, county) as conn:
            today = c.now.astimezone(ZONE).date()
            [row] = await reading.listing(conn, c.now, today, subject="enterprise/1")
        assert row.outdated == "inputs"
        await c.execute("UPDATE warning SET level = 4")
        await settle(c, sweep)
        red = await read(c, county, "enterprise/1")
        assert (red.row.level, red.row.outdated) == ("red", "")
        assert red.reasons[-1].floor == "有未结束的红色报警"
        assert red.row.score == pytest.approx(sum(reason.points for reason in red.reasons))
        after = await read(c, county, "area/429981")
        assert after.row.score >= 50
        assert {one.input: one.value for one in after.reasons}["worst"] == red.row.score

    in_county(database, scenario)


def test_nobody_sees_the_index_of_another_place(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await settle(c)
        town = Scope.region("429981101")
        assert (await read(c, town, "enterprise/1")).row.enterprise_id == 1
        assert (await read(c, town, "area/429981101")).row.region == "429981101"
        for hidden in ("enterprise/2", "area/429981102", "area/429981", "area/429981/month"):
            with pytest.raises(NotFoundError):
                await read(c, town, hidden)
        plant = Scope.enterprise("429981101/E0001")
        assert (await read(c, plant, "enterprise/1")).row.enterprise_id == 1
        for hidden in ("area/429981101", "industry/429981101/other"):
            with pytest.raises(NotFoundError):
                await read(c, plant, hidden)
        # An area over all industries is not for who sees some of them; the industry itself is.
        some = Scope.region("429981").of_sectors(["other"])
        with pytest.raises(NotFoundError):
            await read(c, some, "area/429981")
        assert (await read(c, some, "industry/429981/other")).row.sector == "other"
        async with scoped(c.db.web, town) as conn:
            seen = await reading.overview(conn, c.now, c.now.astimezone(ZONE).date())
        assert (seen.spread.blue + seen.spread.yellow, seen.unknown) == (1, 0)
        assert seen.own is not None
        assert seen.own.region == "429981101"

    in_county(database, scenario)


def test_a_day_is_kept_and_a_day_later_everything_is_reckoned_anew(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        sweep = await settle(c)
        c.advance(days=1)
        async with scoped(c.db.web, Scope.region("42")) as conn:
            today = c.now.astimezone(ZONE).date()
            [row] = await reading.listing(conn, c.now, today, subject="enterprise/1")
        assert row.outdated == "day"
        await settle(c, sweep)
        async with scoped(c.db.web, Scope.region("42")) as conn:
            told = await reading.trend(conn, "enterprise/1", today - dt.timedelta(days=9), today, "day")
            month = await reading.trend(conn, "enterprise/1", today - dt.timedelta(days=9), today, "month")
            before = await reading.one(conn, "enterprise/1", c.now, today, today - dt.timedelta(days=1))
        assert [one.day for one in told.days] == [today - dt.timedelta(days=1), today]
        assert [one.days for one in month.days] == [2]
        assert before.day == today - dt.timedelta(days=1)
        rows = await c.fetch("SELECT DISTINCT day FROM risk_index")
        assert [row["day"] for row in rows] == [today]

    in_county(database, scenario)


def test_a_threshold_waits_for_approval_and_ends_well_below_it(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("HH")
        await c.execute("UPDATE warning SET level = 4")
        sweep = await settle(c)
        proposals = await c.fetch("SELECT * FROM proposal ORDER BY subject_type")
        told = [(row["subject_type"], row["subject_id"], row["state"], row["level"]) for row in proposals]
        assert ("enterprise", "1", "waiting", 3) in told
        assert "主要来源" in proposals[0]["fact"]["detail"]
        # Red at once and above its threshold is one thing to approve, not a rise as well.
        assert [row["side"] for row in proposals if row["subject_type"] == "enterprise"] == ["high"]
        assert await c.fetch("SELECT id FROM warning WHERE kind = 'model'") == []
        # Told once: reckoned again it stays one.
        await c.execute("INSERT INTO risk_mark (place) SELECT place FROM enterprise")
        await settle(c, sweep)
        assert len(await c.fetch("SELECT id FROM proposal")) == len(proposals)
        await c.execute("UPDATE warning SET state = 'closed', active = false")
        await settle(c, sweep)
        states = {row["state"] for row in await c.fetch("SELECT state FROM proposal")}
        assert states == {"withdrawn"}
        assert await c.fetch("SELECT subject FROM risk_alert") == []
        assert case is not None

    in_county(database, scenario)


def test_a_rise_is_told_where_history_reaches_back_far_enough(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        sweep = await settle(c)
        assert await c.fetch("SELECT id FROM proposal") == []
        today = c.now.astimezone(ZONE).date()
        # Three days are no week.
        await c.execute(_FROM_NOTHING, today, 3)
        await settle(c, sweep)
        assert await c.fetch("SELECT id FROM proposal") == []
        await c.execute(_FROM_NOTHING, today, 10)
        await settle(c, sweep)
        [told] = await c.fetch("SELECT side, title FROM proposal WHERE enterprise_id = 1")
        assert told["side"] == "rate"
        assert told["title"].startswith("风险指数 7 天内上升 20 分以上")

    in_county(database, scenario)
