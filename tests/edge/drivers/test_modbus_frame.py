"""The framer finds every good frame whatever the chunks and the noise, and never looks inside one."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.drivers.modbus import ascii as a
from edge.drivers.modbus import frame as f
from edge.drivers.modbus.ascii import GAP_MS, LONGEST, AsciiStream
from edge.drivers.modbus.frame import MASTER, FramingLost, RtuStream, TcpStream
from rig.wire import ascii_frame, crc16, lrc8
from rig.wire import rtu as rig_rtu

OWN = rig_rtu(1, bytes((3, 0, 0, 0, 10)))
GOOD = rig_rtu(1, bytes((3, 20)) + bytes(range(20)))
GOOD_FRAME = (1, 3, bytes(range(20)), 0)


def cut(data: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[a:b] for a, b in itertools.pairwise(edges)]


def take(stream: RtuStream | AsciiStream, chunks: list[bytes], own: bytes = b"") -> list[f.Frame]:
    frames: list[f.Frame] = []
    for i, chunk in enumerate(chunks):
        frames += stream.take(chunk, i, own)
    return frames


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_check_sum_is_that_of_the_independent_rig(data: bytes) -> None:
    assert f.crc(data + crc16(data)) == 0
    assert f.rtu(7, data) == rig_rtu(7, data)


@settings(deadline=None)
@given(st.lists(st.integers(0, 400), max_size=12))
def test_frames_in_one_stream_come_whole_whatever_the_chunks(places: list[int]) -> None:
    exception = rig_rtu(2, bytes((0x83, 2)))
    write = rig_rtu(3, bytes((15, 0, 1, 0, 2)))
    frames = take(RtuStream(20), cut(GOOD + exception + write + GOOD, places))
    assert frames == [GOOD_FRAME, (2, 0x83, b"\x02", 0), (3, 15, bytes((0, 1, 0, 2)), 0), GOOD_FRAME]


@settings(deadline=None)
@given(st.binary(max_size=6), st.binary(max_size=6), st.lists(st.integers(0, 60), max_size=5))
def test_a_good_reply_between_noise_is_found_at_the_latest_when_the_wait_is_over(
    before: bytes, behind: bytes, places: list[int]
) -> None:
    stream = RtuStream(20)
    frames = take(stream, cut(before + GOOD + behind, places)) + stream.settle(b"")
    assert GOOD_FRAME in frames


def test_a_frame_inside_a_frame_is_not_looked_for() -> None:
    inner = rig_rtu(1, bytes((3, 4, 1, 2, 3, 4)))
    outer = rig_rtu(1, bytes((3, len(inner))) + inner)
    for places in ([], list(range(len(outer)))):
        assert take(RtuStream(20), cut(outer, places)) == [(1, 3, inner, 0)]


def test_our_own_request_read_back_is_a_masters_frame_even_if_it_begins_like_a_reply() -> None:
    own = rig_rtu(1, bytes((3, 20, 0, 0, 10)))  # address 0x1400: the third byte says "20 bytes follow"
    assert take(RtuStream(20), [own + GOOD], own) == [(1, MASTER, own, 0), GOOD_FRAME]


def test_another_masters_request_is_recognised_behind_our_reply() -> None:
    other = rig_rtu(9, bytes((3, 0, 0, 0, 2)))
    assert take(RtuStream(20), [GOOD + other], OWN) == [GOOD_FRAME, (9, MASTER, other, 0)]
    write = rig_rtu(9, bytes((16, 0, 0, 0, 1, 2, 0, 7)))
    assert take(RtuStream(20), [write + GOOD], OWN) == [(9, MASTER, write, 0), GOOD_FRAME]


def test_a_half_frame_ends_with_the_gap_behind_it() -> None:
    stream = RtuStream(20)
    assert stream.take(GOOD[:10], 0, b"") == []
    assert stream.take(GOOD, 21, b"") == [GOOD_FRAME]


@pytest.mark.parametrize("byte", range(len(GOOD)))
def test_one_flipped_bit_anywhere_makes_no_frame_of_it(byte: int) -> None:
    for bit in range(8):
        spoiled = bytearray(GOOD)
        spoiled[byte] ^= 1 << bit
        stream = RtuStream(20)
        assert GOOD_FRAME not in stream.take(bytes(spoiled), 0, b"") + stream.settle(b"")


@settings(deadline=None)
@given(st.lists(st.integers(0, 100), max_size=8))
def test_tcp_frames_come_whole_whatever_the_chunks(places: list[int]) -> None:
    one = bytes((0, 7, 0, 0, 0, 7, 1, 3, 4, 1, 2, 3, 4))
    two = bytes((0, 8, 0, 0, 0, 3, 2, 0x84, 2))
    stream = TcpStream()
    frames = [frame for chunk in cut(one + two + one, places) for frame in stream.take(chunk)]
    assert frames == [(1, 3, bytes((1, 2, 3, 4)), 7), (2, 0x84, b"\x02", 8), (1, 3, bytes((1, 2, 3, 4)), 7)]


def test_tcp_reply_whose_byte_count_contradicts_its_length_is_dropped() -> None:
    stream = TcpStream()
    assert stream.take(bytes((0, 7, 0, 0, 0, 7, 1, 3, 2, 1, 2, 3, 4))) == []
    assert stream.malformed == 1


@pytest.mark.parametrize(
    "head", [(0, 1, 0, 1, 0, 7, 1, 3), (0, 1, 0, 0, 0, 1, 1, 3), (0, 1, 0, 0, 9, 9, 1, 3)]
)
def test_tcp_header_that_makes_no_sense_loses_the_framing(head: tuple[int, ...]) -> None:
    with pytest.raises(FramingLost):
        TcpStream().take(bytes(head))


def test_a_request_whose_third_byte_is_three_is_a_masters_frame() -> None:
    other = rig_rtu(9, bytes((3, 3, 0, 0, 2)))  # address 0x0300: as long as a reply with three data bytes
    assert take(RtuStream(20), [other], OWN) == [(9, MASTER, other, 0)]


ASCII_GOOD = ascii_frame(1, bytes((3, 20)) + bytes(range(20)))


@settings(deadline=None)
@given(st.integers(0, 255), st.binary(min_size=1, max_size=253))
def test_lrc_and_frame_are_those_of_the_independent_rig(unit: int, pdu: bytes) -> None:
    assert a.lrc(pdu) == lrc8(pdu)
    assert a.encode(rig_rtu(unit, pdu)) == ascii_frame(unit, pdu)


@settings(deadline=None)
@given(st.lists(st.integers(0, 400), max_size=12))
def test_ascii_frames_in_one_stream_come_whole_whatever_the_chunks(places: list[int]) -> None:
    exception = ascii_frame(2, bytes((0x83, 2)))
    write = ascii_frame(3, bytes((15, 0, 1, 0, 2)))
    frames = take(AsciiStream(), cut(ASCII_GOOD + exception + write + ASCII_GOOD, places))
    assert frames == [GOOD_FRAME, (2, 0x83, b"\x02", 0), (3, 15, bytes((0, 1, 0, 2)), 0), GOOD_FRAME]


@settings(deadline=None)
@given(st.binary(max_size=9), st.binary(max_size=9), st.lists(st.integers(0, 60), max_size=5))
def test_a_good_ascii_reply_is_found_between_any_noise(
    before: bytes, behind: bytes, places: list[int]
) -> None:
    assert GOOD_FRAME in take(AsciiStream(), cut(before + ASCII_GOOD + behind, places))


@pytest.mark.parametrize("place", range(len(ASCII_GOOD)))
def test_one_changed_or_lost_character_anywhere_makes_no_other_frame_of_it(place: int) -> None:
    for code in range(256):
        spoiled = bytearray(ASCII_GOOD)
        spoiled[place] = code
        assert set(AsciiStream().take(bytes(spoiled), 0, b"")) <= {GOOD_FRAME}
    lost = ASCII_GOOD[:place] + ASCII_GOOD[place + 1 :]
    assert AsciiStream().take(lost, 0, b"") == []


def test_half_an_ascii_frame_is_forgotten_after_a_second_and_not_before() -> None:
    for pause, found in ((GAP_MS, [GOOD_FRAME]), (GAP_MS + 1, [])):
        stream = AsciiStream()
        assert stream.take(ASCII_GOOD[:11], 0, b"") == []
        assert stream.settle(b"") == []
        assert stream.take(ASCII_GOOD[11:], pause, b"") == found


def test_the_streams_keep_no_more_than_a_frame_of_what_never_ends() -> None:
    ascii_stream, rtu_stream, tcp_stream = AsciiStream(), RtuStream(10**9), TcpStream()
    longest = (bytes((0, 7, 0, 0, 0, 250, 1, 43)) + bytes(248)) * 50
    for i in range(128):
        ascii_stream.take(b":" + b"00" * 50, i, b"")
        ascii_stream.take(b"00" * 50, i, b"")
        rtu_stream.take(b"\x01\x03\xf0" + bytes(97), i, b"")
        tcp_stream.take(longest[100 * i : 100 * i + 100])
        assert len(ascii_stream._rest) <= LONGEST
        assert len(rtu_stream._rest) <= f.ROOM
        assert len(tcp_stream._rest) <= 260
