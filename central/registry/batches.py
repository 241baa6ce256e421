"""Enterprises from a file of the market registration: every row checked first, then made in bounded parts.

A part is one transaction of at most `CHUNK` rows: a break loses nothing, the next call goes on, and a file
that is given again finds its enterprises there. REG-31.
"""

from __future__ import annotations

import asyncio
import csv
import io
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import msgspec
from msgspec import Struct, to_builtins

from central import clock
from central.db.errors import DomainError, FieldProblem, NotFoundError
from central.db.queries import load
from central.organisation.faults import in_words
from central.organisation.rules import area_covered
from central.registry import batch_reading, life, registration
from central.registry.batch_rules import Known, judge
from central.registry.rules import credit_code_problem
from central.registry.sheets import child, limits

if TYPE_CHECKING:
    from central.db.pool import Connection
    from central.identity.models import Person
    from central.registry.batch_reading import Line
    from central.registry.sheets.apart import Apart

Q = load(__file__, "queries_batches.sql")
CHUNK: Final = 500
_BREATH: Final = 200  # rows after which others of this process have their turn
_TITLES: Final = {
    "credit_code": "统一社会信用代码", "name": "企业名称", "region": "所在区划", "sector": "监管领域",
    "status": "企业状态", "contact_phone": "联系电话", "hazard_class": "重大危险源等级",
}  # fmt: skip
_OUTCOMES: Final = {"good": "可登记", "existing": "已登记，未改动", "bad": "有错误，未登记", "made": "已登记"}


class Batch(Struct, frozen=True, kw_only=True):
    """A file. `state`: checked, running, done. Rows: good (to be made), made, existing, bad."""

    id: int
    name: str
    state: str
    made_at: datetime
    made_by_name: str
    ended_at: datetime | None
    total: int
    good: int
    made: int
    existing: int
    bad: int


class Part(Struct, frozen=True):
    """Lines that were carried out: the enterprise that was made, None where there was one already."""

    made: dict[int, int | None]


class BatchPage(Struct, frozen=True):
    items: list[Batch]
    next: str | None


class BatchRow(Struct, frozen=True, kw_only=True):
    """One row: `line` as the person counts in the file, and what is wrong with it."""

    line: int
    outcome: str
    credit_code: str
    name: str
    problems: list[FieldProblem]
    enterprise_id: int | None


class BatchRowPage(Struct, frozen=True):
    items: list[BatchRow]
    next: str | None


async def read(apart: Apart, content: bytes) -> list[Line]:
    """The rows of a file, read in a process of its own; to be done before any transaction begins.

    Args:
        apart: where it is read.
        content: its bytes.

    Raises:
        DomainError: 400 it cannot be read, 413 it is too large, 503 others are before it.
    """
    # What is no table at all costs no process.
    limits.form_of(content)
    lines = await apart.all(child.MODULE, msgspec.json.encode(child.Order()) + b"\n" + content)
    told = [msgspec.json.decode(line, type=child.Told) for line in lines]
    refused = next((each.refused for each in told if each.refused), "")
    if refused:
        raise limits.refused(refused)
    return [each.line for each in told if each.line is not None]


async def check(
    web: Connection,
    worker: Connection,
    person: Person,
    name: str,
    lines: list[Line],
    region: str,
    sector: str,
) -> Batch:
    """Checks the rows of a file and keeps it with the outcome of each row; makes nothing yet.

    Args:
        web: a transaction of the person's scope.
        worker: a worker's, which alone knows whether a credit code is registered elsewhere.
        person: whose.
        name: of the file.
        lines: of `read`.
        region: where an enterprise is whose row names no region; "" for nowhere.
        sector: of an enterprise whose row names none.

    Raises:
        DomainError: 400, the region is not the person's.
    """
    if region and not area_covered(person.scope, region):
        raise DomainError(
            "invalid",
            "默认区划不在您的管辖范围内。",
            400,
            [FieldProblem("region_code", "选择本辖区内的区划。")],
        )
    known = await _known(web, person, {line.texts.get("region", "") for line in lines}, region, sector)
    judged: list[dict[str, Any]] = []
    seen: dict[str, int] = {}
    for at, row in enumerate(lines):
        if at % _BREATH == 0:
            await asyncio.sleep(0)
        facts, problems = judge(row.texts, known)
        # What the cell is comes before what is wrong with the nothing in it.
        odd = [
            FieldProblem(field, words, "直接填写内容，不用公式，不合并单元格。")
            for field, words in row.odd.items()
        ]
        problems = odd + [problem for problem in problems if problem.place not in row.odd]
        code = facts["credit_code"]
        if code in seen and not problems:
            problems = [
                FieldProblem("credit_code", f"与第 {seen[code]} 行的信用代码相同。", "删去重复的一行。")
            ]
        seen.setdefault(code, row.number)
        if not problems and not person.scope.holds(f"{facts['region_code']}/", facts["sector"]):
            problems = [FieldProblem("sector", "这一监管领域不由您管辖。", "请由主管该领域的部门导入。")]
        judged.append(
            {
                "line": row.number, "outcome": "bad" if problems else "good", "credit_code": code,
                "name": facts["name"], "facts": facts, "problems": to_builtins(problems),
            }
        )  # fmt: skip
    # Who is registered is left as it is, whatever else stands in the row.
    codes = [row["credit_code"] for row in judged if credit_code_problem(row["credit_code"]) is None]
    there = {row["credit_code"] for row in await worker.fetch(Q.existing, codes)}
    for each in judged:
        if each["credit_code"] in there:
            each["outcome"], each["problems"] = "existing", []
    now = await clock.database_now(web)
    place = await web.fetchval(Q.place_of, person.account_id)
    number = await worker.fetchval(
        Q.insert_batch, place, name[:200], now, person.account_id, person.display_name, len(judged)
    )
    await worker.execute(Q.insert_rows, number, judged)
    if not any(row["outcome"] == "good" for row in judged):
        await worker.execute(Q.put_state, number, "done", now)
    return (await listing(worker, None, 1, number))[0]


