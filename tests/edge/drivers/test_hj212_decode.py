"""What a segment of HJ 212 says, and what a flag means."""

from __future__ import annotations

import math

import pytest

from edge.drivers.hj212 import decode
from edge.drivers.hj212.packs import WAIT_MS, Packs
from protocol import quality

HEAD = "QN=20240429103553533;ST=31;CN=2011;PW=123456;MN=M1;Flag=5;"
BEIJING_MS = 8 * 3_600_000


def parsed(cp: str, head: str = HEAD) -> decode.Segment:
    return decode.parse(f"{head}CP=&&{cp}&&".encode())


def test_a_head_is_taken_apart() -> None:
    segment = parsed("DataTime=20240429103500")
    assert (segment.mn, segment.pw, segment.cn, segment.qn) == ("M1", "123456", 2011, "20240429103553533")
    assert segment.wants_answer


def test_spaces_round_fields_are_tolerated() -> None:
    segment = decode.parse(
        b"QN=20191122100900943 ;ST=22;CN=2011;PW=123456;MN= 2019;Flag=5;CP=&&a34004-Rtd=1 &&"
    )
    assert segment.mn == "2019"
    found = decode.reports(
        "DataTime=20191122100900 ;a34004-Rtd=34.2,a34004-Flag=N ;a21004- Rtd=20.9,a21004-Flag=N"
    )
    assert found[0].factors["a34004"] == {"Rtd": "34.2", "Flag": "N"}
    assert found[0].factors["a21004"]["Rtd"] == "20.9"


@pytest.mark.parametrize(
    "segment",
    [
        b"",
        b"CN=2011;MN=M1",
        b"CN=;MN=M1;CP=&&&&",
        b"CN=20111;MN=M1;CP=&&&&",
        b"CN=2011;MN=M1;Flag=999;CP=&&&&",
        b"CN=2011;MN=M1;MN=M2;CP=&&&&",
        b"CN=2011;MN=M1;Flag=7;PNUM=2;PNO=3;CP=&&&&",
        b"CN=2011;MN=M1;Flag=7;PNUM=9999;PNO=1;CP=&&&&",
        b"CN=2011;MN=M1;CP=&&",
        "CN=２０11;MN=M1;CP=&&&&".encode(),
    ],
)
def test_what_cannot_be_meant_is_refused(segment: bytes) -> None:
    with pytest.raises(decode.BadSegment):
        decode.parse(segment)


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_chinese_texts_are_read_in_either_coding(encoding: str) -> None:
    segment = decode.parse(f"{HEAD}CP=&&i13001-Info=维护期间,a1-Rtd=1&&".encode(encoding))
    assert decode.reports(segment.cp)[0].factors["i13001"]["Info"] == "维护期间"


def test_several_times_in_one_segment_are_several_reports() -> None:
    found = decode.reports("DataTime=1;a-Rtd=1;DataTime=2;a-Rtd=2;DataTime=2;b-Rtd=3")
    assert [(report.data_time, sorted(report.factors)) for report in found] == [
        ("1", ["a"]),
        ("2", ["a", "b"]),
    ]


@pytest.mark.parametrize(
    ("flag", "version", "expected"),
    [
        ("N", 2017, quality.GOOD),
        ("n", 2017, quality.GOOD),
        ("F", 2017, quality.OUT_OF_SERVICE),
        ("M", 2017, quality.OUT_OF_SERVICE),
        ("S", 2017, quality.UNCERTAIN),
        ("D", 2017, quality.DEVICE_FAILURE),
        ("C", 2017, quality.OUT_OF_SERVICE),
        ("T", 2017, quality.SENSOR_INACCURATE),
        ("B", 2017, quality.COMM_FAILURE),
        ("X", 2017, quality.UNCERTAIN),
        ("P", 2017, quality.UNCERTAIN),
        ("P", 2005, quality.DEVICE_FAILURE),
        ("3", 2005, quality.GOOD),
        ("2", 2005, quality.UNCERTAIN),
    ],
)
def test_each_data_flag_has_its_quality(flag: str, version: int, expected: int) -> None:
    report = decode.reports(f"a1-Rtd=5.5,a1-Flag={flag}")[0]
    found = decode.value(report, "a1", "Rtd", version, True)
    assert (found.number, found.quality) == (5.5, expected)
    assert bool(found.reason) == (expected != quality.GOOD)


def test_a_value_without_flag_is_uncertain_where_flags_are_required() -> None:
    report = decode.reports("a1-Rtd=5.5")[0]
    assert decode.value(report, "a1", "Rtd", 2017, True).quality == quality.UNCERTAIN
    assert decode.value(report, "a1", "Rtd", 2017, False).quality == quality.GOOD


