"""Models of regions: a draft is written, tried on today's inputs, put in force; a version is never edited.

Ended, a model leaves the reckoning to the version before it that is still valid, and to the regions above.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import asyncpg
import msgspec

from central.db.errors import DomainError, FieldProblem, NotFoundError
from central.db.queries import load
from central.http.tags import changed
from central.identity import service as identities
from central.risk import inputs, rules
from central.risk.models import (
    LEVELS,
    NewRiskDraft,
    RiskChanged,
    RiskDefinition,
    RiskDraft,
    RiskDraftForm,
    RiskEnacting,
    RiskModel,
    RiskModelWhole,
    RiskMoved,
    RiskPreview,
    RiskSpread,
)
from central.risk.reading import Q as READING
from central.risk.service import Book

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from central.db.pool import Connection
    from central.identity.models import Person

Q = load(__file__, "queries_models.sql")
# So many are reckoned with both models in one answer; the worst are taken.
MOST_COMPARED: Final = 5_000
_MOST_SHOWN: Final = 50
_AT_ONCE: Final = 100


async def models(
    conn: Connection,
    now: dt.datetime,
    *,
    number: int | None = None,
    scale: str = "",
    after: int | None = None,
    limit: int = 1,
) -> list[RiskModel]:
    """The models that concern the caller, the newest first, or the one of a number."""
    rows = await conn.fetch(Q.listed, now, number, after, limit, scale)
    return [RiskModel(**dict(row)) for row in rows]


async def model(conn: Connection, number: int, now: dt.datetime) -> RiskModelWhole:
    """A model with what it says.

    Raises:
        NotFoundError: there is none.
    """
    found = await models(conn, now, number=number)
    if not found:
        raise NotFoundError("没有找到这个模型。")
    head = {name: getattr(found[0], name) for name in RiskModel.__struct_fields__}
    said = msgspec.convert(await conn.fetchval(Q.definition, number), RiskDefinition)
    return RiskModelWhole(**head, definition=said)


async def end(conn: Connection, number: int, reason: str, now: dt.datetime) -> None:
    """End a model at once; one that was planned never counts.

    Raises:
        NotFoundError: there is none in the caller's area.
        DomainError: 409, it has ended already.
    """
    row = await conn.fetchrow(Q.lock_model, number)
    if row is None:
        raise NotFoundError("没有找到这个模型，或不在您的管辖范围内。")
    over = row["valid_to"]
    if over is not None and (over <= now or over <= row["valid_from"]):
        raise DomainError("ended", "这个模型已经结束。", 409)
    at = max(now, row["valid_from"])
    await conn.execute(Q.end_model, number, at)
    after = {"scale": row["scale"], "region": row["region"], "name": row["name"], "valid_to": at.isoformat()}
    await identities.audit(conn, "ended", "risk_model", number, after=after, reason=reason)


# -- drafts ---


async def drafts(conn: Connection, number: int | None = None) -> list[RiskDraft]:
    """Drafts of the caller's area, or the one of a number."""
    return [
        RiskDraft(**dict(row) | {"definition": msgspec.convert(row["definition"], RiskDefinition)})
        for row in await conn.fetch(Q.drafts, number)
    ]


async def draft(conn: Connection, number: int) -> RiskDraft:
    """A draft.

    Raises:
        NotFoundError: there is none in the caller's area.
    """
    found = await drafts(conn, number)
    if not found:
        raise NotFoundError("没有找到这份草稿，或不在您的管辖范围内。")
    return found[0]


async def create(conn: Connection, person: Person, form: NewRiskDraft, now: dt.datetime) -> RiskDraft:
    """Begin a draft as a copy of a model, by default of the one that counts in its region now.

    Raises:
        NotFoundError: no such model.
        DomainError: 400 another scale; 403 the region is not wholly the caller's; 409 the name is taken.
    """
    based_on = form.model_id
    if based_on is None:
        standing = (await Book.at(conn, now)).pick(form.scale, form.region)
        if standing is None:
            raise NotFoundError("没有生效中的模型可供参照。")
        based_on = standing.id
    told = await model(conn, based_on, now)
    if told.scale != form.scale:
        _refuse([FieldProblem("model_id", "参照的模型不是同一类。", "选择同一类的模型。")])
    if not await conn.fetchval(Q.region_known, form.region):
        _refuse([FieldProblem("region", "没有这个地区。", "从列表中选择。")])
    low_high = person.scope.ranges
    if person.scope.sectors is not None or not any(low <= form.region < high for low, high in low_high):
        raise DomainError(
            "invalid", "不能为这个地区编制模型。", 403,
            [FieldProblem("region", "整个地区须在您的管辖范围内。", "选择本辖区内的地区。")],
        )  # fmt: skip
    definition = msgspec.to_builtins(told.definition)
    try:
        number = await conn.fetchval(
            Q.add_draft, form.scale, form.region, form.name, form.source, definition, based_on,
            person.display_name,
        )  # fmt: skip
    except asyncpg.UniqueViolationError as exc:
        raise _taken() from exc
    return await draft(conn, number)


async def change(conn: Connection, number: int, version: int, form: RiskDraftForm) -> RiskDraft:
    """Write a draft's new content.

    Raises:
        NotFoundError: there is none in the caller's area.
        DomainError: 400 with everything that is wrong; 409 the name; 412 somebody was faster.
    """
    told = await _held(conn, number, version)
    _refuse(rules.problems(form.definition, inputs.known(told.scale)))
    try:
        await conn.execute(
            Q.change_draft, number, form.name, form.source, msgspec.to_builtins(form.definition)
        )
    except asyncpg.UniqueViolationError as exc:
        raise _taken() from exc
    return await draft(conn, number)


