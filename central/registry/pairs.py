"""Enterprises that may be registered twice: a list of suspicions; whoever looks marks those that are two."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from central import clock
from central.db.errors import DomainError, FieldProblem, NotFoundError
from central.organisation.moves import enclosing
from central.registry import duplicates
from central.registry.duplicates import Named
from central.registry.life import Q
from central.registry.life_models import Pair

if TYPE_CHECKING:
    from central.db.pool import Connection
    from central.identity.models import Person
    from central.registry.life_models import PairMark

MOST: Final = 50_000  # enterprises that are compared at once; the comparison takes some seconds


async def suspicions(conn: Connection, region: str, offset: int, limit: int) -> tuple[list[Pair], int]:
    """Pairs of one county that look alike, the most alike first, and how many enterprises were compared.

    Args:
        conn: a scoped transaction.
        region: narrows it to a region; "" for all of the scope.
        offset: how many pairs came before.
        limit: how many.

    Raises:
        DomainError: 400 too many enterprises at once.
    """
    rows = await conn.fetch(Q.named_enterprises, region, MOST + 1)
    if len(rows) > MOST:
        raise DomainError(
            "too-many-to-compare", f"一次最多比对 {MOST} 家企业。", 400,
            [FieldProblem("region_code", "范围内企业过多。", "选择一个县区再比对。")],
        )  # fmt: skip
    names = [r["name"] for r in await conn.fetch(Q.region_names, list({row["region_code"] for row in rows}))]
    marked = [(row["first_id"], row["second_id"]) for row in await conn.fetch(Q.marked_pairs)]
    named = [Named(r["id"], r["name"], r["region_code"], r["address"], r["contact_phone"]) for r in rows]
    found = await asyncio.to_thread(duplicates.alike, named, names, marked)
    by_id = {row["id"]: row for row in rows}
    pairs = []
    for pair in found[offset : offset + limit]:
        one, other = by_id[pair.first], by_id[pair.second]
        pairs.append(
            Pair(
                first_id=pair.first, first_name=one["name"], first_credit_code=one["credit_code"],
                first_address=one["address"], second_id=pair.second, second_name=other["name"],
                second_credit_code=other["credit_code"], second_address=other["address"],
                region_name=one["region_name"], score=pair.score, reasons=list(pair.reasons),
            )
        )  # fmt: skip
    return pairs, len(rows)


async def mark(conn: Connection, person: Person, asked: PairMark) -> None:
    """Keeps that two enterprises of the scope are two.

    Raises:
        NotFoundError: one of them is not in this scope.
        DomainError: 400 one and the same.
    """
    first, second = sorted((asked.first_id, asked.second_id))
    if first == second:
        raise DomainError(
            "invalid", "须是两家不同的企业。", 400, [FieldProblem("second_id", "与第一家相同。")]
        )
    rows = await conn.fetch(Q.region_codes, [first, second])
    if len(rows) < 2:
        raise NotFoundError("没有找到这两家企业，或不在您的管辖范围内。")
    place = enclosing(row["region_code"] for row in rows)
    now = await clock.database_now(conn)
    await conn.execute(Q.mark_pair, first, second, place, asked.reason.strip(), now, person.display_name)


async def unmark(conn: Connection, first_id: int, second_id: int) -> None:
    """Two enterprises are compared again.

    Raises:
        NotFoundError: they are not marked, or not in this scope.
    """
    if await conn.fetchval(Q.unmark_pair, *sorted((first_id, second_id))) is None:
        raise NotFoundError
