"""law-warning 21: rows follow their owner, one resumable job, acted-on cases stay readable, aliases."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
import pytest

from central.db.errors import DomainError, NotFoundError
from central.db.pool import connect
from central.db.scope import Scope, acting, enter, scoped
from central.identity.models import Person
from central.organisation import moves, regions, relocating
from central.organisation.moves_models import (
    MOVE,
    REORGANISATION,
    ChangeForm,
    NewArea,
    NewMove,
    NewReorganisation,
    Placing,
    Succession,
)
from central.warning import reading
from tests.central.warning.county import County, in_county

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls

# An hour of events, what people have in their boxes, a row an office and year: read whole in a moment.
SMALL = {"live_event", "message", "number_series"}
OLD, NEW = "429981101/E0001", "429981102/E0001"
HERE, THERE = Scope.region("429981101"), Scope.region("429981102")

# One row in every table of the field, so that a forgotten one shows. The triggers say where they stand.
BELONGINGS = """
INSERT INTO birth (gateway_id, hash, place, description, config_version, config_hash, software, received_at)
VALUES ('gw-chlorine', '\\x01', '', '', 1, '', '', now());
INSERT INTO gateway_state (gateway_id, place) VALUES ('gw-chlorine', '');
INSERT INTO stream_epoch (gateway_id, epoch, place, ordinal, follows, held, seen_at)
VALUES ('gw-chlorine', 7, '', 1, 0, true, now());
INSERT INTO stream_cursor (gateway_id, stream, epoch, place, last_seq, updated_at)
VALUES ('gw-chlorine', 1, 7, '', 5, now());
INSERT INTO ledger (gateway_id, stream, epoch, place, first_seq, last_seq, records, rows, hash, birth_hash,
                    boot, received_at)
VALUES ('gw-chlorine', 1, 7, '', 1, 5, 5, 5, '', '\\x01', 1, now());
INSERT INTO event (gateway_id, epoch, seq, batch_id, place, kind, at, received_at, dated_by_centre, boot,
                   mono_ms, time_ms, history, raw)
SELECT 'gw-chlorine', 7, n, (SELECT id FROM ledger), '', 'x', now(), now(), false, 1, 0, 0, true, ''
FROM generate_series(1, 5) AS n;
INSERT INTO latest (point_id, at, quality, ordinal, seq, received_at, place)
SELECT id, now(), 192, 1, 1, now(), '' FROM point;
"""
# A table that nobody thought of when moves were written.
LATER = """
SET ROLE fengsui_owner;
CREATE TABLE added_later (
    id int PRIMARY KEY, enterprise_id int NOT NULL REFERENCES enterprise (id),
    place text COLLATE "C" NOT NULL, sector text NOT NULL DEFAULT 'other');
CREATE TRIGGER added_later_place BEFORE INSERT OR UPDATE ON added_later
    FOR EACH ROW EXECUTE FUNCTION place_from('enterprise', 'enterprise_id');
SELECT scope_table('added_later');
INSERT INTO added_later (id, enterprise_id) VALUES (1, 1), (2, 2);
RESET ROLE;
"""


def keeper(number: int = 1) -> Person:
    """Who keeps the regions of the whole city."""
    return Person(
        account_id=number, account="admin", display_name="管理员", role="admin", role_name="",
        kind="administrator",
        agency_id=None, agency_name=None, agency_rank=None, enterprise_id=None, enterprise_name=None,
        place_name="", scope=Scope.region("42"), may=frozenset({"see", "region"}),
    )  # fmt: skip


async def ask_for(c: County, asked: NewMove | NewReorganisation, who: Person | None = None) -> int:
    """Keeps a job as the API does."""
    person = who or keeper()
    async with (
        scoped(c.db.web, person.scope, person.actor) as conn,
        acting(c.db.worker, person.actor) as counting,
    ):
        if isinstance(asked, NewMove):
            return await moves.start_move(conn, counting, person, asked)
        return await moves.start_reorganisation(conn, counting, person, asked)


async def carry_out(c: County) -> None:
    for _ in range(500):
        if not await relocating.step(c.db):
            return
    raise AssertionError("a job does not end")


async def tables_at(c: County, place: str) -> set[str]:
    """Every table that has a row there, found without the product's own help."""
    tables = await c.fetch(
        "SELECT table_name AS name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND column_name = 'place'"
    )
    return {
        row["name"]
        for row in tables
        if await c.fetch(f'SELECT 1 FROM "{row["name"]}" WHERE place = $1 LIMIT 1', place)
    }


