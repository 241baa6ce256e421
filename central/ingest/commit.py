"""One group commit: rows, ledger, cursors and judgement of many batches in one transaction.

Keeps law-never-lose 4, 5, 6, 7, 10. Nothing leaves this file before the transaction has committed: the caller
sends the receipts and changes memory afterwards.

    lock cursors ─▶ decide each batch in order ─▶ ledger ─▶ measurements, events ─▶ judge ─▶ cursors ─▶ COMMIT
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

import numpy as np

from central.devices import service as devices
from central.ingest import configurations, events, figures, judging, outputs, poison, rules, store
from central.ingest.events import AlarmNow, Record, beneath
from central.ingest.metrics import UNKNOWN_EVENTS
from central.ingest.models import StreamKey, Work
from central.ingest.rules import Gaps, StreamState, Verdict
from central.telemetry import service as telemetry
from central.telemetry.columns import Newest, Rows, concatenate
from protocol.messages import (
    BIRTH_WANTED,
    CONFLICT,
    EVENT,
    EXPECTED,
    MEASUREMENT,
    REFUSED,
    STORED,
    Batch,
    Event,
    EventHead,
    Receipt,
)

if TYPE_CHECKING:
    from central.db.pool import Connection
    from central.devices.rules import Binding
    from central.telemetry.models import Anchor
    from central.telemetry.service import History

_log = logging.getLogger(__name__)
_STATUS: Final = {
    rules.STORE: STORED,
    rules.DUPLICATE: STORED,
    rules.EXPECTED: EXPECTED,
    rules.CONFLICT: CONFLICT,
}


@dataclass(slots=True)
class Prepared:
    """A batch after everything that needs no lock: hashed, decoded with its own birth, dated."""

    work: Work
    batch: Batch
    digest: bytes
    received_at: datetime
    received_ms: int
    anchor: Anchor
    binding: Binding | None = None
    refused: str = ""
    rows: Rows | None = None
    newest: Newest | None = None
    decoded: list[tuple[EventHead, Event | None, bytes]] = field(default_factory=list)

    @property
    def key(self) -> StreamKey:
        return self.work.gateway.id, self.batch.stream, self.batch.epoch


@dataclass(slots=True)
class Outcome:
    """What became of one batch; `ordinal` is known for those that were stored now."""

    prepared: Prepared
    receipt: Receipt
    stored: bool = False
    ordinal: int = 0


def receipt_of(
    prepared: Prepared, status: int, *, expected: int = 0, epoch: int = 0, reason: str = ""
) -> Receipt:
    """The receipt of a batch; with EXPECTED, `epoch` names the epoch that is wanted."""
    batch = prepared.batch
    return Receipt(
        status=status,
        gateway=prepared.work.gateway.id,
        stream=batch.stream,
        epoch=epoch or batch.epoch,
        first=batch.first,
        last=batch.last,
        hash=prepared.digest,
        expected=expected,
        reason=reason,
    )


class GroupCommit:
    """The work of one transaction.

    Args:
        conn: inside the transaction.
        history: writes measurements.
        now: the database's time.
        careful: rows that PostgreSQL refuses are sought one by one and put into quarantine.
    """

    def __init__(self, conn: Connection, history: History, now: datetime, *, careful: bool) -> None:
        self._conn = conn
        self._history = history
        self._now = now
        self._careful = careful
        self._states: dict[StreamKey, StreamState] = {}
        self._ordinals: dict[StreamKey, int] = {}
        self._epochs: dict[str, dict[int, rules.EpochState]] = {}
        self._ledger: dict[StreamKey, dict[int, rules.StoredRange]] = {}

    async def run(self, batches: Sequence[Prepared]) -> list[Outcome]:
        """Do it all; the caller commits.

        Args:
            batches: at most once each range of each stream.
        """
        await self._lock(batches)
        outcomes = [await self._decide(p) for p in self._in_order(batches)]
        stored = [o for o in outcomes if o.stored]
        if stored:
            await self._write(stored)
        return outcomes

    # --- which ---------------------------------------------------------------------------------------------

    async def _lock(self, batches: Sequence[Prepared]) -> None:
        keys = sorted({p.key for p in batches})
        locked = await store.lock_cursors(self._conn, keys)
        gaps = await self._gaps(batches, locked)
        for key, cursor in locked.items():
            self._states[key] = StreamState(cursor.last_seq, gaps.get(key, Gaps()))
            self._ordinals[key] = cursor.ordinal
        again = [
            (p.key, p.batch.first)
            for p in batches
            if p.key in locked and p.batch.first <= locked[p.key].last_seq
        ]
        if again:
            self._ledger = await store.ledger_ranges(self._conn, again)
        with_events = [p for p in batches if p.batch.stream == EVENT]
        if with_events:
            gateways = sorted({p.work.gateway.id for p in with_events})
            epochs = sorted({p.batch.epoch for p in with_events})
            self._epochs = await store.event_epochs(self._conn, gateways, epochs)
            await self._fill_gaps_of_epochs()

    async def _gaps(
        self, batches: Sequence[Prepared], locked: Mapping[StreamKey, store.LockedCursor]
    ) -> dict[StreamKey, Gaps]:
        """Only streams that do not go on exactly where they stopped need their gaps."""
        reached = {key: cursor.last_seq for key, cursor in locked.items()}
        broken: set[StreamKey] = set()
        for p in self._by_number(batches):
            if p.key not in reached:
                continue
            if p.batch.first == reached[p.key] + 1:
                reached[p.key] = p.batch.last
            else:
                broken.add(p.key)
        return await store.gaps_of(self._conn, sorted(broken)) if broken else {}

    async def _fill_gaps_of_epochs(self) -> None:
        """Gaps of older epochs matter only where such an epoch is incomplete."""
        incomplete = [
            (gateway, EVENT, state.epoch)
            for gateway, states in self._epochs.items()
            for state in states.values()
            if state.cursor < state.head
        ]
        if incomplete:
            for (gateway, _, epoch), gaps in (await store.gaps_of(self._conn, incomplete)).items():
                self._epochs[gateway][epoch].gaps = gaps

    @staticmethod
    def _by_number(batches: Sequence[Prepared]) -> list[Prepared]:
        return sorted(batches, key=lambda p: (p.key, p.batch.first))

    def _in_order(self, batches: Sequence[Prepared]) -> list[Prepared]:
        return sorted(
            batches,
            key=lambda p: (p.work.gateway.id, p.batch.stream, self._ordinals.get(p.key, 0), p.batch.first),
        )

    async def _decide(self, p: Prepared) -> Outcome:
        if p.refused:
            return Outcome(p, receipt_of(p, REFUSED, reason=p.refused))
        if p.key not in self._states:
            return Outcome(p, receipt_of(p, BIRTH_WANTED, reason="no birth named this epoch"))
        if p.binding is None:
            return Outcome(p, receipt_of(p, BIRTH_WANTED, reason="no birth has this hash"))
        verdict = self._judge(p)
        if verdict.action == rules.CONFLICT:
            await self._keep_conflict(p)
        if verdict.action == rules.STORE:
            self._advance(p)
        receipt = receipt_of(
            p, _STATUS[verdict.action], expected=verdict.expected, epoch=verdict.epoch, reason=""
        )
        return Outcome(p, receipt, verdict.action == rules.STORE, self._ordinals[p.key])

    def _judge(self, p: Prepared) -> Verdict:
        batch = p.batch
        ledger = self._ledger.get(p.key, {})
        verdict = rules.decide(batch.epoch, batch.first, batch.last, p.digest, self._states[p.key], ledger)
        if verdict.action == rules.STORE and batch.stream == EVENT:
            older = rules.waits_for(batch.epoch, self._epochs.get(p.work.gateway.id, {}))
            return older or verdict
        return verdict

    def _advance(self, p: Prepared) -> None:
        batch = p.batch
        self._states[p.key].cursor = batch.last
        self._ledger.setdefault(p.key, {})[batch.first] = rules.StoredRange(batch.last, p.digest)
        if batch.stream == EVENT:
            epoch = self._epochs.get(p.work.gateway.id, {}).get(batch.epoch)
            if epoch is not None:
                epoch.cursor = batch.last

    async def _keep_conflict(self, p: Prepared) -> None:
        stored = self._ledger.get(p.key, {}).get(p.batch.first)
        digest = None if stored is None else stored.hash
        gateway = p.work.gateway
        times = await store.keep_conflict(self._conn, gateway.id, p.batch, p.digest, digest, self._now)
        if times == 1:
            _log.error(
                "gateway %s: numbers %d..%d of epoch %x came again with another content; both are kept",
                gateway.id,
                p.batch.first,
                p.batch.last,
                p.batch.epoch,
            )
            await judging.conflict(self._conn, gateway, p.batch, self._now)

    # --- writing -------------------------------------------------------------------------------------------

    async def _write(self, stored: Sequence[Outcome]) -> None:
        lines = [
            (
                o.prepared.work.gateway.id,
                o.prepared.batch,
                o.prepared.digest,
                len(o.prepared.rows) if o.prepared.rows is not None else len(o.prepared.decoded),
                o.prepared.received_at,
            )
            for o in stored
        ]
        ids = await store.add_ledger(self._conn, lines)
        await self._write_measurements([o for o in stored if o.prepared.batch.stream == MEASUREMENT], ids)
        await self._write_events([o for o in stored if o.prepared.batch.stream == EVENT], ids)
        cursors: dict[StreamKey, int] = {}
        for o in stored:
            key = o.prepared.key
            cursors[key] = max(cursors.get(key, 0), o.prepared.batch.last)
        await store.advance_cursors(self._conn, cursors, self._now)

    async def _write_measurements(
        self, stored: Sequence[Outcome], ids: Mapping[tuple[StreamKey, int], int]
    ) -> None:
        parts = [
            (o.prepared, o.prepared.rows)
            for o in stored
            if o.prepared.rows is not None and len(o.prepared.rows)
        ]
        if not parts:
            return
        lengths = [len(rows) for _, rows in parts]
        batch = np.repeat(np.array([ids[p.key, p.batch.first] for p, _ in parts], np.int64), lengths)
        gateway = np.repeat(np.array([p.work.gateway.number for p, _ in parts], np.int32), lengths)
        rows = concatenate(rows for _, rows in parts)
        if not self._careful:
            await self._history.write(self._conn, rows, batch, gateway)
            return
        for p, rows in parts:
            batch_id = ids[p.key, p.batch.first]
            await poison.write_rows(
                self._conn, self._history, rows, batch_id, p.work.gateway, p.batch, self._now
            )

    async def _write_events(
        self, stored: Sequence[Outcome], ids: Mapping[tuple[StreamKey, int], int]
    ) -> None:
        if not stored:
            return
        heads = await devices.birth_heads(self._conn, sorted({o.prepared.work.gateway.id for o in stored}))
        records: list[Record] = []
        for o in stored:
            p = o.prepared
            assert p.binding is not None
            for decoded in p.decoded:
                record = events.record_of(
                    p.work.gateway,
                    p.binding,
                    p.batch.epoch,
                    o.ordinal,
                    p.batch.boot,
                    decoded,
                    p.received_at,
                    p.received_ms,
                    p.anchor,
                    heads.get(p.work.gateway.id),
                )
                record.row.batch_id = ids[p.key, p.batch.first]
                records.append(record)
                if record.event is None:
                    UNKNOWN_EVENTS.labels("alarm" if record.calls_itself_alarm else "kind").inc()
        if self._careful:
            new = await poison.write_events(self._conn, records, self._now)
        else:
            new = await store.add_events(self._conn, [r.row for r in records])
        kept = [r for r in records if (r.gateway.id, r.row.epoch, r.row.seq) in new]
        gaps = [gap for r in kept if (gap := events.gap_of(r)) is not None]
        if gaps:
            await store.add_gaps(self._conn, gaps, self._now)
        await figures.take(self._conn, kept, self._now)
        await configurations.take(self._conn, kept, self._now)
        await self._judge_events(kept, new)
        await outputs.take(self._conn, kept, new, self._now)

    async def _judge_events(self, records: Sequence[Record], ids: Mapping[tuple[str, int, int], int]) -> None:
        # What a birth has told is not told again by what went before it, even if a clear in between was lost.
        newest = events.newest_moves(r for r in records if not r.row.history)
        alarms = sorted({(r.gateway.id, r.row.alarm) for r in records if r.row.alarm is not None})
        known = {
            (r["gateway_id"], r["alarm"]): AlarmNow(
                r["occurrence"], beneath(r["state"], r["under"]), (r["ordinal"], r["seq"])
            )
            for r in (await telemetry.alarm_states(self._conn, alarms) if alarms else [])
        }
        forward = []
        for key, (record, move) in newest.items():
            if key not in known or known[key].position < record.position:
                known[key] = AlarmNow(move.occurrence, beneath(move.state, move.under), record.position)
                forward.append(move)
        if forward:
            await telemetry.move_alarms(self._conn, forward, self._now)
        for record in records:
            if record.calls_itself_alarm:
                event_id = ids[record.gateway.id, record.row.epoch, record.row.seq]
                await judging.judge(self._conn, record, event_id, known, self._now)
