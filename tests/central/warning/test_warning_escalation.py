"""The automaton of a case, alone: time is an argument, effects are compared."""

from datetime import UTC, datetime, timedelta

import pytest

from central.warning.escalation import (
    Acknowledge,
    Call,
    Case,
    Cleared,
    Close,
    Effect,
    Gap,
    Handle,
    MarkFalse,
    NotPossible,
    Raised,
    Reopen,
    StepFailed,
    Unsuppress,
)
from central.warning.models import BLUE, ORANGE, RED, YELLOW, Policy, Step

T0 = datetime(2026, 11, 22, tzinfo=UTC)


def policy(level: int, ranks: tuple[int, ...] = (0, 2, 3), wait_s: float = 600) -> Policy:
    steps = tuple(Step(delay_s=wait_s if index else 0, rank=rank) for index, rank in enumerate(ranks))
    return Policy(
        name="p", level=level, version=1, region="", steps=steps, handling_s=7200, repeat_s=300, retry_s=60
    )


def case(level: int = RED, ranks: tuple[int, ...] = (0, 2, 3)) -> Case:
    return Case(level=level, policy=policy(level, ranks), due_at=T0)


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def rungs(effects: list[Effect]) -> list[tuple[int, int]]:
    return [(effect.round, effect.step) for effect in effects if isinstance(effect, Call)]


def test_it_climbs_rung_by_rung_and_repeats_the_last() -> None:
    c = case()
    fired = [(second, rungs(c.tick(at(second)))) for second in range(0, 2400, 60)]
    assert [(second, found) for second, found in fired if found] == [
        (0, [(0, 0)]),
        (600, [(0, 1)]),
        (1200, [(0, 2)]),
        (1500, [(1, 2)]),
        (1800, [(2, 2)]),
        (2100, [(3, 2)]),
    ]


def test_a_late_tick_fires_one_rung_and_gives_it_its_whole_time() -> None:
    c = case()
    c.tick(T0)
    assert rungs(c.tick(at(5000))) == [(0, 1)]
    assert rungs(c.tick(at(5000))) == []
    assert c.due_at == at(5600)


def test_a_failed_rung_moves_the_ladder_at_once() -> None:
    c = case()
    c.tick(T0)
    effects = c.take(StepFailed(RED, 0, 0, "nobody"), at(1))
    assert isinstance(effects[0], Gap)
    assert rungs(effects) == [(0, 1)]


def test_when_all_fail_the_next_round_comes_after_the_retry_time_from_above_down() -> None:
    c = case()
    c.tick(T0)
    fired = []
    for _ in range(3):
        fired += rungs(c.take(StepFailed(RED, c.round, c.step, "failed"), at(1)))
    assert fired == [(0, 1), (0, 2)]
    assert c.due_at == at(61)
    fired = rungs(c.tick(at(61)))
    for _ in range(3):
        fired += rungs(c.take(StepFailed(RED, c.round, c.step, "failed"), at(61)))
    assert fired == [(1, 2), (1, 1), (1, 0)]
    assert c.due_at == at(61 + 120)  # less and less often, but never less than usual


def test_a_failure_of_an_older_rung_is_shown_and_moves_nothing() -> None:
    c = case()
    c.tick(T0)
    c.tick(at(600))
    effects = c.take(StepFailed(RED, 0, 0, "failed"), at(700))
    assert [type(effect) for effect in effects] == [Gap]
    assert c.due_at == at(1200)


def test_an_acknowledgement_pauses_and_what_fell_due_fires_when_it_ends() -> None:
    c = case()
    c.tick(T0)
    c.take(Acknowledge(), at(30))
    assert rungs(c.tick(at(7229))) == []
    assert c.wakes()["ladder"] == at(7230)
    assert rungs(c.tick(at(7230))) == [(0, 1)]


def test_a_second_acknowledgement_buys_no_more_time() -> None:
    c = case()
    c.tick(T0)
    c.take(Acknowledge(), at(30))
    with pytest.raises(NotPossible, match="already_acknowledged"):
        c.take(Acknowledge(), at(60))
    c.tick(at(7230))
    c.take(Acknowledge(), at(7300))
    assert rungs(c.tick(at(7830))) == [(0, 2)]


