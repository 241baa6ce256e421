"""Presence follows the receiver's own clock, and only heartbeats that are new."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.core.heartbeat import COUNTED, INTERLEAVED, LATE, OFFLINE, ONLINE, REPEATED, Presence


def test_nobody_is_there_before_the_first_heartbeat() -> None:
    presence = Presence(1000)
    assert presence.state(0) == OFFLINE
    assert presence.next_due(0) is None
    assert presence.tick(0) is None


def test_online_turns_late_turns_offline_as_periods_pass() -> None:
    presence = Presence(1000, late_after=2, offline_after=3)
    assert presence.heard(500) == COUNTED
    assert [presence.state(t) for t in (500, 2499, 2500, 3499, 3500)] == [ONLINE, ONLINE, LATE, LATE, OFFLINE]


def test_tick_tells_each_change_once() -> None:
    presence = Presence(1000)
    presence.heard(0)
    told = [presence.tick(t) for t in (0, 1, 2000, 2001, 3000, 9000)]
    assert told == [ONLINE, None, LATE, None, OFFLINE, None]


@given(
    st.integers(1, 10_000), st.integers(1, 5), st.integers(0, 5), st.integers(0, 10**9), st.integers(0, 10**5)
)
def test_the_state_changes_exactly_when_it_is_due(
    period: int, late: int, more: int, last: int, age: int
) -> None:
    presence = Presence(period, late, late + more)
    presence.heard(last)
    now = last + age
    due = presence.next_due(now)
    if presence.state(now) == OFFLINE:
        assert due is None
    else:
        assert due is not None
        assert due > now
        assert presence.state(due - 1) == presence.state(now) != presence.state(due)


def test_a_heartbeat_that_comes_again_does_not_count() -> None:
    presence = Presence(1000)
    assert presence.heard(0, boot=7, counter=4) == COUNTED
    assert presence.heard(5000, boot=7, counter=4) == REPEATED
    assert presence.heard(5000, boot=7, counter=3) == REPEATED
    assert presence.state(5000) == OFFLINE
    assert presence.heard(5000, boot=7, counter=5) == COUNTED
    assert presence.state(5000) == ONLINE


def test_a_new_boot_may_count_from_the_beginning() -> None:
    presence = Presence(1000)
    presence.heard(0, boot=7, counter=900)
    assert presence.heard(1000, boot=8, counter=0) == COUNTED


def test_a_replaced_boot_that_speaks_again_is_told_and_does_not_count() -> None:
    presence = Presence(1000)
    presence.heard(0, boot=7, counter=1)
    presence.heard(1000, boot=8, counter=1)
    assert presence.heard(9000, boot=7, counter=2) == INTERLEAVED
    assert presence.state(9000) == OFFLINE


def test_an_instrument_that_counts_nothing_is_present_by_each_reply() -> None:
    presence = Presence(1000)
    assert [presence.heard(t) for t in (0, 500, 500)] == [COUNTED] * 3
    assert presence.state(2400) == ONLINE


def test_a_known_last_heartbeat_is_taken_over_after_a_restart_of_the_receiver() -> None:
    presence = Presence(1000, last_ms=-2500)
    assert presence.tick(0) == LATE
    assert presence.next_due(0) == 500


@pytest.mark.parametrize(("period", "late", "offline"), [(0, 2, 3), (1000, 0, 3), (1000, 3, 2)])
def test_numbers_that_do_not_ascend_are_refused(period: int, late: int, offline: int) -> None:
    with pytest.raises(ValueError, match="presence needs"):
        Presence(period, late, offline)
