"""Plays a recording through edge.core and writes down what happened; runs on CPython and on MicroPython.

    micropython replay.py RECORDING > LOG        python replay.py RECORDING > LOG

Both logs must be equal to the byte: floats are written as their IEEE 754 bits, never formatted.

A recording is text, one thing a line; floats as 16 hex digits, "-" for none:

    point KEY KIND ORDER INDEX SCALE OFFSET LOW HIGH [LOWEST HIGHEST USABLE_LOW USABLE_HIGH C0,C1,...]
    limit ID POINT SIDE LIMIT DEADBAND ON OFF LATCH PRIORITY [SETPOINT WINDOW DIRECTION GROUP]
    start REGISTERS QUALITY_DELAY STALE HORN_FROM
    wake 1|0                         ticks come when they are due, or only with `tick`
    read NOW QUALITY BYTES           tick NOW
    ack NOW ID|*                     reset NOW ID|*
    silence NOW                      press NOW
    shelve NOW ID FOR                unshelve NOW ID
    out NOW ID 1|0                   suppress NOW ID 1|0
    refer ID SETPOINT
    beat NOW BOOT COUNTER
    shift ID LIMIT                   from the next restart on
    restart OFFSET                   time begins anew
    number KIND ORDER LOWEST HIGHEST SCALE LOW HIGH C0,C1,... BYTES      one number and its band
    coils COUNT PLACE,PLACE,... BYTES                                    loop 4MA 20MA VALUE VALUE
    text ORDER BYTES                                                     values NUMBER NUMBER ...
"""

import math
import struct
import sys

from edge.core.alarm import Limit
from edge.core.annunciator import ACKNOWLEDGE_ALL, RESET_ALL, Annunciator
from edge.core.board import close
from edge.core.decode import text
from edge.core.heartbeat import Presence
from edge.core.loop import current_loop
from edge.core.point import BIT, FLOAT64, HIGH_FIRST, BitBlock, Block, Point, Values
from edge.core.watch import Watch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from edge.core.alarm import Transition


def bits(value: float | None) -> str:
    """Write a float as its bits, the same for every NaN; "-" for None."""
    if value is None:
        return "-"
    return "nan" if math.isnan(value) else struct.pack(">d", value).hex()


def number(text: str) -> float:
    """Read what `bits` wrote."""
    value: float = struct.unpack(">d", bytes.fromhex(text))[0]
    return value


def maybe(text: str) -> float | None:
    """Read what `bits` wrote, also "-"."""
    return None if text == "-" else number(text)


def exact(raw: float) -> str:
    """Write a raw number: a whole one with all its digits, a float as its bits."""
    return str(raw) if isinstance(raw, int) else bits(raw)


def floats(text: str) -> list[float]:
    """Read what `bits` wrote, joined by commas; "-" for none."""
    return [] if text == "-" else [number(one) for one in text.split(",")]


