"""Signing in as people do it: over HTTP, with cookies."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from central.identity import rules
from central.settings import Settings
from tests.central import county
from tests.central.serving import Served, serving

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from central.db.pool import DatabaseUrls


def served(
    urls: DatabaseUrls, body: Callable[[Served], Awaitable[None]], settings: Settings | None = None
) -> None:
    async def run() -> None:
        async with serving(urls, settings) as server:
            await county.found(server.database)
            await body(server)

    asyncio.run(run())


def test_a_person_signs_in_asks_who_it_is_and_signs_out(database: DatabaseUrls) -> None:
    async def body(server: Served) -> None:
        async with server.client("township") as client:
            me = (await client.get("/api/v1/session")).json()
            assert me["account"] == "township"
            assert me["role_name"] == "乡镇监管"
            assert me["place_name"] == "青石镇"
            assert me["agency_name"] == "青石镇应急办"
            assert "close" in me["may"]
            assert (await client.delete("/api/v1/session")).status_code == 204
            assert (await client.get("/api/v1/session")).status_code == 401

    served(database, body)


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(database: DatabaseUrls) -> None:
    async def body(server: Served) -> None:
        async with server.client() as client:
            answer = await client.post(
                "/api/v1/session", json={"account": "county", "password": county.PASSWORD}
            )
            session, csrf, device = answer.headers.get_list("set-cookie")
            assert session.startswith("fengsui_session=")
            assert "HttpOnly" in session
            assert "SameSite=strict" in session
            assert "HttpOnly" not in csrf
            assert "HttpOnly" in device
            token = client.cookies["fengsui_session"]
        stored = await server.database.worker.fetchval("SELECT token_hash FROM session")
        assert stored == rules.token_hash(token)
        assert token.encode() not in stored

    served(database, body)


def test_wrong_unknown_and_deactivated_are_told_alike(database: DatabaseUrls) -> None:
    async def body(server: Served) -> None:
        await server.database.worker.execute("UPDATE account SET active = false WHERE login = 'city'")
        async with server.client() as client:
            answers = [
                await client.post("/api/v1/session", json={"account": account, "password": password})
                for account, password in (
                    ("county", "wrong"), ("nobody", "wrong"), ("city", county.PASSWORD), ("county'--", "x"),
                )
            ]  # fmt: skip
        assert {a.status_code for a in answers} == {401}
        assert len({a.text for a in answers}) == 1
        assert answers[0].headers["content-type"] == "application/problem+json"

    served(database, body)


def test_five_failures_lock_an_account_for_a_quarter_of_an_hour(database: DatabaseUrls) -> None:
    async def body(server: Served) -> None:
        async with server.client() as client:

            async def sign_in(password: str) -> int:
                answer = await client.post(
                    "/api/v1/session", json={"account": "county", "password": password}
                )
                return answer.status_code

            assert [await sign_in("wrong") for _ in range(5)] == [401] * 5
            assert await sign_in("wrong") == 423
            assert await sign_in(county.PASSWORD) == 423  # nobody learns by it that it was right
            await server.database.worker.execute(
                "UPDATE account SET locked_until = now() - interval '1 second' WHERE login = 'county'"
            )
            assert await sign_in(county.PASSWORD) == 201
        refused = await server.database.worker.fetchval(
            "SELECT count(*) FROM audit WHERE action = 'sign-in-refused'"
        )
        assert refused == 5

    served(database, body)


def test_a_new_session_ends_the_old_one_on_the_same_kind_of_device_only(database: DatabaseUrls) -> None:
    async def body(server: Served) -> None:
        async with server.client("county") as desk, server.client("county", device="phone") as phone:
            async with server.client("county") as other_desk:
                assert (await other_desk.get("/api/v1/session")).status_code == 200
            replaced = await desk.get("/api/v1/session")
            assert replaced.status_code == 401
            assert replaced.json()["type"] == "/problems/session-replaced"
            assert "另一台" in replaced.json()["detail"]
            assert (await phone.get("/api/v1/session")).status_code == 200

    served(database, body)


def test_a_session_sleeps_for_half_an_hour_at_most_but_a_wall_stays(database: DatabaseUrls) -> None:
    async def body(server: Served) -> None:
        async with server.client("county") as desk, server.client("county", device="wall") as wall:
            await server.database.worker.execute(
                "UPDATE session SET seen_at = seen_at - interval '31 minutes'"
            )
            assert (await desk.get("/api/v1/session")).json()["type"] == "/problems/session-idle"
            assert (await wall.get("/api/v1/session")).status_code == 200
            async with server.client("city") as used:
                await server.database.worker.execute(
                    "UPDATE session SET created_at = created_at - interval '31 days'"
                )
                assert (await used.get("/api/v1/session")).json()["type"] == "/problems/session-expired"
                assert (await wall.get("/api/v1/session")).status_code == 200

    served(database, body)


def test_a_wall_only_shows(database: DatabaseUrls) -> None:
    async def body(server: Served) -> None:
        async with server.client("county", device="wall") as wall:
            answer = await wall.post(f"/api/v1/warnings/{UUID(int=0)}/acknowledge", json={})
            assert (answer.status_code, answer.json()["type"]) == (403, "/problems/wall-reads-only")
            assert (await wall.get("/api/v1/session")).status_code == 200
            assert (await wall.delete("/api/v1/session")).status_code == 204

    served(database, body)


def test_the_number_of_a_request_is_ours(database: DatabaseUrls) -> None:
    async def body(server: Served) -> None:
        async with server.client("county") as desk:
            answer = await desk.delete("/api/v1/session", headers={"Fengsui-Request": "forged"})
        number = await server.database.worker.fetchval("SELECT request FROM audit WHERE action = 'sign-out'")
        assert number == answer.headers["x-request-id"]

    served(database, body)


def test_being_there_keeps_a_session_awake(database: DatabaseUrls) -> None:
    async def body(server: Served) -> None:
        async with server.client("county") as desk:
            for _ in range(3):
                await server.database.worker.execute(
                    "UPDATE session SET seen_at = seen_at - interval '20 minutes'"
                )
                assert (await desk.get("/api/v1/session")).status_code == 200

    served(database, body)


def test_a_form_of_another_site_is_refused(database: DatabaseUrls) -> None:
    async def body(server: Served) -> None:
        async with server.client("county") as client:
            del client.headers["x-csrf-token"]
            assert (await client.delete("/api/v1/session")).status_code == 403
            for forged in (b"", b"0" * 32, "你好".encode()):
                answer = await client.delete("/api/v1/session", headers=[(b"x-csrf-token", forged)])
                assert answer.status_code == 403
            # A planted cookie that equals the header is no proof either: the token belongs to the session.
            client.cookies.set("fengsui_csrf", "planted")
            answer = await client.delete("/api/v1/session", headers={"x-csrf-token": "planted"})
            assert answer.status_code == 403
            assert (await client.get("/api/v1/session")).status_code == 200

    served(database, body)


def test_too_many_sign_ins_from_one_address_wait() -> None:
    rate = rules.LoginRate(most=3, window_s=60, remember=2)
    assert [rate.wait_s("a", t) for t in (0, 1, 2)] == [0, 0, 0]
    assert rate.wait_s("a", 10) == 50
    assert rate.wait_s("b", 10) == 0
    assert rate.wait_s("a", 61) == 0
    rate.wait_s("c", 61)
    assert len(rate._attempts) == 2


def test_a_deactivated_account_is_out_at_once(database: DatabaseUrls) -> None:
    async def body(server: Served) -> None:
        async with server.client("county") as client:
            await server.database.worker.execute("UPDATE account SET active = false WHERE login = 'county'")
            assert (await client.get("/api/v1/session")).json()["type"] == "/problems/session-deactivated"

    served(database, body)


def test_all_bad_fields_are_named(database: DatabaseUrls) -> None:
    async def body(server: Served) -> None:
        async with server.client() as client:
            answer = await client.post(
                "/api/v1/session", json={"account": "", "password": 5, "device": "car"}
            )
            assert answer.status_code == 400
            assert [f["place"] for f in answer.json()["fields"]] == ["account", "password", "device"]
            assert all(f["problem"] for f in answer.json()["fields"])
            answer = await client.post("/api/v1/session", json={})
            assert [f["place"] for f in answer.json()["fields"]] == ["account", "password"]
            for body_ in (b"", b"[]", b"{", b"null", b"\xff"):
                answer = await client.post(
                    "/api/v1/session", content=body_, headers={"content-type": "application/json"}
                )
                assert answer.status_code == 400, (body_, answer.text)
                assert answer.json()["fields"]

    served(database, body)


def test_idle_time_is_set_by_the_operator(database: DatabaseUrls) -> None:
    async def body(server: Served) -> None:
        async with server.client("county") as desk:
            await server.database.worker.execute(
                "UPDATE session SET seen_at = seen_at - interval '61 seconds'"
            )
            assert (await desk.get("/api/v1/session")).status_code == 401

    served(database, body, Settings(idle_s=60))


def test_idle_is_a_rule_of_time_alone() -> None:
    from datetime import UTC, datetime

    now = datetime(2026, 1, 1, tzinfo=UTC)
    half = timedelta(minutes=30)
    assert not rules.is_idle("pc", now - half, now, half)
    assert rules.is_idle("pc", now - half - timedelta(seconds=1), now, half)
    assert not rules.is_idle("wall", now - timedelta(days=9), now, half)
