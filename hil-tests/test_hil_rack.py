"""The rack's own code, on an imitation: pseudo-terminals in place of the adapters, a real bench.toml."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from hil import report
from hil.bench_file import load
from hil.imitation import ImitatedRack
from hil.models import FAILED, IMPOSSIBLE, PASSED, Result, Scenario
from hil.rack import Rack
from hil.runner import Run
from hil.scenarios import chosen
from hil.stage import HIGH, Stage
from rig.programs import wait_until

pytestmark = pytest.mark.timeout(0)


def played(imitation: ImitatedRack, *scenarios: Scenario) -> list[Result]:
    with imitation.standing() as path:
        run = Run(Rack(load(path)))
        run.play(scenarios)
    report.write(run, path.with_name("report.html"))
    return run.results


def trial(run: Callable[[Stage], None]) -> Scenario:
    return Scenario("trial", "Trial", "试验", "Nothing.", ("edge 25",), (), run)


def said(result: Result) -> str:
    return "\n".join([result.why, *map(str, result.checks), *result.notes])


def test_a_held_relay_is_tried_through_bench_toml(tmp_path: Path) -> None:
    (result,) = played(ImitatedRack(tmp_path), *chosen(["fail-safe-pulse-kill"]))
    assert result.verdict == PASSED, said(result)
    assert "/tty-module" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_the_bench_plays_and_presses_and_pulls_and_puts_back_by_bench_toml(tmp_path: Path) -> None:
    def run(stage: Stage) -> None:
        stage.begin(quirks="bad_after_s = 2\nbad_priority = 2")
        stage.alarm()
        stage.silence()
        stage.acknowledge()
        stage.field.unplug()
        stage.horn.wait(True, 60.0)
        shown = stage.field.shown
        assert shown is not None
        before = len(shown.shown)
        stage.pause(1.0)
        stage.must("Nobody reads an instrument whose adapter is pulled", len(shown.shown) == before)
        stage.field.plug()
        wait_until("it is read again", lambda: len(shown.shown) > before, 60.0)
        stage.must("The bench's own slave answers again", True)

    (result,) = played(ImitatedRack(tmp_path), trial(run))
    assert (result.verdict, len(result.checks)) == (PASSED, 2), said(result)


def test_an_analogue_instrument_is_driven_by_a_current_source(tmp_path: Path) -> None:
    def run(stage: Stage) -> None:
        stage.begin()
        stage.alarm(HIGH)
        stage.silence()
        (alarm,) = stage.box.status()["alarms"]
        stage.must("The gateway reads what the source gives", abs(alarm["value"] - HIGH) < 1)

    results = played(ImitatedRack(tmp_path, analogue=True), trial(run), *chosen(["instrument-late"]))
    assert [result.verdict for result in results] == [PASSED, IMPOSSIBLE], "\n".join(map(said, results))
    assert (
        results[1].why == "the instrument of this rack is an analogue input: it cannot misbehave on the wire"
    )


def test_a_contact_that_is_not_wired_fails(tmp_path: Path) -> None:
    def run(stage: Stage) -> None:
        stage.begin()
        stage.alarm(HIGH, 3.0)

    (result,) = played(ImitatedRack(tmp_path, wired=False), trial(run))
    assert result.verdict == FAILED
    assert result.checks[-1].found == "waited 3 s for the horn to sound"


def test_a_board_that_the_rack_has_not_got_is_said(tmp_path: Path) -> None:
    (result,) = played(ImitatedRack(tmp_path), *chosen(["fail-safe-watchdog-kill"]))
    assert (result.verdict, result.checks) == (IMPOSSIBLE, [])
    assert result.why == "bench.toml names no relay board of the kind 'watchdog'"


def test_a_module_that_does_not_answer_is_named_with_what_to_look_at(tmp_path: Path) -> None:
    imitation = ImitatedRack(tmp_path)
    with imitation.standing() as path:
        path.write_text(path.read_text().replace("unit = 7", "unit = 8"), encoding="utf-8")
        run = Run(Rack(load(path)))
        run.play(chosen(["fail-safe-pulse-kill"]))
    assert run.results[0].verdict == FAILED
    assert "(unit 8 on " in run.results[0].why
