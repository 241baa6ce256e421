"""A point that is tried on purpose: its alarms are marked, and become real when the test ends."""

import asyncio
from pathlib import Path

import pytest

from edge.core.alarm import CLEAR, RAISE, Standing, Transition
from edge.testing import LONGEST_MS, Testing
from protocol import messages as m
from tests.edge.plant_by_hand import Hand, plant_by_hand

UNIT = """
[[buses.units]]
key = "GT-1"
unit = 1
readable = [{ first = 0, last = 9 }]
[[buses.units.points]]
key = "GT-1"
address = 0
limits.H = { limit = 10 }
"""


def moved(alarm: str, occurrence: str, transition: int, state: str) -> Transition:
    return Transition(alarm, occurrence, transition, state, 1.0, 192, 0, "high", 2)


def standing(alarm: str, occurrence: str, state: str) -> Standing:
    return Standing(alarm, occurrence, state, 0, 1.0, 192, "high", 2)


def test_only_what_rises_during_the_test_is_marked() -> None:
    testing = Testing()
    assert not testing.take(moved("GT-1/H", "a", RAISE, "B"))
    testing.begin("GT-1", "Zhang", 60_000, 0)
    assert not testing.take(moved("GT-1/H", "a", CLEAR, "D"))
    assert not testing.take(moved("GT-2/H", "b", RAISE, "B"))
    assert testing.take(moved("GT-1/HH", "c", RAISE, "B"))
    assert testing.marks("GT-1/HH", "c")


def test_an_occurrence_stays_test_until_it_is_normal_and_the_next_raise_is_real() -> None:
    testing = Testing()
    testing.begin("GT-1", "Zhang", 60_000, 0)
    testing.take(moved("GT-1/H", "a", RAISE, "B"))
    testing.end("GT-1")
    assert testing.take(moved("GT-1/H", "a", CLEAR, "D"))
    assert not testing.take(moved("GT-1/H", "a", RAISE, "B"))


def test_what_holds_at_the_end_is_released_and_what_has_returned_is_not() -> None:
    testing = Testing()
    testing.begin("GT-1", "Zhang", 60_000, 0)
    testing.take(moved("GT-1/H", "a", RAISE, "B"))
    testing.take(moved("GT-1/L", "b", RAISE, "B"))
    testing.end("GT-1")
    held = [standing("GT-1/H", "a", "C"), standing("GT-1/L", "b", "D")]
    assert [one.alarm for one in testing.released("GT-1", held)] == ["GT-1/H"]
    assert not testing.marks("GT-1/H", "a")


@pytest.mark.parametrize(("by", "for_ms"), [("", 60_000), ("Zhang", 0), ("Zhang", LONGEST_MS + 1)])
def test_a_test_has_an_owner_and_an_end(by: str, for_ms: int) -> None:
    with pytest.raises(ValueError, match=r"say who|ends by itself"):
        Testing().begin("GT-1", by, for_ms, 0)


def test_a_test_ends_by_itself() -> None:
    testing = Testing()
    testing.begin("GT-1", "Zhang", 60_000, 0)
    assert not testing.expired(59_999)
    assert [one.point for one in testing.expired(60_000)] == ["GT-1"]
    assert testing.next_due() == 60_000


def told(hand: Hand) -> list[tuple[str, int, bool]]:
    return [
        (e.state, e.transition, e.test)
        for e in hand.events
        if isinstance(e, m.AlarmEvent) and e.alarm == "GT-1/H"
    ]


def test_a_tried_alarm_is_told_as_test_and_as_real_when_the_time_is_up(tmp_path: Path) -> None:
    async def main() -> tuple[list[tuple[str, int, bool]], list[str], list[bool]]:
        async with plant_by_hand(tmp_path, UNIT) as hand:
            hand.read(5)
            hand.plant.point_tests.begin("GT-1", "Zhang", 60_000)
            hand.read(12)
            marked = [one.test for one in hand.plant.active() if one.alarm == "GT-1/H"]
            hand.time_passes(59_000)
            hand.read(12)
            hand.time_passes(1_500)
            acts = [e.action for e in hand.events if isinstance(e, m.OperatorEvent)]
            return (
                told(hand),
                acts,
                marked + [one.test for one in hand.plant.active() if one.alarm == "GT-1/H"],
            )

    events, acts, marked = asyncio.run(main())
    assert events == [("B", m.RAISE, True), ("A", m.CLEAR, True), ("B", m.RAISE, False)]
    assert acts == ["test-begin", "test-end"]
    assert marked == [True, False]


def test_an_unknown_point_cannot_be_tried(tmp_path: Path) -> None:
    async def main() -> None:
        async with plant_by_hand(tmp_path, UNIT) as hand:
            with pytest.raises(ValueError, match="no point 'GT-9'"):
                hand.plant.point_tests.begin("GT-9", "Zhang", 60_000)

    asyncio.run(main())