async def sees(c: County, who: str, case: UUID) -> str:
    """How somebody sees a case: "own" in the lists, "kept", or "" not at all."""
    person = c.person(who)
    async with scoped(c.db.web, person.scope, person.actor) as conn:
        own = [row.id for row in await reading.listed(conn, person, state="all")]
    async with scoped(c.db.web, person.scope, person.actor) as conn:
        kept = [row.id for row in await reading.listed_kept(conn)]
    async with scoped(c.db.web, person.scope, person.actor) as conn:
        try:
            found = await reading.opened(conn, person, case)
        except NotFoundError:
            assert case not in own
            assert case not in kept
            return ""
    assert (case in own) != (case in kept)
    assert found.timeline
    assert case in own or found.actions == []
    return "own" if case in own else "kept"


async def steps_of(c: County, number: int, kind: str) -> Any:
    person = keeper()
    async with scoped(c.db.web, person.scope, person.actor) as conn:
        return await moves.job(conn, number, kind)


def test_an_enterprise_that_moves_takes_everything_along_and_its_ladder_climbs_on(
    database: DatabaseUrls,
) -> None:
    async def scenario(c: County) -> None:
        await c.execute(BELONGINGS)
        await c.execute(LATER)
        # An area of an enterprise whose code begins alike is not this one's.
        await c.execute("INSERT INTO agency_area (agency_id, place_prefix) VALUES (3, '429981102/E000')")
        case = await c.open("HH")
        await c.pass_time(600, 100)
        assert c.phone.numbers == ["13900000004", "13900000003"]
        await c.act("township", "acknowledge", case, "已派人")
        assert [await sees(c, who, case) for who in ("township", "elsewhere", "county")] == ["own", "", "own"]
        before = await tables_at(c, OLD)
        assert before > {
            "added_later",
            "event",
            "ledger",
            "stream_cursor",
            "latest",
            "point",
            "warning",
            "birth",
        }

        asked = NewMove(
            enterprise_id=1, to_region="429981102", to_agency_id=4, to_sector="chemical", reason="搬迁入园"
        )
        person = keeper()
        async with (
            scoped(c.db.web, person.scope, person.actor) as conn,
            acting(c.db.worker, person.actor) as counting,
        ):
            plan = await moves.plan_move(conn, counting, person, asked)
        assert (plan.loses, plan.gains) == (["青石镇应急办"], ["白沙镇应急办"])
        assert {r.table: r.rows for r in plan.rows}["event"] == 5
        assert plan.open_warnings == 1
        number = await ask_for(c, asked)
        await carry_out(c)
        job = await steps_of(c, number, MOVE)
        assert (job.state, job.done, job.failure) == ("done", 1, "")

        # Nothing is left behind, in no table, whoever made it; only that it left is told there.
        assert await tables_at(c, OLD) == {"live_event"}
        assert await tables_at(c, NEW) == before | {"live_event"}
        left = await c.fetch("SELECT kind, payload FROM live_event WHERE place = $1", OLD)
        assert [(r["kind"], r["payload"]) for r in left] == [("moved", {"enterprise_id": 1})]
        sectors = await c.fetch(
            "SELECT DISTINCT sector FROM event UNION SELECT sector FROM added_later WHERE id = 1"
        )
        assert [r["sector"] for r in sectors] == ["chemical"]

        # The township acted: it reads on, and no more. Another one sees it now. The county sees both.
        assert [await sees(c, who, case) for who in ("township", "elsewhere", "county")] == [
            "kept",
            "own",
            "own",
        ]
        with pytest.raises(DomainError):
            await c.act("township", "handle", case, "原因", "措施")
        async with scoped(c.db.web, HERE, c.person("township").actor) as conn:
            assert await conn.fetchval("SELECT count(*) FROM enterprise") == 0
            assert await conn.fetchval("SELECT count(*) FROM event") == 0
            assert (await reading.listed(conn, c.person("township"), state="all")) == []
        # A stranger of the same place keeps nothing, nor does somebody who only asks for it.
        stranger = c.person("elsewhere")
        async with scoped(c.db.web, HERE, stranger.actor) as conn:
            assert await reading.listed_kept(conn) == []
        async with scoped(c.db.web, Scope.nothing()) as conn:
            assert await reading.listed_kept(conn) == []

        # Open cases climb on with the people of the new place; the story says from when.
        assert "moved" in await c.kinds(case)
        second = await c.open("L", occurrence="0000002a-9")
        c.phone.sent.clear()
        await c.pass_time(1800, 100)
        assert "13900000005" in c.phone.numbers
        assert "13900000003" not in c.phone.numbers
        assert await sees(c, "township", second) == ""
        # What a gateway tells a moment later stands at the new place, whatever its writer remembers.
        await c.execute(
            "INSERT INTO live_event (kind, place, payload) VALUES ('alarm', '429981101/E0001', '{}')"
        )
        assert await c.fetch("SELECT 1 FROM live_event WHERE kind = 'alarm' AND place = $1", OLD) == []

        # Back again, it is seen as before, and no exception stays.
        await ask_for(c, NewMove(enterprise_id=1, to_region="429981101", to_agency_id=3, reason="迁回"))
        await carry_out(c)
        assert [await sees(c, who, case) for who in ("township", "elsewhere")] == ["own", ""]
        # The other one was called for the second case, and for that alone.
        assert [await sees(c, who, second) for who in ("township", "elsewhere")] == ["own", "kept"]
        assert len(await c.fetch("SELECT 1 FROM case_kept WHERE agency_id = 3")) == 0

    in_county(database, scenario)


