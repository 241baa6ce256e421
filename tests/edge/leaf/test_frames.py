"""The leaf's frames are those of `protocol.codec` to the byte, on both runtimes; nothing else is believed."""

from __future__ import annotations

import json
import math
import random
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from edge.core.alarm import Transition
from edge.core.batch import Batcher
from edge.leaf import frames
from edge.leaf.ed25519 import Key, PublicKey, run
from edge.leaf.msgpack import Fields, pack, unpack
from protocol import codec
from protocol import messages as m
from tests.edge.leaf.leaf_at_hand import on_micropython
from tests.protocol import samples

SEED = bytes(range(32))
KINDS = {
    m.Birth: frames.BIRTH,
    m.Batch: frames.BATCH,
    m.Heartbeat: frames.HEARTBEAT,
    m.Receipt: frames.RECEIPT,
    m.Command: frames.COMMAND,
    m.Reply: frames.REPLY,
    m.Configuration: m.CONFIGURATION,  # the leaf takes none; it would be packed like any other
}


def plain(value: Any) -> Any:
    """A message as the leaf holds it: tuples for arrays, Fields for maps, numbers and texts."""
    if isinstance(value, msgspec.Struct):
        config = value.__struct_config__
        fields = [(name, plain(getattr(value, name))) for name in value.__struct_fields__]
        if config.array_like:
            return tuple(one for _, one in fields)
        return Fields(*([(config.tag_field, config.tag)] if config.tag_field else []), *fields)
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value


def literal(value: Any) -> str:
    """The same as text that both runtimes evaluate."""
    if isinstance(value, Fields):
        return "Fields(" + "".join(f"({name!r}, {literal(one)})," for name, one in value.pairs) + ")"
    if isinstance(value, list | tuple):
        return "(" + "".join(f"{literal(one)}," for one in value) + ")"
    return repr(value)


@pytest.mark.parametrize("name", list(samples.MESSAGES))
def test_every_kind_of_message_is_sealed_to_the_bytes_of_the_codec(name: str) -> None:
    message = samples.MESSAGES[name]
    ours = run(frames.seal("gw-chlorine", KINDS[type(message)], plain(message), Key(SEED)))
    assert ours == codec.seal("gw-chlorine", message, Ed25519PrivateKey.from_private_bytes(SEED).sign)


def test_micropython_seals_every_kind_of_message_to_the_same_bytes(tmp_path: Path) -> None:
    program = tmp_path / "seal.py"
    lines = [
        f"print(seal({KINDS[type(message)]}, {literal(plain(message))}))"
        for message in samples.MESSAGES.values()
    ]
    program.write_text(
        "from edge.leaf import frames\nfrom edge.leaf.ed25519 import Key, run\n"
        "from edge.leaf.msgpack import Fields\nkey = Key(bytes(range(32)))\n"
        "seal = lambda kind, message: run(frames.seal('gw-chlorine', kind, message, key)).hex()\n"
        + "\n".join(lines)
        + "\n"
    )
    sign = Ed25519PrivateKey.from_private_bytes(SEED).sign
    sealed = [codec.seal("gw-chlorine", message, sign).hex() for message in samples.MESSAGES.values()]
    assert on_micropython(program).split() == sealed


def test_events_bodies_and_names_are_those_of_the_codec() -> None:
    at = (1_790_000_001_000, 6_000, 1)
    transition = Transition("GT-101/H", f"{samples.BOOT:x}-1", 1, "B", 1.25, 192, 6_000, "H", 2)
    ours = [
        frames.alarm_event(2, at, transition),
        frames.event(
            "operator",
            3,
            at,
            ("action", "silence"),
            ("origin", "button"),
            ("by", "plant"),
            ("alarm", ""),
            ("command", ""),
            ("reason", ""),
        ),
        frames.gap_event(4, at, (m.MEASUREMENT, samples.EPOCH, 10, 20), "space", 1, 2),
        frames.event("presence", 5, at, ("source", "detector-1"), ("state", "late"), ("reason", "")),
    ]
    theirs: list[m.Event] = [
        m.AlarmEvent(2, *at, "GT-101/H", f"{samples.BOOT:x}-1", m.RAISE, "B", 1.25, 192, 2),
        m.OperatorEvent(3, *at, "silence", "button", "plant"),
        m.GapEvent(4, *at, m.MEASUREMENT, samples.EPOCH, 10, 20, "space", 0, 1, 2),
        m.PresenceEvent(5, *at, "detector-1", "late"),
    ]
    body = frames.events_body(ours)
    assert body == codec.encode_events([codec.encode_event(event) for event in theirs])
    assert [event for _, event, _ in codec.decode_events(body, 2, 5)] == theirs
    assert frames.birth_hash(samples.ENCODED_DESCRIPTION) == samples.BIRTH_HASH
    place = (m.EVENT, samples.EPOCH, 2, 5, samples.BIRTH_HASH, samples.BOOT, body)
    assert frames.batch_hash(*place) == codec.batch_hash(*place)


