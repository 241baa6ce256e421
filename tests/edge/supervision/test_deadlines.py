"""A part that hangs is found, however lively the others are."""

import pytest

from edge.supervision.deadlines import Deadlines, Progress


def test_one_silent_part_is_named_while_the_others_live() -> None:
    deadlines = Deadlines()
    deadlines.watch("bus field", 4000, 0)
    deadlines.watch("alarms", 4000, 0)
    for now in range(0, 10_000, 500):
        deadlines.met("alarms", now)
    assert deadlines.overdue(4000) == []
    assert deadlines.overdue(4001) == ["bus field"]
    assert deadlines.silence("bus field", 9000) == 9000


def test_a_part_that_comes_back_is_overdue_no_more() -> None:
    deadlines = Deadlines()
    deadlines.watch("uplink", 1000, 0)
    assert deadlines.overdue(1500) == ["uplink"]
    deadlines.met("uplink", 1600)
    assert deadlines.overdue(1700) == []


def test_a_sign_of_life_of_somebody_unknown_means_nothing() -> None:
    deadlines = Deadlines()
    deadlines.met("nobody", 5)
    assert deadlines.overdue(10**9) == []


def test_a_deadline_that_nobody_can_meet_is_refused() -> None:
    with pytest.raises(ValueError, match="can never be met"):
        Deadlines().watch("x", 0, 0)


def test_a_writer_with_work_that_writes_nothing_shows_no_life() -> None:
    writer = Progress()
    assert writer.alive(3, 10, excused=False)  # the first look sees a new head
    assert not writer.alive(3, 10, excused=False)
    assert writer.alive(3, 11, excused=False)
    assert writer.alive(0, 11, excused=False)
    assert writer.alive(3, 11, excused=True)