def test_a_failure_while_it_is_acknowledged_calls_nobody() -> None:
    c = case()
    c.tick(T0)
    c.take(Acknowledge(), at(5))
    assert rungs(c.take(StepFailed(RED, 0, 0, "failed"), at(6))) == []


def test_a_rising_level_ends_the_pause_and_begins_anew() -> None:
    c = case(YELLOW)
    c.tick(T0)
    c.take(Acknowledge(), at(5))
    c.take(Raised(RED, policy(RED)), at(60))
    assert (c.state, c.level, c.paused_until) == ("open", RED, None)
    effects = c.tick(at(60))
    assert [(effect.level, effect.step) for effect in effects if isinstance(effect, Call)] == [(RED, 0)]


def test_a_lower_level_changes_nothing_but_what_was_seen() -> None:
    c = case(RED)
    before = c.revision
    assert c.take(Raised(BLUE, policy(BLUE)), at(60)) == []
    assert c.level == RED
    assert c.revision == before + 1


def test_handled_stops_the_ladder_for_good() -> None:
    c = case()
    c.tick(T0)
    c.take(Handle(), at(10))
    assert c.wakes() == {}
    assert c.tick(at(100_000)) == []
    with pytest.raises(NotPossible, match="already_handled"):
        c.take(Acknowledge(), at(20))


@pytest.mark.parametrize(
    ("level", "state"), [(BLUE, "cleared"), (YELLOW, "cleared"), (ORANGE, "open"), (RED, "open")]
)
def test_thirty_minutes_clear_end_blue_and_yellow_only(level: int, state: str) -> None:
    c = case(level)
    c.tick(T0)
    c.take(Cleared(), at(10))
    c.tick(at(10 + 1799))
    assert c.state == "open"
    c.tick(at(10 + 1800))
    assert c.state == state
    assert ("ladder" in c.wakes()) == (state == "open")


def test_a_return_within_thirty_minutes_goes_on_with_the_same_ladder() -> None:
    c = case(YELLOW)
    c.tick(T0)
    c.tick(at(600))
    c.take(Cleared(), at(700))
    c.take(Raised(YELLOW, policy(YELLOW)), at(800))
    assert c.clear_due_at is None
    assert rungs(c.tick(at(1200))) == [(0, 2)]


def test_red_needs_two_people_to_be_false_and_climbs_until_then() -> None:
    c = case(RED)
    c.tick(T0)
    c.take(MarkFalse(7), at(10))
    assert rungs(c.tick(at(600))) == [(0, 1)]
    with pytest.raises(NotPossible, match="same_person"):
        c.take(MarkFalse(7), at(610))
    c.take(MarkFalse(8), at(620))
    assert c.state == "false_alarm"
    assert "ladder" not in c.wakes()


def test_an_active_alarm_is_false_only_until_a_date_and_raises_again_after_it() -> None:
    c = case(YELLOW)
    c.take(MarkFalse(7, at(3600)), at(10))
    assert c.suppressed_until == at(3600)
    assert not any(isinstance(effect, Reopen) for effect in c.tick(at(3599)))
    assert any(isinstance(effect, Reopen) for effect in c.tick(at(3600)))


def test_no_suppression_is_longer_than_the_policy_allows() -> None:
    c = case(YELLOW)
    c.take(MarkFalse(7, at(10**7)), at(0))
    assert c.suppressed_until == at(14400)


def test_a_suppression_that_ends_after_the_alarm_went_reopens_nothing() -> None:
    c = case(YELLOW)
    c.take(MarkFalse(7), at(0))
    c.take(Cleared(), at(10))
    assert not any(isinstance(effect, Reopen) for effect in c.take(Unsuppress(), at(20)))


def test_an_active_alarm_cannot_be_closed() -> None:
    c = case()
    with pytest.raises(NotPossible, match="not_handled"):
        c.take(Close(), at(1))
    c.take(Handle(), at(2))
    with pytest.raises(NotPossible, match="still_active"):
        c.take(Close(), at(3))
    c.take(Cleared(), at(4))
    c.take(Close(), at(5))
    assert c.state == "closed"
    with pytest.raises(NotPossible, match="already_ended"):
        c.take(Close(), at(6))
