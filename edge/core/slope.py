"""Measures how fast a value changes, over a window: what a rate-of-change alarm (ISA-18.2) compares.

    rate = (value now - value a window ago) * 1000 / (milliseconds between them), in unit per second

"A window ago" is the newest good value that is at least a window old; before there is one the rate is
unknown. Of a long window with fast polls only every 32nd part is kept, so that memory is bounded. After an
outage of three windows everything begins anew: what changed while nobody looked has no rate.

Time is monotonic milliseconds of one boot, given by the caller. Runs on MicroPython as it is.
"""

PARTS = 32
FORGET_AFTER = 3  # windows


class Slope:
    """The last good values of one point."""

    __slots__ = ("_direction", "_kept", "_window_ms")

    def __init__(self, window_ms: int, direction: int = 0) -> None:
        """Begin without values; `direction` 1 counts rises only, -1 falls only, 0 both."""
        self._window_ms = window_ms
        self._direction = direction
        self._kept: list[tuple[int, float]] = []

    def rate(self, now_ms: int, value: float) -> float | None:
        """Give the rate that this value would mean, in unit per second, without keeping it; None: unknown."""
        base: tuple[int, float] | None = None
        for kept in self._kept:
            if now_ms - kept[0] < self._window_ms:
                break
            base = kept
        if base is None or now_ms - base[0] > FORGET_AFTER * self._window_ms:
            return None
        rate = (value - base[1]) * 1000 / (now_ms - base[0])
        if self._direction:
            return rate * self._direction
        return abs(rate)

    def note(self, now_ms: int, value: float) -> None:
        """Keep a good value."""
        kept = self._kept
        while len(kept) > 1 and now_ms - kept[1][0] >= self._window_ms:
            kept.pop(0)
        if kept and now_ms - kept[-1][0] > FORGET_AFTER * self._window_ms:
            kept.clear()
        if not kept or (now_ms - kept[-1][0]) * PARTS >= self._window_ms:
            kept.append((now_ms, value))
