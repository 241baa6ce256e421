"""Notices: to whom they go, who sees them and their replies, what is overdue, who is told."""

from __future__ import annotations

import tempfile
import uuid
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from central.warning import notices
from tests.central.warning.county import COUNTY, PLANT, TOWNSHIP
from tests.central.warning.test_warning_handling import brought, browser
from tests.central.warning.test_warning_routes import run

if TYPE_CHECKING:
    import httpx

    from central.db.pool import DatabaseUrls
    from tests.central.warning.county import County


def words(c: County, **changes: Any) -> dict[str, Any]:
    return {
        "title": "关于加强氯库管理的警示通报",
        "text": "近期多起泄漏，请逐项排查。",
        "key": str(uuid.uuid4()),
        "enterprise_ids": [PLANT],
        "agency_ids": [TOWNSHIP],
        "reply_by": (c.now + timedelta(days=2)).isoformat(),
        **changes,
    }


async def told(c: County, account: int) -> list[str]:
    rows = await c.fetch("SELECT title FROM message WHERE account_id = $1 AND kind = 'notice'", account)
    return [row["title"] for row in rows]


async def listed(client: httpx.AsyncClient, query: str = "") -> list[dict[str, Any]]:
    answer = await client.get(f"/notices{query}")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def test_a_notice_is_read_and_answered_and_each_sees_no_more_than_its_own(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("HH")
        with tempfile.TemporaryDirectory() as state:
            folder = Path(state)
            async with (
                browser(c, "county", folder) as county,
                browser(c, "enterprise", folder) as plant,
                browser(c, "elsewhere", folder) as elsewhere,
            ):
                plan, answer_file = await brought(county, "red"), await brought(plant, "green")
                new = words(c, warning_id=str(case), files=[plan])
                sent = await county.post("/notices", json=new)
                assert sent.status_code == 201, sent.text
                number = sent.json()["id"]
                # Sent again after a broken connection it is the same.
                assert (await county.post("/notices", json=new)).json()["id"] == number
                assert {one["name"] for one in sent.json()["receivers"]} == {
                    "临江清源水务有限公司",
                    "青石镇应急办",
                }
                assert await told(c, 4) == ["警示通报：关于加强氯库管理的警示通报"]

                assert await listed(elsewhere) == []
                assert (await elsewhere.get(f"/notices/{number}")).status_code == 404
                (row,) = await listed(plant, "?state=owed")
                assert (row["receivers"], row["owed"], row["unread"]) == (1, True, True)
                page = (await plant.get(f"/notices/{number}")).json()
                assert page["receivers"][0]["read_name"] == "安全员"
                assert (page["may_reply"], page["may_remind"]) == (True, False)
                shown = await plant.get(f"/notices/{number}/files/{plan['sha256']}")
                assert shown.headers["content-type"] == "image/jpeg"
                hidden = await elsewhere.get(f"/notices/{number}/files/{plan['sha256']}")
                assert hidden.status_code == 404

                reply = {"text": "已排查，整改 2 项。", "files": [answer_file]}
                done = await plant.post(f"/notices/{number}/reply", json=reply)
                assert done.status_code == 200, done.text
                assert (await plant.post(f"/notices/{number}/reply", json=reply)).status_code == 409
                assert await listed(plant, "?state=owed") == []
                page = (await county.get(f"/notices/{number}")).json()
                answers = {one["name"]: one["reply"] for one in page["receivers"]}
                assert answers == {"临江清源水务有限公司": "已排查，整改 2 项。", "青石镇应急办": ""}
                seen = await county.get(f"/notices/{number}/files/{answer_file['sha256']}")
                assert seen.status_code == 200
                assert await told(c, 2) == ["通报已有回复：关于加强氯库管理的警示通报"]
                (linked,) = await listed(county, f"?warning_id={case}&box=sent")
                assert (linked["seen"], linked["replied"], linked["warning_number"]) == (1, 1, "YJ00000001")
                # Nobody answers for somebody else.
                assert (
                    await county.post(f"/notices/{number}/reply", json={"text": "代答"})
                ).status_code == 403

    run(database, scenario)


def test_every_mistake_of_a_notice_is_named_and_nobody_writes_out_of_the_area(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        with tempfile.TemporaryDirectory() as state:
            async with (
                browser(c, "township", Path(state)) as town,
                browser(c, "enterprise", Path(state)) as plant,
            ):
                wrong = words(
                    c,
                    title=" ",
                    enterprise_ids=[2],
                    agency_ids=[COUNTY, TOWNSHIP],
                    reply_by=(c.now - timedelta(days=1)).isoformat(),
                    warning_id=str(uuid.uuid4()),
                )
                refused = await town.post("/notices", json=wrong)
                assert refused.status_code == 400
                places = [field["place"] for field in refused.json()["fields"]]
                assert places == [
                    "title", "enterprise_ids", "agency_ids", "agency_ids", "reply_by", "warning_id",
                ]  # fmt: skip
                nobody = await town.post("/notices", json=words(c, enterprise_ids=[], agency_ids=[]))
                assert nobody.status_code == 400
                assert (await plant.post("/notices", json=words(c))).status_code == 403
                assert await c.fetch("SELECT FROM notice") == []

    run(database, scenario)


def test_who_is_late_is_listed_told_once_and_reminded_not_too_often(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        with tempfile.TemporaryDirectory() as state:
            async with (
                browser(c, "county", Path(state)) as county,
                browser(c, "township", Path(state)) as town,
            ):
                number = (await county.post("/notices", json=words(c))).json()["id"]
                assert await notices.tell_overdue(c.db) == 0
                assert (await town.post(f"/notices/{number}/remind")).status_code == 403
                assert (await county.post(f"/notices/{number}/remind")).json() == {"reminded": 2}
                assert (await county.post(f"/notices/{number}/remind")).status_code == 409
                assert await listed(county, "?state=overdue") == []

                await c.execute("UPDATE notice SET sent_at = now() - interval '9 days',"
                                " reply_by = now() - interval '1 day'")  # fmt: skip
                assert await notices.tell_overdue(c.db) == 2
                assert await notices.tell_overdue(c.db) == 0
                assert await told(c, 4) == ["回复已逾期：关于加强氯库管理的警示通报"]
                assert await told(c, 2) == ["通报逾期未回复：关于加强氯库管理的警示通报"]
                (row,) = await listed(county, "?state=overdue")
                assert (row["overdue"], row["receivers"]) == (2, 2)
                page = (await county.get(f"/notices/{number}")).json()
                assert [one["overdue"] for one in page["receivers"]] == [True, True]
                assert [one["reminders"] for one in page["receivers"]] == [1, 1]

    run(database, scenario)
