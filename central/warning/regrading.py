"""What a table makes worse with time: a case that lasts is graded again, one that comes again is counted.

Keeps law-warning 11: a level that rises ends the pause and arms its own steps from now; it never falls.
Timers are rows (law-warning 20): a wait is kept while its condition holds, and decided under the case's lock.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from central.clock import database_now
from central.db.pool import CONNECTION_LOST, DATABASE_AWAY, Connection, Database
from central.db.queries import load
from central.db.scope import acting
from central.warning import grading, ladder, store, wording
from central.warning.escalation import Raised
from central.warning.grading import Matter, NoRule
from central.warning.models import FALSE_ALARM, UNANSWERED, Grade, Identity, LevelRule
from central.warning.store import Row

_log = logging.getLogger(__name__)
_Q = load(__file__, "queries_regrading.sql")
_LOOK_AGAIN_S: Final = 1.0
_AFTER_FAILURE: Final = timedelta(seconds=60)

Clock = Callable[[Connection], Awaitable[datetime]]


async def raised(
    conn: Connection, table: Sequence[LevelRule], identity: Identity, matter: Matter, at: datetime
) -> dict[int, int]:
    """Count how often something was raised, this time included, by the hours that rows of a table name.

    Args:
        conn: the transaction of the raise.
        table: the rows that are valid for it.
        identity: of its case.
        matter: what is graded.
        at: when it was raised now.
    """
    counts = {}
    for hours in grading.windows(table, matter):
        since = at - timedelta(hours=hours)
        before: int = await conn.fetchval(
            _Q.raises_since,
            identity.kind,
            identity.subject_type,
            identity.subject_id,
            identity.side,
            identity.is_test,
            since,
            at,
        )
        counts[hours] = 1 + before
    return counts


async def arm(conn: Connection, warning_id: UUID, matter: Matter, grade: Grade, now: datetime) -> None:
    """Let a case be looked at again when a row of its table would make it worse.

    Args:
        conn: the transaction of the raise, which holds the case.
        warning_id: of the case.
        matter: as it was graded.
        grade: what that gave.
        now: from when it is taken to hold: when the raise reached the centre.
    """
    if grade.wait_s is None:
        return
    due = now + timedelta(seconds=grade.wait_s)
    await conn.execute(
        _Q.arm, warning_id, matter.side, matter.limit_name, matter.quantity, matter.hazard_class, now, due
    )


async def run(database: Database, now: Clock = database_now) -> None:
    """Grade again what is due until cancelled; waits out a database that is away."""
    while True:
        try:
            while await fire_due(database, now):
                pass
        except DATABASE_AWAY as exc:
            _log.warning("regrading waits for the database: %s", exc)
        await asyncio.sleep(_LOOK_AGAIN_S)


async def fire_due(database: Database, now: Clock = database_now) -> bool:
    """Look at the case whose wait is due longest; false when none is due that nobody else works on."""
    held: UUID | None = None
    try:
        async with acting(database.worker) as conn:
            # The case is locked before its waits, as a raise does it.
            held = await conn.fetchval(_Q.due_case, await now(conn))
            if held is None:
                return False
            await _look(conn, held, await now(conn))
    except Exception as exc:
        # Supervised: one case that can't be worked on must not hold up the others.
        if held is None or (isinstance(exc, CONNECTION_LOST) and not isinstance(exc, ValueError)):
            raise
        _log.exception("warning %s could not be graded again; it is tried again", held)
        async with acting(database.worker) as conn:
            await conn.execute(_Q.put_off, held, await now(conn) + _AFTER_FAILURE)
    return True


async def _look(conn: Connection, warning_id: UUID, now: datetime) -> None:
    """Grade each of a case's conditions that is due as it is now; what is over waits no more."""
    for wait in await conn.fetch(_Q.due_waits, warning_id, now):
        row = await store.lock_case(conn, warning_id)
        assert row is not None
        key = (warning_id, wait["limit_name"])
        if row["state"] == FALSE_ALARM and row["suppressed_until"] is not None:
            # What was called false stays so until then; a case that follows it takes the wait over.
            await conn.execute(_Q.wait_until, *key, max(row["suppressed_until"], now + _AFTER_FAILURE))
            continue
        if row["state"] not in UNANSWERED:
            follower = await store.holding_case(conn, _identity(row), now)
            await conn.execute(_Q.forget, *key)
            if row["state"] == FALSE_ALARM and follower is not None:
                await conn.execute(
                    _Q.arm, follower["id"], wait["side"], wait["limit_name"], wait["quantity"],
                    wait["hazard_class"], wait["since"], now,
                )  # fmt: skip
            continue
        if not await conn.fetchval(_Q.still_holds, *key):
            await conn.execute(_Q.forget, *key)
            continue
        await _grade_again(conn, row, wait, now)


async def _grade_again(conn: Connection, row: Row, wait: Row, now: datetime) -> None:
    key = (row["id"], wait["limit_name"])
    matter = Matter(
        kind=row["kind"],
        side=wait["side"],
        limit_name=wait["limit_name"],
        quantity=wait["quantity"],
        hazard_class=wait["hazard_class"],
    )
    table = await store.level_rules(conn, row["place"], now, row["kind"])
    try:
        grade = grading.grade(table, matter, (now - wait["since"]).total_seconds())
    except NoRule:
        await conn.execute(_Q.forget, *key)
        return
    if grade.wait_s is None:
        await conn.execute(_Q.forget, *key)
    else:
        await conn.execute(_Q.wait_until, *key, now + timedelta(seconds=grade.wait_s))
    if grade.level <= row["level"]:
        return
    await conn.execute(_Q.set_reason, row["id"], grade.reason)
    await store.change(conn, store.Q.set_acknowledged, row["id"], None, None)
    policy = await store.policy(conn, row["place"], grade.level, now, row["kind"])
    fresh = await store.case_by_id(conn, row["id"])
    assert fresh is not None
    words = f"{wording.LEVEL_WORDS[grade.level]}：{grade.reason}"
    await ladder.take(conn, fresh, Raised(grade.level, policy), now, detail=words)
    await ladder.reconsider(conn, row["id"], now)


def _identity(row: Row) -> Identity:
    return Identity(*(row[field] for field in Identity.__struct_fields__))
