"""Records survive what they meet: filters of any value, cursors of anybody, declarations that changed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from central.db.pool import connect
from central.http.paging import write_cursor
from central.registry.forms.register import catalogue, fields_of
from tests.central.registry.made import made
from tests.central.registry.test_cycle import office
from tests.central.walk import with_parameters

if TYPE_CHECKING:
    from pathlib import Path

    from central.db.pool import DatabaseUrls

BASE = "/api/v1/registers"
CERTIFICATES = f"{BASE}/certificates"
# What nobody types and programs send.
VALUES = ("9" * 400, "1e400", "nan", "9223372036854775808", "\0", "\U0010ffff", "2026-02-30")
KEYS: list[tuple[object, ...]] = [
    (10**30, 1), (1, 10**30), ("\0", 1), ("x", -(2**63) - 1), (None, None), ("2026-01-01T00:00:00", 1),
    ("9999-12-31T23:59:59Z", 1), (1e308, 1), (True, 1), ([], 1), (), (1,), ("0001-01-01", 1),
]  # fmt: skip
RANGED = {"number", "whole", "day", "span"}
TYPED = {"number", "whole", "day", "span", "yes-no", "choice", "choices", "link", "text", "spot"}


def test_no_value_of_a_filter_a_sort_or_a_cursor_breaks_a_list(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    async def run() -> None:
        async with office(database, tmp_path) as (_, clients, _numbers):
            plant = clients["enterprise"]

            async def asked(base: str, **query: str) -> None:
                given, _ = await plant.asked("GET", with_parameters(base, query))
                assert given in {200, 400}, (base, query, given)

            by_kind = {
                bound.field.kind: (f"{BASE}/{register.name}", f"values.{bound.name}")
                for register in catalogue().values()
                for bound in fields_of(register.record)
                if bound.name in register.filters
            }
            assert set(by_kind) <= TYPED
            for kind, (base, name) in by_kind.items():
                for value in VALUES:
                    await asked(base, **{f"{name}{'.from' * (kind in RANGED)}": value})
            for name in ("limit", "enterprise_id", "region", "sort", "q", "as_of", "cursor"):
                for value in VALUES:
                    await asked(CERTIFICATES, **{name: value})
            for key in KEYS:
                for sort in ("id", "-changed_at", "values.valid"):
                    await asked(CERTIFICATES, sort=sort, cursor=write_cursor(*key))
            await asked(f"{CERTIFICATES}/counts", by="\0")
            await asked("/api/v1/codes", register="shelters", q="\0")
            refused = await plant("GET", f"{BASE}/shelters?values.capacity={'9' * 400}", 400)
            assert [field["place"] for field in refused["fields"]] == ["values.capacity"]

    asyncio.run(run())


def test_a_record_of_a_former_declaration_is_read_listed_taken_away_and_filled_in_anew(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    async def run() -> None:
        async with office(database, tmp_path) as (_, clients, _numbers):
            plant, town = clients["enterprise"], clients["township"]
            values = made(catalogue()["certificates"], full=False)
            values |= {"issuer": "发证机关"}
            record = await plant("POST", CERTIFICATES, 201, {"values": values})
            one = f"{CERTIFICATES}/{record['id']}"
            # It once had an emergency phone, a validity in words, a list of teams and one file by its name.
            former = {
                "emergency_phone": "13800012345", "valid": "长期有效", "pictures": "证书.jpg",
                "issuer": ["某局"],
            }  # fmt: skip
            conn = await connect(database.admin)
            await conn.execute("UPDATE reg_certificates SET payload = payload || $1, state = 'valid'", former)
            await conn.execute("UPDATE reg_certificates SET counted = payload")
            await conn.close()
            own = await plant("GET", one, 200)
            assert not set(own["values"]) & set(former)
            assert {line["title"]: line["text"] for line in own["given"]} == {
                "emergency_phone（原填内容）": "13800012345", "有效期（原填内容）": "长期有效",
                "证书图片（原填内容）": "证书.jpg", "发证机关（原填内容）": '["某局"]',
            }  # fmt: skip
            # Others are told nothing that no field of today says how to mask.
            told = [await town("GET", target, 200) for target in (one, CERTIFICATES, f"{one}/history")]
            assert "13800012345" not in str(told)
            assert told[0]["given"] == []
            for client in (plant, town):
                for name in ("export.csv", "export.xlsx"):
                    status, text = await client.asked("GET", f"{CERTIFICATES}/{name}")
                    assert (status, b"13800012345" in text) == (200, False)
            # What came back as it was shown is taken; what is required is asked anew.
            again = await plant("PUT", one, 200, {"values": own["values"]}, tag=1)
            refused = await plant("POST", f"{one}/submit", 400, tag=again["version"])
            assert {field["place"] for field in refused["fields"]} == {"values.valid"}
            whole = {**own["values"], "valid": values["valid"]}
            done = await plant("PUT", one, 200, {"values": whole, "submit": True}, tag=again["version"])
            assert (done["state"], done["given"]) == ("valid", [])
            steps = str((await plant("GET", f"{one}/history", 200))["items"])
            assert "13800012345" in steps
            assert "13800012345" not in str(await town("GET", f"{one}/history", 200))

    asyncio.run(run())


def test_what_one_submitted_waits_for_another(database: DatabaseUrls, tmp_path: Path) -> None:
    async def run() -> None:
        async with office(database, tmp_path) as (_, clients, numbers):
            county, city = clients["county"], clients["city"]
            name = "production-stops"
            body = {"enterprise_id": numbers["E1"], "values": made(catalogue()[name]), "submit": True}
            sent = await county("POST", f"{BASE}/{name}", 201, body)
            assert sent["may"]["review"] is False
            for client, count in ((county, 0), (city, 1)):
                items = (await client("GET", "/api/v1/register-counts", 200))["items"]
                assert next(item for item in items if item["name"] == name)["to_review"] == count
                waiting = await client("GET", "/api/v1/records-waiting?state=submitted", 200)
                assert len(waiting["items"]) == count
            one = f"{BASE}/{name}/{sent['id']}"
            said = await county("POST", f"{one}/review", 403, {"approve": True}, tag=1)
            assert "上级监管机构" in said["detail"]
            assert (await city("GET", one, 200))["may"]["review"] is True
            await city("POST", f"{one}/review", 200, {"approve": True}, tag=1)

    asyncio.run(run())
