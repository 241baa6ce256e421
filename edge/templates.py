"""Instrument templates: found by name, checked, and laid under what a site says of its units."""

import copy
import sysconfig
import tomllib
from pathlib import Path
from typing import Any, Final

import msgspec

from edge.strict import Problems, read

# Beside the sources, or where an installed distribution carries them.
TEMPLATES: Final = (
    Path(__file__).parent.parent / "firmware-config" / "templates",
    Path(sysconfig.get_path("data")) / "share" / "fengsui" / "templates",
)


def parse(path: Path, problems: Problems) -> dict[str, Any] | None:
    """Read a TOML file; None with the problem noted."""
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


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The head of a template file; its points are laid under those of the unit that uses it."""

    title: str
    manufacturer: str = ""
    model: str = ""
    document: str = ""
    note: str = ""


class Templates:
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
        raw = parse(path, problems)
        if raw is None:
            return None
        own = Problems(path.name)
        read(Head, raw.get("template"), "$.template", own)
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


def with_templates(raw: dict[str, Any], templates: Templates, problems: Problems) -> dict[str, Any]:
    merged = copy.deepcopy(raw)
    for b, bus in enumerate(tables(merged.get("buses"))):
        for u, unit in enumerate(tables(bus.get("units"))):
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
    for a, annunciator in enumerate(tables(merged.get("annunciators"))):
        place = f"$.annunciators[{a}]"
        _relay_board(annunciator, tables(merged.get("buses")), templates, place, problems)
    return merged


def _relay_board(
    annunciator: dict[str, Any],
    buses: list[dict[str, Any]],
    templates: Templates,
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
        declared = [unit.get("unit") for unit in tables(units)]
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


def tables(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
