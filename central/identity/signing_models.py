"""What signing in is about: the rules, the account that comes, the attempt and its outcome."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from central.identity.models import Person


class SignInRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rules of this installation (GB/T 22239-2019 asks for limits without numbers).

    `max_age_days`, `no_reuse` and `captcha_after` 0 switch their rule off; `totp_kinds` are the kinds of role
    that need a second factor.
    """

    min_length: Annotated[int, Meta(ge=6, le=64)] = 8
    min_classes: Annotated[int, Meta(ge=1, le=4)] = 3
    max_age_days: Annotated[int, Meta(ge=0, le=3650)] = 90
    no_reuse: Annotated[int, Meta(ge=0, le=24)] = 5
    initial_days: Annotated[int, Meta(ge=1, le=30)] = 3
    captcha_after: Annotated[int, Meta(ge=0, le=20)] = 3
    lock_after: Annotated[int, Meta(ge=3, le=20)] = 5
    lock_minutes: Annotated[int, Meta(ge=1, le=1440)] = 15
    totp_kinds: list[
        Literal[
            "supervisor", "enterprise", "inspector", "installer", "committee", "intermediary", "administrator"
        ]
    ] = []
    version: int = 1


class Signer(Struct, frozen=True, kw_only=True):
    """An account at the door."""

    id: int
    login: str
    display_name: str
    role: str
    kind: str
    password_hash: str
    active: bool
    failures: int
    locked_until: datetime | None
    owes: list[str]
    plain: bool
    initial_until: datetime | None
    password_changed_at: datetime
    enterprise_id: int | None
    keeps_organisation: bool
    totp_secret: bytes | None
    totp_on: bool
    totp_step: int
    device_hash: bytes | None
    device_failures: int
    device_locked_until: datetime | None


class Attempt(Struct, frozen=True, kw_only=True):
    """One try to sign in. `device_token` is what this browser was given at an earlier success."""

    login: str
    password: str
    device_kind: str = "pc"
    address: str = ""
    device_token: str = ""
    former_token: str = ""
    captcha_id: str = ""
    captcha: str = ""
    code: str = ""


class SignedIn(Struct, frozen=True):
    """A new session: the tokens are told once, to the cookies."""

    token: str
    device_token: str
    person: Person


class Captcha(Struct, frozen=True):
    """A question for people: a picture as a data URL, or words for those who do not see it."""

    id: str
    image: str
    question: str
