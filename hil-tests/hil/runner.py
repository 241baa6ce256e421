"""Runs scenarios on a rig, side by side where they may, and keeps what came of each."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from hil.field import Rig
from hil.house import House
from hil.models import FAILED, IMPOSSIBLE, PASSED, SHAKES, Check, Impossible, Result, Scenario
from hil.stage import staged


def cannot(rig: Rig, scenario: Scenario) -> str:
    """Why a rig cannot play a scenario; "" if it can."""
    needs = (scenario.board, *scenario.needs)
    return "; ".join(dict.fromkeys(why for need in needs if (why := rig.lacks(need, scenario.board))))


class Run:
    """One run of the bench: what came of every scenario, and the audit of the centre at its end."""

    def __init__(self, rig: Rig, pace: float = 1.0) -> None:
        """Describe it.

        Args:
            rig: where.
            pace: 1 is the short form; counts and outages grow with it.
        """
        self.rig = rig
        self.pace = pace
        self.began = datetime.now(UTC)
        self.took_s = 0.0
        self.results: list[Result] = []
        self.audit: dict[str, int] = {}

    def play(self, scenarios: Sequence[Scenario], told: Callable[[Result], None] = lambda _: None) -> None:
        """Play the scenarios; `told` hears of each as it ends.

        Whatever goes wrong in one is its verdict and keeps no other from being played.
        """
        began = time.monotonic()
        house = House()
        # Those that kill parts of their centre have it one after another; all others side by side.
        shaking = [scenario for scenario in scenarios if scenario.centre == SHAKES]
        groups = [shaking] * bool(shaking) + [[one] for one in scenarios if one.centre != SHAKES]
        try:
            with ThreadPoolExecutor(self.rig.at_once, thread_name_prefix="scenario") as pool:
                jobs = [pool.submit(self._some, group, house, told) for group in groups]
                try:
                    results = {result.scenario.name: result for job in jobs for result in job.result()}
                except (
                    BaseException
                ):  # Ctrl-C: those that are played come to their end, the others never begin
                    pool.shutdown(wait=False, cancel_futures=True)
                    raise
            self.results = [results[scenario.name] for scenario in scenarios]
            self.audit = house.audit()
        finally:
            house.close()
            self.took_s = time.monotonic() - began

    def _some(
        self, scenarios: Sequence[Scenario], house: House, told: Callable[[Result], None]
    ) -> list[Result]:
        found = []
        for scenario in scenarios:
            result = Result(scenario, self.rig.name)
            if why := cannot(self.rig, scenario):
                result.verdict, result.why = IMPOSSIBLE, why
            else:
                self._one(scenario, house, result)
            told(result)
            found.append(result)
        return found

    def _one(self, scenario: Scenario, house: House, result: Result) -> None:
        began = time.monotonic()
        try:
            centre = house.centre(scenario.centre)
            began = (
                time.monotonic()
            )  # the first that needs a centre waits for its start, which is no part of it
            result.began = datetime.now(UTC).strftime("%H:%M:%S")
            with staged(self.rig, result, centre, self.pace) as stage:
                scenario.run(stage)
        except Impossible as exc:
            result.verdict, result.why = IMPOSSIBLE, str(exc)
            return
        except Exception as exc:  # noqa: BLE001 - supervised: a scenario that breaks has failed, and says how
            result.checks.append(Check("Played to its end", False, f"{type(exc).__name__}: {exc}"))
        finally:
            result.took_s = time.monotonic() - began
        broken = [
            f"{check.says} ({check.found})" for check in result.checks if not check.holds and not check.figure
        ]
        # Who says nothing has proved nothing.
        result.verdict = PASSED if result.checks and not broken else FAILED
        result.why = "; ".join(broken) if result.checks else "it said nothing"

    @property
    def counts(self) -> dict[str, int]:
        """How many scenarios ended how."""
        return {
            kind: sum(result.verdict == kind for result in self.results)
            for kind in (PASSED, FAILED, IMPOSSIBLE)
        }
