"""Blocks cut around holes: what is asked instead, and how the parts become the block again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from edge.drivers.modbus.holes import Ground, Part, divide, join, learned, missing, whole
from edge.drivers.modbus.models import BlockPlan, Range, ReadFunction, Span
from protocol import quality


def block_of(function: ReadFunction, address: int, count: int, *spans: Span) -> BlockPlan:
    size = 2 * count if function in (3, 4) else (count + 7) // 8
    return BlockPlan(0, 1, function, address, count, size, 1000, 300, spans)


def ground(function: ReadFunction, *taken: int, refused: tuple[tuple[int, int], ...] = ()) -> Ground:
    return Ground(frozenset(taken), frozenset(taken), (Range(function, 0, 99),), 125, refused)


@given(st.integers(0, 2**40 - 1), st.integers(1, 39), st.integers(0, 5), st.integers(0, 5))
def test_bits_read_in_parts_are_the_same_bits(shown: int, cut: int, before: int, behind: int) -> None:
    block = block_of(2, 10, 40)
    first, second = Part(block, 10 - before, 9 + cut, ()), Part(block, 10 + cut, 49 + behind, ())
    all_bits = shown << 10

    def read(part: Part) -> bytes:
        count = part.last - part.first + 1
        return (all_bits >> part.first & (1 << count) - 1).to_bytes((count + 7) // 8, "little")

    joined = join(block, [(part, read(part)) for part in (first, second)])
    assert joined == shown.to_bytes(5, "little")
    assert [block.bit(joined, address) for address in (10, 10 + cut, 49)] == [
        bool(all_bits >> address & 1) for address in (10, 10 + cut, 49)
    ]


@given(st.integers(1, 8), st.integers(0, 3), st.integers(0, 3))
def test_registers_read_in_parts_stand_where_they_belong(cut: int, before: int, behind: int) -> None:
    block = block_of(3, 10, 10)
    shown = {address: address.to_bytes(2, "big") for address in range(30)}
    parts = [Part(block, 10 - before, 9 + cut, ()), Part(block, 11 + cut, 19 + behind, ())]
    got = [(part, b"".join(shown[a] for a in range(part.first, part.last + 1))) for part in parts]
    joined = join(block, got)
    assert len(joined) == block.size
    # Where nothing was read the first register stands again.
    wanted = [shown[a] if a != 10 + cut else shown[10 - before] for a in range(10, 20)]
    assert joined == b"".join(wanted)


def test_a_block_is_cut_at_the_gap_nearest_to_its_middle() -> None:
    block = block_of(3, 0, 20, *(Span(f"P{a}", 3, a, 2) for a in (0, 4, 8, 18)))
    made = divide(block, whole(block), ground(3, refused=((0, 19),)))
    assert [(part.first, part.last) for part in made] == [(0, 5), (8, 19)]


def test_margins_go_before_points_are_parted_and_points_of_one_register_never_are() -> None:
    bits = tuple(Span(f"bit{i}", 3, 5, 1) for i in range(3))
    block = block_of(3, 4, 4, *bits)
    (moved,) = divide(block, whole(block), ground(3, refused=((4, 7),)))
    assert (moved.first, moved.last, len(moved.spans)) == (5, 6, 3)
    (alone,) = divide(block, Part(block, 5, 5, bits), ground(3, refused=((4, 7), (5, 5))))
    assert alone.dead
    assert not alone.lacking


def test_points_for_which_no_byte_count_is_left_are_never_asked() -> None:
    block = block_of(3, 0, 4, Span("A", 3, 0, 2), Span("B", 3, 2, 2))
    every = tuple(range(2, 252, 2))
    made = divide(block, whole(block), ground(3, *(size for size in every if size != 4), refused=((0, 3),)))
    assert [part.dead for part in made] == [False, True]
    assert made[1].lacking
    made[0].read_once = True
    assert "B could not be read apart from the rest" in learned(block, made)


def test_points_are_counted_as_the_plant_has_them_without_buttons() -> None:
    spans = (Span("button:main", 2, 0), Span("A", 2, 1), Span("B", 2, 2))
    block = block_of(2, 0, 8, *spans)
    lost = Part(block, 2, 2, spans[2:])
    assert missing(block, [lost], quality.CONFIG_ERROR) == ((1, quality.CONFIG_ERROR),)
