"""One stream of the spool: numbers records, writes them in a thread of its own, and hands them out in order.

Keeps law-never-lose 4 (strictly in order), 11 (a full disk: what cannot be written waits in memory and is
sent from there) and 12 (a cursor may go back to what a restored centre has; rows are still there, or a hole).
"""

import asyncio
import contextlib
import itertools
import logging
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, ParamSpec, TypeVar

import msgspec

from edge.spool.cursors import Cursors
from edge.spool.damage import SpoolDamaged, SpoolFull
from edge.spool.file import BatchFile
from edge.spool.records import Commit, Cursor, Epoch, StoredBatch
from edge.spool.unwritten import Unwritten
from protocol import codec

log = logging.getLogger(__name__)

_P = ParamSpec("_P")
_R = TypeVar("_R")

AHEAD: Final = 16  # batches read from the file at once while a backlog drains
AHEAD_BYTES: Final = 512 * 1024
RETRY_S: Final = 1.0


class Hole(msgspec.Struct, frozen=True):
    """Numbers that should come next but are not held any more."""

    epoch: int
    first: int
    last: int


class Stream:
    """The epochs and batches of one stream. All methods but those of the file run in the event loop."""

    def __init__(self, number: int, birth: bytes, boot: int, now_ms: Callable[[], int]) -> None:
        """Make an empty stream; `attach` gives it its file.

        Args:
            number: `protocol.messages.EVENT` or `MEASUREMENT`.
            birth: hash of the description under which records are taken now.
            boot: of this run.
            now_ms: UTC.
        """
        self.number = number
        self._cursors = Cursors()
        self.seq = 0
        self.full = False
        self.waiting = 0
        self.used_bytes = 0
        self._birth = birth
        self._boot = boot
        self._now_ms = now_ms
        self._file: BatchFile | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"spool-{number}")
        self._retry_at = 0.0
        self._unwritten = Unwritten()
        self._ahead: deque[StoredBatch] = deque()
        self._more = asyncio.Event()
        self._work = asyncio.Event()
        self._progress = asyncio.Event()
        self.ready = asyncio.Event()
        self._closing = False
        self._damaged = False

    @property
    def file(self) -> BatchFile:
        """The open file, to be used through `call` only."""
        assert self._file is not None
        return self._file

    @property
    def epochs(self) -> list[Epoch]:
        """All epochs that are held, oldest first."""
        return self._cursors.epochs

    @epochs.setter
    def epochs(self, epochs: list[Epoch]) -> None:
        self._cursors.epochs = epochs

    @property
    def current(self) -> Epoch:
        """The epoch of this run."""
        return self.epochs[-1]

    @property
    def attached(self) -> bool:
        """Whether the file is open and batches can be read."""
        return self._file is not None

    @property
    def in_memory(self) -> int:
        """Batches that the disk has not taken yet."""
        return len(self._unwritten)

    @property
    def records_in_memory(self) -> int:
        """Records that the disk has not taken yet."""
        return self._unwritten.records

    async def call(self, function: Callable[_P, _R], *args: _P.args, **kwargs: _P.kwargs) -> _R:
        """Run something that blocks on the disk in this stream's thread.

        Raises:
            SpoolDamaged: the writer replaces the file as soon as it looks.
        """
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._thread, lambda: function(*args, **kwargs)
            )
        except SpoolDamaged:
            self._damaged = True
            self._work.set()
            raise

    async def attach(self, file: BatchFile, epochs: list[Epoch]) -> None:
        """Take the opened file; `epochs` ends with the one of this run."""
        self._file = file
        self.epochs = epochs
        with contextlib.suppress(SpoolFull, SpoolDamaged):  # the writer replaces it, and the run goes on
            await self.recount()
        self.ready.set()
        self._more.set()
        self._work.set()

    # --- writing ---

    def enqueue(self, first: int, last: int, body: bytes, extra: Commit | None = None) -> None:
        """Queue an encoded batch for the disk.

        Args:
            first: number of its first record.
            last: of its last.
            body: encoded as `protocol.codec` does.
            extra: what else the same transaction writes.
        """
        epoch = self.current.epoch
        digest = codec.batch_hash(self.number, epoch, first, last, self._birth, self._boot, body)
        what = Commit() if extra is None else extra
        what.batch = StoredBatch(epoch, first, last, self._birth, self._boot, body, digest)
        what.now_ms = self._now_ms()
        self.enqueue_commit(what)

    def enqueue_commit(self, what: Commit) -> None:
        """Queue a transaction for the disk."""
        self._unwritten.add(what)
        self._work.set()

    def drop_oldest_unwritten(self) -> StoredBatch | None:
        """Give up the oldest batch that the disk did not take; the caller declares it."""
        return self._unwritten.drop_oldest()

    async def written(self, seq: int, timeout_s: float = 5.0) -> bool:
        """Wait until this run's records up to `seq` are on the disk; False: they are not yet."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                while self.current.head < seq:
                    self._progress.clear()
                    await self._progress.wait()
        return self.current.head >= seq

    async def wait_for_work(self, timeout_s: float | None = None) -> None:
        """Sleep until something was queued, the stream is closing, or the time is over."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._work.wait()
        self._work.clear()

    def wake(self) -> None:
        """Let the writer look again."""
        self._work.set()

    async def write_out(self) -> bool:
        """Commit what is queued, in order.

        Returns:
            False when the disk took no more; what is left stays queued and may be sent from memory.

        Raises:
            SpoolDamaged: the file must be replaced.
        """
        if self._damaged:
            raise SpoolDamaged("found while reading")
        if self.full and asyncio.get_running_loop().time() < self._retry_at and not self._closing:
            self._more.set()
            return False
        while len(self._unwritten):
            what = self._unwritten.first
            what.cursors = cursors = self._cursors.unwritten()
            try:
                self.used_bytes = await self.call(self.file.commit, what)
            except SpoolFull as exc:
                if not self.full:
                    log.error("spool: stream %d cannot be written, kept in memory: %s", self.number, exc)
                self.full = True
                self._retry_at = asyncio.get_running_loop().time() + RETRY_S / 2
                self._more.set()
                return False
            except SpoolDamaged:
                self._more.set()
                raise
            if self.full:
                log.warning("spool: stream %d is written again", self.number)
                self.full = False
            self._unwritten.written()
            self._cursors.written(cursors)
            batch = what.batch
            if batch is not None:
                self.current.head = batch.last
                self.current.committed_ms = what.now_ms
                self.waiting += 1 if batch.last > self.current.cursor else 0
                self._more.set()
            self._progress.set()
        return True

    def stop(self) -> None:
        """Let the writer end after what is queued."""
        self._closing = True
        self._work.set()

    @property
    def closing(self) -> bool:
        """Whether `stop` was called."""
        return self._closing

    async def close(self) -> None:
        """Close the file and its thread; the end is noted as clean only if nothing is left unwritten."""
        try:
            if len(self._unwritten) and self._file is not None:
                log.error("spool: stream %d ends with %d batches unwritten", self.number, self.in_memory)
                await self.call(self._file.abandon)
            elif self._file is not None:
                await self.call(self.file.close, self.current.epoch, self._cursors.all())
        except (SpoolFull, SpoolDamaged) as exc:
            log.error("spool: stream %d was not closed cleanly: %s", self.number, exc)
        finally:
            self._thread.shutdown(wait=False)

    def replace(self, file: BatchFile, first: Commit | None) -> None:
        """Go on in a new file after the old one was damaged; its rows are a hole.

        Args:
            file: the new one, with the epochs of the old.
            first: to be written before all that is queued.
        """
        self._file = file
        self._damaged = False
        self.full = False
        if first is not None:
            self._unwritten.add_first(first)
        self._ahead.clear()
        self.waiting = 0
        self._work.set()
        self._more.set()

    # --- handing out ---

    async def next(self) -> StoredBatch | Hole:
        """Wait for what must be sent next.

        Returns:
            The batch behind the cursor of the oldest unfinished epoch, or the hole where it should be.
        """
        while True:
            self._more.clear()
            if self.attached:
                # Of a file that cannot be read now the writer takes care, and wakes us.
                with contextlib.suppress(SpoolDamaged, SpoolFull):
                    found = await self._find()
                    if found is not None:
                        return found
            await self._more.wait()

    async def _find(self) -> StoredBatch | Hole | None:
        for epoch in self.epochs:
            current = epoch is self.current
            held = self._ahead[0] if self._ahead else None
            if held is not None and held.epoch == epoch.epoch and held.first == epoch.cursor + 1:
                return held
            memory = self._unwritten.behind(epoch.cursor) if current and self.full else None
            if epoch.cursor >= epoch.head:
                if memory is None:
                    continue
                if memory.first == epoch.cursor + 1:
                    return memory
                return Hole(epoch.epoch, epoch.cursor + 1, memory.first - 1)
            cursor, head = epoch.cursor, epoch.head  # before reading: a commit may come meanwhile
            rows = await self.call(self.file.after, epoch.epoch, cursor, AHEAD, AHEAD_BYTES)
            if epoch.cursor != cursor:  # a receipt or a rewind came meanwhile
                return await self._find()
            sound = await self.call(self._sound, rows)
            self._ahead = deque(sound)
            if sound and sound[0].first == cursor + 1:
                return sound[0]
            if memory is not None and memory.first == cursor + 1:
                return memory
            end = sound[0].first - 1 if sound else head
            if rows and not sound:
                log.error("spool: what stood at %d of epoch %x is damaged", rows[0].first, epoch.epoch)
                following = await self.call(self.file.first_after, epoch.epoch, rows[0].first)
                end = head if following is None else following - 1
            return Hole(epoch.epoch, cursor + 1, min(head, end))
        return None

    def _sound(self, rows: list[StoredBatch]) -> list[StoredBatch]:
        """The rows before the first that is not what was committed: SQLite checks no content."""
        return list(itertools.takewhile(lambda row: row.is_sound(self.number), rows))

    def receipted(self, epoch: int, last: int) -> None:
        """Move the cursor forward: the centre has everything of this epoch up to `last`."""
        found = self._cursors.find(epoch)
        if found is None or last <= found.cursor:
            return
        self._cursors.move(found, last)
        while self._ahead and self._ahead[0].epoch == epoch and self._ahead[0].last <= last:
            self._ahead.popleft()
            self.waiting = max(0, self.waiting - 1)
        if self.full and found is self.current:
            self._unwritten.forget_receipted(last)

    async def rewind(self, known: Sequence[Cursor]) -> None:
        """Set all cursors to what the centre says it has; what it does not name it does not have."""
        cursors = dict(known)
        for epoch in self.epochs:
            held = self.seq if epoch is self.current else epoch.head
            self._cursors.move(epoch, min(cursors.get(epoch.epoch, 0), held))
        self._ahead.clear()
        if self.attached:
            await self.recount()
        self._more.set()

    async def go_to(self, epoch: int, seq: int) -> bool:
        """Set one cursor so that `seq` comes next; an epoch that is not held is left alone.

        Returns:
            Whether the cursor moved: if not, the same batch would be sent again.
        """
        found = self._cursors.find(epoch)
        if found is None:
            return False
        if not self._cursors.move(found, min(seq - 1, self.seq if found is self.current else found.head)):
            return False
        self._ahead.clear()
        if self.attached:
            await self.recount()
        self._more.set()
        return True

    def lent(self) -> Cursor | None:
        """Which batch may be on its way to the centre: (epoch, first); it must not be trimmed."""
        return (self._ahead[0].epoch, self._ahead[0].first) if self._ahead else None

    def forget_ahead(self) -> None:
        """After rows were trimmed: what was read ahead may be gone, all but the batch that was lent."""
        while len(self._ahead) > 1:
            self._ahead.pop()

    def cursor_of(self, epoch: int) -> int:
        """The last number receipted of an epoch; 0 for one that is not known."""
        return self._cursors.of(epoch)

    def cursors(self) -> list[Cursor]:
        """All cursors, to be written together with a trim."""
        return self._cursors.all()

    async def recount(self) -> None:
        """Count the waiting batches anew."""
        waiting = 0
        for epoch in self.epochs:
            if epoch.cursor < epoch.head:
                waiting += await self.call(self.file.waiting, epoch.epoch, epoch.cursor)
        self.waiting = waiting
