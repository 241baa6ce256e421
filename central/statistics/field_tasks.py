"""The installer's day: what waits for somebody at gateways and instruments, of the whole of his region."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from central.db.queries import load
from central.statistics.field_models import FieldTask, Kind

if TYPE_CHECKING:
    from central.db.pool import Connection

Q = load(__file__, "queries_field.sql")
SOON: Final = timedelta(days=30)
"""A certificate that ends so soon did not renew itself when a third of its life was left."""
RANKS: Final[tuple[Kind, ...]] = ("offline", "bus", "configuration", "certificate", "enrol", "commission")


async def tasks(
    conn: Connection, now: datetime, kind: Kind | None, after: tuple[int, str, str], limit: int
) -> list[FieldTask]:
    """What waits at gateways and instruments within the scope, the most urgent kind first.

    Args:
        conn: a scoped transaction.
        now: the database's time.
        kind: of this kind alone.
        after: the key of the last row of the page before; (0, "", "") for the first page.
        limit: so many at most.
    """
    return [_task(row) for row in await conn.fetch(Q.field_tasks, now, SOON, kind, *after, limit)]


def key(task: FieldTask) -> tuple[int, str, str]:
    """Where a task stands in the list."""
    return RANKS.index(task.kind) + 1, task.gateway_id, task.what


def _task(row: Any) -> FieldTask:
    return FieldTask(
        kind=row["kind"],
        gateway_id=row["gateway_id"],
        name=row["name"] or row["gateway_id"],
        what=row["what"],
        enterprise_id=row["enterprise_id"],
        enterprise_name=row["enterprise_name"],
        address=row["address"] or "",
        since=row["since"],
        until=row["until"],
        detail=row["detail"] or "",
        many=row["many"],
    )
