"""What every road to the centre offers, and the words for when it does not lead there.

There are two, `zenoh_road` and `mqtt_road`; they carry the very same signed frames, and `roads` chooses.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, Protocol

from protocol import keys

COMMANDS_WAITING: Final = 32
ASKED: Final = (keys.COMMAND, keys.CONFIG)  # what the centre asks a gateway on


class RoadBlocked(Exception):
    """Nobody answered: no router or broker, no centre, or not in time."""


class CentreBusy(Exception):
    """The centre answered that it cannot take this now."""


class Question:
    """A command of the centre that waits for its answer; `reply(None)` lets it go unanswered."""

    def __init__(self, payload: bytes, reply: Callable[[bytes | None], Awaitable[None]]) -> None:
        self.payload = payload
        self.reply = reply


Commands = asyncio.Queue[Question]


class Road(Protocol):
    """One way to the centre for one gateway."""

    @property
    def name(self) -> str:
        """Say which: "zenoh" or "mqtt"."""
        ...

    @property
    def is_open(self) -> bool:
        """Whether frames can be sent; the road may be looking for its other end."""
        ...

    async def open(self) -> None:
        """Connect, and listen for commands.

        Raises:
            RoadBlocked: the other end is not there.
        """
        ...

    async def ask(self, leaf: str, payload: bytes, timeout_s: float) -> bytes:
        """Send a frame and wait for its answer.

        Raises:
            RoadBlocked: nobody answered in time.
            CentreBusy: the answer was that nothing is taken now.
        """
        ...

    async def put(self, leaf: str, payload: bytes) -> None:
        """Send a frame that nobody answers; it is dropped rather than waited for."""
        ...

    async def close(self) -> None:
        """Leave; questions that wait end unanswered."""
        ...
