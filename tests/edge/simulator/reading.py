"""Reads a simulated instrument with the real parts of a gateway: load, lay out, driver, decode."""

import asyncio
import math
import re
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from edge.clock import Clock
from edge.config import load
from edge.core.decode import KINDS
from edge.drivers.dlt645.identifiers import form_of
from edge.drivers.families import family
from edge.drivers.models import BlockReading, Laid
from edge.layout import lay_out
from edge.simulator.fault import NO_FAULT, Fault
from edge.simulator.play import KEY, Play, choose_kind, find, gateway_toml, prepare
from edge.simulator.serve import Pty, Tcp, connection, served
from edge.simulator.station import SIZES, USUAL
from edge.template_file import MODBUS
from protocol.quality import GOOD

BEGAN_MS = 600_000  # the physics stands still ten minutes after its start
PATIENCE_S = 30.0
NOBODY = Tcp("127.0.0.1", 9)
# Short time-outs: the quarantine at the start lasts ten of them.
QUICK = {"poll_interval_ms": 200, "timeout_ms": 80, "gap_ms": 0}


class Outcome(msgspec.Struct):
    """What a gateway made of one instrument."""

    play: Play
    laid: Laid
    last: dict[int, BlockReading]

    def values(self) -> dict[str, tuple[float, float, int]]:
        """(raw number, value, quality) of every point, by its id in the template."""
        found = {}
        keys = {point.key: name for name, point in self.play.instrument.points.items()}
        for draft in self.laid.blocks:
            reading = self.last[draft.block.number]
            raws = draft.core.decode(reading.data) if reading.data is not None else ()
            worse = dict([*draft.core.exceptions(raws), *reading.exceptions])
            for i, (raw, point) in enumerate(zip(raws, draft.points, strict=True)):
                quality = worse.get(i, reading.quality)
                found[keys[point.key]] = (raw, draft.core.points[i].scaled(raw), quality)
        return found


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


async def read_once(
    name: str,
    folder: Path,
    *,
    kind: str = "",
    link: Path | None = None,
    fault: Fault = NO_FAULT,
    until: Callable[[dict[int, BlockReading], Laid], bool] | None = None,
    patience_s: float = PATIENCE_S,
) -> Outcome:
    """Play a template and read it until every block is good, or `until` says that it is enough."""
    now = [0]
    template = find(name)
    kind = choose_kind(template, kind, serial=link is not None)
    port = free_port() if kind in {"hj212", "sl651", "opcua"} else 0
    where: Tcp | Pty = Pty(link) if link else Tcp("127.0.0.1", port)
    play = prepare(
        template, kind, connection(kind, NOBODY if link is None else where), lambda: now[0], fault=fault
    )
    now[0] = BEGAN_MS
    last: dict[int, BlockReading] = {}
    clock = Clock(True)
    async with served(play, where, clock.utc_ms) as at:
        bus_keys = connection(kind, where if link else Tcp("127.0.0.1", at))
        bus, laid = laid_out(template.name, _toml(play, kind, bus_keys), folder)

        def take(reading: BlockReading) -> None:
            last[reading.block.number] = reading

        driver = family(kind).start(bus, laid, take, clock, None)
        task = asyncio.get_running_loop().create_task(driver.run())
        try:
            async with asyncio.timeout(patience_s):
                while not (until or _all_good)(last, laid):
                    await asyncio.sleep(0.02)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
    return Outcome(play, laid, last)


def _all_good(last: dict[int, BlockReading], laid: Laid) -> bool:
    numbers = {draft.block.number for draft in laid.blocks}
    return {n for n, one in last.items() if one.quality == GOOD} >= numbers


def _toml(play: Play, kind: str, bus_keys: dict[str, str | int]) -> str:
    if kind in {"serial-line", "dlt645"}:
        fast = {**bus_keys, "timeout_ms": 80, "baudrate": 115_200}
        return gateway_toml(play.template, kind, fast, "") + "\n  poll_interval_ms = 1500"
    if kind not in MODBUS:
        return gateway_toml(play.template, kind, bus_keys, "")
    quick = {"timeout_ms": QUICK["timeout_ms"]} if kind in {"tcp", "rtu-over-tcp"} else {"adapter_ms": 0}
    text = gateway_toml(play.template, kind, {**bus_keys, **quick}, "")
    if not play.template.points:
        return text
    rhythm = QUICK if kind == "tcp" else {"timeout_ms": QUICK["timeout_ms"]}
    return text + "\n" + "\n".join(f"  {key} = {value}" for key, value in rhythm.items())


def laid_out(name: str, text: str, folder: Path) -> tuple[Any, Laid]:
    """Load and plan a gateway with this one bus."""
    path = folder / f"{name}.toml"
    path.write_text(f'[gateway]\nid = "gw-reads"\n\n{text}\n', encoding="utf-8")
    return lay_out(load(path), "").buses["field"]


def raw_step(play: Play, name: str) -> float:
    """The smallest difference that the instrument's encoding can show, in raw numbers (0: a float's own)."""
    point: Any = play.instrument.points[name]
    if play.kind in MODBUS:
        return 0.0 if point.type.startswith("float") else 1.0
    if play.kind == "dlt645":
        form = form_of(point.di)
        assert form is not None
        return float(10.0**-form.decimals)
    if play.kind == "hj212":
        return 1e-4
    if play.kind == "sl651":
        return float(10.0 ** -SIZES.get(point.element, USUAL)[1])
    if play.kind == "opcua":
        return 0.0
    found = re.search(rf"\{{{name}:\d+\.(\d)f\}}|\{{{name}:\.(\d)f\}}", play.instrument.simulator.reply)
    assert found is not None
    return float(10.0 ** -int(found[1] or found[2]))


def close(got: float, wanted: float, step: float) -> bool:
    """Whether two raw numbers are the same within half a step, or within a float's own resolution."""
    return math.isclose(got, wanted, rel_tol=2e-7, abs_tol=step / 2 + 1e-9)


__all__ = ["KEY", "KINDS", "Outcome", "close", "free_port", "laid_out", "raw_step", "read_once"]
