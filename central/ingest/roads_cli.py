"""`fengsui central broker-config` and `conformance`: what is done about roads and foreign gateways."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import msgspec
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


def conformance(
    *,
    credentials: Path | None = None,
    broker: str = "",
    as_centre: bool = False,
    gateway: str = "gw-conformance",
    out: Path | None = None,
    longest_s: float = 120,
    json: bool = False,
) -> None:
    """Tries a centre as a gateway of somebody else would; with --as-centre, tries such a gateway.

    Ends with 0 when every rule holds, with 1 when one does not. The centre is tried in the name of a
    gateway registered for it: one contradiction of its own stays in its history.

    Args:
        credentials: file of that gateway, as `fengsui central gateway add` writes it.
        broker: endpoint; that of the credentials by default, or mqtt://127.0.0.1:1883.
        as_centre: play the centre, for a gateway that is to be tried.
        gateway: with --as-centre, its id.
        out: with --as-centre, where its credentials are written before it is waited for.
        longest_s: with --as-centre, how long it is waited for.
        json: one JSON object a line: {"rule", "says", "passed", "seen"}, then {"passed", "failed"}.
    """
    from central.ingest.conformance.centre import try_gateway
    from central.ingest.conformance.gateway import try_centre
    from central.ingest.conformance.line import Card

    counts = {True: 0, False: 0}
    try:
        if as_centre:
            if out is None:
                raise ConfigurationError(
                    "name a file with --out for the credentials that the gateway is to use"
                )
            findings = try_gateway(gateway, broker or "mqtt://127.0.0.1:1883", out, longest_s)
        else:
            if credentials is None:
                raise ConfigurationError("name the --credentials of a gateway registered for this trial")
            card = Card(credentials)
            findings = try_centre(card, broker or card.broker or "mqtt://127.0.0.1:1883")
        for finding in findings:
            counts[finding.passed] += 1
            if json:
                print(msgspec.json.encode(finding).decode(), flush=True)
            else:
                seen = f"\n          {finding.seen}" if finding.seen else ""
                print(
                    f"{'pass' if finding.passed else 'FAIL'}  {finding.rule:18} {finding.says}{seen}",
                    flush=True,
                )
    except (ConfigurationError, OSError, ValueError) as exc:
        print(exc, file=sys.stderr)
        raise SystemExit(2) from exc
    summary = {"passed": counts[True], "failed": counts[False]}
    print(msgspec.json.encode(summary).decode() if json else f"{counts[True]} passed, {counts[False]} failed")
    if counts[False]:
        raise SystemExit(1)
