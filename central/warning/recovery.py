"""What a centre that was restored from a backup does: it holds old calls, and says whose state nobody knows.

Keeps law-never-lose 18. What people answered after the backup is lost with it, so every case that the backup
knows as unanswered may have been answered since:

    begin   calls that had not ended are held for release; each unanswered case is marked "state unknown,
            confirm" and its ladder waits GRACE, in which gateways tell what still stands; then it climbs on
    while   a case raised between backup and restore is marked alike when its event comes again; one that the
            backup knows, handled or not, opens no second time, since its id derives from its raising event
    answer  whatever a person does about a case ends its mark
    end     by name, once no call is held any more

A ladder is never held without an end: nobody may ever look, and the alarm may stand.
"""

from datetime import datetime, timedelta
from typing import Final

import msgspec

from central.db.errors import DomainError
from central.db.pool import Connection
from central.identity import service as identity
from central.warning import ladder, store, store_recovery, wording
from central.warning.store import Row

GRACE: Final = timedelta(minutes=10)
"""So long may gateways take to come back and tell what stands; our proposal."""
_FROM_BACKUP: Final = "自备份 "


class Recovery(msgspec.Struct, frozen=True):
    """A running recovery, with what is still held and unconfirmed."""

    began_at: datetime
    begun_by: str
    held: int
    unconfirmed: int


async def running(conn: Connection) -> Recovery | None:
    """Give the running recovery, or None when the centre knows what it knows."""
    row = await store_recovery.recovery(conn)
    return None if row is None else msgspec.convert(dict(row), Recovery)


async def begin(conn: Connection, now: datetime, by: str) -> Recovery:
    """Go into recovery; one that runs already is left as it is.

    Args:
        conn: a transaction of a worker, before any timer fires.
        now: the database's time.
        by: who says so.
    """
    known = await running(conn)
    if known is not None:
        return known
    await store_recovery.begin_recovery(conn, now, by)
    held = await store_recovery.hold_calls(conn, now)
    cases = await store_recovery.unsettled_cases(conn)
    for row in cases:
        await store.change(conn, store.Q.set_unconfirmed, row["id"], now)
        await ladder.put_off(conn, row, now + GRACE, now)
    told = {"held": held, "unconfirmed": len(cases)}
    await identity.audit(conn, "began", "recovery", str(now), after=told, reason=by)
    return Recovery(now, by, held, len(cases))


async def mark(conn: Connection, row: Row, raised_at: datetime, now: datetime) -> None:
    """Mark a case that opens now, if it was raised before the restore: people may have answered it."""
    known = await store_recovery.recovery(conn)
    if known is not None and raised_at < known["began_at"]:
        await store.change(conn, store.Q.set_unconfirmed, row["id"], now)
        title = wording.NOTES["since_backup"]
        await store.add_event(conn, row["id"], now, now, "centre", "since_backup", title)


async def release(conn: Connection, now: datetime, by: str) -> int:
    """Send what was held, as far as its case still calls; gives how many calls there were."""
    count = await store_recovery.release_calls(conn, now)
    await identity.audit(conn, "released", "recovery", str(now), after={"calls": count}, reason=by)
    return count


async def discard(conn: Connection, now: datetime, by: str) -> int:
    """End what was held without sending it; gives how many calls there were."""
    count = await store_recovery.discard_calls(conn, now)
    await identity.audit(conn, "discarded", "recovery", str(now), after={"calls": count}, reason=by)
    return count


async def end(conn: Connection, now: datetime, by: str) -> None:
    """Leave recovery; cases keep their mark until somebody answers them.

    Raises:
        DomainError: there is none, or calls are still held.
    """
    known = await running(conn)
    if known is None:
        raise DomainError("no-recovery", "中心不在恢复状态。", 409)
    if known.held:
        raise DomainError("calls-held", f"还有 {known.held} 条通知被扣留：请先放行或作废。", 409)
    await store_recovery.end_recovery(conn, now, by)
    await identity.audit(conn, "ended", "recovery", str(now), reason=by)


async def look_home(conn: Connection, fingerprint: str, now: datetime) -> bool:
    """Go into recovery if this database is a copy of the one that ran last; true if so.

    Args:
        conn: a transaction of a worker, before any timer fires.
        fingerprint: names the place where the database lives, as `central.db.home` gives it.
        now: the database's time.
    """
    before = await store_recovery.move_home(conn, fingerprint, now)
    if before is None or before == fingerprint:
        return False
    by = before if before.startswith(_FROM_BACKUP) else "中心自动判断：数据库是另一处的副本"
    await begin(conn, now, by)
    return True


async def came_from_backup(conn: Connection, name: str, made_at: datetime, now: datetime) -> None:
    """Remember that this database was restored: whichever place it lives at, its next start is a recovery.

    The recovery begins at that start and not now, so that its ladders wait for gateways that can be heard.

    Args:
        conn: a transaction of a worker on the restored database.
        name: of the backup.
        made_at: when that was made.
        now: the database's time.
    """
    await store_recovery.move_home(conn, f"{_FROM_BACKUP}{name}（{made_at:%Y-%m-%d %H:%M} UTC）恢复", now)
