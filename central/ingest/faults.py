"""When the database is not there: what that looks like from here, told apart from everything else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import asyncpg

if TYPE_CHECKING:
    from central.db.pool import Connection

GONE: Final = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    # What asyncpg says when the server cuts a connection in the middle of an answer.
    asyncpg.InternalClientError,
)
AWAY: Final = (*GONE, asyncpg.PostgresError)
"""For what is simply done again later, whatever PostgreSQL said."""


def is_gone(conn: Connection) -> bool:
    """Whether a connection is of no more use, and its transaction with it."""
    try:
        return conn.is_closed()
    except asyncpg.InterfaceError:
        return True  # already given back to the pool, which happens when it broke
