"""Records of registers: the only way to write them, and the ways to read them.

draft 草稿 → submit → submitted 待审核 (registers that are reviewed) or at once valid 已生效;
review → valid or returned 已退回 with an opinion. What was approved last counts until the next is approved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from central.clock import database_now
from central.db.errors import DomainError, FieldProblem, ForbiddenError, NotFoundError
from central.http.tags import changed as stale
from central.registry import files
from central.registry import records_checks as checks
from central.registry import records_links as links
from central.registry import records_masking as masking
from central.registry import records_rules as rules
from central.registry import records_store as store
from central.registry.effects import Happening, happen
from central.registry.forms.register import Register, catalogue
from central.registry.records_former import former as former_values
from central.registry.records_many import create_many
from central.registry.records_models import History, Kept, May, Owner, Record, Version

if TYPE_CHECKING:
    from datetime import date

    from central.audit.models import Personal
    from central.db.pool import Connection
    from central.identity.models import Person

_LONGEST_HISTORY = 200
_MOST_VERSIONS = 10_000

__all__ = [
    "change", "create", "create_many", "history", "named",
    "number_in_full", "read", "remove", "review", "submit",
]  # fmt: skip


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
    checks.allow(person, register)
    whose, problems = checks.owner_of(person, register, owner)
    clean, wrong = checks.checked(register, values, {}, submit=submit)
    now = await database_now(conn)
    problems += wrong
    problems += (await links.problems(conn, register, [links.Linking(owner=whose, values=clean)]))[0]
    if submit and not problems:
        problems += (await checks.timely(conn, person, register, [(clean, None)], now))[0]
    if whose is None or problems:
        raise checks.invalid(problems)
    if whose not in await store.owners(conn, {whose}):
        raise NotFoundError("没有找到填报单位，或不在您的管辖范围内。")
    state = checks.state_after(register, submit=submit)
    title = rules.title_of(register, clean)
    number = await store.insert(
        conn, register, person, now, whose, state=state, payload=clean,
        counted=clean if state == "valid" else None, title=title, initials=rules.initials(title),
        valid_from=checks.valid_from_of(register, valid_from, None, now), reason=reason.strip(),
        source=source,
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
    checks.allow(person, register)
    before = await _held(conn, register, record_id, seen_version)
    clean, problems = checks.checked(register, values, before.payload, submit=submit)
    linking = links.Linking(
        owner=Owner(before.enterprise_id, before.agency_id), values=clean,
        known=links.known_of(before, submit=submit),
    )  # fmt: skip
    problems += (await links.problems(conn, register, [linking]))[0]
    now = await database_now(conn)
    if submit and not problems:
        problems += (await checks.timely(conn, person, register, [(clean, before)], now))[0]
    if problems:
        raise checks.invalid(problems)
    state = checks.state_after(register, submit=submit)
    title = rules.title_of(register, clean)
    await store.keep_version(conn, register, [record_id])
    await store.update(
        conn, register, person, now, record_id, state=state, payload=clean,
        counted=clean if state == "valid" else before.counted, title=title, initials=rules.initials(title),
        valid_from=checks.valid_from_of(register, valid_from, before.valid_from, now), reason=reason.strip(),
    )  # fmt: skip
    return await _after(conn, person, register, record_id, before.counted)


async def submit(
    conn: Connection, person: Person, register: Register, record_id: int, seen_version: int, reason: str = ""
) -> Record:
    """Submits a draft or a returned record as it stands.

    Raises:
        DomainError: 409 it is submitted already; as `change` otherwise.
    """
    checks.allow(person, register)
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
        ForbiddenError: this person reviews nothing, the register is not reviewed, or it is what this very
            person submitted.
        DomainError: 412 somebody was faster; 409 it was not submitted; 400 returned without an opinion.
    """
    if not rules.reviews(person, register):
        raise ForbiddenError("您的账号不能审核这个台账。")
    before = await _held(conn, register, record_id, seen_version)
    if before.state != "submitted":
        raise DomainError("wrong-state", "这条记录没有待审核的内容。", 409)
    if rules.is_own_work(person, before):
        raise ForbiddenError(
            "您本人提交的内容不能由您审核：请本机构其他有审核权限的人员审核；没有其他人员的，请上级监管机构审核。"
        )
    if not approve and not opinion.strip():
        raise checks.invalid([FieldProblem("opinion", "退回时须写明意见。", "写明要改正或补充什么。")])
    if approve:
        # What was submitted under a former declaration must fit the one of today before it counts.
        _, problems = checks.checked(register, before.payload, {}, submit=True)
        if problems:
            raise checks.invalid(problems)
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
    checks.allow(person, register)
    before = await _held(conn, register, record_id, seen_version)
    if not rules.may(person, register, before).remove:
        raise ForbiddenError("已经审核生效的记录须由监管部门删除。")
    await store.keep_version(conn, register, [record_id])
    await store.remove(conn, register, person, await database_now(conn), record_id, reason.strip())
    if before.counted is not None:
        await happen(conn, person, _happening(register, before, before.counted, None))


