"""Records of registers: the only way to write them, and the ways to read them.

draft 草稿 → submit → submitted 待审核 (registers that are reviewed) or at once valid 已生效;
review → valid or returned 已退回 with an opinion. What was approved last counts until the next is approved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import msgspec

from central.clock import database_now
from central.db.errors import DomainError, FieldProblem, ForbiddenError, NotFoundError
from central.http.tags import changed as stale
from central.registry import files
from central.registry import records_masking as masking
from central.registry import records_rules as rules
from central.registry import records_store as store
from central.registry.effects import EFFECTS, Happening, happen
from central.registry.files_models import Using
from central.registry.forms.checking import check
from central.registry.forms.register import Register, catalogue
from central.registry.records_models import History, Kept, Outcome, Owner, Record, Version
from central.registry.tables import owners_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from central.db.pool import Connection
    from central.identity.models import Person
    from central.registry.records_models import Given

_ZONE = ZoneInfo("Asia/Shanghai")  # the day of the jurisdictions that this product is for
_LONGEST_HISTORY = 200


def named(name: str) -> Register:
    """A register by its name.

    Raises:
        NotFoundError: there is none.
    """
    found = catalogue().get(name)
    if found is None:
        raise NotFoundError("没有这个台账。")
    return found


# -- writing ---


async def create(
    conn: Connection,
    person: Person,
    register: Register,
    owner: Owner,
    values: object,
    *,
    submit: bool,
    reason: str = "",
    source: str = "",
    valid_from: date | None = None,
) -> Record:
    """Adds a record.

    Args:
        conn: a transaction of the person's scope.
        person: who writes.
        register: of which register.
        owner: whose it is; without both, the person's own enterprise or agency.
        values: as they came.
        submit: whether it is to count; a draft may lack what is required.
        reason: why, in words.
        source: where it came from otherwise than by hand.
        valid_from: of a dated register, from when it holds; today without one.

    Raises:
        ForbiddenError: this person does not fill in this register.
        NotFoundError: the owner lies outside the jurisdiction.
        DomainError: 400 with every bad field; 409 there is such a record.
    """
    _allow(person, register)
    whose, problems = _owner(person, register, owner)
    clean, wrong = _checked(register, values, {}, submit=submit)
    problems += wrong
    if whose is None or problems:
        raise _invalid(problems)
    if whose not in await store.owners(conn, {whose}):
        raise NotFoundError("没有找到填报单位，或不在您的管辖范围内。")
    now = await database_now(conn)
    state = _state(register, submit=submit)
    title = rules.title_of(register, clean)
    number = await store.insert(
        conn, register, person, now, whose, state=state, payload=clean,
        counted=clean if state == "valid" else None, title=title, initials=rules.initials(title),
        valid_from=_from(register, valid_from, None, now), reason=reason.strip(), source=source,
    )  # fmt: skip
    return await _after(conn, person, register, number, None)


async def change(
    conn: Connection,
    person: Person,
    register: Register,
    record_id: int,
    seen_version: int,
    values: object,
    *,
    submit: bool,
    reason: str = "",
    valid_from: date | None = None,
) -> Record:
    """Changes a record to other values; its former state goes into the history.

    Raises:
        NotFoundError: there is none in this scope.
        ForbiddenError: this person does not fill in this register.
        DomainError: 412 somebody was faster; 400 with every bad field; 409 there is such a record.
    """
    _allow(person, register)
    before = await _held(conn, register, record_id, seen_version)
    clean, problems = _checked(register, values, before.payload, submit=submit)
    if problems:
        raise _invalid(problems)
    now = await database_now(conn)
    state = _state(register, submit=submit)
    title = rules.title_of(register, clean)
    await store.keep_version(conn, register, [record_id])
    await store.update(
        conn, register, person, now, record_id, state=state, payload=clean,
        counted=clean if state == "valid" else before.counted, title=title, initials=rules.initials(title),
        valid_from=_from(register, valid_from, before.valid_from, now), reason=reason.strip(),
    )  # fmt: skip
    return await _after(conn, person, register, record_id, before.counted)


async def submit(
    conn: Connection, person: Person, register: Register, record_id: int, seen_version: int, reason: str = ""
) -> Record:
    """Submits a draft or a returned record as it stands.

    Raises:
        DomainError: 409 it is submitted already; as `change` otherwise.
    """
    _allow(person, register)
    before = await _held(conn, register, record_id, seen_version)
    if before.state not in {"draft", "returned"}:
        raise DomainError("wrong-state", "这条记录已经提交。", 409)
    return await change(
        conn, person, register, record_id, seen_version, before.payload, submit=True, reason=reason,
        valid_from=before.valid_from,
    )  # fmt: skip


async def review(
    conn: Connection,
    person: Person,
    register: Register,
    record_id: int,
    seen_version: int,
    approve: bool,
    opinion: str,
) -> Record:
    """Approves a submitted record, which counts from now on, or returns it with an opinion.

    Raises:
        NotFoundError: there is none in this scope.
        ForbiddenError: this person reviews nothing, or the register is not reviewed.
        DomainError: 412 somebody was faster; 409 it was not submitted; 400 returned without an opinion.
    """
    if not rules.reviews(person, register):
        raise ForbiddenError("您的账号不能审核这个台账。")
    before = await _held(conn, register, record_id, seen_version)
    if before.state != "submitted":
        raise DomainError("wrong-state", "这条记录没有待审核的内容。", 409)
    if not approve and not opinion.strip():
        raise _invalid([FieldProblem("opinion", "退回时须写明意见。", "写明要改正或补充什么。")])
    if approve:
        # What was submitted under a former declaration must fit the one of today before it counts.
        _, problems = _checked(register, before.payload, {}, submit=True)
        if problems:
            raise _invalid(problems)
    await store.keep_version(conn, register, [record_id])
    await store.judge(
        conn, register, person, await database_now(conn), record_id,
        state="valid" if approve else "returned", counted=before.payload if approve else before.counted,
        opinion=opinion.strip(),
    )  # fmt: skip
    return await _after(conn, person, register, record_id, before.counted)


async def remove(
    conn: Connection, person: Person, register: Register, record_id: int, seen_version: int, reason: str = ""
) -> None:
    """Takes a record away; nobody sees it any more, the audit and its history keep it.

    Raises:
        NotFoundError: there is none in this scope.
        ForbiddenError: this person may not; what an agency approved, the agency takes away.
        DomainError: 412 somebody was faster.
    """
    _allow(person, register)
    before = await _held(conn, register, record_id, seen_version)
    if not rules.may(person, register, before).remove:
        raise ForbiddenError("已经审核生效的记录须由监管部门删除。")
    await store.keep_version(conn, register, [record_id])
    await store.remove(conn, register, person, await database_now(conn), record_id, reason.strip())
    if before.counted is not None:
        await happen(conn, person, _happening(register, before, before.counted, None))


async def create_many(
    conn: Connection,
    person: Person,
    register: Register,
    rows: Sequence[Given],
    source: str,
    *,
    submit: bool = True,
    dry: bool = False,
) -> list[Outcome]:
    """Writes many records with a handful of statements, whatever their number (give it a thousand at a time).

    A row with a number, or with the key of a record of its owner, changes that record; what is as it is kept
    stays untouched. A bad row is refused with all its bad fields and hinders no other.

    Args:
        conn: a transaction of the person's scope.
        person: who writes.
        register: of which register.
        rows: in the order of the file.
        source: for example "import:12".
        submit: whether they are to count.
        dry: only says what would happen.

    Returns:
        What became of each row, in the same order.

    Raises:
        ForbiddenError: this person does not fill in this register.
        DomainError: 409 somebody else added such a record at the same moment; nothing was written.
    """
    _allow(person, register)
    whose = [_owner(person, register, row.owner) for row in rows]
    seen = await store.owners(conn, {owner for owner, _ in whose if owner is not None})
    clean: list[dict[str, Any]] = []
    problems: list[list[FieldProblem]] = []
    first = [_checked(register, row.values, None, submit=submit) for row in rows]
    before = await _meant(
        conn, register, rows, [owner for owner, _ in whose], [values for values, _ in first]
    )
    taken: set[object] = set()
    for row, (owner, wrong), (values, bad), old in zip(rows, whose, first, before, strict=True):
        if old is not None and masking.has_personal(register.record):
            # What was exported with masked numbers comes back with those that are kept.
            values, bad = _checked(register, row.values, old.payload, submit=submit)  # noqa: PLW2901
        found = [*wrong, *bad]
        if owner is not None and owner not in seen:
            found.append(FieldProblem("owner", "没有找到填报单位，或不在您的管辖范围内。"))
        if row.record_id is not None and old is None:
            found.append(FieldProblem("record", "没有这条记录，或不在您的管辖范围内。", "新增时请留空。"))
        elif old is not None and owner not in {None, Owner(old.enterprise_id, old.agency_id)}:
            found.append(FieldProblem("owner", "这条记录属于另一个单位。"))
        mark: object = ("id", old.id) if old is not None else (owner, _key(register, values))
        if (old is not None or _key(register, values) is not None) and not found:
            if mark in taken:
                found.append(FieldProblem("values", "与本批前面的一行重复。", "请只保留一行。"))
            taken.add(mark)
        clean.append(values)
        problems.append(found)
    uses = [
        _using(0, seen[owner][0] if owner in seen else "", values, owner or Owner())
        for (owner, _), values in zip(whose, clean, strict=True)
    ]
    for found, of_files in zip(problems, await files.problems(conn, person, register, uses), strict=True):
        found += of_files
    outcomes = [
        _outcome(values, found, old, submit=submit)
        for values, found, old in zip(clean, problems, before, strict=True)
    ]
    if dry:
        return outcomes
    now = await database_now(conn)
    state = _state(register, submit=submit)

    def line(place: int) -> store.Line:
        old, owner = before[place], whose[place][0]
        assert owner is not None
        title = rules.title_of(register, clean[place])
        counted = clean[place] if state == "valid" else old.counted if old is not None else None
        return store.Line(
            record_id=old.id if old is not None else None, owner=owner, payload=clean[place],
            counted=counted, title=title, initials=rules.initials(title),
        )  # fmt: skip

    new = [place for place, outcome in enumerate(outcomes) if outcome.outcome == "created"]
    edited = [place for place, outcome in enumerate(outcomes) if outcome.outcome == "changed"]
    if edited:
        lines = [line(place) for place in edited]
        await store.keep_version(conn, register, [one.record_id for one in lines if one.record_id])
        await store.update_lines(conn, register, person, now, state, lines, source)
    if new:
        lines = [line(place) for place in new]
        valid_from = _from(register, None, None, now)
        numbers = await store.insert_lines(conn, register, person, now, state, lines, source, valid_from)
        for place, number in zip(new, numbers, strict=True):
            outcomes[place] = msgspec.structs.replace(outcomes[place], record_id=number)
    await files.use(
        conn, person, register,
        *(msgspec.structs.replace(uses[p], record_id=outcomes[p].record_id or 0) for p in (*edited, *new)),
    )  # fmt: skip
    if state == "valid" and register.name in EFFECTS:
        for place in (*edited, *new):
            old, owner = before[place], whose[place][0]
            assert owner is not None
            where = seen[owner]
            await happen(
                conn, person,
                Happening(
                    register=register.name, record_id=outcomes[place].record_id or 0,
                    enterprise_id=owner.enterprise_id, agency_id=owner.agency_id, place=where[0],
                    sector=where[1], before=old.counted if old is not None else None, after=clean[place],
                ),
            )  # fmt: skip
    return outcomes


# -- reading ---


async def read(conn: Connection, person: Person, register: Register, record_id: int) -> Record:
    """One record.

    Raises:
        NotFoundError: there is none that this person may see.
    """
    found = await store.kept(conn, register, record_id)
    if found is None:
        raise NotFoundError("没有找到这条记录，或不在您的管辖范围内。")
    return _record(person, register, found)


async def history(conn: Connection, person: Person, register: Register, record_id: int) -> History:
    """The steps of a record, newest first, each with what it changed.

    Raises:
        NotFoundError: there is no such record that this person may see.
    """
    now = await store.kept(conn, register, record_id)
    if now is None:
        raise NotFoundError("没有找到这条记录，或不在您的管辖范围内。")
    full = masking.sees_all(person, Owner(now.enterprise_id, now.agency_id))
    steps: list[dict[str, Any]] = [
        {
            "version": now.version, "at": now.changed_at, "by_name": now.changed_name, "reason": now.reason,
            "state": now.state, "valid_from": now.valid_from, "payload": now.payload,
        },
        *(dict(row) for row in await store.versions(conn, register, record_id, _LONGEST_HISTORY)),
    ]  # fmt: skip
    items = []
    for place, step in enumerate(steps):
        earlier = steps[place + 1]["payload"] if place + 1 < len(steps) else {}
        changes = rules.differences(register, earlier, step["payload"])
        items.append(
            Version(
                version=step["version"],
                at=step["at"],
                by=step["by_name"],
                reason=step["reason"],
                state=step["state"],
                valid_from=step["valid_from"],
                changes=changes if full else masking.masked_changes(register, changes),
            )  # fmt: skip
        )
    return History(items)


# -- inside ---


def _allow(person: Person, register: Register) -> None:
    if not rules.writes(person, register):
        raise ForbiddenError("您的账号不能填报这个台账。")


def _invalid(problems: list[FieldProblem]) -> DomainError:
    return DomainError("invalid", "有内容填写不正确，请逐项修改。", 400, problems)


def _owner(person: Person, register: Register, asked: Owner) -> tuple[Owner | None, list[FieldProblem]]:
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


def _checked(
    register: Register, values: object, kept: dict[str, Any] | None, *, submit: bool
) -> tuple[dict[str, Any], list[FieldProblem]]:
    """Clean values and every problem with its place in the body.

    `kept`: what is stored, for numbers that come back masked; None where that is not known yet.
    """
    masks: list[FieldProblem] = []
    if kept is not None:
        values, masks = masking.restored(register, values, kept)
    clean, problems = check(register.record, values, submitted=submit)
    # A masked number is told once, as what it is.
    told = {problem.place for problem in masks}
    problems = [*masks, *(problem for problem in problems if problem.place not in told)]
    return clean, [
        msgspec.structs.replace(problem, place=f"values.{problem.place}" if problem.place else "values")
        for problem in problems
    ]


def _state(register: Register, *, submit: bool) -> str:
    if not submit:
        return "draft"
    return "submitted" if register.reviewed else "valid"


def _from(register: Register, asked: date | None, before: date | None, now: datetime) -> date | None:
    if not register.dated:
        return None
    return asked or before or now.astimezone(_ZONE).date()


async def _held(conn: Connection, register: Register, record_id: int, seen_version: int) -> Kept:
    found = await store.kept(conn, register, record_id, lock=True)
    if found is None:
        raise NotFoundError("没有找到这条记录，或不在您的管辖范围内。")
    if found.version != seen_version:
        raise stale({"version": found.version})
    return found


async def _after(
    conn: Connection, person: Person, register: Register, record_id: int, before: dict[str, Any] | None
) -> Record:
    """The record as it became; whatever hangs on its counting happens now."""
    now = await store.kept(conn, register, record_id)
    assert now is not None
    await files.use(conn, person, register, _using(now.id, now.place, now.payload, now))
    if now.counted is not None:
        await happen(conn, person, _happening(register, now, before, now.counted))
    return _record(person, register, now)


def _using(record_id: int, place: str, values: dict[str, Any], whose: Kept | Owner) -> Using:
    return Using(
        record_id=record_id, place=place, values=values, enterprise_id=whose.enterprise_id,
        agency_id=whose.agency_id,
    )  # fmt: skip


def _happening(
    register: Register, record: Kept, before: dict[str, Any] | None, after: dict[str, Any] | None
) -> Happening:
    return Happening(
        register=register.name, record_id=record.id, enterprise_id=record.enterprise_id,
        agency_id=record.agency_id, place=record.place, sector=record.sector, before=before, after=after,
    )  # fmt: skip


def _record(person: Person, register: Register, record: Kept) -> Record:
    full = masking.sees_all(person, Owner(record.enterprise_id, record.agency_id))

    def shown(values: dict[str, Any]) -> dict[str, Any]:
        return values if full else masking.masked(register, values)

    # Who reads what an agency shares sees what counts, and nothing that is being worked on.
    inside = person.scope.holds(record.place, record.sector)
    working = record.payload if inside else record.counted or {}
    return Record(
        id=record.id, register=register.name, version=record.version, state=record.state if inside else "valid",
        title=record.title, owner_name=record.owner_name or "", enterprise_id=record.enterprise_id,
        agency_id=record.agency_id, place=record.place, values=shown(working),
        counted=None if record.counted is None else shown(record.counted), opinion=record.opinion if inside else "",
        valid_from=record.valid_from, created_at=record.created_at, created_by=record.created_name,
        changed_at=record.changed_at, changed_by=record.changed_name, submitted_at=record.submitted_at,
        reviewed_at=record.reviewed_at, reviewed_by=record.reviewed_name, may=rules.may(person, register, record),
    )  # fmt: skip


async def _meant(
    conn: Connection, register: Register, rows: Sequence[Given], of: list[Owner | None], values: list[dict[str, Any]]
) -> list[Kept | None]:  # fmt: skip
    """The record that each row means, where it exists."""
    numbers = [row.record_id for row in rows if row.record_id is not None]
    known = [owner for owner in set(of) if owner is not None]
    if not numbers and not register.single and not register.key:
        return [None] * len(rows)
    found = await store.matching(conn, register, numbers, known, values)
    by_number = {record.id: record for record in found}
    by_key = {
        (Owner(record.enterprise_id, record.agency_id), _key(register, record.payload)): record
        for record in found if _key(register, record.payload) is not None
    }  # fmt: skip
    return [
        by_number.get(row.record_id) if row.record_id is not None
        else by_key.get((owner, _key(register, given))) if owner is not None else None
        for row, owner, given in zip(rows, of, values, strict=True)
    ]  # fmt: skip


def _key(register: Register, values: dict[str, Any]) -> object:
    """What makes a record unique for its owner; None while a part of it is missing, or where nothing does."""
    if register.single:
        return ()
    if not register.key or any(values.get(name) is None for name in register.key):
        return None
    return msgspec.json.encode([_bare(values[name]) for name in register.key])


def _bare(value: Any) -> Any:
    """A value without what is beside its typed column."""
    match value:
        case {"choice": part} | {"id": part}:
            return part
        case {"choices": parts}:
            return parts
        case _:
            return value


def _outcome(
    values: dict[str, Any],
    problems: list[FieldProblem],
    old: Kept | None,
    *,
    submit: bool,
) -> Outcome:
    if problems:
        return Outcome(outcome="refused", record_id=old.id if old else None, problems=problems)
    if old is None:
        return Outcome(outcome="created")
    same = old.payload == values and (not submit or old.state in {"valid", "submitted"})
    return Outcome(outcome="unchanged" if same else "changed", record_id=old.id)
