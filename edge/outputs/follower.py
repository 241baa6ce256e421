"""Says once when an output stops to follow, and once when it follows again: to the log and to the record."""

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
