"""Every declared register through its whole life, with generated records, by the addresses that all share."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from central.app import Parts, make_http
from central.db.pool import Database, connect
from central.db.scope import acting
from central.http.health import Readiness
from central.live.hub import Hub
from central.registry import service
from central.registry.forms.register import Register, catalogue, fields_of
from central.registry.models import NewEnterprise
from central.registry.records_routes import parameter_of
from central.settings import Settings
from tests.central import county, scene
from tests.central.registry.linked import linked, registers_linked
from tests.central.registry.made import changed, keep_files
from tests.central.walk import Walker, ask, with_parameters

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from litestar import Litestar

    from central.db.pool import DatabaseUrls

AT_ONCE = 4
# How the value of a record is asked for in an address, by the kind of its field.
ASKED: dict[str, Any] = {
    "choice": lambda value: value["choice"], "choices": lambda value: value["choices"][0],
    "link": lambda value: value["id"], "span": lambda value: value["from"],
    "yes-no": lambda value: str(value).lower(),
}  # fmt: skip


class Client:
    """Somebody who asks this process without a socket."""

    def __init__(self, app: Litestar, walker: Walker) -> None:
        self.app, self.walker = app, walker

    async def __call__(
        self, method: str, target: str, status: int, body: object = None, tag: object = ""
    ) -> Any:
        given, text = await self.asked(method, target, body, tag)
        assert given == status, (method, target, given, text.decode())
        return json.loads(text) if text else None

    async def asked(
        self, method: str, target: str, body: object = None, tag: object = ""
    ) -> tuple[int, bytes]:
        """The answer as it comes, whatever its status."""
        return await ask(self.app, self.walker, method, target, body, str(tag))


@asynccontextmanager
async def office(
    urls: DatabaseUrls, state: Path
) -> AsyncIterator[tuple[Database, dict[str, Client], dict[str, int]]]:
    """The county with every account as a client, and the numbers of its enterprises and agencies."""
    async with Database.open(urls, web_size=AT_ONCE, worker_size=2) as database:
        await county.found(database)
        admin = await connect(urls.admin)
        try:
            await keep_files(admin)
            app = make_http(Parts(database, Settings(state=state), Hub(database), Readiness()))
            logins = await admin.fetch("SELECT login FROM account")
            clients = {
                row["login"]: Client(app, await scene.walker(database, admin, row["login"])) for row in logins
            }
            numbers = {
                row["name"]: row["id"]
                for row in await admin.fetch(
                    "SELECT code AS name, id FROM enterprise UNION ALL SELECT name, id FROM agency"
                )
            }
        finally:
            await admin.close()
        yield database, clients, numbers


def test_every_register_goes_through_its_whole_cycle(database: DatabaseUrls, tmp_path: Path) -> None:
    async def run() -> None:
        async with office(database, tmp_path) as (db, clients, numbers):
            town = {"agency_id": numbers["青石镇应急办"]}
            alone = await owners_of_links(db, town)
            gate = asyncio.Semaphore(AT_ONCE)

            async def one(register: Register) -> None:
                async with gate:
                    whose = alone.get(register.name) or owner_of(register, numbers)
                    values = await linked(clients["county"], register, whose, town)
                    await cycle(clients["county"], clients["city"], register, whose, values)

            async with asyncio.TaskGroup() as tasks:
                for register in catalogue().values():
                    tasks.create_task(one(register))

    asyncio.run(run())


def owner_of(register: Register, numbers: dict[str, int]) -> dict[str, int]:
    """To whom a record of the test belongs."""
    if register.owner == "agency":
        return {"agency_id": numbers["临江县应急管理局"]}
    return {"enterprise_id": numbers["E1"]}


async def owners_of_links(db: Database, town: dict[str, int]) -> dict[str, dict[str, int]]:
    """An owner of its own for each register that links to others, whose records lie there as well."""
    found = {}
    linking = [one for one in catalogue().values() if registers_linked(one.record)]
    async with acting(db.worker) as conn:
        for serial, register in enumerate(linking, 100):
            new = NewEnterprise(
                code=f"L{serial}", name=f"企业L{serial}", credit_code=county.credit_code(serial),
                region_code="429981102", agency_id=None,
            )  # fmt: skip
            enterprise = {"enterprise_id": await service.register(conn, new)}
            found[register.name] = town if register.owner == "agency" else enterprise
    return found


async def cycle(
    client: Client, above: Client, register: Register, whose: dict[str, int], values: dict[str, Any]
) -> None:
    """Draft, refusal, submission, review, change, list, filters, counts, search, history, removal.

    `above` reviews: nobody does what he submitted himself.
    """
    base = f"/api/v1/registers/{register.name}"
    draft = await client("POST", base, 201, {**whose, "values": {}})
    assert (draft["state"], draft["version"], draft["values"]) == ("draft", 1, {})
    one = f"{base}/{draft['id']}"
    if any(bound.field.required and bound.field.when is None for bound in fields_of(register.record)):
        refused = await client("POST", f"{one}/submit", 400, tag=1)
        assert all(field["place"].startswith("values.") for field in refused["fields"])
    body = {"values": values, "submit": True, "reason": "首次填报"}
    record = await client("PUT", one, 200, body, tag=1)
    if register.reviewed:
        assert (record["state"], record["counted"]) == ("submitted", None)
        assert record["may"]["review"] is False
        await client("POST", f"{one}/review", 403, {"approve": True}, tag=2)
        record = await above("POST", f"{one}/review", 200, {"approve": True, "opinion": "情况属实"}, tag=2)
    assert record["state"] == "valid", register.name
    assert record["values"] == record["counted"]
    assert record["title"], register.name
    edited, other = changed(register, values)
    again = await client("PUT", one, 200, {"values": other, "submit": True}, tag=record["version"])
    assert again["state"] == ("submitted" if register.reviewed else "valid")
    assert (again["counted"] == record["counted"]) == register.reviewed
    await client("PUT", one, 412, {"values": other}, tag=record["version"])
    assert (await client("GET", one, 200))["values"][edited] == other[edited]
    steps = (await client("GET", f"{one}/history", 200))["items"]
    assert [step["version"] for step in steps] == list(range(again["version"], 0, -1))
    assert [change["field"] for change in steps[0]["changes"]] == [edited], register.name
    await lists(client, register, base, again, whose)
    await client("DELETE", with_parameters(one, {"reason": "重复"}), 204, tag=again["version"])
    await client("GET", one, 404)
    assert (await client("GET", with_parameters(base, as_asked(whose)), 200))["items"] == []


def as_asked(whose: dict[str, int]) -> dict[str, str]:
    """An owner in an address."""
    return {name: str(number) for name, number in whose.items()}


async def lists(
    client: Client, register: Register, base: str, record: dict[str, Any], whose: dict[str, int]
) -> None:
    """The record is found by all its filters, in the order of each, by its title, and counted."""
    kinds = {bound.name: bound.field.kind for bound in fields_of(register.record)}
    filters = as_asked(whose) | {
        parameter_of(name): ASKED.get(kinds[name], str)(record["values"][name])
        for name in register.filters
        if name in record["values"] and kinds[name] not in {"spot", "mark"}
    }
    page = await client("GET", with_parameters(base, filters), 200)
    assert [row["id"] for row in page["items"]] == [record["id"]], (register.name, filters)
    assert set(page["items"][0]["values"]) <= set(register.columns)
    part = record["title"][1:3] or record["title"]
    found = await client("GET", with_parameters(base, {"q": part, **as_asked(whose)}), 200)
    assert [row["id"] for row in found["items"]] == [record["id"]], (register.name, part)
    for name in [name for name in register.filters if kinds[name] in {"choice", "choices", "yes-no"}][:1]:
        counted = await client(
            "GET", with_parameters(f"{base}/counts", {"by": f"values.{name}", **as_asked(whose)}), 200
        )
        assert counted["total"] == 1
        assert [item["count"] for item in counted["items"]] == [1] * len(counted["items"])
    for name in [name for name in register.filters if kinds[name] not in {"choices", "spot", "mark"}][-1:]:
        ordered = await client(
            "GET", with_parameters(base, {"sort": f"-values.{name}", **as_asked(whose)}), 200
        )
        assert [row["id"] for row in ordered["items"]] == [record["id"]]
