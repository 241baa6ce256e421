"""Keys of the alarms besides LL, L, H and HH, conditions and groups: what they come to, every mistake."""

from pathlib import Path

import pytest

from edge.config import ConfigError, load
from edge.core.links import IN_ALARM, SETPOINT
from edge.layout import Layout, lay_out
from protocol import codec

HEAD = """
[gateway]
id = "gw-test"
[[buses]]
name = "field"
kind = "tcp"
host = "127.0.0.1"
  [[buses.units]]
  key = "AI-1"
  unit = 1
  first_up = "tank-1"
  [[buses.units.points]]
  key = "SP"
  address = 0
  unit = "bar"
  [[buses.units.points]]
  key = "PUMP"
  address = 1
  limits.OFF = { priority = 0 }
  [[buses.units.points]]
  key = "P"
  address = 2
  unit = "bar"
"""


def laid_out(folder: Path, keys: str) -> Layout:
    path = folder / "gateway.toml"
    path.write_text(HEAD + keys, encoding="utf-8")
    return lay_out(load(path), "test")


def test_every_kind_of_alarm_is_built_and_described(tmp_path: Path) -> None:
    layout = laid_out(
        tmp_path,
        """
  limits.ROC = { limit = 2, window_s = 30, direction = "down", suppressed_by = "SP < 5" }
  limits.DEV = { limit = 3, deadband = 1, setpoint = "SP" }
  limits.H = { limit = 9 }
  suppressed_by = "PUMP/OFF"
[alarms]
longest_shelf_h = 2
""",
    )
    limits = {limit.alarm_id: limit for block in layout.blocks for limit in block.limits}
    roc, dev, off = limits["P/ROC"], limits["P/DEV"], limits["PUMP/OFF"]
    assert (roc.limit, roc.window_ms, roc.direction, roc.group) == (2, 30_000, -1, "tank-1")
    assert (dev.setpoint, dev.priority) == (None, 2)
    assert (off.limit, off.priority, limits["P/Q"].group) == (0.5, 0, "")
    assert {(link.alarm, link.source, link.how, link.number) for link in layout.links} == {
        ("P/ROC", "SP", "<", 5.0),
        ("P/DEV", "SP", SETPOINT, 0.0),
        ("P/DEV", "PUMP/OFF", IN_ALARM, 0.0),
        ("P/H", "PUMP/OFF", IN_ALARM, 0.0),
    }
    assert layout.longest_shelf_ms == 7_200_000
    sides = {a.alarm: a.side for a in codec.decode_description(layout.description).alarms}
    assert (sides["P/ROC"], sides["P/DEV"], sides["PUMP/OFF"]) == ("rate", "deviation", "discrete")


def test_a_constant_setpoint_hangs_on_nothing(tmp_path: Path) -> None:
    layout = laid_out(tmp_path, "limits.DEV = { limit = 3, setpoint = 50 }\n")
    limits = {limit.alarm_id: limit for block in layout.blocks for limit in block.limits}
    assert (limits["P/DEV"].setpoint, layout.links) == (50, [])


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        ("limits.H = { deadband = 1 }", "limits.H.limit"),
        ("limits.H = { limit = 1, setpoint = 2 }", "limits.H.setpoint"),
        ("limits.ON = { limit = 1 }", "limits.ON.limit"),
        ("limits.ROC = { limit = 0 }", "limits.ROC.limit"),
        ("limits.ROC = { limit = 1, window_s = 1 }", "limits.ROC.window_s"),
        ("limits.DEV = { limit = 1 }", "limits.DEV.setpoint"),
        ("limits.DEV = { limit = 1, deadband = 2, setpoint = 1 }", "limits.DEV.limit"),
        ("limits.DEV = { limit = 1, setpoint = 'X' }", "limits.DEV.setpoint"),
        ("limits.DEV = { limit = 1, setpoint = 'PUMP' }", "limits.DEV.setpoint"),
        ("limits.H = { limit = 1 }\nsuppressed_by = 'PUMP is off'", "suppressed_by"),
        ("limits.H = { limit = 1, suppressed_by = 'PUMP/ON' }", "limits.H.suppressed_by"),
        ("limits.H = { limit = 1, suppressed_by = 'P/H' }", "limits.H.suppressed_by"),
        ("limits.H = { limit = 1, suppressed_by = 'X = 0' }", "limits.H.suppressed_by"),
        (
            """limits.H = { limit = 5, suppressed_by = 'P/L' }
            limits.L = { limit = 1, suppressed_by = 'P/H' }""",
            "limits.L.suppressed_by",
        ),
    ],
)
def test_every_mistake_has_its_place_and_a_remedy(tmp_path: Path, keys: str, place: str) -> None:
    with pytest.raises(ConfigError) as told:
        laid_out(tmp_path, keys + "\n")
    (problem,) = told.value.problems
    assert problem.place == f"$.buses[0].units[0].points[2].{place}"
    assert problem.remedy
