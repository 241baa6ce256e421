"""Issuing a warning by hand over HTTP: who may, for whom, approved by whom, and what the queue shows."""

import asyncio
from typing import Any
from uuid import uuid4

from central.db.pool import DatabaseUrls
from tests.central import county
from tests.central.serving import serving


def form(**changes: Any) -> dict[str, Any]:
    told = {"level": "yellow", "title": "大风天气加强巡查", "text": "今夜有八级大风", "key": str(uuid4())}
    return told | changes


def test_a_manual_warning_is_issued_approved_and_becomes_a_case(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with serving(database) as server:
            await county.found(server.database)
            async with (
                server.client("township") as township,
                server.client("county") as official,
                server.client("enterprise") as plant,
            ):
                mine = (await plant.get("/api/v1/session")).json()["enterprise_id"]
                sent = form(enterprise_ids=[mine])
                issued = await township.post("/api/v1/warning-proposals", json=sent)
                assert issued.status_code == 200, issued.text
                [one] = issued.json()["items"]
                assert one["warning_id"] is None
                # the same form, sent twice, warns once
                again = await township.post("/api/v1/warning-proposals", json=sent)
                assert again.json()["items"] == [one]
                queue = (await official.get("/api/v1/warning-proposals")).json()["items"]
                assert [(row["id"], row["kind_name"], row["may_decide"]) for row in queue] == [
                    (one["proposal_id"], "人工预警", True),
                ]
                own = (await township.get("/api/v1/warning-proposals")).json()["items"]
                assert [row["may_decide"] for row in own] == [False]
                for method, path, body in (
                    ("GET", "/api/v1/warning-proposals", None),
                    ("POST", "/api/v1/warning-proposals", form(enterprise_ids=[mine])),
                    ("POST", f"/api/v1/warning-proposals/{one['proposal_id']}/approve", {}),
                ):
                    answer = await plant.request(method, path, json=body)
                    assert answer.status_code == 403, (path, answer.text)
                path = f"/api/v1/warning-proposals/{one['proposal_id']}"
                assert (await official.post(f"{path}/refuse", json={"opinion": ""})).status_code == 400
                approved = await official.post(f"{path}/approve", json={"opinion": "同意"})
                assert approved.status_code == 200, approved.text
                number = approved.json()["warning_id"]
                page = (await plant.get(f"/api/v1/warnings/{number}")).json()
                assert (page["kind_name"], page["level"], page["title"]) == (
                    "人工预警",
                    "yellow",
                    sent["title"],
                )
                assert "审批通过后发布" in [hop["title"] for hop in page["timeline"]]
                assert (await official.post(f"{path}/approve", json={})).status_code == 409
                done = (await official.get("/api/v1/warning-proposals?state=decided")).json()["items"]
                assert [(row["state"], row["warning_id"]) for row in done] == [("approved", number)]

    asyncio.run(run())


def test_every_wrong_field_is_named_and_nothing_is_issued_beyond_the_scope(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with serving(database) as server:
            await county.found(server.database)
            async with server.client("township") as township:
                answer = await township.post(
                    "/api/v1/warning-proposals",
                    json=form(title=" ", enterprise_ids=[999999], agency_ids=[1, 999999]),
                )
                assert answer.status_code == 400
                fields = [found["place"] for found in answer.json()["fields"]]
                assert fields == ["enterprise_ids", "agency_ids", "agency_ids", "title"]
                nobody = await township.post("/api/v1/warning-proposals", json=form())
                assert [found["place"] for found in nobody.json()["fields"]] == ["enterprise_ids"]
                assert (await township.get("/api/v1/warning-proposals?state=all")).json()["items"] == []

    asyncio.run(run())
