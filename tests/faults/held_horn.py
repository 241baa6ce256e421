"""A gateway as a process with a held horn on boards of the rig, and how long its relay takes to let go."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from rig.programs import Program
from rig.relay_boards import PlainBoard

TOML = """
[gateway]
id = "gw-held"
name = "held"
state = "state"
clock = "assume-synchronised"

[uplink]
enabled = false

[[buses]]
name = "field"
{bus}

  [[buses.units]]
  key = "GT-101"
  unit = 1
  poll_interval_ms = 100
  readable = [{{ first = 0, last = 9 }}]
    [[buses.units.points]]
    key = "GT-101"
    address = 0
    scale = 0.1
    unit = "ppm"
    range = [0, 100]
    bad_after_s = 5
    limits.H = {{ limit = 10, deadband = 1 }}

[[annunciators]]
name = "main"
{horn}
"""
PULSE = (
    'horn = { bus = "BUS", unit = 10, coil = 0, inverted = true, hold = { style = "pulse", address = 512 } }'
)
WATCHDOG = 'horn = { bus = "BUS", unit = 10, coil = 0, inverted = true, hold = { style = "watchdog" } }'
PLAIN = 'horn = { bus = "BUS", unit = 10, coil = 0 }'


def tcp(port: int) -> str:
    return f'kind = "tcp"\nhost = "127.0.0.1"\nport = {port}\ntimeout_ms = 150'


def rtu(device: str, extra: str = "") -> str:
    return f'kind = "rtu"\ndevice = "{device}"\nbaudrate = 115200\ntimeout_ms = 150\n{extra}'


def configured(folder: Path, bus: str, horn: str, more: str = "", on: str = "field") -> Path:
    """Write a configuration; `more` are further tables, and `on` is the bus of the horn."""
    path = folder / "gateway.toml"
    path.write_text(TOML.format(bus=bus, horn=horn.replace("BUS", on)) + more, encoding="utf-8")
    return path


def gateway(path: Path, env: dict[str, str] | None = None) -> Program:
    return Program(["edge", "run", "--config", str(path)], path.parent / "gateway.log", env)


def lets_go_s(board: PlainBoard, coil: int = 0, most: float = 10.0) -> float:
    """Return how long the relay stays in, from now on."""
    began = time.monotonic()
    while board.energised(coil):
        assert time.monotonic() - began < most, "the relay never let go"
        time.sleep(0.005)
    return time.monotonic() - began


def stays(fact: Callable[[], bool], seconds: float) -> bool:
    """Say whether something is true all the time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not fact():
            return False
        time.sleep(0.01)
    return True
