"""The measurements of `fengsui edge bench`, each with a gateway process, a field or a spool of its own.

Nothing here touches a wire, a running gateway or a centre: every file lies in the given folder.
"""

import asyncio
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from edge.clock import Clock
from edge.config import load
from edge.installer.bench_centre import BenchCentre
from edge.installer.bench_field import LIMIT, PERIOD_MS, REACT_PERIOD_MS, Field, gateway_toml
from edge.installer.bench_gateway import BenchGateway
from edge.installer.bench_spool import Filled, bare_rows_per_s, fill, fill_events, missing, stored_answers
from edge.layout import lay_out
from edge.spool.opening import EVENT_FILE, MEASUREMENT_FILE
from protocol import codec, messages

POINTS: Final = 500
MANY_POINTS: Final = 1000
FULL: Final = 0.97  # of the quota: what comes next would be trimmed
NOBODY: Final = "tcp/127.0.0.1:9"  # the discard port: nothing answers there
CREDENTIALS: Final = "credentials.json"
_PRESS_S: Final = 0.15

Tell = Callable[[str], None]


class Watched(msgspec.Struct, frozen=True):
    """What a gateway took over a while, and what became of the answers that it was given."""

    values_per_s: float
    cpu_share: float
    rss_mb: float
    late_ms: list[float]
    shown: int
    lost: int
    twice: int


async def append(folder: Path, clock: Clock, batches: int) -> tuple[Filled, float]:
    """Append to a new spool, and to bare SQLite beside it, whose rows a second are returned."""
    filled = await backlog(folder, clock, POINTS, batches)
    bare = await asyncio.to_thread(bare_rows_per_s, folder, clock, points=POINTS, batches=batches)
    return filled, bare


async def backlog(folder: Path, clock: Clock, points: int, batches: int) -> Filled:
    """Fill the spool of a gateway that was offline for so many seconds; appending is measured with it."""
    return await fill(folder / "state", _description(folder, points), clock, batches=batches)


async def watch(folder: Path, clock: Clock, points: int, seconds: float, *, rounds: int = 0) -> Watched:
    """Let a gateway poll; with `rounds`, a horn sounds so often, and its uplink looks for a centre in vain.

    Raises:
        BenchFailed: it did not poll, or the horn did not sound.
    """
    field = Field(points, horn=rounds > 0)
    credentials = CREDENTIALS if rounds else ""
    if rounds:
        BenchCentre(clock).write_credentials(folder / CREDENTIALS)
    async with field.serve() as port:
        toml = gateway_toml(points, port, horn=rounds > 0, credentials=credentials, router=NOBODY)
        async with BenchGateway(folder, toml, clock) as gateway:
            await polling(gateway, field)
            cpu, answered, begun = gateway.cpu_s(), field.answered, clock.mono_us()
            await asyncio.sleep(seconds)
            took_s = (clock.mono_us() - begun) / 1e6
            cpu_share = (gateway.cpu_s() - cpu) / took_s
            rate = (field.answered - answered) / len(field.counting) * points / took_s
            late_ms = await react(gateway, field, clock, rounds)
            rss_mb = gateway.rss_mb()
            field.silent, silent_ms = True, clock.utc_ms()  # all that was shown is taken when it ends
            await asyncio.sleep(0.5)
        lost, twice = await asyncio.to_thread(unaccounted, folder, field, silent_ms)
    return Watched(rate, cpu_share, rss_mb, late_ms, field.answered, lost, twice)


class Drained(msgspec.Struct, frozen=True):
    """How a backlog went while 500 points were polled and a horn was sounded."""

    values_per_s: float
    live_lag_ms: list[float]
    event_lag_ms: list[float]
    late_ms: list[float]
    whole: bool
    out_of_order: int


async def drain(
    folder: Path, clock: Clock, held: Filled, seconds: float, rounds: int, *, points: int = POINTS
) -> Drained:
    """Send a backlog to a stand-in for the centre for some seconds, or until it is gone.

    Args:
        folder: whose `state` holds the backlog.
        clock: of this process.
        held: the backlog as it was filled.
        seconds: at most; `whole` of the result says whether that was enough.
        rounds: of the horn meanwhile.
        points: that are polled meanwhile.

    Raises:
        BenchFailed: the gateway did not poll, did not reach the centre, or the horn did not sound.
    """
    centre, field = BenchCentre(clock), Field(points, horn=True)
    key = (messages.MEASUREMENT, held.epoch)
    async with centre.serve(), field.serve() as port:
        centre.write_credentials(folder / CREDENTIALS)
        toml = gateway_toml(points, port, horn=True, credentials=CREDENTIALS, router=centre.endpoint)
        async with BenchGateway(folder, toml, clock) as gateway:

            async def begun() -> bool:
                return centre.cursors.get(key, 0) > 0

            async def sound() -> list[float]:
                await polling(gateway, field)
                return await react(gateway, field, clock, rounds, lambda: centre.cursors[key] < held.records)

            await gateway.until("the backlog is on its way", begun)
            before, start = centre.cursors[key], clock.mono_us()
            horn = asyncio.create_task(sound())
            try:
                ends = start + seconds * 1e6
                while centre.cursors[key] < held.records and clock.mono_us() < ends:  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
                took_s = (clock.mono_us() - start) / 1e6
                sent = (centre.cursors[key] - before) / held.records * held.values
                late_ms = await horn
            finally:
                horn.cancel()
    whole = centre.cursors[key] >= held.records
    return Drained(
        sent / took_s, centre.live_lag_ms, centre.event_lag_ms, late_ms, whole, centre.out_of_order
    )


