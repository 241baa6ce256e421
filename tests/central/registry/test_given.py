"""What a paper form copies from another is read there, such as when and where a danger was found."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from central.registry.forms.register import catalogue
from tests.central import county
from tests.central.registry.made import made
from tests.central.serving import serving

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls

BASE = "/api/v1/registers"
CHECK, TREATMENT = "major-danger-checks", "major-danger-treatment"


def test_a_treatment_shows_what_the_check_found(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with serving(database) as server:
            await county.found(server.database)
            async with server.client("county") as client:
                enterprise = (await client.get("/api/v1/enterprises")).json()["items"][0]["id"]
                found = made(catalogue()[CHECK])
                kept = await client.post(
                    f"{BASE}/{CHECK}", json={"enterprise_id": enterprise, "values": found, "submit": True}
                )
                assert kept.status_code == 201, kept.text
                danger = {"id": str(kept.json()["id"]), "label": found["name"]}
                said = []
                treated = await client.post(
                    f"{BASE}/{TREATMENT}", json={"enterprise_id": enterprise, "values": {"danger": danger}}
                )
                assert treated.status_code == 201, treated.text
                one = f"{BASE}/{TREATMENT}/{treated.json()['id']}"
                read = await client.get(one)
                said.append([(line["title"], line["text"]) for line in read.json()["given"]])
                # What is taken away tells nothing any more, and keeps nobody from correcting the rest.
                tag = {"if-match": kept.headers["etag"]}
                gone = await client.delete(f"{BASE}/{CHECK}/{kept.json()['id']}", headers=tag)
                assert gone.status_code == 204, gone.text
                read = await client.get(one)
                said.append([(line["title"], line["text"]) for line in read.json()["given"]])
                again = await client.put(
                    one, json={"values": {"danger": danger}}, headers={"if-match": read.headers["etag"]}
                )
                assert again.status_code == 200, again.text
                assert said == [
                    [
                        ("隐患排查时间", found["found"]),
                        ("隐患地点部位", found["place"]),
                        ("隐患级别", "重大隐患"),
                        ("隐患内容", found["content"]),
                    ],
                    [],
                ]

    asyncio.run(run())
