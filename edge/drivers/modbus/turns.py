"""Says what goes over a bus next: alarm before command before poll before probe, in this one place.

    alarm     output writes that sound, then reads that confirm an alarm
    command   all other output writes: a silenced horn, a beacon's flash, what people or the centre want
    poll      barriers of living units, then the blocks that are due, earliest deadline first
    probe     barriers of silent units

A request that has begun is never broken off. A probe takes longer than any poll, since nobody answers: it
waits for a gap that holds it, but no longer than five seconds. Output writes don't wait for a unit to be in
step; while a line drains, and before each frame, everything waits, because two senders would collide; on TCP
only reads do. Pure: nothing is sent here.
"""

from __future__ import annotations

from edge.core.transaction import DRAIN, Port, Request
from edge.core.unit import IN_STEP, READ, signature
from edge.drivers.modbus.frame import read, rtu
from edge.drivers.modbus.models import BlockPlan
from edge.drivers.modbus.schedule import Poll, Schedule
from edge.drivers.modbus.writes import Write

PATIENCE_MS = 5_000  # a probe that finds no gap goes after so long
CONFIRM_TIMEOUTS = 2  # T that a confirming read waits for its unit to be in step


class Confirm:
    """A confirming read that somebody waits for until `deadline`, then without an answer."""

    def __init__(self, block: BlockPlan) -> None:
        self.block = block
        self.pdu = read(block.function, block.address, block.count)
        self.request = Request(
            block.unit, block.function, block.size, READ, block.timeout_ms, rtu(block.unit, self.pdu)
        )
        self.deadline = 0


class Barrier:
    """The barrier of a unit, by its place in the plan."""

    __slots__ = ("index", "unit")

    def __init__(self, unit: int, index: int) -> None:
        self.unit = unit
        self.index = index


class Missed:
    """A poll or a confirming read whose time passed unasked."""

    __slots__ = ("what",)

    def __init__(self, what: Poll | Confirm) -> None:
        self.what = what


Turn = Write | Confirm | Barrier | Poll | Missed


class Turns:
    """The order of everything that goes over one bus."""

    def __init__(self, port: Port, schedule: Schedule, *, serial: bool) -> None:
        """Order what is in `writes` and `confirms`, the schedule's polls and the port's barriers."""
        self.writes: dict[tuple[int, int, int], Write] = {}
        self.confirms: dict[int, Confirm] = {}
        self._port = port
        self._schedule = schedule
        self._serial = serial

    def next(self, now: int) -> tuple[Turn | None, int]:
        """Return (what goes now, _), or (None, when to ask again; -1 = when something comes)."""
        port = self._port
        quiet = port.tick(now)
        closed = port.state == DRAIN or quiet > now
        wake = quiet if closed else -1
        if self.writes or self.confirms:
            turn, again = self._urgent(now, closed)
            if turn is not None:
                return turn, now
            wake = earlier(wake, again)
        if closed:
            return None, wake
        if port.out_of_step:
            unit, index, again = port.barrier(now, False)
            if index >= 0:
                return Barrier(unit, index), now
            wake = earlier(wake, again)
            probe, due = port.due(True)
            if probe and due + PATIENCE_MS <= now:
                unit, index, _ = port.barrier(now, True)
                if index >= 0:
                    return Barrier(unit, index), now
        poll, ask, again = self._schedule.next(now)
        if poll is not None:
            return poll if ask else Missed(poll), now
        wake = earlier(wake, again)
        if port.out_of_step:
            probe, due = port.due(True)
            if probe:
                if due <= now:
                    needs = port.units[probe].probe_ms() + port.quiet_ms
                    if again < 0 or again - now >= needs:
                        unit, index, due = port.barrier(now, True)
                        if index >= 0:
                            return Barrier(unit, index), now
                    else:
                        due += PATIENCE_MS
                wake = earlier(wake, due)
        return None, wake

    def _urgent(self, now: int, closed: bool) -> tuple[Turn | None, int]:
        """Return what goes before all polls."""
        wake = -1
        write: Write | None = None
        if self.writes and not (closed and self._serial):
            write, wake = self._write(now)
            if write is not None and write.alarm:
                return write, now
        if self.confirms and not closed:
            turn, again = self._confirm(now)
            if turn is not None:
                return turn, now
            wake = earlier(wake, again)
        return write, wake

    def _write(self, now: int) -> tuple[Write | None, int]:
        """Return the write that may go now, one that sounds first, or (None, when one may; -1 = unknown)."""
        wake = -1
        found: Write | None = None
        for write in self.writes.values():
            unit = self._port.units[write.block.unit]
            if write.echoed:
                if unit.state != IN_STEP:
                    continue
                free = unit.spaced(signature(write.block.function, write.block.size))
            else:
                free = max(write.not_before, unit.free_ms)
            if free > now:
                wake = earlier(wake, free)
            elif found is None or (write.alarm and not found.alarm):
                found = write
        return found, wake

    def _confirm(self, now: int) -> tuple[Turn | None, int]:
        wake = -1
        for confirm in self.confirms.values():
            unit = self._port.units[confirm.block.unit]
            free = unit.spaced(confirm.request.signature) if unit.state == IN_STEP else confirm.deadline
            if free <= now:
                return confirm if unit.state == IN_STEP else Missed(confirm), now
            wake = earlier(wake, free)
        return None, wake


def earlier(one: int, other: int) -> int:
    """Return the earlier of two times, where -1 is never."""
    return other if one < 0 else one if other < 0 else min(one, other)
