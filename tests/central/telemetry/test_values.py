"""What the centre makes of raw numbers: the gateway's very doubles, and no number where there is none."""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from central.devices import rules as devices
from central.telemetry import columns
from central.telemetry.models import Anchor
from edge.core.point import FLOAT64, HIGH_FIRST, Point
from protocol import codec
from protocol import messages as m
from protocol.quality import COMM_FAILURE, SENSOR_FAILURE, is_bad
from tests.central import county
from tests.central.ingest.plant import Centre, Sim, centre, register
from tests.central.serving import serving

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls

API = "/api/v1"
RECEIVED = 1_795_000_000_000
NAN = math.nan
WEIR = [-0.5, 0.25, 0.125]
BIG = 2**53 + 1  # the first whole number that no double holds

coefficients = st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=2, max_size=8)
raws = st.one_of(
    st.integers(-(2**63), 2**64 - 1), st.floats(), st.sampled_from([BIG, 2**63, 2**64 - 1, -(2**63)])
)


def info(index: int, point: Point) -> m.PointInfo:
    return m.PointInfo(
        point.key, point.key, 1, index, "", "", point.scale, point.offset, curve=list(point.curve)
    )


def described(points: list[m.PointInfo]) -> devices.Binding:
    description = m.Description("gw-a", "", 1, "", [m.BlockInfo(1, "s", "b", 0, 0, 0, 0, 1000)], points, [])
    read = codec.decode_description(codec.encode_description(description))
    devices.check(read, "gw-a")
    return devices.bind(b"", read, {point.key: i + 1 for i, point in enumerate(points)})


def decoded(binding: devices.Binding, lines: list[list[int | float] | None], quality: int) -> columns.Rows:
    n = len(lines)
    zeros = [0] * n
    rows = m.BlockRows(1, list(range(n)), zeros, zeros, zeros, [1] * n, [quality] * n, lines, [])
    body = codec.encode_measurements(m.MeasurementBody(RECEIVED, 0, [rows]))
    read = codec.decode_measurements(body, 1, n)
    return columns.decode(read, binding.blocks, RECEIVED, Anchor(RECEIVED, 0))[0]


@settings(max_examples=300)
@given(st.data(), st.integers(1, 5), st.sampled_from([192, 64, 24]))
def test_curves_and_lines_are_the_doubles_of_the_gateway_and_what_is_no_number_is_bad(
    data: st.DataObject, width: int, quality: int
) -> None:
    points = []
    for i in range(width):
        curve = data.draw(st.one_of(st.just([]), coefficients.filter(lambda found: any(found[1:]))))
        scale = 1.0 if curve else data.draw(st.floats(allow_nan=False, allow_infinity=False).filter(bool))
        points.append(Point(f"P{i}", FLOAT64, HIGH_FIRST, i, scale, curve=curve))
    lines = data.draw(st.lists(st.lists(raws, min_size=width, max_size=width), min_size=1, max_size=4))
    rows = decoded(described([info(i, point) for i, point in enumerate(points)]), list(lines), quality)
    at_gateway = [point.scaled(raw) for line in lines for point, raw in zip(points, line, strict=True)]
    expected = [value if math.isfinite(value) else None for value in at_gateway]
    assert [None if math.isnan(value) else value for value in rows.value.tolist()] == expected
    qualities = [quality if value is not None or quality == 24 else SENSOR_FAILURE for value in expected]
    assert rows.quality.tolist() == qualities
    assert all(is_bad(one) for one, value in zip(qualities, expected, strict=True) if value is None)


def test_polls_that_failed_and_blocks_beside_each_other_keep_their_curves_apart() -> None:
    points = [
        info(0, Point("A", FLOAT64, HIGH_FIRST, 0, 0.5)),
        info(1, Point("B", FLOAT64, HIGH_FIRST, 1, curve=WEIR)),
    ]
    rows = decoded(described(points), [[2, 2], None, [4, 4]], 192)
    values = [None if math.isnan(value) else value for value in rows.value.tolist()]
    assert values == [1.0, 0.5, None, None, 2.0, 2.5]


