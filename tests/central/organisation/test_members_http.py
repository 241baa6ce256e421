"""Members of the safety committee, intermediaries and document numbers over HTTP."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import TYPE_CHECKING

from central.db.scope import scoped
from central.identity import service as identity
from central.organisation import numbers
from tests.central import county
from tests.central.organisation.test_agencies_http import drop, places
from tests.central.serving import serving

if TYPE_CHECKING:
    from central.db.pool import Database, DatabaseUrls

API = "/api/v1"


def test_units_and_intermediaries_are_kept_by_their_agency(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with serving(database) as server:
            await county.found(server.database)
            async with server.client("county") as client:
                unit = await client.post(
                    f"{API}/committee-units", json={"name": "临江县住建局", "code": "ZJ", "phone": "0728-1"}
                )
                assert unit.status_code == 201, unit.text
                path = f"{API}/committee-units/{unit.json()['id']}"
                head = {"if-match": unit.headers["etag"]}
                form = {"name": "临江县住房城乡建设局", "code": "ZJ"}
                assert (await client.put(path, json=form, headers=head)).status_code == 200
                assert (await client.put(path, json=form, headers=head)).status_code == 412
                twice = await client.post(f"{API}/committee-units", json={"name": "另一", "code": "ZJ"})
                assert places(twice.json()) == {"code"}
                keeper = await client.post(
                    f"{API}/accounts",
                    json={
                        "login": "zhujian",
                        "display_name": "住建联络员",
                        "role": "committee",
                        "committee_unit_id": unit.json()["id"],
                    },
                )
                assert keeper.status_code == 201, keeper.text
                assert keeper.json()["account"]["agency_id"] == 2
                shown = (await client.get(path)).json()
                assert shown["administrators"] == ["住建联络员（zhujian）"]
                assert "1 个管理员账号" in (await drop(client, path)).json()["detail"]

                today = dt.datetime.now(dt.UTC).date()
                firm = {
                    "name": "云泽安评技术有限公司",
                    "credit_code": county.credit_code(77).lower(),
                    "kind": "evaluation",
                    "qualification_no": "APJ-(鄂)-001",
                    "valid_from": str(today - dt.timedelta(days=900)),
                    "valid_until": str(today + dt.timedelta(days=30)),
                }
                made = await client.post(f"{API}/intermediaries", json=firm)
                assert made.status_code == 201, made.text
                assert made.json()["state"] == "expiring"
                assert made.json()["credit_code"] == county.credit_code(77)
                for state, count in (("expiring", 1), ("expired", 0), ("valid", 0)):
                    found = await client.get(f"{API}/intermediaries?state={state}")
                    assert len(found.json()["items"]) == count
                wrong = await client.post(
                    f"{API}/intermediaries",
                    json=firm | {"credit_code": "9" * 18, "valid_until": firm["valid_from"], "agency_id": 1},
                )
                assert places(wrong.json()) == {"credit_code", "valid_until", "agency_id"}
                assert (await client.post(f"{API}/intermediaries", json=firm)).status_code == 409
                where = f"{API}/intermediaries/{made.json()['id']}"
                longer = firm | {"valid_until": str(today + dt.timedelta(days=900))}
                renewed = await client.put(where, json=longer, headers={"if-match": made.headers["etag"]})
                assert renewed.json()["state"] == "valid"
                assert (await drop(client, where)).status_code == 204
            async with server.client("township") as client:
                assert (await client.get(f"{API}/committee-units")).json()["items"] == []
                assert (await client.get(path)).status_code == 404

    asyncio.run(run())


def test_numbers_are_unique_without_gaps_and_come_from_the_nearest_format(database: DatabaseUrls) -> None:
    day = dt.date(2026, 11, 22)

    async def issue(db: Database, login: str, agency: int, *, fails: bool = False) -> str:
        async with db.worker.acquire() as conn:
            number = await conn.fetchval("SELECT id FROM account WHERE login = $1", login)
            person = await identity.person_by_id(conn, number)
        assert person is not None
        async with scoped(db.web, person.scope, person.actor) as conn:
            text = await numbers.next_number(conn, "notice", agency, day)
            if fails:
                raise RuntimeError(text)
        return text

    async def run() -> None:
        async with serving(database) as server:
            await county.found(server.database)
            db = server.database
            async with server.client("county") as client:
                form = {
                    "kind": "notice",
                    "name": "整改通知书",
                    "pattern": "{agency}〔{year}〕{serial}号",
                    "for_below": True,
                }
                shown = await client.post(f"{API}/number-formats/preview", json=form)
                assert shown.status_code == 200, shown.text
                assert len(shown.json()["numbers"]) == 3
                wrong = await client.post(
                    f"{API}/number-formats/preview", json=form | {"pattern": "{serial}{serial}{x}}"}
                )
                assert len(wrong.json()["fields"]) == 5
                made = await client.post(f"{API}/number-formats", json=form)
                assert made.status_code == 201, made.text
                path = f"{API}/number-formats/{made.json()['id']}"
                async with db.worker.acquire() as conn:
                    await conn.execute("UPDATE agency SET code = 'LJ' WHERE id = 2")
                    await conn.execute("UPDATE agency SET code = 'QS' WHERE id = 3")

                # Six at once, one of which fails in between and leaves no gap; the township counts by itself.
                results = await asyncio.gather(
                    *(issue(db, "county", 2, fails=n == 1) for n in range(6)), return_exceptions=True
                )
                given = sorted(text for text in results if isinstance(text, str))
                assert given == [f"LJ〔2026〕{n:04d}号" for n in range(1, 6)]
                assert await issue(db, "township", 3) == "QS〔2026〕0001号"
                assert "已发出编号" in (await drop(client, path)).json()["detail"]
                shorter = form | {"pattern": "{agency}-{yy}-{serial}", "serial_length": 3}
                head = {"if-match": made.headers["etag"]}
                assert (await client.put(path, json=shorter, headers=head)).status_code == 200
                assert await issue(db, "county", 2) == "LJ-26-006"
                listed = (await client.get(f"{API}/number-formats")).json()["items"]
                assert [(row["given"], row["agency_id"]) for row in listed] == [(7, 2)]
            async with server.client("township") as client:
                assert (await client.get(f"{API}/number-formats")).json()["items"] == []
                assert (await client.get(path)).status_code == 404

    asyncio.run(run())
