"""The installer's commands as they are typed; what each does stands in a room of its own."""

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from edge.installer.ports import BadAddress

ConfigPath = Annotated[Path, Parameter(name=["--config", "-c"], help="The gateway.toml.")]
Json = Annotated[bool, Parameter(help="Print one JSON object for a program.")]
Several = Annotated[list[str] | None, Parameter(negative="", consume_multiple=True)]


def scan(
    *,
    port: Several = None,
    all_ports: bool = False,
    tcp: Several = None,
    serial_server: Several = None,
    units: str = "1-247",
    baud: str = "",
    parity: str = "N,E,O",
    thorough: bool = False,
    patience: int = 0,
    meters: bool = False,
    config: ConfigPath = Path("gateway.toml"),
    resume: Path | None = None,
    write: Path | None = None,
    yes: bool = False,
    json: Json = False,
) -> None:
    """Look for instruments on the ports that are named, and say what they are and how the wiring looks.

    Nothing is written to an instrument. Ctrl-C ends it; with --resume it goes on where it stopped.

    Args:
        port: a serial port, best by its name under /dev/serial/by-path; may be given several times.
        all_ports: every serial port of this machine.
        tcp: Modbus TCP: HOST, HOST:PORT, 10.0.0.10-20 or 10.0.0.0/28.
        serial_server: RTU over TCP: HOST:PORT.
        units: addresses to ask, for example 1-20,32.
        baud: speeds to try, in this order, for example 9600,19200.
        parity: N, E, O, in this order.
        thorough: try every speed and parity, also after one has found somebody.
        patience: ms to wait for each address; 0: about 30 ms at 9600 baud, more for who is late.
        meters: ask for a DL/T 645 meter where no Modbus instrument answered.
        config: a gateway that runs with it keeps its lines for itself.
        resume: a file that keeps what is done.
        write: the gateway.toml that what was found is appended to.
        yes: append without asking.
        json: one JSON object.
    """
    from edge.installer import scan_command
    from edge.installer.ports import serial_ports

    ports = [*(port or []), *(serial_ports() if all_ports else [])]
    if not (ports or tcp or serial_server):
        print(scan_command.no_ports(), file=sys.stderr)
        raise SystemExit(2)
    try:
        plan = scan_command.plan_of(
            ports,
            tcp or [],
            serial_server or [],
            units,
            baud or scan_command.BAUDRATES,
            parity,
            thorough=thorough,
            patience_ms=patience,
            meters=meters,
        )
    except BadAddress as exc:
        print(exc, file=sys.stderr)
        raise SystemExit(2) from exc
    raise SystemExit(scan_command.run(scan_command.Asked(plan, config, resume, write, json, yes)))
