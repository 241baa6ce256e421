"""Responses are taken apart to the last byte: what the library encodes is read back, all else is refused."""

from __future__ import annotations

import datetime as dt
import math
import os
import random
import struct
from typing import Any

import pytest
from asyncua import ua
from asyncua.ua.ua_binary import struct_to_binary
from hypothesis import given
from hypothesis import strategies as st

from edge.drivers.opcua import binary, decode
from edge.drivers.opcua.binary import BadReply
from edge.drivers.opcua.decode import Foreign

MUTATIONS = 100_000 if os.environ.get("FENGSUI_SOAK") else 10_000
NOW = dt.datetime(2026, 11, 22, 8, 0, tzinfo=dt.UTC)
NOW_MS = 1_795_334_400_000
T = ua.VariantType

VALUES = [
    (True, T.Boolean),
    (False, T.Boolean),
    (-128, T.SByte),
    (255, T.Byte),
    (-(2**15), T.Int16),
    (2**16 - 1, T.UInt16),
    (-(2**31), T.Int32),
    (2**32 - 1, T.UInt32),
    (-(2**63), T.Int64),
    (2**64 - 1, T.UInt64),
    (1.5, T.Float),
    (-0.1, T.Double),
    (math.inf, T.Double),
]


def response(samples: list[ua.DataValue], handle: int = 7) -> bytes:
    made = ua.ReadResponse()
    made.ResponseHeader.Timestamp = NOW
    made.ResponseHeader.RequestHandle = handle
    made.Results = samples
    return struct_to_binary(made)


def value(one: Any, kind: ua.VariantType, status: int = 0) -> ua.DataValue:
    return ua.DataValue(ua.Variant(one, kind), ua.StatusCode(status), NOW, NOW)  # type: ignore[arg-type]


def publication(changes: list[tuple[int, ua.DataValue]], handle: int = 7) -> bytes:
    made = ua.PublishResponse()
    made.ResponseHeader.Timestamp = NOW
    made.ResponseHeader.RequestHandle = handle
    made.Parameters.SubscriptionId = 77
    made.Parameters.NotificationMessage.SequenceNumber = 3
    note = ua.DataChangeNotification()
    note.MonitoredItems = [ua.MonitoredItemNotification(h, v) for h, v in changes]
    made.Parameters.NotificationMessage.NotificationData = [note] if changes else []
    return struct_to_binary(made)


@pytest.mark.parametrize(("one", "kind"), VALUES)
def test_a_number_of_every_type_is_read(one: float, kind: ua.VariantType) -> None:
    reply = decode.read_reply(response([value(one, kind)]), 7, 1)
    found = reply.samples[0]
    assert (found.value, found.kind, found.status) == (one, kind.value, 0)
    assert (found.source_ms, found.server_ms, reply.server_ms) == (NOW_MS, NOW_MS, NOW_MS)


@pytest.mark.parametrize(("one", "kind"), VALUES)
def test_an_array_of_every_type_is_read(one: float, kind: ua.VariantType) -> None:
    found = decode.read_reply(response([value([one, one, one], kind)]), 7, 1).samples[0]
    assert (found.value, found.is_array, found.dimensions) == ((one, one, one), True, 1)


OTHERS = [
    ("21.5", T.String),
    (NOW, T.DateTime),
    (b"\x01\x02", T.ByteString),
    (ua.NodeId("x", 2), T.NodeId),  # type: ignore[arg-type]
    (ua.LocalizedText("Füllstand", "de"), T.LocalizedText),
    (ua.QualifiedName("level", 2), T.QualifiedName),
    (ua.StatusCode(0x80340000), T.StatusCode),  # type: ignore[arg-type]
    (ua.BuildInfo(), T.ExtensionObject),
    (None, T.Null),
]


@pytest.mark.parametrize(("one", "kind"), OTHERS)
def test_what_is_no_number_is_passed_over_and_the_next_value_is_right(one: Any, kind: ua.VariantType) -> None:
    found = decode.read_reply(response([value(one, kind), value(4.5, T.Double)]), 7, 2).samples
    assert not isinstance(found[0].value, float)
    assert found[1].value == 4.5


def test_picoseconds_stand_behind_their_own_stamp() -> None:
    # OPC 10000-6, Table 27; the library reads them in another order.
    ticks = (NOW_MS + 11_644_473_600_000) * 10_000
    one = struct.pack("<BBdqHqH", 0x3D, 11, 2.5, ticks, 17, ticks + 10_000_000, 18)
    found = binary.sample(binary.Reader(one))
    assert (found.value, found.source_ms, found.server_ms) == (2.5, NOW_MS, NOW_MS + 1000)


def test_changes_come_with_their_handles() -> None:
    body = publication([(5, value(1.25, T.Double)), (6, value(3, T.UInt16, 0x40900000))])
    found = decode.publish_reply(body, 7)
    assert [(c.handle, c.sample.value, c.sample.status) for c in found.changes] == [
        (5, 1.25, 0),
        (6, 3, 0x40900000),
    ]
    assert (found.subscription, found.sequence, found.is_keepalive) == (77, 3, False)


def test_a_keep_alive_has_no_changes() -> None:
    assert decode.publish_reply(publication([]), 7).is_keepalive


def test_an_answer_to_another_request_is_never_read() -> None:
    with pytest.raises(Foreign, match="answers request 7, not 8"):
        decode.read_reply(response([value(1.0, T.Double)]), 8, 1)
    with pytest.raises(Foreign, match="type 829 where 634"):
        decode.read_reply(publication([]), 7, 1)


