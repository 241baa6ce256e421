"""docs/gateway-config.md names every key that a gateway.toml may have."""

from pathlib import Path

import msgspec
import pytest

from edge import config_models as c
from edge.drivers.modbus import settings as modbus
from edge.outputs import settings as outputs

PAGE = (Path(__file__).parents[2] / "docs" / "gateway-config.md").read_text(encoding="utf-8")
TABLES: list[type[msgspec.Struct]] = [
    c.GatewayTable,
    c.SpoolTable,
    c.AlarmsTable,
    c.UplinkTable,
    c.SupervisionTable,
    c.PageTable,
    modbus.Bus,
    modbus.Unit,
    modbus.Point,
    c.Limit,
    modbus.Readable,
    c.Annunciator,
    c.Coil,
    c.Gpio,
    outputs.Http,
    outputs.Mqtt,
    outputs.SerialScreen,
    c.Hold,
    c.SounderTest,
    c.Button,
    c.Switch,
]


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.__name__)
def test_every_key_is_on_the_page(table: type[msgspec.Struct]) -> None:
    missing = [f.name for f in msgspec.structs.fields(table) if f.name not in PAGE]
    assert not missing, f"docs/gateway-config.md does not name {missing}"
