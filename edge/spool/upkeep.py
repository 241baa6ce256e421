"""Keeps a spool written and within its space: the two writers, trimming, and what happens when the disk ends.

Keeps law-never-lose 11: a gap is committed in `event` before the rows that it declares go; receipted rows go
first, old measurements are thinned and then dropped, events last. A file that turns out damaged while running
is put aside and a new one begun: the horn does not stop for it.
"""

import asyncio
import contextlib
import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from edge.spool import opening, space
from edge.spool.damage import SpoolDamaged, SpoolFull, quarantine
from edge.spool.file import MEMORY
from edge.spool.opening import EVENT_FILE, MEASUREMENT_FILE, free_reserve
from edge.spool.records import Commit
from edge.spool.stream import RETRY_S, Stream

if TYPE_CHECKING:
    from edge.spool.spool import Spool

log = logging.getLogger(__name__)

RESERVE_BYTES: Final = 1024 * 1024
MEMORY_BYTES: Final = 16_000_000  # of a stream that has no disk at all
NO_SPACE: Final = "no space: oldest measurements thinned or dropped"
NO_SPACE_EVENTS: Final = "no space: oldest events dropped"


class Upkeep:
    """The writers of one spool."""

    def __init__(self, spool: "Spool") -> None:
        self._spool = spool

    async def run_events(self) -> None:
        """Write events until the stream is stopped, then close its file."""
        stream = self._spool.events
        while True:
            await stream.wait_for_work(RETRY_S if stream.full else None)
            written = await self._write_events()
            if not written:
                free_reserve(self._spool.reserve)
                self._spool.measurements.wake()
            elif stream.used_bytes > self._quota(stream):
                await self._trim_events()
            if stream.closing and (not written or not (stream.in_memory or self._spool.seal_events())):
                break
        await stream.close()

    async def _write_events(self) -> bool:
        stream = self._spool.events
        try:
            written = True
            while (self._spool.seal_events() or stream.in_memory) and written:
                written = await stream.write_out()
        except SpoolDamaged as exc:
            await self._replace(stream, EVENT_FILE, exc)
            with contextlib.suppress(SpoolDamaged):
                return await stream.write_out()  # at once: this may be the last turn before the end
            return False
        return written

    async def run_measurements(self, ended: list[int]) -> None:
        """Write measurements until the stream is stopped, then close its file.

        Args:
            ended: epochs whose loss of the last commit interval was just recorded: once that is durable they
                are marked as ended, so that it is not recorded again.
        """
        spool, stream = self._spool, self._spool.measurements
        with contextlib.suppress(SpoolFull, SpoolDamaged):
            doomed = await spool.events.call(spool.events.file.doomed)
            if doomed:  # declared by a run that did not live to carry it out
                await stream.call(stream.file.delete, doomed, [])
                spool.executed += doomed
            if ended and await spool.events.written(spool.events.seq):
                await stream.call(stream.file.mark_closed, ended)
        relieve_at = 0.0
        while True:
            await stream.wait_for_work(RETRY_S if stream.full else None)
            try:
                written = await stream.write_out()
            except SpoolDamaged as exc:
                await self._replace(stream, MEASUREMENT_FILE, exc)
                continue
            if not written or spool.events.full:
                now = asyncio.get_running_loop().time()
                if now >= relieve_at:
                    relieve_at = now + RETRY_S
                    free_reserve(spool.reserve)
                    await self._relieve()
            elif stream.used_bytes > self._quota(stream):
                await self._trim_measurements(stream.used_bytes - self._quota(stream) * 95 // 100)
            elif not spool.reserve.exists():
                keep_reserve(spool.reserve)
            if stream.closing and (not written or not stream.in_memory):
                break
        await stream.close()

    async def _replace(self, stream: Stream, name: str, exc: SpoolDamaged) -> None:
        """Begin a new file in the middle of a run; the rows of the old one are put aside with it."""
        log.error("spool: %s is damaged, a new file begins: %s", name, exc)
        spool, now = self._spool, self._spool.clock.utc_ms()
        await stream.call(stream.file.abandon)
        with contextlib.suppress(OSError):
            await stream.call(quarantine, spool.folder / name, now)
        file = await opening.open_file(stream, spool.folder / name, now, spool.reserve)
        file = await opening.begin(
            stream,
            file,
            stream.current,
            spool.birth_hash,
            spool.description_bytes,
            now,
            older=stream.epochs[:-1],
            births=spool.births if name == EVENT_FILE else None,
        )
        # What the old file knew besides its rows is still in memory.
        rest = Commit(alarms=dict(spool.alarms), gaps=spool.declared.all()) if name == EVENT_FILE else None
        stream.replace(file, rest)

    # --- space ---

    def _quota(self, stream: Stream) -> int:
        quota = self._spool.quota
        own = quota.event_bytes if stream is self._spool.events else quota.measurement_bytes
        return min(own, MEMORY_BYTES) if stream.file.path == MEMORY else own

    async def _relieve(self) -> None:
        """Give room back to the file system: a tenth of the measurements, receipted ones first."""
        stream = self._spool.measurements
        with contextlib.suppress(SpoolFull, SpoolDamaged):
            used = await stream.call(stream.file.used_bytes)
            await self._trim_measurements(max(used // 10, 64 * 1024))
            await stream.call(stream.file.give_back)
            self._spool.events.wake()

    async def _trim_measurements(self, want_bytes: int) -> None:
        spool, stream = self._spool, self._spool.measurements
        try:
            total = await stream.call(stream.file.total)
            rows = await stream.call(stream.file.oldest, 2048)
            trim = space.choose(rows, total, stream.cursors(), stream.lent(), want_bytes)
            if trim.receipted:
                await stream.call(stream.file.delete, trim.receipted, stream.cursors())
            elif trim.lost:
                log.warning("spool: %d old measurement batches go for space", len(trim.lost))
                if not spool.declare(trim.gaps, NO_SPACE, trim.lost):
                    return
                if not await spool.events.written(spool.events.seq):
                    return  # the rows stay until their loss is on record
                await stream.call(stream.file.delete, trim.lost, stream.cursors(), trim.thinned)
                spool.executed += trim.lost
                await stream.recount()
            stream.forget_ahead()
            stream.used_bytes = await stream.call(stream.file.used_bytes)
        except (SpoolFull, SpoolDamaged) as exc:
            log.error("spool: no measurement could be trimmed: %s", exc)

    async def _trim_events(self) -> None:
        spool, stream = self._spool, self._spool.events
        try:
            rows = await stream.call(stream.file.oldest, 4096)
            want = stream.used_bytes - self._quota(stream) * 9 // 10
            trim = space.choose_oldest(rows, stream.cursors(), stream.lent(), want)
            gaps = [spool.event_gap(e, a, b, NO_SPACE_EVENTS) for e, a, b in trim.gaps]
            if gaps:
                log.error("spool: %d event batches go for space", len(trim.lost))
                await stream.call(stream.file.commit, Commit(gaps=gaps))
                spool.declared.add(*gaps)
            await stream.call(stream.file.delete, trim.receipted + trim.lost, stream.cursors())
            stream.forget_ahead()
            stream.used_bytes = await stream.call(stream.file.used_bytes)
            if gaps:
                await stream.recount()
        except (SpoolFull, SpoolDamaged) as exc:
            log.error("spool: no event could be trimmed: %s", exc)


def keep_reserve(path: Path) -> None:
    """Occupy some space that can be given up at once when the disk is full; no space, no reserve."""
    try:
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, RESERVE_BYTES)
    except OSError as exc:
        log.warning("spool: no reserve of space could be kept: %s", exc)
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
