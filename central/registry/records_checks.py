"""What is asked of every record before it is written: by whom, for whom, which values, which state."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import msgspec

from central.db.errors import DomainError, FieldProblem, ForbiddenError
from central.registry import records_masking as masking
from central.registry import records_rules as rules
from central.registry import records_store as store
from central.registry.files_models import Using
from central.registry.forms.checking import check
from central.registry.records_models import Owner
from central.registry.tables import owners_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from central.db.pool import Connection
    from central.identity.models import Person
    from central.registry.forms.register import Register
    from central.registry.records_models import Kept


def allow(person: Person, register: Register) -> None:
    """Refuses whoever does not fill in a register.

    Raises:
        ForbiddenError: this person does not.
    """
    if not rules.writes(person, register):
        raise ForbiddenError("您的账号不能填报这个台账。")


def invalid(problems: list[FieldProblem]) -> DomainError:
    """400: every field that does not fit."""
    return DomainError("invalid", "有内容填写不正确，请逐项修改。", 400, problems)


def owner_of(person: Person, register: Register, asked: Owner) -> tuple[Owner | None, list[FieldProblem]]:
    """Whose a new record is: who was asked for, else the writer; None with what is wrong about it."""
    kinds = owners_of(register)
    if asked.enterprise_id is None and asked.agency_id is None:
        if "enterprise" in kinds and person.enterprise_id is not None:
            return Owner(enterprise_id=person.enterprise_id), []
        if "agency" in kinds and person.agency_id is not None:
            return Owner(agency_id=person.agency_id), []
        what = "enterprise_id" if "enterprise" in kinds else "agency_id"
        return None, [FieldProblem(what, "必须填写填报单位。", "选择本辖区内的单位。")]
    if asked.enterprise_id is not None and asked.agency_id is not None:
        return None, [FieldProblem("agency_id", "企业与机构只能填一个。", "删去其中一个。")]
    if asked.enterprise_id is not None and "enterprise" not in kinds:
        return None, [FieldProblem("enterprise_id", "这个台账由监管机构建立。", "请填写机构。")]
    if asked.agency_id is not None and "agency" not in kinds:
        return None, [FieldProblem("agency_id", "这个台账由企业建立。", "请填写企业。")]
    return asked, []


def checked(
    register: Register, values: object, kept: dict[str, Any] | None, *, submit: bool
) -> tuple[dict[str, Any], list[FieldProblem]]:
    """Clean values and every problem with its place in the body.

    `kept`: what is stored, for numbers that come back masked; None where that is not known yet.
    """
    masks: list[FieldProblem] = []
    if kept is not None:
        values, masks = masking.restored(register, values, kept)
    clean, problems = check(register.record, values, submitted=submit)
    if submit and not problems and register.check is not None:
        problems = register.check(clean)
    # A masked number is told once, as what it is.
    told = {problem.place for problem in masks}
    problems = [*masks, *(problem for problem in problems if problem.place not in told)]
    return clean, [
        msgspec.structs.replace(problem, place=f"values.{problem.place}" if problem.place else "values")
        for problem in problems
    ]


async def timely(
    conn: Connection,
    person: Person,
    register: Register,
    rows: Sequence[tuple[dict[str, Any], Kept | None]],
    now: datetime,
) -> list[list[FieldProblem]]:
    """Whether an enterprise hands in records of a day in time.

    The day that was handed in last may be corrected for as long as it takes; another day may not be put in
    its place, not even by way of a draft.

    Args:
        conn: a scoped transaction; asked once, whatever the number of rows.
        person: who hands in; an agency that enters a paper is never late.
        register: of which register.
        rows: clean values, each with the record as it is stored.
        now: the database's time.

    Returns:
        What is wrong with each row, in the same order.
    """
    if register.open_days is None or person.kind != "enterprise":
        return [[] for _ in rows]
    field, last = register.key[0], register.open_days
    handed_in = {
        before.id: before.payload.get(field)
        for _, before in rows
        if before is not None and before.submitted_at is not None and before.state != "draft"
    }
    drafts = [
        before.id
        for _, before in rows
        if before is not None and before.submitted_at is not None and before.state == "draft"
    ]
    if drafts:
        for number, payload in (await store.handed_in(conn, register, drafts)).items():
            handed_in[number] = payload.get(field)
    today = now.astimezone(rules.ZONE).date()
    found: list[list[FieldProblem]] = []
    for values, before in rows:
        given = values.get(field)
        if given is None or (before is not None and handed_in.get(before.id) == given):
            found.append([])
            continue
        late = (today - dt.date.fromisoformat(given)).days
        told = "还没有到这一天。" if late < 0 else "这一天的填报时间已过。"
        wrong = FieldProblem(f"values.{field}", told, "请填写今天或规定补报期内的日期。")
        found.append([] if 0 <= late <= last else [wrong])
    return found


def state_after(register: Register, *, submit: bool) -> str:
    """The state of a record after it was written."""
    if not submit:
        return "draft"
    return "submitted" if register.reviewed else "valid"


def valid_from_of(register: Register, asked: date | None, before: date | None, now: datetime) -> date | None:
    """From when a record of a dated register holds; None in other registers."""
    if not register.dated:
        return None
    return asked or before or now.astimezone(rules.ZONE).date()


def using(record_id: int, place: str, values: dict[str, Any], whose: Kept | Owner) -> Using:
    """A record as the keeper of files is told of it."""
    return Using(
        record_id=record_id, place=place, values=values, enterprise_id=whose.enterprise_id,
        agency_id=whose.agency_id,
    )  # fmt: skip
