from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from central.clock import database_now
from central.db.pool import connect
from central.db.scope import acting
from central.identity import messages
from tests.central import county
from tests.central.serving import serving

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import httpx

    from central.db.pool import DatabaseUrls
    from tests.central.serving import Served

CASE = """
INSERT INTO warning (id, kind, subject_type, subject_id, side, is_test, enterprise_id, title, subject_name,
                     state, level, policy, level_reason, occurrence, raised_at, received_at, updated_at)
SELECT $1, 'alarm', 'point', '1', 'high', false, e.id, '氯气超限', '点', 'open', 4, '{}', '', '1', now(),
       now(), now()
FROM enterprise AS e WHERE e.code = 'E1'
"""
CALL = """
INSERT INTO notification (id, warning_id, level, round, step, person, channel, account_id, person_name, text,
                          state, created_at, sent_at, due_at)
SELECT gen_random_uuid(), $1, 4, $2, 1, 'p', 'in_app', a.id, a.display_name, '请立即接警', 'sent',
       now(), now(), now()
FROM account AS a WHERE a.login = 'township'
"""
CASE_ID = "11111111-1111-4111-8111-111111111111"


def played(
    urls: DatabaseUrls, play: Callable[[Served, httpx.AsyncClient, httpx.AsyncClient], Awaitable[None]]
) -> None:
    async def run() -> None:
        async with serving(urls) as server:
            await county.found(server.database)
            async with server.client("township") as town, server.client("county") as other:
                await play(server, town, other)

    asyncio.run(run())


def test_settings_follow_the_account_and_two_devices_do_not_undo_each_other(database: DatabaseUrls) -> None:
    async def play(server: Served, pc: httpx.AsyncClient, other: httpx.AsyncClient) -> None:
        unset: dict[str, Any] = {
            "language": None,
            "sound": None,
            "mode": None,
            "density": None,
            "hidden_kinds": None,
            "columns": {},
            "views": {},
        }
        assert (await pc.get("/api/v1/settings")).json() == unset
        async with server.client("township", device="phone") as phone:
            columns = {"warnings": ["level", "title"], "enterprises": ["name"]}
            views = {"register-certificates": [{"title": "到期", "query": "f.valid_to=2026-12-31"}]}
            for client, change in (
                (pc, {"language": "en", "columns": columns, "views": {**views, "register-laws": []}}),
                (phone, {"sound": False, "columns": {"enterprises": None}, "views": {"register-laws": None}}),
                (pc, {"language": None}),
            ):
                answer = await client.patch("/api/v1/settings", json=change)
                assert answer.status_code == 200, answer.text
            kept = {"columns": {"warnings": ["level", "title"]}, "views": views}
            expected = {**unset, "sound": False, **kept}
            assert (await phone.get("/api/v1/settings")).json() == expected
        assert (await other.get("/api/v1/settings")).json() == unset

    played(database, play)


def test_settings_that_the_console_does_not_have_are_refused_with_every_bad_field(
    database: DatabaseUrls,
) -> None:
    async def play(server: Served, pc: httpx.AsyncClient, other: httpx.AsyncClient) -> None:
        answer = await pc.patch("/api/v1/settings", json={"language": "fr", "mode": 3, "theme": "x"})
        assert answer.status_code == 400
        assert {field["place"] for field in answer.json()["fields"]} == {"language", "mode", "theme"}
        many = {f"list{n}": ["name"] for n in range(101)}
        assert (await pc.patch("/api/v1/settings", json={"columns": many})).status_code == 400
        names = {"columns": {"warnings": ["<script>"]}}
        assert (await pc.patch("/api/v1/settings", json=names)).status_code == 400
        views = {"views": {"laws": [{"title": "", "query": "q=1"}]}}
        assert (await pc.patch("/api/v1/settings", json=views)).status_code == 400

    played(database, play)


def test_a_call_over_the_screen_is_a_message_to_that_person_alone_and_opening_the_case_reads_it(
    database: DatabaseUrls,
) -> None:
    async def play(server: Served, town: httpx.AsyncClient, other: httpx.AsyncClient) -> None:
        admin = await connect(database.admin)
        try:
            await admin.execute(CASE, CASE_ID)
            await admin.execute(CALL, CASE_ID, 1)
            page = (await town.get("/api/v1/messages")).json()
            (message,) = page["items"]
            assert page["unread"] == 1
            assert message["kind"] == "warning"
            assert message["title"] == "氯气超限"
            assert message["link"] == f"/warnings/{CASE_ID}"
            assert (await other.get("/api/v1/messages")).json() == {"items": [], "next": None, "unread": 0}

            read = await town.post("/api/v1/messages/read", json={"ids": [message["id"]]})
            assert read.status_code == 204
            # The next round calls again: the same message, unread again.
            await admin.execute(CALL, CASE_ID, 2)
            page = (await town.get("/api/v1/messages?unread=true")).json()
            assert [row["id"] for row in page["items"]] == [message["id"]]
            await admin.execute("UPDATE notification SET read_at = now()")
            assert (await town.get("/api/v1/messages")).json()["unread"] == 0

            # Who no longer sees the place reads nothing of it, not even the title.
            await admin.execute("UPDATE message SET place = '429982101/E3', read_at = NULL")
            assert (await town.get("/api/v1/messages")).json() == {"items": [], "next": None, "unread": 0}
        finally:
            await admin.close()

    played(database, play)


def test_nobody_marks_the_messages_of_another_and_pages_neither_skip_nor_repeat(
    database: DatabaseUrls,
) -> None:
    async def play(server: Served, town: httpx.AsyncClient, other: httpx.AsyncClient) -> None:
        async with acting(server.database.worker) as conn:
            whom = await conn.fetchval("SELECT id FROM account WHERE login = 'township'")
            now = await database_now(conn)
            for n in range(5):
                await messages.tell(conn, whom, f"account/{n}", "account", f"第 {n} 条", now, link="/me")
        assert (await other.post("/api/v1/messages/read", json={"ids": None})).status_code == 204
        found: list[dict[str, Any]] = []
        cursor = ""
        for _ in range(3):
            page = (await town.get(f"/api/v1/messages?limit=2{cursor}")).json()
            assert page["unread"] == 5
            found += page["items"]
            cursor = f"&cursor={page['next']}"
        assert sorted(row["title"] for row in found) == [f"第 {n} 条" for n in range(5)]
        assert (await town.post("/api/v1/messages/read", json={"ids": None})).status_code == 204
        assert (await town.get("/api/v1/messages")).json()["unread"] == 0

    played(database, play)
