"""Polls one RS-485 line by the port automaton of `edge.core`, writes coils, and never waits.

Keeps modbus-rule through `edge.core.transaction` and `unit`: the plan (made by `prepare.py` with the planner
of the gateway) gives every block a byte count of its own; barriers, H, echo and second master are the core's.
Of outputs (`coil.py`) what sounds, or is held, goes first. Runs on MicroPython as it is.
"""

import random

from edge.core.transaction import ACCEPT, ECHO_UNKNOWN, NOTHING, REFUSE, REJECT, WAIT, Port, Request
from edge.core.unit import BARRIER, BARRIER_REFUSED, IN_STEP, READ, Unit, signature
from edge.drivers.modbus.frame import MASTER, RtuStream, loopback, read, rtu
from edge.leaf.coil import Coil
from protocol.quality import COMM_FAILURE, CONFIG_ERROR, DEVICE_FAILURE, GOOD, NOT_CONNECTED, UNCERTAIN

# How mypy knows the names of `typing`, which MicroPython does not have.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

# Modbus Application Protocol V1.1b3, clause 7: our request is wrong, or the instrument is busy.
EXCEPTIONS = {
    1: CONFIG_ERROR,
    2: CONFIG_ERROR,
    3: CONFIG_ERROR,
    5: COMM_FAILURE,
    6: COMM_FAILURE,
    10: COMM_FAILURE,
    11: COMM_FAILURE,
}
PATIENCE_MS = 5_000  # a silent unit is probed at the latest so long after it was due


class Read:
    """One block of registers or bits that is read as a whole; `tag` is the caller's."""

    def __init__(self, what: "Sequence[int]", period_ms: int, tag: "Any" = None) -> None:
        """Take (unit, function, address, count, byte count of the reply, T)."""
        self.unit, self.function, self.address, self.count, size, self.timeout_ms = what
        wire = rtu(self.unit, read(self.function, self.address, self.count))
        self.request = Request(self.unit, self.function, size, READ, self.timeout_ms, wire)
        self.period_ms = period_ms
        self.tag = tag
        self.due_ms = 0


