"""Accounts of people as those above see and keep them: never a password but the one-time one, told once."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from central.organisation.models import Id, Name, OpenPhone


class AccountForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody above decides about an account.

    `areas`: region codes or places of enterprises of the person's own (an inspector of three townships).
    `phone_verified`: whoever enters the number has tried it with the person; only then are calls sent there.
    """

    display_name: Name
    role: Annotated[str, Meta(pattern="^[a-z][a-z0-9-]{1,31}$")]
    agency_id: Id | None = None
    enterprise_id: Id | None = None
    committee_unit_id: Id | None = None
    intermediary_id: Id | None = None
    phone: OpenPhone = ""
    phone_verified: bool = False
    on_call: bool = False
    areas: Annotated[list[Annotated[str, Meta(max_length=64)]], Meta(max_length=200)] = []


class NewAccountForm(AccountForm, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An account to be made; its login stays for good."""

    login: Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9._-]{1,62}$")]


class Account(Struct, frozen=True, kw_only=True):
    """An account; `state`: active, off, locked, pending, refused or removed."""

    id: int
    login: str
    display_name: str
    role: str
    role_name: str
    kind: str
    agency_id: int | None
    agency_name: str | None
    enterprise_id: int | None
    enterprise_name: str | None
    committee_unit_id: int | None
    committee_unit_name: str | None
    intermediary_id: int | None
    intermediary_name: str | None
    department_name: str | None
    phone: str
    phone_verified: bool
    on_call: bool
    areas: list[str]
    area_names: list[str]
    state: str
    locked_until: datetime | None
    review_opinion: str
    reviewed_by: str
    reviewed_at: datetime | None
    created_at: datetime
    place: str
    version: int


class AccountPage(Struct, frozen=True):
    items: list[Account]
    next: str | None


class AccountMade(Struct, frozen=True):
    """A new account with its one-time password, shown now and never again; none while it waits for review."""

    account: Account
    password: str | None


class OneTimePassword(Struct, frozen=True):
    """Shown now and never again; it must be replaced at the next sign-in."""

    password: str


class Why(Struct, frozen=True, forbid_unknown_fields=True):
    """Why something is done, for the audit."""

    reason: Annotated[str, Meta(min_length=1, max_length=500)]


class Switch(Struct, frozen=True, forbid_unknown_fields=True):
    """On or off, and why."""

    active: bool
    reason: Annotated[str, Meta(min_length=1, max_length=500)]


class Review(Struct, frozen=True, forbid_unknown_fields=True):
    """What the supervising agency decided about an account that an enterprise made, with its opinion."""

    decision: Literal["approved", "refused"]
    opinion: Annotated[str, Meta(min_length=1, max_length=500)]


class AccountFilter(Struct, frozen=True, kw_only=True):
    """Which accounts of a list are wanted; empty means all (removed ones only when asked for)."""

    q: str = ""
    kind: str = ""
    role: str = ""
    agency_id: int | None = None
    enterprise_id: int | None = None
    committee_unit_id: int | None = None
    intermediary_id: int | None = None
    state: str = ""
