"""The command `fengsui edge bench`."""

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from edge import figures
from edge.clock import Clock
from edge.config import ConfigError, load
from edge.config_models import SpoolTable
from edge.installer import bench as own
from edge.installer.bench_gateway import BenchFailed
from edge.version import software


def bench(
    config: Annotated[Path, Parameter(name=["--config", "-c"], help="The gateway.toml.")] = Path(
        "gateway.toml"
    ),
    *,
    seconds: float = 60.0,
    spool_mb: float | None = None,
    json: bool = False,
    send: bool = False,
) -> None:
    """Measure what this box can do: points a second, reaction, loss, spool, backlog, memory and start.

    The plant is not touched: instruments and centre are stand-ins, all files are temporary. It is refused
    while a gateway runs with this configuration.

    Args:
        config: the gateway.toml; it says on which disk is measured. Nothing else of it is used.
        seconds: about how long; filling the full spool comes on top.
        spool_mb: size of the full spool; without it the one that the configuration allows.
        json: one JSON object a line.
        send: leave the figures for the gateway of this configuration, which brings them to the centre.
    """
    state, quota = None, SpoolTable()
    try:
        if config.exists() or send:
            loaded = load(config)
            state, quota = loaded.beside(loaded.config.gateway.state), loaded.config.spool
            own.refuse_beside(state)
            if send:
                own.refuse_unsendable(state)
        clock, box, full_mb = Clock(), own.machine(), spool_mb or quota.measurements_mb + quota.events_mb
        place = own.place_for(state, full_mb)
        found = own.run(place, clock, seconds, full_mb, lambda line: print(f"… {line}", file=sys.stderr))
        report = own.report(found, box, software(), clock)
        print("\n".join(own.lines(found)) if json else own.table(found, box, report.software))
        if send and state is not None:
            figures.leave(state, report)
            print("The gateway sends these figures as soon as it runs.", file=sys.stderr)
    except (ConfigError, own.BenchRefused, BenchFailed, OSError) as exc:
        print(exc, file=sys.stderr)
        raise SystemExit(1) from exc
    except KeyboardInterrupt:
        print("broken off; nothing was kept", file=sys.stderr)
        raise SystemExit(130) from None
