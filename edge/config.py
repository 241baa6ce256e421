"""The gateway's configuration: `gateway.toml` and instrument templates as frozen Structs, refused when wrong.

`load` reads the file, lays each unit's overrides over its template, checks what the types cannot say
(`edge/config_rules.py`) and reports every problem at once.
"""

import copy
import hashlib
import re
import sysconfig
import tomllib
from pathlib import Path
from typing import Any, Final

import msgspec

from edge.config_models import Config
from edge.config_rules import check
from edge.strict import Problem, Problems, read

# Beside the sources, or where an installed distribution carries them.
TEMPLATES: Final = (
    Path(__file__).parent.parent / "firmware-config" / "templates",
    Path(sysconfig.get_path("data")) / "share" / "fengsui" / "templates",
)


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


def load(path: Path) -> Loaded:
    """Read and check a gateway's configuration.

    Args:
        path: the gateway.toml.

    Returns:
        The configuration; its hash covers the content of the file and of every template used.

    Raises:
        ConfigError: with every problem that could be found.
    """
    problems = Problems(path.name)
    raw = _parse(path, problems)
    if raw is None:
        raise ConfigError(problems.found)
    folders = [path.parent / folder for folder in _texts(raw.get("gateway"), "templates")]
    used = _Templates([*folders, path.parent / "templates", *TEMPLATES])
    merged = _with_templates(raw, used, problems)
    config = read(Config, merged, "$", problems)
    if config is not None:
        check(config, problems)
    if problems.found or config is None:
        raise ConfigError([_at_home(problem, merged) for problem in problems.found])
    return Loaded(config, path, _hash(raw, used.found))


def _parse(path: Path, problems: Problems) -> dict[str, Any] | None:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as exc:
        problems.add(
            "$", f"cannot be read ({exc.strerror})", f"give the path of a gateway.toml, not {path}", path.name
        )
    except UnicodeDecodeError as exc:
        problems.add("$", f"is not UTF-8 ({exc.reason})", "save the file as UTF-8", path.name)
    except tomllib.TOMLDecodeError as exc:
        problems.add("$", f"is not TOML: {exc}", "correct that line", path.name)
    return None


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


