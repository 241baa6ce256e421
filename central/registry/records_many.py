"""Many records at once, as an import writes them: a handful of statements, whatever their number."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import msgspec

from central.clock import database_now
from central.db.errors import DomainError, FieldProblem
from central.registry import files
from central.registry import records_checks as checks
from central.registry import records_links as links
from central.registry import records_masking as masking
from central.registry import records_rules as rules
from central.registry import records_store as store
from central.registry.effects import EFFECTS, Happening, happen
from central.registry.records_models import Kept, Outcome, Owner

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from central.db.pool import Connection
    from central.identity.models import Person
    from central.registry.files_models import Using
    from central.registry.forms.register import Register
    from central.registry.records_models import Given

_BREATH = 20  # rows after which others of this process have their turn: alarms do not wait for a long file


class _Plan(msgspec.Struct):
    """One row on its way: whose, its clean values, what is wrong, and the record that it means."""

    owner: Owner | None
    values: dict[str, Any]
    problems: list[FieldProblem]
    old: Kept | None
    same: bool = False
    place: str = ""
    sector: str = ""


async def create_many(
    conn: Connection,
    person: Person,
    register: Register,
    rows: Sequence[Given],
    source: str,
    *,
    submit: bool = True,
    dry: bool = False,
    merge: Callable[[int, Kept], dict[str, Any]] | None = None,
) -> list[Outcome]:
    """Writes many records with a handful of statements (give it a thousand at a time).

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
        merge: what the row at a place makes of the record that it means, where a row does not carry every
            field; a record that it leaves as it is stays untouched, whether or not it is complete. A
            DomainError of it refuses the row with its fields. None: the row's values replace the record's.

    Returns:
        What became of each row, in the same order.

    Raises:
        ForbiddenError: this person does not fill in this register.
        DomainError: 409 somebody else added such a record at the same moment; nothing was written.
    """
    checks.allow(person, register)
    plans = await _plans(conn, person, register, rows, merge, submit=submit)
    uses = [checks.using(0, plan.place, plan.values, plan.owner or Owner()) for plan in plans]
    for plan, of_files in zip(plans, await files.problems(conn, person, register, uses), strict=True):
        plan.problems += of_files
    written = [plan for plan in plans if not plan.same]
    linking = [
        links.Linking(
            owner=plan.owner, values=plan.values, known=links.known_of(plan.old, submit=submit)
        )
        for plan in written
    ]  # fmt: skip
    for plan, wrong in zip(written, await links.problems(conn, register, linking), strict=True):
        plan.problems += wrong
    now = await database_now(conn)
    if submit:
        good = [plan for plan in plans if not plan.problems and not plan.same]
        days = [(plan.values, plan.old) for plan in good]
        for plan, late in zip(good, await checks.timely(conn, person, register, days, now), strict=True):
            plan.problems += late
    outcomes = [_outcome(plan, submit=submit) for plan in plans]
    if not dry:
        await _write(conn, person, register, plans, outcomes, uses, source, now, submit=submit)
    return outcomes


async def _plans(
    conn: Connection, person: Person, register: Register, rows: Sequence[Given],
    merge: Callable[[int, Kept], dict[str, Any]] | None, *, submit: bool,
) -> list[_Plan]:  # fmt: skip
    whose = [checks.owner_of(person, register, row.owner) for row in rows]
    seen = await store.owners(conn, {owner for owner, _ in whose if owner is not None})
    first = []
    for at, row in enumerate(rows):
        if at % _BREATH == 0:
            await asyncio.sleep(0)
        first.append(checks.checked(register, row.values, None, submit=submit))
    means = await _meant(conn, register, rows, [owner for owner, _ in whose], [values for values, _ in first])
    taken: set[object] = set()
    plans = []
    for at, (row, (owner, wrong), (values, bad), old) in enumerate(
        zip(rows, whose, first, means, strict=True)
    ):
        if at % _BREATH == 0:
            await asyncio.sleep(0)
        plan = _Plan(owner, values, [*wrong, *bad], old)
        given = row.values
        refused: tuple[FieldProblem, ...] = ()
        if merge is not None and old is not None:
            try:
                given = merge(at, old)
            except DomainError as exc:
                given, refused = old.payload, exc.fields
        if merge is not None and old is not None and given == old.payload:
            plan.values, plan.problems, plan.same = old.payload, [*wrong, *refused], True
        elif old is not None and (merge is not None or masking.has_personal(register.record)):
            # What was exported with masked numbers comes back with those that are kept.
            plan.values, bad_again = checks.checked(register, given, old.payload, submit=submit)
            plan.problems = [*wrong, *bad_again]
        if owner in seen:
            plan.place, plan.sector = seen[owner]
        elif owner is not None:
            plan.problems.append(FieldProblem("owner", "没有找到填报单位，或不在您的管辖范围内。"))
        if row.record_id is not None and old is None:
            plan.problems.append(
                FieldProblem("record", "没有这条记录，或不在您的管辖范围内。", "新增时请留空。")
            )
        elif old is not None and owner not in {None, Owner(old.enterprise_id, old.agency_id)}:
            plan.problems.append(FieldProblem("owner", "这条记录属于另一个单位。"))
        _mark_taken(register, plan, taken)
        plans.append(plan)
    return plans


def _mark_taken(register: Register, plan: _Plan, taken: set[object]) -> None:
    """Two good rows of one batch may not mean the same record."""
    key = _key(register, plan.values)
    marks = [("key", plan.owner, key)] if key is not None else []
    marks += [("id", plan.old.id, None)] if plan.old is not None else []  # type: ignore[list-item]
    if plan.problems:
        return
    if not taken.isdisjoint(marks):
        plan.problems.append(FieldProblem("values", "与本批前面的一行重复。", "请只保留一行。"))
    taken.update(marks)


async def _write(
    conn: Connection, person: Person, register: Register, plans: list[_Plan], outcomes: list[Outcome],
    uses: list[Using], source: str, now: datetime, *, submit: bool,
) -> None:  # fmt: skip
    state = checks.state_after(register, submit=submit)
    new = [place for place, outcome in enumerate(outcomes) if outcome.outcome == "created"]
    edited = [place for place, outcome in enumerate(outcomes) if outcome.outcome == "changed"]
    if edited:
        lines = [_line(register, plans[place], state) for place in edited]
        await store.keep_version(conn, register, [line.record_id for line in lines if line.record_id])
        await store.update_lines(conn, register, person, now, state, lines, source)
    if new:
        lines = [_line(register, plans[place], state) for place in new]
        valid_from = checks.valid_from_of(register, None, None, now)
        numbers = await store.insert_lines(conn, register, person, now, state, lines, source, valid_from)
        for place, number in zip(new, numbers, strict=True):
            outcomes[place] = msgspec.structs.replace(outcomes[place], record_id=number)
    written = [(plans[place], outcomes[place].record_id or 0, uses[place]) for place in (*edited, *new)]
    await files.use(
        conn, person, register,
        *(msgspec.structs.replace(use, record_id=number) for _, number, use in written),
    )  # fmt: skip
    if state == "valid" and register.name in EFFECTS:
        for plan, number, _ in written:
            await happen(conn, person, _happening(register, plan, number))


def _line(register: Register, plan: _Plan, state: str) -> store.Line:
    assert plan.owner is not None
    title = rules.title_of(register, plan.values)
    counted = plan.values if state == "valid" else plan.old.counted if plan.old is not None else None
    return store.Line(
        record_id=plan.old.id if plan.old is not None else None, owner=plan.owner, payload=plan.values,
        counted=counted, title=title, initials=rules.initials(title),
    )  # fmt: skip


def _happening(register: Register, plan: _Plan, number: int) -> Happening:
    assert plan.owner is not None
    return Happening(
        register=register.name, record_id=number, enterprise_id=plan.owner.enterprise_id,
        agency_id=plan.owner.agency_id, place=plan.place, sector=plan.sector,
        before=plan.old.counted if plan.old is not None else None, after=plan.values,
    )  # fmt: skip


async def _meant(
    conn: Connection, register: Register, rows: Sequence[Given], of: list[Owner | None],
    values: list[dict[str, Any]],
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


def _outcome(plan: _Plan, *, submit: bool) -> Outcome:
    if plan.problems:
        return Outcome(outcome="refused", record_id=plan.old.id if plan.old else None, problems=plan.problems)
    if plan.old is None:
        return Outcome(outcome="created")
    same = plan.same or (
        plan.old.payload == plan.values and (not submit or plan.old.state in {"valid", "submitted"})
    )
    return Outcome(outcome="unchanged" if same else "changed", record_id=plan.old.id)
