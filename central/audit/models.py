"""Entries of the audit as people read them, and what a verification finds."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

Kind = Literal["system", "security", "business"]


class AuditRow(Struct, frozen=True, kw_only=True):
    """One entry: who did what, from where and why; `before` and `after` with personal data masked.

    `kind`: "system" (administrators and workers), "security" (sign-ins, refusals, rights) or "business".
    `place`: where the actor belongs to.
    """

    id: int
    at: datetime
    actor: int | None
    actor_name: str
    role: str
    role_name: str
    place: str
    address: str
    device: str
    kind: Kind
    action: str
    subject_type: str
    subject_id: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    reason: str
    request: str


class AuditPage(Struct, frozen=True):
    items: list[AuditRow]
    next: str | None


class Wanted(Struct, frozen=True, kw_only=True):
    """The filters of the list; None or "" leaves all. Times are half open [since, until)."""

    since: datetime | None = None
    until: datetime | None = None
    actor: int | None = None
    who: str = ""
    kind: str = ""
    action: str = ""
    subject_type: str = ""
    subject_id: str = ""
    address: str = ""
    text: str = ""


class Day(Struct, frozen=True, kw_only=True):
    """The signed root of one day: how many entries it sealed, the chain's head at its end.

    `sound`: what the centre found when it closed the day; `problem` says what was wrong.
    """

    day: date
    count: int
    position: int
    hash: str
    sound: bool
    problem: str
    key: str
    signature: str


class DayPage(Struct, frozen=True):
    items: list[Day]
    next: str | None


class Finding(Struct, frozen=True, kw_only=True):
    """Something that is not as it was sealed.

    `kind`: "edited", "deleted", "reordered", "inserted", "link" (a chain row was changed), "cut" (the chain
    ends before a signed head), "rewritten" (a signed root has another hash), "root" (one is missing, differs
    or is not signed by this centre), "archive" (a file is missing or changed).
    """

    kind: str
    position: int | None
    audit_id: int | None
    detail: str


class Report(Struct, frozen=True, kw_only=True):
    """What a verification saw; `skipped_ids`: numbers that no entry has, of transactions rolled back."""

    entries: int
    archived: int
    roots: int
    unsealed: int
    skipped_ids: int
    head: int
    findings: list[Finding]
    unlisted: int = 0

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


class PersonalAsked(Struct, frozen=True):
    """Why somebody wants to see a number that is masked."""

    reason: Annotated[str, Meta(max_length=500)] = ""


class Personal(Struct, frozen=True, kw_only=True):
    """Personal data in full; every giving of it is audited. What a record does not have is empty."""

    name: str = ""
    phone: str = ""
    identity_number: str = ""
