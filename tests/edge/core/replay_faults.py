"""Makes up readings with faults, judges them, and writes down what happened; on CPython and on MicroPython.

    micropython replay_faults.py SEED STEPS > LOG        python replay_faults.py SEED STEPS > LOG

Both logs must be equal to the byte: floats are written as their IEEE 754 bits, never formatted.
"""

import struct
import sys

from edge.core.alarm import Limit
from edge.core.judge import ONES, ZEROS, Judge, Rules
from edge.core.point import FLOAT32, HIGH_FIRST, INT16, UINT16, Block, Point
from edge.core.second import Reading, SecondSpan
from edge.core.siblings import Kinship, Siblings
from edge.core.store import Thrift
from edge.core.watch import Watch
from protocol.quality import COMM_FAILURE, DEVICE_FAILURE, GOOD, SUB_NORMAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from edge.core.alarm import Transition

KEYS = ("A", "B", "C")


class Dice:
    """Numbers that are the same everywhere."""

    def __init__(self, seed: int) -> None:
        self.state = seed

    def roll(self, sides: int) -> int:
        self.state = (self.state * 1103515245 + 12345) & 0x7FFFFFFF
        return (self.state >> 8) % sides


def block() -> Block:
    return Block(
        [
            Point("A", INT16, HIGH_FIRST, 0, 0.1, 0.0, -40.0, 120.0),
            Point("B", UINT16, HIGH_FIRST, 1, 0.5, -10.0, 0.0, 500.0),
            Point("C", FLOAT32, HIGH_FIRST, 2),
        ],
        4,
    )


def limits() -> "list[Limit]":
    made = [
        Limit("A/H", 0, "H", 60.0, 2.0, 1000, 500),
        Limit("B/L", 1, "L", 20.0, 1.0),
        Limit("C/H", 2, "H", 5.0),
    ]
    for i, key in enumerate(KEYS):
        made += [Limit(f"{key}/{side}", i, side, None, 0.0, 1500, 1000) for side in ("Q", "RANGE", "BLANK")]
        made.append(Limit(key + "/STALE", i, "STALE", None, 0.0, 4000 + i, 1000))
        made += [Limit(f"{key}/{side}", i, side, None, 0.0, 0, 700) for side in ("RATE", "STUCK", "SIBLINGS")]
    return made


class Player:
    """One block with everything that judges it."""

    def __init__(self, write: "Callable[[str], object]") -> None:
        self.write = write
        self.minted = 0
        self.frozen = 0  # readings for which the registers stay as they are
        self.shown = b""
        self.block = block()
        self.watch = Watch(self.block, limits(), self.mint, stale_ms=9000)
        self.judge = Judge(
            self.block, [Rules(0, 0, 6000, 2.0), Rules(1, 3000, 9000), Rules(2, 0, 0, 0.5)], ONES | ZEROS
        )
        self.siblings = Siblings([Kinship("A", ["B", "C"], 15.0, 4000), Kinship("C", ["A"], 30.0, 2000, 500)])
        self.thrift = Thrift(self.block, 5000, [0.3, 1.0, 0.5])
        self.second = SecondSpan(self.block, self.watch, 300)

    def mint(self) -> str:
        self.minted += 1
        return f"1-{self.minted}"

    def log(self, now: int, made: "Sequence[Transition]") -> None:
        for t in made:
            value = "-" if t.value is None else struct.pack(">d", t.value).hex()
            self.write(f"{now} {t.alarm} {t.occurrence} {t.transition} {t.state} {value} {t.quality}")

    def data(self, dice: Dice) -> bytes:
        if self.frozen:
            self.frozen -= 1
            return self.shown
        kind = dice.roll(40)
        if kind == 0:
            return b"\xff" * 8
        if kind == 1:
            return b"\x00" * 8
        a = 20000 if kind == 2 else 500 + dice.roll(150) if kind < 30 else 550
        c = float("nan") if kind == 3 else dice.roll(12) / 2
        self.shown = struct.pack(">hHf", a, 20 + dice.roll(160), c)
        self.frozen = 40 if dice.roll(60) == 0 else 0
        return self.shown

    def accept(self, now: int, held: Reading) -> None:
        bad = [i for i, _ in held.exceptions] + [i for i, _, _ in held.faults]
        more = list(held.faults)
        for i, key in enumerate(KEYS):
            good = held.raws is not None and held.quality == GOOD and i not in bad
            value = self.block.scaled(i, held.raws[i]) if held.raws is not None and good else None
            if self.siblings.take(now, key, value):
                more.append((i, "SIBLINGS", SUB_NORMAL))
        made = self.watch.take(now, held.raws, held.quality, held.exceptions, more)
        self.log(now, made)
        if self.thrift.keeps(now, held.raws, held.quality, held.exceptions, len(made) > 0):
            self.write(f"{now} row {held.quality}")

    def step(self, now: int, dice: Dice) -> None:
        self.log(now, self.watch.tick(now))
        what = dice.roll(20)
        if what == 0:
            self.judge.missed()
            self.accept(now, Reading(None, COMM_FAILURE if dice.roll(2) else DEVICE_FAILURE, (), ()))
            return
        if what == 1:
            return
        data = self.data(dice)
        raws = self.block.decode(data)
        exceptions = self.block.exceptions(raws)
        faults = self.judge.blank(data) or self.judge.take(now, raws, GOOD, exceptions, dice.roll(3100))
        held = Reading(raws, GOOD, exceptions, faults)
        settled = self.second.unanswered()
        if settled is not None:
            self.write(f"{now} unanswered {settled[1]}")
            self.accept(now, settled[0])
        if not self.second.wants(now, held):
            self.accept(now, held)
        elif dice.roll(4):
            again = self.block.decode(self.data(dice) if dice.roll(3) == 0 else data)
            settled = self.second.answered(again, GOOD, self.block.exceptions(again))
            if settled is not None:
                self.write(f"{now} second {settled[1]}")
                self.accept(now, settled[0])


def replay(seed: int, steps: int, write: "Callable[[str], object]") -> None:
    """Play so many steps."""
    dice = Dice(seed)
    player = Player(write)
    now = 0
    for _ in range(steps):
        now += (1, 100, 400, 500, 900)[dice.roll(5)]
        player.step(now, dice)


if __name__ == "__main__":
    replay(int(sys.argv[1]), int(sys.argv[2]), print)
