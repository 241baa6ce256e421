"""The same recorded samples give the leaf's plant the same event log on CPython and on MicroPython.

To the byte, with judged faults (blank, rate, stuck), second spans that agree, contradict or never come, rows
of quiet points, horn and beacon. MicroPython of the test environment has 64-bit floats; a build with 32-bit
floats is not tested.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from edge.leaf.desk import ACTIONS
from edge.leaf.prepare import prepare
from protocol import codec
from protocol import messages as m
from tests.edge.core.recording import Chance
from tests.edge.leaf.leaf_at_hand import on_micropython
from tests.edge.leaf.plant_replay import replay

STEPS = 100_000 if os.environ.get("FENGSUI_SOAK") == "1" else 6_000

TOML = """
[gateway]
id = "leaf-1"

[[buses]]
name = "line"
kind = "rtu"
device = "/dev/ttyS1"

[[buses.units]]
key = "GT-1"
unit = 1
readable = [{ table = "holding", first = 0, last = 39 }]

[[buses.units.points]]
key = "GT-1.gas"
address = 0
type = "uint16"
scale = 0.1
range = [0.0, 100.0]
max_rate = 20.0
stuck_after_s = 60
first_up = "pump house"
limits.H = { limit = 20.0, deadband = 1.0, off_delay_s = 3 }
limits.HH = { limit = 50.0, deadband = 1.0, latch = true }

[[buses.units.points]]
key = "GT-1.temp"
address = 2
type = "float32"
range = [-40.0, 80.0]
stuck_after_s = 120
limits.L = { limit = -10.0, deadband = 0.5, on_delay_s = 2, suppressed_by = "LT-2.level < 3.25" }
limits.DEV = { limit = 8.0, deadband = 0.5, setpoint = "GT-1.wanted" }

[[buses.units.points]]
key = "GT-1.wanted"
address = 4
type = "int16"
scale = 0.1

[[buses.units]]
key = "LT-2"
unit = 2
store_every_s = 30
readable = [{ table = "input", first = 0, last = 39 }]

[[buses.units.points]]
key = "LT-2.level"
table = "input"
address = 4
type = "int32"
scale = 0.001
range = [0.0, 12.0]
max_rate = 0.5
bad_priority = 1
store_deadband = 0.05
first_up = "pump house"
limits.LL = { limit = 1.0, deadband = 0.1 }
limits.H = { limit = 9.0, deadband = 0.1, on_delay_s = 1, off_delay_s = 5, suppressed_by = "GT-1.gas/HH" }

