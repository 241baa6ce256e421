"""Frames and their bodies as bytes: MessagePack, signed by signers that are passed in.

Keeps law-never-lose 3: this file builds the bytes to be signed; whoever holds a key signs them. Drawn, a
frame is the MessagePack array `[version, kind, signer, body, signature]`, where `body` is itself the
MessagePack of one message.
"""

import hashlib
from collections.abc import Callable
from typing import Final

import msgspec

from protocol import messages as m

VERSION: Final = 1
FRAME_LIMIT: Final = 1024 * 1024
SIGNING_CONTEXT: Final = b"fengsui frame\x00"

Signer = Callable[[bytes], bytes]
"""Takes the bytes to be signed, returns the 64-byte Ed25519 signature."""
Verifier = Callable[[bytes, bytes], bool]
"""Takes (signature, signed bytes), says whether they belong together."""


class ProtocolError(Exception):
    """The peer sent something that cannot be accepted; `reason` is a stable word for counters."""

    reason = "malformed"


class FrameTooLarge(ProtocolError):
    """More than FRAME_LIMIT bytes."""

    reason = "too_large"


class FrameMalformed(ProtocolError):
    """Not a frame, or not the body that its kind promises."""

    reason = "malformed"


class VersionTooNew(ProtocolError):
    """A frame of a protocol version that this side does not know."""

    reason = "too_new"


class SignatureWrong(ProtocolError):
    """The signature is not that of the named signer."""

    reason = "signature"


# Nesting without end is no fault of ours: whoever signed it is told like of any other nonsense.
_UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_FIVE: Final = 0x95  # MessagePack: an array of five
_FIXSTR: Final = 0xA0
_STR8: Final = 0xD9
_BIN: Final = {b"\xc4": 2, b"\xc5": 3, b"\xc6": 5}  # length of the header
_EVENT: Final = bytes((m.EVENT,))
_SHORTEST: Final = 8
_encode = msgspec.msgpack.Encoder().encode
_frame = msgspec.msgpack.Decoder(m.Frame)
_description = msgspec.msgpack.Decoder(m.Description)
_measurements = msgspec.msgpack.Decoder(m.MeasurementBody)
_events = msgspec.msgpack.Decoder(m.EventBody)
_event_head = msgspec.msgpack.Decoder(m.EventHead)
_event = msgspec.msgpack.Decoder(m.Event)
_bodies: dict[int, msgspec.msgpack.Decoder[m.Message]] = {
    kind: msgspec.msgpack.Decoder(struct)
    for kind, struct in (
        (m.BIRTH, m.Birth),
        (m.BATCH, m.Batch),
        (m.HEARTBEAT, m.Heartbeat),
        (m.RECEIPT, m.Receipt),
        (m.COMMAND, m.Command),
        (m.REPLY, m.Reply),
        (m.CONFIGURATION, m.Configuration),
    )
}
_kinds: dict[type, int] = {
    m.Birth: m.BIRTH,
    m.Batch: m.BATCH,
    m.Heartbeat: m.HEARTBEAT,
    m.Receipt: m.RECEIPT,
    m.Command: m.COMMAND,
    m.Reply: m.REPLY,
    m.Configuration: m.CONFIGURATION,
}
EVENT_KINDS: Final = frozenset(
    {"alarm", "operator", "presence", "clock", "gap", "output", "opened", "start", "figures", "configuration"}
)


def signing_bytes(version: int, kind: int, signer: str, body: bytes) -> bytes:
    """Build the bytes over which a frame is signed: context, version, kind, signer, body, unambiguously."""
    name = signer.encode()
    return b"".join(
        (SIGNING_CONTEXT, bytes((version, kind, len(name))), name, len(body).to_bytes(4, "big"), body)
    )


