"""What a receipt means for what was sent: delivered, sent from elsewhere, introduced first, or waited for.

Keeps law-never-lose 4, 5, 6 and 12 on the gateway's side: nothing counts as delivered but a STORED (or
CONFLICT: the centre keeps both and shows them) that repeats exactly what was sent. Pure.
"""

import random
from typing import Final

import msgspec

from edge.spool.records import StoredBatch
from protocol import messages as m

# what to do next
ADVANCE: Final = 1
GO_TO: Final = 2
INTRODUCE: Final = 3
BACK_OFF: Final = 4


class Verdict(msgspec.Struct, frozen=True):
    """What follows from a receipt; `epoch` and `expected` are set with GO_TO; `complaint` is to be logged."""

    action: int
    epoch: int = 0
    expected: int = 0
    complaint: str = ""


def judge(receipt: m.Receipt, gateway: str, stream: int, batch: StoredBatch) -> Verdict:
    """Judge the centre's answer to a batch.

    Args:
        receipt: its signature was checked.
        gateway: our id.
        stream: of the batch.
        batch: what was sent.
    """
    if receipt.gateway != gateway:
        return Verdict(BACK_OFF, complaint=f"a receipt for {receipt.gateway!r} was sent to us")
    if receipt.status == m.BUSY:
        return Verdict(BACK_OFF)
    if receipt.status == m.BIRTH_WANTED:
        return Verdict(INTRODUCE)
    if receipt.status == m.REFUSED:
        return Verdict(BACK_OFF, complaint=f"the centre refuses: {receipt.reason}")
    return _about_a_range(receipt, stream, batch)


def _about_a_range(receipt: m.Receipt, stream: int, batch: StoredBatch) -> Verdict:
    if receipt.status == m.EXPECTED and receipt.stream == stream and receipt.expected >= 1:
        return Verdict(GO_TO, receipt.epoch, receipt.expected)
    said = (receipt.stream, receipt.epoch, receipt.first, receipt.last, receipt.hash)
    if said != (stream, batch.epoch, batch.first, batch.last, batch.hash):
        return Verdict(BACK_OFF, complaint="a receipt for another batch")
    if receipt.status == m.STORED:
        return Verdict(ADVANCE)
    if receipt.status == m.CONFLICT:
        held = f"{batch.first}..{batch.last}"
        return Verdict(
            ADVANCE, complaint=f"conflict: the centre holds other records as {held}: {receipt.reason}"
        )
    return Verdict(BACK_OFF, complaint=f"unknown receipt status {receipt.status}")


class BackOff:
    """Pauses that grow with each failure, with jitter, so that a thousand gateways do not return together."""

    def __init__(self, most_s: float, first_s: float = 0.25) -> None:
        self._first_s = first_s
        self._most_s = most_s
        self._next_s = first_s

    def reset(self) -> None:
        """It worked."""
        self._next_s = self._first_s

    def pause_s(self) -> float:
        """How long to wait now: between half and all of the present step."""
        pause = self._next_s
        self._next_s = min(self._next_s * 2, self._most_s)
        return pause * random.uniform(0.5, 1.0)