def test_a_row_written_while_its_owner_moves_waits_and_stands_at_the_new_place(
    database: DatabaseUrls,
) -> None:
    async def scenario(c: County) -> None:
        await c.execute(BELONGINGS)
        await ask_for(c, NewMove(enterprise_id=1, to_region="429981102", reason="搬迁"))
        assert await relocating.step(c.db)
        writer = await connect(c.urls.worker)
        try:
            # Ingest is in the middle of a batch: it holds its cursor and has written an event.
            batch = writer.transaction()
            await batch.start()
            await writer.execute("SELECT 1 FROM stream_cursor WHERE gateway_id = 'gw-chlorine' FOR UPDATE")
            moving = asyncio.create_task(relocating.step(c.db))
            await asyncio.sleep(0.3)
            await writer.execute(
                "INSERT INTO event (gateway_id, epoch, seq, batch_id, place, kind, at, received_at,"
                " dated_by_centre, boot, mono_ms, time_ms,"
                " history, raw) SELECT 'gw-chlorine', 7, 6, id, '', 'x', now(),"
                " now(), false, 1, 0, 0, true, '' FROM ledger"
            )
            await batch.commit()
            assert await moving
        finally:
            await writer.close()
        assert await tables_at(c, OLD) == {"live_event"}
        assert len(await c.fetch("SELECT 1 FROM event WHERE place = $1", NEW)) == 6

        # And the other way round: the move holds the gateway and has not committed when the batch comes.
        mover, writer = await connect(c.urls.worker), await connect(c.urls.worker)
        try:
            move = mover.transaction()
            await move.start()
            await mover.execute("SELECT * FROM relocate_enterprise(1, 1, '429981101', NULL, NULL, now())")
            writing = asyncio.create_task(
                writer.execute("INSERT INTO gateway_boot VALUES ('gw-chlorine', 3, '', 0, now(), now())")
            )
            told = asyncio.create_task(
                c.execute("INSERT INTO live_event (kind, place, payload) VALUES ('alarm', $1, '{}')", NEW)
            )
            await asyncio.sleep(0.3)
            assert not writing.done()
            assert not told.done()
            await move.commit()
            await asyncio.gather(writing, told)
        finally:
            await mover.close()
            await writer.close()
        assert await tables_at(c, NEW) == {"live_event"}
        assert await c.fetch("SELECT 1 FROM live_event WHERE kind = 'alarm' AND place = $1", NEW) == []

    in_county(database, scenario)


