"""What is changed is written: with before and after, by whom, from where and why."""

from __future__ import annotations

import asyncio
import hashlib
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import asyncpg
import pytest

from central.db.pool import Database, connect
from central.db.scope import Actor, Scope, acting, scoped
from central.identity import service
from central.settings import Settings
from tests.central import county
from tests.central.http.test_surface import SOME
from tests.central.serving import serving

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls


def test_every_change_of_a_registered_table_is_written_with_before_and_after(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with Database.open(database) as db:
            await county.found(db)
            actor = Actor(2, "county", "王县", "req-1")
            async with scoped(db.web, Scope.region("429981"), actor) as conn:
                await conn.execute("UPDATE enterprise SET contact_phone = '13800000000' WHERE code = 'E1'")
            row = await db.worker.fetchrow(
                "SELECT actor, actor_name, action, request, before->>'contact_phone' AS old, "
                "after->>'contact_phone' AS new FROM audit ORDER BY id DESC LIMIT 1"
            )
            assert row is not None
            assert tuple(row) == (2, "王县", "update", "req-1", "", "13800000000")
            secrets = await db.worker.fetchval(
                "SELECT count(*) FROM audit WHERE after ? 'password_hash' OR before ? 'password_hash'"
            )
            assert secrets == 0

    asyncio.run(run())


def test_a_change_that_is_rolled_back_leaves_no_row(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with Database.open(database) as db:
            await county.found(db)
            before = await db.worker.fetchval("SELECT count(*) FROM audit")

            async def fail() -> None:
                async with acting(db.worker) as conn:
                    await conn.execute("UPDATE enterprise SET name = 'x' WHERE code = 'E1'")
                    await conn.execute("SELECT 1 / 0")

            with pytest.raises(asyncpg.DivisionByZeroError):
                await fail()
            assert await db.worker.fetchval("SELECT count(*) FROM audit") == before

    asyncio.run(run())


def test_the_audit_cannot_be_changed_by_anybody(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with Database.open(database) as db:
            await county.found(db)
            admin = await connect(database.admin)
            try:
                for conn in (admin, await db.worker.acquire(), await db.web.acquire()):
                    for statement in (
                        "UPDATE audit SET actor_name = 'x'", "DELETE FROM audit", "TRUNCATE audit",
                        "DELETE FROM audit_chain", "DELETE FROM audit_root", "TRUNCATE audit_archive",
                    ):  # fmt: skip
                        with pytest.raises(asyncpg.InsufficientPrivilegeError):
                            await conn.execute(statement)
                    if conn is not admin:
                        pool = (
                            db.worker
                            if "worker" in str(await conn.fetchval("SELECT current_user"))
                            else db.web
                        )
                        await pool.release(conn)  # type: ignore[arg-type]
            finally:
                await admin.close()

    asyncio.run(run())


def test_nobody_writes_in_anothers_name(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with Database.open(database) as db:
            await county.found(db)
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with scoped(db.web, Scope.region("42"), Actor(2, "county")) as conn:
                    await conn.execute(
                        "INSERT INTO audit (actor, action, subject_type, subject_id) VALUES (7, 'x', 'x', '')"
                    )

    asyncio.run(run())


def test_the_chain_holds_every_entry_once_under_concurrent_writers_and_sealers(
    database: DatabaseUrls,
) -> None:
    async def run() -> None:
        async with Database.open(database, worker_size=10) as db:

            async def write(number: int) -> None:
                async with acting(db.worker) as conn:
                    await service.audit(conn, "test", "thing", number, after={"n": number, "文": "字"})
                    await asyncio.sleep(0.001 * (number % 7))

            async def seal() -> None:
                for _ in range(20):
                    async with acting(db.worker) as conn:
                        await service.seal_audit(conn, 7)

            await asyncio.gather(*(write(n) for n in range(60)), seal(), seal())
            async with acting(db.worker) as conn:
                while await service.seal_audit(conn):
                    pass
                chain = await conn.fetch(
                    "SELECT position, audit_id, prev_hash, hash FROM audit_chain ORDER BY position"
                )
                total = await conn.fetchval("SELECT count(*) FROM audit")
                assert await conn.fetchval("SELECT count(*) FROM audit_pending") == 0
                bad = await conn.fetchval(
                    "SELECT count(*) FROM audit_chain AS c JOIN audit AS a ON a.id = c.audit_id "
                    "WHERE c.hash <> sha256(c.prev_hash || convert_to(audit_text(a), 'UTF8'))"
                )
            assert bad == 0
            assert [row["position"] for row in chain] == list(range(1, total + 1))
            assert len({row["audit_id"] for row in chain}) == total
            previous = b""
            for row in chain:
                assert row["prev_hash"] == previous
                assert len(row["hash"]) == hashlib.sha256().digest_size
                previous = row["hash"]

    asyncio.run(run())


# Tables that people or workers write and that have no trigger of the audit, each with its reason.
EXEMPT = {
    "account_setting": "a person's own settings of the console; the request leaves a trace",
    "centre_absence": "reckoned from the centre's own clock",
    "centre_watch": "that a centre is there",
    "connection_day": "reckoned from times of devices",
    "device_period": "judged from heartbeats",
    "enterprise_connection": "judged from heartbeats",
    "alarm_day": "counted from events, which are kept themselves",
    "alarm_day_alarm": "counted from events",
    "alarm_day_due": "days to be counted",
    "management_finding": "judged from registers, whose changes are audited",
    "management_round": "where the round is",
    "patrol_day": "reckoned from stored values",
    "patrol_finding": "judged from stored values",
    "patrol_loss": "reckoned with its day",
    "patrol_round": "where the round is",
    "alarm_load": "counted from events, which are kept themselves",
    "alarm_state": "what gateways said; each event is kept",
    "audit": "the audit itself",
    "audit_root": "signed, append only",
    "backup": "written by word: made, checked, removed",
    "backup_timer": "the machinery's own times",
    "birth": "what gateways said of themselves, kept whole",
    "captcha": "questions that live for minutes",
    "case_kept": "written with a move, which is audited",
    "certificate": "written by word: issued, renewed, revoked",
    "declared_stop": "follows its record, which is audited; the status that it puts is audited too",
    "enrolment_code": "written by word: made, withdrawn, used",
    "enterprise_batch_row": "lines of a file; the enterprises that they make are audited",
    "enterprise_event": "the log of an enterprise's life, from changes that are audited",
    "enterprise_watch": "a person's own choice of what to be told; the request leaves a trace",
    "event": "what gateways said, kept whole",
    "file_in_parts": "on its way in for a day at most; what becomes of it is written by word: uploaded",
    "file_upload": "written by word: uploaded",
    "file_use": "written with the record that names the file, which is audited",
    "gap": "what gateways said, kept whole",
    "gateway_absence": "judged from heartbeats",
    "gateway_boot": "what gateways said",
    "gateway_configuration": "written by word: sent, accepted, refused",
    "gateway_figures": "what gateways measured of themselves",
    "gateway_state": "judged from heartbeats",
    "gateway_tape": "asked for by word, sent by gateways",
    "head_claim": "what gateways said",
    "hold_task": "tasks of cases, whose changes are in their stories",
    "home": "where the database lives",
    "import_bad_row": "rows of a file that were not written",
    "import_job": "written by word: asked for, ended; its records are audited",
    "known_device": "browsers that signed in; the sign-in is audited",
    "warning_photo": "written by word, in the story of its warning",
    "warning_read": "who looked at what, which changes nothing",
    "ladder_step": "each call is kept in the story of its warning",
    "latest": "newest values",
    "ledger": "of batches, append only",
    "level_wait": "timers of cases, whose changes are in their stories",
    "live_event": "told to open pages, forgotten after hours",
    "digest": "each is kept with its end, like the calls that it carries",
    "map_object": "follows the rows that stand on the map",
    "measurement": "readings",
    "message": "told to people; kept until read",
    "notification": "each call is kept with its end",
    "number_series": "counters; the document that takes a number is audited",
    "oidc_journey": "sign-ins on their way",
    "output_state": "what gateways said",
    "password_history": "former hashes; the change is audited by word",
    "point": "what gateways said of themselves",
    "quarantine": "kept whole; replayed and dismissed by word",
    "range_conflict": "what gateways sent twice",
    "risk_alert": "follows the indices; what is told is a proposal, which is audited",
    "risk_day": "reckoned from inputs",
    "risk_index": "reckoned from inputs",
    "risk_mark": "what has to be reckoned anew",
    "record_version": "former states of records, whose changes are audited",
    "recovery": "written by word: began, released, ended",
    "relocation_item": "steps of a move, which is audited",
    "rollup_day": "reckoned from readings",
    "rollup_due": "stretches to be reckoned",
    "rollup_hour": "reckoned from readings",
    "rollup_minute": "reckoned from readings",
    "packed_day": "readings, packed",
    "packing_day": "readings that are being packed",
    "packing_rule": "how long readings stay unpacked; no person changes it on a page",
    "measurement_packed": "readings, packed",
    "session": "opened and ended by word",
    "stranger_failure": "counters; what was refused is audited by word",
    "reminder": "found from records and settled by itself",
    "stored_file": "what files are by their bytes; each upload is written by word",
    "stream_cursor": "of ingest",
    "stream_epoch": "of ingest",
    "timer": "the machinery's own times",
    "unjudged": "of ingest",
    "warning": "written by word, with its level and state",
    "warning_alarm": "what a case is made of; each event is kept",
    "warning_event": "the story of a warning, append only",
}
_WRITABLE = """
SELECT c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  AND EXISTS (SELECT FROM unnest(ARRAY['fengsui_web', 'fengsui_worker']) AS r (name)
              WHERE has_any_column_privilege(r.name, c.oid, 'INSERT, UPDATE')
                 OR has_table_privilege(r.name, c.oid, 'DELETE'))
  AND NOT EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgrelid = c.oid AND t.tgname = 'audit_row')
"""


def test_every_table_that_anybody_writes_is_audited_or_says_why_not(database: DatabaseUrls) -> None:
    async def run() -> None:
        conn = await connect(database.admin)
        try:
            unwatched = {row["relname"] for row in await conn.fetch(_WRITABLE)}
        finally:
            await conn.close()
        assert unwatched - set(EXEMPT) == set(), "audit_table() them, or name them here with a reason"
        assert set(EXEMPT) - unwatched == set(), "these are audited by now, or gone"

    asyncio.run(run())


def test_an_entry_says_from_where_in_which_role_of_which_kind_and_why(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with serving(database, Settings(trust_proxy=True)) as server:
            await county.found(server.database)
            async with server.client("county") as client:
                client.headers["x-forwarded-for"] = "10.0.0.8"
                assert (await client.get("/api/v1/backups")).status_code == 403
                assert (await client.get("/api/v1/backups")).status_code == 403
                client.headers["x-forwarded-for"] = "1.2.3.4, 10.0.0.9"
                client.headers["fengsui-reason"] = quote("交班\x00")
                assert (await client.delete("/api/v1/session")).status_code == 204
            worker = server.database.worker
            signed_in = await worker.fetchrow("SELECT * FROM audit WHERE action = 'sign-in'")
            assert signed_in is not None
            assert (signed_in["kind"], signed_in["address"], signed_in["role"]) == (
                "security", "127.0.0.1", "county",
            )  # fmt: skip
            assert Scope.region("429981").holds(signed_in["place"])
            refused = await worker.fetch("SELECT * FROM audit WHERE action = 'refused'")
            assert [(row["kind"], row["address"], row["device"]) for row in refused] == [
                ("security", "10.0.0.8", "pc")
            ]
            assert refused[0]["subject_id"] == "/api/v1/backups"
            out = await worker.fetchrow("SELECT reason, address FROM audit WHERE action = 'sign-out'")
            assert out is not None
            assert tuple(out) == ("交班", "10.0.0.9")
            founding = await worker.fetchrow("SELECT * FROM audit WHERE subject_type = 'enterprise' LIMIT 1")
            assert founding is not None
            assert (founding["address"], founding["kind"], founding["role"]) == ("system", "system", "system")

    asyncio.run(run())


# Changing addresses that need no session, so that the net below all others does not reach them.
WITHOUT_SESSION = {
    "signIn": "sign-in and sign-in-refused, by word",
    "smsReceipt": "the provider's answer is kept with the call",
    "enrolGateway": "by word, with the certificate",
    "renewCertificate": "by word, with the certificate",
    "askRecovery": "recovery_request is audited by trigger",
    "applyAsEnterprise": "enterprise_application is audited by trigger",
    "applicationOutcome": "reads what became of an application; changes nothing",
}


def test_every_changing_address_leaves_a_trace_or_says_why_not(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with serving(database) as server:
            await county.found(server.database)
            async with server.client() as stranger:
                document = (await stranger.get("/schema/openapi.json")).json()
                answers = {
                    operation["operationId"]: await stranger.request(
                        method, re.sub(r"\{(\w+)[^}]*\}", lambda found: SOME[found[1]], path)
                    )
                    for path, methods in document["paths"].items()
                    for method, operation in methods.items()
                    if method in {"post", "put", "patch", "delete"}
                }
            outside = {name for name, answer in answers.items() if answer.status_code != 401}
            assert outside | {"signIn"} == set(WITHOUT_SESSION)
            # Behind the session nobody has to think of it: this one writes no entry of its own.
            async with server.client("county") as client:
                assert (await client.patch("/api/v1/settings", json={"sound": False})).status_code == 200
                assert (await client.patch("/api/v1/settings", json={"sound": 7})).status_code == 400
            traces = await server.database.worker.fetch(
                "SELECT subject_type, subject_id, address, request FROM audit WHERE action = 'request'"
            )
            assert [tuple(trace)[:3] for trace in traces] == [
                ("changeSettings", "/api/v1/settings", "127.0.0.1")
            ]
            assert traces[0]["request"]

    asyncio.run(run())