async def remove(conn: Connection, number: int, version: int) -> None:
    """Throw a draft away.

    Raises:
        NotFoundError: there is none in the caller's area.
        DomainError: 412 somebody was faster.
    """
    await _held(conn, number, version)
    await conn.execute(Q.remove_draft, number)


async def put_in_force(
    conn: Connection, number: int, version: int, form: RiskEnacting, now: dt.datetime, zone: ZoneInfo
) -> RiskModelWhole:
    """Make a draft the next version of its region's model; everything there is reckoned anew.

    Raises:
        NotFoundError: there is none in the caller's area.
        DomainError: 400 the day or the model; 409 another came at that moment; 412 somebody was faster.
    """
    told = await _held(conn, number, version)
    today = now.astimezone(zone).date()
    found = rules.problems(told.definition, inputs.known(told.scale))
    if form.first_day is not None and not today < form.first_day <= today + dt.timedelta(days=366):
        found.append(
            FieldProblem(
                "first_day", "生效日期须在今后一年之内。", "留空表示立即生效，过去的指数不重新计算。"
            )
        )
    _refuse(found)
    begins = now if form.first_day is None else dt.datetime.combine(form.first_day, dt.time(), zone)
    said = msgspec.to_builtins(told.definition)
    try:
        made = await conn.fetchval(
            Q.next_version, told.scale, told.region, told.name, told.source, said, begins
        )
    except asyncpg.InsufficientPrivilegeError as exc:
        raise NotFoundError from exc
    except asyncpg.UniqueViolationError as exc:
        raise DomainError("conflict", "刚刚有另一版模型生效，请重新查看后再操作。", 409) from exc
    await conn.execute(Q.remove_draft, number)
    return await model(conn, made, now)


async def _held(conn: Connection, number: int, version: int) -> RiskDraft:
    row = await conn.fetchrow(Q.lock_draft, number)
    if row is None:
        raise NotFoundError("没有找到这份草稿，或不在您的管辖范围内。")
    if row["version"] != version:
        raise changed({"version": row["version"]})
    return await draft(conn, number)


def _refuse(found: list[FieldProblem]) -> None:
    if found:
        raise DomainError("invalid", "有内容填写不正确，请逐项修改。", 400, found)


def _taken() -> DomainError:
    return DomainError(
        "conflict",
        "这个地区已有同名的草稿。",
        409,
        [FieldProblem("name", "已有同名的草稿。", "换一个名称。")],
    )


# -- what a draft would change ---


async def preview(conn: Connection, number: int, now: dt.datetime) -> RiskPreview:
    """What a draft makes of today's inputs in its region, beside the models in force: pure over what is kept.

    Args:
        conn: the person's scoped transaction: it compares what they may see.
        number: of the draft.
        now: the database's time.

    Raises:
        NotFoundError: there is no such draft in the caller's area.
        DomainError: 400, the draft is not whole yet.
    """
    told = await draft(conn, number)
    _refuse(rules.problems(told.definition, inputs.known(told.scale)))
    rows = await conn.fetch(READING.standing, told.scale, told.region, MOST_COMPARED + 1)
    book = await Book.at(conn, now)
    pairs = []
    for index, row in enumerate(rows[:MOST_COMPARED]):
        if index % _AT_ONCE == 0:
            await asyncio.sleep(0)  # a second of sums holds up nobody else's answer
        both = _both(row, book, told)
        if both is not None:
            pairs.append(both)
    moved = Counter((one.before_level, one.after_level) for one, _, _ in pairs)
    different = [one for one, _, _ in pairs if one.before != one.after]
    different.sort(key=lambda one: (one.before_level == one.after_level, -abs(one.after - one.before)))
    return RiskPreview(
        compared=len(pairs),
        cut=len(rows) > MOST_COMPARED,
        before=_spread(one.before_level for one, _, _ in pairs),
        after=_spread(one.after_level for one, _, _ in pairs),
        warned_before=sum(before for _, before, _ in pairs),
        warned_after=sum(after for _, _, after in pairs),
        moved=[
            RiskMoved(before=before, after=after, count=count)
            for (before, after), count in sorted(moved.items(), key=lambda item: -item[1])
            if before != after
        ],
        changed=different[:_MOST_SHOWN],
    )


def _both(row: asyncpg.Record, book: Book, told: RiskDraft) -> tuple[RiskChanged, bool, bool] | None:
    """One subject by the model in force and by the draft; whether each passes a threshold for its score."""
    standing = book.pick(told.scale, row["place"])
    if standing is None:
        return None
    # A region below the draft's keeps a model of its own: the draft does not reach it.
    after_model = told.definition if len(standing.region) <= len(told.region) else standing.definition
    try:
        before = rules.assess(standing.definition, row["inputs"])
        after = rules.assess(after_model, row["inputs"])
    except rules.NothingKnown:
        return None
    return (
        RiskChanged(
            subject=row["subject"], name=row["name"], enterprise_id=row["enterprise_id"], before=before.score,
            after=after.score, before_level=LEVELS[before.level], after_level=LEVELS[after.level],
        ),
        rules.passed(standing.definition.alerts, "above", before.score, {}) is not None,
        rules.passed(after_model.alerts, "above", after.score, {}) is not None,
    )  # fmt: skip


def _spread(levels: Any) -> RiskSpread:
    return RiskSpread(**Counter(levels))
