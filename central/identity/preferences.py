"""Personal settings: each change names only what it changes, so that two devices never undo each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import UNSET

from central.db.errors import DomainError, FieldProblem
from central.identity import console_store as store
from central.identity.console_models import SettingsChange, SettingsRow

if TYPE_CHECKING:
    from datetime import datetime

    from central.db.pool import Connection

_MOST_LISTS = 200


async def read(conn: Connection, account_id: int) -> SettingsRow:
    """What somebody set."""
    return _row(await store.settings_of(conn, account_id))


async def change(conn: Connection, account_id: int, wanted: SettingsChange, now: datetime) -> SettingsRow:
    """Changes what is named and gives everything.

    Raises:
        DomainError: 400, more lists than the console has.
    """
    named: dict[str, Any] = {
        name: value
        for name in ("language", "sound", "mode", "density", "hidden_kinds")
        if (value := getattr(wanted, name)) is not UNSET
    }
    columns = {} if wanted.columns is UNSET else dict(wanted.columns)
    views = {} if wanted.views is UNSET else msgspec.to_builtins(wanted.views)
    kept = await store.change_settings(conn, account_id, named, columns, views, now)
    for name in ("columns", "views"):
        if len(kept[name]) > _MOST_LISTS:
            raise DomainError(
                "invalid",
                "保存的列表设置过多，请先恢复默认。",
                400,
                [FieldProblem(name, f"至多 {_MOST_LISTS} 个列表。")],
            )
    return _row(kept)


def _row(kept: dict[str, Any]) -> SettingsRow:
    """What a later version no longer knows is as if never chosen."""
    known: dict[str, Any] = {}
    for field in msgspec.structs.fields(SettingsRow):
        try:
            known[field.name] = msgspec.convert(kept.get(field.name), field.type)
        except msgspec.ValidationError:
            continue
    return SettingsRow(**known)
