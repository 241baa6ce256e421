"""Rows of self-measurements."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from central.db.queries import load
from central.devices.figures_models import FiguresRow, MeasuredFigure, MeasuredMachine

if TYPE_CHECKING:
    from datetime import datetime

    from central.db.pool import Connection

Q = load(__file__, "queries_figures.sql")


async def keep(conn: Connection, gateway: str, row: FiguresRow, now: datetime) -> None:
    """Keep one run, once."""
    machine = row.machine
    await conn.execute(
        Q.keep_figures,
        gateway,
        row.run,
        row.software,
        machine.model,
        machine.cores,
        machine.ram_mb,
        machine.python,
        machine.load,
        row.measured_at,
        now,
        msgspec.to_builtins(row.figures),
    )


async def by_version(conn: Connection, gateway: str, limit: int) -> list[FiguresRow]:
    """The newest run of each version within the scope, newest first."""
    return [
        FiguresRow(
            run=r["run"],
            software=r["software"],
            measured_at=r["measured_at"],
            machine=MeasuredMachine(r["model"], r["cores"], r["ram_mb"], r["python"], r["load"]),
            figures=msgspec.convert(r["figures"], list[MeasuredFigure]),
        )
        for r in await conn.fetch(Q.figures_by_version, gateway, limit)
    ]