def test_whoever_changes_the_region_of_an_enterprise_takes_its_rows_along(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await c.execute(BELONGINGS)
        await c.open("HH")
        before = await tables_at(c, OLD)
        await c.execute("UPDATE enterprise SET region_code = '429981102', sector = 'mine' WHERE id = 1")
        assert await tables_at(c, OLD) == set()
        assert await tables_at(c, NEW) == before
        # Each table offers a quick way to an enterprise's rows: else a move reads all of everybody's.
        slow = await c.fetch(
            "SELECT name::text FROM placed_tables()"
            " WHERE NOT (has_index OR by_gateway OR by_enterprise OR by_point)"
        )
        assert {row["name"] for row in slow} <= SMALL
        assert [r["sector"] for r in await c.fetch("SELECT DISTINCT sector FROM event")] == ["mine"]

    in_county(database, scenario)


SPLIT = """
INSERT INTO region (code, name, parent_code) VALUES ('429981101001', '一村', '429981101');
INSERT INTO enterprise (id, code, name, credit_code, region_code, agency_id, place)
SELECT n, 'M' || n, '企业' || n, '91420000MA4KX' || lpad(n::text, 5, '0'),
       CASE WHEN n % 2 = 0 THEN '429981101' ELSE '429981101001' END, 3, ''
FROM generate_series(10, 39) AS n;
INSERT INTO gateway (id, enterprise_id, name, public_key, place, created_at)
SELECT 'gw-' || lower(code), id, code, sha256(code::bytea), '', now() FROM enterprise WHERE code LIKE 'M%';
INSERT INTO account_area (account_id, place_prefix) VALUES (6, '429981101');
INSERT INTO agency_area (agency_id, place_prefix) VALUES (4, '429981101/M10');
INSERT INTO policy (region, level, version, name, source, handling_s, repeat_s, retry_s, clear_after_s,
                    suppress_s, valid_from)
SELECT '429981101', 1, 1, '本镇方案', 't', 1, 1, 1, 1, 1, now();
"""
RENUMBER = NewReorganisation(
    title="青石镇改称青石街道", reason="民政部门批复", document="某民函〔2026〕1号",
    changes=[ChangeForm(from_code="429981101", to_code="429981001", name="青石街道")],
)  # fmt: skip
_CHILD = """
import asyncio, sys
from central.db.pool import Database, DatabaseUrls
from central.organisation import relocating
async def main():
    async with Database.open(DatabaseUrls("", sys.argv[1], sys.argv[2])) as db:
        while await relocating.step(db):
            print("step", flush=True)
asyncio.run(main())
"""


async def one_place_each(c: County) -> None:
    """Looks with one snapshot through both eyes: everybody is in one place, with all that is his."""
    conn = await connect(c.urls.web)
    try:
        async with conn.transaction(isolation="repeatable_read"):
            seen = []
            for code in ("429981101", "429981001"):
                await enter(conn, Scope.region(code), c.person("county").actor)
                plants = {r["id"] for r in await conn.fetch("SELECT id FROM enterprise")}
                theirs = {r["enterprise_id"] for r in await conn.fetch("SELECT enterprise_id FROM gateway")}
                assert theirs == plants
                seen.append(plants)
            assert not seen[0] & seen[1]
            assert len(seen[0] | seen[1]) == 31
    finally:
        await conn.close()


def test_a_renumbering_killed_in_the_middle_goes_on_and_old_codes_still_find_the_place(
    database: DatabaseUrls,
) -> None:
    async def scenario(c: County) -> None:
        await c.execute(SPLIT)
        case = await c.open("HH")
        number = await ask_for(c, RENUMBER)
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            _CHILD,
            c.urls.web,
            c.urls.worker,
            stdout=asyncio.subprocess.PIPE,
            env=os.environ,
        )
        assert child.stdout is not None
        for _ in range(6):
            await child.stdout.readline()
            await one_place_each(c)
        child.send_signal(signal.SIGKILL)
        await child.wait()
        job = await steps_of(c, number, REORGANISATION)
        assert job.state == "running"
        assert 5 <= job.done < 31 == job.total
        # Whoever served the old code serves the new one from the first row on: nobody loses sight in between.
        county_town = {
            r["place_prefix"]
            for r in await c.fetch("SELECT place_prefix FROM agency_area WHERE agency_id = 3")
        }
        assert county_town == {"429981101", "429981001"}
        await one_place_each(c)
        await carry_out(c)
        job = await steps_of(c, number, REORGANISATION)
        assert (job.state, job.done, job.total, job.failure) == ("done", 31, 31, "")
        await one_place_each(c)

        areas = await c.fetch(
            "SELECT agency_id, place_prefix FROM agency_area WHERE agency_id IN (3, 4) ORDER BY 1, 2"
        )
        assert [tuple(r) for r in areas] == [(3, "429981001"), (4, "429981001/M10"), (4, "429981102")]
        assert [r["place_prefix"] for r in await c.fetch("SELECT place_prefix FROM account_area")] == [
            "429981001"
        ]
        assert [r["region"] for r in await c.fetch("SELECT region FROM policy WHERE name = '本镇方案'")] == [
            "429981001"
        ]
        assert (await c.row(case))["place"] == "429981001/E0001"
        assert await c.fetch("SELECT 1 FROM case_kept") == []
        async with acting(c.db.worker) as conn:
            assert await regions.code_today(conn, "429981101") == "429981001"
            assert await regions.code_today(conn, "429981101001") == "429981001001"
            found = await regions.region(conn, "429981101")
            assert found.valid_to is not None
            assert found.today == ["429981001"]
            listed = await regions.listed(
                conn, parent="429981", text="", on=await regions.today(conn), level=None, after="", limit=9
            )
            assert [r.code for r in listed] == ["429981001", "429981102"]
        # Whoever comes back to a code that lives on as an alias is told what it is now.
        with pytest.raises(DomainError, match="没有现行的区划代码"):
            await ask_for(c, NewMove(enterprise_id=2, to_region="429981101", reason="搬迁"))

    in_county(database, scenario)


