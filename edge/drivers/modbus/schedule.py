"""When each block of a bus is due: staggered, skipped when late, held while its unit isn't in step.

Keeps modbus-rule "The rule": the same block is never asked again within T of its last request. Late polls are
skipped and counted, never queued. Times are monotonic milliseconds.
"""

from __future__ import annotations

from heapq import heappop, heappush

from edge.core.transaction import Port, Request
from edge.core.unit import IN_STEP, READ
from edge.drivers.modbus.frame import read, rtu
from edge.drivers.modbus.models import BlockPlan


class Poll:
    """One block and when it is due next."""

    __slots__ = ("block", "due_ms", "held", "pdu", "request", "skipped", "wake_ms")

    def __init__(self, block: BlockPlan, due_ms: int) -> None:
        self.block = block
        self.due_ms = due_ms
        self.wake_ms = due_ms
        self.held = False
        self.skipped = 0
        self.pdu = read(block.function, block.address, block.count)
        self.request = Request(
            block.unit, block.function, block.size, READ, block.timeout_ms, rtu(block.unit, self.pdu)
        )


class Schedule:
    """All polled blocks of one bus in the order in which they are due."""

    def __init__(self, blocks: tuple[BlockPlan, ...], port: Port, now: int, *, spread: bool) -> None:
        """Begin when the units can first be in step.

        Args:
            blocks: what is polled.
            port: of the units.
            now: monotonic milliseconds.
            spread: over their periods, as a serial line wants it; else blocks of one period go one after the
                other, so that the process wakes once and not once a block: a third of the CPU time.
        """
        self.polls: list[Poll] = []
        self._port = port
        self._heap: list[tuple[int, int]] = []
        for number, block in enumerate(blocks):
            unit = port.units[block.unit]
            first = (
                now
                + unit.hold_ms
                + unit.timeout_ms
                + (block.period_ms * number // len(blocks) if spread else 0)
            )
            self.polls.append(Poll(block, first))
            heappush(self._heap, (first, number))

    def next(self, now: int) -> tuple[Poll | None, bool, int]:
        """Return what is to be done now.

        Returns:
            (poll, True, _) to ask it; (poll, False, _) to report that its turn passed unasked;
            (None, _, when to ask again; -1 = never).
        """
        heap = self._heap
        while heap:
            wake, number = heap[0]
            poll = self.polls[number]
            if wake != poll.wake_ms:
                heappop(heap)  # an older entry of a poll that was released
                continue
            if wake > now:
                return None, False, wake
            heappop(heap)
            unit = self._port.units[poll.block.unit]
            period = poll.block.period_ms
            if unit.state == IN_STEP:
                poll.held = False
                if now - poll.due_ms >= period:
                    late = (now - poll.due_ms) // period
                    poll.skipped += late
                    poll.due_ms += late * period
                free = unit.spaced(poll.request.signature)
                if free > now:
                    self._push(number, free)
                    continue
                self._push(number, poll.due_ms + period)
                poll.due_ms += period
                return poll, True, now
            end = poll.due_ms + period
            if now >= end or max(unit.until, self._port.probe_from if unit.silence else 0) >= end:
                self._miss(number, now)
                return poll, False, now
            poll.held = True
            self._push(number, end)
        return None, False, -1

    def missed(self, now: int) -> tuple[Poll | None, int]:
        """Return a poll whose turn comes while nothing can be asked, or (None, when the next one is due)."""
        wake = -1
        for number, poll in enumerate(self.polls):
            if poll.due_ms <= now:
                self._miss(number, now)
                return poll, now
            if wake < 0 or poll.due_ms < wake:
                wake = poll.due_ms
        return None, wake

    def release(self, unit: int) -> None:
        """Let the held blocks of a unit go: it is in step."""
        for number, poll in enumerate(self.polls):
            if poll.held and poll.block.unit == unit:
                poll.held = False
                self._push(number, poll.due_ms)

    def _miss(self, number: int, now: int) -> None:
        poll = self.polls[number]
        # The one that follows may still be asked in time; those before it have passed without a word.
        late = max(0, (now - poll.due_ms) // poll.block.period_ms - 1)
        poll.skipped += late
        poll.due_ms += (late + 1) * poll.block.period_ms
        poll.held = False
        self._push(number, poll.due_ms)

    def _push(self, number: int, wake: int) -> None:
        self.polls[number].wake_ms = wake
        heappush(self._heap, (wake, number))
