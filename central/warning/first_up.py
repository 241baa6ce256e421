"""Which of several cases that began together came first (首发), by the time at the plant (decision 0053).

Cases of one gateway whose raises follow each other within a window belong together; the first of two or more
is marked. What came late is put where it happened: the mark moves to whatever was earlier.
"""

import itertools
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from central.db.pool import Connection
from central.db.queries import load
from central.warning.models import ALARM, OUTPUT, QUALITY
from central.warning.store import Row

Q = load(__file__, "queries_storms.sql")

AT_PLANT: Final = frozenset({ALARM, QUALITY, OUTPUT})
"""Kinds whose raise carries the time of the plant; all others begin by the centre's clock."""


class Neighbour(msgspec.Struct, frozen=True):
    """The case before or after another within the window; `first`: none within the window is before it."""

    id: UUID
    first: bool
    marked: bool


class Marks(msgspec.Struct, frozen=True):
    """What a new case changes: its own mark, and those of the case before and the one after it."""

    own: bool
    mark: UUID | None = None
    unmark: UUID | None = None


def first_ups(moments: Iterable[datetime], window: timedelta) -> set[int]:
    """Give the places, in order of time, of what came first of two or more that follow each other.

    Args:
        moments: when each began, in any order.
        window: so near each is to the one before it.
    """
    ordered = sorted(moments)
    near = [False, *(later - sooner <= window for sooner, later in itertools.pairwise(ordered))]
    return {
        place
        for place in range(len(ordered))
        if not near[place] and place + 1 < len(ordered) and near[place + 1]
    }


def marks(before: Neighbour | None, after: Neighbour | None) -> Marks:
    """Decide what a case that joins changes; the same as `first_ups` of all, one case at a time."""
    return Marks(
        own=before is None and after is not None,
        mark=before.id if before is not None and before.first and not before.marked else None,
        unmark=after.id if after is not None and after.marked else None,
    )


async def join(conn: Connection, row: Row, now: datetime) -> None:
    """Put a new case among those of its gateway, and move the mark if it has to.

    Args:
        conn: the transaction that opened it.
        row: the case as it was inserted.
        now: its time, for the numbers that hold.
    """
    if row["kind"] not in AT_PLANT or row["gateway_id"] is None:
        return
    found: dict[bool, Neighbour] = {}
    for each in await conn.fetch(Q.neighbours, row["id"], now, sorted(AT_PLANT)):
        found[each["earlier"]] = Neighbour(each["id"], each["first"], each["marked"])
    change = marks(found.get(True), found.get(False))
    changed: Mapping[UUID | None, bool] = {change.mark: True, change.unmark: False}
    if change.own:
        await _set(conn, row["id"], True)
    for warning_id, first in changed.items():
        if warning_id is not None:
            await _set(conn, warning_id, first)


async def _set(conn: Connection, warning_id: Any, first: bool) -> None:
    await conn.execute(Q.set_first_up, warning_id, first)
