"""What records do to the life of their enterprise: a stop changes its status, and whoever watches hears."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from central import clock
from central.registry import life, stops
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


async def stop(conn: Connection, _person: Person, happening: Happening) -> None:
    """An approved declaration of a whole stop makes the enterprise "stopped" for its days (REG-10)."""
    await tell(conn, _person, happening)
    if happening.enterprise_id is None:
        return
    today = (await clock.database_now(conn)).astimezone(_ZONE).date()
    await stops.declared(conn, happening.enterprise_id, happening.record_id, happening.after, today)
