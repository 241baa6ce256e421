"""Jurisdiction: every address of the API, asked by every role, shows no row of a place outside its scope.

The addresses come from the OpenAPI document, so that a new one is asked without anybody remembering to.
"""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

from central.db.pool import connect
from central.db.scope import Scope
from central.identity import rules, store
from tests.central import county
from tests.central.serving import serving

if TYPE_CHECKING:
    import httpx

    from central.db.pool import DatabaseUrls

# Everything of an enterprise carries a word that names it, so that a leak shows in the text of an answer.
SCENE = """
UPDATE enterprise SET address = 'mark-' || place;
INSERT INTO gateway (id, enterprise_id, name, public_key, created_at)
SELECT 'gw-' || lower(code), id, 'mark-' || place, sha256(code::bytea), now() FROM enterprise;
INSERT INTO gateway_state (gateway_id, presence, software)
SELECT id, 'online', name FROM gateway;
INSERT INTO gateway_figures (gateway_id, run, software, model, cores, ram_mb, python, load, measured_at,
                             received_at, figures)
SELECT id, '1', name, 'box', 4, 905, '3.11', 0.1, now(), now(), '[]' FROM gateway;
INSERT INTO gateway_absence (gateway_id, began_at) SELECT id, now() FROM gateway;
INSERT INTO gateway_tape (gateway_id, name, reason, asked_by, fetched_at, sha256, content)
SELECT id, name, name, name, now(), sha256(name::bytea), name::bytea FROM gateway;
INSERT INTO point (gateway_id, enterprise_id, key, name, quantity, unit, source, period_ms, current,
                   created_at)
SELECT id, enterprise_id, 'GT-1', name, 'gas', 'ppm', 'bus/1', 1000, true, now() FROM gateway;
INSERT INTO latest (point_id, at, value, quality, ordinal, seq, received_at)
SELECT id, now(), 1, 192, 1, 1, now() FROM point;
INSERT INTO warning (id, kind, subject_type, subject_id, side, is_test, enterprise_id, gateway_id, point_id,
                     title, subject_name, level, policy, level_reason, occurrence, raised_at, received_at,
                     updated_at)
SELECT gen_random_uuid(), 'alarm', 'point', p.id, 'high', false, p.enterprise_id, p.gateway_id, p.id,
       p.name, p.name,
       4, '{"name": "p", "level": 4, "version": 1, "region": "", "handling_s": 60, "repeat_s": 60,
            "steps": [{"delay_s": 0, "rank": 0, "channels": ["app"]}]}',
       p.name, '1', now(), now(), now() FROM point AS p;
INSERT INTO enrolment_code (gateway_id, enterprise_id, name, hash, created_at, created_by, expires_at)
SELECT id, enterprise_id, name, sha256(id::bytea), now(), name, now() + interval '1 day' FROM gateway;
INSERT INTO certificate (serial, gateway_id, signing_key, request, pem, issued_at, not_before, not_after, way,
                         revoked_why)
SELECT 'a' || number, id, public_key, '', name, now(), now(), now() + interval '90 days', 'code', name
FROM gateway;
INSERT INTO warning_event (warning_id, at, recorded_at, source, kind, title, detail)
SELECT id, now(), now(), 'centre', 'raised', title, title FROM warning;
"""
_MARK = re.compile(r"mark-(\d+/E\d+)")


def test_no_address_shows_a_foreign_place_to_any_role(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with serving(database) as server:
            await county.found(server.database)
            admin = await connect(database.admin)
            try:
                await admin.execute(SCENE)
                ids = {
                    "enterprise_id": [str(r[0]) for r in await admin.fetch("SELECT id FROM enterprise")],
                    "gateway_id": [str(r[0]) for r in await admin.fetch("SELECT id FROM gateway")],
                    "point_id": [str(r[0]) for r in await admin.fetch("SELECT id FROM point")],
                    "tape_id": [str(r[0]) for r in await admin.fetch("SELECT id FROM gateway_tape")],
                    "code_id": [str(r[0]) for r in await admin.fetch("SELECT id FROM enrolment_code")],
                    "warning_id": [str(r[0]) for r in await admin.fetch("SELECT id FROM warning")],
                    "audit_id": [str(r[0]) for r in await admin.fetch("SELECT id FROM audit WHERE id % 40 = 0")],
                    "kind": ["enterprise-contact"],
                    "record_id": [str(r[0]) for r in await admin.fetch("SELECT id FROM enterprise")],
                }
            finally:
                await admin.close()
            async with server.client() as stranger:
                document = (await stranger.get("/schema/openapi.json")).json()
                await ask(stranger, document, ids, Scope.nothing(), must_see=False)
            for role in ("city", "county", "township", "enterprise", "inspector", "installer", "admin"):
                async with server.database.worker.acquire() as conn:
                    account = await store.account(conn, login=role)
                    roots = await store.roots(conn)
                assert account is not None
                scope = rules.scope_of(account, roots)
                async with server.client(role) as client:
                    await ask(client, document, ids, scope, must_see=True)

    asyncio.run(run())


async def ask(
    client: httpx.AsyncClient,
    document: dict[str, object],
    ids: dict[str, list[str]],
    scope: Scope,
    *,
    must_see: bool,
) -> None:
    seen: set[str] = set()
    paths = document["paths"]
    assert isinstance(paths, dict)
    for path, methods in paths.items():
        if not path.startswith("/api/v1/") or path == "/api/v1/live" or path.startswith("/api/v1/session"):
            continue
        for method in methods:
            for target in targets(path, ids):
                # Writes are asked with an empty body and no version: refused before or by the jurisdiction.
                answer = await client.request(
                    method, target, params={"limit": 500} if method == "get" else None
                )
                # This process has no road to any gateway, and may say so.
                no_road = answer.status_code == 503 and "no-road" in answer.text
                assert answer.status_code < 500 or no_road, (method, target, answer.text)
                shown = set(_MARK.findall(answer.text))
                foreign = {place for place in shown if not scope.holds(place)}
                assert not foreign, (method, target, foreign)
                seen |= shown
    expected = {place for place in (county.E1, county.E2, county.E3, county.E10) if scope.holds(place)}
    assert seen == (expected if must_see else set())


def targets(path: str, ids: dict[str, list[str]]) -> list[str]:
    """A path with every id that there is in the place of its parameter."""
    match = re.search(r"\{(\w+)[^}]*\}", path)
    if match is None:
        return [path]
    found = [path.replace(match[0], number) for number in ids[match[1]]]
    return [target for one in found for target in targets(one, ids)]
