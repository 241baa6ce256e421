"""Every declared register through its whole life, with generated records, over real HTTP."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from central.db.pool import connect
from central.registry.forms.register import Register, catalogue
from tests.central import county
from tests.central.registry.made import changed, keep_files, made
from tests.central.serving import serving

if TYPE_CHECKING:
    import httpx

    from central.db.pool import DatabaseUrls


def test_every_register_goes_through_its_whole_cycle(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with serving(database) as server:
            await county.found(server.database)
            admin = await connect(database.admin)
            await keep_files(admin)
            owner = await admin.fetchval("SELECT id FROM enterprise WHERE code = 'E1'")
            agency = await admin.fetchval("SELECT id FROM agency WHERE name = '临江县应急管理局'")
            await admin.close()
            async with server.client("county") as client:
                for register in catalogue().values():
                    whose = (
                        {"agency_id": agency} if register.owner == "agency" else {"enterprise_id": owner}
                    )
                    await cycle(client, register, whose)

    asyncio.run(run())


async def cycle(client: httpx.AsyncClient, register: Register, whose: dict[str, int]) -> None:
    """Draft, refusal, submission, review, change, list, filter, count, search, history, removal."""
    base, values = f"/api/v1/registers/{register.name}", made(register)
    draft = await answer(client.post(base, json={**whose, "values": {}}), 201, register)
    assert (draft["state"], draft["version"], draft["values"]) == ("draft", 1, {})
    one = f"{base}/{draft['id']}"
    refused = await client.post(f"{one}/submit", headers={"if-match": '"1"'})
    assert refused.status_code == 400, (register.name, refused.text)
    assert all(field["place"].startswith("values.") for field in refused.json()["fields"])
    body = {"values": values, "submit": True, "reason": "首次填报"}
    record = await answer(client.put(one, json=body, headers={"if-match": '"1"'}), 200, register)
    if register.reviewed:
        assert (record["state"], record["counted"]) == ("submitted", None)
        said = {"approve": True, "opinion": "情况属实"}
        record = await answer(client.post(f"{one}/review", json=said, headers={"if-match": '"2"'}), 200, register)
    assert record["state"] == "valid", register.name
    assert record["values"] == record["counted"]
    assert record["title"], register.name
    edited, other = changed(register, values)
    tag = {"if-match": f'"{record["version"]}"'}
    again = await answer(client.put(one, json={"values": other, "submit": True}, headers=tag), 200, register)
    assert again["state"] == ("submitted" if register.reviewed else "valid")
    assert (again["counted"] == record["counted"]) == register.reviewed
    assert (await client.put(one, json={"values": other}, headers=tag)).status_code == 412
    read = await answer(client.get(one), 200, register)
    assert read["values"][edited] == other[edited]
    steps = (await answer(client.get(f"{one}/history"), 200, register))["items"]
    assert [step["version"] for step in steps] == list(range(again["version"], 0, -1))
    assert edited in [change["field"].split("[")[0].split(".")[0] for change in steps[0]["changes"]]
    await lists(client, register, base, again)
    gone = await client.delete(one, headers={"if-match": f'"{again["version"]}"'}, params={"reason": "重复"})
    assert gone.status_code == 204, (register.name, gone.text)
    assert (await client.get(one)).status_code == 404
    assert (await answer(client.get(base), 200, register))["items"] == []


async def lists(client: httpx.AsyncClient, register: Register, base: str, record: dict[str, Any]) -> None:
    """The record is found by each filter, in each order, by its title, and counted."""
    page = await answer(client.get(base), 200, register)
    assert [row["id"] for row in page["items"]] == [record["id"]]
    assert set(page["items"][0]["values"]) <= set(register.columns)
    described = await answer(client.get(f"{base}/schema"), 200, register)
    kinds = {field["name"]: field["kind"] for field in described["register"]["fields"]}
    parameters = {field["name"]: field["parameter"] for field in described["register"]["fields"]}
    for name in register.filters:
        value = record["values"].get(name)
        if value is None or kinds[name] in {"spot", "mark"}:
            continue
        asked = {
            "choice": lambda v: v["choice"], "choices": lambda v: v["choices"][0], "link": lambda v: v["id"],
            "span": lambda v: v["from"], "yes-no": lambda v: str(v).lower(),
        }.get(kinds[name], str)(value)  # fmt: skip
        found = await answer(client.get(base, params={parameters[name]: asked}), 200, register)
        assert [row["id"] for row in found["items"]] == [record["id"]], (register.name, name, asked)
        sorted_ = await client.get(base, params={"sort": f"-values.{name}"})
        assert sorted_.status_code == (400 if kinds[name] == "choices" else 200), sorted_.text
        if kinds[name] != "span":
            counted = await answer(client.get(f"{base}/counts", params={"by": f"values.{name}"}), 200, register)
            assert counted["total"] == 1
    part = record["title"][1:3]
    found = await answer(client.get(base, params={"q": part}), 200, register)
    assert [row["id"] for row in found["items"]] == [record["id"]], (register.name, part)


async def answer(asked: Any, status: int, register: Register) -> Any:
    given = await asked
    assert given.status_code == status, (register.name, given.status_code, given.text)
    return given.json()
