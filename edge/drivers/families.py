"""Which driver family serves which kind of bus."""

import importlib
from typing import Final, cast

from edge.config_models import BusTable
from edge.drivers.models import Family
from edge.strict import Problems

FAMILIES: Final = {
    "tcp": "modbus",
    "rtu": "modbus",
    "rtu-over-tcp": "modbus",
    "ascii": "modbus",
    "serial-line": "serial_line",
    "dlt645": "dlt645",
    "hj212": "hj212",
    "sl651": "sl651",
    "opcua": "opcua",
}


def family(kind: str) -> Family:
    """Return the family of a kind of bus; its module is imported when first asked for.

    Raises:
        KeyError: there is no such kind.
    """
    return cast("Family", importlib.import_module(f"edge.drivers.{FAMILIES[kind]}.family"))


def table(raw: dict[str, object], place: str, problems: Problems) -> type[BusTable] | None:
    """Choose the Struct of a `[[buses]]` table by its `kind`; None with the problem noted."""
    kind = raw.get("kind")
    if isinstance(kind, str) and kind in FAMILIES:
        return family(kind).TABLE
    what = "missing" if kind is None else f"{kind!r} is no kind of bus"
    problems.add(f"{place}.kind", what, f"use one of {', '.join(FAMILIES)}")
    return None
