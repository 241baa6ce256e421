"""One task owns one Modbus bus: polls, barriers, output writes and read-back go through it, one at a time.

Keeps modbus-rule "The rule" (port: one owner) and design "A reply must belong to its request": what may be
asked and what counts as an answer is decided by `edge.core.transaction`; here the I/O is done.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Sequence

from edge.core.transaction import ACCEPT, DRAIN, ECHO_NO, ECHO_UNKNOWN, REFUSE, REJECT, Port, Request
from edge.core.unit import BARRIER, BARRIER_REFUSED, IN_STEP, Unit, signature
from edge.drivers.modbus.frame import loopback, read, rtu
from edge.drivers.modbus.line import line_of
from edge.drivers.modbus.models import (
    BarrierPlan,
    BusConfig,
    BusStats,
    DeviceRefused,
    WriteSuperseded,
)
from edge.drivers.modbus.plan import plan
from edge.drivers.modbus.schedule import Poll, Schedule
from edge.drivers.modbus.statistics import Counts, count
from edge.drivers.modbus.writes import FINAL, QUICK, ReadBack, Write
from edge.drivers.models import BlockReading, Clock, Tape
from protocol import quality

__all__ = ["Bus", "Clock"]

log = logging.getLogger(__name__)

RECONNECT_FIRST_MS = 500
REOPEN_MS = 15_000  # a TCP connection on which nobody answered so long may be dead without saying so
FOREVER_S = 3600.0

EXCEPTIONS = {
    1: (quality.CONFIG_ERROR, "illegal function"),
    2: (quality.CONFIG_ERROR, "illegal data address; correct `readable` or the point's address"),
    3: (quality.CONFIG_ERROR, "illegal data value; lower `max_registers`"),
    4: (quality.DEVICE_FAILURE, "device failure"),
    5: (quality.COMM_FAILURE, "acknowledged, not done yet"),
    6: (quality.COMM_FAILURE, "device busy"),
    10: (quality.COMM_FAILURE, "gateway path unavailable"),
    11: (quality.COMM_FAILURE, "gateway got no answer from the device"),
}


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
        self._sink = sink
        self._clock = clock
        now = clock.mono_ms()
        self._units: dict[int, Unit] = {}
        for unit in config.units:
            barriers = [signature(b.function, b.size) for b in self.plan.barriers[unit.unit]]
            self._units[unit.unit] = Unit(unit.unit, self.plan.timeouts_ms[unit.unit], barriers, now)
        echo = ECHO_NO if config.kind == "tcp" else ECHO_UNKNOWN
        self.port = Port(list(self._units.values()), self.plan.quiet_ms, echo)
        self._line = line_of(config, self.port, self.plan.quiet_ms, clock, tape)
        self._line.on_lost = self._rouse
        self._tcp = config.kind == "tcp"
        self._schedule = Schedule(self.plan.blocks, self.port, now, spread=not self._tcp)
        self._readbacks = [ReadBack(block) for block in self.plan.readbacks]
        self._single = {unit.unit: unit.single_coil_writes for unit in config.units}
        self._writes: dict[tuple[int, int, int], Write] = {}
        self._failing: dict[tuple[int, int, int], Write] = {}
        self._nap: asyncio.Future[None] | None = None
        self._silent: set[int] = set()
        self._refusing: dict[int, str] = {}
        self._counts = Counts(now)
        self._opened = now
        self._last_good = now

    async def run(self) -> None:
        """Connect, poll and reconnect until cancelled."""
        pause = 0
        told = ""  # a port that is missing, then in use, is told twice; and no more often
        try:
            while True:
                reason = await self._connect()
                if not reason:
                    pause, told = 0, ""
                    await self._serve()
                    reason = f"connection to {self._line.where} lost"
                    log.warning("bus %s: %s", self.config.name, reason)
                elif reason != told:
                    told = reason
                    log.warning("bus %s: %s", self.config.name, reason)
                pause = min(max(2 * pause, RECONNECT_FIRST_MS), self._line.retry_ms)
                until = self._clock.mono_ms() + random.randint(pause // 2, pause)
                while (now := self._clock.mono_ms()) < until:
                    due = self._report_missed(reason)
                    await self._rest(min(until, due) if due >= 0 else until, now)
        finally:
            self._line.close()

    async def write_coils(self, unit: int, address: int, values: Sequence[bool]) -> None:
        """Write coils ahead of all polls, repeat until the exact echo came, read back, and return when equal.

        It never gives up by itself: bound it with `asyncio.timeout`, or write again (the older call then ends
        with WriteSuperseded).

        Args:
            unit: unit number.
            address: first coil, counted from 0.
            values: what to write from there on.

        Raises:
            ValueError: the coils are no declared output of the unit.
            DeviceRefused: the instrument answered with an exception code.
            WriteSuperseded: a newer write to the same output took its place.
        """
        block = next((r.block for r in self._readbacks if _covers(r, unit, address, len(values))), None)
        if block is None or not values:
            last = address + len(values) - 1
            raise ValueError(
                f"bus {self.config.name}, unit {unit}: coils {address}..{last} are no declared output"
            )
        write = Write(
            block, address, [bool(value) for value in values], self._single[unit] and len(values) == 1
        )
        older = self._writes.pop(write.key, None)
        if older is not None and not older.done.done():
            older.done.set_exception(WriteSuperseded(f"unit {unit} coil {address}"))
        failed = self._failing.get(write.key)
        if failed is not None and self._units[unit].silence >= QUICK:
            write.follow(failed)
        self._writes[write.key] = write
        self._rouse()
        try:
            await write.done
        finally:
            if self._writes.get(write.key) is write:
                del self._writes[write.key]

    def stats(self) -> BusStats:
        """Return what was counted since the start."""
        return count(
            self.config.name, self.port, self._line, self._schedule, self._counts, self._clock.mono_ms()
        )

    async def _connect(self) -> str:
        """Open the line while missed polls go on being reported; return "" or the reason why not."""
        loop = asyncio.get_running_loop()
        timer: asyncio.TimerHandle | None = None

        def report() -> None:
            nonlocal timer
            due = self._report_missed(f"connecting to {self._line.where}")
            pause = (due - self._clock.mono_ms()) / 1000 if due >= 0 else FOREVER_S
            timer = loop.call_later(max(0.001, pause), report)

        report()
        try:
            reason = await self._line.open()
        finally:
            if timer is not None:
                timer.cancel()
        if not reason:
            now = self._clock.mono_ms()
            self._counts.connections += 1
            self._opened = self._last_good = now
            self.port.returned(now)
            log.info("bus %s: connected to %s", self.config.name, self._line.where)
        return reason

    async def _serve(self) -> None:
        """Do what is due, writes first, until the connection is lost."""
        line, port, schedule, clock = self._line, self.port, self._schedule, self._clock
        while line.is_open:
            now = clock.mono_ms()
            quiet = port.tick(now)
            draining = port.state == DRAIN
            wake = quiet if draining else -1
            if self._writes and (
                self._tcp or not draining
            ):  # two senders would collide on a serial line only
                write, again = self._next_write(now)
                if write is not None:
                    await self._write(write)
                    continue
                wake = _earlier(wake, again)
            if draining:
                await self._rest(wake, now)
                continue
            if port.out_of_step:
                unit, index, again = port.barrier(now)
                if index >= 0:
                    await self._barrier(unit, self.plan.barriers[unit][index])
                    continue
                wake = _earlier(wake, again)
            poll, ask, again = schedule.next(now)
            if poll is None:
                await self._rest(_earlier(wake, again), now)
            elif ask:
                await self._poll(poll)
            else:
                self._bad(poll, quality.COMM_FAILURE, self._why(self._units[poll.block.unit], now), 0)

    async def _poll(self, poll: Poll) -> None:
        """Ask one block and give the outcome to the sink."""
        block = poll.block
        port = self.port
        effect = await self._line.ask(poll.request, self._frame(poll.request, poll.pdu))
        now = port.answered_ms
        took = now - port.sent_ms
        if effect == ACCEPT:
            self._last_good = now
            sure = now >= port.uncertain_until
            self._sink(
                BlockReading(
                    block,
                    port.payload,
                    quality.GOOD if sure else quality.UNCERTAIN,
                    self._clock.utc_ms(),
                    now,
                    took,
                    "" if sure else "another master speaks on this line",
                )
            )
            return
        if effect == REFUSE:
            code = port.payload[0] if port.payload else 0
            how, words = EXCEPTIONS.get(code, (quality.DEVICE_FAILURE, "unknown"))
            self._bad(poll, how, f"{block}: refused with exception {code}: {words}", took)
        elif effect == REJECT:
            self._bad(poll, quality.COMM_FAILURE, "another master speaks on this line", took)
        elif not self._line.is_open:
            self._bad(poll, quality.NOT_CONNECTED, f"connection to {self._line.where} lost", took)
        else:
            self._bad(poll, quality.COMM_FAILURE, f"no answer within {block.timeout_ms} ms", took)
        self._notice(block.unit)

    async def _barrier(self, number: int, barrier: BarrierPlan) -> None:
        """Ask a unit something that nothing else can answer; when it answers it is in step."""
        unit = self._units[number]
        reply = b""
        if barrier.function == 8:
            pdu, reply = loopback(random.randrange(1 << 16))
        else:
            pdu = read(barrier.function, barrier.address, barrier.count)
        request = Request(
            number,
            barrier.function,
            barrier.size,
            BARRIER_REFUSED if barrier.refused else BARRIER,
            unit.timeout_ms,
            rtu(number, pdu),
            reply,
            mirrored=barrier.function == 8,
        )
        effect = await self._line.ask(request, self._frame(request, pdu))
        if effect == REFUSE and not barrier.refused:
            code = self.port.payload[0] if self.port.payload else 0
            self._refusing[number] = (
                f"unit {number} refused with exception {code} the read of {barrier.count} from "
            )
            self._refusing[number] += f"{barrier.address} by function {barrier.function}; correct `readable`"
        if effect == ACCEPT:
            self._refusing.pop(number, None)
            self._last_good = self.port.answered_ms
            if unit.state == IN_STEP:
                self._schedule.release(number)
        self._notice(number)
        silent_ms = self.port.answered_ms - max(self._last_good, self._opened)
        if self._line.on_socket and silent_ms > max(REOPEN_MS, unit.hold_ms) and self._line.is_open:
            self._line.abandon()

    async def _write(self, write: Write) -> None:
        """Send a write, or its read-back once it was echoed."""
        if write.echoed:
            back = next(r for r in self._readbacks if r.block is write.block)
            effect = await self._line.ask(back.request, self._frame(back.request, back.pdu))
        else:
            effect = await self._line.ask(write.request, self._frame(write.request, write.pdu))
        now = self.port.answered_ms
        if effect == ACCEPT and not write.echoed:
            write.echoed = True
            self._failing.pop(write.key, None)
            write.not_before = now
            self._counts.writes += 1
        elif effect == ACCEPT and write.shows(self.port.payload):
            if not write.done.done():
                write.done.set_result(None)
            self._writes.pop(write.key, None)
        elif effect == REFUSE and (code := self.port.payload[0] if self.port.payload else 0) in FINAL:
            if not write.done.done():
                write.done.set_exception(DeviceRefused(write.block.unit, code))
            self._writes.pop(write.key, None)
        else:
            write.again(now)
            self._failing[write.key] = write
        self._notice(write.block.unit)

    def _next_write(self, now: int) -> tuple[Write | None, int]:
        """Return a write that may go now, or (None, when the next one may; -1 = it depends on its unit)."""
        wake = -1
        for write in self._writes.values():
            if write.echoed:
                unit = self._units[write.block.unit]
                if unit.state != IN_STEP:
                    continue
                free = unit.spaced(signature(write.block.function, write.block.size))
            else:
                free = write.not_before
            if free <= now:
                return write, now
            wake = _earlier(wake, free)
        return None, wake

    def _frame(self, request: Request, pdu: bytes) -> bytes:
        """Return what goes out: the RTU frame, or what follows the transaction id of the TCP one."""
        if self._tcp:
            return b"\0\0" + (len(pdu) + 1).to_bytes(2, "big") + bytes((request.unit,)) + pdu
        return request.wire

    def _bad(self, poll: Poll, how: int, reason: str, took: int) -> None:
        now = self._clock.mono_ms()
        self._sink(BlockReading(poll.block, None, how, self._clock.utc_ms(), now, took, reason))

    def _why(self, unit: Unit, now: int) -> str:
        """Say in words why a unit isn't asked."""
        if unit.one_behind():
            return f"unit {unit.number} answers one request behind; reopen its port or switch it off and on"
        if unit.number in self._refusing:
            return self._refusing[unit.number]
        if unit.silence > 1:
            return f"unit {unit.number} is silent; asked again in {max(0, unit.until - now) // 1000} s"
        return f"unit {unit.number} is out of step: an old reply may still be on its way"

    def _notice(self, number: int) -> None:
        """Log once when a unit falls silent and once when it is back."""
        unit = self._units[number]
        if unit.silence > 1 or unit.one_behind():
            if number not in self._silent:
                self._silent.add(number)
                log.warning("bus %s: %s", self.config.name, self._why(unit, self.port.answered_ms))
        elif number in self._silent and unit.state == IN_STEP:
            self._silent.remove(number)
            log.info("bus %s: unit %d is back", self.config.name, number)

    def _report_missed(self, reason: str) -> int:
        """Report the polls whose turn came while there is no connection; return when the next one is due."""
        while True:
            poll, due = self._schedule.missed(self._clock.mono_ms())
            if poll is None:
                return due
            self._bad(poll, quality.NOT_CONNECTED, reason, 0)

    def _rouse(self) -> None:
        """End the present rest: a write came, or the connection went."""
        if self._nap is not None and not self._nap.done():
            self._nap.set_result(None)

    async def _rest(self, until: int, now: int) -> None:
        """Sleep until a monotonic time (-1 = until roused)."""
        loop = asyncio.get_running_loop()
        nap = self._nap = loop.create_future()
        pause = (until - now) / 1000 if until >= 0 else FOREVER_S
        timer = loop.call_later(max(0.0, pause), _wake, nap)
        try:
            await nap
        finally:
            timer.cancel()
            self._nap = None


def _wake(nap: asyncio.Future[None]) -> None:
    if not nap.done():
        nap.set_result(None)


def _earlier(one: int, other: int) -> int:
    """Return the earlier of two times, where -1 is never."""
    return other if one < 0 else one if other < 0 else min(one, other)


def _covers(back: ReadBack, unit: int, address: int, count: int) -> bool:
    span = back.block.spans[0]
    last = span.address + span.count
    return back.block.unit == unit and span.address <= address and address + count <= last
