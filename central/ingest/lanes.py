"""What waits for its commit: a line of history, and several of events and births, each gateway always in one.

Keeps law-never-lose 4. An event never waits for history, nor for the introductions of others: after a cut a
thousand gateways introduce themselves at once, and each birth is a transaction of its own. So births stand
behind events and go a few at a time; and several lines, each on its own connection, are committed side by
side, because a case that is opened costs many questions to the database and little work. Within one line, and
so for one gateway, everything is committed in order.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Final

from central.ingest.metrics import WAITING
from central.ingest.models import Work
from protocol.messages import EVENT, Birth

GROUP: Final = 50
BIRTHS: Final = 2  # of one group: an event that comes meanwhile waits for no more than that
MOST_WAITING: Final = 2000
MOST_WAITING_BYTES: Final = 64 * 1024 * 1024
LINGER_S: Final = 0.01
SIDE_BY_SIDE: Final = 4


class Lane:
    """A bounded queue in front of one committer.

    Args:
        name: for counters.
        linger_s: how long a lone frame waits for company.
    """

    def __init__(self, name: str, linger_s: float = 0.0) -> None:
        self.name = name
        self._linger_s = linger_s
        self._batches: deque[Work] = deque()
        self._births: deque[Work] = deque()
        self._bytes = 0
        self._some = asyncio.Event()

    def offer(self, work: Work) -> bool:
        """Take a frame in; False when it is full and the gateway has to back off."""
        line = self._births if isinstance(work.message, Birth) else self._batches
        if len(line) >= MOST_WAITING or self._bytes + work.size > MOST_WAITING_BYTES:
            return False
        self._bytes += work.size
        line.append(work)
        WAITING.labels(self.name).inc()
        self._some.set()
        return True

    async def group(self) -> list[Work]:
        """The next frames that are committed together: batches, then a few births."""
        await self._some.wait()
        if self._linger_s and len(self._batches) == 1:
            await asyncio.sleep(self._linger_s)
        works = [self._batches.popleft() for _ in range(min(GROUP, len(self._batches)))]
        works += [self._births.popleft() for _ in range(min(BIRTHS, len(self._births)))]
        self._bytes -= sum(work.size for work in works)
        WAITING.labels(self.name).dec(len(works))
        if not self._batches and not self._births:
            self._some.clear()
        return works


class Lanes:
    """The lines of one process."""

    def __init__(self) -> None:
        self.measurements = Lane("measurement", LINGER_S)
        self.events = [Lane("event") for _ in range(SIDE_BY_SIDE)]

    def of(self, work: Work) -> Lane:
        """Where a frame waits; those of one gateway's events and births always in one line."""
        if isinstance(work.message, Birth) or work.message.stream == EVENT:
            return self.events[work.gateway.number % SIDE_BY_SIDE]
        return self.measurements
