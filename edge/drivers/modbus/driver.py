"""One task owns one Modbus bus: everything that is asked on it goes through it, one at a time.

Keeps modbus-rule "The rule" (port: one owner) and design "A reply must belong to its request". What goes next
is said by `turns.py`, what becomes of it by `asking.py`; here the bus is opened, kept open, and waited for.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Sequence

from edge.core.transaction import ECHO_NO, ECHO_UNKNOWN, Port
from edge.core.unit import Unit, signature
from edge.drivers.modbus.asking import Asking
from edge.drivers.modbus.cost import silence_ms
from edge.drivers.modbus.line import line_of
from edge.drivers.modbus.models import BlockPlan, BusConfig, BusStats, WriteSuperseded
from edge.drivers.modbus.phases import phases
from edge.drivers.modbus.plan import plan
from edge.drivers.modbus.schedule import Poll, Schedule
from edge.drivers.modbus.statistics import count
from edge.drivers.modbus.turns import CONFIRM_TIMEOUTS, Barrier, Confirm, Missed, Turns
from edge.drivers.modbus.writes import QUICK, Look, ReadBack, Write
from edge.drivers.models import BlockReading, Clock, Tape

__all__ = ["Bus", "Clock"]

log = logging.getLogger(__name__)

RECONNECT_FIRST_MS = 500
STEADY_MS = 5_000  # a connection that breaks sooner, and answered nothing, is asked for ever more rarely
TURN_MS = 250  # a bus with nothing to do still goes round, so that one that hangs is seen


class Bus:
    """One TCP connection or serial line; `sink` gets the outcome of every poll, good or bad."""

    def __init__(
        self,
        config: BusConfig,
        sink: Callable[[BlockReading], None],
        clock: Clock,
        tape: Tape | None = None,
    ) -> None:
        """Plan the bus; `tape` is told every byte.

        Raises:
            PlanError: a block can't get a byte count of its own; every problem names the block and a remedy.
        """
        self.config = config
        self.plan = plan(config)
        self._clock = clock
        now = clock.mono_ms()
        units = []
        for unit in config.units:
            barriers = [signature(b.function, b.size) for b in self.plan.barriers[unit.unit]]
            units.append(Unit(unit.unit, self.plan.timeouts_ms[unit.unit], barriers, now, unit.gap_ms))
        echo = ECHO_NO if config.kind == "tcp" else ECHO_UNKNOWN
        self.port = Port(units, self.plan.quiet_ms, echo, round(silence_ms(config)))
        self._line = line_of(config, self.port, self.plan.quiet_ms, clock, tape)
        self._line.on_lost = self._rouse
        self._schedule = Schedule(self.plan.blocks, self.port, now, phases(config, self.plan.blocks))
        self._turns = Turns(self.port, self._schedule, serial=config.kind != "tcp")
        self._asking = Asking(config, self.plan, self._line, self._schedule, self._turns, sink, clock)
        self._confirms = {block.number: Confirm(block) for block in self.plan.confirms}
        self._single = {unit.unit: unit.single_coil_writes for unit in config.units}
        self._nap: asyncio.Future[None] | None = None
        self._started = now
        self._connections = 0
        self.turned_ms = now
        self._longest_ms = max(self.plan.timeouts_ms.values(), default=0)

    async def run(self) -> None:
        """Connect, poll and reconnect until cancelled."""
        pause = 0
        told = ""  # a port that is missing, then in use, is told twice; and no more often
        try:
            while True:
                reason = await self._connect()
                if not reason:
                    lost = f"connection to {self._line.where} lost"
                    if told != lost:
                        log.info("bus %s: connected to %s", self.config.name, self._line.where)
                    await self._serve()
                    reason = lost
                    lasted = self._clock.mono_ms() - self._asking.opened_ms
                    if self._asking.answered:
                        told = ""
                    if self._asking.answered or lasted >= STEADY_MS:
                        pause = 0
                if reason != told:
                    told = reason
                    log.warning("bus %s: %s", self.config.name, reason)
                pause = min(max(2 * pause, RECONNECT_FIRST_MS), self._line.retry_ms)
                until = self._clock.mono_ms() + random.randint(pause // 2, pause)
                while (now := self._clock.mono_ms()) < until:
                    due = self._report_missed(reason)
                    await self._rest(min(until, due) if due >= 0 else until, now)
        finally:
            self._line.close()

    async def write_coils(
        self, unit: int, address: int, values: Sequence[bool], *, alarm: bool = False, look: bool = True
    ) -> None:
        """Write coils ahead of all polls, repeat until the exact echo came, read back, and return when equal.

        It never gives up by itself: bound it with `asyncio.timeout`, or write again (the older call then ends
        with WriteSuperseded).

        Args:
            unit: unit number.
            address: first coil, counted from 0.
            values: what to write from there on.
            alarm: it makes something sound; goes ahead of all other writes and of confirming reads.
            look: read it back; False for what is written over and over anyway.

        Raises:
            ValueError: the coils are no declared output of the unit.
            DeviceRefused: the instrument answered with an exception code.
            WriteSuperseded: a newer write to the same output took its place.
        """
        single = self._single[unit] and len(values) == 1
        block = self._readback(unit, address, values)
        await self._written(Write(block, address, [bool(v) for v in values], single, alarm, look=look))

    async def write_pulse(
        self, unit: int, coil: int, request: tuple[int, int, int], *, look: bool = True
    ) -> None:
        """Write what energises a coil for a while, as `write_coils` does: (function, address, value).

        Raises:
            as `write_coils`.
        """
        block = self._readback(unit, coil, [True])
        await self._written(Write(block, coil, [True], False, pulse=request, look=look))

    async def read_coil(self, unit: int, coil: int) -> bool:
        """Read back one declared output, and write nothing; bound it with `asyncio.timeout`.

        Raises:
            as `write_coils`.
        """
        look = Look(self._readback(unit, coil, [False]), coil)
        await self._written(look)
        self._asking.failing.pop(look.key, None)
        return look.shown

    def _readback(self, unit: int, address: int, values: Sequence[bool]) -> BlockPlan:
        block = next(
            (r.block for r in self._asking.readbacks if _covers(r, unit, address, len(values))), None
        )
        if block is None or not values:
            last = address + len(values) - 1
            raise ValueError(
                f"bus {self.config.name}, unit {unit}: coils {address}..{last} are no declared output"
            )
        return block

    async def _written(self, write: Write) -> None:
        unit, address = write.block.unit, write.address
        older = self._turns.writes.pop(write.key, None)
        if older is not None and not older.done.done():
            older.done.set_exception(WriteSuperseded(f"unit {unit} coil {address}"))
        failed = self._asking.failing.get(write.key)
        if failed is not None and self.port.units[unit].silence >= QUICK:
            write.follow(failed)
        self._turns.writes[write.key] = write
        self._rouse()
        try:
            await write.done
        finally:
            if self._turns.writes.get(write.key) is write:
                del self._turns.writes[write.key]

    def confirm(self, number: int) -> bool:
        """Ask the second span of a block at once, ahead of all polls; its outcome goes to the sink.

        The reading has the confirming block, its own number and `purpose == "confirm"`. It is bad if the
        instrument refuses or stays silent, is not in step within 2 T, or the connection is gone. Asked for
        again while one is on its way, there is one outcome. May be called from within the sink.

        Args:
            number: of the polled block, or of the block that confirms it.

        Returns:
            False if the plan found no second span for it: nothing will come.
        """
        if 0 <= number < len(self.plan.blocks):
            number = self.plan.blocks[number].confirm
        confirm = self._confirms.get(number)
        if confirm is None:
            return False
        if number not in self._turns.confirms:
            unit = self.port.units[confirm.block.unit]
            confirm.deadline = self._clock.mono_ms() + CONFIRM_TIMEOUTS * unit.timeout_ms
            self._turns.confirms[number] = confirm
            self._rouse()
        return True

    @property
    def turn_ms(self) -> int:
        """How long its loop may take for a round: the longest answer, the quiet behind it, and a rest."""
        extra = max((unit.extra_ms() for unit in self.port.units.values()), default=0)
        return 2 * TURN_MS + (self._longest_ms + extra) * 3 // 2

    def hold_ms(self, unit: int) -> int:
        """Return H of a unit as it is now: so long a lost reply may keep it from being read."""
        return self.port.units[unit].hold_ms

    def stats(self) -> BusStats:
        """Return what was counted since the start."""
        return count(
            self.config,
            self._line,
            self._schedule,
            self._asking,
            self._started,
            self._connections,
            self._clock.mono_ms(),
        )

    async def _connect(self) -> str:
        """Open the line while missed polls go on being reported; return "" or the reason why not."""
        loop = asyncio.get_running_loop()
        timer: asyncio.TimerHandle | None = None

        def report() -> None:
            nonlocal timer
            due = self._report_missed(f"connecting to {self._line.where}")
            pause = min(due - self._clock.mono_ms(), TURN_MS) if due >= 0 else TURN_MS
            timer = loop.call_later(max(1, pause) / 1000, report)

        report()
        try:
            reason = await self._line.open()
        finally:
            if timer is not None:
                timer.cancel()
        if not reason:
            now = self._clock.mono_ms()
            self._connections += 1
            self._asking.opened(now)
            self.port.returned(now)
        return reason

    async def _serve(self) -> None:
        """Do what is due until the connection is lost."""
        line, turns, asking, clock = self._line, self._turns, self._asking, self._clock
        while line.is_open:
            now = self.turned_ms = clock.mono_ms()
            turn, wake = turns.next(now)
            if turn is None:
                await self._rest(wake, now)
            elif isinstance(turn, Poll):
                await asking.poll(turn)
            elif isinstance(turn, Write):
                await asking.write(turn)
            elif isinstance(turn, Confirm):
                await asking.confirm(turn)
            elif isinstance(turn, Barrier):
                await asking.barrier(turn)
            else:
                asking.missed(turn, now)

    def _report_missed(self, reason: str) -> int:
        """Report the polls whose turn came while there is no connection; return when the next one is due."""
        while True:
            now = self.turned_ms = self._clock.mono_ms()
            for confirm in list(self._turns.confirms.values()):
                self._asking.missed(Missed(confirm), now, reason)
            poll, due = self._schedule.missed(now)
            if poll is None:
                return due
            self._asking.missed(Missed(poll), now, reason)

    def _rouse(self) -> None:
        """End the present rest: a write came, or the connection went."""
        if self._nap is not None and not self._nap.done():
            self._nap.set_result(None)

    async def _rest(self, until: int, now: int) -> None:
        """Sleep until a monotonic time (-1 = until roused)."""
        loop = asyncio.get_running_loop()
        nap = self._nap = loop.create_future()
        pause = min(until - now, TURN_MS) if until >= 0 else TURN_MS
        timer = loop.call_later(max(0, pause) / 1000, _wake, nap)
        try:
            await nap
        finally:
            timer.cancel()
            self._nap = None


def _wake(nap: asyncio.Future[None]) -> None:
    if not nap.done():
        nap.set_result(None)


def _covers(back: ReadBack, unit: int, address: int, count: int) -> bool:
    span = back.block.spans[0]
    last = span.address + span.count
    return back.block.unit == unit and span.address <= address and address + count <= last
