"""Power cuts, restored cards, changed configurations and dead clocks: what was recorded is stored."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from pathlib import Path

import pytest

from rig.centre import Centre
from rig.checker import arrived, compare, expected_transitions, transitions
from rig.gateway import LIMIT, Gateway, witness_toml
from rig.programs import wait_until
from rig.slave import Slave
from rig.witness import WitnessUnit, witness

pytestmark = [pytest.mark.faults, pytest.mark.timeout(0)]


@pytest.fixture
def slave() -> Slave:
    return witness(1)


@pytest.fixture
def instrument(slave: Slave) -> WitnessUnit:
    unit = slave[1]
    assert isinstance(unit, WitnessUnit)
    return unit


def finish(gateway: Gateway, centre: Centre) -> None:
    """Wait until the centre has all there is; the instruments are switched off by now."""
    try:
        arrived(centre)
    finally:
        gateway.stop()


def test_a_power_cut_takes_at_most_the_last_commit_interval(
    centre: Centre, slave: Slave, instrument: WitnessUnit, kills: int, tmp_path: Path
) -> None:
    chance = random.Random("power")
    gateway = Gateway(tmp_path / "gateway", centre, "gw-power")
    with slave.tcp_thread() as port:
        gateway.configure(witness_toml(gateway.id, port))
        for _ in range(kills):
            gateway.start()
            seen = len(instrument.shown)
            wait_until("the gateway reads", lambda seen=seen: len(instrument.shown) > seen + 3)  # type: ignore[misc]
            instrument.level = LIMIT + 50 if instrument.level <= LIMIT else 0
            time.sleep(chance.uniform(1.2, 2.5))
            gateway.copy_spool(tmp_path / "card")
            gateway.kill()
            gateway.restore_spool(tmp_path / "card")
        gateway.start()
        seen = len(instrument.shown)
        wait_until("it reads again", lambda: len(instrument.shown) > seen + 3)
    finish(gateway, centre)
    verdict = asyncio.run(compare(centre, gateway, "u1", instrument))
    assert verdict.clean, str(verdict)
    assert asyncio.run(transitions(centre, gateway.id, "u1-level/H")) == expected_transitions(
        instrument, LIMIT
    )


def test_a_card_restored_from_an_image_reuses_no_number(
    centre: Centre, slave: Slave, instrument: WitnessUnit, tmp_path: Path
) -> None:
    gateway = Gateway(tmp_path / "gateway", centre, "gw-image")
    with slave.tcp_thread() as port:
        gateway.configure(witness_toml(gateway.id, port))
        gateway.start()
        wait_until("the gateway reads", lambda: len(instrument.shown) > 10)
        gateway.copy_spool(tmp_path / "image")
        instrument.level = LIMIT + 50
        time.sleep(4.0)
        gateway.kill()
        gateway.restore_spool(tmp_path / "image")
        gateway.start()
        time.sleep(3.0)
        instrument.level = 0
        time.sleep(2.0)
    finish(gateway, centre)
    verdict = asyncio.run(compare(centre, gateway, "u1", instrument))
    assert verdict.clean, str(verdict)


def test_a_backlog_is_read_with_the_configuration_of_its_day(
    centre: Centre, slave: Slave, instrument: WitnessUnit, tmp_path: Path
) -> None:
    gateway = Gateway(tmp_path / "gateway", centre, "gw-yesterday")
    with slave.tcp_thread() as port:
        centre.router.kill()
        gateway.configure(witness_toml(gateway.id, port, config_version=1))
        gateway.start()
        wait_until("a backlog grew", lambda: len(instrument.shown) > 30, 60.0)
        gateway.stop()
        yesterday = len(instrument.shown)
        # The same registers now belong to other points, in another order.
        gateway.configure(witness_toml(gateway.id, port, config_version=2, prefix="new"))
        gateway.start()
        wait_until("today's readings join it", lambda: len(instrument.shown) > yesterday + 10, 60.0)
        centre.router.start()
        time.sleep(5.0)
    finish(gateway, centre)

    async def stored() -> tuple[set[int], set[int]]:
        query = (
            "SELECT m.value::int8 AS count FROM measurement AS m JOIN point AS p ON p.id = m.point_id "
            "WHERE p.gateway_id = $1 AND p.key = $2 AND m.value IS NOT NULL"
        )
        old = await centre.rows(query, gateway.id, "u1-count")
        new = await centre.rows(query, gateway.id, "new1-count")
        return {row["count"] for row in old}, {row["count"] for row in new}

    old, new = asyncio.run(stored())
    shown = {reading.count for reading in instrument.shown}
    assert old | new <= shown
    # Reads that were on the wire when it stopped were never known.
    assert len(shown - old - new) <= len(gateway.stops_ms)
    assert max(old) <= yesterday < min(new)


def test_a_gateway_that_boots_in_1970_during_an_alarm_rings_and_is_dated_by_the_centre(
    centre: Centre, slave: Slave, instrument: WitnessUnit, tmp_path: Path
) -> None:
    gateway = Gateway(tmp_path / "gateway", centre, "gw-1970")
    instrument.level = LIMIT + 50
    started = time.time()
    with slave.tcp_thread() as port:
        gateway.configure(witness_toml(gateway.id, port, clock="system"))
        gateway.shift_clock(-started, for_s=6.0)
        gateway.start()
        time.sleep(9.0)
    finish(gateway, centre)

    async def stored() -> tuple[list[dict[str, object]], int]:
        events = await centre.rows(
            "SELECT at, dated_by_centre FROM event WHERE gateway_id = $1 AND alarm = 'u1-level/H' "
            "AND transition = 1",
            gateway.id,
        )
        cases = await centre.rows(
            "SELECT 1 FROM warning WHERE gateway_id = $1 AND kind = 'alarm'", gateway.id
        )
        return [dict(row) for row in events], len(cases)

    events, cases = asyncio.run(stored())
    assert [event["dated_by_centre"] for event in events] == [True]
    at = events[0]["at"]
    assert abs(at.timestamp() - started) < 10  # type: ignore[attr-defined]
    assert cases == 1
    verdict = asyncio.run(compare(centre, gateway, "u1", instrument))
    assert verdict.clean, str(verdict)


@pytest.mark.parametrize("shift_s", [-365 * 86_400.0, 365 * 86_400.0])
def test_a_clock_that_jumps_by_a_year_and_swears_to_be_right_misdates_and_misorders_nothing(
    centre: Centre, slave: Slave, instrument: WitnessUnit, tmp_path: Path, shift_s: float
) -> None:
    gateway = Gateway(tmp_path / "gateway", centre, f"gw-jump-{'back' if shift_s < 0 else 'on'}")
    instrument.level = LIMIT + 50
    started = time.time()
    with slave.tcp_thread() as port:
        gateway.configure(witness_toml(gateway.id, port, clock="assume-synchronised"))
        gateway.shift_clock(shift_s, for_s=4.0)
        gateway.start()
        time.sleep(9.0)
    finish(gateway, centre)

    async def stored() -> tuple[list[float], list[float]]:
        rows = await centre.rows(
            "SELECT extract(epoch FROM m.at)::float8 AS at FROM measurement AS m"
            " JOIN ledger AS l ON l.id = m.batch_id JOIN point AS p ON p.id = m.point_id"
            " WHERE l.gateway_id = $1 AND p.key = 'u1-level'"
            " ORDER BY l.first_seq + m.record",
            gateway.id,
        )
        events = await centre.rows(
            "SELECT extract(epoch FROM at)::float8 AS at FROM event WHERE gateway_id = $1 ORDER BY seq",
            gateway.id,
        )
        return [row["at"] for row in rows], [row["at"] for row in events]

    readings, events = asyncio.run(stored())
    assert len(readings) > 20
    assert started - 1 < min(readings + events)
    assert max(readings + events) < time.time() + 1
    # What the centre dates and what the gateway dates may lie a moment apart where they meet.
    assert all(later - earlier > -0.5 for earlier, later in itertools.pairwise(readings))
    verdict = asyncio.run(compare(centre, gateway, "u1", instrument))
    assert verdict.clean, str(verdict)


def test_a_centre_restored_from_a_backup_is_filled_up_again_by_its_gateways(
    centre: Centre, slave: Slave, instrument: WitnessUnit, tmp_path: Path
) -> None:
    gateway = Gateway(tmp_path / "gateway", centre, "gw-backup")
    with slave.tcp_thread() as port:
        gateway.configure(witness_toml(gateway.id, port))
        gateway.start()
        wait_until("the gateway reads", lambda: len(instrument.shown) > 10, 60.0)
        time.sleep(3.0)
        centre.back_up()
        instrument.level = LIMIT + 50
        time.sleep(5.0)
        instrument.level = 0
        time.sleep(3.0)
        arrived(centre)
        centre.restore()
        time.sleep(3.0)
    finish(gateway, centre)
    verdict = asyncio.run(compare(centre, gateway, "u1", instrument))
    assert verdict.clean, str(verdict)
    assert asyncio.run(transitions(centre, gateway.id, "u1-level/H")) == expected_transitions(
        instrument, LIMIT
    )
