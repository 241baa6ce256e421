"""The rack's own code, on an imitation: pseudo-terminals in place of the adapters, a real bench.toml."""

from __future__ import annotations

from pathlib import Path

import pytest

from hil import report
from hil.bench_file import load
from hil.imitation import ImitatedRack
from hil.models import FAILED, IMPOSSIBLE, PASSED, Result
from hil.rack import Rack
from hil.runner import Run
from hil.scenarios import chosen

pytestmark = pytest.mark.timeout(0)


def played(imitation: ImitatedRack, *names: str) -> list[Result]:
    with imitation.standing() as path:
        run = Run(Rack(load(path)))
        run.play(chosen(list(names)))
    report.write(run, path.with_name("report.html"))
    return run.results


def said(result: Result) -> str:
    return "\n".join([result.why, *map(str, result.checks), *result.notes])


def test_held_relay_and_instrument_are_tried_through_bench_toml(tmp_path: Path) -> None:
    results = played(ImitatedRack(tmp_path), "fail-safe-pulse-kill", "hang-seen")
    assert [result.verdict for result in results] == [PASSED, PASSED], "\n".join(map(said, results))
    assert "/tty-module" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_the_adapter_is_pulled_and_put_back_by_the_commands_of_bench_toml(tmp_path: Path) -> None:
    (result,) = played(ImitatedRack(tmp_path), "adapter-pulled")
    assert result.verdict == PASSED, said(result)


def test_an_analogue_instrument_is_driven_by_a_current_source(tmp_path: Path) -> None:
    results = played(ImitatedRack(tmp_path, analogue=True), "silence-acknowledge", "instrument-late")
    assert [result.verdict for result in results] == [PASSED, IMPOSSIBLE], "\n".join(map(said, results))
    assert (
        results[1].why == "the instrument of this rack is an analogue input: it cannot misbehave on the wire"
    )


def test_a_contact_that_is_not_wired_fails(tmp_path: Path) -> None:
    (result,) = played(ImitatedRack(tmp_path, wired=False), "fail-safe-pulse-stop")
    assert result.verdict == FAILED
    assert result.checks[-1].found == "waited 10 s for the horn to sound"


def test_a_board_that_the_rack_has_not_got_is_said(tmp_path: Path) -> None:
    (result,) = played(ImitatedRack(tmp_path), "fail-safe-watchdog-kill")
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
