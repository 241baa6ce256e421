"""Level tables of regions: a draft is written, tried on what has happened, and put in force from a day on.

A table in force is never edited: what graded a case stays readable. Ended, or its last day over, it leaves
the grading to the version before it that is still valid, and to the tables of the regions above.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from central.db.errors import DomainError, FieldProblem, NotFoundError
from central.http.tags import changed
from central.identity import service as identities
from central.warning import level_files as files
from central.warning import level_store as store
from central.warning.level_models import (
    DraftFile,
    DraftForm,
    Enacting,
    LevelDraft,
    LevelTable,
    LevelTableRows,
    LevelWords,
    NewDraft,
    RuleRow,
    TableFile,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from zoneinfo import ZoneInfo

    from central.db.pool import Connection
    from central.identity.models import Person

# What gateways tell of limits; a row may name others, which newer gateways bring.
LIMITS: Final = ("LL", "L", "H", "HH", "Q", "STALE", "BLANK", "RANGE", "RATE", "STUCK", "SIBLINGS")
_MATCHERS: Final = ("kind", "side", "limit_name", "quantity", "hazard_class", "held_s", "raises", "within_h")

tables = store.tables
drafts = store.drafts


def problems(rows: Sequence[RuleRow], kinds: Collection[str], *, general: bool = False) -> list[FieldProblem]:
    """Name everything that is wrong with the rows of a table.

    Args:
        rows: of the table.
        kinds: that cases can have: those of the general table.
        general: whether it is the general one, which nothing stands behind.
    """
    found = []
    seen: dict[tuple[object, ...], int] = {}
    for index, row in enumerate(rows):
        if row.kind not in kinds:
            found.append(
                FieldProblem(
                    f"rows[{index}].kind", f"第 {index + 1} 行：没有“{row.kind}”这种预警。", "从列表中选择。"
                )
            )
        if not row.reason.strip():
            found.append(
                FieldProblem(
                    f"rows[{index}].reason", f"第 {index + 1} 行：缺少定级理由。", "写明为何定此级。"
                )
            )
        if (row.raises > 0) != (row.within_h > 0):
            found.append(
                FieldProblem(
                    f"rows[{index}].within_h",
                    f"第 {index + 1} 行：次数与时段须同时填写。",
                    "例如 24 小时内 3 次。",
                )
            )
        if row.raises == 1 or (row.raises > 0 and row.held_s > 0):
            found.append(
                FieldProblem(
                    f"rows[{index}].raises",
                    f"第 {index + 1} 行：次数至少为 2，且不能与持续时间同时填写。",
                    "分成两行，各写一个条件。",
                )
            )
        key = tuple(getattr(row, name) for name in _MATCHERS)
        if key in seen:
            found.append(
                FieldProblem(
                    f"rows[{index}]", f"第 {index + 1} 行与第 {seen[key] + 1} 行条件相同。", "删去其中一行。"
                )
            )
        seen.setdefault(key, index)
    if general:
        bare = {row.kind for row in rows if not any(getattr(row, name) for name in _MATCHERS[1:])}
        found += [
            FieldProblem("rows", f"通用定级表缺少“{kind}”的默认行。", "为它加一行不带条件的规则。")
            for kind in sorted(set(kinds) - bare)
        ]
    return found


def _refuse(found: list[FieldProblem]) -> None:
    if found:
        raise DomainError("invalid", "有内容填写不正确，请逐项修改。", 400, found)


# -- tables ---


async def table(conn: Connection, number: int, now: dt.datetime) -> LevelTableRows:
    """Give a table with its rows.

    Raises:
        NotFoundError: there is none.
    """
    found = await store.tables(conn, now, number=number)
    if not found:
        raise NotFoundError("没有找到这张定级表。")
    head = {name: getattr(found[0], name) for name in LevelTable.__struct_fields__}
    return LevelTableRows(**head, rows=await store.table_rows(conn, number))


async def every(conn: Connection, now: dt.datetime) -> list[LevelTable]:
    """Give the tables of all regions, for the operator's terminal."""
    return await store.tables(conn, now, limit=100_000, everywhere=True)


