"""Regions: found by people, loaded from packages and files, and followed when their code is no more."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import msgspec

from central.db.errors import DomainError, FieldProblem, NotFoundError
from central.identity import service as identity
from central.organisation import regions_store as store
from central.organisation.region_files import is_code
from central.organisation.regions_models import LENGTHS, LoadReport, RegionDetail

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from central.db.pool import Connection
    from central.organisation.regions_models import RegionItem, RegionRow


async def load(
    conn: Connection,
    sources: list[tuple[str, Iterator[RegionRow]]],
    *,
    below: str = "",
    dry_run: bool = False,
) -> LoadReport:
    """Adds and renames regions; a code that is missing is told, never removed.

    The parent of a region is the longest code that begins it and is known, in the files or already: a county
    that a province administers itself hangs on the province. Memory is bounded: rows pass through.

    Args:
        conn: a worker transaction (`acting`).
        sources: each with a name that the rows keep; of a code that comes twice the later row counts.
        below: only what lies in this region, and what it lies in.
        dry_run: tell, change nothing.

    Raises:
        DomainError: bad lines by number, an unknown region, or successors that nobody knows.
    """
    if below and not is_code(below):
        problem = f"“{below}”不是区划代码，应为 2、4、6、9 或 12 位数字。"
        raise DomainError("region-form", problem, 400, [FieldProblem("below", problem)])
    source = " + ".join(name for name, _ in sources)
    read = await store.stage(conn, chain.from_iterable(rows for _, rows in sources), below)
    if read == 0:
        raise DomainError("region-empty", f"{source}：在 {below or '全部'} 范围内没有任何区划。")
    nowhere = await store.unknown_successors(conn)
    if nowhere:
        problems = [FieldProblem(old, f"现行代码 {new} 不存在") for old, new in nowhere]
        raise DomainError(
            "region-successor", "；".join(f"{p.place}：{p.problem}" for p in problems), 400, problems
        )
    report = await store.compared(conn, source, read, below, dry_run)
    if not dry_run:
        await store.take(conn, source)
        await identity.audit(
            conn, "load", "region", below or "*", after=msgspec.to_builtins(report), reason=source
        )
    return report


today = store.day


async def listed(
    conn: Connection,
    *,
    parent: str | None,
    text: str,
    on: date | None,
    level: int | None,
    after: str,
    limit: int,
) -> list[RegionItem]:
    """The regions right below one, or, with a text, all that bear it; only those in force on a day.

    Args:
        conn: a scoped transaction.
        parent: whose children, None for the topmost; with a text, below which to look.
        text: part of a name, or the beginning of a code.
        on: None shows also what ended.
        level: with a text, only this level.
        after: the last code of the page before.
        limit: of the page.
    """
    if text:
        return await store.found(conn, text, after, on, limit, parent, level)
    return await store.children(conn, parent, after, on, limit)


async def region(conn: Connection, code: str) -> RegionDetail:
    """A region with its way down from the province, what it was and what it became.

    Raises:
        NotFoundError: there is no such code.
    """
    own = await store.by_codes(conn, [code])
    if not own:
        raise NotFoundError(f"没有区划代码 {code}。")
    after, before = await store.successors(conn, code), await store.predecessors(conn, code)
    above = [code[:digits] for digits in LENGTHS.values() if digits < len(code)]
    known = {r.code: r for r in await store.by_codes(conn, [*after, *before, *above])}
    return RegionDetail(
        **msgspec.structs.asdict(own[0]),
        path=[known[c] for c in above if c in known] + own,
        predecessors=[known[c] for c in before],
        successors=[known[c] for c in after],
        today=await store.today(conn, code, await store.day(conn)),
    )


async def code_today(conn: Connection, code: str) -> str:
    """The code to use today for one that somebody typed: an old code that has one successor is that one.

    Args:
        conn: any transaction.
        code: as typed.

    Raises:
        DomainError: 400 unknown, ended without a successor, or split into several, which are named.
    """
    own = await store.by_codes(conn, [code])
    if not own:
        raise _unusable(f"没有区划代码 {code}。")
    now = await store.today(conn, code, await store.day(conn))
    if len(now) == 1:
        return now[0]
    names = "、".join(f"{r.name}（{r.code}）" for r in await store.by_codes(conn, now))
    name = own[0].name
    raise _unusable(
        f"{name}（{code}）已拆分，请从中选择：{names}。"
        if now
        else f"{name}（{code}）已撤销，且没有现行代码。"
    )


async def code_to_keep(conn: Connection, code: str) -> str:
    """As `code_today`, but a code that nobody knows comes back as it is: the table's own key refuses it."""
    return await code_today(conn, code) if await store.by_codes(conn, [code]) else code


def _unusable(problem: str) -> DomainError:
    return DomainError("region-unusable", problem, 400, [FieldProblem("region_code", problem)])
