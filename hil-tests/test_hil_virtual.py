"""The whole bench on virtual wires, in its short form: every verdict, and the report that is handed over."""

from __future__ import annotations

import os
import re

import pytest

from hil import report
from hil.models import FAILED, PASSED
from hil.runner import Run, cannot
from hil.scenarios import ALL, chosen
from hil.virtual_rig import VirtualRig

pytestmark = [pytest.mark.faults, pytest.mark.timeout(0)]


@pytest.fixture(scope="module")
def run() -> Run:
    """One run of every scenario."""
    played = Run(VirtualRig(), pace=10.0 if os.environ.get("FENGSUI_SOAK") == "1" else 1.0)
    played.play(ALL)
    return played


@pytest.fixture(scope="module")
def page(run: Run, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The report of that run."""
    path = tmp_path_factory.mktemp("bench") / "report.html"
    report.write(run, path)
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("number", range(len(ALL)), ids=[scenario.name for scenario in ALL])
def test_a_scenario_passes_on_the_virtual_rig(number: int, run: Run) -> None:
    result = run.results[number]
    broken = [check for check in result.checks if not check.holds and not check.figure]
    why = "\n".join([result.why, *map(str, broken), *result.notes])
    possible = not cannot(run.rig, result.scenario)
    assert (result.verdict == PASSED) == possible, why
    assert result.verdict != FAILED, why


def test_the_centre_misses_nothing_and_has_nothing_twice_after_all_of_it(run: Run) -> None:
    assert (run.audit["missing"], run.audit["duplicate"]) == (0, 0)
    assert run.audit["records"] > 500


def test_every_scenario_is_in_the_report_with_its_chinese_title(page: str) -> None:
    absent = [
        scenario.name
        for scenario in ALL
        if f'<section id="{scenario.name}">' not in page or scenario.title_zh not in page
    ]
    assert absent == []


def test_the_report_needs_nothing_else(page: str) -> None:
    assert re.findall(r"""(?:src|href)\s*=\s*["'](?!#)""", page) == []
    assert "url(" not in page
    assert "@import" not in page
    assert [link for link in re.findall(r"https?://[^\s\"'<]+", page) if "www.w3.org" not in link] == []


def test_the_report_shows_when_things_happened_and_how_late_the_horn_was(page: str) -> None:
    section = page[page.index('<section id="horn-reaction">') :]
    section = section[: section.index("</section>")]
    assert section.count("<svg") == 3
    assert "p99" in section
    assert "link down" in section


def test_names_of_scenarios_are_unique() -> None:
    assert len({scenario.name for scenario in ALL}) == len(ALL)


def test_an_unknown_scenario_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(ValueError, match="no scenario horn-raction; there are: horn-reaction, "):
        chosen(["horn-raction"])
