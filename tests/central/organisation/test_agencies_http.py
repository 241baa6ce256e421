"""Agencies over HTTP: what the agency above may do, and nobody beside or below."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tests.central import county
from tests.central.serving import serving

if TYPE_CHECKING:
    import httpx

    from central.db.pool import DatabaseUrls

AGENCIES = "/api/v1/agencies"
NEW = {
    "name": "白沙镇应急办",
    "rank": 2,
    "kind": "township-office",
    "region_code": "429981102",
    "parent_id": 2,
    "code": "LJ-BS",
    "contact_name": "田小满",
    "phone": "0728-1234567",
    "fax": "0728-1234568",
    "address": "白沙镇码头街 1 号",
    "description": "负责白沙镇安全生产监管",
    "longitude": 112.5,
    "latitude": 30.1,
}


async def drop(client: httpx.AsyncClient, path: str) -> httpx.Response:
    """Deletes what was just looked at."""
    seen = await client.get(path)
    return await client.delete(path, headers={"if-match": seen.headers.get("etag", '"1"')})


def places(answer: dict[str, object]) -> set[str]:
    fields = answer["fields"]
    assert isinstance(fields, list)
    assert all(field["problem"] for field in fields), fields
    return {field["place"] for field in fields}


def test_the_agency_above_adds_edits_and_removes_and_every_bad_field_is_named(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with serving(database) as server:
            await county.found(server.database)
            async with server.client("county") as client:
                # A county sees itself and what is below, never the city, nor the county beside.
                listed = (await client.get(AGENCIES)).json()
                assert [row["name"] for row in listed["items"]] == ["临江县应急管理局", "青石镇应急办"]
                assert (await client.get("/api/v1/agency")).json()["name"] == "临江县应急管理局"
                assert (await client.get(f"{AGENCIES}/1")).status_code == 404

                made = await client.post(AGENCIES, json=NEW)
                assert made.status_code == 201, made.text
                row = made.json()
                assert row["areas"] == ["429981102"]
                assert row["area_names"] == ["白沙镇"]
                assert row["parent_name"] == "临江县应急管理局"
                assert row["place"] == f"429981102/@{row['id']}"
                path = f"{AGENCIES}/{row['id']}"

                # Shape first, all of it; then meaning, all of it.
                shape = await client.post(
                    AGENCIES, json={"name": "", "rank": 9, "region_code": "42x", "phone": "call me", "x": 1}
                )
                assert shape.status_code == 400
                assert places(shape.json()) == {"name", "rank", "region_code", "phone", "x"}
                meaning = await client.post(
                    AGENCIES,
                    json=NEW
                    | {
                        "name": "乱",
                        "code": "",
                        "rank": 4,
                        "region_code": "429982101",
                        "areas": ["4299", "429981199", "429981102"],
                        "latitude": None,
                        "administrator_id": 1,
                    },
                )
                assert meaning.status_code == 400
                assert places(meaning.json()) == {
                    "rank", "region_code", "areas", "longitude", "administrator_id",
                }  # fmt: skip
                above = await client.post(AGENCIES, json=NEW | {"name": "乱", "parent_id": 1})
                assert places(above.json()) == {"parent_id"}
                twice = await client.post(AGENCIES, json=NEW | {"code": ""})
                assert twice.status_code == 409
                assert places(twice.json()) == {"name"}

                # Two editors: the second is told, and told the version.
                tag = made.headers["etag"]
                first = await client.put(path, json=NEW | {"phone": "1"}, headers={"if-match": tag})
                assert first.status_code == 200
                second = await client.put(path, json=NEW | {"phone": "2"}, headers={"if-match": tag})
                assert second.status_code == 412
                assert second.json()["version"] == 2
                assert (await client.put(path, json=NEW)).status_code == 428
                loop = await client.put(
                    f"{AGENCIES}/3",
                    json=NEW
                    | {
                        "name": "青石镇应急办",
                        "code": "",
                        "region_code": "429981101",
                        "parent_id": 3,
                    },
                    headers={"if-match": '"1"'},
                )
                assert places(loop.json()) >= {"parent_id"}

                # The own agency: contact yes, level and area no.
                own = (await client.get("/api/v1/agency")).json()
                form = {
                    key: own[key]
                    for key in (*NEW, "kind", "areas", "administrator_id")
                    if key in own
                }  # fmt: skip
                head = {"if-match": f'"{own["version"]}"'}
                kept = await client.put(f"{AGENCIES}/2", json=form | {"phone": "0728-110"}, headers=head)
                assert kept.status_code == 200, kept.text
                assert kept.json()["phone"] == "0728-110"
                head = {"if-match": kept.headers["etag"]}
                raised = await client.put(
                    f"{AGENCIES}/2", json=form | {"rank": 4, "areas": ["4299"]}, headers=head
                )
                assert places(raised.json()) == {"rank", "areas"}

                # What hangs on it is said before it may go.
                town = await drop(client, f"{AGENCIES}/3")
                assert town.status_code == 409
                assert "1 个账号、2 家监管企业" in town.json()["detail"]
                assert (await drop(client, f"{AGENCIES}/2")).status_code == 409
                assert (await drop(client, path)).status_code == 204
                assert (await client.get(path)).status_code == 404

            # No telephone of the agency above or beside reaches those who only know its name.
            async with server.client("enterprise") as client:
                assert (await client.get(AGENCIES)).json()["items"] == []
                assert (await client.get("/api/v1/agency")).status_code == 404
                assert (await client.post(AGENCIES, json=NEW)).status_code in {400, 404}
            async with server.client("township") as client:
                assert [row["id"] for row in (await client.get(AGENCIES)).json()["items"]] == [3]
                assert (await client.post(AGENCIES, json=NEW)).status_code == 403
            async with server.client("admin") as client:
                root = await client.post(
                    AGENCIES,
                    json={"name": "某省应急管理厅", "rank": 5, "region_code": "42"},
                )
                assert root.status_code == 201, root.text
                found = await client.get(f"{AGENCIES}?rank=5&q=厅&limit=1")
                assert [row["name"] for row in found.json()["items"]] == ["某省应急管理厅"]
                pages, cursor = [], ""
                for _ in range(10):
                    page = (await client.get(f"{AGENCIES}?limit=1&cursor={cursor}")).json()
                    pages += [row["id"] for row in page["items"]]
                    cursor = page["next"] or "end"
                    if cursor == "end":
                        break
                assert pages == [root.json()["id"], 1, 2, 3]

    asyncio.run(run())
