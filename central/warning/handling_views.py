"""What people did around a warning besides answering: to whom it is given, photographs, readers, urging."""

from datetime import datetime
from uuid import UUID

import msgspec

from central.db.pool import Connection
from central.identity.models import Person
from central.warning import asking, causes, photos, reopening, store, store_handling, wording
from central.warning.photos import Photo
from central.warning.store import Row


class Reader(msgspec.Struct, frozen=True):
    """Somebody who opened a warning, and when first."""

    who: str
    at: datetime


class MergedCase(msgspec.Struct, frozen=True):
    """A case that was merged with this one."""

    id: UUID
    number: str
    title: str


class HandlingView(msgspec.Struct, kw_only=True):
    """The handling of one warning.

    `cause_list` names the dictionary that the form offers; `also` what the caller may do beside answering:
    "comment", "urge", "assign", "reopen". `merged_into`: where it lives on; `members`: what lives on in it.
    """

    cause_list: str
    cause_code: str
    assignee: str | None
    assigned_at: datetime | None
    assigned_by: str | None
    urges: int
    urged_at: datetime | None
    photos: list[Photo]
    readers: list[Reader]
    also: list[str]
    merged_into: MergedCase | None
    members: list[MergedCase]


async def of(conn: Connection, person: Person, row: Row, now: datetime, *, held: bool) -> HandlingView:
    """Give the handling of a case; `held` false: one that only stays readable, without its photographs."""
    return HandlingView(
        cause_list=causes.dictionary_of(row["kind"]),
        cause_code=row["cause_code"],
        assignee=row["assignee_name"],
        assigned_at=row["assigned_at"],
        assigned_by=row["assigned_by"],
        urges=row["urges"],
        urged_at=row["urged_at"],
        photos=await photos.listed(conn, row["id"]) if held else [],
        readers=[Reader(one["who"], one["at"]) for one in await store_handling.readers(conn, row["id"])]
        if held
        else [],
        also=await _also(conn, person, row, now) if held else [],
        merged_into=await _merged_into(conn, row) if held else None,
        members=[_merged(one) for one in await conn.fetch(store.Q.members, row["id"])] if held else [],
    )


def _merged(row: Row) -> MergedCase:
    return MergedCase(row["id"], wording.case_number(row["number"]), row["title"])


async def _merged_into(conn: Connection, row: Row) -> MergedCase | None:
    found = None if row["merged_into"] is None else await store.case_by_id(conn, row["merged_into"])
    return None if found is None else _merged(found)


async def _also(conn: Connection, person: Person, row: Row, now: datetime) -> list[str]:
    can = await asking.also(conn, person, row, now)
    return [*can, "reopen"] if await reopening.may_reopen(conn, person, row) else can
