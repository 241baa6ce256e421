"""What people did around a warning besides answering: to whom it is given, photographs, readers, urging."""

from datetime import datetime

import msgspec

from central.db.pool import Connection
from central.identity.models import Person
from central.warning import asking, causes, photos, reopening, store_handling
from central.warning.photos import Photo
from central.warning.store import Row


class Reader(msgspec.Struct, frozen=True):
    """Somebody who opened a warning, and when first."""

    who: str
    at: datetime


class HandlingView(msgspec.Struct, kw_only=True):
    """The handling of one warning.

    `cause_list` names the dictionary that the form offers; `also` what the caller may do beside answering:
    "comment", "urge", "assign", "reopen".
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
    )


async def _also(conn: Connection, person: Person, row: Row, now: datetime) -> list[str]:
    can = await asking.also(conn, person, row, now)
    return [*can, "reopen"] if await reopening.may_reopen(conn, person, row) else can
