"""Follows what gateways tell of their configurations, and brings those that waited for a gateway."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from central import clock
from central.db.pool import DATABASE_AWAY
from central.db.scope import Actor, acting
from central.devices import configuration
from central.ingest.judging import attempt
from protocol.messages import ConfigurationEvent

if TYPE_CHECKING:
    from central.db.pool import Connection, Database
    from central.devices.configuration_routes import Configurer
    from central.ingest.events import Record

_log = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 15.0
AT_ONCE: Final = 20
BRINGER: Final = Actor(0, "worker", "配置下发")


async def take(conn: Connection, records: Iterable[Record], now: datetime) -> None:
    """Keep what gateways tell; a failure here never takes an event down.

    Args:
        conn: in the transaction that stores the records.
        records: newly stored ones.
        now: the database's time.
    """
    for record in records:
        if isinstance(record.event, ConfigurationEvent):
            await attempt(
                conn,
                partial(configuration.keep, conn, record.gateway.id, record.event, record.position, now),
            )


async def bring(database: Database, configurer: Configurer) -> int:
    """Send what waits for gateways that are there; returns how many were sent."""
    async with acting(database.worker, BRINGER) as conn:
        waiting = await configuration.pending(conn, AT_ONCE)
    for message in waiting:
        opinion = await configurer.configure(message)
        async with acting(database.worker, BRINGER) as conn:
            now = await clock.database_now(conn)
            await configuration.told(conn, message.gateway, message.version, opinion, now)
    return len(waiting)


async def run(database: Database, configurer: Configurer) -> None:
    """Do so every few seconds, until cancelled."""
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        try:
            await bring(database, configurer)
        except DATABASE_AWAY as exc:
            _log.warning("configurations wait: %s", exc)
