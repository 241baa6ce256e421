"""A storm through the real ingest, ladders, outbox and a provider: few messages a person, every case listed.

A thousand alarms of twenty enterprises come at once; FENGSUI_SOAK=1 makes it ten thousand with the product's
own numbers. Two senders are processes of their own, and one of them is killed in the middle.
"""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest

from central.db.pool import Database, DatabaseUrls, connect
from central.db.scope import Scope, scoped
from central.identity.models import Person
from central.registry import rules
from central.warning import reading, storms, worker
from central.warning.store_lists import Narrowing
from protocol import messages as m
from rig.programs import ROOT
from sms_provider import Provider
from tests.central import county
from tests.central.ingest.plant import Centre, Sim

SOAK = os.environ.get("FENGSUI_SOAK") == "1"
PLANTS = 20
ALARMS = 10_000 if SOAK else 1_000
EACH = ALARMS // PLANTS
AT_ONCE = 50
# In CI a minute is a quarter of one: what is promised holds for any window.
WINDOW_S, GATHER_S = (60.0, 5.0) if SOAK else (15.0, 3.0)
PATIENCE_S = 3000.0 if SOAK else 240.0

SENDER = """
import asyncio, sys
from central.db.pool import Database, DatabaseUrls
from central.warning.notify import worker
from central.warning.notify.sms_http import SmsOverHttp

async def main():
    async with Database.open(DatabaseUrls(*sys.argv[1:4]), web_size=1, worker_size=6) as database:
        async with SmsOverHttp(sys.argv[4], "") as sms:
            print("sending", flush=True)
            await worker.serve(database, {"sms": sms}, site="https://centre.example")

asyncio.run(main())
"""


