"""Whom a frame is from, and whether that is true; what is not believed is counted, said once and refused.

Keeps law-never-lose 3. The signature is the identity: neither the key that a frame comes under nor the
certificate of its connection says who sent it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from central.ingest.metrics import FRAMES
from central.ingest.models import Refused
from protocol import codec, keys
from protocol.messages import EVENT, Batch, Birth, Heartbeat, Message

if TYPE_CHECKING:
    from central.devices.models import Gateway
    from central.ingest.directory import Directory
    from central.ingest.inbox import Arrival

_ACCEPTED: Final[dict[str, tuple[type, ...]]] = {
    keys.UPLINK: (Birth, Batch),
    keys.HEARTBEAT: (Heartbeat,),
    keys.LIVE: (Batch,),
}
_WORDS: Final = {1: "birth", 2: "batch", 3: "heartbeat"}


def kind_of(arrival: Arrival, message: Message) -> str:
    """What a believed frame counts as where one gateway's frames are limited."""
    if isinstance(message, Heartbeat):
        return "heartbeat"
    if arrival.reply is None:
        return "live"
    return "measurement" if isinstance(message, Batch) and message.stream != EVENT else "event"


async def admit(arrival: Arrival, directory: Directory) -> tuple[Gateway, str, Message]:
    """Believe a frame.

    Args:
        arrival: as it came.
        directory: who may send.

    Returns:
        (who signed it, the leaf of its key, its message).

    Raises:
        Refused: with a stable reason: key, too_large, malformed, too_new, unknown_gateway, signer, signature,
            misplaced.
        TryAgain: nobody can tell now who that is.
    """
    try:
        key = keys.parse(arrival.key)
    except ValueError as exc:
        raise Refused("key", str(exc)) from exc
    try:
        frame = codec.open_frame(arrival.payload)
        known = await directory.gateway(key.gateway, arrival.arrived_s)
        if known is None:
            raise Refused("unknown_gateway", f"no gateway {key.gateway} is registered here")
        gateway, verifier = known
        if frame.signer != gateway.id:
            raise Refused("signer", f"signed by {frame.signer!r}, sent under the key of {gateway.id}")
        codec.check_signature(frame, verifier)
        message = codec.decode(frame)
    except codec.ProtocolError as exc:
        raise Refused(exc.reason, str(exc)) from exc
    if not isinstance(message, _ACCEPTED.get(key.leaf, ())):
        raise Refused("misplaced", f"a frame of kind {frame.kind} does not belong under …/{key.leaf}")
    FRAMES.labels(_WORDS.get(frame.kind, "other")).inc()
    return gateway, key.leaf, message