class Bus:
    """The line; `turn` is called as often as possible."""

    def __init__(
        self,
        line: "dict[str, Any]",
        serial: "Any",
        now: int,
        polls: "list[Read]",
        sink: "Callable[..., None]",
    ) -> None:
        """Prepare.

        Args:
            line: as in the plan: quiet_ms, silence_ms, and units with T, pause and barriers.
            serial: `read()` gives what came, None when the port is gone; `write(data)`.
            now: monotonic ms.
            polls: what is polled.
            sink: takes (read, data or None, quality, took_ms, reason) of every poll and confirming read.
        """
        self._barriers = {unit[0]: unit[3] for unit in line["units"]}
        units = [Unit(u[0], u[1], [signature(b[0], b[3]) for b in u[3]], now, u[2]) for u in line["units"]]
        self.port = Port(units, line["quiet_ms"], ECHO_UNKNOWN, line["silence_ms"])
        self.polls = polls
        self.coils: list[Coil] = []
        self.confirms: list[Read] = []
        self._stream = RtuStream(line["quiet_ms"])
        self._serial = serial
        self._sink = sink
        self._open: Any = None  # the Read or Coil that is being asked, None for a barrier
        self._asked = Request(0, 0, 0, READ, 0)
        self._gone = False
        self._deadline = 0
        for i, poll in enumerate(polls):
            unit = self.port.units[poll.unit]
            poll.due_ms = now + unit.hold_ms + unit.timeout_ms + poll.period_ms * i // len(polls)

    def confirm(self, second: Read) -> None:
        """Ask a confirming read as soon as the line is free."""
        if second not in self.confirms:
            self.confirms.append(second)

    def turn(self, now: int) -> None:
        """Take what came, end what is overdue, and ask what is next."""
        port = self.port
        data = self._serial.read()
        if data is None:
            if port.state == WAIT:
                self._ended(port.lost(now), now)
            self._gone = True
            self._missed_all(now)
            return
        if self._gone:
            self._gone = False
            port.returned(now)
        if data:
            frames = self._stream.take(data, now, port.last_wire)
            port.noise(now)
            self._judge(frames, now)
        if port.state == WAIT and now >= self._deadline:
            self._judge(self._stream.settle(port.last_wire), now)
            if port.state == WAIT:
                self._ended(port.overdue(now), now)
        if port.state != WAIT:
            self._next(now)

    def _judge(self, frames: "list[Any]", now: int) -> None:
        for unit, function, payload, _ in frames:
            if function == MASTER:
                effect = self.port.asked(payload, now)
            else:
                effect = self.port.frame(unit, function, payload, True, now)
            if effect != NOTHING:
                self._ended(effect, now)

    def _next(self, now: int) -> None:
        port = self.port
        if port.tick(now) > now or port.state == WAIT:
            return
        coil = self._due_coil(now)
        if coil is not None and (coil.urgent or not self.confirms):
            self._ask(coil, coil.back.request if coil.echoed else coil.request, now)
            return
        for second in self.confirms:
            unit = port.units[second.unit]
            if unit.state != IN_STEP:
                self.confirms.remove(second)
                self._sink(second, None, COMM_FAILURE, 0, "the unit is out of step")
                return
            if unit.spaced(second.request.signature) <= now:
                self.confirms.remove(second)
                self._ask(second, second.request, now)
                return
        if coil is not None:
            self._ask(coil, coil.back.request if coil.echoed else coil.request, now)
        elif not self._barrier(now, False) and not self._poll(now):
            self._probe(now)

    def _due_coil(self, now: int) -> "Coil | None":
        found: Coil | None = None
        for coil in self.coils:
            if not coil.look(now):
                continue
            unit = self.port.units[coil.request.unit]
            free = max(coil.not_before, unit.free_ms)
            if coil.echoed:
                if unit.state != IN_STEP:
                    continue
                free = unit.spaced(coil.back.request.signature)
            if free <= now and (found is None or coil.wanted or (coil.urgent and not found.wanted)):
                found = coil
        return found

    def _barrier(self, now: int, silent: bool) -> bool:
        if not self.port.out_of_step:
            return False
        number, index, _ = self.port.barrier(now, silent)
        if index < 0:
            return False
        function, address, count, size, refused = self._barriers[number][index]
        reply = b""
        if function == 8:
            pdu, reply = loopback(random.getrandbits(16))
        else:
            pdu = read(function, address, count)
        purpose = BARRIER_REFUSED if refused else BARRIER
        wait_ms = self.port.units[number].probe_ms()
        wire = rtu(number, pdu)
        request = Request(number, function, size, purpose, wait_ms, wire, reply, mirrored=function == 8)
        self._ask(None, request, now, wait_ms)
        return True

    def _probe(self, now: int) -> None:
        """Ask a silent unit when nothing else would have to wait for it, or it waited long enough."""
        port = self.port
        number, due = port.due(True)
        if number and due <= now:
            needs = port.units[number].probe_ms() + port.quiet_ms
            if due + PATIENCE_MS <= now or min([poll.due_ms for poll in self.polls]) - now >= needs:
                self._barrier(now, True)

    def _poll(self, now: int) -> bool:
        """Ask the due block whose time ends first; report those whose time has passed."""
        best: Read | None = None
        for poll in self.polls:
            if poll.due_ms > now:
                continue
            behind = (now - poll.due_ms) // poll.period_ms
            poll.due_ms += behind * poll.period_ms  # skipped, never queued
            unit = self.port.units[poll.unit]
            end = poll.due_ms + poll.period_ms
            if unit.state != IN_STEP:
                if max(unit.until, self.port.probe_from if unit.silence else 0) >= end:
                    self._miss(poll, COMM_FAILURE, "unit %d is silent or out of step" % poll.unit)
            elif unit.spaced(poll.request.signature) <= now and (
                best is None or end < best.due_ms + best.period_ms
            ):
                best = poll
        if best is None:
            return False
        best.due_ms += best.period_ms
        self._ask(best, best.request, now)
        return True

    def _missed_all(self, now: int) -> None:
        for poll in self.polls:
            if poll.due_ms <= now:
                poll.due_ms = max(poll.due_ms, now - poll.period_ms)
                self._miss(poll, NOT_CONNECTED, "the serial port is gone")

    def _miss(self, poll: Read, quality: int, reason: str) -> None:
        poll.due_ms += poll.period_ms
        self._sink(poll, None, quality, 0, reason)

    def _ask(self, what: "Any", request: Request, now: int, wait_ms: int = 0) -> None:
        self._open, self._asked = what, request
        if isinstance(what, Coil):
            what.fresh = False
        if not wait_ms:
            wait_ms = (what if isinstance(what, Read) else what.back).timeout_ms
            wait_ms += self.port.units[request.unit].extra_ms()
        request.timeout_ms = wait_ms
        self.port.sent(request, now)
        self._deadline = now + wait_ms
        self._serial.write(request.wire)

    def _ended(self, effect: int, now: int) -> None:
        what, self._open = self._open, None
        asked, port = self._asked, self.port
        if isinstance(what, Coil):
            what.ended(asked, effect, port.payload, now, port.units[asked.unit].hold_ms)
        elif isinstance(what, Read):
            took = port.answered_ms - port.sent_ms
            if effect == ACCEPT:
                sure = not port.uncertain(now)
                quality = GOOD if sure else UNCERTAIN
                self._sink(what, port.payload, quality, took, "" if sure else "another master speaks")
            elif effect == REFUSE:
                code = port.payload[0] if port.payload else 0
                quality = EXCEPTIONS.get(code, DEVICE_FAILURE)
                self._sink(what, None, quality, took, "refused with exception %d" % code)
            else:
                reason = "another master speaks" if effect == REJECT else "no answer in %d ms" % took
                self._sink(what, None, COMM_FAILURE, took, reason)