async def as_file(conn: Connection, number: int, now: dt.datetime) -> TableFile:
    """Give a table as its file holds it.

    Raises:
        NotFoundError: there is none.
    """
    found = await table(conn, number, now)
    return TableFile(name=found.name, source=found.source, region=found.region, rule=tuple(found.rows))


async def end(conn: Connection, number: int, reason: str, now: dt.datetime) -> None:
    """End a table at once; one that was planned never counts.

    Raises:
        NotFoundError: there is none in the caller's area.
        DomainError: 409, it has ended already.
    """
    row = await store.lock_table(conn, number)
    if row is None:
        raise NotFoundError("没有找到这张定级表，或不在您的管辖范围内。")
    over = row["valid_to"]
    if over is not None and (over <= now or over <= row["valid_from"]):
        raise DomainError("ended", "这张定级表已经结束。", 409)
    at = max(now, row["valid_from"])
    await store.end_table(conn, number, at)
    after = {
        "region": row["region"],
        "version": row["version"],
        "name": row["name"],
        "valid_to": at.isoformat(),
    }
    await identities.audit(conn, "ended", "level_rule_set", number, after=after, reason=reason)


async def words(conn: Connection, now: dt.datetime) -> LevelWords:
    """Give what a row may name."""
    return LevelWords(sorted(await _kinds(conn, now)), list(LIMITS), await store.quantities(conn))


async def _kinds(conn: Connection, now: dt.datetime) -> set[str]:
    """The kinds of cases: each has its default row in the general table."""
    return {rule.kind for rule in await store.rules_around(conn, "", now) if not rule.region}


# -- drafts ---


async def draft(conn: Connection, number: int) -> LevelDraft:
    """Give a draft.

    Raises:
        NotFoundError: there is none in the caller's area.
    """
    found = await store.drafts(conn, number)
    if not found:
        raise NotFoundError("没有找到这份草稿，或不在您的管辖范围内。")
    return found[0]


async def create(conn: Connection, person: Person, form: NewDraft, now: dt.datetime) -> LevelDraft:
    """Begin a draft with the rows of a table, by default of the one that grades in its region now.

    Raises:
        NotFoundError: no such table, or the region lies outside the caller's area.
        DomainError: 409, there is a draft of that name.
    """
    based_on = form.table_id
    if based_on is None:
        based_on = await _standing(conn, form.region, now)
    rows = (await table(conn, based_on, now)).rows
    await _region_fits(conn, person, form.region)
    number = await store.add_draft(
        conn, form.region, form.name, form.source, rows, based_on, person.display_name
    )
    return await draft(conn, number)


async def _standing(conn: Connection, region: str, now: dt.datetime) -> int:
    """The table of the longest region over or at this one that is in force."""
    found = await store.tables(conn, now, state="in-force", limit=10_000)
    fitting = [each for each in found if each.state == "in-force" and region.startswith(each.region)]
    if not fitting:
        raise NotFoundError("没有生效中的定级表可供参照。")
    return max(fitting, key=lambda each: len(each.region)).id


async def bring(conn: Connection, person: Person, form: DraftFile, now: dt.datetime) -> LevelDraft:
    """Begin a draft with the content of a file.

    Raises:
        DomainError: 400, with every bad row; 409, there is a draft of that name.
        NotFoundError: its region lies outside the caller's area.
    """
    try:
        told = files.read(form.text)
    except files.BadFile as exc:
        raise DomainError(
            "invalid", "文件不是定级表。", 400, [FieldProblem("text", str(exc), "用本页导出的文件作样板。")]
        ) from exc
    region = form.region or told.region
    if not region:
        raise DomainError(
            "invalid", "请选择地区。", 400,
            [FieldProblem("region", "文件未写明地区，通用定级表不能在此修改。", "选择本辖区内的地区。")],
        )  # fmt: skip
    _refuse(problems(told.rule, await _kinds(conn, now)))
    await _region_fits(conn, person, region)
    number = await store.add_draft(conn, region, told.name, told.source, told.rule, None, person.display_name)
    return await draft(conn, number)


