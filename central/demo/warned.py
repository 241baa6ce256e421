"""What waits for approval in the demo, and what the weather service told: through the product's own door."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from central.clock import database_now
from central.identity import service as identity
from central.warning import cap, outside, proposals
from central.warning.models import MANUAL, ConditionFact

if TYPE_CHECKING:
    from central.db.pool import Connection

_RAIN = """<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>42998141600000_demo</identifier><sender>yunze-weather@demo</sender><sent>{sent}</sent>
  <status>Actual</status><msgType>Alert</msgType><scope>Public</scope>
  <info><language>zh-CN</language><category>Met</category><event>大风</event><urgency>Expected</urgency>
    <severity>Minor</severity><certainty>Likely</certainty><expires>{expires}</expires>
    <senderName>临江县气象台</senderName><headline>临江县气象台发布大风蓝色预警</headline>
    <description>预计今夜阵风七级。</description><instruction>停止高处和露天吊装作业，检查临时设施。</instruction>
    <area><areaDesc>临江县</areaDesc><geocode><valueName>region</valueName><value>429981000000</value></geocode></area>
  </info>
</alert>"""


async def tell(conn: Connection, accounts: dict[str, int], enterprises: dict[str, int]) -> None:
    """Let a proposal of the township wait for the county, and a weather warning have passed.

    Args:
        conn: a worker's transaction.
        accounts: ids by login.
        enterprises: ids by code.
    """
    now = await database_now(conn)
    township = await identity.person_by_id(conn, accounts["township"])
    county = await identity.person_by_id(conn, accounts["county"])
    assert township is not None
    assert county is not None
    number = enterprises["E0001"]
    place: str = await conn.fetchval("SELECT place FROM enterprise WHERE id = $1", number)
    fact = ConditionFact(
        kind=MANUAL,
        subject_type="enterprise",
        subject_id=f"{number}/demo",
        place=place,
        subject_name="厂区排涝设施",
        title="河道水位上涨，请检查厂区排涝设施",
        detail="青石镇巡查发现厂外河道水位较昨日上涨四十厘米，请今日内检查排涝泵和雨水截止阀。",
        holds=True,
        reference="demo",
        at=now,
        received_at=now,
        enterprise_id=number,
        level=2,
        level_reason=f"{township.display_name}指定",
    )
    await proposals.put(conn, fact, township)
    sent, expires = now - timedelta(hours=20), now - timedelta(hours=8)
    raw = _RAIN.format(sent=sent.isoformat(timespec="seconds"), expires=expires.isoformat(timespec="seconds"))
    alert = cap.parse(raw.encode())
    owners = await outside.owners_of(
        conn, county, enterprise_codes=(), regions=alert.area.codes, area=alert.area
    )
    level, reason = await outside.level_of(conn, alert.severity, alert.urgency, alert.certainty, "weather")
    await outside.tell(conn, county, outside.of_cap(alert, level, reason, raw), owners)
