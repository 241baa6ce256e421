"""The spool as the gateway sees it: records go in at once, batches come out in order, no loss is silent.

Keeps law-never-lose 1, 2, 4, 5, 11, 12, 15. Two streams in two files; `event` never waits for `measurement`:

    record()            -> numbered, encoded, queued -> one FULL transaction at once -> next(EVENT)
    add_measurements()  -> numbered, encoded, queued -> one FULL transaction a batch -> next(MEASUREMENT)

The event file is opened before anything runs (its alarm states are needed), the measurement file while the
gateway already polls: checking half a gigabyte must not keep the horn waiting after a power cut.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Final, Protocol

import msgspec

from edge.core.batch import Closed
from edge.spool import opening
from edge.spool.damage import SpoolDamaged, SpoolFull
from edge.spool.gaps import Declared, tombstone
from edge.spool.records import AlarmRow, Commit, Cursor, Doomed, Epoch, Gap, MakeEvent, StoredBatch
from edge.spool.stream import Hole, Stream
from edge.spool.upkeep import Upkeep, keep_reserve
from protocol import codec
from protocol import messages as m

log = logging.getLogger(__name__)

EVENTS_IN_A_BATCH: Final = 500
EVENTS_IN_MEMORY: Final = 20_000
MEASUREMENTS_IN_MEMORY: Final = 64  # batches: about a minute
LOST: Final = "receipted before restore, or lost with a damaged file"

Live = Callable[[StoredBatch, int], None]
"""Takes a batch and its stream for the live copy, before it is durable."""


class Clock(Protocol):
    """What the spool asks of `edge.clock.Clock`."""

    boot: int

    @property
    def state(self) -> int: ...
    def utc_ms(self) -> int: ...
    def mono_ms(self) -> int: ...


class Quota(msgspec.Struct, frozen=True):
    """How much each file may use before rows go."""

    event_bytes: int = 64_000_000
    measurement_bytes: int = 512_000_000


class Spool:
    """Both streams of one gateway. Make it with `open`; run `run_events` and `run_measurements` as tasks."""

    def __init__(self, folder: Path, clock: Clock, description: bytes, quota: Quota) -> None:
        """Prepare; nothing is opened yet."""
        self.folder = folder
        self.clock = clock
        self.quota = quota
        self.birth_hash = codec.birth_hash(description)
        self.events = Stream(m.EVENT, self.birth_hash, clock.boot, clock.utc_ms)
        self.measurements = Stream(m.MEASUREMENT, self.birth_hash, clock.boot, clock.utc_ms)
        self.live: Live | None = None
        self.saved_alarms: list[AlarmRow] = []
        self.alarms: dict[str, AlarmRow | None] = {}
        self.declared = Declared()
        self.executed: list[Doomed] = []
        self._description = description
        self._pending: list[tuple[int, bytes]] = []
        self._extra = Commit()
        self._refused: list[tuple[int, int]] = []
        self._ended: list[int] = []
        self.births: dict[bytes, bytes] = {}
        self._receipts = asyncio.Condition()
        self._upkeep = Upkeep(self)

    @classmethod
    async def open(
        cls, folder: Path, clock: Clock, description: bytes, quota: Quota, software: str
    ) -> "Spool":
        """Open the event file, make this opening's epoch durable, restore the alarm states.

        Never refuses: a damaged file is put aside, a disk that takes nothing is replaced by memory.
        """
        spool = cls(folder, clock, description, quota)
        keep_reserve(spool.reserve)
        opened = await opening.open_events(
            spool.events,
            folder,
            spool.reserve,
            spool.birth_hash,
            description,
            software,
            clock.utc_ms(),
        )
        spool.saved_alarms = opened.saved_alarms
        spool.alarms = {row.alarm: row for row in opened.saved_alarms}
        spool.declared.add(*opened.gaps)
        own = opened.own
        spool.measurements.epochs = [Epoch(own.epoch, own.follows, own.opened_ms)]
        spool.births = opened.births
        spool.record(*opened.makes, ended=opened.ended)
        return spool

    @property
    def epoch(self) -> int:
        """The epoch of this opening."""
        return self.events.current.epoch

    @property
    def reserve(self) -> Path:
        """The file that is given up when the disk is full, so that a gap can still be declared."""
        return self.folder / "reserve"

    def stream(self, number: int) -> Stream:
        """The stream of that number (`protocol.messages.EVENT` or `MEASUREMENT`)."""
        return self.events if number == m.EVENT else self.measurements

    # --- records in ---

    def record(
        self,
        *makes: MakeEvent,
        alarms: dict[str, AlarmRow | None] | None = None,
        gaps: Iterable[Gap] = (),
        doomed: Iterable[Doomed] = (),
        ended: Iterable[int] = (),
    ) -> tuple[int, int]:
        """Number events and queue them for the disk; returns at once.

        Args:
            makes: build the events, in order.
            alarms: states that change in the same transaction; None for an alarm that is normal again.
            gaps: declarations that these events carry.
            doomed: batches that may go once this is durable.
            ended: epochs whose loss these events declare.

        Returns:
            (first, last) sequence number; (0, 0) when memory and disk are both full.
        """
        self._extra.alarms.update(alarms or {})
        self.alarms.update(alarms or {})
        if len(self._pending) + self.events.records_in_memory > EVENTS_IN_MEMORY:
            # Their numbers are used up all the same: a hole is found and told, an uncounted loss is not.
            self._refused.append((self.events.seq + 1, self.events.seq + len(makes)))
            self.events.seq += len(makes)
            return (0, 0)
        now = (self.clock.utc_ms(), self.clock.mono_ms(), self.clock.state)
        first = self.events.seq + 1
        encoded = [codec.encode_event(make(first + i, *now)) for i, make in enumerate(makes)]
        self.events.seq += len(encoded)
        self._pending += zip(range(first, first + len(encoded)), encoded, strict=True)
        self._extra.gaps += gaps
        self._extra.doomed += doomed
        self._extra.ended += ended
        self.events.wake()
        self._show(first, self.events.seq, codec.encode_events(encoded), m.EVENT)
        return first, self.events.seq

    def forget_alarms(self, names: list[str]) -> None:
        """Drop the states of alarms that are configured no more, without an event."""
        if names:
            gone: dict[str, AlarmRow | None] = dict.fromkeys(names)
            self.alarms.update(gone)
            self.events.enqueue_commit(Commit(alarms=gone))

    def add_measurements(self, closed: Closed) -> None:
        """Number and encode a batch of measurements and queue it for the disk; returns at once."""
        stream = self.measurements
        first, last = stream.seq + 1, stream.seq + closed.count
        stream.seq = last
        rows = [
            # The columns are exactly these types; decoding tuples gives lists at the other end.
            m.BlockRows(
                c.block,
                c.seq,
                c.time_ms,
                c.mono_ms,
                c.took_ms,
                c.clock,
                c.quality,
                c.values,  # type: ignore[arg-type]
                c.exceptions,
            )
            for c in closed.columns
        ]
        body = codec.encode_measurements(m.MeasurementBody(closed.base_ms, closed.base_mono_ms, rows))
        stream.enqueue(first, last, body)
        self._show(first, last, body, m.MEASUREMENT)
        if stream.in_memory > MEASUREMENTS_IN_MEMORY:
            lost = stream.drop_oldest_unwritten()
            if lost is not None:
                self.declare([(lost.epoch, lost.first, lost.last)], "the disk took nothing")

    def _show(self, first: int, last: int, body: bytes, stream: int) -> None:
        if self.live is not None:
            self.live(
                StoredBatch(self.epoch, first, last, self.birth_hash, self.clock.boot, body, b""), stream
            )

    def declare(self, ranges: list[tuple[int, int, int]], reason: str, doomed: Iterable[Doomed] = ()) -> bool:
        """Queue gap events for measurements, one for each (epoch, first, last).

        Returns:
            False when memory and disk are both full: nothing was declared.
        """
        now, seq = self.clock.utc_ms(), self.events.seq + 1
        gaps = [
            Gap(m.MEASUREMENT, e, a, b, reason, now, self.epoch, seq + i, self.birth_hash, self.clock.boot)
            for i, (e, a, b) in enumerate(ranges)
        ]
        makes = [
            partial(m.GapEvent, stream=m.MEASUREMENT, epoch=e, first=a, last=b, reason=reason)
            for e, a, b in ranges
        ]
        if self.record(*makes, gaps=gaps, doomed=doomed) == (0, 0):
            return False
        self.declared.add(*gaps)
        return True

    def seal_events(self) -> bool:
        """Make batches of what was recorded since the last call; a burst becomes one transaction.

        Returns:
            Whether there was anything.
        """
        had = bool(self._pending)
        while self._pending:
            count = 1
            while (
                count < min(EVENTS_IN_A_BATCH, len(self._pending))
                and self._pending[count][0] == self._pending[count - 1][0] + 1
            ):
                count += 1
            part, self._pending = self._pending[:count], self._pending[count:]
            extra = Commit()
            if not self._pending:
                extra, self._extra = self._extra, Commit()
                extra.executed, self.executed = self.executed, []
            body = codec.encode_events([encoded for _, encoded in part])
            self.events.enqueue(part[0][0], part[-1][0], body, extra)
        if self._refused and not self.events.full:
            refused, self._refused = self._refused, []
            log.error("spool: %d bursts of events found neither disk nor memory", len(refused))
            gaps = [
                self.event_gap(self.epoch, first, last, "neither disk nor memory") for first, last in refused
            ]
            self.declared.add(*gaps)
            self.events.enqueue_commit(Commit(gaps=gaps))
        return had

    def event_gap(self, epoch: int, first: int, last: int, reason: str) -> Gap:
        """Describe lost events; whoever calls it writes it down."""
        now = self.clock.utc_ms()
        return Gap(m.EVENT, epoch, first, last, reason, now, 0, 0, self.birth_hash, self.clock.boot)

    # --- writers ---

    async def run_events(self) -> None:
        """Write events until `stop`; the file is closed on the way out."""
        await self._upkeep.run_events()

    async def run_measurements(self) -> None:
        """Open the measurement file and write batches until `stop`; it is closed on the way out.

        After a failure it may be called again and goes on with the file that is open.
        """
        try:
            if not self.measurements.attached:
                makes, self._ended = await opening.open_measurements(
                    self.measurements,
                    self.events,
                    self.folder,
                    self.reserve,
                    self.birth_hash,
                    self._description,
                    self.clock.utc_ms(),
                )
                if makes:
                    self.record(*makes)
            await self._upkeep.run_measurements(self._ended)
        finally:
            if self.measurements.closing:
                self.events.stop()

    def stop(self) -> None:
        """Let both writers end after what is queued: measurements first, since their gaps are events."""
        self.measurements.stop()

    @property
    def description_bytes(self) -> bytes:
        """The encoded Description that records are taken under now."""
        return self._description

    # --- batches out ---

    async def next(self, stream: int) -> StoredBatch | Hole:
        """Wait for what comes next of a stream; a hole in `event` is filled with tombstones."""
        found = await self.stream(stream).next()
        if isinstance(found, StoredBatch) and not await self._described(found.birth):
            log.error("spool: nothing describes numbers %d..%d any more", found.first, found.last)
            found = Hole(found.epoch, found.first, found.last)  # what nobody can read is lost
        if stream == m.EVENT and isinstance(found, Hole):
            return await self._tombstone(found)
        return found

    async def _described(self, birth: bytes) -> bool:
        """Whether the centre can be told what a batch is read with."""
        return birth == self.birth_hash or await self.description(birth) is not None

    async def _tombstone(self, hole: Hole) -> StoredBatch:
        for gap in self.declared.over(m.EVENT, hole):
            if gap.first <= hole.first and await self._described(gap.birth):
                return tombstone(hole, gap)
        undeclared = self.declared.undeclared(m.EVENT, hole)
        # All declared, but by a description that is lost too: told anew, under today's.
        epoch, first, last = undeclared[0] if undeclared else (hole.epoch, hole.first, hole.last)
        gap = self.event_gap(epoch, first, last, LOST)
        self.declared.add(gap)
        self.events.enqueue_commit(Commit(gaps=[gap]))
        return tombstone(hole, gap)

    async def account_for(self, hole: Hole, again: bool = False) -> None:
        """Wait until the centre has receipted that these measurements are gone, then go on behind them.

        Args:
            hole: what should be sent next and is not held.
            again: the centre wants them although they were declared: declare them anew.
        """
        everything = [(hole.epoch, hole.first, hole.last)]
        while rest := everything if again else self.declared.undeclared(m.MEASUREMENT, hole):
            again = False
            if not self.declare(rest, LOST):
                await asyncio.sleep(1)
        declared = self.declared.over(m.MEASUREMENT, hole)
        async with self._receipts:
            await self._receipts.wait_for(lambda: all(self._receipted(gap) for gap in declared))
        self.measurements.receipted(hole.epoch, hole.last)

    def _receipted(self, gap: Gap) -> bool:
        known = any(epoch.epoch == gap.by_epoch for epoch in self.events.epochs)
        return not known or self.events.cursor_of(gap.by_epoch) >= gap.by_seq

    async def receipted(self, stream: int, epoch: int, last: int) -> None:
        """The centre has everything of this stream and epoch up to `last`."""
        self.stream(stream).receipted(epoch, last)
        if stream == m.EVENT:
            async with self._receipts:
                self._receipts.notify_all()

    async def rewind(self, cursors: Iterable[m.Cursor]) -> None:
        """Take over what the centre says it has of every stream and epoch, more or less than we believed."""
        known: dict[int, list[Cursor]] = {m.EVENT: [], m.MEASUREMENT: []}
        for cursor in cursors:
            known.setdefault(cursor.stream, []).append((cursor.epoch, cursor.last))
        await self.events.rewind(known[m.EVENT])
        await self.measurements.rewind(known[m.MEASUREMENT])
        async with self._receipts:
            self._receipts.notify_all()

    async def send_from(self, stream: int, epoch: int, seq: int) -> bool:
        """The centre wants `seq` of this epoch next: go there, backwards or forwards.

        Returns:
            Whether anything moved.
        """
        moved = await self.stream(stream).go_to(epoch, seq)
        async with self._receipts:
            self._receipts.notify_all()
        return moved

    async def description(self, birth: bytes) -> bytes | None:
        """Find a description that batches refer to."""
        if birth == self.birth_hash:
            return self._description
        if birth in self.births:
            return self.births[birth]
        for stream in (self.events, self.measurements):
            if stream.attached:
                with contextlib.suppress(SpoolFull, SpoolDamaged):  # its writer replaces the file
                    found = await stream.call(stream.file.description, birth)
                    if found is not None and codec.birth_hash(found) == birth:
                        self.births[birth] = found
                        return found
        return None

    def heads(self) -> list[m.EpochHead]:
        """How far each epoch reaches durably, oldest first."""
        measured = {epoch.epoch: epoch.head for epoch in self.measurements.epochs}
        known = {epoch.epoch for epoch in self.events.epochs}
        alone = [
            m.EpochHead(e.epoch, e.follows, 0, e.head)
            for e in self.measurements.epochs
            if e.epoch not in known
        ]
        return alone + [
            m.EpochHead(e.epoch, e.follows, e.head, measured.get(e.epoch, 0)) for e in self.events.epochs
        ]
