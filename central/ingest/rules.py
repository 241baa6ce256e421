"""Which batch is committed next, which is a repetition, which came too early, which contradicts.

Keeps law-never-lose 4, 5, 7. Pure: given the cursor, the declared gaps and what the ledger says about the
range, it answers; the committer locks the rows, asks, and does as it is told.

    cursor            first..last of a batch
    ───────●───────────────────────────────▶ seq
           first == cursor + 1                              STORE
           all of cursor + 1 .. first - 1 declared gone     STORE
           last <= cursor, same range and hash in ledger    DUPLICATE
           last <= cursor, all declared gone, never stored  EXPECTED cursor + 1
           anything else at or below the cursor             CONFLICT
           anything else above the cursor                   EXPECTED the first number not declared gone
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from msgspec import Struct

STORE: Final = "store"
DUPLICATE: Final = "duplicate"
EXPECTED: Final = "expected"
CONFLICT: Final = "conflict"

MAX_SEQ: Final = 1 << 62
MAX_RECORDS: Final = 32767  # `measurement.record` is a smallint

Range = tuple[int, int | None]
"""First and last number, both included; None for the last: to the end of the epoch, which nobody knows."""


class Verdict(Struct, frozen=True):
    """What to do with a batch; `expected` is a number of `epoch`, both 0 unless the action is EXPECTED."""

    action: str
    expected: int = 0
    epoch: int = 0


class Gaps:
    """Numbers of one stream and epoch that the gateway declared gone, as disjoint sorted ranges."""

    def __init__(self, ranges: Iterable[Range] = ()) -> None:
        self._ranges: list[Range] = merge(ranges)

    def add(self, first: int, last: int | None) -> None:
        self._ranges = merge([*self._ranges, (first, last)])

    @property
    def ranges(self) -> Sequence[Range]:
        return self._ranges

    def next_wanted(self, cursor: int) -> int | None:
        """First number behind the cursor that is not declared gone; None when all the rest is."""
        wanted = cursor + 1
        for first, last in self._ranges:
            if first > wanted:
                break
            if last is None:
                return None
            wanted = max(wanted, last + 1)
        return wanted

    def covers(self, first: int, last: int) -> bool:
        """Whether every number first..last is declared gone; an empty range is."""
        wanted = self.next_wanted(first - 1)
        return wanted is None or wanted > last


def merge(ranges: Iterable[Range]) -> list[Range]:
    """Sort ranges and join those that touch; empty and nonsensical ones vanish."""
    merged: list[Range] = []
    for first, last in sorted(ranges, key=lambda r: r[0]):
        low = max(first, 1)
        if last is not None and last < low:
            continue
        if merged:
            begin, end = merged[-1]
            if end is None:
                break
            if low <= end + 1:
                merged[-1] = (begin, None if last is None else max(end, last))
                continue
        merged.append((low, last))
    return merged


def subtract(ranges: Iterable[Range], holes: Iterable[Range], end: int) -> list[tuple[int, int]]:
    """What of `ranges`, up to `end`, is in none of `holes`."""
    left: list[tuple[int, int]] = []
    closed = [(a, end if b is None else min(b, end)) for a, b in merge(holes)]
    for first, last in merge(ranges):
        low, high = first, end if last is None else min(last, end)
        for a, b in closed:
            if b < low:
                continue
            if a > high:
                break
            if a > low:
                left.append((low, a - 1))
            low = b + 1
        if low <= high:
            left.append((low, high))
    return left


class StreamState(Struct):
    """One stream and epoch while its cursor row is locked."""

    cursor: int
    gaps: Gaps


class StoredRange(Struct, frozen=True):
    """A ledger line: what was committed from `first` on."""

    last: int
    hash: bytes


class EpochState(Struct):
    """One epoch of a gateway's event stream; `head` is the last number that its current birth lists."""

    epoch: int
    follows: int
    held: bool
    head: int
    cursor: int
    gaps: Gaps


def decide(
    epoch: int, first: int, last: int, digest: bytes, state: StreamState, ledger: Mapping[int, StoredRange]
) -> Verdict:
    """Judge one batch against its locked cursor.

    Args:
        epoch: of the batch, repeated in the verdict.
        first: its first sequence number, >= 1.
        last: its last one, >= first.
        digest: `codec.hash_of` the batch.
        state: cursor and declared gaps of its stream and epoch.
        ledger: committed ranges by their first number; needed only for numbers at or below the cursor.
    """
    cursor = state.cursor
    if first > cursor:
        if state.gaps.covers(cursor + 1, first - 1):
            return Verdict(STORE)
        wanted = state.gaps.next_wanted(cursor)
        return Verdict(EXPECTED, wanted if wanted is not None else cursor + 1, epoch)
    stored = ledger.get(first)
    if last <= cursor:
        if stored is not None and stored.last == last and stored.hash == digest:
            return Verdict(DUPLICATE)
        if stored is None and state.gaps.covers(first, last):
            return Verdict(EXPECTED, cursor + 1, epoch)
    return Verdict(CONFLICT)


def waits_for(epoch: int, epochs: Mapping[int, EpochState]) -> Verdict | None:
    """Whether events of this epoch must wait for an older epoch that the gateway still holds.

    The chain goes by `follows`, so two clones of one card, whose epochs follow the same one, never wait for
    each other. An epoch, or the end of one, that the current birth no longer lists can't come any more and
    holds up nobody: its birth declared it lost.

    Returns:
        EXPECTED with the oldest wanted epoch and its number, or None when nothing older is missing.
    """
    found: Verdict | None = None
    seen = {epoch}
    here = epochs.get(epoch)
    while here is not None and here.follows not in seen:
        seen.add(here.follows)
        here = epochs.get(here.follows)
        if here is None or not here.held:
            continue
        wanted = here.gaps.next_wanted(here.cursor)
        if wanted is not None and wanted <= here.head:
            found = Verdict(EXPECTED, wanted, here.epoch)
    return found


def sane_range(epoch: int, first: int, last: int) -> bool:
    """Whether a batch's numbers can be numbers of ours at all."""
    return 0 < epoch < 1 << 63 and 0 < first <= last < MAX_SEQ and last - first < MAX_RECORDS


def sane_boot(boot: int) -> bool:
    """Whether a column can hold the boot under which records were taken."""
    return 0 <= boot < 1 << 63
