"""Enterprises that may be registered twice: a list of suspicions; whoever looks marks those that are two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import Struct

from central import clock
from central.db.errors import DomainError, FieldProblem, NotFoundError
from central.db.scope import scoped
from central.identity import masking
from central.organisation.moves import enclosing
from central.registry import duplicates_child
from central.registry.duplicates import Named
from central.registry.life import Q
from central.registry.life_models import Pair

if TYPE_CHECKING:
    import asyncpg

    from central.db.pool import Connection, Database
    from central.identity.models import Person
    from central.registry.duplicates import Likeness, Shared
    from central.registry.life_models import PairMark
    from central.registry.sheets.apart import Apart

MOST: Final = 50_000  # enterprises that are compared at once; the comparison takes some seconds


class Compared(Struct, frozen=True):
    """A page of pairs, what so many share that it proves nothing, in words, and how many were compared."""

    pairs: list[Pair]
    notes: list[str]
    looked_at: int


async def suspicions(
    database: Database, apart: Apart, person: Person, region: str, offset: int, limit: int
) -> Compared:
    """Pairs of one county that look alike, the most alike first.

    They are compared in a process of its own, and no transaction waits for it.

    Args:
        database: of the centre.
        apart: where they are compared.
        person: whose scope it is.
        region: narrows it to a region; "" for all of the scope.
        offset: how many pairs came before.
        limit: how many.

    Raises:
        DomainError: 400 too many enterprises at once; 503 others are compared at the moment.
    """
    async with scoped(database.web, person.scope, person.actor) as conn:
        rows = await conn.fetch(Q.named_enterprises, region, MOST + 1)
        if len(rows) > MOST:
            raise DomainError(
                "too-many-to-compare", f"一次最多比对 {MOST} 家企业。", 400,
                [FieldProblem("region_code", "范围内企业过多。", "选择一个县区再比对。")],
            )  # fmt: skip
        around = [
            row["name"] for row in await conn.fetch(Q.region_names, list({r["region_code"] for r in rows}))
        ]
        marked = [(row["first_id"], row["second_id"]) for row in await conn.fetch(Q.marked_pairs)]
    if not rows:
        return Compared([], [], 0)
    named = [Named(r["id"], r["name"], r["region_code"], r["address"], r["contact_phone"]) for r in rows]
    question = msgspec.json.encode(duplicates_child.Question(named, around, marked))
    (line,) = await apart.all(
        duplicates_child.MODULE, question, "企业过多，比对没有完成；请选择一个县区再比对。"
    )
    answer = msgspec.json.decode(line, type=duplicates_child.Answer)
    by_id = {row["id"]: row for row in rows}
    pairs = [_pair(each, by_id) for each in answer.pairs[offset : offset + limit]]
    return Compared(pairs, [_words(each) for each in answer.shared], len(rows))


def _pair(found: Likeness, by_id: dict[int, asyncpg.Record]) -> Pair:
    one, other = by_id[found.first], by_id[found.second]
    return Pair(
        first_id=found.first, first_name=one["name"], first_credit_code=one["credit_code"],
        first_address=one["address"], second_id=found.second, second_name=other["name"],
        second_credit_code=other["credit_code"], second_address=other["address"],
        region_name=one["region_name"], score=found.score, reasons=list(found.reasons),
    )  # fmt: skip


def _words(shared: Shared) -> str:
    what = f"电话 {masking.phone(shared.words)}" if shared.kind == "phone" else f"地址“{shared.words}”"
    return f"{what} 由 {shared.enterprises} 家企业共用，不作为比对依据；这些企业只按名称比对。"


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
