"""The SQL of handling: photographs, readers, who a case is given to, calls that people ask for."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from central.db.pool import Connection
from central.db.queries import load
from central.warning.store import Row

Q = load(__file__, "queries_handling.sql")


async def rule(conn: Connection, place: str, now: datetime) -> Row:
    """Give the numbers of handling at a place."""
    row = await conn.fetchrow(Q.handling_rule, place, now)
    if row is None:
        raise LookupError(f"handling_rule has no row for {place!r}, not even the general one")
    return row


async def photos(conn: Connection, warning_id: UUID) -> list[Row]:
    """Give the photographs of a case."""
    return await conn.fetch(Q.photos, warning_id)


async def add_photos(
    conn: Connection,
    warning_id: UUID,
    named: Sequence[tuple[str, str]],
    now: datetime,
    account_id: int,
    who: str,
) -> None:
    """Keep photographs of a case; `named`: (sha256, name) of each."""
    files, names = [one[0] for one in named], [one[1] for one in named]
    await conn.execute(Q.add_photos, warning_id, files, names, now, account_id, who)


async def shown_photo(conn: Connection, warning_id: UUID, sha256: str) -> int | None:
    """Give the number of the case if it has this photograph and the caller sees it."""
    number: int | None = await conn.fetchval(Q.shown_photo, warning_id, sha256)
    return number


async def note_read(conn: Connection, warning_id: UUID, account_id: int, who: str, now: datetime) -> None:
    """Note that somebody opened a case; the first time counts."""
    await conn.execute(Q.note_read, warning_id, account_id, who, now)


async def readers(conn: Connection, warning_id: UUID) -> list[Row]:
    """Give who opened a case."""
    return await conn.fetch(Q.readers, warning_id)


async def colleagues(conn: Connection, agency_id: int | None, enterprise_id: int | None) -> list[Row]:
    """Give who of an agency or a plant answers for warnings; as the worker, who may read accounts."""
    return await conn.fetch(Q.colleagues, agency_id, enterprise_id)


async def account_to_call(conn: Connection, account_id: int) -> list[Row]:
    """Give one account as a rung finds people; nobody when it is switched off."""
    return await conn.fetch(Q.account_to_call, account_id)


async def similar(conn: Connection, row: Row) -> list[Row]:
    """Give earlier cases like this one, as rows of a list with `same`."""
    return await conn.fetch(Q.similar, *_alike(row))


async def count_similar(conn: Connection, row: Row) -> Row:
    """Count the cases of the same subject and kind in the `month` and the `year` before."""
    found = await conn.fetchrow(Q.count_similar, *_alike(row))
    assert found is not None
    return found


def _alike(row: Row) -> tuple[object, ...]:
    names = "id enterprise_id agency_id subject_type subject_id kind is_test raised_at"
    return tuple(row[name] for name in names.split())
