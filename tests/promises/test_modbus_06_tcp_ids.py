"""On TCP a reply needs the id of its request; where ids lie, lengths still tell the blocks apart."""

from __future__ import annotations

import asyncio

import pytest
from msgspec import structs

from rig.faults import Faults, Instruments, mixed
from rig.scenario import line_config, poll_tcp, soaking
from rig.tcp_gateway import TcpGateway

T_MS = 30
READS = soaking(1_500, 100_000)
CONFIG = line_config(period_ms=T_MS, timeout_ms=T_MS)

pytestmark = pytest.mark.timeout(soaking(300, 7200))


def instruments(faults: Faults) -> Instruments:
    return Instruments([1, 2, 3, 4], faults, T_MS, 1, reply_ms=0.5)


def test_a_gateway_that_restamps_late_replies_yields_no_wrong_register() -> None:
    gateway = TcpGateway(instruments(Faults(late=0.08, later=0.02)), "newest")
    outcome = asyncio.run(poll_tcp(CONFIG, gateway, reads=READS, limit_s=soaking(120, 7000)))
    assert outcome.good > READS // 2
    assert outcome.wrong == 0
    assert outcome.older_than_t == 0


def test_a_gateway_with_every_fault_behind_it_yields_no_wrong_register() -> None:
    # On TCP lengths are distinct within a unit only: a lying unit number is beyond what can be told.
    faults = mixed(0.08, "wrong_unit", "wrong_unit_late")
    gateway = TcpGateway(instruments(faults), "newest")
    outcome = asyncio.run(poll_tcp(CONFIG, gateway, reads=READS, limit_s=soaking(120, 7000)))
    assert outcome.good > READS // 2
    assert outcome.wrong == 0


@pytest.mark.parametrize("stamp", ["zero", "previous", "wrong"])
def test_a_reply_with_another_id_is_never_taken(stamp: str) -> None:
    outcome = asyncio.run(poll_tcp(CONFIG, TcpGateway(instruments(Faults()), stamp), limit_s=2))
    assert outcome.good == 0
    assert outcome.bad > 0


def test_an_instrument_without_ids_is_read_with_its_switch_and_its_late_replies_are_never_mistaken() -> None:
    """Transaction id 0 loses that check; the lengths, and the wait after a time-out, still hold."""
    units = tuple(structs.replace(unit, transaction_id_zero=True) for unit in CONFIG.units)
    gateway = TcpGateway(instruments(Faults(late=0.08, later=0.02)), "zero")
    config = structs.replace(CONFIG, units=units)
    outcome = asyncio.run(poll_tcp(config, gateway, reads=READS // 2, limit_s=soaking(60, 7000)))
    assert outcome.good > READS // 4
    assert outcome.wrong == 0
    assert outcome.older_than_t == 0


def test_ids_begin_at_random_are_never_zero_and_go_on_over_a_reconnect() -> None:
    gateway = TcpGateway(instruments(Faults()))

    async def poll_and_break() -> None:
        asyncio.get_running_loop().call_later(1.0, gateway.drop)
        await poll_tcp(CONFIG, gateway, limit_s=3)

    starts = []
    for _ in range(2):
        gateway.ids.clear()
        gateway.connections = 0
        asyncio.run(poll_and_break())
        starts.append(gateway.ids[0])
        assert gateway.connections == 2
        assert 0 not in gateway.ids
        # One may be missing: the request that was on its way when the connection broke.
        steps = [(b - a) % 0xFFFF for a, b in zip(gateway.ids, gateway.ids[1:], strict=False)]
        assert set(steps) <= {1, 2}
        assert steps.count(2) <= 1
    assert starts[0] != starts[1]


@pytest.mark.parametrize(("protocol", "extra_length"), [(1, 0), (0, 600)])
def test_lost_framing_opens_a_new_connection(protocol: int, extra_length: int) -> None:
    gateway = TcpGateway(instruments(Faults()), protocol=protocol, extra_length=extra_length)
    outcome = asyncio.run(poll_tcp(CONFIG, gateway, limit_s=3))
    assert outcome.good == 0
    assert outcome.stats is not None
    assert outcome.stats.framing_lost >= 1
    assert gateway.connections > 1


def test_a_length_field_that_swallows_the_next_reply_is_never_taken() -> None:
    outcome = asyncio.run(poll_tcp(CONFIG, TcpGateway(instruments(Faults()), extra_length=2), limit_s=2))
    assert outcome.good == 0