class Player:
    """One gateway with one block, its annunciator and the presence of its instrument."""

    def __init__(self, write: "Callable[[str], object]") -> None:
        self.write = write
        self.points: list[Point] = []
        self.limits: dict[str, list[Any]] = {}
        self.order: list[str] = []
        self.minted = 0
        self.wake = True
        self.now = 0
        self.shown = ""
        self.presence = Presence(1000, 2, 4)

    def mint(self) -> str:
        self.minted += 1
        return f"{7:08x}-{self.minted}"

    def build(self) -> None:
        limits = [Limit(*self.limits[name]) for name in self.order]
        self.watch = Watch(
            self.block, limits, self.mint, quality_delay_ms=self.settings[0], stale_ms=self.settings[1]
        )
        self.annunciator = Annunciator(self.settings[2])

    def tell(self, made: "list[Transition]") -> None:
        for t in made:
            self.annunciator.take(t, self.now)
            self.write(
                f"event {t.mono_ms} {t.alarm} {t.occurrence or '-'} {t.transition} {t.state} {bits(t.value)}"
                f" {t.quality} {t.side} {t.priority}"
            )
            if t.under or t.first:
                self.write(f"cover {t.under or '-'} {t.first} {t.by} {t.until_ms}")

    def until(self, now: int) -> None:
        """Let time pass as a gateway does: wake at each due time."""
        while self.wake:
            due = self.watch.next_due()
            if due is None or due > now:
                break
            self.now = max(self.now, due)
            self.tell(self.watch.tick(self.now))
        self.now = now

    def show(self) -> None:
        now = self.now
        horn, beacon = self.annunciator.outputs(now)
        due = self.annunciator.next_due(now)
        present = f"{self.presence.state(now)} {self.presence.next_due(now)}"
        text = f"{horn} {beacon} {self.annunciator.pattern} {due} {self.watch.next_due()} {present}"
        if text != self.shown:
            self.shown = text
            self.write(f"show {now} {text}")

    def play(self, line: str) -> None:
        words = line.split()
        if words and words[0] != "#":
            getattr(self, "do_" + words[0])(*words[1:])

    def do_point(
        self,
        key: str,
        kind: str,
        order: str,
        index: str,
        scale: str,
        offset: str,
        low: str,
        high: str,
        lowest: str = "0",
        highest: str = "0",
        usable_low: str = "-",
        usable_high: str = "-",
        curve: str = "-",
    ) -> None:
        self.points.append(
            Point(
                key,
                int(kind),
                int(order),
                int(index),
                number(scale),
                number(offset),
                maybe(low),
                maybe(high),
                curve=floats(curve),
                usable_low=maybe(usable_low),
                usable_high=maybe(usable_high),
                bits=(int(lowest), int(highest)),
            )
        )

    def do_number(
        self,
        kind: str,
        order: str,
        lowest: str,
        highest: str,
        scale: str,
        low: str,
        high: str,
        curve: str,
        data: str,
    ) -> None:
        point = Point(
            "N",
            int(kind),
            int(order),
            0,
            number(scale),
            0.0,
            maybe(low),
            maybe(high),
            curve=floats(curve),
            bits=(int(lowest), int(highest)),
        )
        (raw,) = Block([point], len(data) // 4).decode(bytes.fromhex(data))
        band = point.band()
        value = bits(point.scaled(raw))
        self.write(f"number {exact(raw)} {value} {point.quality(raw)} {exact(band[0])} {exact(band[1])}")

    def do_coils(self, count: str, places: str, data: str) -> None:
        points = [Point(place, BIT, HIGH_FIRST, int(place)) for place in places.split(",")]
        self.write(f"coils {BitBlock(points, int(count)).decode(bytes.fromhex(data))}")

    def do_loop(self, *numbers: str) -> None:
        self.write("loop " + " ".join([bits(one) for one in current_loop(*[number(n) for n in numbers])]))

    def do_text(self, order: str, data: str) -> None:
        self.write("text " + text(bytes.fromhex(data), int(order)))

    def do_values(self, *numbers: str) -> None:
        values = Values(
            [Point(f"V{i}", FLOAT64, HIGH_FIRST, i, low=0.0, high=9.0) for i in range(len(numbers))]
        )
        raws = values.decode(tuple([number(one) for one in numbers]))
        self.write(f"values {values.exceptions(raws, [(0, 24)])} {[bits(raw) for raw in raws]}")

    def do_limit(
        self,
        name: str,
        point: str,
        side: str,
        limit: str,
        deadband: str,
        on: str,
        off: str,
        latch: str,
        priority: str,
        setpoint: str = "-",
        window: str = "0",
        direction: str = "0",
        group: str = "",
    ) -> None:
        self.order.append(name)
        self.limits[name] = [
            name,
            int(point),
            side,
            maybe(limit),
            number(deadband),
            int(on),
            int(off),
            latch == "1",
            int(priority),
            maybe(setpoint),
            int(window),
            int(direction),
            group,
        ]

    def do_start(self, registers: str, quality_delay: str, stale: str, horn_from: str) -> None:
        self.block = Block(self.points, int(registers))
        self.settings = (int(quality_delay), int(stale), int(horn_from))
        self.build()

    def do_wake(self, on: str) -> None:
        self.wake = on == "1"

    def do_read(self, now: str, quality: str, data: str) -> None:
        self.until(int(now))
        if data == "-":
            self.tell(self.watch.take(self.now, None, int(quality)))
        else:
            raws = self.block.decode(bytes.fromhex(data))
            exceptions = self.block.exceptions(raws)
            values = " ".join([bits(self.block.scaled(i, raw)) for i, raw in enumerate(raws)])
            self.write(f"read {now} {values} {exceptions}")
            self.tell(self.watch.take(self.now, raws, int(quality), exceptions))
        self.show()

    def do_tick(self, now: str) -> None:
        self.until(int(now))
        self.tell(self.watch.tick(self.now))
        self.show()

    def do_ack(self, now: str, name: str) -> None:
        self.until(int(now))
        watch = self.watch
        self.tell(watch.acknowledge_all(self.now) if name == "*" else watch.acknowledge(name, self.now))
        self.show()

    def do_reset(self, now: str, name: str) -> None:
        self.until(int(now))
        self.tell(self.watch.reset_all(self.now) if name == "*" else self.watch.reset(name, self.now))
        self.show()

    def do_silence(self, now: str) -> None:
        self.until(int(now))
        self.write(f"silence {now} {self.annunciator.silence(self.now)}")
        self.show()

    def do_press(self, now: str) -> None:
        self.until(int(now))
        did = self.annunciator.press(self.now)
        self.write(f"press {now} {did}")
        if did == ACKNOWLEDGE_ALL:
            self.write(f"heard {self.annunciator.acknowledge(self.now)}")
            self.tell(self.watch.acknowledge_all(self.now))
        elif did == RESET_ALL:
            self.tell(self.watch.reset_all(self.now))
        self.show()

    def do_shelve(self, now: str, name: str, for_ms: str) -> None:
        self.until(int(now))
        self.tell(self.watch.shelve(name, self.now + int(for_ms), "Li", "why", self.now))
        self.show()

    def do_unshelve(self, now: str, name: str) -> None:
        self.until(int(now))
        self.tell(self.watch.unshelve(name, "Li", "", self.now))
        self.show()

    def do_out(self, now: str, name: str, out: str) -> None:
        self.until(int(now))
        do = self.watch.take_out if out == "1" else self.watch.put_back
        self.tell(do(name, "Li", "why", self.now))
        self.show()

    def do_suppress(self, now: str, name: str, holds: str) -> None:
        self.until(int(now))
        self.tell(self.watch.suppress(name, holds == "1", "P-1 = 0", self.now))
        self.show()

    def do_refer(self, name: str, setpoint: str) -> None:
        self.watch.refer(name, maybe(setpoint))

    def do_shift(self, name: str, limit: str) -> None:
        self.limits[name][3] = maybe(limit)

    def do_restart(self, offset: str) -> None:
        saved = self.watch.dump(int(offset))
        self.write(f"saved {saved}")
        saved.append(("GONE-1/HH", "C", "00000001-1", 5))
        self.now = 0
        self.presence = Presence(1000, 2, 4)
        self.build()
        self.tell(close(self.watch.restore(saved, int(offset)), 0))
        self.annunciator.restore(self.watch.active(), 0)
        for s in self.watch.active():
            self.write(f"stands {s.alarm} {s.occurrence} {s.state} {s.since_ms} {bits(s.value)} {s.quality}")
        self.show()

    def do_beat(self, now: str, boot: str, counter: str) -> None:
        self.until(int(now))
        counted = self.presence.heard(self.now, int(boot), None if counter == "-" else int(counter))
        self.write(f"beat {now} {counted} {self.presence.tick(self.now)}")
        self.show()


def replay(lines: "Iterable[str]", write: "Callable[[str], object]") -> None:
    """Play the lines of a recording; `write` gets each line of the log."""
    player = Player(write)
    for line in lines:
        player.play(line)


if __name__ == "__main__":
    with open(sys.argv[1]) as recording:  # noqa: PTH123 - MicroPython has no pathlib
        replay(recording, print)
