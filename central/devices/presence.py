"""Who is there, judged from heartbeats alone and by our own clock (edge.core.heartbeat decides).

Keeps law-never-lose 5 (two boots of one gateway that speak in turn) and 9. When the centre itself was away,
gateways get a full grace from its start: our absence is not theirs.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from central.devices.models import LATE, OFFLINE, ONLINE
from edge.core import heartbeat

WORDS: Final = {heartbeat.ONLINE: ONLINE, heartbeat.LATE: LATE, heartbeat.OFFLINE: OFFLINE}
SHORTEST_PERIOD_MS: Final = 200
LONGEST_PERIOD_MS: Final = 600_000
DEFAULT_PERIOD_MS: Final = 10_000


class _Watched:
    """One gateway: when it was heard, and as which boot."""

    def __init__(self, period_ms: int, last_ms: int | None, told: str) -> None:
        self.period_ms = period_ms
        self.timing = heartbeat.Presence(period_ms, last_ms=last_ms)
        # Boots are told apart by an instance of their own, which outlives a change of the period.
        self.boots = heartbeat.Presence(1)
        self.told = told
        self.again_ms: int | None = None


class PresenceBoard:
    """Presence of all gateways in one process; `now_ms` is this process's monotonic clock."""

    def __init__(self) -> None:
        self._gateways: dict[str, _Watched] = {}

    def begin(self, known: Iterable[tuple[str, str, int | None]], now_ms: int) -> None:
        """Take over what was last known: (gateway, presence, period in ms); who was there gets a grace."""
        for gateway, presence, period_ms in known:
            if gateway not in self._gateways:
                last = None if presence == OFFLINE else now_ms
                self._gateways[gateway] = _Watched(_sane(period_ms), last, presence)

    def heard(self, gateway: str, boot: int, counter: int, period_ms: int, now_ms: int) -> int:
        """Take one heartbeat; returns COUNTED, REPEATED or INTERLEAVED of `edge.core.heartbeat`."""
        watched = self._gateways.get(gateway)
        if watched is None:
            watched = self._gateways[gateway] = _Watched(_sane(period_ms), None, OFFLINE)
        result = watched.boots.heard(now_ms, boot, counter)
        if result != heartbeat.COUNTED:
            return result
        if _sane(period_ms) != watched.period_ms:
            watched.period_ms = _sane(period_ms)
            watched.timing = heartbeat.Presence(watched.period_ms, last_ms=now_ms)
        watched.timing.heard(now_ms)
        return result

    def changes(self, now_ms: int) -> list[tuple[str, str]]:
        """(gateway, presence) of those whose presence is another than at the last call."""
        changed: list[tuple[str, str]] = []
        for gateway, watched in self._gateways.items():
            word = WORDS[watched.timing.state(now_ms)]
            due = watched.again_ms is not None and now_ms >= watched.again_ms
            if word != watched.told or due:
                watched.told, watched.again_ms = word, None
                changed.append((gateway, word))
        return changed

    def untell(self, gateway: str) -> None:
        """What was just told could not be written: tell it again."""
        if gateway in self._gateways:
            self._gateways[gateway].told = ""

    def overruled(self, gateway: str, now_ms: int) -> None:
        """Another process heard it: what was just told may come true later, so tell it again in a while."""
        watched = self._gateways.get(gateway)
        if watched is not None:
            watched.again_ms = now_ms + watched.period_ms


def _sane(period_ms: int | None) -> int:
    if period_ms is None:
        return DEFAULT_PERIOD_MS
    return max(SHORTEST_PERIOD_MS, min(period_ms, LONGEST_PERIOD_MS))
