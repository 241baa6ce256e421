"""`edge-poll` and `edge-memory`: what a gateway costs that reads 20 units of 50 registers each second.

CPU seconds of the whole gateway process (driver, every check, core, spool) per 1,000 values, over those of a
bare pymodbus loop reading the same blocks from the same instruments in the same run; the share of one core
that these 1,000 points at 1 s take; and the gateway's resident memory.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rig.programs import Program, ProgramFailed, wait_until
from rig.slave import Slave
from tests.bench.report import emit, seconds

UNITS, COUNT = 20, 50


def gateway_toml(port: int) -> str:
    """One bus with 20 units of 50 points, each with an alarm limit that is never reached."""
    lines = [
        '[gateway]\nid = "gw-bench"\nstate = "state"',
        "[uplink]\nenabled = false",
        f'[[buses]]\nname = "field"\nkind = "tcp"\nhost = "127.0.0.1"\nport = {port}',
    ]
    for unit in range(1, UNITS + 1):
        lines.append(f'[[buses.units]]\nkey = "u{unit}"\nunit = {unit}\npoll_interval_ms = 1000')
        lines += [
            f'[[buses.units.points]]\nkey = "U{unit}-{register}"\naddress = {register}\nscale = 0.1\n'
            f'unit = "℃"\nrange = [0.0, 6553.5]\nlimits.H = {{ limit = 6000.0, deadband = 10.0 }}'
            for register in range(COUNT)
        ]
    return "\n\n".join(lines) + "\n"


def polling(gateway: Program, begun: Callable[[], bool]) -> None:
    """Wait until a gateway polls its instruments; one that does not says its last words."""
    try:
        wait_until("the gateway polls all units", begun)
    except ProgramFailed as exc:
        raise SystemExit(f"{exc}\n{gateway.last_words()}") from exc


def main() -> None:
    """Measure both and print them."""
    run_s = seconds(60.0)
    slave = Slave(*range(1, UNITS + 1))
    for unit in slave.units.values():
        for register in range(COUNT):
            unit.holding[register] = 1000 + register
    with slave.tcp_thread() as port, tempfile.TemporaryDirectory() as folder:
        bare = subprocess.run(
            [sys.executable, str(Path(__file__).with_name("bare_poll.py")),
             str(port), str(UNITS), str(COUNT), str(run_s)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        bare_cpu, bare_values = (float(figure) for figure in bare.stdout.split())

        config = Path(folder) / "gateway.toml"
        config.write_text(gateway_toml(port), encoding="utf-8")
        gateway = Program(["edge", "run", "--config", str(config)], Path(folder) / "gateway.log")

        def asked() -> int:
            return sum(unit.requests for unit in slave.units.values())

        before = asked()
        gateway.start()
        try:
            polling(gateway, lambda: asked() > before + 3 * UNITS)
            time.sleep(2.0)
            cpu_start, asked_start = gateway.usage.cpu_times(), asked()
            time.sleep(run_s)
            cpu_end, asked_end = gateway.usage.cpu_times(), asked()
            memory = gateway.usage.memory_info().rss
        finally:
            gateway.stop()
    cpu = cpu_end.user + cpu_end.system - cpu_start.user - cpu_start.system
    values = (asked_end - asked_start) * COUNT
    emit("edge-poll", "cpu_per_1000_values", cpu / values * 1000, "s", bare_cpu / bare_values * 1000)
    emit("edge-poll", "cpu_share", cpu / run_s, "core")
    emit("edge-poll", "values_per_s", values / run_s, "1/s", UNITS * COUNT)
    emit("edge-memory", "rss_mb", memory / 1e6, "MB")


if __name__ == "__main__":
    main()