def seal(signer: str, message: m.Message, sign: Signer) -> bytes:
    """Encode and sign one message as a frame.

    Args:
        signer: the gateway's id, or `messages.CENTRE`.
        message: any of `messages.Message`; the kind follows from its type.
        sign: signs the given bytes.

    Raises:
        FrameTooLarge: the frame would exceed FRAME_LIMIT; nobody would accept it.
    """
    kind = _kinds[type(message)]
    body = _encode(message)
    signature = sign(signing_bytes(VERSION, kind, signer, body))
    data = _encode(m.Frame(VERSION, kind, signer, body, signature))
    if len(data) > FRAME_LIMIT:
        raise FrameTooLarge(
            f"frame of {len(data)} bytes: at most {FRAME_LIMIT} are accepted; send less at once"
        )
    return data


def open_frame(data: bytes) -> m.Frame:
    """Take the envelope off without believing it yet.

    Raises:
        FrameTooLarge, FrameMalformed, VersionTooNew: the bytes are no frame of ours.
    """
    if len(data) > FRAME_LIMIT:
        raise FrameTooLarge(f"frame of {len(data)} bytes: at most {FRAME_LIMIT} are accepted")
    try:
        frame = _frame.decode(data)
    except _UNREADABLE as exc:
        raise FrameMalformed(f"not a frame: {exc}") from exc
    if not 0 < frame.version < 256 or not 0 <= frame.kind < 256 or len(frame.signer.encode()) > 255:
        raise FrameMalformed("not a frame: version, kind or signer out of bounds")
    if frame.version > VERSION:
        raise VersionTooNew(f"frame version {frame.version}: this side knows up to {VERSION}; upgrade it")
    return frame


def is_urgent(data: bytes) -> bool:
    """Say whether a frame is a birth, a heartbeat or of the event stream, by its first bytes alone.

    Nothing is checked: what is no frame, and what has another shape, is not urgent.
    """
    # [version, kind, signer, body, signature]; the body of a batch begins [stream, …
    if len(data) < _SHORTEST or data[0] != _FIVE:
        return False
    kind, name = data[2], data[3]
    if kind != m.BATCH:
        return kind in {m.BIRTH, m.HEARTBEAT}
    body = 5 + data[4] if name == _STR8 else 4 + name - _FIXSTR
    header = _BIN.get(data[body : body + 1], 0) if body > 0 else 0
    return header > 0 and data[body + header + 1 : body + header + 2] == _EVENT


def check_signature(frame: m.Frame, verify: Verifier) -> None:
    """Believe a frame or not.

    Raises:
        SignatureWrong: the signature is not that of `frame.signer`.
    """
    signed = signing_bytes(frame.version, frame.kind, frame.signer, frame.body)
    if not verify(frame.signature, signed):
        raise SignatureWrong(f"frame of kind {frame.kind}: the signature is not that of {frame.signer!r}")


def decode(frame: m.Frame) -> m.Message:
    """Decode the body of a frame whose signature was checked.

    Raises:
        FrameMalformed: an unknown kind, or a body that is not what its kind promises.
    """
    decoder = _bodies.get(frame.kind)
    if decoder is None:
        raise FrameMalformed(f"frame kind {frame.kind}: unknown")
    try:
        return decoder.decode(frame.body)
    except _UNREADABLE as exc:
        raise FrameMalformed(f"frame kind {frame.kind}: {exc}") from exc


# --- description -------------------------------------------------------------------------------------------


def encode_description(description: m.Description) -> bytes:
    """Encode a Description; the same description always gives the same bytes and so the same hash."""
    return _encode(description)


def decode_description(data: bytes) -> m.Description:
    """Decode a Description.

    Raises:
        FrameMalformed: it is none, or it contradicts itself (a point of a block that is not described …).
    """
    try:
        description = _description.decode(data)
    except _UNREADABLE as exc:
        raise FrameMalformed(f"description: {exc}") from exc
    blocks = {block.block for block in description.blocks}
    points = {point.key for point in description.points}
    if len(blocks) != len(description.blocks) or len(points) != len(description.points):
        raise FrameMalformed("description: a block number or a point key occurs twice")
    for point in description.points:
        if point.block not in blocks:
            raise FrameMalformed(
                f"description: point {point.key} is in block {point.block}, which is not described"
            )
    for alarm in description.alarms:
        if alarm.point not in points:
            raise FrameMalformed(
                f"description: alarm {alarm.alarm} is of point {alarm.point}, which is not described"
            )
    return description


