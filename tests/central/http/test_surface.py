"""What every answer of the centre has in common."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import pytest

from central.db.errors import DomainError
from central.http import console
from central.http.paging import page, read_cursor, write_cursor
from central.http.tags import read_tag, write_tag
from tests.central import county
from tests.central.serving import serving

if TYPE_CHECKING:
    from pathlib import Path

    from central.db.pool import DatabaseUrls

SOME = {
    "warning_id": "00000000-0000-0000-0000-000000000000",
    "proposal_id": "1",
    "device_id": "1",
    "device_fault_id": "1",
    "offline_report_id": "1",
    "resource_minimum_id": "1",
    "notice_id": "1",
    "gateway_id": "gw-1",
    "enterprise_id": "1",
    "application_id": "1",
    "batch_id": "1",
    "removal_id": "1",
    "point_id": "1",
    "version": "1",
    "code_id": "1",
    "tape_id": "1",
    "agency_id": "1",
    "department_id": "1",
    "post_id": "1",
    "staff_id": "1",
    "unit_id": "1",
    "intermediary_id": "1",
    "format_id": "1",
    "region_code": "42",
    "move_id": "1",
    "reorganisation_id": "1",
    "account_id": "1",
    "audit_id": "1",
    "kind": "enterprise-contact",
    "record_id": "1",
    "register_name": "certificates",
    "dictionary_name": "supply-type",
    "entry_code": "other",
    "key_id": "1",
    "request_id": "1",
    "session_id": "0123456789abcdef",
    "role_code": "county",
    "sector_code": "mine",
    "import_id": "1",
    "sha256": "0" * 64,
    "token": "x",
    "upload_id": "0" * 32,
    "table_id": "1",
    "draft_id": "1",
    "window_id": "1",
    "model_id": "1",
    "rule_id": "1",
    "threshold_id": "1",
}

OPEN = (
    "/session",
    "/session/ways",
    "/session/captcha",
    "/session/oidc/start",
    "/session/oidc/return",
    "/recovery-requests",
    "/enterprise-applications",
    "/enterprise-applications/choices",
    "/enterprise-applications/outcome",
    "/sms/receipt",
    "/enrolment",
    "/enrolment/",
    "/enrolment/ca",
    "/enrolment/renewal",
    "/codes/{token}",
)


def test_every_answer_forbids_what_browsers_must_not_do(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with serving(database) as server, server.client() as client:
            numbers = set()
            for path in ("/", "/health/live", "/api/v1/session", "/api/v1/none", "/schema/openapi.json"):
                answer = await client.get(path)
                assert "frame-ancestors 'none'" in answer.headers["content-security-policy"], path
                assert answer.headers["x-content-type-options"] == "nosniff"
                numbers.add(answer.headers["x-request-id"])
            assert len(numbers) == 5
            assert (await client.get("/api/v1/session")).headers["cache-control"] == "no-store"

    asyncio.run(run())


def test_every_operation_has_a_name_of_its_own_and_every_refusal_is_a_problem(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with serving(database) as server, server.client() as client:
            document = (await client.get("/schema/openapi.json")).json()
            assert document["openapi"].startswith("3.1")
            names = [
                operation["operationId"]
                for path in document["paths"].values()
                for method, operation in path.items()
                if method in {"get", "post", "put", "patch", "delete"}
            ]
            assert len(names) == len(set(names)) >= 15
            # Without a session nothing under /api answers but signing in, the provider's receipt, and a
            # gateway that shows its code or its signature.
            for path, methods in document["paths"].items():
                for method in methods:
                    if not path.startswith("/api/") or path.endswith(OPEN):
                        continue
                    target = re.sub(r"\{(\w+)[^}]*\}", lambda match: SOME[match[1]], path)
                    answer = await client.request(method, target)
                    assert answer.status_code == 401, (method, target, answer.status_code)
                    assert answer.headers["content-type"] == "application/problem+json"
                    assert set(answer.json()) >= {"type", "title", "status", "detail", "fields"}

    asyncio.run(run())


def test_values_that_no_column_holds_are_refused_and_break_nothing(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with serving(database) as server:
            await county.found(server.database)
            async with server.client("county") as client:
                for path in (
                    "enterprises/99999999999999999999", "enterprises/-1", "enterprises/0",
                    "enterprises?q=%00", "enterprises?limit=501", "enterprises?sort=x",
                    "enterprises?cursor=%FF", "enterprises?cursor=W10", "points?cursor=x", "warnings/0",
                    "gateways/%00",
                ):  # fmt: skip
                    answer = await client.get(f"/api/v1/{path}")
                    assert answer.status_code in {400, 404}, (path, answer.status_code, answer.text)
                    assert answer.headers["content-type"] == "application/problem+json"

    asyncio.run(run())


def test_the_console_is_served_with_its_pages_and_nothing_beside_it(
    database: DatabaseUrls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dist = tmp_path / "dist"
    (dist / "assets").mkdir(parents=True)
    (dist / "index.html").write_text("<title>烽燧</title>")
    (dist / "assets" / "app-1a2b.js").write_text("let a")
    (tmp_path / "secret.txt").write_text("secret")
    monkeypatch.setattr(console, "DIST", dist)

    async def run() -> None:
        async with serving(database) as server, server.client() as client:
            for path in ("/", "/warnings", "/warnings/1/x", "/login?next=%2F", "/c/damaged.code"):
                answer = await client.get(path)
                assert "烽燧" in answer.text
                assert answer.headers["content-type"].startswith("text/html")
                assert answer.headers["cache-control"] == "no-cache"
            answer = await client.get("/assets/app-1a2b.js")
            assert answer.text == "let a"
            assert "immutable" in answer.headers["cache-control"]
            for path in (
                "/assets/none.js",
                "/..%2fsecret.txt",
                "/assets/%2e%2e/%2e%2e/secret.txt",
                "/a%00b.js",
            ):
                assert (await client.get(path)).status_code == 404, path
            assert (await client.get("/api/v1/none")).status_code == 404
            (dist / "index.html").unlink()
            assert "make console" in (await client.get("/")).text

    asyncio.run(run())


def test_metrics_are_there_for_prometheus(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with serving(database) as server, server.client() as client:
            await client.get("/health/live")
            assert "fengsui_requests_total" in (await client.get("/metrics")).text

    asyncio.run(run())


def test_a_cursor_comes_back_as_it_went_and_others_are_refused() -> None:
    assert read_cursor(write_cursor(3, "名"), int, str) == (3, "名")
    assert read_cursor(None, int, str) == (None, None)
    assert read_cursor("", int) == (None,)
    for wrong in ("x", "W10", write_cursor("3", "名"), write_cursor(3), "%%%", "é"):
        with pytest.raises(DomainError):
            read_cursor(wrong, int, str)


def test_a_page_ends_where_its_cursor_says() -> None:
    assert page([1, 2, 3], 3, key=lambda n: (n,)) == ([1, 2, 3], None)
    rows, cursor = page([1, 2, 3, 4], 3, key=lambda n: (n,))
    assert rows == [1, 2, 3]
    assert read_cursor(cursor, int) == (3,)


def test_a_tag_is_read_as_written_and_missed_when_absent() -> None:
    assert read_tag(write_tag(7)) == "7"
    assert read_tag('W/"7"') == "7"
    with pytest.raises(DomainError) as caught:
        read_tag(None)
    assert caught.value.http_status == 428
