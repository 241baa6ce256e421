"""The codec: golden bytes of every released version, tolerance, and refusals that name what is wrong."""

import contextlib
import json
from pathlib import Path

import msgspec
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from protocol import codec
from protocol import messages as m
from tests.protocol import samples

GOLDEN = Path(__file__).parent / "golden" / "v1.json"
BEFORE_CURVES = GOLDEN.with_name(
    "v1-before-curves.json"
)  # of points without `curve`, blocks without `driver`

BEFORE_TESTS = GOLDEN.with_name("v1-before-tests.json")  # of commands and heartbeats without tests of horns
BEFORE_TRIALS = GOLDEN.with_name("v1-before-trials.json")  # of alarms that nobody tried on purpose
BEFORE_BUSES = GOLDEN.with_name("v1-before-buses.json")  # of heartbeats without buses
BEFORE_SWITCHES = GOLDEN.with_name("v1-before-switches.json")  # of commands that switch nothing
BEFORE_COVERS = GOLDEN.with_name("v1-before-covers.json")  # of alarms in states A to F only


def golden(file: Path = GOLDEN) -> dict[str, str]:
    return dict(json.loads(file.read_text()))


@pytest.mark.parametrize("name", list(samples.MESSAGES))
def test_a_released_frame_is_still_decoded_to_the_same_message(name: str) -> None:
    frame = codec.open_frame(bytes.fromhex(golden()[name]))
    codec.check_signature(frame, samples.verify)
    assert codec.decode(frame) == samples.MESSAGES[name]


@pytest.mark.parametrize("name", list(samples.MESSAGES))
def test_a_message_is_still_encoded_to_the_released_bytes(name: str) -> None:
    ours = "receipt" in name or name.startswith("command") or name == "configuration"
    signer = m.CENTRE if ours else "gw-chlorine"
    assert codec.seal(signer, samples.MESSAGES[name], samples.sign).hex() == golden()[name]


@pytest.mark.parametrize(
    ("file", "name"),
    [
        (file, name)
        for file in (BEFORE_CURVES, BEFORE_COVERS, BEFORE_BUSES, BEFORE_SWITCHES, BEFORE_TESTS, BEFORE_TRIALS)
        for name in golden(file)
    ],
    ids=lambda part: part if isinstance(part, str) else part.stem,
)
def test_a_frame_of_an_older_version_is_still_decoded(file: Path, name: str) -> None:
    frame = codec.open_frame(bytes.fromhex(golden(file)[name]))
    codec.check_signature(frame, samples.verify)
    assert type(codec.decode(frame)) is type(samples.MESSAGES[name])


def test_a_description_from_before_curves_is_one_of_lines_read_by_modbus() -> None:
    birth = codec.decode(codec.open_frame(bytes.fromhex(golden(BEFORE_CURVES)["birth"])))
    assert isinstance(birth, m.Birth)
    description = codec.decode_description(birth.description)
    assert description.blocks == samples.DESCRIPTION.blocks[:1]
    assert description.points == samples.DESCRIPTION.points[:2]
    assert [block.driver for block in description.blocks] == ["modbus"]
    assert [point.curve for point in description.points] == [[], []]


def test_an_alarm_from_before_covers_lies_under_none() -> None:
    batch = codec.decode(codec.open_frame(bytes.fromhex(golden(BEFORE_COVERS)["event_batch"])))
    assert isinstance(batch, m.Batch)
    assert [event for _, event, _ in codec.decode_events(batch.body, 1, 7)] == samples.EVENTS
    birth = codec.decode(codec.open_frame(bytes.fromhex(golden(BEFORE_COVERS)["birth"])))
    assert birth == samples.MESSAGES["birth"]


def test_a_command_from_before_tests_names_no_output() -> None:
    command = codec.decode(codec.open_frame(bytes.fromhex(golden(BEFORE_TESTS)["command_shelve"])))
    assert command == samples.MESSAGES["command_shelve"]


@pytest.mark.parametrize("signer", ["gw-chlorine", "g" * 40], ids=["short name", "long name"])
def test_births_events_and_heartbeats_are_urgent_and_nothing_else(signer: str) -> None:
    urgent = {"birth", "birth_covered", "birth_switched", "heartbeat"}
    for name, message in samples.MESSAGES.items():
        frame = codec.seal(signer, message, samples.sign)
        events = isinstance(message, m.Batch) and message.stream == m.EVENT
        assert codec.is_urgent(frame) == (name in urgent or events), name


@given(st.binary(max_size=64))
def test_what_is_no_frame_is_looked_at_without_a_fault(data: bytes) -> None:
    codec.is_urgent(b"\x95\x01\x02" + data)
    codec.is_urgent(data)


def test_the_figures_of_a_self_measurement_come_through_whole() -> None:
    batch = codec.decode(codec.open_frame(bytes.fromhex(golden()["figures_batch"])))
    assert isinstance(batch, m.Batch)
    assert [event for _, event, _ in codec.decode_events(batch.body, 11, 11)] == [samples.MEASURED]


def test_released_bodies_are_still_decoded() -> None:
    batch = samples.MESSAGES["event_batch"]
    assert isinstance(batch, m.Batch)
    assert [event for _, event, _ in codec.decode_events(batch.body, 1, 7)] == samples.EVENTS
    batch = samples.MESSAGES["covered_batch"]
    assert isinstance(batch, m.Batch)
    assert [event for _, event, _ in codec.decode_events(batch.body, 8, 10)] == samples.COVERED
    batch = samples.MESSAGES["measurement_batch"]
    assert isinstance(batch, m.Batch)
    assert codec.decode_measurements(batch.body, 1, 2) == samples.MEASUREMENTS
    assert codec.decode_description(samples.ENCODED_DESCRIPTION) == samples.DESCRIPTION


