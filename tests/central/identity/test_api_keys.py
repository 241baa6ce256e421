"""Keys of machines: less than their owner, for a time, revoked at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.central.identity.test_guessing import served

if TYPE_CHECKING:
    import httpx

    from central.db.pool import DatabaseUrls
    from tests.central.serving import Served


def soon(days: float = 30) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


async def made(client: httpx.AsyncClient, **given: Any) -> dict[str, str]:
    answer = await client.post("/api/v1/api-keys", json={"name": "省平台", "expires_at": soon(), **given})
    assert answer.status_code == 201, answer.text
    return {"authorization": f"Bearer {answer.json()['key']}"}


async def seen(client: httpx.AsyncClient, headers: dict[str, str]) -> set[str]:
    answer = await client.get("/api/v1/enterprises", headers=headers)
    assert answer.status_code == 200, answer.text
    return {item["name"] for item in answer.json()["items"]}


def test_a_key_sees_no_more_than_its_areas_of_its_owner_and_only_reads(database: DatabaseUrls) -> None:
    async def body(server: Served) -> None:
        async with server.client("city") as owner, server.client() as machine:
            town = await made(owner, areas=["429981101"])
            assert await seen(machine, town) == {"企业E1", "企业E10"}
            assert await seen(machine, await made(owner)) == {"企业E1", "企业E10", "企业E2", "企业E3"}
            mines = await made(owner, sectors=["mine"])
            assert await seen(machine, mines) == set()
            me = (await machine.get("/api/v1/session", headers=town)).json()
            assert (me["account"], me["may"]) == ("city", ["see"])
            for method, path in (
                ("POST", "/api/v1/api-keys"), ("GET", "/api/v1/profile"), ("PUT", "/api/v1/profile/password"),
                ("GET", "/api/v1/recovery-requests"), ("DELETE", "/api/v1/session"),
                ("GET", "/api/v1/accounts"),
                ("POST", "/api/v1/warnings/00000000-0000-0000-0000-000000000000/acknowledge"),
            ):  # fmt: skip
                answer = await machine.request(method, path, headers=town, json={})
                assert answer.status_code == 403, (method, path, answer.text)
            # The owner's area shrinks, and the key's with it.
            await server.database.worker.execute(
                "UPDATE agency_area SET place_prefix = '429982' WHERE place_prefix = '4299'"
            )
            assert await seen(machine, town) == set()
            assert not machine.cookies

    served(database, body)


def test_a_key_is_never_more_than_its_owner_and_all_that_is_wrong_is_told(database: DatabaseUrls) -> None:
    async def body(server: Served) -> None:
        async with server.client("county") as owner:
            answer = await owner.post(
                "/api/v1/api-keys",
                json={
                    "name": " ", "expires_at": soon(400), "areas": ["4299", "429982", "x"],
                    "operations": ["see", "region", "nonsense"],
                },
            )  # fmt: skip
            assert answer.status_code == 400
            places = [problem["place"] for problem in answer.json()["fields"]]
            assert places == ["name", "expires_at", "areas", "areas", "operations", "operations"]
            past = await owner.post("/api/v1/api-keys", json={"name": "x", "expires_at": soon(-1)})
            assert [problem["place"] for problem in past.json()["fields"]] == ["expires_at"]
            endless = await owner.post("/api/v1/api-keys", json={"name": "x"})
            assert endless.status_code == 400
            headers = await made(owner, operations=["see", "acknowledge"])
        async with server.client() as machine:
            answer = await machine.post(
                "/api/v1/warnings/00000000-0000-0000-0000-000000000000/acknowledge", headers=headers, json={}
            )
            assert answer.status_code in {400, 404, 428}, answer.text  # no CSRF token, and past the guards

    served(database, body)


def test_an_expired_revoked_or_foreign_key_opens_nothing(database: DatabaseUrls) -> None:
    async def body(server: Served) -> None:
        worker = server.database.worker
        async with (
            server.client("county") as owner,
            server.client("city") as other,
            server.client() as machine,
        ):
            headers = await made(owner)
            key = headers["authorization"].removeprefix("Bearer ")
            assert key not in str(await worker.fetch("SELECT * FROM api_key"))
            (listed,) = (await owner.get("/api/v1/api-keys")).json()["items"]
            assert key.startswith(f"fsk_{listed['prefix']}_")
            assert key not in str(listed)
            assert (await other.get("/api/v1/api-keys", params={"whose": "all"})).json()["items"] == []
            path = f"/api/v1/api-keys/{listed['id']}/revocation"
            assert (await other.post(path, json={"reason": "试"})).status_code == 404

            async def status(given: str) -> int:
                answer = await machine.get("/api/v1/enterprises", headers={"authorization": given})
                return answer.status_code

            assert await status(f"bearer {key}") == 200
            for forged in (
                key[:-1],
                f"{key}A",
                key.upper(),
                "fsk__",
                "fsk_x_y",
                "_",
                key.replace("fsk", "x"),
            ):
                assert await status(f"Bearer {forged}") == 401, forged
            await worker.execute("UPDATE account SET active = false WHERE login = 'county'")
            assert await status(f"Bearer {key}") == 401
            await worker.execute("UPDATE account SET active = true WHERE login = 'county'")
            async with server.client("county") as again:
                assert (await again.post(path, json={"reason": "不再使用"})).status_code == 204
                assert await status(f"Bearer {key}") == 401
                other_key = (await made(again))["authorization"]
            assert await status(other_key) == 200
            await worker.execute(
                "UPDATE api_key SET created_at = now() - interval '2 days', "
                "expires_at = now() - interval '1 day' "
                "WHERE revoked_at IS NULL"
            )
            assert await status(other_key) == 401

    served(database, body)


def test_numbers_and_the_description_are_for_this_machine_and_for_who_signed_in(
    database: DatabaseUrls,
) -> None:
    async def body(server: Served) -> None:
        far = {"x-forwarded-for": "198.51.100.7"}
        async with server.client("county") as owner, server.client() as machine:
            headers = await made(owner)
            for path in ("/metrics", "/schema/openapi.json", "/schema"):
                assert (await machine.get(path)).status_code == 200
                assert (await machine.get(path, headers=far)).status_code == 401, path
                assert (await machine.get(path, headers={**far, **headers})).status_code == 200
                assert (await owner.get(path, headers=far)).status_code == 200
            assert (await machine.get("/health/live", headers=far)).status_code == 200

    served(database, body)
