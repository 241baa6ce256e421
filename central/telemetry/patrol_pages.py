"""What the patrol's pages ask, within the reader's scope, and how officials write its rules."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import asyncpg

from central.db.errors import DomainError, FieldProblem, NotFoundError
from central.identity import service as identities
from central.telemetry import patrol_score
from central.telemetry.patrol_models import (
    Check,
    CheckCount,
    FigureGrade,
    Finding,
    Loss,
    PatrolledEnterprise,
    PatrolRule,
    PatrolRules,
    QuantityUnit,
    RuleForm,
    RunState,
    ScoredDay,
    ScoredEnterprise,
)
from central.telemetry.patrol_store import Q

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from central.db.pool import Connection
    from central.identity.models import Person

_MOST_LOSSES = 500
_FORM = tuple(name for name in RuleForm.__struct_fields__ if name not in {"region", "last_day", "source"})

Grades = dict[str, tuple[float, float]]


async def _grades(conn: Connection) -> Grades:
    return {row["figure"]: (row["good_from"], row["fair_from"]) for row in await conn.fetch(Q.grade_rows)}


def _run_state(row: Any, grades: Grades) -> RunState:
    facts: dict[str, Any] = {}
    for figure in ("stability", "reliability", "effectiveness"):
        facts[figure] = row[figure]
        good, fair = grades.get(figure, (1.0, 1.0))
        facts[f"{figure}_grade"] = patrol_score.grade(row[figure], good, fair)
    return RunState(**facts)


async def newest_day(conn: Connection) -> dt.date | None:
    """The last day that was scored within the scope."""
    found: dt.date | None = await conn.fetchval(Q.newest_day)
    return found


async def enterprises(
    conn: Connection,
    day: dt.date,
    *,
    q: str,
    hazard_class: int | None,
    region: str,
    check: str,
    after: tuple[float | None, int | None],
    limit: int,
) -> list[ScoredEnterprise]:
    """Enterprises by their score of a day, the worst first.

    Args:
        conn: a scoped transaction.
        day: which.
        q: a part of the name.
        hazard_class: only with major hazards of this class.
        region: only below this code.
        check: only those where this check is not passed now.
        after: score and id of the row before.
        limit: how many.
    """
    grades = await _grades(conn)
    rows = await conn.fetch(Q.scored, day, q, hazard_class, region, check, *after, limit)
    return [
        ScoredEnterprise(
            enterprise_id=row["enterprise_id"],
            enterprise_name=row["enterprise_name"],
            region_name=row["region_name"],
            hazard_class=row["hazard_class"],
            day=row["day"],
            score=row["score"],
            score_before=row["score_before"],
            points=row["points"],
            standing=row["standing"],
            run_state=_run_state(row, grades),
            judged_at=row["judged_at"],
        )
        for row in rows
    ]


async def counts(conn: Connection) -> list[CheckCount]:
    """How much stands within the scope, by check."""
    rows = await conn.fetch(Q.count_standing)
    return [CheckCount(row["code"], row["many"], row["enterprises"]) for row in rows]


async def enterprise(
    conn: Connection, enterprise_id: int, day: dt.date | None, today: dt.date, days: int
) -> PatrolledEnterprise:
    """One enterprise with its days, and why it lost on one of them (by default the newest).

    Raises:
        NotFoundError: no such enterprise within the scope.
    """
    head = await conn.fetchrow(Q.enterprise_head, enterprise_id)
    if head is None:
        raise NotFoundError("没有找到这家企业，或不在您的管辖范围内。")
    grades = await _grades(conn)
    rows = await conn.fetch(Q.days_of, enterprise_id, today, days)
    found = [
        ScoredDay(
            day=row["day"],
            score=row["score"],
            points=row["points"],
            run_state=_run_state(row, grades),
            values_good=row["values_good"],
            values_all=row["values_all"],
            judged_at=row["judged_at"],
            whole=row["whole"],
        )
        for row in rows
    ]
    chosen = day if day is not None else found[0].day if found else None
    losses = await conn.fetch(Q.losses_of, enterprise_id, chosen, _MOST_LOSSES) if chosen else []
    return PatrolledEnterprise(
        enterprise_id=head["id"],
        enterprise_name=head["name"],
        region_name=head["region_name"],
        hazard_class=head["hazard_class"],
        days=found,
        day=chosen,
        losses=[_loss(row) for row in losses],
    )


def _loss(row: Any) -> Loss:
    facts = dict(row)
    return Loss(check=facts.pop("code"), limit=facts.pop("limit_value"), **facts)


async def findings(
    conn: Connection,
    *,
    check: str,
    enterprise_id: int | None,
    point_id: int | None,
    ended: bool,
    after: int | None,
    limit: int,
) -> list[Finding]:
    """What stands within the scope, and with `ended` what stood, the newest first."""
    rows = await conn.fetch(Q.finding_rows, check, enterprise_id, point_id, ended, after, limit)
    found = []
    for row in rows:
        facts = dict(row)
        found.append(Finding(check=facts.pop("code"), limit=facts.pop("limit_value"), **facts))
    return found


# --- rules ---


async def rules(conn: Connection, person: Person, now: dt.datetime, *, ended: bool) -> PatrolRules:
    """Everything that judges and concerns the caller."""
    return PatrolRules(
        [_rule(row, person) for row in await conn.fetch(Q.rule_rows, None, now, ended)],
        [
            Check(check=row["code"], weight=row["weight"], warn_s=row["warn_s"], source=row["source"])
            for row in await conn.fetch(Q.check_rows)
        ],
        [FigureGrade(**dict(row)) for row in await conn.fetch(Q.grade_rows)],
        [QuantityUnit(row["quantity"], row["unit"]) for row in await conn.fetch(Q.quantities_known)],
    )


def _rule(row: Any, person: Person) -> PatrolRule:
    return PatrolRule(**dict(row), own=whole_region(person, row["region"]))


def whole_region(person: Person, region: str) -> bool:
    """Whether a person's scope holds a whole region with all its sectors."""
    return person.scope.sectors is None and any(low <= region < high for low, high in person.scope.ranges)


