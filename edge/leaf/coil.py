"""Horn and beacon behind coils of the line: written, echoed, read back, re-asserted; or held.

Outputs as in design "A reply must belong to its request": idempotent, repeated until the exact echo comes,
then read back. A held relay is energised while the alarm engine lives, and its drop sounds; what holds it (a
timed pulse, the board's own watchdog) ends by itself, so it is enough to stop renewing:

    the board hangs, resets or is gone     nobody renews: the relay drops within its time-out
    the alarm engine makes no more rounds  written off after TOKEN_MS; where that fails too, the time-out

Runs on MicroPython as it is.
"""

from edge.core.transaction import ACCEPT, Request
from edge.core.unit import WRITE
from edge.drivers.modbus.frame import rtu, write_coil, write_coils, write_word

# How mypy knows the names of `typing`, which MicroPython does not have.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from edge.leaf.bus import Read

REASSERT_ON_MS, REASSERT_OFF_MS = 5_000, 30_000
QUICK, SHARE = 3, 9  # repeats of a write at once; later ones wait at most so many times as long as one takes
# As `edge/outputs/hold.py` and `held_coil.py`:
TOKEN_MS = 1000  # a round of the alarm engine that is older holds nothing
LOOK_MS = 2000  # between two read-backs of a held relay
AGAIN_MS = 1000  # a dropped relay is written off again


class Coil:
    """An output behind a coil; `set` may be called at any time."""

    reads_back = True

    def __init__(
        self, name: str, unit: int, coil: int, inverted: bool, single: bool, back: "Read", report: "Any"
    ) -> None:
        """Begin unwritten; `report(name, on, ok, reason)` hears what becomes of it, `back` reads it back."""
        self.name = name
        self.wanted: bool | None = None
        self.ok = True
        self.fresh = False  # switched on, and not on the wire yet
        self.echoed = False
        self.attempts = 0
        self.not_before = 0
        self.back = back
        self.confirmed: bool | None = None
        self._since: int | None = None  # written, and not confirmed yet
        self._unit, self._coil, self._inverted, self._single = unit, coil, inverted, single
        self._report = report
        self.request = back.request

    @property
    def urgent(self) -> bool:
        """Say whether it goes before everything else on the line."""
        return bool(self.wanted)

    def look(self, now: int) -> bool:
        """Prepare what is to be asked next; False: nothing."""
        del now
        return self.wanted is not None

    def set(self, on: bool, now: int) -> None:
        """Want it on or off."""
        if on != self.wanted:
            self.wanted = self.fresh = on
            self._write(on != self._inverted, now)

    def _write(self, value: bool, now: int, pulse: "list[int] | None" = None) -> None:
        """Put a request together; with `pulse` (function, address, value) it energises the relay a while."""
        mirrored = self._single
        if pulse is not None:
            (pdu, reply), mirrored = write_word(*pulse), True
        elif mirrored:
            pdu, reply = write_coil(self._coil, value)
        else:
            pdu, reply = write_coils(self._coil, [value])
        wire = rtu(self._unit, pdu)
        self.request = Request(
            self._unit, pdu[0], 0, WRITE, self.back.timeout_ms, wire, reply, mirrored=mirrored
        )
        self.echoed, self.attempts, self.not_before = False, 0, now

    def ended(self, asked: Request, effect: int, payload: bytes, now: int, hold_ms: int) -> None:
        """Take the outcome of a write, or of its read-back; of an older one after `set` it says nothing."""
        writing = asked is self.request
        if not writing and not self.echoed:
            return
        if self._since is None:
            self._since = now
        if effect == ACCEPT and writing:
            self._heard(now)
            return
        place = self._coil - self.back.address
        if effect == ACCEPT and bool(payload[place >> 3] >> (place & 7) & 1) == self._value():
            self._since = None
            self._rest(now)
            self._told(True, "")
            return
        self.echoed = False
        self.attempts += 1
        late = self.attempts - QUICK
        self.not_before = now + (self._pause(late) if late >= 0 else 0)
        if now - self._since > hold_ms + 1000:
            self._told(False, "unit %d did not confirm coil %d" % (self._unit, self._coil))

    def _value(self) -> bool:
        """Say what the coil should show."""
        return self.wanted != self._inverted

    def _heard(self, now: int) -> None:
        """Go on after the exact echo of a write: read it back."""
        self.echoed, self.not_before = True, now

    def _rest(self, now: int) -> None:
        """Go on after a read-back that was equal."""
        self.echoed, self.attempts = False, 0
        self.not_before = now + (REASSERT_ON_MS if self.wanted else REASSERT_OFF_MS)

    def _pause(self, late: int) -> int:
        return min(SHARE, 1 << min(late, 8)) * self.back.timeout_ms

    def _told(self, ok: bool, reason: str) -> None:
        if ok != self.ok or (ok and self.wanted != self.confirmed):
            reason = "follows again" if ok and not self.ok else reason
            self.ok = ok
            if ok:
                self.confirmed = self.wanted
            self._report(self.name, bool(self.wanted), ok, reason)


class HeldCoil(Coil):
    """A relay that is energised while nothing is wanted and the alarm engine makes its rounds."""

    def __init__(
        self, like: "tuple[Any, ...]", hold: "list[Any]", minted: "Callable[[], int | None]"
    ) -> None:
        """Begin dropped.

        Args:
            like: what a Coil is made of; `inverted` is true.
            hold: renewed every so many ms, and for style "pulse" [function, address, value], else None.
            minted: gives when the last whole round of the alarm engine began; None: it has not begun.
        """
        Coil.__init__(self, *like)
        self._renew_ms, self._pulse = hold
        self._minted = minted
        self._renewed_ms: int | None = None
        self._looked_ms: int | None = None
        self._dropped = False

    @property
    def urgent(self) -> bool:
        """Say that a renewal goes before everything else: late, it would sound the horn for nothing."""
        return True

    def look(self, now: int) -> bool:
        """Hold it, or let it go."""
        minted = self._minted()
        if self.wanted is None or minted is None:
            return False
        dropped = now - minted > TOKEN_MS
        if dropped != self._dropped:
            self._dropped = dropped
            self._aim(now)
            if dropped:
                why = "the alarm engine has shown no sign of life for %d ms" % (now - minted)
                self._report(self.name, True, False, "let go into its safe state: " + why)
            else:
                self._report(self.name, bool(self.wanted), True, "held again")
        if self.echoed and self._renewed_ms is not None and now - self._renewed_ms >= self._renew_ms:
            self.echoed, self.not_before = False, now  # the next renewal does not wait for a read-back
        return True

    def set(self, on: bool, now: int) -> None:
        """Want it to sound or not."""
        if on != self.wanted:
            self.wanted = self.fresh = on
            self._aim(now)

    def _aim(self, now: int) -> None:
        self._looked_ms = None
        held = not (self.wanted or self._dropped)
        self._write(held, now, self._pulse if held else None)

    def _value(self) -> bool:
        return not (self.wanted or self._dropped)

    def _heard(self, now: int) -> None:
        self._renewed_ms = now
        if self._value() and self._looked_ms is not None and now - self._looked_ms < LOOK_MS:
            self._since = None
            self._rest(now)
        else:
            self.echoed, self.not_before = True, now

    def _rest(self, now: int) -> None:
        if self.echoed:
            self._looked_ms = now
        self.echoed, self.attempts = False, 0
        renewed = now if self._renewed_ms is None else self._renewed_ms
        self.not_before = renewed + (self._renew_ms if self._value() else AGAIN_MS)

    def _pause(self, late: int) -> int:
        del late
        return self._renew_ms  # type: ignore[no-any-return]