def test_a_split_waits_for_a_decision_a_merger_keeps_aliases_and_agencies_take_over(
    database: DatabaseUrls,
) -> None:
    async def scenario(c: County) -> None:
        await c.execute(SPLIT)
        split = NewReorganisation(
            title="青石镇拆分", reason="民政部门批复",
            changes=[
                ChangeForm(from_code="429981101", to_code="429981103", name="东青石镇", agency_id=3),
                ChangeForm(from_code="429981101", to_code="429981102", agency_id=4),
                ChangeForm(from_code="429981101001", to_code="429981103001", name="一村"),
            ],
            areas=[NewArea(agency_id=3, area="429981103")],
        )  # fmt: skip
        with pytest.raises(DomainError) as told:
            await ask_for(c, split)
        # Those of the village go with it; those of the township itself have to be placed by somebody.
        assert told.value.code == "plan-unfinished"
        assert len(told.value.fields) == 16
        undecided = await c.fetch("SELECT id FROM enterprise WHERE region_code = '429981101' ORDER BY id")
        said = [
            Placing(enterprise_id=r["id"], to_region="429981102" if n == 0 else "429981103")
            for n, r in enumerate(undecided)
        ]
        case = await c.open("HH")
        await c.settle()
        await c.act("township", "acknowledge", case, "已派人")
        number = await ask_for(c, msgspec.structs.replace(split, enterprises=said))
        # One that was registered in the meantime was not thought of: the job says so and waits, then goes on.
        await c.execute(
            "INSERT INTO enterprise (id, code, name, credit_code, region_code, place)"
            " VALUES (99, 'LATE', '新企业', '91420000MA4KXXXX99', '429981101', '')"
        )
        for _ in range(40):
            await relocating.step(c.db)
        job = await steps_of(c, number, REORGANISATION)
        assert (job.state, job.done) == ("running", 31)
        assert "新企业" in job.failure
        person = keeper()
        async with scoped(c.db.web, person.scope, person.actor) as conn:
            await moves.place(conn, number, [Placing(enterprise_id=99, to_region="429981103")], "补充说明")
        await carry_out(c)
        assert (await steps_of(c, number, REORGANISATION)).state == "done"
        places = dict(await c.fetch("SELECT region_code, count(*) FROM enterprise GROUP BY 1"))
        assert places == {"429981102": 2, "429981103": 16, "429981103001": 15}
        supervised = dict(await c.fetch("SELECT agency_id, count(*) FROM enterprise GROUP BY 1"))
        assert supervised == {4: 2, 3: 31}
        # The plant went to the neighbour: its old township answers no more and reads what it did.
        assert [await sees(c, who, case) for who in ("township", "elsewhere")] == ["kept", "own"]

        merge = NewReorganisation(
            title="东青石镇并入白沙镇", reason="民政部门批复",
            changes=[
                ChangeForm(from_code="429981103", to_code="429981102"),
                ChangeForm(from_code="429981103001", to_code="429981102001", name="一村"),
            ],
            agencies=[Succession(from_id=3, to_id=4)],
        )  # fmt: skip
        await ask_for(c, merge)
        await carry_out(c)
        async with acting(c.db.worker) as conn:
            assert await regions.code_today(conn, "429981103") == "429981102"
            # An old code finds its ground over several reorganisations.
            assert (await regions.region(conn, "429981101001")).today == ["429981102001"]
        assert await c.fetch("SELECT 1 FROM enterprise WHERE agency_id IS DISTINCT FROM 4") == []
        # A merger widens nobody's view: who served the smaller region is given the larger one by name.
        township = c.person("township")
        async with scoped(c.db.web, Scope.union([HERE, Scope.region("429981103")]), township.actor) as conn:
            assert await conn.fetchval("SELECT count(*) FROM enterprise") == 0

    in_county(database, scenario)


