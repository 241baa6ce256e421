"""Cases that an agency acted on before their enterprise left it: it keeps reading them (law-warning 21).

The row policies show them only to a transaction that asks: lists and counts never hold a foreign case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from central.db.pool import Connection

_ASK = "SELECT set_config('app.kept', 'on', true)"


async def ask(conn: Connection) -> None:
    """From here on this transaction also reads what the person's agency keeps; it writes no more."""
    await conn.fetchval(_ASK)
