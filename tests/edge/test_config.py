"""Configurations: every example loads; every mistake is refused with its place and a remedy."""

import tomllib
from pathlib import Path

import pytest

from edge.cli import app
from edge.config import ConfigError, load
from edge.layout import lay_out
from edge.outputs.fail_safe import fail_safe
from edge.strict import Problem
from protocol import codec

ROOT = Path(__file__).parents[2]
GOOD = """
[gateway]
id = "gw-test"

[[buses]]
name = "field"
kind = "tcp"
host = "127.0.0.1"

  [[buses.units]]
  key = "GT-101"
  unit = 1
  readable = [{ first = 0, last = 49 }]
    [[buses.units.points]]
    key = "GT-101"
    address = 0
    type = "uint16"
    range = [0, 100]
    limits.L = { limit = 10 }
    limits.H = { limit = 50, deadband = 1 }
    [[buses.units.points]]
    key = "TT-101"
    address = 1
    type = "float32"

[[annunciators]]
name = "main"
horn = { bus = "field", unit = 10, coil = 0 }
"""


WIDE = 'type = "float32"'
TT_101 = "$.buses[0].units[0].points[1]"


def problems(folder: Path, text: str) -> list[Problem]:
    path = folder / "gateway.toml"
    path.write_text(text, encoding="utf-8")
    try:
        lay_out(load(path), "")
    except ConfigError as exc:
        return exc.problems
    return []


