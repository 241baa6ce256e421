"""Moves and reorganisations: what one would do, and keeping it as a job that `relocating` carries out.

Keeps law-warning 21. An enterprise goes to its new place with every row of its own in one transaction, so
that nobody ever sees half of it, and nobody who should see it is without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from central import clock
from central.db.errors import DomainError, FieldProblem, ForbiddenError, NotFoundError
from central.db.scope import Scope
from central.organisation import moves_store as store
from central.organisation.moves_models import MOVE, REORGANISATION, Job, NewReorganisation, Plan
from central.organisation.reorganisation import expand

if TYPE_CHECKING:
    from collections.abc import Iterable

    import asyncpg

    from central.db.pool import Connection
    from central.identity.models import Person
    from central.organisation.moves_models import NewMove, Placing
    from central.organisation.reorganisation import Expanded

_COUNTED = 50  # enterprises whose rows a plan counts table by table; of more it would take minutes
_NAMES = 5  # how many are named in a warning before "…"


def enclosing(codes: Iterable[str]) -> str:
    """The smallest region that holds some regions or places; of several provinces, the first."""
    found = sorted({code.partition("/")[0] for code in codes})
    first, last = found[0], found[-1]
    return next(
        (first[:n] for n in (12, 9, 6, 4) if len(first) >= n and last.startswith(first[:n])), first[:2]
    )


# -- a move ---


async def plan_move(conn: Connection, counting: Connection, person: Person, asked: NewMove) -> Plan:
    """What a move would do.

    Args:
        conn: the person's scoped transaction: an enterprise that it does not hold is not found.
        counting: a worker's transaction, which counts rows of every table.
        person: who asks.
        asked: the move.

    Raises:
        NotFoundError: no such enterprise in this scope.
    """
    row = await store.movable(conn, asked.enterprise_id)
    if row is None:
        raise NotFoundError("没有找到这家企业，或不在您的管辖范围内。")
    now = await clock.database_now(conn)
    problems = await _move_problems(conn, person, asked, row)
    old = row["place"]
    region = asked.to_region or row["region_code"]
    new = f"{region}/{row['code']}"
    gateways, warnings = await store.belongings(counting, [row["id"]])
    before = await store.agencies_that_see(counting, old)
    after = await store.agencies_that_see(counting, new)
    plan = Plan(
        kind=MOVE,
        title=f"{row['name']}划转",
        effective_at=max(asked.effective_at or now, now),
        enterprises=1,
        gateways=gateways,
        open_warnings=warnings,
        rows=await store.rows_that_follow(counting, row["id"], old),
        loses=[name for number, name in before.items() if number not in after],
        gains=[name for number, name in after.items() if number not in before],
        problems=problems,
    )
    if old != new:
        grants = await store.leaf_grants(counting, old)
        if grants:
            plan.warnings.append(f"单独指派给{_named(grants)}的本企业辖区随划转终止，需要时请重新指派。")
        if asked.to_agency_id is None and row["agency_id"] in set(before) - set(after):
            plan.warnings.append(
                f"监管机构仍为{before[row['agency_id']]}，但新地区不在其辖区内：预警仍会呼叫它，它却看不到。"
            )
    if not after:
        plan.warnings.append("新地区没有任何监管机构的辖区包含它。")
    return plan


async def _move_problems(
    conn: Connection, person: Person, asked: NewMove, row: asyncpg.Record
) -> list[FieldProblem]:
    problems = []
    if asked.to_region is not None:
        known = await store.regions_of(conn, [asked.to_region], [])
        if asked.to_region not in known:
            problems.append(FieldProblem("to_region", f"没有现行的区划代码 {asked.to_region}。"))
        elif not person.scope.holds(f"{asked.to_region}/{row['code']}"):
            problems.append(FieldProblem("to_region", "目标地区不在您的管辖范围内，请由上级办理。"))
    if asked.to_agency_id is not None and await store.agency_name(conn, asked.to_agency_id) is None:
        problems.append(FieldProblem("to_agency_id", "没有这个机构。"))
    if asked.to_sector is not None and not await store.sector_known(conn, asked.to_sector):
        problems.append(FieldProblem("to_sector", "没有这个监管领域。"))
    same = (
        asked.to_region in (None, row["region_code"])
        and asked.to_agency_id in (None, row["agency_id"])
        and asked.to_sector in (None, row["sector"])
    )
    if same:
        problems.append(FieldProblem("to_region", "与现状相同：请填写新的地区、监管机构或监管领域。"))
    busy = await store.busy(conn, asked.enterprise_id)
    return problems + [FieldProblem("enterprise_id", f"该企业已在未完成的“{title}”中。") for title in busy]


async def start_move(conn: Connection, counting: Connection, person: Person, asked: NewMove) -> int:
    """Keeps a move as a job.

    Returns:
        Its number.

    Raises:
        DomainError: 404, or 409 with every problem of the plan.
    """
    plan = await plan_move(conn, counting, person, asked)
    _refuse(plan)
    row = await store.movable(conn, asked.enterprise_id)
    assert row is not None
    number = await _keep(conn, person, plan, asked, [row["place"], asked.to_region or row["place"]], 1)
    await store.insert_item(
        conn, number, asked.enterprise_id, asked.to_region, asked.to_agency_id, asked.to_sector
    )
    return number


# -- a reorganisation ---


async def plan_reorganisation(
    conn: Connection, counting: Connection, person: Person, asked: NewReorganisation
) -> Plan:
    """What a reorganisation would do; see `plan_move`."""
    now = await clock.database_now(conn)
    steps = await expanded(conn, asked)
    problems = list(steps.problems)
    if not (asked.changes or asked.agencies):
        problems.append(FieldProblem("changes", "请至少填写一项区划变更或一项机构接替。"))
    for number, change in enumerate(asked.changes):
        if not all(person.scope.covers(Scope.region(c)) for c in (change.from_code, change.to_code)):
            problems.append(FieldProblem(f"changes[{number}]", "不在您的管辖范围内，请由上级办理。"))
    problems += await _unknown_agencies(conn, asked)
    touched = sorted({s.old for s in steps.steps})
    found = await store.enterprises_below(conn, touched, [a.from_id for a in asked.agencies])
    problems += _misplaced(asked, steps, found)
    numbers = [r["id"] for r in found]
    gateways, warnings = await store.belongings(counting, numbers)
    plan = Plan(
        kind=REORGANISATION,
        title=asked.title,
        effective_at=max(asked.effective_at or now, now),
        enterprises=len(found),
        gateways=gateways,
        open_warnings=warnings,
        regions_made=[f"{code} {name}" for code, name in sorted(steps.made.items())],
        regions_ended=steps.ended,
        problems=problems,
    )
    if len(found) <= _COUNTED:
        plan.rows = await store.rows_of_all(counting, [(r["id"], r["place"]) for r in found])
    if steps.dissolved:
        plan.warnings.append(
            f"{len(steps.dissolved)} 个村级区划随乡镇并入，新代码以公布的为准："
            "暂归入乡镇，公布后用 region load 导入。"
        )
    await _who_sees(counting, asked, steps, plan)
    return plan


async def expanded(conn: Connection, asked: NewReorganisation) -> Expanded:
    """All steps that the changes mean, by the regions in force."""
    old, new = [c.from_code for c in asked.changes], [c.to_code for c in asked.changes]
    known = await store.regions_of(conn, [*old, *new], [*old, *new])
    return expand([c.change() for c in asked.changes], known)


async def _unknown_agencies(conn: Connection, asked: NewReorganisation) -> list[FieldProblem]:
    named = {
        **{f"changes[{n}].agency_id": c.agency_id for n, c in enumerate(asked.changes) if c.agency_id},
        **{f"agencies[{n}].from_id": a.from_id for n, a in enumerate(asked.agencies)},
        **{f"agencies[{n}].to_id": a.to_id for n, a in enumerate(asked.agencies)},
        **{f"areas[{n}].agency_id": a.agency_id for n, a in enumerate(asked.areas)},
    }
    return [
        FieldProblem(place, "没有这个机构。")
        for place, number in named.items()
        if await store.agency_name(conn, number) is None
    ]


def _misplaced(asked: NewReorganisation, steps: Expanded, found: list[asyncpg.Record]) -> list[FieldProblem]:
    said = {p.enterprise_id: p.to_region for p in asked.enterprises}
    problems = [
        FieldProblem(f"enterprises.{r['id']}", f"{r['region_code']} 拆分后，{r['name']}归入哪里没有说明。")
        for r in found
        if steps.target(r["region_code"]) is None and r["id"] not in said
    ]
    held = {r["id"] for r in found}
    reachable = {s.new for s in steps.steps}
    for number, region in said.items():
        if number not in held:
            problems.append(FieldProblem(f"enterprises.{number}", "该企业不在变更的区划内。"))
        elif region not in reachable:
            problems.append(FieldProblem(f"enterprises.{number}", f"{region} 不是本次变更的新代码。"))
    return problems


async def _who_sees(conn: Connection, asked: NewReorganisation, steps: Expanded, plan: Plan) -> None:
    """Renumbered areas follow by themselves; who served a merged or split code has to be told where to."""
    renumbered = {s.old for s in steps.steps if s.renumbered}
    for row in await store.areas_below(conn, steps.ended):
        if row["area"] in renumbered or "/" in row["area"]:
            continue
        plan.loses.append(f"{row['name']}（{row['area']}）")
    for area in asked.areas:
        name = await store.agency_name(conn, area.agency_id)
        plan.gains.append(f"{name}（{area.area}）")
    if plan.loses:
        plan.warnings.append(
            f"{_named(plan.loses)}的辖区被并入或拆分，不会自动变为新区划：请用 areas 指明接管机构。"
        )


# -- both ---


async def start_reorganisation(
    conn: Connection, counting: Connection, person: Person, asked: NewReorganisation
) -> int:
    """Keeps a reorganisation as a job; its enterprises are listed when it begins.

    Raises:
        DomainError: 409 with every problem of the plan.
    """
    plan = await plan_reorganisation(conn, counting, person, asked)
    _refuse(plan)
    codes = [code for c in asked.changes for code in (c.from_code, c.to_code)]
    if not codes:
        found = await store.enterprises_below(conn, [], [a.from_id for a in asked.agencies])
        codes = [r["place"] for r in found] or ["00"]
    return await _keep(conn, person, plan, asked, codes, plan.enterprises)


def _refuse(plan: Plan) -> None:
    if plan.problems:
        told = "；".join(p.problem.rstrip("。") for p in plan.problems[:_NAMES])
        raise DomainError("plan-unfinished", f"{told}。", 409, plan.problems)


async def _keep(
    conn: Connection,
    person: Person,
    plan: Plan,
    asked: NewMove | NewReorganisation,
    codes: list[str],
    total: int,
) -> int:
    place = enclosing(codes)
    if not person.scope.holds(place):
        raise ForbiddenError("变更跨出了您的管辖范围，请由上级办理。")
    await store.say_why(conn, asked.reason)
    return await store.insert_job(conn, person, plan, asked, place, await clock.database_now(conn), total)


async def listed(
    conn: Connection, kind: str, before_id: int | None, state: str | None, limit: int
) -> list[Job]:
    """Jobs of the caller's jurisdiction, newest first."""
    return await store.jobs(conn, kind, before_id, state, limit)


