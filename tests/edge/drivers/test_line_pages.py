"""The pages of the serial drivers name every key, and their examples are configurations that are taken."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from edge.config_models import BusTable, PointTable, UnitTable
from edge.drivers.dlt645 import settings as dlt645
from edge.drivers.serial_line import settings as serial_line
from rig.wired import bus_of

PAGES = Path(__file__).parents[3] / "docs" / "drivers"
COMMON = {
    field.name for table in (BusTable, UnitTable, PointTable) for field in msgspec.structs.fields(table)
}
TABLES = [
    ("serial-line", serial_line.Bus),
    ("serial-line", serial_line.Unit),
    ("serial-line", serial_line.Point),
    ("dlt645", dlt645.Bus),
    ("dlt645", dlt645.Unit),
    ("dlt645", dlt645.Point),
]


@pytest.mark.parametrize(("page", "table"), TABLES)
def test_every_key_of_its_own_is_on_the_page(page: str, table: type[msgspec.Struct]) -> None:
    text = (PAGES / f"{page}.md").read_text(encoding="utf-8")
    own = {field.name for field in msgspec.structs.fields(table)} - COMMON
    assert {key for key in own if f"`{key}" not in text} == set()


@pytest.mark.parametrize("page", ["serial-line", "dlt645"])
def test_the_example_of_the_page_is_taken(page: str, tmp_path: Path) -> None:
    text = (PAGES / f"{page}.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    _, laid = bus_of(example, tmp_path)
    assert laid.blocks
