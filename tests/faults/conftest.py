"""One centre a module with one enterprise, and how often a fault is repeated."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from rig.centre import Centre

REGIONS = "code,name\n42,湖北省\n4299,云泽市\n429981,临江县\n429981101,青石镇\n"


@pytest.fixture(scope="session")
def kills() -> int:
    """How often each process is killed: ten times here, two hundred times in a soak."""
    return 200 if os.environ.get("FENGSUI_SOAK") == "1" else 10


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """A running centre that knows enterprise E0001."""
    with Centre(tmp_path_factory.mktemp("centre")) as running:
        furnish(running)
        yield running


def furnish(centre: Centre) -> None:
    """Register the one enterprise that all gateways of these tests belong to."""
    regions: Path = centre.folder / "regions.csv"
    regions.write_text(REGIONS, encoding="utf-8")
    centre.run("region", "load", str(regions))
    centre.run("agency", "add", "青石镇应急办", "--rank", "2", "--area", "429981101")
    centre.run(
        "enterprise",
        "add",
        "E0001",
        "临江清源水务有限公司",
        "--region",
        "429981101",
        "--agency",
        "青石镇应急办",
    )