async def put_in_force(
    conn: Connection, person: Person, form: RuleForm, now: dt.datetime, zone: ZoneInfo
) -> PatrolRule:
    """Write the next version of a region's rule; it judges from the next round on.

    Raises:
        DomainError: 400 with everything that is wrong; 403 the region lies outside the caller's area; 409
            somebody wrote another one at the same moment.
    """
    await _check(conn, person, form, now, zone)
    ends = None
    if form.last_day is not None:
        ends = dt.datetime.combine(form.last_day + dt.timedelta(days=1), dt.time(), zone)
    try:
        async with conn.transaction():
            await conn.execute(Q.end_rules_before, form.region, form.quantity, form.unit, now)
            number: int = await conn.fetchval(
                Q.add_rule, form.region, *(getattr(form, name) for name in _FORM), form.source, now, ends
            )
    except asyncpg.UniqueViolationError as exc:
        raise DomainError("changed", "别人刚刚修改了同一条规则，请刷新后重试。", 409) from exc
    row = await conn.fetchrow(Q.rule_rows, number, now, True)
    return _rule(row, person)


async def _check(conn: Connection, person: Person, form: RuleForm, now: dt.datetime, zone: ZoneInfo) -> None:
    if not await conn.fetchval(Q.region_known, form.region):
        raise DomainError(
            "invalid", "没有这个地区。", 400, [FieldProblem("region", "没有这个地区。", "从列表中选择。")]
        )
    if not whole_region(person, form.region):
        raise DomainError(
            "invalid", "不能为这个地区设置巡检规则。", 403,
            [FieldProblem("region", "整个地区须在您的管辖范围内。", "选择本辖区内的地区。")],
        )  # fmt: skip
    wrong = []
    if form.low is not None and form.high is not None and form.low >= form.high:
        wrong.append(FieldProblem("high", "上限须大于下限。", "留空表示按仪表量程。"))
    if form.last_day is not None and not 0 <= (form.last_day - now.astimezone(zone).date()).days <= 18_300:
        wrong.append(FieldProblem("last_day", "截止日期须在今天或以后，五十年以内。", "留空表示长期有效。"))
    if wrong:
        raise DomainError("invalid", "有内容填写不正确，请逐项修改。", 400, wrong)


async def end_rule(conn: Connection, rule_id: int, reason: str, now: dt.datetime) -> None:
    """End a rule at once; the region above judges again.

    Raises:
        NotFoundError: there is none that stands in the caller's area.
    """
    try:
        region = await conn.fetchval(Q.end_rule, rule_id, now)
    except asyncpg.InsufficientPrivilegeError as exc:
        raise NotFoundError from exc
    if region is None:
        raise NotFoundError("没有找到这条生效中的规则，或不在您的管辖范围内。")
    await identities.audit(conn, "ended", "patrol_rule", rule_id, after={"region": region}, reason=reason)
