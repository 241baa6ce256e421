"""Whether a case's calls wait, read from what is committed: dead gateways and instruments, windows in force.

Keeps law-warning 4. Nothing here is decided for another case than the one that the caller has locked:

    lock order  a transaction that reconsiders a case locks that case alone; dead things and windows are read
                without a lock, and a task's row is locked before its case. So nobody waits in a circle.
    no loss     what changes (a death, a return, a window) leaves a task in its own transaction; after the
                commit the task looks for the cases that it concerns, and each is decided in a transaction of
                its own. A case that was opened meanwhile, and read the world as it was before, looks again by
                a timer of its own soon after its commit. A crash leaves the task, or the timer.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from central.db.pool import Connection
from central.db.queries import load
from central.warning import topology, window_rules, wording
from central.warning.escalation import PARENT, WINDOW
from central.warning.store import Row
from central.warning.topology import Dead
from central.warning.window_rules import Window

Q: Final = load(__file__, "queries_holds.sql")

_SOON: Final = timedelta(seconds=5)
"""After it began to wait: what was committed beside it is seen then."""
_NET: Final = timedelta(minutes=10)
"""However long it waits: a net below everything that should have told it."""


class Verdict(msgspec.Struct, frozen=True):
    """Under which case one is shown, and why its calls wait; `by` is empty when they don't."""

    parent: Dead | None = None
    window: Window | None = None
    by: str = ""
    words: str = ""


async def verdict(conn: Connection, row: Row, now: datetime) -> Verdict:
    """Decide for a locked case as the world is committed now."""
    explained = row["kind"] in topology.EXPLAINED and row["gateway_id"] is not None
    held_back = row["kind"] in window_rules.HELD_BACK and row["enterprise_id"] is not None
    if not explained and not held_back:
        return Verdict()
    windows = []
    if held_back and not row["is_test"]:
        windows = await conn.fetch(Q.lasting_windows, row["enterprise_id"], now)
    dead = await conn.fetch(Q.dead, row["gateway_id"]) if explained else []
    if not windows and not dead:
        return Verdict()
    source = topology.source_of(row["subject_type"], row["subject_id"])
    if not source and row["point_id"] is not None:
        source = await conn.fetchval(Q.source_of_point, row["point_id"]) or ""
    window = window_rules.holding([_window(one) for one in windows], _covered(row, source), now)
    matter = _explained(row, source)
    parent = topology.parent_of(matter, [_dead(one) for one in dead])
    if parent is not None and topology.waits(matter, parent):
        told = next(one for one in dead if one["id"] == parent.id)
        words = f"{wording.case_number(told['number'])} {told['title']}"
        return Verdict(parent, window, PARENT, words)
    if window is not None:
        told = next(one for one in windows if one["id"] == window.id)
        words = (
            f"{wording.WINDOWS[told['category']]}：{told['subject_name']}，{told['declared_name']}报备，"
            f"{told['reason']}，至 {wording.clock(window.ends_at)}"
        )
        return Verdict(parent, window, WINDOW, words)
    return Verdict(parent)


def look_again(found: Verdict, now: datetime, *, fresh: bool) -> datetime:
    """Say when a case whose calls wait is looked at again: when its window ends, and soon after it began."""
    until = now + (_SOON if fresh else _NET)
    return min(until, found.window.ends_at) if found.by == WINDOW and found.window is not None else until


async def note(conn: Connection, row: Row, found: Verdict) -> None:
    """Keep under which case one is shown and which window covers it, also when that is over."""
    parent = found.parent.id if found.parent is not None else row["parent_id"]
    window = found.window.id if found.window is not None else row["window_id"]
    if (parent, window) != (row["parent_id"], row["window_id"]):
        await conn.execute(Q.set_explained, row["id"], parent, window)


async def is_back(conn: Connection, parent_id: UUID) -> bool:
    """Say whether a dead gateway or instrument is heard again, rather than called false."""
    active: bool = await conn.fetchval(Q.still_dead, parent_id)
    return not active


async def settle_s(conn: Connection, kind: str) -> float:
    """Give how long a cause of a kind may take to show that it is over, in seconds."""
    found: float | None = await conn.fetchval(Q.settle_s, kind)
    return found or 0.0


async def claim_task(conn: Connection, now: datetime) -> Row | None:
    """Lock a task that is due and that nobody else works on."""
    return await conn.fetchrow(Q.claim_task, now)


async def spread(conn: Connection, task: Row) -> UUID | None:
    """Make a task of a dead thing or a window one of each of its cases; give the case of one that has one."""
    if task["parent_id"] is not None:
        await conn.execute(Q.look_around_dead, task["parent_id"], sorted(topology.EXPLAINED))
    elif task["window_id"] is not None:
        await conn.execute(Q.look_around_window, task["window_id"], list(window_rules.HELD_BACK))
    await conn.execute(Q.end_task, task["id"])
    found: UUID | None = task["warning_id"]
    return found


def _window(row: Row) -> Window:
    return Window(
        id=row["id"],
        subject_type=row["subject_type"],
        subject_id=row["subject_id"],
        enterprise_id=row["enterprise_id"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        kinds=tuple(row["kinds"]),
        consented=row["consented"],
    )


def _dead(row: Row) -> Dead:
    return Dead(
        id=row["id"],
        subject_type=row["subject_type"],
        gateway_id=row["gateway_id"],
        source=topology.source_of(row["subject_type"], row["subject_id"]),
        level=row["level"],
        state=row["state"],
        active=row["active"],
        is_test=row["is_test"],
    )


def _explained(row: Row, source: str) -> topology.Matter:
    return topology.Matter(
        id=row["id"],
        kind=row["kind"],
        subject_type=row["subject_type"],
        gateway_id=row["gateway_id"] or "",
        source=source,
        level=row["level"],
        is_test=row["is_test"],
    )


def _covered(row: Row, source: str) -> window_rules.Matter:
    return window_rules.Matter(
        kind=row["kind"],
        enterprise_id=row["enterprise_id"],
        gateway_id=row["gateway_id"] or "",
        source=source,
        point_id=row["point_id"],
        level=row["level"],
        is_test=row["is_test"],
    )
