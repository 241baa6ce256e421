"""HTTP of one's own account: profile, password, second factor, sessions, keys."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Controller, Response, delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from msgspec import Meta, Struct

from central import clock
from central.db.pool import Database
from central.db.scope import acting, scoped
from central.http.paging import MOST, page, read_cursor
from central.http.tags import read_tag, write_tag
from central.identity import access, api_keys, credentials, profile, rules
from central.identity.api_keys import KeyPage, MadeKey, NewKey
from central.identity.credentials import Enrolment
from central.identity.models import Person
from central.identity.passwords import Passwords
from central.identity.profile import Profile, ProfileChange
from central.identity.signing_routes import IfMatch
from central.identity.vault import Vault

_Typed = Annotated[str, Meta(max_length=256)]


class PasswordChange(Struct, frozen=True, forbid_unknown_fields=True):
    """The old password may be empty only where none was set yet (somebody who came by a foreign identity)."""

    old: _Typed
    password: Annotated[str, Meta(min_length=1, max_length=256)]


class Code(Struct, frozen=True, forbid_unknown_fields=True):
    code: Annotated[str, Meta(min_length=6, max_length=32)]


class RecoveryCodes(Struct, frozen=True):
    """Told once."""

    codes: list[str]


class Reason(Struct, frozen=True, forbid_unknown_fields=True):
    reason: Annotated[str, Meta(min_length=1, max_length=500, title="原因")]


class ProfileController(Controller):
    """One's own account."""

    path = "/profile"
    tags = ("profile",)

    @get("/", operation_id="readProfile")
    async def read(
        self, person: NamedDependency[Person], database: NamedDependency[Database]
    ) -> Response[Profile]:
        """One's own account, where one is signed in, and the latest sign-ins."""
        async with acting(database.worker, person.actor) as conn:
            found = await profile.read(conn, person)
        return Response(found, headers={"etag": write_tag(profile.tag(found))})

    @patch("/", operation_id="changeProfile")
    async def change(
        self,
        data: JSONBody[ProfileChange],
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        if_match: IfMatch = None,
    ) -> Response[Profile]:
        """Changes name, telephone or language; a new number has to be verified before it is called."""
        seen = read_tag(if_match)
        async with acting(database.worker, person.actor) as conn:
            found = await profile.change(conn, person, seen, data)
        return Response(found, headers={"etag": write_tag(profile.tag(found))})

    @put("/password", operation_id="changeOwnPassword", status_code=204)
    async def change_password(
        self,
        data: JSONBody[PasswordChange],
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        passwords: NamedDependency[Passwords],
        guess_rate: NamedDependency[rules.LoginRate],
    ) -> None:
        """Sets another password; the sessions on other devices end."""
        _slowly(guess_rate, person)
        await credentials.change_own(database, passwords, person, data.old, data.password)

    @post("/totp", operation_id="enrolTotp", status_code=201)
    async def enrol(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        vault: NamedDependency[Vault],
    ) -> Enrolment:
        """Makes a secret for an authenticator app; it counts from its first right code."""
        async with acting(database.worker, person.actor) as conn:
            return await credentials.enrol(conn, vault, person)

    @put("/totp", operation_id="confirmTotp")
    async def confirm(
        self,
        data: JSONBody[Code],
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        vault: NamedDependency[Vault],
        guess_rate: NamedDependency[rules.LoginRate],
    ) -> RecoveryCodes:
        """Takes the first code; answers recovery codes, once."""
        _slowly(guess_rate, person)
        async with acting(database.worker, person.actor) as conn:
            return RecoveryCodes(await credentials.confirm(conn, vault, person, data.code))

    @post("/totp/recovery-codes", operation_id="renewRecoveryCodes", status_code=201)
    async def renew_codes(
        self,
        data: JSONBody[Code],
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        vault: NamedDependency[Vault],
        guess_rate: NamedDependency[rules.LoginRate],
    ) -> RecoveryCodes:
        """New recovery codes in place of the old ones, for a code of the app."""
        _slowly(guess_rate, person)
        async with acting(database.worker, person.actor) as conn:
            await credentials.prove(conn, vault, person, data.code)
            return RecoveryCodes(await credentials.renew_recovery_codes(conn, vault, person))

    @post("/totp/removal", operation_id="removeTotp", status_code=204)
    async def remove(
        self,
        data: JSONBody[Code],
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        vault: NamedDependency[Vault],
        guess_rate: NamedDependency[rules.LoginRate],
    ) -> None:
        """Takes the second factor away, for a code; where it is required, another is asked for."""
        _slowly(guess_rate, person)
        async with acting(database.worker, person.actor) as conn:
            await credentials.prove(conn, vault, person, data.code)
            await credentials.drop_second_factor(conn, person.account_id)

    @delete("/sessions/{session_id:str}", operation_id="endOwnSession", status_code=204)
    async def end_session(
        self,
        session_id: FromPath[Annotated[str, Meta(max_length=16)]],
        person: NamedDependency[Person],
        database: NamedDependency[Database],
    ) -> None:
        """Ends one of one's own sessions, on whatever device it is."""
        async with acting(database.worker, person.actor) as conn:
            await profile.end_session(conn, person, session_id)


def _slowly(rate: rules.LoginRate, person: Person) -> None:
    """Whoever sits at an open session does not guess the password or code behind it."""
    access.refuse_hurry(rate.wait_s(f"account:{person.account_id}", clock.monotonic_s()))


class KeyController(Controller):
    """Keys of machines."""

    path = "/api-keys"
    tags = ("api-keys",)

    @get("/", operation_id="listApiKeys")
    async def list_keys(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = 50,
        cursor: FromQuery[str | None] = None,
        whose: FromQuery[str] = "own",
    ) -> KeyPage:
        """One's own keys; with `whose=all`, for who keeps keys, all of the scope."""
        every = whose == "all" and "api-key" in person.may
        (before_id,) = read_cursor(cursor, int)
        async with scoped(database.web, person.scope, person.actor) as conn:
            rows = await api_keys.page(conn, None if every else person.account_id, before_id, limit + 1)
        async with acting(database.worker, person.actor) as conn:
            named = await api_keys.named(conn, rows)
        items, following = page(named, limit, key=lambda key: (key.id,))
        return KeyPage(items, following)

    @post("/", operation_id="makeApiKey", status_code=201)
    async def make_key(
        self, data: JSONBody[NewKey], person: NamedDependency[Person], database: NamedDependency[Database]
    ) -> MadeKey:
        """Makes a key of one's own and tells it once."""
        async with acting(database.worker, person.actor) as conn:
            return await api_keys.make(conn, person, data)

    @post("/{key_id:int}/revocation", operation_id="revokeApiKey", status_code=204)
    async def revoke_key(
        self,
        key_id: FromPath[int],
        data: JSONBody[Reason],
        person: NamedDependency[Person],
        database: NamedDependency[Database],
    ) -> None:
        """Makes a key useless at once: one's own, or for who keeps keys any of the scope."""
        async with (
            scoped(database.web, person.scope, person.actor) as web,
            acting(database.worker, person.actor) as worker,
        ):
            others = "api-key" in person.may
            await api_keys.revoke(web, worker, person, key_id, data.reason, others=others)


routes: list[Any] = [ProfileController, KeyController]
