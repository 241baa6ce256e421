"""What records do to the life of their enterprise: a stop changes its status, and whoever watches hears."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from central import clock
from central.registry import life
from central.registry.forms.register import catalogue
from central.registry.records_rules import title_of

if TYPE_CHECKING:
    from central.db.pool import Connection
    from central.identity.models import Person
    from central.registry.effects import Effect, Happening

STOPS: Final = "production-stops"
# Of these a watcher hears record by record. They are written by hand, a few a year and enterprise: registers
# that are imported by the thousand are in the counts of the dossier instead.
TOLD: Final = (
    "enterprise-basics", "penalties", "accidents", "investigations", "major-danger-checks",
    "major-danger-treatment", "safety-credit", "standardisation", STOPS,
)  # fmt: skip
_ZONE: Final = ZoneInfo("Asia/Shanghai")
_STANDING_STOP: Final = """
SELECT id FROM reg_production_stops
WHERE enterprise_id = $1 AND removed_at IS NULL AND id <> $2 AND counted #>> '{extent,choice}' = 'whole'
  AND nullif(counted ->> 'resumed', '') IS NULL AND counted #>> '{days,from}' <= $3
  AND coalesce(counted #>> '{days,to}', '9999-12-31') >= $3
LIMIT 1
"""


def effects() -> dict[str, Effect]:
    """The effects of this module by register, for `central/app.py`."""
    told: dict[str, Effect] = {name: tell for name in TOLD if name in catalogue()}
    return told | {STOPS: stop}


async def tell(conn: Connection, _person: Person, happening: Happening) -> None:
    """Tells whoever watches the enterprise that a record counts, counts anew, or counts no longer."""
    if happening.enterprise_id is None:
        return
    register = catalogue()[happening.register]
    values = happening.after or happening.before or {}
    name = title_of(register, values)
    word = "已生效" if happening.before is None else "不再有效" if happening.after is None else "已变更"
    await life.tell_watchers(
        conn, happening.enterprise_id, f"record/{happening.register}/{happening.record_id}",
        f"{register.zh}{f'“{name}”' if name else ''}{word}",
    )  # fmt: skip


async def stop(conn: Connection, person: Person, happening: Happening) -> None:
    """An approved declaration of a whole stop makes the enterprise "stopped", its end lets it work (REG-10).

    Only these two follow: what is closed or suspended by order stays so, whatever is declared.
    """
    await tell(conn, person, happening)
    enterprise_id = happening.enterprise_id
    if enterprise_id is None:
        return
    row = await conn.fetchrow(life.Q.lock, enterprise_id)
    if row is None:
        return
    today = (await clock.database_now(conn)).astimezone(_ZONE).date()
    standing = happening.after is not None and stands(happening.after, today)
    if not standing:
        standing = (
            await conn.fetchval(_STANDING_STOP, enterprise_id, happening.record_id, today.isoformat())
            is not None
        )
    name = (happening.after or happening.before or {}).get("name", "")
    if standing and row["status"] in {"working", "trial"}:
        await life.put_status(conn, enterprise_id, "stopped", f"停产申报“{name}”经审核通过")
    elif not standing and row["status"] == "stopped":
        await life.put_status(conn, enterprise_id, "working", f"停产申报“{name}”已结束，恢复生产")


def stands(declared: dict[str, Any], today: date) -> bool:
    """Whether a declaration means that the whole enterprise is stopped on a day.

    Args:
        declared: what counts of it.
        today: the day.
    """
    extent, days = declared.get("extent") or {}, declared.get("days") or {}
    if extent.get("choice") != "whole" or declared.get("resumed"):
        return False
    first, last = days.get("from"), days.get("to")
    return bool(first) and str(first) <= today.isoformat() and (not last or str(last) >= today.isoformat())
