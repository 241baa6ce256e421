"""What an area must have of emergency resources, and the warning when its registers hold less (MON-43).

The numbers are rows that offices keep. A worker counts what counts in the registers: records of the area that
are in force, or the sum of a number of theirs; what can't be used at present is left out.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import msgspec
from prometheus_client import Gauge

from central.clock import database_now
from central.db.pool import DATABASE_AWAY
from central.db.queries import load
from central.db.scope import acting
from central.registry.forms.register import Register, catalogue, fields_of
from central.registry.tables import table_of
from central.warning import service
from central.warning.models import SHORTAGE, ConditionFact

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from central.db.pool import Connection, Database

    Clock = Callable[[Connection], Awaitable[datetime]]

Q = load(__file__, "queries_shortages.sql")
_log = logging.getLogger(__name__)
_AT_ONCE: Final = 20
_LOOK_EVERY_S: Final = 60.0
_COUNT_EVERY: Final = timedelta(minutes=5)
_AGAIN_S: Final = 5.0
_MOST_PATIENCE_S: Final = 600.0
COUNTED: Final = (
    "emergency-supplies", "relief-supplies", "rescue-teams", "experts", "rescue-agencies", "fire-forces",
    "police-forces", "social-rescue-forces", "shelters", "hospitals",
)  # fmt: skip
_UNUSABLE: Final = {"emergency-supplies": ("state", ("repair", "expired", "scrapped"))}
_SUMMED: Final = {"emergency-supplies": ("quantity",), "relief-supplies": ("quantity",)}

STALLED: Final = Gauge("fengsui_shortages_stalled", "1 while resources of areas are not counted.")

# A region with what lies below it; where a record says its own area, that is where it stands.
_COUNT: Final = """
SELECT coalesce({measure}, 0)::float8
FROM (
    SELECT CASE WHEN t.state = 'valid' THEN t.payload ELSE t.counted END AS payload, t.place,
        CASE WHEN t.state = 'valid' THEN t.title ELSE t.counted_title END AS title
    FROM {table} AS t WHERE t.removed_at IS NULL
) AS r
WHERE r.payload IS NOT NULL
    AND starts_with(coalesce(nullif(field_part(r.payload, 'region'::text, 'id'::text), ''), r.place), $1)
    AND ($2 = '' OR field_part(r.payload, $2, 'choice'::text) = $3)
    AND ($4 = '' OR strpos(lower(r.title), lower($4)) > 0)
    AND ($5 = '' OR coalesce(field_part(r.payload, $5, 'choice'::text), '') <> ALL ($6::text[]))
