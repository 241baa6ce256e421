"""Lines of text and simple binary frames: framing, sums, numbers, patterns."""

from __future__ import annotations

import math
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.drivers.serial_line.decode import Field, Form, Place, decode, number
from edge.drivers.serial_line.frame import Framed, Framer, Framing, build, checksum
from edge.drivers.serial_line.pattern import BadPattern, compiled
from edge.drivers.serial_line.plan import Instrument, Lines
from edge.drivers.serial_line.settings import text_bytes
from protocol import quality
from rig.asked import mutate
from rig.scenario import soaking

CRLF = Framing(end=b"\r\n", max_length=40)
NMEA = Framing(b"$", b"\r\n", checksum="xor", mark=b"*", max_length=80)
BCC = Framing(b"\x02", b"\x03", checksum="xor", form="raw", after_end=True, max_length=40)
ADAM = Framing(end=b"\r", checksum="sum8", max_length=40)
BINARY = Framing(b"\xaa\x55", length=12, checksum="crc16-modbus", form="raw")
IDLE = Framing(idle_ms=20, max_length=40)
ALL = [CRLF, NMEA, BCC, ADAM, BINARY]


def bodies(framer: Framer, data: bytes, now: int = 0) -> list[bytes]:
    return [framed.body for framed in framer.take(data, now) if not framed.why]


def test_a_nmea_sentence_is_framed_and_summed() -> None:
    # The sum of this sentence is right by hand: xor of all between $ and *.
    sentence = b"$WIMWV,214.8,R,0.1,K,A*28\r\n"
    assert bodies(Framer(NMEA), sentence) == [b"WIMWV,214.8,R,0.1,K,A"]
    assert bodies(Framer(NMEA), sentence.replace(b"28", b"29")) == []


@pytest.mark.parametrize(
    ("kind", "data", "sum_"),
    [
        ("crc16-modbus", b"123456789", b"\x37\x4b"),  # check value 4B37 (domain facts, 9), low byte first
        ("xor", b"\x01\x02\x04", b"\x07"),
        ("sum8", b"#01", bytes(((0x23 + 0x30 + 0x31) & 0xFF,))),
        ("lrc", b"\x01\x03\x00\x00\x00\x0a", b"\xf2"),
    ],
)
def test_check_sums_are_those_of_their_name(kind: str, data: bytes, sum_: bytes) -> None:
    assert checksum(kind, data) == sum_


@pytest.mark.parametrize("framing", ALL)
def test_what_is_built_is_found_over_noise_and_in_any_chunks(framing: Framing) -> None:
    dice = random.Random(3)
    body = b"1234567." if framing.length else b"01 +12.5"
    for _ in range(300):
        noise = bytes(byte & 0x7F | 0x20 for byte in dice.randbytes(dice.randrange(6))) + framing.end
        data = noise + build(framing, body)
        framer = Framer(framing)
        found: list[bytes] = []
        while data:
            size = dice.randrange(1, 9)
            found += bodies(framer, data[:size])
            data = data[size:]
        assert found[-1:] == [body]


def test_a_frame_may_end_by_silence() -> None:
    framer = Framer(IDLE)
    assert framer.take(b"12.", 100) == []
    assert framer.take(b"5", 110) == []
    assert framer.due() == 130
    assert framer.settle(130) == [Framed(b"12.5", 100, "", b"12.5")]
    assert framer.due() == -1
    assert framer.take(b"13", 200) == []
    assert framer.take(b"14", 230) == [Framed(b"13", 200, "", b"13")]


def test_silence_that_was_not_long_enough_ends_nothing_but_a_request_forgets_it() -> None:
    framer = Framer(IDLE)
    framer.take(b"12.", 100)
    assert framer.settle(110) == []
    assert framer.due() == -1


@pytest.mark.parametrize("framing", [*ALL, IDLE])
def test_a_flood_without_an_end_is_thrown_away_and_what_follows_is_found(framing: Framing) -> None:
    framer = Framer(framing)
    for turn in range(200):
        framer.take(b"x" * 100, turn)
        assert len(framer._rest) <= 2 * framing.longest
    framer.take(framing.end, 300)
    body = b"1234567." if framing.length else b"01 +12.5"
    found = framer.take(build(framing, body), 1000) + framer.settle(2000)
    assert [framed.body for framed in found if not framed.why][-1:] == [body]


