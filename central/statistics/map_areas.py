"""How areas stand and why: down from a district over its parks and townships to single enterprises."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from central.db.errors import DomainError, FieldProblem
from central.db.queries import load
from central.statistics import map_rules as rules
from central.statistics.map_models import (
    Areas,
    AreaStanding,
    EnterpriseStanding,
    Heat,
    HeatSpot,
    Standing,
    StandingReason,
)
from central.statistics.models import LEVELS, ByLevel
from central.warning.wording import CHINA

if TYPE_CHECKING:
    from collections.abc import Sequence

    from central.db.pool import Connection
    from central.db.scope import Scope

Q = load(__file__, "queries_map.sql")

_WITHIN = re.compile(r"[0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12}|agency-[0-9]{1,9}")
_PARK = "agency-"
_REASONS = 3
_MOST_HEAT = 3_000


async def areas(conn: Connection, scope: Scope, within: str, now: datetime) -> Areas:
    """The areas below one, those with the gravest warnings first.

    Args:
        conn: a scoped transaction.
        scope: the reader's: where the way begins.
        within: a region; "" for the reader's own.
        now: the database's time.

    Raises:
        DomainError: 400, not an area.
    """
    _check(within)
    own = rules.roots(scope)
    start = within or (own[0] if len(own) == 1 else "")
    today = now.astimezone(CHINA).date()
    rows = await _below(conn, start, own, today)
    # A city with one county is asked for its towns.
    while not within and (only := _only(rows)):
        start = only
        rows = await _below(conn, start, own, today)
    way = await conn.fetch(Q.way, start) if start else []
    found = [
        AreaStanding(
            **{name: row[name] for name in AreaStanding.__struct_fields__ if name != "open_by_level"},
            open_by_level=ByLevel(row["red"], row["orange"], row["yellow"], row["blue"]),
        )
        for row in rows
    ]
    # The way begins where the reader's jurisdiction does: what lies around it is not his to open.
    mine = [(row["code"], row["name"]) for row in way if any(row["code"].startswith(root) for root in own)]
    return Areas(mine, found, now)


async def _below(conn: Connection, start: str, own: list[str], today: date) -> Sequence[Any]:
    """How the areas below a region stand; without one, the reader's own regions."""
    children = await conn.fetch(Q.child_regions, start, today) if start else []
    codes = [start, *(row["code"] for row in children)] if start else own
    midnight = datetime.combine(today, datetime.min.time(), CHINA)
    return await conn.fetch(Q.areas, codes, start, midnight) if codes else []


def _only(rows: Sequence[Any]) -> str | None:
    regions = [row for row in rows if row["kind"] == "region"]
    return regions[0]["code"] if len(regions) == 1 and regions[0]["deeper"] else None


async def standing(conn: Connection, scope: Scope, within: str, limit: int) -> Standing:
    """The enterprises of an area that somebody should look at, with why.

    Args:
        conn: a scoped transaction.
        scope: the reader's.
        within: a region, "agency-<id>" of a park, or "" for all of the scope.
        limit: how many.

    Raises:
        DomainError: 400, not an area.
    """
    _check(within)
    if within.startswith(_PARK):
        prefixes = [row["place_prefix"] for row in await conn.fetch(Q.park_areas, int(within[len(_PARK) :]))]
        ranges = [(prefix, prefix + (" " if "/" in prefix else ":")) for prefix in prefixes]
    elif within:
        ranges = [(within, within + ":")]
    else:
        ranges = list(scope.ranges)
    rows = await conn.fetch(Q.standing, [low for low, _ in ranges], [high for _, high in ranges], limit)
    reasons: dict[int, list[StandingReason]] = {}
    for row in await conn.fetch(Q.reasons, [row["id"] for row in rows if row["open"]], _REASONS):
        why = StandingReason(
            str(row["id"]), LEVELS[row["level"]], row["title"], row["state"], row["raised_at"]
        )
        reasons.setdefault(row["enterprise_id"], []).append(why)
    return Standing(
        [
            EnterpriseStanding(
                id=row["id"], name=row["name"], region_name=row["region_name"],
                level=LEVELS.get(row["worst"]),
                hazard_class=row["hazard_class"], open=row["open"], unanswered=row["unanswered"],
                offline=row["offline"], longitude=row["longitude"], latitude=row["latitude"],
                reasons=reasons.get(row["id"], []),
            )
            for row in rows
        ]
    )  # fmt: skip


async def heat(conn: Connection, days: int, now: datetime) -> Heat:
    """Where warnings are or were, weighed by level.

    Args:
        conn: a scoped transaction.
        days: of so many days; 0: those that run now.
        now: the database's time.
    """
    since = now - timedelta(days=days) if days else None
    rows = await conn.fetch(Q.heat, since, _MOST_HEAT)
    return Heat([HeatSpot(row["longitude"], row["latitude"], row["weight"]) for row in rows], days)


def _check(within: str) -> None:
    if within and not _WITHIN.fullmatch(within):
        problem = FieldProblem("within", f"“{within[:40]}”不是区域。", "应为行政区划代码，例如 429981。")
        raise DomainError("invalid", "没有这样的区域。", 400, fields=[problem])
