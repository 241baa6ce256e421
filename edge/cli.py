"""The gateway's commands, `fengsui edge …`: a table; what each does stands in a room of its own."""

import asyncio
import logging
import sys
from functools import partial
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import App, Parameter

from edge.config import ConfigError
from edge.configuration.cli import configure
from edge.configuration.force import in_force
from edge.installer.bench_command import bench
from edge.installer.check import check as check_file
from edge.installer.commands import commission, install, meter, probe, scan, uninstall, verify_report
from edge.installer.enrol_command import enrol
from edge.installer.running_commands import status, tape, try_horn
from edge.simulator.cli import simulate
from edge.update.cli import update
from edge.update.slots import program_trial

app = App(name="edge", help="The gateway at the plant.")
app.command(simulate)
app.command(status)
app.command(tape)
app.command(try_horn, name="test-horn")
app.command(meter)
app.command(bench)
app.command(scan)
app.command(probe)
app.command(commission)
app.command(verify_report)
app.command(install)
app.command(uninstall)
app.command(enrol)
app.command(update)
app.command(configure)

ConfigPath = Annotated[Path, Parameter(name=["--config", "-c"], help="The gateway.toml.")]


@app.command
def run(config: ConfigPath = Path("gateway.toml"), *, verbose: bool = False) -> None:
    """Watch the instruments, sound the horn, record everything, and tell the centre.

    Ends in good order on SIGTERM or Ctrl-C; horn and beacon stay as they are.
    """
    from edge.gateway import AlreadyRunning, Gateway, refuse_second

    logging.basicConfig(
        level=logging.DEBUG if verbose else logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        stream=sys.stderr,
    )
    try:
        refuse_second(config)  # before anything counts as a start of what is on trial
        while True:
            # What a program on trial cannot use, the one before may: it finds the switch as it left it.
            force = in_force(config, starting=True, lasting=program_trial() is None)
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
def check(
    config: ConfigPath = Path("gateway.toml"),
    *,
    everything: Annotated[bool, Parameter(name="--all")] = False,
    json: bool = False,
) -> None:
    """Show what would be polled, alarms and outputs, and everything that is wrong; changes nothing.

    Args:
        config: the gateway.toml.
        everything: a line for each alarm, those of bad data too.
        json: one JSON object: whether it is in order, and the text.
    """
    finding = check_file(config, everything=everything)
    print(msgspec.json.encode(finding).decode() if json else finding.text)
    raise SystemExit(0 if finding.good else 1)
