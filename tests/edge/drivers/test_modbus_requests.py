"""Templates need at most a fifth of the requests of a master that reads point by point."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge.config import load
from edge.drivers.modbus.family import bus_config
from edge.drivers.modbus.models import BusPlan
from edge.drivers.modbus.plan import plan
from edge.drivers.modbus.settings import Bus
from edge.simulator.play import choose_kind, find, gateway_toml
from edge.template_file import MODBUS
from edge.templates import TEMPLATES

HEAD = '[gateway]\nid = "gw-plan"\n[uplink]\nenabled = false\n'
NAMES = sorted(path.stem for path in TEMPLATES[0].glob("*.toml"))
READ = [name for name in NAMES if find(name).head.kinds[0] in MODBUS and find(name).points]


def planned(name: str, folder: Path) -> tuple[BusPlan, int]:
    """Return the plan of one instrument of this template, and how many points it has."""
    template = find(name)
    kind = choose_kind(template, "", serial=True)
    file = folder / f"{name}.toml"
    file.write_text(HEAD + gateway_toml(template, kind, {"device": "/dev/none"}, ""), encoding="utf-8")
    (bus,) = load(file).config.buses
    assert isinstance(bus, Bus)
    return plan(bus_config(bus, [])), len(bus.units[0].points)


def test_the_ten_templates_with_most_points_need_a_fifth_of_the_requests_at_most(tmp_path: Path) -> None:
    counts = sorted((planned(name, tmp_path) for name in READ), key=lambda pair: -pair[1])
    blocks = sum(len(made.blocks) for made, _ in counts[:10])
    points = sum(number for _, number in counts[:10])
    assert 5 * blocks <= points
    # With the instruments of one or two points, which need a request each whoever reads them.
    assert len(counts) >= 20
    assert 4 * sum(len(made.blocks) for made, _ in counts) <= sum(number for _, number in counts)


@pytest.mark.parametrize("name", READ)
def test_each_shipped_template_can_confirm_every_alarm_that_it_has(name: str, tmp_path: Path) -> None:
    made, _ = planned(name, tmp_path)
    assert made.notes == ()
