"""Guessing passwords: who is slowed down, who is locked out, who never is, and what the guesser learns."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from central.db.scope import acting
from central.identity import signing_store
from central.settings import Settings
from tests.central import county
from tests.central.serving import Served, serving

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import httpx

    from central.db.pool import DatabaseUrls


def served(
    urls: DatabaseUrls, body: Callable[[Served], Awaitable[None]], settings: Settings | None = None
) -> None:
    async def run() -> None:
        async with serving(urls, settings) as server:
            await county.found(server.database)
            await body(server)

    asyncio.run(run())


async def tried(client: httpx.AsyncClient, account: str, password: str, **more: str) -> httpx.Response:
    entered = {"account": account, "password": password, **more}
    return await client.post("/api/v1/session", json=entered)


async def wanting_captcha(server: Served) -> None:
    await server.database.worker.execute("UPDATE sign_in_rule SET captcha_after = 3")


async def answer_of(server: Served, client: httpx.AsyncClient) -> tuple[str, str]:
    """The sum in words, done as a person does it."""
    asked = (await client.get("/api/v1/session/captcha", params={"form": "words"})).json()
    first, _, rest = asked["question"].partition("加")
    return asked["id"], str(number(first) + number(rest.partition("等于")[0]))


def number(words: str) -> int:
    tens, ten, ones = words.rpartition("十")
    digits = "零一二三四五六七八九"
    return (digits.index(tens) if tens else 1) * 10 * bool(ten) + (digits.index(ones) if ones else 0)


def test_a_stranger_locks_out_strangers_and_never_the_browser_that_its_person_knows(
    database: DatabaseUrls,
) -> None:
    async def body(server: Served) -> None:
        async with server.client("county") as official, server.client() as stranger:
            assert [(await tried(stranger, "county", "x")).status_code for _ in range(5)] == [401] * 5
            assert (await tried(stranger, "county", county.PASSWORD)).status_code == 423
            assert (await tried(official, "county", county.PASSWORD)).status_code == 201
            # The known browser is locked by its own failures alone.
            assert [(await tried(official, "county", "x")).status_code for _ in range(5)] == [401] * 5
            assert (await tried(official, "county", county.PASSWORD)).status_code == 423

    served(database, body)


def test_a_name_that_does_not_exist_is_asked_and_locked_like_one_that_does(database: DatabaseUrls) -> None:
    async def body(server: Served) -> None:
        await wanting_captcha(server)
        stories = []
        for name in ("county", "nobody-has-this-name"):
            async with server.client() as client:
                story = [(await tried(client, name, "x")).json() for _ in range(4)]
                captcha_id, captcha = await answer_of(server, client)
                more = {"captcha_id": captcha_id, "captcha": captcha}
                story.append((await tried(client, name, "x", **more)).json())
                captcha_id, captcha = await answer_of(server, client)
                more = {"captcha_id": captcha_id, "captcha": captcha}
                story.append((await tried(client, name, "x", **more)).json())
                story.append((await tried(client, name, "x")).json())
                stories.append(story)
        assert stories[0] == stories[1]
        assert [answer["type"].rpartition("/")[2] for answer in stories[0]] == [
            "sign-in-refused", "sign-in-refused", "sign-in-refused", "captcha-required", "sign-in-refused",
            "sign-in-refused", "account-locked",
        ]  # fmt: skip

    served(database, body)


def test_the_question_is_answered_once_by_its_right_answer(database: DatabaseUrls) -> None:
    async def body(server: Served) -> None:
        await wanting_captcha(server)
        async with server.client() as client:
            for _ in range(3):
                await tried(client, "city", "x")
            captcha_id, captcha = await answer_of(server, client)
            wrong = await tried(client, "city", county.PASSWORD, captcha_id=captcha_id, captcha="-1")
            assert wrong.json()["type"] == "/problems/captcha-required"
            spent = await tried(client, "city", county.PASSWORD, captcha_id=captcha_id, captcha=captcha)
            assert spent.json()["type"] == "/problems/captcha-required"
            captcha_id, captcha = await answer_of(server, client)
            right = await tried(client, "city", county.PASSWORD, captcha_id=captcha_id, captcha=captcha)
            assert right.status_code == 201
            picture = (await client.get("/api/v1/session/captcha")).json()
            assert picture["image"].startswith("data:image/png;base64,")
            assert picture["question"] == ""

    served(database, body)


def test_an_address_that_guesses_many_names_is_asked_for_every_name(database: DatabaseUrls) -> None:
    async def body(server: Served) -> None:
        await wanting_captcha(server)
        async with server.client() as client:
            for serial in range(10):
                assert (await tried(client, f"name-{serial}", "x")).status_code == 401
            answer = await tried(client, "township", county.PASSWORD)
            assert answer.json()["type"] == "/problems/captcha-required"
            async with acting(server.database.worker) as conn:
                await conn.execute("UPDATE account SET plain = true WHERE login = 'township'")
            assert (await tried(client, "township", county.PASSWORD)).status_code == 201

    served(database, body)


def test_a_session_has_a_new_token_whatever_the_browser_brought(database: DatabaseUrls) -> None:
    async def body(server: Served) -> None:
        planted = "planted-by-somebody-else"
        async with server.client() as client:
            client.cookies.set("fengsui_session", planted)
            client.cookies.set("fengsui_device", planted)
            answer = await tried(client, "county", county.PASSWORD)
            given = dict(
                cookie.split(";")[0].split("=", 1) for cookie in answer.headers.get_list("set-cookie")
            )
            assert planted not in given.values()
            first = given["fengsui_session"]
        async with server.client() as fixed:
            fixed.cookies.set("fengsui_session", planted)
            assert (await fixed.get("/api/v1/session")).status_code == 401
            for forged in ("", "0" * 43, first[:-1], first + "A", "%00"):
                fixed.cookies.clear()
                fixed.cookies.set("fengsui_session", forged)
                assert (await fixed.get("/api/v1/session")).status_code == 401, forged

    served(database, body)


def test_a_browser_is_one_person_at_a_time(database: DatabaseUrls) -> None:
    async def body(server: Served) -> None:
        async with server.client("county") as client:
            first = client.cookies["fengsui_session"]
            assert (await tried(client, "city", county.PASSWORD)).status_code == 201
            async with server.client() as old:
                old.cookies.set("fengsui_session", first)
                assert (await old.get("/api/v1/session")).json()["type"] == "/problems/session-replaced"

    served(database, body)


def test_a_form_of_another_site_signs_nobody_in(database: DatabaseUrls) -> None:
    async def body(server: Served) -> None:
        async with server.client() as client:
            text = f'{{"account": "county", "password": "{county.PASSWORD}"}}'
            plain = await client.post("/api/v1/session", content=text, headers={"content-type": "text/plain"})
            assert plain.status_code == 415
            crossed = await client.post(
                "/api/v1/session", content=text,
                headers={"content-type": "application/json", "sec-fetch-site": "cross-site"},
            )  # fmt: skip
            assert crossed.status_code == 403
            assert not client.cookies

    served(database, body)


def test_over_https_cookies_are_bound_to_the_host(database: DatabaseUrls) -> None:
    async def body(server: Served) -> None:
        async with server.client() as client:
            answer = await tried(client, "county", county.PASSWORD)
            cookies = answer.headers.get_list("set-cookie")
            assert len(cookies) == 3
            for cookie in cookies:
                assert cookie.startswith("__Host-fengsui_")
                assert "Secure" in cookie
                assert "Path=/" in cookie
                assert "Domain" not in cookie
            token = cookies[0].split(";")[0].partition("=")[2]
            unbound = await client.get("/api/v1/session", headers={"cookie": f"fengsui_session={token}"})
            assert unbound.status_code == 401
            bound = await client.get("/api/v1/session", headers={"cookie": f"__Host-fengsui_session={token}"})
            assert bound.status_code == 200

    served(database, body, Settings(cookie_secure=True))


def test_failures_leave_only_hashes_and_are_forgotten(database: DatabaseUrls) -> None:
    async def body(server: Served) -> None:
        async with server.client() as client:
            await tried(client, "my-secret-password", "x")
        worker = server.database.worker
        assert await worker.fetchval("SELECT count(*) FROM stranger_failure") == 2
        entry = await worker.fetchval(
            "SELECT to_jsonb(a)::text FROM audit AS a WHERE action = 'sign-in-refused'"
        )
        assert "my-secret-password" not in entry
        await worker.execute("UPDATE stranger_failure SET at = at - interval '2 days'")
        async with acting(worker) as conn:
            await signing_store.tidy(conn, await conn.fetchval("SELECT now()"))
        assert await worker.fetchval("SELECT count(*) FROM stranger_failure") == 0

    served(database, body)
