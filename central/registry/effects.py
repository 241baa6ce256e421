"""What else happens when a record begins to count, changes what counts, or is taken away.

`EFFECTS` is filled by `central/app.py` and by tests, never by an import. An effect runs in the transaction of
the change: what it refuses is not changed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import Struct

if TYPE_CHECKING:
    from central.db.pool import Connection
    from central.identity.models import Person


class Happening(Struct, frozen=True, kw_only=True):
    """A change of what counts.

    `before` None: it did not count until now. `after` None: it counts no longer.
    """

    register: str
    record_id: int
    enterprise_id: int | None
    agency_id: int | None
    place: str
    sector: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


Effect: TypeAlias = "Callable[[Connection, Person, Happening], Awaitable[None]]"

EFFECTS: dict[str, Effect] = {}


async def happen(conn: Connection, person: Person, happening: Happening) -> None:
    """Runs the effect of a register, where it has one and something that counts has changed."""
    effect = EFFECTS.get(happening.register)
    if effect is not None and happening.before != happening.after:
        await effect(conn, person, happening)
