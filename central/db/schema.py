"""schema.sql: what all migrations together make, for readers and for a test that compares."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from central.db.embedded import programs

if TYPE_CHECKING:
    from central.db.embedded import EmbeddedServer

SCHEMA = Path(__file__).with_name("schema.sql")

_HEAD = """\
-- What the migrations in migrations/ make, one after another. Generated: `fengsui central schema --write`.
"""
# Lines that differ from run to run or say nothing about the schema.
_NOISE = ("--", "\\restrict", "\\unrestrict", "SET ", "SELECT pg_catalog.set_config")


def dump_schema(server: EmbeddedServer, database: str) -> str:
    """The schema of a database of the embedded server, without anything that changes from run to run.

    Args:
        server: set up and running.
        database: its name.
    """
    done = subprocess.run(
        # Tables of registers follow from their declarations, and have a test of their own.
        [
            str(programs() / "pg_dump"),
            "--schema-only",
            "--no-comments",
            "--exclude-table=public.reg_*",
            server.url("admin", database),
        ],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "LC_ALL": "C"},
    )
    kept: list[str] = []
    for line in done.stdout.splitlines():
        if line.startswith(_NOISE) or (not line and kept and not kept[-1]):
            continue
        kept.append(line.rstrip())
    return _HEAD + "\n".join(kept).rstrip() + "\n"
