"""What comes before anything else, and what people keep of themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.central import county
from tests.central.identity.test_guessing import served

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls
    from tests.central.serving import Served


def test_an_enterprise_completes_its_registration_and_looks_at_its_organisation(
    database: DatabaseUrls,
) -> None:
    async def body(server: Served) -> None:
        worker = server.database.worker
        await worker.execute(
            "UPDATE account SET owes = '{registration,organisation}' WHERE login = 'enterprise'"
        )
        async with server.client("enterprise") as client:
            assert (await client.get("/api/v1/session")).json()["steps"] == ["registration", "organisation"]
            assert (await client.get("/api/v1/warnings")).json()["type"] == "/problems/first-steps"
            assert (await client.post("/api/v1/session/organisation")).status_code == 403
            answer = await client.get("/api/v1/session/registration")
            known = answer.json()
            assert [agency["name"] for agency in known["agencies"]] == [
                "青石镇应急办", "临江县应急管理局", "云泽市应急管理局",
            ]  # fmt: skip
            assert "mine" in {sector["id"] for sector in known["sectors"]}
            form = {
                "address": "青石镇工业路 1 号", "contact_name": "赵厂长", "contact_phone": "0710-1234567",
                "agency_id": int(known["agencies"][0]["id"]), "sector": "chemical",
            }  # fmt: skip
            tag = {"if-match": answer.headers["etag"]}
            path = "/api/v1/session/registration"
            wrong = await client.put(path, json={**form, "agency_id": 999, "sector": "x"}, headers=tag)
            assert [problem["place"] for problem in wrong.json()["fields"]] == ["agency_id", "sector"]
            stale = await client.put(path, json=form, headers={"if-match": '"99"'})
            assert stale.status_code == 412
            assert (await client.put(path, json=form)).status_code == 428
            assert (await client.put(path, json=form, headers=tag)).status_code == 204
            assert (await client.put(path, json=form, headers=tag)).status_code == 403
            assert (await client.get("/api/v1/session")).json()["steps"] == ["organisation"]
            assert (await client.get("/api/v1/warnings")).status_code == 403
            assert (await client.post("/api/v1/session/organisation")).status_code == 204
            assert (await client.get("/api/v1/warnings")).status_code == 200
        row = await worker.fetchrow("SELECT sector, contact_name FROM enterprise WHERE code = 'E1'")
        assert row is not None
        assert tuple(row) == ("chemical", "赵厂长")
        assert await worker.fetchval("SELECT owes FROM account WHERE login = 'enterprise'") == []
        async with server.client("enterprise") as client:
            assert (await client.get("/api/v1/session")).json()["steps"] == []

    served(database, body)


def test_an_old_password_is_replaced_at_the_next_sign_in(database: DatabaseUrls) -> None:
    async def body(server: Served) -> None:
        await server.database.worker.execute(
            "UPDATE account SET password_changed_at = now() - interval '91 days' WHERE login = 'city'"
        )
        async with server.client("city") as client, server.client("city", device="phone") as phone:
            assert (await client.get("/api/v1/session")).json()["steps"] == ["password"]
            change = {"old": county.PASSWORD, "password": "Lantern-Hill-93"}
            assert (await client.put("/api/v1/profile/password", json=change)).status_code == 204
            assert (await client.get("/api/v1/warnings")).status_code == 200
            assert (await phone.get("/api/v1/session")).json()["type"] == "/problems/session-password-changed"

    served(database, body)


def test_people_keep_their_own_account(database: DatabaseUrls) -> None:
    async def body(server: Served) -> None:
        worker = server.database.worker
        await worker.execute(
            "UPDATE account SET phone = '13900000000', phone_verified_at = now() WHERE login = 'county'"
        )
        async with server.client("county") as desk, server.client("county", device="phone") as phone:
            answer = await desk.get("/api/v1/profile")
            profile, tag = answer.json(), {"if-match": answer.headers["etag"]}
            assert (profile["account"], profile["phone_verified"]) == ("county", True)
            assert [one["here"] for one in profile["sessions"]].count(True) == 1
            assert len(profile["sign_ins"]) == 2
            other = next(one for one in profile["sessions"] if not one["here"])
            ended = await desk.delete(f"/api/v1/profile/sessions/{other['id']}")
            assert ended.status_code == 204
            assert (await desk.delete(f"/api/v1/profile/sessions/{other['id']}")).status_code == 404
            over = await phone.get("/api/v1/session")
            assert over.json()["type"] == "/problems/session-ended-elsewhere"
            change = {"display_name": "陈主任", "phone": "13911111111", "language": "en"}
            done = await desk.patch("/api/v1/profile", json=change, headers=tag)
            assert done.json()["display_name"] == "陈主任"
            assert not done.json()["phone_verified"]
            assert (await desk.patch("/api/v1/profile", json=change, headers=tag)).status_code == 412
            bad = await desk.patch(
                "/api/v1/profile", json={"phone": "x", "language": "fr", "role": "admin"}, headers=tag
            )
            assert {problem["place"] for problem in bad.json()["fields"]} == {"phone", "language", "role"}

    served(database, body)


def test_the_rules_are_changed_by_who_keeps_security_alone(database: DatabaseUrls) -> None:
    async def body(server: Served) -> None:
        await server.database.worker.execute(
            "INSERT INTO account (login, password_hash, display_name, role) "
            "SELECT 'security', password_hash, '安全', 'security' FROM account WHERE login = 'admin'"
        )
        async with server.client("admin") as system, server.client("security") as security:
            assert (await system.get("/api/v1/session/rules")).status_code == 403
            answer = await security.get("/api/v1/session/rules")
            rules = {**answer.json(), "min_length": 12}
            tag = {"if-match": answer.headers["etag"]}
            changed = await security.put("/api/v1/session/rules", json=rules, headers=tag)
            assert changed.json()["min_length"] == 12
            assert (await security.put("/api/v1/session/rules", json=rules, headers=tag)).status_code == 412
            short = await security.put("/api/v1/session/rules", json={**rules, "min_length": 5}, headers=tag)
            assert [problem["place"] for problem in short.json()["fields"]] == ["min_length"]

    served(database, body)
