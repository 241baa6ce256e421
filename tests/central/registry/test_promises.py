"""The board of daily promises: who owes one, who gave one, by township, and the month of an enterprise."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from central.db.errors import NotFoundError
from central.db.pool import Database, connect
from central.db.scope import Actor, Scope, scoped
from central.registry import promises
from tests.central import county

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls

DAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
WHO = Actor(1, "county")

_SEED = """
UPDATE enterprise SET sector = 'chemical' WHERE code IN ('E1', 'E2', 'E3');
UPDATE enterprise SET sector = 'mine', hazard_class = 3, status = 'stopped' WHERE code = 'E10';
INSERT INTO reg_safety_promises (enterprise_id, place, state, payload, created_at, changed_at)
SELECT e.id, '', s.state, jsonb_build_object('day', s.day, 'units', 3, 'running', 2, 'responsible', '周海宁'),
       now(), now()
FROM (VALUES ('E1', '2026-11-20', 'valid'), ('E1', '2026-11-18', 'submitted'), ('E2', '2026-11-20', 'draft'),
             ('E3', '2026-11-20', 'valid')) AS s (code, day, state)
JOIN enterprise AS e ON e.code = s.code;
"""


def test_the_board_shows_who_promised_and_who_did_not_of_ones_own_jurisdiction(
    database: DatabaseUrls,
) -> None:
    async def run() -> None:
        async with Database.open(database) as db:
            await county.found(db)
            admin = await connect(database.admin)
            await admin.execute(_SEED)
            await admin.close()
            async with scoped(db.web, Scope.region("429981"), WHO) as conn:
                lines = await promises.lines(conn, DAY, NOW)
                # E3 lies in the next county; who stopped owes none; a draft is no promise.
                assert [(line.enterprise_name, line.state) for line in lines] == [
                    ("企业E2", "draft"), ("企业E1", "valid"), ("企业E10", "stopped"),
                ]  # fmt: skip
                assert (lines[1].units, lines[1].running, lines[1].responsible) == (3, 2, "周海宁")
                towns = {town.name: town for town in await promises.townships(conn, DAY, NOW)}
                assert (towns["青石镇"].owed, towns["青石镇"].promised, towns["青石镇"].stopped) == (1, 1, 1)
                assert (towns["白沙镇"].owed, towns["白沙镇"].missing) == (1, 1)
                first = await promises.lines(conn, DAY, NOW, limit=1)
                rest = await promises.lines(conn, DAY, NOW, after=promises.key(first[0]))
                assert [line.enterprise_name for line in rest] == ["企业E1", "企业E10"]
                missing = await promises.lines(conn, DAY, NOW, state="missing")
                assert [line.enterprise_name for line in missing] == ["企业E2"]
                promised = await promises.lines(conn, DAY, NOW, state="promised")
                assert [line.enterprise_name for line in promised] == ["企业E1"]
                days = await promises.month(conn, lines[1].enterprise_id, DAY, date(2026, 11, 20))
                assert len(days) == 20
                assert [(d.day.day, d.state) for d in days if d.record_id] == [
                    (18, "submitted"),
                    (20, "valid"),
                ]
            async with scoped(db.web, Scope.region("429982"), WHO) as conn:
                with pytest.raises(NotFoundError):
                    await promises.month(conn, lines[0].enterprise_id, DAY, DAY)

    asyncio.run(run())
