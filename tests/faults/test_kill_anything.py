"""Gateway, router, centre and PostgreSQL die at random moments under load: nothing lost, doubled, wrong."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from rig.centre import Centre
from rig.checker import compare, expected_transitions, transitions
from rig.gateway import LIMIT, Gateway, witness_toml
from rig.programs import wait_until
from rig.witness import WitnessUnit, witness

pytestmark = [pytest.mark.faults, pytest.mark.timeout(0)]

UNITS = 4
HOLD_S = 4.0  # longer than a gateway takes to come back: each level is seen


def _restless(units: list[WitnessUnit], stop: threading.Event) -> None:
    """Move every level across its limit and back, so that events flow while things die."""
    high = False
    while not stop.wait(HOLD_S):
        high = not high
        for unit in units:
            unit.level = LIMIT + 50 if high else 0


@pytest.mark.parametrize("victim", ["gateway", "router", "centre", "postgres"])
def test_a_killed_process_loses_doubles_and_bends_nothing(
    victim: str, centre: Centre, kills: int, tmp_path: Path
) -> None:
    slave = witness(*range(1, UNITS + 1))
    units = [unit for unit in slave.units.values() if isinstance(unit, WitnessUnit)]
    gateway = Gateway(tmp_path / "gateway", centre, f"gw-kill-{victim}")
    chance = random.Random(victim)

    def kill_router() -> None:
        centre.router.kill()
        time.sleep(chance.uniform(0.0, 1.0))
        centre.router.start()

    def kill_centre() -> None:
        centre.serve.kill()
        time.sleep(chance.uniform(0.0, 1.0))
        centre.serve.start()
        centre.wait_ready()

    def kill_postgres() -> None:
        centre.restart_killed_postgres()
        centre.wait_ready()

    def kill_gateway() -> None:
        gateway.kill()
        time.sleep(chance.uniform(0.0, 0.5))
        gateway.start()

    kill: dict[str, Callable[[], None]] = {
        "gateway": kill_gateway,
        "router": kill_router,
        "centre": kill_centre,
        "postgres": kill_postgres,
    }
    stop = threading.Event()
    restless = threading.Thread(target=_restless, args=(units, stop))
    with slave.tcp_thread() as port:
        gateway.configure(witness_toml(gateway.id, port, UNITS))
        gateway.start()
        try:
            wait_until("the gateway reads", lambda: len(units[0].shown) > 10)
            restless.start()
            for _ in range(kills):
                time.sleep(chance.uniform(0.3, 3.0))
                kill[victim]()
            stop.set()
            restless.join()
            time.sleep(HOLD_S)
            gateway.stop()
            # Stopped in order, it has sent what it could; started again, it sends what is left.
            gateway.start()
            wait_until("everything has arrived", lambda: _drained(centre, gateway.id), 60.0, every_s=1.0)
        finally:
            stop.set()
            gateway.stop()

    async def verdicts() -> None:
        for number, unit in enumerate(units, 1):
            verdict = await compare(centre, gateway, f"u{number}", unit)
            assert verdict.clean, f"unit {number}: {verdict}"
            stored = await transitions(centre, gateway.id, f"u{number}-level/H")
            assert stored == expected_transitions(unit, LIMIT)

    asyncio.run(verdicts())


def _drained(centre: Centre, gateway: str) -> bool:
    found = centre.gaps()
    return found["missing"] == 0 and found["duplicate"] == 0
