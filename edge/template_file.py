"""One instrument template: what may stand in its file, and what makes it refused.

    [template]      what it is, and where its registers come from
    [unit]          defaults for the keys of [[buses.units]]
    [[points]]      keys of a point, with `id` instead of `key`
    [annunciator]   relay boards: which relay is what
    [[fingerprint]] registers by which `fengsui edge scan` knows the instrument
    [simulator]     how `fengsui edge simulate` plays it

docs/templates.md explains every key.
"""

import tomllib
from pathlib import Path
from typing import Annotated, Any, Final, Literal, get_args

import msgspec

from edge.config_models import Word
from edge.simulator.settings import Simulator, read_simulator
from edge.strict import Problems, read

ASSUMED: Final = "assumed"
PARTS: Final = ("template", "unit", "points", "annunciator", "fingerprint", "simulator")
# Registers that a type takes; a coil or a single bit takes one place.
WIDTHS: Final = {"32": 2, "64": 4}

Kind = Literal["tcp", "rtu", "rtu-over-tcp", "ascii", "serial-line", "dlt645", "hj212", "sl651", "opcua"]


KINDS: Final = get_args(Kind)
MODBUS: Final[tuple[Kind, ...]] = ("tcp", "rtu", "rtu-over-tcp", "ascii")


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the instrument is, which buses it fits, and who says so.

    `source` is "assumed" (nobody of us held its document) or says where `document` was read.
    """

    title: Annotated[str, msgspec.Meta(min_length=1)]
    kinds: Annotated[list[Kind], msgspec.Meta(min_length=1)] = msgspec.field(
        default_factory=lambda: [*MODBUS]
    )
    manufacturer: str = ""
    model: str = ""
    firmware: str = ""
    document: str = ""
    source: Annotated[str, msgspec.Meta(min_length=1)] = ASSUMED
    note: str = ""
    quirks: list[str] = []


class Fingerprint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A register that says what the instrument is: it `equals` something, or is `between` two numbers.

    It is read on its own, once, by who looks for instruments: it need not be `readable` with others.
    `length` is in registers, for type "text" (two characters a register, the first in the high byte).
    """

    address: Word
    table: Literal["holding", "input", "coil", "discrete"] = "holding"
    type: Literal["uint16", "int16", "uint32", "int32", "uint64", "int64", "float32", "float64", "text"] = (
        "uint16"
    )
    order: Literal["ABCD", "CDAB", "BADC", "DCBA"] = "ABCD"
    length: Annotated[int, msgspec.Meta(ge=1, le=32)] | None = None
    equals: int | float | str | None = None
    between: Annotated[list[float], msgspec.Meta(min_length=2, max_length=2)] | None = None

    @property
    def width(self) -> int:
        """Registers that it takes."""
        return (self.length or 1) if self.type == "text" else WIDTHS.get(self.type[-2:], 1)

    def matches(self, value: float | str) -> bool:
        """Return whether what was read there is this instrument's."""
        if self.between is not None:
            return not isinstance(value, str) and self.between[0] <= value <= self.between[1]
        if isinstance(value, str):
            return value.rstrip("\0 ") == self.equals
        return value == self.equals


class Template(msgspec.Struct, frozen=True):
    """A template that passed its own checks; `raw` is its file as it stands."""

    name: str
    file: Path
    head: Head
    raw: dict[str, Any]
    fingerprint: list[Fingerprint]
    simulator: Simulator | None

    @property
    def unit(self) -> dict[str, Any]:
        """Defaults for the keys of [[buses.units]]."""
        return dict(self.raw.get("unit", {}))

    @property
    def points(self) -> list[dict[str, Any]]:
        """The points, each with its `id`."""
        return list(self.raw.get("points", []))

    @property
    def annunciator(self) -> dict[str, Any]:
        """Which relay is what."""
        return dict(self.raw.get("annunciator", {}))


