"""What may go wrong with a simulated instrument, on request."""

from typing import Final, Literal

import msgspec

FaultName = Literal["none", "silent", "stuck", "out-of-range", "exception", "late"]

NAMES: Final[dict[str, str]] = {
    "none": "nothing is wrong",
    "silent": "does not answer, as with a cut cable",
    "stuck": "answers, but its numbers do not move any more",
    "out-of-range": "shows numbers far beyond its range",
    "exception": "refuses every request (Modbus exception 4, DL/T 645 error reply)",
    "late": "answers only after the master has given up",
}
# Faults that only some kinds of bus can have: who reports by himself refuses nothing and answers nobody.
FITTING: Final[dict[str, tuple[str, ...]]] = {
    "exception": ("tcp", "rtu", "rtu-over-tcp", "ascii", "dlt645"),
    "late": ("tcp", "rtu", "rtu-over-tcp", "ascii", "dlt645", "serial-line"),
}
LATE_MS: Final = 1500


class Fault(msgspec.Struct, frozen=True):
    """One fault that begins `after_s` seconds after the start."""

    name: FaultName = "none"
    after_s: float = 0.0

    def active(self, since_start_s: float) -> FaultName:
        """Return the fault that holds now, or "none"."""
        return self.name if since_start_s >= self.after_s else "none"


NO_FAULT: Final = Fault()
