"""Departments, posts and staff over HTTP, of an agency and of an enterprise."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tests.central import county
from tests.central.organisation.test_agencies_http import drop, places
from tests.central.serving import serving

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls

API = "/api/v1"


def test_an_enterprise_keeps_its_departments_and_people_and_nobody_elses(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with serving(database) as server:
            await county.found(server.database)
            async with server.client("enterprise") as client:
                check = (await client.get(f"{API}/organisation-check")).json()
                assert check["checked_at"] is None
                assert len(check["missing"]) == 2
                assert (await client.post(f"{API}/organisation-check")).status_code == 409

                safety = await client.post(
                    f"{API}/departments", json={"name": "安全部", "duties": "隐患治理"}
                )
                assert safety.status_code == 201, safety.text
                department = safety.json()
                assert department["enterprise_id"] == 1
                below = (
                    await client.post(
                        f"{API}/departments", json={"name": "一班", "parent_id": department["id"]}
                    )
                ).json()
                post = (await client.post(f"{API}/posts", json={"name": "安全总监"})).json()
                me = (await client.get(f"{API}/accounts")).json()["items"][0]
                person = await client.post(
                    f"{API}/staff",
                    json={
                        "name": "周海宁",
                        "department_id": department["id"],
                        "post_id": post["id"],
                        "account_id": me["id"],
                        "phone": "19900000001",
                        "email": "zhou@example.com",
                    },
                )
                assert person.status_code == 201, person.text
                staff = person.json()
                assert (staff["department_name"], staff["post_name"], staff["login"]) == (
                    "安全部", "安全总监", "enterprise",
                )  # fmt: skip

                # A head, a loop, a wrong mail address, somebody else's department, the same account twice.
                form = {"name": "安全部", "head_id": staff["id"]}
                head = {"if-match": safety.headers["etag"]}
                changed = await client.put(f"{API}/departments/{department['id']}", json=form, headers=head)
                assert changed.json()["head_name"] == "周海宁"
                late = await client.put(f"{API}/departments/{department['id']}", json=form, headers=head)
                assert late.status_code == 412
                loop = await client.put(
                    f"{API}/departments/{department['id']}",
                    json=form | {"parent_id": below["id"], "head_id": 99},
                    headers={"if-match": changed.headers["etag"]},
                )
                assert places(loop.json()) == {"parent_id", "head_id"}
                wrong = await client.post(
                    f"{API}/staff", json={"name": "", "email": "no mail", "phone": "x", "sequence": -1}
                )
                assert places(wrong.json()) == {"name", "email", "phone", "sequence"}
                foreign = await client.post(
                    f"{API}/staff", json={"name": "甲", "department_id": 99, "post_id": 99, "account_id": 1}
                )
                assert places(foreign.json()) == {"department_id", "post_id", "account_id"}
                again = await client.post(f"{API}/staff", json={"name": "乙", "account_id": me["id"]})
                assert again.status_code == 409
                assert places(again.json()) == {"account_id"}
                abroad = await client.post(f"{API}/departments", json={"name": "外", "enterprise_id": 3})
                assert places(abroad.json()) == {"enterprise_id"}

                # What is in use says by whom.
                for path, word in (
                    (f"departments/{department['id']}", "1 名人员、1 个下级科室"),
                    (f"posts/{post['id']}", "1 名人员"),
                    (f"staff/{staff['id']}", "安全部的负责人"),
                ):
                    refused = await drop(client, f"{API}/{path}")
                    assert refused.status_code == 409
                    assert word in refused.json()["detail"]
                # Every room has a head and every person a room: now it counts.
                assert (await drop(client, f"{API}/departments/{below['id']}")).status_code == 204
                done = await client.post(f"{API}/organisation-check")
                assert done.status_code == 200, done.text
                assert done.json()["checked_by"] == "enterprise甲"

            async with server.client("county") as client:
                seen = (await client.get(f"{API}/staff?q=周")).json()["items"]
                assert [(row["owner_name"], row["name"], row["phone"]) for row in seen] == [
                    ("企业E1", "周**", "199****0001")
                ]
                # What came masked goes back masked and means: unchanged; no other asterisk is taken.
                one = await client.get(f"{API}/staff/{staff['id']}")
                form = {
                    key: one.json()[key]
                    for key in ("name", "phone", "email", "department_id", "post_id", "account_id")
                }
                head = {"if-match": one.headers["etag"]}
                where = f"{API}/staff/{staff['id']}"
                wrong = await client.put(where, json=form | {"phone": "138****0000"}, headers=head)
                assert places(wrong.json()) == {"phone"}
                kept = await client.put(where, json=form | {"duties": "联系人"}, headers=head)
                assert kept.status_code == 200, kept.text
                whole = await client.post(f"{API}/personal/staff/{staff['id']}", json={"reason": "核实隐患"})
                assert (whole.json()["name"], whole.json()["phone"]) == ("周海宁", "19900000001")
                assert (await client.get(f"{API}/staff?q=1990000")).json()["items"] == []
                assert len((await client.get(f"{API}/staff?q=19900000001")).json()["items"]) == 1
                office = await client.post(f"{API}/departments", json={"name": "危化科"})
                assert office.json()["agency_id"] == 2
                rooms = (await client.get(f"{API}/departments?enterprise_id=1")).json()["items"]
                assert [row["head_name"] for row in rooms] == ["周**"]
                kept = await client.get(f"{API}/organisation-check?enterprise_id=1")
                assert kept.json()["people"] == 1
                assert (await client.get(f"{API}/organisation-check?enterprise_id=3")).status_code == 404
                for bad in (
                    {"name": "双", "agency_id": 2, "enterprise_id": 1},
                    {"name": "上", "agency_id": 1},
                ):
                    assert places((await client.post(f"{API}/posts", json=bad)).json()) == {"agency_id"}
            # The next township and the county's own office are out of sight for the enterprise.
            async with server.client("enterprise") as client:
                rows = (await client.get(f"{API}/departments")).json()["items"]
                assert [row["name"] for row in rows] == ["安全部"]
                assert (await client.get(f"{API}/departments/{office.json()['id']}")).status_code == 404

    asyncio.run(run())
