"""What ingest counts for `/metrics`; and what it says once instead of a thousand times."""

from __future__ import annotations

import logging
from typing import Final

from prometheus_client import Counter, Gauge, Histogram

FRAMES: Final = Counter("fengsui_ingest_frames", "Frames that came, by kind.", ["kind"])
BY_ROAD: Final = Counter(
    "fengsui_ingest_road_frames", "Believed frames, by the road they came on and kind.", ["road", "kind"]
)
REFUSED: Final = Counter("fengsui_ingest_refused", "Frames that were not taken, by reason.", ["reason"])
RECEIPTS: Final = Counter("fengsui_ingest_receipts", "Receipts given, by status.", ["status"])
ROWS: Final = Counter("fengsui_ingest_rows", "Rows committed, by stream.", ["stream"])
UNKNOWN_EVENTS: Final = Counter(
    "fengsui_ingest_unknown_events", "Event records that are kept raw, by why.", ["why"]
)
QUARANTINED: Final = Counter("fengsui_ingest_quarantined", "Rows that PostgreSQL refused twice, alone.")
UNJUDGED: Final = Counter("fengsui_ingest_unjudged", "Facts whose judgement failed at first.")
WAITING: Final = Gauge("fengsui_ingest_waiting", "Believed frames that wait for their commit.", ["lane"])
COMMIT_SECONDS: Final = Histogram(
    "fengsui_ingest_commit_seconds",
    "Time of one group commit.",
    ["lane"],
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5),
)

_MOST_REMEMBERED: Final = 10_000


class OncePerReason:
    """Logs a fault of a peer once for each (gateway, reason), however often it comes; counters count on."""

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._said: set[tuple[str, str]] = set()

    def refused(self, gateway: str, reason: str, detail: str) -> None:
        """Count a refusal, and say it the first time.

        Args:
            gateway: as the key names it; whoever invents names gets one line for all of them.
            reason: a stable word.
            detail: a sentence.
        """
        REFUSED.labels(reason).inc()
        mark = ("" if reason == "unknown_gateway" else gateway, reason)
        if mark not in self._said and len(self._said) < _MOST_REMEMBERED:
            self._said.add(mark)
            self._log.warning("refused from %s (%s): %s", gateway, reason, detail)

    def forget(self, gateway: str) -> None:
        """Say it again from now on: this gateway was right again."""
        if self._said:
            self._said = {mark for mark in self._said if mark[0] != gateway}
