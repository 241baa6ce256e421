"""What a reader sees of a storm: what is open and came lately, gathered by whose it is (decision 0053)."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from central.db.pool import Connection
from central.db.queries import load
from central.warning.models import PATIENT
from central.warning.notify import store_digests

Q = load(__file__, "queries_storms.sql")

_OWNERS: Final = 50  # so many are shown; the list below the panel holds all


class StormOwner(msgspec.Struct, kw_only=True):
    """What is open of one enterprise or agency and came lately; `first_up`: its first case is marked."""

    enterprise_id: int | None
    agency_id: int | None
    name: str
    cases: int
    red: int
    orange: int
    yellow: int
    blue: int
    first_id: UUID
    first_title: str
    first_at: datetime
    first_up: bool


class Storm(msgspec.Struct, kw_only=True):
    """Whether so much came since a moment that it is shown gathered; `items`: the worst of all `owners`."""

    storm: bool
    since: datetime
    cases: int
    owners: int
    items: list[StormOwner]


async def now_open(conn: Connection, now: datetime) -> Storm:
    """Gather what is open in the caller's scope and came lately.

    Args:
        conn: a scoped transaction.
        now: the database's time.
    """
    rule = await store_digests.rule(conn, "", now)
    since = now - timedelta(seconds=rule.storm_s)
    rows = await conn.fetch(Q.storm, since, _OWNERS, sorted(PATIENT))
    cases = rows[0]["total"] if rows else 0
    storm = cases >= rule.storm_cases
    return Storm(
        storm=storm,
        since=since,
        cases=cases,
        owners=rows[0]["owners"] if rows else 0,
        items=[
            StormOwner(**{field: row[field] for field in StormOwner.__struct_fields__})
            for row in (rows if storm else [])
        ],
    )
