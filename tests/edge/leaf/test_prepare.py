"""A leaf's plan from a gateway's configuration: what it keeps to the bit, and what it refuses in words."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from edge.leaf.msgpack import unpack
from edge.leaf.plant import Plant
from edge.leaf.prepare import NotForALeaf, main, prepare
from protocol import codec
from tests.edge.leaf.leaf_at_hand import TOML
from tests.edge.leaf.plant_replay import Clock

GOOD = TOML.format(device="/dev/ttyS1")


def written(folder: Path, text: str) -> Path:
    file = folder / "gateway.toml"
    file.write_text(text)
    return file


def test_the_plan_holds_the_gateways_own_description_and_its_points_to_the_bit(tmp_path: Path) -> None:
    text = GOOD.replace("scale = 0.1", "scale = 0.30000000000000004")
    data = prepare(written(tmp_path, text))
    plan = unpack(data)
    assert plan == msgspec.msgpack.decode(data)
    description = codec.decode_description(plan["description"])
    assert description.points[0].scale == 0.30000000000000004
    plant = Plant(plan, Clock(), 1000)
    (watched,) = plant.watched
    assert [point.key for point in watched.core.points] == ["GT-1.gas", "GT-1.temp"]
    assert watched.core.points[0].scale == 0.30000000000000004
    assert [limit.alarm_id for limit in watched.watch.limits] == [a.alarm for a in description.alarms]


def test_every_request_of_a_unit_has_a_byte_count_of_its_own(tmp_path: Path) -> None:
    plan = unpack(prepare(written(tmp_path, GOOD)))
    asked = [block[what] for block in plan["blocks"] for what in ("what", "confirm") if block[what]]
    signatures = [(unit, function, size) for unit, function, _, _, size, _ in asked]
    signatures += [(unit[0], b[0], b[3]) for unit in plan["line"]["units"] for b in unit[3]]
    assert len(set(signatures)) == len(signatures)


@pytest.mark.parametrize(
    ("find", "put", "words"),
    [
        (
            'kind = "rtu"\ndevice = "/dev/ttyS1"\nbaudrate = 115200\ntimeout_ms = 160\nadapter_ms = 5',
            'kind = "tcp"\nhost = "10.0.0.1"',
            "kind rtu",
        ),
        ("max_rate = 30.0", "max_rate = 30.0\nsiblings = ['GT-1.gas']\nsiblings_within = 1.0", "siblings"),
        (
            'horn = { bus = "line", unit = 10, coil = 0 }',
            'horn = { gpio = "/dev/gpiochip0", line = 17 }',
            r"annunciators\[0\].horn: .* leaf.json, `pins`",
        ),
        ('name = "main"', 'name = "main"\ntest = { day = "tue" }', r"annunciators\[0\].test: .* centre asks"),
        (
            'name = "main"',
            'name = "main"\nannouncers = [{ name = "hall", kind = "http-speaker", url = "http://a/" }]',
            r"annunciators\[0\].announcers",
        ),
        (
            "[gateway]",
            '[page]\nlisten = "127.0.0.1:8443"\n[gateway]',
            r"\$.page: .* the button and the centre",
        ),
        ("[gateway]", "[spool]\nevents_mb = 32\n[gateway]", r"\$.spool: .* `rings` of leaf.json"),
    ],
)
def test_what_a_leaf_cannot_do_is_refused_in_words(find: str, put: str, words: str, tmp_path: Path) -> None:
    text = GOOD.replace(find, put).replace('unit = "°C"', 'unit = "mg/m³"')
    with pytest.raises(NotForALeaf, match=words):
        prepare(written(tmp_path, text))


def test_two_annunciators_are_refused(tmp_path: Path) -> None:
    text = GOOD + '\n[[annunciators]]\nname = "second"\nhorn = { bus = "line", unit = 11, coil = 0 }\n'
    text = text.replace('name = "氯库"', 'name = "氯库"\nannunciator = "main"')
    with pytest.raises(NotForALeaf, match="one annunciator"):
        prepare(written(tmp_path, text))


def test_the_command_writes_the_plan_or_says_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, GOOD)
    plan = tmp_path / "leaf.plan"
    assert main([str(file), str(plan)]) == 0
    assert plan.read_bytes() == prepare(file)
    assert main([str(written(tmp_path, GOOD.replace("address = 3", "address = 0"))), str(plan)]) == 1
    assert "gateway.toml" in capsys.readouterr().err
    assert main([]) == 2
