"""Puts the blocks of a bus off against each other, so that their turns do not fall together."""

from __future__ import annotations

from collections.abc import Sequence

from edge.drivers.modbus.models import BlockPlan, BusConfig


def phases(config: BusConfig, blocks: Sequence[BlockPlan]) -> list[int]:
    """Return by how many milliseconds each block is put off.

    Over their periods on a line, as it wants it; on TCP blocks of one period go one after the other, so that
    the process wakes once and not once a block: a third of the CPU time.
    """
    if config.kind == "tcp":
        return [0] * len(blocks)
    return [block.period_ms * number // len(blocks) for number, block in enumerate(blocks)]
