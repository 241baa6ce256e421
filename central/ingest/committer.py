"""Takes believed frames from a bounded queue, commits them in groups, and only then answers.

Keeps law-never-lose 4, 6, 10. Each lane (`lanes.py`) is served by a task of its own. Under load
a group is whatever came during the last commit, up to fifty batches (the sweet spot measured); alone, an
event is committed at once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import asyncpg
import msgspec

from central import clock
from central.ingest import births, events, poison, rules, store
from central.ingest.commit import GroupCommit, Outcome, Prepared, receipt_of
from central.ingest.faults import GONE, is_gone
from central.ingest.lanes import Lane
from central.ingest.metrics import COMMIT_SECONDS, RECEIPTS, ROWS, OncePerReason
from central.ingest.models import Refused, Work
from central.telemetry import columns
from central.telemetry.columns import DAY_US, split_by_day
from central.telemetry.models import Anchor
from central.telemetry.rules import anchor_of, believed, to_ms
from protocol import codec
from protocol.messages import BUSY, EVENT, REFUSED, STREAMS, Batch, Birth, Receipt

if TYPE_CHECKING:
    from central.db.pool import Connection, Database
    from central.devices.keys import CentreKey
    from central.devices.rules import Binding
    from central.ingest.directory import Directory
    from central.telemetry.latest import LatestValues
    from central.telemetry.service import History

_log = logging.getLogger(__name__)

LONGEST_S: Final = 60.0
_LONGEST_MONO_MS: Final = 1 << 60
_CONTENT: Final = (ArithmeticError, RecursionError, ValueError)
"""What reading a frame may raise because of what it says: it would raise the same at every resend."""
_STATUS_WORDS: Final = {
    1: "stored",
    2: "expected",
    3: "birth_wanted",
    4: "conflict",
    5: "busy",
    6: "refused",
}


class Committer:
    """Commits groups of frames and answers them.

    Args:
        database: its worker pool is used.
        directory: who sends.
        history: writes measurements.
        latest: newest values, moved after the commit.
        key: signs the receipts.
    """

    def __init__(
        self,
        database: Database,
        directory: Directory,
        history: History,
        latest: LatestValues,
        key: CentreKey,
    ) -> None:
        self._database = database
        self._directory = directory
        self._history = history
        self._latest = latest
        self._key = key
        self._once = OncePerReason(_log)
        self._away = False

    async def run(self, lane: Lane) -> None:
        """Serve a lane until cancelled; a failure of one group is answered with BUSY and never ends it."""
        while True:
            works = await lane.group()
            began = clock.monotonic_s()
            try:
                async with asyncio.timeout(LONGEST_S):
                    await self.commit(works)
            except Exception:  # noqa: BLE001 - supervised: no frame of one gateway may stop all others
                _log.exception("a group of %d frames could not be committed", len(works))
                for work in works:
                    self._answer(work, _busy(work, "not committed"))
            COMMIT_SECONDS.labels(lane.name).observe(clock.monotonic_s() - began)

    async def commit(self, works: Sequence[Work]) -> None:
        """Commit frames in the order in which they came and answer each exactly once."""
        batches: list[Work] = []
        for work in works:
            if isinstance(work.message, Birth):
                if batches:
                    await self._commit_batches(batches)
                    batches = []
                await self._commit_birth(work, work.message)
            else:
                batches.append(work)
        if batches:
            await self._commit_batches(batches)

    # --- births --------------------------------------------------------------------------------------------

    async def _commit_birth(self, work: Work, birth: Birth) -> None:
        gateway = work.gateway
        mono_ms = _bounded_ms(birth.mono_ms)
        try:
            if not rules.sane_boot(birth.boot):
                raise Refused("birth", f"boot {birth.boot} cannot be")
            birth = msgspec.structs.replace(birth, active=[events.storable(a) for a in birth.active])
            async with self._database.worker.acquire() as conn:
                received_at = _received(work, await clock.database_now(conn))
                at_ms = to_ms(received_at)
                async with conn.transaction():
                    receipt, binding = await births.take(
                        conn, gateway, birth, received_at, Anchor(at_ms, mono_ms)
                    )
        except Refused as exc:
            self._once.refused(gateway.id, exc.reason, exc.detail)
            receipt = Receipt(status=REFUSED, gateway=gateway.id, reason=exc.detail)
        except GONE as exc:
            self._waits(exc)
            receipt = _busy(work, "the database is not there")
        except asyncpg.PostgresError as exc:
            _log.exception("gateway %s: its birth could not be committed", gateway.id)
            receipt = _busy(work, f"not committed: {exc.sqlstate}")
        except _CONTENT as exc:
            receipt = Receipt(status=REFUSED, gateway=gateway.id, reason=self._unreadable(gateway.id, exc))
        except Exception as exc:  # noqa: BLE001 - supervised: it stops nothing beside it
            _log.exception("gateway %s: its birth could not be committed", gateway.id)
            receipt = _busy(work, f"not committed: {type(exc).__name__}")
        else:
            self._directory.remember(gateway.id, binding)
            self._directory.remember_anchor(gateway.id, birth.boot, mono_ms, at_ms)
            self._once.forget(gateway.id)
        self._answer(work, receipt)

    def _unreadable(self, gateway: str, exc: Exception) -> str:
        """Count a frame whose content makes reading it fail, and say so once; returns what is answered."""
        why = f"cannot be read: {type(exc).__name__} {exc}"[:200]
        self._once.refused(gateway, "unreadable", why)
        return why

    def _waits(self, exc: BaseException) -> None:
        if not self._away:
            self._away = True
            _log.warning("frames wait for the database: %s", exc)

    # --- batches -------------------------------------------------------------------------------------------

    async def _commit_batches(self, works: Sequence[Work]) -> None:
        try:
            async with self._database.worker.acquire() as conn:
                now = await self._directory.look_at_clock(conn)
                prepared = [p for work in works if (p := await self._prepare_alone(conn, work, now))]
                await self._prepare_days(prepared, now)
                outcomes = await self._attempt(conn, prepared, now) if prepared else []
        except GONE as exc:
            self._waits(exc)
            for work in works:
                self._answer(work, _busy(work, "the database is not there"))
            return
        self._away = False
        for outcome in outcomes:
            self._after(outcome)

    async def _attempt(self, conn: Connection, prepared: Sequence[Prepared], now: datetime) -> list[Outcome]:
        """One transaction for all; when it fails, one for each, so that one gateway disturbs no other."""
        try:
            return await self._transact(conn, prepared, now, careful=False)
        except Exception as exc:  # supervised: what fails is sought, and gets no receipt
            if is_gone(conn):
                raise
            _log.warning("a group of %d batches is committed one by one: %s", len(prepared), exc)
            self._history.forget()
            await self._prepare_days(prepared, now)
        outcomes: list[Outcome] = []
        for p in sorted(prepared, key=lambda p: (p.key, p.batch.first)):
            outcomes += await self._alone(conn, p, now)
        return outcomes

    async def _alone(self, conn: Connection, p: Prepared, now: datetime) -> list[Outcome]:
        try:
            # Once more as it is: what was refused because of another, or in passing, is no poison.
            return await self._transact(conn, [p], now, careful=False)
        except Exception as exc:  # supervised, as above
            if is_gone(conn):
                raise
            failed = exc
        if poison.is_poison(failed):
            try:
                return await self._transact(conn, [p], now, careful=True)
            except Exception as exc:  # supervised, as above
                if is_gone(conn):
                    raise
                failed = exc
        _log.error("gateway %s: a batch was not committed", p.work.gateway.id, exc_info=failed)
        return [Outcome(p, receipt_of(p, BUSY, reason=f"not committed: {type(failed).__name__}"))]

    async def _transact(
        self, conn: Connection, prepared: Sequence[Prepared], now: datetime, *, careful: bool
    ) -> list[Outcome]:
        async with conn.transaction():
            return await GroupCommit(conn, self._history, now, careful=careful).run(prepared)

    async def _prepare_alone(self, conn: Connection, work: Work, now: datetime) -> Prepared | None:
        """Prepare one frame; one that fails is answered here and takes no other with it."""
        try:
            return await self._prepare(conn, work, now)
        except Exception as exc:  # supervised: no frame of one gateway may stop all others
            if is_gone(conn):
                raise
            _log.exception("gateway %s: a batch could not be prepared", work.gateway.id)
            self._answer(work, _busy(work, f"not committed: {type(exc).__name__}"))
            return None

    async def _prepare(self, conn: Connection, work: Work, now: datetime) -> Prepared:
        """Everything that needs no lock: hash, birth, decoding, dates."""
        batch = work.message
        assert isinstance(batch, Batch)
        received_at = _received(work, now)
        received_ms = to_ms(received_at)
        gateway = work.gateway.id
        p = Prepared(
            work,
            batch,
            codec.hash_of(batch),
            received_at,
            received_ms,
            Anchor(received_ms, _bounded_ms(batch.mono_ms)),
        )
        sane = rules.sane_range(batch.epoch, batch.first, batch.last) and rules.sane_boot(batch.boot)
        if batch.stream not in STREAMS or not sane:
            p.refused = "stream, epoch, boot or numbers cannot be"
            self._once.refused(gateway, "range", p.refused)
            return p
        p.binding = await self._directory.binding(conn, gateway, batch.birth_hash)
        if p.binding is None:
            return p
        if batch.boot != batch.sent_boot:
            p.anchor = await self._old_anchor(conn, p)
        self._decode(p, p.binding)
        return p

    def _decode(self, p: Prepared, binding: Binding) -> None:
        """Read the body; only what its content does wrong refuses a batch, and then for ever."""
        batch, gateway = p.batch, p.work.gateway.id
        try:
            if batch.stream == EVENT:
                p.decoded = codec.decode_events(batch.body, batch.first, batch.last)
            else:
                body = codec.decode_measurements(batch.body, batch.first, batch.last)
                p.rows, p.newest = columns.decode(body, binding.blocks, p.received_ms, p.anchor)
        except (codec.FrameMalformed, columns.LayoutError) as exc:
            p.refused = str(exc)
            self._once.refused(gateway, "body", p.refused)
        except _CONTENT as exc:
            p.refused = self._unreadable(gateway, exc)

    async def _old_anchor(self, conn: Connection, p: Prepared) -> Anchor:
        batch = p.batch
        known = None
        if 0 < batch.boot < 1 << 63:
            known = await self._directory.anchor(conn, p.work.gateway.id, batch.boot)
            if known is None:
                known = _told(batch, p.received_ms)
            if known is None:
                known = await store.told_anchor(conn, p.work.gateway.id, batch.epoch, batch.boot)
        last_mono = _bounded_ms(batch.mono_ms)
        if known is None:
            last_mono = _bounded_ms(_last_mono(batch))
        return anchor_of(batch.boot, batch.sent_boot, p.anchor.mono_ms, p.received_ms, last_mono, known)

    async def _prepare_days(self, prepared: Sequence[Prepared], now: datetime) -> None:
        days = {
            day
            for p in prepared
            if p.rows is not None and len(p.rows)
            for day, _ in split_by_day(p.rows.at_us)
        }
        if days:
            await self._history.prepare(days, to_ms(now) * 1000 // DAY_US)

    # --- after the commit ----------------------------------------------------------------------------------

    def _after(self, outcome: Outcome) -> None:
        p = outcome.prepared
        if outcome.stored:
            stream = STREAMS[p.batch.stream]
            ROWS.labels(stream).inc(len(p.rows) if p.rows is not None else len(p.decoded))
            if p.newest is not None:
                self._latest.take(p.newest, p.batch.first, outcome.ordinal, p.received_ms * 1000)
        self._answer(p.work, outcome.receipt)

    def _answer(self, work: Work, receipt: Receipt) -> None:
        RECEIPTS.labels(_STATUS_WORDS.get(receipt.status, "other")).inc()
        work.reply(self._key.seal(receipt))


def _bounded_ms(mono_ms: int) -> int:
    """A monotonic time that a column can hold: nothing is refused for its time, however absurd."""
    return max(-_LONGEST_MONO_MS, min(mono_ms, _LONGEST_MONO_MS))


def _busy(work: Work, reason: str) -> Receipt:
    batch = work.message
    if isinstance(batch, Batch):
        return Receipt(
            status=BUSY,
            gateway=work.gateway.id,
            stream=batch.stream,
            epoch=batch.epoch,
            first=batch.first,
            last=batch.last,
            hash=codec.hash_of(batch),
            reason=reason,
        )
    return Receipt(status=BUSY, gateway=work.gateway.id, reason=reason)


def _received(work: Work, now: datetime) -> datetime:
    """The database's time at which a frame came: it may have waited here."""
    return now - timedelta(seconds=max(0.0, clock.monotonic_s() - work.arrived_s))


