"""Rows of streams: cursors, ledger, events, gaps, conflicts, quarantine, unjudged facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import asyncpg
from msgspec import Struct

from central.db.queries import load
from central.ingest.models import EventRow, GapRow, QuarantineRow, StreamKey
from central.ingest.rules import EpochState, Gaps, StoredRange
from central.telemetry.models import Anchor
from central.telemetry.packed_count import PackedBatch
from protocol.messages import Batch, Cursor

if TYPE_CHECKING:
    from central.db.pool import Connection

Q = load(__file__)


class LockedCursor(Struct, frozen=True):
    """A cursor row that this transaction holds; `ordinal` orders the epochs of its gateway."""

    last_seq: int
    ordinal: int


def _columns(keys: Iterable[StreamKey]) -> tuple[list[str], list[int], list[int]]:
    rows = list(keys)
    return [k[0] for k in rows], [k[1] for k in rows], [k[2] for k in rows]


async def lock_cursors(conn: Connection, keys: Iterable[StreamKey]) -> dict[StreamKey, LockedCursor]:
    """Lock cursor rows in a fixed order; a key that is absent belongs to an epoch that no birth named."""
    return {
        (r["gateway_id"], r["stream"], r["epoch"]): LockedCursor(r["last_seq"], r["ordinal"])
        for r in await conn.fetch(Q.lock_cursors, *_columns(keys))
    }


async def gaps_of(conn: Connection, keys: Iterable[StreamKey]) -> dict[StreamKey, Gaps]:
    """Declared gaps of streams; every key asked for is in the answer."""
    wanted = list(keys)
    ranges: dict[StreamKey, list[tuple[int, int | None]]] = {key: [] for key in wanted}
    for r in await conn.fetch(Q.gaps_of, *_columns(wanted)):
        ranges[r["gateway_id"], r["stream"], r["epoch"]].append((r["first_seq"], r["last_seq"]))
    return {key: Gaps(some) for key, some in ranges.items()}


async def ledger_ranges(
    conn: Connection, starts: Sequence[tuple[StreamKey, int]]
) -> dict[StreamKey, dict[int, StoredRange]]:
    """What was committed from some numbers on."""
    found: dict[StreamKey, dict[int, StoredRange]] = {}
    keys = _columns(key for key, _ in starts)
    for r in await conn.fetch(Q.ledger_ranges, *keys, [first for _, first in starts]):
        key = (r["gateway_id"], r["stream"], r["epoch"])
        found.setdefault(key, {})[r["first_seq"]] = StoredRange(r["last_seq"], r["hash"])
    return found


async def event_epochs(
    conn: Connection, gateways: Sequence[str], epochs: Sequence[int]
) -> dict[str, dict[int, EpochState]]:
    """By gateway, the epochs that its events may have to wait for; their gaps are not filled in."""
    found: dict[str, dict[int, EpochState]] = {}
    for r in await conn.fetch(Q.event_epochs, gateways, epochs):
        state = EpochState(r["epoch"], r["follows"], r["held"], r["head"], r["cursor"], Gaps())
        found.setdefault(r["gateway_id"], {})[r["epoch"]] = state
    return found


async def told_anchor(conn: Connection, gateway: str, epoch: int, boot: int) -> Anchor | None:
    """Where the monotonic clock of a boot stood by its own right time; None while no event of it tells."""
    row = await conn.fetchrow(Q.told_anchor, gateway, epoch, boot)
    return None if row is None else Anchor(row["time_ms"], row["mono_ms"], exact=False)


async def add_ledger(
    conn: Connection,
    batches: Sequence[tuple[str, Batch, bytes, int, datetime]],
) -> dict[tuple[StreamKey, int], int]:
    """Write ledger lines of (gateway, batch, hash, rows, received); their ids by (stream key, first)."""
    rows = await conn.fetch(
        Q.add_ledger,
        [b[0] for b in batches],
        [b[1].stream for b in batches],
        [b[1].epoch for b in batches],
        [b[1].first for b in batches],
        [b[1].last for b in batches],
        [b[3] for b in batches],
        [b[2] for b in batches],
        [b[1].birth_hash for b in batches],
        [b[1].boot for b in batches],
        [b[4] for b in batches],
    )
    return {((r["gateway_id"], r["stream"], r["epoch"]), r["first_seq"]): r["id"] for r in rows}


async def advance_cursors(conn: Connection, cursors: Mapping[StreamKey, int], now: datetime) -> None:
    """Move cursors forward."""
    await conn.execute(Q.advance_cursors, *_columns(cursors), list(cursors.values()), now)


async def add_events(conn: Connection, rows: Sequence[EventRow]) -> dict[tuple[str, int, int], int]:
    """Write event rows; returns their ids by (gateway, epoch, seq)."""
    columns = ([getattr(row, name) for row in rows] for name in EventRow.__struct_fields__)
    found = await conn.fetch(Q.add_events, *columns)
    return {(r["gateway_id"], r["epoch"], r["seq"]): r["id"] for r in found}


async def add_gaps(conn: Connection, gaps: Sequence[GapRow], now: datetime) -> None:
    """Write declared gaps, each once."""
    columns = ([getattr(gap, name) for gap in gaps] for name in GapRow.__struct_fields__)
    await conn.execute(Q.add_gaps, *columns, now)


async def keep_conflict(
    conn: Connection, gateway: str, batch: Batch, digest: bytes, stored: bytes | None, now: datetime
) -> int:
    """Keep the other version of a range; returns how often it came."""
    times: int = await conn.fetchval(
        Q.keep_conflict,
        gateway,
        batch.stream,
        batch.epoch,
        batch.first,
        batch.last,
        digest,
        stored,
        batch.birth_hash,
        batch.boot,
        batch.body,
        now,
    )
    return times


async def epochs_of(conn: Connection, gateway: str) -> dict[int, int]:
    """Ordinals of a gateway's epochs."""
    return {r["epoch"]: r["ordinal"] for r in await conn.fetch(Q.epochs_of, gateway)}


