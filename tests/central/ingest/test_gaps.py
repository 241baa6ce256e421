"""Each way in which the audit could lie has a test: it must not believe what it is meant to check."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from central.ingest import gaps, store
from central.ingest.gaps import Summary
from protocol import messages as m
from tests.central.ingest.plant import Centre, Sim, centre

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls


def audited(
    urls: DatabaseUrls, arrange: Callable[[Centre, Sim], Awaitable[None]], *, with_data: bool = True
) -> gaps.Report:
    """10 events in two batches and 20 measurements in four (two rows a record), then what a test arranges."""

    async def body() -> gaps.Report:
        sim = Sim("gw-a")
        async with centre(urls, sim) as c:
            await c.one(sim, sim.birth())
            if with_data:
                for first in (1, 6):
                    await c.one(sim, sim.events(first, [sim.operator(first + i) for i in range(5)]))
                for first in (1, 6, 11, 16):
                    await c.one(sim, sim.measurements(first, 5))
            await arrange(c, sim)
            return await gaps.audit(c.database)

    return asyncio.run(body())


async def _sql(c: Centre, statement: str) -> None:
    """As the owner of everything: what a broken disk, a bad restore or a hand might do."""
    from central.db.pool import connect

    conn = await connect(c.database.urls.admin)
    try:
        await conn.execute(statement)
    finally:
        await conn.close()


async def _claim(c: Centre, stream: int, head: int, epoch: int = 0x1111) -> None:
    async with c.database.worker.acquire() as conn:
        now = await conn.fetchval("SELECT clock_timestamp()")
        await store.claim_heads(conn, {("gw-a", stream, epoch): head}, now)


def test_nothing_lost_is_nothing_missing(database: DatabaseUrls) -> None:
    async def nothing(c: Centre, sim: Sim) -> None: ...

    assert audited(database, nothing).summary == Summary(1, 30, 0, 0, 0)


def test_a_gateway_that_sent_nothing_yet_is_no_gap(database: DatabaseUrls) -> None:
    async def nothing(c: Centre, sim: Sim) -> None: ...

    assert audited(database, nothing, with_data=False).summary == Summary(1, 0, 0, 0, 0)


def test_what_a_gateway_claims_and_never_delivered_is_missing(database: DatabaseUrls) -> None:
    async def arrange(c: Centre, sim: Sim) -> None:
        await _claim(c, m.MEASUREMENT, 27)
        await _claim(c, m.EVENT, 11)

    assert audited(database, arrange).summary == Summary(1, 30, 8, 0, 0)


def test_an_epoch_that_only_a_heartbeat_named_is_missing_whole(database: DatabaseUrls) -> None:
    async def arrange(c: Centre, sim: Sim) -> None:
        await _claim(c, m.EVENT, 4, epoch=0x2222)

    assert audited(database, arrange).summary == Summary(1, 30, 4, 0, 0)


def test_a_cursor_that_runs_ahead_of_the_ledger_is_not_believed(database: DatabaseUrls) -> None:
    async def arrange(c: Centre, sim: Sim) -> None:
        await _sql(c, "UPDATE stream_cursor SET last_seq = 25 WHERE stream = 2")

    assert audited(database, arrange).summary == Summary(1, 30, 5, 0, 0)


def test_a_ledger_line_that_went_with_its_rows_leaves_a_hole(database: DatabaseUrls) -> None:
    async def arrange(c: Centre, sim: Sim) -> None:
        await _sql(
            c, "DELETE FROM measurement WHERE batch_id IN (SELECT id FROM ledger WHERE first_seq = 11)"
        )
        await _sql(c, "DELETE FROM ledger WHERE first_seq = 11")

    assert audited(database, arrange).summary == Summary(1, 25, 5, 0, 0)


def test_rows_that_the_ledger_has_and_the_history_lost_are_missing(database: DatabaseUrls) -> None:
    async def arrange(c: Centre, sim: Sim) -> None:
        await _sql(
            c,
            "DELETE FROM measurement WHERE record IN (1, 3)"
            " AND batch_id IN (SELECT id FROM ledger WHERE stream = 2 AND first_seq = 6)",
        )
        await _sql(c, "DELETE FROM event WHERE seq = 9")

    assert audited(database, arrange).summary == Summary(1, 30, 3, 0, 0)


def test_a_single_lost_value_makes_its_record_missing(database: DatabaseUrls) -> None:
    async def arrange(c: Centre, sim: Sim) -> None:
        await _sql(
            c,
            "DELETE FROM measurement WHERE record = 1 AND value = 6 * 0.1::float8"
            " AND batch_id IN (SELECT id FROM ledger WHERE stream = 2 AND first_seq = 6)",
        )

    assert audited(database, arrange).summary == Summary(1, 30, 1, 0, 0)


def test_a_dropped_day_is_missing(database: DatabaseUrls) -> None:
    async def arrange(c: Centre, sim: Sim) -> None:
        await _sql(c, "TRUNCATE measurement")

    assert audited(database, arrange).summary == Summary(1, 30, 20, 0, 0)


def test_a_row_stored_twice_is_a_duplicate(database: DatabaseUrls) -> None:
    async def arrange(c: Centre, sim: Sim) -> None:
        await _sql(c, "INSERT INTO measurement SELECT * FROM measurement WHERE record = 2 AND batch_id ="
                      " (SELECT id FROM ledger WHERE stream = 2 AND first_seq = 6) LIMIT 1")  # fmt: skip

    assert audited(database, arrange).summary == Summary(1, 30, 0, 1, 0)


def test_a_row_lost_and_another_doubled_do_not_cancel_out(database: DatabaseUrls) -> None:
    async def arrange(c: Centre, sim: Sim) -> None:
        batch = "(SELECT id FROM ledger WHERE stream = 2 AND first_seq = 6)"
        await _sql(c, f"DELETE FROM measurement WHERE record = 0 AND value < 1 AND batch_id = {batch}")
        await _sql(c, "INSERT INTO measurement SELECT * FROM measurement"
                      f" WHERE record = 2 AND value < 1 AND batch_id = {batch}")  # fmt: skip

    assert audited(database, arrange).summary == Summary(1, 30, 1, 1, 0)


def test_a_range_in_two_ledger_lines_is_a_duplicate(database: DatabaseUrls) -> None:
    async def arrange(c: Centre, sim: Sim) -> None:
        await _sql(
            c,
            "INSERT INTO ledger (gateway_id, stream, epoch, place, first_seq, last_seq, records, rows, hash,"
            " birth_hash, boot, received_at) SELECT gateway_id, stream, epoch, place, 8, 10, 3, 0, hash,"
            " birth_hash, boot, received_at FROM ledger WHERE stream = 2 AND first_seq = 6",
        )

    assert audited(database, arrange).summary == Summary(1, 33, 0, 3, 0)


def test_rows_of_a_batch_that_the_ledger_does_not_know_are_duplicates(database: DatabaseUrls) -> None:
    # They would come again: the cursor that went with the ledger line went back as well.
    async def arrange(c: Centre, sim: Sim) -> None:
        await _sql(c, "DELETE FROM ledger WHERE stream = 2 AND first_seq = 16")
        await _sql(c, "UPDATE stream_cursor SET last_seq = 15 WHERE stream = 2")
        await c.one(sim, sim.measurements(16, 5))

    assert audited(database, arrange).summary == Summary(1, 30, 0, 5, 0)


def test_declared_gaps_are_lost_and_not_missing(database: DatabaseUrls) -> None:
    async def arrange(c: Centre, sim: Sim) -> None:
        gap = sim.gap(11, m.MEASUREMENT, sim.epoch, 21, 30)
        await c.one(sim, sim.events(11, [gap]))
        await c.one(sim, sim.measurements(31, 5))

    assert audited(database, arrange).summary == Summary(1, 36, 0, 0, 10)


def test_what_was_declared_gone_and_came_all_the_same_is_not_lost(database: DatabaseUrls) -> None:
    async def arrange(c: Centre, sim: Sim) -> None:
        # Thinned: of 21..30 half is still sent; a second declaration overlaps the first.
        gaps_ = [sim.gap(11, m.MEASUREMENT, sim.epoch, 21, 30, kept=5),
                 sim.gap(12, m.MEASUREMENT, sim.epoch, 25, 30)]  # fmt: skip
        await c.one(sim, sim.events(11, gaps_))
        await c.one(sim, sim.measurements(26, 5))

    assert audited(database, arrange).summary == Summary(1, 37, 0, 0, 5)


def test_a_rest_that_nobody_can_know_is_lost_up_to_what_was_claimed(database: DatabaseUrls) -> None:
    async def arrange(c: Centre, sim: Sim) -> None:
        await _claim(c, m.MEASUREMENT, 24)
        await c.one(sim, sim.events(11, [sim.gap(11, m.MEASUREMENT, sim.epoch, 21, 0)]))

    assert audited(database, arrange).summary == Summary(1, 31, 0, 0, 4)


def test_stand_ins_of_lost_events_count_as_lost(database: DatabaseUrls) -> None:
    async def arrange(c: Centre, sim: Sim) -> None:
        lost = [sim.gap(seq, m.EVENT, sim.epoch, seq, seq) for seq in (11, 12, 13)]
        await c.one(sim, sim.events(11, lost))

    assert audited(database, arrange).summary == Summary(1, 33, 0, 0, 3)


def test_a_declaration_beyond_every_claim_still_counts(database: DatabaseUrls) -> None:
    async def arrange(c: Centre, sim: Sim) -> None:
        await c.one(sim, sim.events(11, [sim.gap(11, m.MEASUREMENT, 0x3333, 1, 7)]))

    assert audited(database, arrange).summary == Summary(1, 31, 0, 0, 7)


def test_the_same_numbers_of_two_gateways_are_two_things(database: DatabaseUrls) -> None:
    async def body() -> gaps.Report:
        one, two = Sim("gw-a"), Sim("gw-b")
        async with centre(database, one, two) as c:
            for sim in (one, two):
                await c.one(sim, sim.birth())
            await c.one(one, one.measurements(1, 5))
            async with c.database.worker.acquire() as conn:
                now = await conn.fetchval("SELECT clock_timestamp()")
                await store.claim_heads(conn, {("gw-b", m.MEASUREMENT, two.epoch): 5}, now)
            return await gaps.audit(c.database)

    report = asyncio.run(body())
    assert report.summary == Summary(2, 5, 5, 0, 0)
    assert [f.gateway for f in report.findings] == ["gw-b"]
