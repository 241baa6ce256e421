"""Personal data is masked in every answer, and shown in full to whoever asks by name, which is written."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import pytest

from central.db.pool import connect
from central.identity import masking
from tests.central import county
from tests.central.audit.test_reading import keepers
from tests.central.http.test_surface import SOME
from tests.central.serving import serving

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls

CONTACT, OFFICIAL, OWN = "13812345678", "13911112222", "13700001111"
SCENE = f"""
UPDATE enterprise SET contact_name = '张三丰', contact_phone = '{CONTACT}';
UPDATE account SET phone = '{OFFICIAL}', phone_verified_at = now() WHERE login IN ('county', 'inspector');
INSERT INTO gateway (id, enterprise_id, name, public_key, created_at)
SELECT 'gw-' || lower(code), id, name, sha256(code::bytea), now() FROM enterprise;
INSERT INTO warning (id, kind, subject_type, subject_id, side, is_test, enterprise_id, gateway_id,
                     title, subject_name, level, policy, level_reason, occurrence, raised_at, received_at,
                     updated_at)
SELECT gen_random_uuid(), 'alarm', 'point', g.id, 'high', false, g.enterprise_id, g.id, g.name, g.name,
       4, '{{"name": "p", "level": 4, "version": 1, "region": "", "handling_s": 60, "repeat_s": 60,
            "steps": [{{"delay_s": 0, "rank": 0, "channels": ["app"]}}]}}',
       g.name, '1', now(), now(), now() FROM gateway AS g;
INSERT INTO notification (id, warning_id, level, round, step, person, channel, account_id, person_name,
                          address, text, state, created_at, ended_at)
SELECT gen_random_uuid(), w.id, 4, 1, 0, 'account:' || a.id, 'sms', a.id, a.display_name, a.phone,
       '请联系张三丰 {CONTACT}', 'delivered', now(), now()