def test_the_good_one_is_good(tmp_path: Path) -> None:
    assert problems(tmp_path, GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "place", "said"),
    [
        ('id = "gw-test"', 'id = "GW Test"', "$.gateway.id", "cannot be used"),
        ('id = "gw-test"', "", "$.gateway.id", "missing"),
        ('id = "gw-test"', 'id = "gw-test"\nnmae = "x"', "$.gateway.nmae", "unknown key"),
        ('kind = "tcp"', 'kind = "udp"', "$.buses[0].kind", "no kind of bus"),
        ('host = "127.0.0.1"', "", "$.buses[0].host", "missing"),
        ('host = "127.0.0.1"', 'host = "127.0.0.1"\nbaud = 9600', "$.buses[0].baud", "unknown key"),
        ("unit = 1\n", "unit = 300\n", "$.buses[0].units[0].unit", "cannot be used"),
        ("address = 0", "address = 70000", "$.buses[0].units[0].points[0].address", "cannot be used"),
        ("address = 1", "address = 0", "$.buses[0].units[0].points[1].address", "belongs to GT-101 already"),
        ("address = 1", "address = 65535", "$.buses[0].units[0].points[1].address", "past register 65535"),
        ('key = "TT-101"', 'key = "GT-101"', "$.buses[0].units[0].points[1].key", "used twice"),
        ('key = "TT-101"', 'key = "温度"', "$.buses[0].units[0].points[1].key", "cannot be used"),
        ('type = "float32"', 'type = "float80"', "$.buses[0].units[0].points[1].type", "cannot be used"),
        ('type = "float32"', "scale = 0", "$.buses[0].units[0].points[1].scale", "gives no value"),
        ("range = [0, 100]", "range = [100, 0]", "$.buses[0].units[0].points[0].range", "is empty"),
        ("range = [0, 100]", "range = [0]", "$.buses[0].units[0].points[0].range", "cannot be used"),
        ("limit = 50", "limit = 101", "$.buses[0].units[0].points[0].limits.H.limit", "outside the range"),
        ("limit = 50", "limit = 10", "$.buses[0].units[0].points[0].limits.H.limit", "not above L"),
        ("limit = 50", "limit = nan", "$.buses[0].units[0].points[0].limits.H", "must be finite"),
        (WIDE, "stale_after_s = 2", f"{TT_101}.stale_after_s", "no longer than 2 polls"),
        (WIDE, "stuck_after_s = 1.5", f"{TT_101}.stuck_after_s", "no longer than 2 polls"),
        (WIDE, "max_rate = 0", f"{TT_101}.max_rate", "cannot be used"),
        (WIDE, "max_rate = inf", f"{TT_101}.max_rate", "is no rate"),
        (WIDE, 'siblings = ["TT-9"]\nsiblings_within = 1', f"{TT_101}.siblings[0]", "no point 'TT-9'"),
        (WIDE, 'siblings = ["TT-101"]\nsiblings_within = 1', f"{TT_101}.siblings[0]", "the point itself"),
        (WIDE, 'siblings = ["GT-101"]', f"{TT_101}.siblings_within", "missing beside siblings"),
        (WIDE, "siblings_within = 2", f"{TT_101}.siblings", "missing beside siblings_within"),
        (WIDE, 'unit = "K"\nsiblings = ["GT-101"]\nsiblings_within = 1', f"{TT_101}.siblings[0]", "no unit"),
        (WIDE, "store_deadband = 0.5", f"{TT_101}.store_deadband", "every reading is stored"),
        (
            "deadband = 1",
            "deadband = 60",
            "$.buses[0].units[0].points[0].limits.H.deadband",
            "outside the range",
        ),
        ("limits.H", "limits.HHH", "$.buses[0].units[0].points[0].limits.HHH", "unknown key"),
        ('bus = "field", unit = 10', 'bus = "nowhere", unit = 10', "$.annunciators[0].horn.bus", "no bus"),
        (
            "unit = 1\n",
            'unit = 1\nannunciator = "other"\n',
            "$.buses[0].units[0].annunciator",
            "no annunciator",
        ),
        ("unit = 1\n", 'unit = 1\ntemplate = "other"\n', "$.buses[0].units[0].template", "no template"),
        ("last = 49", "last = 0", "$.buses[0].units[0]", "readable"),
        ("[gateway]", "[gateway", "$", "is not TOML"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, old: str, new: str, place: str, said: str) -> None:
    assert old in GOOD
    found = problems(tmp_path, GOOD.replace(old, new, 1))
    assert found, "it was accepted"
    told = [p for p in found if p.place == place and said in f"{p.problem} {p.remedy}"]
    assert told, [str(p) for p in found]
    assert all(p.file and p.remedy for p in found)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("unit = 1\n", "unit = 0\n").replace(
        'kind = "tcp"', 'kind = "tcp"\nbaudrate = 1\ncolour = 3'
    )
    found = problems(tmp_path, text.replace("address = 1", "address = -1"))
    assert {p.place for p in found} == {
        "$.buses[0].baudrate",
        "$.buses[0].colour",
        "$.buses[0].units[0].unit",
        "$.buses[0].units[0].points[1].address",
    }


def test_two_instruments_with_one_address_and_two_units_with_one_key_are_refused(tmp_path: Path) -> None:
    second = '[[buses.units]]\nkey = "GT-101"\nunit = 1\n[[buses.units.points]]\nkey = "x"\naddress = 0\n'
    found = problems(tmp_path, GOOD.replace("[[annunciators]]", second + "[[annunciators]]"))
    assert {p.place for p in found} == {"$.buses[0].units[1].unit", "$.buses[0].units[1].key"}


def test_a_line_that_cannot_carry_its_polls_is_refused(tmp_path: Path) -> None:
    text = GOOD.replace(
        'kind = "tcp"\nhost = "127.0.0.1"', 'kind = "rtu"\ndevice = "/dev/ttyX"\nbaudrate = 300'
    )
    found = problems(tmp_path, text.replace("unit = 1\n", "unit = 1\npoll_interval_ms = 100\n"))
    assert any("of the line's time" in p.problem for p in found), [str(p) for p in found]


def test_sites_lay_their_changes_over_templates(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "two.toml").write_text(
        '[template]\ntitle = "two"\n[unit]\npoll_interval_ms = 700\nreadable = [{first = 0, last = 20}]\n'
        '[[points]]\nid = "a"\nname = "甲"\naddress = 0\nlimits.H = {limit = 5}\nlimits.HH = {limit = 9}\n'
        '[[points]]\nid = "b"\naddress = 1\n[[points]]\nid = "c"\naddress = 2\n'
    )
    path = tmp_path / "gateway.toml"
    path.write_text(
        '[gateway]\nid = "gw-test"\n[[buses]]\nname = "f"\nkind = "tcp"\nhost = "h"\n'
        '[[buses.units]]\nkey = "U"\nname = "单元"\nunit = 1\ntemplate = "two"\n'
        "set.a = { scale = 0.5, limits.H = { limit = 6 }, limits.HH = false }\nset.c = { skip = true }\n"
    )
    loaded = load(path)
    unit = loaded.config.buses[0].units[0]
    assert [p.key for p in unit.points] == ["U.a", "U.b"]
    assert unit.points[0].name == "单元 甲"
    assert unit.points[0].scale == 0.5
    assert {name: limit.limit for name, limit in unit.points[0].limits.items()} == {"H": 6}
    assert unit.poll_interval_ms == 700
    before = loaded.hash
    template = tmp_path / "templates" / "two.toml"
    template.write_text(template.read_text().replace("limit = 5", "limit = 5.5"))
    assert load(path).hash != before  # a changed template is a changed configuration


def test_a_mistake_inside_a_template_names_the_template(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "odd.toml").write_text(
        '[template]\ntitle = "odd"\n[[points]]\nid = "a"\naddress = 0\ncolour = "red"\n'
    )
    found = problems(
        tmp_path,
        GOOD.replace("unit = 1\n", 'unit = 1\ntemplate = "odd"\n').replace("address = 0", "address = 9"),
    )
    assert any("odd.toml" in p.file and p.place.endswith("points[0].colour") for p in found)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "firmware-config" / "sites").glob("*.toml")), ids=lambda p: p.name
)
def test_every_example_site_loads_and_describes_itself(path: Path) -> None:
    layout = lay_out(load(path), "test")
    description = codec.decode_description(layout.description)
    assert description.points
    assert {alarm.side for alarm in description.alarms} <= {"high", "low", "quality"}


