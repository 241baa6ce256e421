"""A gateway for tests: its folder with configuration, credentials and spool, and its process."""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path

from rig.centre import Centre
from rig.programs import Program

LIMIT = 100


def witness_toml(
    gateway: str,
    port: int,
    units: int = 1,
    *,
    poll_ms: int = 100,
    config_version: int = 1,
    scale: float = 1.0,
    clock: str = "assume-synchronised",
    heartbeat_s: float = 1.0,
    prefix: str = "u",
) -> str:
    """The configuration of a gateway that watches `units` witness instruments on one TCP port.

    Points are "{prefix}{unit}-count", "-check" and "-level"; the alarm "…-level/H" stands at `LIMIT`.
    """
    lines = [
        f'[gateway]\nid = "{gateway}"\nname = "{gateway}"\nconfig_version = {config_version}',
        f'credentials = "credentials.json"\nstate = "state"\nclock = "{clock}"',
        f"[uplink]\nheartbeat_s = {heartbeat_s}\nreceipt_timeout_s = 3.0\nretry_max_s = 1.0",
        f'[[buses]]\nname = "field"\nkind = "tcp"\nhost = "127.0.0.1"\nport = {port}\ntimeout_ms = 300',
    ]
    for unit in range(1, units + 1):
        lines.append(f'[[buses.units]]\nkey = "{prefix}{unit}"\nunit = {unit}\npoll_interval_ms = {poll_ms}')
        for place, name in ((0, "count"), (2, "check")):
            lines.append(
                f'[[buses.units.points]]\nkey = "{prefix}{unit}-{name}"\naddress = {place}\ntype = "uint32"\n'
                "bad_after_s = 60"
            )
        lines.append(
            f'[[buses.units.points]]\nkey = "{prefix}{unit}-level"\naddress = 4\nscale = {scale}\n'
            f"bad_after_s = 60\nlimits.H = {{ limit = {LIMIT * scale}, deadband = {10 * scale} }}"
        )
    return "\n\n".join(lines) + "\n"


class Gateway:
    """One gateway under `folder`; enrolled at `centre` when made."""

    def __init__(self, folder: Path, centre: Centre, gateway: str) -> None:
        self.folder = folder
        self.id = gateway
        self.state = folder / "state"
        self.config = folder / "gateway.toml"
        self.kills_ms: list[int] = []
        self.stops_ms: list[tuple[int, int]] = []
        folder.mkdir(parents=True, exist_ok=True)
        centre.enrol([gateway], folder)[0].rename(folder / "credentials.json")
        self.program = Program(["edge", "run", "--config", str(self.config)], folder / "gateway.log")

    def configure(self, text: str) -> None:
        """Write gateway.toml; a gateway that is killed for a living is in no crash loop."""
        self.config.write_text(f"{text}\n[supervision]\ncrash_loop = 0\n", encoding="utf-8")

    def start(self) -> None:
        """Start it (again)."""
        self.program.start()

    def shift_clock(self, shift_s: float, for_s: float = 1e9) -> None:
        """From its next start on its wall clock is wrong by `shift_s`, and put right after `for_s`."""
        shifted = str(Path(__file__).with_name("shifted.py"))
        self.program.launcher = [sys.executable, shifted, str(shift_s), str(for_s)]

    def kill(self) -> None:
        """Cut its power."""
        self.program.kill()
        self.kills_ms.append(time.time_ns() // 1_000_000)

    def stop(self) -> None:
        """Stop it in order."""
        before = time.time_ns() // 1_000_000
        self.program.stop()
        self.stops_ms.append((before, time.time_ns() // 1_000_000))

    def copy_spool(self, target: Path) -> None:
        """Copy its state as it is at this moment: what a power cut would leave on the card."""
        self.program.pause()
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(self.state, target)
        self.program.resume()

    def restore_spool(self, source: Path) -> None:
        """Put a copied state in place of its own; the gateway must not run."""
        shutil.rmtree(self.state)
        shutil.copytree(source, self.state)
