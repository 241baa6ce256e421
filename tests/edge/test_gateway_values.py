"""Every kind of number, coils and inputs, from the wire into the spool; an alarm and a button beside them."""

import asyncio
import contextlib
import math
import sqlite3
import struct
from pathlib import Path

from edge.config import load
from edge.layout import lay_out
from protocol import codec
from protocol import messages as m
from protocol.quality import SENSOR_FAILURE
from rig.slave import Slave
from tests.edge.core.recording import ordered
from tests.edge.plant_at_hand import running_gateway, until

SITE = """
[gateway]
id = "gw-test"
clock = "assume-synchronised"
[spool]
commit_ms = 200
[uplink]
enabled = false
[[buses]]
name = "field"
kind = "tcp"
host = "127.0.0.1"
port = {port}
timeout_ms = 150
  [[buses.units]]
  key = "U"
  unit = 1
  poll_interval_ms = 100
  blank = "none"
  readable = [
    {{ first = 0, last = 59 }}, {{ table = "coil", first = 0, last = 63 }},
    {{ table = "discrete", first = 0, last = 63 }},
  ]
{points}
[[annunciators]]
name = "main"
horn = {{ bus = "field", unit = 1, coil = 60 }}
button = {{ bus = "field", unit = 1, input = 7, poll_interval_ms = 100 }}
"""
POINTS = [  # key, keys, registers at address, raw number
    (
        "I64",
        'address = 0\ntype = "int64"\norder = "CDAB"',
        ordered((-5).to_bytes(8, "big", signed=True), 2),
        -5,
    ),
    ("U64", 'address = 4\ntype = "uint64"', (2**64 - 3).to_bytes(8, "big"), 2**64 - 3),
    ("F64", 'address = 8\ntype = "float64"\norder = "DCBA"', ordered(struct.pack(">d", 0.1), 4), 0.1),
    ("B32", 'address = 12\ntype = "bcd32"\norder = "BADC"', ordered(bytes.fromhex("20261122"), 3), 20261122),
    ("BIT", 'address = 14\ntype = "bit"\nbit = 9', b"\x02\x34", 1),
    ("BITS", 'address = 14\ntype = "bits"\nbits = [2, 5]', b"\x02\x34", 0b1101),
    ("LOOP", "address = 15\ncurrent_loop = [4000, 20000]\nrange = [0, 100]", struct.pack(">H", 12000), 12000),
    ("WEIR", "address = 16\npolynomial = [0.5, 0.25, 0.125]", struct.pack(">H", 10), 10),
]


def stored(folder: Path, layout_points: list[tuple[str, int, int]]) -> dict[str, list[tuple[float, int]]]:
    """Raw number and quality of every stored value, by point."""
    found: dict[str, list[tuple[float, int]]] = {key: [] for key, _, _ in layout_points}
    with contextlib.closing(sqlite3.connect(folder / "state" / "measurements.db")) as db:
        batches = list(db.execute("SELECT first, last, body FROM batch ORDER BY id"))
    for first, last, body in batches:
        for rows in codec.decode_measurements(body, first, last).blocks:
            worse = {(row, index): quality for row, index, quality in rows.exceptions}
            for row, line in enumerate(rows.values):
                for key, block, index in layout_points:
                    if block == rows.block and line is not None:
                        found[key].append((line[index], worse.get((row, index), rows.quality[row])))
    return found


def test_every_kind_of_number_is_stored_as_it_was_read_and_a_button_beside_a_point_works(
    tmp_path: Path, board: Slave
) -> None:
    described: list[m.PointInfo] = []

    async def run() -> None:
        tables = [f'[[buses.units.points]]\nkey = "{key}"\n{keys}\n' for key, keys, _, _ in POINTS]
        for key, keys in (
            ("COIL", 'table = "coil"\naddress = 3'),
            ("IN", 'table = "discrete"\naddress = 5\nlimits.H = { limit = 1 }'),
            ("BCD", 'address = 30\ntype = "bcd16"'),
        ):
            tables.append(f'[[buses.units.points]]\nkey = "{key}"\n{keys}\n')
        unit = board[1]
        for _, keys, data, _ in POINTS:
            at = int(keys.split("\n")[0].removeprefix("address = "))
            unit.holding[at : at + len(data) // 2] = struct.unpack(f">{len(data) // 2}H", data)
        unit.holding[30] = 0x12A4
        unit.coils[3] = 1
        unit.discrete[5] = 1
        path = tmp_path / "gateway.toml"
        async with board.tcp() as port:
            path.write_text(SITE.format(port=port, points="".join(tables)))
            layout = lay_out(load(path), "")
            described.extend(codec.decode_description(layout.description).points)
            async with running_gateway(path):
                await until(lambda: unit.coils[60])  # the input's alarm sounds
                unit.discrete[7] = 1
                await until(lambda: not unit.coils[60])  # and the button in the same read silences it
                before = unit.requests
                await until(lambda: unit.requests > before + 20)

    asyncio.run(run())
    places = [(point.key, point.block, point.index) for point in described]
    values = stored(tmp_path, places)
    for key, _, _, raw in POINTS:
        assert set(values[key]) == {(raw, 192)}, key
    assert set(values["COIL"]) == {(1, 192)}
    assert set(values["IN"]) == {(1, 192)}
    assert {quality for _, quality in values["BCD"]} == {SENSOR_FAILURE}
    assert all(math.isnan(raw) for raw, _ in values["BCD"])
    by_key = {point.key: point for point in described}
    assert by_key["WEIR"].curve == [0.5, 0.25, 0.125]
    assert (by_key["LOOP"].scale, by_key["LOOP"].offset) == (0.00625, -25.0)
