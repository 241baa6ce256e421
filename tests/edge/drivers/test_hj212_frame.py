"""Frames of HJ 212: the worked example, frames of the field, and whatever stands round them."""

from __future__ import annotations

import pytest

from edge.drivers.hj212.frame import MOST, Stream, crc, frame
from rig import hj212_station as rig

WORKED = (
    b"##0101QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;"
    b"CP=&&RtdInterval=30&&1C80\r\n"
)
# Frames that others published with their code (a data logger, an air station, answers); checks recomputed.
FIELD = (
    (
        b"##0457QN=20210320163101890;ST=32;CN=2011;PW=123456;MN=81733553213013;Flag=4;CP=&&"
        b"DataTime=20210320013400;w00000-Rtd=181.682,w00000-Flag=N;w21001-SampleTime=20210320005400,"
        b"w21001-Rtd=45.160,w21001-Flag=N;w21011-SampleTime=20210320013400,w21011-Rtd=1.970,w21011-Flag=N;"
        b"w21003-SampleTime=20210320013400,w21003-Rtd=53.131,w21003-Flag=N;w01018-SampleTime=20210320013400,"
        b"w01018-Rtd=194.200,w01018-Flag=N;w01001-SampleTime=20210320013406,w01001-Rtd=7.496,w01001-Flag=N"
        b"&&6E80\r\n"
    ),
    (
        b"##0344QN=20220928142812336;ST=22;CN=2011;PW=123456;MN=JSRCTD000YD107;Flag=5;CP=&&"
        b"DataTime=20220928142812;l01001-Flag=N,l01001-Rtd=119.90287;l01002-Flag=N,l01002-Rtd=32.48505;"
        b"a34002-Rtd=5,a34002-Flag=N;a34004-Rtd=4,a34004-Flag=N;a21026-Rtd=22.25,a21026-Flag=N;"
        b"a21004-Rtd=22.7,a21004-Flag=N;a21005-Rtd=0.36,a21005-Flag=N;a05024-Rtd=8.82,a05024-Flag=N&&9241\r\n"
    ),
    b"##0075QN=20260706103512345;ST=91;CN=9014;PW=123456;MN=A110000_0001;Flag=8;CP=&&&&0140\r\n",
    b"##0078QN=20201008154743635;ST=91;CN=9014;PW=123456;MN=SD000001;Flag=9;CP=&&QnRtn=1&&71c0\r\n",
)
EVERY = (WORKED, *FIELD)


def segments(*chunks: bytes) -> list[bytes]:
    stream = Stream()
    return [segment for chunk in chunks for segment in stream.take(chunk)]


def test_the_check_is_the_standards_own_and_not_that_of_modbus() -> None:
    assert crc(b"123456789") == 0x2F80
    assert rig.crc(b"123456789") == 0x2F80


@pytest.mark.parametrize("data", EVERY)
def test_a_published_frame_is_found_and_built_again(data: bytes) -> None:
    found = segments(data)
    assert found == [data[6:-6]]
    assert frame(found[0]).upper() == data.upper()


def test_frames_are_found_byte_by_byte() -> None:
    data = b"".join(EVERY)
    assert segments(*(data[i : i + 1] for i in range(len(data)))) == [one[6:-6] for one in EVERY]


def test_frames_without_their_end_follow_each_other() -> None:
    assert len(segments(b"".join(one[:-2] for one in EVERY))) == len(EVERY)


@pytest.mark.parametrize("noise", [b"#", b"##", b"###", b"##01", b"##12AB", b"\r\n", b"\xff\x00", b"##0000"])
def test_a_frame_is_found_behind_noise(noise: bytes) -> None:
    assert segments(noise + WORKED) == [WORKED[6:-6]]


def test_a_frame_with_a_wrong_check_is_refused_and_the_next_is_found() -> None:
    broken = WORKED.replace(b"30&&", b"60&&")
    stream = Stream()
    assert stream.take(broken + WORKED) == [WORKED[6:-6]]
    assert stream.broken == 1


def test_a_frame_that_was_cut_off_swallows_the_next_only_until_it_is_given_up() -> None:
    stream = Stream()
    cut = FIELD[0][:200]
    assert stream.take(cut + WORKED) == []
    assert stream.pending() == len(cut + WORKED)
    assert stream.settle() == [WORKED[6:-6]]
    assert stream.pending() == 0


def test_a_frame_that_was_cut_off_is_overtaken_by_what_follows() -> None:
    stream = Stream()
    found = stream.take(FIELD[0][:200]) + stream.take(b"".join([WORKED] * 4))
    assert found == [WORKED[6:-6]] * 4


def test_no_more_than_one_frame_is_ever_held() -> None:
    stream = Stream()
    for _ in range(50):
        stream.take(b"##9999" + b"x" * 4090)
        assert stream.pending() <= MOST + 10 + 4096


def test_noise_that_looks_like_heads_is_not_summed() -> None:
    assert segments(b"##9999" * 20_000) == []


def test_a_segment_that_four_digits_cannot_say_is_not_built() -> None:
    with pytest.raises(ValueError, match="9999"):
        frame(b"x" * 10_000)
