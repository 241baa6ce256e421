"""The gateway's configuration: `gateway.toml` and instrument templates as frozen Structs, refused when wrong.

`load` reads the file, lays each unit's overrides over its template, checks what the types cannot say
(`edge/config_rules.py`) and reports every problem at once.
"""

import hashlib
import re
from pathlib import Path
from typing import Any, Final

import msgspec

from edge.config_models import AnnouncerTable, BusTable, Config, OutputTable
from edge.config_rules import check
from edge.drivers.families import table
from edge.outputs.settings import announcer_table, output_table
from edge.strict import Problem, Problems, Variants, read
from edge.templates import TEMPLATES, Templates, parse, tables, with_templates

SERIAL_KEYS: Final = ("device", "baudrate", "parity", "stopbits")
VARIANTS: Final[Variants] = {BusTable: table, AnnouncerTable: announcer_table, OutputTable: output_table}


class ConfigError(Exception):
    """The configuration is refused; `problems` are all that was found."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class Loaded(msgspec.Struct, frozen=True):
    """A configuration that passed every check, with where it came from."""

    config: Config
    file: Path
    hash: str

    def beside(self, path: str) -> Path:
        """A path as the file means it: relative to the file's folder."""
        return self.file.parent / path


def load(path: Path, text: str | None = None) -> Loaded:
    """Read and check a gateway's configuration.

    Args:
        path: the gateway.toml; whatever the configuration names lies beside it.
        text: instead of what the file holds.

    Returns:
        The configuration; its hash covers the content of the file and of every template used.

    Raises:
        ConfigError: with every problem that could be found.
    """
    problems = Problems(path.name)
    raw = parse(path, problems, text)
    if raw is None:
        raise ConfigError(problems.found)
    folders = [path.parent / folder for folder in _texts(raw.get("gateway"), "templates")]
    used = Templates([*folders, path.parent / "templates", *TEMPLATES])
    merged = with_templates(raw, used, problems)
    _serial_keys(merged, problems)
    config = read(Config, merged, "$", problems, VARIANTS)
    if config is not None:
        check(config, problems)
    if problems.found or config is None:
        # A unit whose template was refused has no points: that is told already.
        told = [one for one in problems.found if one.place not in used.pointless]
        raise ConfigError([_at_home(problem, merged) for problem in told])
    return Loaded(config, path, _hash(raw, used.found))


def _serial_keys(merged: dict[str, Any], problems: Problems) -> None:
    """Refuse the keys of a serial line at a Modbus TCP bus: whoever wrote them means another kind."""
    for b, bus in enumerate(tables(merged.get("buses"))):
        for key in SERIAL_KEYS if bus.get("kind") == "tcp" else ():
            if key in bus:
                problems.add(
                    f"$.buses[{b}].{key}",
                    "a tcp bus has no serial line",
                    'leave it out; RTU frames behind a serial server are kind = "rtu-over-tcp"',
                )


def _at_home(problem: Problem, merged: dict[str, Any]) -> Problem:
    """Name the template too where the bad key may stand there: its points come before the unit's own."""
    found = re.match(r"\$\.buses\[(\d+)\]\.units\[(\d+)\]\.points\[", problem.place)
    if not found:
        return problem
    template = merged["buses"][int(found[1])]["units"][int(found[2])].get("template")
    if not template or ".toml" not in problem.file:
        return problem
    return msgspec.structs.replace(problem, file=f"{problem.file} with {template}.toml")


def _texts(table: object, key: str) -> list[str]:
    value = table.get(key) if isinstance(table, dict) else None
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _hash(raw: dict[str, Any], templates: dict[str, dict[str, Any]]) -> str:
    canonical = msgspec.json.encode({"gateway": raw, "templates": templates}, order="deterministic")
    return hashlib.sha256(canonical).hexdigest()