async def _region_fits(conn: Connection, person: Person, region: str) -> None:
    if not await store.region_known(conn, region):
        raise DomainError(
            "invalid", "没有这个地区。", 400, [FieldProblem("region", "没有这个地区。", "从列表中选择。")]
        )
    if person.scope.sectors is not None or not any(low <= region < high for low, high in person.scope.ranges):
        raise DomainError(
            "invalid", "不能为这个地区编制定级表。", 403,
            [FieldProblem("region", "整个地区须在您的管辖范围内。", "选择本辖区内的地区。")],
        )  # fmt: skip


async def change(
    conn: Connection, number: int, version: int, form: DraftForm, now: dt.datetime
) -> LevelDraft:
    """Write a draft's new content.

    Raises:
        NotFoundError: there is none in the caller's area.
        DomainError: 400 with every bad row; 409 the name; 412 somebody was faster.
    """
    await _held(conn, number, version)
    _refuse(problems(form.rows, await _kinds(conn, now)))
    await store.change_draft(conn, number, form.name, form.source, form.rows)
    return await draft(conn, number)


async def remove(conn: Connection, number: int, version: int) -> None:
    """Throw a draft away.

    Raises:
        NotFoundError: there is none in the caller's area.
        DomainError: 412 somebody was faster.
    """
    await _held(conn, number, version)
    await store.remove_draft(conn, number)


async def put_in_force(
    conn: Connection, number: int, version: int, form: Enacting, now: dt.datetime, zone: ZoneInfo
) -> LevelTableRows:
    """Make a draft the next version of its region's table.

    Raises:
        NotFoundError: there is none in the caller's area.
        DomainError: 400 the days or the rows; 409 another came at that moment; 412 somebody was faster.
    """
    await _held(conn, number, version)
    told = await draft(conn, number)
    today = now.astimezone(zone).date()
    found = problems(told.rows, await _kinds(conn, now))
    if form.first_day is not None and form.first_day <= today:
        found.append(
            FieldProblem("first_day", "生效日期须晚于今天。", "留空表示立即生效，过去的预警不重新定级。")
        )
    first = form.first_day or today
    if form.last_day is not None and form.last_day < first:
        found.append(FieldProblem("last_day", "截止日期不能早于生效日期。", "留空表示长期有效。"))
    if any(day is not None and day.year > today.year + 50 for day in (form.first_day, form.last_day)):
        found.append(FieldProblem("last_day", "日期过远。", "五十年以内。"))
    _refuse(found)
    begins = now if form.first_day is None else dt.datetime.combine(form.first_day, dt.time(), zone)
    ends = None
    if form.last_day is not None:
        ends = dt.datetime.combine(form.last_day + dt.timedelta(days=1), dt.time(), zone)
    made = await store.enact(conn, told.region, told.name, told.source, told.rows, begins, ends)
    await store.remove_draft(conn, number)
    return await table(conn, made, now)


async def _held(conn: Connection, number: int, version: int) -> None:
    row = await store.lock_draft(conn, number)
    if row is None:
        raise NotFoundError("没有找到这份草稿，或不在您的管辖范围内。")
    if row["version"] != version:
        raise changed({"version": row["version"]})


async def load(conn: Connection, told: TableFile, now: dt.datetime) -> LevelTableRows:
    """Put a file's table in force at once, the general one too: for the operator's terminal.

    Args:
        conn: an operator's or worker's transaction.
        told: the file.
        now: the database's time.

    Raises:
        DomainError: 400 with every bad row, or an unknown region.
    """
    found = problems(told.rule, await _kinds(conn, now), general=not told.region)
    if told.region and not await store.region_known(conn, told.region):
        found.append(FieldProblem("region", f"没有地区 {told.region}。", "先导入区划。"))
    _refuse(found)
    made = await store.enact(conn, told.region, told.name, told.source, told.rule, now, None)
    return await table(conn, made, now)
