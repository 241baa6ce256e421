"""The gateway's commands: `fengsui edge run`, `check`, `status`, `tape` and `meter`."""

import asyncio
import logging
import sys
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from cyclopts import App, Parameter

from edge.config import ConfigError, load
from edge.configuration.cli import configure
from edge.configuration.force import in_force
from edge.installer.bench_command import bench
from edge.installer.bus_words import bus_words
from edge.installer.check import check as check_file
from edge.installer.commands import commission, probe, scan, verify_report
from edge.installer.enrol_command import enrol
from edge.simulator.cli import simulate
from edge.update.cli import update

app = App(name="edge", help="The gateway at the plant.")
app.command(simulate)
app.command(bench)
app.command(scan)
app.command(probe)
app.command(commission)
app.command(verify_report)
app.command(enrol)
app.command(update)
app.command(configure)

ConfigPath = Annotated[Path, Parameter(name=["--config", "-c"], help="The gateway.toml.")]


@app.command
def run(config: ConfigPath = Path("gateway.toml"), *, verbose: bool = False) -> None:
    """Watch the instruments, sound the horn, record everything, and tell the centre.

    Ends in good order on SIGTERM or Ctrl-C; horn and beacon stay as they are.
    """
    from edge.gateway import AlreadyRunning, Gateway

    logging.basicConfig(
        level=logging.DEBUG if verbose else logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        stream=sys.stderr,
    )
    try:
        while True:
            force = in_force(config, starting=True)
            gateway = Gateway(force.loaded, force)
            name = force.loaded.config.gateway.id
            asyncio.run(gateway.run(partial(print, f"{name} runs", flush=True)))
            if not gateway.again:
                break
    except ConfigError as exc:
        print(check_file(config).text, file=sys.stderr)
        raise SystemExit(1) from exc
    except AlreadyRunning as exc:
        print(exc, file=sys.stderr)
        raise SystemExit(1) from exc


@app.command
def check(config: ConfigPath = Path("gateway.toml")) -> None:
    """Show what would be polled, alarms and outputs, and everything that is wrong; changes nothing."""
    finding = check_file(config)
    print(finding.text)
    raise SystemExit(0 if finding.good else 1)


@app.command
def status(config: ConfigPath = Path("gateway.toml"), *, json: bool = False) -> None:
    """Ask the gateway that runs with this configuration how it is."""
    from edge.status import ask

    try:
        loaded = load(config)
        state = asyncio.run(ask(loaded.beside(loaded.config.gateway.state)))
    except ConfigError as exc:
        print(exc, file=sys.stderr)
        raise SystemExit(1) from exc
    except OSError as exc:
        print(f"no gateway runs with {config}: {exc}", file=sys.stderr)
        raise SystemExit(1) from exc
    print(msgspec.json.encode(state).decode() if json else _in_words(state))


@app.command
def tape(config: ConfigPath = Path("gateway.toml"), *, bus: str = "", out: Path | None = None) -> None:
    """Write down the last ten minutes of a bus's bytes, as the gateway that runs has them in memory.

    Dumps that it made by itself (on an alarm, on an instrument that fell silent) lie in `tapes` of its state
    folder.

    Args:
        config: the gateway.toml.
        bus: which one; may be left out if there is only one.
        out: the file to write; without it the text goes to the terminal.
    """
    from edge.status import ask

    try:
        loaded = load(config)
        names = [one.name for one in loaded.config.buses]
        if not bus and len(names) > 1:
            print(f"which bus? say --bus {' or --bus '.join(names)}", file=sys.stderr)
            raise SystemExit(2)
        folder = loaded.beside(loaded.config.gateway.state)
        answer = asyncio.run(ask(folder, f"tape {bus or names[0]}"))
    except ConfigError as exc:
        print(exc, file=sys.stderr)
        raise SystemExit(1) from exc
    except OSError as exc:
        print(f"no gateway runs with {config}: {exc}", file=sys.stderr)
        raise SystemExit(1) from exc
    if "tape" not in answer:
        print(answer.get("error", "this gateway is too old to have a black box"), file=sys.stderr)
        raise SystemExit(1)
    if out is None:
        print(answer["tape"], end="")
    else:
        out.write_text(answer["tape"], encoding="utf-8")
        print(f"{out}: {answer['tape'].count(chr(10))} lines")


