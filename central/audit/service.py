"""Reading the audit: within the reader's rights by the table's own policy, masked, and itself audited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from central.audit import roots, store
from central.db.errors import NotFoundError
from central.identity import masking
from central.identity import service as identity

if TYPE_CHECKING:
    from datetime import date

    from central.audit.models import AuditRow, Day, Wanted
    from central.db.pool import Connection
    from central.identity.models import Person

# Written when something refuses, from the middle layer of HTTP.
REFUSED = "refused"


async def page(
    conn: Connection, person: Person, wanted: Wanted, before_id: int | None, limit: int
) -> list[AuditRow]:
    """Entries that the reader may see, newest first; who reads is written first.

    Args:
        conn: a transaction with the reader's scope.
        person: the reader.
        wanted: the filters.
        before_id: of the last entry of the page before.
        limit: how many.
    """
    rows = await store.page(conn, wanted, before_id, limit)
    asked = {name: value for name, value in structs.asdict(wanted).items() if value not in (None, "")}
    await identity.audit(
        conn, "read-audit", "audit", f"{rows[-1].id}-{rows[0].id}" if rows else "", after={"filter": asked}
    )
    return [_masked(row, person) for row in rows]


async def entry(conn: Connection, person: Person, audit_id: int) -> AuditRow:
    """One entry.

    Raises:
        NotFoundError: none, or not for this reader.
    """
    row = await store.entry(conn, audit_id)
    if row is None:
        raise NotFoundError
    await identity.audit(conn, "read-audit", "audit", audit_id)
    return _masked(row, person)


def _masked(row: AuditRow, person: Person) -> AuditRow:
    if row.actor is not None and row.actor == person.account_id:
        return row
    return structs.replace(
        row,
        before=masking.record(row.before) if row.before else row.before,
        after=masking.record(row.after) if row.after else row.after,
        reason=masking.in_text(row.reason),
    )


async def days(conn: Connection, before: date | None, limit: int) -> list[Day]:
    """The signed days, newest first.

    Args:
        conn: a worker connection: a root holds nobody's data.
        before: the last day of the page before.
        limit: how many.
    """
    return [roots.day_of(row) for row in await store.root_page(conn, before, limit)]
