"""Where a reader of live events stands: nothing skipped, nothing told twice, however commits interleave."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.live.models import LiveRow
from central.live.rules import Position


def row(number: int, xid: int) -> LiveRow:
    return LiveRow(number, xid, "warning", "429981101/E1", "other", {})


def test_a_late_commit_with_a_smaller_id_is_not_skipped() -> None:
    position = Position(100)
    assert [r.id for r in position.take([row(8, 101)])] == [8]
    position.advance(100)  # transaction 100 still runs; it has drawn id 7 long ago
    assert [r.id for r in position.take([row(7, 100), row(8, 101)])] == [7]
    position.advance(102)
    assert position.seen == {}


def test_a_position_survives_its_way_through_a_browser() -> None:
    position = Position(4711, {100: 4711, 101: 4712, 102: 4711, 183: 4720})
    assert str(position) == "4711:100-102,183"
    again = Position.parse(str(position))
    assert again.floor == 4711
    assert set(again.seen) == set(position.seen)
    assert str(Position.parse("5:")) == "5:"


@pytest.mark.parametrize("text", ["", "x", "1", "1:2-", "-1:", "1:1-99999999999", "1:2,,3", "1:2;DROP"])
def test_what_is_no_position_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a live position"):
        Position.parse(text)


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[list[int], list[int]]]:
    """Transactions in the order in which they commit, and where somebody looks."""
    count = draw(st.integers(1, 12))
    order = draw(st.permutations(range(count)))
    looks = draw(st.lists(st.booleans(), min_size=count, max_size=count))
    return [([x], [x]) if look else ([x], []) for x, look in zip(order, looks, strict=True)]


@given(histories(), st.data())
def test_every_event_is_told_exactly_once_in_any_order_of_commits(
    history: list[tuple[list[int], list[int]]], data: st.DataObject
) -> None:
    """Simulated: a look sees committed rows at or above the floor and the oldest running xid."""
    count = len(history)
    committed: set[int] = set()
    position = Position(0)
    told: list[int] = []

    def look() -> None:
        nonlocal position
        xmin = min((x for x in range(count) if x not in committed), default=count)
        rows = [row(1000 + x, x) for x in sorted(committed) if x >= position.floor]
        for each in rows:
            told.extend(r.id for r in position.take([each]))
            if data.draw(st.booleans()):  # the browser reconnects right after this event
                position = Position.parse(str(position))
        position.advance(xmin)
        if data.draw(st.booleans()):
            position = Position.parse(str(position))

    for transactions, looked in history:
        committed.update(transactions)
        if looked:
            look()
    look()
    assert sorted(told) == [1000 + x for x in range(count)]
