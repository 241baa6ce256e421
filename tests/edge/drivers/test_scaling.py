"""Every family's points mean what their tables say: lines, curves, ranges."""

import math

import pytest

from edge.config_models import PointTable
from edge.core.point import FLOAT64, HIGH_FIRST
from edge.drivers.scaling import point_of, values_of
from protocol.quality import COMM_FAILURE, SENSOR_FAILURE, SENSOR_INACCURATE


def test_values_are_scaled_and_judged_by_their_tables() -> None:
    values = values_of(
        [
            PointTable(key="A", scale=0.1, offset=-40.0, range=[-40.0, 60.0]),
            PointTable(key="B", polynomial=[1.0, 0.0, 2.0], range=[0.0, 100.0]),
            PointTable(key="C"),
        ]
    )
    raws = values.decode((400.0, 8.0, math.nan))
    assert [values.scaled(i, raw) for i, raw in enumerate(raws[:2])] == [0.0, 129.0]
    assert values.exceptions(raws) == [(1, SENSOR_FAILURE), (2, SENSOR_FAILURE)]
    assert values.exceptions((1001.0, 7.0, 0.0), [(2, COMM_FAILURE)]) == [
        (0, SENSOR_INACCURATE),
        (2, COMM_FAILURE),
    ]


def test_a_table_that_cannot_be_meant_says_which() -> None:
    with pytest.raises(ValueError, match="B: a curve takes the place of scale"):
        values_of([PointTable(key="A"), PointTable(key="B", scale=2.0, polynomial=[0.0, 1.0])])
    with pytest.raises(ValueError, match="L: a current loop needs the range"):
        point_of(PointTable(key="L"), FLOAT64, HIGH_FIRST, 0, loop=[4.0, 20.0])
