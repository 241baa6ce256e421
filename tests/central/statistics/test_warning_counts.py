"""Warnings of a week, month and year by enterprise, area, sector and type, each within its reader's scope."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from central.db.pool import connect
from central.statistics.warning_counts import first_before, stretch
from central.warning.wording import CHINA
from tests.central import county
from tests.central.serving import serving

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls

API = "/api/v1/warning-statistics"
DAY = datetime.now(CHINA).date() - timedelta(days=10)
_CASE = """
INSERT INTO warning (id, kind, subject_type, subject_id, side, is_test, enterprise_id, agency_id, title,
  subject_name, state, active, level, policy, level_reason, occurrence, raised_at, received_at,
  history, updated_at)
SELECT gen_random_uuid(), $1, 'point', n::text || $5, 'high', $4 = 'test', e.id, g.id, '报警', '测点', $3,
       false, 2, '{}', '规则', '1', $6, $6, $4 = 'history', now()
FROM generate_series(1, $7) AS n
LEFT JOIN enterprise AS e ON e.code = $2 LEFT JOIN agency AS g ON g.name = $2
"""


def told(items: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(item[name] for name in names) for item in items]


def test_a_period_is_a_whole_one_of_the_calendar() -> None:
    day = date(2026, 3, 1)  # a Sunday
    assert stretch("week", day) == (date(2026, 2, 23), day)
    assert stretch("month", day) == (day, date(2026, 3, 31))
    assert stretch("year", day) == (date(2026, 1, 1), date(2026, 12, 31))
    assert first_before("month", day, 3) == date(2025, 12, 1)
    assert first_before("year", date(2026, 1, 1), 4) == date(2022, 1, 1)
    assert first_before("week", date(2026, 2, 23), 2) == date(2026, 2, 9)


def test_warnings_are_counted_by_what_was_asked_and_by_who_asks(database: DatabaseUrls) -> None:
    async def body() -> None:
        async with serving(database) as server:
            await county.found(server.database)
            admin = await connect(database.admin)
            at = datetime.combine(DAY, datetime.min.time(), CHINA) + timedelta(hours=12)
            long_ago = at - timedelta(days=800)
            try:
                for kind, whose, state, mark, tag, when, many in (
                    ("alarm", "E1", "open", "", "a", at, 2),
                    ("alarm", "E1", "closed", "", "b", at, 3),
                    ("presence", "E1", "cleared", "", "c", at, 1),
                    ("presence", "E2", "handled", "", "d", at, 1),
                    ("alarm", "E3", "acknowledged", "", "e", at, 1),
                    ("alarm", "E2", "open", "test", "f", at, 1),
                    ("alarm", "E2", "cleared", "history", "g", at, 1),
                    ("alarm", "E2", "closed", "", "h", long_ago, 1),
                    ("weather", "临江县应急管理局", "closed", "", "i", at, 1),
                ):
                    await admin.execute(_CASE, kind, whose, state, mark, tag, when, many)
            finally:
                await admin.close()
            week = {"day": str(DAY), "period": "week"}
            async with server.client("city") as client:
                said = (await client.get(API, params={**week, "by": "enterprise"})).json()
                assert told(said["items"], "name", "warnings", "handled", "unhandled", "cleared") == [
                    ("企业E1", 6, 3, 2, 1), ("企业E3", 1, 0, 1, 0),
                    ("企业E2", 1, 1, 0, 0), ("企业E10", 0, 0, 0, 0),
                ]  # fmt: skip
                assert [said["items"][0]["rate"], said["items"][3]["rate"]] == [60.0, None]
                assert (said["total"]["warnings"], said["total"]["enterprises"], said["total"]["warned"]) == (
                    9,
                    4,
                    3,
                )
                assert [(p["warnings"], p["handled"]) for p in said["periods"]] == [(9, 5)]
                first = (await client.get(API, params={**week, "limit": 1})).json()
                rest = (await client.get(API, params={**week, "cursor": first["next"]})).json()
                assert [r["name"] for r in first["items"] + rest["items"]] == [
                    r["name"] for r in said["items"]
                ]
                area = (await client.get(API, params={**week, "by": "area"})).json()["items"]
                assert told(area, "name", "enterprises", "warned", "warnings", "with_unhandled") == [
                    ("临江县", 3, 2, 8, 1), ("临湖县", 1, 1, 1, 1),
                ]  # fmt: skip
                below = (await client.get(API, params={**week, "by": "area", "region": "429981"})).json()[
                    "items"
                ]
                assert [(r["name"], r["warnings"]) for r in below] == [
                    ("临江县", 1),
                    ("青石镇", 6),
                    ("白沙镇", 1),
                ]
                sector = (await client.get(API, params={**week, "by": "sector"})).json()["items"]
                assert sum(r["warnings"] for r in sector) == 8
                kinds = (await client.get(API, params={**week, "by": "kind"})).json()["items"]
                assert [(r["key"], r["warnings"], r["warned"]) for r in kinds] == [
                    ("alarm", 6, 2), ("presence", 2, 2), ("weather", 1, 0),
                ]  # fmt: skip
                only = (await client.get(API, params={**week, "only": "unhandled"})).json()["items"]
                assert [r["name"] for r in only] == ["企业E1", "企业E3"]
                table = await client.get(f"{API}/export.csv", params={**week, "by": "kind"})
                assert table.text.splitlines()[2].startswith("仪表报警,") or "报警" in table.text
                assert table.text.splitlines()[-1].startswith("合计,3,9,5,1,3")
            async with server.client("township") as client:
                mine = (await client.get(API, params=week)).json()
                assert [r["name"] for r in mine["items"]] == ["企业E1", "企业E10"]
                assert mine["total"]["warnings"] == 6
                for bad in ({"by": "x"}, {"period": "day"}, {"region": "4'"}, {"day": "x"}):
                    assert (await client.get(API, params=bad)).status_code == 400, bad

    asyncio.run(body())
