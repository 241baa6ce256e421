"""Frames of SL 651 and what they say: worked frames, numbers, series, packs."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from edge.drivers.sl651 import decode
from edge.drivers.sl651.frame import DOWN, EOT, ESC, ETX, MOST, Frame, Stream, crc, frame
from edge.drivers.sl651.packs import MOST_PACKS, WAIT_MS, Packs
from rig import sl651_station as rig

BEIJING_MS = 8 * 3_600_000
# Frames that public descriptions and implementations of the standard print.
RECORDED = Path(__file__).parent / "recorded" / "sl651-frames.txt"
FRAMES = tuple(bytes.fromhex(line) for line in RECORDED.read_text().splitlines() if not line.startswith("#"))
UNIFORM, HOURLY = FRAMES[-2:]
NOON = 1_790_000_000_000


def one(data: bytes) -> Frame:
    found = Stream().take(data)
    assert len(found) == 1
    return found[0]


def read(elements: str, sign_counted: bool | None = None, function: int = decode.TIMED) -> decode.Report:
    text = bytes.fromhex(rig.text(elements, NOON))
    return decode.report(function, bytes.fromhex(rig.ADDRESS), text, BEIJING_MS, sign_counted)


@pytest.mark.parametrize("data", FRAMES)
def test_a_worked_frame_is_found_and_built_again(data: bytes) -> None:
    assert frame(one(data)) == data
    assert rig.crc(data[:-2]) == crc(data[:-2])


def test_frames_are_found_byte_by_byte() -> None:
    stream = Stream()
    data = b"".join(FRAMES)
    found = [f for i in range(len(data)) for f in stream.take(data[i : i + 1])]
    assert [frame(f) for f in found] == list(FRAMES)
    assert stream.pending() == 0


@pytest.mark.parametrize("noise", ["7E", "7E7E", "7E7E7E", "00", "7E7E0100", "FF7E7E0112345678901234FF0F"])
def test_a_frame_is_found_behind_noise(noise: str) -> None:
    stream = Stream()
    found = stream.take(bytes.fromhex(noise) + FRAMES[2] + FRAMES[4])
    found += stream.settle()
    assert [frame(f) for f in found] == [FRAMES[2], FRAMES[4]]


def test_a_frame_with_a_wrong_check_is_refused() -> None:
    stream = Stream()
    assert stream.take(FRAMES[2][:-1] + b"\x00" + FRAMES[4])[0].function == decode.TIMED
    assert stream.broken >= 1


def test_no_more_than_one_frame_is_ever_held() -> None:
    stream = Stream()
    for _ in range(20):
        stream.take(bytes.fromhex("7E7E0100123456781234320FFF02") + b"\x55" * 4000)
        assert stream.pending() <= MOST + 4096


def test_the_worked_reports_say_what_their_description_says() -> None:
    test = one(FRAMES[2])
    report = decode.report(test.function, test.station, test.text, BEIJING_MS)
    assert report.values == {"20": 0.5, "26": 0.5, "39": 0.127, "38": 11.15}
    timed = one(FRAMES[4])
    report = decode.report(timed.function, timed.station, timed.text, BEIJING_MS)
    assert report.values == {"20": 4.0, "26": 4.0, "39": 10.49, "38": 10.99}


def test_our_confirmation_is_the_worked_one() -> None:
    up = one(FRAMES[2])
    down = Frame(DOWN, up.centre, up.station, up.password, up.function, up.text[:8], ESC)
    assert frame(down) == FRAMES[3]


def test_a_uniform_report_gives_its_newest_value_and_its_time() -> None:
    up = one(UNIFORM)
    report = decode.report(up.function, up.station, up.text, BEIJING_MS)
    assert report.values == {"39": 10.49}
    assert report.earlier == 11
    sent = decode.head(up.text, BEIJING_MS).sent_ms
    assert sent is not None
    assert sent - report.observed_ms == 5000


def test_an_hourly_report_gives_its_single_values() -> None:
    up = one(HOURLY)
    report = decode.report(up.function, up.station, up.text, BEIJING_MS)
    assert report.values == {"26": 0.0, "20": 0.0, "1A": 0.0, "39": 27.3, "38": 12.9}
    assert report.earlier == 2


def test_an_hourly_report_stamped_with_its_first_step_is_of_its_last() -> None:
    text = rig.text("3923" + "00001000", NOON - 55 * 60_000 - 5000, sent_ms=NOON)
    station = bytes.fromhex(rig.ADDRESS)
    hourly = decode.report(decode.HOURLY, station, bytes.fromhex(text), BEIJING_MS)
    timed = decode.report(decode.TIMED, station, bytes.fromhex(text), BEIJING_MS)
    assert hourly.observed_ms - timed.observed_ms == 55 * 60_000


@pytest.mark.parametrize(
    ("element", "value"),
    [
        ("392300000127", 0.127),
        ("390812", 12.0),
        ("391100 05".replace(" ", ""), 0.5),
        ("392BFF00001500", -1.5),
    ],
)
def test_a_number_is_read_with_its_decimals_and_sign(element: str, value: float) -> None:
    assert read(element + "20190 00005".replace(" ", "")).values == {"39": value, "20": 0.5}


@pytest.mark.parametrize("data", ["FFFFFFFF", "AAAAAAAA"])
def test_what_was_not_measured_is_no_number(data: str) -> None:
    report = read(f"3923{data}2019000005")
    assert math.isnan(report.values["39"])
    assert report.values["20"] == 0.5
    assert report.unreadable == frozenset()


@pytest.mark.parametrize("data", ["0000012A", "FFAA0012", "AAFFAAFF", "00AA0000"])
def test_what_is_no_decimal_is_unreadable(data: str) -> None:
    report = read(f"3923{data}", sign_counted=True)
    assert math.isnan(report.values["39"])
    assert report.unreadable == {"39"}


def test_an_element_that_stands_twice_is_unreadable() -> None:
    assert read("39230000012739230000012 8".replace(" ", "")).unreadable == {"39"}


@pytest.mark.parametrize("counted", [True, False])
def test_either_way_of_counting_the_sign_is_read(counted: bool) -> None:
    element = "39" + rig.number(-1.234, 4, 3, counted)
    assert read("2019000005" + element).values == {"39": -1.234, "20": 0.5}
    assert read(element + "2019000005", counted).values == {"39": -1.234, "20": 0.5}


def test_a_sign_that_can_be_read_in_two_ways_is_refused_until_said() -> None:
    # counted: -123.4, then 12 bytes of element 20; not counted: -12342.0, then element 60 of 11 bytes
    double = "3919FF1234" + "2060580000000000000000000000"
    with pytest.raises(decode.BadReport, match="sign_counted"):
        read(double)
    assert read(double, sign_counted=True).values["39"] == -123.4
    assert read(double, sign_counted=False).values["39"] == -12342.0


def test_an_element_of_the_makers_own_has_a_name_of_its_own() -> None:
    assert read("FF381212343812 1115".replace(" ", "")).values == {"FF38": 12.34, "38": 11.15}


def test_status_and_texts_are_passed_over() -> None:
    assert read("452000000001392300000127").values == {"39": 0.127}


@pytest.mark.parametrize(
    "elements",
    ["39", "3923", "392300", "39230000012 72019".replace(" ", ""), "041800000539", "0418000005392300"],
)
def test_elements_that_do_not_fill_the_text_are_refused(elements: str) -> None:
    with pytest.raises(decode.BadReport):
        read(elements)


def test_a_report_that_names_another_station_is_refused() -> None:
    text = bytes.fromhex(rig.text("392300000127", NOON, station="0000000001"))
    with pytest.raises(decode.BadReport, match="0000000001"):
        decode.report(decode.TIMED, bytes.fromhex(rig.ADDRESS), text, BEIJING_MS)


def test_a_report_with_an_impossible_time_is_refused() -> None:
    text = bytearray.fromhex(rig.text("392300000127", NOON))
    text[19] = 0x13
    with pytest.raises(decode.BadReport, match="no time"):
        decode.report(decode.TIMED, bytes.fromhex(rig.ADDRESS), bytes(text), BEIJING_MS)


def test_packs_are_put_together_and_the_missing_is_named() -> None:
    text = rig.text("392300000127" + "2019000005", NOON)
    frames = [one(data) for data in rig.packs(decode.TIMED, text, [20, 10, len(text) // 2 - 30])]
    packs = Packs()
    assert packs.add(frames[0], 0) == (None, 0)
    assert packs.add(frames[2], 0) == (None, 2)
    assert packs.first(decode.TIMED) == frames[0].text
    assert packs.add(frames[1], 0) == (bytes.fromhex(text), 0)


def test_a_pack_is_asked_for_three_times_at_most() -> None:
    text = rig.text("392300000127", NOON)
    frames = [one(data) for data in rig.packs(decode.TIMED, text, [20, len(text) // 2 - 20])]
    packs = Packs()
    assert [packs.add(frames[1], 0)[1] for _ in range(5)] == [1, 1, 1, 0, 0]


def test_packs_are_given_up_in_the_end_and_never_too_many() -> None:
    packs = Packs()
    frames = [one(data) for data in rig.packs(decode.TIMED, rig.text("392300000127", NOON), [20, 16])]
    packs.add(frames[0], 0)
    packs.expire(WAIT_MS + 1)
    assert (packs.abandoned, packs.first(decode.TIMED)) == (1, b"")
    huge = Frame(0, 1, b"12345", b"12", decode.TIMED, b"x", ETX, MOST_PACKS + 1, 1)
    assert packs.add(huge, 0) == (None, 0)
    assert packs.first(decode.TIMED) == b""


def test_a_text_that_twelve_bits_cannot_say_is_not_built() -> None:
    with pytest.raises(ValueError, match="4095"):
        frame(Frame(0, 1, b"12345", b"12", decode.TIMED, b"x" * 4096, EOT))
