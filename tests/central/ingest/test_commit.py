from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from central.ingest import gaps
from central.telemetry import columns
from protocol import codec
from protocol import messages as m
from tests.central.ingest.plant import Centre, Sim, centre

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls


async def _count(c: Centre, table: str) -> int:
    n: int = await c.database.worker.fetchval(f"SELECT count(*) FROM {table}")
    return n


def test_a_birth_makes_points_and_answers_with_every_cursor(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            receipt = await c.one(sim, sim.birth())
            assert receipt.status == m.STORED
            assert receipt.hash == sim.birth_hash
            assert receipt.cursors == [m.Cursor(1, sim.epoch, 0), m.Cursor(2, sim.epoch, 0)]
            keys = await c.database.worker.fetch("SELECT key, limit_h, current FROM point ORDER BY id")
            assert [(k["key"], k["limit_h"], k["current"]) for k in keys] == [
                ("GT-101", 1.0, True), ("TT-101", None, True), ("PT-201", None, True),
            ]  # fmt: skip

    asyncio.run(body())


def test_rows_ledger_and_cursor_stand_together_before_the_receipt(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            batch = sim.measurements(1, 3)
            receipt = await c.one(sim, batch)
            assert (receipt.status, receipt.first, receipt.last) == (m.STORED, 1, 3)
            assert receipt.hash == msgspec.structs.asdict(receipt)["hash"]
            rows = await c.database.worker.fetch(
                "SELECT p.key, m.value, m.quality, m.record, l.records, l.rows FROM measurement m"
                " JOIN point p ON p.id = m.point_id JOIN ledger l ON l.id = m.batch_id"
                " ORDER BY m.record, p.key"
            )
            assert len(rows) == 6
            assert (rows[0]["key"], rows[0]["value"], rows[0]["quality"]) == ("GT-101", 5 * 0.1, 192)
            assert (rows[0]["records"], rows[0]["rows"]) == (3, 6)
            assert (
                await c.database.worker.fetchval("SELECT last_seq FROM stream_cursor WHERE stream = 2") == 3
            )

    asyncio.run(body())


def test_the_same_batch_again_is_receipted_and_stored_once(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            batch = sim.measurements(1, 3)
            first = await c.one(sim, batch)
            again = await c.one(sim, batch)
            both = await c.send(sim, batch, batch)
            assert first == again == both[0] == both[1]
            assert await _count(c, "measurement") == 6
            assert await _count(c, "ledger") == 1

    asyncio.run(body())


def test_two_central_processes_that_get_one_frame_store_it_once(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            other = Centre(c.database)
            await c.one(sim, sim.birth())
            for first in range(1, 40, 4):
                batch = sim.measurements(first, 4)
                one, two = await asyncio.gather(c.one(sim, batch), other.one(sim, batch))
                assert one == two
                assert one.status == m.STORED
            assert await _count(c, "measurement") == 80
            assert await _count(c, "ledger") == 10

    asyncio.run(body())


def test_another_content_of_the_same_range_is_a_conflict_and_both_are_kept(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            await c.one(sim, sim.measurements(1, 3))
            for _ in range(2):
                assert (await c.one(sim, sim.measurements(1, 3, raw=9))).status == m.CONFLICT
            assert await _count(c, "measurement") == 6
            row = await c.database.worker.fetchrow("SELECT times, body, stored_hash FROM range_conflict")
            assert row is not None
            assert row["times"] == 2
            assert row["body"] == sim.measurements(1, 3, raw=9).body
            assert await c.database.worker.fetchval("SELECT count(*) FROM warning") == 1

    asyncio.run(body())


def test_a_batch_out_of_order_is_told_what_is_expected(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            receipt = await c.one(sim, sim.measurements(5, 2))
            assert (receipt.status, receipt.epoch, receipt.expected) == (m.EXPECTED, sim.epoch, 1)
            # Together they are in order, however they came.
            late, early = sim.measurements(3, 2), sim.measurements(1, 2)
            assert {r.status for r in await c.send(sim, late, early)} == {m.STORED}

    asyncio.run(body())


def test_an_unknown_epoch_or_birth_asks_for_the_birth(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            assert (await c.one(sim, sim.measurements(1))).status == m.BIRTH_WANTED
            await c.one(sim, sim.birth())
            foreign = sim.measurements(1, birth_hash=b"x" * 16)
            assert (await c.one(sim, foreign)).status == m.BIRTH_WANTED
            assert (await c.one(sim, sim.measurements(1))).status == m.STORED

    asyncio.run(body())


def test_a_backlog_is_read_with_the_birth_under_which_it_was_taken(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            old = sim.measurements(1, 1)
            yesterday = sim.birth(current=False)
            sim.config_version, sim.scale = 2, 10.0
            new = sim.measurements(2, 1)
            assert (await c.one(sim, sim.birth())).status == m.STORED
            assert (await c.one(sim, old)).status == m.BIRTH_WANTED
            assert (await c.one(sim, yesterday)).status == m.STORED
            assert {r.status for r in await c.send(sim, old, new)} == {m.STORED}
            values = await c.database.worker.fetch(
                "SELECT m.value FROM measurement m JOIN point p ON p.id = m.point_id"
                " WHERE p.key = 'GT-101' ORDER BY m.batch_id"
            )
            assert [v["value"] for v in values] == [5 * 0.1, 5 * 10.0]
            current = await c.database.worker.fetchval(
                "SELECT b.config_version FROM birth b JOIN gateway_state s ON s.birth_hash = b.hash"
            )
            assert current == 2

    asyncio.run(body())


def test_declared_gaps_let_a_stream_go_on_behind_them(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            await c.one(sim, sim.measurements(1, 5))
            wanted = await c.one(sim, sim.measurements(21, 5))
            assert (wanted.status, wanted.expected) == (m.EXPECTED, 6)
            gap = sim.gap(1, m.MEASUREMENT, sim.epoch, 6, 20)
            assert (await c.one(sim, sim.events(1, [gap]))).status == m.STORED
            assert (await c.one(sim, sim.measurements(21, 5))).status == m.STORED

    asyncio.run(body())


def test_events_of_a_new_epoch_wait_for_those_of_the_old_one(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            old = sim.events(1, [sim.operator(1), sim.operator(2)])
            sim.reopen(0x2222)
            await c.one(sim, sim.birth())
            new = sim.events(1, [sim.operator(1)])
            receipt = await c.one(sim, new)
            assert (receipt.status, receipt.epoch, receipt.expected) == (m.EXPECTED, 0x1111, 1)
            # Measurements of the new epoch wait for nobody.
            assert (await c.one(sim, sim.measurements(1))).status == m.STORED
            assert [r.status for r in await c.send(sim, new, old)] == [m.STORED, m.STORED]

    asyncio.run(body())


def test_one_gateways_nonsense_disturbs_no_other_of_its_group(database: DatabaseUrls) -> None:
    async def body() -> None:
        good, bad = Sim("gw-a"), Sim("gw-b")
        async with centre(database, good, bad) as c:
            await c.one(good, good.birth())
            await c.one(bad, bad.birth())
            answers: list[m.Receipt] = []
            works = [
                await c.work(bad, bad.measurements(1, 2, body=b"\xc1 no body"), answers),
                await c.work(good, good.measurements(1, 2), answers),
                await c.work(bad, bad.measurements(1, 2, last=1 << 63), answers),
                await c.work(bad, bad.measurements(1, 2, stream=9), answers),
            ]
            await c.committer.commit(works)
            status = {(r.gateway, r.status) for r in answers}
            assert status == {("gw-a", m.STORED), ("gw-b", m.REFUSED)}
            assert await _count(c, "measurement") == 4

    asyncio.run(body())


def test_rows_that_do_not_fit_their_birth_are_refused(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            wide = Sim("gw-a")
            wide.extra_points = [m.PointInfo("X-1", "x", 0, 2, "gas", "ppm", 1.0, 0.0)]
            assert (await c.one(sim, wide.birth(current=False))).status == m.STORED
            receipt = await c.one(sim, sim.measurements(1, birth_hash=wide.birth_hash))
            assert receipt.status == m.REFUSED
            assert "3" in receipt.reason

    asyncio.run(body())


@pytest.mark.parametrize(("listed", "cursor"), [(0, 2), (3, 4)], ids=["damaged file", "rolled back card"])
def test_events_that_the_gateway_no_longer_holds_are_declared_lost_and_block_nobody(
    database: DatabaseUrls, listed: int, cursor: int
) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            await c.one(sim, sim.events(1, [sim.operator(n) for n in range(1, cursor + 1)]))
            sim.claim(event=5)
            await c.one(sim, sim.birth())
            sim.claim(event=listed)
            sim.reopen(0x2222)
            await c.one(sim, sim.birth())
            assert (await c.one(sim, sim.events(1, [sim.operator(1)]))).status == m.STORED
            summary = (await gaps.audit(c.database)).summary
            assert (summary.missing, summary.declared_lost) == (0, 5 - cursor)

    asyncio.run(body())


def test_events_wait_for_what_the_gateway_still_holds_of_an_older_epoch(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            sim.claim(event=3)
            older = sim.epoch
            sim.reopen(0x2222)
            await c.one(sim, sim.birth())
            receipt = await c.one(sim, sim.events(1, [sim.operator(1)]))
            assert (receipt.status, receipt.epoch, receipt.expected) == (m.EXPECTED, older, 1)

    asyncio.run(body())


def test_a_frame_that_cannot_be_decoded_is_refused_alone(
    database: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def body() -> None:
        sim, other = Sim("gw-a"), Sim("gw-b")
        async with centre(database, sim, other) as c:
            await c.one(sim, sim.birth())
            await c.one(other, other.birth())
            read = columns.decode

            def fails(body: m.MeasurementBody, *rest: Any) -> Any:
                if body.base_mono_ms == 666:
                    raise OverflowError("too large")
                return read(body, *rest)

            monkeypatch.setattr(columns, "decode", fails)
            answers: list[m.Receipt] = []
            works = [
                await c.work(sim, sim.measurements(1, mono_ms=666), answers),
                await c.work(other, other.measurements(1), answers),
            ]
            await c.committer.commit(works)
            assert {(r.gateway, r.status) for r in answers} == {("gw-a", m.REFUSED), ("gw-b", m.STORED)}

    asyncio.run(body())


def test_a_birth_that_cannot_be_read_is_refused_alone(
    database: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def body() -> None:
        sim, other = Sim("gw-a"), Sim("gw-b")
        async with centre(database, sim, other) as c:
            await c.one(other, other.birth())
            read = codec.decode_description

            def fails(data: bytes) -> m.Description:
                if data == sim.encoded:
                    raise RecursionError
                return read(data)

            monkeypatch.setattr(codec, "decode_description", fails)
            answers: list[m.Receipt] = []
            works = [
                await c.work(sim, sim.birth(), answers),
                await c.work(other, other.measurements(1), answers),
            ]
            await c.committer.commit(works)
            assert {(r.gateway, r.status) for r in answers} == {("gw-a", m.REFUSED), ("gw-b", m.STORED)}

    asyncio.run(body())


@pytest.mark.parametrize("mono_ms", [1 << 63, (1 << 64) - 1, -(1 << 63)])
def test_a_monotonic_time_that_cannot_be_costs_no_record(database: DatabaseUrls, mono_ms: int) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        sim.clock = m.UNSYNCHRONISED
        sim.mono_ms = mono_ms
        async with centre(database, sim) as c:
            assert (await c.one(sim, sim.birth())).status == m.STORED
            assert (await c.one(sim, sim.measurements(1))).status == m.STORED
            assert (await c.one(sim, sim.events(1, [sim.alarm(1)]))).status == m.STORED

    asyncio.run(body())


def test_a_boot_that_cannot_be_is_refused(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            assert (await c.one(sim, sim.measurements(1, boot=1 << 63))).status == m.REFUSED
            sim.boot = 1 << 63
            assert (await c.one(sim, sim.birth())).status == m.REFUSED

    asyncio.run(body())
