"""Reads of one unit, each with a byte count of its own, so that no reply can be taken for another's.

Keeps modbus-rule (U): within one sitting no two reads of different registers share function and byte count. A
read grows at its upper end, or its lower one, until its length is free. Where the instrument refuses every
longer read, nothing is asked for H = 10 T; then what was in flight is gone, and all lengths are free again.
"""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from edge.drivers.modbus import frame
from edge.installer.ear import Answer, Clock, Ear, exception_words

MOST: Final = 125
LATEST: Final = 10  # H in T
KNOWN: Final = 3  # answers after which an instrument's pace is known
SLOWER: Final = 4  # times its slowest answer it may take then
LEAST_MS: Final = 60
LONGER: Final = 6  # reads that are tried instead
TABLES: Final = {"coil": 1, "discrete": 2, "holding": 3, "input": 4}


class Registers(msgspec.Struct, frozen=True):
    """What was read: the words, or in `why` the reason why there are none; `code` is the exception's."""

    words: tuple[int, ...] = ()
    why: str = ""
    code: int = 0
    took_ms: int = 0

    @property
    def good(self) -> bool:
        """Whether there are words."""
        return bool(self.words)


class Reader:
    """One unit of an open line."""

    def __init__(
        self,
        ear: Ear,
        unit: int,
        clock: Clock,
        patience_ms: int = 300,
        spent: Mapping[tuple[int, int], tuple[int, int]] | None = None,
    ) -> None:
        """Begin.

        Args:
            ear: the open line.
            unit: the instrument's number.
            clock: monotonic milliseconds.
            patience_ms: how long it may take before it begins to answer.
            spent: (function, byte count) of what was asked of it before, with (address, count).
        """
        self.unit = unit
        self._ear = ear
        self._clock = clock
        self._patience_ms = patience_ms
        self._used: dict[tuple[int, int], tuple[int, int]] = dict(spent or {})
        self._last_ms = clock.mono_ms()
        self._answers = 0
        self._slowest_ms = 0

    async def registers(self, table: str, address: int, count: int, *, exact: bool = False) -> Registers:
        """Read registers; more may be asked for on the wire than is returned.

        Args:
            table: "holding" or "input".
            address: of the first, from 0.
            count: how many, at most 125.
            exact: where it refuses every longer read, wait until just these may be asked for.
        """
        function = TABLES[table]
        refused: Registers | None = None
        for start, number in self._lengths(function, address, count):
            got = await self._once(function, start, number)
            if got.good:
                return msgspec.structs.replace(
                    got, words=got.words[address - start : address - start + count]
                )
            if got.code not in {2, 3} or (start, number) == (address, count):
                return got
            refused = got
        if refused is not None and not exact:
            return refused
        await self.forget()
        return await self._once(function, address, count)

    async def bits(self, table: str, address: int, count: int) -> Registers:
        """Read coils or discrete inputs, one number each."""
        function = TABLES[table]
        size = (count + 7) // 8
        if self._used.get((function, size), (address, count)) != (address, count):
            await self.forget()
        self._used[function, size] = (address, count)
        answer = await self._ask(frame.read(function, address, count), size)
        if answer.outcome != "data":
            return _failed(answer)
        bits = tuple(answer.payload[i >> 3] >> (i & 7) & 1 for i in range(count))
        return Registers(bits, took_ms=answer.took_ms)

    async def forget(self) -> None:
        """Wait until no reply to anything asked so far can still come; all lengths are free again."""
        longest = max((size for _, size in self._used), default=0)
        turn = self.patience_ms + self._ear.request_ms(longest)
        left = self._last_ms + LATEST * turn - self._clock.mono_ms()
        if self._used and left > 0:
            await asyncio.sleep(left / 1000)
        self._used.clear()

    def _lengths(self, function: int, address: int, count: int) -> Iterator[tuple[int, int]]:
        """Give what may be asked instead, the nearest first; lengths that are spent are left out."""
        if self._free(function, address, count):
            yield address, count
        tried = 0
        for number in range(count + 1, MOST + 1):
            for start in (address, address - (number - count)):
                if start < 0 or start + number > 0x10000 or not self._free(function, start, number):
                    continue
                yield start, number
                tried += 1
                if tried >= LONGER:
                    return

    def _free(self, function: int, start: int, number: int) -> bool:
        return self._used.get((function, 2 * number), (start, number)) == (start, number)

    async def _once(self, function: int, start: int, number: int) -> Registers:
        if self._used.setdefault((function, 2 * number), (start, number)) != (start, number):
            return Registers(why="its length is taken", code=3)
        answer = await self._ask(frame.read(function, start, number), 2 * number)
        if answer.outcome != "data":
            return _failed(answer)
        words = tuple(
            int.from_bytes(answer.payload[i : i + 2], "big") for i in range(0, len(answer.payload), 2)
        )
        return Registers(words, took_ms=answer.took_ms)

    async def _ask(self, pdu: bytes, size: int) -> Answer:
        answer = await self._ear.ask(self.unit, pdu, size, self.patience_ms)
        self._last_ms = self._clock.mono_ms()
        if answer.alive:
            self._answers += 1
            self._slowest_ms = max(self._slowest_ms, answer.took_ms)
        return answer

    @property
    def patience_ms(self) -> int:
        """How long it may take before it begins to answer: less than was given once it is known better."""
        if self._answers < KNOWN:
            return self._patience_ms
        return min(self._patience_ms, max(LEAST_MS, SLOWER * self._slowest_ms))


def _failed(answer: Answer) -> Registers:
    if answer.outcome == "refused":
        code = answer.payload[0] if answer.payload else 0
        return Registers(why=exception_words(code), code=code)
    words = {
        "silent": "no answer",
        "garbled": f"{answer.garbled} bytes that are no frame",
        "second master": "another master speaks on this line",
        "lost": "the connection is gone",
    }
    return Registers(why=words[answer.outcome])
