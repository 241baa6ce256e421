"""Plays recorded samples through the leaf's whole plant and writes down every record; runs on both runtimes.

    micropython plant_replay.py PLAN RECORDING > LOG        python plant_replay.py PLAN RECORDING > LOG

Events are written as the bytes that would be signed, rows as the hash of their batch: judged faults, second
spans, delays, horn and beacon are all in it. A recording is text, one thing a line:

    read NOW BLOCK QUALITY BYTES|- SECOND|-|none     (what the second read shows; none: it never comes)
    press NOW 0|1     do NOW ACTION ALARM|* SECONDS     restart OFFSET
"""

import hashlib
import sys

from edge.leaf.frames import events_body, measurements_body
from edge.leaf.msgpack import unpack
from edge.leaf.plant import Plant

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any


class Clock:
    """Stands still until it is set."""

    boot = 0x1122334455667788

    def __init__(self) -> None:
        self.now = 0
        self.offset = 1_790_000_000_000

    def mono_ms(self) -> int:
        return self.now

    def utc_ms(self) -> int:
        return self.now + self.offset

    def state(self) -> int:
        return 1

    def stamp(self) -> "tuple[int, int, int]":
        return self.utc_ms(), self.now, 1


class Log:
    """Takes records where a buffer would."""

    def __init__(self, write: "Callable[[str], object]", clock: Clock) -> None:
        self.write = write
        self.clock = clock
        self.seq = 0
        self.saved_alarms: list[Any] = []

    def record(self, makes: "Any", at: "Any") -> None:
        for make in makes:
            self.seq += 1
            self.write("event " + events_body([make(self.seq, at)]).hex())

    def add(self, closed: "Any") -> None:
        if closed is not None:
            body = measurements_body(closed.base_ms, closed.base_mono_ms, closed.columns)
            self.write(
                f"rows {closed.count} {hashlib.sha256(body).digest().hex()}"  # noqa: FURB181 - MicroPython lacks hexdigest
            )


class Output:
    """A horn or beacon that is only written down."""

    fresh = False
    reads_back = True
    confirmed = True

    def __init__(self, name: str, write: "Callable[[str], object]") -> None:
        self.name, self.write, self.wanted, self.ok = name, write, False, True

    def set(self, on: bool, now: int) -> None:
        if on != self.wanted:
            self.wanted = self.confirmed = on
            self.write(f"{self.name} {on} {now}")


class Player:
    """One leaf's plant whose time and line are a recording."""

    def __init__(self, plan: "dict[str, Any]", write: "Callable[[str], object]") -> None:
        self.plan, self.write = plan, write
        self.clock = Clock()
        self.log = Log(write, self.clock)
        self.asked: Any = None
        self.build()

    def build(self) -> None:
        self.plant = Plant(self.plan, self.clock, 5000)
        outputs = {name: Output(name, self.write) for name in ("horn", "beacon")}
        self.plant.begin(self.log, outputs, self.ask)

    def ask(self, read: "Any") -> None:
        self.asked = read

    def until(self, now: int) -> None:
        """Let time pass in steps of a quarter second, as a board's loop would, only coarser."""
        while self.clock.now + 250 < now:
            self.clock.now += 250
            self.plant.tick(self.clock.now)
        self.clock.now = now
        self.plant.tick(now)

    def do_read(self, now: str, block: str, quality: str, data: str, second: str) -> None:
        self.until(int(now))
        read = self.plant.watched[int(block)].read
        self.plant.take(read, None if data == "-" else bytes.fromhex(data), int(quality), 12, "")
        if self.asked is not None and second != "none":
            read, self.asked = self.asked, None
            self.clock.now += 8
            self.plant.take(read, None if second == "-" else bytes.fromhex(second), 192, 8, "")
        self.asked = None

    def do_press(self, now: str, down: str) -> None:
        self.until(int(now))
        self.plant.desk.button(down == "1", self.clock.now)

    def do_do(self, now: str, action: str, alarm: str, seconds: str) -> None:
        self.until(int(now))
        which = "" if alarm == "*" else alarm
        answer = self.plant.desk.operate(
            self.clock.now, action, which, "centre", "county", "c-1", "maintenance", 1000 * int(seconds)
        )
        self.write("answer " + " ".join(answer))

    def do_restart(self, offset: str) -> None:
        self.plant.flush()
        self.log.saved_alarms = self.plant.dump()
        self.clock.now, self.clock.offset = 0, int(offset)
        self.build()


def replay(plan: "dict[str, Any]", lines: "Iterable[str]", write: "Callable[[str], object]") -> None:
    """Play a recording; `write` gets each line of the log."""
    player = Player(plan, write)
    for line in lines:
        words = line.split()
        getattr(player, "do_" + words[0])(*words[1:])


if __name__ == "__main__":
    with open(sys.argv[1], "rb") as file:  # noqa: PTH123 - MicroPython has no pathlib
        held = unpack(file.read())
    with open(sys.argv[2]) as recording:  # noqa: PTH123
        replay(held, recording, print)
