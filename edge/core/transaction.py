"""The Modbus port automaton: which frame answers which request, and when the line may be used again.

    IDLE -> WAIT(request, deadline) -> IDLE, or on failure -> DRAIN(until quiet, at most 2 T) -> IDLE

Keeps modbus-rule "The rule" (port, RTU, TCP; the unit is in unit.py). The plan keeps rule U: every block of a
unit, and its barriers, have a (function, byte count) of their own, so a frame that fits can only hold the
registers asked for, however late it is. The automaton then keeps the value fresh: in step and idle means that
nothing of the unit is in flight. Times are integer milliseconds of one monotonic clock. Runs on MicroPython.
"""

from edge.core.unit import BARRIER, BARRIER_REFUSED, IN_STEP, LATE, STRAY, Unit, signature

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

    def __init__(self, units: list[Unit], quiet_ms: int, echo: int, silence_ms: int = 0) -> None:
        """Open the port.

        Args:
            units: every unit behind it.
            quiet_ms: how long the line must be silent after a failure before it is used again.
            echo: ECHO_UNKNOWN on a serial line, ECHO_NO on TCP.
            silence_ms: how long it must be silent before each frame.
        """
        self.units = {unit.number: unit for unit in units}
        self.out_of_step = [unit.number for unit in units]
        self.quiet_ms = quiet_ms
        self.silence_ms = silence_ms
        self.idle_from = 0
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
        what = unit.heard(function, sig, payload, now)
        if what == STRAY and asked:
            unit.stray = True
        elif what == LATE and not asked:
            unit.slow_reply(unit.heard_ms)
            self.longest_ms = max(self.longest_ms, unit.timeout_ms)
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
            return max(now, self.idle_from)
        quiet = max(self.last_byte + self.quiet_ms, self.not_before)
        if now >= quiet:
            self.state = IDLE
        elif now >= self.drain_end:
            self.never_quiet += 1
            self.state = IDLE
        return min(quiet, self.drain_end)

    def replanned(self, number: int, now: int) -> None:
        """Note that a unit's plan changes now: it waits H, since lengths mean other blocks."""
        unit = self.units[number]
        unit.changed(now)
        self._sort(unit)

    def uncertain(self, now: int) -> bool:
        """Say whether a second master was heard within the last minute."""
        return now < self.uncertain_until

    def due(self, silent: bool | None) -> tuple[int, int]:
        """Return (unit, when its barrier is due) of who is out of step and has waited longest; (0, -1): none.

        Args:
            silent: of those whose breaker is open, or of the others; None: of all.
        """
        first, number = -1, 0
        for other in self.out_of_step:
            unit = self.units[other]
            if silent is None or (unit.silence > 1) == silent:
                due = max(unit.until, self.probe_from) if unit.silence else unit.until
                if first < 0 or (due, unit.until) < (first, self.units[number].until):
                    first, number = due, other
        return number, first

    def barrier(self, now: int, silent: bool | None = None) -> tuple[int, int, int]:
        """Return (unit, index of the barrier to ask now, now), or (0, -1, when to ask again; -1 = never)."""
        for _ in self.out_of_step:
            number, due = self.due(silent)
            if due < 0 or due > now:
                return 0, -1, due
            index = self.units[number].barrier(now)
            if index >= 0:
                return number, index, now
        return 0, -1, self.due(silent)[1]

    def _answer(self, unit: Unit, request: Request, payload: bytes, now: int) -> int:
        if self.echo == ECHO_UNKNOWN and not self.echoed and not request.mirrored:
            self.echo = ECHO_NO
        returning = unit.silence > 1
        took = now - self.sent_ms
        self._done(now)
        if unit.stray:
            self._drain(now)
        unit.answered(request.purpose, payload, now, took)
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
        self.idle_from = now + self.silence_ms
        if self.request is not None:
            unit = self.units[self.request.unit]
            unit.free_ms = now + unit.gap_ms
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
