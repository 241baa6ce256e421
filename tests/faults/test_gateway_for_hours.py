"""A gateway that runs for hours never stands still: what happens only after minutes happens here."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from rig import hastened
from rig.centre import Centre
from rig.gateway import Gateway, witness_toml
from rig.programs import ProgramFailed
from rig.witness import WitnessUnit, witness

pytestmark = [pytest.mark.faults, pytest.mark.timeout(0)]

TIMES = 30
SOAK = os.environ.get("FENGSUI_SOAK") == "1"
HOURS = 24 * 7 if SOAK else 0.6
# So many that the black box has turned its pages twice, on a slow machine too.
ASKED = 1_000_000 if SOAK else 1_200
PATIENCE_S = 30.0


def test_an_instrument_is_asked_as_long_as_the_gateway_runs(centre: Centre, tmp_path: Path) -> None:
    slave = witness(1)
    [unit] = [unit for unit in slave.units.values() if isinstance(unit, WitnessUnit)]
    gateway = Gateway(tmp_path / "gateway", centre, "gw-for-hours")
    gateway.program.launcher = [sys.executable, hastened.__file__, str(TIMES)]
    with slave.tcp_thread() as port:
        toml = witness_toml(gateway.id, port, poll_ms=250, heartbeat_s=20.0)
        # The instrument and the centre seem slower by as much as the gateway's time is faster.
        toml = toml.replace("timeout_ms = 300", f"timeout_ms = {300 * TIMES}")
        toml = toml.replace("receipt_timeout_s = 3.0", f"receipt_timeout_s = {3.0 * TIMES}")
        gateway.configure(toml.replace("bad_after_s = 60", "bad_after_s = 600"))
        gateway.start()
        begun = moved = time.monotonic()
        asked = 0
        try:
            while asked < ASKED or time.monotonic() - begun < HOURS * 3600 / TIMES:
                time.sleep(0.2)
                if len(unit.shown) > asked:
                    asked, moved = len(unit.shown), time.monotonic()
                if time.monotonic() - moved > PATIENCE_S:
                    raise ProgramFailed(f"nobody asked for {PATIENCE_S} s; {asked} times before")
            assert gateway.program.running
        finally:
            gateway.stop()
