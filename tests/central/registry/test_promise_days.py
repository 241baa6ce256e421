"""The day of a promise: handed in on it or the next, whatever the way; a day to come hides no missing one."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from central.clock import database_now
from central.db.scope import acting, scoped
from central.registry import due, records
from central.registry.forms.register import catalogue
from central.registry.records_models import Given, Owner
from tests.central.registry.made import made
from tests.central.registry.test_cycle import office
from tests.central.registry.test_records import person_of

if TYPE_CHECKING:
    from pathlib import Path

    from central.db.pool import DatabaseUrls

REGISTER = catalogue()["safety-promises"]
PROMISES = "/api/v1/registers/safety-promises"
ZONE = ZoneInfo("Asia/Shanghai")
DAY = dt.timedelta(days=1)


def promise(day: dt.date, **more: Any) -> dict[str, Any]:
    return {**made(REGISTER), "day": day.isoformat(), **more}


def test_a_promise_handed_in_may_be_corrected_and_takes_no_other_day(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    async def run() -> None:
        async with office(database, tmp_path) as (db, clients, numbers):
            plant, town = clients["enterprise"], clients["township"]
            async with acting(db.worker) as conn:
                today = (await database_now(conn)).astimezone(ZONE).date()
            old, long_ago = today - 9 * DAY, today - 30 * DAY

            async def refused(method: str, path: str, body: dict[str, Any], tag: int) -> None:
                no = await plant(method, path, 400, body, tag=tag)
                assert [field["place"] for field in no["fields"]] == ["values.day"]

            # What is corrected days later keeps its day, at once or by way of a draft.
            late = (await plant("POST", PROMISES, 201, {"values": promise(today), "submit": True}))["id"]
            one = f"{PROMISES}/{late}"
            async with acting(db.worker) as conn:
                await conn.execute(
                    "UPDATE reg_safety_promises SET payload = payload || jsonb_build_object('day', $1::text)",
                    old.isoformat(),
                )
            corrected = promise(old, responsible="李四")
            await plant("PUT", one, 200, {"values": corrected, "submit": True}, tag=1)
            await refused("PUT", one, {"values": promise(long_ago), "submit": True}, 2)
            await plant("PUT", one, 200, {"values": promise(long_ago)}, tag=2)
            await refused("POST", f"{one}/submit", {}, 3)
            await plant("PUT", one, 200, {"values": corrected}, tag=3)
            await plant("POST", f"{one}/submit", 200, tag=4)
            await town("POST", f"{one}/review", 200, {"approve": False, "opinion": "请核对"}, tag=5)
            await refused("PUT", one, {"values": promise(long_ago), "submit": True}, 6)
            await plant("POST", f"{one}/submit", 200, tag=6)

            # A file is no other door: neither for a new day nor for that of a record.
            enterprise, county = [await person_of(db, login) for login in ("enterprise", "county")]
            whose = Owner(enterprise_id=numbers["E1"])
            rows = [
                Given(owner=whose, values=promise(today)),
                Given(owner=whose, values=promise(today - 8 * DAY)),
                Given(owner=whose, values=promise(today + 2 * DAY)),
                Given(owner=whose, values=promise(long_ago), record_id=late),
            ]
            async with scoped(db.web, enterprise.scope, enterprise.actor) as conn:
                done = await records.create_many(conn, enterprise, REGISTER, rows, "import:1")
            assert [one.outcome for one in done] == ["created", "refused", "refused", "refused"]
            assert {p.place for one in done for p in one.problems} == {"values.day"}
            mended = [Given(owner=whose, values=promise(old, responsible="王五"), record_id=late)]
            async with scoped(db.web, enterprise.scope, enterprise.actor) as conn:
                (kept,) = await records.create_many(conn, enterprise, REGISTER, mended, "import:2")
            assert kept.outcome == "changed"
            # An agency that enters a paper is never late, and a day to come hides none that is missing.
            async with scoped(db.web, county.scope, county.actor) as conn:
                entered = await records.create_many(conn, county, REGISTER, rows[1:3], "import:3")
            assert [one.outcome for one in entered] == ["created", "created"]
            async with acting(db.worker) as conn:
                await conn.execute("DELETE FROM reg_safety_promises WHERE f_day = $1", today)
                last = await conn.fetchval(
                    f"SELECT l.day FROM (SELECT $1::int AS id) AS e, LATERAL ({due._last_of(REGISTER)}) AS l",
                    numbers["E1"], today,
                )  # fmt: skip
            assert last == today - 8 * DAY

    asyncio.run(run())


def test_year_and_month_of_an_accident_are_those_of_its_day() -> None:
    register = catalogue()["accidents"]
    values = made(register)
    assert register.check is not None
    assert register.check(values) == []
    wrong = {**values, "year": 2019, "month": {"choice": "12", "other": ""}}
    assert [problem.place for problem in register.check(wrong)] == ["year", "month"]
