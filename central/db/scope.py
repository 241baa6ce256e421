"""Jurisdiction as a list of ranges over `place`, told to PostgreSQL at the start of each transaction.

`place` is the region code of an enterprise, a slash and its code, sorted bytewise: '429981101/E0001'. The
digits of a region's children follow its own and the slash sorts before every digit: a region is one range, an
enterprise a leaf.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from central.db.pool import Connection, Pool

_AFTER_DIGITS = ":"  # the character after '9': upper bound of everything below a region
_AFTER_LEAF = " "  # sorts before every character that a code may have: upper bound of one leaf

_SET_SCOPE = """
SELECT set_config('app.place_lo', $1, true), set_config('app.place_hi', $2, true),
       set_config('app.places', $3, true), set_config('app.actor', $4, true),
       set_config('app.role', $5, true), set_config('app.request', $6, true),
       set_config('app.actor_name', $7, true)
"""


class Actor(Struct, frozen=True):
    """Who acts, for the audit: account id (0 = the system itself), role, name as shown, request id."""

    account_id: int
    role: str
    name: str = ""
    request: str = ""


SYSTEM = Actor(0, "system", "系统")


class Scope(Struct, frozen=True):
    """What somebody may see: half-open ranges [low, high) over `place`, sorted, apart. No range: nothing."""

    ranges: tuple[tuple[str, str], ...] = ()

    @staticmethod
    def nothing() -> Scope:
        """The scope of the anonymous."""
        return Scope()

    @staticmethod
    def region(code: str) -> Scope:
        """Everything in a region.

        Args:
            code: GB/T 2260 digits without trailing zeros, 2/4/6/9/12 long.

        Raises:
            ValueError: not such a code.
        """
        if not code.isascii() or not code.isdigit() or len(code) not in {2, 4, 6, 9, 12}:
            raise ValueError(f"region code {code!r} must be 2, 4, 6, 9 or 12 digits")
        return Scope(((code, code + _AFTER_DIGITS),))

    @staticmethod
    def enterprise(place: str) -> Scope:
        """One enterprise.

        Args:
            place: its place, for example '429981101/E0001'.

        Raises:
            ValueError: not the place of an enterprise.
        """
        if "/" not in place:
            raise ValueError(f"{place!r} is not the place of an enterprise")
        return Scope(((place, place + _AFTER_LEAF),))

    @staticmethod
    def union(scopes: Iterable[Scope]) -> Scope:
        """All of several scopes: an inspector of three townships, a chemical park of twenty leaves."""
        merged: list[tuple[str, str]] = []
        for low, high in sorted(r for scope in scopes for r in scope.ranges):
            if merged and low <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(merged[-1][1], high))
            else:
                merged.append((low, high))
        return Scope(tuple(merged))

    def holds(self, place: str) -> bool:
        """Whether a place is inside; the same answer as the row policy of the database gives."""
        return any(low <= place < high for low, high in self.ranges)

    @property
    def enclosing(self) -> tuple[str, str]:
        """The one range around all: an index pre-filter, never a permission. Empty strings hold nothing."""
        return (self.ranges[0][0], self.ranges[-1][1]) if self.ranges else ("", "")

    @property
    def multirange(self) -> str:
        """The exact list as a PostgreSQL multirange; empty when the enclosing range already is exact."""
        if len(self.ranges) < 2:
            return ""
        return "{" + ",".join(f'["{low}","{high}")' for low, high in self.ranges) + "}"


@asynccontextmanager
async def scoped(pool: Pool, scope: Scope, actor: Actor | None = None) -> AsyncIterator[Connection]:
    """A transaction that sees a scope and nothing else; ends with commit, or rollback on an exception.

    Args:
        pool: the web pool; the settings are local to the transaction and leave with it.
        scope: what may be seen and written.
        actor: who acts; None for the anonymous.
    """
    async with pool.acquire() as conn, conn.transaction():
        await enter(conn, scope, actor)
        yield conn


async def enter(conn: Connection, scope: Scope, actor: Actor | None = None) -> None:
    """Tells an open transaction its scope and actor."""
    low, high = scope.enclosing
    who = actor or Actor(0, "")
    await conn.fetchval(
        _SET_SCOPE, low, high, scope.multirange, str(who.account_id or ""), who.role, who.request, who.name
    )


@asynccontextmanager
async def acting(pool: Pool, actor: Actor = SYSTEM) -> AsyncIterator[Connection]:
    """A transaction of a named worker, which sees all; the actor is for the audit.

    Args:
        pool: the worker pool.
        actor: who acts.
    """
    async with pool.acquire() as conn, conn.transaction():
        await enter(conn, Scope.nothing(), actor)
        yield conn
