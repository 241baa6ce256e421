"""Many writers raise the same identities at once: one open case an identity, each raise accounted for.

5,000 raises by sixteen writers; FENGSUI_SOAK=1 makes it a million.
"""

from __future__ import annotations

import asyncio
import os
import random
from typing import TYPE_CHECKING

import pytest

from central.db.pool import Database
from central.db.scope import acting
from central.warning import service
from protocol.messages import RAISE
from tests.central.warning.county import in_county

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls
    from tests.central.warning.county import County

WRITERS = 16
RAISES = 1_000_000 if os.environ.get("FENGSUI_SOAK") == "1" else 5_000
# Each identity comes so often, by all writers in turn, while it is open.
OFTEN = 50
A_TRANSACTION = 4


@pytest.mark.timeout(0 if RAISES > 5_000 else 300)
def test_sixteen_writers_raise_the_same_identities_and_none_is_doubled(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        points = RAISES // OFTEN // 2
        await c.more_points(points)
        facts = [
            c.fact(
                RAISE,
                point_id=c.point_id + point,
                limit_name=limit,
                alarm=f"N-{point}/{limit}",
                occurrence=f"{writer:08x}-{time}",
            )
            for time in range(-(-OFTEN // WRITERS))
            for writer in range(WRITERS)
            for point in range(points)
            for limit in ("H", "L")
            if time * WRITERS + writer < OFTEN
        ]
        assert len(facts) == RAISES
        # All near each other, in another order for each run of some: they meet, and never wait in a circle.
        random.Random(16).shuffle(facts)
        runs = [
            sorted(facts[at : at + A_TRANSACTION], key=lambda fact: (fact.point_id, fact.side))
            for at in range(0, RAISES, A_TRANSACTION)
        ]
        changes: dict[str, int] = {}

        async def write(db: Database) -> None:
            while runs:
                async with acting(db.worker) as conn:
                    for fact in runs.pop():
                        judged = await service.judge_alarm(conn, fact)
                        word = judged.change if judged is not None else "nothing"
                        changes[word] = changes.get(word, 0) + 1

        # On a busy machine a raise may wait long for the fifteen others.
        async with Database.open(c.urls, web_size=1, worker_size=WRITERS, longest_s=None) as db:
            await asyncio.gather(*(write(db) for _ in range(WRITERS)))

        identities = points * 2
        assert changes == {"opened": identities, "joined": RAISES - identities}
        (found,) = await c.fetch(
            "SELECT count(*) AS cases, "
            " count(DISTINCT (kind, subject_type, subject_id, side, is_test)) AS apart,"
            " count(*) FILTER (WHERE state = 'open') AS open FROM warning"
        )
        assert tuple(found) == (identities, identities, identities)
        (alarms,) = await c.fetch(
            "SELECT count(*) AS all, count(DISTINCT warning_id) AS cases FROM warning_alarm"
        )
        assert tuple(alarms) == (RAISES, identities)

    in_county(database, scenario)
