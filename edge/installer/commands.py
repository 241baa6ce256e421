"""The installer's commands as they are typed; what each does stands in a room of its own."""

import asyncio
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn

import msgspec
from cyclopts import Parameter

from edge.installer.ports import BadAddress

if TYPE_CHECKING:
    from edge.installer.install import Step

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
        _misuse(str(exc))
    raise SystemExit(scan_command.run(scan_command.Asked(plan, config, resume, write, json, yes)))


def probe(
    *,
    unit: int,
    port: str = "",
    tcp: str = "",
    serial_server: str = "",
    baud: int = 9600,
    parity: Literal["N", "E", "O"] = "N",
    stopbits: Literal[1, 2] = 1,
    table: Literal["holding", "input", "coil", "discrete"] = "holding",
    first: int = 0,
    count: int = 40,
    every: float = 0.0,
    times: int = 0,
    timeout: int = 500,
    orders: bool = False,
    config: ConfigPath = Path("gateway.toml"),
    json: Json = False,
) -> None:
    """Show the registers of one instrument, and what they look like; nothing is written.

    Args:
        unit: its address.
        port: its serial port.
        tcp: or HOST[:PORT] of Modbus TCP.
        serial_server: or HOST:PORT of a serial server.
        baud: of the serial port.
        parity: of the serial port.
        stopbits: of the serial port.
        table: which kind of register.
        first: the first address, counted from 0.
        count: how many.
        every: look again so often, in seconds, until Ctrl-C; several looks make better guesses.
        times: end after so many looks.
        timeout: ms that it may take before it begins to answer.
        orders: show every pair of registers in all byte orders.
        config: a gateway that runs with it keeps its lines for itself.
        json: one JSON object a look.
    """
    from edge.installer import probe_command
    from edge.installer.ear import Place, Setting
    from edge.installer.ports import tcp_places

    if sum(map(bool, (port, tcp, serial_server))) != 1:
        _misuse("say where it is: --port DEVICE, --tcp HOST[:PORT] or --serial-server HOST:PORT")
    try:
        place = (
            Place("rtu", device=port)
            if port
            else tcp_places(tcp or serial_server, "tcp" if tcp else "rtu-over-tcp")[0]
        )
    except BadAddress as exc:
        _misuse(str(exc))
    if not (1 <= unit <= 247 and 0 <= first <= 0xFFFF and 1 <= count <= 0x10000 - first):
        _misuse("unit is 1 to 247, first 0 to 65535, and first + count at most 65536")
    setting = Setting(baud, parity, stopbits)
    asked = probe_command.Asked(
        place, setting, unit, table, first, count, every, times, timeout, orders, json, config
    )
    raise SystemExit(probe_command.run(asked))


def commission(
    *,
    by: str,
    config: ConfigPath = Path("gateway.toml"),
    point: Several = None,
    out: Path = Path("commissioning"),
    pdf: bool = False,
    again: bool = False,
    json: Json = False,
) -> None:
    """Walk every alarm through the running gateway with test gas or level, and write a signed report.

    Horn and beacon sound as always; the centre shows these alarms as TEST. What is done is kept after each
    alarm: the same command goes on there.

    Args:
        by: the technician's name, for the record.
        config: of the gateway that runs.
        point: only these points.
        out: the folder of the sheet and the report.
        pdf: print the report to PDF too, with a browser of this machine.
        again: begin anew.
        json: print what came of it for a program.
    """
    from edge.installer.commission_command import Asked, run

    raise SystemExit(run(Asked(config, by, point or [], out, pdf, again, json)))


def verify_report(
    report: Path, /, *, key: str = "", config: ConfigPath = Path("gateway.toml"), json: Json = False
) -> None:
    """Check that a commissioning report is signed and was not changed.

    Args:
        report: its .json or .html file.
        key: base64 of the key that should have signed, as the centre's register shows it.
        config: without --key: the key of this machine's gateway, if it has one.
        json: one JSON object.
    """
    from edge.installer.commission_command import verify_report as check_signature

    raise SystemExit(check_signature(report, key, config, as_json=json))


def meter(
    device: str = "",
    *,
    host: str = "",
    port: int = 0,
    parity: Literal["E", "N", "O"] = "E",
    json: Json = False,
) -> None:
    """Ask the one DL/T 645 meter on a line for its address; the gateway must not use the line meanwhile.

    Args:
        device: the serial port here, for example /dev/ttyUSB0; every usual baud rate is tried.
        host: instead: a serial server, whose own baud rate counts.
        port: of the serial server.
        parity: meters leave the works with E.
        json: one JSON object.
    """
    from edge.drivers.dlt645.settings import Bus
    from edge.installer.meter import BAUDRATES, find

    if bool(device) == bool(host) or bool(host) != bool(port):
        _misuse("name a device, or host and port of a serial server")
    line = Bus(name="line", device=device, host=host, port=port or None, parity=parity)
    found, reason = asyncio.run(find(line, BAUDRATES[:1] if host else BAUDRATES))
    if json:
        print(msgspec.json.encode({"found": found, "reason": reason}).decode())
        raise SystemExit(1 if reason else 0)
    for one in found:
        rate = "" if host else f" at {one.baudrate} baud"
        print(f'address = "{one.address}"{rate}')
    if reason:
        print(reason, file=sys.stderr)
        raise SystemExit(1)


def install(
    *, root: Path = Path("/"), program: Path | None = None, dry_run: bool = False, json: Json = False
) -> None:
    """Make this machine a gateway: user, folders, systemd unit, udev rules; a second run changes nothing.

    Args:
        root: of an image that is being built; no program is run then.
        program: the fengsui command that the service runs; this one unless given.
        dry_run: only say what would be done.
        json: one JSON object.
    """
    from edge.installer.install import install_steps

    own = program or Path(sysconfig.get_path("scripts")) / "fengsui"
    _laid(lambda: install_steps(root, own), dry_run=dry_run, json=json)
    if not (dry_run or json):
        print("next: write /etc/fengsui/gateway.toml, edge check, edge enrol, systemctl start fengsui-edge")


def uninstall(*, root: Path = Path("/"), dry_run: bool = False, json: Json = False) -> None:
    """Take the service away; configuration, keys and records stay.

    Args:
        root: of an image that is being built.
        dry_run: only say what would be done.
        json: one JSON object.
    """
    from edge.installer.install import uninstall_steps

    _laid(lambda: uninstall_steps(root), dry_run=dry_run, json=json)


def _laid(steps: "Callable[[], list[Step]]", *, dry_run: bool, json: bool) -> None:
    from edge.installer.install import Refused, carry_out

    try:
        outcomes = carry_out(steps(), dry_run=dry_run)
    except Refused as exc:
        print(exc, file=sys.stderr)
        raise SystemExit(1) from exc
    if json:
        print(msgspec.json.encode({"steps": outcomes}).decode())
    else:
        print("\n".join(f"{one.outcome:14} {one.what}" for one in outcomes))


def _misuse(text: str) -> NoReturn:
    print(text, file=sys.stderr)
    raise SystemExit(2)
