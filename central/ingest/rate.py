"""How much one gateway may send: a bucket of frames and one of bytes for each kind.

So no alarm waits for history, and no gateway, broken or taken over, keeps others from being heard. Pure.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from msgspec import Struct

BURST_S: Final = 3.0
_MOST_REMEMBERED: Final = 100_000


class Limits(Struct, frozen=True):
    """What each gateway may send of each kind; 0 is no limit."""

    frames_per_s: float = 1000.0
    bytes_per_s: float = 16.0 * 1024 * 1024


class _Bucket(Struct):
    frames: float
    bytes: float
    at_s: float


class Rates:
    """The buckets of all gateways of this process; a full one holds three seconds' worth.

    Args:
        limits: how fast they fill.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._buckets: OrderedDict[tuple[str, str], _Bucket] = OrderedDict()

    def admits(self, gateway: str, kind: str, size: int, now_s: float) -> bool:
        """Take one frame out of its buckets; False when they do not hold so much.

        A frame of any size that is allowed at all finds room in a full bucket.

        Args:
            gateway: whose frame it is, believed.
            kind: births and events, measurements, live copies and heartbeats never take from each other.
            size: bytes.
            now_s: monotonic.
        """
        limits = self._limits
        if not limits.frames_per_s and not limits.bytes_per_s:
            return True
        most_frames = max(1.0, limits.frames_per_s * BURST_S)
        most_bytes = max(float(1 << 20), limits.bytes_per_s * BURST_S)
        bucket = self._buckets.get((gateway, kind))
        if bucket is None:
            bucket = self._buckets[gateway, kind] = _Bucket(most_frames, most_bytes, now_s)
            if len(self._buckets) > _MOST_REMEMBERED:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end((gateway, kind))
        passed = max(0.0, now_s - bucket.at_s)
        bucket.at_s = max(bucket.at_s, now_s)
        bucket.frames = min(most_frames, bucket.frames + passed * limits.frames_per_s)
        bucket.bytes = min(most_bytes, bucket.bytes + passed * limits.bytes_per_s)
        if limits.frames_per_s and bucket.frames < 1:
            return False
        if limits.bytes_per_s and bucket.bytes < min(size, most_bytes):
            return False
        bucket.frames -= 1
        bucket.bytes -= size
        return True
