"""The centre's configurations for gateways: made here, judged and tried at the gateway, followed here.

    draft ─ send ─▶ pending ─▶ trial ─▶ kept
                      │          └────▶ taken-back
                      └───────────────▶ refused

Every check of a configuration is the gateway's own (`fengsui edge check`): it has the drivers and templates
of its version. Here only that it is TOML, and of this gateway.
"""

from __future__ import annotations

import difflib
import hashlib
import tomllib
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from central.db.errors import NotFoundError
from central.db.queries import load
from central.devices import rules
from central.devices.configuration_models import (
    LARGEST,
    ConfigurationList,
    ConfigurationRow,
    ConfigurationText,
    ConfigurationUnfit,
    Difference,
    NewConfiguration,
    NotADraft,
    Opinion,
)
from central.identity import service as identity
from protocol.messages import ON_TRIAL, Configuration, ConfigurationEvent

if TYPE_CHECKING:
    import asyncpg

    from central.db.pool import Connection

Q = load(__file__, "queries_configuration.sql")

SILENT: Final = "silent"
CENTRE: Final = "centre"
FILE: Final = "file"
SHOWN: Final = 100
FARED: Final = frozenset({"trial", "kept", "taken-back", "refused"})
_INT: Final = 2**31 - 1
_TEXT: Final = 4000


async def make(
    conn: Connection, gateway: str, new: NewConfiguration, by: str, now: datetime
) -> ConfigurationRow:
    """Write down a new version; nothing is sent.

    Raises:
        ConfigurationUnfit: not TOML, or not of this gateway.
        NotFoundError: no such gateway within the scope.
    """
    _look(gateway, new.text)
    await conn.execute(Q.lock_gateway, gateway)
    digest = hashlib.sha256(new.text.encode()).hexdigest()
    version = await conn.fetchval(Q.make, gateway, new.text, digest, rules.plain(new.reason), now, by)
    if version is None:
        raise NotFoundError
    await identity.audit(
        conn,
        "configuration",
        "gateway",
        gateway,
        after={"version": version, "hash": digest},
        reason=new.reason,
    )
    return (await one(conn, gateway, version)).row


def _look(gateway: str, text: str) -> None:
    if len(text.encode()) > LARGEST or "\x00" in text:
        raise ConfigurationUnfit(f"文本最多 {LARGEST} 字节，且不能含有空字符。")
    try:
        table = tomllib.loads(text).get("gateway", {})
    except tomllib.TOMLDecodeError as exc:
        raise ConfigurationUnfit(f"不是有效的 TOML：{exc}") from exc
    named = table.get("id") if isinstance(table, dict) else None
    if named != gateway:
        raise ConfigurationUnfit(f"[gateway] id 是 {named!r}，应为 {gateway!r}。")


async def listing(conn: Connection, gateway: str) -> ConfigurationList:
    """All versions of a gateway, newest first, and who is master.

    Raises:
        NotFoundError: no such gateway within the scope.
    """
    state = await conn.fetchrow(Q.in_force, gateway)
    if state is None:
        raise NotFoundError
    rows = await conn.fetch(Q.listing, gateway, SHOWN)
    return ConfigurationList(state["master"], state["config_version"], [_row(row) for row in rows])


async def one(conn: Connection, gateway: str, version: int) -> ConfigurationText:
    """One version with its text.

    Raises:
        NotFoundError: there is none within the scope.
    """
    row = await conn.fetchrow(Q.one, gateway, version) if 0 < version <= _INT else None
    if row is None:
        raise NotFoundError
    return ConfigurationText(_row(row), row["content"])


async def difference(conn: Connection, gateway: str, version: int, before: int) -> Difference:
    """What a version changes against another, as a unified difference.

    Raises:
        NotFoundError: one of them is not there.
    """
    old, new = await one(conn, gateway, before), await one(conn, gateway, version)
    lines = difflib.unified_diff(
        old.text.splitlines(), new.text.splitlines(), str(before), str(version), lineterm=""
    )
    return Difference(list(lines))


async def message(conn: Connection, gateway: str, version: int, *, dry: bool) -> Configuration:
    """What is sent, not signed yet.

    Raises:
        NotFoundError: there is none within the scope.
        NotADraft: it was sent already, and is not asked about.
    """
    found = await one(conn, gateway, version)
    row = found.row
    if not dry and row.state not in {"draft", "pending"}:
        raise NotADraft
    made_ms = int(row.made_at.timestamp() * 1000)
    return Configuration(gateway, version, found.text, row.made_by, row.reason, made_ms, dry)


async def told(conn: Connection, gateway: str, version: int, opinion: Opinion, now: datetime) -> None:
    """Write down what became of sending it; a gateway that was silent is asked again when it is there."""
    state = {"done": "trial", "repeated": _repeated(opinion.detail), SILENT: "pending"}.get(
        opinion.result, "refused"
    )
    was = (await one(conn, gateway, version)).row.state
    await conn.execute(Q.tell, gateway, version, state, rules.plain(opinion.detail)[:_TEXT], now)
    if was == state:
        return  # still silent: asked again every few seconds, and audited once
    await identity.audit(
        conn,
        "configuration-sent",
        "gateway",
        gateway,
        after={"version": version, "result": opinion.result},
    )


def _repeated(detail: str) -> str:
    """What a gateway that had it already says of its end."""
    if detail.endswith(": kept"):
        return "kept"
    return "taken-back" if ": taken back" in detail else "trial"


async def pending(conn: Connection, most: int) -> Sequence[Configuration]:
    """Claim what waits for gateways that are there; sent after this transaction."""
    return [
        Configuration(
            row["gateway_id"],
            row["version"],
            row["content"],
            row["made_by"],
            row["reason"],
            int(row["made_at"].timestamp() * 1000),
        )
        for row in await conn.fetch(Q.pending, most)
    ]


async def keep(
    conn: Connection, gateway: str, event: ConfigurationEvent, position: tuple[int, int], at: datetime
) -> None:
    """Keep what a gateway tells of its configuration, the newest alone.

    Args:
        conn: the transaction that stores the event, or a savepoint in it.
        gateway: who signed it.
        event: as it came.
        position: (ordinal of the epoch, sequence number).
        at: receive time.
    """
    version = max(0, min(event.version, _INT))
    ours = event.master == CENTRE
    if ours:
        await conn.execute(Q.saw, gateway, version)
    if event.stage == "in-force":
        if not await conn.fetchval(Q.ran, gateway, CENTRE if ours else FILE, version, *position):
            return
        on_trial = ours and event.reason == ON_TRIAL
        kept, goes_on = (version if ours and not on_trial else 0), (version if on_trial else 0)
        await conn.execute(Q.settle, gateway, kept, goes_on, at, *position)
    elif event.stage in FARED:
        reason = rules.plain(event.reason)[:_TEXT]
        await conn.execute(Q.fared, gateway, version, event.stage, reason, at, *position)


def _row(row: asyncpg.Record) -> ConfigurationRow:
    return ConfigurationRow(**{field: row[field] for field in ConfigurationRow.__struct_fields__})
