"""Alarms that gateways told are counted by day, late ones too, and shown to whoever supervises them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from central.statistics import alarm_days_worker
from central.statistics.alarm_days_worker import midnight
from central.warning.wording import CHINA
from protocol import messages as m
from tests.central.telemetry.test_points_http import API, served

if TYPE_CHECKING:
    from central.db.pool import Connection, Database, DatabaseUrls
    from tests.central.ingest.plant import Centre, Sim
    from tests.central.serving import Served

DAY = midnight((datetime.now(CHINA) - timedelta(days=4)).date())
NINE = DAY + timedelta(hours=9)
WEEK = {"from": str((DAY - timedelta(days=2)).date()), "to": str((DAY + timedelta(days=3)).date())}


def ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


async def counted(database: Database, minutes: int = 0) -> None:
    """Count what is due at noon three days later, and so many minutes."""

    async def later(conn: Connection) -> datetime:
        return DAY + timedelta(days=3, hours=12, minutes=minutes)

    while await alarm_days_worker.once(database, later):
        pass


def burst(sim: Sim, first: int, at: datetime, many: int, gap_s: float) -> m.Batch:
    """An alarm that rings and clears again and again, and is heard by somebody at its end."""
    events = []
    for n in range(many):
        moment = ms(at) + int(n * gap_s * 1000)
        seq = first + 2 * n
        events.append(sim.alarm(seq, occurrence="0000004d-1", time_ms=moment, priority=3))
        events.append(sim.alarm(seq + 1, m.CLEAR, time_ms=moment + 500, value=0.5))
    heard = first + 2 * many
    events.append(sim.alarm(heard, m.ACKNOWLEDGE, time_ms=ms(at) + int(many * gap_s * 1000), state="A"))
    return sim.events(first, events)


def test_days_are_counted_and_late_events_have_them_counted_again(database: DatabaseUrls) -> None:
    async def body(server: Served, centre: Centre, one: Sim, two: Sim) -> None:
        assert (await centre.one(one, burst(one, 1, NINE, 12, 10.0))).status == m.STORED
        await counted(server.database)
        async with server.client("county") as client:
            board = (await client.get(f"{API}/alarm-quality", params=WEEK)).json()
            assert (board["annunciated"], board["floods"], board["enterprises"], board["positions"]) == (
                12,
                1,
                2,
                2,
            )
            figures = {f["measure"]: f for f in board["figures"]}
            assert figures["peak_ten"]["value"] == 12
            assert figures["peak_ten"]["verdict"] == "poor"
            assert figures["chattering"]["value"] == 1
            assert figures["top_ten"]["value"] == 100
            assert figures["acknowledge_median"]["value"] == 120
            assert figures["per_day"]["source"].startswith("ANSI/ISA-18.2")
            assert board["priorities"] == {"high": 12, "medium": 0, "low": 0, "lamp": 0}
            assert [(d["day"], d["annunciated"]) for d in board["days"]] == [(str(DAY.date()), 12)]
            # A batch that was on its way for days: one alarm that stands since, on the gateway's other limit.
            late = one.alarm(26, alarm="GT-101/HH", occurrence="0000004d-9", time_ms=ms(NINE), priority=3)
            await centre.one(one, one.events(26, [late]))
            await counted(server.database, 1)
            board = (await client.get(f"{API}/alarm-quality", params=WEEK)).json()
            assert board["annunciated"] == 13
            days = {d["day"]: d for d in board["days"]}
            # It stands: each day until today has a line, and is stale from the second on.
            assert [days[str((DAY + timedelta(days=n)).date())]["stale"] for n in range(4)] == [0, 1, 1, 1]
            rows = (await client.get(f"{API}/alarm-quality/alarms", params=WEEK)).json()["items"]
            assert [(r["alarm"], r["annunciated"], r["point_name"]) for r in rows] == [
                ("GT-101/H", 12, "氯气浓度"), ("GT-101/HH", 1, "氯气浓度"),
            ]  # fmt: skip
            stale = await client.get(f"{API}/alarm-quality/alarms", params={**WEEK, "order": "stale"})
            assert [(r["alarm"], r["stale_days"]) for r in stale.json()["items"]] == [("GT-101/HH", 3)]
            # The end of it comes late as well: what followed is counted again.
            ended = one.alarm(
                27, m.CLEAR, alarm="GT-101/HH", occurrence="0000004d-9", time_ms=ms(NINE + timedelta(hours=1))
            )
            await centre.one(one, one.events(27, [ended]))
            await counted(server.database, 2)
            board = (await client.get(f"{API}/alarm-quality", params=WEEK)).json()
            assert [d["stale"] for d in board["days"]] == [0, 0, 0, 0]

    served(database, body)


def test_everybody_sees_the_alarms_of_his_own_and_says_how_many_people_listen(database: DatabaseUrls) -> None:
    async def body(server: Served, centre: Centre, one: Sim, two: Sim) -> None:
        await centre.one(one, burst(one, 1, NINE, 3, 600.0))
        await centre.one(two, burst(two, 1, NINE, 5, 600.0))
        await centre.one(two, two.events(12, [two.alarm(12, occurrence="t-1", time_ms=ms(NINE), test=True)]))
        await counted(server.database)
        async with server.client("county") as client:
            rows = (await client.get(f"{API}/alarm-quality/enterprises", params=WEEK)).json()["items"]
            assert [(r["name"], r["annunciated"]) for r in rows] == [("企业E2", 5), ("企业E1", 3)]
            first = await client.get(f"{API}/alarm-quality/enterprises", params={**WEEK, "limit": 1})
            rest = await client.get(
                f"{API}/alarm-quality/enterprises", params={**WEEK, "cursor": first.json()["next"]}
            )
            assert [r["name"] for r in rest.json()["items"]] == ["企业E1"]
            area = await client.get(f"{API}/alarm-quality", params={**WEEK, "region": "429981101"})
            assert (area.json()["annunciated"], area.json()["enterprises"]) == (3, 1)
            wrong = {"from": "2026-02-01", "to": "2026-01-01"}
            refused = await client.get(f"{API}/alarm-quality", params=wrong)
            assert (refused.status_code, refused.json()["fields"][0]["place"]) == (400, "from")
        async with server.client("township") as client:
            own = (await client.get(f"{API}/alarm-quality", params=WEEK)).json()
            assert (own["annunciated"], own["enterprises"]) == (3, 1)
        async with server.client("enterprise") as client:
            mine = (await client.get(f"{API}/alarm-quality", params=WEEK)).json()
            assert mine["annunciated"] == 3
        number = await server.database.worker.fetchval("SELECT id FROM enterprise WHERE code = 'E1'")
        path = f"{API}/enterprises/{number}/operator-positions"
        async with server.client("inspector") as client:
            assert (await client.put(path, json={"positions": 3})).status_code == 403
        async with server.client("county") as client:
            assert (await client.put(path, json={"positions": 0})).status_code == 400
            said = await client.put(path, json={"positions": 3})
            assert said.json() == {"positions": 3}
            assert (
                await client.put(f"{API}/enterprises/9999/operator-positions", json={"positions": 3})
            ).is_error
            board = (await client.get(f"{API}/alarm-quality", params=WEEK)).json()
            assert (board["enterprises"], board["positions"]) == (2, 4)

    served(database, body)


def test_a_moment_is_a_day_of_the_jurisdiction() -> None:
    assert midnight(datetime(2026, 11, 22, tzinfo=UTC).date()) == datetime(2026, 11, 21, 16, tzinfo=UTC)
