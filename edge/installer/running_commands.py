"""Commands that ask the gateway that runs: `status`, `tape`, `test-horn`; all go over its local socket."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import msgspec
from cyclopts import Parameter

from edge.config import ConfigError, Loaded
from edge.configuration.force import in_force

ConfigPath = Annotated[Path, Parameter(name=["--config", "-c"], help="The gateway.toml.")]
Json = Annotated[bool, Parameter(help="Print one JSON object for a program.")]


def status(config: ConfigPath = Path("gateway.toml"), *, values: bool = False, json: Json = False) -> None:
    """Ask the gateway that runs with this configuration how it is.

    Args:
        config: the gateway.toml.
        values: also what every point shows now.
        json: one JSON object.
    """
    from edge.installer.status_words import in_words, values_in_words

    loaded = _loaded(config)
    state = _ask(config, loaded, "status")
    points = _ask(config, loaded, "values").get("points", []) if values else []
    if json:
        print(msgspec.json.encode({**state, "points": points} if values else state).decode())
        return
    print(in_words(state))
    if values:
        print("\n".join(values_in_words(points)))


def tape(
    config: ConfigPath = Path("gateway.toml"), *, bus: str = "", out: Path | None = None, json: Json = False
) -> None:
    """Write down the last ten minutes of a bus's bytes, as the gateway that runs has them in memory.

    Dumps that it made by itself (on an alarm, on an instrument that fell silent) lie in `tapes` of its state
    folder.

    Args:
        config: the gateway.toml.
        bus: which one; may be left out if there is only one.
        out: the file to write; without it the text goes to the terminal.
        json: one JSON object.
    """
    loaded = _loaded(config)
    names = [one.name for one in loaded.config.buses]
    if not bus and len(names) > 1:
        _end(f"which bus? say --bus {' or --bus '.join(names)}", 2)
    answer = _ask(config, loaded, f"tape {bus or names[0]}")
    if "tape" not in answer:
        _end(answer.get("error", "this gateway is too old to have a black box"))
    if out is not None:
        out.write_text(answer["tape"], encoding="utf-8")
        print(f"{out}: {answer['tape'].count(chr(10))} lines")
    elif json:
        print(msgspec.json.encode(answer).decode())
    else:
        print(answer["tape"], end="")


def try_horn(
    config: ConfigPath = Path("gateway.toml"),
    *,
    annunciator: str = "",
    by: str = "at the gateway",
    json: Json = False,
) -> None:
    """Sound horn, beacon and announcers for a moment, and say what each of them did.

    Args:
        config: the gateway.toml.
        annunciator: whose; may be left out if there is only one.
        by: who tests, for the record.
        json: one JSON object.
    """
    loaded = _loaded(config)
    names = [one.name for one in loaded.config.annunciators]
    if not names or (not annunciator and len(names) > 1):
        _end(f"which annunciator? there are {', '.join(names) or 'none'}", 2)
    answer = _ask(config, loaded, f"test {annunciator or names[0]} {by}")
    if "test" not in answer:
        _end(answer.get("error", "this gateway is too old to test its horn"))
    if json:
        print(msgspec.json.encode(answer).decode())
    else:
        for result in answer["test"]:
            print(f"{result['output']:24} {'ok' if result['ok'] else 'FAILED'}  {result['reason']}")
    raise SystemExit(0 if all(result["ok"] for result in answer["test"]) else 1)


def _loaded(config: Path) -> Loaded:
    try:
        return in_force(config).loaded
    except ConfigError as exc:
        _end(str(exc))


def _ask(config: Path, loaded: Loaded, line: str) -> dict[str, Any]:
    from edge.status import ask

    try:
        return asyncio.run(ask(loaded.beside(loaded.config.gateway.state), line))
    except OSError as exc:
        _end(f"no gateway runs with {config}: {exc}")


def _end(text: str, code: int = 1) -> NoReturn:
    print(text, file=sys.stderr)
    raise SystemExit(code)
