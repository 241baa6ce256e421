"""Writes calls into the outbox and takes them back, in the decider's transaction (law-warning 19)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from central.db.pool import Connection
from central.warning.notify import rules, store
from central.warning.notify.models import EVERY_CHANNEL, IN_APP, NO_CHANNEL, Delivery, Limits, Receiver, Rung

LIMITS: Final = Limits()


async def write(
    conn: Connection,
    rung: Rung,
    people: Sequence[Receiver],
    channels: Sequence[str],
    text: str,
    now: datetime,
    existing: frozenset[str] = EVERY_CHANNEL,
    look_s: float = LIMITS.in_app_s,
    asked_in: str = "",
) -> list[Delivery]:
    """Write one call a person and channel; nothing is sent before the commit.

    Args:
        conn: the transaction that fires the rung.
        rung: whose calls these are.
        people: who is on call at this moment.
        channels: the ways of the rung.
        text: what is said.
        now: time of the transaction.
        existing: the ways that this centre has. What it lacks is nobody's missing number (decision 0011).
        look_s: so long a screen waits for a look before it has reached nobody.
        asked_in: the state of the case in which a person asked for these calls; empty for a rung.
    """
    calls = []
    limits = msgspec.structs.replace(LIMITS, in_app_s=look_s)
    for person in people:
        for channel in channels:
            if channel not in existing:
                unreachable = NO_CHANNEL
            else:
                unreachable = "" if channel == IN_APP or person.phone else "no_number"
            call = rules.written(channel, reachable=unreachable, now=now, limits=limits)
            key = rules.key_of(rung, person.key, channel)
            address = "" if channel == IN_APP else person.phone
            await store.add_call(conn, key, rung, person, address, text, call, asked_in)
            calls.append(call)
    return calls


async def supersede(conn: Connection, warning_id: UUID, now: datetime) -> None:
    """End what was not handed over yet: somebody answered, or the level rose."""
    await store.supersede(conn, warning_id, now)
