"""People's actions at a leaf and at a gateway: the same configuration, the same answers, the same records."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import msgspec

from edge.leaf.desk import ACTIONS
from edge.leaf.plant import Plant
from edge.leaf.prepare import prepare
from protocol import codec
from protocol import messages as m
from tests.edge.leaf.plant_replay import Clock, Log
from tests.edge.plant_by_hand import START_UTC_MS, Hand, plant_by_hand

UNITS = """
[[buses.units]]
key = "GT-1"
unit = 1
poll_interval_ms = 1000
readable = [{ first = 0, last = 19 }]

[[buses.units.points]]
key = "GT-1.gas"
address = 0
range = [0.0, 100.0]
first_up = "hall"
limits.H = { limit = 20.0, deadband = 1.0, priority = 2 }
limits.HH = { limit = 50.0, deadband = 1.0, latch = true, priority = 3 }

[[buses.units.points]]
key = "GT-1.flow"
address = 1
range = [0.0, 100.0]
first_up = "hall"
limits.L = { limit = 10.0, deadband = 1.0, suppressed_by = "GT-1.pump < 0.5" }

[[buses.units.points]]
key = "GT-1.pump"
address = 2
range = [0.0, 1.0]

[[annunciators]]
name = "main"
horn = { bus = "field", unit = 10, coil = 0 }
"""
LINE = '[gateway]\nid = "gw-test"\n[[buses]]\nname = "field"\nkind = "rtu"\ndevice = "/dev/ttyS1"\n'


class Both:
    """A gateway's plant and a leaf's, with their clocks moved together."""

    def __init__(self, hand: Hand, folder: Path) -> None:
        self.hand = hand
        self.lines: list[str] = []
        self.clock = Clock()
        self.clock.boot, self.clock.offset = hand.clock.boot, START_UTC_MS
        (folder / "leaf.toml").write_text(LINE + UNITS)
        self.leaf = Plant(msgspec.msgpack.decode(prepare(folder / "leaf.toml")), self.clock, 1_000_000)
        self.leaf.begin(Log(self.lines.append, self.clock), {}, lambda _: None)
        self.answers: list[tuple[str, str]] = []

    def read(self, *registers: int) -> None:
        self.hand.read(*registers)
        read = self.leaf.watched[0].read
        words = b"".join(register.to_bytes(2, "big") for register in registers)
        self.leaf.take(read, words + words[-2:] * (read.count - len(registers)), 192, 5, "")
        if self.leaf.watched[0].second.held is not None:  # the gateway's plant asks nobody here
            confirm = self.leaf.watched[0].confirm
            assert confirm is not None
            again = (words + words[-2:] * 100)[2 * (confirm.address - read.address) :][: 2 * confirm.count]
            self.leaf.take(confirm, again, 192, 5, "")

    def after(self, ms: int) -> None:
        self.hand.time_passes(ms)
        for _ in range(0, ms, 500):  # whatever is due falls on one of these steps
            self.clock.now += 500
            self.leaf.tick(self.clock.now)

    def do(self, action: str, which: str = "", reason: str = "", for_ms: int = 0, by: str = "county") -> None:
        theirs = self.hand.plant.desk.operate(
            action, which, "centre", by, command="c-1", reason=reason, for_ms=for_ms
        )
        ours = self.leaf.desk.operate(self.clock.now, action, which, "centre", by, "c-1", reason, for_ms, "")
        assert ours == (theirs.result, theirs.detail)
        self.answers.append(ours)

    def events(self) -> list[Any]:
        self.leaf.tick(self.clock.now)
        found = [line.split()[1] for line in self.lines if line.startswith("event ")]
        return [
            event
            for number, body in enumerate(found, 1)
            for _, event, _ in codec.decode_events(bytes.fromhex(body), number, number)
            if isinstance(event, m.AlarmEvent | m.OperatorEvent)
        ]

    def agree(self) -> None:
        theirs = [e for e in self.hand.events if isinstance(e, m.AlarmEvent | m.OperatorEvent)]
        assert [msgspec.structs.replace(e, seq=0) for e in self.events()] == [
            msgspec.structs.replace(e, seq=0) for e in theirs
        ]


def test_a_leaf_answers_and_records_what_a_gateway_does(tmp_path: Path) -> None:
    async def run() -> None:
        async with plant_by_hand(tmp_path, UNITS) as hand:
            both = Both(hand, tmp_path)
            both.read(5, 50, 1)
            both.do("dance")
            both.do("silence", "GT-1.none/H")
            for action in ACTIONS:
                both.do(action)
            both.do("shelve", "GT-1.gas/HH", "", 60_000)  # priority 3 without a reason
            both.do("shelve", "GT-1.gas/H", "", 0)
            both.do("shelve", "GT-1.gas/H", "", 9 * 3_600_000)
            both.do("shelve", "GT-1.gas/H", "", 60_000, by="")
            both.do("out-of-service", "GT-1.flow/L")
            both.do("in-service", "GT-1.flow/L")
            both.do("unshelve", "GT-1.flow/L")
            both.after(1000)
            both.read(30, 50, 1)  # H is first of its group
            both.after(1000)
            both.read(60, 5, 1)  # HH and L follow
            both.do("silence", "GT-1.gas/HH")
            both.do("acknowledge", "GT-1.gas/H")
            both.do("acknowledge", "GT-1.gas/H")
            both.do("shelve", "GT-1.gas/H", "calibration", 60_000)
            both.do("out-of-service", "GT-1.flow/L", "flow meter is out")
            both.do("out-of-service", "GT-1.flow/L", "again")
            both.after(1000)
            both.read(60, 5, 0)  # the pump stands: L is suppressed as well
            both.do("in-service", "GT-1.flow/L", "back")
            both.do("acknowledge")
            both.do("reset", "GT-1.gas/HH")
            both.after(61_000)  # the shelving ends by itself
            both.read(5, 50, 1)
            both.do("acknowledge")
            both.do("reset")
            both.do("unshelve", "GT-1.gas/H")
            both.do("test")
            await asyncio.sleep(0)
            both.after(1000)
            while len([e for e in hand.events if isinstance(e, m.AlarmEvent | m.OperatorEvent)]) < len(
                both.events()
            ):
                await asyncio.sleep(0.01)
            both.agree()
            states = {e.state for e in both.events() if isinstance(e, m.AlarmEvent)}
            assert {"A", "B", "C", "F", "G", "H", "I"} <= states
            assert {detail for result, detail in both.answers if result == "refused"} >= {
                "name one alarm: all cannot be shelved at once",
                "no horn is configured here",
            }

    asyncio.run(run())
