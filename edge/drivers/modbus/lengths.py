"""Gives every block of a unit and function a byte count that no other has: by growing, merging, splitting."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from edge.drivers.modbus.models import FUNCTION_NAMES, Purpose, Span, UnitPlan

ATTEMPTS = 64  # each merge or split tries again; a unit has far fewer blocks


@dataclass
class Need:
    """A block before and after it got its length: `first`..`last` inside the readable `low`..`high`."""

    unit: int
    function: int
    period_ms: int
    first: int
    last: int
    low: int
    high: int
    limit: int
    spans: list[Span] = field(default_factory=list)
    purpose: Purpose = "poll"
    size: int = 0

    @property
    def least(self) -> int:
        """The smallest byte count that covers the spans; never one register if that can be avoided."""
        size = byte_count(self.function, self.last - self.first + 1)
        return 4 if size == 2 and self.function in (3, 4) and self.most >= 4 else size

    @property
    def most(self) -> int:
        """The greatest byte count that the readable range and the instrument's limit allow."""
        return byte_count(self.function, min(self.high - self.low + 1, self.limit))

    def grown(self, size: int) -> Need:
        """Return the block with this byte count: longer at its end, or at its start if the end is closed."""
        wanted = size // 2 if self.function in (3, 4) else 8 * (size - 1) + 1
        count = max(wanted, self.last - self.first + 1)
        last = min(self.first + count - 1, self.high)
        return replace(self, first=last - count + 1, last=last, size=size)

    def __str__(self) -> str:
        keys = ", ".join(span.key for span in self.spans[:3]) + (", …" if len(self.spans) > 3 else "")
        return f"{FUNCTION_NAMES[self.function]} {self.first}..{self.last} ({keys})"


class Unassignable(Exception):
    """A block finds no byte count of its own; says which block and what would be right."""


def byte_count(function: int, count: int) -> int:
    """Return the byte count of a reply with `count` registers or bits."""
    return 2 * count if function in (3, 4) else (count + 7) // 8


def limit_of(unit: UnitPlan, function: int) -> int:
    """Return how many registers or bits one read of this instrument may ask for."""
    return unit.max_registers if function in (3, 4) else unit.max_registers * 16


def assign(needs: list[Need], avoid: set[int], reach: int | None = None) -> list[Need]:
    """Return the blocks of one unit and function with distinct byte counts.

    Args:
        needs: the blocks as the points need them.
        avoid: byte counts that other units of the line use; kept free where a block can grow past them.
        reach: by how many bytes a block may grow for that; None for as far as it can.

    Raises:
        Unassignable: even merging and splitting found no length for a block.
    """
    smallest = _smallest_free(needs, avoid, reach)
    if smallest is not None:
        return smallest
    for _ in range(ATTEMPTS):
        placed, stuck = _earliest_deadline(needs)
        if placed is not None:
            return placed
        assert stuck is not None
        changed = _merge(needs, stuck) or _split(needs, stuck)
        if changed is None:
            raise Unassignable(
                f"{stuck}: every byte count from {stuck.least} to {stuck.most} is taken by another block, so "
                "a late reply could be taken for its own; extend `readable` around it, or join both blocks"
            )
        needs = changed
    raise Unassignable(f"{needs[0]}: no plan was found; extend `readable`")


def usable(function: int, size: int) -> bool:
    """Say whether a block may have this byte count.

    Three bytes of bits never: such a reply is as long as a request, and on an echoing line nobody could tell
    them apart.
    """
    return size % 2 == 0 if function in (3, 4) else size != 3


def confirming(need: Need, used: set[int], avoid: set[int]) -> Need | None:
    """Return a second block that holds the alarm spans of a placed one in a byte count of its own.

    The shortest one: it is asked while people wait for the horn. One register only if nothing else is left,
    since malformed short replies look like that. None if no byte count is free.

    Args:
        need: a placed block with alarm spans.
        used: byte counts of the unit and function that are taken.
        avoid: byte counts that other units of the line use.
    """
    spans = [span for span in need.spans if span.alarm]
    first, last = spans[0].address, max(span.address + span.count - 1 for span in spans)
    hull = replace(need, first=first, last=last, purpose="confirm", size=0)
    sizes = [*range(hull.least, hull.most + 1), byte_count(need.function, last - first + 1)]
    free = [size for size in sizes if size not in used and usable(need.function, size)]
    if not free:
        return None
    grown = hull.grown(next((size for size in free if size not in avoid), free[0]))
    held = [s for s in need.spans if grown.first <= s.address and s.address + s.count - 1 <= grown.last]
    return replace(grown, spans=held)


def _smallest_free(needs: list[Need], avoid: set[int], reach: int | None) -> list[Need] | None:
    """Give each block, short ones first, the smallest free size, new to the line if there is one."""
    placed: list[Need] = []
    used: set[int] = set()
    for need in sorted(needs, key=lambda one: (one.least, one.most)):
        free = [s for s in range(need.least, need.most + 1) if s not in used and usable(need.function, s)]
        if not free:
            return None
        far = need.most if reach is None else need.least + reach
        size = next((s for s in free if s not in avoid and s <= far), free[0])
        used.add(size)
        placed.append(need.grown(size))
    return sorted(placed, key=lambda one: one.first)


def _earliest_deadline(needs: list[Need]) -> tuple[list[Need] | None, Need | None]:
    """Give sizes in ascending order to the block that can grow least; that finds a plan if there is one."""
    waiting = list(needs)
    placed: list[Need] = []
    size = 0
    while waiting:
        size = max(size + 1, min(need.least for need in waiting))
        block = min(
            (need for need in waiting if need.least <= size), key=lambda need: (need.most, need.least)
        )
        if block.most < size:
            return None, block
        if usable(block.function, size):
            placed.append(block.grown(size))
            waiting.remove(block)
    return sorted(placed, key=lambda need: need.first), None


def _merge(needs: list[Need], stuck: Need) -> list[Need] | None:
    """Join the block with one of the same rhythm that lies near enough; None if there is none."""
    for other in needs:
        first, last = min(other.first, stuck.first), max(other.last, stuck.last)
        if (
            other is not stuck
            and other.purpose == stuck.purpose == "poll"
            and (other.period_ms, other.low, other.high) == (stuck.period_ms, stuck.low, stuck.high)
            and last - first < stuck.limit
        ):
            spans = sorted([*other.spans, *stuck.spans], key=lambda span: span.address)
            rest = [need for need in needs if need is not other and need is not stuck]
            return [*rest, replace(stuck, first=first, last=last, spans=spans)]
    return None


def _split(needs: list[Need], stuck: Need) -> list[Need] | None:
    """Cut the block between two points where both parts then find a length; None if no cut does."""
    rest = [need for need in needs if need is not stuck]
    for cut in range(len(stuck.spans) - 1, 0, -1):
        head, tail = stuck.spans[:cut], stuck.spans[cut:]
        parts = [
            replace(stuck, first=part[0].address, last=max(s.address + s.count - 1 for s in part), spans=part)
            for part in (head, tail)
        ]
        placed, _ = _earliest_deadline([*rest, *parts])
        if placed is not None:
            return [*rest, *parts]
    return None