FROM warning AS w, account AS a WHERE a.login = 'county';
"""


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13812345678", "138****5678"), (" 13812345678 ", "138****5678"), ("027-87654321", "027*****4321"),
        ("+8613812345678", "+86*******5678"), ("8765432", "876*5432"), ("119", "*19"), ("12", "**"), ("", ""),
    ],
)  # fmt: skip
def test_of_a_number_the_middle_is_hidden(number: str, shown: str) -> None:
    assert masking.phone(number) == shown


@pytest.mark.parametrize(
    ("full", "shown"),
    [
        ("张三", "张*"), ("张三丰", "张**"), ("欧阳锋", "欧阳*"), ("欧阳", "欧*"), ("李", "李*"), ("", ""),
        ("John Smith", "J**"),
    ],
)  # fmt: skip
def test_of_a_name_the_first_name_is_hidden(full: str, shown: str) -> None:
    assert masking.name(full) == shown


def test_of_an_identity_card_two_characters_stay_at_each_end() -> None:
    assert masking.identity_number("42010219900101123X") == "42**************3X"
    assert masking.identity_number("1234") == "****"


def test_a_record_is_masked_at_any_depth_by_the_names_of_its_fields() -> None:
    record = {
        "contact_phone": CONTACT, "phone": None, "people": [{"mobile": CONTACT, "contact_name": "张三"}],
        "note": f"打 {CONTACT}", "number": 5, "code": "138123456789", "id_card": "42010219900101123X",
    }  # fmt: skip
    assert masking.record(record) == {
        "contact_phone": "138****5678", "phone": None,
        "people": [{"mobile": "138****5678", "contact_name": "张*"}], "note": "打 138****5678", "number": 5,
        "code": "138123456789", "id_card": "42**************3X",
    }  # fmt: skip


def test_no_answer_holds_a_number_in_full_but_ones_own(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with serving(database) as server:
            await county.found(server.database)
            await keepers(server.database)
            admin = await connect(database.admin)
            try:
                await admin.execute(SCENE)
                places = {
                    "enterprise_id": await admin.fetchval(
                        "SELECT id::text FROM enterprise WHERE code = 'E10'"
                    ),
                    "gateway_id": "gw-e10",
                    "warning_id": await admin.fetchval(
                        "SELECT w.id::text FROM warning AS w JOIN enterprise AS e ON e.id = w.enterprise_id "
                        "WHERE e.code = 'E10'"
                    ),
                    "audit_id": await admin.fetchval(
                        "SELECT max(id)::text FROM audit WHERE subject_type = 'enterprise'"
                    ),
                    "account_id": await admin.fetchval(
                        "SELECT id::text FROM account WHERE login = 'inspector'"
                    ),
                }
            finally:
                await admin.close()
            asked = 0
            for role in ("county", "township", "enterprise", "inspector", "auditor"):
                async with server.client(role) as client:
                    document = (await client.get("/schema/openapi.json")).json()
                    for path, methods in document["paths"].items():
                        if "get" not in methods or not path.startswith("/api/v1/") or path == "/api/v1/live":
                            continue
                        target = re.sub(
                            r"\{(\w+)[^}]*\}",
                            lambda found: places.get(found[1]) or SOME.get(found[1], "1"),
                            path,
                        )
                        answer = await client.get(target, params={"limit": 500})
                        asked += answer.status_code == 200
                        text = answer.text
                        own = {"county": OFFICIAL, "inspector": OFFICIAL, "enterprise": CONTACT}.get(role, "")
                        for number in (CONTACT, OFFICIAL):
                            mine = number == own or path in {"/api/v1/profile", "/api/v1/session"}
                            assert mine or number not in text, (role, target, number)
            assert asked > 25

    asyncio.run(run())


def test_a_number_is_shown_one_by_one_with_a_reason_and_to_a_plant_in_need_at_once(
    database: DatabaseUrls,
) -> None:
    async def run() -> None:
        async with serving(database) as server:
            await county.found(server.database)
            admin = await connect(database.admin)
            try:
                await admin.execute(SCENE)
                places = await admin.fetch(
                    "SELECT id FROM enterprise WHERE code IN ('E1', 'E3') ORDER BY code"
                )
                e1, e3 = (row["id"] for row in places)
                call_row = await admin.fetchrow(
                    "SELECT w.id, n.id FROM warning AS w JOIN notification AS n ON n.warning_id = w.id "
                    "WHERE w.enterprise_id = $1", e1,
                )  # fmt: skip
                assert call_row is not None
                warning, call = call_row
            finally:
                await admin.close()
            async with server.client("township") as client:
                contact = f"/api/v1/personal/enterprise-contact/{e1}"
                refused = await client.post(contact, json={"reason": " "})
                assert refused.status_code == 400
                assert refused.json()["fields"][0]["place"] == "reason"
                shown = await client.post(contact, json={"reason": "核实整改联系人"})
                assert shown.json() == {"name": "张三丰", "phone": CONTACT, "identity_number": ""}
                urgent = await client.post(f"/api/v1/personal/warning-contact/{warning}", json={})
                assert urgent.json()["phone"] == CONTACT
                called = await client.post(f"/api/v1/personal/message/{call}", json={"reason": "核对号码"})
                assert called.json()["phone"] == OFFICIAL
                for foreign in (
                    f"enterprise-contact/{e3}", "enterprise-contact/x", "warning-contact/x", "message/x",
                    "secret/1",
                ):  # fmt: skip
                    answer = await client.post(f"/api/v1/personal/{foreign}", json={"reason": "看看看"})
                    assert answer.status_code == 404, foreign
                log = (await client.get(f"/api/v1/enterprises/{e1}")).json()
                assert (log["contact_name"], log["contact_phone"]) == ("张**", "138****5678")
            async with server.client("county") as client:
                page = (await client.get("/api/v1/message-log", params={"receiver": "county"})).json()
                assert {row["number"] for row in page["items"]} == {OFFICIAL}  # the own
                assert "138****5678" in page["items"][0]["text"]
                found = (await client.get("/api/v1/message-log", params={"state": "failed"})).json()
                assert found["items"] == []
            async with server.client("inspector") as client:
                assert (await client.post(contact, json={"reason": "核实整改"})).status_code == 403
                assert (await client.get("/api/v1/message-log")).status_code == 403
            async with server.client("enterprise") as client:
                log = (await client.get(f"/api/v1/enterprises/{e1}")).json()
                assert log["contact_phone"] == CONTACT
            views = await server.database.worker.fetch(
                "SELECT subject_type, reason FROM audit WHERE action = 'view-personal' ORDER BY id"
            )
            assert [tuple(row) for row in views] == [
                ("enterprise-contact", "核实整改联系人"), ("warning-contact", ""), ("message", "核对号码"),
            ]  # fmt: skip

    asyncio.run(run())