def test_an_ed25519_signature_binds_kind_signer_and_body() -> None:
    key = Ed25519PrivateKey.generate()

    def verify(signature: bytes, data: bytes) -> bool:
        try:
            key.public_key().verify(signature, data)
        except InvalidSignature:
            return False
        return True

    frame = codec.open_frame(codec.seal("gw-chlorine", samples.MESSAGES["reply"], key.sign))
    codec.check_signature(frame, verify)
    for forged in (
        msgspec.structs.replace(frame, signer="gw-chlorinf"),
        msgspec.structs.replace(frame, kind=m.RECEIPT),
        msgspec.structs.replace(frame, body=frame.body + b"\x00"),
        msgspec.structs.replace(frame, signature=bytes(64)),
    ):
        with pytest.raises(codec.SignatureWrong, match="signature is not that of"):
            codec.check_signature(forged, verify)


def test_a_later_field_is_ignored_by_today() -> None:
    values = list(msgspec.msgpack.decode(msgspec.msgpack.encode(samples.MESSAGES["reply"])))
    body = msgspec.msgpack.encode([*values, "a field of tomorrow"])
    assert codec.decode(m.Frame(1, m.REPLY, "gw-a", body, b"")) == samples.MESSAGES["reply"]


def test_an_unknown_event_is_kept_raw_and_spoils_no_other() -> None:
    unknown = msgspec.msgpack.encode(
        {"kind": "smell", "seq": 2, "time_ms": 1, "mono_ms": 1, "clock": 1, "of": "almonds"}
    )
    broken = msgspec.msgpack.encode(
        {"kind": "alarm", "seq": 3, "time_ms": 1, "mono_ms": 1, "clock": 1, "alarm": 7}
    )
    known = codec.encode_event(samples.EVENTS[0])
    decoded = codec.decode_events(codec.encode_events([known, unknown, broken]), 1, 3)
    assert [event for _, event, _ in decoded] == [samples.EVENTS[0], None, None]
    assert [raw for _, _, raw in decoded] == [known, unknown, broken]


def test_too_large_too_new_and_malformed_frames_are_told_apart() -> None:
    with pytest.raises(codec.FrameTooLarge):
        codec.open_frame(bytes(codec.FRAME_LIMIT + 1))
    with pytest.raises(codec.VersionTooNew, match="upgrade"):
        codec.open_frame(msgspec.msgpack.encode(m.Frame(2, 1, "gw-a", b"", b"")))
    with pytest.raises(codec.FrameMalformed, match="kind 99"):
        codec.decode(m.Frame(1, 99, "gw-a", b"", b""))


@given(st.binary(max_size=400))
def test_garbage_is_never_more_than_malformed(data: bytes) -> None:
    with contextlib.suppress(codec.ProtocolError):
        codec.decode(codec.open_frame(data))
    for decode in (codec.decode_measurements, codec.decode_events):
        with contextlib.suppress(codec.FrameMalformed):
            decode(data, 1, 3)


def test_a_batch_with_a_missing_or_doubled_number_is_malformed() -> None:
    body = codec.encode_measurements(samples.MEASUREMENTS)
    for first, last in ((1, 3), (1, 1)):
        with pytest.raises(codec.FrameMalformed, match="not exactly"):
            codec.decode_measurements(body, first, last)


def test_the_batch_hash_changes_with_everything_that_a_batch_is() -> None:
    base = (m.EVENT, 5, 1, 2, b"h" * 16, 9, b"body")
    changed = [
        (m.MEASUREMENT, *base[1:]),
        (1, 6, *base[2:]),
        (1, 5, 2, *base[3:]),
        (1, 5, 1, 3, *base[4:]),
        (*base[:4], b"i" * 16, 9, b"body"),
        (*base[:5], 8, b"body"),
        (*base[:6], b"bodx"),
    ]
    hashes = {codec.batch_hash(*each) for each in [base, *changed]}
    assert len(hashes) == len(changed) + 1


def test_a_description_that_contradicts_itself_is_refused() -> None:
    twice = msgspec.structs.replace(samples.DESCRIPTION, points=samples.DESCRIPTION.points[:1] * 2)
    with pytest.raises(codec.FrameMalformed, match="occurs twice"):
        codec.decode_description(codec.encode_description(twice))
    astray = msgspec.structs.replace(samples.DESCRIPTION, blocks=[])
    with pytest.raises(codec.FrameMalformed, match="GT-101 is in block 0"):
        codec.decode_description(codec.encode_description(astray))


def test_nesting_without_end_is_malformed_and_nothing_worse() -> None:
    deep = b"\x91" * 100_000 + b"\xc0"
    head = msgspec.msgpack.encode({"kind": "operator", "seq": 1, "time_ms": 0, "mono_ms": 0, "clock": 0})
    nested = b"\x86" + head[1:] + msgspec.msgpack.encode("more") + deep
    for read in (
        codec.open_frame,
        codec.decode_description,
        lambda data: codec.decode(m.Frame(1, m.BATCH, "gw-a", data, b"")),
        lambda data: codec.decode_measurements(data, 1, 1),
        lambda data: codec.decode_events(data, 1, 1),
    ):
        with pytest.raises(codec.FrameMalformed):
            read(deep)
    with pytest.raises(codec.FrameMalformed):
        codec.decode_events(b"\x91\x91" + nested, 1, 1)
