"""docs/templates.md: its worked example is played and read, its tables name every key and template."""

import asyncio
import re
import struct
from pathlib import Path

import msgspec
import pytest

from edge.simulator import process, settings
from edge.simulator.fault import NAMES
from edge.template_file import PARTS, Fingerprint, Head
from edge.templates import TEMPLATES
from protocol.quality import GOOD
from tests.edge.simulator.reading import read_once

PAGE = (Path(__file__).parents[2] / "docs" / "templates.md").read_text(encoding="utf-8")
EXAMPLE = re.search(r"```toml\n(\[template\].*?)```", PAGE, re.DOTALL)


def test_the_worked_example_is_played_and_read(tmp_path: Path) -> None:
    assert EXAMPLE is not None
    path = tmp_path / "templates" / "ht-200.toml"
    path.parent.mkdir()
    path.write_text(EXAMPLE[1], encoding="utf-8")
    outcome = asyncio.run(read_once(str(path), tmp_path))
    truth = outcome.play.instrument.truth()
    values = outcome.values()
    assert {how for _, _, how in values.values()} == {GOOD}
    assert values["level"][1] == pytest.approx(truth["level"], rel=1e-6)
    assert values["temperature"][1] == pytest.approx(truth["temperature"], abs=0.051)


def test_the_raw_words_of_the_example_are_what_the_page_says() -> None:
    assert struct.unpack(">f", bytes.fromhex("40A8A3D7"))[0] == pytest.approx(5.27)
    assert pytest.approx(22.7) == 0x00E3 * 0.1
    assert struct.unpack(">I", bytes.fromhex("A3D740A8"))[0] == 2_748_793_000


@pytest.mark.parametrize("table", [Head, Fingerprint, settings.Simulator, *process.PROCESSES.values()])
def test_every_key_is_on_the_page(table: type[msgspec.Struct]) -> None:
    missing = [f.name for f in msgspec.structs.fields(table) if f"`{f.name}" not in PAGE]
    assert [name for name in missing if f"`{name}.<id>`" not in PAGE] == []


def test_every_part_process_and_fault_is_on_the_page() -> None:
    assert [part for part in PARTS if f"[{part}]" not in PAGE] == []
    assert [name for name in process.PROCESSES if f"\n| {name} |" not in PAGE] == []
    assert [name for name in NAMES if name != "none" and name not in PAGE] == []


def test_the_table_of_the_page_is_the_folder() -> None:
    row = r"^\| \[`([a-z0-9-]+)`\]\(\.\./firmware-config/templates/\1\.toml\)"
    rows = re.findall(row, PAGE, re.MULTILINE)
    assert rows == sorted(path.stem for path in TEMPLATES[0].glob("*.toml"))
