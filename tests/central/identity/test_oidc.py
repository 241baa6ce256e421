"""Coming in by the provincial identity, against a real provider on this machine, and what forgers try."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from central.identity.oidc import own_page
from central.settings import Settings
from tests.central import county
from tests.central.identity.provider import CLIENT, SECRET, Province, province
from tests.central.serving import Served, serving

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from central.db.pool import DatabaseUrls


def met(urls: DatabaseUrls, body: Callable[[Served, Province], Awaitable[None]]) -> None:
    async def run() -> None:
        async with province() as provider:
            settings = Settings(
                public_url="http://centre.example",
                oidc_issuer=provider.url,
                oidc_client_id=CLIENT,
                oidc_client_secret=SECRET,
            )
            async with serving(urls, settings) as server:
                await county.found(server.database)
                await body(server, provider)

    asyncio.run(run())


async def came(
    client: httpx.AsyncClient, provider: Province, onward: str = "/", **changed: str
) -> httpx.Response:
    """There and back in one browser; `changed` is what somebody else put into the address."""
    left = await client.get("/api/v1/session/oidc/start", params={"next": onward})
    assert left.status_code == 303, left.text
    assert left.headers["location"].startswith(f"{provider.url}/authorize?")
    code, state = provider.authorize(left.headers["location"])
    return await client.get("/api/v1/session/oidc/return", params={"code": code, "state": state, **changed})


async def link(server: Served, provider: Province, login: str, subject: str) -> None:
    await server.database.worker.execute(
        "INSERT INTO account_identity SELECT $1, $2, id, now() FROM account WHERE login = $3",
        provider.url, subject, login,
    )  # fmt: skip


def test_a_linked_person_comes_in_with_the_rights_of_the_account_and_no_others(
    database: DatabaseUrls,
) -> None:
    async def body(server: Served, provider: Province) -> None:
        await link(server, provider, "township", "person-1")
        provider.claims["role"] = "admin"
        async with server.client() as client:
            answer = await came(client, provider, "/warnings?level=1")
            assert (answer.status_code, answer.headers["location"]) == (303, "/warnings?level=1")
            me = (await client.get("/api/v1/session")).json()
            assert (me["account"], me["role"]) == ("township", "township")
            assert (await client.get("/api/v1/session/ways")).json() == {"oidc": "省统一身份认证"}
        row = await server.database.worker.fetchrow(
            "SELECT actor_name, after FROM audit WHERE action = 'sign-in'"
        )
        assert row is not None
        assert row["actor_name"] == "township甲"
        assert "oidc" in str(row["after"])

    met(database, body)


def test_forged_tokens_and_stolen_codes_open_nothing(database: DatabaseUrls) -> None:
    async def body(server: Served, provider: Province) -> None:
        await link(server, provider, "county", "person-1")

        async def refused(spoil: dict[str, Any] | None = None, sign: str = "RS256", **changed: str) -> str:
            provider.spoil, provider.sign = spoil or {}, sign
            async with server.client() as client:
                answer = await came(client, provider, **changed)
                assert (await client.get("/api/v1/session")).status_code == 401
            return str(answer.headers["location"]).removeprefix("/?problem=oidc-")

        for spoil in (
            {"nonce": "another"}, {"nonce": None}, {"aud": "another"}, {"aud": [CLIENT, "another"]},
            {"aud": [CLIENT, "another"], "azp": "another"}, {"azp": "another"}, {"iss": "https://another.example"},
            {"exp": 1}, {"exp": None}, {"iat": 99999999999}, {"sub": ""}, {"sub": 5},
        ):  # fmt: skip
            assert await refused(spoil) == "token", spoil
        for sign in ("none", "HS256", "foreign"):
            assert await refused(sign=sign) == "token", sign
        assert await refused(code="made-up") == "refused"
        assert await refused(code="") == "journey"
        assert await refused(state="made-up") == "journey"
        assert await refused(iss="https://another.example") == "journey"
        provider.spoil, provider.sign = {}, "RS256"
        # A code and state that somebody else's browser fetched: the victim's browser never left.
        async with server.client() as thief, server.client() as victim:
            left = await thief.get("/api/v1/session/oidc/start")
            code, state = provider.authorize(left.headers["location"])
            answer = await victim.get("/api/v1/session/oidc/return", params={"code": code, "state": state})
            assert answer.headers["location"] == "/?problem=oidc-journey"
        # A journey that went well is over.
        async with server.client() as client:
            left = await client.get("/api/v1/session/oidc/start")
            code, state = provider.authorize(left.headers["location"])
            back = {"code": code, "state": state}
            assert (await client.get("/api/v1/session/oidc/return", params=back)).headers["location"] == "/"
            again = await client.get("/api/v1/session/oidc/return", params=back)
            assert again.headers["location"] == "/?problem=oidc-journey"

    met(database, body)


def test_a_legal_person_opens_the_account_of_the_enterprise_once_there_is_one(
    database: DatabaseUrls,
) -> None:
    async def body(server: Served, provider: Province) -> None:
        worker = server.database.worker
        async with server.client() as client:
            assert (await came(client, provider)).headers["location"] == "/?problem=oidc-unknown"
            provider.claims["credit_code"] = "91429900000000099X"
            assert (await came(client, provider)).headers["location"] == "/?problem=oidc-unknown"
            provider.claims["credit_code"] = county.credit_code(2)
            assert (await came(client, provider)).headers["location"] == "/?problem=oidc-pending"
            assert (await came(client, provider)).headers["location"] == "/?problem=oidc-pending"
        assert await worker.fetchval("SELECT count(*) FROM recovery_request") == 1
        async with server.client("county") as keeper:
            (request,) = (await keeper.get("/api/v1/recovery-requests")).json()["items"]
            assert request["by_identity"]
            assert request["unit"] == "企业E2"
            done = await keeper.post(
                f"/api/v1/recovery-requests/{request['id']}/approval", json={"reason": "营业执照已核对"}
            )
            assert done.status_code == 200, done.text
            assert done.json()["account"] == county.credit_code(2).lower()
        async with server.client() as client:
            assert (await came(client, provider)).headers["location"] == "/"
            me = (await client.get("/api/v1/session")).json()
            assert me["enterprise_name"] == "企业E2"
            assert me["steps"] == ["registration", "organisation"]
            provider.claims["sub"] = "person-2"
            assert (await came(client, provider)).headers["location"] == "/?problem=oidc-taken"
        # The legal person changed: an appeal lets the new one in.
        await worker.execute(
            "INSERT INTO recovery_request (kind, place, account_id, applicant, contact, created_at) "
            "SELECT 'appeal', '429981102/E2', id, '李法人', '13800000000', now() FROM account "
            "WHERE login = $1",
            county.credit_code(2).lower(),
        )
        async with server.client("county") as keeper, server.client() as client:
            listed = await keeper.get("/api/v1/recovery-requests", params={"state": "open"})
            path = f"/api/v1/recovery-requests/{listed.json()['items'][0]['id']}/approval"
            assert (await keeper.post(path, json={"reason": "变更登记已核对"})).status_code == 200
            assert (await came(client, provider)).headers["location"] == "/"

    met(database, body)


@pytest.mark.parametrize(
    "onward",
    ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "evil", "",
     "/\n/evil",
     "/api/v1/session", "/a\\b", "/" + "a" * 300],
)  # fmt: skip
def test_nobody_is_sent_to_a_foreign_address(onward: str) -> None:
    assert own_page(onward) == "/"
    assert own_page("/warnings?level=1#x") == "/warnings?level=1#x"
