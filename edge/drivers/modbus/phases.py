"""Puts the blocks of a bus off against each other, so that their turns do not fall together.

Two blocks with periods P and Q meet again and again at every distance that is equal modulo gcd(P, Q). Whether
they ever collide is seen from that remainder alone. Quick rhythms are placed first, since they have least
time to lose; each block goes where it delays the others, and is delayed, least. The time that the line has to
spare is shared out as room behind each block, as much as finds a place.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from edge.drivers.modbus.cost import read_cost
from edge.drivers.modbus.models import BlockPlan, BusConfig

ROOMS = (0.97, 0.9, 0.8, 0.7, 0.6, 0.5)  # shares of the spare time that are tried
WORK = 300_000  # comparisons in one attempt, at most: all of them take about a second on a small computer

Placed = list[tuple[int, int, float]]  # (period, phase, cost) in ms


def phases(config: BusConfig, blocks: Sequence[BlockPlan]) -> list[int]:
    """Return by how many milliseconds each block is put off.

    Over their periods on a line; on TCP blocks of one period go one after the other, so that the process
    wakes once and not once a block: a third of the CPU time.
    """
    if config.kind == "tcp" or not blocks:
        return [0] * len(blocks)
    costs = [read_cost(config, block.size).total_ms for block in blocks]
    load = sum(cost / block.period_ms for cost, block in zip(costs, blocks, strict=True))
    for room in ROOMS:
        stretch = 1 + room * max(0.0, 1 / load - 1)
        found, collisions = _place([cost * stretch for cost in costs], blocks)
        if not collisions:
            return found
    return _place(costs, blocks)[0]


def _place(costs: list[float], blocks: Sequence[BlockPlan]) -> tuple[list[int], float]:
    """Return the phases, and how much the blocks delay each other."""
    placed: Placed = []
    found = [0] * len(blocks)
    collisions = 0.0
    tried = max(8, WORK // len(blocks) ** 2)
    for place in sorted(range(len(blocks)), key=lambda i: (blocks[i].period_ms, -costs[i])):
        period, cost = blocks[place].period_ms, costs[place]
        # Right behind a block that has its place, or anywhere on a coarse grid.
        ends = {math.ceil(phase + other) + k for p, phase, other in placed for k in range(0, period, p)}
        free = sorted({end % period for end in ends} | {period * i // 32 for i in range(32)})
        best, least = 0, math.inf
        for phase in free[:: math.ceil(len(free) / tried)]:
            delay = _collision(phase, period, cost, placed, least)
            if delay < least:
                best, least = phase, delay
            if not delay:
                break
        found[place] = best
        collisions += least
        placed.append((period, best, cost))
    return found, collisions


def _collision(phase: int, period: int, cost: float, placed: Placed, enough: float) -> float:
    """Return how much a block here delays the others and is delayed, as shares of their periods."""
    total = 0.0
    for other_period, other_phase, other_cost in placed:
        common = math.gcd(period, other_period)
        behind = (phase - other_phase) % common
        # One of so many turns of the other block meets a turn of this one, and the other way round.
        if behind < other_cost:
            total += (other_cost - behind) / period * common / other_period
        if common - behind < cost:
            total += (cost - (common - behind)) / other_period * common / period
        if total > enough:
            break
    return total
