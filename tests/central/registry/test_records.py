"""What holds for records of every register: editors, drafts, review, keys, sharing, masks, many at once."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from central.db.errors import DomainError
from central.db.scope import acting, scoped
from central.identity import rules as identity_rules
from central.identity import store as identity_store
from central.identity.models import Person
from central.registry import effects, records, records_documents
from central.registry.forms.register import catalogue
from central.registry.records_models import Given, Owner
from tests.central.registry.made import DOCUMENT, identity_number, made
from tests.central.registry.test_cycle import office
from tests.central.walk import with_parameters

if TYPE_CHECKING:
    from pathlib import Path

    from central.db.pool import Connection, Database, DatabaseUrls

BASE = "/api/v1/registers"
CERTIFICATES, PROMISES, LAWS = f"{BASE}/certificates", f"{BASE}/safety-promises", f"{BASE}/laws"


def certificate(number: int, **other: Any) -> dict[str, Any]:
    """The values of one certificate."""
    return {**made(catalogue()["certificates"], number, links=False), **other}


def test_two_editors_a_draft_a_review_and_what_is_refused(database: DatabaseUrls, tmp_path: Path) -> None:
    async def run() -> None:
        async with office(database, tmp_path) as (db, clients, numbers):
            plant, town, installer = clients["enterprise"], clients["township"], clients["installer"]
            # A draft lacks what it may; submitting names all that is missing, each with its place.
            draft = await plant("POST", PROMISES, 201, {"values": {"units": 3}})
            assert (draft["state"], draft["enterprise_id"]) == ("draft", numbers["E1"])
            one = f"{PROMISES}/{draft['id']}"
            refused = await plant("POST", f"{one}/submit", 400, tag=1)
            missing = {field["place"] for field in refused["fields"]}
            assert {"values.day", "values.responsible"} <= missing
            assert "values.units" not in missing
            # Two editors: who was slower is told, and who named no version too.
            # Yesterday's promise is taken too: midnight is no matter.
            today = dt.datetime.now(ZoneInfo("Asia/Shanghai")).date()
            values = {**made(catalogue()["safety-promises"]), "day": today.isoformat()}
            # What does not add up, is too late or too early is refused at its field.
            days = (today - dt.timedelta(days=9), today + dt.timedelta(days=9))
            wrongs: list[tuple[dict[str, Any], str]] = [({"units": 77}, "units")]
            wrongs += [({"day": day.isoformat()}, "day") for day in days]
            for wrong, place in wrongs:
                body = {"values": {**values, **wrong}, "submit": True}
                no = await plant("PUT", one, 400, body, tag=1)
                assert [field["place"] for field in no["fields"]] == [f"values.{place}"]
            await plant("PUT", one, 200, {"values": {"units": 4}}, tag=1)
            await town("PUT", one, 412, {"values": {"units": 5}}, tag=1)
            await town("PUT", one, 428, {"values": {"units": 5}})
            assert (await town("GET", one, 200))["values"] == {"units": 4}
            # The plant submits; it cannot review itself; returned asks for an opinion.
            sent = await plant("PUT", one, 200, {"values": values, "submit": True}, tag=2)
            assert sent["may"] == {"change": True, "submit": False, "review": False, "remove": True}
            await plant("POST", f"{one}/review", 403, {"approve": True}, tag=3)
            said = await town("POST", f"{one}/review", 400, {"approve": False, "opinion": " "}, tag=3)
            assert said["fields"][0]["place"] == "opinion"
            back = await town(
                "POST", f"{one}/review", 200, {"approve": False, "opinion": "请核对套数"}, tag=3
            )
            assert (back["state"], back["opinion"], back["counted"]) == ("returned", "请核对套数", None)
            await plant("POST", f"{one}/submit", 200, tag=4)
            good = await town("POST", f"{one}/review", 200, {"approve": True}, tag=5)
            assert (good["state"], good["counted"]) == ("valid", good["values"])
            await town("POST", f"{one}/review", 409, {"approve": True}, tag=6)
            # What counts goes on counting while the next is worked on; what an agency approved it takes away.
            again = await plant("PUT", one, 200, {"values": {**values, "units": 9}}, tag=6)
            assert (again["state"], again["counted"]["units"]) == ("draft", values["units"])
            await plant("DELETE", one, 403, tag=7)
            # The same day twice is a conflict with its field; another's plant is nowhere.
            twice = await plant("POST", PROMISES, 409, {"values": values})
            assert [field["place"] for field in twice["fields"]] == ["values.day"]
            await town("POST", PROMISES, 404, {"values": values, "enterprise_id": numbers["E3"]})
            await town("POST", PROMISES, 400, {"values": values})
            await installer("POST", PROMISES, 403, {"values": values})
            await plant("POST", f"{BASE}/nothing", 404, {"values": {}})
            wrong = await plant(
                "POST", PROMISES, 400, {"values": {"units": "viele", "no": 1, "day": "2026-02-30"}}
            )
            assert {field["place"] for field in wrong["fields"]} == {
                "values.units",
                "values.no",
                "values.day",
            }
            # Words for programs and people: unknown filters and sorts are named.
            bad = await plant("GET", with_parameters(PROMISES, {"shoe": "1", "day": "x", "state": "x"}), 400)
            assert {field["place"] for field in bad["fields"]} == {"shoe", "day", "state"}
            await plant("GET", with_parameters(PROMISES, {"sort": "shoe"}), 400)
            async with acting(db.worker) as conn:
                written = await conn.fetch(
                    "SELECT action FROM audit WHERE subject_type = 'reg_safety_promises' ORDER BY id"
                )
            assert [row["action"] for row in written] == ["insert"] + ["update"] * 6

    asyncio.run(run())


def test_pages_neither_skip_nor_repeat_whatever_they_are_sorted_by(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    async def run() -> None:
        async with office(database, tmp_path) as (_, clients, _numbers):
            plant = clients["enterprise"]
            made_ = []
            for number in range(1, 8):
                values = certificate(number, holder=f"张{number % 3}")
                if number % 3 == 0:
                    del values["issuer"], values["valid"]
                made_.append((await plant("POST", CERTIFICATES, 201, {"values": values}))["id"])
            for sort in ("id", "-id", "holder", "-holder", "valid", "-valid", "-changed_at", "title"):
                seen: list[int] = []
                cursor: str | None = ""
                while cursor is not None:
                    query = {"limit": "2", "sort": sort, **({"cursor": cursor} if cursor else {})}
                    page = await plant("GET", with_parameters(CERTIFICATES, query), 200)
                    seen += [row["id"] for row in page["items"]]
                    cursor = page["next"]
                assert sorted(seen) == made_, sort
            ended = await plant("GET", with_parameters(CERTIFICATES, {"sort": "-valid", "limit": "500"}), 200)
            assert [("valid" in row["values"]) for row in ended["items"]] == [True] * 5 + [False] * 2
            for q, count in (("张1", 3), ("z1", 3), ("张", 7), ("李", 0), ("1", 3)):
                found = await plant("GET", with_parameters(CERTIFICATES, {"q": q}), 200)
                assert len(found["items"]) == count, q
            last = (dt.date(2024, 1, 1) + dt.timedelta(days=1 + 1095)).isoformat()
            ending = await plant("GET", with_parameters(CERTIFICATES, {"valid.to": last}), 200)
            assert [row["id"] for row in ending["items"]] == made_[:1]
            by = await plant("GET", with_parameters(f"{CERTIFICATES}/counts", {"by": "holder"}), 200)
            assert {item["value"]: item["count"] for item in by["items"]} == {"张0": 2, "张1": 3, "张2": 2}
            of_state = await plant("GET", f"{CERTIFICATES}/counts", 200)
            assert (of_state["total"], of_state["items"][0]["label"]) == (7, "草稿")

    asyncio.run(run())


def test_numbers_of_people_are_masked_for_others_kept_when_they_come_back_and_shown_with_a_reason(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    async def run() -> None:
        async with office(database, tmp_path) as (_, clients, _numbers):
            plant, town, inspector = clients["enterprise"], clients["township"], clients["county"]
            full, hidden = identity_number(1), identity_number(1)[:2] + "*" * 14 + identity_number(1)[-2:]
            made_ = await plant("POST", CERTIFICATES, 201, {"values": certificate(1), "submit": True})
            assert made_["values"]["identity_number"] == full
            one = f"{CERTIFICATES}/{made_['id']}"
            seen = await town("GET", one, 200)
            assert (seen["values"]["identity_number"], seen["counted"]["identity_number"]) == (hidden, hidden)
            # A masked number that comes back stays; one that fits nothing is refused by name.
            edited = {**seen["values"], "issuer": "另一机关"}
            await town("PUT", one, 200, {"values": edited, "submit": True}, tag=1)
            assert (await plant("GET", one, 200))["values"]["identity_number"] == full
            foreign = {**edited, "identity_number": "11" + "*" * 14 + "11"}
            wrong = await town("PUT", one, 400, {"values": foreign}, tag=2)
            assert [field["place"] for field in wrong["fields"]] == ["values.identity_number"]
            other = {**edited, "identity_number": identity_number(2)}
            await plant("PUT", one, 200, {"values": other, "submit": True}, tag=2)
            steps = (await town("GET", f"{one}/history", 200))["items"]
            assert full not in str(steps)
            assert steps[0]["changes"][0]["before"] == hidden
            assert full in str(await plant("GET", f"{one}/history", 200))
            # One by one, with a reason, which is audited.
            asked = f"/api/v1/personal/record/certificates:{made_['id']}:identity_number"
            await town("POST", asked, 400, {"reason": ""})
            shown = await town("POST", asked, 200, {"reason": "核对持证人"})
            assert shown["identity_number"] == identity_number(2)
            await inspector("POST", asked.replace("identity_number", "holder"), 404, {"reason": "核对持证人"})
            audit = await clients["admin"]("GET", "/api/v1/audit?limit=500", 200)
            assert full not in str(audit)

    asyncio.run(run())


def test_what_an_agency_shares_is_read_by_everyone_of_its_area_and_by_nobody_else(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    async def run() -> None:
        async with office(database, tmp_path) as (_, clients, _numbers):
            county, plant, city = clients["county"], clients["enterprise"], clients["city"]
            draft = await county("POST", LAWS, 201, {"values": made(catalogue()["laws"])})
            one = f"{LAWS}/{draft['id']}"
            await plant("GET", one, 404)
            sent = await county("POST", f"{one}/submit", 200, tag=1)
            law = await plant("GET", one, 200)
            assert law["may"] == {"change": False, "submit": False, "review": False, "remove": False}
            assert [row["id"] for row in (await plant("GET", LAWS, 200))["items"]] == [law["id"]]
            assert (await plant("GET", with_parameters(LAWS, {"q": law["title"][:3]}), 200))["items"]
            await plant("PUT", one, 403, {"values": law["values"]}, tag=sent["version"])
            # While the county works on it, its area reads what counts.
            name = catalogue()["laws"].title
            await county("PUT", one, 200, {"values": {**law["values"], name: "还在修改"}}, tag=2)
            still = await plant("GET", one, 200)
            assert (still["state"], still["values"], still["title"]) == ("valid", law["values"], law["title"])
            assert "还在修改" not in str(await plant("GET", f"{one}/history", 200))
            row = (await plant("GET", LAWS, 200))["items"][0]
            assert (row["title"], row["state"]) == (law["title"], "valid")
            assert (await city("GET", one, 200))["values"][name] == "还在修改"
            # An inspector of two townships, one of which lies in the county, reads it.
            await clients["inspector"]("GET", one, 200)
            whose = await city("POST", LAWS, 201, {"values": made(catalogue()["laws"], 2), "submit": True})
            await plant("GET", f"{LAWS}/{whose['id']}", 200)

    asyncio.run(run())


def test_a_law_of_one_county_is_not_read_in_the_next(database: DatabaseUrls, tmp_path: Path) -> None:
    async def run() -> None:
        async with office(database, tmp_path) as (db, clients, numbers):
            law = await clients["county"](
                "POST", LAWS, 201, {"values": made(catalogue()["laws"]), "submit": True}
            )
            async with acting(db.worker) as conn:
                await conn.execute(
                    "UPDATE account SET enterprise_id = $1 WHERE login = 'enterprise'", numbers["E3"]
                )
            await clients["enterprise"]("GET", f"{LAWS}/{law['id']}", 404)
            assert (await clients["enterprise"]("GET", LAWS, 200))["items"] == []

    asyncio.run(run())


async def person_of(db: Database, login: str) -> Person:
    """Somebody of the county as a service sees them."""
    async with acting(db.worker) as conn:
        account = await identity_store.account(conn, login=login)
        assert account is not None
        scope = identity_rules.scope_of(account, await identity_store.roots(conn))
    return Person(
        account_id=account.id, account=login, display_name=account.display_name, role=account.role,
        role_name="", kind=account.kind, agency_id=account.agency_id, agency_name=None, agency_rank=None,
        enterprise_id=account.enterprise_id, enterprise_name=None, place_name="", scope=scope,
        may=frozenset(account.operations),
    )  # fmt: skip


def test_many_at_once_are_created_changed_left_and_refused_with_few_statements(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    async def run() -> None:
        async with office(database, tmp_path) as (db, _clients, numbers):
            county = await person_of(db, "county")
            register = catalogue()["certificates"]
            owner = Owner(enterprise_id=numbers["E1"])
            heard: list[effects.Happening] = []

            async def effect(conn: Connection, person: Person, happening: effects.Happening) -> None:
                heard.append(happening)

            rows = [Given(owner=owner, values=certificate(number)) for number in range(1, 301)]
            effects.EFFECTS["certificates"] = effect
            try:
                async with scoped(db.web, county.scope, county.actor) as conn:
                    statements: list[str] = []
                    conn.add_query_logger(lambda record: statements.append(record.query))
                    first = await records.create_many(conn, county, register, rows, "import:1")
                    assert len(statements) <= 15, statements
            finally:
                del effects.EFFECTS["certificates"]
            assert {one.outcome for one in first} == {"created"}
            assert len(heard) == 300
            assert [(h.record_id, h.after) for h in heard] == [
                (one.record_id, {**row.values}) for one, row in zip(first, rows, strict=True)
            ]
            mixed = [
                rows[0],
                Given(owner=owner, values=certificate(2, issuer="另一机关")),
                Given(owner=owner, values=certificate(3, valid=None)),
                Given(owner=owner, values=certificate(901)),
                Given(owner=owner, values=certificate(901)),
                Given(owner=Owner(enterprise_id=numbers["E3"]), values=certificate(4)),
                Given(owner=owner, values=certificate(5), record_id=10**9),
                Given(owner=owner, values=certificate(6, pictures=[{**DOCUMENT, "name": "x.png"}])),
            ]
            expected = [
                "unchanged",
                "changed",
                "refused",
                "created",
                "refused",
                "refused",
                "refused",
                "refused",
            ]
            async with scoped(db.web, county.scope, county.actor) as conn:
                dry = await records.create_many(conn, county, register, mixed, "import:2", dry=True)
                assert [one.outcome for one in dry] == expected
                done = await records.create_many(conn, county, register, mixed, "import:2")
                assert [one.outcome for one in done] == expected
                changed = await records.read(conn, county, register, done[1].record_id or 0)
                assert (changed.version, changed.values["issuer"]) == (2, "另一机关")
                assert len((await records.history(conn, county, register, changed.id)).items) == 2
            assert {p.place for p in done[2].problems} == {"values.valid"}
            enterprise = await person_of(db, "enterprise")
            with pytest.raises(DomainError) as caught:
                async with scoped(db.web, enterprise.scope, enterprise.actor) as conn:
                    await records.create_many(
                        conn, await person_of(db, "installer"), register, rows, "import:3"
                    )
            assert caught.value.http_status == 403

    asyncio.run(run())


def test_words_of_a_dictionary_are_offered_to_all_and_kept_by_an_administrator(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    async def run() -> None:
        async with office(database, tmp_path) as (_, clients, _numbers):
            admin, plant = clients["admin"], clients["enterprise"]
            base = "/api/v1/dictionaries"
            kinds = (await plant("GET", base, 200))["items"]
            # Every dictionary that a declaration leads to exists.
            wanted = set(
                re.findall(r'"dictionary/([a-z-]+)"', str(records_documents.components()).replace("'", '"'))
            )
            assert wanted <= {kind["name"] for kind in kinds}
            assert "supply-type" in wanted
            await plant("POST", f"{base}/supply-type", 403, {"code": "boats", "zh": "冲锋舟"})
            new = await admin("POST", f"{base}/supply-type", 201, {"code": "boats", "zh": "冲锋舟"})
            await admin("POST", f"{base}/supply-type", 409, {"code": "boats", "zh": "橡皮艇"})
            twice = await admin("POST", f"{base}/supply-type", 409, {"code": "dinghies", "zh": "冲锋舟"})
            assert twice["fields"][0]["place"] == "zh"
            assert (await plant("GET", f"{base}/supply-type", 200))["items"][-1]["code"] == "boats"
            off = {"zh": "冲锋舟", "sequence": 5, "active": False}
            await admin("PUT", f"{base}/supply-type/boats", 200, off, tag=new["version"])
            await admin("PUT", f"{base}/supply-type/boats", 412, off, tag=new["version"])
            codes = [e["code"] for e in (await plant("GET", f"{base}/supply-type", 200))["items"]]
            assert "boats" not in codes
            every = await plant("GET", f"{base}/supply-type?every=true", 200)
            assert every["items"][0]["code"] == "boats"
            await plant("GET", f"{base}/nothing", 404)

    asyncio.run(run())
