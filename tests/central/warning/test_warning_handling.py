"""Handling over HTTP: causes of the list, photographs, comments, giving a case to a colleague, urging."""

from __future__ import annotations

import io
import tempfile
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
from PIL import Image

from central.app import Parts, make_http
from central.db.pool import connect
from central.http.health import Readiness
from central.identity import rules as identity
from central.live.hub import Hub
from central.registry import dictionaries
from central.settings import Settings
from protocol.messages import CLEAR
from tests.central.warning.test_warning_routes import run

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from central.db.pool import DatabaseUrls
    from tests.central.warning.county import County


@asynccontextmanager
async def browser(c: County, who: str, state: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A signed-in browser of one account; files lie under `state`."""
    token = f"handling-token-of-{who}"
    await c.execute(
        "INSERT INTO session (token_hash, account_id, device_kind, created_at, seen_at)"
        " VALUES ($1, (SELECT id FROM account WHERE login = $2), 'pc', now(), now())",
        identity.token_hash(token),
        who,
    )
    parts = Parts(c.db, Settings(state=state), Hub(c.db), Readiness())
    transport = httpx.ASGITransport(make_http(parts))  # type: ignore[arg-type]
    async with httpx.AsyncClient(
        transport=transport,
        base_url="http://centre/api/v1",
        cookies={"fengsui_session": token},
        headers={"x-csrf-token": identity.csrf_token(token)},
    ) as client:
        yield client


def picture(colour: str) -> bytes:
    """A small photograph."""
    target = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(target, "JPEG")
    return target.getvalue()


async def brought(client: httpx.AsyncClient, colour: str) -> dict[str, Any]:
    """A photograph as an answer names it once it was brought."""
    answer = await client.post("/files", files={"file": (f"{colour}.jpg", picture(colour), "image/jpeg")})
    assert answer.status_code == 201, answer.text
    return {name: answer.json()[name] for name in ("sha256", "name", "size")}


async def catch_up(c: County) -> None:
    """The routes read the database's own clock: what they left is due by it, however slow this machine is."""
    c.now = (await c.fetch("SELECT now() AS at"))[0]["at"]


async def words_of_causes(c: County) -> None:
    conn = await connect(c.urls.admin)
    try:
        await dictionaries.build(conn)
    finally:
        await conn.close()


def test_a_case_is_handled_with_a_cause_of_the_list_and_a_photograph(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await words_of_causes(c)
        case = await c.open("HH")
        await c.settle()
        with tempfile.TemporaryDirectory() as state:
            async with (
                browser(c, "enterprise", Path(state)) as plant,
                browser(c, "township", Path(state)) as town,
                browser(c, "elsewhere", Path(state)) as elsewhere,
            ):
                page = (await plant.get(f"/warnings/{case}")).json()
                assert page["handling"]["cause_list"] == "process-cause"
                assert page["handling"]["readers"][0]["who"] == "安全员"
                offered = (await plant.get("/dictionaries/process-cause")).json()["items"]
                assert offered[0]["code"] == "leak"
                photo = await brought(plant, "red")
                told = {"cause": "设备泄漏", "cause_code": "leak", "measures": "关阀", "photos": [photo]}
                tag = {"if-match": f'"{page["etag"]}"'}
                for wrong, field in (
                    ({"cause_code": "no-such"}, "cause_code"),
                    ({"photos": [{**photo, "sha256": "0" * 64}]}, "photos[0]"),
                ):
                    refused = await plant.post(f"/warnings/{case}/handle", json=told | wrong, headers=tag)
                    assert (refused.status_code, refused.json()["fields"][0]["place"]) == (400, field)
                handled = await plant.post(f"/warnings/{case}/handle", json=told, headers=tag)
                assert handled.status_code == 200, handled.text
                assert handled.json()["handling"]["cause_code"] == "leak"
                assert handled.json()["handling"]["photos"][0]["who"] == "安全员"

                # Through the case, and no other way: who sees it sees them, nobody else does.
                seen = await town.get(f"/warnings/{case}/photos/{photo['sha256']}")
                assert seen.headers["content-type"] == "image/jpeg"
                assert seen.content == picture("red")
                small = await town.get(f"/warnings/{case}/photos/{photo['sha256']}?thumbnail=true")
                assert small.status_code == 200
                hidden = await elsewhere.get(f"/warnings/{case}/photos/{photo['sha256']}")
                assert hidden.status_code == 404
                # Somebody else's file is nobody's to claim.
                stolen = await brought(elsewhere, "blue")
                refused = await town.post(f"/warnings/{case}/comments", json={"photos": [stolen]})
                assert refused.status_code == 400

                more = await brought(town, "green")
                added = await town.post(
                    f"/warnings/{case}/comments", json={"text": "现场已复核", "photos": [more]}
                )
                assert added.status_code == 200, added.text
                last = added.json()["timeline"][-1]
                assert (last["kind"], last["who"]) == ("commented", "镇值班")
                assert last["detail"] == "现场已复核；照片 1 张"
                assert len(added.json()["handling"]["photos"]) == 2
                assert added.json()["etag"] == handled.json()["etag"]
                assert (await town.post(f"/warnings/{case}/comments", json={"text": " "})).status_code == 400
                assert (
                    await elsewhere.post(f"/warnings/{case}/comments", json={"text": "x"})
                ).status_code == 404

    run(database, scenario)


def test_urging_calls_who_the_case_waits_for_and_not_too_often(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await c.execute("UPDATE storm_rule SET messages = 100")
        case = await c.open("HH")
        await c.settle()
        c.phone.sent.clear()
        with tempfile.TemporaryDirectory() as state:
            async with (
                browser(c, "township", Path(state)) as town,
                browser(c, "elsewhere", Path(state)) as no,
            ):
                assert (await no.post(f"/warnings/{case}/urge", json={})).status_code == 404
                page = (await town.get(f"/warnings/{case}")).json()
                assert set(page["handling"]["also"]) == {"comment", "urge", "assign"}
                urged = await town.post(f"/warnings/{case}/urge", json={"text": "请尽快到场"})
                assert urged.status_code == 200, urged.text
                assert urged.json()["handling"]["urges"] == 1
                assert "urge" not in urged.json()["handling"]["also"]
                await catch_up(c)
                await c.settle()
                assert c.phone.numbers == ["13900000004"]
                assert "催办" in c.phone.sent[0].text
                again = await town.post(f"/warnings/{case}/urge", json={})
                assert again.status_code == 429
                await c.execute("UPDATE warning SET urged_at = urged_at - interval '6 minutes'")

                # Whoever answers for it is called although the ladder rests; an answer takes the call back.
                await c.act("enterprise", "acknowledge", case)
                c.phone.sent.clear()
                assert (await town.post(f"/warnings/{case}/urge", json={})).status_code == 200
                await catch_up(c)
                await c.settle()
                assert c.phone.numbers == ["13900000004"]
                await c.execute("UPDATE warning SET urged_at = urged_at - interval '6 minutes'")
                assert (await town.post(f"/warnings/{case}/urge", json={})).status_code == 200
                await c.act("enterprise", "handle", case, "误操作", "已纠正")
                c.phone.sent.clear()
                await catch_up(c)
                await c.settle()
                assert c.phone.sent == []
                assert [call["state"] for call in await c.calls()][-1] == "superseded"

                # Handled: it waits for the agency that verifies.
                await c.judge(CLEAR, limit_name="HH")
                await c.execute("UPDATE warning SET urged_at = urged_at - interval '6 minutes'")
                assert (await town.post(f"/warnings/{case}/urge", json={})).status_code == 200
                await catch_up(c)
                await c.settle()
                assert c.phone.numbers == ["13900000003"]
                page = (await town.get(f"/warnings/{case}")).json()
                await town.post(
                    f"/warnings/{case}/close",
                    json={"opinion": "属实"},
                    headers={"if-match": f'"{page["etag"]}"'},
                )
                assert (await town.post(f"/warnings/{case}/urge", json={})).status_code == 409
        calls = await c.fetch(
            "SELECT step, asked_in, state FROM notification WHERE channel = 'sms' ORDER BY step"
        )
        assert all(call["state"] in {"delivered", "sent", "superseded"} for call in calls)
        assert [call["step"] for call in calls if call["asked_in"]] == [1000, 1001, 1002, 1003]

    run(database, scenario)


def test_a_case_is_given_to_a_colleague_who_is_called(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("H")
        await c.settle()
        with tempfile.TemporaryDirectory() as state:
            async with browser(c, "enterprise", Path(state)) as plant:
                people = (await plant.get("/warnings/colleagues")).json()["items"]
                assert {one["name"] for one in people} == {"安全员", "班组长"}
                refused = await plant.post(f"/warnings/{case}/assign", json={"account_id": 2})
                assert (refused.status_code, refused.json()["fields"][0]["place"]) == (400, "account_id")
                given = await plant.post(
                    f"/warnings/{case}/assign", json={"account_id": 7, "text": "请带检测仪"}
                )
                assert given.status_code == 200, given.text
                assert given.json()["assignee"] == "班组长"
                twice = await plant.post(f"/warnings/{case}/assign", json={"account_id": 7})
                assert twice.status_code == 409
                assert given.json()["state"] == "open"
                assert given.json()["timeline"][-1]["title"] == "交办给班组长"
        assert (await c.row(case))["due_at"] is not None  # the ladder goes on until somebody answers
        told = [
            row["channel"] for row in await c.fetch("SELECT channel FROM notification WHERE account_id = 7")
        ]
        assert sorted(told) == ["in_app", "sms"]

    run(database, scenario)
