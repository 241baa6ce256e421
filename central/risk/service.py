"""Reckons indices from their inputs and keeps them: the only write path of indices and their days.

Bounded by the caller: a part of the enterprises, or a part of the regions, in one transaction.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from central.risk import alerts, inputs, rules, store
from central.risk.models import PERIODS, Assessment, Model, Period, Scale, Values

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

    from central.db.pool import Connection

# Regions that have an index: a city, a county, a township; GB/T 2260 codes of so many digits.
AREA_DIGITS: Final = (4, 6, 9)


class Book:
    """The models in force at one moment."""

    def __init__(self, models: list[Model]) -> None:
        self._models = models

    @classmethod
    async def at(cls, conn: Connection, now: dt.datetime) -> Book:
        """The models in force."""
        return cls(await store.models_in_force(conn, now))

    def pick(self, scale: Scale, place: str) -> Model | None:
        """The model that counts for a place: that of the longest region which holds it."""
        fitting = [one for one in self._models if one.scale == scale and place.startswith(one.region)]
        return max(fitting, key=lambda one: len(one.region), default=None)


class Reckoned(Struct, frozen=True, kw_only=True):
    """One index as it was reckoned."""

    subject: str
    scale: Scale
    period: Period
    enterprise_id: int | None
    place: str
    sector: str
    model: Model
    values: Values
    assessment: Assessment


def subject_of(scale: Scale, *, enterprise: int | None = None, code: str = "", more: str = "") -> str:
    """The name of a subject as tables keep it.

    Args:
        scale: of the index.
        enterprise: of an enterprise.
        code: of the region.
        more: the sector of an industry, the period of a time.
    """
    if scale == "enterprise":
        return f"enterprise/{enterprise}"
    if scale == "area":
        return f"area/{code}"
    return f"industry/{code}/{more}" if scale == "industry" else f"area/{code}/{more}"


def areas_of(places: Iterable[str]) -> set[str]:
    """The regions with an index that hold some places."""
    codes = {place.partition("/")[0] for place in places}
    return {code[:digits] for code in codes for digits in AREA_DIGITS if len(code) >= digits}


def first_day(period: Period, today: dt.date) -> dt.date:
    """The day on which the running month, quarter or year began."""
    if period == "year":
        return today.replace(month=1, day=1)
    if period == "quarter":
        return today.replace(month=today.month - (today.month - 1) % 3, day=1)
    return today.replace(day=1)


async def reckon_enterprises(
    conn: Connection, book: Book, numbers: list[int], now: dt.datetime, today: dt.date
) -> list[Reckoned]:
    """Reckon the indices of some enterprises and keep them.

    Args:
        conn: a worker's transaction.
        book: the models in force.
        numbers: of the enterprises.
        now: the database's time.
        today: the day of the jurisdiction.
    """
    found = []
    for row in await store.enterprise_inputs(conn, numbers, now, today):
        facts = dict(row)
        number, place, sector = facts.pop("id"), facts.pop("place"), facts.pop("sector")
        subject = subject_of("enterprise", enterprise=number)
        found += _reckon(
            book, "enterprise", "live", subject, place, sector, facts, enterprise_id=number
        )  # fmt: skip
    await keep(conn, found, now, today)
    await alerts.settle(conn, found, now, today)
    return found


async def reckon_areas(
    conn: Connection, book: Book, codes: list[str], now: dt.datetime, today: dt.date, zone: ZoneInfo
) -> list[Reckoned]:
    """Reckon regions, their industries and their running months, quarters and years from what stands below.

    Args:
        conn: a worker's transaction.
        book: the models in force.
        codes: of the regions.
        now: the database's time.
        today: the day of the jurisdiction.
        zone: whose days count.
    """
    found = []
    for row in await store.industry_inputs(conn, codes):
        facts = dict(row)
        code, sector = facts.pop("code"), facts.pop("sector")
        subject = subject_of("industry", code=code, more=sector)
        found += _reckon(book, "industry", "live", subject, code, sector, facts)
    for row in await store.area_inputs(conn, codes):
        facts = dict(row)
        code = facts.pop("code")
        # Without one enterprise that has an index there is nothing to say of an area.
        if facts["worst"] is not None:
            found += _reckon(book, "area", "live", subject_of("area", code=code), code, "", facts)
    await keep(conn, found, now, today)
    times = []
    for period in PERIODS:
        first = first_day(period, today)
        since = dt.datetime.combine(first, dt.time(), zone)
        for row in await store.time_inputs(conn, codes, first, since):
            facts = dict(row)
            code = facts.pop("code")
            if facts["worst_day"] is not None:
                subject = subject_of("time", code=code, more=period)
                times += _reckon(book, "time", period, subject, code, "", facts)
    await keep(conn, times, now, today)
    found += times
    gone = await store.drop_of_areas(conn, codes, [one.subject for one in found])
    await alerts.forget(conn, gone, now)
    await alerts.settle(conn, found, now, today)
    return found


def _reckon(
    book: Book,
    scale: Scale,
    period: Period,
    subject: str,
    place: str,
    sector: str,
    facts: dict[str, Any],
    enterprise_id: int | None = None,
) -> list[Reckoned]:
    """The index, or nothing where no model counts or nothing is known."""
    model = book.pick(scale, place)
    if model is None:
        return []
    values: Values = {key: facts.get(key) for key in sorted(inputs.known(scale))}
    try:
        assessment = rules.assess(model.definition, values)
    except rules.NothingKnown:
        return []
    return [
        Reckoned(
            subject=subject, scale=scale, period=period, enterprise_id=enterprise_id, place=place,
            sector=sector, model=model, values=values, assessment=assessment,
        )
    ]  # fmt: skip


async def keep(conn: Connection, found: list[Reckoned], at: dt.datetime, day: dt.date) -> None:
    """Write indices as what stands now and as the last of their day.

    Args:
        conn: a worker's transaction.
        found: what was reckoned.
        at: when the inputs were read.
        day: of the jurisdiction.
    """
    await store.put(
        conn,
        [
            (
                one.subject, one.scale, one.period, one.enterprise_id, one.place, one.sector, one.model.id,
                one.assessment.score, one.assessment.level, one.values, one.assessment.missing, at, day,
            )
            for one in found
        ],
    )  # fmt: skip
    await keep_days(conn, found, at, day)


async def keep_days(conn: Connection, found: list[Reckoned], at: dt.datetime, day: dt.date) -> None:
    """Write indices as the last of a day, which may be a past one."""
    await store.put_days(
        conn,
        [
            (
                one.subject, day, one.scale, one.enterprise_id, one.place, one.sector, one.model.id,
                one.assessment.score, one.assessment.level, one.values, at,
            )
            for one in found
        ],
    )  # fmt: skip
