from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from central.db.errors import DomainError
from central.db.pool import Database
from central.db.scope import Scope, acting
from central.identity import password_rules, rules, service, signing, store
from central.identity.models import NewAccount
from central.identity.passwords import Passwords
from central.identity.signing_models import Attempt, SignInRule
from central.identity.vault import Vault
from tests.central import county

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from central.db.pool import Connection, DatabaseUrls


def within(urls: DatabaseUrls, body: Callable[[Connection], Awaitable[None]]) -> None:
    async def run() -> None:
        async with Database.open(urls) as db:
            await county.found(db)
            async with acting(db.worker) as conn:
                await body(conn)

    asyncio.run(run())


@pytest.mark.parametrize(
    ("login", "scope"),
    [
        ("city", Scope.region("4299")),
        ("county", Scope.region("429981")),
        ("township", Scope.region("429981101")),
        ("enterprise", Scope.enterprise("429981101/E1")),
        ("inspector", Scope.union([Scope.region("429981102"), Scope.region("429982101")])),
        ("installer", Scope.region("42")),
        ("admin", Scope.region("42")),
    ],
)
def test_each_role_has_its_scope(database: DatabaseUrls, login: str, scope: Scope) -> None:
    async def body(conn: Connection) -> None:
        account = await store.account(conn, login=login)
        assert account is not None
        assert rules.scope_of(account, await store.roots(conn)) == scope

    within(database, body)


@pytest.mark.parametrize("password", ["Short-1", "alllowercase", "ALLUPPER123", "county-Password1"])
def test_a_weak_password_is_refused_in_words(password: str) -> None:
    assert password_rules.problems(password, SignInRule(), ["county"])


@pytest.mark.parametrize("password", ["Beacon-Tower-7", "烽火台烽火台Ab1", "Lu7-yuE-qiao"])
def test_a_good_password_is_taken(password: str) -> None:
    assert password_rules.problems(password, SignInRule(), ["county"]) == []


def test_a_broken_constraint_is_told_in_words(database: DatabaseUrls) -> None:
    async def body(conn: Connection) -> None:
        passwords = Passwords()

        async def code(**given: object) -> str:
            facts = {
                "login": "new",
                "password": "x",
                "display_name": "新",
                "role": "county",
                "agency_id": 1,
                **given,
            }
            with pytest.raises(DomainError) as caught:
                async with conn.transaction():
                    await service.create_account(conn, passwords, NewAccount(**facts), any_password=True)  # type: ignore[arg-type]
            assert caught.value.http_status == 409
            return caught.value.code

        assert await code(login="county") == "login-taken"
        assert await code(login="Has Space") == "login-form"
        assert await code(role="emperor") == "role-unknown"
        assert await code(agency_id=None) == "role-place"
        assert await code(agency_id=999) == "agency-unknown"
        assert await code(role="enterprise", enterprise_id=999) == "enterprise-unknown"
        assert await code(areas=("12345",)) == "area-form"

    within(database, body)


def test_a_changed_password_ends_every_session(database: DatabaseUrls) -> None:
    async def run() -> None:
        passwords = Passwords()
        async with Database.open(database) as db:
            await county.found(db)

            async def sign_in(login: str, password: str) -> None:
                attempt = Attempt(login=login, password=password)
                await signing.sign_in(db, passwords, Vault(Path()), attempt)

            await sign_in("county", county.PASSWORD)
            async with acting(db.worker) as conn:
                await service.change_password(conn, passwords, "county", "Other-Tower-8")
            assert await db.worker.fetchval("SELECT end_reason FROM session") == "password-changed"
            with pytest.raises(DomainError, match="sign-in-refused"):
                await sign_in("county", county.PASSWORD)
            await sign_in("COUNTY ", "Other-Tower-8")

    asyncio.run(run())


def test_regions_find_their_parents_and_drop_their_zeros(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with Database.open(database) as db, acting(db.worker) as conn:
            lines = [
                "code,name",
                "420000,湖北省",
                "429900,云泽市",
                "429981,临江县",
                "429981101,青石镇",
                "429004,仙桃市",
            ]
            assert await service.load_regions(conn, lines) == 5
            rows = await conn.fetch("SELECT code, parent_code, level FROM region ORDER BY code")
            assert [tuple(r) for r in rows] == [
                ("42", None, 1), ("429004", "42", 3), ("4299", "42", 2), ("429981", "4299", 3),
                ("429981101", "429981", 4),
            ]  # fmt: skip
            with pytest.raises(DomainError, match="第 1 行"):
                await service.load_regions(conn, ["没有代码"])

    asyncio.run(run())


def test_supervision_climbs_the_agency_tree(database: DatabaseUrls) -> None:
    async def body(conn: Connection) -> None:
        town = await service.agency_id(conn, "青石镇应急办")
        assert await service.supervision(conn, town) == [
            (2, "青石镇应急办"), (3, "临江县应急管理局"), (4, "云泽市应急管理局"),
        ]  # fmt: skip
        assert await service.supervision(conn, None) == []

    within(database, body)
