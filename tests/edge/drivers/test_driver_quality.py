"""The checklist of each driver family is honest: what is done has a proof, the rest has a reason."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from edge.drivers.families import FAMILIES

ROOT = Path(__file__).parents[3]


def checklist(family: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / f"edge/drivers/{family}/quality.toml").read_text(encoding="utf-8"))


ENTRIES = [(family, entry) for family in sorted(set(FAMILIES.values())) for entry in checklist(family)]


@pytest.mark.parametrize(("family", "entry"), ENTRIES, ids=str)
def test_an_entry_is_proved_or_reasoned(family: str, entry: str) -> None:
    item = checklist(family)[entry]
    assert item["title"]
    proved = item["state"] == "done" and (ROOT / item["proof"]).is_file()
    reasoned = item["state"] in ("todo", "exempt") and bool(item["reason"])
    assert proved or reasoned, item
