"""Watches a version on trial from inside: keeps it when all is good as before, or goes back and ends."""

import asyncio
import logging
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from edge.update.gate import GREEN, WAIT, Gate, Verdict
from edge.update.slots import Slots, Trial

log = logging.getLogger(__name__)

VARIABLE: Final = "FENGSUI_SLOTS"  # set by the launcher
LOOK_S: Final = 0.5


class TrialWatch:
    """Looks twice a second until the trial has ended."""

    def __init__(
        self,
        slots: Slots,
        trial: Trial,
        good: Callable[[], frozenset[str]],
        overdue: Callable[[int], Iterable[str]],
        mono_ms: Callable[[], int],
        end: Callable[[str], None],
    ) -> None:
        """Prepare.

        Args:
            slots: of this machine.
            trial: that runs.
            good: keys of the instruments and outputs that are good now.
            overdue: parts of the gateway that hang at a monotonic time.
            mono_ms: monotonic time.
            end: ends the gateway in good order; the launcher then starts the version before.
        """
        self._slots = slots
        self._trial = trial
        self._good = good
        self._overdue = overdue
        self._mono_ms = mono_ms
        self._end = end

    async def run(self) -> None:
        """Watch, decide once, and stay quiet afterwards."""
        version = self._trial.version
        log.warning("version %s is on trial: %d were good before", version, len(self._trial.good))
        limits = round(self._trial.settled_s * 1000), round(self._trial.longest_s * 1000)
        gate = Gate(frozenset(self._trial.good), self._mono_ms(), *limits)
        while True:
            verdict = self._look(gate)
            if verdict.result != WAIT:
                break
            await asyncio.sleep(LOOK_S)
        if verdict.result == GREEN:
            self._slots.commit(self._trial)
            log.warning("version %s is kept", version)
        else:
            self._slots.revert(self._trial, verdict.why)
            self._end(f"version {version} is taken back: {verdict.why}")
        await asyncio.Event().wait()

    def _look(self, gate: Gate) -> Verdict:
        now = self._mono_ms()
        return gate.look(self._good(), frozenset(self._overdue(now)), now)


def good_of(state: Mapping[str, Any]) -> frozenset[str]:
    """Name what is good in a gateway's status: instruments that are there, outputs that follow.

    Args:
        state: the answer to `status` (`edge/status.py`).
    """
    there = {s["source"] for s in state["sources"] if s["state"] == "online" and s["good_age_ms"] >= 0}
    return frozenset(there | {f"output {o['output']}" for o in state["outputs"] if o["ok"]})


def of_environment(environment: Mapping[str, str] = os.environ) -> tuple[Slots, Trial] | None:
    """Return the slots and the trial that this process is, if the launcher started one."""
    root = environment.get(VARIABLE, "")
    slots = Slots(Path(root)) if root else None
    trial = slots.trial() if slots else None
    return (slots, trial) if slots and trial else None
