"""A horn is tried once a week at the hour that people know, and what it did is told in words."""

from datetime import UTC, datetime, timedelta

import pytest

from edge.config_models import SounderTest
from edge.outputs.sounder import Listening, due, results

TABLE = SounderTest(day="wed", time="10:00")
WEDNESDAY = datetime(2026, 7, 1, 10, 0, tzinfo=UTC)


def ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


@pytest.mark.parametrize(
    ("since", "now", "is_due"),
    [
        (WEDNESDAY - timedelta(days=7), WEDNESDAY, True),
        (WEDNESDAY - timedelta(days=7), WEDNESDAY + timedelta(minutes=9), True),
        (WEDNESDAY - timedelta(days=7), WEDNESDAY - timedelta(seconds=1), False),
        (WEDNESDAY - timedelta(days=7), WEDNESDAY + timedelta(minutes=11), False),
        (WEDNESDAY + timedelta(seconds=5), WEDNESDAY + timedelta(minutes=1), False),
        # Missed: the next day at the same time, not when the gateway happens to be switched on.
        (WEDNESDAY - timedelta(days=7), WEDNESDAY + timedelta(hours=17), False),
        (WEDNESDAY - timedelta(days=7), WEDNESDAY + timedelta(days=1), True),
        (WEDNESDAY - timedelta(days=7), WEDNESDAY + timedelta(days=3), True),
        (WEDNESDAY + timedelta(days=1, seconds=3), WEDNESDAY + timedelta(days=2), False),
        # A gateway that was begun on a Friday is first tested on the Wednesday after.
        (WEDNESDAY + timedelta(days=2), WEDNESDAY + timedelta(days=3), False),
        (WEDNESDAY + timedelta(days=2), WEDNESDAY + timedelta(days=7), True),
    ],
)
def test_a_test_is_due_once_a_week_and_made_up_at_the_same_hour(
    since: datetime, now: datetime, is_due: bool
) -> None:
    assert due(TABLE, ms(since), ms(now), UTC) is is_due


def test_every_week_of_a_year_has_one_test_however_often_it_is_asked() -> None:
    last, tests, now = ms(WEDNESDAY - timedelta(days=3)), [], WEDNESDAY - timedelta(days=3)
    while now < WEDNESDAY + timedelta(days=364):
        asked = due(TABLE, last, ms(now), UTC)
        tests += [now] * asked
        last = ms(now) if asked else last
        now += timedelta(minutes=5)
    assert len(tests) == 52
    assert {(t.weekday(), t.hour) for t in tests} == {(2, 10)}


def test_an_output_that_is_not_read_back_as_told_has_failed() -> None:
    made = results([("a.horn", True, False), ("a.beacon", False, False), ("b.horn", True, True)], None)
    assert [(r.output, r.ok) for r in made] == [("a.horn", True), ("a.beacon", False), ("b.horn", False)]
    assert made[1].reason == "test: did not switch on"


def test_a_horn_is_heard_only_by_a_value_that_rises() -> None:
    heard = Listening("MIC-1", 10)
    heard.before(40)
    heard.during(41)
    heard.during(None)
    assert heard.verdict() == (False, "MIC-1 rose less than 10: from 40 to 41")
    heard.during(85)
    assert heard.verdict() == (True, "MIC-1 rose from 40 to 85")
    made = results([("a.horn", True, False)], Listening("MIC-2", 1).verdict())
    assert not made[0].ok
    assert "MIC-2 gave no good value" in made[0].reason
