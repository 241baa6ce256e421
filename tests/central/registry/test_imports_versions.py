"""What was taken away and comes back later: what changed meanwhile is told and refused, the rest goes in."""

from __future__ import annotations

import asyncio
import csv
import io
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook  # type: ignore[import-untyped]

from central.registry.forms.register import catalogue
from central.registry.sheets import layout, versions
from tests.central.registry.test_imports import counts, ended, imported, offices, sent
from tests.central.sheets import HEADS, certificate, sheet_of

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls
    from tests.central.serving import Served

SHEET = layout.laid_out(catalogue()["certificates"])
HOLDER, NUMBER = HEADS[1].lstrip("*"), HEADS[5].lstrip("*")


def edited(content: bytes, changes: dict[str, dict[str, str]]) -> bytes:
    """An exported CSV with other words in some cells, by the number of the certificate."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    heads = [head.lstrip("*") for head in rows[0]]
    for row in rows[1:]:
        for column, word in changes.get(row[heads.index(NUMBER)], {}).items():
            row[heads.index(column)] = word
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue().encode()


async def held(server: Served) -> dict[str, tuple[int, str]]:
    rows = await server.database.worker.fetch(
        "SELECT f_number AS number, version, payload ->> 'holder' AS holder FROM reg_certificates"
    )
    return {row["number"]: (row["version"], row["holder"]) for row in rows}


def test_rows_whose_records_changed_since_the_export_are_refused_until_told_otherwise(
    database: DatabaseUrls,
) -> None:
    async def run() -> None:
        async with offices(database) as (server, official, _):
            content = sheet_of(HEADS, *(certificate(f"A-{n}", n) for n in range(4)))
            await imported(server, official, "certificates", content)
            taken = (await official.get("/api/v1/registers/certificates/export.csv")).content
            # Meanwhile somebody else has three of them: in another field, A-3 alike.
            other = edited(
                taken, {"A-1": {HOLDER: "李别人"}, "A-2": {HOLDER: "李别人"}, "A-3": {HOLDER: "同名"}}
            )
            assert counts(await imported(server, official, "certificates", other, name="o.csv"))[2] == 3
            before = await held(server)

            # are edited here too, A-2 is as it was taken away, A-3 says what it says by now.
            mine = edited(
                taken, {"A-0": {HOLDER: "王我的"}, "A-1": {HOLDER: "王我的"}, "A-3": {HOLDER: "同名"}}
            )
            job = await sent(official, "certificates", mine, name="m.csv")
            job = await ended(server, official, job["id"])
            assert (counts(job), job["outdated"], job["may_run"]) == ((4, 0, 1, 2, 1), 1, True)
            (told,) = job["problems"]
            assert told["column"] == layout.VERSION
            assert f"{HOLDER}：您填“王我的”，现为“李别人”" in told["problem"]
            assert "修改" in told["problem"]
            assert "版本改为 2" in told["remedy"]
            assert await held(server) == before

            report = await official.get(f"/api/v1/imports/{job['id']}/report.xlsx")
            page = load_workbook(io.BytesIO(report.content)).worksheets[0]
            heads = [cell.value for cell in page[2]]
            assert str(page.cell(3, heads.index(layout.VERSION) + 1).value) == "1"

            # As it is, the one row stays out; told otherwise it goes in, and nothing else with it.
            job = (await official.post(f"/api/v1/imports/{job['id']}/run")).json()
            job = await ended(server, official, job["id"])
            assert counts(job) == (4, 0, 1, 2, 1)
            assert {number: holder for number, (_, holder) in (await held(server)).items()} == {
                "A-0": "王我的", "A-1": "李别人", "A-2": "李别人", "A-3": "同名",
            }  # fmt: skip
            job = await imported(server, official, "certificates", mine, name="m.csv", overwrite=True)
            assert (counts(job), job["outdated"]) == ((4, 0, 1, 3, 0), 0)
            assert {number: holder for number, (_, holder) in (await held(server)).items()} == {
                "A-0": "王我的", "A-1": "王我的", "A-2": "李别人", "A-3": "同名",
            }  # fmt: skip

    asyncio.run(run())


def test_versions_that_are_none_are_told(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with offices(database) as (server, official, _):
            words = {"A-0": "x", "A-1": "-1", "A-2": "1.5", "A-3": "99999999999", "A-4": "", "A-5": "1"}
            content = sheet_of(HEADS, *(certificate(number, n) for n, number in enumerate(words)))
            await imported(server, official, "certificates", content)
            taken = (await official.get("/api/v1/registers/certificates/export.csv")).content
            wrong = edited(taken, {number: {layout.VERSION: word} for number, word in words.items()})
            job = await imported(server, official, "certificates", wrong, name="w.csv")
            assert counts(job) == (6, 0, 0, 2, 4)
            assert {problem["column"] for problem in job["problems"]} == {layout.VERSION}

    asyncio.run(run())


WORDS = st.sampled_from(["甲", "乙", "丙"])


@given(WORDS, WORDS, WORDS, WORDS, WORDS, WORDS)
def test_who_changes_nothing_undoes_nothing(a: str, b: str, c: str, d: str, e: str, f: str) -> None:
    def row(holder: str, issuer: str) -> dict[str, Any]:
        return {"holder": holder, "number": issuer}

    found = versions.compared(
        SHEET, [["holder"], ["number"]], row(a, b), row(c, d), row(e, f), {}
    )  # fmt: skip
    assert (["holder"] in found.yours) == (e not in {a, c})
    assert (["number"] in found.yours) == (f not in {b, d})
    assert (["holder"] in found.theirs) == (a != c)
    assert (["number"] in found.theirs) == (b != d)
    # What nobody knows the beginning of is refused wherever it differs.
    blind = versions.compared(SHEET, [["holder"], ["number"]], None, row(c, d), row(e, f), {})
    assert bool(blind.yours) == bool(blind.theirs) == (row(c, d) != row(e, f))
