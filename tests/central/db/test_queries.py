from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import central
from central.db.pool import connect
from central.db.queries import load, parse

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls

ROOT = Path(central.__file__).parent
FILES = sorted(p for p in ROOT.rglob("queries*.sql") if "node_modules" not in p.parts)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_named_query_is_accepted_by_the_migrated_schema(path: Path, database: DatabaseUrls) -> None:
    queries = load(str(path), path.name)

    async def body() -> None:
        conn = await connect(database.worker)
        try:
            for name, statement in queries:
                try:
                    await conn.prepare(statement)
                except Exception as exc:
                    raise AssertionError(f"{path.name}: {name}: {exc}") from exc
        finally:
            await conn.close()

    asyncio.run(body())


def test_a_query_has_a_name_a_sentence_and_a_statement() -> None:
    for path in FILES:
        for name, statement in load(str(path), path.name):
            assert statement.startswith("--"), f"{path}: {name} says nothing about itself"


def test_a_query_defined_twice_or_empty_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        parse("-- name: a\nSELECT 1;\n-- name: a\nSELECT 2;", Path("x.sql"))
    with pytest.raises(ValueError, match="empty"):
        parse("-- name: a\n\n-- name: b\nSELECT 2;", Path("x.sql"))


def test_a_misspelt_query_is_named_in_the_error() -> None:
    with pytest.raises(AttributeError, match="no query named opn"):
        _ = parse("-- name: open\nSELECT 1;", Path("x.sql")).opn
