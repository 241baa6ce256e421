"""`fengsui edge configure`: brings a signed configuration by hand, or gives mastery back to gateway.toml."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated, Any

import msgspec
from cyclopts import Parameter

from edge.config import ConfigError
from edge.configuration.force import CENTRE, in_force
from edge.configuration.store import Configurations
from edge.status import ask


def configure(
    file: Path | None = None,
    *,
    config: Annotated[Path, Parameter(name=["--config", "-c"])] = Path("gateway.toml"),
    to_file: bool = False,
    json: bool = False,
) -> None:
    """Say who is master of the configuration; bring one that the centre has signed; or go back to the file.

    A signed configuration (`fengsui central gateway configure`) goes on trial at the gateway that runs: it
    stays if everything that was good is good again within a minute.

    Args:
        file: a signed configuration, for a site that the centre does not reach.
        config: the plant's gateway.toml.
        to_file: from the gateway's next start on its gateway.toml counts, until the centre sends a newer one.
        json: one JSON object.
    """
    try:
        force = in_force(config)
        state = force.loaded.beside(force.loaded.config.gateway.state)
        if to_file:
            Configurations(state).switch.point("")
            said: dict[str, Any] = {"result": "done", "detail": f"{config} counts from the next start on"}
        elif file is not None:
            answer = asyncio.run(ask(state, f"configure {file.resolve()}"))
            said = answer.get("configure") or {"result": "refused", "detail": answer.get("error", "")}
        else:
            last = Configurations(state).switch.last()
            who = (
                f"the centre, version {force.version}, by {force.by}"
                if force.master == CENTRE
                else str(config)
            )
            said = {
                "result": "done",
                "master": force.master,
                "version": force.version,
                "detail": who,
                "last": last,
            }
    except ConfigError as exc:
        print(exc, file=sys.stderr)
        raise SystemExit(1) from exc
    except OSError as exc:
        print(f"no gateway runs with {config}: {exc}", file=sys.stderr)
        raise SystemExit(1) from exc
    if json:
        print(msgspec.json.encode(said).decode())
    else:
        print(" · ".join(str(said[key]) for key in ("detail", "last") if said.get(key)))
    raise SystemExit(0 if said["result"] == "done" else 1)