def _told(batch: Batch, received_ms: int) -> Anchor | None:
    """What a record of a batch tells of its boot's clock, if one of them was taken with the right time."""
    try:
        if batch.stream == EVENT:
            records = [
                (head.time_ms, head.mono_ms, head.clock)
                for head, _, _ in codec.decode_events(batch.body, batch.first, batch.last)
            ]
        else:
            body = codec.decode_measurements(batch.body, batch.first, batch.last)
            records = [
                (body.base_ms + time_ms, body.base_mono_ms + mono_ms, clock)
                for rows in body.blocks
                for time_ms, mono_ms, clock in zip(rows.time_ms, rows.mono_ms, rows.clock, strict=True)
            ]
    except (codec.FrameMalformed, *_CONTENT):
        return None
    for time_ms, mono_ms, state in sorted(records, key=lambda record: -record[1]):
        if believed(time_ms, mono_ms, state, received_ms, Anchor(received_ms, mono_ms, exact=False)):
            return Anchor(time_ms, _bounded_ms(mono_ms), exact=False)
    return None


def _last_mono(batch: Batch) -> int:
    """Monotonic time of the youngest record of a batch; the sender's own when it does not tell."""
    try:
        if batch.stream == EVENT:
            return max(
                head.mono_ms for head, _, _ in codec.decode_events(batch.body, batch.first, batch.last)
            )
        body = codec.decode_measurements(batch.body, batch.first, batch.last)
        return body.base_mono_ms + max(max(block.mono_ms, default=0) for block in body.blocks)
    except (codec.FrameMalformed, *_CONTENT):
        return batch.mono_ms
