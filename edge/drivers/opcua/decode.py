"""Takes what a session answers apart, every length checked (OPC 10000-6, 5.2; OPC 10000-4, 5.11 to 5.14).

The library's own decoder builds ten objects a value, believes any response type, and runs for ever on an
array of two thousand million nulls. So what a session answers is read here; what is left to the library (the
handshake) is looked through first by `check_handshake`:

    type id | time i64 | handle u32 | result u32 | diagnostics | strings | additional header   response header
      Read:     n i32 | n values                                              | diagnostics
      Watch:    n i32 | n * (status u32, id u32, interval f64, queue u32, filter result)  | diagnostics
      Publish:  subscription u32 | available u32[] | more | sequence u32 | published i64
                | n i32 | n * (type id, 01, length i32, body)                 | results | diagnostics
    body of a data change = n i32 | n * (client handle u32, value) | diagnostics

Nothing is guessed: whatever doesn't come out even is a BadReply.
"""

from __future__ import annotations

from typing import Final

import msgspec

from edge.drivers.opcua.binary import (
    DEEPEST,
    F64,
    U32,
    BadReply,
    Reader,
    Sample,
    diagnostic,
    diagnostics,
    end,
    extension,
    node_number,
    sample,
)

READ_RESPONSE: Final = 634
WATCH_RESPONSE: Final = 754
SUBSCRIBE_RESPONSE: Final = 790
PUBLISH_RESPONSE: Final = 829
UNSUBSCRIBE_RESPONSE: Final = 850
ACTIVATE_RESPONSE: Final = 470
_OURS: Final = {READ_RESPONSE, WATCH_RESPONSE, SUBSCRIBE_RESPONSE, PUBLISH_RESPONSE, UNSUBSCRIBE_RESPONSE}
# Service fault, get endpoints, open secure channel, create, activate and close session.
_LIBRARYS: Final = {397, 431, 449, 464, ACTIVATE_RESPONSE, 476}
DATA_CHANGE: Final = 811
STATUS_CHANGE: Final = 820

MOST_CHANGES: Final = 10_000  # in one Publish response: as many as the subscription asks for
_DAY_MS: Final = 86_400_000


class Foreign(BadReply):
    """A well-formed answer to something else: the stream can't be trusted any more."""


class ReadReply(msgspec.Struct):
    server_ms: int | None
    samples: list[Sample]


class Change(msgspec.Struct, gc=False):
    """One notified value of the monitored item with this client handle."""

    handle: int
    sample: Sample


class Publication(msgspec.Struct):
    """One Publish response: no changes and no status is a keep-alive."""

    server_ms: int | None
    subscription: int
    sequence: int
    more: bool
    changes: list[Change]
    status: int | None  # of the subscription, when the server says that it has ended
    is_keepalive: bool


def read_reply(data: bytes, handle: int, count: int) -> ReadReply:
    """Take a Read response apart.

    Args:
        data: the message body, from its type id on.
        handle: the request's handle, which the response must repeat.
        count: how many values were asked.

    Raises:
        BadReply: anything but that many values in a response to that request.
    """
    reader = Reader(data)
    server_ms = _header(reader, READ_RESPONSE, handle)
    if (found := reader.count(1)) != count:
        raise BadReply(f"{found} values where {count} were asked")
    samples = [sample(reader) for _ in range(found)]
    diagnostics(reader)
    end(reader)
    return ReadReply(server_ms, samples)


