"""What the threads of Zenoh and MQTT bring, handed to the loop: bounded, with one wake-up for a whole burst.

One `call_soon_threadsafe` a message was a sixth of the speed (measured), so a callback appends, and wakes the
loop only when it is not awake already.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from dataclasses import dataclass
from typing import Final

from central import clock
from central.ingest.models import Reply

MOST: Final = 4000
MOST_BYTES: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Arrival:
    """One frame as it came: key, time on our monotonic clock, how to answer (or not), by which road."""

    key: str
    payload: bytes
    arrived_s: float
    reply: Reply | None
    road: str = "zenoh"


class Inbox:
    """A bounded queue from other threads into one loop; made inside that loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[Arrival] = deque()
        self._bytes = 0
        self._lock = threading.Lock()
        self._awake = False
        self._event = asyncio.Event()

    def offer(self, key: str, payload: bytes, reply: Reply | None = None, road: str = "zenoh") -> bool:
        """Take a frame in, from any thread; False when it is full."""
        arrival = Arrival(key, payload, clock.monotonic_s(), reply, road)
        with self._lock:
            if len(self._waiting) >= MOST or self._bytes + len(payload) > MOST_BYTES:
                return False
            self._waiting.append(arrival)
            self._bytes += len(payload)
            wake, self._awake = not self._awake, True
        if wake:
            try:
                self._loop.call_soon_threadsafe(self._event.set)
            except RuntimeError:
                return False  # the loop has ended: nobody will answer
        return True

    async def take(self) -> list[Arrival]:
        """Everything that has come, at least one."""
        while True:
            await self._event.wait()
            self._event.clear()
            with self._lock:
                came = list(self._waiting)
                self._waiting.clear()
                self._bytes = 0
                self._awake = False
            if came:
                return came
