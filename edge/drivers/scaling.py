"""What a point's table means to the core: its scaling, its range, and what is usable beyond it."""

from __future__ import annotations

from collections.abc import Sequence

from edge.config_models import PointTable
from edge.core.loop import current_loop
from edge.core.point import FLOAT64, HIGH_FIRST, Point, Values


def point_of(
    table: PointTable,
    kind: int,
    order: int,
    index: int,
    bits: tuple[int, int] = (0, 0),
    loop: Sequence[float] = (),
) -> Point:
    """Build the core's point of a table.

    Args:
        table: as the configuration has it.
        kind: of its raw number, see `edge.core.decode`.
        order: of its bytes.
        index: its place in its block.
        bits: of BIT and BITS.
        loop: raw numbers at 4 and 20 mA; the table's range then holds the values there, and NAMUR NE 43 says
            what is good and usable.

    Raises:
        ValueError: the table cannot be meant; says why.
    """
    low, high = (None, None) if table.range is None else (table.range[0], table.range[1])
    if not loop:
        return Point(
            table.key,
            kind,
            order,
            index,
            table.scale,
            table.offset,
            low,
            high,
            curve=table.polynomial,
            bits=bits,
        )
    if low is None or high is None:
        raise ValueError(f"{table.key}: a current loop needs the range at 4 and 20 mA")
    scale, offset, good_low, good_high, usable_low, usable_high = current_loop(loop[0], loop[1], low, high)
    return Point(
        table.key,
        kind,
        order,
        index,
        scale,
        offset,
        good_low,
        good_high,
        usable_low=usable_low,
        usable_high=usable_high,
        bits=bits,
    )


def values_of(tables: Sequence[PointTable]) -> Values:
    """Build the core of a block whose driver gives numbers, one a table, in their order.

    Raises:
        ValueError: a table cannot be meant; says which and why.
    """
    return Values([point_of(table, FLOAT64, HIGH_FIRST, i) for i, table in enumerate(tables)])
