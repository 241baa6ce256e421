"""What one DataValue means for a point: the number, how far it may be believed and why, and how old it is.

By the standard a source's stamp tells when the value or its status last changed (OPC 10000-4, 7.11.3): the
level of a quiet tank may truly bear last week's. So age is judged only where `max_age_s` says that the source
stamps every sample; a stamp in the future is a lie wherever it stands. Stamps are compared with the server's
own clock, as its responses tell it: a server whose clock differs from ours still knows the age of its values.
"""

from __future__ import annotations

import math
from typing import Final

import msgspec

from edge.drivers.opcua import status
from edge.drivers.opcua.binary import NULL, NUMBERS, Sample
from edge.drivers.opcua.status import Status
from protocol import quality as q

# A stamp older than this tells when the value last changed rather than when it was measured.
SAMPLE_STAMP_MS: Final = 60_000
_EXACT: Final = 1 << 53  # whole numbers beyond have no double of their own
_SHOWN: Final = 30


class Judged(msgspec.Struct, gc=False):
    """A reading of one point in the making: `value` None means there is none."""

    value: float | None
    quality: int
    reason: str
    took_ms: int


def number(sample: Sample, index: int | None) -> tuple[float | None, Status]:
    """Take the number out of a DataValue.

    Args:
        sample: as it came.
        index: of the element, where the value is an array; else None.

    Returns:
        (value, status): None with a bad status where there is no number to believe.
    """
    own = status.judge(sample.status)
    if q.is_bad(own.quality):
        return None, own
    if sample.kind == NULL or (sample.value is None and sample.kind in NUMBERS):
        return None, Status(q.BAD, own.reason or "the server gives no value")
    if sample.kind not in NUMBERS:
        shown = f" {sample.value[:_SHOWN]!r}" if isinstance(sample.value, str) else ""
        return None, Status(
            q.CONFIG_ERROR, f"the node holds a {sample.type_name}{shown}; a point needs a number"
        )
    value, words = _element(sample, index)
    if words:
        return None, Status(q.CONFIG_ERROR, words)
    number = float(value)
    if not math.isfinite(number):
        return None, Status(
            q.SENSOR_FAILURE, f"the value is {'infinite' if math.isinf(number) else 'not a number'}"
        )
    if not -_EXACT <= value <= _EXACT and int(number) != value:
        own = status.worse(own, Status(q.UNCERTAIN, f"{value} is beyond what can be kept exactly"))
    return number, own


def _element(sample: Sample, index: int | None) -> tuple[float, str]:
    """Pick the number that the point means, or say why there is none."""
    value = sample.value
    if not sample.is_array:
        words = f"the node holds one {sample.type_name}, no array; leave `index` out"
        return (value, "") if index is None else (0, words)
    if sample.dimensions > 1:
        return 0, f"the node holds an array of {sample.dimensions} dimensions; name a node of one value"
    if index is None:
        return 0, f"the node holds an array of {len(value)}; say which element with `index`"
    if index >= len(value):
        return 0, f"the node holds an array of {len(value)}: there is no element {index}"
    return value[index], ""


class ServerClock:
    """The server's clock as its responses tell it, against our monotonic one."""

    def __init__(self) -> None:
        self._ahead_ms: int | None = None

    def heard(self, server_ms: int | None, sent_ms: int, now_ms: int) -> None:
        """Note the time in a response; the monotonic times are of the request and of its reply."""
        if server_ms is not None:
            self._ahead_ms = server_ms - (sent_ms + now_ms) // 2

    def now(self, mono_ms: int, utc_ms: int) -> int:
        """Tell the server's time; ours where it never told."""
        return utc_ms if self._ahead_ms is None else self._ahead_ms + mono_ms

    def wrong_by(self, mono_ms: int, utc_ms: int) -> int:
        """Tell by how many milliseconds the server is ahead of us (negative: behind)."""
        return self.now(mono_ms, utc_ms) - utc_ms


def judged(
    sample: Sample,
    index: int | None,
    server_now_ms: int,
    took_ms: int,
    max_age_ms: int,
    tolerance_ms: int,
    *,
    stamped: bool = False,
) -> Judged:
    """Judge one DataValue.

    Args:
        sample: as it came.
        index: of the element of an array, or None.
        server_now_ms: the server's clock at the receipt.
        took_ms: how old the value may be by the way it came (a read: since the request was sent).
        max_age_ms: above this age by the source's stamp the value is uncertain; 0: not judged.
        tolerance_ms: how far a stamp may lie in the future.
        stamped: it was notified because of a change, so that a young stamp is the time of the sample.

    Returns:
        Value, quality, reason, and age for dating.
    """
    value, own = number(sample, index)
    stamp = sample.source_ms if sample.source_ms is not None else sample.server_ms
    if stamp is None:
        if max_age_ms and value is not None:
            own = status.worse(own, Status(q.UNCERTAIN, "the server gives no time, so its age is not known"))
        return Judged(value, own.quality, own.reason, took_ms)
    age = server_now_ms - stamp
    if age < -tolerance_ms:
        words = f"its time is {-age / 1000:.0f} s ahead of the server's clock"
        own = status.worse(own, Status(q.UNCERTAIN, words))
    elif max_age_ms and age > max_age_ms:
        words = f"its source has given nothing new for {age / 1000:.0f} s"
        own = status.worse(own, Status(q.LAST_USABLE, words))
        took_ms = max(took_ms, age)
    elif max_age_ms or (stamped and age <= SAMPLE_STAMP_MS):
        took_ms = max(0, age)
    return Judged(value, own.quality, own.reason, took_ms)