@app.command(name="test-horn")
def try_horn(
    config: ConfigPath = Path("gateway.toml"), *, annunciator: str = "", by: str = "at the gateway"
) -> None:
    """Sound horn, beacon and announcers for a moment, and say what each of them did.

    Args:
        config: the gateway.toml.
        annunciator: whose; may be left out if there is only one.
        by: who tests, for the record.
    """
    from edge.status import ask

    try:
        loaded = load(config)
        names = [one.name for one in loaded.config.annunciators]
        if not names or (not annunciator and len(names) > 1):
            print(f"which annunciator? there are {', '.join(names) or 'none'}", file=sys.stderr)
            raise SystemExit(2)
        folder = loaded.beside(loaded.config.gateway.state)
        answer = asyncio.run(ask(folder, f"test {annunciator or names[0]} {by}"))
    except ConfigError as exc:
        print(exc, file=sys.stderr)
        raise SystemExit(1) from exc
    except OSError as exc:
        print(f"no gateway runs with {config}: {exc}", file=sys.stderr)
        raise SystemExit(1) from exc
    if "test" not in answer:
        print(answer.get("error", "this gateway is too old to test its horn"), file=sys.stderr)
        raise SystemExit(1)
    for result in answer["test"]:
        print(f"{result['output']:24} {'ok' if result['ok'] else 'FAILED'}  {result['reason']}")
    raise SystemExit(0 if all(result["ok"] for result in answer["test"]) else 1)


@app.command
def meter(device: str = "", *, host: str = "", port: int = 0, parity: Literal["E", "N", "O"] = "E") -> None:
    """Ask the one DL/T 645 meter on a line for its address; the gateway must not use the line meanwhile.

    Args:
        device: the serial port here, for example /dev/ttyUSB0; every usual baud rate is tried.
        host: instead: a serial server, whose own baud rate counts.
        port: of the serial server.
        parity: meters leave the works with E.
    """
    from edge.drivers.dlt645.settings import Bus
    from edge.installer.meter import BAUDRATES, find

    if bool(device) == bool(host) or bool(host) != bool(port):
        print("name a device, or host and port of a serial server", file=sys.stderr)
        raise SystemExit(2)
    line = Bus(name="line", device=device, host=host, port=port or None, parity=parity)
    found, reason = asyncio.run(find(line, BAUDRATES[:1] if host else BAUDRATES))
    for one in found:
        rate = "" if host else f" at {one.baudrate} baud"
        print(f'address = "{one.address}"{rate}')
    if reason:
        print(reason, file=sys.stderr)
        raise SystemExit(1)


def _in_words(state: dict[str, Any]) -> str:
    clock = "synchronised" if state["clock_synchronised"] else "NOT synchronised"
    full = ", DISK FULL" if state["disk_full"] else ""
    road = f" by {state['road']}" if state.get("road") else ""
    lines = [f"{state['gateway']}: uplink {state['uplink']}{road}, clock {clock}{full}"]
    lines += [
        f"{name}: {state[name]['head']} in this epoch, {state[name]['waiting']} batches wait"
        for name in ("events", "measurements")
    ]
    for source in state["sources"]:
        age = "never good" if source["good_age_ms"] < 0 else f"good {source['good_age_ms'] / 1000:.1f} s ago"
        why = f"  {source['reason']}" if source.get("reason") else ""
        lines.append(f"  {source['source']:24} {source['state']:8} {age}{why}")
    for output in state["outputs"]:
        follows = "" if output["ok"] else "  DOES NOT FOLLOW"
        lines.append(f"  {output['output']:24} {'on' if output['on'] else 'off'}{follows}")
    lines += [line for bus in state["buses"] for line in bus_words(bus)]
    for a in state["alarms"]:
        value = "no value" if a["value"] is None else f"value {a['value']}"
        lines.append(f"  ALARM {a['alarm']:18} state {a['state']}, {value}")
    return "\n".join(lines)