"""


class Choice(msgspec.Struct, frozen=True):
    """One choice of a field."""

    code: str
    title: str
    title_en: str


class Narrowing(msgspec.Struct, frozen=True):
    """A field by which what is counted may be narrowed."""

    name: str
    title: str
    title_en: str
    choices: list[Choice]


class Measure(msgspec.Struct, frozen=True):
    """A number that may be added up; of no name: records are counted."""

    name: str
    title: str
    title_en: str
    unit: str


class Countable(msgspec.Struct, frozen=True):
    """A register whose records may be counted, and how."""

    register: str
    title: str
    title_en: str
    fields: list[Narrowing]
    measures: list[Measure]


def countable() -> list[Countable]:
    """Registers of emergency resources, as their declarations have them."""
    known = catalogue()
    return [_countable(known[name]) for name in COUNTED if name in known]


def _countable(register: Register) -> Countable:
    bound = fields_of(register.record)
    summed = {*register.totals, *_SUMMED.get(register.name, ())}
    return Countable(
        register.name,
        register.zh,
        register.en,
        [
            Narrowing(b.name, b.field.zh, b.field.en, [Choice(c.code, c.zh, c.en) for c in b.field.choices])
            for b in bound
            if b.field.kind == "choice" and b.name in register.filters
        ],
        [
            Measure(b.name, b.field.zh, b.field.en, b.field.unit)
            for b in bound
            if b.field.kind in {"number", "whole"} and b.name in summed
        ],
    )


async def count(
    conn: Connection, register: Register, region: str, field: str, choice: str, words: str, measure: str
) -> float:
    """How much of something an area has.

    Args:
        conn: a worker's transaction, which sees every area.
        register: whose records.
        region: a region code; what lies below belongs to it.
        field: of a choice that narrows it; empty for none.
        choice: that the field must have.
        words: that the title must hold; empty for any.
        measure: the number that is added up; empty: records are counted.
    """
    added = f"sum(field_number(r.payload, '{measure}'::text))" if measure else "count(*)"
    unusable, states = _UNUSABLE.get(register.name, ("", ()))
    statement = _COUNT.format(measure=added, table=table_of(register))
    found: float = await conn.fetchval(statement, region, field, choice, words, unusable, list(states))
    return found


async def run(database: Database) -> None:
    """Works until cancelled; waits out whatever fails, longer each time."""
    failures = 0
    while True:
        try:
            while await step(database):
                pass
        except Exception as exc:  # noqa: BLE001 -- supervised: counting never ends the centre
            if not failures:
                unexpected = not isinstance(exc, DATABASE_AWAY)
                _log.warning("resources of areas are not counted for now: %r", exc, exc_info=unexpected)
            STALLED.set(1)
            await asyncio.sleep(min(_AGAIN_S * 2.0**failures, _MOST_PATIENCE_S))
            failures = min(failures + 1, 16)
            continue
        failures = 0
        STALLED.set(0)
        await asyncio.sleep(_LOOK_EVERY_S)


async def step(database: Database, clock: Clock = database_now) -> int:
    """Count some minimums that were not counted lately; gives how many.

    Args:
        database: the worker's pool is used.
        clock: gives the time; tests move it by hand.
    """
    async with acting(database.worker) as conn:
        now = await clock(conn)
        rows = await conn.fetch(Q.due, now - _COUNT_EVERY, None, _AT_ONCE)
        for row in rows:
            await judge(conn, row, now)
    return len(rows)


async def judge_one(conn: Connection, number: int, now: datetime) -> None:
    """Count one minimum at once: somebody has just changed it.

    Args:
        conn: a worker's transaction.
        number: of the minimum.
        now: the database's time.
    """
    for row in await conn.fetch(Q.due, now, number, 1):
        await judge(conn, row, now)


async def judge(conn: Connection, row: Any, now: datetime) -> None:
    """Count one minimum and tell the warnings when it begins or ceases to be missed."""
    register = catalogue().get(row["register"])
    if row["removed_at"] is not None or register is None:
        await _tell(conn, row, now, short=False, since=now, found=None)
        await conn.execute(Q.counted, row["id"], None, now, False)
        return
    found = await count(
        conn, register, row["region"], row["field"], row["choice"], row["words"], row["measure"]
    )
    short = found < row["minimum"]
    since = await conn.fetchval(Q.counted, row["id"], found, now, short)
    await _tell(conn, row, now, short=short, since=since or now, found=found)


async def _tell(
    conn: Connection, row: Any, now: datetime, *, short: bool, since: datetime, found: float | None
) -> None:
    if short == (row["told_at"] is not None):
        return
    unit, least = row["unit"], f"{row['minimum']:g}"
    fact = ConditionFact(
        kind=SHORTAGE,
        subject_type="resource",
        subject_id=str(row["id"]),
        place=row["place"],
        subject_name=f"{row['region_name']} {row['name']}",
        title=f"{row['region_name']}{row['name']}不足",
        detail=(
            f"现有 {found:g}{unit}，配置下限 {least}{unit}"
            if short
            else (f"现有 {found:g}{unit}，已达到下限 {least}{unit}" if found is not None else "配置已删除")
        ),
        holds=short,
        reference=f"shortage/{row['id']}/{since.isoformat()}",
        at=now,
        received_at=now,
        agency_id=row["agency_id"],
        side="low",
        quantity=row["register"],
        limit=row["minimum"],
        value=found,
        unit=unit,
    )
    judged = await service.judge_condition(conn, fact)
    at = now if short else None
    await conn.execute(Q.told, row["id"], at, judged.warning_id if judged and short else None)
