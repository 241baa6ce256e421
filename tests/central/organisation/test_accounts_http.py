"""Accounts over HTTP: nobody makes or keeps more than he is himself."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from central.db.errors import DomainError
from central.db.scope import acting
from central.organisation import accounts
from tests.central import county
from tests.central.organisation.test_agencies_http import drop, places
from tests.central.serving import serving

if TYPE_CHECKING:
    import httpx

    from central.db.pool import DatabaseUrls

ACCOUNTS = "/api/v1/accounts"
NEW = {
    "login": "liu",
    "display_name": "刘科员",
    "role": "township",
    "agency_id": 3,
    "phone": "19900000099",
    "phone_verified": True,
    "on_call": True,
}


async def numbers(client: httpx.AsyncClient) -> dict[str, int]:
    rows = (await client.get(f"{ACCOUNTS}?limit=500")).json()["items"]
    return {row["login"]: row["id"] for row in rows}


def test_a_county_keeps_the_accounts_of_its_area_and_no_others(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with serving(database) as server:
            await county.found(server.database)
            async with server.client("county") as client, server.client() as stranger:
                seen = await numbers(client)
                assert set(seen) == {"county", "township", "enterprise"}
                assert (await client.get(f"{ACCOUNTS}/1")).status_code == 404

                made = await client.post(ACCOUNTS, json=NEW)
                assert made.status_code == 201, made.text
                account, password = made.json()["account"], made.json()["password"]
                assert (account["state"], account["phone_verified"]) == ("active", True)
                path = f"{ACCOUNTS}/{account['id']}"
                assert password not in (await client.get(path)).text
                # The one-time password opens the door to choosing another, and to nothing else.
                entered = await stranger.post(
                    "/api/v1/session", json={"account": "liu", "password": password}
                )
                assert entered.status_code == 201, entered.text
                assert "password" in entered.json()["steps"]
                assert (await stranger.get("/api/v1/enterprises")).status_code == 403

                # Every bad field at once, and what lies beyond the own area or rights.
                shape = await client.post(ACCOUNTS, json={"login": "X", "display_name": "", "phone": "?"})
                assert places(shape.json()) == {"login", "display_name", "role", "phone"}
                for wrong, field in (
                    ({"agency_id": 1}, {"agency_id"}),
                    ({"role": "nobody"}, {"role"}),
                    ({"role": "enterprise", "agency_id": None, "enterprise_id": 3}, {"enterprise_id"}),
                    ({"role": "enterprise", "agency_id": 3}, {"agency_id", "enterprise_id"}),
                    ({"phone": "", "enterprise_id": 1}, {"phone", "enterprise_id"}),
                ):
                    refused = await client.post(ACCOUNTS, json=NEW | {"login": "xu"} | wrong)
                    assert refused.status_code == 400, (wrong, refused.text)
                    assert places(refused.json()) == field
                wide = await client.post(ACCOUNTS, json=NEW | {"login": "xu", "areas": ["4299"]})
                assert wide.status_code == 400
                for role in ("admin", "security", "auditor", "installer"):
                    refused = await client.post(ACCOUNTS, json=NEW | {"login": "xu", "role": role})
                    assert refused.status_code == 403, role
                taken = await client.post(ACCOUNTS, json=NEW | {"login": "city"})
                assert taken.status_code == 409
                assert places(taken.json()) == {"login"}

                # Two editors; then the sessions of one who is switched off end.
                form = {key: value for key, value in NEW.items() if key != "login"}
                head = {"if-match": (await client.get(path)).headers["etag"]}
                masked = (await client.get(path)).json()["phone"]
                assert masked == "199****0099"
                changed = await client.put(
                    path, json=form | {"display_name": "刘主任", "phone": masked}, headers=head
                )
                assert (await client.get(f"{ACCOUNTS}?q=19900000099")).json()["items"][0]["id"] == account[
                    "id"
                ]
                assert changed.json()["display_name"] == "刘主任"
                assert (await client.put(path, json=form, headers=head)).status_code == 412
                off = await client.post(f"{path}/active", json={"active": False, "reason": "调离"})
                assert off.json()["state"] == "off"
                assert (await stranger.get("/api/v1/session")).status_code == 401
                assert (await client.post(f"{path}/active", json={"active": True})).status_code == 400
                await client.post(f"{path}/active", json={"active": True, "reason": "调回"})
                again = await client.post(f"{path}/password", json={"reason": "忘记"})
                assert again.status_code == 200, again.text
                assert again.json()["password"] != password
                async with server.database.worker.acquire() as conn:
                    await conn.execute(
                        "UPDATE account SET locked_until = now() + interval '1 hour' WHERE login = 'liu'"
                    )
                locked = await client.get(f"{ACCOUNTS}?state=locked")
                assert [row["login"] for row in locked.json()["items"]] == ["liu"]
                opened = await client.post(f"{path}/unlock", json={"reason": "电话核实"})
                assert opened.json()["state"] == "active"

                # Nobody switches off, removes or raises himself.
                own = f"{ACCOUNTS}/{seen['county']}"
                assert (await drop(client, own)).status_code == 409
                answer = await client.post(f"{own}/active", json={"active": False, "reason": "试"})
                assert answer.status_code == 409
                assert (await client.post(f"{own}/password", json={"reason": "试"})).status_code == 409
                head = {"if-match": (await client.get(own)).headers["etag"]}
                raised = await client.put(
                    own,
                    json={"display_name": "我", "role": "township", "agency_id": 3, "areas": ["429981101"]},
                    headers=head,
                )
                assert places(raised.json()) == {"role", "agency_id", "areas"}

                # A removed account is no more, but what it did keeps its name, and its login stays taken.
                assert (await drop(client, path)).status_code == 204
                assert "liu" not in await numbers(client)
                assert (await client.get(f"{ACCOUNTS}?state=removed")).json()["items"][0]["login"] == "liu"
                assert (await client.post(ACCOUNTS, json=NEW)).status_code == 409
            async with server.client("township") as client:
                assert (await client.get(ACCOUNTS)).status_code == 403

    asyncio.run(run())


def test_an_enterprise_makes_its_people_and_its_agency_approves_another_administrator(
    database: DatabaseUrls,
) -> None:
    async def run() -> None:
        async with serving(database) as server:
            await county.found(server.database)
            async with server.client("enterprise") as firm, server.client("county") as agency:
                worker = {"login": "e1.li", "display_name": "李师傅", "role": "enterprise-staff"}
                made = await firm.post(ACCOUNTS, json=worker)
                assert made.status_code == 201, made.text
                assert made.json()["account"]["enterprise_id"] == 1
                assert made.json()["password"]
                assert (await firm.post(ACCOUNTS, json=worker | {"role": "county"})).status_code == 403

                second = {"login": "e1.chief", "display_name": "副总", "role": "enterprise"}
                waiting = (await firm.post(ACCOUNTS, json=second)).json()
                assert (waiting["account"]["state"], waiting["password"]) == ("pending", None)
                path = f"{ACCOUNTS}/{waiting['account']['id']}"
                decision = {"decision": "approved", "opinion": "材料齐全"}
                assert (await firm.post(f"{path}/review", json=decision)).status_code == 403
                assert (await firm.post(f"{path}/password", json={"reason": "试"})).status_code == 409
                on = {"active": True, "reason": "x"}
                assert (await firm.post(f"{path}/active", json=on)).status_code == 409
                # A worker is not made an administrator behind the agency's back.
                li = f"{ACCOUNTS}/{made.json()['account']['id']}"
                head = {"if-match": (await firm.get(li)).headers["etag"]}
                raised = await firm.put(
                    li, json={"display_name": "李师傅", "role": "enterprise"}, headers=head
                )
                assert raised.status_code == 409

                listed = (await agency.get(f"{ACCOUNTS}?state=pending")).json()["items"]
                assert [row["login"] for row in listed] == ["e1.chief"]
                short = await agency.post(f"{path}/review", json={"decision": "maybe", "opinion": ""})
                assert places(short.json()) == {"decision", "opinion"}
                done = await agency.post(f"{path}/review", json=decision)
                assert done.status_code == 200, done.text
                assert done.json()["account"]["state"] == "active"
                assert done.json()["password"]
                assert (await agency.post(f"{path}/review", json=decision)).status_code == 409

    asyncio.run(run())


def test_administrators_are_separated_and_the_last_one_stays(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with serving(database) as server:
            await county.found(server.database)
            async with server.database.worker.acquire() as conn:
                await conn.execute(
                    "INSERT INTO account (login, password_hash, display_name, role, plain) "
                    "SELECT 'guard', password_hash, '安全员', 'security', true FROM account "
                    "WHERE login = 'admin'"
                )
            async with server.client("admin") as admin, server.client("guard") as guard:
                seen = await numbers(admin)
                assert {"city", "inspector", "admin", "guard"} <= set(seen)
                new = {"login": "adm.two", "display_name": "二号", "role": "admin"}
                # The security administrator unlocks and switches off, and makes nobody.
                assert (await guard.post(ACCOUNTS, json=new)).status_code == 403
                off = {"active": False, "reason": "试"}
                last = await guard.post(f"{ACCOUNTS}/{seen['admin']}/active", json=off)
                assert last.status_code == 409
                assert "最后一个" in last.json()["detail"]
                # The system administrator makes another of his kind, none of the other two.
                two = await admin.post(ACCOUNTS, json=new)
                assert two.status_code == 201, two.text
                for role in ("security", "auditor"):
                    other = await admin.post(ACCOUNTS, json=new | {"login": "xu", "role": role})
                    assert other.status_code == 403
                assert (await admin.post(f"{ACCOUNTS}/{seen['guard']}/active", json=off)).status_code == 403
                # One of two may go; both at once may not.
                answers = await asyncio.gather(
                    *(
                        guard.post(f"{ACCOUNTS}/{number}/active", json=off)
                        for number in (seen["admin"], two.json()["account"]["id"])
                    )
                )
                assert sorted(answer.status_code for answer in answers) == [200, 409]
            # At the server's own terminal the last one stays too, and the reason is kept.
            async with acting(server.database.worker) as conn:
                await accounts.switch_by_operator(conn, "city", False, "调离")
                assert await conn.fetchval("SELECT reason FROM audit ORDER BY id DESC LIMIT 1") == "调离"
                with pytest.raises(DomainError, match="最后一个"):
                    await accounts.switch_by_operator(conn, "guard", False, "试")
                with pytest.raises(DomainError, match="没有这个账号"):
                    await accounts.switch_by_operator(conn, "nobody", False, "试")

    asyncio.run(run())
