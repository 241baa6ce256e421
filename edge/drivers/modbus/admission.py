"""How much of a bus's time its plan takes, block by block in words; more than 70 % is refused at the start.

    share = Σ (characters + silences + turnaround + adapter + network) / period  +  reserve

The reserve is for what is not polled: one barrier of each unit and each confirming read once in 10 s, and of
each group of outputs a write with its read-back each second, as while a beacon flashes. The rest up to the
whole is what late and lost replies, probes of dead units (a tenth at most) and a burst of alarms need: above
70 % a single late reply pushes polls of the next period out.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from edge.drivers.modbus.cost import Cost, read_cost, write_cost
from edge.drivers.modbus.models import FUNCTION_NAMES, BusConfig, BusPlan

LIMIT = 0.7
RESERVE_MS = 10_000  # one barrier of a unit, and each confirming read, once in this time
OUTPUT_MS = 1_000
SHOWN = 12  # lines of arithmetic in a refusal, the costliest first


class Share(msgspec.Struct, frozen=True):
    """What one thing that is asked again and again takes of the time; `words` is the arithmetic."""

    share: float
    words: str


class Utilisation(msgspec.Struct, frozen=True):
    """The share of its time that a bus is busy when every instrument answers at once; 1.0 is all of it."""

    share: float
    parts: tuple[Share, ...]
    too_much: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> str:
        """The arithmetic, the costliest part first."""
        ordered = sorted(self.parts, key=lambda part: -part.share)
        lines = [part.words for part in ordered[:SHOWN]]
        if len(ordered) > SHOWN:
            rest = sum(part.share for part in ordered[SHOWN:])
            lines.append(f"{len(ordered) - SHOWN} more: {rest:.1%}")
        return "; ".join([*lines, f"together {self.share:.0%}"])


def utilisation(config: BusConfig, plan: BusPlan) -> Utilisation:
    """Return what a plan takes of its bus, and what of it is too much.

    Args:
        config: of the bus.
        plan: made from it.

    Returns:
        With `too_much` empty if the bus may be run; else (what is wrong, what would help).
    """
    parts = tuple(_parts(config, plan))
    share = sum(part.share for part in parts)
    problems = list(_pauses(config, plan))
    if share > LIMIT:
        what = "connection" if config.kind == "tcp" else "line"
        arithmetic = Utilisation(share, parts).text
        problem = (
            f"the polls would take {share:.0%} of the {what}'s time, at most {LIMIT:.0%} are admitted: "
            + arithmetic
        )
        problems.insert(0, (problem, f"raise `poll_interval_ms`{_remedies(config)}"))
    return Utilisation(share, parts, tuple(problems))


def _remedies(config: BusConfig) -> str:
    if config.kind == "tcp":
        return ", or spread the units over two connections"
    faster = ", raise `baudrate`" if config.baudrate < 115_200 else ""
    adapter = ", lower `adapter_ms` if the adapter is quicker" if config.adapter_ms > 1 else ""
    return f"{faster}{adapter}, or spread the units over two lines"


def _parts(config: BusConfig, plan: BusPlan) -> Iterator[Share]:
    for block in plan.blocks:
        cost = read_cost(config, block.size)
        yield _share(str(block), cost, block.period_ms)
    for block in plan.readbacks:
        coils = block.spans[0].count
        where = f"unit {block.unit} outputs {block.spans[0].address}..{block.spans[0].address + coils - 1}"
        declared = [o.every_ms for u in config.units if u.unit == block.unit for o in u.outputs]
        every = min(OUTPUT_MS, *declared) if declared else OUTPUT_MS
        yield _share(f"{where}, write", write_cost(config, coils), every)
        yield _share(f"{where}, read-back", read_cost(config, block.size), OUTPUT_MS)
    for block in plan.confirms:
        yield _share(f"{block}, confirming", read_cost(config, block.size), RESERVE_MS)
    for unit, barriers in plan.barriers.items():
        longest = max(barriers, key=lambda barrier: barrier.size)
        name = FUNCTION_NAMES.get(longest.function, "loopback")
        yield _share(f"unit {unit} {name}, barrier", read_cost(config, longest.size), RESERVE_MS)


def _share(what: str, cost: Cost, period_ms: int) -> Share:
    share = cost.total_ms / period_ms
    return Share(share, f"{what}: {cost} every {period_ms} ms is {share:.1%}")


def _pauses(config: BusConfig, plan: BusPlan) -> Iterator[tuple[str, str]]:
    """Name units whose own pauses leave no time for their polls."""
    for unit in config.units:
        own = [block for block in plan.blocks if block.unit == unit.unit]
        share = sum((read_cost(config, b.size).total_ms + unit.gap_ms) / b.period_ms for b in own)
        if unit.gap_ms and share > LIMIT:
            problem = (
                f"unit {unit.unit}: {len(own)} reads with pauses of {unit.gap_ms} ms take {share:.0%} of the "
                f"time between its polls, at most {LIMIT:.0%} are admitted"
            )
            yield (
                problem,
                "raise its `poll_interval_ms`, or widen `readable` so that fewer reads are needed",
            )
