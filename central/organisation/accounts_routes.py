"""HTTP of accounts, as those above keep them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from litestar import Controller, Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromQuery, HeaderParameter, JSONBody, PathParameter, QueryParameter

from central import clock
from central.db.pool import Database
from central.db.scope import acting, scoped
from central.http.paging import MOST, page, read_cursor
from central.http.tags import read_version, write_tag
from central.identity import credentials
from central.identity.access import may
from central.identity.models import Person
from central.identity.passwords import Passwords
from central.organisation import accounts as service
from central.organisation.accounts_models import (
    Account,
    AccountFilter,
    AccountForm,
    AccountMade,
    AccountPage,
    NewAccountForm,
    OneTimePassword,
    Review,
    Switch,
    Why,
)

Number = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
Wanted = Annotated[int | None, QueryParameter(ge=1, le=2**31 - 1)]
Word = Annotated[str, QueryParameter(max_length=32)]
IfMatch = Annotated[str | None, HeaderParameter(name="If-Match", required=False)]
# Whoever only unlocks and switches off (the security administrator) makes and edits none.
KEEPS = [may("account"), may("organisation")]


class AccountController(Controller):
    """Accounts of the jurisdiction."""

    path = "/accounts"
    tags = ("accounts",)

    @get("/", operation_id="listAccounts", guards=[may("account")])
    async def listed(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = 50,
        cursor: FromQuery[str | None] = None,
        q: Annotated[str, QueryParameter(max_length=100)] = "",
        kind: Word = "",
        role: Word = "",
        agency_id: Wanted = None,
        enterprise_id: Wanted = None,
        committee_unit_id: Wanted = None,
        intermediary_id: Wanted = None,
        wanted: Annotated[
            Literal["", "active", "off", "locked", "pending", "refused", "removed"],
            QueryParameter(name="state"),
        ] = "",
    ) -> AccountPage:
        """Accounts by login."""
        (after,) = read_cursor(cursor, str)
        chosen = AccountFilter(
            q=q.strip(),
            kind=kind,
            role=role,
            agency_id=agency_id,
            enterprise_id=enterprise_id,
            committee_unit_id=committee_unit_id,
            intermediary_id=intermediary_id,
            state=wanted,
        )
        async with scoped(database.web, person.scope, person.actor) as conn:
            now = await clock.database_now(conn)
            rows = await service.accounts(conn, person, now, chosen, after, limit + 1)
        items, following = page(rows, limit, key=lambda row: (row.login,))
        return AccountPage(items, following)

    @post("/", operation_id="createAccount", guards=KEEPS, status_code=201)
    async def create(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        passwords: NamedDependency[Passwords],
        data: JSONBody[NewAccountForm],
    ) -> Response[AccountMade]:
        """Makes an account with a one-time password, shown in this answer and never again."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            row = await service.create(conn, person, data)
        password = None
        if row.state == "active":
            async with acting(database.worker, person.actor) as conn:
                password = await credentials.hand_out(conn, passwords, row.id, first=True)
        made = AccountMade(row, password)
        return Response(made, status_code=201, headers={"etag": write_tag(row.version)})

    @get("/{account_id:int}", operation_id="getAccount", guards=[may("account")])
    async def one(
        self, account_id: Number, person: NamedDependency[Person], database: NamedDependency[Database]
    ) -> Response[Account]:
        """An account."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            row = await service.account(conn, person, account_id)
        return Response(row, headers={"etag": write_tag(row.version)})

    @put("/{account_id:int}", operation_id="updateAccount", guards=KEEPS)
    async def update(
        self,
        account_id: Number,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        data: JSONBody[AccountForm],
        if_match: IfMatch = None,
    ) -> Response[Account]:
        """Changes an account."""
        version = read_version(if_match)
        async with scoped(database.web, person.scope, person.actor) as conn:
            row = await service.update(conn, person, account_id, version, data)
        return Response(row, headers={"etag": write_tag(row.version)})

    @delete("/{account_id:int}", operation_id="deleteAccount", guards=KEEPS, status_code=204)
    async def remove(
        self,
        account_id: Number,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        if_match: IfMatch = None,
    ) -> None:
        """Takes an account out of use for good."""
        version = read_version(if_match)
        async with scoped(database.web, person.scope, person.actor) as conn:
            await service.remove(conn, person, account_id, version, await clock.database_now(conn))

    @post("/{account_id:int}/password", operation_id="resetPassword", guards=KEEPS, status_code=200)
    async def password(
        self,
        account_id: Number,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        passwords: NamedDependency[Passwords],
        data: JSONBody[Why],
    ) -> OneTimePassword:
        """A new one-time password; the account's sessions end."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            await service.allow_password(conn, person, account_id)
        async with acting(database.worker, person.actor) as conn:
            return OneTimePassword(await credentials.hand_out(conn, passwords, account_id, why=data.reason))

    @post("/{account_id:int}/unlock", operation_id="unlockAccount", guards=[may("account")], status_code=200)
    async def unlock(
        self,
        account_id: Number,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        data: JSONBody[Why],
    ) -> Account:
        """Lifts the lock after too many wrong passwords."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            await service.allow_unlock(conn, person, account_id)
        async with acting(database.worker, person.actor) as conn:
            await credentials.unlock(conn, account_id, why=data.reason)
        async with scoped(database.web, person.scope, person.actor) as conn:
            return await service.account(conn, person, account_id)

    @post("/{account_id:int}/active", operation_id="switchAccount", guards=[may("account")], status_code=200)
    async def switch(
        self,
        account_id: Number,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        data: JSONBody[Switch],
    ) -> Account:
        """Switches an account on or off; sessions of one that is off end."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            return await service.switch(conn, person, account_id, data.active, data.reason)

    @post("/{account_id:int}/review", operation_id="reviewAccount", guards=KEEPS, status_code=200)
    async def review(
        self,
        account_id: Number,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        passwords: NamedDependency[Passwords],
        data: JSONBody[Review],
    ) -> AccountMade:
        """Approves (with a one-time password) or refuses an account that an enterprise made for itself."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            row = await service.review(conn, person, account_id, data.decision, data.opinion)
        password = None
        if row.state == "active":
            async with acting(database.worker, person.actor) as conn:
                password = await credentials.hand_out(conn, passwords, row.id, first=True)
        return AccountMade(row, password)


routes: list[Any] = [AccountController]