def test_a_closed_batch_of_readings_is_decoded_to_its_rows() -> None:
    batcher = Batcher(1000)
    batcher.take(0, 3, 1_790_000_000_000, 5_000, 12, 1, 192, (125, 0.5), [(1, 80)])
    batcher.take(0, 4, 1_790_000_000_100, 5_100, 9, 1, 24, None)
    closed = batcher.close()
    assert closed is not None
    body = frames.measurements_body(closed.base_ms, closed.base_mono_ms, closed.columns)
    decoded = codec.decode_measurements(body, 7, 8)
    assert [(rows.block, rows.values, rows.exceptions) for rows in decoded.blocks] == [
        (3, [[125, 0.5]], [(0, 1, 80)]),
        (4, [None], []),
    ]
    assert codec.encode_measurements(decoded) == body


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False)
    | st.text(max_size=300)
    | st.binary(max_size=300),
    lambda inner: st.lists(inner, max_size=20) | st.dictionaries(st.text(max_size=40), inner, max_size=20),
    max_leaves=30,
)


def as_fields(value: Any) -> Any:
    if isinstance(value, dict):
        return Fields(*[(name, as_fields(one)) for name, one in value.items()])
    return [as_fields(one) for one in value] if isinstance(value, list) else value


@given(VALUES)
def test_any_value_is_written_and_read_as_msgspec_does(value: Any) -> None:
    data = msgspec.msgpack.encode(value)
    assert pack(as_fields(value)) == data
    assert unpack(data) == value


def test_long_things_have_their_long_heads() -> None:
    for value in ([0] * 70_000, "x" * 70_000, b"x" * 70_000, {str(i): i for i in range(70_000)}):
        assert pack(as_fields(value)) == msgspec.msgpack.encode(value)
        assert unpack(msgspec.msgpack.encode(value)) == value
    assert math.isnan(unpack(pack(math.nan)))


@given(st.binary(max_size=60))
def test_bytes_of_chance_are_read_or_refused_and_nothing_else(data: bytes) -> None:
    try:
        unpack(data)
    except ValueError:
        return


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xc1",
        b"\xd9\x05abc",
        b"\xc4\xff",
        b"\x92\x01",
        b"\x01\x01",
        b"\x91" * 40 + b"\x01",
        b"\x81\x90\x01",
    ],
)
def test_what_is_no_messagepack_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"MessagePack|list index"):
        unpack(data)


def opened(data: bytes, key: bytes) -> Any:
    return run(frames.open_from_centre(data, PublicKey(key)))


def test_only_the_centres_receipts_and_commands_are_believed() -> None:
    centre = Ed25519PrivateKey.from_private_bytes(SEED)
    public = centre.public_key().public_bytes_raw()
    receipt = samples.MESSAGES["receipt"]
    good = codec.seal(m.CENTRE, receipt, centre.sign)
    assert opened(good, public) == (
        frames.RECEIPT,
        [1, "gw-chlorine", 1, samples.EPOCH, 1, 7, b"\x01" * 32, 8, [], ""],
    )
    command = codec.seal(m.CENTRE, samples.MESSAGES["command"], centre.sign)
    assert opened(command, public)[1][3:6] == ["acknowledge", "GT-101/H", "county"]
    chance = random.Random(3)
    broken = [
        codec.seal(m.CENTRE, receipt, Ed25519PrivateKey.generate().sign),
        codec.seal("gw-other", receipt, centre.sign),
        codec.seal(m.CENTRE, samples.MESSAGES["heartbeat"], centre.sign),
        good[:-1],
        b"\xc0",
        msgspec.msgpack.encode([1, 4, "centre", "text", b""]),
        json.dumps([1, 2]).encode(),
    ]
    for _ in range(200):
        one = bytearray(good)
        one[chance.randrange(len(one))] ^= 1 << chance.randrange(8)
        broken.append(bytes(one))
    for data in broken:
        with pytest.raises(ValueError, match=r".+"):
            opened(data, public)


def test_a_short_receipt_of_an_older_centre_is_filled_up() -> None:
    centre = Ed25519PrivateKey.from_private_bytes(SEED)
    body = msgspec.msgpack.encode([5, "leaf-1"])
    signature = centre.sign(codec.signing_bytes(1, frames.RECEIPT, m.CENTRE, body))
    data = msgspec.msgpack.encode([1, frames.RECEIPT, m.CENTRE, body, signature])
    kind, fields = opened(data, centre.public_key().public_bytes_raw())
    assert (kind, fields) == (frames.RECEIPT, [5, "leaf-1", 0, 0, 0, 0, b"", 0, [], ""])
