"""Counts annunciations: floods of many alarms, and chatter of one (ISA-18.2, EEMUA 191).

    flood     more than 10 annunciations in 10 minutes, until fewer than 5 in 10 minutes
    chatter   one alarm annunciated 3 times or more in a minute (the usual rule; the standard gives no number)

An annunciation is an alarm that becomes B: raised, or laid open again. Covered alarms annunciate nothing.

Time is monotonic milliseconds of one boot, given by the caller. Runs on MicroPython as it is.
"""

WINDOW_MS = 600_000
BEGINS_ABOVE = 10
ENDS_BELOW = 5
CHATTER_MS = 60_000
CHATTERS_AT = 3
MOST = 1000  # kept; a flood of more is a flood all the same


class Flood:
    """The annunciations of one annunciator."""

    def __init__(self, most: int = MOST) -> None:
        """Begin with none; at most `most` are kept, and counted."""
        self._most = most
        self._rung: list[tuple[int, str]] = []
        self._flooding = False

    def take(self, now_ms: int, alarm: str) -> None:
        """Count one annunciation."""
        self._forget(now_ms)
        if len(self._rung) >= self._most:
            self._rung.pop(0)
        self._rung.append((now_ms, alarm))
        self.count(now_ms)

    def count(self, now_ms: int) -> int:
        """Give the annunciations of the last ten minutes."""
        self._forget(now_ms)
        many = len(self._rung)
        if many > BEGINS_ABOVE:
            self._flooding = True
        elif many < ENDS_BELOW:
            self._flooding = False
        return many

    def flooding(self, now_ms: int) -> bool:
        """Say whether a flood has begun and not ended."""
        self.count(now_ms)
        return self._flooding

    def chattering(self, now_ms: int) -> "list[tuple[str, int]]":
        """List (alarm, annunciations within the last minute) of those that chatter, by name."""
        many: dict[str, int] = {}
        for at_ms, alarm in self._rung:
            if now_ms - at_ms < CHATTER_MS:
                many[alarm] = many.get(alarm, 0) + 1
        return sorted([(alarm, n) for alarm, n in many.items() if n >= CHATTERS_AT])

    def _forget(self, now_ms: int) -> None:
        old = 0
        while old < len(self._rung) and now_ms - self._rung[old][0] >= WINDOW_MS:
            old += 1
        if old:
            self._rung = self._rung[old:]
