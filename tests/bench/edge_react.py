"""`edge-react`: from a register's change to the horn's closed coil, beyond the poll period that it may wait.

A gas detector is asked every 200 ms beside nineteen other instruments on the same connection; it changes at a
random moment, and the clock stops when the relay board has executed the write that closes the horn's coil.
"""

from __future__ import annotations

import random
import tempfile
import threading
import time
from pathlib import Path

from rig.programs import Program, wait_until
from rig.slave import Slave
from tests.bench.report import emit, percentile, seconds

PERIOD_MS, RELAYS, OTHERS = 200, 30, 19


def gateway_toml(port: int) -> str:
    """One fast detector with a limit, nineteen slow instruments, a relay board with a button."""
    lines = [
        '[gateway]\nid = "gw-bench"\nstate = "state"',
        "[uplink]\nenabled = false",
        # The same block is never asked again within the time that an instrument may take to answer.
        f'[[buses]]\nname = "field"\nkind = "tcp"\nhost = "127.0.0.1"\nport = {port}\ntimeout_ms = 50',
        # Room for a second span: the alarm sounds only after that says the same.
        (
            f'[[buses.units]]\nkey = "gas"\nunit = 1\npoll_interval_ms = {PERIOD_MS}\n'
            "readable = [{ first = 0, last = 9 }]"
        ),
        '[[buses.units.points]]\nkey = "GT-1"\naddress = 0\nlimits.H = { limit = 100.0, deadband = 10.0 }',
        '[[buses.units.points]]\nkey = "GT-2"\naddress = 1',
    ]
    for unit in range(2, 2 + OTHERS):
        lines.append(f'[[buses.units]]\nkey = "u{unit}"\nunit = {unit}\npoll_interval_ms = 1000')
        lines += [
            f'[[buses.units.points]]\nkey = "U{unit}-{register}"\naddress = {register}'
            for register in range(50)
        ]
    relay = f'bus = "field", unit = {RELAYS}'
    lines.append(
        f'[[annunciators]]\nname = "plant"\nhorn = {{ {relay}, coil = 0 }}\n'
        f"beacon = {{ {relay}, coil = 1 }}\n"
        f"button = {{ {relay}, input = 0, poll_interval_ms = 50 }}"
    )
    return "\n\n".join(lines) + "\n"


def main() -> None:
    """Sound the horn some sixty times and print how late it was."""
    rounds = round(seconds(60))
    slave = Slave(*range(1, 2 + OTHERS), RELAYS)
    gas, relays = slave[1], slave[RELAYS]
    closed, times = threading.Event(), []

    def written(unit: int, _request: bytes) -> None:
        if unit == RELAYS and relays.coils[0]:
            if not closed.is_set():
                times.append(time.perf_counter())
            closed.set()

    def press() -> None:
        relays.discrete[0] = 1
        time.sleep(0.3)
        relays.discrete[0] = 0
        time.sleep(0.3)

    slave.on_write = written
    late_ms: list[float] = []
    with slave.tcp_thread() as port, tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "gateway.toml"
        config.write_text(gateway_toml(port), encoding="utf-8")
        gateway = Program(["edge", "run", "--config", str(config)], Path(folder) / "gateway.log")
        gateway.start()
        try:
            wait_until("the gateway polls the detector", lambda: gas.requests > 5)
            time.sleep(2.0)
            for _ in range(rounds):
                time.sleep(random.uniform(0.5, 0.5 + PERIOD_MS / 1000))
                closed.clear()
                times.clear()
                changed = time.perf_counter()
                gas.holding[0] = 200
                if not closed.wait(10):
                    raise SystemExit(f"the horn did not sound within 10 s:\n{gateway.last_words()}")
                late_ms.append((times[0] - changed) * 1000)
                gas.holding[0] = 0
                press()  # silences
                wait_until("the horn is silent", lambda: not relays.coils[0])
                press()  # acknowledges
        finally:
            gateway.stop()
    emit("edge-react", "p50_ms", percentile(late_ms, 0.5), "ms")
    emit("edge-react", "p99_over_period_ms", percentile(late_ms, 0.99) - PERIOD_MS, "ms")


if __name__ == "__main__":
    main()
