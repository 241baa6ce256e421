"""What the demo county's official asks of data and management beyond the general numbers, as on its page."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from central.telemetry import patrol_pages
from central.telemetry.patrol_models import RuleForm
from central.warning import management_pages
from central.warning.management_models import ThresholdForm

if TYPE_CHECKING:
    import datetime as dt

    from central.db.pool import Connection
    from central.identity.models import Person

_REGION = "429981"
_SOURCE = "临江县应急管理局数据接入要求（演示）"
# The chlorine store's fan draws a little less than what the county asks for: found after the first full hour.
_RULES = (
    RuleForm(
        region=_REGION, quantity="风量", unit="m³/h", stale_periods=3, low=1800, high=20_000, swing_share=0.5,
        rare_share=0.5, source=_SOURCE,
    ),
)  # fmt: skip
_THRESHOLDS = (
    ThresholdForm(item="certificates", region=_REGION, limit=1, source="临江县安委办〔2026〕11号（演示）"),
    ThresholdForm(item="online-rate", region=_REGION, limit=90, source="临江县安委办〔2026〕11号（演示）"),
)


async def ask(conn: Connection, official: Person, now: dt.datetime, zone: ZoneInfo) -> None:
    """Write the rules and thresholds as the county's official would.

    Args:
        conn: the official's scoped transaction.
        official: the county's.
        now: the database's time.
        zone: whose days count.
    """
    for rule in _RULES:
        await patrol_pages.put_in_force(conn, official, rule, now, zone)
    for threshold in _THRESHOLDS:
        await management_pages.put_in_force(conn, official, threshold, now, zone)
