"""How well alarms serve the people at them, by ANSI/ISA-18.2-2016 clause 16 and EEMUA 191.

Figures are added up from counted days (`alarm_days.py`); what would be right is rows of `alarm_target`. Rates
are those of one operator position: of an area the mean over its positions, while peaks and stale alarms are
those of the enterprise that stands worst, since nobody hears the mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal

from central.db.errors import DomainError, FieldProblem, NotFoundError
from central.db.queries import load
from central.statistics.alarm_days_worker import midnight
from central.statistics.alarm_quality_models import (
    AlarmQuality,
    AlarmRow,
    DayFigures,
    EnterpriseAlarms,
    Figure,
    Order,
    Priorities,
    Verdict,
)
from central.warning.wording import CHINA

if TYPE_CHECKING:
    from central.db.pool import Connection

Q = load(__file__, "queries_alarm_quality.sql")

LONGEST_DAYS: Final = 400
_DAY: Final = timedelta(days=1)
_TEN: Final = 10
_UNITS: Final[dict[str, Literal["alarms", "percent", "seconds"]]] = {
    "per_day": "alarms",
    "per_hour": "alarms",
    "per_ten": "alarms",
    "peak_ten": "alarms",
    "hours_over": "percent",
    "tens_over": "percent",
    "flood_time": "percent",
    "top_ten": "percent",
    "chattering": "alarms",
    "stale": "alarms",
    "high_share": "percent",
    "acknowledge_median": "seconds",
    "acknowledge_p95": "seconds",
    "false_share": "percent",
}


def verdict(value: float | None, good: float | None, most: float | None) -> Verdict:
    """Judge a figure by its target; below is better."""
    if value is None or good is None or most is None:
        return "none"
    if value <= good:
        return "good"
    return "fair" if value <= most else "poor"


def days_between(begin: date, end: date) -> None:
    """Refuse a time that is none, or too long.

    Raises:
        DomainError: with the field.
    """
    if not timedelta(0) <= end - begin <= timedelta(days=LONGEST_DAYS):
        problem = FieldProblem("from", "时间范围为空或过长", f"from 不晚于 to，最多 {LONGEST_DAYS} 天")
        raise DomainError("bad-period", "统计时间有误。", 400, [problem])


def elapsed_s(begin: date, end: date, now: datetime) -> float:
    """How much of some days has been: nobody's rate of today is that of a whole day."""
    return max(1.0, (min(midnight(end + _DAY), now) - midnight(begin)).total_seconds())


async def board(
    conn: Connection, now: datetime, begin: date, end: date, enterprise_id: int | None, region: str
) -> AlarmQuality:
    """The figures of a time.

    Args:
        conn: a scoped transaction.
        now: the database's time.
        begin: first day.
        end: last day.
        enterprise_id: of it alone.
        region: code of an area, "" for the whole scope.

    Raises:
        DomainError: the time cannot be meant.
    """
    days_between(begin, end)
    who = (enterprise_id, region)
    chosen = await conn.fetchrow(Q.chosen, *who)
    assert chosen is not None
    days = await conn.fetch(Q.days, *who, begin, end)
    heard = await conn.fetchrow(Q.heard, *who, begin, end)
    answered = await conn.fetchrow(Q.answered, *who, midnight(begin), midnight(end + _DAY))
    assert heard is not None
    assert answered is not None
    top = await conn.fetch(Q.alarms, *who, begin, end, "annunciated", None, None, None, _TEN)
    worst_chatter = await conn.fetch(Q.alarms, *who, begin, end, "chattering", None, None, None, 100)
    values = _values(
        days,
        chosen["enterprises"],
        chosen["positions"],
        elapsed_s(begin, end, now),
        sum(row["annunciated"] for row in top),
    )
    values["chattering"] = float(len(worst_chatter)) if chosen["enterprises"] else None
    if heard["many"]:
        values["acknowledge_median"], values["acknowledge_p95"] = heard["found"]
    elif answered["acknowledged"]:
        values["acknowledge_median"], values["acknowledge_p95"] = answered["found"]
    values["false_share"] = _percent(answered["false_alarms"], answered["many"])
    targets = {row["measure"]: row for row in await conn.fetch(Q.targets, now)}
    return AlarmQuality(
        from_=begin,
        to=end,
        enterprises=chosen["enterprises"],
        positions=chosen["positions"],
        annunciated=_sum(days, "annunciated"),
        covered=_sum(days, "covered"),
        covered_now=int(await conn.fetchval(Q.covered_now, *who)),
        floods=_sum(days, "floods"),
        flood_alarms=_sum(days, "flood_alarms"),
        warnings=answered["many"],
        false_alarms=answered["false_alarms"],
        figures=[_figure(measure, values.get(measure), targets.get(measure)) for measure in _UNITS],
        priorities=Priorities(*(_sum(days, word) for word in ("high", "medium", "low", "lamp"))),
        days=[DayFigures(**{name: row[name] for name in DayFigures.__struct_fields__}) for row in days],
    )


