"""Level tables as files: TOML or JSON in, TOML or JSON out, the same table again.

```toml
name = "临江县预警定级表"
source = "临江县应急管理局"
region = "429981"               # empty: the general table

[[rule]]
kind = "alarm"                  # an empty matcher fits all
side = "high"
limit_name = "HH"
quantity = "gas"
hazard_class = 1
level = "red"
reason = "高高报，一级重大危险源"
```
"""

from __future__ import annotations

import json

import msgspec

from central.warning.level_models import RuleRow, TableFile


class BadFile(ValueError):
    """The file is no table; the message says where and why."""


def read(text: str) -> TableFile:
    """Read a table from TOML, or from JSON where the text begins like it.

    Raises:
        BadFile: it is neither, or has an unknown or a bad field.
    """
    try:
        if text.lstrip("\ufeff \t\r\n").startswith("{"):
            return msgspec.json.decode(text.lstrip("\ufeff"), type=TableFile)
        return msgspec.toml.decode(text.lstrip("\ufeff"), type=TableFile)
    except (msgspec.DecodeError, UnicodeError) as exc:
        raise BadFile(str(exc)) from exc


def to_toml(table: TableFile) -> str:
    """Write a table as TOML; empty matchers are left out."""
    lines = [f"{name} = {_text(getattr(table, name))}" for name in ("name", "source", "region")]
    for row in table.rule:
        lines += ["", "[[rule]]"]
        lines += [f"{name} = {_value(value)}" for name, value in _told(row)]
    return "\n".join(lines) + "\n"


def to_json(table: TableFile) -> str:
    """Write a table as JSON, indented for people."""
    return msgspec.json.format(msgspec.json.encode(table), indent=2).decode()


def _told(row: RuleRow) -> list[tuple[str, object]]:
    """The fields of a row that say something, its matchers first."""
    names = [name for name in RuleRow.__struct_fields__ if name not in {"level", "reason"}]
    found = [(name, getattr(row, name)) for name in (*names, "level", "reason")]
    return [(name, value) for name, value in found if value not in {"", None, 0}]


def _value(value: object) -> str:
    return _text(value) if isinstance(value, str) else str(value)


def _text(value: str) -> str:
    # The escapes of JSON are those of TOML's basic strings.
    return json.dumps(value, ensure_ascii=False)
