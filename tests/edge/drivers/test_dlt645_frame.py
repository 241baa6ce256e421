"""DL/T 645 frames and numbers: those of the standard, those of another implementation, and damaged ones."""

from __future__ import annotations

import random
import re

import pytest
from dlt645.config.variable_types import VARIABLE_TYPES  # type: ignore[import-untyped]
from dlt645.protocol.protocol import DLT645Protocol  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from edge.drivers.dlt645 import frame
from edge.drivers.dlt645.decode import NoNumber, number
from edge.drivers.dlt645.identifiers import Form, form_of
from edge.drivers.dlt645.plan import Meters, Question
from protocol import quality
from rig import meters
from rig.asked import mutate
from rig.scenario import soaking

ASKED = bytes.fromhex("682504030201006811043333343 3E116".replace(" ", ""))
ANSWERED = bytes.fromhex("68250403020100689108333334337539453 38B16".replace(" ", ""))
ADDRESS = frame.address_bytes("102030425")


def test_the_request_is_the_one_of_the_standard() -> None:
    assert frame.read(ADDRESS, frame.identifier_bytes("00010000")) == frame.PREAMBLE + ASKED


def test_the_address_is_asked_for_as_in_the_standard() -> None:
    assert frame.read_address().hex(" ") == "fe fe fe fe 68 aa aa aa aa aa aa 68 13 00 df 16"


def test_the_reply_of_the_standard_is_1206_42_kwh() -> None:
    (found,) = frame.Stream().take(ANSWERED)
    assert frame.address_digits(found.address) == "000102030425"
    assert found.control == frame.REPLY
    form = form_of("00010000")
    assert form is not None
    assert number(found.data[4:], form) == 1206.42


@pytest.mark.parametrize(
    ("data", "form", "value"),
    [
        ("04 22", Form(4, 1), 220.4),
        ("50 12 80", Form(6, 3, signed=True), -1.250),
        ("50 12 00", Form(6, 3, signed=True), 1.250),
        ("50 12 80", Form(6, 3), 801.250),
        ("99 49", Form(4, 2), 49.99),
        ("05 10 01 00 00 00 00 00", Form(6, 4, behind=5), 1.1005),
        ("00 80", Form(4, 3, signed=True), 0.0),
    ],
)
def test_numbers_are_read_with_sign_and_decimals(data: str, form: Form, value: float) -> None:
    assert number(bytes.fromhex(data), form) == value


@pytest.mark.parametrize(
    ("data", "reason"),
    [("0a 22", "no decimal digits"), ("ff ff", "shows no value"), ("04", "1 bytes"), ("04 22 00", "3 bytes")],
)
def test_what_is_no_number_is_no_value(data: str, reason: str) -> None:
    with pytest.raises(NoNumber, match=reason):
        number(bytes.fromhex(data), Form(4, 1))


def theirs(rows: object, pattern: str) -> dict[str, tuple[int, int, bool]]:
    found = {}
    for row in rows:  # type: ignore[attr-defined]
        shape = re.fullmatch(r"(X+)(?:\.(X+))?", row["DataFormat"])
        if shape and re.fullmatch(pattern, row["Di"]):
            decimals = shape[2] or ""
            found[row["Di"]] = (len(shape[1] + decimals), len(decimals), float(row["Min"]) < 0)
    return found


def test_our_table_writes_numbers_as_another_implementation_does() -> None:
    others = theirs(VARIABLE_TYPES, r"020[1-9]0[0-3]00|0280000[1-9]")
    ours = {di: form_of(di) for di in others}
    assert len(others) > 35
    assert {di: form and (form.digits, form.decimals) for di, form in ours.items()} == {
        di: form[:2] for di, form in others.items()
    }


@given(st.binary(min_size=6, max_size=6), st.integers(0, 255), st.binary(max_size=200))
def test_another_implementation_builds_and_reads_the_same_frames(
    address: bytes, control: int, data: bytes
) -> None:
    assert frame.build(address, control, data) == bytes(DLT645Protocol.build_frame(address, control, data, 0))
    assert frame.Stream().take(b"\xfe\xfe" + frame.build(address, control, data)) == [
        frame.Frame(address, control, data)
    ]


@given(st.binary(max_size=300), st.lists(st.integers(1, 40), max_size=20))
def test_a_good_frame_is_found_behind_any_noise_and_in_any_chunks(noise: bytes, sizes: list[int]) -> None:
    stream = frame.Stream()
    data = noise + ANSWERED
    found: list[frame.Frame] = []
    for size in sizes:
        found += stream.take(data[:size])
        data = data[size:]
    found += stream.take(data)
    found += stream.settle()
    assert found[-1].data.hex() == "0000010042061200"


def questions() -> list[Question]:
    return [
        Question(
            unit,
            frame.address_bytes(meters.address(unit)),
            frame.identifier_bytes(meters.identifier(k)),
            Form(8, 2),
        )
        for unit in range(3)
        for k in range(3)
    ]


def test_mutated_frames_give_no_value_that_the_bytes_do_not_hold() -> None:
    """An eight-bit sum misses much; what is accepted must stand there, word for word."""
    dice = random.Random(1)
    dialect = Meters(questions())
    taken = 0
    for turn in range(soaking(20_000, 100_000)):
        asked = turn % 9
        unit, question = divmod(asked, 3)
        data = mutate(meters.reply(unit, question, dice.randrange(10**8)), dice)
        heard = dialect.take(data, 0, asked) + dialect.settle(0, asked)
        for one in heard:
            if one.outcome is None or one.outcome.data is None:
                continue
            taken += 1
            named = questions()[one.block]
            values = [
                int(body[:3:-1].hex()) / 100
                for address, control, body in meters.whole(data)
                if address == named.address
                and control == 0x91
                and body[:4] == named.identifier
                and len(body) == 8
            ]
            assert one.outcome.data[0] in values
    assert taken > 100


def test_nothing_is_kept_of_bytes_that_never_end() -> None:
    stream = frame.Stream()
    dice = random.Random(2)
    for _ in range(200):
        stream.take(b"\x68" * 50 + dice.randbytes(500))
        assert len(stream._rest) <= 2 * frame.LONGEST


def test_a_refusal_counts_for_the_open_question_of_that_meter_alone() -> None:
    dialect = Meters(questions())
    (heard,) = dialect.take(meters.refuse(1, 0b10), 0, 4)
    assert (heard.unit, heard.block) == (1, 4)
    assert heard.outcome is not None
    assert heard.outcome.quality == quality.CONFIG_ERROR
    assert heard.outcome.reason == "the meter refuses: the meter has no such data"
    (other,) = dialect.take(meters.refuse(1, 0b10), 0, 7)
    assert (other.unit, other.block) == (1, -1)


def test_a_reply_of_another_length_is_no_value() -> None:
    dialect = Meters(questions())
    data = frame.build(questions()[0].address, frame.REPLY, questions()[0].identifier + b"\x12\x34")
    (heard,) = dialect.take(data, 0, 0)
    assert heard.outcome is not None
    assert heard.outcome.data is None
    assert "2 bytes of data where 4 belong" in heard.outcome.reason


def test_our_own_echo_and_another_master_are_no_answer() -> None:
    dialect = Meters(questions())
    assert dialect.take(dialect.request(0), 0, 0) == []
