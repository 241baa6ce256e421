"""A scene for the law that nobody sees another's region: rows at every place, and people of every kind.

Everything of an enterprise or agency carries `mark-<code>`, so that a leak shows in the text of an answer.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from central.identity import rules, store
from central.registry.forms.register import Register, catalogue, fields_of
from central.registry.tables import owners_of, table_of
from tests.central import county
from tests.central.walk import Walker

if TYPE_CHECKING:
    from central.db.pool import Connection, Database

GONE_FROM, GONE_TO = "429981101/E7", "429982101/E7"

_ENTERPRISES = f"""
INSERT INTO agency (name, rank, kind, parent_id) VALUES
    ('某省应急管理厅', 5, 'emergency', NULL), ('芦苇镇应急办', 2, 'emergency', 1),
    ('一号村网格', 1, 'grid', 3), ('临江化工园区', 3, 'park', 2);
UPDATE agency SET parent_id = (SELECT id FROM agency WHERE name = '某省应急管理厅') WHERE rank = 4;
INSERT INTO agency_area (agency_id, place_prefix)
SELECT g.id, a.area FROM agency AS g JOIN (VALUES
    ('某省应急管理厅', '42'), ('芦苇镇应急办', '429982101'), ('一号村网格', '429981101001'),
    ('临江化工园区', '{county.E1}'), ('临江化工园区', '{county.E3}')) AS a (name, area) ON a.name = g.name;
INSERT INTO region (code, name, parent_code) VALUES ('429981101001', '一号村', '429981101');
INSERT INTO enterprise (code, name, credit_code, region_code, agency_id)
SELECT v.code, v.name, v.credit, v.region, g.id FROM agency AS g JOIN (VALUES
    ('E7', '企业E7', '{county.credit_code(7)}', '429981101', '青石镇应急办'),
    ('E8', '企业E8', '{county.credit_code(8)}', '429981101001', '一号村网格'))
    AS v (code, name, credit, region, agency) ON v.agency = g.name;
UPDATE enterprise SET agency_id = (SELECT id FROM agency WHERE name = '芦苇镇应急办') WHERE code = 'E3';
UPDATE enterprise SET sector = CASE code WHEN 'E2' THEN 'mine' WHEN 'E3' THEN 'chemical' ELSE 'trade' END;
"""

_ROLES = """
INSERT INTO role (code, name, kind, data_scope, sectors) VALUES
    ('own-dept', '本部门监管', 'supervisor', 'own', NULL),
    ('miner', '矿山监管', 'supervisor', 'own-and-below', '{mine}');
