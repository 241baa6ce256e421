"""Warnings over HTTP, through the whole application: session, scope, tags, problems."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx

from central.app import Parts, make_http
from central.db.pool import DatabaseUrls
from central.http.health import Readiness
from central.identity import rules as identity
from central.live.hub import Hub
from central.settings import Settings
from central.warning import papers
from protocol.messages import CLEAR, RAISE
from tests.central.warning.county import County, county

SECRET = "shared-secret"


@asynccontextmanager
async def browser(c: County, who: str) -> AsyncIterator[httpx.AsyncClient]:
    """A signed-in browser of one account."""
    token = f"token-of-{who}"
    await c.execute(
        "INSERT INTO session (token_hash, account_id, device_kind, created_at, seen_at)"
        " VALUES ($1, (SELECT id FROM account WHERE login = $2), 'pc', now(), now())",
        identity.token_hash(token),
        who,
    )
    parts = Parts(c.db, Settings(sms_secret=SECRET), Hub(c.db), Readiness())
    transport = httpx.ASGITransport(make_http(parts))  # type: ignore[arg-type]
    async with httpx.AsyncClient(
        transport=transport,
        base_url="http://centre/api/v1",
        cookies={"fengsui_session": token},
        headers={"x-csrf-token": identity.csrf_token(token)},
    ) as client:
        yield client


def run(urls: DatabaseUrls, scenario: Callable[[County], Awaitable[None]]) -> None:
    async def in_it() -> None:
        async with county(urls) as c:
            async with c.db.worker.acquire() as conn:
                c.now = await conn.fetchval("SELECT now()")  # the routes read the database's own clock
            await scenario(c)

    asyncio.run(in_it())


def test_a_warning_from_leak_to_closed(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("HH")
        await c.settle()
        async with browser(c, "enterprise") as plant, browser(c, "township") as town:
            listed = (await town.get("/warnings")).json()
            assert listed["next"] is None
            (row,) = listed["items"]
            assert row["id"] == str(case)
            assert row["number"] == "YJ00000001"
            assert (row["level"], row["state"], row["condition"], row["step"]) == ("red", "open", "active", 0)
            assert row["region_name"] == "青石镇"
            assert row["next_step_at"]

            page = await plant.get(f"/warnings/{case}")
            detail = page.json()
            assert page.headers["etag"] == f'"{detail["etag"]}"'
            assert detail["actions"] == ["acknowledge", "handle", "false-alarm"]
            assert detail["point"]["key"] == "GT-101"
            assert detail["policy"]["source"] == "本项目建议值，无标准依据"
            assert [(rung["rank"], rung["state"]) for rung in detail["ladder"]] == [
                (0, "fired"), (2, "waiting"), (3, "waiting"), (4, "waiting"), (9, "waiting"),
            ]  # fmt: skip
            assert (
                detail["ladder"][3]["agency_name"] == detail["ladder"][4]["agency_name"] == "云泽市应急管理局"
            )
            assert {(call["channel"], call["state"]) for call in detail["ladder"][0]["people"]} == {
                ("in_app", "read"),
                ("sms", "sent"),
            }
            assert [hop["kind"] for hop in detail["timeline"]][:4] == [
                "raised",
                "received",
                "opened",
                "called",
            ]
            assert "管辖范围" in detail["why_visible"]

            answer = await plant.post(
                f"/warnings/{case}/acknowledge",
                json={"note": "到场"},
                headers={"if-match": page.headers["etag"]},
            )
            assert answer.status_code == 200
            assert answer.json()["acknowledged_by"] == "安全员"
            handled = await plant.post(
                f"/warnings/{case}/handle",
                json={"cause": "法兰泄漏", "measures": "更换垫片"},
                headers={"if-match": answer.headers["etag"]},
            )
            assert handled.json()["state"] == "handled"
            assert [rung["state"] for rung in handled.json()["ladder"]] == ["fired", *["skipped"] * 4]
            await c.judge(CLEAR, limit_name="HH")
            page = await town.get(f"/warnings/{case}")
            assert page.json()["actions"] == ["close"]
            closed = await town.post(
                f"/warnings/{case}/close",
                json={"opinion": "属实"},
                headers={"if-match": page.headers["etag"]},
            )
            assert closed.json()["state"] == "closed"
            assert (await town.get("/warnings")).json()["items"] == []
            assert len((await town.get("/warnings?state=ended")).json()["items"]) == 1
        audit = await c.fetch("SELECT action, actor FROM audit WHERE subject_type = 'warning' ORDER BY id")
        assert [(row["action"], row["actor"]) for row in audit] == [
            ("opened", None), ("acknowledged", 4), ("handled", 4), ("cleared", None), ("closed", 3),
        ]  # fmt: skip

    run(database, scenario)


def test_an_answer_to_something_else_than_it_is_now_is_told_what_it_is_now(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("H")
        async with browser(c, "enterprise") as plant:
            seen = (await plant.get(f"/warnings/{case}")).headers["etag"]
            await c.judge(RAISE, limit_name="HH", occurrence="0000002a-2")
            refused = await plant.post(f"/warnings/{case}/acknowledge", json={}, headers={"if-match": seen})
            assert refused.status_code == 412
            assert refused.headers["content-type"].startswith("application/problem+json")
            assert refused.json()["warning"]["level"] == "red"
            without = await plant.post(f"/warnings/{case}/acknowledge", json={})
            assert without.status_code == 428
            empty = await plant.post(
                f"/warnings/{case}/handle", json={"cause": ""}, headers={"if-match": seen}
            )
            assert empty.status_code == 400
            assert {field["place"] for field in empty.json()["fields"]} == {"cause", "measures"}

    run(database, scenario)


def test_another_township_sees_nothing_and_does_nothing(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("HH")
        tag = await c.tag(case)
        async with browser(c, "elsewhere") as foreign:
            assert (await foreign.get("/warnings?state=all")).json() == {"items": [], "next": None}
            assert (await foreign.get("/warnings/suppressed")).json() == {"items": []}
            assert (await foreign.get(f"/warnings/{case}")).status_code == 404
            for action, body in {
                "acknowledge": {},
                "handle": {"cause": "x", "measures": "y"},
                "false-alarm": {"reason": "x"},
                "close": {"opinion": "x"},
                "end-suppression": {"reason": "x"},
            }.items():
                answer = await foreign.post(
                    f"/warnings/{case}/{action}", json=body, headers={"if-match": f'"{tag}"'}
                )
                assert answer.status_code == 404, action
        assert (await c.row(case))["state"] == "open"

    run(database, scenario)


def test_the_list_pages_without_gap_or_repetition_in_both_orders(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await c.more_points(8)
        for number in range(9):
            limit_name = "HH" if number % 3 else "H"
            await c.open(limit_name, alarm=f"{number}", occurrence=f"o{number}", point_id=c.point_id + number)
        c.advance(seconds=1)
        await c.execute(
            "INSERT INTO reminder (register, cause, field, record_id, enterprise_id, place, register_title,"
            " words, due_on, warn_on, found_at) SELECT 'licences', 'day', 'valid', n, 1, '', '证照', 'x',"
            " '2026-11-01', '2026-11-02', now() FROM generate_series(1, 3) AS n"
        )
        await papers.step(c.db, ZoneInfo("Asia/Shanghai"), c.clock)
        async with browser(c, "county") as office:
            for sort in ("-raised_at", "-level"):
                seen: list[dict[str, Any]] = []
                cursor = ""
                while True:
                    query = f"/warnings?sort={sort}&limit=2" + (f"&cursor={cursor}" if cursor else "")
                    page = (await office.get(query)).json()
                    seen += page["items"]
                    cursor = page["next"]
                    if cursor is None:
                        break
                assert len(seen) == len({row["id"] for row in seen}) == 12
                if sort == "-level":
                    assert [row["level"] for row in seen] == ["red"] * 6 + ["yellow"] * 6
                    # Papers of a level come after its alarms, however new they are.
                    assert [row["kind"] for row in seen] == ["alarm"] * 9 + ["management"] * 3
            reds = (await office.get("/warnings?level=red,orange&enterprise_id=1")).json()["items"]
            assert len(reds) == 6
            assert (await office.get("/warnings?level=pink")).status_code == 400
            assert (await office.get("/warnings?cursor=nonsense")).status_code == 400

    run(database, scenario)


def test_a_receipt_needs_the_secret_and_ends_the_call(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await c.open("HH")
        await c.settle()
        (call,) = await c.calls()
        receipt = {"key": str(call["id"]), "id": call["provider_id"], "status": "delivered"}
        async with browser(c, "county") as anyone:
            anyone.cookies.clear()
            address = "/notify/sms/receipt"
            assert (await anyone.post(address, json=receipt)).status_code == 403
            wrong = {"x-fengsui-secret": "guess"}
            assert (await anyone.post(address, json=receipt, headers=wrong)).status_code == 403
            right = {"x-fengsui-secret": SECRET}
            assert (await anyone.post(address, json=receipt, headers=right)).status_code == 204
            assert (await anyone.post(address, json=receipt, headers=right)).status_code == 204
            unknown = receipt | {"key": "00000000-0000-0000-0000-000000000000"}
            assert (await anyone.post(address, json=unknown, headers=right)).status_code == 204
        assert (await c.calls())[0]["state"] == "delivered"
        delivered = [kind for kind in await c.kinds(call["warning_id"]) if kind == "delivered"]
        assert delivered == ["delivered"]

    run(database, scenario)


def test_a_list_delivers_only_the_calls_of_the_warnings_that_it_shows(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await c.more_points(1)
        first = await c.open("H", at=c.now - timedelta(seconds=9))
        second = await c.open("H", alarm="N/H", occurrence="o-2", point_id=c.point_id + 1)
        await c.settle()
        async with browser(c, "enterprise") as plant:

            async def screens() -> dict[UUID, str]:
                return {call["warning_id"]: call["state"] for call in await c.calls("in_app")}

            assert (await plant.get("/warnings", params={"state": "handled"})).json()["items"] == []
            assert await screens() == {first: "sent", second: "sent"}
            (row,) = (await plant.get("/warnings", params={"limit": 1})).json()["items"]
            assert row["id"] == str(second)
            assert await screens() == {first: "sent", second: "delivered"}

    run(database, scenario)
