"""Risk indices of the demo's county: those of today as the worker reckons them, and a month before."""

from __future__ import annotations

import datetime as dt
import random
from statistics import mean
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from central.clock import database_now
from central.db.scope import acting
from central.risk import rules, service, worker
from central.risk.service import Book, Reckoned

if TYPE_CHECKING:
    from central.db.pool import Database
    from central.risk.models import Scale, Values

_ZONE: Final = ZoneInfo("Asia/Shanghai")
_DAYS: Final = 30
_STANDING: Final = """
SELECT subject, scale, period, enterprise_id, place, sector, inputs FROM risk_index WHERE period = 'live'
"""


async def fill(database: Database) -> None:
    """Reckon what stands now, then write what may have stood on the days before."""
    sweep = worker.Sweep()
    while await worker.once(database, _ZONE, sweep, rests=dt.timedelta(0)):
        pass
    async with acting(database.worker) as conn:
        now = await database_now(conn)
        today = now.astimezone(_ZONE).date()
        book = await Book.at(conn, now)
        rows = [dict(row) for row in await conn.fetch(_STANDING)]
        for back in range(_DAYS, 0, -1):
            plants = [
                made
                for row in rows
                if row["scale"] == "enterprise"
                for made in _made(book, row, _earlier(row["subject"], row["inputs"], back))
            ]
            wider = [
                made
                for row in rows
                if row["scale"] != "enterprise"
                for made in _made(book, row, _of_many(row, plants))
            ]
            at, day = now - dt.timedelta(days=back), today - dt.timedelta(days=back)
            await service.keep_days(conn, [*plants, *wider], at, day)
    # Running months and years know their days only now.
    async with acting(database.worker) as conn:
        codes = sorted({row["place"] for row in rows if row["scale"] == "area"})
        await service.reckon_areas(conn, book, codes, now, today, _ZONE)


def _made(book: Book, row: dict[str, object], values: Values) -> list[Reckoned]:
    scale: Scale = row["scale"]  # type: ignore[assignment]
    place = str(row["place"])
    model = book.pick(scale, place)
    assert model is not None
    return [
        Reckoned(
            subject=str(row["subject"]), scale=scale, period="live",
            enterprise_id=row["enterprise_id"],  # type: ignore[arg-type]
            place=place, sector=str(row["sector"]), model=model, values=values,
            assessment=rules.assess(model.definition, values),
        )
    ]  # fmt: skip


def _earlier(subject: str, today: Values, back: int) -> Values:
    """What changed within a month: alarms come and go, papers lapse, a gateway was away for some days."""
    chance = random.Random(f"{subject}/{back // 4}")
    values = dict(today)
    busy = chance.random()
    values["alarm_orange"] = 1.0 if busy > 0.97 else 0.0
    values["alarm_yellow"] = float(chance.randrange(3)) if busy > 0.85 else 0.0
    values["alarms_30"] = float(chance.randrange(6)) if busy > 0.7 else 0.0
    found = random.Random(subject).randint(4, 27)
    values["major_dangers"] = (today.get("major_dangers") or 0.0) if back <= found else 0.0
    papers = today.get("papers_late") or 0.0
    values["papers_late"] = float(max(0, papers - back // 10))
    values["forms_late"] = float(max(0, (today.get("forms_late") or 0.0) - back // 12))
    return values


def _of_many(row: dict[str, object], plants: list[Reckoned]) -> Values:
    """The part of an area's or an industry's inputs that follows from its enterprises of that day."""
    found = [
        plant
        for plant in plants
        if plant.place.startswith(str(row["place"])) and row["sector"] in {"", plant.sector}
    ]
    scores = [plant.assessment.score for plant in found]
    high = [plant for plant in found if plant.assessment.level >= 3]
    towns = [plant.place[:9] for plant in high]
    values: Values = dict(row["inputs"])  # type: ignore[call-overload]
    values |= {
        "worst": max(scores),
        "mean": round(mean(scores), 2),
        "share_high": round(100 * len(high) / len(found), 2),
        "red": float(sum(plant.assessment.level == 4 for plant in found)),
        "orange": float(sum(plant.assessment.level == 3 for plant in found)),
    }
    if "coupled" in values:
        values["coupled"] = float(max((towns.count(town) for town in towns), default=0))
    return values
