"""Output writes that wait for their confirmation: the exact echo, then a read-back that shows the same.

Keeps modbus-rule and design "A reply must belong to its request": writes are idempotent, never held back by a
quarantine, repeated until the exact echo comes, then read back. A newer write to the same coils takes the
place of the older one. Repeats to a silent unit grow rarer, until they take at most a tenth of the bus.
"""

from __future__ import annotations

import asyncio

from edge.core.transaction import Request
from edge.core.unit import READ, WRITE
from edge.drivers.modbus.frame import read, rtu, write_coil, write_coils, write_word
from edge.drivers.modbus.models import BlockPlan

QUICK = 3  # repeats at once
SHARE = 9  # later ones wait at most nine times as long as one takes
FINAL = (1, 2, 3)  # function, address, value: repeating can't help; other exceptions are "not now"


class Write:
    """One write on its way; `echoed`: the instrument has taken it; `done` ends with the read-back.

    `alarm`: it makes something sound, and goes before everything else.
    """

    def __init__(
        self,
        block: BlockPlan,
        address: int,
        values: list[bool],
        single: bool,
        alarm: bool = False,
        *,
        pulse: tuple[int, int, int] | None = None,
        look: bool = True,
    ) -> None:
        """Prepare; `pulse` (function 5 or 6, address, value) energises the coil, without `look` unread."""
        self.block = block
        self.address = address
        self.values = values
        self.alarm = alarm
        self.look = look
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.echoed = False
        self.attempts = 0
        self.not_before = 0
        if pulse is not None:
            self.pdu, reply = write_word(*pulse)
        else:
            self.pdu, reply = write_coil(address, values[0]) if single else write_coils(address, values)
        self.request = Request(
            block.unit,
            self.pdu[0],
            0,
            WRITE,
            block.timeout_ms,
            rtu(block.unit, self.pdu),
            reply,
            mirrored=single or pulse is not None,
        )

    def follow(self, failed: Write) -> None:
        """Go on where a failed write to the same coils left off: at once only if it wants something else.

        A caller who gives up and writes again must not win back the quick repeats: they would cost the other
        units of the line their polls.
        """
        self.attempts = max(failed.attempts, QUICK)
        if failed.values == self.values:
            self.not_before = failed.not_before

    @property
    def key(self) -> tuple[int, int, int]:
        """What a newer write must have in common to take this one's place."""
        return self.block.unit, self.address, len(self.values)

    def again(self, now: int) -> None:
        """Write again: the echo or the read-back failed."""
        self.echoed = False
        self.attempts += 1
        late = self.attempts - QUICK
        share = min(SHARE, 1 << min(late, 8)) if late >= 0 else 0
        self.not_before = now + share * self.request.timeout_ms

    def shows(self, data: bytes) -> bool:
        """Say whether the read-back block shows what was written."""
        return all(self.block.bit(data, self.address + i) == value for i, value in enumerate(self.values))


class Look(Write):
    """A read-back by itself: what a coil shows; nothing is written."""

    def __init__(self, block: BlockPlan, address: int) -> None:
        super().__init__(block, address, [False], True)
        self.echoed = True
        self.shown = False

    @property
    def key(self) -> tuple[int, int, int]:
        """A look takes no write's place."""
        return self.block.unit, self.address, 0

    def again(self, now: int) -> None:
        """Look again, ever more rarely; never write."""
        super().again(now)
        self.echoed = True

    def shows(self, data: bytes) -> bool:
        """Note what it shows."""
        self.shown = self.block.bit(data, self.address)
        return True


class ReadBack:
    """The read request of an output's read-back block."""

    def __init__(self, block: BlockPlan) -> None:
        self.block = block
        self.pdu = read(block.function, block.address, block.count)
        self.request = Request(
            block.unit, block.function, block.size, READ, block.timeout_ms, rtu(block.unit, self.pdu)
        )
