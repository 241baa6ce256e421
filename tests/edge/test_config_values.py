"""A point's value keys: what they come to for core and centre, and every mistake with place and remedy."""

import struct
from pathlib import Path

import pytest

from edge.config import ConfigError, load
from edge.core.point import BitBlock, Block
from edge.layout import Layout, lay_out
from edge.strict import Problem
from protocol import codec
from protocol import messages as m
from protocol.quality import GOOD, SENSOR_FAILURE, SENSOR_INACCURATE

HEAD = """
[gateway]
id = "gw-test"
[[buses]]
name = "field"
kind = "tcp"
host = "127.0.0.1"
  [[buses.units]]
  key = "AI-1"
  unit = 1
  readable = [
    { first = 0, last = 99 }, { table = "coil", first = 0, last = 63 },
    { table = "discrete", first = 0, last = 63 },
  ]
"""
POINTS = "$.buses[0].units[0].points"


def write(folder: Path, points: list[str], head: str = HEAD) -> Path:
    path = folder / "gateway.toml"
    tables = [f"[[buses.units.points]]\nkey = 'P-{i}'\n{text}\n" for i, text in enumerate(points)]
    path.write_text(head + "".join(tables), encoding="utf-8")
    return path


def laid(folder: Path, *points: str) -> Layout:
    return lay_out(load(write(folder, list(points))), "")


def described(layout: Layout) -> m.Description:
    return codec.decode_description(layout.description)


def problems(folder: Path, *points: str) -> list[Problem]:
    with pytest.raises(ConfigError) as refused:
        laid(folder, *points)
    return refused.value.problems


