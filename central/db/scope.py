"""Jurisdiction: ranges over `place` and a list of sectors, told to PostgreSQL when a transaction begins.

`place` is the region code of an enterprise, a slash and its code, sorted bytewise: '429981101/E0001'. The
digits of a region's children follow its own and the slash sorts before every digit: a region is one range, an
enterprise a leaf.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from contextvars import ContextVar
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
       set_config('app.actor_name', $7, true), set_config('app.sectors', $8, true),
       set_config('app.address', $9, true), set_config('app.device', $10, true),
       set_config('app.reason', $11, true)
"""


class Actor(Struct, frozen=True):
    """Who acts, for the audit: account id (0 = the system itself), role, name as shown, request id.

    From where: `address` of the browser, user@host of a terminal; `device`, the kind of the session's.
    What is empty comes from the request that is being answered (`ORIGIN`), and is "system" without one.
    """

    account_id: int
    role: str
    name: str = ""
    request: str = ""
    address: str = ""
    device: str = ""


class Origin(Struct, frozen=True):
    """The request that is being answered: from where it came, its number, and why the person does it."""

    address: str
    request: str = ""
    reason: str = ""


# Set by the outermost layer of HTTP for the task of one request: no path can forget to say from where.
ORIGIN: ContextVar[Origin | None] = ContextVar("origin", default=None)


SYSTEM = Actor(0, "system", "系统")


class Scope(Struct, frozen=True):
    """What somebody may see: half-open ranges [low, high) over `place`, sorted, apart. No range: nothing.

    `sectors` narrows it to enterprises of some sectors (chemical, mine …); None holds every sector. An empty
    set never occurs: who may see no sector sees nothing, and has no range.
    """

    ranges: tuple[tuple[str, str], ...] = ()
    sectors: frozenset[str] | None = None

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
        return Scope(((_region(code), code + _AFTER_DIGITS),))

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
    def area(area: str) -> Scope:
        """The scope of one area: a region code, or the place of an enterprise.

        Raises:
            ValueError: neither.
        """
        return Scope.enterprise(area) if "/" in area else Scope.region(area)

    @staticmethod
    def union(scopes: Iterable[Scope]) -> Scope:
        """All of several scopes of every sector: an inspector of three townships, a park of twenty leaves.

        Raises:
            ValueError: one is of some sectors only; such scopes have no union that is a scope.
        """
        parts = list(scopes)
        if any(part.sectors is not None for part in parts):
            raise ValueError("only scopes of every sector are joined")
        return Scope(_joined(r for part in parts for r in part.ranges))

    def of_sectors(self, sectors: Iterable[str] | None) -> Scope:
        """Of this, what belongs to some sectors; None leaves all."""
        if sectors is None:
            return self
        kept = frozenset(sectors) if self.sectors is None else self.sectors & frozenset(sectors)
        return Scope(self.ranges, kept) if kept and self.ranges else Scope.nothing()

    def narrowed(self, areas: Iterable[str] | None = None, sectors: Iterable[str] | None = None) -> Scope:
        """What of this lies in some areas and sectors: never more than before.

        Args:
            areas: region codes or places of enterprises; None or none leaves all.
            sectors: codes of sectors; None or none leaves all.

        Raises:
            ValueError: not an area.
        """
        wanted = _joined(r for area in areas or () for r in Scope.area(area).ranges)
        ranges = self.ranges
        if wanted:
            pairs = ((max(a, c), min(b, d)) for a, b in self.ranges for c, d in wanted)
            ranges = _joined((low, high) for low, high in pairs if low < high)
        kept = Scope(ranges, self.sectors) if ranges else Scope.nothing()
        return kept.of_sectors(list(sectors or ()) or None)

    def holds(self, place: str, sector: str | None = None) -> bool:
        """Whether a place is inside; the same answer as the row policy of the database gives.

        Args:
            place: of a row.
            sector: of the enterprise there; None or "" for what belongs to no enterprise, which every list of
                sectors holds.
        """
        if sector and self.sectors is not None and sector not in self.sectors:
            return False
        return any(low <= place < high for low, high in self.ranges)

    def covers(self, other: Scope) -> bool:
        """Whether everything that the other holds is inside, whatever there is."""
        if not other.ranges:
            return True
        if self.sectors is not None and (other.sectors is None or not other.sectors <= self.sectors):
            return False
        return all(any(a <= low and high <= b for a, b in self.ranges) for low, high in other.ranges)

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

    @property
    def sector_array(self) -> str:
        """The sectors as a PostgreSQL array, with the empty one of what has none; empty for every sector."""
        if self.sectors is None:
            return ""
        return "{" + ",".join(f'"{code}"' for code in ("", *sorted(self.sectors))) + "}"


def _region(code: str) -> str:
    if not code.isascii() or not code.isdigit() or len(code) not in {2, 4, 6, 9, 12}:
        raise ValueError(f"region code {code!r} must be 2, 4, 6, 9 or 12 digits")
    return code


def _joined(ranges: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    merged: list[tuple[str, str]] = []
    for low, high in sorted(ranges):
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], high))
        else:
            merged.append((low, high))
    return tuple(merged)


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
    origin = ORIGIN.get() or Origin("system" if actor and not actor.account_id else "")
    request, address = who.request or origin.request, who.address or origin.address
    await conn.fetchval(
        _SET_SCOPE, low, high, scope.multirange, str(who.account_id or ""), who.role, request, who.name,
        scope.sector_array, address, who.device, origin.reason,
    )  # fmt: skip


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
