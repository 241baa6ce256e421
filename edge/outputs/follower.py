"""Says once when an output stops to follow or to be held, and once when that is over: to log and record."""

import logging

from edge.outputs.models import Report

log = logging.getLogger(__name__)


class Follower:
    """What every output that is on or off remembers of its last success."""

    def __init__(self, name: str, report: Report) -> None:
        """Begin unconfirmed; `name` is that of events, "main.horn"."""
        self.name = name
        self.ok = True
        self.confirmed: bool | None = None
        self._report = report

    def told(self, on: bool, reason: str) -> None:
        """Take the outcome of one attempt: "" that it shows `on`, or why not."""
        ok = not reason
        if ok == self.ok and (not ok or on == self.confirmed):
            return
        recovered = "follows again" if ok and not self.ok else ""
        if recovered:
            log.info("output %s follows again", self.name)
        elif not ok:
            log.error("output %s does not follow: %s", self.name, reason)
        self.ok = ok
        if ok:
            self.confirmed = on
        self._report(self.name, on, ok, reason or recovered)


class Held(Follower):
    """What a held output remembers besides: why it let go, "" while the alarm engine holds it."""

    def __init__(self, name: str, report: Report) -> None:
        super().__init__(name, report)
        self.dropped = ""

    def let_go(self, stopped: str, wanted: bool) -> None:
        """Note why nothing holds it now, or "" that the engine does."""
        if stopped and not self.dropped:
            log.error("output %s lets go: %s", self.name, stopped)
            self._report(self.name, True, False, f"let go into its safe state: {stopped}")
        elif self.dropped and not stopped:
            log.warning("output %s is held again", self.name)
            self._report(self.name, wanted, True, "held again")
        self.dropped = stopped
