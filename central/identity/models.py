"""The people and offices of the system, as Structs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from central.db.scope import Actor, Scope

_POLICY_WORDS = frozenset({"account", "personal", "audit", "audit-system", "audit-security"})


class Credentials(Struct, frozen=True):
    """What somebody types in to sign in. `device` keeps one session per kind: "pc", "phone" or "wall".

    `captcha_id` and `captcha` answer a question after failures, `code` is one of the authenticator app, or a
    recovery code.
    """

    account: Annotated[str, Meta(min_length=1, max_length=64)]
    password: Annotated[str, Meta(min_length=1, max_length=256)]
    device: Annotated[str, Meta(pattern="^(pc|phone|wall|)$")] = ""
    captcha_id: Annotated[str, Meta(max_length=64)] = ""
    captcha: Annotated[str, Meta(max_length=16)] = ""
    code: Annotated[str, Meta(max_length=32)] = ""


class Me(Struct, frozen=True):
    """The signed-in person, as the console is told.

    `steps` come before anything else: "password", "totp", "registration", "organisation".
    """

    account: str
    display_name: str
    role: str
    role_name: str
    kind: str
    place_name: str
    agency_id: int | None
    agency_name: str | None
    enterprise_id: int | None
    enterprise_name: str | None
    may: list[str]
    steps: list[str] = []


class Person(Struct, frozen=True, kw_only=True):
    """Somebody with a valid session: who it is, what may be seen (`scope`) and done (`may`).

    `role` is the code of a role, which somebody may have made here; decide by `may` and `kind`: supervisor,
    enterprise, inspector, installer, committee, intermediary or administrator.
    `scope` is what this request sees: a reader may have narrowed it by a view, then `whole` is all that the
    person may see. `data_scope` is the form of the role's: all, custom, own, own-and-below or self.
    `scope` is what this request sees: a reader may have narrowed it by a view, then `whole` is all that the
    person may see. `data_scope` is the form of the role's: all, custom, own, own-and-below or self.
    `agency_rank`: 1 village, 2 township, 3 county, 4 city, 5 province; 0 an enterprise; None without either.
    """

    account_id: int
    account: str
    display_name: str
    role: str
    role_name: str
    kind: str
    agency_id: int | None
    agency_name: str | None
    agency_rank: int | None
    enterprise_id: int | None
    enterprise_name: str | None
    place_name: str
    scope: Scope
    whole: Scope | None = None
    data_scope: str = "self"
    may: frozenset[str]
    token_hash: bytes = b""
    device_kind: str = ""
    request: str = ""
    steps: tuple[str, ...] = ()
    key_prefix: str = ""

    @property
    def full_scope(self) -> Scope:
        """All that the person may see, whatever the view of this request."""
        return self.scope if self.whole is None else self.whole

    @property
    def actor(self) -> Actor:
        """This person as the audit knows it.

        The row policies know what a role may, not what a key may: a key without any of the words that they
        ask for acts under no role.
        """
        narrow = self.key_prefix and self.may.isdisjoint(_POLICY_WORDS)
        return Actor(
            self.account_id,
            "key" if narrow else self.role,
            self.display_name,
            self.request,
            device=self.device_kind,
        )


class AccountRow(Struct, frozen=True, kw_only=True):
    """An account with what decides its rights.

    `own_areas` were given to the person, `areas` are those of the agency, which sits at `agency_place`;
    `supervised` are the enterprises whose supervising agency it is, read for the data scope "own" only.
    """

    id: int
    login: str
    password_hash: str
    display_name: str
    role: str
    role_name: str
    kind: str
    data_scope: str
    sectors: list[str] | None
    operations: list[str]
    agency_id: int | None
    agency_name: str | None
    agency_rank: int | None
    agency_place: str | None
    enterprise_id: int | None
    enterprise_name: str | None
    enterprise_place: str | None
    own_areas: list[str]
    own_names: list[str]
    areas: list[str]
    area_names: list[str]
    supervised: list[str]
    active: bool
    failures: int
    locked_until: datetime | None


class SessionRow(Struct, frozen=True):
    """A session as it was at `now`; `end_reason` says whether and why it is over."""

    account_id: int
    device_kind: str
    created_at: datetime
    seen_at: datetime
    end_reason: str | None
    now: datetime
    steps: list[str]
    way: str


class NewAccount(Struct, frozen=True, kw_only=True):
    """What makes an account.

    `owes`: steps before anything else, of "password", "registration", "organisation". `plain`: an account of
    the demonstration, asked for nothing but its password.
    """

    login: str
    password: str
    display_name: str
    role: str
    agency_id: int | None = None
    enterprise_id: int | None = None
    phone: str | None = None
    phone_verified: bool = False
    on_call: bool = False
    areas: tuple[str, ...] = ()
    owes: tuple[str, ...] = ()
    plain: bool = False
