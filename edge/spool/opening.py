"""Opens the two files of a spool: damaged ones put aside, an epoch minted, what was lost declared.

Keeps law-never-lose 5 (an epoch for each opening, durable before its first record, naming the one before it),
11 and 15 (an unclean stop loses at most the last commit interval of measurements, and says so). Never refuses
to run: a disk that takes nothing at all is replaced by memory.
"""

import contextlib
import logging
import secrets
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import msgspec

from edge.spool.damage import SpoolDamaged, SpoolFull, give_up, quarantine
from edge.spool.file import MEMORY, BatchFile
from edge.spool.records import AlarmRow, Epoch, Gap, MakeEvent
from edge.spool.stream import Stream
from protocol import messages as m

log = logging.getLogger(__name__)

EVENT_FILE: Final = "events.db"
MEASUREMENT_FILE: Final = "measurements.db"
DAMAGED: Final = "the file was damaged and put aside"
GONE: Final = "the file was gone"
UNCLEAN: Final = "unclean stop: what the last commit interval held"


async def open_file(stream: Stream, path: Path, now_ms: int, reserve: Path) -> BatchFile:
    """Open a file of the spool in its stream's thread; makes room once, then falls back to memory."""
    aside: Path | None = None
    for attempt in (path, path, MEMORY):
        try:
            file = await stream.call(BatchFile, attempt, now_ms)
        except (SpoolFull, OSError) as exc:
            log.error("spool: %s cannot be opened: %s", path.name, exc)
            free_reserve(reserve)
            continue
        try:
            for read in (file.epochs, file.alarms, file.gaps, file.doomed):
                await stream.call(read)
            file.quarantined = file.quarantined or aside
            return file
        except (SpoolDamaged, SpoolFull) as exc:  # the quick check does not see everything
            log.error("spool: %s cannot be read and is put aside: %s", path.name, exc)
            await stream.call(file.abandon)
            if file.path != MEMORY:
                with contextlib.suppress(OSError):
                    aside = await stream.call(quarantine, path, now_ms)
    raise AssertionError("a database in memory always opens")


def free_reserve(reserve: Path) -> None:
    """Give up the space that was kept for the moment when the disk is full, and what stands aside."""
    for name in (MEASUREMENT_FILE, EVENT_FILE):
        give_up(reserve.with_name(name))
    try:
        reserve.unlink(missing_ok=True)
    except OSError as exc:
        log.error("spool: the reserve cannot be given up: %s", exc)


async def begin(
    stream: Stream,
    file: BatchFile,
    own: Epoch,
    birth: bytes,
    description: bytes,
    now_ms: int,
    *,
    older: Sequence[Epoch] = (),
    births: Mapping[bytes, bytes] | None = None,
) -> BatchFile:
    """Make this opening's epoch durable, in memory if the disk takes nothing; returns the file that did."""
    try:
        await stream.call(file.begin, own, birth, description, older=older, births=births)
    except (SpoolFull, SpoolDamaged) as exc:
        log.error("spool: stream %d goes to memory only, the disk takes nothing: %s", stream.number, exc)
        await stream.call(file.abandon)
        file = await stream.call(BatchFile, MEMORY, now_ms)
        await stream.call(file.begin, own, birth, description, older=older, births=births)
    return file


class Opened(msgspec.Struct, frozen=True):
    """What the event file told: states, gaps and descriptions to restore, and what opening it makes.

    `ended` are the epochs whose loss is on record with `makes`.
    """

    own: Epoch
    saved_alarms: list[AlarmRow]
    gaps: list[Gap]
    births: dict[bytes, bytes]
    makes: list[MakeEvent]
    ended: list[int]