def parse(path: Path, problems: Problems, text: str | None = None) -> dict[str, Any] | None:
    """Read a TOML file, or a text in its place; None with the problem noted."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8") if text is None else text)
    except OSError as exc:
        problems.add(
            "$", f"cannot be read ({exc.strerror})", f"give the path of a file, not {path}", path.name
        )
    except UnicodeDecodeError as exc:
        problems.add("$", f"is not UTF-8 ({exc.reason})", "save the file as UTF-8", path.name)
    except tomllib.TOMLDecodeError as exc:
        problems.add("$", f"is not TOML: {exc}", "correct that line", path.name)
    return None


def read_template(path: Path, problems: Problems) -> Template | None:
    """Read and check a template by itself; None with every problem noted, each under the template's name.

    What a point may hold depends on the family of the bus, and is checked where the configuration is read.
    """
    raw = parse(path, problems)
    if raw is None:
        return None
    own = Problems(path.name)
    for key in raw:
        if key not in PARTS:
            own.add(f"$.{key}", "unknown key", f"known here: {', '.join(PARTS)}")
    head = read(Head, raw.get("template", {}), "$.template", own)
    if head is not None:
        _head(head, own)
    ids = _ids(raw, own)
    _readable(raw, own)
    _annunciator(raw, own)
    simulator = read_simulator(raw["simulator"], ids, own) if "simulator" in raw else None
    prints = _fingerprints(raw, own)
    problems.found += own.found
    if own.found or head is None:
        return None
    return Template(path.stem, path, head, raw, prints, simulator)


def _head(head: Head, problems: Problems) -> None:
    if not (set(head.kinds) <= set(MODBUS) or len(head.kinds) == 1):
        problems.add(
            "$.template.kinds",
            f"{', '.join(head.kinds)} are not of one family: their points have different keys",
            f"name kinds of one family, for example {', '.join(MODBUS)}",
        )
    named = head.manufacturer or head.model
    if named and (head.source == ASSUMED or not head.document):
        problems.add(
            "$.template.source",
            f"names {named!r}, but no document that says what its registers are",
            "give `document` and in `source` where it was read, or take the name out",
        )


def _ids(raw: dict[str, Any], problems: Problems) -> list[str]:
    points = raw.get("points", [])
    if not isinstance(points, list) or not all(
        isinstance(p, dict) and isinstance(p.get("id"), str) for p in points
    ):
        problems.add("$.points", "each point of a template needs an id", 'add for example id = "gas"')
        return []
    ids = [str(point["id"]) for point in points]
    for i, name in enumerate(ids):
        if name in ids[:i]:
            problems.add(f"$.points[{i}].id", f"{name!r} is used twice", "give each point an id of its own")
    return ids


def _annunciator(raw: dict[str, Any], problems: Problems) -> None:
    parts = raw.get("annunciator", {})
    if not isinstance(parts, dict):
        problems.add("$.annunciator", "is not a table", "write [annunciator]")
        return
    for name, part in parts.items():
        if name not in {"horn", "beacon", "button"}:
            problems.add(f"$.annunciator.{name}", "unknown key", "known here: horn, beacon, button")
        elif not isinstance(part, dict):
            problems.add(
                f"$.annunciator.{name}", f"{part!r} is not a table", "write { coil = 0 }, or { input = 0 }"
            )


def _readable(raw: dict[str, Any], problems: Problems) -> None:
    """Check that every point, of those that have an address, lies in what the instrument answers for."""
    unit = raw.get("unit", {})
    if not isinstance(unit, dict):
        problems.add("$.unit", "is not a table", "write [unit]")
        return
    points = raw.get("points", [])
    for i, point in enumerate(points if isinstance(points, list) else []):
        if isinstance(point, dict) and isinstance(point.get("address"), int):
            kind = str(point.get("type", "uint16"))
            last = point["address"] + WIDTHS.get(kind[-2:], 1) - 1
            _inside(
                unit, str(point.get("table", "holding")), point["address"], last, f"$.points[{i}]", problems
            )


def _inside(unit: dict[str, Any], table: str, first: int, last: int, place: str, problems: Problems) -> None:
    ranges = [
        (one["first"], one["last"])
        for one in (unit["readable"] if isinstance(unit.get("readable"), list) else [])
        if isinstance(one, dict)
        and one.get("table", "holding") == table
        and isinstance(one.get("first"), int)
        and isinstance(one.get("last"), int)
    ]
    if ranges and not any(low <= first and last <= high for low, high in ranges):
        said = ", ".join(f"{low}..{high}" for low, high in sorted(ranges))
        problems.add(
            f"{place}.address",
            f"{table} {first}..{last} is outside what is readable ({said})",
            "correct the address, or extend `readable` in [unit]",
        )


def _fingerprints(raw: dict[str, Any], problems: Problems) -> list[Fingerprint]:
    tables = raw.get("fingerprint", [])
    if not isinstance(tables, list):
        problems.add("$.fingerprint", "is not a list of tables", "write [[fingerprint]]")
        return []
    found = []
    for i, table in enumerate(tables):
        place = f"$.fingerprint[{i}]"
        one = read(Fingerprint, table, place, problems)
        if one is not None:
            _fingerprint(one, place, problems)
            found.append(one)
    return found


def _fingerprint(one: Fingerprint, place: str, problems: Problems) -> None:
    if (one.equals is None) == (one.between is None):
        problems.add(place, "needs either `equals` or `between`", "say what the instrument shows there")
    elif one.type == "text":
        if not isinstance(one.equals, str):
            problems.add(f"{place}.equals", "a text is compared with a text", 'write equals = "…"')
        elif one.length is None or len(one.equals) > 2 * one.length:
            problems.add(
                f"{place}.length",
                f"{one.equals!r} does not fit",
                "give its length in registers, two characters each",
            )
    elif isinstance(one.equals, str):
        problems.add(
            f"{place}.equals", f"{one.equals!r} is no {one.type}", 'write a number, or type = "text"'
        )
    elif one.between is not None and one.between[0] > one.between[1]:
        problems.add(f"{place}.between", f"{one.between} is empty", "write [lowest, highest]")
