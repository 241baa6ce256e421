"""Who is answered on a wire that several instruments share: the automaton of one port, without any I/O.

A reply counts only if no other request could have caused it (modbus-rule, "Result"). On a *named* wire a
reply says which instrument and which question it answers. Then every accepted reply is right, and after a
time-out only that instrument is left alone for H, so that no old value is taken for a new one. On an
*unnamed* wire a late reply would be taken for the next answer: there the whole port keeps silent.

    state | what happens       | named wire                     | unnamed wire
    ------+--------------------+--------------------------------+--------------------------------------------
    IDLE  | sent               | -> WAIT until the deadline     | -> WAIT until the deadline
    IDLE  | a reply comes      | heard; -> HOLD until quiet     | a shift: -> HOLD for H (a)
    WAIT  | the answer         | ACCEPT -> IDLE                 | ACCEPT -> HOLD for 2 T (a)
    WAIT  | another reply      | heard; on to the same deadline | on to the same deadline
    WAIT  | the deadline       | FAIL; that unit rests H        | FAIL -> HOLD for H
    HOLD  | anything comes     | HOLD until quiet, at most 2 T  | thrown away; 2 T longer (a), a reply: for H
    HOLD  | its end            | -> IDLE                        | -> IDLE

(a) where only one question is ever asked, no value can be a wrong one: until quiet is enough.

H = 10 T from the deadline, or twice the longest lateness heard. What is heard late ends the rest of its unit
(one reply a request), but for 2 T, so that a copy of it passes; a reply that nothing explains makes its unit
rest as long. Whoever asks leaves T between two of the same question. At the start a former run's requests may
be in flight: every unit rests H. Assumptions, as in the rule: no reply later than H, a copy at most 2 T after
its original, an instrument names itself truly. All times are monotonic milliseconds.
"""

from typing import Final

HOLD: Final = 10  # H = 10 T
SETTLE: Final = 2  # copies were seen up to 1.35 T behind their original

NOTHING: Final = 0
ACCEPT: Final = 1

IDLE: Final = 0
WAIT: Final = 1


class Conversation:
    """One port: at most one question is open. Units and questions are numbers; -1 is nobody."""

    def __init__(
        self, timeouts_ms: list[int], quiet_ms: int, now: int, *, named: bool, several: bool
    ) -> None:
        """Begin, with whatever a former run asked still in flight.

        Args:
            timeouts_ms: T of each unit, from the first byte sent to the last byte received.
            quiet_ms: how long the line must be silent after something unexpected.
            now: monotonic ms.
            named: every reply names its unit and its question.
            several: more than one question is asked on this wire.
        """
        self._timeouts = timeouts_ms
        self._longest = max(timeouts_ms, default=0)
        self._quiet_ms = quiet_ms
        self._named = named
        self._settle_ms = SETTLE * self._longest if several and not named else quiet_ms
        self._shifts = several and not named
        self.holds_ms = [HOLD * timeout for timeout in timeouts_ms]
        self._rests = [now + hold for hold in self.holds_ms]
        self._unheard = [-1] * len(timeouts_ms)  # when the unit's unanswered question was sent
        self._held = now if named else now + HOLD * self._longest
        self._noisy_end = now
        self.state = IDLE
        self.unit = -1
        self.question = -1
        self.sent_ms = now
        self.deadline = now
        self.late = [0] * len(timeouts_ms)
        self.strays = 0

    def free_from(self, unit: int) -> int:
        """Return from when on the unit may be asked; the past means now."""
        return max(self._held, self._rests[unit])

    @property
    def held_until(self) -> int:
        """Until when nobody may be asked."""
        return self._held

    def sent(self, unit: int, question: int, now: int) -> int:
        """Note that a question leaves now.

        Returns:
            The deadline for its answer.

        Raises:
            ValueError: another question is open, or the unit rests.
        """
        if self.state == WAIT or self.free_from(unit) > now:
            raise ValueError("a question is open, or this unit may not be asked yet")
        self.state = WAIT
        self.unit = unit
        self.question = question
        self.sent_ms = now
        self.deadline = now + self._timeouts[unit]
        self._unheard[unit] = -1
        return self.deadline

    def noise(self, now: int) -> None:
        """Note bytes that are no reply (yet): outside of a question the line is not quiet."""
        if self.state == WAIT:
            return
        if self._named:
            self._unquiet(now)
        else:
            self._held = max(self._held, now + (self._settle_ms if self._shifts else self._quiet_ms))

    def frame(self, unit: int, question: int, now: int) -> int:
        """Take a whole reply whose check sum is right.

        Args:
            unit: whom it names; -1: nobody of this wire, or it names nobody.
            question: which question it answers; on an unnamed wire the open one, if it has its form.
            now: monotonic ms.

        Returns:
            ACCEPT when it answers the open question.
        """
        if self.state == WAIT and question == self.question and question >= 0:
            self._done()
            self._held = now + self._settle_ms if not self._named else now
            return ACCEPT
        self.strays += 1
        if self.state == WAIT:
            self._heard(unit, now)
        elif self._named:
            self._heard(unit, now)
            self._unquiet(now)
        elif self._shifts:
            if self._held <= now + self._settle_ms:
                self._held = now + HOLD * self._longest
        else:
            self._held = max(self._held, now + self._quiet_ms)
        return NOTHING

    def overdue(self, now: int) -> None:
        """Give the open question up: its deadline passed, or the connection broke."""
        if self.state != WAIT:
            return
        unit = self.unit
        self._unheard[unit] = self.sent_ms
        self._rests[unit] = now + self.holds_ms[unit]
        self._done()
        self._held = now + (self._quiet_ms if self._named else self.holds_ms[unit])
        self._noisy_end = now + SETTLE * self._longest

    def _unquiet(self, now: int) -> None:
        """Wait until the line is quiet, but not for ever: some lines babble, and replies name themselves."""
        if now >= self._held:
            self._noisy_end = now + SETTLE * self._longest
        self._held = max(self._held, min(now + self._quiet_ms, self._noisy_end))

    def _done(self) -> None:
        self.state = IDLE
        self.unit = self.question = -1

    def _heard(self, unit: int, now: int) -> None:
        """Let a unit that was merely late be asked again, once a copy of its reply would have passed."""
        if unit < 0:
            return
        settled = now + SETTLE * self._timeouts[unit]
        if self._unheard[unit] < 0:
            self._rests[unit] = max(self._rests[unit], settled)
            return
        late = now - self._unheard[unit]
        self._unheard[unit] = -1
        self.late[unit] += 1
        self.holds_ms[unit] = max(self.holds_ms[unit], min(2 * late, 3 * HOLD * self._timeouts[unit]))
        self._rests[unit] = min(self._rests[unit], settled)
