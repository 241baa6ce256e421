"""Rows of gateways, births, points, heartbeats and commands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import asyncpg
import msgspec

from central.db.queries import load
from central.devices.models import ONLINE, Gateway, GatewayExists, Heard
from central.devices.rules import limits_of, plain
from protocol.messages import BlockInfo, Description, PointInfo

if TYPE_CHECKING:
    from central.db.pool import Connection

Q = load(__file__)
_LONGEST_MS = 1 << 40


async def gateways(conn: Connection, only: str | None = None) -> list[Gateway]:
    """All gateways that may send, or one of them."""
    return [Gateway(**dict(row)) for row in await conn.fetch(Q.gateways, only)]


async def add_gateway(
    conn: Connection, gateway: str, enterprise_id: int, name: str, public_key: bytes, now: datetime
) -> None:
    """Make a gateway.

    Raises:
        GatewayExists: the id is taken.
    """
    try:
        await conn.execute(Q.add_gateway, gateway, enterprise_id, name, public_key, now)
    except asyncpg.UniqueViolationError as exc:
        raise GatewayExists(gateway) from exc
    await conn.execute(Q.add_gateway_state, gateway)


async def enterprise_by_code(conn: Connection, code: str) -> tuple[int, str] | None:
    """(id, name) of an enterprise."""
    row = await conn.fetchrow(Q.enterprise_by_code, code)
    return None if row is None else (row["id"], row["name"])


async def keep_birth(
    conn: Connection, gateway: str, digest: bytes, encoded: bytes, description: Description, now: datetime
) -> None:
    """Keep a description under its hash."""
    version = max(-(1 << 62), min(description.config_version, 1 << 62))
    await conn.execute(
        Q.keep_birth,
        gateway,
        digest,
        encoded,
        version,
        plain(description.config_hash),
        plain(description.software),
        now,
    )


async def birth_description(conn: Connection, gateway: str, digest: bytes) -> bytes | None:
    """The encoded description of that hash, None when it never came."""
    found: bytes | None = await conn.fetchval(Q.birth_description, gateway, digest)
    return found


async def current_description(conn: Connection, gateway: str) -> bytes | None:
    """The encoded description that a gateway works under, None when no birth came."""
    found: bytes | None = await conn.fetchval(Q.current_description, gateway)
    return found


async def describe_points(
    conn: Connection, gateway: Gateway, description: Description, current: bool, now: datetime
) -> None:
    """Make and update the points that a birth names; the older ones of `current` births retire."""
    blocks = {block.block: block for block in description.blocks}
    limits = limits_of(description)
    # In the order of blocks and rows: neighbours on the wire become neighbours in the history.
    points = sorted(description.points, key=lambda p: (p.block, p.index))
    await conn.execute(
        Q.describe_points if current else Q.remember_points,
        gateway.id,
        gateway.enterprise_id,
        now,
        [p.key for p in points],
        [plain(p.name) for p in points],
        [plain(p.quantity) for p in points],
        [plain(p.unit) for p in points],
        [plain(blocks[p.block].source) for p in points],
        [_period_ms(blocks[p.block], p) for p in points],
        [p.low for p in points],
        [p.high for p in points],
        *([limits.get(p.key, {}).get(name) for p in points] for name in ("LL", "L", "H", "HH")),
    )
    if current:
        await conn.execute(Q.retire_points, gateway.id, [p.key for p in points])


def _period_ms(block: BlockInfo, point: PointInfo) -> int:
    """The longest time between two rows of a quiet point; what no column can hold is cut, never refused."""
    every_ms = point.store_every_s * 1000
    stored_ms = int(every_ms) if 0 <= every_ms < _LONGEST_MS else 0
    return max(0, min(max(block.period_ms, stored_ms), _LONGEST_MS))


async def point_ids(conn: Connection, gateway: str) -> dict[str, int]:
    """Ids of all points that a gateway ever named, by key."""
    return {row["key"]: row["id"] for row in await conn.fetch(Q.point_ids, gateway)}


async def lock_state(conn: Connection, gateway: str) -> tuple[int, int] | None:
    """Lock a gateway's state; returns where its last birth took the active alarms, (ordinal, seq)."""
    row = await conn.fetchrow(Q.lock_state, gateway)
    if row is None:
        await conn.execute(Q.add_gateway_state, gateway)
        row = await conn.fetchrow(Q.lock_state, gateway)
    if row is None or row["birth_ordinal"] is None:
        return None
    return row["birth_ordinal"], row["birth_seq"]