class Plant(Sim):
    """A gateway with as many points as it has alarms."""

    def description(self) -> m.Description:
        """Each point with a limit; every fifth alarm is a red one."""
        keys = [f"PT-{number}" for number in range(EACH)]
        return m.Description(
            gateway=self.id,
            config_hash="c1",
            config_version=1,
            software="0.1.0",
            blocks=[
                m.BlockInfo(block, "tank", "bus-1", 1, 3, 100 * block, AT_ONCE, 1000)
                for block in range(-(-EACH // AT_ONCE))
            ],
            points=[
                m.PointInfo(
                    key, f"压力{key}", number // AT_ONCE, number % AT_ONCE, "pressure", "kPa", 1.0, 0.0
                )
                for number, key in enumerate(keys)
            ],
            alarms=[
                m.AlarmInfo(f"{key}/{limit}", key, limit, "high", 1.0, 0.1, 0, 0, False, 1)
                for key in keys
                for limit in ("H", "HH")
            ],
        )


async def found(urls: DatabaseUrls, plants: Sequence[Plant]) -> None:
    """Twenty enterprises with a gateway and a safety officer each."""
    conn = await connect(urls.admin)
    try:
        for number, plant in enumerate(plants):
            credit = f"91429901{number:09d}"
            enterprise = await conn.fetchval(
                "INSERT INTO enterprise (code, name, credit_code, region_code, agency_id, hazard_class,"
                " place) SELECT $1, $2, $3, '429981101', id, 3, '' FROM agency"
                " WHERE name = '青石镇应急办' RETURNING id",
                f"S{number:03d}",
                f"第{number}化工厂",
                credit + rules.check_character(credit),
            )
            await conn.execute(
                "INSERT INTO account (login, password_hash, display_name, role, enterprise_id, phone,"
                " phone_verified_at, on_call) VALUES ($1, '', $2, 'enterprise', $3, $4, now(), true)",
                f"officer{number}",
                f"安全员{number}",
                enterprise,
                f"139{number:08d}",
            )
            await conn.execute(
                "INSERT INTO gateway (id, enterprise_id, name, public_key, place, created_at)"
                " VALUES ($1, $2, $1, $3, '', now())",
                plant.id,
                enterprise,
                plant.public,
            )
        await conn.execute(
            "INSERT INTO storm_rule SELECT '42', '2021-01-01', messages, $1, red_only, papers, $2,"
            " first_up_s, storm_cases, 7200, source FROM storm_rule WHERE region = ''",
            WINDOW_S,
            GATHER_S,
        )
    finally:
        await conn.close()


async def rage(centre: Centre, plants: Sequence[Plant]) -> None:
    """All alarms of all plants, in frames of fifty, the plants in turn."""
    for plant in plants:
        await centre.one(plant, plant.birth())
    for first in range(0, EACH, AT_ONCE):
        frames = []
        for plant in plants:
            numbers = range(first, min(first + AT_ONCE, EACH))
            alarms = [
                plant.alarm(
                    number + 1,
                    alarm=f"PT-{number}/{'H' if number % 5 else 'HH'}",
                    occurrence=f"0000004d-{number + 1}",
                    time_ms=plant.now_ms - 2000 + number,
                )
                for number in numbers
            ]
            frames.append((plant, plant.events(first + 1, alarms)))
        works: list[Any] = []
        answers: list[m.Receipt] = []
        for plant, frame in frames:
            works.append(await centre.work(plant, frame, answers))
        await centre.committer.commit(works)
        assert len(answers) == len(plants)


async def sender(urls: DatabaseUrls, provider: Provider) -> asyncio.subprocess.Process:
    """A process that sends calls."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SENDER, urls.admin, urls.web, urls.worker, provider.url,
        cwd=ROOT, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert (await process.stdout.readline()).strip() == b"sending"
    return process


async def until(what: str, holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(PATIENCE_S):
        while not await holds():
            await asyncio.sleep(0.25)
    print(what, flush=True)


def reader() -> Person:
    """The county's duty officer."""
    return Person(
        account_id=2, account="county", display_name="county甲", role="county", role_name="county",
        kind="supervisor", agency_id=2, agency_name=None, agency_rank=3, enterprise_id=None,
        enterprise_name=None, place_name="临江县", scope=Scope.region("429981"), may=frozenset({"see"}),
    )  # fmt: skip


async def listed(database: Database, narrowing: Narrowing) -> list[Any]:
    """Everything that the county's list shows, page by page."""
    person, rows, after = reader(), [], None
    while True:
        async with scoped(database.web, person.scope, person.actor) as conn:
            page = await reading.listed(conn, person, after=after, limit=200, narrowing=narrowing)
        rows += page[:200]
        if len(page) <= 200:
            return rows
        after = (0, 0, rows[-1].raised_at, rows[-1].id)


async def storm(urls: DatabaseUrls) -> None:
    """The whole story."""
    plants = [Plant(f"gw-storm-{number:02d}", epoch=0x2000 + number) for number in range(PLANTS)]
    async with Database.open(urls, web_size=3, worker_size=8) as database, Provider() as provider:
        await county.found(database)
        await found(urls, plants)
        centre = Centre(database)
        senders = [await sender(urls, provider) for _ in range(2)]
        climbing = asyncio.create_task(worker.serve(database))
        try:
            await rage(centre, plants)
            assert await database.worker.fetchval("SELECT count(*) FROM warning") == ALARMS

            async def half_way() -> bool:
                return len(provider.texts) >= PLANTS

            await until("half way", half_way)
            senders[0].kill()
            await senders[0].wait()
            senders[0] = await sender(urls, provider)

            async def all_ended() -> bool:
                return not await database.worker.fetchval(
                    "SELECT count(*) FROM warning AS w WHERE NOT EXISTS (SELECT 1 FROM notification AS n"
                    " WHERE n.warning_id = w.id AND n.channel = 'sms' AND n.ended_at IS NOT NULL)"
                ) and not await database.worker.fetchval(
                    "SELECT (SELECT count(*) FROM notification WHERE channel = 'sms' AND ended_at IS NULL)"
                    " + (SELECT count(*) FROM digest WHERE settled_at IS NULL)"
                )

            await until("every call has ended", all_ended)
        finally:
            climbing.cancel()
            for process in senders:
                process.kill()
                await process.wait()
        await judge(database, provider)


async def judge(database: Database, provider: Provider) -> None:
    """What was promised."""
    assert await database.worker.fetchval("SELECT count(*) FROM warning") == ALARMS
    # What left: calls by themselves and digests; each was handed over under one key.
    handed = await database.worker.fetch(
        "SELECT id, address, claimed_at FROM notification WHERE claimed_at IS NOT NULL AND channel = 'sms'"
        " UNION ALL SELECT id, address, claimed_at FROM digest ORDER BY claimed_at"
    )
    assert {str(row["id"]) for row in handed} == set(provider.texts)
    by_phone: dict[str, list[Any]] = {}
    for row in handed:
        by_phone.setdefault(row["address"], []).append(row["claimed_at"])
    assert len(by_phone) == PLANTS
    for moments in by_phone.values():
        spans = [
            (later - sooner).total_seconds() for sooner, later in zip(moments, moments[3:], strict=False)
        ]
        assert all(span >= WINDOW_S for span in spans), spans
    # Every call ended, and either left by itself or names its digest.
    calls = await database.worker.fetch(
        "SELECT n.state, n.claimed_at, n.digest, d.state AS carrier FROM notification AS n"
        " LEFT JOIN digest AS d ON d.number = n.digest WHERE n.channel = 'sms'"
    )
    assert len(calls) >= ALARMS
    assert {row["state"] for row in calls} == {"delivered"}
    assert all((row["claimed_at"] is None) == (row["digest"] is not None) for row in calls)
    assert {row["carrier"] for row in calls} == {None, "delivered"}
    # Red and other levels never share a message.
    mixed = await database.worker.fetch("SELECT levels FROM digest")
    assert all(len({key == "4" for key in row["levels"]}) == 1 for row in mixed)
    # All of it is in the list at once; of each gateway one case came first.
    rows = await listed(database, Narrowing())
    assert len({row.id for row in rows}) == ALARMS
    assert sum(row.first_up for row in rows) == PLANTS
    person = reader()
    async with scoped(database.web, person.scope, person.actor) as conn:
        now = await conn.fetchval("SELECT clock_timestamp()")
        seen = await storms.now_open(conn, now)
    assert (seen.storm, seen.cases, seen.owners) == (True, ALARMS, PLANTS)
    assert {(item.red, item.cases, item.first_up) for item in seen.items} == {(EACH // 5, EACH, True)}
    print(
        f"{ALARMS} alarms: {len(handed)} messages to {len(by_phone)} people,"
        f" most to one {max(map(len, by_phone.values()))}"
    )


@pytest.mark.timeout(4000 if SOAK else 600)
def test_a_storm_is_few_messages_a_person_and_every_case_is_listed(database: DatabaseUrls) -> None:
    asyncio.run(storm(database))
