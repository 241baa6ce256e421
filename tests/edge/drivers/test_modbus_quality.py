"""The checklist of the driver is honest: what is done has a proof that exists, the rest has a reason."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
LIST = tomllib.loads((ROOT / "edge/drivers/modbus/quality.toml").read_text())


@pytest.mark.parametrize("entry", LIST)
def test_entry_is_proved_or_reasoned(entry: str) -> None:
    item = LIST[entry]
    assert item["title"]
    if item["state"] == "done":
        assert (ROOT / item["proof"]).is_file()
    else:
        assert item["state"] in ("todo", "exempt")
        assert item["reason"]


def test_every_promise_about_modbus_is_on_the_list() -> None:
    proofs = {item.get("proof") for item in LIST.values()}
    promises = {str(path.relative_to(ROOT)) for path in (ROOT / "tests/promises").glob("test_modbus_*.py")}
    assert promises <= proofs
