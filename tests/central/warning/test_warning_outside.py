"""Warnings from outside: JSON and CAP 1.2, told twice, updated, ended, expired, and what is refused."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from central.db.errors import DomainError
from central.db.pool import DatabaseUrls
from central.warning import cap, proposals_worker
from tests.central import county
from tests.central.serving import serving

JSON: dict[str, Any] = {
    "sender": "云泽市气象台",
    "identifier": "42990041600000_20261122140000",
    "title": "云泽市气象台发布暴雨黄色预警",
    "text": "预计未来六小时降雨五十毫米",
    "kind": "weather",
    "severity": "Moderate",
    "at": "2026-11-22T14:00:00+08:00",
    "regions": ["429981000000"],
}


def message(
    identifier: str = "1",
    kind: str = "Alert",
    *,
    status: str = "Actual",
    severity: str = "Severe",
    references: str = "",
    area: str = "<geocode><valueName>region</valueName><value>42998100000000</value></geocode>",
) -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>{identifier}</identifier><sender>weather@example</sender>
  <sent>2026-11-22T14:00:00+08:00</sent><status>{status}</status><msgType>{kind}</msgType>
  <scope>Public</scope><references>{references}</references>
  <info><language>en-US</language><category>Met</category><event>rain</event><urgency>Future</urgency>
    <severity>Minor</severity><certainty>Likely</certainty></info>
  <info><language>zh-CN</language><category>Met</category><event>暴雨</event><urgency>Immediate</urgency>
    <severity>{severity}</severity><certainty>Observed</certainty><senderName>省气象台</senderName>
    <headline>省气象台发布暴雨预警</headline><description>强降雨</description>
    <instruction>停止室外作业</instruction><area><areaDesc>临江县</areaDesc>{area}</area></info>
</alert>""".encode()


def test_a_message_of_cap_says_what_the_chinese_part_of_it_says() -> None:
    alert = cap.parse(message("2", "Update", references="weather@example,1,2026-11-22T13:00:00+08:00"))
    assert (alert.sender, alert.identifier, alert.message, alert.earlier) == (
        "weather@example", "2", "Update", ("1",),
    )  # fmt: skip
    assert (alert.severity, alert.urgency, alert.certainty) == ("Severe", "Immediate", "Observed")
    assert (alert.headline, alert.text) == ("省气象台发布暴雨预警", "强降雨\n停止室外作业")
    assert (alert.source_name, alert.is_weather, alert.is_test) == ("省气象台", True, False)
    assert alert.area.codes == ("42998100000000",)
    assert cap.parse(message(status="Exercise")).is_test


def test_a_spot_lies_in_a_ring_or_a_circle_or_outside_both() -> None:
    ring = "<polygon>30,110 30,111 31,111 31,110 30,110</polygon>"
    area = cap.parse(message(area=ring + "<circle>20,100 10</circle>")).area
    assert cap.holds(area, 110.5, 30.5)
    assert not cap.holds(area, 109.9, 30.5)
    assert cap.holds(area, 100.09, 20.0)
    assert not cap.holds(area, 100.11, 20.0)


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"", "alert"),
        (b"<alert/>", "alert"),
        (b"\xff\xfe<", "alert"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><alert>&b;</alert>', "alert"),
        (b"<a>" * 2000, "alert"),
        (message(status="Draft"), "alert.status"),
        (message(kind="Ack"), "alert.msgType"),
        (message(kind="Cancel"), "alert.references"),
        (message(area="<polygon>30,110 30,111</polygon>"), "alert.info.area.polygon"),
        (message(area="<circle>here 5</circle>"), "alert.info.area.circle"),
    ],
)
def test_what_is_no_such_message_is_refused_with_its_place(data: bytes, place: str) -> None:
    with pytest.raises(DomainError) as told:
        cap.parse(data)
    assert [found.place for found in told.value.fields] == [place]