async def open_events(
    stream: Stream, folder: Path, reserve: Path, birth: bytes, description: bytes, software: str, now_ms: int
) -> Opened:
    """Open the event file and mint this opening's epoch."""
    file = await open_file(stream, folder / EVENT_FILE, now_ms, reserve)
    damaged = file.quarantined is not None
    before = await stream.call(file.epochs)
    saved = await stream.call(file.alarms)
    gaps = await stream.call(file.gaps)
    births = await _births_of(stream, file, gaps)
    # Epochs that only the measurements know: their events are gone with the file. They are written down with
    # the new epoch, not closed, so that a crash before their gaps are durable leaves them owed.
    only_measured = [] if before else await _measured_epochs(stream, folder / MEASUREMENT_FILE)
    follows = (before or only_measured)[-1].epoch if before or only_measured else 0
    own = Epoch(secrets.randbits(62) + 1, follows, now_ms)
    file = await begin(stream, file, own, birth, description, now_ms, older=only_measured)
    before = only_measured if file.path == MEMORY else [*before, *only_measured]
    await stream.attach(file, [*before, own])
    lost = damaged or bool(only_measured)
    clean = all(epoch.closed for epoch in before[-1:]) and not lost
    reason = DAMAGED if damaged else GONE if lost else ""
    makes: list[MakeEvent] = [
        partial(
            m.OpenedEvent, epoch=own.epoch, follows=follows, clean=clean, software=software, reason=reason
        )
    ]
    owed = [epoch.epoch for epoch in before if not epoch.head and not epoch.closed]
    makes += [
        partial(m.GapEvent, stream=m.EVENT, epoch=epoch, first=1, last=0, reason=reason or DAMAGED)
        for epoch in owed
    ]
    return Opened(own, saved, gaps, births, makes, owed)


async def _births_of(stream: Stream, file: BatchFile, gaps: list[Gap]) -> dict[bytes, bytes]:
    """The descriptions of the stand-ins of lost events: kept in memory, should this file be replaced."""
    found = {}
    for birth in {gap.birth for gap in gaps if gap.stream == m.EVENT}:
        with contextlib.suppress(SpoolFull, SpoolDamaged):
            description = await stream.call(file.description, birth)
            if description is not None:
                found[birth] = description
    return found


async def _measured_epochs(stream: Stream, path: Path) -> list[Epoch]:
    """Ask the measurement file which epochs there were, where the event file knows none."""
    if not path.exists():
        return []
    try:
        return await stream.call(_read_epochs, path)
    except (SpoolFull, SpoolDamaged, OSError):
        return []


def _read_epochs(path: Path) -> list[Epoch]:
    file = BatchFile(path, 0)
    try:
        return [Epoch(epoch.epoch, epoch.follows, epoch.opened_ms) for epoch in file.epochs()]
    finally:
        file.abandon()


async def open_measurements(
    stream: Stream, events: Stream, folder: Path, reserve: Path, birth: bytes, description: bytes, now_ms: int
) -> tuple[list[MakeEvent], list[int]]:
    """Open the measurement file for the epoch that `events` already has.

    Returns:
        (gap records to be written, epochs to be marked as ended once those are durable).
    """
    own = stream.current
    file = await open_file(stream, folder / MEASUREMENT_FILE, now_ms, reserve)
    before = await stream.call(file.epochs)
    damaged = file.quarantined is not None
    known = {epoch.epoch for epoch in before}
    # Epochs whose measurements are not in this file: gone with a damaged or vanished one, and all of them may
    # have left a backlog; or the run ended before it was open, which later openings said of all but the last.
    unknown = [e for e in events.epochs[:-1] if e.epoch not in known]
    gone = damaged or (not before and file.path != MEMORY)
    unknown = unknown if gone else [epoch for epoch in unknown[-1:] if not epoch.closed]
    # Written down with the new epoch and not closed: a crash before their gaps are durable leaves them owed.
    owed = [Epoch(e.epoch, e.follows, e.opened_ms) for e in unknown]
    file = await begin(stream, file, own, birth, description, now_ms, older=owed)
    if file.path == MEMORY:
        before = []
    await stream.attach(file, [*before, *owed, own])
    reason = DAMAGED if damaged else GONE if len(unknown) > 1 else UNCLEAN
    makes = [_rest(epoch.epoch, 1, epoch.opened_ms, now_ms, reason) for epoch in owed]
    unclean = [epoch for epoch in before if not epoch.closed]
    for epoch in unclean:
        since = epoch.committed_ms or epoch.opened_ms
        makes.append(_rest(epoch.epoch, epoch.head + 1, since, now_ms, UNCLEAN))
    return makes, [epoch.epoch for epoch in (*owed, *unclean)]


def _rest(epoch: int, first: int, from_ms: int, to_ms: int, reason: str) -> MakeEvent:
    """Declare all numbers from `first` on gone; how many there were nobody knows."""
    return partial(
        m.GapEvent,
        stream=m.MEASUREMENT,
        epoch=epoch,
        first=first,
        last=0,
        reason=reason,
        from_ms=from_ms,
        to_ms=to_ms,
    )