def publish_reply(data: bytes, handle: int) -> Publication:
    """Take a Publish response apart.

    Raises:
        BadReply: it is no response to that request.
    """
    reader = Reader(data)
    server_ms = _header(reader, PUBLISH_RESPONSE, handle)
    subscription: int = reader.take(U32)
    reader.skip(4 * reader.count(4))
    more = reader.byte() != 0
    sequence: int = reader.take(U32)
    published_ms = reader.time()
    changes: list[Change] = []
    status: int | None = None
    notifications = reader.count(3)
    for _ in range(notifications):
        kind, body = extension(reader)
        inner = Reader(body)
        if kind == DATA_CHANGE and body:
            if (count := inner.count(5)) + len(changes) > MOST_CHANGES:
                raise BadReply(f"{count} changes are more than were asked for")
            for _ in range(count):
                changes.append(Change(inner.take(U32), sample(inner)))  # noqa: PERF401  # order of reading
            diagnostics(inner)
            end(inner)
        elif kind == STATUS_CHANGE and body:
            status = inner.take(U32)
    reader.skip(4 * reader.count(4))
    diagnostics(reader)
    end(reader)
    return Publication(
        server_ms or published_ms, subscription, sequence, more, changes, status, notifications == 0
    )


def subscribe_reply(data: bytes, handle: int) -> tuple[int, float, int]:
    """Take a CreateSubscription response apart: (number, publishing interval in ms, keep-alive count).

    Raises:
        BadReply: it is no response to that request, or grants what cannot be.
    """
    reader = Reader(data)
    _header(reader, SUBSCRIBE_RESPONSE, handle)
    number: int = reader.take(U32)
    interval: float = reader.take(F64)
    reader.skip(4)
    count: int = reader.take(U32)
    end(reader)
    if not 0 <= interval <= _DAY_MS or not 0 < count <= _DAY_MS:
        raise BadReply(f"grants {count} intervals of {interval} ms without a sign of life")
    return number, interval, count


def watch_reply(data: bytes, handle: int, count: int) -> list[int]:
    """Take a CreateMonitoredItems response apart: one StatusCode an item.

    Raises:
        BadReply: it is no response to that request for so many items.
    """
    reader = Reader(data)
    _header(reader, WATCH_RESPONSE, handle)
    if (found := reader.count(23)) != count:
        raise BadReply(f"{found} results for {count} monitored items")
    codes = []
    for _ in range(found):
        codes.append(reader.take(U32))
        reader.skip(16)
        extension(reader)
    diagnostics(reader)
    end(reader)
    return codes


def unsubscribe_reply(data: bytes, handle: int) -> None:
    """See that a DeleteSubscriptions response is one.

    Raises:
        BadReply: it is no response to that request.
    """
    reader = Reader(data)
    _header(reader, UNSUBSCRIBE_RESPONSE, handle)
    reader.skip(4 * reader.count(4))
    diagnostics(reader)
    end(reader)


def check_handshake(data: bytes) -> None:
    """Look through a response that the library will decode: nothing in it may keep its decoder busy for ever.

    Raises:
        BadReply: it is of no kind that we ask for, or carries structures where none belong.
    """
    reader = Reader(data)
    kind = node_number(reader)
    if kind in _OURS:
        return
    if kind not in _LIBRARYS:
        raise BadReply(f"response of type {kind}, which nobody asked for")
    reader.skip(16)
    diagnostic(reader, DEEPEST)
    for _ in range(reader.count(4)):
        reader.text()
    if extension(reader)[0] != 0:
        raise BadReply("carries an additional header")
    if kind == ACTIVATE_RESPONSE:
        reader.text()
        reader.skip(4 * reader.count(4))
        for _ in range(reader.count(1)):
            diagnostic(reader, DEEPEST)


def _header(reader: Reader, wanted: int, handle: int) -> int | None:
    found = node_number(reader)
    if found != wanted:
        raise Foreign(f"response of type {found} where {wanted} was due")
    server_ms = reader.time()
    repeated = reader.take(U32)
    if repeated != handle:
        raise Foreign(f"answers request {repeated}, not {handle}")
    result = reader.take(U32)
    if result >> 30:
        raise BadReply(f"carries the fault 0x{result:08X}")
    diagnostic(reader, 0)
    for _ in range(reader.count(4)):
        reader.text()
    extension(reader)
    return server_ms
