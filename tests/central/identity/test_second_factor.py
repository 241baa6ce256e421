"""The second factor: enrolled with a code, asked at every sign-in, never the same code twice."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from central.db.errors import ConfigurationError
from central.identity import totp
from central.identity.vault import KEY_FILE, Vault
from central.settings import Settings
from tests.central import county
from tests.central.identity.test_guessing import served, tried

if TYPE_CHECKING:
    import httpx

    from central.db.pool import DatabaseUrls
    from tests.central.serving import Served


async def required(server: Served) -> None:
    await server.database.worker.execute("UPDATE sign_in_rule SET totp_kinds = '{supervisor}'")


async def enrolled(server: Served, client: httpx.AsyncClient) -> tuple[bytes, list[str]]:
    """Enrols an app; answers its secret and the recovery codes."""
    made = await client.post("/api/v1/profile/totp")
    assert made.status_code == 201, made.text
    assert made.json()["picture"].startswith("data:image/svg+xml;base64,")
    written = made.json()["secret"]
    secret = base64.b32decode(written + "=" * (-len(written) % 8))
    answer = await client.put("/api/v1/profile/totp", json={"code": await code(server, secret)})
    assert answer.status_code == 200, answer.text
    return secret, answer.json()["codes"]


async def code(server: Served, secret: bytes, steps: int = 0) -> str:
    now = await server.database.worker.fetchval("SELECT now()")
    return totp.code_of(secret, totp.step_at(now) + steps)


async def a_new_step(server: Served) -> None:
    """As if half a minute had passed since the last code."""
    await server.database.worker.execute("UPDATE account_totp SET last_step = last_step - 3")


def test_a_regulator_enrols_before_anything_else_and_gives_a_code_ever_after(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    async def body(server: Served) -> None:
        await required(server)
        async with server.client("county") as client:
            assert (await client.get("/api/v1/session")).json()["steps"] == ["totp"]
            refused = await client.get("/api/v1/warnings")
            assert (refused.status_code, refused.json()["type"]) == (403, "/problems/first-steps")
            assert refused.json()["steps"] == ["totp"]
            secret, recovery = await enrolled(server, client)
            assert (await client.get("/api/v1/session")).json()["steps"] == []
            assert (await client.get("/api/v1/warnings")).status_code == 200
            assert len(set(recovery)) == 10
            assert (await client.post("/api/v1/profile/totp")).status_code == 409
        async with server.client("enterprise") as plant:
            assert (await plant.get("/api/v1/session")).json()["steps"] == []
        async with server.client() as client:
            asked = await tried(client, "county", county.PASSWORD)
            assert asked.json()["type"] == "/problems/totp-required"
            wrong = await tried(client, "county", county.PASSWORD, code="000000")
            assert wrong.json()["type"] == "/problems/totp-wrong"
            await a_new_step(server)
            good = await code(server, secret)
            assert (await tried(client, "county", county.PASSWORD, code=good)).status_code == 201
            again = await tried(client, "county", county.PASSWORD, code=good)
            assert again.json()["type"] == "/problems/totp-wrong"
            late = await tried(client, "county", county.PASSWORD, code=await code(server, secret, -5))
            assert late.status_code == 401
            assert (await tried(client, "county", county.PASSWORD, code=recovery[0])).status_code == 201
            spent = await tried(client, "county", county.PASSWORD, code=recovery[0])
            assert spent.json()["type"] == "/problems/totp-wrong"
        row = await server.database.worker.fetchrow("SELECT secret FROM account_totp")
        assert row is not None
        assert secret not in row["secret"]
        assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600
        told = await server.database.worker.fetch("SELECT before::text || after::text AS t FROM audit")
        assert not any(totp.written(secret) in (entry["t"] or "") for entry in told)

    served(database, body, Settings(state=tmp_path))


def test_wrong_codes_lock_like_wrong_passwords_and_a_code_takes_the_factor_away(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    async def body(server: Served) -> None:
        async with server.client("city") as client:
            secret, recovery = await enrolled(server, client)
            async with server.client() as thief:
                for _ in range(5):
                    assert (await tried(thief, "city", county.PASSWORD, code="000001")).status_code == 401
                assert (await tried(thief, "city", county.PASSWORD, code=recovery[1])).status_code == 423
            wrong = await client.post("/api/v1/profile/totp/removal", json={"code": "abcdef"})
            assert wrong.status_code == 400
            await a_new_step(server)
            renewed = await client.post(
                "/api/v1/profile/totp/recovery-codes", json={"code": await code(server, secret)}
            )
            assert not set(renewed.json()["codes"]) & set(recovery)
            removal = await client.post("/api/v1/profile/totp/removal", json={"code": recovery[2]})
            assert removal.status_code == 400
            removal = await client.post(
                "/api/v1/profile/totp/removal", json={"code": renewed.json()["codes"][0]}
            )
            assert removal.status_code == 204
            assert not (await client.get("/api/v1/profile")).json()["totp"]

    served(database, body, Settings(state=tmp_path))


def test_codes_are_those_of_the_standard() -> None:
    # RFC 6238 appendix B, SHA-1, the last six of its eight digits.
    secret = b"12345678901234567890"
    for at, expected in ((59, "287082"), (1111111109, "081804"), (20000000000, "353130")):
        now = datetime.fromtimestamp(at, UTC)
        assert totp.code_of(secret, totp.step_at(now)) == expected
        assert totp.fitting_step(secret, expected, now) == at // 30
        assert totp.fitting_step(secret, expected, datetime.fromtimestamp(at + 90, UTC)) is None


def test_what_is_shut_opens_for_its_owner_and_with_its_own_key_alone(tmp_path: Path) -> None:
    shut = Vault(tmp_path / "a").shut(b"secret", "totp:1")
    assert Vault(tmp_path / "a").open(shut, "totp:1") == b"secret"
    for vault, owner in ((Vault(tmp_path / "a"), "totp:2"), (Vault(tmp_path / "b"), "totp:1")):
        with pytest.raises(ConfigurationError):
            vault.open(shut, owner)
    (tmp_path / "a" / KEY_FILE).write_text("{}")
    with pytest.raises(ConfigurationError, match="backup"):
        Vault(tmp_path / "a").open(shut, "totp:1")