def test_a_frame_tells_when_its_first_byte_came() -> None:
    framer = Framer(CRLF)
    framer.take(b"12", 100)
    assert framer.take(b".5\r\n", 150) == [Framed(b"12.5", 100, "", b"12.5\r\n")]


@pytest.mark.parametrize(
    ("text", "comma", "value"),
    [
        ("12.5", False, 12.5),
        (" + 12.5 ", False, 12.5),
        ("-  0.25", False, -0.25),
        ("12.5-", False, -12.5),
        (".5", False, 0.5),
        ("5.", False, 5.0),
        ("1.25E-3", False, 0.00125),
        ("12,5", True, 12.5),
        ("-1,0e2", True, -100.0),
    ],
)
def test_numbers_are_read_as_instruments_write_them(text: str, comma: bool, value: float) -> None:
    assert number(text, "text", comma) == value


@pytest.mark.parametrize(
    "text", ["", "-", "+-1", "-1-", "1,5", "1.2.3", "1 2", "0x10", "ERR", "nan", "inf", "١٢"]
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert number(text, "text", False) is None


def test_a_decimal_point_is_none_where_a_comma_is_meant() -> None:
    assert number("1.234,5", "text", True) is None
    assert number("1.234", "text", True) is None


@pytest.mark.parametrize(
    ("raw", "coding", "value"),
    [
        ("\x01\x02", "uint-be", 258.0),
        ("\x01\x02", "uint-le", 513.0),
        ("\xff\xfe", "int-be", -2.0),
        ("\x41\x48\x00\x00", "float-be", 12.5),
        ("\x00\x00\x48\x41", "float-le", 12.5),
        ("\x12\x34", "bcd", 1234.0),
        ("\x1a\x34", "bcd", None),
        ("01FF", "hex", 511.0),
        ("01FG", "hex", None),
        ("\x41\x48\x00", "float-be", None),
    ],
)
def test_binary_numbers_are_read_by_their_coding(raw: str, coding: str, value: float | None) -> None:
    assert number(raw, coding, False) == value


def form(pattern: str, **more: object) -> Form:
    return Form(
        (Field("T", Place("t")),),
        compiled(pattern, 40),
        **more,  # type: ignore[arg-type]
    )


def test_texts_in_the_place_of_a_number_have_the_quality_they_were_given() -> None:
    here = form(r"(?P<t>.*) C", bad=(("OPEN", quality.SENSOR_FAILURE),))
    good = decode(here, b"12.5 C")
    assert good is not None
    assert (good.data, good.exceptions) == ((12.5,), ())
    opened = decode(here, b" OPEN C")
    assert opened is not None
    assert opened.exceptions == ((0, quality.SENSOR_FAILURE),)
    assert "T: the instrument shows ' OPEN'" in opened.reason
    odd = decode(here, b"---- C")
    assert odd is not None
    assert odd.exceptions == ((0, quality.DEVICE_FAILURE),)
    assert odd.data is not None
    assert math.isnan(odd.data[0])


def test_another_unit_of_measure_is_no_line_of_this_instrument() -> None:
    assert decode(form(r"(?P<t>.*) kPa"), b"1.013 bar") is None


def test_the_whole_line_may_be_a_known_complaint() -> None:
    outcome = decode(form(r"T=(?P<t>.*)", bad=(("ERR 5", quality.DEVICE_FAILURE),)), b"ERR 5")
    assert outcome is not None
    assert (outcome.data, outcome.quality) == (None, quality.DEVICE_FAILURE)


def test_a_status_that_is_not_good_is_told() -> None:
    here = form(r"(?P<s>\w+),(?P<t>.*)", status=Place("s"), good=("OK",), bad=(("WARM", quality.UNCERTAIN),))
    ok, warm, odd = (decode(here, line) for line in (b"OK,1", b"WARM,1", b"X7,1"))
    assert ok is not None
    assert warm is not None
    assert odd is not None
    assert (ok.data, ok.quality) == ((1.0,), quality.GOOD)
    assert (warm.data, warm.quality, warm.reason) == ((1.0,), quality.UNCERTAIN, "its status is 'WARM'")
    assert (odd.data, odd.quality) == (None, quality.DEVICE_FAILURE)
    assert "none of OK" in odd.reason


def test_a_sign_may_stand_in_a_group_of_its_own() -> None:
    field = Field("T", Place("t"), sign=Place("s"))
    here = Form((field,), compiled(r"(?P<s>.)(?P<t>[\d.]+)", 40))
    minus, plus, odd = (decode(here, line) for line in (b"-12.5", b" 12.5", b"?12.5"))
    assert minus is not None
    assert plus is not None
    assert odd is not None
    assert (minus.data, plus.data) == ((-12.5,), (12.5,))
    assert odd.exceptions == ((0, quality.DEVICE_FAILURE),)


def test_columns_are_read_without_a_pattern_and_a_short_line_is_none() -> None:
    here = Form((Field("T", Place(first=3, last=8)),), None, "01", Place(first=0, last=2))
    outcome = decode(here, b"01 +12.5")
    assert outcome is not None
    assert outcome.data == (12.5,)
    assert decode(here, b"01 +12") is None
    assert decode(here, b"02 +12.5") is None


# --- whose line a line is ---


def lines(*patterns: tuple[str, str], named: bool = True) -> Lines:
    return Lines(
        [Instrument(key, b"#" + key.encode() + b"\r", form(pattern)) for key, pattern in patterns],
        CRLF,
        named=named,
    )


def test_a_line_is_its_instruments_whoever_was_asked() -> None:
    dialect = lines(("01", r"01 (?P<t>\d+)"), ("02", r"02 (?P<t>\d+)"))
    (heard,) = dialect.take(b"02 17\r\n", 0, 0)
    assert (heard.unit, heard.block) == (1, 1)


def test_a_line_that_fits_two_is_nobodys() -> None:
    dialect = lines(("1", r"1(?P<t>\d+)"), ("11", r"11(?P<t>\d+)"))
    (heard,) = dialect.take(b"1123\r\n", 0, 0)
    assert (heard.unit, heard.block) == (-1, -1)
    assert "fits 1 and 11" in heard.why


def test_a_line_that_fits_nobody_is_told_with_its_text() -> None:
    (heard,) = lines(("01", r"01 (?P<t>\d+)")).take(b"07 17\r\n", 0, 0)
    assert heard.why == "the line '07 17' fits no instrument of this bus"


def test_an_unnamed_line_counts_for_the_open_question_only() -> None:
    dialect = lines(("a", r"(?P<t>\d+)"), ("b", r"(?P<t>\d+)"), named=False)
    assert [heard.block for heard in dialect.take(b"17\r\n", 0, 1)] == [1]
    assert [heard.block for heard in dialect.take(b"17\r\n", 0, -1)] == [-1]


def test_a_line_that_is_too_long_is_nobodys_with_or_without_an_echo_before_it() -> None:
    dialect = lines(("01", r"01 (?P<t>\d+)"))
    assert [heard.block for heard in dialect.take(b"#01\r01 " + b"1" * 37 + b"\r\n", 0, 0)] == [0]
    assert [heard.block for heard in dialect.take(b"01 " + b"1" * 38 + b"\r\n", 0, 0)] == [-1]


def test_an_echo_is_no_line() -> None:
    dialect = Lines([Instrument("a", b"M\r\n", form(r"(?P<t>.*)"))], CRLF, named=False)
    assert dialect.take(b"M\r\n", 0, 0) == []


@pytest.mark.parametrize("framing", [NMEA, BCC, ADAM, BINARY])
def test_mutated_lines_give_no_value_that_the_bytes_do_not_hold(framing: Framing) -> None:
    dice = random.Random(5)
    taken = 0
    dialect = Lines([Instrument("a", b"?", form(r"(?P<t>\d{5}) kP"))], framing, named=False)
    for _ in range(soaking(3_000, 100_000)):
        value = dice.randrange(10**5)
        good = build(framing, b"%05d kP" % value)
        data = mutate(good, dice) + framing.end + good * dice.randrange(2)
        for heard in dialect.take(data, 0, 0) + dialect.settle(10, 0):
            if heard.outcome is not None and heard.outcome.data is not None:
                taken += 1
                assert b"%05d" % int(heard.outcome.data[0]) in data
    assert taken > 20


@given(st.binary(max_size=400), st.sampled_from([*ALL, IDLE]))
def test_no_bytes_crash_a_line(data: bytes, framing: Framing) -> None:
    dialect = Lines([Instrument("a", b"?", form(r"(?P<t>.*)"))], framing, named=False)
    for at in range(0, len(data), 7):
        dialect.take(data[at : at + 7], at * 10, 0)
    dialect.settle(10_000, 0)


# --- patterns that cannot hang ---


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?P<t>[-+]?\d+\.\d+)",
        r"\s*(?P<unit>\w+)\s+(?P<t>[-+]?\d+\.\d+)\s*(\w+)?\s*",
        r"(?P<a>[^,]*),(?P<b>[^,]*),(?P<t>.*)",
        r"(ST|US),(GS|NT),(?P<t>[ +-][ .\d]{7}) (kg| g|lb)",
        r"(\d\d:){2}\d\d (?P<t>\d+)",
        r"(?i)err|[-+]?\d*\.?\d*",
        r".*T=(?P<t>\d+).*",
    ],
)
def test_patterns_of_instruments_are_taken(pattern: str) -> None:
    compiled(pattern, 128)


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        (r"(a+)+b", "inside a repetition"),
        (r"(\w*\s*)*x", "inside a repetition"),
        (r"(a|aa)*b", "choice"),
        (r"(a?){30}a{30}", "inside a repetition"),
        (r"(ab?)*c", "inside a repetition"),
        (r".*.*.*.*x", "steps"),
        (r"(\d+)?(\d+)?(\d+)?(\d+)?x", "steps"),
        (r"(?=a).*", "cannot be bounded"),
        (r"(.)\1", "cannot be bounded"),
        (r"(", "no regular expression"),
    ],
)
def test_patterns_that_could_hang_are_refused(pattern: str, why: str) -> None:
    with pytest.raises(BadPattern, match=why):
        compiled(pattern, 128)


