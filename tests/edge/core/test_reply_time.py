"""Reply times are known well enough to wait by, and follow an instrument that changes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from edge.core.reply_time import HALVE, ReplyTime


def of(times: list[int]) -> ReplyTime:
    measured = ReplyTime()
    for ms in times:
        measured.take(ms)
    return measured


def test_before_the_first_reply_nothing_is_known() -> None:
    assert (of([]).mean_ms(), of([]).p99_ms()) == (0, 0)


@given(st.lists(st.integers(0, 60_000), min_size=1, max_size=300))
def test_the_percentile_is_never_too_short_and_a_quarter_too_long_at_most(times: list[int]) -> None:
    exact = sorted(times)[len(times) - 1 - len(times) // 100]
    assert exact <= of(times).p99_ms() <= exact * 5 // 4 + 1


@given(st.integers(0, 60_000))
def test_one_reply_is_its_own_mean(ms: int) -> None:
    assert of([ms]).mean_ms() == ms


def test_it_follows_an_instrument_that_becomes_slower_or_quicker() -> None:
    measured = of([30] * 5000 + [400] * 200)
    assert measured.p99_ms() >= 400
    assert 390 <= measured.mean_ms() <= 400
    for _ in range(20 * HALVE):
        measured.take(30)
    assert measured.p99_ms() <= 32
