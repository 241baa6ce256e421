"""Where a database lives, as a fingerprint that a copy of it does not have: how a restore is noticed.

A dump that was restored has another database id. A copied cluster keeps its ids: so beside the embedded
server stands a marker file, and what is remembered of it is its inode and its change time, which no copying
program can set. A promoted stand-by of a customer's own server keeps its fingerprint: nothing was restored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from central.db.pool import Connection

MARKER = "home"


async def fingerprint(conn: Connection, state: Path | None) -> str:
    """Name the place where the connected database lives.

    Args:
        conn: any connection to it.
        state: folder of the embedded server; None for a server of the customer's.
    """
    oid = await conn.fetchval("SELECT oid FROM pg_database WHERE datname = current_database()")
    if state is None:
        return f"database {oid}"
    marker = state / MARKER
    if not marker.exists():
        marker.write_text(
            "This file marks where the database lives; a copy of it is known as a copy.\n", "utf-8"
        )
    seen = marker.stat()
    return f"database {oid}, marker {seen.st_ino}/{seen.st_ctime_ns}"
