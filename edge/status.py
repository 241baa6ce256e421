"""Tells anybody on this machine how the gateway is: one JSON object over a local socket.

Whoever connects writes one line and reads the answer to its end; who writes nothing gets the status.

    status                               how everything is
    values                               what every point shows now
    tape NAME                            the last minutes of a bus
    test NAME WHO                        try a horn
    point-test-begin POINT MINUTES WHO   alarms of this point are TEST for so long; they sound as always
    point-test-end POINT WHO
    act ACTION ALARM WHO                 silence, acknowledge or reset one alarm
    configure FILE                       take a configuration that the centre has signed

No file is written for it: a status file would wear out the card it lies on. The socket lies outside of the
state folder, which people copy.
"""

import asyncio
import contextlib
import hashlib
import logging
import os
import tempfile
from pathlib import Path
from typing import Any, Final

import msgspec

from edge.blackbox import BlackBox
from edge.drivers.models import Driver
from edge.plant import PRESENCE_WORDS, Plant
from edge.shown import values
from edge.spool.spool import Clock, Spool
from edge.uplink.commands import DONE
from edge.uplink.uplink import Configure, Uplink
from protocol import codec

log = logging.getLogger(__name__)

LOCAL_ACTS: Final = ("silence", "acknowledge", "reset")
PATIENCE_S: Final = 0.3  # for the line that says what is wanted
LONGEST_LINE: Final = 1000
SERVICE_RUN: Final = Path("/run/fengsui")  # RuntimeDirectory of the unit in firmware-config/systemd


def socket_paths(folder: Path) -> list[Path]:
    """Where the gateway that uses this state folder may answer: as a service, or started by hand."""
    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    return [place / f"fengsui-{name}.sock" for place in (SERVICE_RUN, Path(tempfile.gettempdir()))]


