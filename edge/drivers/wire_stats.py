"""What was counted of a serial port since the start, for `fengsui edge status` and the heartbeat."""

import msgspec

from edge.drivers.conversation import Conversation
from edge.drivers.dialect import Wire
from edge.drivers.turns import Expected, Turns


class WireUnitStats(msgspec.Struct):
    """What was counted of one instrument; `hold_ms` is how long it is left alone after a missing answer.

    `unwanted` is what an instrument that speaks by itself said more often than its poll interval.
    """

    unit: str
    silent: bool
    good: int
    failed: int
    refused: int
    heard_late: int
    skipped: int
    unwanted: int
    hold_ms: int


class WireStats(msgspec.Struct):
    """What was counted of one port; `utilisation`: share of time with an open question."""

    name: str
    connected: bool
    trouble: str  # why the port is not open
    units: list[WireUnitStats]
    good: int
    failed: int
    heard_late: int
    skipped: int
    connections: int
    strays: int
    malformed: int
    utilisation: float


def units_of(
    wire: Wire, turns: Turns, expected: list[Expected], conversation: Conversation, silent: set[int]
) -> list[WireUnitStats]:
    """Add up what each instrument's questions and reports came to."""
    found = [
        WireUnitStats(
            key,
            unit in silent,
            turns.breakers[unit].good,
            turns.breakers[unit].failed,
            turns.breakers[unit].refused,
            conversation.late[unit],
            0,
            0,
            conversation.holds_ms[unit],
        )
        for unit, key in enumerate(wire.units)
    ]
    for poll in turns.polls:
        found[poll.unit].skipped += poll.skipped
    for one in expected:
        found[one.unit].good += one.heard
        found[one.unit].failed += one.missed
        found[one.unit].unwanted += one.thinned
    return found
