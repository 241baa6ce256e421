"""Keeps what a bus learned about registers that its instruments refuse, and decides when a block is cut.

The cutting itself is in `holes.py`. Here is what it may cost: three refusals before each cut, twelve cuts of
a block, H of waiting after each (modbus-rule "Unit": a changed plan).

What an instrument refused while it started is no hole. So a block of which some points are read no more is
asked as a whole once a minute, in the byte count that it had and that nothing else was given: when that is
answered, its parts are forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator

from edge.core.transaction import Port
from edge.core.unit import Unit, signature
from edge.drivers.modbus.holes import (
    AGAIN_MS,
    CUTS,
    REFUSALS,
    Extent,
    Ground,
    Part,
    divide,
    exchange,
    learned,
)
from edge.drivers.modbus.lengths import limit_of
from edge.drivers.modbus.models import BarrierPlan, BlockPlan, BusConfig, BusPlan
from edge.drivers.modbus.schedule import Poll


def tried_whole(poll: Poll, part: Part) -> bool:
    """Say whether a part is all of a block that is otherwise read in parts."""
    return part is poll.whole and all(one is not part for one in poll.parts)


class HoleHunt:
    """What was refused on one bus, and the cuts made because of it."""

    def __init__(self, config: BusConfig, plan: BusPlan) -> None:
        self.told: dict[int, str] = {}  # block number -> what was learned about it, in words
        self._units = {unit.unit: unit for unit in config.units}
        self._refused: dict[tuple[int, int], list[Extent]] = {}
        self._cuts: dict[int, int] = {}
        self._parts: dict[int, list[Part]] = {}
        self._planned: dict[tuple[int, int], set[int]] = {}
        for block in (*plan.blocks, *plan.readbacks, *plan.confirms):
            self._planned.setdefault((block.unit, block.function), set()).add(block.size)
        self._key = {block.number: (block.unit, block.function) for block in plan.blocks}
        self._barriers: dict[tuple[int, int], list[BarrierPlan]] = {}
        for number, barriers in plan.barriers.items():
            for barrier in barriers:
                self._barriers.setdefault((number, barrier.function), []).append(barrier)

    def refused(self, poll: Poll, part: Part, port: Port, now: int) -> str:
        """Take a refusal with exception 2 of a part; cut it once it has been refused often enough.

        Returns:
            What was done, in words for the log; "" if nothing.
        """
        part.refusals += 1
        if tried_whole(poll, part):
            return ""
        if part.dead:
            part.again_ms = now + AGAIN_MS
            return ""
        block = poll.block
        if part.refusals < REFUSALS:
            return ""
        refused = self._refused.setdefault((block.unit, block.function), [])
        refused.append((part.first, part.last))
        cuts = self._cuts[block.number] = self._cuts.get(block.number, 0) + 1
        made = [part]
        if cuts > CUTS:
            part.dead = part.lacking = True
        else:
            made = divide(block, part, self._ground(block, port.units[block.unit]))
        if part.dead:
            part.again_ms = now + AGAIN_MS
        before = poll.parts
        place = before.index(part)
        poll.parts = [*before[:place], *made, *before[place + 1 :]]
        self._parts[block.number] = poll.parts
        if cuts <= CUTS and any(one.lacking for one in made):
            poll.parts = exchange(block, poll.parts, self._ground(block, port.units[block.unit]))
        self._parts[block.number] = poll.parts
        self.settle(poll)
        new = [one for one in poll.parts if all(one is not old for old in before)]
        if not new:
            return self.told.get(block.number, "")
        for one in new:
            if not one.dead:
                port.units[block.unit].drop_barrier(signature(block.function, one.size))
        port.replanned(block.unit, now)
        listed = " and ".join(f"{one.first}..{one.last}" for one in new)
        return f"{block}: {part.first}..{part.last} is refused with exception 2 and is now read as {listed}"

    def healed(self, poll: Poll) -> None:
        """Forget what was refused of a block that is answered as a whole again."""
        block, part = poll.block, poll.whole
        key = block.unit, block.function
        kept = [one for one in self._refused.get(key, []) if one[1] < part.first or part.last < one[0]]
        self._refused[key] = kept
        self._cuts.pop(block.number, None)
        self._parts.pop(block.number, None)
        self.told.pop(block.number, None)
        part.refusals = 0
        poll.parts = [part]

    def unconfirmable(self, block: BlockPlan) -> None:
        """Note that a confirming read is refused: its registers, or those beside them, can't be read so."""
        self.told[block.number] = (
            f"{block}, which would confirm alarms, is refused (illegal data address); correct `readable`"
        )

    def settle(self, poll: Poll) -> None:
        """Put into words what is known by now, if all of it is."""
        if len(poll.parts) > 1 or poll.parts[0].dead or poll.block.number in self._parts:
            text = learned(poll.block, poll.parts)
            if text:
                self.told[poll.block.number] = text

    def text_of(self, poll: Poll) -> str:
        """Say why nothing of a block can be read."""
        return self.told.get(poll.block.number) or f"{poll.block}: refused with exception 2"

    def _ground(self, block: BlockPlan, unit: Unit) -> Ground:
        """Return what is known of the registers of a block's unit and function.

        Short lengths are what parts need, and the barriers have them: all but two that were answered are
        given up where a part needs theirs.
        """
        key = block.unit, block.function
        parts = [(number, part) for number, part in self._every_part() if self._key[number] == key]
        own = self._units[block.unit]
        free = {*unit.spare_barriers(), *(unit.barriers[i] for i in unit.dropped)}
        barriers = self._barriers.get(key, [])
        kept = {b.size for b in barriers if signature(b.function, b.size) not in free}
        proved = {unit.barriers[i] for i in unit.proved}
        good = [(part.first, part.last) for _, part in parts if part.read_once]
        good += [
            (b.address, b.address + b.count - 1)
            for b in barriers
            if not b.refused and signature(b.function, b.size) in proved
        ]
        others = {part.size for number, part in parts if number != block.number}
        fixed = frozenset(self._planned.get(key, set()) | kept | others)
        return Ground(
            fixed | {part.size for _, part in parts},
            fixed,
            own.readable,
            limit_of(own, block.function),
            tuple(self._refused.get(key, ())),
            tuple(good),
        )

    def _every_part(self) -> Iterator[tuple[int, Part]]:
        for number, parts in self._parts.items():
            for part in parts:
                yield number, part
