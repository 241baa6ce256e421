"""Builds and opens the frames of `protocol.codec` on MicroPython: the same bytes from plain numbers.

Keeps law-never-lose 1, 2, 3, 5. Golden bytes and a comparison with `protocol.codec` prove it. A frame is
`[version, kind, signer, body, signature]`; the order of fields and the numbers below are those of
`protocol/messages.py`. Runs on MicroPython as it is.
"""

import hashlib

from edge.leaf.msgpack import Fields, pack, unpack

# How mypy knows the names of `typing`, which MicroPython does not have.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from typing import Any

    from edge.core.alarm import Transition
    from edge.core.batch import Columns
    from edge.leaf.ed25519 import Key, PublicKey

VERSION = 1
FRAME_LIMIT = 1024 * 1024
CENTRE = "centre"
BIRTH, BATCH, HEARTBEAT, RECEIPT, COMMAND, REPLY = 1, 2, 3, 4, 5, 6
EVENT, MEASUREMENT = 1, 2
STORED, EXPECTED, BIRTH_WANTED, CONFLICT, BUSY, REFUSED = 1, 2, 3, 4, 5, 6


def signing_bytes(kind: int, signer: str, body: bytes, version: int = VERSION) -> bytes:
    """Build the bytes over which a frame is signed."""
    name = signer.encode()
    head = b"fengsui frame\x00" + bytes((version, kind, len(name))) + name
    return head + len(body).to_bytes(4, "big") + body


def seal(signer: str, kind: int, message: "Sequence[Any]", key: "Key") -> "Generator[None, Any, bytes]":
    """Encode and sign a message, in steps.

    Args:
        signer: the gateway's id.
        kind: BIRTH to REPLY.
        message: its fields in the order of the Struct of that kind.
        key: signs.
    """
    body = pack(message)
    signature = yield from key.sign(signing_bytes(kind, signer, body))
    return pack((VERSION, kind, signer, body, signature))


def open_from_centre(data: bytes, centre: "PublicKey") -> "Generator[None, Any, tuple[int, list[Any]]]":
    """Check a frame of the centre, in steps; returns (kind, the fields of its message).

    Raises:
        ValueError: no frame of ours, not signed by the centre, or too short for its kind.
    """
    frame = unpack(data)
    if not isinstance(frame, list) or len(frame) < 5:
        raise ValueError("no frame of ours")
    version, kind, signer, body, signature = frame[:5]
    if version != VERSION or signer != CENTRE or not isinstance(kind, int) or not 0 <= kind < 256:
        raise ValueError("no frame of the centre that this version knows")
    if not isinstance(body, bytes) or not isinstance(signature, bytes):
        raise ValueError("no frame of ours")
    if not (yield from centre.verify(signature, signing_bytes(kind, signer, body))):
        raise ValueError("a frame with a wrong signature")
    message = unpack(body)
    if not isinstance(message, list):
        raise ValueError("a frame without fields")
    if kind == RECEIPT:
        message += [0, "", 0, 0, 0, 0, b"", 0, [], ""][len(message) :]
    elif kind == COMMAND and len(message) >= 8:
        message += [0, ""][len(message) - 8 :]
    else:
        raise ValueError("a frame of kind %d: neither receipt nor command" % kind)
    return kind, message


# --- bodies ------------------------------------------------------------------------------------------------


def event(kind: str, seq: int, at: "tuple[int, int, int]", *fields: "tuple[str, Any]") -> Fields:
    """Build an event record; `at` is (UTC ms, monotonic ms, clock state)."""
    head = (("kind", kind), ("seq", seq), ("time_ms", at[0]), ("mono_ms", at[1]), ("clock", at[2]))
    return Fields(*(head + fields))


def alarm_event(seq: int, at: "tuple[int, int, int]", t: "Transition") -> Fields:
    """Build the record of a transition."""
    return event(
        "alarm",
        seq,
        at,
        ("alarm", t.alarm),
        ("occurrence", t.occurrence),
        ("transition", t.transition),
        ("state", t.state),
        ("value", t.value),
        ("quality", t.quality),
        ("priority", t.priority),
        *cover_fields(t, at[0] - at[1]),
    )


def cover_fields(t: "Any", offset_ms: int) -> "tuple[tuple[str, Any], ...]":
    """Give what a transition or a standing alarm says of its cover; `offset_ms` is UTC - monotonic."""
    return (
        ("under", t.under),
        ("first", t.first),
        ("by", t.by),
        ("reason", t.reason),
        ("until_ms", t.until_ms + offset_ms if t.until_ms else 0),
        ("test", False),  # nobody commissions a point through a board
    )


def gap_event(
    seq: int,
    at: "tuple[int, int, int]",
    gap: "tuple[int, int, int, int]",
    reason: str,
    from_ms: int = 0,
    to_ms: int = 0,
) -> Fields:
    """Build the declaration that (stream, epoch, first, last) are gone; last 0: nobody knows how many."""
    stream, epoch, first, last = gap
    return event(
        "gap",
        seq,
        at,
        ("stream", stream),
        ("epoch", epoch),
        ("first", first),
        ("last", last),
        ("reason", reason),
        ("kept", 0),
        ("from_ms", from_ms),
        ("to_ms", to_ms),
    )


def events_body(events: "Sequence[Fields]") -> bytes:
    """Encode the body of an event batch."""
    return pack((events,))


def measurements_body(base_ms: int, base_mono_ms: int, columns: "Sequence[Columns]") -> bytes:
    """Encode the body of a measurement batch from a Batcher's columns."""
    rows = [
        (c.block, c.seq, c.time_ms, c.mono_ms, c.took_ms, c.clock, c.quality, c.values, c.exceptions)
        for c in columns
    ]
    return pack((base_ms, base_mono_ms, rows))


def batch_hash(stream: int, epoch: int, first: int, last: int, birth: bytes, boot: int, body: bytes) -> bytes:
    """Name a batch by SHA-256 over what it is, as `protocol.codec.batch_hash`."""
    return hashlib.sha256(pack((stream, epoch, first, last, birth, boot)) + body).digest()


def birth_hash(description: bytes) -> bytes:
    """Name an encoded Description, as `protocol.codec.birth_hash`."""
    return hashlib.sha256(description).digest()[:16]
