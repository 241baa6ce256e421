"""Instrument templates: found by name, and laid under what a site says of its units."""

import copy
import sysconfig
from pathlib import Path
from typing import Any, Final

from edge.strict import Problems
from edge.template_file import KINDS, Template, parse, read_template

__all__ = ["TEMPLATES", "Templates", "parse", "tables", "with_templates"]

# Beside the sources, or where an installed distribution carries them.
TEMPLATES: Final = (
    Path(__file__).parent.parent / "firmware-config" / "templates",
    Path(sysconfig.get_path("data")) / "share" / "fengsui" / "templates",
)


class Templates:
    """Template files by name, looked for in the site's folders first."""

    def __init__(self, folders: list[Path]) -> None:
        self._folders = folders
        self._read: dict[str, Template | None] = {}
        self.pointless: set[str] = set()  # places of points that a refused template would have given

    @property
    def found(self) -> dict[str, dict[str, Any]]:
        """Content of the templates that were used, by name."""
        return {name: one.raw for name, one in self._read.items() if one is not None}

    def get(self, name: str, place: str, problems: Problems) -> Template | None:
        """Return a template; None with the problem noted, once a template."""
        if name in self._read:
            return self._read[name]
        path = next((p for f in self._folders if (p := f / f"{name}.toml").is_file()), None)
        if path is None or "/" in name:
            known = sorted({p.stem for f in self._folders if f.is_dir() for p in f.glob("*.toml")})
            problems.add(place, f"no template {name!r}", f"use one of {', '.join(known) or '(none found)'}")
            return None
        self._read[name] = read_template(path, problems)
        return self._read[name]


def with_templates(raw: dict[str, Any], templates: Templates, problems: Problems) -> dict[str, Any]:
    """Return the configuration with every unit's template laid under what the site says of it."""
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
                if "points" not in unit:
                    templates.pointless.add(f"{place}.points")
                    unit["points"] = []
                continue
            if bus.get("kind") in KINDS and bus.get("kind") not in template.head.kinds:
                problems.add(
                    f"{place}.template",
                    f"{name} does not fit a bus of kind {bus.get('kind')!r}",
                    f"its instrument speaks {' or '.join(template.head.kinds)}",
                )
                # Its keys mean nothing here: refusing each of them as well would bury what is wrong.
                templates.pointless.add(f"{place}.points")
                unit.setdefault("points", [])
                continue
            points = _template_points(template, unit, changes, place, problems)
            for key, value in template.unit.items():
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
        named = bus.get("name") == where.get("bus")
        if named and template and bus.get("kind") in KINDS and bus.get("kind") not in template.head.kinds:
            problems.add(
                f"{place}.template",
                f"{name} does not fit bus {bus['name']!r} of kind {bus['kind']!r}",
                f"its board speaks {' or '.join(template.head.kinds)}: name such a bus",
            )
            continue
        units = bus.setdefault("units", [])
        declared = [unit.get("unit") for unit in tables(units)]
        if named and template and where.get("unit") not in declared:
            key = f"{annunciator.get('name', '')}-relays"
            units.append({"key": key, **template.unit, "unit": where.get("unit"), "points": []})
    for part, own in (template.annunciator if template else {}).items():
        given = annunciator.get(part, {})
        if given is False:
            del annunciator[part]
        elif isinstance(given, dict) and "gpio" not in given:
            annunciator[part] = {**where, **own, **given}


def _template_points(
    template: Template, unit: dict[str, Any], changes: object, place: str, problems: Problems
) -> list[dict[str, Any]]:
    prefix, label = str(unit.get("key", "")), str(unit.get("name", ""))
    ids = [str(point["id"]) for point in template.points]
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
    for point in template.points:
        own = copy.deepcopy(point)
        name = own.pop("id")
        alone = len(ids) == 1
        own.setdefault("key", prefix if alone else f"{prefix}.{name}")
        named = " ".join(part for part in (label, str(own.pop("name", ""))) if part)
        own |= {"name": named} if named else {}
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
    """Return the tables in a list; what is none is left to the checks."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
