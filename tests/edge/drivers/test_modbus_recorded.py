"""Recorded frames, good and bad: what the framer makes of them, and what the port makes of that."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from edge.core.transaction import ACCEPT, ECHO_NO, ECHO_UNKNOWN, NOTHING, REFUSE, REJECT, Port, Request
from edge.core.unit import READ, Unit
from edge.drivers.modbus.ascii import AsciiStream
from edge.drivers.modbus.frame import MASTER, FramingLost, RtuStream, TcpStream

if TYPE_CHECKING:
    from edge.drivers.modbus.frame import Frame

FOLDER = Path(__file__).with_name("frames")
KINDS = ("tcp", "rtu", "ascii")
RECORDED = [
    (kind, one) for kind in KINDS for one in tomllib.loads((FOLDER / f"{kind}.toml").read_text())["frames"]
]
IDS = [f"{kind}: {one['name']}" for kind, one in RECORDED]
EFFECTS = {"accept": ACCEPT, "refuse": REFUSE, "reject": REJECT, "wait": NOTHING}


def received(one: dict[str, Any]) -> bytes:
    return one["text"].encode("latin-1") if "text" in one else bytes.fromhex(one["bytes"])


def cut(kind: str, one: dict[str, Any], size: int) -> tuple[list[Frame], int]:
    """Return the frames of a recording that comes in pieces of `size` bytes, and how much was skipped."""
    data = received(one)
    chunks = [data[i : i + size] for i in range(0, len(data), size)]
    own = bytes.fromhex(one.get("own", ""))
    frames: list[Frame] = []
    if kind == "tcp":
        tcp = TcpStream()
        for chunk in chunks:
            frames += tcp.take(chunk)
        return frames, tcp.malformed
    stream = AsciiStream() if kind == "ascii" else RtuStream(20)
    for chunk in chunks:
        frames += stream.take(chunk, 0, own)
    frames += stream.settle(own) if one.get("settle") else []
    return frames, stream.malformed


def expected(one: dict[str, Any]) -> list[Frame]:
    return [
        (f["unit"], f["function"], bytes.fromhex(f["payload"]), f.get("id", 0)) for f in one.get("gives", [])
    ]


KEPT = [
    pytest.param(*pair, id=name) for name, pair in zip(IDS, RECORDED, strict=True) if "lost" not in pair[1]
]
LOST = [pytest.param(*pair, id=name) for name, pair in zip(IDS, RECORDED, strict=True) if "lost" in pair[1]]
ASKED = [pytest.param(*pair, id=name) for name, pair in zip(IDS, RECORDED, strict=True) if "asked" in pair[1]]


@pytest.mark.parametrize(("kind", "one"), KEPT)
@pytest.mark.parametrize("size", [1000, 7, 1])
def test_a_recorded_frame_gives_what_is_written_beside_it(kind: str, one: dict[str, Any], size: int) -> None:
    frames, malformed = cut(kind, one, size)
    assert frames == expected(one)
    assert malformed == one.get("malformed", malformed)


@pytest.mark.parametrize(("kind", "one"), LOST)
@pytest.mark.parametrize("size", [1000, 7, 1])
def test_a_header_that_is_none_loses_the_framing(kind: str, one: dict[str, Any], size: int) -> None:
    with pytest.raises(FramingLost):
        cut(kind, one, size)


@pytest.mark.parametrize(("kind", "one"), ASKED)
def test_the_port_does_with_it_what_is_written_beside_it(kind: str, one: dict[str, Any]) -> None:
    asked = one["asked"]
    units = [Unit(number, 300, [], 0) for number in (17, 18)]
    port = Port(units, 20, ECHO_NO if kind == "tcp" else ECHO_UNKNOWN)
    own = bytes.fromhex(one.get("own", ""))
    port.sent(Request(asked["unit"], asked["function"], asked["size"], READ, 300, own), 0)
    effects = [
        port.asked(payload, 5)
        if function == MASTER
        else port.frame(unit, function, payload, number == asked.get("id", 0), 5)
        for unit, function, payload, number in cut(kind, one, 1000)[0]
    ]
    assert next((effect for effect in effects if effect), NOTHING) == EFFECTS[one["effect"]]
