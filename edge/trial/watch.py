"""Watches a trial from inside the gateway: keeps what is new when all is good as before, or goes back."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from typing import Final

from edge.trial.gate import GREEN, WAIT, Gate, Verdict
from edge.trial.switch import Switch, Trial

log = logging.getLogger(__name__)

LOOK_S: Final = 0.5


class TrialWatch:
    """Looks twice a second until the trial has ended."""

    def __init__(
        self,
        switch: Switch,
        trial: Trial,
        good: Callable[[], frozenset[str]],
        overdue: Callable[[int], Iterable[str]],
        mono_ms: Callable[[], int],
        ended: Callable[[Trial, str], None],
    ) -> None:
        """Prepare.

        Args:
            switch: whose trial it is.
            trial: that runs.
            good: keys of the points and outputs that are good now.
            overdue: parts of the gateway that hang at a monotonic time.
            mono_ms: monotonic time.
            ended: called once with why it was taken back, "" when it is kept; whoever takes it back must
                begin the gateway again.
        """
        self._switch = switch
        self._trial = trial
        self._good = good
        self._overdue = overdue
        self._mono_ms = mono_ms
        self._ended = ended

    async def run(self) -> None:
        """Watch, decide once, and stay quiet afterwards."""
        trial = self._trial
        log.warning("%s is on trial: %d were good before", trial.version, len(trial.good))
        limits = round(trial.settled_s * 1000), round(trial.longest_s * 1000)
        gate = Gate(frozenset(trial.good), self._mono_ms(), *limits)
        while True:
            verdict = self._look(gate)
            if verdict.result != WAIT:
                break
            await asyncio.sleep(LOOK_S)
        if verdict.result == GREEN:
            self._switch.commit(trial)
            log.warning("%s is kept", trial.version)
            self._ended(trial, "")
        else:
            try:
                self._switch.revert(trial, verdict.why)
            except OSError:  # a start that the disk cannot count goes back as well
                log.exception("%s: the way back could not be written", trial.version)
            log.error("%s is taken back: %s", trial.version, verdict.why)
            self._ended(trial, verdict.why)
        await asyncio.Event().wait()

    def _look(self, gate: Gate) -> Verdict:
        now = self._mono_ms()
        return gate.look(self._good(), frozenset(self._overdue(now)), now)
