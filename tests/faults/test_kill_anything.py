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
from rig.checker import arrived, compare, expected_transitions, transitions
from rig.gateway import LIMIT, Gateway, witness_toml
from rig.programs import wait_until
from rig.witness import WitnessUnit, witness

pytestmark = [pytest.mark.faults, pytest.mark.timeout(0)]

UNITS = 4
# Longer than a gateway takes to come back and to believe its instruments again (H of the Modbus rule).
HOLD_S = {"gateway": 15.0}


def _restless(
    units: list[WitnessUnit], hold_s: float, stop: threading.Event, told: Callable[[], bool]
) -> None:
    """Move every level across its limit and back, so that events flow while things die.

    A gateway that is killed again and again on a slow machine may not live long enough to see a level before
    it moves on: that is no loss. So a level holds until what it was set to before has been `told`.
    """
    high = False
    while not stop.wait(hold_s):
        if not told():
            continue
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
    hold_s = HOLD_S.get(victim, 3.0)

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
        centre.kill_postgres()
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

    def told() -> bool:
        return all(
            asyncio.run(transitions(centre, gateway.id, f"u{number}-level/H"))
            == expected_transitions(unit, LIMIT)
            for number, unit in enumerate(units, 1)
        )

    # The deaths of the others keep no gateway from seeing.
    seen: Callable[[], bool] = told if victim == "gateway" else lambda: True
    stop = threading.Event()
    restless = threading.Thread(target=_restless, args=(units, hold_s, stop, seen), daemon=True)
    with slave.tcp_thread() as port:
        gateway.configure(witness_toml(gateway.id, port, UNITS))
        gateway.start()
        try:
            wait_until("the gateway reads", lambda: len(units[0].shown) > 10, 60.0)
            restless.start()
            for _ in range(kills):
                time.sleep(chance.uniform(0.3, 1.0 if victim != "gateway" else 8.0))
                kill[victim]()
            stop.set()
            restless.join()
            time.sleep(hold_s)
            wait_until("every level was told that the gateway lived to see", seen, 180.0, 1.0)
        except BaseException:
            stop.set()
            gateway.stop()
            raise
    # The instruments are switched off: what was shown is all, and must arrive.
    try:
        arrived(centre)
    finally:
        gateway.stop()

    async def verdicts() -> None:
        for number, unit in enumerate(units, 1):
            verdict = await compare(centre, gateway, f"u{number}", unit)
            assert verdict.clean, f"unit {number}: {verdict}"
            stored = await transitions(centre, gateway.id, f"u{number}-level/H")
            assert stored == expected_transitions(unit, LIMIT)

    asyncio.run(verdicts())
