"""bench.toml: what is wrong in it is named at once, with place and remedy, before anything is opened."""

from __future__ import annotations

from pathlib import Path

import pytest

from hil.bench_file import BenchError, load
from hil.models import ADAPTER, BUTTON, MISBEHAVIOUR, PLAIN, PULSE, WATCHDOG
from hil.rack import Rack
from rig.programs import ROOT

GOOD = """
name = "one"
[field]
gateway = "DEV/a"
bench = "DEV/b"
[relays]
gateway = "DEV/c"
[[boards]]
kind = "pulse"
unit = 10
contact = 0
[module]
device = "DEV/d"
"""


@pytest.fixture
def devices(tmp_path: Path) -> Path:
    for name in "abcd":
        (tmp_path / name).touch()
    return tmp_path


def wrong(folder: Path, text: str) -> list[str]:
    path = folder / "bench.toml"
    path.write_text(text.replace("DEV", str(folder)), encoding="utf-8")
    with pytest.raises(BenchError) as caught:
        load(path)
    return [f"{one.place}: {one.problem}" for one in caught.value.found]


def test_a_good_one_is_read(devices: Path) -> None:
    (devices / "bench.toml").write_text(GOOD.replace("DEV", str(devices)), encoding="utf-8")
    bench = load(devices / "bench.toml")
    assert (bench.name, bench.field.baudrate, bench.boards[0].kind) == ("one", 115_200, "pulse")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('name = "one"', "", "$.name: missing"),
        ("contact = 0", "contakt = 0", "$.boards[0].contakt: unknown key"),
        ("contact = 0", "", "$.boards[0].contact: missing"),
        ('kind = "pulse"', 'kind = "pluse"', "$.boards[0].kind: 'pluse' cannot be used"),
        ("unit = 10", "unit = 248", "$.boards[0].unit: 248 cannot be used"),
        ('bench = "DEV/b"', "", "$.field.bench: missing"),
        ('bench = "DEV/b"', 'bench = "DEV/b"\nunplug = ["x"]', "$.field.plug: missing"),
        ('bench = "DEV/b"', 'bench = "DEV/b"\nbaudrate = "fast"', "$.field.baudrate: 'fast' cannot be used"),
        ('gateway = "DEV/c"', 'gateway = "DEV/c"\nbench = "DEV/e"', "$.relays.bench: nobody speaks there"),
        ("[module]", '[instrument]\nkind = "analogue"\n[module]', "$.instrument.source: missing"),
        (
            "[module]",
            '[[boards]]\nkind = "pulse"\nunit = 11\ncontact = 1\n[module]',
            "$.boards[1].kind: a second pulse board",
        ),
        (
            "[module]",
            '[[boards]]\nkind = "plain"\nunit = 11\ncontact = 0\n[module]',
            "$.boards[1].contact: input 0 is another board's",
        ),
    ],
)
def test_a_mistake_is_named(before: str, after: str, said: str, devices: Path) -> None:
    assert before in GOOD
    assert said in wrong(devices, GOOD.replace(before, after))


def test_all_mistakes_are_named_at_once(devices: Path) -> None:
    text = GOOD.replace("contact = 0", "contakt = 0").replace("unit = 10", "unit = 0").replace("name", "nam")
    assert len(wrong(devices, text)) == 5


def test_a_device_that_is_not_there_is_named_with_those_that_are_or_where_to_look(devices: Path) -> None:
    (devices / "d").unlink()
    assert wrong(devices, GOOD) == [f"$.module.device: {devices}/d is not there"]


def test_one_device_for_two_ends_is_refused(devices: Path) -> None:
    assert wrong(devices, GOOD.replace("DEV/d", "DEV/a")) == [
        f"$.module.device: {devices}/a is $.field.gateway already"
    ]


def test_a_file_that_is_not_there_or_no_toml_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(BenchError, match="cannot be read: No such file or directory"):
        load(tmp_path / "bench.toml")
    assert "is not TOML" in wrong(tmp_path, "[field")[0]


def test_the_rack_says_what_it_lacks(devices: Path) -> None:
    (devices / "bench.toml").write_text(GOOD.replace("DEV", str(devices)), encoding="utf-8")
    rack = Rack(load(devices / "bench.toml"))
    assert [rack.lacks(need, PULSE) for need in (PULSE, MISBEHAVIOUR)] == ["", ""]
    assert [rack.lacks(need, PULSE) for need in (WATCHDOG, PLAIN, BUTTON, ADAPTER)] == [
        "bench.toml names no relay board of the kind 'watchdog'",
        "bench.toml names no relay board of the kind 'plain'",
        "bench.toml has no [button]",
        "bench.toml names no `unplug` and `plug` commands for the field's adapter",
    ]


def test_the_example_of_the_documentation_is_read_but_for_its_devices(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "bench.md").read_text(encoding="utf-8")
    example = page.split("```toml\n", 1)[1].split("```", 1)[0]
    said = wrong(tmp_path, example)
    assert said
    assert [line for line in said if not line.endswith("is not there")] == []