class Status:
    """Answers each connection with the present state and closes it."""

    def __init__(
        self,
        gateway: str,
        folder: Path,
        clock: Clock,
        spool: Spool,
        plant: Plant,
        uplink: Uplink | None,
        buses: dict[str, Driver],
        box: BlackBox,
    ) -> None:
        self._gateway = gateway
        paths = socket_paths(folder)
        self._path = next((path for path in paths if os.access(path.parent, os.W_OK)), paths[-1])
        self._clock = clock
        self._spool = spool
        self._plant = plant
        self._uplink = uplink
        self._buses = buses
        self._box = box
        self.configure: Configure | None = None

    async def run(self) -> None:
        """Serve until cancelled; without a socket nobody can ask, and the gateway runs on."""
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)
        try:
            server = await asyncio.start_unix_server(self._answer, self._path, limit=LONGEST_LINE)
            self._path.chmod(0o660)
        except OSError as exc:
            log.warning("no status socket at %s: %s", self._path, exc)
            await asyncio.Event().wait()
            return
        try:
            await server.serve_forever()
        finally:
            self._path.unlink(missing_ok=True)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = b""
        with contextlib.suppress(TimeoutError, ValueError, OSError):
            async with asyncio.timeout(PATIENCE_S):
                line = await reader.readline()
        with contextlib.suppress(OSError):
            writer.write(msgspec.json.encode(await self._asked(line.decode("utf-8", "replace").strip())))
            await writer.drain()
        writer.close()

    async def _asked(self, line: str) -> dict[str, Any]:
        what, _, name = line.partition(" ")
        if what == "test":
            return await self._test(*name.partition(" ")[::2])
        if what == "configure":
            return self._configured(Path(name))
        if what == "values":
            return {"points": values(self._plant, self._clock.mono_ms())}
        if what in {"point-test-begin", "point-test-end", "act"}:
            return self._people(what, name.split(" "))
        if what != "tape":
            return self.now()
        if name not in self._box.tapes:
            return {"error": f"no bus {name!r}; there are {', '.join(self._box.tapes)}"}
        return {"tape": await self._box.text(name, "asked for")}

    def _configured(self, path: Path) -> dict[str, Any]:
        if self.configure is None:
            return {"error": "this gateway takes no configuration of the centre"}
        try:
            if not path.is_file() or path.stat().st_size > codec.FRAME_LIMIT:  # a pipe would hold up the horn
                return {"error": f"{path}: no file, or larger than any configuration"}
            frame = path.read_bytes()
        except (OSError, ValueError) as exc:
            return {"error": f"{path}: the gateway cannot read it ({getattr(exc, 'strerror', exc)})"}
        _, outcome = self.configure(frame)
        return {"configure": {"result": outcome.result, "detail": outcome.detail}}

    async def _test(self, name: str, by: str) -> dict[str, Any]:
        if self._plant.sounders is None:
            return {"error": "nothing here can be tested"}
        try:
            results = await self._plant.sounders.request(name, "local", by or "at the gateway")
        except ValueError as exc:
            return {"error": str(exc)}
        return {"test": [msgspec.structs.asdict(result) for result in results]}

    def good(self) -> frozenset[str]:
        """Name every point and output that is good, and "uplink" while the centre knows us."""
        connected = self._uplink is not None and self._uplink.connected
        return self._plant.good() | ({"uplink"} if connected else frozenset())

    def _people(self, what: str, words: list[str]) -> dict[str, Any]:
        """Do what somebody at this machine wants: a test of a point, or something about an alarm."""
        plant = self._plant
        try:
            if what == "point-test-begin" and len(words) > 2:
                begun = plant.point_tests.begin(words[0], " ".join(words[2:]), int(float(words[1]) * 60_000))
                return {"done": f"{begun.point} is under test by {begun.by}"}
            if what == "point-test-end" and words[0]:
                ended = plant.point_tests.end(words[0], " ".join(words[1:]))
                return {"done": "ended" if ended else "it was not under test"}
            if what == "act" and len(words) > 2 and words[0] in LOCAL_ACTS:
                outcome = plant.desk.operate(words[0], words[1], "local", " ".join(words[2:]))
                return {"done": outcome.detail} if outcome.result == DONE else {"error": outcome.detail}
        except ValueError as exc:
            return {"error": str(exc)}
        return {"error": f"{what} {' '.join(words)} cannot be meant"}

    def now(self) -> dict[str, Any]:
        """The present state, in words and milliseconds."""
        spool = self._spool
        uplink = self._uplink
        reasons = self._plant.reasons()
        return {
            "gateway": self._gateway,
            "pid": os.getpid(),
            "boot": self._clock.boot,
            "epoch": spool.epoch,
            "clock_synchronised": bool(self._clock.state),
            "uplink": "none" if uplink is None else "connected" if uplink.connected else "disconnected",
            "road": "" if uplink is None else uplink.road,
            "events": {
                "head": spool.events.current.head,
                "waiting": spool.events.waiting,
                "taken": spool.events.seq,
                "receipted": spool.events.current.cursor,
            },
            "measurements": {"head": spool.measurements.current.head, "waiting": spool.measurements.waiting},
            "disk_full": spool.events.full or spool.measurements.full,
            "sources": [
                {
                    "source": s.source,
                    "state": PRESENCE_WORDS[s.state],
                    "good_age_ms": s.good_age_ms,
                    "reason": reasons[s.source],
                }
                for s in self._plant.sources()
            ],
            "outputs": [msgspec.structs.asdict(output) for output in self._plant.output_states()],
            "annunciators": [msgspec.structs.asdict(one) for one in self._plant.annunciators()],
            "good": sorted(self.good()),
            "good_within_s": self._plant.good_within_s,
            "contradicted": self._plant.contradicted,
            "alarms": [msgspec.structs.asdict(alarm) for alarm in self._plant.active()],
            "point_tests": [
                {
                    "point": one.point,
                    "by": one.by,
                    "left_s": max(0, one.until_ms - self._clock.mono_ms()) // 1000,
                }
                for one in self._plant.point_tests.testing.now()
            ],
            "buses": [msgspec.structs.asdict(bus.stats()) for bus in self._buses.values()],
        }


async def ask(folder: Path, line: str = "status") -> dict[str, Any]:
    """Ask the gateway that uses this state folder.

    Args:
        folder: the state folder.
        line: what is wanted, as listed at the top of this file.

    Raises:
        OSError: none is running.
    """
    paths = socket_paths(folder)
    path = next((path for path in paths if path.exists()), paths[-1])
    reader, writer = await asyncio.open_unix_connection(path)
    try:
        writer.write(line.encode() + b"\n")
        answer: dict[str, Any] = msgspec.json.decode(await reader.read())
    finally:
        writer.close()
    return answer
