"""law-warning 3, 4: what is covered at the plant ends no warning, opens none, and raises when laid open."""

import asyncio
from typing import Any

from central.db.pool import DatabaseUrls
from central.db.scope import acting
from central.warning import service
from protocol import messages as m
from tests.central.ingest.plant import Sim, centre
from tests.central.warning.county import County, in_county

UNDER = {"state": "G", "under": "B", "by": "Li", "reason": "calibration"}


def test_shelving_an_alarm_ends_no_warning_and_its_ladder_climbs_on(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("HH")
        await c.settle()
        c.advance(seconds=30)
        await c.judge(m.SHELVE, limit_name="HH", **UNDER)
        row = await c.row(case)
        assert (row["state"], row["active"], row["cleared_at"]) == ("open", True, None)
        assert "alarm_shelved" in await c.kinds(case)
        await c.pass_time(600, 100)
        assert c.phone.numbers == ["13900000004", "13900000003"]

    in_county(database, scenario)


def test_only_a_clear_under_the_cover_ends_its_cause(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("H")
        await c.judge(m.SUPPRESS, state="H", under="B")
        assert (await c.row(case))["active"]
        c.advance(seconds=5)
        await c.judge(m.CLEAR, state="H", under="D")
        assert not (await c.row(case))["active"]

    in_county(database, scenario)


def test_a_raise_under_a_cover_opens_nothing_and_raises_when_it_is_lifted(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        assert await c.judge(m.RAISE, **UNDER) is None
        assert await c.cases() == []
        c.advance(minutes=5)
        judged = await c.judge(m.UNSHELVE, state="B", reason="its time is over")
        assert judged is not None
        assert judged.change == "opened"
        c.advance(seconds=1)
        await c.judge(m.UNSHELVE, state="B", reason="its time is over")
        assert len(await c.cases()) == 1

    in_county(database, scenario)


def test_a_cover_that_is_lifted_from_a_normal_alarm_opens_nothing(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        for transition, state in ((m.IN_SERVICE, "A"), (m.UNSHELVE, "D"), (m.UNSUPPRESS, "G")):
            assert await c.judge(transition, state=state, under="B" if state == "G" else "") is None
        assert await c.cases() == []

    in_county(database, scenario)


def test_an_active_set_with_a_covered_alarm_keeps_its_case_and_opens_none(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("H")
        c.advance(minutes=10)
        covered = [
            c.fact(m.RAISE, **UNDER),
            c.fact(m.RAISE, limit_name="L", occurrence="0000002a-9", **UNDER),
        ]
        async with acting(c.db.worker) as conn:
            assert await service.settle_active(conn, "gw-chlorine", covered, c.now) == []
        assert [row["id"] for row in await c.cases()] == [case]
        over = [c.fact(m.RAISE, **(UNDER | {"under": "D"}))]
        async with acting(c.db.worker) as conn:
            await service.settle_active(conn, "gw-chlorine", over, c.now)
        assert not (await c.row(case))["active"]

    in_county(database, scenario)


def test_the_centre_lists_what_is_covered_by_whom_and_until_when(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            until = sim.now_ms + 3_600_000
            shelved: dict[str, Any] = {"state": "G", "under": "B", "by": "Li", "reason": "calibration"}
            shelved["until_ms"] = until
            await c.one(
                sim,
                sim.events(1, [sim.alarm(1), sim.alarm(2, m.SHELVE, **shelved)]),
            )
            row = await c.database.worker.fetchrow(
                "SELECT state, under, covered_by, covered_why, covered_until IS NOT NULL FROM alarm_state"
            )
            assert row is not None
            assert tuple(row) == ("G", "B", "Li", "calibration", True)
            assert await c.database.worker.fetchval("SELECT cleared_at IS NULL FROM warning")
            await c.one(sim, sim.events(3, [sim.alarm(3, m.ACKNOWLEDGE, state="G", under="C")]))
            kept = await c.database.worker.fetchrow("SELECT state, under, covered_by FROM alarm_state")
            assert kept is not None
            assert tuple(kept) == ("G", "C", "Li")

    asyncio.run(body())
