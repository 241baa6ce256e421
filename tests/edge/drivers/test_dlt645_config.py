"""A line of meters: what is right is laid out, the rest is refused with place and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge.config import ConfigError
from edge.drivers.dlt645.plan import Question
from rig.wired import bus_of

TEXT = """
[[buses]]
name = "meters"
kind = "dlt645"
device = "/dev/ttyUSB9"

[[buses.units]]
key = "EM-1"
address = "102030425"

[[buses.units.points]]
key = "EM-1-E"
di = "00010000"

[[buses.units.points]]
key = "EM-1-I"
di = "02020100"
"""


def problems(text: str, folder: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        bus_of(text, folder)
    return str(caught.value)


def test_each_number_is_a_block_with_the_form_of_the_table(tmp_path: Path) -> None:
    bus, laid = bus_of(TEXT, tmp_path)
    assert [str(draft.block) for draft in laid.blocks] == [
        "meter 102030425 00010000",
        "meter 102030425 02020100",
    ]
    questions: list[Question] = laid.detail[1]
    assert [(q.form.digits, q.form.decimals, q.form.signed) for q in questions] == [
        (8, 2, False),
        (6, 3, True),
    ]
    assert (bus.baudrate, bus.parity, bus.bytesize) == (2400, "E", 8)


def test_the_configuration_overrules_the_table(tmp_path: Path) -> None:
    text = TEXT.replace('di = "02020100"', 'di = "02020100"\nsigned = false\ndecimals = 2')
    form = bus_of(text, tmp_path)[1].detail[1][1].form
    assert (form.digits, form.decimals, form.signed) == (6, 2, False)


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ('device = "/dev/ttyUSB9"', "", "$.buses[0].device", "missing"),
        ('"102030425"', '"10203-0425"', "units[0].address", "cannot be used"),
        ('"02020100"', '"0202FF00"', "points[1].di", "stands for a block of numbers"),
        ('"02020100"', '"04000101"', "points[1].di", "add digits and decimals"),
        ('"02020100"', '"00010000"', "points[1].di", "is read as EM-1-E already"),
        ('"02020100"', '"0202010"', "points[1].di", "cannot be used"),
        ("address =", "poll_interval_ms = 500\naddress =", "$.buses[0]", "of the line's time"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place(
    old: str, new: str, place: str, words: str, tmp_path: Path
) -> None:
    assert old in TEXT
    told = problems(TEXT.replace(old, new), tmp_path)
    assert place in told
    assert words in told


def test_one_meter_is_on_a_line_once_however_its_address_is_written(tmp_path: Path) -> None:
    second = TEXT[TEXT.index("[[buses.units]]") :].replace("EM-1", "EM-2").replace('"1020', '"0001020')
    assert "is on this bus twice" in problems(TEXT + second, tmp_path)
