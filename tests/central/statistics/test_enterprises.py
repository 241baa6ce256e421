from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from central.db.pool import connect
from tests.central import county
from tests.central.serving import serving

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls

# E1: an open red and an acknowledged yellow case, a gateway that is late, two points of which one is bad.
# E2: a handled orange case. E3: a gateway that was never heard. E10: nothing.
SCENE = """
INSERT INTO gateway (id, enterprise_id, name, public_key, created_at)
SELECT 'gw-' || lower(e.code), e.id, '网关', sha256(e.code::bytea), now() FROM enterprise AS e
WHERE e.code IN ('E1', 'E3');
INSERT INTO gateway_state (gateway_id, presence) VALUES ('gw-e1', 'late');
INSERT INTO point (gateway_id, enterprise_id, key, name, quantity, unit, source, period_ms, current,
                   created_at)
SELECT 'gw-e1', e.id, k, k, 'gas', 'ppm', 'bus/1', 1000, true, now()
FROM enterprise AS e, unnest(ARRAY['GT-1', 'GT-2', 'GT-3']) AS k WHERE e.code = 'E1';
UPDATE point SET current = false WHERE key = 'GT-3';
INSERT INTO latest (point_id, at, value, quality, ordinal, seq, received_at)
SELECT id, now(), 1, CASE key WHEN 'GT-1' THEN 192 + 256 ELSE 24 END, 1, 1, now() FROM point;
INSERT INTO warning (id, kind, subject_type, subject_id, side, is_test, enterprise_id, title, subject_name,
                     state, level, policy, level_reason, occurrence, raised_at, received_at, updated_at,
                     history)
SELECT gen_random_uuid(), 'alarm', 'point', e.code || w.n, 'high', w.test, e.id, '超限', '点',
       w.state, w.level, '{}', '', '1', now() - w.n * interval '1 minute', now(), now(), w.history
FROM enterprise AS e JOIN (VALUES
    ('E1', 1, 'open', 4, false, false), ('E1', 2, 'acknowledged', 2, false, false),
    ('E1', 3, 'open', 4, true, false), ('E1', 4, 'open', 4, false, true),
    ('E2', 5, 'handled', 3, false, false), ('E2', 6, 'cleared', 1, false, false),
    ('E3', 7, 'open', 1, false, false)
) AS w (code, n, state, level, test, history) ON w.code = e.code;
"""


def asked(urls: DatabaseUrls, login: str, *paths: str) -> list[Any]:
    async def run() -> list[Any]:
        async with serving(urls) as server:
            await county.found(server.database)
            admin = await connect(urls.admin)
            try:
                await admin.execute(SCENE)
            finally:
                await admin.close()
            async with server.client(login) as client:
                answers = [await client.get(path) for path in paths]
                return [a.json() if a.status_code == 200 else a.status_code for a in answers]

    return asyncio.run(run())


def test_the_overview_counts_what_the_jurisdiction_holds(database: DatabaseUrls) -> None:
    (overview,) = asked(database, "county", "/api/v1/overview")
    assert overview["needs_answer"]["count"] == 1
    assert overview["needs_answer"]["by_level"] == {"red": 1, "orange": 0, "yellow": 0, "blue": 0}
    assert overview["needs_answer"]["oldest_raised_at"] is not None
    assert overview["open_by_level"] == {"red": 1, "orange": 0, "yellow": 1, "blue": 0}
    assert overview["due_today"] == {"review": 1, "verify": 1}
    assert overview["enterprises"] == {"total": 3, "with_open": 1, "offline": 0}
    assert overview["gateways"] == {"online": 0, "late": 1, "offline": 0}
    assert overview["points"] == {"total": 2, "good": 1, "bad": 1}


def test_the_overview_of_a_place_without_anything_is_calm(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with serving(database) as server:
            await county.found(server.database)
            async with server.client("enterprise") as client:
                overview = (await client.get("/api/v1/overview")).json()
                assert overview["needs_answer"] == {
                    "count": 0, "oldest_raised_at": None,
                    "by_level": {"red": 0, "orange": 0, "yellow": 0, "blue": 0},
                }  # fmt: skip
                assert overview["enterprises"]["total"] == 1

    asyncio.run(run())


def test_enterprises_come_the_worst_first_with_what_is_wrong(database: DatabaseUrls) -> None:
    (page,) = asked(database, "city", "/api/v1/enterprises")
    rows = {row["code"]: row for row in page["items"]}
    assert [row["code"] for row in page["items"]] == ["E1", "E3", "E2", "E10"]
    first = rows["E1"]
    assert (first["worst_level"], first["open_warnings"], first["presence"]) == ("red", 2, "late")
    assert (first["points"], first["bad_points"]) == (2, 1)
    assert first["region_name"] == "青石镇"
    assert first["newest_at"]
    assert (rows["E3"]["presence"], rows["E3"]["worst_level"]) == ("offline", "blue")
    assert (rows["E2"]["presence"], rows["E2"]["worst_level"], rows["E2"]["newest_at"]) == (
        "none",
        None,
        None,
    )


def test_pages_neither_skip_nor_repeat(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with serving(database) as server:
            await county.found(server.database)
            admin = await connect(database.admin)
            await admin.execute(SCENE)
            await admin.close()
            async with server.client("city") as client:
                for sort in ("worst", "name"):
                    whole = (await client.get(f"/api/v1/enterprises?sort={sort}")).json()
                    seen: list[str] = []
                    cursor: str | None = ""
                    while cursor is not None:
                        page = (
                            await client.get(f"/api/v1/enterprises?sort={sort}&limit=1&cursor={cursor}")
                        ).json()
                        seen += [row["code"] for row in page["items"]]
                        cursor = page["next"]
                    assert seen == [row["code"] for row in whole["items"]]

    asyncio.run(run())


def test_filters_narrow_and_wildcards_are_letters(database: DatabaseUrls) -> None:
    paths = {
        "q=E1": {"E1", "E10"}, "q=%25": set(), "q=_": set(), "q=%5C": set(), "state=warning": {"E1", "E3"},
        "state=offline": {"E3"}, "state=normal": {"E2", "E10"}, "q=E1&state=warning": {"E1"},
        "q=qy": {"E1", "E2", "E3", "E10"},  # 企业, by the letters that one types for it
    }  # fmt: skip
    answers = asked(database, "city", *(f"/api/v1/enterprises?{query}" for query in paths))
    for (query, codes), answer in zip(paths.items(), answers, strict=True):
        assert {row["code"] for row in answer["items"]} == codes, query


def test_one_enterprise_tells_its_supervision_and_gateways(database: DatabaseUrls) -> None:
    listed, found, foreign = asked(
        database, "township", "/api/v1/enterprises", "/api/v1/enterprises/1", "/api/v1/enterprises/2"
    )
    assert [row["code"] for row in listed["items"]] == ["E1", "E10"]
    assert [s["name"] for s in found["supervision"]] == [
        "青石镇应急办",
        "临江县应急管理局",
        "云泽市应急管理局",
    ]
    assert [g["id"] for g in found["gateways"]] == ["gw-e1"]
    assert foreign == 404
