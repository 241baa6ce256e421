"""The bus black box of a gateway: a tape for each bus, written down when something goes wrong.

An alarm, an instrument that falls silent or a person's request asks for it. The bytes are copied in the loop
(a tenth of a millisecond) and written by a thread, a few seconds later, so that what followed is there too.
A bus is written down at most once in EVERY_MS: the tape is longer than that, so nothing is missed; reasons
gather meanwhile. The folder stays below its quota, and no file is written when the disk is nearly full: a
record that is lost for want of room would be worse than a fault that nobody can look at.
"""

import asyncio
import contextlib
import gzip
import logging
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from edge.clock import Clock
from edge.config_models import BusTable
from edge.drivers.tape import Frozen, Tape

log = logging.getLogger(__name__)

EVERY_MS: Final = 300_000
AFTER_MS: Final = 5_000
REASONS: Final = 20
FILES: Final = 24
BYTES: Final = 16_000_000
RESERVE: Final = 64_000_000  # of the disk's free space, left to the spool
SECRETS: Final = re.compile(r"password|secret|token", re.IGNORECASE)
SUFFIX: Final = ".tape.gz"


class BlackBox:
    """The tapes of all buses, and what is still to be written down."""

    def __init__(
        self,
        folder: Path,
        gateway: str,
        buses: Mapping[str, BusTable],
        bus_of_point: Mapping[str, str],
        clock: Clock,
    ) -> None:
        """Begin empty tapes.

        Args:
            folder: of the state; the dumps go into its subfolder `tapes`.
            gateway: its id.
            buses: the tables by name, for the head of a dump.
            bus_of_point: by point key.
            clock: of the gateway.
        """
        self._folder = folder / "tapes"
        self._gateway = gateway
        self._bus_of_point = bus_of_point
        self._clock = clock
        self.tapes = {name: Tape(name, clock.mono_us, on_trip=self.trip) for name in buses}
        self._config = {name: told(bus) for name, bus in buses.items()}
        self._wanted: dict[str, list[str]] = {}
        self._due: dict[str, int] = {}
        self._last: dict[str, int] = {}
        self._poked = asyncio.Event()
        self._failing = False

    def alarm(self, alarm: str) -> None:
        """Have the bus of an alarm's point written down; never waits."""
        bus = self._bus_of_point.get(alarm.rpartition("/")[0])
        if bus is not None:
            self.tapes[bus].note(f"alarm {alarm}")
            self.trip(bus, f"alarm {alarm}")

    def trip(self, bus: str, why: str) -> None:
        """Have a bus written down; never waits."""
        reasons = self._wanted.setdefault(bus, [])
        if len(reasons) < REASONS:
            reasons.append(why)
        if bus not in self._due:
            now = self._clock.mono_ms()
            self._due[bus] = max(now + AFTER_MS, self._last.get(bus, now - EVERY_MS) + EVERY_MS)
            self._poked.set()

    async def run(self) -> None:
        """Write down what was asked for, until cancelled; what was still wanted then is written at once."""
        try:
            while True:
                await self._wait()
                now = self._clock.mono_ms()
                for bus in [bus for bus, due in self._due.items() if due <= now]:
                    await self._write(bus)
        finally:
            for bus in list(self._due):
                frozen, head = self._freeze(bus, self._wanted.pop(bus))
                self._keep(frozen, head)
            self._due.clear()

    async def text(self, bus: str, why: str) -> str:
        """Return what a tape holds now, as text.

        Raises:
            KeyError: there is no such bus.
        """
        frozen, head = self._freeze(bus, [why])
        return (await asyncio.to_thread(frozen.dump, head)).decode()

    def kept(self) -> list[tuple[str, int]]:
        """List (name, bytes) of the dumps that were written, newest first; blocks."""
        found = sorted(self._folder.glob(f"*{SUFFIX}"), reverse=True)
        return [(path.name, path.stat().st_size) for path in found[:FILES] if path.is_file()]

    def read(self, name: str) -> bytes:
        """Read a dump that `kept` lists, compressed as it lies there; blocks.

        Raises:
            KeyError: there is none of this name.
            OSError: it cannot be read.
        """
        if name not in {one for one, _ in self.kept()}:
            raise KeyError(name)
        return (self._folder / name).read_bytes()

    async def _wait(self) -> None:
        self._poked.clear()
        due = min(self._due.values(), default=None)
        if due is None:
            await self._poked.wait()
            return
        rest = max(0, due - self._clock.mono_ms())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(rest / 1000):
                await self._poked.wait()

    async def _write(self, bus: str) -> None:
        del self._due[bus]
        self._last[bus] = self._clock.mono_ms()
        frozen, head = self._freeze(bus, self._wanted.pop(bus))
        await asyncio.to_thread(self._keep, frozen, head)

    def _freeze(self, bus: str, reasons: Sequence[str]) -> tuple[Frozen, dict[str, str]]:
        clock = self._clock
        head = {
            "gateway": self._gateway,
            "boot": f"{clock.boot}",
            "clock": f"{clock.utc_ms()} ms UTC at {clock.mono_us()} us,"
            f" {'synchronised' if clock.state else 'NOT synchronised'}",
            "reason": "\n".join(reasons),
            "config": self._config[bus],
        }
        return self.tapes[bus].freeze(), head

    def _keep(self, frozen: Frozen, head: Mapping[str, str]) -> None:
        """Write a dump; a disk that takes it not is named once."""
        name = f"{self._clock.utc_ms():013d}-{frozen.name}{SUFFIX}"
        try:
            keep(self._folder, name, frozen.dump(head))
        except OSError as exc:
            if not self._failing:
                log.warning("the black box of bus %s was not written: %s", frozen.name, exc)
            self._failing = True
            return
        self._failing = False
        log.info("the last minutes of bus %s are in %s", frozen.name, self._folder / name)


def keep(folder: Path, name: str, dump: bytes, files: int = FILES, size: int = BYTES) -> Path:
    """Write a dump, compressed, and let the oldest go that are more than the quota.

    Raises:
        OSError: the disk is full or nearly so, or does not take it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    data = gzip.compress(dump, 6)
    _make_room(folder, files - 1, size - len(data))
    free = shutil.disk_usage(folder).free
    if free < RESERVE:
        raise OSError(f"only {free // 1_000_000} MB are free; they are left to the records")
    path = folder / name
    unfinished = path.with_suffix(".part")
    try:
        unfinished.write_bytes(data)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return path


def _make_room(folder: Path, files: int, size: int) -> None:
    kept = sorted(folder.glob(f"*{SUFFIX}"))
    sizes = [path.stat().st_size for path in kept]
    while kept and (len(kept) > files or sum(sizes) > size):
        kept.pop(0).unlink()
        sizes.pop(0)


def opened(path: Path) -> bytes:
    """Read a dump, compressed or not."""
    data = path.read_bytes()
    return gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data


def told(bus: BusTable) -> str:
    """Write a bus table as it is used, without its secrets, on one line."""
    return msgspec.json.encode(_masked(msgspec.to_builtins(bus))).decode()


def _masked(value: object) -> object:
    if isinstance(value, dict):
        return {key: "***" if SECRETS.search(key) and item else _masked(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(item) for item in value]
    return value
