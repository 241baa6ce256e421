"""Finds the registers that an instrument refuses to read: its block is then read in parts around them.

    planned   | A A B B . . . . C C |     refused with exception 2 (illegal data address) three times
    divided   | A A B B |       | C C |   one cut at a time, at the gap nearest to the middle
    joined    | A A B B - - - - C C |     what the plant gets: its block, dated by the oldest part

A part that is refused is cut again: at a gap, then at its margins, then between points; what is left, one
point alone, is refused for good and marked bad by itself. Each part has a byte count of its own, as every
block has (rule U), and each cut is a changed plan: the unit waits H. Cuts are bounded, and what was learned
is said in the words of the configuration, so that the next plan needs none.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from edge.core.transaction import Request
from edge.core.unit import READ
from edge.drivers.modbus.frame import read, rtu
from edge.drivers.modbus.lengths import byte_count, usable
from edge.drivers.modbus.models import FUNCTION_NAMES, BlockPlan, Range, Span

ILLEGAL_ADDRESS = 2
REFUSALS = 3  # in a row: an instrument that boots, or is being set up, refuses once or twice as well
CUTS = 12  # of one block; each costs its unit H
TRIES = 3  # other places for points that are refused together with registers beside them
NEVER = 1 << 62
AGAIN_MS = 600_000  # a point refused for good is asked again after so long
WHOLE_AGAIN_MS = 60_000  # and the whole block to which it belongs: perhaps the instrument was only starting
TABLES = {1: "coil", 2: "discrete", 3: "holding", 4: "input"}

Extent = tuple[int, int]


class Part:
    """One request of a block: all of it, until a hole was found."""

    __slots__ = (
        "again_ms",
        "dead",
        "first",
        "lacking",
        "last",
        "pdu",
        "read_once",
        "refusals",
        "request",
        "size",
        "spans",
        "tries",
    )

    def __init__(self, block: BlockPlan, first: int, last: int, spans: Iterable[Span]) -> None:
        self.first = first
        self.last = last
        self.spans = tuple(spans)
        self.size = byte_count(block.function, last - first + 1)
        self.pdu = read(block.function, first, last - first + 1)
        self.request = Request(
            block.unit, block.function, self.size, READ, block.timeout_ms, rtu(block.unit, self.pdu)
        )
        self.refusals = 0
        self.read_once = False
        self.tries = 0  # other places in which these spans were refused
        self.dead = False
        self.lacking = False  # dead, though its points were never refused alone
        self.again_ms = 0


def whole(block: BlockPlan) -> Part:
    """Return the only part of a block in which no hole is known."""
    return Part(block, block.address, block.address + block.count - 1, block.spans)


class Ground(msgspec.Struct, frozen=True):
    """What is known of the registers of one unit and function.

    Attributes:
        taken: byte counts that anything else has.
        fixed: those of them that no part has: planned blocks and barriers.
        ranges: what may be read, by the configuration.
        limit: registers or bits of one read.
        refused: extents that the instrument refused; nothing that holds one is asked again.
        good: extents that it has answered.
    """

    taken: frozenset[int]
    fixed: frozenset[int]
    ranges: tuple[Range, ...]
    limit: int
    refused: tuple[Extent, ...] = ()
    good: tuple[Extent, ...] = ()


def divide(block: BlockPlan, part: Part, ground: Ground) -> list[Part]:
    """Return what is to be asked in the place of a part that was refused with exception 2.

    Returns:
        One or two parts, or the part itself marked `dead`: a point that cannot be read at all.
    """
    atoms = _atoms(part.spans)
    hull = atoms[0][0], atoms[-1][1]
    gaps = [i for i in range(1, len(atoms)) if atoms[i][0] > atoms[i - 1][1] + 1]
    middle = len(atoms) / 2
    if not gaps and hull != (part.first, part.last) and part.tries < TRIES:
        moved = _place(block, part.spans, ground, set())
        if moved is not None:
            moved.tries = part.tries + 1
            return [moved]
    if len(atoms) == 1:
        part.dead = True
        part.lacking = hull not in ground.refused
        return [part]
    cut = min(gaps or range(1, len(atoms)), key=lambda i: abs(i - middle))
    border = atoms[cut][0]
    parts = []
    used: set[int] = set()
    for spans in (
        [span for span in part.spans if span.address < border],
        [span for span in part.spans if span.address >= border],
    ):
        placed = _place(block, spans, ground, used)
        if placed is None:
            placed = Part(block, spans[0].address, max(_last(s) for s in spans), spans)
            placed.dead = placed.lacking = True
            placed.again_ms = NEVER  # somebody else has its byte count
        used.add(placed.size)
        parts.append(placed)
    return parts


def exchange(block: BlockPlan, parts: list[Part], ground: Ground) -> list[Part]:
    """Let points that were given up only for want of a byte count have that of another part, which moves.

    Args:
        block: that all the parts belong to.
        parts: all of them.
        ground: as for `divide`.

    Returns:
        The parts, with the same points each.
    """
    made = list(parts)
    for i, part in enumerate(made):
        hull = part.spans[0].address, max(_last(span) for span in part.spans)
        if not part.lacking:
            continue
        exact = Part(block, *hull, part.spans)
        if exact.size in ground.fixed:
            continue
        rivals = [k for k, one in enumerate(made) if k != i and one.size == exact.size]
        living = [k for k in rivals if not made[k].dead]
        if living:
            moved = _place(block, made[living[0]].spans, ground, {one.size for one in made})
            if moved is None:
                continue
            made[living[0]] = moved
        for k in rivals:
            made[k].again_ms = NEVER
        made[i] = exact
    return made


def join(block: BlockPlan, got: list[tuple[Part, bytes]]) -> bytes:
    """Return a block's data from its parts.

    Where nothing was read its first register stands again: a block whose registers are all blank looks blank.
    """
    if block.function in (3, 4):
        data = bytearray(got[0][1][:2] * block.count)
        for part, own in got:
            first, last = max(part.first, block.address), min(part.last, block.address + block.count - 1)
            start = 2 * (first - block.address)
            data[start : start + 2 * (last - first + 1)] = own[
                2 * (first - part.first) : 2 * (last - part.first + 1)
            ]
        return bytes(data)
    bits = 0
    mask = (1 << block.count) - 1
    for part, own in got:
        value = int.from_bytes(own, "little") & ((1 << (part.last - part.first + 1)) - 1)
        shift = part.first - block.address
        bits |= (value << shift if shift >= 0 else value >> -shift) & mask
    return bits.to_bytes(block.size, "little")


def missing(block: BlockPlan, parts: Iterable[Part], how: int) -> tuple[tuple[int, int], ...]:
    """Return (index of a point, quality) for the points of parts that could not be read.

    Points are counted as the plant has them: in the order of their addresses, without buttons, whose keys
    hold a colon.
    """
    lost = {span.key for part in parts for span in part.spans}
    points = [span.key for span in block.spans if ":" not in span.key]
    return tuple((index, how) for index, key in enumerate(points) if key in lost)


def learned(block: BlockPlan, parts: list[Part]) -> str:
    """Say in words what was found out about a block that is read in parts; "" while it is still being cut."""
    live = [part for part in parts if not part.dead]
    if not all(part.read_once for part in live):
        return ""
    name, table = FUNCTION_NAMES[block.function], TABLES[block.function]
    words = [f"{block} is refused as a whole (illegal data address)"]
    if live:
        listed = ", ".join(f"{part.first}..{part.last}" for part in live)
        written = ", ".join(
            f'{{ table = "{table}", first = {part.first}, last = {part.last} }}' for part in live
        )
        words.append(f"it is read as {listed}; write readable = [{written}]")
    dead = [
        f"{span.key} at {span.address}"
        for part in parts
        if part.dead and not part.lacking
        for span in part.spans
    ]
    if dead:
        words.append(f"no {name} answer for {', '.join(dead)}: correct the address")
    lacking = [span.key for part in parts if part.lacking for span in part.spans]
    if lacking:
        words.append(
            f"{', '.join(lacking)} could not be read apart from the rest: correct the address, or split "
            "`readable` there"
        )
    return "; ".join(words)


def _last(span: Span) -> int:
    return span.address + span.count - 1


def _atoms(spans: tuple[Span, ...]) -> list[Extent]:
    """Return what can't be cut: the extents of spans that overlap, in the order of their addresses."""
    atoms: list[Extent] = []
    for span in spans:
        if atoms and span.address <= atoms[-1][1]:
            atoms[-1] = (atoms[-1][0], max(atoms[-1][1], _last(span)))
        else:
            atoms.append((span.address, _last(span)))
    return atoms