class _Template(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The head of a template file; its points are laid under those of the unit that uses it."""

    title: str
    manufacturer: str = ""
    model: str = ""
    document: str = ""
    note: str = ""


class _Templates:
    """Template files by name, looked for in the site's folders first."""

    def __init__(self, folders: list[Path]) -> None:
        self._folders = folders
        self.found: dict[str, dict[str, Any]] = {}

    def get(self, name: str, place: str, problems: Problems) -> dict[str, Any] | None:
        if name in self.found:
            return self.found[name]
        path = next((p for f in self._folders if (p := f / f"{name}.toml").is_file()), None)
        if path is None or "/" in name:
            known = sorted({p.stem for f in self._folders if f.is_dir() for p in f.glob("*.toml")})
            problems.add(place, f"no template {name!r}", f"use one of {', '.join(known) or '(none found)'}")
            return None
        raw = _parse(path, problems)
        if raw is None:
            return None
        own = Problems(path.name)
        read(_Template, raw.get("template"), "$.template", own)
        points = raw.get("points", [])
        if not isinstance(points, list) or not all(isinstance(p, dict) and "id" in p for p in points):
            own.add("$.points", "each point of a template needs an id", 'add for example id = "gas"')
        for key in raw:
            if key not in {"template", "unit", "points", "annunciator"}:
                own.add(f"$.{key}", "unknown key", "known here: template, unit, points, annunciator")
        problems.found += own.found
        if own.found:
            return None
        self.found[name] = raw
        return raw


def _with_templates(raw: dict[str, Any], templates: _Templates, problems: Problems) -> dict[str, Any]:
    merged = copy.deepcopy(raw)
    for b, bus in enumerate(_tables(merged.get("buses"))):
        for u, unit in enumerate(_tables(bus.get("units"))):
            place = f"$.buses[{b}].units[{u}]"
            name = unit.get("template")
            changes = unit.pop("set", {})
            if not isinstance(name, str):
                if changes:
                    problems.add(f"{place}.set", "nothing to change", "name a template, or write points")
                continue
            template = templates.get(name, f"{place}.template", problems)
            if template is None:
                unit.setdefault("points", [])
                continue
            points = _template_points(template, unit, changes, place, problems)
            for key, value in template.get("unit", {}).items():
                unit.setdefault(key, copy.deepcopy(value))
            unit["points"] = points + list(unit.get("points", []))
    for a, annunciator in enumerate(_tables(merged.get("annunciators"))):
        place = f"$.annunciators[{a}]"
        _relay_board(annunciator, _tables(merged.get("buses")), templates, place, problems)
    return merged


def _relay_board(
    annunciator: dict[str, Any],
    buses: list[dict[str, Any]],
    templates: _Templates,
    place: str,
    problems: Problems,
) -> None:
    """Fill in which relay is what: the template knows the board, the site knows its bus and unit."""
    name = annunciator.get("template")
    if not isinstance(name, str):
        return
    template = templates.get(name, f"{place}.template", problems)
    where = {key: annunciator.pop(key) for key in ("bus", "unit") if key in annunciator}
    for missing in sorted({"bus", "unit"} - set(where)):
        problems.add(f"{place}.{missing}", "missing", "say where this relay board hangs")
    for bus in buses:
        units = bus.setdefault("units", [])
        declared = [unit.get("unit") for unit in _tables(units)]
        if bus.get("name") == where.get("bus") and template and where.get("unit") not in declared:
            key = f"{annunciator.get('name', '')}-relays"
            units.append({"key": key, **template.get("unit", {}), "unit": where.get("unit"), "points": []})
    for part, own in (template or {}).get("annunciator", {}).items():
        given = annunciator.get(part, {})
        if given is False:
            del annunciator[part]
        elif isinstance(given, dict):
            annunciator[part] = {**where, **own, **given}


def _template_points(
    template: dict[str, Any], unit: dict[str, Any], changes: object, place: str, problems: Problems
) -> list[dict[str, Any]]:
    prefix, label = str(unit.get("key", "")), str(unit.get("name", ""))
    ids = [str(point["id"]) for point in template["points"]] if "points" in template else []
    if not isinstance(changes, dict):
        problems.add(f"{place}.set", "not a table", f"write [buses.units.set.{ids[0] if ids else 'id'}]")
        changes = {}
    for wanted in changes:
        if wanted not in ids:
            problems.add(
                f"{place}.set.{wanted}",
                "the template has no such point",
                f"it has {', '.join(ids) or 'none'}",
            )
    points = []
    for point in template.get("points", []):
        own = copy.deepcopy(point)
        name = own.pop("id")
        alone = len(ids) == 1
        own.setdefault("key", prefix if alone else f"{prefix}.{name}")
        own["name"] = " ".join(part for part in (label, own.get("name", "")) if part)
        change = changes.get(name, {})
        if isinstance(change, dict) and change.get("skip") is True:
            continue
        points.append(_laid_over(own, change) if isinstance(change, dict) else own)
    return points


def _laid_over(base: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """Lay the site's keys over the template's; tables key by key, `false` takes a limit away."""
    merged = dict(base)
    for key, value in change.items():
        if isinstance(value, dict) and isinstance(merged.get(key), dict):
            merged[key] = _laid_over(merged[key], value)
        elif value is False and isinstance(merged.get(key), dict):
            del merged[key]
        else:
            merged[key] = value
    return merged


def _tables(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _hash(raw: dict[str, Any], templates: dict[str, dict[str, Any]]) -> str:
    canonical = msgspec.json.encode({"gateway": raw, "templates": templates}, order="deterministic")
    return hashlib.sha256(canonical).hexdigest()