[[annunciators]]
name = "main"
horn = { bus = "line", unit = 10, coil = 0 }
button = { bus = "line", unit = 10, input = 0 }
"""


class Walk:
    """One value that walks about its limits, jumps and stands still."""

    def __init__(self, chance: Chance, targets: list[float], step: float) -> None:
        self.chance, self.targets, self.step = chance, targets, step
        self.value = targets[0]
        self.still = 0

    def next(self) -> float:
        chance = self.chance
        self.still = max(0, self.still - 1)
        if chance.one_in(400):
            self.still = 150
        if chance.one_in(300):  # more than the instrument can show, for longer than its delay
            self.value, self.still = max(self.targets) * 2.08, 25
        if not self.still:
            target = self.targets[chance.below(len(self.targets))]
            self.value += (chance.below(2001) - 1000) / 1000 * self.step + (target - self.value) * 0.04
            if chance.one_in(60):
                self.value = target * (0.9 + chance.below(21) / 100)
        return self.value


def recording(seed: int, steps: int, plan: dict[str, list[dict[str, list[int]]]]) -> Iterator[str]:
    chance = Chance(seed)
    gas = Walk(chance, [5.0, 20.0, 50.0, 5.0], 2.0)
    temp = Walk(chance, [20.0, -12.0, -14.0], 1.0)
    level = Walk(chance, [5.0, 1.0, 9.0, 5.0], 0.2)
    lost = [0, 0]
    now = down = 0
    for _ in range(steps):
        now += [1000, 1000, 997, 250, 1, 4000][chance.below(6)]
        which = chance.below(2)
        count = plan["blocks"][which]["what"][3]
        lost[which] = max(0, lost[which] - 1)
        if chance.one_in(40):
            lost[which] = 1 + chance.below(9)
        data = bytearray(2 * count)
        if which == 0:
            whole = max(0, min(65535, round(gas.next() * 10)))
            struct.pack_into(">H", data, 0, whole)
            struct.pack_into(">f", data, 4, float("nan") if chance.one_in(80) else temp.next())
            struct.pack_into(">h", data, 8, 200 - 10 * chance.below(3))
        else:
            struct.pack_into(">i", data, 0, round(level.next() * 1000))
        if chance.one_in(90):
            data = bytearray(b"\xff" * len(data))
        first = "-" if lost[which] else data.hex()
        skip = plan["blocks"][which]["confirm"][2] - plan["blocks"][which]["what"][2]
        size = plan["blocks"][which]["confirm"][4]
        wide = bytes(max(0, -2 * skip)) + bytes(data)
        again = (wide[max(0, 2 * skip) :] + bytes(size))[:size]
        if chance.one_in(12):
            again = bytes([chance.below(256) for _ in range(size)])
        second = ["none", "-", again.hex()][min(2, chance.below(14))]
        quality = 24 if lost[which] else [192, 192, 192, 64][chance.below(4) if chance.one_in(9) else 0]
        yield f"read {now} {which} {quality} {first} {second}"
        if chance.one_in(25):
            down = 1 - down
            yield f"press {now + 3} {down}"
        if chance.one_in(70):
            yield f"do {now + 5} acknowledge " + ["*", "GT-1.gas/H", "LT-2.level/LL"][chance.below(3)] + " 0"
        if chance.one_in(90):
            yield f"do {now + 6} silence * 0"
        if chance.one_in(30):
            action = [
                "shelve",
                "shelve",
                "unshelve",
                "unshelve",
                "out-of-service",
                "in-service",
                "in-service",
                "reset",
            ]
            alarm = ["GT-1.gas/H", "GT-1.gas/HH", "LT-2.level/H", "GT-1.temp/Q"][chance.below(4)]
            seconds = 20 + chance.below(200)
            yield f"do {now + 7} {action[chance.below(8)]} {alarm} {seconds}"
        if chance.one_in(120):
            yield f"do {now + 8} test * 0"
        if chance.one_in(300):
            yield f"restart {1_790_000_000_000 + chance.below(10**9)}"
            now = down = 0
        now += 40  # the second read took its time


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", [20261122, 7])
def test_recorded_samples_give_the_same_records_on_both_runtimes(seed: int, tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_text(TOML)
    encoded = prepare(tmp_path / "gateway.toml")
    (tmp_path / "leaf.plan").write_bytes(encoded)
    plan = msgspec.msgpack.decode(encoded)
    lines = list(recording(seed, STEPS, plan))
    (tmp_path / "recording.txt").write_text("\n".join(lines) + "\n")
    log: list[str] = []
    replay(plan, lines, log.append)
    theirs = on_micropython(
        Path(__file__).with_name("plant_replay.py"),
        tmp_path / "leaf.plan",
        tmp_path / "recording.txt",
        heap="64m",
    )
    assert theirs == "".join(f"{line}\n" for line in log)
    events = [
        msgspec.msgpack.decode(bytes.fromhex(line.split()[1]))[0][0]
        for line in log
        if line.startswith("event ")
    ]
    sides = {e["alarm"].split("/")[1] for e in events if e["kind"] == "alarm"}
    assert {"L", "H", "HH", "LL", "DEV", "Q", "BLANK", "RANGE", "RATE", "STUCK"} <= sides
    assert {e["kind"] for e in events} == {"alarm", "operator", "presence", "output"}
    assert {e["action"] for e in events if e["kind"] == "operator"} == set(ACTIONS)
    assert {e["state"] for e in events if e["kind"] == "alarm"} == set("ABCDEFGHI")
    assert {True, False} <= {e["first"] for e in events if e["kind"] == "alarm"}
    raised = [e for e in events if e["kind"] == "alarm" and e["transition"] == m.RAISE]
    assert {64, 192} <= {e["quality"] for e in raised}  # doubted (no second read came) and confirmed
    assert codec.decode_description(plan["description"]).gateway == "leaf-1"
