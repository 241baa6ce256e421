"""Shows the registers of one unit as they are, and in every type and order they might be in; writes nothing.

    read in pieces ─▶ exception 2? the holes are looked for and read around ─▶ table, guesses, text found

Keeps modbus-rule through `reading.py`: each piece has a byte count of its own.
"""

from typing import Any, Final

import msgspec

from edge.installer.looks import Look, best, words_of_text
from edge.installer.reading import Reader, Registers
from edge.installer.values import ORDERS, is_number, number

PIECE: Final = 60
HISTORY: Final = 20
FINEST: Final = 1  # a piece of so few is not divided further


class View(msgspec.Struct):
    """What one look at a range gave: words by address, and which addresses refuse, with the reason."""

    table: str
    first: int
    words: dict[int, int] = {}
    refused: dict[int, str] = {}
    trouble: str = ""

    @property
    def runs(self) -> list[tuple[int, list[int]]]:
        """Pieces of registers that follow each other."""
        found: list[tuple[int, list[int]]] = []
        for address in sorted(self.words):
            if found and found[-1][0] + len(found[-1][1]) == address:
                found[-1][1].append(self.words[address])
            else:
                found.append((address, [self.words[address]]))
        return found

    @property
    def holes(self) -> list[tuple[int, int, str]]:
        """(first, last, why) of what the instrument refuses."""
        found: list[tuple[int, int, str]] = []
        for address in sorted(self.refused):
            why = self.refused[address]
            if found and found[-1][1] + 1 == address and found[-1][2] == why:
                found[-1] = (found[-1][0], address, why)
            else:
                found.append((address, address, why))
        return found


class Probe:
    """Looks at one range of one unit, again and again; learns where the holes are and reads around them."""

    def __init__(self, reader: Reader, table: str, first: int, count: int) -> None:
        self._reader = reader
        self._table = table
        self._first = first
        self._count = count
        self._pieces: list[tuple[int, int]] = []
        self._refused: dict[int, str] = {}
        self.history: list[View] = []

    async def look(self) -> View:
        """Read the range once."""
        view = View(self._table, self._first, refused=dict(self._refused))
        if self._table in {"coil", "discrete"}:
            self._take(view, self._first, await self._reader.bits(self._table, self._first, self._count))
        elif self._pieces:
            for first, count in self._pieces:
                self._take(view, first, await self._reader.registers(self._table, first, count))
        else:
            for first in range(self._first, self._first + self._count, PIECE):
                await self._explore(view, first, min(PIECE, self._first + self._count - first))
            self._pieces = [(first, len(words)) for first, words in view.runs]
            self._refused = dict(view.refused)
        self.history = [*self.history[-HISTORY:], view]
        return view

    async def _explore(self, view: View, first: int, count: int) -> None:
        """Read a piece; where it is refused, find its readable beginning, step over the hole, and go on."""
        if view.trouble or count < 1:
            return
        got = await self._reader.registers(self._table, first, count, exact=True)
        if got.good or got.code not in {2, 3, 4}:
            self._take(view, first, got, count)
            return
        if count <= FINEST:
            view.refused |= {first + i: got.why for i in range(count)}
            return
        good, why = await self._beginning(view, first, count, got.why)
        if good:
            view.refused[first + good] = why
            await self._explore(view, first + good + 1, count - good - 1)
            return
        half = count // 2
        await self._explore(view, first, half)
        await self._explore(view, first + half, count - half)

    async def _beginning(self, view: View, first: int, count: int, why: str) -> tuple[int, str]:
        """Find how many registers from `first` on answer together; each read is of another length."""
        low, high = 0, count
        while high - low > 1:
            middle = (low + high) // 2
            got = await self._reader.registers(self._table, first, middle, exact=True)
            if got.good:
                low = middle
                self._take(view, first, got)
            else:
                high, why = middle, got.why
        return low, why

    def _take(self, view: View, first: int, got: Registers, count: int = 0) -> None:
        if got.good:
            view.words |= {first + i: word for i, word in enumerate(got.words)}
        elif got.code:
            view.refused |= {first + i: got.why for i in range(count or self._count)}
        else:
            view.trouble = got.why

    def words_before(self, first: int, count: int) -> list[list[int]]:
        """Return what these registers held in every look so far, the newest last."""
        return [
            [view.words[first + i] for i in range(count)]
            for view in self.history
            if all(first + i in view.words for i in range(count))
        ]

    def guess(self, first: int, count: int) -> dict[int, Look]:
        """Return the best guess by address; what a wide number takes has none of its own."""
        held = self.words_before(first, count)
        if not held:
            return {}
        found: dict[int, Look] = {}
        at = 0
        while at < count:
            one = best(held, at)
            if one is None:
                at += 1
                continue
            found[first + at] = one
            at += 2 if one.type.endswith("32") else 4 if one.type.endswith("64") else 1
        return found


def table(probe: Probe, view: View, *, all_orders: bool) -> list[str]:
    """Return the lines that a person reads."""
    lines: list[str] = []
    if view.trouble:
        lines.append(f"! {view.trouble}")
    for first, words in view.runs:
        if view.table in {"coil", "discrete"}:
            lines += [f"{first + i:6}  {word}" for i, word in enumerate(words)]
            continue
        guesses = probe.guess(first, len(words))
        lines.append(f"{'address':>7}  {'hex':4}  {'uint16':>6}  {'int16':>6}  looks like")
        for i, word in enumerate(words):
            signed = word - 0x10000 if word > 0x7FFF else word
            look = guesses.get(first + i)
            said = (
                "" if look is None else f"{look.type} {look.order} = {look.value:.7g}: {'; '.join(look.why)}"
            )
            lines.append(f"{first + i:7}  {word:04X}  {word:6}  {signed:6}  {said}".rstrip())
            if all_orders and i + 1 < len(words):
                lines.append(f"{'':9}{_orders(words[i : i + 2])}")
        lines += [f"text at {first + i}: {said!r}" for i, said in words_of_text(words)]
    lines += [
        f"hole {low}..{high}: {why}" if high > low else f"hole {low}: {why}" for low, high, why in view.holes
    ]
    return lines


def _orders(pair: list[int]) -> str:
    said = []
    for kind in ("float32", "int32"):
        values = [(order, number(kind, order, pair)) for order in ORDERS]
        shown = [f"{order} {value:.5g}" if is_number(value) else f"{order} –" for order, value in values]
        said.append(f"{kind} {' '.join(shown)}")
    return "  ".join(said)


def as_data(probe: Probe, view: View) -> dict[str, Any]:
    """Return the same for a program."""
    return {
        "table": view.table,
        "trouble": view.trouble,
        "registers": [
            {"address": first + i, "word": word} for first, words in view.runs for i, word in enumerate(words)
        ],
        "guesses": [
            {"address": at, **msgspec.structs.asdict(look)}
            for first, words in view.runs
            if view.table in {"holding", "input"}
            for at, look in probe.guess(first, len(words)).items()
        ],
        "texts": [
            {"address": first + i, "text": said}
            for first, words in view.runs
            for i, said in words_of_text(words)
        ],
        "holes": [{"first": low, "last": high, "why": why} for low, high, why in view.holes],
    }
