"""Says whether a held relay may go on being held: pure, fed by the alarm engine and with time.

    Plant.tick --mint(now)--> Heart --stopped(now)--> "" or why not --> the holder renews, or lets go

A held relay is energised while all is well and its drop sounds the horn (de-energise to alarm). What holds it
ends by itself: a timed pulse, the board's own watchdog, a monostable behind a pin. So it is enough to stop
renewing. Nothing but the alarm engine mints, and only at the end of a round in which it has visited every
alarm: an engine that hangs, fails or is never called holds nothing; nor does one whose buses hang.

    how long until the relay has dropped              at most
    the process is killed, stopped or hangs           timeout_ms (nobody renews)
    the engine or a bus hangs, all else runs          TOKEN_MS, then dropped by a write; where that fails
                                                      too, timeout_ms more

Time is monotonic milliseconds, given by the caller.
"""

from collections.abc import Callable, Sequence
from typing import Final

TOKEN_MS: Final = 1000  # an older token holds nothing; the engine mints at least every half of it
SAFE_MS: Final = 2000  # from the fault to the safe state, whatever the fault


def _nobody(now_ms: int) -> Sequence[str]:
    del now_ms
    return ()


class Heart:
    """The newest token, and what else must be alive for it to count."""

    def __init__(self) -> None:
        """Begin without a token: nothing is held before the first round."""
        self.count = 0
        self._minted_ms: int | None = None
        self._hung: Callable[[int], Sequence[str]] = _nobody

    def depend(self, hung: Callable[[int], Sequence[str]]) -> None:
        """Let a token count only while `hung` (by monotonic milliseconds) names nobody."""
        self._hung = hung

    def mint(self, now_ms: int) -> None:
        """Make a token; for the alarm engine alone, at the end of a round that began at `now_ms`."""
        self.count += 1
        self._minted_ms = now_ms

    def stopped(self, now_ms: int) -> str:
        """Say why nothing may be held at this moment; "": all is well."""
        if self._minted_ms is None:
            return "the alarm engine has not begun"
        age = now_ms - self._minted_ms
        if age > TOKEN_MS:
            return f"the alarm engine has shown no sign of life for {age} ms"
        hung = self._hung(now_ms)
        return f"{', '.join(hung)} hangs" if hung else ""


def too_slow(timeout_ms: int) -> str:
    """Return the arithmetic of a time-out that cannot keep `SAFE_MS`; "": it can."""
    whole = TOKEN_MS + timeout_ms
    if whole <= SAFE_MS:
        return ""
    return (
        f"{TOKEN_MS} ms until a hang is seen and {timeout_ms} ms until the board lets go are {whole} ms,"
        f" more than {SAFE_MS}"
    )


def too_quick(timeout_ms: int, renew_ms: int, busy_ms: int) -> str:
    """Return the arithmetic of a time-out that healthy polls would let run out; "": they would not.

    Args:
        timeout_ms: of the board.
        renew_ms: from one renewal to the next.
        busy_ms: so long one request to a silent instrument may keep the line.
    """
    if renew_ms + busy_ms <= timeout_ms:
        return ""
    return (
        f"renewed every {renew_ms} ms, and a silent instrument keeps the line for {busy_ms} ms:"
        f" {renew_ms + busy_ms} ms, more than the {timeout_ms} the board waits; it would sound for nothing"
    )