def test_another_system_tells_updates_and_ends_with_its_key(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with serving(database) as server:
            await county.found(server.database)
            async with server.client("city") as owner, server.client() as machine:
                soon = (datetime.now(UTC) + timedelta(days=30)).isoformat()
                new = {"name": "气象", "expires_at": soon, "operations": ["external", "see"]}
                made = (await owner.post("/api/v1/api-keys", json=new)).json()
                machine.headers["authorization"] = f"Bearer {made['key']}"

                async def tell(path: str = "", status: int = 200, **changes: Any) -> Any:
                    answer = await machine.post(f"/api/v1/external-warnings{path}", json=changes)
                    assert answer.status_code == status, answer.text
                    return answer.json().get("items") or answer.json()

                [one] = await tell(**JSON)
                assert one["change"] == "opened"
                [again] = await tell(**JSON)
                assert again == one | {"change": "unchanged"}
                page = (await owner.get(f"/api/v1/warnings/{one['warning_id']}")).json()
                assert (page["level"], page["kind_name"]) == ("yellow", "气象预警")
                assert page["enterprise_id"] is None
                assert "CAP 等级对照表" in page["level_reason"]
                [worse] = await tell(**(JSON | {"severity": "Extreme", "title": "升级为红色"}))
                assert (worse["change"], worse["warning_id"]) == ("updated", one["warning_id"])
                page = (await owner.get(f"/api/v1/warnings/{one['warning_id']}")).json()
                assert (page["level"], page["title"]) == ("red", "升级为红色")
                who = {"sender": JSON["sender"], "identifier": JSON["identifier"]}
                [ended] = await tell("/end", **who, text="解除")
                assert ended["warning_id"] == one["warning_id"]
                page = (await owner.get(f"/api/v1/warnings/{one['warning_id']}")).json()
                assert page["condition"] == "clear"
                await tell("/end", 404, sender="nobody", identifier="x")
                told = await tell("", 400, **(JSON | {"identifier": "2", "regions": ["990000"]}))
                assert [found["place"] for found in told["fields"]] == ["regions"]

    asyncio.run(run())


def test_cap_is_taken_in_once_and_a_cancel_ends_it(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with serving(database) as server:
            await county.found(server.database)
            async with server.client("city") as owner, server.client("enterprise") as plant:

                async def post(data: bytes, who: Any = owner) -> Any:
                    return await who.post(
                        "/api/v1/external-warnings/cap",
                        content=data,
                        headers={"content-type": "application/cap+xml"},
                    )

                assert (await post(message(), plant)).status_code == 403
                [one] = (await post(message())).json()["items"]
                assert one["change"] == "opened"
                assert (await post(message())).json()["items"] == [one | {"change": "unchanged"}]
                earlier = "weather@example,1,2026-11-22T14:00:00+08:00"
                changed = message("2", "Update", severity="Extreme", references=earlier)
                [worse] = (await post(changed)).json()["items"]
                assert (worse["change"], worse["warning_id"]) == ("updated", one["warning_id"])
                rows = (await owner.get("/api/v1/external-warnings")).json()["items"]
                assert [(row["level"], row["kind"], row["source_name"]) for row in rows] == [
                    ("red", "weather", "省气象台"),
                ]
                earlier = "weather@example,2,2026-11-22T14:00:00+08:00"
                over = await post(message("3", "Cancel", references=earlier))
                assert [row["change"] for row in over.json()["items"]] == ["ended"]
                assert (await owner.get("/api/v1/external-warnings")).json()["items"] == []
                page = (await owner.get(f"/api/v1/warnings/{one['warning_id']}")).json()
                assert page["condition"] == "clear"
                # an exercise calls its own receivers alone
                [tried] = (await post(message("9", status="Exercise"))).json()["items"]
                assert (await owner.get(f"/api/v1/warnings/{tried['warning_id']}")).json()["is_test"]

    asyncio.run(run())


def test_what_is_told_ends_when_its_time_is_over(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with serving(database) as server:
            await county.found(server.database)
            async with server.client("city") as owner:
                soon = datetime.now(UTC) + timedelta(hours=1)
                told = JSON | {"expires_at": soon.isoformat()}
                answer = await owner.post("/api/v1/external-warnings", json=told)
                [one] = answer.json()["items"]

                async def later(_conn: object) -> datetime:
                    return soon + timedelta(seconds=1)

                assert await proposals_worker.step(server.database, later)
                assert not await proposals_worker.step(server.database, later)
                page = (await owner.get(f"/api/v1/warnings/{one['warning_id']}")).json()
                assert page["condition"] == "clear"
                past = JSON | {"identifier": "old", "expires_at": "2026-01-01T00:00:00+08:00"}
                answer = await owner.post("/api/v1/external-warnings", json=past)
                assert answer.json()["items"][0] == {
                    "owner_name": one["owner_name"], "change": "expired", "warning_id": None,
                }  # fmt: skip

    asyncio.run(run())
