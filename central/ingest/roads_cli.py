"""`fengsui central broker-config`: what an operator does about the roads to the gateways."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from central.db.errors import ConfigurationError
from central.ingest import broker
from central.settings import Settings

State = Annotated[Path | None, Parameter(help="State folder; default FENGSUI_STATE or ./.fengsui.")]


def broker_config(*, out: Path, listen: str = "mqtts://0.0.0.0:8883", state: State = None) -> None:
    """Writes mosquitto.conf and its access list: mutual TLS, own topics only, revoked certificates refused.

    Start it with `mosquitto -c OUT/mosquitto.conf` as the user of the state folder; give it SIGHUP when the
    revocation list or its certificate was renewed.

    Args:
        out: folder for the two files.
        listen: "mqtts://ADDRESS:PORT", or "mqtt://127.0.0.1:PORT" for trials on one machine.
        state: state folder, whose `pki` holds certificates and revocation list.
    """
    try:
        for path in broker.write(out, listen, Settings.read(state=state).state):
            print(path)
    except (ConfigurationError, OSError) as exc:
        print(exc, file=sys.stderr)
        raise SystemExit(2) from exc
