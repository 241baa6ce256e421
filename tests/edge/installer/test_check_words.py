"""`fengsui edge check` names what an installer gets wrong: once, where it stands, in words."""

from pathlib import Path

import pytest

from edge.config import ConfigError, load
from edge.installer.check import check
from edge.layout import lay_out

GATEWAY = '[gateway]\nid = "gw-test"\n'
TCP = '[[buses]]\nname = "field"\nkind = "tcp"\nhost = "127.0.0.1"\n'
METERS = '[[buses]]\nname = "meters"\nkind = "dlt645"\nhost = "127.0.0.1"\nport = 4001\n'
UNIT = '[[buses.units]]\nkey = "GT-1"\nunit = 7\n'
POINT = '[[buses.units.points]]\nkey = "GT-1"\naddress = 0\n'
ROOM = "readable = [{ first = 0, last = 9 }]\n"
BOARD = '[[annunciators]]\nname = "main"\ntemplate = "relay-board"\nbus = "BUS"\nunit = 10\n'


def told(folder: Path, text: str) -> list[tuple[str, str, str]]:
    path = folder / "gateway.toml"
    path.write_text(GATEWAY + text, encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        lay_out(load(path), "")
    return [(one.place, one.problem, one.remedy) for one in refused.value.problems]


def shown(folder: Path, text: str) -> str:
    path = folder / "gateway.toml"
    path.write_text(GATEWAY + text, encoding="utf-8")
    return check(path).text


def test_a_template_of_another_kind_is_one_mistake_and_not_one_a_point(tmp_path: Path) -> None:
    found = told(
        tmp_path, METERS + '[[buses.units]]\nkey = "EM-1"\ntemplate = "gas-chlorine"\naddress = "1"\n'
    )
    assert found == [
        (
            "$.buses[0].units[0].template",
            "gas-chlorine does not fit a bus of kind 'dlt645'",
            "its instrument speaks tcp or rtu or rtu-over-tcp or ascii",
        )
    ]


def test_a_relay_board_on_a_bus_without_relays_is_named_at_the_annunciator(tmp_path: Path) -> None:
    meter = '[[buses.units]]\nkey = "EM-1"\ntemplate = "meter-dlt645"\naddress = "1"\n'
    found = told(tmp_path, METERS + meter + BOARD.replace("BUS", "meters"))
    assert found[0][:2] == (
        "$.annunciators[0].template",
        "relay-board does not fit bus 'meters' of kind 'dlt645'",
    )
    assert all(place.startswith("$.annunciators[0]") for place, _, _ in found)


def test_an_instrument_without_room_for_the_barrier_is_named_itself(tmp_path: Path) -> None:
    ((place, said, _),) = told(tmp_path, TCP + UNIT + POINT)
    assert place == "$.buses[0].units[0]"
    assert said.startswith("no length is left for a barrier read")
    assert "`readable`" in said


@pytest.mark.parametrize(
    ("line", "words"),
    [('address = "12AB"', "write the meter's number"), ('di = "0001"', "write eight hexadecimal digits")],
)
def test_a_text_of_the_wrong_form_is_told_in_words(tmp_path: Path, line: str, words: str) -> None:
    unit = (
        '[[buses.units]]\nkey = "EM-1"\naddress = "1"\n[[buses.units.points]]\nkey = "E"\ndi = "00010000"\n'
    )
    key = line.partition(" ")[0]
    text = "\n".join(line if one.startswith(key) else one for one in unit.splitlines())
    ((_, said, remedy),) = told(tmp_path, METERS + text)
    assert "cannot be used" in said
    assert remedy.startswith(words)


def test_an_address_as_printed_in_a_data_sheet_is_noticed(tmp_path: Path) -> None:
    room = "readable = [{ first = 40001, last = 40010 }]\n"
    assert "GT-1: addresses count from 0" in shown(
        tmp_path, TCP + UNIT + room + POINT.replace("= 0", "= 40001")
    )
    assert "addresses count from 0" not in shown(tmp_path, TCP + UNIT + ROOM + POINT)


def test_a_button_that_cannot_be_looked_at_so_often_is_told(tmp_path: Path) -> None:
    text = shown(tmp_path, TCP + UNIT + ROOM + POINT + BOARD.replace("BUS", "field"))
    assert "main.button is looked at every 300 ms and not every 200" in text


def test_credentials_that_nobody_named_are_told_as_that(tmp_path: Path) -> None:
    assert "no `credentials` are named in [gateway]" in shown(tmp_path, TCP + UNIT + ROOM + POINT)


def test_a_password_file_that_is_missing_is_noted(tmp_path: Path) -> None:
    text = shown(
        tmp_path,
        '[[buses]]\nname = "dcs"\nkind = "opcua"\nendpoint = "opc.tcp://127.0.0.1:4840"\nsecurity = "none"\n'
        'user = "u"\npassword_file = "absent"\n[[buses.units]]\nkey = "TK"\ntemplate = "opcua-tank"\n',
    )
    assert "Note: bus dcs: " in text
    assert "absent" in text
    assert "until then nothing is read from it" in text


def test_an_address_as_printed_that_nothing_answers_for_is_refused_with_the_rule(tmp_path: Path) -> None:
    ((place, said, remedy),) = told(tmp_path, TCP + UNIT + ROOM + POINT.replace("= 0", "= 40001"))
    assert place == "$.buses[0].units[0]"
    assert said.startswith("GT-1: ")
    assert "register 40001 of a data sheet is 0" in remedy


def test_the_keys_of_a_serial_line_are_refused_at_a_tcp_bus(tmp_path: Path) -> None:
    found = told(tmp_path, TCP + "baudrate = 9600\n" + UNIT + ROOM + POINT)
    assert [(place, said) for place, said, _ in found] == [
        ("$.buses[0].baudrate", "a tcp bus has no serial line")
    ]


def test_check_shows_a_line_a_point_and_with_all_a_line_an_alarm(tmp_path: Path) -> None:
    limits = "range = [0, 100]\nlimits.H = { limit = 10 }\nlimits.HH = { limit = 20, latch = true }\n"
    short = shown(tmp_path, TCP + UNIT + ROOM + POINT + limits)
    assert "GT-1                 H >= 10 p2; HH >= 20 p3 latched; bad data p0: Q BLANK RANGE" in short
    assert "GT-1/H " not in short
    assert "GT-1/H " in check(tmp_path / "gateway.toml", everything=True).text
