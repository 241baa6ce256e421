"""What a configuration would change is told whole: an installer decides by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge.config import load
from edge.configuration.deployment import difference
from tests.edge.plant_at_hand import write_config

RELAYS = """
[[buses]]
name = "relays"
kind = "tcp"
host = "127.0.0.1"
port = 1502

[[annunciators]]"""


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("# nothing", "# nothing at all", "nothing changes"),
        ("config_version = 1", "config_version = 7", "nothing changes"),
        ("limit = 10,", "limit = 7,", "changed: GT-101"),
        ("port = 1502", "port = 1503", "other tables: bus relays"),
        ('clock = "assume-synchronised"', 'clock = "system"', "other tables: gateway"),
        ("commit_ms = 200", "commit_ms = 300", "other tables: spool"),
        ("coil = 0", "coil = 3", "other tables: annunciators"),
        ("range = [0, 100]", "range = [0, 50]", "changed: GT-101"),
    ],
)
def test_every_table_that_differs_is_named(before: str, after: str, said: str, tmp_path: Path) -> None:
    path = write_config(tmp_path, 502)
    text = (
        path.read_text()
        .replace("[[annunciators]]", RELAYS, 1)
        .replace("[gateway]", "[gateway]\n# nothing", 1)
    )
    text = text.replace("[gateway]", "[gateway]\nconfig_version = 1", 1)
    assert before in text
    assert difference(load(path, text), load(path, text.replace(before, after))) == said
