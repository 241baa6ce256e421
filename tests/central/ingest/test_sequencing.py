from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from central.ingest.rules import (
    CONFLICT,
    DUPLICATE,
    EXPECTED,
    STORE,
    EpochState,
    Gaps,
    Range,
    StoredRange,
    StreamState,
    Verdict,
    decide,
    merge,
    sane_range,
    subtract,
    waits_for,
)

ranges = st.lists(
    st.tuples(st.integers(-3, 40), st.one_of(st.none(), st.integers(-3, 50))).map(lambda r: (r[0], r[1])),
    max_size=6,
)


def numbers(of: list[Range] | list[tuple[int, int]], end: int = 60) -> set[int]:
    return {n for a, b in of for n in range(max(a, 1), (end if b is None else b) + 1)}


@given(ranges)
def test_merged_ranges_hold_the_same_numbers_disjoint_and_sorted(given_ranges: list[Range]) -> None:
    merged = merge(given_ranges)
    assert numbers(merged) == numbers(given_ranges)
    for (_, end), (begin, _) in itertools.pairwise(merged):
        assert end is not None
        assert begin > end + 1


@given(ranges, ranges)
def test_subtracting_is_set_difference_up_to_the_end(some: list[Range], holes: list[Range]) -> None:
    upto = {n for n in numbers(some) if n <= 45}
    assert numbers(subtract(some, holes, 45)) == upto - numbers(holes)


@given(ranges, st.integers(0, 50))
def test_the_next_wanted_number_is_the_first_that_is_not_declared_gone(
    gone: list[Range], cursor: int
) -> None:
    gaps = Gaps(gone)
    left = [n for n in range(cursor + 1, 61) if n not in numbers(gone, 10_000)]
    wanted = gaps.next_wanted(cursor)
    if wanted is None:
        assert left == []
    elif wanted <= 60:
        assert wanted == left[0]
    else:
        assert left == []


@given(ranges, st.integers(0, 40), st.integers(1, 60), st.integers(0, 10))
def test_a_batch_is_stored_only_if_nothing_before_it_is_owed(
    gone: list[Range], cursor: int, first: int, length: int
) -> None:
    verdict = decide(7, first, first + length, b"h", StreamState(cursor, Gaps(gone)), {})
    owed = set(range(cursor + 1, first)) - numbers(gone, 10_000)
    assert (verdict.action == STORE) == (first > cursor and not owed)
    if verdict.action == EXPECTED and first > cursor:
        assert verdict.expected == min(owed)
        assert verdict.epoch == 7


def test_the_same_range_with_the_same_hash_is_a_repetition() -> None:
    state = StreamState(20, Gaps())
    ledger = {11: StoredRange(20, b"h")}
    assert decide(7, 11, 20, b"h", state, ledger) == Verdict(DUPLICATE)


def test_the_same_range_with_another_hash_is_a_conflict_never_a_repetition() -> None:
    state = StreamState(20, Gaps())
    ledger = {11: StoredRange(20, b"h")}
    assert decide(7, 11, 20, b"other", state, ledger).action == CONFLICT
    assert decide(7, 11, 15, b"h", state, ledger).action == CONFLICT
    assert decide(7, 12, 20, b"h", state, ledger).action == CONFLICT
    assert decide(7, 11, 25, b"h", state, ledger).action == CONFLICT


def test_what_was_declared_gone_and_comes_late_is_sent_on_to_the_next_number() -> None:
    state = StreamState(29, Gaps([(10, 19)]))
    assert decide(7, 10, 19, b"h", state, {20: StoredRange(29, b"x")}) == Verdict(EXPECTED, 30, 7)


def chain(*rows: tuple[int, int, bool, int, int]) -> dict[int, EpochState]:
    return {e: EpochState(e, follows, held, head, cursor, Gaps()) for e, follows, held, head, cursor in rows}


def test_events_of_a_new_epoch_wait_for_the_oldest_incomplete_one() -> None:
    epochs = chain((1, 0, True, 10, 4), (2, 1, True, 10, 0), (3, 2, True, 5, 0))
    assert waits_for(3, epochs) == Verdict(EXPECTED, 5, 1)
    assert waits_for(2, epochs) == Verdict(EXPECTED, 5, 1)
    assert waits_for(1, epochs) is None


def test_an_epoch_that_the_gateway_no_longer_holds_blocks_nobody() -> None:
    assert waits_for(2, chain((1, 0, False, 10, 4), (2, 1, True, 5, 0))) is None


def test_a_declared_rest_completes_an_epoch() -> None:
    epochs = chain((1, 0, True, 10, 4), (2, 1, True, 5, 0))
    epochs[1].gaps.add(5, None)
    assert waits_for(2, epochs) is None


def test_clones_of_one_card_never_wait_for_each_other() -> None:
    epochs = chain((1, 0, True, 10, 10), (2, 1, True, 50, 3), (3, 1, True, 5, 0))
    assert waits_for(3, epochs) is None


def test_a_ring_of_epochs_ends() -> None:
    assert waits_for(1, chain((1, 2, True, 0, 0), (2, 1, True, 0, 0))) is None


def test_numbers_that_no_column_can_hold_are_refused() -> None:
    assert sane_range(5, 1, 1)
    for epoch, first, last in (
        (0, 1, 1),
        (1 << 63, 1, 1),
        (5, 0, 1),
        (5, 2, 1),
        (5, 1, 1 << 62),
        (5, 1, 40_000),
    ):
        assert not sane_range(epoch, first, last)
