"""Keeps what gateways measured of themselves, and lists it by version of their software."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from central.db.errors import NotFoundError
from central.devices import figures_store, rules, store
from central.devices.figures_models import FiguresRow, MeasuredFigure, MeasuredMachine

if TYPE_CHECKING:
    from central.db.pool import Connection
    from protocol.messages import FiguresEvent

MOST: Final = 100  # figures of one run; ours have about twenty
TEXT: Final = 200
VERSIONS: Final = 20
_EARLIEST_MS: Final = 1_704_067_200_000  # 2024-01-01, before this software existed
_INT: Final = 2**31 - 1


async def keep(conn: Connection, gateway: str, event: FiguresEvent, at: datetime, now: datetime) -> None:
    """Keep one self-measurement; a run that comes again changes nothing.

    Args:
        conn: the transaction that stores the event, or a savepoint in it.
        gateway: who signed it.
        event: as it came; what no column can hold is cut.
        at: the event's own date, for a measurement whose clock was wrong.
        now: receive time.
    """
    machine = event.machine
    row = FiguresRow(
        run=_text(event.id),
        software=_text(event.software),
        measured_at=_measured(event.measured_ms, at, now),
        machine=MeasuredMachine(
            _text(machine.model),
            max(0, min(machine.cores, _INT)),
            max(0, min(machine.ram_mb, _INT)),
            _text(machine.python),
            machine.load if math.isfinite(machine.load) else 0.0,
        ),
        figures=[
            MeasuredFigure(_text(f.bench), _text(f.metric), f.value, _text(f.unit), _finite(f.baseline))
            for f in event.figures[:MOST]
            if math.isfinite(f.value)
        ],
    )
    await figures_store.keep(conn, gateway, row, now)


async def listing(conn: Connection, gateway: str) -> list[FiguresRow]:
    """The newest self-measurement of each version of a gateway's software, newest first.

    Raises:
        NotFoundError: no such gateway within the scope.
    """
    if await store.last_word(conn, gateway) is None:
        raise NotFoundError
    return await figures_store.by_version(conn, gateway, VERSIONS)


def _text(text: str) -> str:
    return rules.plain(text)[:TEXT]


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _measured(ms: int, at: datetime, now: datetime) -> datetime:
    """When it was measured: the past as the gateway's clock had it, unless that cannot be."""
    now_ms = round(now.timestamp() * 1000)
    return datetime.fromtimestamp(ms / 1000, UTC) if _EARLIEST_MS <= ms <= now_ms else min(at, now)
