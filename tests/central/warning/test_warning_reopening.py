"""Sending back, one answer to many, and the list narrowed and taken away, over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from protocol.messages import CLEAR
from tests.central.warning.test_warning_handling import catch_up
from tests.central.warning.test_warning_routes import browser, run

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls
    from tests.central.warning.county import County


def test_what_is_sent_back_goes_on_as_a_new_case_with_a_full_ladder(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("HH")
        await c.settle()
        await c.act("enterprise", "handle", case, "误操作", "已纠正")
        c.phone.sent.clear()
        async with browser(c, "enterprise") as plant, browser(c, "township") as town:
            page = (await town.get(f"/warnings/{case}")).json()
            assert "reopen" in page["handling"]["also"]
            tag = {"if-match": f'"{page["etag"]}"'}
            told = {"reason": "现场仍有泄漏"}
            assert (await plant.post(f"/warnings/{case}/reopen", json=told, headers=tag)).status_code == 403
            assert (
                await town.post(f"/warnings/{case}/reopen", json=told, headers={"if-match": '"4-0"'})
            ).status_code == 412
            sent_back = await town.post(f"/warnings/{case}/reopen", json=told, headers=tag)
            assert sent_back.status_code == 200, sent_back.text
            new = UUID(sent_back.json()["id"])
            assert (await town.post(f"/warnings/{case}/reopen", json=told, headers=tag)).status_code == 412
            fresh = (await town.get(f"/warnings/{new}")).json()
            assert (fresh["state"], fresh["level"], fresh["previous_id"]) == ("open", "red", str(case))
            old = (await town.get(f"/warnings/{case}")).json()
            assert (old["state"], old["condition"]) == ("closed", "clear")
            assert old["opinion"] == "退回重办：现场仍有泄漏"
        await catch_up(c)
        await c.settle()
        assert c.phone.numbers == ["13900000004"]
        # What was active is the new one's: its clear clears that, and a raise joins it.
        await c.judge(CLEAR, limit_name="HH")
        assert not (await c.row(new))["active"]
        assert len(await c.cases()) == 2

    run(database, scenario)


def test_many_are_answered_each_for_what_was_seen(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        first = await c.open("H")
        second = await c.open("L", occurrence="0000002a-2")
        third = await c.open("Q", occurrence="0000002a-3")
        await c.act("enterprise", "handle", third, "仪表故障", "已更换")
        async with browser(c, "enterprise") as plant:
            tags = {
                row["id"]: row["etag"] for row in (await plant.get("/warnings?state=all")).json()["items"]
            }
            cases = [{"id": str(one), "etag": tags[str(one)]} for one in (first, second, third)]
            cases[1]["etag"] = "1-0"
            lacking = await plant.post("/warnings/bulk", json={"action": "handle", "cases": cases})
            assert [field["place"] for field in lacking.json()["fields"]] == ["cause", "measures"]
            answer = await plant.post(
                "/warnings/bulk", json={"action": "acknowledge", "cases": cases, "words": "值班统一接警"}
            )
            assert answer.status_code == 200, answer.text
            assert [one["done"] for one in answer.json()["items"]] == [True, False, False]
            assert all(one["detail"] for one in answer.json()["items"][1:])
        assert [row["state"] for row in await c.cases()] == ["acknowledged", "open", "handled"]

    run(database, scenario)


def test_the_list_is_narrowed_and_taken_away_as_it_is_seen(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        alarm = await c.open("HH")
        await c.open("Q", occurrence="0000002a-3")
        await c.execute("UPDATE warning SET title = '=1+1 高高报' WHERE id = $1", alarm)
        await c.act("township", "acknowledge", alarm)
        async with browser(c, "township") as town, browser(c, "elsewhere") as elsewhere:

            async def kinds(query: str) -> list[str]:
                answer = await town.get(f"/warnings?state=all&{query}")
                assert answer.status_code == 200, answer.text
                return [row["kind"] for row in answer.json()["items"]]

            later = (c.now + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
            earlier = (c.now - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
            assert await kinds("kind=alarm") == ["alarm"]
            assert await kinds("kind=alarm,quality&sort=-level") == ["alarm", "quality"]
            assert await kinds("q=yj00000001") == ["alarm"]
            assert len(await kinds("q=清源")) == 2
            assert await kinds("q=nothing") == []
            assert await kinds("mine=true") == ["alarm"]
            assert len(await kinds(f"since={earlier}&until={later}")) == 2
            assert await kinds(f"since={later}") == []
            first = (await town.get("/warnings?state=all&sort=-level&limit=1&q=清源")).json()
            rest = (
                await town.get(f"/warnings?state=all&sort=-level&limit=1&q=清源&cursor={first['next']}")
            ).json()
            assert [row["kind"] for row in first["items"] + rest["items"]] == ["alarm", "quality"]
            naive = await town.get("/warnings?since=2026-11-23T00:00:00")
            assert naive.status_code == 400

            taken = await town.get("/warnings/export.csv?state=all")
            lines = taken.content.decode("utf-8-sig").splitlines()
            assert len(lines) == 3
            assert any(",'=1+1 高高报," in line for line in lines)
            assert len((await elsewhere.get("/warnings/export.csv?state=all")).text.splitlines()) == 1
        audit = await c.fetch("SELECT 1 FROM audit WHERE action = 'exported' AND subject_type = 'warning'")
        assert len(audit) == 2

    run(database, scenario)


def test_what_was_alike_before_says_what_it_was(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        first = await c.open("H")
        await c.act("enterprise", "handle", first, "法兰松动", "紧固")
        await c.judge(CLEAR)
        await c.open("Q", occurrence="0000002a-3")
        c.advance(hours=1)
        again = await c.open("H", occurrence="0000002a-4")
        async with browser(c, "township") as town, browser(c, "elsewhere") as elsewhere:
            found = (await town.get(f"/warnings/{again}/similar")).json()
            assert {(one["kind"], one["same"], one["cause"]) for one in found["items"]} == {
                ("quality", True, None),
                ("alarm", True, "法兰松动"),
            }
            assert (found["month"], found["year"]) == (1, 1)
            assert (await elsewhere.get(f"/warnings/{again}/similar")).status_code == 404

    run(database, scenario)