def birth_hash(description: bytes) -> bytes:
    """Name an encoded description: the first 16 bytes of its SHA-256."""
    return hashlib.sha256(description).digest()[:16]


# --- batches -----------------------------------------------------------------------------------------------


def batch_hash(stream: int, epoch: int, first: int, last: int, birth: bytes, boot: int, body: bytes) -> bytes:
    """SHA-256 over what a batch is, without what sending it adds: the same range always has the same hash."""
    head = _encode((stream, epoch, first, last, birth, boot))
    return hashlib.sha256(head + body).digest()


def hash_of(batch: m.Batch) -> bytes:
    """The hash of a received batch, as in `batch_hash`."""
    return batch_hash(
        batch.stream, batch.epoch, batch.first, batch.last, batch.birth_hash, batch.boot, batch.body
    )


def encode_measurements(body: m.MeasurementBody) -> bytes:
    """Encode the body of a measurement batch."""
    return _encode(body)


def decode_measurements(body: bytes, first: int, last: int) -> m.MeasurementBody:
    """Decode the body of measurement batch `first`..`last` and check that it is whole.

    Raises:
        FrameMalformed: columns of unequal length, or sequence numbers that are not exactly first..last.
    """
    try:
        decoded = _measurements.decode(body)
    except _UNREADABLE as exc:
        raise FrameMalformed(f"measurement body: {exc}") from exc
    seen: list[int] = []
    for rows in decoded.blocks:
        n = len(rows.seq)
        columns = (rows.time_ms, rows.mono_ms, rows.took_ms, rows.clock, rows.quality, rows.values)
        if any(len(column) != n for column in columns):
            raise FrameMalformed(f"measurement body: block {rows.block} has columns of unequal length")
        if any(not 0 <= row < n or index < 0 for row, index, _ in rows.exceptions):
            raise FrameMalformed(f"measurement body: block {rows.block} has an exception outside its rows")
        seen += rows.seq
    seen.sort()
    if seen != list(range(last - first + 1)):
        raise FrameMalformed(f"measurement body: the sequence numbers are not exactly {first}..{last}")
    return decoded


def encode_event(event: m.Event) -> bytes:
    """Encode one event record."""
    return _encode(event)


def encode_events(events: list[bytes]) -> bytes:
    """Encode the body of an event batch from encoded records, in order of their sequence numbers."""
    return _encode(m.EventBody([msgspec.Raw(event) for event in events]))


def decode_events(body: bytes, first: int, last: int) -> list[tuple[m.EventHead, m.Event | None, bytes]]:
    """Decode the body of event batch `first`..`last`.

    Returns:
        (head, event, encoded record) for each; `event` is None where the kind is not known here or the record
        of a known kind does not decode: its raw bytes are kept so that nothing is lost.

    Raises:
        FrameMalformed: no event body, or sequence numbers that are not exactly first..last in order.
    """
    try:
        raws = _events.decode(body).events
        heads = [_event_head.decode(raw) for raw in raws]
    except _UNREADABLE as exc:
        raise FrameMalformed(f"event body: {exc}") from exc
    if [head.seq for head in heads] != list(range(first, last + 1)):
        raise FrameMalformed(f"event body: the sequence numbers are not exactly {first}..{last}")
    decoded: list[tuple[m.EventHead, m.Event | None, bytes]] = []
    for head, raw in zip(heads, raws, strict=True):
        event: m.Event | None = None
        if head.kind in EVENT_KINDS:
            try:
                event = _event.decode(raw)
            except _UNREADABLE:
                event = None
        decoded.append((head, event, bytes(raw)))
    return decoded
