"""Stand-in gateways that sign real frames, and a centre's ingest without the road, over a test's database."""

from __future__ import annotations

import copy
import itertools
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from central import clock
from central.db.pool import Database
from central.db.scope import acting
from central.devices import store as devices
from central.devices.keys import CentreKey, Verifier
from central.ingest.committer import Committer
from central.ingest.directory import Directory
from central.ingest.models import Work
from central.telemetry.latest import LatestValues
from central.telemetry.service import History
from protocol import codec
from protocol import messages as m
from tests.central import county

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from central.db.pool import DatabaseUrls

ENTERPRISES = ("E1", "E2", "E3", "E10")


class Sim:
    """One gateway: two points in block 0 (chlorine with H and HH, temperature), one in block 1."""

    def __init__(self, gateway: str, epoch: int = 0x1111, boot: int = 77) -> None:
        self.id = gateway
        self._key = Ed25519PrivateKey.generate()
        self.public = self._key.public_key().public_bytes_raw()
        self.epoch = epoch
        self.boot = boot
        self.mono_ms = 1_000_000
        # Its clock stands still, so that what it sends again is the same to the byte.
        self.now_ms = int(time.time() * 1000)
        self.clock = m.SYNCHRONISED
        self.epochs: list[m.EpochHead] = [m.EpochHead(epoch, 0, 0, 0)]
        self.active: list[m.ActiveAlarm] = []
        self.config_version = 1
        self.extra_points: list[m.PointInfo] = []
        self.scale = 0.1
        self.beats = itertools.count(1)

    def sealed(self, message: m.Message) -> bytes:
        return codec.seal(self.id, message, self._key.sign)

    def description(self) -> m.Description:
        return m.Description(
            gateway=self.id,
            config_hash=f"c{self.config_version}",
            config_version=self.config_version,
            software="0.1.0",
            blocks=[
                m.BlockInfo(0, "analyser", "bus-1", 1, 3, 100, 2, 1000),
                m.BlockInfo(1, "tank", "bus-1", 2, 4, 0, 1, 1000),
            ],
            points=[
                m.PointInfo("GT-101", "氯气浓度", 0, 0, "gas", "ppm", self.scale, 0.0, 0.0, 100.0),
                m.PointInfo("TT-101", "温度", 0, 1, "temperature", "°C", 0.1, -40.0),
                m.PointInfo("PT-201", "压力", 1, 0, "pressure", "kPa", 1.0, 0.0),
                *self.extra_points,
            ],
            alarms=[
                m.AlarmInfo("GT-101/H", "GT-101", "H", "high", 1.0, 0.1, 0, 0, False, 1),
                m.AlarmInfo("GT-101/HH", "GT-101", "HH", "high", 3.0, 0.1, 0, 0, False, 2),
                m.AlarmInfo("GT-101/Q", "GT-101", "Q", "quality", None, 0.0, 0, 0, False, 0),
            ],
        )

    @property
    def encoded(self) -> bytes:
        return codec.encode_description(self.description())

    @property
    def birth_hash(self) -> bytes:
        return codec.birth_hash(self.encoded)

    def head(self, stream: int) -> int:
        return self.epochs[-1].event if stream == m.EVENT else self.epochs[-1].measurement

    def claim(self, event: int | None = None, measurement: int | None = None) -> None:
        last = self.epochs[-1]
        self.epochs[-1] = m.EpochHead(
            last.epoch,
            last.follows,
            last.event if event is None else event,
            last.measurement if measurement is None else measurement,
        )

    def clone(self) -> Sim:
        """The same card in another device."""
        twin = copy.copy(self)
        twin.epochs = list(self.epochs)
        return twin

    def reopen(self, epoch: int) -> None:
        """Open the spool anew: another epoch, another boot."""
        self.epochs.append(m.EpochHead(epoch, self.epoch, 0, 0))
        self.epoch = epoch
        self.boot += 1

    def birth(self, *, current: bool = True, head: tuple[int, int] | None = None) -> m.Birth:
        return m.Birth(
            self.boot,
            self.mono_ms,
            self.now_ms,
            self.clock,
            self.encoded,
            current,
            self.active if current else [],
            head or (self.epoch, self.head(m.EVENT)),
            self.epochs if current else [],
        )

    def _batch(self, number: int, begin: int, end: int, content: bytes, **other: Any) -> m.Batch:
        batch = m.Batch(
            number,
            self.epoch,
            begin,
            end,
            self.birth_hash,
            self.boot,
            content,
            self.boot,
            self.mono_ms,
            self.now_ms,
            self.clock,
        )
        return msgspec.structs.replace(batch, **other) if other else batch

    def measurements(
        self,
        first: int,
        count: int = 2,
        *,
        raw: int = 5,
        time_ms: int | None = None,
        mono_ms: int | None = None,
        clock_state: int | None = None,
        **other: Any,
    ) -> m.Batch:
        """`count` polls of block 0 (two values each) from number `first` on."""
        state = self.clock if clock_state is None else clock_state
        rows = m.BlockRows(
            0,
            list(range(count)),
            [i * 10 for i in range(count)],
            [i * 10 for i in range(count)],
            [4] * count,
            [state] * count,
            [192] * count,
            [[raw + i, 600 + i] for i in range(count)],
            [],
        )
        return self.rows(first, rows, time_ms=time_ms, mono_ms=mono_ms, **other)

    def readings(
        self,
        first: int,
        block: int,
        *values: list[int | float] | None,
        worse: Sequence[tuple[int, int, int]] = (),
    ) -> m.Batch:
        """Polls of any block, ten milliseconds apart, with `worse` as its exceptions."""
        n = len(values)
        steps = [i * 10 for i in range(n)]
        good = [24 if line is None else 192 for line in values]
        return self.rows(
            first,
            m.BlockRows(
                block,
                list(range(n)),
                steps,
                steps,
                [4] * n,
                [self.clock] * n,
                good,
                list(values),
                list(worse),
            ),
        )

    def rows(
        self,
        first: int,
        rows: m.BlockRows,
        *,
        time_ms: int | None = None,
        mono_ms: int | None = None,
        **other: Any,
    ) -> m.Batch:
        """A batch of these rows, numbered from `first` on; five seconds old, both clocks agreeing."""
        at = self.now_ms - 5000 if time_ms is None else time_ms
        mono = self.mono_at(at) if mono_ms is None else mono_ms
        body = codec.encode_measurements(m.MeasurementBody(at, mono, [rows]))
        last = first + len(rows.seq) - 1
        self.claim(measurement=max(self.head(m.MEASUREMENT), last))
        return self._batch(m.MEASUREMENT, first, last, body, **other)

    def mono_at(self, time_ms: int) -> int:
        """Where the monotonic clock stood at a moment of UTC; two seconds ago if that clock tells nothing."""
        age_ms = self.now_ms - time_ms if self.clock == m.SYNCHRONISED else 2000
        return max(self.mono_ms - age_ms, -(1 << 63))

    def events(self, first: int, events: Sequence[m.Event | bytes], **other: Any) -> m.Batch:
        body = codec.encode_events([e if isinstance(e, bytes) else codec.encode_event(e) for e in events])
        last = first + len(events) - 1
        self.claim(event=max(self.head(m.EVENT), last))
        return self._batch(m.EVENT, first, last, body, **other)

    def alarm(
        self,
        seq: int,
        transition: int = m.RAISE,
        *,
        alarm: str = "GT-101/H",
        occurrence: str = "0000004d-1",
        time_ms: int | None = None,
        value: float | None = 1.5,
        **other: Any,
    ) -> m.AlarmEvent:
        state = {m.RAISE: "B", m.CLEAR: "D", m.ACKNOWLEDGE: "C", m.RESET: "A"}.get(transition, "B")
        at = self.now_ms - 2000 if time_ms is None else time_ms
        event = m.AlarmEvent(
            seq,
            at,
            self.mono_at(at),
            self.clock,
            alarm,
            occurrence,
            transition,
            state,
            value,
            192,
            1,
        )
        return msgspec.structs.replace(event, **other) if other else event

    def operator(self, seq: int) -> m.OperatorEvent:
        return m.OperatorEvent(seq, self.now_ms - 1000, 999_000, self.clock, "silence", "button", "")

    def gap(self, seq: int, stream: int, epoch: int, first: int, last: int, **other: Any) -> m.GapEvent:
        event = m.GapEvent(seq, self.now_ms - 1000, 999_000, self.clock, stream, epoch, first, last, "space")
        return msgspec.structs.replace(event, **other) if other else event

    def heartbeat(self, **other: Any) -> m.Heartbeat:
        beat = m.Heartbeat(
            self.boot,
            next(self.beats),
            self.mono_ms,
            self.now_ms,
            self.clock,
            1000,
            self.epochs[-1],
            0,
            0,
            [m.SourceState("analyser", 1, 40), m.SourceState("tank", 3, -1)],
            [m.OutputState("horn", False, True)],
        )
        return msgspec.structs.replace(beat, **other) if other else beat


