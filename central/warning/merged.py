"""The case in which a merged one lives on, found by whoever raises the merged one again.

Keeps law-warning 18. Locks are taken from the member to its survivor, never back: what ends a survivor looks
at no member, so an identity is given free by the raise that finds its survivor ended.
"""

from datetime import datetime

from central.db.pool import Connection
from central.warning import store
from central.warning.models import FALSE_ALARM, UNANSWERED
from central.warning.store import Row


async def survivor(conn: Connection, member: Row, now: datetime, level: int) -> Row | None:
    """Give the case that a raise of a merged one joins, locked.

    Args:
        conn: the transaction of the raise, which locked the member.
        member: a case whose identity is occupied.
        now: its time.
        level: of the raise; a suppression holds back nothing worse than what was called false.

    Returns:
        The survivor; None when it has ended: the member's identity is free from now on.
    """
    at = member
    while at["occupied"]:
        above = await store.lock_case(conn, at["merged_into"])
        assert above is not None
        at = above
    suppressed = at["state"] == FALSE_ALARM and at["suppressed_until"] is not None
    if at["state"] in UNANSWERED or (suppressed and at["suppressed_until"] > now and level <= at["level"]):
        return at
    await store.change(conn, store.Q.set_free, member["id"])
    return None