INSERT INTO role_operation (role, operation)
SELECT r.code, o.operation FROM role AS r JOIN role_operation AS o ON o.role = 'county'
WHERE r.code IN ('own-dept', 'miner');
"""

# login, role, agency, enterprise, areas of the person's own
_PEOPLE = (
    ("province", "province", "某省应急管理厅", "", ()),
    ("village", "village", "一号村网格", "", ()),
    ("enterprise-head", "enterprise-head", "", "E1", ()),
    ("enterprise-staff", "enterprise-staff", "", "E1", ()),
    ("committee", "committee", "", "", ("429982",)),
    ("intermediary", "intermediary", "", "", (county.E2,)),
    ("security", "security", "", "", ()),
    ("auditor", "auditor", "", "", ()),
    ("three-towns", "inspector", "", "", ("429981101", "429981102", "429982101")),
    ("park", "county", "临江化工园区", "", ()),
    ("neighbour", "township", "芦苇镇应急办", "", ()),
    ("mover", "enterprise", "", "E7", ()),
    ("own-dept", "own-dept", "临江县应急管理局", "", ()),
    ("miner", "miner", "云泽市应急管理局", "", ()),
)
VIEWS = (
    ("county", "areas=429981102"),
    ("city", "areas=429981101,429982101;sectors=chemical"),
)

ROWS = Path(__file__).with_name("scene.sql")
# Tables with rows of places that the scene leaves empty: machinery that no address shows.
UNSEEN = {
    "birth", "stream_epoch", "head_claim", "stream_cursor", "ledger", "gap", "range_conflict", "event",
    "quarantine", "unjudged", "number_series", "audit", "live_event", "recovery_request",
}  # fmt: skip


async def build(database: Database, admin: Connection) -> None:
    """Makes the scene in an empty database: places, rows, people, and an enterprise that moved."""
    await county.found(database)
    await admin.execute(_ENTERPRISES)
    await admin.execute(_ROLES)
    hashed = await admin.fetchval("SELECT password_hash FROM account WHERE login = 'county'")
    for login, role, agency, enterprise, areas in _PEOPLE:
        number = await admin.fetchval(
            "INSERT INTO account "
            "(login, password_hash, display_name, role, agency_id, enterprise_id, on_call) "
            "SELECT $1, $2, $1, $3, (SELECT id FROM agency WHERE name = $4), "
            "(SELECT id FROM enterprise WHERE code = $5), true RETURNING id",
            login, hashed, role, agency, enterprise,
        )  # fmt: skip
        for area in areas:
            await admin.execute("INSERT INTO account_area VALUES ($1, $2)", number, area)
    await admin.execute("UPDATE account SET on_call = true")
    await admin.execute(ROWS.read_text(encoding="utf-8"))
    await admin.execute(";\n".join(records(register) for register in catalogue().values()))
    await admin.fetch(
        "SELECT relocate_enterprise(NULL, e.id, '429982101', g.id, NULL, now()) "
        "FROM enterprise AS e, agency AS g WHERE e.code = 'E7' AND g.name = '芦苇镇应急办'"
    )


def records(register: Register) -> str:
    """A record of a register at every place, with a former state; drafts, which are shared with nobody."""
    texts = [bound.name for bound in fields_of(register.record) if bound.field.kind in {"text", "long-text"}]
    text = next(iter(texts), "")
    inserts = [
        f"INSERT INTO {table_of(register)} ({kind}_id, state, payload, title, created_at, changed_at) "
        f"SELECT id, 'draft', jsonb_build_object('{text}', {mark}), {mark}, now(), now() FROM {kind}"
        for kind, mark in (("enterprise", "'mark-' || code"), ("agency", "'mark-@' || id"))
        if kind in owners_of(register)
    ]
    inserts.append(
        "INSERT INTO record_version "
        "(register, record_id, version, at, by_name, state, payload, place, sector, reason) "
        f"SELECT '{register.name}', id, 0, now(), title, 'draft', payload, place, sector, title "
        f"FROM {table_of(register)}"
    )
    return ";\n".join(inserts)


async def walker(database: Database, admin: Connection, login: str, view: str = "") -> Walker:
    """Somebody of the scene with a session, and the scope that is right for them, narrowed by a view."""
    account = await store.account(admin, login=login)
    assert account is not None, login
    scope = rules.scope_of(account, await store.roots(admin))
    if view:
        said = dict(part.split("=") for part in view.split(";"))
        scope = scope.narrowed(
            *(said[name].split(",") if name in said else None for name in ("areas", "sectors"))
        )
    token = f"walk-{login}"
    await admin.execute(
        "INSERT INTO session (token_hash, account_id, device_kind, created_at, seen_at) "
        "VALUES ($1, $2, 'pc', now(), now()) ON CONFLICT DO NOTHING",
        hashlib.sha256(token.encode()).digest(), account.id,
    )  # fmt: skip
    return Walker(f"{login} {view}".strip(), scope, token, account.id, view)


async def everybody(database: Database, admin: Connection) -> list[Walker]:
    """Every person of the scene who is no mere row of it."""
    logins = await admin.fetch("SELECT login FROM account WHERE password_hash <> '!' ORDER BY id")
    people = [await walker(database, admin, r["login"]) for r in logins]
    return people + [await walker(database, admin, login, view) for login, view in VIEWS]
