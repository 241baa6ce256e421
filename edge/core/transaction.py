"""The Modbus port automaton: which frame answers which request, and when the line may be used again.

    IDLE -> WAIT(request, deadline) -> IDLE, or on failure -> DRAIN(until quiet, at most 2 T) -> IDLE

Keeps modbus-rule "The rule" (port, RTU, TCP; the unit is in unit.py). The plan keeps rule U: every block of a
unit, and its barriers, have a (function, byte count) of their own, so a frame that fits can only hold the
registers asked for, however late it is. The automaton then keeps the value fresh: in step and idle means that
nothing of the unit is in flight. Times are integer milliseconds of one monotonic clock. Runs on MicroPython.
"""

from edge.core.unit import BARRIER, BARRIER_REFUSED, IN_STEP, STRAY, Unit, signature

IDLE, WAIT, DRAIN = 0, 1, 2  # port

# Effects of the port's events
NOTHING = 0  # go on
ACCEPT = 1  # `port.payload` answers the request
REFUSE = 2  # the instrument refused; `port.payload` holds the exception code
FAIL = 3  # no answer
REJECT = 4  # another master speaks on this line

ECHO_UNKNOWN, ECHO_NO, ECHO_YES = 0, 1, 2

PROBE_SHARE = 9  # after a vain probe the silent rest nine times as long as it took: at most 10 % of the bus
UNCERTAIN_MS = 60_000  # after a second master was heard
GATEWAY_FAULTS = (10, 11)  # the gateway gave up on its serial side: the reply may still come


class Request:
    """One request: what a fitting reply looks like. `reply` is compared in full where it isn't empty."""

    def __init__(
        self,
        unit: int,
        function: int,
        size: int,
        purpose: int,
        timeout_ms: int,
        wire: bytes = b"",
        reply: bytes = b"",
        mirrored: bool = False,
    ) -> None:
        """Describe a request; `size` is the byte count of its reply, `wire` its bytes as echoed."""
        self.unit = unit
        self.function = function
        self.size = size
        self.purpose = purpose
        self.timeout_ms = timeout_ms
        self.wire = wire
        self.reply = reply
        self.mirrored = mirrored
        self.signature = signature(function, size)


