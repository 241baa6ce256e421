"""What the console's frame and its leader mode ask: areas and sectors to narrow to, warnings day by day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from central.db.queries import load
from central.warning.wording import CHINA

if TYPE_CHECKING:
    from central.db.pool import Connection
    from central.db.scope import Scope

Q = load(__file__, "queries_views.sql")

_DAYS = 7
_MOST_AREAS = 5_000


class AreaChoice(Struct, frozen=True):
    """A region in which an enterprise of the jurisdiction stands; `parent` is the next wider one offered."""

    code: str
    name: str
    parent: str | None


class SectorChoice(Struct, frozen=True):
    """A sector in which some enterprise of the jurisdiction works."""

    code: str
    name: str


class ViewChoices(Struct, frozen=True):
    """To what the pages of the signed-in person may be narrowed."""

    areas: list[AreaChoice]
    sectors: list[SectorChoice]


class DayCount(Struct, frozen=True):
    """Warnings of one day (China Standard Time) by level, exercises and late history left out."""

    day: date
    red: int
    orange: int
    yellow: int
    blue: int


class Week(Struct, frozen=True):
    """The last seven days, today last."""

    days: list[DayCount]


async def choices(conn: Connection, scope: Scope) -> ViewChoices:
    """Regions and sectors that hold somebody whom the reader may see.

    Args:
        conn: a scoped transaction.
        scope: the reader's: a region that reaches beyond it is not offered.
    """
    areas: list[AreaChoice] = []
    around: list[str] = []
    for row in await conn.fetch(Q.areas, _MOST_AREAS):
        code: str = row["code"]
        if not scope.holds(code):
            continue
        while around and not code.startswith(around[-1]):
            around.pop()
        areas.append(AreaChoice(code, row["name"], around[-1] if around else None))
        around.append(code)
    return ViewChoices(areas, [SectorChoice(row["code"], row["name"]) for row in await conn.fetch(Q.sectors)])


async def week(conn: Connection, now: datetime) -> Week:
    """Warnings of seven days, also of those days that brought none.

    Args:
        conn: a scoped transaction.
        now: the database's time.
    """
    today = now.astimezone(CHINA).date()
    first = today - timedelta(days=_DAYS - 1)
    since = datetime.combine(first, datetime.min.time(), CHINA)
    counted: dict[tuple[date, int], int] = {}
    for row in await conn.fetch(Q.days, since, CHINA.utcoffset(None)):
        counted[row["day"], row["level"]] = row["count"]
    days = [first + timedelta(days=n) for n in range(_DAYS)]
    return Week([DayCount(day, *(counted.get((day, level), 0) for level in (4, 3, 2, 1))) for day in days])
