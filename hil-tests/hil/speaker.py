"""Speaks for instruments at one end of a serial line, real or pseudo: a thread that hears and answers."""

from __future__ import annotations

import contextlib
import heapq
import os
import select
import threading
import time
from collections.abc import Callable
from typing import Self

from rig.faults import Sending
from rig.slave import Slave
from rig.wire import RequestHunter, rtu

Hear = Callable[[bytes, float], list[Sending]]
ASIDE_S = 0.02  # how long it looks away while its line is unplugged


class Speaker:
    """Answers on a file descriptor; `attach` and `detach` at any time, as an adapter comes and goes."""

    def __init__(self, hear: Hear) -> None:
        """Begin unattached.

        Args:
            hear: takes what was heard and the time (ms), returns what to say and when (ms from now).
        """
        self._hear = hear
        self._fd = -1
        self._lock = threading.Lock()
        self._end = threading.Event()
        self._due: list[tuple[float, int, bytes]] = []
        self._number = 0
        self._thread = threading.Thread(target=self._run, name="speaker", daemon=True)

    def attach(self, fd: int) -> None:
        """Speak on this descriptor, which does not block, from now on."""
        with self._lock:
            self._fd = fd
            self._due.clear()

    def detach(self) -> None:
        """Neither hear nor speak; returns when the descriptor is not used any more."""
        with self._lock:
            self._fd = -1

    def _run(self) -> None:
        while not self._end.is_set():
            with self._lock:
                if self._fd >= 0:
                    with contextlib.suppress(OSError):
                        self._turn()
                        continue
            time.sleep(ASIDE_S)

    def _turn(self) -> None:
        wait_s = min(0.02, max(0.0, self._due[0][0] - time.monotonic())) if self._due else 0.02
        ready, _, _ = select.select([self._fd], [], [], wait_s)
        if ready:
            data = os.read(self._fd, 4096)
            now = time.monotonic()
            for delay_ms, frame in self._hear(data, now * 1000):
                self._number += 1
                due = (now + max(0.0, delay_ms) / 1000, self._number, bytes(frame))
                heapq.heappush(self._due, due)
        while self._due and self._due[0][0] <= time.monotonic():
            os.write(self._fd, heapq.heappop(self._due)[2])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join(10)


def answers_of(slave: Slave) -> Hear:
    """Well-behaved units: each request is answered at once."""
    hunter = RequestHunter()

    def hear(data: bytes, now: float) -> list[Sending]:
        said: list[Sending] = []
        for unit, pdu in hunter.take(data):
            reply = slave.answer(unit, pdu)
            if reply is not None:
                said.append((0.0, rtu(unit, reply)))
        return said

    return hear