def for_tcp(template: Path) -> bool:
    head = tomllib.loads(template.read_text(encoding="utf-8"))["template"]
    return "tcp" in head.get("kinds", ["tcp"])


def holds(template: Path) -> bool:
    """Say whether it is a relay board whose horn is held."""
    table = tomllib.loads(template.read_text(encoding="utf-8"))
    return any("hold" in part for part in table.get("annunciator", {}).values())


@pytest.mark.parametrize(
    "path",
    sorted(filter(holds, (ROOT / "firmware-config" / "templates").glob("*.toml"))),
    ids=lambda p: p.name,
)
def test_a_shipped_board_that_holds_its_horn_is_fail_safe(tmp_path: Path, path: Path) -> None:
    site = tmp_path / "gateway.toml"
    site.write_text(
        '[gateway]\nid = "gw-test"\n[[buses]]\nname = "relays"\nkind = "tcp"\nhost = "h"\n'
        f'[[annunciators]]\nname = "main"\ntemplate = "{path.stem}"\nbus = "relays"\nunit = 10\n'
    )
    loaded = load(site)
    assert lay_out(loaded, "").annunciators
    horn = loaded.config.annunciators[0].horn
    assert horn is not None
    assert fail_safe(horn).safe


@pytest.mark.parametrize(
    "path",
    sorted(p for p in (ROOT / "firmware-config" / "templates").glob("*.toml") if for_tcp(p) and not holds(p)),
    ids=lambda p: p.name,
)
def test_every_shipped_modbus_template_can_be_used(tmp_path: Path, path: Path) -> None:
    site = tmp_path / "gateway.toml"
    if path.stem == "relay-board":
        site.write_text(
            GOOD.replace(
                'horn = { bus = "field", unit = 10, coil = 0 }',
                'template = "relay-board"\nbus = "field"\nunit = 10',
            )
        )
        layout = lay_out(load(site), "")
        assert [button.buttons for button in layout.buttons] == [{"main": (0, False)}]
        return
    site.write_text(
        '[gateway]\nid = "gw-test"\n[[buses]]\nname = "f"\nkind = "tcp"\nhost = "h"\n'
        f'[[buses.units]]\nkey = "U"\nunit = 1\ntemplate = "{path.stem}"\n'
    )
    assert lay_out(load(site), "").blocks


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        app(list(words))
    return int(str(ended.value.code))


def test_check_shows_polls_alarms_and_outputs_and_ends_with_0(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "gateway.toml"
    path.write_text(GOOD)
    assert run("check", "--config", str(path)) == 0
    shown = capsys.readouterr().out
    for word in ("holding registers 0..2", "every 1000 ms", "GT-101", "H >= 50", "main.horn", "coil 0"):
        assert word in shown


def test_check_shows_every_error_and_ends_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "gateway.toml"
    path.write_text(GOOD.replace("unit = 1\n", "unit = 0\n").replace("address = 1", "address = -1"))
    assert run("check", "--config", str(path)) == 1
    shown = capsys.readouterr().out
    assert "$.buses[0].units[0].unit" in shown
    assert "$.buses[0].units[0].points[1].address" in shown


def test_run_refuses_what_check_refuses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "gateway.toml"
    path.write_text(GOOD.replace("address = 1", "address = 0"))
    assert run("run", "--config", str(path)) == 1
    assert "belongs to GT-101 already" in capsys.readouterr().err