class Centre:
    """Ingest of one process without its road."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.key = CentreKey(bytes(32))
        self.directory = Directory(database)
        self.history = History(database)
        self.latest = LatestValues()
        self.committer = Committer(database, self.directory, self.history, self.latest, self.key)

    async def work(self, sim: Sim, message: m.Birth | m.Batch, answers: list[m.Receipt]) -> Work:
        known = await self.directory.gateway(sim.id, clock.monotonic_s())
        assert known is not None
        verify = Verifier(self.key.public)

        def reply(data: bytes) -> None:
            frame = codec.open_frame(data)
            codec.check_signature(frame, verify)
            receipt = codec.decode(frame)
            assert isinstance(receipt, m.Receipt)
            answers.append(receipt)

        return Work(known[0], message, clock.monotonic_s(), 1000, reply)

    async def send(self, sim: Sim, *messages: m.Birth | m.Batch) -> list[m.Receipt]:
        """Commit frames together as they would have come together; answers in the order of the answering."""
        answers: list[m.Receipt] = []
        await self.committer.commit([await self.work(sim, message, answers) for message in messages])
        assert len(answers) == len(messages)
        return answers

    async def one(self, sim: Sim, message: m.Birth | m.Batch) -> m.Receipt:
        """Commit one frame by itself."""
        return (await self.send(sim, message))[0]


async def register(database: Database, *sims: Sim) -> None:
    """Register gateways, one each enterprise."""
    async with acting(database.worker) as conn:
        now = await clock.database_now(conn)
        for number, sim in enumerate(sims):
            found = await devices.enterprise_by_code(conn, ENTERPRISES[number % len(ENTERPRISES)])
            assert found is not None
            await devices.add_gateway(conn, sim.id, found[0], f"网关{sim.id}", sim.public, now)


@asynccontextmanager
async def centre(urls: DatabaseUrls, *sims: Sim) -> AsyncIterator[Centre]:
    """A county with some gateways and one ingest process."""
    async with Database.open(urls, web_size=3, worker_size=6) as database:
        await county.found(database)
        await register(database, *sims)
        yield Centre(database)
