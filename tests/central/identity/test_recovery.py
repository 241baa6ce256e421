"""Getting in again: the form tells nothing, the agency above decides, the password is good once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.central import county
from tests.central.identity.test_guessing import answer_of, served, tried

if TYPE_CHECKING:
    import httpx

    from central.db.pool import DatabaseUrls
    from tests.central.serving import Served


async def asked(server: Served, client: httpx.AsyncClient, account: str) -> httpx.Response:
    captcha_id, captcha = await answer_of(server, client)
    form = {
        "account": account, "applicant": "李申请", "contact": "13800000000", "words": "手机换号",
        "captcha_id": captcha_id, "captcha": captcha,
    }  # fmt: skip
    return await client.post("/api/v1/recovery-requests", json=form)


async def requests(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    answer = await client.get("/api/v1/recovery-requests", params={"state": "open"})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def test_a_forgotten_password_goes_by_the_agency_above_and_is_replaced_at_once(
    database: DatabaseUrls,
) -> None:
    async def body(server: Served) -> None:
        async with server.client() as lost:
            told = [await asked(server, lost, name) for name in ("township", "nobody-here", "enterprise")]
            assert {answer.status_code for answer in told} == {202}
            assert len({answer.text for answer in told}) == 1
            again = await asked(server, lost, "township")
            assert again.status_code == 202
            # A wrong answer uses the question up: its right one comes too late.
            question, right = await answer_of(server, lost)
            form = {"account": "x", "applicant": "x", "contact": "12345", "captcha_id": question}
            late = [
                await lost.post("/api/v1/recovery-requests", json=form | {"captcha": answer})
                for answer in ("0", right)
            ]
            assert [answer.status_code for answer in late] == [401, 401]
        async with server.client("township") as peer, server.client("county") as county_keeper:
            assert (await peer.get("/api/v1/recovery-requests")).status_code == 403
            found = {item["account"]: item for item in await requests(county_keeper)}
            assert set(found) == {"township", "enterprise"}
            # Told at once over the bell, each request once, and only to who keeps accounts there.
            bell = (await county_keeper.get("/api/v1/messages")).json()
            assert [row["link"] for row in bell["items"]] == ["/recovery-requests"] * 2
            assert bell["unread"] == 2
            assert (await peer.get("/api/v1/messages")).json()["unread"] == 0
            path = f"/api/v1/recovery-requests/{found['township']['id']}"
            assert (await county_keeper.post(f"{path}/approval", json={"reason": ""})).status_code == 400
            done = await county_keeper.post(f"{path}/approval", json={"reason": "本人持身份证到场"})
            assert done.status_code == 200, done.text
            handed = done.json()["password"]
            assert (await county_keeper.post(f"{path}/approval", json={"reason": "再"})).status_code == 409
            # The session of the account is over: whoever held it has to come again.
            assert (await peer.get("/api/v1/session")).json()["type"] == "/problems/session-password-changed"
            other = f"/api/v1/recovery-requests/{found['enterprise']['id']}/refusal"
            assert (await county_keeper.post(other, json={"reason": "电话无人接听"})).status_code == 204
            assert await requests(county_keeper) == []
        async with server.client() as client:
            assert (await tried(client, "township", county.PASSWORD)).status_code == 401
            entered = await tried(client, "township", handed)
            assert entered.json()["steps"] == ["password"]
            client.headers["x-csrf-token"] = client.cookies["fengsui_csrf"]
            assert (await client.get("/api/v1/enterprises")).status_code == 403

            async def changed(old: str, new: str) -> httpx.Response:
                return await client.put("/api/v1/profile/password", json={"old": old, "password": new})

            assert (await changed("wrong", "Lantern-Hill-93")).json()["fields"][0]["place"] == "old"
            for weak in (handed, county.PASSWORD, "Qwerty123!", "Township-xk9#q", "短A1"):
                assert (await changed(handed, weak)).json()["type"] == "/problems/password-weak", weak
            assert (await changed(handed, "Lantern-Hill-93")).status_code == 204
            assert (await client.get("/api/v1/enterprises")).status_code == 200
        row = await server.database.worker.fetchrow(
            "SELECT reason, actor_name, after FROM audit WHERE action = 'password-handed-out'"
        )
        assert row is not None
        assert (row["reason"], row["actor_name"]) == ("本人持身份证到场", "county甲")
        everything = await server.database.worker.fetchval("SELECT string_agg(a::text, '') FROM audit AS a")
        assert handed not in everything

    served(database, body)


def test_nobody_lets_in_a_peer_a_superior_or_an_administrator_of_another_kind(database: DatabaseUrls) -> None:
    async def body(server: Served) -> None:
        worker = server.database.worker
        async with server.client() as lost:
            for name in ("county", "admin"):
                assert (await asked(server, lost, name)).status_code == 202
        await worker.execute(
            "INSERT INTO account (login, password_hash, display_name, role) "
            "SELECT 'security', password_hash, '安全', 'security' FROM account WHERE login = 'admin'"
        )
        async with (
            server.client("county") as itself, server.client("city") as above,
            server.client("security") as other,
        ):  # fmt: skip
            assert [item["account"] for item in await requests(itself)] == ["county"]
            assert [item["account"] for item in await requests(above)] == ["county"]
            by_name = {item["account"]: item["id"] for item in await requests(other)}
            own = f"/api/v1/recovery-requests/{by_name['county']}/approval"
            assert (await itself.post(own, json={"reason": "我"})).status_code == 403
            hidden = f"/api/v1/recovery-requests/{by_name['admin']}/approval"
            assert (await above.post(hidden, json={"reason": "看不见"})).status_code == 404
            assert (await other.post(hidden, json={"reason": "三员分立"})).status_code == 403
            assert (await above.post(own, json={"reason": "上级"})).status_code == 200

    served(database, body)


def test_a_one_time_password_is_useless_after_its_days(database: DatabaseUrls) -> None:
    async def body(server: Served) -> None:
        async with server.client() as lost:
            await asked(server, lost, "enterprise")
        async with server.client("county") as keeper:
            (request,) = await requests(keeper)
            path = f"/api/v1/recovery-requests/{request['id']}/approval"
            handed = (await keeper.post(path, json={"reason": "核实"})).json()["password"]
        await server.database.worker.execute(
            "UPDATE account SET initial_until = now() WHERE login = 'enterprise'"
        )
        async with server.client() as client:
            assert (await tried(client, "enterprise", handed)).json()["type"] == "/problems/initial-expired"

    served(database, body)
