"""How the points of a Modbus instrument stand in its registers and coils: checked, and built for the core."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from edge.core import point
from edge.drivers.modbus.models import BlockPlan
from edge.drivers.modbus.settings import Point, Unit
from edge.drivers.scaling import point_of
from edge.strict import Problems

KINDS: Final = {
    "int16": point.INT16,
    "uint16": point.UINT16,
    "int32": point.INT32,
    "uint32": point.UINT32,
    "int64": point.INT64,
    "uint64": point.UINT64,
    "float32": point.FLOAT32,
    "float64": point.FLOAT64,
    "bcd16": point.BCD16,
    "bcd32": point.BCD32,
    "bit": point.BIT,
    "bits": point.BITS,
}
ORDERS: Final = {
    "ABCD": point.HIGH_FIRST,
    "CDAB": point.LOW_FIRST,
    "BADC": point.HIGH_FIRST_SWAP,
    "DCBA": point.LOW_FIRST_SWAP,
}
LAST_REGISTER: Final = 65_535
_BITS_OF: Final = "0 (least significant) to 15"


def check(unit: Unit, place: str, problems: Problems) -> None:
    """Note what is wrong with the places of an instrument's points, and where two claim the same one."""
    taken: dict[tuple[str, int, int], str] = {}
    for p, one in enumerate(unit.points):
        where = f"{place}.points[{p}]"
        before = len(problems.found)
        _check_bits(one, where, problems)
        _check_loop(one, where, problems)
        if one.address + one.width - 1 > LAST_REGISTER:
            problems.add(f"{where}.address", "reaches past register 65535", "correct the address or the type")
        if len(problems.found) > before:
            continue
        for cell in _cells(one):
            other = taken.get(cell)
            if other is not None and other != one.key:
                last = one.address + one.width - 1
                span = str(one.address) if one.width == 1 else f"{one.address} to {last}"
                what = f"register {cell[1]}" if one.is_register else f"{cell[1]}"
                which = f", bit {cell[2]}," if one.kind in {"bit", "bits"} and one.is_register else ""
                problems.add(
                    f"{where}.address",
                    f"{one.table} {what}{which} belongs to {other} already",
                    f"{one.key} ({one.kind}) takes {span}; correct the address or the type",
                )
                break
            taken[cell] = one.key


def _cells(one: Point) -> list[tuple[str, int, int]]:
    """Every (table, address, bit) that a point takes."""
    if not one.is_register:
        return [(one.table, one.address, 0)]
    lowest, highest = bits_of(one) if one.kind in {"bit", "bits"} else (0, 15)
    return [
        (one.table, register, bit)
        for register in range(one.address, one.address + one.width)
        for bit in range(lowest, highest + 1)
    ]


def bits_of(one: Point) -> tuple[int, int]:
    """Return the lowest and the highest bit of a checked point; (0, 0) where it has none."""
    if one.bits is not None:
        return one.bits[0], one.bits[1]
    return (one.bit, one.bit) if one.bit is not None else (0, 0)


def _check_bits(one: Point, place: str, problems: Problems) -> None:
    if not one.is_register:
        if one.type not in {"uint16", "bit"}:
            problems.add(
                f"{place}.type", f"a {one.table} is one bit, not {one.type}", 'leave it out, or type = "bit"'
            )
        for key, value in (("bit", one.bit), ("bits", one.bits)):
            if value is not None:
                problems.add(f"{place}.{key}", f"a {one.table} has but one bit", "leave it out")
        return
    if one.bit is not None and one.type != "bit":
        problems.add(f"{place}.bit", f"means nothing to {one.type}", 'add type = "bit", or leave it out')
    if one.bits is not None and one.type != "bits":
        problems.add(f"{place}.bits", f"means nothing to {one.type}", 'add type = "bits", or leave it out')
    if one.type == "bit" and one.bit is None:
        problems.add(f"{place}.bit", "missing", f"say which bit of the register: {_BITS_OF}")
    if one.type == "bits":
        if one.bits is None:
            problems.add(f"{place}.bits", "missing", "write [lowest bit, highest bit], for example [4, 7]")
        elif not 0 <= one.bits[0] <= one.bits[1] <= 15:
            problems.add(
                f"{place}.bits",
                f"{one.bits} is no field of a register",
                f"write [lowest bit, highest bit], each {_BITS_OF}",
            )


def _check_loop(one: Point, place: str, problems: Problems) -> None:
    if one.current_loop is None:
        return
    where = f"{place}.current_loop"
    if one.kind in {"bit", "bits"}:
        problems.add(where, f"a {one.kind} is no current", "leave it out")
    if one.range is None:
        problems.add(
            f"{place}.range",
            "missing",
            "a current loop needs it: [value at 4 mA, value at 20 mA] of its transmitter",
        )
    if one.scale != 1 or one.offset != 0 or one.polynomial:
        problems.add(
            where,
            "stands beside scale, offset or polynomial",
            "keep one of them; the loop is scaled by its range",
        )
    at_4ma, at_20ma = one.current_loop
    if not (math.isfinite(at_4ma) and math.isfinite(at_20ma)) or at_4ma == at_20ma:
        problems.add(
            where,
            f"[{at_4ma:g}, {at_20ma:g}] are no two currents",
            "write [register at 4 mA, register at 20 mA] as the module's document gives them",
        )


def core_of(block: BlockPlan, points: Sequence[Point]) -> point.Block | point.BitBlock:
    """Build what takes the bytes of a block apart.

    Args:
        block: as planned.
        points: in the order of `in_order`.

    Raises:
        ValueError: a point cannot be meant; says which and why.
    """
    made = [
        point_of(
            one,
            KINDS[one.kind],
            ORDERS[one.order],
            one.address - block.address,
            bits_of(one),
            one.current_loop or (),
        )
        for one in points
    ]
    if block.function in {1, 2}:
        return point.BitBlock(made, block.count)
    return point.Block(made, block.count)


def in_order(points: Sequence[Point]) -> list[Point]:
    """Sort points as they stand in a block: by address, and by bit within a register."""
    return sorted(points, key=lambda one: (one.address, bits_of(one)))
