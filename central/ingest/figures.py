"""Takes the figures of self-measurements out of events: a failure there never takes an event down."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from central.devices import figures
from central.ingest.judging import attempt
from protocol.messages import FiguresEvent

if TYPE_CHECKING:
    from central.db.pool import Connection
    from central.ingest.events import Record


async def take(conn: Connection, records: Iterable[Record], now: datetime) -> None:
    """Keep what gateways measured of themselves.

    Args:
        conn: in the transaction that stores the records.
        records: newly stored ones.
        now: the database's time.
    """
    for record in records:
        if isinstance(record.event, FiguresEvent):
            await attempt(
                conn, partial(figures.keep, conn, record.gateway.id, record.event, record.row.at, now)
            )
