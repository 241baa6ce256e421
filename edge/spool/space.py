"""Decides which rows go when space ends: receipted ones, then every second old measurement, then the oldest.

Keeps law-never-lose 11 (oldest measurements are thinned, then dropped, events last) and 12 (receipted rows
stay while space allows). Pure: rows in, a plan out; whoever carries it out declares the gaps first.
"""

from typing import Final

import msgspec

from edge.spool.records import Cursor, Doomed

CHUNK: Final = 128  # batches thinned or dropped at once: about two minutes of measurements
ROW_BYTES: Final = 160  # what a batch takes beside its body: hashes and numbers, in the table and the index
THINNED_ENOUGH: Final = 2  # a batch may lose half of its neighbours twice (1 of 4 is left), then it goes

Row = tuple[int, int, int, int, int]
"""(epoch, first, last, thinned, bytes) of a batch, as `BatchFile.oldest` lists them."""


class Trim(msgspec.Struct, frozen=True):
    """What goes: `receipted` rows without a word, `lost` ones after `gaps` were committed."""

    receipted: list[Doomed] = []
    lost: list[Doomed] = []
    thinned: list[Doomed] = []
    gaps: list[tuple[int, int, int]] = []


def choose(rows: list[Row], total: int, cursors: list[Cursor], lent: Cursor | None, want_bytes: int) -> Trim:
    """Choose what to let go of.

    Args:
        rows: the oldest batches of a file, oldest first.
        total: how many batches the file holds.
        cursors: what the centre has receipted, by epoch.
        lent: (epoch, first) of the batch that may be on its way: it and what was lent with it stay.
        want_bytes: how much should become free; never more than a chunk of unreceipted rows at once.

    Returns:
        The plan; empty when nothing may go.
    """
    known = dict(cursors)
    receipted: list[Doomed] = []
    freed = 0
    for epoch, first, last, _, size in rows:
        if last <= known.get(epoch, 0) and freed < want_bytes:
            receipted.append(Doomed(epoch, first))
            freed += size
    if receipted:
        return Trim(receipted=receipted)
    free = [row for row in rows if (row[0], row[1]) != lent and row[2] > known.get(row[0], 0)]
    older_half = free[: max(2, total // 2)]
    sparse = [row for row in older_half if row[3] < THINNED_ENOUGH][:CHUNK]
    if len(sparse) >= 2:
        lost = _enough(sparse[1::2], want_bytes)
        kept = sparse[0::2][: len(lost)]
    else:
        lost, kept = _enough(free[:CHUNK], want_bytes), []
    return Trim(
        lost=[Doomed(row[0], row[1]) for row in lost],
        thinned=[Doomed(row[0], row[1]) for row in kept],
        gaps=_ranges(lost),
    )


def choose_oldest(rows: list[Row], cursors: list[Cursor], lent: Cursor | None, want_bytes: int) -> Trim:
    """Choose like `choose` for events, which are never thinned: receipted ones, then the oldest."""
    trim = choose(rows, 0, cursors, lent, want_bytes)
    if trim.receipted:
        return trim
    lost: list[Row] = []
    for row in rows:
        if (row[0], row[1]) != lent and sum(r[4] for r in lost) < want_bytes:
            lost.append(row)
    return Trim(lost=[Doomed(row[0], row[1]) for row in lost], gaps=_ranges(lost))


def _enough(rows: list[Row], want_bytes: int) -> list[Row]:
    """The first rows that together free so much, and no more: what is newer stays whole."""
    freed, count = 0, 0
    while count < len(rows) and freed < want_bytes:
        freed += rows[count][4] + ROW_BYTES
        count += 1
    return rows[:count]


def _ranges(rows: list[Row]) -> list[tuple[int, int, int]]:
    """Join neighbouring batches to (epoch, first, last)."""
    ranges: list[tuple[int, int, int]] = []
    for epoch, first, last, _, _ in rows:
        if ranges and ranges[-1][0] == epoch and ranges[-1][2] + 1 == first:
            ranges[-1] = (epoch, ranges[-1][1], last)
        else:
            ranges.append((epoch, first, last))
    return ranges


def uncovered(first: int, last: int, declared: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Give the parts of first..last that no declared range covers."""
    rest: list[tuple[int, int]] = []
    at = first
    for low, high in sorted(declared):
        if low > at:
            rest.append((at, min(low - 1, last)))
        at = max(at, high + 1)
        if at > last:
            break
    if at <= last:
        rest.append((at, last))
    return [(low, high) for low, high in rest if low <= high]
