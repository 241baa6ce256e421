"""A serial line's configuration: what is right is laid out, what cannot be meant is refused with a remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge.config import ConfigError
from edge.core.point import Values
from rig.wired import bus_of

BUS = """
[[buses]]
name = "line"
kind = "serial-line"
device = "/dev/ttyUSB9"
"""
UNIT = """
[[buses.units]]
key = "TT-1"
ask = "#01\\r"
end = "\\r"
pattern = '>(?P<t>[+-][0-9.]+)'
"""
POINT = """
[[buses.units.points]]
key = "TT-1-T"
group = "t"
unit = "℃"
"""
SECOND = UNIT.replace("TT-1", "TT-2").replace("#01", "#02") + POINT.replace("TT-1", "TT-2")


def problems(text: str, folder: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        bus_of(text, folder)
    return str(caught.value)


def test_an_instrument_is_one_block_of_all_its_points(tmp_path: Path) -> None:
    _, laid = bus_of(BUS + UNIT + POINT, tmp_path)
    (draft,) = laid.blocks
    assert [point.key for point in draft.points] == ["TT-1-T"]
    assert str(draft.block) == "TT-1 asked '#01\\r'"
    assert isinstance(draft.core, Values)
    assert draft.core.decode((12.5,)) == (12.5,)
    assert laid.load is not None
    assert 0 < laid.load < 0.7


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ('device = "/dev/ttyUSB9"', "", "$.buses[0].device", "missing"),
        ('device = "/dev/ttyUSB9"', 'host = "10.0.0.1"', "$.buses[0].port", "missing"),
        ('device = "/dev/ttyUSB9"', 'device = "/d"\nhost = "h"\nport = 1', "$.buses[0].host", "keep one"),
        ('end = "\\r"', "", "units[0].end", "nothing tells where a line ends"),
        ('end = "\\r"', "length = 9", "units[0].start", "nothing tells where a frame of fixed length begins"),
        ('end = "\\r"', 'start = "#"\nlength = 1', "units[0].length", "has no room"),
        ('end = "\\r"', 'end = "\\r"\nchecksum_mark = "*"', "units[0].checksum", "name its kind"),
        ('end = "\\r"', 'end = "\\r"\naddress = "01"', "units[0].address", "nothing compares it"),
        ('"#01\\r"', '"#{address}\\r"', "units[0].address", "missing"),
        ('"#01\\r"', "'#01\\q'", "units[0].ask", "no escape"),
        ('"#01\\r"', '"#℃"', "units[0].ask", "no single byte"),
        ("[0-9.]+", "[0-9.+", "units[0].pattern", "no regular expression"),
        ("[0-9.]+", "([0-9]+)+", "units[0].pattern", "inside a repetition"),
        ("?P<t>", "?P<v>", "points[0].group", "the pattern has no group 't'"),
        ("?P<t>", "?P<unit>.)(?P<t>", "units[0].address", "what the group 'unit' shows"),
        ('group = "t"', "", "points[0].group", "a group of the pattern, or columns"),
        ('group = "t"', 'group = "t"\ncolumns = [1, 2]', "points[0].group", "there are columns too"),
        ('group = "t"', "columns = [3, 2]", "points[0].columns", "is empty"),
        ('group = "t"', "columns = [3, 200]", "points[0].columns", "lies behind"),
        ('group = "t"', 'columns = [3, 5]\ncoding = "float-be"', "points[0].columns", "float of 3 bytes"),
        (
            'end = "\\r"',
            'end = "\\r"\nbad = { ERR = "broken" }',
            "units[0].bad",
            "invalid enum value 'broken'",
        ),
        ('end = "\\r"', 'end = "\\r"\ngood = ["OK"]', "units[0].good", "there is no status"),
        ('end = "\\r"', 'end = "\\r"\nstatus_group = "s"', "units[0].status_group", "no group 's'"),
        ("ask =", "poll_interval_ms = 100\nask =", "$.buses[0]", "of the line's time"),
        ("ask =", "asks =", "units[0].asks", "did you mean 'ask'?"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place(
    old: str, new: str, place: str, words: str, tmp_path: Path
) -> None:
    text = BUS + UNIT + POINT
    assert old in text
    told = problems(text.replace(old, new), tmp_path)
    assert place in told
    assert words in told


def test_several_that_do_not_name_themselves_are_refused_unless_said(tmp_path: Path) -> None:
    told = problems(BUS + UNIT + POINT + SECOND, tmp_path)
    assert "a late answer would be taken for the next one's" in told
    assert "unnamed_replies = true" in told
    text = BUS + "unnamed_replies = true" + UNIT + POINT + SECOND
    assert "of the line's time" in problems(text, tmp_path)  # two time-outs of pause behind each answer
    _, laid = bus_of(text.replace("ask =", "poll_interval_ms = 5000\nask ="), tmp_path)
    assert "nothing is read for" in laid.notes[0]


def named(unit: str, address: str) -> str:
    return unit.replace("ask =", f'address = "{address}"\nask =').replace("'>", "'{address}>")


def test_several_that_name_themselves_share_a_line(tmp_path: Path) -> None:
    _, laid = bus_of(BUS + named(UNIT, "01") + POINT + named(SECOND, "02"), tmp_path)
    assert len(laid.blocks) == 2
    assert laid.notes == []


def test_two_with_one_address_and_one_form_are_refused(tmp_path: Path) -> None:
    told = problems(BUS + named(UNIT, "01") + POINT + named(SECOND, "01"), tmp_path)
    assert "'01' is TT-1's too" in told


def test_one_that_speaks_by_itself_shares_no_line_unless_it_is_named(tmp_path: Path) -> None:
    told = problems(BUS + UNIT + POINT + SECOND.replace("#02\\r", ""), tmp_path)
    assert "speaks by itself and its lines do not say whose they are" in told


def test_one_port_has_one_framing(tmp_path: Path) -> None:
    second = named(SECOND, "02").replace('end = "\\r"', 'end = "\\n"')
    assert "one port has one framing" in problems(BUS + named(UNIT, "01") + POINT + second, tmp_path)


def test_points_may_stand_in_columns_of_a_binary_frame(tmp_path: Path) -> None:
    text = BUS + UNIT.replace('end = "\\r"', 'start = "\\u00AA\\u0055"\nlength = 12').replace(
        "pattern = '>(?P<t>[+-][0-9.]+)'", 'checksum = "crc16-modbus"\nchecksum_form = "raw"'
    )
    point = POINT.replace('group = "t"', 'columns = [1, 4]\ncoding = "float-be"')
    _, laid = bus_of(text + point, tmp_path)
    assert len(laid.blocks) == 1


def test_two_buses_on_one_device_are_refused(tmp_path: Path) -> None:
    other = (BUS + UNIT + POINT).replace('"line"', '"other"').replace("TT-1", "TT-9")
    assert "'/dev/ttyUSB9' is used twice" in problems(BUS + UNIT + POINT + other, tmp_path)