def test_fewer_values_than_asked_are_refused() -> None:
    with pytest.raises(BadReply, match="1 values where 2"):
        decode.read_reply(response([value(1.0, T.Double)]), 7, 2)


@pytest.mark.parametrize(
    "body",
    [
        b"\x01\x80\xff\xff\xff\x7f",  # 2 147 483 647 nulls: a decoder that counts them never ends
        b"\x01\x8b\xff\xff\xff\x7f",  # as many doubles
        b"\x01\x96\x00\x00\x00\x40",  # a thousand million structures
        b"\x01" + b"\x18" * 4000,  # variants in variants in variants
        b"\x01\x0c\xfe\xff\xff\xff",  # a text of length -2
        b"\x41\x0b" + bytes(8),  # unknown bits in the mask
        b"\x01\x4b" + bytes(8),  # dimensions of something that is no array
        b"\x01\x3e",  # type 62
    ],
)
def test_a_hostile_value_is_refused_at_once(body: bytes) -> None:
    with pytest.raises(BadReply):
        binary.sample(binary.Reader(body))


def handshake(made: Any, handle: int = 7) -> bytes:
    made.ResponseHeader.RequestHandle = handle
    return struct_to_binary(made)


def test_the_other_answers_of_a_session_are_read() -> None:
    granted = ua.CreateSubscriptionResponse()
    granted.Parameters.SubscriptionId = 5
    granted.Parameters.RevisedPublishingInterval = 250.0
    granted.Parameters.RevisedMaxKeepAliveCount = 20
    assert decode.subscribe_reply(handshake(granted), 7) == (5, 250.0, 20)
    made = ua.CreateMonitoredItemsResponse()
    codes = [0, 0x80340000]
    made.Results = [ua.MonitoredItemCreateResult(ua.StatusCode(code)) for code in codes]  # type: ignore[arg-type]
    assert decode.watch_reply(handshake(made), 7, 2) == codes
    with pytest.raises(BadReply, match="2 results for 3"):
        decode.watch_reply(handshake(made), 7, 3)
    gone = ua.DeleteSubscriptionsResponse()
    gone.Results = [ua.StatusCode()]
    decode.unsubscribe_reply(handshake(gone), 7)


@pytest.mark.parametrize(("interval", "count"), [(math.nan, 1), (-1.0, 1), (math.inf, 1), (1000.0, 0)])
def test_a_subscription_that_cannot_be_is_refused(interval: float, count: int) -> None:
    granted = ua.CreateSubscriptionResponse()
    granted.Parameters.RevisedPublishingInterval = interval
    granted.Parameters.RevisedMaxKeepAliveCount = count
    with pytest.raises(BadReply, match="without a sign of life"):
        decode.subscribe_reply(handshake(granted), 7)


HANDSHAKES = [
    ua.ServiceFault(),
    ua.GetEndpointsResponse(),
    ua.OpenSecureChannelResponse(),
    ua.CreateSessionResponse(),
    ua.ActivateSessionResponse(),
    ua.CloseSessionResponse(),
]


@pytest.mark.parametrize("made", HANDSHAKES, ids=lambda made: type(made).__name__)
def test_a_handshake_passes_to_the_library_unless_a_structure_hides_in_it(made: Any) -> None:
    good = handshake(made)
    decode.check_handshake(good)
    assert good[25:28] == bytes(3)  # behind type, time, handle, result, diagnostics and strings: no header
    # A structure that the library knows, with an array of two thousand million nulls in it.
    hidden = b"\x01\x00\x2c\x03\x01" + b"\x05\0\0\0" + b"\x80\xff\xff\xff\x7f"
    with pytest.raises(BadReply, match="additional header"):
        decode.check_handshake(good[:25] + hidden + good[28:])


def test_an_answer_of_a_kind_that_nobody_asked_for_is_refused() -> None:
    with pytest.raises(BadReply, match="type 530, which nobody asked for"):
        decode.check_handshake(
            handshake(ua.BrowseNextResponse()).replace(b"\x01\x00\x18\x02", b"\x01\x00\x12\x02")
        )


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for read in (lambda: decode.read_reply(data, 7, 1), lambda: decode.publish_reply(data, 7)):
        try:
            read()
        except BadReply:
            continue


def test_no_shortened_or_lengthened_reply_is_read() -> None:
    body = response([value(1.5, T.Double), value([1, 2], T.Int32), value("x", T.String)])
    for end in range(len(body)):
        with pytest.raises(BadReply):
            decode.read_reply(body[:end], 7, 3)
    with pytest.raises(BadReply, match="too many"):
        decode.read_reply(body + b"\0", 7, 3)


def test_mutated_replies_are_read_or_refused_and_nothing_else_happens() -> None:
    dice = random.Random(20261122)
    read = response([value(n, kind) for n, kind in VALUES] + [value(n, kind) for n, kind in OTHERS])
    noted = publication([(i, value(n, kind)) for i, (n, kind) in enumerate(VALUES)])
    count = len(VALUES) + len(OTHERS)
    refused = 0
    for _ in range(MUTATIONS):
        for body, take in (
            (read, lambda b: decode.read_reply(b, 7, count)),
            (noted, lambda b: decode.publish_reply(b, 7)),
        ):
            wrong = bytearray(body)
            for _ in range(dice.randint(1, 4)):
                wrong[dice.randrange(len(wrong))] = dice.randrange(256)
            cut = dice.randrange(len(wrong)) if dice.random() < 0.2 else len(wrong)
            try:
                take(bytes(wrong[:cut]))
            except BadReply:
                refused += 1
    assert refused > MUTATIONS // 4
