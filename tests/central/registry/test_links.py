"""Links lead to what is there, what the writer sees and what the same enterprise keeps; also from files."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from central.db.scope import scoped
from central.registry import records
from central.registry.forms.register import catalogue
from central.registry.records_models import Given, Owner
from tests.central.registry.linked import target
from tests.central.registry.made import made
from tests.central.registry.test_cycle import office
from tests.central.registry.test_records import person_of

if TYPE_CHECKING:
    from pathlib import Path

    from central.db.pool import DatabaseUrls

BASE = "/api/v1/registers"


def test_a_link_leads_to_something_in_sight_of_the_same_enterprise(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    async def run() -> None:
        async with office(database, tmp_path) as (_, clients, numbers):
            plant, official = clients["enterprise"], clients["county"]
            mine, next_door, abroad = ({"enterprise_id": numbers[code]} for code in ("E1", "E2", "E3"))
            agency = {"agency_id": numbers["临江县应急管理局"]}
            member = await target(official, "staff-members", mine, agency)
            theirs = await target(official, "staff-members", next_door, agency)
            foreign = await target(clients["city"], "staff-members", abroad, agency)
            unseen = await target(official, "rescue-teams", next_door, agency)
            certificate = made(catalogue()["certificates"], links=False)

            async def refused(client: Any, register: str, values: dict[str, Any], whose: Any = mine) -> str:
                body = {**whose, "values": values}
                no = await client("POST", f"{BASE}/{register}", 400, body)
                assert [field["problem"][-1] for field in no["fields"]] == ["。"], no
                place: str = no["fields"][0]["place"]
                return place

            # What belongs to another, lies beyond one's sight or is none at all, is told at its field.
            for client, link in (
                (official, theirs["id"]), (plant, theirs["id"]), (official, foreign["id"]),
                (official, "999999"), (official, "0" + member["id"]), (official, "无"), (official, "9" * 30),
            ):  # fmt: skip
                wrong = {**certificate, "member": {"id": link, "label": member["label"]}}
                assert await refused(client, "certificates", wrong) == "values.member"
            area = {"county": {"id": "429999", "label": "某县"}}
            assert await refused(plant, "chemical-licences", area) == "values.county"
            word = {"kind": {"id": "moon", "label": "月亮"}}
            assert await refused(plant, "surroundings", word) == "values.kind"
            supplies = {"team": {"id": unseen["id"], "label": "队"}}
            assert await refused(plant, "emergency-supplies", supplies) == "values.team"
            # A team may be anybody's whom the writer sees; a word that is there is taken.
            whose = {"enterprise_id": numbers["E1"]}
            await official("POST", f"{BASE}/emergency-supplies", 201, {**whose, "values": supplies})
            good = {"kind": {"id": "hospital", "label": "医院"}}
            await plant("POST", f"{BASE}/surroundings", 201, {"values": good})

            # What a record counted with may go; it is still corrected, and leads nowhere else.
            values = {**certificate, "member": member}
            kept = await plant("POST", f"{BASE}/certificates", 201, {"values": values, "submit": True})
            await plant("DELETE", f"{BASE}/staff-members/{member['id']}", 204, tag=1)
            one = f"{BASE}/certificates/{kept['id']}"
            await plant("PUT", one, 200, {"values": {**values, "issuer": "另一机关"}, "submit": True}, tag=1)
            again = await target(plant, "staff-members", mine, agency)
            await plant("PUT", one, 200, {"values": {**values, "member": again}}, tag=2)
            await plant("DELETE", f"{BASE}/staff-members/{again['id']}", 204, tag=1)
            late = await plant("POST", f"{one}/submit", 400, tag=3)
            assert [field["place"] for field in late["fields"]] == ["values.member"]

    asyncio.run(run())


def test_a_thousand_rows_of_links_are_looked_up_with_a_few_statements(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    async def run() -> None:
        async with office(database, tmp_path) as (db, clients, numbers):
            register, county = catalogue()["training-records"], await person_of(db, "county")
            mine, agency = {"enterprise_id": numbers["E1"]}, {"agency_id": numbers["临江县应急管理局"]}
            scheme = await target(clients["county"], "training-schemes", mine, agency)
            member = await target(clients["county"], "staff-members", mine, agency)
            people = [{"name": "张三", "member": member}] * 3
            more = {"scheme": scheme, "participants": people}
            rows = [
                Given(owner=Owner(**mine), values={**made(register, number, links=False), **more})
                for number in range(1, 301)
            ]
            nobody = {"name": "李四", "member": {"id": "123456", "label": "无人"}}
            rows[7].values["participants"] = [*people, nobody]
            async with scoped(db.web, county.scope, county.actor) as conn:
                statements: list[str] = []
                conn.add_query_logger(lambda record: statements.append(record.query))
                done = await records.create_many(conn, county, register, rows, "import:1", submit=False)
            assert len(statements) <= 15, statements
            assert [at for at, one in enumerate(done) if one.outcome != "created"] == [7]
            assert [problem.place for problem in done[7].problems] == ["values.participants[3].member"]

    asyncio.run(run())
