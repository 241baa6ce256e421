"""Where a reader of live events stands, so that late commits are neither skipped nor told twice.

Keeps law-never-lose 16. Ids are given out before commit: a small id may appear after a larger one. So a
reader remembers the oldest transaction that was still running at its last look (`floor`) and the ids at or
above that floor which it has seen. Everything below the floor was visible then; everything else is read again
and compared. As text, for `Last-Event-ID`: the floor and the seen ids as runs, "4711:100-180,183".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from central.live.models import LiveRow

_POSITION = re.compile(r"^(\d{1,20}):((?:\d{1,19}(?:-\d{1,19})?)(?:,\d{1,19}(?:-\d{1,19})?)*)?$")
_MOST_RUNS = 64
_NEWEST = 1 << 63


class Position:
    """A reader's place in the live events.

    Args:
        floor: every transaction below it had ended at the last look.
        seen: event id → transaction, of the events at or above the floor already told.
    """

    def __init__(self, floor: int, seen: dict[int, int] | None = None) -> None:
        self.floor = floor
        self.seen = dict(seen or {})

    def take(self, rows: list[LiveRow]) -> list[LiveRow]:
        """The rows that this reader has not seen, in the order given; they count as seen from now on."""
        fresh = [row for row in rows if row.id not in self.seen and row.xid >= self.floor]
        for row in fresh:
            self.seen[row.id] = row.xid
        return fresh

    def advance(self, xmin: int) -> None:
        """Raises the floor to the oldest running transaction of the snapshot that was read completely."""
        if xmin > self.floor:
            self.floor = xmin
            self.seen = {event: xid for event, xid in self.seen.items() if xid >= xmin}

    def __str__(self) -> str:
        runs: list[list[int]] = []
        for event in sorted(self.seen):
            if runs and event == runs[-1][1] + 1:
                runs[-1][1] = event
            else:
                runs.append([event, event])
        # A client with more holes than this hears some events a second time; it never misses one.
        text = ",".join(f"{a}-{b}" if b > a else f"{a}" for a, b in runs[-_MOST_RUNS:])
        return f"{self.floor}:{text}"

    @staticmethod
    def parse(text: str) -> Position:
        """Reads what a client sends as Last-Event-ID.

        Raises:
            ValueError: not a position of ours.
        """
        match = _POSITION.match(text)
        if match is None:
            raise ValueError("not a live position")
        runs = [run.partition("-") for run in match[2].split(",")] if match[2] else []
        bounds = [(int(a), int(b or a)) for a, _, b in runs]
        if sum(b - a for a, b in bounds) > 1_000_000:
            raise ValueError("not a live position")
        # Their transactions are not in the text: kept as if they were the newest, so none is forgotten.
        return Position(int(match[1]), {event: _NEWEST for a, b in bounds for event in range(a, b + 1)})
