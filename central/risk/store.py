"""Inputs, indices, days and marks in PostgreSQL: one typed function a query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from central.db.queries import load
from central.risk.models import Model, RiskDefinition, RiskModelName

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    import asyncpg

    from central.db.pool import Connection

Q = load(__file__, "queries.sql")
Rows = list["asyncpg.Record"]


async def hold(conn: Connection) -> bool:
    """Be the one that reckons until the transaction ends; false when another process is."""
    mine: bool = await conn.fetchval(Q.hold)
    return mine


async def models_in_force(conn: Connection, now: dt.datetime) -> list[Model]:
    """Give every model that counts at a moment."""
    return [_model(row) for row in await conn.fetch(Q.models_in_force, now)]


async def models(conn: Connection, numbers: Iterable[int]) -> dict[int, tuple[Model, RiskModelName]]:
    """Give some models by number, with how they are named."""
    found = {}
    for row in await conn.fetch(Q.models, sorted(set(numbers))):
        model = _model(row)
        found[model.id] = (
            model,
            RiskModelName(
                id=model.id, name=model.name, version=model.version, region=model.region,
                source=row["source"], bands=model.definition.bands,
            ),
        )  # fmt: skip
    return found


def _model(row: asyncpg.Record) -> Model:
    return Model(
        id=row["id"], scale=row["scale"], region=row["region"], version=row["version"], name=row["name"],
        definition=msgspec.convert(row["definition"], RiskDefinition),
    )  # fmt: skip


# -- marks ---


async def take_marked(conn: Connection, most: int) -> list[str]:
    """Take marks of places of which inputs changed: what changes from here on marks them again."""
    return sorted({row["place"] for row in await conn.fetch(Q.take_marked, most)})


async def at_places(conn: Connection, places: list[str]) -> list[int]:
    """Give the enterprises at some places."""
    return [row["id"] for row in await conn.fetch(Q.at_places, places)]


async def take_marked_areas(conn: Connection, before: dt.datetime, most: int) -> list[str]:
    """Take marks of regions in which an index changed before a moment."""
    return sorted({row["place"] for row in await conn.fetch(Q.take_marked_areas, before, most)})


async def mark(conn: Connection, places: Iterable[str], now: dt.datetime) -> None:
    """Have places reckoned anew."""
    await conn.execute(Q.mark, sorted(set(places)), now)


async def unreckoned(conn: Connection, day: dt.date, after: int, most: int) -> Rows:
    """Give enterprises without an index of a day, after one by number."""
    rows: Rows = await conn.fetch(Q.unreckoned, day, after, most)
    return rows


async def unreckoned_areas(conn: Connection, day: dt.date, after: str, most: int) -> list[str]:
    """Give regions with enterprises and without an index of a day, after one by code."""
    return [row["place"] for row in await conn.fetch(Q.unreckoned_areas, day, after, most)]


# -- inputs ---


async def enterprise_inputs(conn: Connection, numbers: list[int], now: dt.datetime, today: dt.date) -> Rows:
    """Give every input of some enterprises, with id, place and sector."""
    rows: Rows = await conn.fetch(Q.enterprise_inputs, numbers, now, today)
    return rows


async def industry_inputs(conn: Connection, codes: list[str]) -> Rows:
    """Give every input of each industry in some regions, with code and sector."""
    rows: Rows = await conn.fetch(Q.industry_inputs, codes)
    return rows


async def area_inputs(conn: Connection, codes: list[str]) -> Rows:
    """Give every input of some regions, with code."""
    rows: Rows = await conn.fetch(Q.area_inputs, codes)
    return rows


async def time_inputs(conn: Connection, codes: list[str], first: dt.date, since: dt.datetime) -> Rows:
    """Give every input of some regions since the first day of a period, with code."""
    rows: Rows = await conn.fetch(Q.time_inputs, codes, first, since)
    return rows


# -- indices ---


async def put(conn: Connection, rows: list[tuple[Any, ...]]) -> None:
    """Write what stands now; the columns as the query names them."""
    await conn.executemany(Q.put, rows)


async def put_days(conn: Connection, rows: list[tuple[Any, ...]]) -> None:
    """Write the last index of days; the columns as the query names them."""
    await conn.executemany(Q.put_day, rows)


async def drop_gone(conn: Connection, places: list[str]) -> list[str]:
    """Drop indices of enterprises that were removed; gives their subjects."""
    return [row["subject"] for row in await conn.fetch(Q.drop_gone, places)]


async def drop_of_areas(conn: Connection, codes: list[str], kept: list[str]) -> list[str]:
    """Drop indices of regions and their industries that were not reckoned again; gives their subjects."""
    return [row["subject"] for row in await conn.fetch(Q.drop_of_areas, codes, kept)]


async def lowest(conn: Connection, subjects: list[str], day: dt.date, days: int) -> dict[str, float]:
    """Give the lowest score of subjects within so many days before a day, where history reaches that far."""
    return {row["subject"]: row["score"] for row in await conn.fetch(Q.lowest, subjects, day, days)}


# -- thresholds ---


async def alerts(conn: Connection, subjects: list[str]) -> Rows:
    """Give the thresholds that subjects have passed and not left."""
    rows: Rows = await conn.fetch(Q.alerts, subjects)
    return rows


async def put_alert(
    conn: Connection, subject: str, kind: str, level: int, since: dt.datetime, now: dt.datetime
) -> None:
    """Keep that a threshold is passed."""
    await conn.execute(Q.put_alert, subject, kind, level, since, now)


async def drop_alert(conn: Connection, subject: str, kind: str) -> None:
    """It is passed no more."""
    await conn.execute(Q.drop_alert, subject, kind)


async def enterprise_owner(conn: Connection, number: int) -> asyncpg.Record | None:
    """Give the enterprise whose warning it is."""
    return await conn.fetchrow(Q.enterprise_owner, number)


async def area_owner(conn: Connection, code: str, sector: str) -> asyncpg.Record | None:
    """Give the agency that answers for a region."""
    return await conn.fetchrow(Q.area_owner, code, sector)