# -- reading ---


async def read(
    conn: Connection, person: Person, register: Register, record_id: int, as_of: date | None = None
) -> Record:
    """One record, as it is or as it counted on a day.

    Raises:
        NotFoundError: there is none that this person may see, or nothing of it counted on that day.
    """
    found = await store.kept(conn, register, record_id)
    if found is None:
        raise NotFoundError("没有找到这条记录，或不在您的管辖范围内。")
    if as_of is None:
        return _record(person, register, found)
    former = []
    if person.scope.holds(found.place, found.sector):
        former = await store.versions(conn, register, record_id, _MOST_VERSIONS)
    then = rules.as_of(register, found, [dict(row) for row in former], as_of)
    if then is None:
        raise NotFoundError(f"这条记录在 {as_of:%Y-%m-%d} 没有生效的内容。")
    record = _record(person, register, then)
    return msgspec.structs.replace(record, may=May())


async def history(conn: Connection, person: Person, register: Register, record_id: int) -> History:
    """The steps of a record, newest first, each with what it changed.

    Raises:
        NotFoundError: there is no such record that this person may see.
    """
    now = await store.kept(conn, register, record_id)
    if now is None:
        raise NotFoundError("没有找到这条记录，或不在您的管辖范围内。")
    full = masking.sees_all(person, Owner(now.enterprise_id, now.agency_id))
    former: list[dict[str, Any]] = []
    if person.scope.holds(now.place, now.sector):
        former = [dict(row) for row in await store.versions(conn, register, record_id, _LONGEST_HISTORY)]
    else:
        # Of what an agency shares, those outside of it know what counts, and not how it came to it.
        now = rules.as_it_counts(register, now)
    steps: list[dict[str, Any]] = [
        {
            "version": now.version, "at": now.changed_at, "by_name": now.changed_name, "reason": now.reason,
            "state": now.state, "valid_from": now.valid_from, "payload": now.stored,
        },
        *former,
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
            )
        )
    return History(items)


async def number_in_full(conn: Connection, what: str) -> Personal | None:
    """A personal number of a record in full: for the audited viewing alone.

    Args:
        conn: a scoped transaction.
        what: "<register>:<record>:<field>", such as "certificates:12:identity", "experts:3:people[0].phone".
    """
    name, _, rest = what.partition(":")
    number, _, place = rest.partition(":")
    register = catalogue().get(name)
    if register is None or not (number.isascii() and number.isdigit() and 0 < int(number) < 2**63):
        return None
    found = await store.kept(conn, register, int(number))
    if found is None:
        return None
    # Of what an agency shares, those outside of it know what counts.
    values = found.counted if register.shared and found.counted is not None else found.payload
    return masking.in_full(register, values, place)


# -- inside ---


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
    await files.use(conn, person, register, checks.using(now.id, now.place, now.payload, now))
    if now.counted is not None:
        await happen(conn, person, _happening(register, now, before, now.counted))
    return _record(person, register, now)


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

    may = rules.may(person, register, record)
    # Who reads what an agency shares sees what counts, and nothing that is being worked on.
    if not person.scope.holds(record.place, record.sector):
        record = rules.as_it_counts(register, record)
    return Record(
        id=record.id, register=register.name, version=record.version, state=record.state, title=record.title,
        owner_name=record.owner_name or "", enterprise_id=record.enterprise_id,
        agency_id=record.agency_id, place=record.place, values=shown(record.payload),
        counted=None if record.counted is None else shown(record.counted), opinion=record.opinion,
        valid_from=record.valid_from, created_at=record.created_at, created_by=record.created_name,
        changed_at=record.changed_at, changed_by=record.changed_name, submitted_at=record.submitted_at,
        reviewed_at=record.reviewed_at, reviewed_by=record.reviewed_name, may=may,
        given=former_values(register, record.stored) if full else [],
    )  # fmt: skip