def test_nobody_moves_what_is_not_his_nor_to_where_he_is_not(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        county = msgspec.structs.replace(keeper(2), scope=HERE)
        with pytest.raises(NotFoundError):
            await ask_for(c, NewMove(enterprise_id=2, to_region="429981101", reason="搬迁"), county)
        with pytest.raises(DomainError, match="不在您的管辖范围内"):
            await ask_for(c, NewMove(enterprise_id=1, to_region="429981102", reason="搬迁"), county)
        with pytest.raises(DomainError, match="与现状相同"):
            await ask_for(c, NewMove(enterprise_id=1, to_region="429981101", reason="搬迁"))
        number = await ask_for(c, NewMove(enterprise_id=1, to_region="429981102", reason="搬迁"))
        with pytest.raises(DomainError, match="未完成"):
            await ask_for(c, NewMove(enterprise_id=1, to_sector="mine", reason="改行"))
        async with scoped(c.db.web, THERE, county.actor) as conn:
            assert await moves.listed(conn, MOVE, None, None, 10) == []
            with pytest.raises(NotFoundError):
                await moves.cancel(conn, number, MOVE, "不搬了")
        person = keeper()
        async with scoped(c.db.web, person.scope, person.actor) as conn:
            assert (await moves.cancel(conn, number, MOVE, "不搬了")).state == "cancelled"
        assert not await relocating.step(c.db)
        assert await tables_at(c, NEW) == set()

    in_county(database, scenario)
