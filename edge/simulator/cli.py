"""`fengsui edge simulate`: plays an instrument until Ctrl-C, and says how to point a gateway at it."""

import asyncio
import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from edge.clock import Clock
from edge.config import ConfigError
from edge.simulator.fault import FITTING, NAMES, Fault, FaultName
from edge.strict import Problem, Problems
from edge.template_file import read_template
from edge.templates import TEMPLATES

if TYPE_CHECKING:
    from edge.simulator.play import Play
    from edge.simulator.serve import Pty, Tcp

SHOW_EVERY_S = 5.0


def simulate(
    template: str = "",
    *,
    tcp: str = "",
    pty: str = "",
    kind: str = "",
    unit: Annotated[str, Parameter(help="Its address: a Modbus unit, a meter's number, an MN …")] = "",
    fault: FaultName = "none",
    fault_after: Annotated[float, Parameter(help="Seconds until the fault begins.")] = 0.0,
    show: Annotated[bool, Parameter(help="Print what it measures every few seconds.")] = False,
) -> None:
    """Play an instrument from its template, so that a gateway can be tried without it.

    Without a template: list the shipped ones. Ends with Ctrl-C.

    Args:
        template: name of a shipped template, or path of a .toml file.
        tcp: HOST:PORT where it listens, 127.0.0.1:1502 unless given; HJ 212 and SL 651 stations call there.
        pty: path of a link to a pseudo-terminal, which the gateway opens as its serial device.
        kind: of the bus, where the template fits several: tcp, rtu, rtu-over-tcp, ascii …
        unit: how it is called on its bus.
        fault: silent, stuck, out-of-range, exception or late.
        fault_after: seconds until the fault begins.
        show: print what it measures.
    """
    # Every driver's frames are needed here and nowhere else on the command line.
    from edge.simulator.play import choose_kind, find, prepare
    from edge.simulator.serve import Pty, connection

    if not template:
        print(_list())
        return
    try:
        where = _where(tcp, pty)
        found = find(template)
        chosen = choose_kind(found, kind, serial=isinstance(where, Pty))
        _check_fault(fault, chosen)
        play = prepare(
            found,
            chosen,
            connection(chosen, where),
            Clock().mono_ms,
            unit,
            Fault(fault, fault_after),
        )
        asyncio.run(_serve(play, where, show=show))
    except ConfigError as exc:
        for i, problem in enumerate(exc.problems, 1):
            print(
                f"{i:3}. {problem.file}  {problem.place}\n     {problem.problem}\n     -> {problem.remedy}",
                file=sys.stderr,
            )
        raise SystemExit(1) from exc
    except OSError as exc:
        print(f"{template} cannot be played: {exc}", file=sys.stderr)
        raise SystemExit(1) from exc
    except KeyboardInterrupt:
        print("\nended")


def _check_fault(fault: FaultName, kind: str) -> None:
    """Refuse a fault that an instrument of this kind cannot have."""
    fitting = [name for name in NAMES if kind in FITTING.get(name, (kind,))]
    if fault not in fitting:
        raise ConfigError(
            [
                Problem(
                    "fengsui edge simulate",
                    "--fault",
                    f"{fault} means nothing to an instrument that speaks {kind}",
                    f"use one of {', '.join(fitting)}",
                )
            ]
        )


def _where(tcp: str, pty: str) -> "Tcp | Pty":
    from edge.simulator.serve import Pty, Tcp

    if tcp and pty:
        raise ConfigError(
            [Problem("fengsui edge simulate", "--pty", "there is --tcp too", "give one of the two")]
        )
    if pty:
        return Pty(Path(pty))
    host, _, port = (tcp or "127.0.0.1:1502").rpartition(":")
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise ConfigError(
            [
                Problem(
                    "fengsui edge simulate",
                    "--tcp",
                    f"{tcp!r} is no HOST:PORT",
                    "write for example 127.0.0.1:1502",
                )
            ]
        )
    return Tcp(host.strip("[]") or "127.0.0.1", int(port))


def _list() -> str:
    lines = ["Templates:"]
    for folder in TEMPLATES:
        for path in sorted(folder.glob("*.toml")) if folder.is_dir() else []:
            found = read_template(path, Problems(path.name))
            if found is not None:
                lines.append(f"  {found.name:30} {found.head.title}")
    return "\n".join(lines)


def _introduction(play: "Play") -> str:
    head = play.template.head
    lines = [f"Plays {play.template.name}: {head.title}, with source = {head.source!r}."]
    fault = play.instrument.planned_fault
    if fault.name != "none":
        when = f"after {fault.after_s:g} s it " if fault.after_s else "it "
        lines.append(f"Fault {fault.name}: {when}{NAMES[fault.name]}.")
    lines += ["Point a gateway at it with this in its gateway.toml:", "", play.gateway_toml, ""]
    lines.append("Try it with: fengsui edge check, then fengsui edge run. Ctrl-C ends this.")
    return "\n".join(lines)


async def _serve(play: "Play", where: "Tcp | Pty", *, show: bool) -> None:
    from edge.simulator.serve import served

    async with served(play, where, Clock().utc_ms):
        print(_introduction(play), flush=True)
        while show:
            await asyncio.sleep(SHOW_EVERY_S)
            with contextlib.suppress(BrokenPipeError):
                print(_values(play), flush=True)
        await asyncio.Event().wait()


def _values(play: "Play") -> str:
    truth = play.instrument.truth()
    shown = [f"{name} {value:g} {play.instrument.points[name].unit}".strip() for name, value in truth.items()]
    return f"{play.instrument.since_start_s:8.0f} s  {', '.join(shown)}"