async def set_birth(
    conn: Connection, gateway: str, digest: bytes, now: datetime, ordinal: int, seq: int
) -> None:
    """Make a birth the current one."""
    await conn.execute(Q.set_birth, gateway, digest, now, ordinal, seq)


async def birth_heads(conn: Connection, gateways: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Where each gateway's current birth took the active alarms: (ordinal of the epoch, seq)."""
    return {
        row["gateway_id"]: (row["birth_ordinal"], row["birth_seq"])
        for row in await conn.fetch(Q.birth_heads, gateways)
    }


async def keep_heartbeats(conn: Connection, heard: Sequence[Heard]) -> list[str]:
    """Write the last heartbeat of gateways, each at most once; returns who of them is not online."""
    rows = await conn.fetch(
        Q.keep_heartbeats,
        [h.gateway_id for h in heard],
        [h.heard_at for h in heard],
        [h.boot for h in heard],
        [h.counter for h in heard],
        [h.mono_ms for h in heard],
        [h.clock for h in heard],
        [h.period_ms for h in heard],
        [h.waiting_events for h in heard],
        [h.waiting_measurements for h in heard],
        [h.active_alarms for h in heard],
        # As texts: a list of lists would be taken for an array of two dimensions.
        [msgspec.json.encode(h.sources).decode() for h in heard],
        [msgspec.json.encode(h.outputs).decode() for h in heard],
        [plain(h.software) for h in heard],
        [msgspec.json.encode(h.annunciators).decode() for h in heard],
        [h.road for h in heard],
        [msgspec.json.encode(h.buses).decode() for h in heard],
    )
    return [row["gateway_id"] for row in rows if row["presence"] != ONLINE]


async def keep_anchors(conn: Connection, anchors: Iterable[tuple[str, int, int, datetime]]) -> None:
    """Remember (gateway, boot, monotonic ms, moment of ours), each boot at most once."""
    rows = list(anchors)
    await conn.execute(
        Q.keep_anchors, [r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows], [r[3] for r in rows]
    )


async def anchor(conn: Connection, gateway: str, boot: int) -> tuple[int, datetime] | None:
    """(monotonic ms, moment of ours) last heard of a boot."""
    row = await conn.fetchrow(Q.anchor, gateway, boot)
    return None if row is None else (row["mono_ms"], row["at"])


async def presences(conn: Connection) -> list[asyncpg.Record]:
    """gateway_id, presence, heard_at, period_ms of every gateway."""
    return await conn.fetch(Q.presences)


async def set_presence(conn: Connection, gateway: str, presence: str, now: datetime) -> bool | None:
    """Write a presence; False when it already was so, None when another process heard the gateway since."""
    if await conn.fetchval(Q.set_presence, gateway, presence, now):
        return True
    word = await last_word(conn, gateway)
    return None if word is not None and word["presence"] != presence else False


async def set_interleaved(conn: Connection, gateway: str, now: datetime) -> bool:
    """Note that two boots interleave; False when it was noted within the last hour."""
    return bool(await conn.fetchval(Q.set_interleaved, gateway, now))


async def gateway_rows(
    conn: Connection, after: str, enterprise_id: int | None, presence: str | None, limit: int
) -> list[asyncpg.Record]:
    """One page of gateways behind `after`, by id."""
    return await conn.fetch(Q.gateway_rows, after, enterprise_id, presence, limit)


async def gateway_row(conn: Connection, gateway: str) -> asyncpg.Record | None:
    """One gateway, None outside the scope."""
    return await conn.fetchrow(Q.gateway_row, gateway)


async def last_word(conn: Connection, gateway: str) -> asyncpg.Record | None:
    """boot, mono_ms, heard_at of the last heartbeat; None outside the scope."""
    return await conn.fetchrow(Q.last_word, gateway)


async def ask(
    conn: Connection,
    command_id: UUID,
    gateway: str,
    boot: int,
    command: str,
    alarm: str,
    actor: str,
    reason: str,
    now: datetime,
    expires_mono_ms: int,
    for_s: int | None,
    output: str,
) -> None:
    """Write a command down before it is sent."""
    await conn.execute(
        Q.ask,
        command_id,
        gateway,
        boot,
        command,
        alarm,
        actor,
        reason,
        now,
        expires_mono_ms,
        for_s,
        output,
    )


async def answer(conn: Connection, command_id: UUID, result: str, detail: str, now: datetime) -> None:
    """Write down what became of a command."""
    await conn.execute(Q.answer, command_id, result, detail, now)
