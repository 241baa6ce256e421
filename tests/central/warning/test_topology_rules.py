"""What a death explains: hypothesis over cases and the dead around them."""

from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from central.warning import topology
from central.warning.models import (
    ACKNOWLEDGED,
    ALARM,
    CONNECTION,
    FALSE_ALARM,
    HANDLED,
    OPEN,
    OUTPUT,
    PATROL,
    PRESENCE,
    QUALITY,
    RED,
)
from central.warning.topology import GATEWAY, INSTRUMENT, Dead, Matter
from protocol.quality import COMM_FAILURE, GOOD, NOT_CONNECTED, SENSOR_FAILURE

ids = st.integers(1, 6).map(lambda n: UUID(int=n))
gateways = st.sampled_from(["gw-a", "gw-b"])
sources = st.sampled_from(["s1", "s2"])
dead_things = st.builds(
    Dead,
    id=st.integers(10, 99).map(lambda n: UUID(int=n)),
    subject_type=st.sampled_from([GATEWAY, INSTRUMENT]),
    gateway_id=gateways,
    source=sources,
    level=st.integers(1, 4),
    state=st.sampled_from([OPEN, ACKNOWLEDGED, HANDLED, FALSE_ALARM]),
    active=st.booleans(),
    is_test=st.booleans(),
)
matters = st.builds(
    Matter,
    id=ids,
    kind=st.sampled_from([ALARM, QUALITY, PATROL, CONNECTION, PRESENCE, OUTPUT]),
    subject_type=st.sampled_from([GATEWAY, INSTRUMENT, "point", "camera"]),
    gateway_id=gateways,
    source=st.sampled_from(["", "s1", "s2"]),
    level=st.integers(1, RED),
    is_test=st.booleans(),
)


@given(matters, st.lists(dead_things, max_size=6))
def test_only_what_lasts_at_its_own_gateway_explains_and_never_an_alarm(
    matter: Matter, dead: list[Dead]
) -> None:
    parent = topology.parent_of(matter, dead)
    if parent is None:
        return
    assert matter.kind not in {ALARM, OUTPUT}
    assert matter.subject_type != GATEWAY
    assert parent.active
    assert parent.state != FALSE_ALARM
    assert parent.gateway_id == matter.gateway_id
    assert parent.is_test == matter.is_test
    assert parent.subject_type == GATEWAY or parent.source == matter.source


@given(matters, st.lists(dead_things, max_size=6))
def test_what_lasts_at_its_gateway_is_never_overlooked(matter: Matter, dead: list[Dead]) -> None:
    whole = [one for one in dead if one.subject_type == GATEWAY and one.gateway_id == matter.gateway_id]
    standing = [one for one in whole if topology.stands(one) and one.is_test == matter.is_test]
    if standing and matter.kind in topology.EXPLAINED and matter.subject_type != GATEWAY:
        assert topology.parent_of(matter, dead) is not None


@given(matters, st.permutations([1, 2, 3]))
def test_the_instrument_comes_before_its_gateway_in_any_order(matter: Matter, order: list[int]) -> None:
    near: dict[str, Any] = {"level": 1, "state": OPEN, "active": True, "is_test": matter.is_test}
    dead = [
        Dead(id=UUID(int=21), subject_type=GATEWAY, gateway_id=matter.gateway_id, source="", **near),
        Dead(id=UUID(int=22), subject_type=INSTRUMENT, gateway_id=matter.gateway_id, source="s1", **near),
        Dead(id=UUID(int=23), subject_type=INSTRUMENT, gateway_id="gw-c", source="s1", **near),
    ]
    parent = topology.parent_of(matter, [dead[number - 1] for number in order])
    if parent is not None:
        own = matter.source == "s1" and matter.subject_type != INSTRUMENT
        assert parent.id == UUID(int=22 if own else 21)


@given(matters, dead_things)
def test_what_is_worse_than_its_parent_keeps_its_own_ladder(matter: Matter, parent: Dead) -> None:
    assert topology.waits(matter, parent) == (matter.level <= parent.level)


def test_no_answer_is_silence_and_a_broken_sensor_is_none() -> None:
    assert topology.is_silence(COMM_FAILURE)
    assert topology.is_silence(NOT_CONNECTED)
    assert not topology.is_silence(SENSOR_FAILURE)
    assert not topology.is_silence(GOOD)
