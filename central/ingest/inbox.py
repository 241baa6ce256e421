"""What the threads of Zenoh and MQTT bring, handed to the loop: bounded, with one wake-up for a whole burst.

One `call_soon_threadsafe` a message was a sixth of the speed (measured), so a callback appends, and wakes the
loop only when it is not awake already. Keeps law-never-lose 4 across gateways: births, events and heartbeats
have a line of their own, which is emptied first and which no other gateway's history can fill.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from dataclasses import dataclass
from typing import Final

from central import clock
from central.ingest.models import Reply
from protocol import codec

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


class _Line:
    """One bounded queue; its owner holds the lock."""

    def __init__(self) -> None:
        self.waiting: deque[Arrival] = deque()
        self._bytes = 0

    def offer(self, arrival: Arrival) -> bool:
        size = len(arrival.payload)
        if len(self.waiting) >= MOST or self._bytes + size > MOST_BYTES:
            return False
        self.waiting.append(arrival)
        self._bytes += size
        return True

    def take(self, most: int) -> list[Arrival]:
        came = [self.waiting.popleft() for _ in range(min(most, len(self.waiting)))]
        self._bytes -= sum(len(arrival.payload) for arrival in came)
        return came


class Inbox:
    """Two bounded queues, events before history, from other threads into one loop; made inside that loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._urgent = _Line()
        self._history = _Line()
        self._lock = threading.Lock()
        self._awake = False
        self._event = asyncio.Event()

    def offer(self, key: str, payload: bytes, reply: Reply | None = None, road: str = "zenoh") -> bool:
        """Take a frame in, from any thread; False when its line is full."""
        arrival = Arrival(key, payload, clock.monotonic_s(), reply, road)
        line = self._urgent if codec.is_urgent(payload) else self._history
        with self._lock:
            if not line.offer(arrival):
                return False
            wake, self._awake = not self._awake, True
        if wake:
            try:
                self._loop.call_soon_threadsafe(self._event.set)
            except RuntimeError:
                return False  # the loop has ended: nobody will answer
        return True

    async def take(self, most: int) -> list[Arrival]:
        """What has come, at least one and at most so many: first what is urgent."""
        while True:
            await self._event.wait()
            with self._lock:
                came = self._urgent.take(most)
                came += self._history.take(most - len(came))
                if not self._urgent.waiting and not self._history.waiting:
                    self._event.clear()
                    self._awake = False
            if came:
                return came
