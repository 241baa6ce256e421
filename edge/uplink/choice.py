"""Which road is used now: falls over when one is silent, comes back when a better one has answered again.

Pure. A road is silent while what was asked on it went unanswered for the patience; a probe that is answered
brings the gateway back to a better one. Who had to leave a better road again soon after is brought back the
later: the pause before a probe doubles, up to ten minutes.
"""

from typing import Final

LONGEST_PAUSE_MS: Final = 600_000
SOON: Final = 10  # pauses within which falling over again counts as restless


class Choice:
    """The present road of several in order of preference, 0 the preferred one; times are monotonic ms."""

    def __init__(self, count: int, patience_ms: int, probe_ms: int) -> None:
        self.present = 0
        self._patience_ms = patience_ms
        self._first_pause_ms = probe_ms
        self._pause_ms = probe_ms
        self._heard: list[int | None] = [None] * count
        self._silent: list[int | None] = [None] * count
        self._returned_ms: int | None = None
        self._probe_ms: int | None = None

    def answered(self, road: int, now: int) -> None:
        """Somebody answered on this road."""
        self._heard[road] = now
        self._silent[road] = None

    def unanswered(self, road: int, began: int, now: int) -> bool:
        """Nobody answered what was asked at `began`; True: another road than this one is to be asked."""
        heard = self._heard[road]
        begin = began if heard is None else max(began, heard)
        silent = self._silent[road]
        self._silent[road] = begin = begin if silent is None else min(silent, begin)
        if road == self.present and len(self._heard) > 1 and now - begin >= self._patience_ms:
            self._fall_over(now)
        return road != self.present

    def _fall_over(self, now: int) -> None:
        if self.present == 0:
            restless = self._returned_ms is not None and now - self._returned_ms < SOON * self._pause_ms
            self._pause_ms = min(self._pause_ms * 2, LONGEST_PAUSE_MS) if restless else self._first_pause_ms
        self.present = (self.present + 1) % len(self._heard)
        self._silent[self.present] = None
        self._probe_ms = now + self._pause_ms

    def probe(self, now: int) -> int | None:
        """Which road to try by a question of its own: a better one, or the present one when it is quiet."""
        if self._probe_ms is None:
            self._probe_ms = now + self._pause_ms
        if now < self._probe_ms:
            return None
        self._probe_ms = now + self._pause_ms
        if self.present > 0:
            return 0
        heard = self._heard[0]
        return 0 if heard is None or now - heard >= self._pause_ms else None

    def probed(self, road: int, now: int) -> bool:
        """A probe was answered; True: this road is used from now on, and was not before."""
        self.answered(road, now)
        if road >= self.present:
            return False
        self.present = road
        self._returned_ms = now
        return True
