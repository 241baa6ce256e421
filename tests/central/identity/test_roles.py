"""Roles, the five forms of scope, sectors, views and reasons, asked of the real database and over HTTP."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from central.app import Parts, make_http
from central.db.pool import Database, connect
from central.db.scope import Scope, scoped
from central.http.health import Readiness
from central.identity import operations, rules, service, store
from central.live.hub import Hub
from central.settings import Settings
from tests.central import scene
from tests.central.walk import ask

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from litestar import Litestar

    from central.db.pool import Connection, DatabaseUrls
    from tests.central.walk import Walker


IDLE = timedelta(minutes=30)


@asynccontextmanager
async def centre(urls: DatabaseUrls, state: Path) -> AsyncIterator[tuple[Database, Connection, Litestar]]:
    async with Database.open(urls, web_size=3, worker_size=3) as database:
        admin = await connect(urls.admin)
        try:
            await scene.build(database, admin)
            yield (
                database,
                admin,
                make_http(Parts(database, Settings(state=state), Hub(database), Readiness())),
            )
        finally:
            await admin.close()


async def told(
    app: Litestar, who: Walker, method: str, target: str, body: object = None, tag: str = ""
) -> tuple[int, Any]:
    status, raw = await ask(app, who, method, f"/api/v1{target}", body, tag)
    return status, json.loads(raw) if raw else None


async def codes(database: Database, scope: Scope) -> set[str]:
    async with scoped(database.web, scope) as conn:
        return {r["code"] for r in await conn.fetch("SELECT code FROM enterprise")}


def test_the_five_forms_of_scope_hold_in_the_database_and_over_http(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    seen = {
        "admin": {"E1", "E2", "E3", "E7", "E8", "E10"},  # all
        "intermediary": {"E2"},  # custom
        "own-dept": {"E2"},  # own: what the county supervises itself, none of its townships' plants
        "county": {"E1", "E10", "E2", "E8"},  # own and below
        "neighbour": {"E3", "E7"},  # own and below, with the plant that moved there
        "village": {"E8"},
        "park": {"E1", "E3"},  # a list of plants
        "enterprise": {"E1"},  # self
        "mover": {"E7"},
        "three-towns": {
            "E1",
            "E10",
            "E2",
            "E3",
            "E7",
            "E8",
        },  # self of an inspector: three towns, two counties
        "miner": {"E2"},  # a city, of one sector
    }

    async def run() -> None:
        async with centre(database, tmp_path) as (db, admin, app):
            roots = await store.roots(admin)
            for login, expected in seen.items():
                account = await store.account(admin, login=login)
                assert account is not None
                assert await codes(db, rules.scope_of(account, roots)) == expected, login
                who = await scene.walker(db, admin, login)
                status, page = await told(app, who, "GET", "/enterprises?limit=100")
                assert (status, {row["code"] for row in page["items"]}) == (200, expected), login
            assert await codes(db, Scope.nothing()) == set()
            assert await codes(db, Scope((), frozenset({"mine"}))) == set()
            mines = Scope.region("42").of_sectors({"mine"})
            assert await codes(db, mines) == {"E2"}
            async with scoped(db.web, mines) as conn:
                assert await conn.fetchval("SELECT count(*) FROM gateway") == 1
                assert await conn.fetchval("SELECT count(*) FROM warning_event") == 1, (
                    "a child, by its parent"
                )
                assert await conn.fetchval("SELECT count(*) FROM live_event WHERE sector = 'trade'") == 0
            # An enterprise that changes its sector takes along what hangs on it.
            await admin.execute("UPDATE enterprise SET sector = 'mine' WHERE code = 'E3'")
            async with scoped(db.web, mines) as conn:
                assert await conn.fetchval("SELECT count(*) FROM gateway") == 2
                assert (
                    await conn.fetchval("SELECT count(*) FROM department WHERE enterprise_id IS NOT NULL")
                    == 2
                )

    asyncio.run(run())


def test_the_catalogue_and_the_built_in_roles_fit_each_other(database: DatabaseUrls, tmp_path: Path) -> None:
    async def run() -> None:
        async with centre(database, tmp_path) as (_, admin, _app):
            rows = await admin.fetch("SELECT o.operation, r.code, r.kind FROM role_operation AS o "
                                     "JOIN role AS r ON r.code = o.role")  # fmt: skip
            held: dict[str, set[str]] = {}
            for row in rows:
                operation = operations.BY_WORD[row["operation"]]
                assert row["kind"] in operation.kinds, (row["code"], operation.word)
                held.setdefault(row["code"], set()).add(operation.word)
            assert all("see" in words for words in held.values())
            assert "close" not in held["enterprise"], "nobody verifies their own handling"
            # Three administrators who together are no one: no changing operation is held by two but accounts.
            assert held["admin"] & held["security"] == {"see", "account"}
            assert held["auditor"] == {"see", "audit", "audit-system", "audit-security"}
            assert {op.subsystem for op in operations.CATALOGUE} <= set(operations.SUBSYSTEMS)

    asyncio.run(run())


def test_roles_are_made_changed_and_deleted_within_the_makers_own_rights(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    new = {
        "name": "矿山专班", "kind": "supervisor", "data_scope": "custom", "sectors": ["mine"],
        "operations": ["see", "acknowledge", "close"],
    }  # fmt: skip

    async def run() -> None:
        async with centre(database, tmp_path) as (db, admin, app):
            security = await scene.walker(db, admin, "security")
            status, role = await told(app, security, "POST", "/roles", new)
            assert (status, role["code"], role["may_edit"], role["version"]) == (201, "own-1", True, 1)
            assert (await told(app, security, "POST", "/roles", new))[0] == 409

            # All bad fields at once; an administrator's role gets no more than its maker has.
            status, problem = await told(app, security, "POST", "/roles", {
                "name": "超级", "kind": "administrator", "data_scope": "self", "sectors": ["gold"],
                "operations": ["backup", "close", "fly"],
            })  # fmt: skip
            assert status == 400
            assert {field["place"] for field in problem["fields"]} == {
                "data_scope", "operations.backup", "operations.close", "operations.fly", "operations",
                "sectors.gold",
            }  # fmt: skip

            # Built in, one's own, out of date, in use, and without the right.
            for code, tag, expected in (("county", "1", 403), ("security", "1", 403), ("own-1", "9", 412)):
                assert (await told(app, security, "PUT", f"/roles/{code}", new, tag))[0] == expected
            assert (await told(app, security, "DELETE", "/roles/miner", None, "1"))[0] == 409
            assert (await told(app, security, "DELETE", "/roles/none", None, "1"))[0] == 404
            for login in ("admin", "county", "enterprise"):
                who = await scene.walker(db, admin, login)
                assert (await told(app, who, "POST", "/roles", new | {"name": "另一个"}))[0] == 403
                assert (await told(app, who, "PUT", "/roles/own-1", new, "1"))[0] == 403

            changed = new | {"operations": ["see"], "sectors": None}
            status, role = await told(app, security, "PUT", "/roles/own-1", changed, "1")
            assert (status, role["operations"], role["sectors"], role["version"]) == (200, ["see"], None, 2)
            assert (await told(app, security, "DELETE", "/roles/own-1", None, "2"))[0] == 204
            said = await admin.fetch(
                "SELECT DISTINCT action, subject_type FROM audit WHERE actor = $1", security.account_id
            )
            assert {("insert", "role"), ("update", "role"), ("delete", "role_operation")} <= {
                (r["action"], r["subject_type"]) for r in said
            }

            # Who may give which role to an account: within one's rights, and enterprises their own people.
            for login, may, may_not in (
                (
                    "county",
                    {"township", "enterprise", "inspector"},
                    {"admin", "security", "province-x", "installer"},
                ),
                ("enterprise", {"enterprise", "enterprise-staff"}, {"county", "inspector", "admin"}),
                ("admin", {"county", "installer", "admin"}, {"security", "auditor"}),
            ):
                _, page = await told(app, await scene.walker(db, admin, login), "GET", "/roles")
                given = {role["code"] for role in page["items"] if role["may_give"]}
                assert may <= given, login
                assert not may_not & given, login
            assert (await told(app, await scene.walker(db, admin, "township"), "GET", "/roles"))[0] == 403

            # Sectors: added, renamed, not deleted while somebody is of them.
            keeper = await scene.walker(db, admin, "admin")
            assert (await told(app, keeper, "PUT", "/sectors/port", {"name": "港口"}))[0] == 200
            assert (await told(app, keeper, "PUT", "/sectors/Port 1", {"name": "港"}))[0] == 400
            assert (await told(app, keeper, "DELETE", "/sectors/mine"))[0] == 409
            assert (await told(app, keeper, "DELETE", "/sectors/port"))[0] == 204
            assert (await told(app, keeper, "DELETE", "/sectors/port"))[0] == 404

    asyncio.run(run())


def test_a_changed_role_counts_with_the_next_request_and_ends_open_streams(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    async def run() -> None:
        async with centre(database, tmp_path) as (db, admin, app):
            miner = await scene.walker(db, admin, "miner")
            person = await service.person_of(db, miner.token, IDLE)
            assert await service.still_signed_in(db, person, IDLE)
            assert (await told(app, miner, "GET", "/session"))[1]["may"].count("close") == 1
            await admin.execute("DELETE FROM role_operation WHERE role = 'miner' AND operation = 'close'")
            assert "close" not in (await told(app, miner, "GET", "/session"))[1]["may"]
            assert not await service.still_signed_in(db, person, IDLE)

            person = await service.person_of(db, miner.token, IDLE)
            await admin.execute("UPDATE role SET sectors = '{chemical}' WHERE code = 'miner'")
            assert not await service.still_signed_in(db, person, IDLE)
            _, page = await told(app, miner, "GET", "/enterprises?limit=100")
            assert {row["code"] for row in page["items"]} == {"E3"}

    asyncio.run(run())


def test_a_view_narrows_reading_and_nothing_else(database: DatabaseUrls, tmp_path: Path) -> None:
    async def run() -> None:
        async with centre(database, tmp_path) as (db, admin, app):
            for view, expected in (
                ("areas=429981102", {"E2"}),
                ("areas=429981101,429981102;sectors=trade", {"E1", "E10", "E8"}),
                ("areas=429981101/E1", {"E1"}),
                ("areas=429982", set()),
                ("areas=42", {"E1", "E10", "E2", "E8"}),
                ("sectors=mine", {"E2"}),
            ):
                who = await scene.walker(db, admin, "county", view)
                status, page = await told(app, who, "GET", "/enterprises?limit=100")
                assert (status, {row["code"] for row in page["items"]}) == (200, expected), view
            who = await scene.walker(db, admin, "county")
            for view, bad in (
                ("areas=999999;sectors=gold", 2),
                ("areas=429982101/E3", 1),
                ("regions=42", 1),
                ("areas=42;areas=42", 1),
                ("areas=", 1),
            ):
                who.view = view
                status, problem = await told(app, who, "GET", "/enterprises")
                assert (status, problem["type"], len(problem["fields"])) == (
                    400,
                    "/problems/view-unknown",
                    bad,
                ), view
            # Nobody is locked out of the own session by an old bookmark.
            assert (await told(app, who, "GET", "/session"))[0] == 200
            # What is written is not narrowed: the case of another area is answered.
            number = await admin.fetchval("SELECT w.id FROM warning AS w WHERE w.place = '429981101/E1'")
            who.view = "areas=429981102"
            assert (await told(app, who, "GET", f"/warnings/{number}"))[0] == 404
            status, _ = await told(app, who, "POST", f"/warnings/{number}/acknowledge", {"note": ""}, "4-1")
            assert status == 200

    asyncio.run(run())


def test_everybody_is_told_why_a_record_is_shown(database: DatabaseUrls, tmp_path: Path) -> None:
    async def run() -> None:
        async with centre(database, tmp_path) as (db, admin, app):
            numbers = {r["code"]: r["id"] for r in await admin.fetch("SELECT id, code FROM enterprise")}
            for login, code, kinds, words in (
                ("county", "E2", ["agency-area"], "临江县应急管理局管辖临江县"),
                ("three-towns", "E3", ["assigned"], "芦苇镇"),
                ("intermediary", "E2", ["own-area"], "企业E2"),
                ("enterprise", "E1", ["own-enterprise"], "企业E1"),
                ("own-dept", "E2", ["own-agency"], "直接监管"),
                ("admin", "E3", ["whole"], "全部辖区"),
                ("miner", "E2", ["agency-area", "sector"], "监管矿山"),
            ):
                who = await scene.walker(db, admin, login)
                status, why = await told(app, who, "GET", f"/why?kind=enterprise&id={numbers[code]}")
                assert (status, [reason["kind"] for reason in why["reasons"]]) == (200, kinds), login
                assert any(words in reason["text"] for reason in why["reasons"]), why
            county = await scene.walker(db, admin, "county")
            point = await admin.fetchval("SELECT id FROM point WHERE place = '429981102/E2'")
            status, why = await told(app, county, "GET", f"/why?kind=point&id={point}")
            assert (status, why["place"], why["sector"]) == (200, "429981102/E2", "mine")
            for wrong in (
                f"kind=enterprise&id={numbers['E3']}",
                "kind=gateway&id=gw-e3",
                "kind=warning&id=x",
                "kind=point&id=9" + "9" * 20,
            ):
                assert (await told(app, county, "GET", f"/why?{wrong}"))[0] == 404
            assert (await told(app, county, "GET", "/why?kind=role&id=1"))[0] == 400

            # What an agency answered before the enterprise moved away stays readable, and it is said why.
            case = await admin.fetchval("SELECT id FROM warning WHERE place = '429981101001/E8'")
            town = await scene.walker(db, admin, "village")
            assert (await told(app, town, "POST", f"/warnings/{case}/acknowledge", {"note": ""}, "4-1"))[
                0
            ] == 200
            job = await admin.fetchval("SELECT min(id) FROM relocation")
            await admin.fetch(
                "SELECT relocate_enterprise($1, $2, '429982101', NULL, NULL, now())", job, numbers["E8"]
            )
            status, why = await told(app, town, "GET", f"/why?kind=warning&id={case}")
            assert (status, [reason["kind"] for reason in why["reasons"]]) == (200, ["acted-before-move"])

    asyncio.run(run())
