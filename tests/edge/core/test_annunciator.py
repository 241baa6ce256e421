"""Horn and beacon follow ISA-18.1, and the button does one thing at a time."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from edge.core.alarm import (
    ACKNOWLEDGE,
    AFTER_ACKNOWLEDGE,
    AFTER_CLEAR,
    AFTER_LATCHED_CLEAR,
    AFTER_RAISE,
    AFTER_RESET,
    CLEAR,
    RAISE,
    RESET,
    Standing,
    Transition,
)
from edge.core.annunciator import (
    ACKNOWLEDGE_ALL,
    BLINK,
    FAST,
    NOTHING,
    OFF,
    RESET_ALL,
    SILENCED,
    SLOW,
    STEADY,
    WINK,
    Annunciator,
)


def change(alarm: str, transition: int, state: str, priority: int = 1) -> Transition:
    return Transition(alarm, "1-1", transition, state, 1.0, 192, 0, alarm.split("/")[1], priority)


def after(*changes: Transition) -> Annunciator:
    annunciator = Annunciator()
    for one in changes:
        annunciator.take(one, 0)
    return annunciator


def horn(annunciator: Annunciator, now: int = 0) -> bool:
    return annunciator.outputs(now)[0]


RAISED = change("P/H", RAISE, "B")
BLIND = change("P/Q", RAISE, "B", 0)


def test_it_begins_dark_and_silent() -> None:
    assert Annunciator().outputs(0) == (False, False)
    assert Annunciator().next_due(0) is None
    assert Annunciator().press(0) == NOTHING


def test_a_new_alarm_sounds_and_flashes_fast() -> None:
    annunciator = after(RAISED)
    assert annunciator.pattern == FAST
    assert [annunciator.outputs(t) for t in (0, 499, 500, 999, 1000)] == [
        (True, True),
        (True, True),
        (True, False),
        (True, False),
        (True, True),
    ]


def test_silence_stops_the_horn_and_leaves_the_beacon_flashing() -> None:
    annunciator = after(RAISED)
    assert annunciator.silence(1)
    assert not horn(annunciator)
    assert annunciator.pattern == FAST
    assert not annunciator.silence(2)


def test_an_acknowledged_alarm_is_steady_and_silent_and_a_cleared_one_dark() -> None:
    annunciator = after(RAISED, change("P/H", ACKNOWLEDGE, "C"))
    assert (annunciator.pattern, horn(annunciator)) == (STEADY, False)
    annunciator.take(change("P/H", CLEAR, "A"), 1)
    assert (annunciator.pattern, annunciator.outputs(1)) == (OFF, (False, False))


def test_an_alarm_that_returned_unheard_still_sounds_and_flashes_slowly() -> None:
    annunciator = after(RAISED, change("P/H", CLEAR, "D"))
    assert (annunciator.pattern, horn(annunciator)) == (SLOW, True)
    annunciator.take(change("P/H", ACKNOWLEDGE, "A"), 1)
    assert annunciator.outputs(1) == (False, False)


@pytest.mark.parametrize("again", [change("P/HH", RAISE, "B"), RAISED])
def test_a_new_raise_sounds_again_after_silence(again: Transition) -> None:
    annunciator = after(RAISED)
    annunciator.silence(1)
    annunciator.take(again, 2)
    assert horn(annunciator)


def test_acknowledging_one_of_two_leaves_the_other_sounding() -> None:
    annunciator = after(RAISED, change("R/H", RAISE, "B"), change("P/H", ACKNOWLEDGE, "C"))
    assert (annunciator.pattern, horn(annunciator)) == (FAST, True)


def test_a_latched_alarm_is_steady_until_its_reset() -> None:
    annunciator = after(RAISED, change("P/H", ACKNOWLEDGE, "C"), change("P/H", CLEAR, "F"))
    assert annunciator.pattern == STEADY
    annunciator.take(change("P/H", RESET, "A"), 1)
    assert annunciator.pattern == OFF


def test_bad_quality_blinks_without_horn() -> None:
    annunciator = after(BLIND)
    assert (annunciator.pattern, horn(annunciator)) == (BLINK, False)
    assert [annunciator.outputs(t)[1] for t in (0, 199, 200, 1999, 2000)] == [True, True, False, False, True]


def test_bad_quality_of_enough_priority_sounds() -> None:
    assert horn(after(change("P/Q", RAISE, "B", 1)))


def test_bad_quality_winks_in_a_steady_light_and_hides_behind_a_flashing_one() -> None:
    assert after(BLIND, RAISED).pattern == FAST
    assert after(BLIND, RAISED, change("P/H", CLEAR, "D")).pattern == SLOW
    assert after(BLIND, RAISED, change("P/H", ACKNOWLEDGE, "C")).pattern == WINK
    assert after(BLIND, change("P/Q", ACKNOWLEDGE, "C")).pattern == STEADY


def test_the_button_silences_then_acknowledges_then_resets() -> None:
    annunciator = after(RAISED, change("R/H", RAISE, "B"))
    assert annunciator.press(1) == SILENCED
    assert annunciator.press(2) == ACKNOWLEDGE_ALL
    annunciator.take(change("P/H", ACKNOWLEDGE, "C"), 2)
    annunciator.take(change("R/H", ACKNOWLEDGE, "C"), 2)
    assert annunciator.press(3) == NOTHING
    annunciator.take(change("P/H", CLEAR, "F"), 3)
    assert annunciator.press(4) == RESET_ALL


def test_a_horn_that_began_between_two_presses_is_silenced_first() -> None:
    annunciator = after(RAISED)
    assert annunciator.press(1) == SILENCED
    annunciator.take(change("R/H", RAISE, "B"), 2)
    assert annunciator.press(3) == SILENCED
    assert annunciator.press(4) == ACKNOWLEDGE_ALL


def test_acknowledging_here_silences_and_names_what_is_unacknowledged() -> None:
    annunciator = after(change("R/H", RAISE, "B"), RAISED, change("S/H", ACKNOWLEDGE, "C"), BLIND)
    assert annunciator.acknowledge(1) == ["P/H", "P/Q", "R/H"]
    assert not horn(annunciator)


def test_after_a_restart_the_unacknowledged_sounds_and_the_acknowledged_does_not() -> None:
    def held(alarm: str, state: str, priority: int = 1) -> Standing:
        return Standing(alarm, "1-1", state, 0, None, 8, alarm.split("/")[1], priority)

    quiet = Annunciator()
    quiet.restore([held("P/H", "C"), held("P/Q", "B", 0)], 0)
    assert (quiet.pattern, horn(quiet)) == (WINK, False)
    loud = Annunciator()
    loud.restore([held("P/H", "C"), held("R/H", "D")], 0)
    assert (loud.pattern, horn(loud)) == (SLOW, True)


def test_a_beacon_with_its_own_flasher_is_lit_while_anything_stands() -> None:
    annunciator = Annunciator(flashes=False)
    annunciator.take(RAISED, 0)
    assert annunciator.next_due(0) is None
    assert all(annunciator.outputs(t)[1] for t in range(0, 3000, 100))


ALARMS = {"P/H": 1, "P/HH": 3, "R/L": 2, "P/Q": 0, "R/Q": 2}
MOVES = [
    (RAISE, AFTER_RAISE),
    (CLEAR, AFTER_CLEAR),
    (CLEAR, AFTER_LATCHED_CLEAR),
    (ACKNOWLEDGE, AFTER_ACKNOWLEDGE),
    (RESET, AFTER_RESET),
]


class AnnunciatorMachine(RuleBasedStateMachine):
    """Whatever the alarms and people do: nothing unheard is dark, nothing new is silent."""

    @initialize(horn_from=st.integers(0, 3))
    def begin(self, horn_from: int) -> None:
        self.now = 0
        self.horn_from = horn_from
        self.annunciator = Annunciator(horn_from)
        self.states = dict.fromkeys(ALARMS, "A")
        self.unsilenced: set[str] = set()

    @rule(alarm=st.sampled_from(sorted(ALARMS)), move=st.sampled_from(MOVES))
    def alarm_changes(self, alarm: str, move: tuple[int, dict[str, str]]) -> None:
        transition, table = move
        if self.states[alarm] in table:
            self.put(alarm, transition, table[self.states[alarm]])

    def put(self, alarm: str, transition: int, state: str) -> None:
        self.states[alarm] = state
        if transition == RAISE:
            self.unsilenced.add(alarm)
        self.annunciator.take(change(alarm, transition, state, ALARMS[alarm]), self.now)

    @rule(ms=st.integers(0, 4000))
    def time_passes(self, ms: int) -> None:
        self.now += ms

    @rule()
    def silence(self) -> None:
        self.annunciator.silence(self.now)
        self.unsilenced.clear()

    @rule()
    def press(self) -> None:
        sounded = horn(self.annunciator, self.now)
        unheard = [alarm for alarm, state in self.states.items() if state in "BDE"]
        did = self.annunciator.press(self.now)
        if sounded:
            assert did == SILENCED
            self.unsilenced.clear()
        elif unheard:
            assert did == ACKNOWLEDGE_ALL
            assert self.annunciator.acknowledge(self.now) == sorted(unheard)
            for alarm in unheard:
                self.put(alarm, ACKNOWLEDGE, AFTER_ACKNOWLEDGE[self.states[alarm]])
            assert not horn(self.annunciator, self.now)
        else:
            assert did == (RESET_ALL if "F" in self.states.values() else NOTHING)

    @invariant()
    def the_horn_sounds_exactly_for_what_is_raised_unheard_and_unsilenced(self) -> None:
        sounding = [
            alarm
            for alarm in self.unsilenced
            if self.states[alarm] in "BDE" and ALARMS[alarm] >= self.horn_from
        ]
        assert horn(self.annunciator, self.now) == bool(sounding)

    @invariant()
    def the_pattern_shows_the_worst_that_stands(self) -> None:
        process = {state for alarm, state in self.states.items() if not alarm.endswith("/Q")}
        quality = {state for alarm, state in self.states.items() if alarm.endswith("/Q")}
        doubt = bool(quality & set("BDE"))
        if "B" in process:
            pattern = FAST
        elif process & set("DE"):
            pattern = SLOW
        elif (process | quality) & set("CF"):
            pattern = WINK if doubt else STEADY
        else:
            pattern = BLINK if doubt else OFF
        assert self.annunciator.pattern == pattern

    @invariant()
    def the_beacon_changes_exactly_when_it_is_due(self) -> None:
        lit = self.annunciator.outputs(self.now)[1]
        due = self.annunciator.next_due(self.now)
        if due is None:
            assert lit == (self.annunciator.pattern == STEADY)
        else:
            assert due > self.now
            assert self.annunciator.outputs(due - 1)[1] == lit != self.annunciator.outputs(due)[1]


AnnunciatorMachine.TestCase.settings = settings(max_examples=200, stateful_step_count=50, deadline=None)
TestAnnunciatorMachine = AnnunciatorMachine.TestCase


def test_the_horn_tells_the_worst_priority_by_its_rhythm() -> None:
    annunciator = Annunciator(patterns=True)
    annunciator.take(change("a/H", RAISE, "B", priority=1), 0)
    assert [annunciator.outputs(now)[0] for now in (0, 499, 500, 4999, 5000)] == [
        True,
        True,
        False,
        False,
        True,
    ]
    assert annunciator.next_due(0) == 500
    annunciator.take(change("b/H", RAISE, "B", priority=2), 5000)
    assert [annunciator.outputs(now)[0] for now in (6000, 7000, 8000)] == [True, False, True]
    annunciator.take(change("c/HH", RAISE, "B", priority=3), 7000)
    assert all(annunciator.outputs(now)[0] for now in range(7000, 20_000, 100))


def test_the_return_of_an_acknowledged_alarm_is_told_until_a_press() -> None:
    annunciator = Annunciator(ringback=True)
    annunciator.take(change("a/H", RAISE, "B"), 0)
    annunciator.take(change("a/H", ACKNOWLEDGE, "C"), 1000)
    assert annunciator.outputs(1000) == (False, True)
    annunciator.take(change("a/H", CLEAR, "A"), 2000)
    assert [annunciator.outputs(now)[0] for now in (2000, 2300, 2600, 2900, 12_000)] == [
        True, False, True, False, True,
    ]  # fmt: skip
    assert annunciator.press(3000) == SILENCED
    assert annunciator.outputs(12_000) == (False, False)
    assert annunciator.next_due(12_000) is None


def test_without_ringback_an_acknowledged_alarm_returns_in_silence() -> None:
    annunciator = Annunciator()
    annunciator.take(change("a/H", RAISE, "B"), 0)
    annunciator.take(change("a/H", ACKNOWLEDGE, "C"), 1000)
    annunciator.take(change("a/H", CLEAR, "A"), 2000)
    assert annunciator.outputs(2000) == (False, False)
