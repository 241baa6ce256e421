"""The dossier, the portrait and the workbench over HTTP; what records do to the life of their enterprise."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.central import county
from tests.central.serving import serving

if TYPE_CHECKING:
    import httpx

    from central.db.pool import DatabaseUrls

API = "/api/v1"


async def added(
    client: httpx.AsyncClient, register: str, values: dict[str, Any], **more: Any
) -> dict[str, Any]:
    answer = await client.post(f"{API}/registers/{register}", json={"values": values, "submit": True} | more)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_one_page_gathers_what_an_enterprise_keeps_and_its_own_workbench_says_what_it_owes(
    database: DatabaseUrls,
) -> None:
    today = datetime.now(UTC).date()

    async def run() -> None:
        async with serving(database) as server:
            await county.found(server.database)
            async with server.client("enterprise") as own, server.client("county") as official:
                await added(
                    own, "certificates",
                    {"holder": "李四", "trade": "电工", "kind": {"choice": "special-operation"},
                     "number": "T1",
                     "valid": {"from": "2015-01-01", "to": str(today - timedelta(days=9))}},
                )  # fmt: skip
                await added(
                    official, "penalties",
                    {"year": today.year, "imposed": str(today), "entry": {"choice": "penalty"},
                     "penalty": {"choice": "1"}, "department": "县应急管理局", "reason": "未按规定检测",
                     "penalty_closure": {"choice": "running"}},
                    enterprise_id=1,
                )  # fmt: skip
                draft = await own.post(
                    f"{API}/registers/licences", json={"values": {"name": "安全生产许可证"}, "submit": False}
                )
                assert draft.status_code == 201, draft.text

                page = (await official.get(f"{API}/enterprises/1/dossier")).json()
                blocks = {block["register"]: block for block in page["blocks"]}
                assert (blocks["certificates"]["counting"], blocks["licences"]["drafts"]) == (1, 1)
                assert blocks["certificates"]["latest"][0]["title"] == "李四"
                # An enterprise of no mine is not asked for the sub-dossiers of mines.
                assert "underground-mines" not in blocks
                assert page["blocks"][0]["group"] == "base"
                assert page["portrait"]["colour"] == "yellow"
                assert {tag["word"] for tag in page["portrait"]["tags"]} == {"expired-certificate", "penalty"}
                assert page["supervision"][0]["name"] == "青石镇应急办"
                assert page["may"] == {
                    "edit": True,
                    "change_status": True,
                    "ask_removal": True,
                    "remove": False,
                }
                seen = (await official.get(f"{API}/enterprises/1/portrait")).json()
                assert {change["register"] for change in seen["changes"]} == {
                    "certificates",
                    "penalties",
                    "licences",
                }

                mine = (await own.get(f"{API}/workbench")).json()
                owed = {(each["kind"], each["link"]) for each in mine["owed"]}
                assert ("draft", f"/registers/licences/{draft.json()['id']}") in owed
                assert ("missing", "/registers/enterprise-basics/new") in owed
                assert (await official.get(f"{API}/workbench")).status_code == 400
                named = await official.get(f"{API}/workbench", params={"enterprise_id": 1})
                assert named.json()["facts"]["name"] == "企业E1"
                assert (await own.get(f"{API}/workbench", params={"enterprise_id": 2})).status_code == 403
                assert (await own.get(f"{API}/enterprises/2/dossier")).status_code == 404

    asyncio.run(run())


def test_an_approved_stop_changes_the_status_and_its_end_lets_the_enterprise_work_again(
    database: DatabaseUrls,
) -> None:
    today = datetime.now(UTC).date()
    values = {
        "name": "年度检修", "extent": {"choice": "whole"}, "cause": {"choice": "repair"},
        "days": {"from": str(today - timedelta(days=3)), "to": None}, "measures": "清空储罐并上锁",
        "monitoring": True, "declarant": "王安全", "declared": str(today - timedelta(days=3)),
    }  # fmt: skip

    async def run() -> None:
        async with serving(database) as server:
            await county.found(server.database)
            async with server.client("enterprise") as own, server.client("county") as official:
                await official.put(f"{API}/enterprises/1/watch")
                record = await added(own, "production-stops", values)
                assert (await official.get(f"{API}/enterprises/1/facts")).json()["status"] == "working"
                path = f"{API}/registers/production-stops/{record['id']}"
                seen = {"if-match": f'"{record["version"]}"'}
                yes = await official.post(
                    f"{path}/review", json={"approve": True, "opinion": ""}, headers=seen
                )
                assert yes.status_code == 200, yes.text
                facts = (await official.get(f"{API}/enterprises/1/facts")).json()
                assert (facts["status"], facts["status_runs"]) == ("stopped", False)

                again = {"values": values | {"resumed": str(today)}, "submit": True, "reason": "检修结束"}
                changed = await own.put(path, json=again, headers={"if-match": yes.headers["etag"]})
                assert changed.status_code == 200, changed.text
                await official.post(
                    f"{path}/review", json={"approve": True, "opinion": ""},
                    headers={"if-match": changed.headers["etag"]},
                )  # fmt: skip
                facts = (await official.get(f"{API}/enterprises/1/facts")).json()
                assert facts["status"] == "working"
                log = (await official.get(f"{API}/enterprises/1/life")).json()["items"]
                assert [row["title"] for row in log[:2]] == [
                    "状态由“停产”变为“在产”", "状态由“在产”变为“停产”",
                ]  # fmt: skip
                assert "年度检修" in log[1]["reason"]

    asyncio.run(run())
