"""Several points over the same buckets, as a person within his jurisdiction sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.central.telemetry.test_points_http import API, served

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls
    from tests.central.ingest.plant import Centre, Sim
    from tests.central.serving import Served


def test_points_share_their_buckets_and_show_the_alarms_that_began(database: DatabaseUrls) -> None:
    async def body(server: Served, centre: Centre, one: Sim, two: Sim) -> None:
        await centre.one(one, one.events(1, [one.alarm(1)]))
        async with server.client("county") as client:
            items = (await client.get(f"{API}/points")).json()["items"]
            gas, warm = (next(p["id"] for p in items if p["key"] == key) for key in ("GT-101", "TT-101"))
            foreign = next(p["id"] for p in items if p["gateway_id"] == "gw-b")
            answer = await client.get(f"{API}/trends", params={"point_id": f"{warm},{gas},{warm}"})
            trend = answer.json()
            assert answer.status_code == 200, trend
            assert [item["key"] for item in trend["items"]] == ["TT-101", "GT-101"]
            assert [[b["t"] for b in item["buckets"]] for item in trend["items"]] == [
                [b["t"] for b in trend["items"][0]["buckets"]]
            ] * 2
            assert sum(b["count"] for b in trend["items"][1]["buckets"]) == 3
            assert trend["items"][1]["limits"]["h"] == 1.0
            assert [(a["point_id"], a["limit"], a["value"]) for a in trend["alarms"]] == [(gas, "H", 1.5)]
            assert not trend["more_alarms"]
            for bad in ("", "x", f"{gas},", ",".join(str(n) for n in range(1, 10)), "0", "99999999999"):
                refused = await client.get(f"{API}/trends", params={"point_id": bad})
                assert refused.status_code == 400, bad
                assert [f["place"] for f in refused.json()["fields"]] == ["point_id"]
            naive = {"point_id": gas, "from": "2026-01-01T00:00:00", "to": "2026-01-02T00:00:00"}
            refused = await client.get(f"{API}/trends", params=naive)
            assert [f["place"] for f in refused.json()["fields"]] == ["from", "to"]
        async with server.client("township") as client:
            assert (await client.get(f"{API}/trends", params={"point_id": foreign})).status_code == 404
            mixed = await client.get(f"{API}/trends", params={"point_id": f"{gas},{foreign}"})
            assert mixed.status_code == 404

    served(database, body)
