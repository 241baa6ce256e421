"""From a template to a simulated instrument: the gateway.toml that would read it, its points, its physics."""

import re
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from edge.config import ConfigError, load
from edge.config_models import PointTable, UnitTable
from edge.layout import lay_out
from edge.simulator.fault import NO_FAULT, Fault
from edge.simulator.instrument import Instrument
from edge.simulator.settings import Simulator
from edge.strict import Problem, Problems
from edge.template_file import MODBUS, Template
from edge.templates import TEMPLATES, Templates

KEY: Final = "SIM-1"
BY_TCP: Final = ("tcp", "rtu-over-tcp", "serial-line", "dlt645", "hj212", "sl651", "opcua")
BY_PTY: Final = ("rtu", "ascii", "serial-line", "dlt645", "hj212", "sl651")
# What it is called on its bus where a person gave nothing else: its name first, then its password.
ADDRESSES: Final[Mapping[str, Mapping[str, str]]] = {
    "dlt645": {"address": "000000000001"},
    "hj212": {"mn": "010000A8900016F000169DC0", "password": "123456"},
    "sl651": {"station": "0000000001", "password": "0000"},
}


class Play(msgspec.Struct, frozen=True):
    """A template made ready to be served.

    Attributes:
        template: the file.
        kind: of the bus that is played.
        gateway_toml: what a gateway that reads it would be told of the bus.
        unit: the instrument as the gateway's configuration sees it; None for a board without points.
        number: its Modbus address; 0 in other families.
        instrument: its physics.
    """

    template: Template
    kind: str
    gateway_toml: str
    unit: UnitTable | None
    number: int
    instrument: Instrument


def find(name: str) -> Template:
    """Read a template by its name (a shipped one) or by its path.

    Raises:
        ConfigError: there is none, or it is wrong.
    """
    path = Path(name).absolute()
    folders = [path.parent] if path.suffix == ".toml" else list(TEMPLATES)
    problems = Problems("fengsui edge simulate")
    template = Templates(folders).get(path.stem if path.suffix == ".toml" else name, "TEMPLATE", problems)
    if template is None:
        raise ConfigError(problems.found)
    return template


def choose_kind(template: Template, wanted: str, *, serial: bool) -> str:
    """Return the kind of bus to play: the wanted one, or the template's first that fits the way.

    Raises:
        ConfigError: the template does not speak it, or not this way.
    """
    ways = BY_PTY if serial else BY_TCP
    fitting = [kind for kind in template.head.kinds if kind in ways]
    if wanted and wanted in fitting:
        return wanted
    if fitting and not wanted:
        return fitting[0]
    way = "--pty" if serial else "--tcp"
    problem = f"does not speak {wanted}" if wanted else "cannot be played this way"
    remedy = (
        f"use --kind {' or '.join(fitting)}" if fitting else f"use {'--tcp' if serial else '--pty'} instead"
    )
    raise ConfigError([Problem(f"{template.name}.toml", way, problem, remedy)])


def gateway_toml(template: Template, kind: str, where: Mapping[str, str | int], unit: str) -> str:
    """Return what a gateway.toml says of this instrument.

    Args:
        template: the instrument.
        kind: of its bus.
        where: the bus' keys of the connection: host and port, device, listen, endpoint.
        unit: how it is called on its bus; "" for the usual one.
    """
    lines = ["[[buses]]", 'name = "field"', f'kind = "{kind}"']
    lines += [f"{key} = {_toml(value)}" for key, value in where.items()]
    if not template.points:
        return "\n".join(
            [
                *lines,
                "",
                "[[annunciators]]",
                'name = "main"',
                f'template = "{template.name}"',
                'bus = "field"',
                f"unit = {unit or 10}",
            ]
        )
    lines += ["", "  [[buses.units]]", f'  key = "{KEY}"', f'  template = "{template.name}"']
    if kind in MODBUS:
        lines.append(f"  unit = {unit or 1}")
    elif kind in ADDRESSES:
        usual = dict(ADDRESSES[kind])
        if unit:
            usual[next(iter(usual))] = unit
        lines += [f"  {key} = {_toml(value)}" for key, value in usual.items()]
    return "\n".join(lines)


def prepare(
    template: Template,
    kind: str,
    where: Mapping[str, str | int],
    mono_ms: Callable[[], int],
    unit: str = "",
    fault: Fault = NO_FAULT,
) -> Play:
    """Check the template as the gateway would, and set its instrument up.

    Args:
        template: the instrument.
        kind: of its bus.
        where: see `gateway_toml`.
        mono_ms: the clock of the physics.
        unit: how the instrument is called on its bus.
        fault: what goes wrong with it.

    Raises:
        ConfigError: the gateway would refuse the template; each problem names the place in the template.
    """
    text = gateway_toml(template, kind, where, unit)
    simulator = template.simulator
    if simulator is None and template.points:
        raise ConfigError(
            [
                Problem(
                    f"{template.name}.toml",
                    "$.simulator",
                    "missing",
                    "say how each point moves: [simulator.points.…], see docs/templates.md",
                )
            ]
        )
    unit_table = _checked(template, text)
    points: dict[str, PointTable] = {}
    if unit_table is not None:
        # Laid together in the template's order, and nothing was skipped.
        points = {one["id"]: point for one, point in zip(template.points, unit_table.points, strict=True)}
    try:
        instrument = Instrument(points, simulator or Simulator({}), mono_ms, fault)
    except ValueError as exc:
        raise ConfigError(
            [Problem(f"{template.name}.toml", "$.simulator", str(exc), "correct the process")]
        ) from exc
    number = int(unit or (1 if template.points else 10)) if kind in MODBUS else 0
    return Play(template, kind, text, unit_table, number, instrument)


def _checked(template: Template, text: str) -> UnitTable | None:
    """Load and plan a gateway that has this instrument only."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gateway.toml"
        head = f'[gateway]\nid = "gw-simulated"\ntemplates = [{_toml(str(template.file.parent))}]\n\n'
        path.write_text(head + text, encoding="utf-8")
        try:
            loaded = load(path)
            lay_out(loaded, "")
        except ConfigError as exc:
            raise ConfigError([_in_template(one, template) for one in exc.problems]) from exc
    units = [unit for unit in loaded.config.buses[0].units if unit.key == KEY]
    return units[0] if units else None


def _in_template(problem: Problem, template: Template) -> Problem:
    """Name the place in the template; a site has no part in it here."""
    place = re.sub(r"^\$\.buses\[0\]\.units\[0\]\.points", "$.points", problem.place)
    place = re.sub(r"^\$\.buses\[0\]\.units\[0\]", "$.unit", place)
    file = f"{template.name}.toml" if place != problem.place or "simulate" in problem.file else problem.file
    return Problem(file, place, problem.problem, problem.remedy)


def _toml(value: Any) -> str:
    return (
        str(value) if isinstance(value, int) else '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    )
