"""A draft of the demo county's level table: what lasts and what comes again is graded worse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from central.warning import level_tables
from central.warning.level_models import DraftForm, NewDraft, RuleRow

if TYPE_CHECKING:
    import datetime as dt

    from central.db.pool import Connection
    from central.identity.models import Person

_WORSE = (
    RuleRow(kind="alarm", level="orange", reason="报警久未消除", held_s=3600),
    RuleRow(kind="alarm", level="orange", reason="同一测点反复报警", raises=3, within_h=24),
    RuleRow(kind="presence", level="yellow", reason="网关长时间失联", held_s=86400),
)


async def draft(conn: Connection, official: Person, now: dt.datetime) -> None:
    """Write the draft as the county's official would: a copy of what is in force, and three rows more."""
    new = NewDraft(region="429981", name="临江县预警定级表（征求意见稿）", source="临江县应急管理局")
    made = await level_tables.create(conn, official, new, now)
    form = DraftForm(name=made.name, source=made.source, rows=(*made.rows, *_WORSE))
    await level_tables.change(conn, made.id, made.version, form, now)
