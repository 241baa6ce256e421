"""Records of registers: as they are kept, listed, shown and compared."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from msgspec import Meta, Struct

Id = Annotated[int, Meta(ge=1, le=2**31 - 1)]
Reason = Annotated[str, Meta(max_length=500)]


class Owner(Struct, frozen=True):
    """To whom a record belongs: one of both."""

    enterprise_id: int | None = None
    agency_id: int | None = None


class Kept(Struct, frozen=True, kw_only=True):
    """A record as it is stored; `counted` is what counts, `payload` what is being worked on.

    Both are what fits the declaration of today; `stored` is the payload with what was kept under former ones.
    """

    id: int
    enterprise_id: int | None
    agency_id: int | None
    owner_name: str | None
    place: str
    sector: str
    state: str
    version: int
    payload: dict[str, Any]
    stored: dict[str, Any]
    counted: dict[str, Any] | None
    title: str
    valid_from: date | None
    created_at: datetime
    created_name: str
    changed_at: datetime
    changed_name: str
    submitted_at: datetime | None
    submitted_by: int | None
    reviewed_at: datetime | None
    reviewed_name: str
    opinion: str
    reason: str
    counted_title: str
    counted_version: int | None
    counted_from: date | None
    counted_at: datetime | None
    counted_name: str


class May(Struct, frozen=True):
    """What the reader may do with a record as it stands."""

    change: bool = False
    submit: bool = False
    review: bool = False
    remove: bool = False


class GivenValue(Struct, frozen=True):
    """A label of the paper form that another record fills in, and what that record says, in words."""

    title: str
    title_en: str
    text: str


class Record(Struct, frozen=True, kw_only=True):
    """A record as people see it, personal numbers masked for whoever is not its owner.

    `state`: draft, submitted, valid or returned. `counted`: the values that count while others are worked on;
    null when nothing counts yet.
    """

    id: int
    register: str
    version: int
    state: str
    title: str
    owner_name: str
    enterprise_id: int | None
    agency_id: int | None
    place: str
    values: dict[str, Any]
    counted: dict[str, Any] | None
    opinion: str
    valid_from: date | None
    created_at: datetime
    created_by: str
    changed_at: datetime
    changed_by: str
    submitted_at: datetime | None
    reviewed_at: datetime | None
    reviewed_by: str
    may: May
    given: list[GivenValue] = []  # told where one record is read, with what former declarations left


class Row(Struct, frozen=True, kw_only=True):
    """A record in a list: the columns of its register."""

    id: int
    enterprise_id: int | None
    agency_id: int | None
    owner_name: str
    place: str
    state: str
    title: str
    version: int
    valid_from: date | None
    changed_at: datetime
    values: dict[str, Any]


class Page(Struct, frozen=True):
    items: list[Row]
    next: str | None


class Query(Struct, frozen=True, kw_only=True):
    """What a list is asked for.

    Attributes:
        limit: rows a page.
        cursor: where the page before ended.
        sort: a filter of the register, or id, title, state, changed_at, created_at; a "-" before it turns it.
        q: part of the title, or of its pinyin initials.
        enterprise_id: of one enterprise.
        agency_id: of one agency.
        region: of one region and what lies in it.
        state: of one state.
        filters: by filter, filter.from and filter.to, as they stand in an address.
        as_of: what counted on this day, in place of what is kept now.
    """

    limit: int = 50
    cursor: str | None = None
    sort: str = "-id"
    q: str = ""
    enterprise_id: int | None = None
    agency_id: int | None = None
    region: str = ""
    state: str = ""
    filters: dict[str, str] = {}
    as_of: date | None = None


class Count(Struct, frozen=True):
    """How many records have one value of a field; null: none."""

    value: str | None
    label: str
    count: int


class Counts(Struct, frozen=True):
    items: list[Count]
    total: int


class FieldChange(Struct, frozen=True):
    """One value that an edit changed; `field` is its place, such as "teams[2].name"."""

    field: str
    title: str
    before: Any
    after: Any


class Version(Struct, frozen=True, kw_only=True):
    """One step of a record's history, and what it changed against the step before."""

    version: int
    at: datetime
    by: str
    reason: str
    state: str
    valid_from: date | None
    changes: list[FieldChange]


class History(Struct, frozen=True):
    items: list[Version]


class NewRecord(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new record; without an owner it is the writer's own."""

    values: dict[str, Any]
    enterprise_id: Id | None = None
    agency_id: Id | None = None
    submit: bool = False
    reason: Reason = ""
    valid_from: date | None = None


class RecordChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All values of a record as they shall be. A masked number that comes back stays as it is kept."""

    values: dict[str, Any]
    submit: bool = False
    reason: Reason = ""
    valid_from: date | None = None


class Review(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Approved, or returned with an opinion."""

    approve: bool
    opinion: Annotated[str, Meta(max_length=1000)] = ""


class Given(Struct, frozen=True, kw_only=True):
    """One row of many: whose it is, its values, and which record it changes, where that is known."""

    owner: Owner
    values: dict[str, Any]
    record_id: int | None = None


class Outcome(Struct, frozen=True, kw_only=True):
    """What became of one row of many: "created", "changed", "unchanged" or "refused" with every bad field."""

    outcome: str
    record_id: int | None = None
    problems: list[Any] = []
