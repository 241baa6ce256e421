"""Writes down what happened when: the lanes of a scenario's timeline, safe to use from several threads."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator

from hil.models import Mark

INSTRUMENT, ADAPTER, HORN, BUTTON = "instrument", "adapter", "horn", "button"
GATEWAY, DISK, CLOCK, NETWORK, CENTRE = "gateway", "disk", "clock", "network", "centre"
RECEIPT = "receipt"
LANES = (INSTRUMENT, ADAPTER, HORN, BUTTON, GATEWAY, DISK, CLOCK, NETWORK, CENTRE, RECEIPT)


class Story:
    """Marks on lanes, in seconds since it began."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._lock = threading.Lock()
        self._marks: list[Mark] = []

    def now_s(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self._began

    def mark(self, lane: str, says: str, at: float | None = None) -> None:
        """Something happened now, or at a time of the monotonic clock."""
        at_s = self.now_s() if at is None else at - self._began
        with self._lock:
            self._marks.append(Mark(lane, at_s, says))

    def span(self, lane: str, says: str, began: float, ended: float) -> None:
        """Something lasted, between two times of the monotonic clock."""
        with self._lock:
            self._marks.append(Mark(lane, began - self._began, says, ended - self._began))

    @contextlib.contextmanager
    def lasting(self, lane: str, says: str) -> Iterator[None]:
        """Something lasts for as long as the block runs."""
        began = time.monotonic()
        try:
            yield
        finally:
            self.span(lane, says, began, time.monotonic())

    def told(self) -> list[Mark]:
        """Everything so far, in the order of its beginning."""
        with self._lock:
            return sorted(self._marks, key=lambda mark: mark.at_s)
