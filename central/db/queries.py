"""Loads the named SQL of a store: `-- name: x`, a sentence as a comment, the statement with `$1`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME = re.compile(r"^--\s*name:\s*(\w+)\s*$", re.MULTILINE)


class Queries:
    """Statements by name: `Q.open_warnings` is the text; a misspelt name is an AttributeError at once."""

    def __init__(self, statements: dict[str, str], source: Path) -> None:
        self._statements = statements
        self.source = source

    def __getattr__(self, name: str) -> str:
        try:
            return self._statements[name]
        except KeyError:
            raise AttributeError(f"no query named {name} in {self.source}") from None

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._statements.items())


def parse(text: str, source: Path) -> Queries:
    """Splits a query file into its statements.

    Args:
        text: the content of a queries.sql.
        source: its path, for error messages.

    Raises:
        ValueError: a name comes twice, or a statement is empty.
    """
    statements: dict[str, str] = {}
    parts = _NAME.split(text)
    for name, body in zip(parts[1::2], parts[2::2], strict=True):
        statement = body.strip().rstrip(";").strip()
        if name in statements:
            raise ValueError(f"{source}: query {name} is defined twice")
        if not statement:
            raise ValueError(f"{source}: query {name} is empty")
        statements[name] = statement
    return Queries(statements, source)


def load(store_file: str, name: str = "queries.sql") -> Queries:
    """Reads the query file that lies next to a store; the store calls it with its own `__file__`.

    Args:
        store_file: `__file__` of the store.
        name: the file beside it.
    """
    path = Path(store_file).with_name(name)
    return parse(path.read_text(encoding="utf-8"), path)
