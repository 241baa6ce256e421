"""When the database is not there: told apart from everything else that may go wrong with a commit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import asyncpg

from central.db.pool import CONNECTION_LOST, DATABASE_AWAY

if TYPE_CHECKING:
    from central.db.pool import Connection

GONE: Final = CONNECTION_LOST
AWAY: Final = DATABASE_AWAY


def is_gone(conn: Connection) -> bool:
    """Whether a connection is of no more use, and its transaction with it."""
    try:
        return conn.is_closed()
    except asyncpg.InterfaceError:
        return True  # already given back to the pool, which happens when it broke