class Port:
    """One line or connection: at most one request is open; all that is received goes through it."""

    def __init__(self, units: list[Unit], quiet_ms: int, echo: int) -> None:
        """Open the port.

        Args:
            units: every unit behind it.
            quiet_ms: how long the line must be silent after a failure before it is used again.
            echo: ECHO_UNKNOWN on a serial line, ECHO_NO on TCP.
        """
        self.units = {unit.number: unit for unit in units}
        self.out_of_step = [unit.number for unit in units]
        self.quiet_ms = quiet_ms
        self.echo = echo
        self.echoed = False
        self.state = IDLE
        self.request: Request | None = None
        self.last_wire = b""
        self.sent_ms = 0
        self.last_byte = 0
        self.drain_end = 0
        self.not_before = 0
        self.longest_ms = max(unit.timeout_ms for unit in units)
        self.payload = b""
        self.answered_ms = 0
        self.probe_from = 0
        self.uncertain_until = 0
        self.never_quiet = 0
        self.foreign = 0
        self.second_master = 0
        self.busy_ms = 0

    def sent(self, request: Request, now: int) -> None:
        """Note that a request leaves now; the shell calls `overdue` at its deadline.

        Raises:
            ValueError: another request is open.
        """
        if self.state == WAIT:
            raise ValueError("a request is open on this port")
        self.request = request
        self.last_wire = request.wire
        self.echoed = False
        self.state = WAIT
        self.sent_ms = now
        self.units[request.unit].sent(request.signature, now)

    def frame(self, number: int, function: int, payload: bytes, own: bool, now: int) -> int:
        """Take a whole reply with a good check sum, at any time.

        Args:
            number: unit.
            function: function code, with 0x80 set in an exception.
            payload: data after the byte count (functions 1 to 4), or all that follows the function code.
            own: the transaction id fits (TCP); True on a serial line.
            now: monotonic ms.
        """
        self.last_byte = now
        unit = self.units.get(number)
        if unit is None:
            self.foreign += 1
            return NOTHING
        request = self.request
        asked = request is not None and request.unit == number
        if asked and own and request is not None:
            if function == request.function:
                if payload == request.reply if request.reply else len(payload) == request.size:
                    if request.mirrored and self.echo == ECHO_YES and not self.echoed:
                        self.echoed = True
                        return NOTHING
                    return self._answer(unit, request, payload, now)
            elif function == request.function | 0x80:
                return self._refusal(unit, request, payload, now)
        sig = signature(function, len(payload) if function <= 4 else 0)
        if unit.heard(function, sig, payload, now) == STRAY and asked:
            unit.stray = True
        if asked and sig == unit.previous:
            unit.saw_previous = True
        return NOTHING

    def asked(self, wire: bytes, now: int) -> int:
        """Take a frame that only a master sends: the echo of our own request, once, or a second master."""
        self.last_byte = now
        if wire == self.last_wire and not self.echoed and self.echo != ECHO_NO:
            self.echoed = True
            self.echo = ECHO_YES
            return NOTHING
        self.second_master += 1
        self.uncertain_until = now + UNCERTAIN_MS
        effect = NOTHING
        if self.request is not None:
            self._failed(now)
            effect = REJECT
        elif self.state == IDLE:
            self._drain(now)
        # The reply to the other master may fit a request of ours: give it the time to pass.
        self.not_before = now + self.longest_ms
        return effect

    def noise(self, now: int) -> None:
        """Note that bytes came which are no frame (yet)."""
        self.last_byte = now

    def overdue(self, now: int) -> int:
        """Give the open request up: its deadline has passed."""
        if self.request is None:
            return NOTHING
        self._failed(now)
        return FAIL

    def lost(self, now: int) -> int:
        """Give the open request up: the connection broke."""
        effect = self.overdue(now)
        self.state = IDLE
        return effect

    def returned(self, now: int) -> None:
        """Note that the connection is back: whoever was silent may be asked as soon as H allows."""
        self.probe_from = now
        for unit in self.units.values():
            if unit.silence > 1:
                unit.until = min(unit.until, max(now, unit.failed_at + unit.hold_ms))

    def tick(self, now: int) -> int:
        """Let time pass; return from when on the next request may be sent (now or earlier: at once)."""
        if self.state != DRAIN:
            return now
        quiet = max(self.last_byte + self.quiet_ms, self.not_before)
        if now >= quiet:
            self.state = IDLE
        elif now >= self.drain_end:
            self.never_quiet += 1
            self.state = IDLE
        return min(quiet, self.drain_end)

    def uncertain(self, now: int) -> bool:
        """Say whether a second master was heard within the last minute."""
        return now < self.uncertain_until

    def barrier(self, now: int) -> tuple[int, int, int]:
        """Return (unit, index of its barrier, now), or (0, -1, when to ask again; -1 = never)."""
        wake = -1
        for number in self.out_of_step:
            unit = self.units[number]
            due = max(unit.until, self.probe_from) if unit.silence else unit.until
            if due <= now:
                index = unit.barrier(now)
                if index >= 0:
                    return number, index, now
                due = unit.until
            if wake < 0 or due < wake:
                wake = due
        return 0, -1, wake

    def _answer(self, unit: Unit, request: Request, payload: bytes, now: int) -> int:
        if self.echo == ECHO_UNKNOWN and not self.echoed and not request.mirrored:
            self.echo = ECHO_NO
        returning = unit.silence > 1
        self._done(now)
        if unit.stray:
            self._drain(now)
        unit.answered(request.purpose, payload, now)
        self._sort(unit)
        if returning:
            # What kept one unit silent (a cable, a power supply) may have kept others silent: ask them now.
            self.returned(now)
        self.payload = payload
        return ACCEPT

    def _refusal(self, unit: Unit, request: Request, payload: bytes, now: int) -> int:
        code = payload[0] if payload else 0
        self.payload = payload
        unit.refused += 1
        if request.purpose == BARRIER_REFUSED:
            return self._answer(unit, request, payload, now)
        if request.purpose == BARRIER or code in GATEWAY_FAULTS:
            self._failed(now)
            if code in GATEWAY_FAULTS:
                return REFUSE  # the gateway spoke, not the unit: that one is as silent as before
            unit.alive()
            if unit.used and unit.used[-1] not in unit.unfit:
                unit.unfit.append(unit.used[-1])
            return REFUSE
        self._done(now)
        unit.alive()
        if unit.stray:
            self._drain(now)
            unit.doubt(now)
            self._sort(unit)
        return REFUSE

    def _failed(self, now: int) -> None:
        request = self.request
        if request is None:
            return
        unit = self.units[request.unit]
        self._done(now)
        self._drain(now)
        unit.fail(request.signature, self.sent_ms, now)
        self._sort(unit)
        if unit.silence > 1 and request.purpose in (BARRIER, BARRIER_REFUSED):
            self.probe_from = now + PROBE_SHARE * (now - self.sent_ms + self.quiet_ms)

    def _done(self, now: int) -> None:
        self.busy_ms += now - self.sent_ms
        self.answered_ms = now
        self.request = None
        self.state = IDLE

    def _drain(self, now: int) -> None:
        self.state = DRAIN
        self.last_byte = now
        self.drain_end = now + max(2 * self.longest_ms, self.quiet_ms)

    def _sort(self, unit: Unit) -> None:
        """Keep the list of the units that aren't in step; it is empty on a good day."""
        if unit.state == IN_STEP:
            if unit.number in self.out_of_step:
                self.out_of_step.remove(unit.number)
        elif unit.number not in self.out_of_step:
            self.out_of_step.append(unit.number)