@pytest.mark.parametrize(
    ("keys", "registers", "raw"),
    [
        ('type = "int64"', "fffffffffffffffe", -2),
        ('type = "uint64"\norder = "DCBA"', "feffffffffffffff", 2**64 - 2),
        ('type = "float64"\norder = "CDAB"', "0000000000003ff8", 1.5),
        ('type = "uint16"\norder = "BADC"', "3412", 0x1234),
        ('type = "int16"\norder = "DCBA"', "feff", -2),
        ('type = "bcd16"', "1234", 1234),
        ('type = "bcd32"\norder = "CDAB"', "56781234", 12345678),
        ('type = "bit"\nbit = 15', "8000", 1),
        ('type = "bits"\nbits = [4, 7]', "12a4", 0xA),
        ('type = "float32"\norder = "BADC"', "80420000", 64.0),
    ],
)
def test_a_type_and_an_order_become_the_number_that_they_say(
    tmp_path: Path, keys: str, registers: str, raw: float
) -> None:
    (block,) = laid(tmp_path, f"address = 10\n{keys}").blocks
    data = bytearray(2 * block.plan.count)
    at = 2 * (10 - block.plan.address)
    data[at : at + len(registers) // 2] = bytes.fromhex(registers)
    assert isinstance(block.core, Block)
    assert block.core.decode(bytes(data)) == (raw,)


def test_bits_of_one_register_are_points_of_their_own_in_the_order_of_their_bits(tmp_path: Path) -> None:
    layout = laid(
        tmp_path,
        'address = 5\ntype = "bits"\nbits = [8, 11]',
        'address = 5\ntype = "bit"\nbit = 0',
        'address = 5\ntype = "bit"\nbit = 3\nlimits.H = { limit = 1 }',
        "address = 4",
    )
    (block,) = layout.blocks
    assert [p.key for p in block.points] == ["P-3", "P-1", "P-2", "P-0"]
    data = bytearray(2 * block.plan.count)
    struct.pack_into(">HH", data, 2 * (4 - block.plan.address), 77, 0x0509)
    assert isinstance(block.core, Block)
    assert block.core.decode(bytes(data)) == (77, 1, 1, 5)


def test_coils_and_inputs_are_points_of_one_bit(tmp_path: Path) -> None:
    layout = laid(
        tmp_path,
        'table = "discrete"\naddress = 9\nlimits.H = { limit = 1 }',
        'table = "discrete"\naddress = 2\ntype = "bit"',
        'table = "coil"\naddress = 9',
    )
    by_function = {block.plan.function: block for block in layout.blocks}
    inputs = by_function[2].core
    assert isinstance(inputs, BitBlock)
    assert [p.key for p in by_function[2].points] == ["P-1", "P-0"]
    bits = 1 << (9 - by_function[2].plan.address)
    assert inputs.decode(bits.to_bytes((by_function[2].plan.count + 7) // 8, "little")) == (0, 1)
    assert [p.key for p in by_function[1].points] == ["P-2"]
    assert [block.function for block in described(layout).blocks] == [1, 2]


def test_a_button_and_a_point_share_one_read_of_inputs(tmp_path: Path) -> None:
    board = (
        '[[annunciators]]\nname = "main"\nhorn = { bus = "field", unit = 1, coil = 0 }\n'
        'button = { bus = "field", unit = 1, input = 3, poll_interval_ms = 1000 }\n'
    )
    path = write(tmp_path, ['table = "discrete"\naddress = 1'])
    path.write_text(path.read_text() + board)
    layout = lay_out(load(path), "")
    (block,), (button,) = layout.blocks, layout.buttons
    assert block.plan is button.plan
    assert [p.key for p in block.points] == ["P-0"]
    assert button.buttons == {"main": (3, False)}


def test_a_current_loop_is_scaled_by_its_range_and_judged_by_its_current(tmp_path: Path) -> None:
    layout = laid(tmp_path, 'address = 0\nrange = [0, 100]\ncurrent_loop = [4000, 20000]\nunit = "%LEL"')
    point = layout.blocks[0].core.points[0]
    assert point.scaled(12000) == 50.0
    qualities = [point.quality(raw) for raw in (0, 3600, 3601, 3799, 3800, 20500, 20501, 20999, 21000)]
    uncertain, bad = SENSOR_INACCURATE, SENSOR_FAILURE
    assert qualities == [bad, bad, uncertain, uncertain, GOOD, GOOD, uncertain, uncertain, bad]
    (info,) = described(layout).points
    assert (info.scale, info.offset, info.low, info.high) == (0.00625, -25.0, 0.0, 100.0)


def test_a_polynomial_is_what_the_centre_is_told(tmp_path: Path) -> None:
    layout = laid(tmp_path, "address = 0\npolynomial = [1, 0.5, 0.25]", "address = 1\nscale = 0.1")
    curved, straight = described(layout).points
    assert (curved.curve, curved.scale, curved.offset) == ([1.0, 0.5, 0.25], 1.0, 0.0)
    assert (straight.curve, straight.scale) == ([], 0.1)
    assert layout.blocks[0].core.points[0].scaled(2) == 3.0
    assert {block.driver for block in described(layout).blocks} == {"modbus"}


@pytest.mark.parametrize(
    ("points", "place", "said"),
    [
        (["address = 0\nbit = 3"], f"{POINTS}[0].bit", 'type = "bit"'),
        (['address = 0\ntype = "bits"\nbits = [0, 1]\nbit = 3'], f"{POINTS}[0].bit", "means nothing to bits"),
        (["address = 0\nbits = [0, 1]"], f"{POINTS}[0].bits", 'type = "bits"'),
        (['address = 0\ntype = "bit"'], f"{POINTS}[0].bit", "which bit"),
        (['address = 0\ntype = "bit"\nbit = 16'], f"{POINTS}[0].bit", "cannot be used"),
        (['address = 0\ntype = "bits"'], f"{POINTS}[0].bits", "[lowest bit, highest bit]"),
        (['address = 0\ntype = "bits"\nbits = [7, 4]'], f"{POINTS}[0].bits", "no field"),
        (['address = 0\ntype = "bits"\nbits = [0, 16]'], f"{POINTS}[0].bits", "0 (least significant) to 15"),
        (['table = "coil"\naddress = 0\ntype = "float32"'], f"{POINTS}[0].type", "one bit"),
        (['table = "discrete"\naddress = 0\nbit = 1'], f"{POINTS}[0].bit", "but one bit"),
        (
            ['table = "discrete"\naddress = 0\ncurrent_loop = [4, 20]\nrange = [0, 1]'],
            f"{POINTS}[0].current_loop",
            "no current",
        ),
        (["address = 0\ncurrent_loop = [4, 20]"], f"{POINTS}[0].range", "value at 4 mA"),
        (
            ["address = 0\ncurrent_loop = [4, 4]\nrange = [0, 1]"],
            f"{POINTS}[0].current_loop",
            "no two currents",
        ),
        (
            ["address = 0\ncurrent_loop = [4, nan]\nrange = [0, 1]"],
            f"{POINTS}[0].current_loop",
            "no two currents",
        ),
        (["address = 0\ncurrent_loop = [4]\nrange = [0, 1]"], f"{POINTS}[0].current_loop", "cannot be used"),
        (
            ["address = 0\ncurrent_loop = [4, 20]\nrange = [0, 1]\nscale = 0.1"],
            f"{POINTS}[0].current_loop",
            "stands beside",
        ),
        (["address = 0\npolynomial = [1, 2, 3]\nscale = 0.1"], f"{POINTS}[0].polynomial", "stands beside"),
        (["address = 0\npolynomial = [1, 2, 3]\noffset = 0.1"], f"{POINTS}[0].polynomial", "stands beside"),
        (["address = 0\npolynomial = [1, nan]"], f"{POINTS}[0].polynomial", "no number"),
        (["address = 0\npolynomial = [1, 0, 0]"], f"{POINTS}[0].polynomial", "same value"),
        (["address = 0\npolynomial = [1]"], f"{POINTS}[0].polynomial", "same value"),
        (['address = 0\norder = "ACBD"'], f"{POINTS}[0].order", "cannot be used"),
        (['address = 65533\ntype = "int64"'], f"{POINTS}[0].address", "past register 65535"),
        (['address = 0\ntype = "uint64"', "address = 3"], f"{POINTS}[1].address", "belongs to P-0 already"),
        (
            ['address = 0\ntype = "bits"\nbits = [2, 5]', 'address = 0\ntype = "bit"\nbit = 5'],
            f"{POINTS}[1].address",
            "register 0, bit 5, belongs to P-0 already",
        ),
        (
            ['table = "coil"\naddress = 1', 'table = "coil"\naddress = 1'],
            f"{POINTS}[1].address",
            "coil 1 belongs",
        ),
    ],
)
def test_a_mistake_in_a_value_is_named_with_its_place(
    tmp_path: Path, points: list[str], place: str, said: str
) -> None:
    found = problems(tmp_path, *points)
    told = [p for p in found if p.place == place and said in f"{p.problem} {p.remedy}"]
    assert told, [str(p) for p in found]
    assert all(p.file and p.remedy for p in found)


def test_an_order_that_means_nothing_for_the_type_is_fine(tmp_path: Path) -> None:
    layout = laid(
        tmp_path,
        'address = 0\norder = "CDAB"',
        'table = "coil"\naddress = 0\norder = "DCBA"\nscale = -1\noffset = 1',
    )
    assert sorted(p.key for p in described(layout).points) == ["P-0", "P-1"]
