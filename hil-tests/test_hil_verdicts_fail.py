"""A bench that cannot say no proves nothing: with a broken wire, gateway or record its verdicts must fail."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hil.models import FAILED, IMPOSSIBLE, PASSED, Impossible, Result, Scenario
from hil.runner import Run
from hil.scenarios import chosen
from hil.stage import HIGH, Stage
from hil.virtual_rig import VirtualRig

pytestmark = pytest.mark.timeout(0)


def played(run: Callable[[Stage], None], rig: VirtualRig | None = None) -> Result:
    scenario = Scenario("trial", "Trial", "试验", "Nothing.", ("edge 25",), (), run)
    bench = Run(rig or VirtualRig())
    bench.play([scenario])
    return bench.results[0]


def test_a_broken_horn_wire_fails_the_scenarios_that_listen_for_it() -> None:
    bench = Run(VirtualRig(horn_wire=False))
    bench.play(chosen(["fail-safe-pulse-kill", "fail-safe-watchdog-stop"]))
    assert [result.verdict for result in bench.results] == [FAILED, FAILED]
    assert all("for the horn to sound" in result.why for result in bench.results)


def test_a_gateway_that_is_dead_fails_a_scenario_that_waits_for_its_alarm() -> None:
    def run(stage: Stage) -> None:
        stage.begin()
        stage.box.supervisor.holds_back.set()
        stage.box.program.kill()
        stage.horn.wait(True)  # the held relay lets go
        stage.field.press(True)
        stage.horn.wait(False, 2.0)

    result = played(run)
    assert result.verdict == FAILED
    assert result.checks[-1].found == "waited 2 s for the horn to be silent"


def test_a_scenario_that_says_nothing_has_failed() -> None:
    result = played(lambda stage: None)
    assert (result.verdict, result.why) == (FAILED, "it said nothing")


def test_a_scenario_that_breaks_has_failed_and_the_others_are_played() -> None:
    def breaks(stage: Stage) -> None:
        raise RuntimeError("the bench has a bug")

    def holds(stage: Stage) -> None:
        stage.must("One is one", True)

    bench = Run(VirtualRig())
    bench.play(
        [
            Scenario(name, name, name, name, (), (), run)
            for name, run in (("breaks", breaks), ("holds", holds))
        ]
    )
    assert [result.verdict for result in bench.results] == [FAILED, PASSED]
    assert bench.results[0].checks[0].found == "RuntimeError: the bench has a bug"


def test_what_the_rig_cannot_do_is_neither_passed_nor_failed() -> None:
    def run(stage: Stage) -> None:
        raise Impossible("there is no such wire")

    result = played(run)
    assert (result.verdict, result.why) == (IMPOSSIBLE, "there is no such wire")


def test_a_figure_over_its_limit_is_shown_and_fails_only_a_rig_whose_times_count() -> None:
    def run(stage: Stage) -> None:
        stage.must("Something holds", True)
        stage.within("a time", 500.0, 100.0)

    shared, alone = VirtualRig(), VirtualRig()
    alone.strict = True
    assert (played(run, shared).verdict, played(run, alone).verdict) == (PASSED, FAILED)


def test_a_record_that_never_happened_is_seen() -> None:
    def run(stage: Stage) -> None:
        stage.begin()
        stage.alarm(HIGH)
        stage.silence()
        shown = stage.field.shown
        assert shown is not None
        # The instrument remembers an answer that it never gave: the centre cannot have it.
        shown.shown.insert(1, type(shown.shown[0])(999_999, 20, shown.shown[1].at_ms))
        stage.pause(2.0)
        stage.whole_story()

    scenario = Scenario("trial", "Trial", "试验", "Nothing.", (), (), run, centre="uses")
    bench = Run(VirtualRig())
    bench.play([scenario])
    broken = [check.says for check in bench.results[0].checks if not check.holds]
    assert bench.results[0].verdict == FAILED
    assert broken == ["Every answer of the instrument is stored once, as it was, or its loss was declared"]
