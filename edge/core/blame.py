"""Which of a point's quality alarms speaks for a reading: one cause rings once, by its own name.

A reading shows something of a point, in this order; the first that is wrong is blamed and the rest is judged
only as far as the reading allows:

    what is wrong                                          speaks            the value is
    nobody answers (communication failure, not connected)  STALE, else Q     bad
    the driver or the instrument calls it bad              Q                 bad
    all registers of the block are 0xFFFF (or 0)           BLANK             bad: not connected
    the number is none (NaN), or has no finite value       Q                 bad: sensor failure
    the value is outside of the instrument's range         RANGE, else Q     uncertain; far outside bad
    the driver or the instrument doubts it                 Q                 uncertain
    its own stamp is older than may be                     STALE             uncertain: last usable value
    it changed faster than physics allows                  RATE              uncertain
    not one bit of it has moved for long                   STUCK             uncertain: last usable value
    the instruments beside it say otherwise                SIBLINGS          uncertain: sub-normal

So a detector that is pulled out rings Q (or STALE where that is configured) and not six alarms; one that is
read and shows nonsense rings what kind of nonsense. The others meanwhile:

* of what the reading proves wrong-free, an alarm that stands clears after its delay (a number that is out of
  range came over a line that works: Q is normal);
* of what it cannot tell, nothing begins and nothing ends (a lost reply says nothing about a stuck sensor).

Bad values neither raise nor clear a process alarm; uncertain ones may raise and never clear (`alarm.py`).
Runs on MicroPython as it is.
"""

from edge.core.alarm import (
    BEYOND,
    BLANK,
    NORMAL,
    QUALITY,
    RANGE,
    RATE,
    SIBLINGS,
    STALE,
    STUCK,
    UNKNOWN,
)
from protocol.quality import COMM_FAILURE, GOOD, NOT_CONNECTED, is_good

# How mypy knows the names of `collections.abc`, which MicroPython does not have.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

NOBODY = ""  # nothing is wrong: no quality alarm speaks

# How much a reading shows of a point.
NOTHING = 0  # no reply that may be looked at
REPLY = 1  # an answer without content
NUMBER = 2  # a number that is no value to believe
VALUE = 3

_SILENT = (COMM_FAILURE, NOT_CONNECTED)
_DOUBTS = (STALE, RATE, STUCK, SIBLINGS)  # in the order of speaking


def blame(
    sides: "Sequence[str]",
    shown: bool,
    told: int,
    by_number: int,
    finite: bool,
    found: "Sequence[str]",
) -> tuple[str, int]:
    """Find out what speaks for a point.

    Args:
        sides: quality alarms that the point has.
        shown: there is a reply, and nobody calls its number bad for another reason than the number.
        told: quality as the driver and the block give it.
        by_number: quality that the raw number has by itself.
        finite: the raw number has a finite value.
        found: faults that were found besides (BLANK, STALE, RATE, STUCK, SIBLINGS).

    Returns:
        (the side that speaks, or NOBODY; what the reading shows). A fault without an alarm of its own is Q's.
    """
    if not shown:
        return (STALE if told in _SILENT and STALE in sides else QUALITY), NOTHING
    if BLANK in found:
        return (BLANK if BLANK in sides else QUALITY), REPLY
    if by_number != GOOD:
        return (RANGE if finite and RANGE in sides else QUALITY), NUMBER
    if not is_good(told):
        return QUALITY, VALUE
    for side in _DOUBTS:
        if side in found:
            return (side if side in sides else QUALITY), VALUE
    return NOBODY, VALUE


def sample(side: str, speaks: str, shows: int, doubted: bool, found: "Sequence[str]") -> int:
    """Tell what a reading is to one quality alarm of its point.

    Args:
        side: of the alarm.
        speaks: as `blame` gave it.
        shows: as `blame` gave it.
        doubted: driver or block call the value worse than its number does.
        found: as given to `blame`.

    Returns:
        BEYOND, NORMAL or UNKNOWN.
    """
    if side == speaks:
        return BEYOND
    if shows == NOTHING or side in found:
        return UNKNOWN
    if side == QUALITY:
        return UNKNOWN if doubted else NORMAL
    if shows == REPLY:
        return UNKNOWN
    if side in (BLANK, STALE):
        return NORMAL
    if shows == NUMBER:
        return UNKNOWN
    if side == RANGE:
        return NORMAL
    return UNKNOWN if doubted else NORMAL  # nobody judged a change of what was doubted anyhow