async def start(folder: Path, clock: Clock, spool_mb: float, events_mb: float) -> tuple[float, float, float]:
    """Start a gateway on a full spool; returns (s until all is polled, until both files are open, MB).

    Both are read from the disk: the machine is made to forget what it has in memory of them.

    Raises:
        BenchFailed: it did not within a minute.
    """
    state, field = folder / "state", Field(POINTS, horn=False)
    await fill(
        state, _description(folder, POINTS), clock, batches=1 << 30, polls=20,
        full_mb=spool_mb * FULL,
    )  # fmt: skip
    await fill_events(state, _description(folder, POINTS), clock, events_mb * FULL)
    files = [state / EVENT_FILE, state / MEASUREMENT_FILE]
    size_mb = sum(file.stat().st_size for file in files) / 1e6
    for file in files:
        await asyncio.to_thread(_forget_pages, file)
    async with field.serve() as port:
        toml = gateway_toml(POINTS, port, horn=False, spool_mb=spool_mb, events_mb=events_mb)
        async with BenchGateway(folder, toml, clock) as gateway:

            async def polls() -> bool:
                return all(unit.answered for unit in field.counting.values())

            async def opened() -> bool:
                status = await gateway.status()
                return bool(status and status["measurements"]["waiting"])

            polls_s = await gateway.until("all instruments are polled", polls)
            return polls_s, await gateway.until("the spool is open", opened), size_mb


async def polling(gateway: BenchGateway, field: Field) -> None:
    """Wait until a gateway is in step with its field.

    Raises:
        BenchFailed: it is not within a minute.
    """

    async def holds() -> bool:
        return all(unit.answered > 3 for unit in field.counting.values())

    await gateway.until("all instruments are polled", holds)
    await asyncio.sleep(PERIOD_MS / 1000)


async def react(
    gateway: BenchGateway,
    field: Field,
    clock: Clock,
    rounds: int,
    goes_on: Callable[[], bool] = lambda: True,
) -> list[float]:
    """Let the detector's register cross its limit again and again at random moments.

    Args:
        gateway: that sounds the horn.
        field: with detector and horn.
        clock: of this process.
        rounds: how often.
        goes_on: whether what it is measured beside still lasts; one round there is in any case.

    Returns:
        Milliseconds from each crossing to the write that closes the horn's coil; the poll period is in them.

    Raises:
        BenchFailed: the horn did not sound within ten seconds, or was not silenced by its button.
    """
    late_ms: list[float] = []
    while len(late_ms) < rounds and (not late_ms or goes_on()):
        await asyncio.sleep(random.uniform(0.4, 0.4 + REACT_PERIOD_MS / 1000))
        closed: list[int] = []
        field.on_coil = lambda closed=closed: (
            closed.append(clock.mono_us()) if field.relays.coils[0] else None
        )
        changed = clock.mono_us()
        field.detector.words[:2] = (2 * LIMIT).to_bytes(2, "big")

        async def sounds(closed: list[int] = closed) -> bool:
            return bool(closed)

        await gateway.until("the horn sounds", sounds, 10.0)
        late_ms.append((closed[0] - changed) / 1000)
        field.on_coil = None
        field.detector.words[:2] = bytes(2)
        await _press(field)

        async def silent() -> bool:
            return not field.relays.coils[0]

        await gateway.until("the horn is silent", silent, 10.0)
        await _press(field)  # acknowledges
    return late_ms


async def _press(field: Field) -> None:
    for state in (1, 0):
        field.relays.inputs[0] = state
        await asyncio.sleep(_PRESS_S)


def unaccounted(folder: Path, field: Field, silent_ms: int) -> tuple[int, int]:
    """Hold the spool of a gateway that ended against what its field showed: rows (lost, stored twice)."""
    stored = stored_answers(folder / "state")
    found = [
        missing(stored.get(block.block, []), field.counting[block.unit].answered, silent_ms)
        for block in codec.decode_description(_description_of(folder)).blocks
        if block.unit in field.counting
    ]
    return sum(lost for lost, _ in found), sum(twice for _, twice in found)


def _description_of(folder: Path) -> bytes:
    return lay_out(load(folder / "gateway.toml"), "fengsui bench").description


def _description(folder: Path, points: int) -> bytes:
    """The description of the field that a filled spool stands for."""
    file = folder / "gateway.toml"
    file.write_text(gateway_toml(points, 502, horn=False), encoding="utf-8")
    return _description_of(folder)


def _forget_pages(path: Path) -> None:
    """Let the machine forget what it has in memory of a file, as after a power cut."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
        os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(fd)