def _values(
    days: Sequence[Any], enterprises: int, positions: int, seconds: float, top: int
) -> dict[str, float | None]:
    if not enterprises:
        return {}
    rang = _sum(days, "annunciated")
    per_second = rang / positions / seconds
    hours = enterprises * seconds / 3600
    priorities = sum(_sum(days, word) for word in ("high", "medium", "low"))
    return {
        "per_day": per_second * 86400,
        "per_hour": per_second * 3600,
        "per_ten": per_second * 600,
        "hours_over": _percent(_sum(days, "hours_over"), hours),
        "tens_over": _percent(_sum(days, "tens_over"), hours * 6),
        "peak_ten": float(max((row["peak_ten"] for row in days), default=0)),
        "flood_time": _percent(_sum(days, "flood_s"), enterprises * seconds),
        "top_ten": _percent(top, rang),
        "stale": float(max((row["most_stale"] for row in days), default=0)),
        "high_share": _percent(_sum(days, "high"), priorities),
    }


def _sum(days: Sequence[Any], name: str) -> Any:
    return sum(row[name] for row in days)


def _percent(part: float, whole: float) -> float | None:
    return 100 * part / whole if whole else None


def _figure(measure: str, value: float | None, target: Any) -> Figure:
    good, most, source = (
        (None, None, "") if target is None else (target["good"], target["most"], target["source"])
    )
    return Figure(measure, _UNITS[measure], value, good, most, verdict(value, good, most), source)


async def alarms(
    conn: Connection,
    begin: date,
    end: date,
    enterprise_id: int | None,
    region: str,
    order: Order,
    after: Sequence[Any],
    limit: int,
) -> list[tuple[AlarmRow, tuple[object, ...]]]:
    """Alarms of a time, each with the key that a cursor after it holds; most of what is asked for first.

    Args:
        conn: a scoped transaction.
        begin: first day.
        end: last day.
        enterprise_id: of it alone.
        region: code of an area, "" for all.
        order: by what; alarms that have none of it are left out.
        after: the key of the row before, Nones for the first page.
        limit: so many at most.

    Raises:
        DomainError: the time cannot be meant.
    """
    days_between(begin, end)
    rang = _sum(await conn.fetch(Q.days, enterprise_id, region, begin, end), "annunciated")
    rows = await conn.fetch(Q.alarms, enterprise_id, region, begin, end, order, *after, limit)
    return [(_alarm(row, rang), (row["much"], row["gateway_id"], row["alarm"])) for row in rows]


def _alarm(row: Any, rang: int) -> AlarmRow:
    return AlarmRow(
        gateway_id=row["gateway_id"],
        alarm=row["alarm"],
        enterprise_id=row["enterprise_id"],
        enterprise_name=row["enterprise_name"],
        point_id=row["point_id"],
        point_name=row["point_name"],
        point_key=row["point_key"],
        limit=row["limit_name"],
        side=row["side"],
        priority=row["priority"],
        annunciated=row["annunciated"],
        share=100 * row["annunciated"] / rang if rang else 0.0,
        covered=row["covered"],
        chatters=row["chatters"],
        stood_s=row["stood_s"],
        stale_days=row["stale_days"],
        since=row["since"],
    )


async def enterprises(
    conn: Connection, now: datetime, begin: date, end: date, region: str, after: Sequence[Any], limit: int
) -> list[tuple[EnterpriseAlarms, tuple[object, ...]]]:
    """Enterprises with a gateway by how much rang there, each with the key that a cursor after it holds.

    Raises:
        DomainError: the time cannot be meant.
    """
    days_between(begin, end)
    days = elapsed_s(begin, end, now) / 86400
    target = next((row for row in await conn.fetch(Q.targets, now) if row["measure"] == "per_day"), None)
    good, most = (None, None) if target is None else (target["good"], target["most"])
    found: list[tuple[EnterpriseAlarms, tuple[object, ...]]] = []
    for row in await conn.fetch(Q.enterprises, region, begin, end, *after, limit):
        per_day = row["annunciated"] / row["positions"] / days
        one = EnterpriseAlarms(**row, per_day=per_day, verdict=verdict(per_day, good, most))
        found.append((one, (row["annunciated"], row["id"])))
    return found


async def say_positions(conn: Connection, enterprise_id: int, positions: int, by: str, now: datetime) -> None:
    """Write down how many people an enterprise has at its alarms.

    Raises:
        NotFoundError: no such enterprise within the scope.
    """
    if await conn.fetchval(Q.say_positions, enterprise_id, positions, now, by) is None:
        raise NotFoundError


def today(now: datetime) -> date:
    """The day of the jurisdiction."""
    return now.astimezone(CHINA).date()
