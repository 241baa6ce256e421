"""What a dead gateway or instrument explains: what is shown under it, and whether its calls wait. Pure.

A gateway that is not heard, or an instrument that does not answer, is one case; that its points give no
values, that its cameras are gone, is the same news again. An alarm of the process is never explained away: it
was seen.
"""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

import msgspec

from central.warning.models import (
    ACKNOWLEDGED,
    CONNECTION,
    FALSE_ALARM,
    OPEN,
    PATROL,
    PRESENCE,
    QUALITY,
)
from protocol.quality import COMM_FAILURE, NOT_CONNECTED

GATEWAY: Final = "gateway"
INSTRUMENT: Final = "instrument"

EXPLAINED: Final = frozenset({QUALITY, CONNECTION, PATROL, PRESENCE})
"""The kinds that a death may explain."""
_SILENT: Final = frozenset({COMM_FAILURE, NOT_CONNECTED})


class Dead(msgspec.Struct, frozen=True):
    """The case of a gateway or instrument; `source` names the instrument at its gateway."""

    id: UUID
    subject_type: str
    gateway_id: str
    source: str
    level: int
    state: str
    active: bool
    is_test: bool


class Matter(msgspec.Struct, frozen=True):
    """A case as far as it may be explained: `source` is the instrument of its point, or of itself."""

    id: UUID
    kind: str
    subject_type: str
    gateway_id: str
    source: str
    level: int
    is_test: bool


def instrument_id(gateway_id: str, source: str) -> str:
    """Name an instrument as the subject of a case."""
    return f"{gateway_id}/{source}"


def source_of(subject_type: str, subject_id: str) -> str:
    """Give the instrument that a case is about; empty where it is about something else."""
    return subject_id.partition("/")[2] if subject_type == INSTRUMENT else ""


def stands(dead: Dead) -> bool:
    """Say whether a death explains anything now: it lasts, and nobody called it false.

    That somebody answers for it, or has handled it, changes nothing: it is still dead.
    """
    return dead.active and dead.state != FALSE_ALARM


def parent_of(matter: Matter, dead: Iterable[Dead]) -> Dead | None:
    """Give the case under which another is shown: that of its instrument before that of its gateway.

    Args:
        matter: the case.
        dead: the cases of gateways and instruments around it, in any order.
    """
    if matter.kind not in EXPLAINED or not matter.gateway_id or matter.subject_type == GATEWAY:
        return None
    near = [one for one in dead if stands(one) and one.id != matter.id and one.is_test == matter.is_test]
    near = [one for one in near if one.gateway_id == matter.gateway_id]
    own = [one for one in near if one.subject_type == INSTRUMENT and one.source == matter.source]
    whole = [one for one in near if one.subject_type == GATEWAY]
    # Of two (one is handled, the next is open) the one that still calls.
    found = sorted(
        own if own and matter.subject_type != INSTRUMENT else whole,
        key=lambda one: (one.state in {OPEN, ACKNOWLEDGED}, one.level, str(one.id)),
    )
    return found[-1] if found else None


def waits(matter: Matter, parent: Dead) -> bool:
    """Say whether its calls wait for its parent: not when it is worse, the parent's ladder ends lower."""
    return matter.level <= parent.level


def is_silence(quality: int) -> bool:
    """Say whether a bad value means that its instrument gave no answer."""
    return quality in _SILENT