def _place(block: BlockPlan, spans: Iterable[Span], ground: Ground, used: set[int]) -> Part | None:
    """Return a part that holds the spans in a byte count of its own; None if none is left.

    The smallest one that takes in no register of which nothing is known, else the smallest; one register
    last, since malformed short replies look like that.
    """
    own = list(spans)
    low, high = own[0].address, max(_last(span) for span in own)
    registers = block.function in (3, 4)
    homes = [(r.first, r.last) for r in ground.ranges if r.function == block.function] or [
        (block.address, block.address + block.count - 1)
    ]
    known = {address for first, last in ground.good for address in range(first, last + 1)}
    best: tuple[tuple[bool, bool, int], int, int] | None = None
    for home, end in homes:
        if not home <= low <= high <= end:
            continue
        most = byte_count(block.function, min(end - home + 1, ground.limit))
        for size in range(byte_count(block.function, high - low + 1), most + 1):
            if size in ground.taken or size in used or not usable(block.function, size):
                continue
            count = max(size // 2 if registers else 8 * (size - 1) + 1, high - low + 1)
            for first in (low, high - count + 1):
                last = first + count - 1
                grown = [*range(first, low), *range(high + 1, last + 1)]
                rank = registers and size == 2, not all(one in known for one in grown), size
                if (
                    home <= first
                    and last <= end
                    and not any(first <= bad and worst <= last for bad, worst in ground.refused)
                    and (best is None or rank < best[0])
                ):
                    best = rank, first, last
    return None if best is None else Part(block, best[1], best[2], own)
