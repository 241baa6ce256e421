"""Decides whether something new is healthy: nothing that was good before may stay bad.

    begun ──▶ WAIT ── all good, settled ──▶ GREEN
                └──── the time is over ───▶ RED, with what is still bad

Pure: it is given the time and what is good, and holds nothing else.
"""

from typing import Final

import msgspec

from edge.trial.switch import keys_in_words

WAIT: Final = "wait"
GREEN: Final = "green"
RED: Final = "red"


class Verdict(msgspec.Struct, frozen=True):
    """What the gate says at a moment."""

    result: str
    why: str = ""


class Gate:
    """Looks at what is good, again and again, from its first moment on."""

    def __init__(self, good_before: frozenset[str], now_ms: int, settled_ms: int, longest_ms: int) -> None:
        """Begin.

        Args:
            good_before: keys of points and outputs that were good before.
            now_ms: monotonic time.
            settled_ms: all of them must be good for so long without a break.
            longest_ms: after so long without that it is not healthy.
        """
        self._before = good_before
        self._begun = now_ms
        self._settled = settled_ms
        self._longest = longest_ms
        self._since: int | None = None

    def look(self, good: frozenset[str], overdue: frozenset[str], now_ms: int) -> Verdict:
        """Judge one moment.

        Args:
            good: keys that are good now.
            overdue: parts of the gateway that hang.
            now_ms: monotonic time.
        """
        bad = self._before - good | overdue
        if bad:
            self._since = None
        elif self._since is None:
            self._since = now_ms
        if self._since is not None and now_ms - self._since >= self._settled:
            return Verdict(GREEN)
        if now_ms - self._begun >= self._longest:
            return Verdict(RED, f"good before and not now: {keys_in_words(bad)}" if bad else "never settled")
        return Verdict(WAIT, keys_in_words(bad))