ATOMS = st.sampled_from(["a", "b", r"\d", r"\w", ".", "[ab]", "[^a]", "(a|b)", "(ab|a)", "(?:b)", "1"])
COUNTS = st.sampled_from(["", "", "*", "+", "?", "{2}", "{1,3}", "*?", "{0,40}"])
PATTERNS = st.lists(st.tuples(ATOMS, COUNTS), min_size=1, max_size=9)


@settings(max_examples=soaking(150, 3_000), deadline=None)
@given(PATTERNS, st.sampled_from(["a", "b", "1", "ab", "ba", "a1"]), st.booleans())
def test_a_pattern_that_was_taken_never_takes_long(
    parts: list[tuple[str, str]], pump: str, nested: bool
) -> None:
    text = "".join(atom + count for atom, count in parts)
    text = f"({text})*x" if nested else f"{text}x"
    try:
        pattern = compiled(text, 128)
    except BadPattern:
        return
    began = time.perf_counter()
    pattern.fullmatch((pump * 128)[:128])
    assert time.perf_counter() - began < 1.0


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("#01\r", b"#01\r"),
        (r"\x02A\r\n", b"\x02A\r\n"),
        ("\x02", b"\x02"),
        ("\xff\\\\", b"\xff\\"),
        ("", b""),
    ],
)
def test_configured_texts_hold_any_byte(text: str, data: bytes) -> None:
    assert text_bytes(text) == data


@pytest.mark.parametrize(("text", "why"), [("℃", "single byte"), (r"\q", "no escape"), (r"\x1", "two hex")])
def test_what_is_no_byte_is_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        text_bytes(text)