async def add_epoch(
    conn: Connection, gateway: str, epoch: int, ordinal: int, follows: int, now: datetime
) -> None:
    """A new epoch with the cursors of its streams."""
    await conn.execute(Q.add_epoch, gateway, epoch, ordinal, follows, now)


async def add_cursor(conn: Connection, key: StreamKey, now: datetime) -> None:
    """A cursor at 0."""
    await conn.execute(Q.add_cursor, *key, now)


async def hold_epochs(conn: Connection, gateway: str, heads: Mapping[int, int]) -> None:
    """Note which epochs the current birth lists, and up to which event number each is held."""
    await conn.execute(Q.hold_epochs, gateway, list(heads), list(heads.values()))


async def claim_heads(conn: Connection, heads: Mapping[StreamKey, int], now: datetime) -> None:
    """Note how far streams reach, as the gateway says."""
    await conn.execute(Q.claim_heads, *_columns(heads), list(heads.values()), now)


async def close_rest(
    conn: Connection, gateway: str, current: int, held: Mapping[StreamKey, int], now: datetime
) -> None:
    """Declare gone what was claimed of older epochs and is held no more.

    Args:
        conn: the transaction of the birth.
        gateway: whose.
        current: its newest epoch, which still grows.
        held: how far the birth holds each stream.
        now: receive time.
    """
    streams, epochs = [key[1] for key in held], [key[2] for key in held]
    await conn.execute(Q.close_rest, gateway, current, streams, epochs, list(held.values()), now)


async def cursors_of(conn: Connection, gateway: str) -> list[Cursor]:
    """Everything that was committed of one gateway."""
    rows = await conn.fetch(Q.cursors_of, gateway)
    return [Cursor(r["stream"], r["epoch"], r["last_seq"]) for r in rows]


async def add_quarantine(conn: Connection, row: QuarantineRow, now: datetime) -> int:
    """Put a row into quarantine; returns its id."""
    new: int = await conn.fetchval(
        Q.add_quarantine,
        row.gateway_id,
        row.stream,
        row.epoch,
        row.seq,
        row.batch_id,
        row.row,
        row.sqlstate,
        row.reason,
        now,
    )
    return new


async def open_quarantine(conn: Connection) -> list[asyncpg.Record]:
    """What waits for somebody to replay or dismiss it."""
    return await conn.fetch(Q.open_quarantine)


async def lock_quarantine(conn: Connection, row_id: int) -> asyncpg.Record | None:
    """One unresolved row, locked."""
    return await conn.fetchrow(Q.lock_quarantine, row_id)


async def resolve_quarantine(
    conn: Connection, row_id: int, now: datetime, resolution: str, by: str, note: str
) -> None:
    """Close a quarantined row: "replayed" or "dismissed"."""
    await conn.execute(Q.resolve_quarantine, row_id, now, resolution, by, note)


async def add_unjudged(
    conn: Connection,
    gateway: str,
    event_id: int | None,
    fact: bytes,
    since: datetime,
    due_at: datetime,
    error: str,
) -> None:
    """Leave a fact for the worker that tries again."""
    await conn.execute(Q.add_unjudged, gateway, event_id, fact, since, due_at, error)


async def due_unjudged(conn: Connection, now: datetime, most: int) -> list[asyncpg.Record]:
    """Claim facts to be tried again."""
    return await conn.fetch(Q.due_unjudged, now, most)


async def judged(conn: Connection, row_id: int) -> None:
    """A fact could be judged after all."""
    await conn.execute(Q.judged, row_id)


async def still_unjudged(
    conn: Connection, row_id: int, due_at: datetime, error: str, defaulted_at: datetime | None
) -> None:
    """A fact was tried in vain."""
    await conn.execute(Q.still_unjudged, row_id, due_at, error, defaulted_at)


async def audit_streams(conn: Connection) -> list[asyncpg.Record]:
    """Numbers of every stream and epoch: missing, twice, declared lost."""
    return await conn.fetch(Q.audit_streams)


async def audit_measurements(conn: Connection, packed: Mapping[int, PackedBatch]) -> list[asyncpg.Record]:
    """Measurement batches whose rows are not as the ledger says; reads the whole history.

    Args:
        conn: in the snapshot in which `packed` was counted.
        packed: what of the history is packed, by batch.
    """
    return await conn.fetch(
        Q.audit_measurements,
        list(packed),
        [p.gateway for p in packed.values()],
        [p.stored for p in packed.values()],
        [p.different for p in packed.values()],
        [p.records.bit_count() for p in packed.values()],
    )


async def hold_days(conn: Connection) -> None:
    """Let no day be packed until the transaction ends: its rows would be in no snapshot."""
    await conn.execute(Q.hold_days)


async def audit_events(conn: Connection) -> list[asyncpg.Record]:
    """Event batches whose rows are not as the ledger says."""
    return await conn.fetch(Q.audit_events)


async def audit_quarantine(conn: Connection) -> list[asyncpg.Record]:
    """Records in quarantine or dismissed from it."""
    return await conn.fetch(Q.audit_quarantine)


async def audit_standins(conn: Connection) -> list[asyncpg.Record]:
    """Events that are gone and whose numbers are held by records that say so."""
    return await conn.fetch(Q.audit_standins)


async def audit_sums(conn: Connection) -> tuple[int, int]:
    """(gateways, records in the ledger)."""
    row = await conn.fetchrow(Q.audit_sums)
    assert row is not None
    return row["gateways"], row["records"]
