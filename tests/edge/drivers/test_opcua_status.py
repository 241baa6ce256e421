"""StatusCodes become our quality byte with a reason; what no table names is judged by its class."""

from __future__ import annotations

import pytest
from asyncua.ua.status_codes import StatusCodes
from hypothesis import given
from hypothesis import strategies as st

from edge.drivers.opcua import status
from edge.drivers.opcua.status import judge
from protocol import quality as q


@pytest.mark.parametrize("code", sorted(status.NAMES))
def test_every_name_is_that_of_the_standard(code: int) -> None:
    assert getattr(StatusCodes, status.NAMES[code]) == code << 16


@pytest.mark.parametrize(
    ("code", "quality"),
    [
        # shared table of the project (OPC 10000-8 and its mapping to OPC DA)
        (0x00000000, q.GOOD),
        (0x40000000, q.UNCERTAIN),
        (0x40900000, q.LAST_USABLE),
        (0x80000000, q.BAD),
        (0x80050000, q.LAST_KNOWN),
        (0x80310000, q.COMM_FAILURE),
        (0x80890000, q.CONFIG_ERROR),
        (0x808A0000, q.NOT_CONNECTED),
        (0x808B0000, q.DEVICE_FAILURE),
        (0x808C0000, q.SENSOR_FAILURE),
        (0x808D0000, q.OUT_OF_SERVICE),
        (0x80340000, q.CONFIG_ERROR),
        # by class alone
        (0x0FFF0000, q.GOOD),
        (0x4FFF0000, q.UNCERTAIN),
        (0x8FFF0000, q.BAD),
        (0xC0000000, q.BAD),
    ],
)
def test_a_code_has_its_quality(code: int, quality: int) -> None:
    assert judge(code).quality == quality


def test_a_forced_value_is_not_good() -> None:
    assert judge(0x00960000) == status.Status(q.UNCERTAIN, "GoodLocalOverride: forced by hand at the server")


def test_a_value_whose_unit_was_changed_is_not_good() -> None:
    assert judge(0x00004000).quality == q.UNCERTAIN


def test_a_value_at_its_limit_stays_good_and_says_so() -> None:
    assert judge(0x00000600) == status.Status(q.GOOD, "at its high limit")


@given(st.integers(0, 0xFFFFFFFF))
def test_no_code_is_trusted_beyond_its_class(code: int) -> None:
    found = judge(code)
    ranks = {0: 192, 1: 64, 2: 0, 3: 0}
    assert found.quality & q.CLASS_MASK <= ranks[code >> 30]
    assert found.quality == q.GOOD or found.reason


@pytest.mark.parametrize(
    ("state", "level", "quality"),
    [
        (0, 255, q.GOOD),
        (None, None, q.GOOD),
        (0, 1, q.OUT_OF_SERVICE),
        (1, 255, q.DEVICE_FAILURE),
        (3, 255, q.OUT_OF_SERVICE),
        (5, 255, q.UNCERTAIN),
        (99, 255, q.UNCERTAIN),
    ],
)
def test_a_server_that_does_not_run_spoils_its_values(
    state: int | None, level: int | None, quality: int
) -> None:
    assert status.of_server(state, level).quality == quality
