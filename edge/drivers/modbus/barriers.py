"""Plans the barriers of a unit: reads that nothing else can answer; their reply puts it in step again."""

from __future__ import annotations

from edge.drivers.modbus.lengths import Need, byte_count, limit_of, usable
from edge.drivers.modbus.models import BarrierPlan, PlanError, Range, ReadFunction, UnitPlan

BARRIERS = 6  # lengths a unit may try before it has to wait H; more would only delay the first success


def barriers_of(
    unit: UnitPlan, ranges: dict[ReadFunction, list[Range]], placed: list[Need], taken: set[tuple[int, int]]
) -> tuple[BarrierPlan, ...]:
    """Return reads whose byte count no block of the unit has, short ones first, single registers last.

    Where none is left, the unit's confirming reads serve: each has a byte count of its own as well, and one
    that failed is not used as a barrier before H is over.

    Args:
        unit: the instrument.
        ranges: what may be read of it.
        placed: its blocks, with their byte counts.
        taken: (function, byte count) of the blocks of the whole line, where those are distinct.

    Raises:
        PlanError: no byte count is left.
    """
    if unit.refused_function is not None:
        if unit.refused_function in ranges:
            problem = (
                f"refused_function = {unit.refused_function} is read by its points; name one that it refuses"
            )
            raise PlanError([f"unit {unit.unit}: {problem}"])
        return (BarrierPlan(unit.refused_function, 0, 1, 2, refused=True),)
    if unit.loopback:
        return (BarrierPlan(8, 0, 0, 0),)
    everywhere: dict[ReadFunction, list[Range]] = {}
    for one in unit.readable:
        everywhere.setdefault(one.function, []).append(one)
    everywhere.update(ranges)
    found: list[BarrierPlan] = []
    for function in sorted(everywhere, reverse=True):
        bits = function not in (3, 4)
        own = {need.size for need in placed if need.function == function}
        home = max(everywhere[function], key=lambda r: r.last - r.first)
        width = min(home.last - home.first + 1, limit_of(unit, function))
        for count in range(8, width + 8, 8) if bits else range(1, width + 1):
            read = min(count, width)
            size = byte_count(function, read)
            if size not in own and usable(function, size):
                found.append(BarrierPlan(function, home.first, read, size))
    if not found:
        found = [
            BarrierPlan(need.function, need.first, need.last - need.first + 1, need.size)
            for need in placed
            if need.purpose == "confirm"
        ]
    if not found:
        problem = (
            "no length is left for a barrier read, by which a late reply is told from the next one: every"
            " length that can be read of it is a block's already; say in `readable` which registers it"
            " answers for besides its points (one more is enough), or a `refused_function`, or `loopback`"
        )
        raise PlanError([f"unit {unit.unit}: {problem}"])
    # One register is what malformed short replies look like; a length that no other unit's block has also
    # survives a reply with a wrong unit number.
    found.sort(
        key=lambda barrier: (barrier.size <= 2, (barrier.function, barrier.size) in taken, barrier.size)
    )
    return tuple(found[:BARRIERS])