def test_a_curve_without_measure_is_refused_with_its_birth() -> None:
    with pytest.raises(devices.BirthError, match="P: a curve has at most 32 coefficients"):
        described([m.PointInfo("P", "p", 1, 0, "", "", 1.0, 0.0, curve=[1.0] * 33)])


def odd(sim: Sim) -> Sim:
    """A weir, a counter of 64 bits and a meter that shows no digit, behind the pressure of block 1."""
    sim.extra_points = [
        m.PointInfo("FT-301", "堰流量", 1, 1, "flow", "m³/h", 1.0, 0.0, curve=WEIR),
        m.PointInfo("FQ-302", "累计量", 1, 2, "volume", "m³", 1.0, 0.0),
        m.PointInfo("ET-303", "电度表", 1, 3, "energy", "kWh", 0.01, 0.0),
    ]
    return sim


async def send_odd(c: Centre, sim: Sim) -> None:
    await c.one(sim, sim.birth())
    batch = sim.readings(
        1,
        1,
        [1, 10, BIG, 123456],
        None,
        [2, 20, 2**64 - 1, NAN],
        worse=[(2, 3, SENSOR_FAILURE)],
    )
    assert (await c.one(sim, batch)).status == m.STORED


def test_curves_big_counters_and_no_numbers_are_stored_as_they_are(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = odd(Sim("gw-a"))
        async with centre(database, sim) as c:
            await send_odd(c, sim)
            rows = await c.database.worker.fetch(
                "SELECT p.key, m.value, m.quality FROM measurement m JOIN point p ON p.id = m.point_id"
                " ORDER BY m.record, p.id"
            )
            stored: list[tuple[Any, ...]] = [tuple(row) for row in rows]
            assert stored == [
                ("PT-201", 1.0, 192),
                ("FT-301", 14.5, 192),
                ("FQ-302", 2.0**53, 192),
                ("ET-303", 1234.56, 192),
                ("PT-201", None, COMM_FAILURE),
                ("FT-301", None, COMM_FAILURE),
                ("FQ-302", None, COMM_FAILURE),
                ("ET-303", None, COMM_FAILURE),
                ("PT-201", 2.0, 192),
                ("FT-301", 54.5, 192),
                ("FQ-302", 2.0**64, 192),
                ("ET-303", None, SENSOR_FAILURE),
            ]

    asyncio.run(body())


def test_no_number_reaches_the_console_as_no_value_of_bad_quality(database: DatabaseUrls) -> None:
    async def body() -> None:
        async with serving(database) as server:
            await county.found(server.database)
            sim = odd(Sim("gw-a"))
            await register(server.database, sim)
            c = Centre(server.database)
            await send_odd(c, sim)
            told = m.ActiveAlarm("GT-101/Q", "0000004d-3", "B", sim.now_ms, 1, 1, NAN, 192, 1)
            sim.active = [told]
            assert (await c.one(sim, sim.birth())).status == m.STORED
            no_number = sim.alarm(1, value=NAN)
            endless = sim.alarm(2, alarm="GT-101/HH", occurrence="0000004d-2", value=math.inf)
            assert (await c.one(sim, sim.events(1, [no_number, endless]))).status == m.STORED
            async with server.database.worker.acquire() as conn:
                await c.latest.flush(conn)
            async with server.client("township") as client:
                items = (await client.get(f"{API}/points")).json()["items"]
                shown = {
                    item["key"]: (item["value"], item["quality"], item["quality_text"]) for item in items
                }
                assert shown["FT-301"] == (54.5, 192, "good")
                assert shown["FQ-302"] == (2.0**64, 192, "good")
                assert shown["ET-303"] == (None, SENSOR_FAILURE, "bad")
                meter = next(item["id"] for item in items if item["key"] == "ET-303")
                trend = await client.get(f"{API}/points/{meter}/trend")
                assert trend.status_code == 200
                assert sum(bucket["bad"] for bucket in trend.json()["buckets"]) == 2
                warnings = await client.get(f"{API}/warnings")
                assert warnings.status_code == 200
            events = await server.database.worker.fetch("SELECT alarm, value FROM event ORDER BY alarm")
            assert [(row["alarm"], row["value"]) for row in events] == [
                ("GT-101/H", None),
                ("GT-101/HH", None),
            ]

    asyncio.run(body())
