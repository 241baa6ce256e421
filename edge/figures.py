"""Brings a self-measurement to the centre: what `fengsui edge bench --send` left behind becomes an event.

Only the gateway that owns the spool may number an event, and while it runs nobody measures beside it. So the
figures wait as a file in the state folder until the gateway runs (again), and go when they are durable. A
power cut in between repeats them; the centre knows a run by its id.
"""

import asyncio
import contextlib
import logging
import os
from functools import partial
from pathlib import Path
from typing import Final

import msgspec

from edge.spool.spool import Spool
from protocol import messages as m

log = logging.getLogger(__name__)

FILE: Final = "figures.json"
LOOK_S: Final = 5.0
LONGEST: Final = 65_536  # bytes; a measurement has about three thousand


class Report(msgspec.Struct, frozen=True):
    """One self-measurement: `id` is of this run; `measured_ms` UTC, right or wrong."""

    id: str
    software: str
    measured_ms: int
    machine: m.Machine
    figures: list[m.Figure]


def leave(folder: Path, report: Report) -> Path:
    """Leave a report for the gateway that uses this state folder; it takes the place of an unsent one.

    Raises:
        OSError: the folder takes no file.
    """
    path = folder / FILE
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        file.write(msgspec.json.encode(report))
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    return path


class Figures:
    """Looks for a report and records it."""

    def __init__(self, folder: Path, spool: Spool) -> None:
        """Prepare; `folder` is the state folder."""
        self._path = folder / FILE
        self._spool = spool
        self._recorded = ""

    async def run(self) -> None:
        """Look every few seconds until cancelled."""
        while True:
            if self._path.exists():
                await self.take()
            await asyncio.sleep(LOOK_S)

    async def take(self) -> None:
        """Record what was left, once, and remove it when it is durable."""
        try:
            with self._path.open("rb") as file:
                report = msgspec.json.decode(file.read(LONGEST), type=Report)
        except (OSError, msgspec.DecodeError) as exc:
            log.error("%s is no report of figures and is removed: %s", self._path, exc)
        else:
            if report.id != self._recorded and not await self._record(report):
                return
        with contextlib.suppress(OSError):  # on a disk that is read-only: once a run is enough
            self._path.unlink(missing_ok=True)

    async def _record(self, report: Report) -> bool:
        _, last = self._spool.record(
            partial(
                m.FiguresEvent,
                id=report.id,
                software=report.software,
                measured_ms=report.measured_ms,
                machine=report.machine,
                figures=report.figures,
            )
        )
        if not last:
            return False
        self._recorded = report.id
        log.info("figures of %s go to the centre", report.software)
        return await self._spool.events.written(last)
