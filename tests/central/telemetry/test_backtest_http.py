"""A back-test over what is really stored, in rows and packed days, by whoever may see the point."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from central.db.scope import Actor, Scope, enter
from central.telemetry import backtests, packer, rollups
from central.telemetry.backtest_models import BackTestRequest, TrialSetting
from edge.core import alarm as core
from edge.core.decode import FLOAT64, HIGH_FIRST
from edge.core.point import Point, Values
from edge.core.watch import Watch
from protocol import messages as m
from tests.central.ingest.plant import Centre, Sim, centre
from tests.central.telemetry.test_points_http import API, served

if TYPE_CHECKING:
    from central.db.pool import Connection, DatabaseUrls
    from tests.central.serving import Served

NOON = datetime.now(UTC).replace(hour=12, minute=0, second=1, microsecond=0) - timedelta(days=20)
RAWS = [5, 9, 10, 11, 8, 12, 9, 31, 9, 10] * 4  # by 0.1 around H = 1.0 and HH = 3.0, dead-band 0.1


async def later(conn: Connection) -> datetime:
    return NOON + timedelta(days=21)


def polls(sim: Sim, first: int, at: datetime) -> m.Batch:
    """Ten polls a second of chlorine that wanders around its limits."""
    n = len(RAWS)
    rows = m.BlockRows(
        0,
        list(range(n)),
        [i * 100 for i in range(n)],
        [i * 100 for i in range(n)],
        [4] * n,
        [sim.clock] * n,
        [192] * n,
        [[raw, 600] for raw in RAWS],
        [],
    )
    return sim.rows(first, rows, time_ms=int(at.timestamp() * 1000))


def raised_by_the_core(starts: list[datetime]) -> dict[str, int]:
    """What a gateway's core raises at these values."""
    count = iter(range(10_000))
    limits = [core.Limit("H", 0, "H", 1.0, 0.1), core.Limit("HH", 0, "HH", 3.0, 0.1)]
    watch = Watch(Values([Point("P", FLOAT64, HIGH_FIRST, 0)]), limits, lambda: str(next(count)))
    many = {"H": 0, "HH": 0}
    for start in starts:
        for i, raw in enumerate(RAWS):
            for t in watch.take(int(start.timestamp() * 1000) + i * 100, (raw * 0.1,), 192):
                many[t.alarm] = many.get(t.alarm, 0) + (t.transition == core.RAISE)
    return many


def test_rows_and_packed_days_are_judged_as_the_gateway_judged_them(database: DatabaseUrls) -> None:
    starts = [NOON, NOON + timedelta(seconds=4), NOON + timedelta(days=2)]

    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            for n, start in enumerate(starts):
                assert (await c.one(sim, polls(sim, 1 + n * len(RAWS), start))).status == m.STORED
            before = await asked(c)
            while await rollups.once(c.database, later):
                pass
            assert len(await packer.once(c.database, later)) == 2
            packed = await asked(c)
        assert msgspec.json.encode(before) == msgspec.json.encode(packed)
        expected = raised_by_the_core(starts)
        found = {one.limit_name: one for one in packed.limits}
        assert {name: one.current_raises for name, one in found.items()} == expected
        assert expected["H"] > expected["HH"] > 0
        # The higher limit is tried; HH is not named and compared with itself.
        assert found["H"].trial_raises == expected["HH"]
        assert found["HH"].trial_raises == expected["HH"]
        assert (packed.complete, packed.rows) == (True, 3 * len(RAWS))
        assert sum(day.current for day in packed.days) == sum(expected.values())
        assert [one.limit_name for one in packed.raised].count("H") == expected["HH"]

    async def asked(c: Centre) -> Any:
        async with c.database.web.acquire() as conn, conn.transaction():
            await enter(conn, Scope.region("42"), Actor(1, "county"))
            point = await conn.fetchval("SELECT id FROM point WHERE key = 'GT-101'")
            request = BackTestRequest(
                trials=[TrialSetting(limit_name="H", limit=3.0, deadband=0.1)],
                from_=NOON - timedelta(days=1),
                to=NOON + timedelta(days=3),
            )
            return await backtests.run(conn, point, request, NOON + timedelta(days=20))

    asyncio.run(body())


def test_a_back_test_is_asked_for_at_a_point_within_the_jurisdiction(database: DatabaseUrls) -> None:
    async def body(server: Served, centre: Centre, one: Sim, two: Sim) -> None:
        await centre.one(one, one.measurements(4, 40, raw=5))
        await centre.one(one, one.events(1, [one.alarm(1)]))
        async with server.client("township") as client:
            items = (await client.get(f"{API}/points")).json()["items"]
            gas, warm = (next(p["id"] for p in items if p["key"] == key) for key in ("GT-101", "TT-101"))
            listed = (await client.get(f"{API}/points/{gas}/alarm-settings")).json()["items"]
            assert [(s["limit_name"], s["limit"], s["deadband"], s["tryable"]) for s in listed] == [
                ("H", 1.0, 0.1, True), ("HH", 3.0, 0.1, True), ("Q", None, 0.0, False),
            ]  # fmt: skip
            trial = {"limit_name": "H", "limit": 2.0, "deadband": 0.2, "on_delay_s": 0, "off_delay_s": 5}
            answer = await client.post(f"{API}/points/{gas}/back-test", json={"trials": [trial]})
            assert answer.status_code == 200, answer.text
            said = answer.json()
            outcome = said["limits"][0]
            assert (outcome["limit_name"], outcome["actual"], outcome["current_raises"]) == ("H", 1, 1)
            assert (outcome["trial_raises"], outcome["missed"], outcome["trial"]["limit"]) == (1, 0, 2.0)
            assert said["raised"][0]["cleared_at"] is None
            assert said["unit"] == "ppm"
            tuned = await client.get(f"{API}/points/{gas}/tuning", params={"limit": "H"})
            assert tuned.status_code == 200, tuned.text
            assert (tuned.json()["raises"], tuned.json()["items"]) == (1, [])
            assert (await client.get(f"{API}/points/{warm}/tuning", params={"limit": "H"})).status_code == 404
            wrong = {**trial, "limit": 5.0, "deadband": 6.0}
            refused = await client.post(
                f"{API}/points/{gas}/back-test",
                json={"trials": [wrong, trial], "from": "2026-02-01T00:00:00Z", "to": "2026-01-01T00:00:00Z"},
            )
            assert refused.status_code == 400
            places = [field["place"] for field in refused.json()["fields"]]
            assert places == ["from", "trials", "trials.H"]
        async with server.client("inspector") as client:
            foreign = await client.post(f"{API}/points/{gas}/back-test", json={"trials": [trial]})
            assert foreign.status_code == 404

    served(database, body)
