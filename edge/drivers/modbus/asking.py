"""Asks one thing on the line and says what became of it: part of a poll, a confirmation, a barrier, a write.

What counts as an answer is decided by `edge.core.transaction`; here its outcome becomes a reading for the
sink, a unit in step, a write confirmed, or a hole learned; faults are logged once when they begin and once
when they end.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable

from edge.core.transaction import ACCEPT, REFUSE, REJECT, Port, Request
from edge.core.unit import BARRIER, BARRIER_REFUSED, IN_STEP, Unit
from edge.drivers.modbus.frame import loopback, read, rtu
from edge.drivers.modbus.hole_hunt import HoleHunt, tried_whole
from edge.drivers.modbus.holes import ILLEGAL_ADDRESS, WHOLE_AGAIN_MS, join, missing
from edge.drivers.modbus.line import Line
from edge.drivers.modbus.models import BlockPlan, BusConfig, BusPlan, DeviceRefused
from edge.drivers.modbus.schedule import Poll, Schedule
from edge.drivers.modbus.turns import Barrier, Confirm, Missed, Turns
from edge.drivers.modbus.writes import FINAL, ReadBack, Write
from edge.drivers.models import BlockReading, Clock
from protocol import quality

log = logging.getLogger(__name__)

REOPEN_MS = 15_000  # a TCP connection on which nobody answered so long may be dead without saying so
OTHER_MASTER = "another master speaks on this line"

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


class Asking:
    """Carries out the turns of one bus."""

    def __init__(
        self,
        config: BusConfig,
        plan: BusPlan,
        line: Line,
        schedule: Schedule,
        turns: Turns,
        sink: Callable[[BlockReading], None],
        clock: Clock,
    ) -> None:
        self.writes = 0
        self.confirmations = 0
        self.opened_ms = clock.mono_ms()
        self.hunt = HoleHunt(config, plan)
        self.readbacks = [ReadBack(block) for block in plan.readbacks]
        self.failing: dict[tuple[int, int, int], Write] = {}
        self._name = config.name
        self._plan = plan
        self._tcp = config.kind == "tcp"
        self._line = line
        self._port: Port = line.port
        self._schedule = schedule
        self._turns = turns
        self._sink = sink
        self._clock = clock
        self._good_ms = self.opened_ms
        self._silent: set[int] = set()
        self._slow: set[int] = set()
        self._refusing: dict[int, str] = {}

    @property
    def answered(self) -> bool:
        """Whether anything was answered since the connection is there."""
        return self._good_ms > self.opened_ms

    def opened(self, now: int) -> None:
        """Note that the connection is there."""
        self.opened_ms = self._good_ms = now

    async def poll(self, poll: Poll) -> None:
        """Ask what is next of a block, and give the outcome to the sink when all of it was asked."""
        part = poll.asked[poll.part]
        effect = await self._ask(part.request, part.pdu, poll.block.timeout_ms)
        port = self._port
        if effect == ACCEPT and poll.asked is poll.parts and len(poll.asked) == 1:
            self._good_ms = port.answered_ms
            part.refusals = 0
            self._give(poll.block, port.payload, port.answered_ms - port.sent_ms)
            return
        if tried_whole(poll, part):
            poll.whole_ms = port.answered_ms + WHOLE_AGAIN_MS
            if effect == ACCEPT:
                self._good_ms = port.answered_ms
                self._schedule.end_turn(poll)
                self.hunt.healed(poll)
                log.info("bus %s: %s is answered as a whole again", self._name, poll.block)
                self._give(poll.block, port.payload, port.answered_ms - port.sent_ms)
                return
        if poll.part == 0:
            poll.sent_ms = port.sent_ms
        code = self._code(effect)
        if effect == ACCEPT:
            self._good_ms = port.answered_ms
            part.refusals, part.dead, part.read_once = 0, False, True
            poll.got.append((part, port.payload))
        cut = ""
        if code == ILLEGAL_ADDRESS:
            cut = self.hunt.refused(poll, part, port, port.answered_ms)
            if cut:
                log.warning("bus %s: %s", self._name, cut)
        if effect == ACCEPT or (code == ILLEGAL_ADDRESS and len(poll.asked) > 1 and not cut):
            if poll.part + 1 < len(poll.asked):
                poll.part += 1
            else:
                self._joined(poll)
            return
        self._schedule.end_turn(poll)
        self._failed(poll.block, effect, port.answered_ms - port.sent_ms)

    def _joined(self, poll: Poll) -> None:
        """Give the sink a block that was read in parts: dated by the oldest, less what could not be read."""
        got = poll.got
        self._schedule.end_turn(poll)
        if not got:
            self._bad(poll.block, quality.CONFIG_ERROR, self.hunt.text_of(poll), 0)
            return
        lost = [part for part in poll.parts if all(part is not one for one, _ in got)]
        self._give(
            poll.block,
            join(poll.block, got),
            self._port.answered_ms - poll.sent_ms,
            missing(poll.block, lost, quality.CONFIG_ERROR),
        )
        self.hunt.settle(poll)

    async def confirm(self, confirm: Confirm) -> None:
        """Ask a confirming read; its outcome goes to the sink as that of a poll."""
        self._turns.confirms.pop(confirm.block.number, None)
        self.confirmations += 1
        effect = await self._ask(confirm.request, confirm.pdu, confirm.block.timeout_ms)
        port = self._port
        if effect == ACCEPT:
            self._good_ms = port.answered_ms
            self._give(confirm.block, port.payload, port.answered_ms - port.sent_ms)
        else:
            if self._code(effect) == ILLEGAL_ADDRESS:
                self.hunt.unconfirmable(confirm.block)
            self._failed(confirm.block, effect, port.answered_ms - port.sent_ms)

    async def barrier(self, barrier: Barrier) -> None:
        """Ask a unit something that nothing else can answer; when it answers it is in step."""
        number, planned = barrier.unit, self._plan.barriers[barrier.unit][barrier.index]
        unit = self._port.units[number]
        reply = b""
        if planned.function == 8:
            pdu, reply = loopback(random.randrange(1 << 16))
        else:
            pdu = read(planned.function, planned.address, planned.count)
        wait_ms = unit.probe_ms()
        request = Request(
            number,
            planned.function,
            planned.size,
            BARRIER_REFUSED if planned.refused else BARRIER,
            wait_ms,
            rtu(number, pdu),
            reply,
            mirrored=planned.function == 8,
        )
        effect = await self._ask(request, pdu, wait_ms, grown=False)
        if effect == REFUSE and not planned.refused:
            code = self._code(effect)
            words = EXCEPTIONS.get(code, (0, "unknown"))[1]
            self._refusing[number] = (
                f"unit {number} refused with exception {code} the read of {planned.count} from "
                f"{planned.address} by function {planned.function}: {words}"
            )
        if effect == ACCEPT:
            self._refusing.pop(number, None)
            self._good_ms = self._port.answered_ms
            if unit.state == IN_STEP:
                self._schedule.release(number)
        self._notice(number)
        if effect == REFUSE and not unit.one_behind():
            return  # whoever refuses is there: opening the connection anew would mend nothing
        silent_ms = self._port.answered_ms - max(self._good_ms, self.opened_ms)
        if self._line.on_socket and silent_ms > max(REOPEN_MS, unit.hold_ms) and self._line.is_open:
            self._line.abandon()

    async def write(self, write: Write) -> None:
        """Send a write, or its read-back once it was echoed."""
        if write.echoed:
            back = next(r for r in self.readbacks if r.block is write.block)
            effect = await self._ask(back.request, back.pdu, write.block.timeout_ms)
        else:
            effect = await self._ask(write.request, write.pdu, write.block.timeout_ms)
        now = self._port.answered_ms
        if effect == ACCEPT and not write.echoed:
            write.echoed = True
            self.failing.pop(write.key, None)
            write.not_before = now
            self.writes += 1
            if not write.look:
                if not write.done.done():
                    write.done.set_result(None)
                self._forget(write)
        elif effect == ACCEPT and write.shows(self._port.payload):
            if not write.done.done():
                write.done.set_result(None)
            self._forget(write)
        elif effect == REFUSE and self._code(effect) in FINAL:
            if not write.done.done():
                write.done.set_exception(DeviceRefused(write.block.unit, self._code(effect)))
            self._forget(write)
        else:
            write.again(now)
            self.failing[write.key] = write
        self._notice(write.block.unit)

    def missed(self, missed: Missed, now: int, reason: str = "") -> None:
        """Tell the sink that something was not asked: `reason` if there is no connection."""
        if isinstance(missed.what, Confirm):
            self._turns.confirms.pop(missed.what.block.number, None)
        block = missed.what.block
        if reason:
            self._bad(block, quality.NOT_CONNECTED, reason, 0)
        elif isinstance(missed.what, Poll) and self._port.units[block.unit].state == IN_STEP:
            self._bad(block, quality.CONFIG_ERROR, self.hunt.text_of(missed.what), 0)
        else:
            self._bad(block, quality.COMM_FAILURE, self._why(self._port.units[block.unit], now), 0)

    async def _ask(self, request: Request, pdu: bytes, timeout_ms: int, *, grown: bool = True) -> int:
        """Send a request and wait for its answer as long as its unit now takes."""
        request.timeout_ms = timeout_ms + self._port.units[request.unit].extra_ms() if grown else timeout_ms
        if self._tcp:
            frame = b"\0\0" + (len(pdu) + 1).to_bytes(2, "big") + bytes((request.unit,)) + pdu
        else:
            frame = request.wire
        return await self._line.ask(request, frame)

    def _code(self, effect: int) -> int:
        """Return the exception code of a refusal; 0 if it was none."""
        return self._port.payload[0] if effect == REFUSE and self._port.payload else 0

    def _give(
        self, block: BlockPlan, data: bytes, took: int, exceptions: tuple[tuple[int, int], ...] = ()
    ) -> None:
        now = self._port.answered_ms
        sure = now >= self._port.uncertain_until
        self._sink(
            BlockReading(
                block,
                data,
                quality.GOOD if sure else quality.UNCERTAIN,
                self._clock.utc_ms(),
                now,
                took,
                "" if sure else OTHER_MASTER,
                exceptions,
            )
        )

    def _failed(self, block: BlockPlan, effect: int, took: int) -> None:
        """Tell the sink why a read brought nothing."""
        if effect == REFUSE:
            code = self._code(effect)
            how, words = EXCEPTIONS.get(code, (quality.DEVICE_FAILURE, "unknown"))
            self._bad(block, how, f"{block}: refused with exception {code}: {words}", took)
        elif effect == REJECT:
            self._bad(block, quality.COMM_FAILURE, OTHER_MASTER, took)
        elif not self._line.is_open:
            self._bad(block, quality.NOT_CONNECTED, f"connection to {self._line.where} lost", took)
        else:
            waited = block.timeout_ms + self._port.units[block.unit].extra_ms()
            self._bad(block, quality.COMM_FAILURE, f"no answer within {waited} ms", took)
        self._notice(block.unit)

    def _bad(self, block: BlockPlan, how: int, reason: str, took: int) -> None:
        now = self._clock.mono_ms()
        self._sink(BlockReading(block, None, how, self._clock.utc_ms(), now, took, reason))

    def _forget(self, write: Write) -> None:
        if self._turns.writes.get(write.key) is write:
            del self._turns.writes[write.key]

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
        """Log once when a unit falls silent or slow, and once when it is back."""
        unit = self._port.units[number]
        refused = number in self._refusing and len(unit.unfit) >= len(unit.barriers)
        if unit.silence > 1 or unit.one_behind() or refused:
            if number not in self._silent:
                self._silent.add(number)
                why = self._why(unit, self._port.answered_ms)
                log.warning("bus %s: %s", self._name, why)
                if self._line.tape is not None:
                    self._line.tape.trip(why)
        elif number in self._silent and unit.state == IN_STEP:
            self._silent.remove(number)
            log.info("bus %s: unit %d is back", self._name, number)
        if unit.extra_ms() and number not in self._slow:
            self._slow.add(number)
            log.warning(
                "bus %s: unit %d answers after its time-out of %d ms and is now waited for %d ms; raise its "
                "timeout_ms",
                self._name,
                number,
                unit.configured_ms,
                unit.timeout_ms,
            )
        elif number in self._slow and not unit.extra_ms():
            self._slow.remove(number)
            log.info("bus %s: unit %d answers in time again", self._name, number)
