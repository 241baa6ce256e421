"""Indices as people read them, under the reader's scope: lists, one with reasons, a trend, the overview."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from central.db.errors import NotFoundError
from central.db.queries import load
from central.risk import inputs, rules, store
from central.risk.models import (
    LEVEL_NUMBERS,
    LEVELS,
    PERIODS,
    Line,
    Period,
    RiskDay,
    RiskIndex,
    RiskModelName,
    RiskOverview,
    RiskReason,
    RiskRow,
    RiskSpread,
    RiskTrend,
    Scale,
)
from central.risk.service import Book

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from central.db.pool import Connection

Q = load(__file__, "queries_reading.sql")
_MOST_RANKED: Final = 100
_WORST: Final = 8
_NONE: Final = "没有找到这个风险指数，可能尚未计算，或不在您的管辖范围内。"


async def listing(
    conn: Connection,
    now: dt.datetime,
    today: dt.date,
    *,
    subject: str | None = None,
    scale: Scale | None = None,
    period: Period | None = None,
    region: str | None = None,
    sector: str | None = None,
    levels: Sequence[str] = (),
    q: str = "",
    after: tuple[float | None, str | None] = (None, None),
    limit: int = 50,
) -> list[RiskRow]:
    """Indices of the scope, the worst first.

    Args:
        conn: a scoped transaction.
        now: the database's time.
        today: the day of the jurisdiction.
        subject: one of them.
        scale: enterprises, industries, areas, or areas over a time.
        period: "live" or the running month, quarter, year.
        region: in it.
        sector: of one industry.
        levels: words of levels.
        q: part of an enterprise's name.
        after: score and subject of the last row before.
        limit: so many.
    """
    numbers = [LEVEL_NUMBERS[word] for word in levels if word in LEVEL_NUMBERS] or None
    rows = await conn.fetch(
        Q.rows, today, subject, scale, period, region, sector, numbers, q, *after, limit
    )  # fmt: skip
    book = await Book.at(conn, now)
    found = []
    for row in rows:
        facts = dict(row)
        model = book.pick(facts["scale"], facts.pop("place"))
        number = facts.pop("model_id")
        del facts["day"]
        if not facts["outdated"] and (model is None or model.id != number):
            facts["outdated"] = "model"
        found.append(RiskRow(**facts | {"level": LEVELS[facts["level"]]}))
    return found


async def one(
    conn: Connection, subject: str, now: dt.datetime, today: dt.date, day: dt.date | None = None
) -> RiskIndex:
    """An index with every reason, of now or of a past day; the largest first, what a floor lifts it by last.

    Raises:
        NotFoundError: there is none, or not in this scope.
    """
    rows = await listing(conn, now, today, subject=subject, limit=1)
    if not rows:
        raise NotFoundError(_NONE)
    row = rows[0]
    if day is None:
        made = await conn.fetchrow(Q.inputs, subject)
    else:
        made = await conn.fetchrow(Q.day_of, subject, day)
    if made is None:
        raise NotFoundError("这一天没有风险指数的记录。")
    model, name = (await store.models(conn, [made["model_id"]]))[made["model_id"]]
    assessment = rules.assess(model.definition, made["inputs"])
    reasons = [_reason(row, line) for line in assessment.lines]
    if day is not None:
        row = RiskRow(
            **{field: getattr(row, field) for field in RiskRow.__struct_fields__}
            | {
                "score": made["score"], "level": LEVELS[made["level"]], "inputs_at": made["inputs_at"],
                "change": None, "outdated": "", "missing": assessment.missing,
            }
        )  # fmt: skip
    return RiskIndex(
        row=row, model=name, day=day,
        reasons=sorted(reasons, key=lambda one: (one.floor != "", -one.points, one.input)),
    )  # fmt: skip


def _reason(row: RiskRow, line: Line) -> RiskReason:
    told = inputs.INPUTS[row.scale, line.input]
    link = inputs.link_of(told, enterprise=row.enterprise_id, region=row.region, sector=row.sector)
    return RiskReason(
        input=line.input, name=told.zh, name_en=told.en, unit=told.unit, meaning=told.meaning,
        meaning_en=told.meaning_en, value=line.value, weight=line.weight, share=line.share,
        points=line.points, missing=line.missing, floor=line.floor, link=link,
    )  # fmt: skip


async def trend(conn: Connection, subject: str, first: dt.date, last: dt.date, unit: Any) -> RiskTrend:
    """An index over time: of each stretch the last score, the worst and the mean of its days.

    Args:
        conn: a scoped transaction.
        subject: whose.
        first: the first day.
        last: the last day.
        unit: "day", "month", "quarter" or "year".

    Raises:
        NotFoundError: there is none, or not in this scope.
    """
    rows = await conn.fetch(Q.trend, subject, first, last, unit)
    if not rows and await conn.fetchrow(Q.inputs, subject) is None:
        raise NotFoundError(_NONE)
    named: list[RiskModelName] = [
        name for _, name in (await store.models(conn, {r["model_id"] for r in rows})).values()
    ]
    return RiskTrend(
        unit=unit,
        days=[RiskDay(**dict(row) | {"level": LEVELS[row["level"]]}) for row in rows],
        models=sorted(named, key=lambda name: name.id),
    )


async def overview(conn: Connection, now: dt.datetime, today: dt.date) -> RiskOverview:
    """The scope at a glance.

    The own area is the one region over everything that is seen; what lies directly below it is ranked. Who
    sees several regions side by side has no own one, and they are ranked themselves.
    """
    counts = dict(await conn.fetchrow(Q.spread, today) or {})
    outdated, unknown = counts.pop("outdated"), counts.pop("unknown")
    seen = await conn.fetch(Q.own_and_below)
    areas = [row["place"] for row in seen if row["scale"] == "area"]
    places = areas or sorted({row["place"] for row in seen if row["scale"] == "industry"})
    lengths = sorted({len(place) for place in places})
    highest = [place for place in places if len(place) == lengths[0]] if lengths else []
    own = highest[0] if len(highest) == 1 else None
    below = lengths[1] if own and len(lengths) > 1 else lengths[0] if lengths and own is None else 0
    worst = await listing(conn, now, today, scale="enterprise", limit=_WORST)
    ranked = await listing(conn, now, today, scale="area", period="live", limit=_MOST_RANKED * 5)
    industries = await listing(conn, now, today, scale="industry", limit=_MOST_RANKED * 5)
    periods = [
        row
        for period in PERIODS
        for row in await listing(conn, now, today, subject=f"area/{own}/{period}", limit=1)
    ]
    return RiskOverview(
        spread=RiskSpread(**counts),
        outdated=outdated,
        unknown=max(0, unknown),
        own=next((row for row in ranked if row.region == own), None),
        periods=periods,
        areas=[row for row in ranked if len(row.region) == below][:_MOST_RANKED],
        industries=[row for row in industries if row.region in highest][:_MOST_RANKED],
        worst=worst,
    )
