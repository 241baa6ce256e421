"""Whatever is done to the audit behind its back is found and named."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import msgspec

from central.audit import files, roots
from central.audit.verify import anchors_of_file, verify
from central.db.pool import Database
from central.devices.keys import CentreKey
from tests.central.audit.keeping import REMEMBER, RESTORE, REWRITE, Kept, forging

if TYPE_CHECKING:
    from pathlib import Path

    from central.db.pool import DatabaseUrls

# What a forger does, and what has to be found: kinds with their positions. Of forty entries ten are of the
# day before yesterday, ten of yesterday, whose roots are signed; the newest head is at forty.
FORGERIES = {
    "an edited entry": ("UPDATE audit SET actor_name = '无名' WHERE id = %5", {("edited", 5)}),
    "an edited address": ("UPDATE audit SET address = '10.9.9.9' WHERE id = %5", {("edited", 5)}),
    "another kind of entry": ("UPDATE audit SET kind = 'business' WHERE id = %5", {("edited", 5)}),
    "an older form": ("UPDATE audit SET form = 1 WHERE id = %5", {("edited", 5)}),
    "a deleted entry": ("DELETE FROM audit WHERE id = %7", {("deleted", 7)}),
    "an entry deleted with its place in the chain": (
        "DELETE FROM audit WHERE id = %7; DELETE FROM audit_chain WHERE position = 7",
        {("deleted", 7)},
    ),
    "two entries that changed places": (
        """UPDATE audit_chain SET audit_id = -1 WHERE position = 3;
        UPDATE audit_chain SET audit_id = %3 WHERE position = 6;
        UPDATE audit_chain SET audit_id = %6 WHERE position = 3""",
        {("reordered", 3), ("reordered", 6)},
    ),
    "an entry put in past the chain": (
        "INSERT INTO audit (action, subject_type, subject_id) VALUES ('x', 'y', '')",
        {("inserted", None)},
    ),
    "a hash of the chain": (
        "UPDATE audit_chain SET hash = sha256('x') WHERE position = 33",
        {("edited", 33), ("link", 34)},
    ),
    "an entry edited and the chain computed anew": (
        "UPDATE audit SET reason = 'x' WHERE id = %5;" + REWRITE,
        {("rewritten", 10), ("rewritten", 20), ("rewritten", 40)},
    ),
    "the newest entries": (
        "DELETE FROM audit WHERE id >= %38; DELETE FROM audit_chain WHERE position >= 38",
        {("cut", 40)},
    ),
    "everything since yesterday, its root too": (
        """DELETE FROM audit WHERE id >= %15; DELETE FROM audit_chain WHERE position >= 15;
        DELETE FROM audit_root WHERE position > 10""",
        {("cut", 20), ("root", 20), ("cut", 40)},
    ),
    "a root's hash": (
        "UPDATE audit_root SET hash = sha256('x') WHERE position = 10",
        {("root", 10)},
    ),
    "a root's signed words": (
        "UPDATE audit_root SET statement = replace(statement, ':10', ':11') WHERE position = 10",
        {("root", None), ("root", 10), ("root", 20)},
    ),
    "a removed root": ("DELETE FROM audit_root WHERE position = 10", {("root", 10)}),
    "an entry that never reached the chain": (
        "INSERT INTO audit_pending VALUES (99999999)",
        {("deleted", None)},
    ),
}  # fmt: skip

EDIT = "UPDATE audit SET reason = 'x' WHERE id = (SELECT audit_id FROM audit_chain WHERE position = {})"


async def forty(database: Database, state: Path) -> Kept:
    """Forty sealed entries: ten of the day before yesterday, ten of yesterday, twenty of today."""
    kept = Kept(database, state)
    async with forging(database.urls) as admin:
        # What the migrations wrote would shift the positions.
        await admin.execute("TRUNCATE audit, audit_chain, audit_pending")
    for days_ago in (2, 1):
        await kept.write(10, days_ago=days_ago)
        await kept.seal()
        await kept.close(days_ago=days_ago - 1)
    await kept.write(20)
    await kept.seal()
    return kept


def test_whatever_is_done_behind_the_audits_back_is_found_and_named(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    async def run() -> None:
        async with Database.open(database) as db:
            kept = await forty(db, tmp_path)
            report = await kept.report()
            assert report.sound, report
            assert (report.entries, report.head, report.roots) == (40, 40, 2)
            async with forging(database) as admin:
                ids = {
                    row["position"]: row["audit_id"]
                    for row in await admin.fetch("SELECT position, audit_id FROM audit_chain")
                }
                await admin.execute(REMEMBER)
                for what, (template, wanted) in FORGERIES.items():
                    forgery = re.sub(r"%(\d+)", lambda found: str(ids[int(found[1])]), template)
                    await admin.execute(forgery)
                    found = set(await kept.found())
                    assert found == wanted, (what, found)
                    await admin.execute(RESTORE)
                    assert await kept.found() == [], what

    asyncio.run(run())


def test_nobody_signs_a_chain_with_another_key_or_takes_lines_out_of_the_file_of_roots(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    async def run() -> None:
        async with Database.open(database) as db:
            kept = await forty(db, tmp_path / "state")
            other = CentreKey.load(tmp_path / "other")
            assert not (await verify(db, kept.folder, other.public)).sound
            path = kept.folder / roots.ROOTS
            whole = path.read_bytes()
            first, second, _ = whole.split(b"\n")
            path.write_bytes(second + b"\n")
            assert await kept.found() == []  # the database has it still
            path.write_bytes(first.replace(b'"count":10', b'"count":11') + b"\n" + second + b"\n")
            assert await kept.found() == [("root", None)]
            path.write_bytes(b"nonsense\n")
            assert await kept.found() == [("root", None)]
            path.unlink()
            assert await kept.found() == [("root", None)]
            # A copy that was kept elsewhere tells what database and folder no longer do.
            copy = tmp_path / "copy.jsonl"
            copy.write_bytes(whole)
            path.write_bytes(first + b"\n")
            async with forging(database) as admin:
                await admin.execute("DELETE FROM audit_root WHERE position = 20")
            assert await kept.found() == []
            report = await verify(db, kept.folder, kept.key.public, roots_file=copy)
            assert [(f.kind, f.position) for f in report.findings] == [("root", 20)]

    asyncio.run(run())


def test_a_day_is_verified_by_itself_and_rollbacks_leave_numbers_but_no_findings(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    async def run() -> None:
        async with Database.open(database) as db:
            kept = await forty(db, tmp_path)
            async with db.worker.acquire() as conn:
                transaction = conn.transaction()
                await transaction.start()
                await conn.execute(
                    "INSERT INTO audit (action, subject_type, subject_id) VALUES ('x', 'y', '')"
                )
                await transaction.rollback()
            await kept.write(1)
            await kept.seal()
            async with forging(database) as admin:
                days = [r["day"] for r in await admin.fetch("SELECT day FROM audit_root ORDER BY day")]
                await admin.execute(EDIT.format(15))
            first = await verify(db, kept.folder, kept.key.public, until=days[0])
            assert first.sound
            assert (first.entries, first.skipped_ids) == (10, 1)
            second = await verify(db, kept.folder, kept.key.public, since=days[1], until=days[1])
            assert (second.entries, [f.position for f in second.findings]) == (10, [15])

    asyncio.run(run())


def test_a_day_that_is_closed_over_a_forged_entry_says_so(database: DatabaseUrls, tmp_path: Path) -> None:
    async def run() -> None:
        async with Database.open(database) as db:
            kept = await forty(db, tmp_path)
            async with forging(database) as admin:
                await admin.execute(EDIT.format(25))
            await kept.close(days_ago=-1)
            day = (await db.worker.fetch("SELECT * FROM audit_root ORDER BY day"))[-1]
            assert (day["sound"], day["count"]) == (False, 20)
            assert "edited 25" in day["problem"]

    asyncio.run(run())


def test_a_tail_that_was_cut_off_stays_known_after_the_chain_has_grown_again(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    async def run() -> None:
        async with Database.open(database) as db:
            kept = await forty(db, tmp_path)
            async with forging(database) as admin:
                await admin.execute(
                    "DELETE FROM audit USING audit_chain AS c "
                    "WHERE c.audit_id = audit.id AND c.position > 35;"
                    "DELETE FROM audit_chain WHERE position > 35"
                )
            assert await kept.look_for_lost_head()
            assert not await kept.look_for_lost_head()
            await kept.write(10)
            await kept.seal()
            assert await kept.found() == [("rewritten", 40)]
            assert await db.worker.fetchval("SELECT count(*) FROM audit WHERE action = 'audit-cut'") == 1

    asyncio.run(run())


def test_entries_from_before_this_form_verify_with_their_own(database: DatabaseUrls, tmp_path: Path) -> None:
    async def run() -> None:
        async with Database.open(database) as db:
            kept = Kept(db, tmp_path)
            await kept.write(2)
            async with forging(database) as admin:
                await admin.execute(
                    "UPDATE audit SET form = 1 WHERE id IN (SELECT audit_id FROM audit_pending)"
                )
            await kept.seal()
            await kept.write(2)
            await kept.seal()
            assert (await kept.report()).sound
            old = await db.worker.fetch(
                "SELECT c.hash = sha256(c.prev_hash || convert_to(jsonb_build_array("
                "a.id, (extract(epoch FROM a.at) * 1000000)::bigint, a.actor, a.actor_name, a.action, "
                "a.subject_type, a.subject_id, a.before, a.after, a.reason, a.request)::text, "
                "'UTF8')) AS fits "
                "FROM audit_chain AS c JOIN audit AS a ON a.id = c.audit_id WHERE a.form = 1"
            )
            assert old
            assert all(row["fits"] for row in old)

    asyncio.run(run())


def test_an_exported_file_proves_itself_without_a_database(database: DatabaseUrls, tmp_path: Path) -> None:
    async def run() -> None:
        async with Database.open(database) as db:
            kept = await forty(db, tmp_path / "state")
            out = tmp_path / "audit.jsonl"
            async with db.worker.acquire() as conn:
                now = await conn.fetchval("SELECT now()")
                end = await files.write(conn, out, kept.key, "export", now, (0, b""))
            assert (end[0], end[2]) == (40, 40)
        anchors = anchors_of_file(kept.folder / roots.ROOTS, kept.key.public).by_position
        assert files.offline(out, kept.key.public, anchors).findings == []
        whole = out.read_bytes()
        lines = whole.split(b"\n")
        assert msgspec.json.decode(lines[5])["position"] == 5
        forged = {
            "edited": b"\n".join([*lines[:5], lines[5].replace("字".encode(), b"x"), *lines[6:]]),
            "deleted": b"\n".join([*lines[:5], *lines[6:]]),
            "cut": b"\n".join(lines[:30]) + b"\n",
            "root": whole.replace(b'"count":40', b'"count":41'),
            "reordered": b"\n".join([*lines[:5], lines[6], lines[5], *lines[7:]]),
        }
        for kind, text in forged.items():
            out.write_bytes(text)
            found = files.offline(out, kept.key.public, anchors).findings
            assert kind in {finding.kind for finding in found}, (kind, found)
        out.write_bytes(whole)
        assert files.offline(out, CentreKey.load(tmp_path / "other").public, {}).findings

    asyncio.run(run())