async def job(conn: Connection, job_id: int, kind: str) -> Job:
    """A job with its enterprises, at most 500 of them.

    Raises:
        NotFoundError: there is none in this scope.
    """
    found = await store.job(conn, job_id, kind)
    if found is None:
        raise NotFoundError("没有找到这项作业，或不在您的管辖范围内。")
    return found


async def cancel(conn: Connection, job_id: int, kind: str, reason: str) -> Job:
    """Calls off a job that has not begun; one that runs goes on to its end, and another one leads back.

    Raises:
        DomainError: 404, or 409 it has begun.
    """
    await job(conn, job_id, kind)
    await store.say_why(conn, reason)
    if not await store.cancel(conn, job_id, await clock.database_now(conn)):
        raise DomainError("job-begun", "作业已开始或已结束，不能撤销；需要恢复时请另建一项反向的变更。", 409)
    return await job(conn, job_id, kind)


async def place(conn: Connection, job_id: int, placings: list[Placing], reason: str) -> Job:
    """Says where enterprises of a split region belong that nobody had thought of.

    Raises:
        DomainError: 404, 409 the job has ended.
    """
    found = await job(conn, job_id, REORGANISATION)
    asked = msgspec.convert(found.plan, NewReorganisation)
    said = {p.enterprise_id: p for p in (*asked.enterprises, *placings)}
    changed = msgspec.structs.replace(asked, enterprises=list(said.values()))
    await store.say_why(conn, reason)
    if not await store.replan(conn, job_id, msgspec.to_builtins(changed)):
        raise DomainError("job-ended", "作业已结束或已撤销。", 409)
    return await job(conn, job_id, REORGANISATION)


def _named(names: list[str]) -> str:
    return "、".join(names[:_NAMES]) + ("等" if len(names) > _NAMES else "")
