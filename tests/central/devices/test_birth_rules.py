from __future__ import annotations

import msgspec
import pytest

from central.devices import rules
from protocol import messages as m
from tests.central.ingest.plant import Sim


def test_a_row_is_bound_to_its_points_by_index_whatever_their_order() -> None:
    sim = Sim("gw-a")
    sim.extra_points = [m.PointInfo("X-9", "x", 0, 4, "gas", "ppm", 2.0, 1.0)]
    description = sim.description()
    shuffled = msgspec.structs.replace(description, points=list(reversed(description.points)))
    ids = {"GT-101": 11, "TT-101": 12, "PT-201": 13, "X-9": 14}
    layout = rules.bind(b"h", shuffled, ids).blocks[0]
    assert layout.points.tolist() == [11, 12, 0, 0, 14]
    assert layout.scale.tolist() == [0.1, 0.1, 1.0, 1.0, 2.0]
    assert not layout.whole


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"gateway": "gw-b"}, "signed by"),
        (
            {
                "points": [
                    m.PointInfo("A", "a", 0, 0, "", "", 1, 0),
                    m.PointInfo("B", "b", 0, 0, "", "", 1, 0),
                ]
            },
            "another",
        ),
        ({"points": [m.PointInfo("A", "a", 0, -1, "", "", 1, 0)]}, "outside"),
        ({"points": [m.PointInfo("A", "a", 0, 1 << 40, "", "", 1, 0)]}, "outside"),
        (
            {
                "points": [
                    m.PointInfo("A", "a", 0, 0, "", "", 1, 0),
                    m.PointInfo("B", "b", 0, 2, "", "", 1, 0),
                ]
            },
            "hole",
        ),
        ({"points": [m.PointInfo("A\x00", "a", 0, 0, "", "", 1, 0)]}, "key"),
    ],
)
def test_a_description_that_would_put_values_on_wrong_points_is_refused(
    change: dict[str, object], word: str
) -> None:
    description = msgspec.structs.replace(Sim("gw-a").description(), alarms=[], **change)
    with pytest.raises(rules.BirthError, match=word):
        rules.check(description, "gw-a")


def test_a_command_expires_by_the_gateways_own_clock() -> None:
    assert rules.expiry(1_000_000, 2000) == 1_002_000 + 15_000
