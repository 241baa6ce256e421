"""Introduces the gateway, sends both streams in order, shows live copies, beats, and takes commands.

Keeps law-never-lose 2 (Birth first, old descriptions as the backlog needs them), 4, 6 (only a signed receipt
counts), 9, 12 (what a restored centre lacks is sent again; what is gone is declared and receipted first) and
17 (live copies always, best effort).
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final, Protocol

import msgspec

from edge.identity import Identity
from edge.spool.records import StoredBatch
from edge.spool.spool import Clock, Spool
from edge.spool.stream import Hole
from edge.uplink import exchange
from edge.uplink.commands import REFUSED, Commands, Outcome
from edge.uplink.road import CentreBusy, Question, RoadBlocked
from edge.uplink.roads import Roads
from protocol import codec, keys
from protocol import messages as m

log = logging.getLogger(__name__)

LIVE_WAITING: Final = 256
LATER_MOST: Final = 4  # commands that take their time, at once
UNDER_WAY: Final = Outcome("under way")
OPENING_S: Final = 5.0  # how long a Birth waits for the measurement file, so that it can name all epochs
EVENTS_LOOK_S: Final = 0.05
EVENTS_FIRST_LOOKS: Final = (
    600  # half a minute: readings of earlier runs wait no longer for those runs' events
)


class Settings(msgspec.Struct, frozen=True):
    """How patient the uplink is."""

    heartbeat_s: float = 5.0
    receipt_timeout_s: float = 15.0
    retry_max_s: float = 30.0


class Plant(Protocol):
    """What the uplink asks of the gateway."""

    def active(self) -> list[m.ActiveAlarm]:
        """List every alarm that is not normal now."""
        ...

    def sources(self) -> list[m.SourceState]:
        """Say how each instrument is."""
        ...

    def output_states(self) -> list[m.OutputState]:
        """Say how each output is."""
        ...

    def annunciators(self) -> list[m.AnnunciatorState]:
        """Say how busy each annunciator was."""
        ...

    def obey(self, command: m.Command) -> Outcome:
        """Carry out a command."""
        ...


Later = Callable[[m.Command], Awaitable[Outcome]]
"""Carries out a command that takes its time: an output is read back, a tape is packed."""

Configure = Callable[[bytes], tuple[m.Configuration | None, Outcome]]
"""Takes a signed configuration; gives the message (None: it is not the centre's) and what became of it."""


class Uplink:
    """The conversation with the centre. Run every coroutine of `tasks` until cancelled, then `close`."""

    def __init__(
        self,
        identity: Identity,
        spool: Spool,
        clock: Clock,
        roads: Roads,
        plant: Plant,
        settings: Settings,
        software: str,
    ) -> None:
        self._identity = identity
        self._spool = spool
        self._clock = clock
        self._road = roads
        self._plant = plant
        self._settings = settings
        self._software = software
        self._known = asyncio.Event()
        self._unknown = asyncio.Event()
        self._unknown.set()
        self._live: deque[tuple[StoredBatch, int]] = deque(maxlen=LIVE_WAITING)
        self._live_work = asyncio.Event()
        self._counter = 0
        self._commands = Commands(identity.gateway, clock.boot)
        self._complained: str = ""
        self._accounted: set[tuple[int, int]] = set()
        spool.live = self._show
        self.configure: Configure | None = None
        self.later: dict[str, Later] = {}
        self.buses: Callable[[], list[m.BusState]] = list

    @property
    def beats(self) -> int:
        """How many heartbeats were begun: while the uplink runs, connected or not, it grows."""
        return self._counter

    @property
    def road(self) -> str:
        """Which road to the centre is in use: "zenoh" or "mqtt"."""
        return self._road.name

    @property
    def connected(self) -> bool:
        """Whether the centre knows us on this connection."""
        return self._known.is_set()

    def tasks(self, *, lean: bool = False) -> list[Callable[[], Coroutine[Any, Any, None]]]:
        """List the loops that make up the uplink; `lean` without history and live copies."""
        loops = [
            self.run_introductions,
            self.run_events,
            self.run_heartbeat,
            self.run_commands,
            self.run_roads,
        ]
        return loops if lean else [*loops, self.run_measurements, self.run_live]

    async def close(self) -> None:
        """Leave the network."""
        await self._road.close()

    # --- introduction ---

    async def run_introductions(self) -> None:
        """Open the road, and send a Birth whenever the centre does not know us."""
        pause = exchange.BackOff(self._settings.retry_max_s)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(OPENING_S):
                await self._spool.measurements.ready.wait()
        while True:
            await self._unknown.wait()
            try:
                if not self._road.is_open:
                    await self._road.open()
                await self._introduce()
            except (RoadBlocked, CentreBusy, codec.ProtocolError) as exc:
                self._complain(f"no centre: {exc}")
                await asyncio.sleep(pause.pause_s())
            else:
                pause.reset()

    async def _introduce(self) -> None:
        birth = self._birth()
        receipt = await self._send(birth)
        if receipt.status != m.STORED or receipt.hash != self._spool.birth_hash:
            raise CentreBusy(f"the birth was not taken (status {receipt.status}) {receipt.reason}")
        await self._spool.rewind(receipt.cursors)
        self._accounted.clear()
        self._unknown.clear()
        self._known.set()
        self._complained = ""
        log.info("uplink: introduced; %d events, %d measurement batches wait", *self._depths())

    def _birth(self) -> m.Birth:
        return m.Birth(
            self._clock.boot,
            self._clock.mono_ms(),
            self._clock.utc_ms(),
            self._clock.state,
            self._spool.description_bytes,
            True,
            self._plant.active(),
            (self._spool.epoch, self._spool.events.seq),
            self._spool.heads(),
        )

    async def _hand_over(self, birth_hash: bytes) -> None:
        """Send an older description that the backlog refers to."""
        description = await self._spool.description(birth_hash)
        if description is None or birth_hash == self._spool.birth_hash:
            return
        await self._send(self._description(description))

    def _description(self, description: bytes) -> m.Birth:
        return m.Birth(
            self._clock.boot,
            self._clock.mono_ms(),
            self._clock.utc_ms(),
            self._clock.state,
            description,
            False,
            [],
            (0, 0),
            [],
        )

    def _lost(self, reason: str) -> None:
        self._complain(reason)
        self._known.clear()
        self._unknown.set()

    def _complain(self, reason: str) -> None:
        """Log a trouble when it begins, not at each attempt."""
        if reason != self._complained:
            self._complained = reason
            log.warning("uplink: %s", reason)

    # --- streams ---

    async def run_events(self) -> None:
        """Send the event stream."""
        await self._run_stream(m.EVENT)

    async def run_measurements(self) -> None:
        """Send the measurement stream; the event stream never waits for it."""
        if not self._spool.measurements.ready.is_set():
            await self._spool.measurements.ready.wait()
            self._known.clear()  # a Birth that was sent meanwhile did not name these epochs
            self._unknown.set()
        await self._known.wait()
        await self._let_events_go_first()
        await self._run_stream(m.MEASUREMENT)

    async def _let_events_go_first(self) -> None:
        """Wait a while for the events of earlier runs: they tell the centre how its clock stood then."""
        older = [head for head in self._spool.heads() if head.epoch != self._spool.epoch and head.measurement]
        for _ in range(EVENTS_FIRST_LOOKS if older else 0):
            if not self._spool.events.waiting:
                return
            await asyncio.sleep(EVENTS_LOOK_S)

    async def _run_stream(self, stream: int) -> None:
        pause = exchange.BackOff(self._settings.retry_max_s)
        while True:
            await self._known.wait()
            item = await self._spool.next(stream)
            if not self._known.is_set():
                continue
            if isinstance(item, Hole):
                # Asked for again although we went past it: the declaration itself was lost in a restore.
                again = (item.epoch, item.first) in self._accounted
                self._accounted.add((item.epoch, item.first))
                await self._spool.account_for(item, again)
                continue
            try:
                receipt = await self._send(self._batch(stream, item))
                verdict = exchange.judge(receipt, self._identity.gateway, stream, item)
                if verdict.action == exchange.INTRODUCE:
                    await self._hand_over(item.birth)
            except RoadBlocked as exc:
                self._lost(f"no centre: {exc}")
                continue
            except (CentreBusy, codec.ProtocolError) as exc:
                self._complain(f"stream {stream}: {exc}")
                await asyncio.sleep(pause.pause_s())
                continue
            if await self._follow(stream, item, verdict):
                pause.reset()
            else:
                await asyncio.sleep(pause.pause_s())

    async def _follow(self, stream: int, item: StoredBatch, verdict: exchange.Verdict) -> bool:
        """Do what a receipt asks for; False: wait before the next attempt."""
        if verdict.complaint:
            self._complain(f"stream {stream}: {verdict.complaint}")
        if verdict.action == exchange.ADVANCE:
            await self._spool.receipted(stream, item.epoch, item.last)
            return True
        if verdict.action == exchange.GO_TO:
            # Wanting exactly what it was just given, or an epoch that nobody holds, is no progress.
            return await self._spool.send_from(stream, verdict.epoch, verdict.expected)
        if verdict.action == exchange.INTRODUCE:
            self._known.clear()
            self._unknown.set()
        return False

    def _batch(self, stream: int, item: StoredBatch) -> m.Batch:
        return m.Batch(
            stream,
            item.epoch,
            item.first,
            item.last,
            item.birth,
            item.boot,
            item.body,
            self._clock.boot,
            self._clock.mono_ms(),
            self._clock.utc_ms(),
            self._clock.state,
        )

    async def _send(self, message: m.Message) -> m.Receipt:
        """Ask the centre, believe only its signature.

        Raises:
            RoadBlocked, CentreBusy: no answer, or an error.
            codec.ProtocolError: an answer that is not the centre's receipt.
        """
        frame = self._identity.seal(message)
        data = await self._road.ask(keys.UPLINK, frame, self._settings.receipt_timeout_s)
        receipt = self._identity.open_from_centre(data)
        if not isinstance(receipt, m.Receipt):
            raise codec.FrameMalformed(f"a {type(receipt).__name__} where a receipt was due")
        return receipt

    # --- roads ---

    async def run_roads(self) -> None:
        """Look for a better road, with a description that the centre has already."""
        await self._road.run(
            lambda: self._identity.seal(self._description(self._spool.description_bytes)),
            self._is_receipt,
            keys.UPLINK,
        )

    def _is_receipt(self, data: bytes) -> bool:
        try:
            return isinstance(self._identity.open_from_centre(data), m.Receipt)
        except codec.ProtocolError as exc:
            self._complain(f"an answer was not believed: {exc}")
            return False

    # --- live, heartbeat, commands ---

    def _show(self, batch: StoredBatch, stream: int) -> None:
        self._live.append((batch, stream))
        self._live_work.set()

    async def run_live(self) -> None:
        """Put a copy of every batch as soon as it is sealed, receipted or not; the oldest fall out first."""
        while True:
            await self._live_work.wait()
            self._live_work.clear()
            while self._live:
                batch, stream = self._live.popleft()
                if self._road.is_open:
                    await self._road.put(keys.LIVE, self._identity.seal(self._batch(stream, batch)))

    async def run_heartbeat(self) -> None:
        """Say every few seconds that we are here; only this counts as online."""
        while True:
            if self._road.is_open:
                self._counter += 1
                await self._road.put(keys.HEARTBEAT, self._identity.seal(self._heartbeat()))
            await asyncio.sleep(self._settings.heartbeat_s)

    def _heartbeat(self) -> m.Heartbeat:
        events, measurements = self._depths()
        return m.Heartbeat(
            self._clock.boot,
            self._counter,
            self._clock.mono_ms(),
            self._clock.utc_ms(),
            self._clock.state,
            int(self._settings.heartbeat_s * 1000),
            self._spool.heads()[-1],
            events,
            measurements,
            self._plant.sources(),
            self._plant.output_states(),
            len(self._plant.active()),
            self._software,
            self._plant.annunciators(),
            self.buses(),
        )

    def _depths(self) -> tuple[int, int]:
        return (
            self._spool.events.waiting + self._spool.events.in_memory,
            self._spool.measurements.waiting + self._spool.measurements.in_memory,
        )

    async def run_commands(self) -> None:
        """Verify, carry out and answer commands; one that takes its time holds up no other."""
        slow = asyncio.Semaphore(LATER_MOST)
        async with asyncio.TaskGroup() as group:
            while True:
                question = await self._road.commands.get()
                answer = self._answer(question)
                if isinstance(answer, m.Command):
                    group.create_task(self._answer_later(question, answer, slow))
                else:
                    await question.reply(answer)

    async def _answer_later(self, question: Question, command: m.Command, slow: asyncio.Semaphore) -> None:
        async with slow:
            try:
                outcome = await self.later[command.command](command)
            except Exception:
                # Supervised: one command that fails by a defect of ours must not end the others.
                log.exception("uplink: %s by %s failed", command.command, command.by)
                outcome = Outcome(REFUSED, "it failed by a defect of the gateway; its log says more")
        self._commands.ended(command, Outcome(outcome.result, outcome.detail))  # without the pieces of a tape
        log.info("uplink: %s %s by %s: %s", command.command, command.output, command.by, outcome.result)
        await question.reply(self._reply(command.id, outcome))

    def _answer(self, question: Question) -> bytes | m.Command | None:
        """Return what to answer, None for nothing, or a command that takes its time."""
        try:
            command = self._identity.open_from_centre(question.payload)
        except codec.ProtocolError as exc:
            self._complain(f"a command was not believed: {exc}")
            return None
        if isinstance(command, m.Configuration):
            return self._configured(question.payload)
        if not isinstance(command, m.Command):
            self._complain(f"a {type(command).__name__} where a command was due")
            return None
        outcome = self._commands.take(command, self._clock.mono_ms())
        if not outcome.result and command.command in self.later:
            self._commands.ended(command, UNDER_WAY)
            return command
        if not outcome.result:
            outcome = self._plant.obey(command)
            self._commands.ended(command, outcome)
            if outcome.result != REFUSED:
                log.info("uplink: %s by %s: %s", command.command, command.by, outcome.result)
        return self._reply(command.id, outcome)

    def _configured(self, frame: bytes) -> bytes | None:
        if self.configure is None:
            return None
        configuration, outcome = self.configure(frame)
        if configuration is None:
            self._complain(f"a configuration was not believed: {outcome.detail}")
            return None
        log.info("uplink: configuration %d: %s", configuration.version, outcome.result)
        return self._reply(f"configuration-{configuration.version}", outcome)

    def _reply(self, name: str, outcome: Outcome) -> bytes:
        clock = self._clock
        return self._identity.seal(
            m.Reply(
                name,
                self._identity.gateway,
                clock.boot,
                outcome.result,
                outcome.detail,
                clock.mono_ms(),
                outcome.parts,
                outcome.data,
            )
        )
