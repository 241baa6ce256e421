"""When each block of a bus is due: earliest deadline first, staggered, skipped when late, held while suspect.

A poll is released when its turn comes and should be done before the next one; among the released ones the
one whose time ends first goes first. A poll that is a whole period late is skipped and counted, never queued.
Keeps modbus-rule "The rule": the same block is never asked again within T of its last request. Times are
monotonic milliseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappop, heappush

from edge.core.transaction import Port
from edge.core.unit import IN_STEP
from edge.drivers.modbus.holes import Part, whole
from edge.drivers.modbus.models import BlockPlan

LATE_SHARE = 10  # a poll that comes more than a tenth of its period late is counted


class Poll:
    """One block and when it is due next; `part` is what is to be asked of it now."""

    __slots__ = (
        "asked",
        "asked_ms",
        "block",
        "due_ms",
        "got",
        "held",
        "late",
        "part",
        "parts",
        "sent_ms",
        "skipped",
        "token",
        "whole",
        "whole_ms",
    )

    def __init__(self, block: BlockPlan, due_ms: int) -> None:
        self.block = block
        self.due_ms = due_ms
        self.held = False
        self.skipped = 0
        self.late = 0
        self.asked_ms = 0  # when its last turn began
        self.token = 0
        self.whole = whole(block)
        self.whole_ms = 0  # from when on all of it is tried again, once some of it is read no more
        self.parts = [self.whole]
        self.asked = self.parts  # the parts of this turn
        self.part = 0  # the place of the next one in `asked`
        self.got: list[tuple[Part, bytes]] = []
        self.sent_ms = 0  # of the first part of this turn

    def begin(self, now: int) -> None:
        """Begin a turn: all parts but those that are known not to answer; now and then all of it first."""
        self.part = 0
        self.got = []
        parts = self.parts
        if len(parts) > 1 or parts[0].dead:
            self.asked = [part for part in parts if not part.dead or part.again_ms <= now]
            lost = len(self.asked) < len(parts)
            if lost and self.whole_ms <= now and all(part is not self.whole for part in parts):
                self.asked = [self.whole, *self.asked]
        else:
            self.asked = parts


class Schedule:
    """All polled blocks of one bus."""

    def __init__(self, blocks: Sequence[BlockPlan], port: Port, now: int, phases_ms: Sequence[int]) -> None:
        """Begin when the units can first be in step.

        Args:
            blocks: what is polled.
            port: of the units.
            now: monotonic milliseconds.
            phases_ms: by how much each block is put off from there.
        """
        self.polls: list[Poll] = []
        self._port = port
        self._waiting: list[tuple[int, int, int]] = []  # (released at, number, token)
        self._ready: list[tuple[int, int, int]] = []  # (deadline, number, token)
        for number, block in enumerate(blocks):
            unit = port.units[block.unit]
            self.polls.append(Poll(block, now + unit.hold_ms + unit.timeout_ms + phases_ms[number]))
            self._wait(number, self.polls[-1].due_ms)

    def next(self, now: int) -> tuple[Poll | None, bool, int]:
        """Return what is to be done now.

        Returns:
            (poll, True, _) to ask its part; (poll, False, _) to report that its turn passed unasked;
            (None, _, when to ask again; -1 = never).
        """
        waiting, ready, polls = self._waiting, self._ready, self.polls
        while waiting and waiting[0][0] <= now:
            _, number, token = heappop(waiting)
            poll = polls[number]
            if token == poll.token:  # else an older entry of a poll that was released
                heappush(ready, (poll.due_ms + poll.block.period_ms, number, token))
        while ready:
            _, number, token = heappop(ready)
            poll = polls[number]
            if token != poll.token:
                continue
            unit = self._port.units[poll.block.unit]
            period = poll.block.period_ms
            if unit.state == IN_STEP:
                poll.held = False
                if poll.part == 0:
                    self._skip(poll, now)
                    poll.begin(now)
                    if not poll.asked:
                        self._miss(number, now)
                        return poll, False, now
                free = unit.spaced(poll.asked[poll.part].request.signature)
                if free > now:
                    self._wait(number, free)
                    continue
                if poll.part == 0:
                    # From one to the next: on TCP the last of many blocks is always asked a little later.
                    behind = now - poll.asked_ms - period
                    if behind * LATE_SHARE > period > behind:
                        poll.late += 1
                    poll.asked_ms = now
                if poll.part + 1 < len(poll.asked):
                    poll.token += 1
                    heappush(ready, (poll.due_ms + period, number, poll.token))
                else:
                    poll.due_ms += period
                    self._wait(number, poll.due_ms)
                return poll, True, now
            end = poll.due_ms + period
            if now >= end or max(unit.until, self._port.probe_from if unit.silence else 0) >= end:
                self._miss(number, now)
                return poll, False, now
            poll.held = True
            self._wait(number, end)
        while waiting and waiting[0][2] != polls[waiting[0][1]].token:
            heappop(waiting)
        return None, False, waiting[0][0] if waiting else -1

    def end_turn(self, poll: Poll) -> None:
        """Give up the rest of a turn after one of its parts was asked."""
        if poll.part + 1 < len(poll.asked):
            poll.due_ms += poll.block.period_ms
        poll.part = 0
        self._wait(poll.block.number, poll.due_ms)

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
                self._wait(number, poll.due_ms)

    def _skip(self, poll: Poll, now: int) -> None:
        behind = now - poll.due_ms
        period = poll.block.period_ms
        if behind >= period:
            poll.skipped += behind // period
            poll.due_ms += behind // period * period

    def _miss(self, number: int, now: int) -> None:
        poll = self.polls[number]
        # The one that follows may still be asked in time; those before it have passed without a word.
        late = max(0, (now - poll.due_ms) // poll.block.period_ms - 1)
        poll.skipped += late
        poll.due_ms += (late + 1) * poll.block.period_ms
        poll.held = False
        poll.part = 0
        self._wait(number, poll.due_ms)

    def _wait(self, number: int, until: int) -> None:
        poll = self.polls[number]
        poll.token += 1
        heappush(self._waiting, (until, number, poll.token))
