"""An enterprise's life over HTTP: facts, status with history, who watches, likely duplicates, removal."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from central.registry import life
from tests.central import county
from tests.central.serving import serving

if TYPE_CHECKING:
    import httpx

    from central.db.pool import DatabaseUrls

API = "/api/v1"


async def facts(client: httpx.AsyncClient, number: int) -> dict[str, Any]:
    answer = await client.get(f"{API}/enterprises/{number}/facts")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def form(serial: int, name: str, region: str = "429981101", **more: object) -> dict[str, object]:
    return {"name": name, "credit_code": county.credit_code(serial), "region_code": region, **more}


def test_an_official_registers_changes_and_stops_an_enterprise_and_its_log_says_who_and_why(
    database: DatabaseUrls,
) -> None:
    async def run() -> None:
        async with serving(database) as server:
            await county.found(server.database)
            async with server.client("county") as client, server.client("township") as watcher:
                bad = await client.post(
                    f"{API}/enterprises",
                    json={"name": "甲乙", "credit_code": "91", "region_code": "429981101", "sector": "none",
                          "longitude": 113.5},
                )  # fmt: skip
                assert {field["place"] for field in bad.json()["fields"]} == {
                    "credit_code",
                    "sector",
                    "latitude",
                }
                assert all(field["remedy"] for field in bad.json()["fields"])
                foreign = await client.post(f"{API}/enterprises", json=form(50, "临湖纸业", "429982101"))
                assert foreign.status_code == 404
                made = await client.post(
                    f"{API}/enterprises", json=form(51, "青石化工", contact_phone="13800000001")
                )
                assert made.status_code == 201, made.text
                number = made.json()["id"]
                # The office of the township is nearest and supervises.
                assert made.json()["agency_name"] == "青石镇应急办"
                assert made.json()["contact_phone"] == "138****0001"
                twice = await client.post(f"{API}/enterprises", json=form(51, "青石化工二厂"))
                assert twice.status_code == 409

                assert (await watcher.put(f"{API}/enterprises/{number}/watch")).status_code == 204
                seen = {"if-match": made.headers["etag"]}
                path = f"{API}/enterprises/{number}"
                change = {
                    "name": "青石精细化工", "credit_code": county.credit_code(51),
                    "contact_phone": "138****0001", "longitude": 113.5, "latitude": 30.5,
                }  # fmt: skip
                kept = await client.put(f"{path}/facts", json=change, headers=seen)
                assert kept.status_code == 200, kept.text
                late = await client.post(
                    f"{path}/status", json={"status": "stopped", "reason": "检修"}, headers=seen
                )
                assert late.status_code == 412
                now = {"if-match": kept.headers["etag"]}
                unknown = await client.post(
                    f"{path}/status", json={"status": "asleep", "reason": "检修"}, headers=now
                )
                assert unknown.json()["fields"][0]["place"] == "status"
                stopped = await client.post(
                    f"{path}/status", json={"status": "stopped", "reason": "年度检修"}, headers=now
                )
                assert (stopped.json()["status_name"], stopped.json()["status_runs"]) == ("停产", False)
                forbidden = {"status": "working", "reason": "复产"}
                assert (await watcher.post(f"{path}/status", json=forbidden)).status_code == 403

                log = (await client.get(f"{path}/life")).json()["items"]
                assert [row["kind"] for row in log] == ["status", "changed", "registered"]
                assert log[0]["title"] == "状态由“在产”变为“停产”"
                assert (log[0]["reason"], log[0]["by_name"]) == ("年度检修", "county甲")
                # The number came back masked and stays: only name and position changed.
                assert set(log[1]["detail"]) == {"name", "longitude", "latitude"}

                bell = (await watcher.get(f"{API}/messages")).json()["items"]
                assert [row["title"] for row in bell] == [
                    "青石精细化工：状态由“在产”变为“停产”", "青石精细化工：登记信息变更：名称、位置",
                ]  # fmt: skip
                assert bell[0]["link"] == f"/enterprises/{number}"
                assert (await watcher.delete(f"{path}/watch")).status_code == 204
            async with server.client("enterprise") as other:
                assert (await other.get(f"{API}/enterprises/{number}/facts")).status_code == 404
                assert (await other.put(f"{API}/enterprises/{number}/watch")).status_code == 404

    asyncio.run(run())


def test_names_alike_in_one_county_are_suspected_until_somebody_says_that_they_are_two(
    database: DatabaseUrls,
) -> None:
    async def run() -> None:
        async with serving(database) as server:
            await county.found(server.database)
            async with server.client("city") as client:
                for serial, name, region in (
                    (61, "临江县宏达化工有限公司", "429981101"),
                    (62, "宏达化工（临江）有限责任公司", "429981102"),
                    (63, "云泽市宏达化工厂", "429982101"), (64, "临江县永盛鞭炮厂", "429981101"),
                ):  # fmt: skip
                    made = await client.post(f"{API}/enterprises", json=form(serial, name, region))
                    assert made.status_code == 201, made.text
                found = (await client.get(f"{API}/enterprise-pairs")).json()
                assert found["notes"] == []
                named = [pair for pair in found["items"] if "宏达" in pair["first_name"]]
                assert [(pair["first_name"], pair["second_name"]) for pair in named] == [
                    ("临江县宏达化工有限公司", "宏达化工（临江）有限责任公司")
                ]
                pair = {
                    "first_id": named[0]["second_id"],
                    "second_id": named[0]["first_id"],
                    "reason": "两家，已实地核对",
                }
                assert (await client.post(f"{API}/enterprise-pairs", json=pair)).status_code == 204
                again = (await client.get(f"{API}/enterprise-pairs")).json()["items"]
                assert not [each for each in again if "宏达" in each["first_name"]]

    asyncio.run(run())


def test_an_enterprise_is_removed_only_under_a_grant_from_above_and_when_nothing_hangs_on_it(
    database: DatabaseUrls,
) -> None:
    async def run() -> None:
        async with serving(database) as server:
            await county.found(server.database)
            async with server.client("county") as client, server.client("city") as above:
                made = await client.post(f"{API}/enterprises", json=form(71, "误登记的厂"))
                path = f"{API}/enterprises/{made.json()['id']}"
                seen = {"if-match": made.headers["etag"]}
                assert (await client.delete(path, headers=seen)).status_code == 403
                asked = await client.post(f"{path}/removal", json={"reason": "重复登记"})
                assert asked.status_code == 201, asked.text
                assert (await client.post(f"{path}/removal", json={"reason": "重复登记"})).status_code == 409
                wish = f"{API}/enterprise-removals/{asked.json()['id']}/decision"
                own = await client.post(wish, json={"approve": True})
                assert own.status_code == 403
                silent = await above.post(wish, json={"approve": False})
                assert silent.json()["fields"][0]["place"] == "opinion"
                assert (await above.post(wish, json={"approve": True})).json()["state"] == "granted"

                # Who changes an enterprise holds up nothing that refers to it, such as alarms.
                pool, number = server.database.worker, made.json()["id"]
                async with pool.acquire() as editor, pool.acquire() as bringer, editor.transaction():
                    await editor.fetchrow(life.Q.lock, number)
                    refer = "SELECT id FROM enterprise WHERE id = $1 FOR KEY SHARE NOWAIT"
                    assert await bringer.fetchval(refer, number) == number

                await server.database.worker.execute(
                    "INSERT INTO department (enterprise_id, name) VALUES ($1, '安全科')", made.json()["id"]
                )
                hanging = await client.delete(path, headers=seen)
                assert hanging.status_code == 409
                assert "1 个科室" in hanging.json()["detail"]
                await server.database.worker.execute("DELETE FROM department WHERE name = '安全科'")
                assert (await client.delete(path, params={"reason": "重复"}, headers=seen)).status_code == 204
                assert (await client.get(f"{path}/facts")).status_code == 404
                # The credit code is free again, and the code is never given twice.
                anew = await client.post(f"{API}/enterprises", json=form(71, "重新登记的厂"))
                assert anew.json()["code"] == f"{county.credit_code(71)}-2"

    asyncio.run(run())
