"""Thresholds of models: what passes one is told as a condition of kind `model`, which waits for approval.

Keeps law-warning 17: nobody is called by a sum; a person says yes first (central/warning/proposals.py). A
condition ends only once the index is well below its threshold again, so that it does not come and go.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from central.risk import inputs, rules, store
from central.risk.models import LEVEL_NUMBERS
from central.warning import service as warnings
from central.warning.models import MODEL, ConditionFact

if TYPE_CHECKING:
    import datetime as dt

    from central.db.pool import Connection
    from central.risk.models import RiskThreshold
    from central.risk.service import Reckoned

_log = logging.getLogger(__name__)
KINDS: Final = ("above", "rise")
_SIDES: Final = {"above": "high", "rise": "rate"}
_REASONS: Final = 3


async def settle(conn: Connection, found: list[Reckoned], now: dt.datetime, today: dt.date) -> None:
    """Tell of each index what passed a threshold, or is well below it again.

    Args:
        conn: a worker's transaction.
        found: indices as they were reckoned.
        now: the database's time.
        today: the day of the jurisdiction.
    """
    watched = [one for one in found if one.model.definition.alerts]
    if not watched:
        return
    subjects = [one.subject for one in watched]
    standing = {(row["subject"], row["kind"]): row for row in await store.alerts(conn, subjects)}
    spans = sorted({a.days for one in watched for a in one.model.definition.alerts if a.kind == "rise"})
    history = {days: await store.lowest(conn, subjects, today, days) for days in spans}
    for one in watched:
        before = {days: scores[one.subject] for days, scores in history.items() if one.subject in scores}
        model, score = one.model.definition, one.assessment.score
        high = rules.passed(model.alerts, "above", score, before)
        for kind in KINDS:
            known = standing.get((one.subject, kind))
            passed = rules.passed(model.alerts, kind, score, before)
            # How high it stands says more than how fast it came there: one cause, one thing to approve.
            if kind == "rise" and high is not None and known is None:
                continue
            if passed is not None:
                level = LEVEL_NUMBERS[passed.level]
                since = known["since"] if known else now
                if (known is None or level > known["level"]) and await _tell(conn, one, passed, since, now):
                    await store.put_alert(conn, one.subject, kind, level, since, now)
            elif known and not rules.still_near(model.alerts, kind, score, before, model.margin):
                words = f"风险指数 {score:g} 分，已低于预警条件"
                await _over(conn, one.subject, kind, known["since"], now, words)


async def forget(conn: Connection, subjects: list[str], now: dt.datetime) -> None:
    """End what was told of subjects that have no index any more."""
    for row in await store.alerts(conn, subjects):
        await _over(conn, row["subject"], row["kind"], row["since"], now, "不再计算风险指数")


async def _tell(
    conn: Connection, one: Reckoned, passed: RiskThreshold, since: dt.datetime, now: dt.datetime
) -> bool:
    """Whether it could be told: an area without an agency has nobody who answers for it."""
    score, model = one.assessment.score, one.model
    if passed.kind == "above":
        title = f"风险指数 {score:g} 分，达到 {passed.points:g} 分"
        condition = f"达到 {passed.points:g} 分"
    else:
        title = f"风险指数 {passed.days} 天内上升 {passed.points:g} 分以上，现为 {score:g} 分"
        condition = f"{passed.days} 天内上升 {passed.points:g} 分"
    largest = sorted(one.assessment.lines, key=lambda line: -line.points)[:_REASONS]
    parts = "；".join(f"{_name(one, line.input, line.floor)} {line.points:g} 分" for line in largest)
    fact = await _fact(
        conn, one.subject, passed.kind, since, now,
        title=title, detail=f"主要来源：{parts}（{model.name}第 {model.version} 版）",
        limit=passed.points, value=score, level=LEVEL_NUMBERS[passed.level],
        reason=f"{model.name}第 {model.version} 版：{condition}", holds=True,
    )  # fmt: skip
    if fact is None:
        return False
    try:
        async with conn.transaction():
            await warnings.judge_condition(conn, fact)
    except LookupError as exc:
        _log.warning("the index of %s passed a threshold and could not be told: %r", one.subject, exc)
        return False
    return True


async def _over(
    conn: Connection, subject: str, kind: str, since: dt.datetime, now: dt.datetime, words: str
) -> None:
    fact = await _fact(conn, subject, kind, since, now, title="风险指数已回落", detail=words, holds=False)
    if fact is not None:
        await warnings.judge_condition(conn, fact)
    await store.drop_alert(conn, subject, kind)


async def _fact(
    conn: Connection,
    subject: str,
    kind: str,
    since: dt.datetime,
    now: dt.datetime,
    *,
    title: str,
    detail: str,
    holds: bool,
    limit: float | None = None,
    value: float | None = None,
    level: int | None = None,
    reason: str = "",
) -> ConditionFact | None:
    what, _, which = subject.partition("/")
    enterprise_id = agency_id = hazard_class = None
    if what == "enterprise":
        owner = await store.enterprise_owner(conn, int(which))
        if owner is None:
            return None
        enterprise_id, name, hazard_class = owner["id"], owner["name"], owner["hazard_class"]
    else:
        code, _, sector = which.partition("/")
        owner = await store.area_owner(conn, code, sector)
        if owner is None:
            return None
        agency_id, name = owner["id"], f"{owner['name']}{owner['sector_name']}"
    if agency_id is not None:
        title = f"{name}{title}"
    return ConditionFact(
        kind=MODEL,
        subject_type=what,
        subject_id=which,
        place=owner["place"],
        subject_name=name,
        title=title,
        detail=detail,
        holds=holds,
        reference=f"{subject}/{kind}/{since.isoformat()}",
        at=since if holds else now,
        received_at=now,
        enterprise_id=enterprise_id,
        agency_id=agency_id,
        side=_SIDES[kind],
        limit=limit,
        value=value,
        unit="分",
        hazard_class=hazard_class,
        level=level,
        level_reason=reason,
    )


def _name(one: Reckoned, key: str, floor: str) -> str:
    return floor or inputs.INPUTS[one.scale, key].zh