async def make_part(conn: Connection, batch_id: int) -> Part:
    """Registers the next good rows of a file; `settle` keeps what became of them once this is committed.

    Who presses twice, or comes back after a break between the two, finds the enterprises there.

    Args:
        conn: a transaction of the person's scope, which makes enterprises inside it alone.
        batch_id: which.

    Raises:
        NotFoundError: none, or not in this scope.
    """
    if not await listing(conn, None, 1, batch_id):
        raise NotFoundError("没有找到这次导入，或不在您的管辖范围内。")
    found = await conn.fetch(Q.next_rows, batch_id, CHUNK)
    await life.because(conn, "市场主体登记数据导入")
    given = [row["facts"] for row in found]
    with in_words():
        made = await conn.fetch(Q.make, given, await clock.database_now(conn))
    numbers = {row["credit_code"]: row["id"] for row in made}
    return Part({row["line"]: numbers.get(row["facts"]["credit_code"]) for row in found})


async def settle(conn: Connection, batch_id: int, part: Part) -> Batch:
    """Keeps what became of a part.

    Args:
        conn: a worker transaction.
        batch_id: of which file.
        part: of `make_part`.
    """
    await conn.execute(Q.settle, batch_id, list(part.made), list(part.made.values()))
    over = len(part.made) < CHUNK
    ended = await clock.database_now(conn) if over else None
    await conn.execute(Q.put_state, batch_id, "done" if over else "running", ended)
    return (await listing(conn, None, 1, batch_id))[0]


async def listing(
    conn: Connection, before_id: int | None, limit: int, number: int | None = None
) -> list[Batch]:
    """Files of the scope, newest first."""
    return [Batch(**dict(row)) for row in await conn.fetch(Q.batches, before_id, number, limit)]


async def rows(conn: Connection, batch_id: int, outcome: str, after: int, limit: int) -> list[BatchRow]:
    """Rows of a file of the scope in their order."""
    found = await conn.fetch(Q.batch_rows, batch_id, outcome, after, limit)
    return [
        BatchRow(**{**dict(row), "problems": [FieldProblem(**each) for each in row["problems"]]})
        for row in found
    ]


async def report(conn: Connection, batch_id: int) -> str:
    """What became of each row, as CSV that Excel opens: the file's line, the outcome, what to change.

    Raises:
        NotFoundError: none, or not in this scope.
    """
    if not await listing(conn, None, 1, batch_id):
        raise NotFoundError("没有找到这次导入，或不在您的管辖范围内。")
    out = io.StringIO()
    sheet = csv.writer(out)
    sheet.writerow(("行号", "统一社会信用代码", "企业名称", "结果", "问题", "改正办法"))
    for row in await rows(conn, batch_id, "", 0, batch_reading.MOST_ROWS):
        words = "；".join(f"{_TITLES.get(p.place, p.place)}：{p.problem}" for p in row.problems)
        remedies = "；".join(p.remedy for p in row.problems if p.remedy)
        # A cell that begins like a formula is text.
        cells = (row.credit_code, row.name, _OUTCOMES[row.outcome], words, remedies)
        sheet.writerow((row.line, *("'" + cell if cell[:1] in "=+-@\t" and cell else cell for cell in cells)))
    return "\ufeff" + out.getvalue()


async def _known(conn: Connection, person: Person, texts: set[str], region: str, sector: str) -> Known:
    wanted = {_short(text) for text in texts} | texts
    inside = {
        row["code"]: row["name"]
        for row in await conn.fetch(Q.regions_named, sorted(wanted), region)
        if area_covered(person.scope, row["code"])
    }
    by_name: dict[str, list[str]] = {}
    for code, name in inside.items():
        by_name.setdefault(name, []).append(code)

    def found(text: str) -> str | None:
        if _short(text) in inside:
            return _short(text)
        named = by_name.get(text, [])
        return named[0] if len(named) == 1 else None

    sectors = {row["name"]: row["code"] for row in await conn.fetch(registration.Q.sectors)}
    return Known(
        region=found,
        default_region=region,
        sectors=sectors | {code: code for code in sectors.values()},
        default_sector=sector if sector in sectors.values() else "other",
    )


def _short(code: str) -> str:
    """GB/T 2260 pads with zeros: 429981 and 429981000000 are one region."""
    if not (code.isascii() and code.isdigit() and len(code) == 12):
        return code
    for length, zeros in ((2, 10), (4, 8), (6, 6), (9, 3)):
        if code.endswith("0" * zeros):
            return code[:length]
    return code