@pytest.mark.parametrize(
    "written",
    ["", "-", "--", "NaN", "inf", "1e5", "1,5", "0x10", "１２", "1 2", "9" * 40, "1.2.3", "N/A", "+"],
)
def test_what_is_no_number_is_bad(written: str) -> None:
    report = decode.Report("1", {"a1": {"Rtd": written, "Flag": "N"}})
    found = decode.value(report, "a1", "Rtd", 2017, True)
    assert math.isnan(found.number)
    assert found.quality == quality.DEVICE_FAILURE


@pytest.mark.parametrize(
    ("written", "number"),
    [("0", 0.0), ("-12.50", -12.5), ("+3", 3.0), (".5", 0.5), ("5.", 5.0), ("007", 7.0)],
)
def test_what_is_a_number_is_read(written: str, number: float) -> None:
    report = decode.Report("1", {"a1": {"Rtd": written, "Flag": "N"}})
    assert decode.value(report, "a1", "Rtd", 2017, True) == decode.Value(number, quality.GOOD, "")


def test_a_factor_given_twice_differently_is_bad() -> None:
    report = decode.reports("a1-Rtd=5,a1-Flag=N;a1-Rtd=6,a1-Flag=N")[0]
    assert decode.value(report, "a1", "Rtd", 2017, True).quality == quality.DEVICE_FAILURE


def test_a_missing_factor_or_field_is_not_connected() -> None:
    report = decode.reports("a1-Rtd=5,a1-Flag=N")[0]
    assert decode.value(report, "a2", "Rtd", 2017, True).quality == quality.NOT_CONNECTED
    assert decode.value(report, "a1", "Avg", 2017, True).quality == quality.NOT_CONNECTED


def test_a_time_is_that_of_the_stations_zone() -> None:
    assert decode.stamp_ms("19700101080000", BEIJING_MS) == 0
    assert decode.stamp_ms("19700101080000123", BEIJING_MS) == 123
    for nonsense in ("", "2024", "20241301000000", "20240230000000", "2024042910355353", "２０240429103553"):
        assert decode.stamp_ms(nonsense, BEIJING_MS) is None


def test_an_answer_repeats_number_and_version_and_asks_for_nothing() -> None:
    assert decode.answer(parsed("a-Rtd=1"), 2017) == (
        b"QN=20240429103553533;ST=91;CN=9014;PW=123456;MN=M1;Flag=4;CP=&&&&"
    )
    surface_water = parsed("a-Rtd=1", HEAD.replace("Flag=5", "Flag=9"))
    assert decode.answer(surface_water, 2017) == (
        b"QN=20240429103553533;ST=91;CN=9014;PW=123456;MN=M1;Flag=8;CP=&&&&"
    )


def test_a_notice_is_answered_as_a_notice_and_an_answer_is_not() -> None:
    notice = decode.answer(parsed("", HEAD.replace("CN=2011", "CN=1013")), 2017)
    assert notice is not None
    assert b"CN=9013" in notice
    assert decode.answer(parsed("", HEAD.replace("CN=2011", "CN=9014")), 2017) is None


def test_packs_are_put_together_in_any_order() -> None:
    packs = Packs()
    one, two, three = (
        parsed(cp, f"QN=1;CN=2011;MN=M1;Flag=7;PNUM=3;PNO={i + 1};")
        for i, cp in enumerate(["DataTime=9;a-Rtd=1", "b-Rtd=2", "c-Rtd=3"])
    )
    assert packs.add(three, 0) is None
    assert packs.add(one, 0) is None
    whole = packs.add(two, 0)
    assert whole is not None
    assert sorted(decode.reports(whole)[0].factors) == ["a", "b", "c"]


def test_packs_whose_number_counts_up_belong_together_by_their_time() -> None:
    packs = Packs()
    assert packs.add(parsed("DataTime=9;a-Rtd=1", "QN=1;CN=2011;MN=M;Flag=7;PNUM=2;PNO=1;"), 0) is None
    whole = packs.add(parsed("DataTime=9;b-Rtd=2", "QN=2;CN=2011;MN=M;Flag=7;PNUM=2;PNO=2;"), 0)
    assert whole is not None
    assert len(decode.reports(whole)) == 1


def test_packs_of_two_reports_are_never_mixed() -> None:
    packs = Packs()
    assert packs.add(parsed("DataTime=8;a-Rtd=1", "QN=1;CN=2011;MN=M;Flag=7;PNUM=2;PNO=1;"), 0) is None
    assert packs.add(parsed("DataTime=9;b-Rtd=2", "QN=2;CN=2011;MN=M;Flag=7;PNUM=2;PNO=2;"), 0) is None
    assert packs.abandoned == 1


def test_a_report_whose_packs_do_not_come_is_given_up() -> None:
    packs = Packs()
    assert packs.add(parsed("DataTime=8;a-Rtd=1", "QN=1;CN=2011;MN=M;Flag=7;PNUM=2;PNO=1;"), 0) is None
    second = parsed("b-Rtd=2", "QN=1;CN=2011;MN=M;Flag=7;PNUM=2;PNO=2;")
    assert packs.add(second, WAIT_MS + 1) is None
    assert packs.abandoned == 1
