"""The life of an enterprise: registered by an official, its facts and status, its log, who watches it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from central import clock
from central.db.errors import FieldProblem, NotFoundError
from central.db.queries import load
from central.identity import masking
from central.organisation.faults import changed, in_words, invalid
from central.organisation.rules import unmasked
from central.registry import registration, rules, service, store
from central.registry.life_models import Facts, LifeEvent, Status
from central.registry.models import NewEnterprise

if TYPE_CHECKING:
    import asyncpg

    from central.db.pool import Connection
    from central.identity.models import Person
    from central.registry.life_models import FactsForm, NewEnterpriseForm, StatusChange

Q = load(__file__, "queries_life.sql")
GONE = NotFoundError("没有找到这家企业，或不在您的管辖范围内。")


async def statuses(conn: Connection) -> list[Status]:
    """Which status an enterprise can have, in order."""
    return [Status(**dict(row)) for row in await conn.fetch(Q.statuses)]


async def because(conn: Connection, reason: str) -> None:
    """Says why this transaction does what it does: the audit and the log of a life repeat it."""
    await conn.fetchval(Q.because, reason.strip())


async def facts(conn: Connection, person: Person, enterprise_id: int) -> Facts:
    """What is kept of an enterprise, its contact masked for whoever is not of it.

    Raises:
        NotFoundError: none, or not in this scope.
    """
    row = await conn.fetchrow(Q.facts, enterprise_id)
    if row is None:
        raise GONE
    kept = Facts(**dict(row))
    if masking.is_own(person, enterprise_id=enterprise_id):
        return kept
    return msgspec.structs.replace(
        kept, contact_name=masking.name(kept.contact_name), contact_phone=masking.phone(kept.contact_phone)
    )


async def create(conn: Connection, form: NewEnterpriseForm) -> int:
    """Registers an enterprise; its code is its credit code.

    Args:
        conn: a transaction whose scope holds the region.
        form: as typed.

    Returns:
        Its number.

    Raises:
        DomainError: 400 with every bad field, 409 registered already.
        NotFoundError: the region lies outside the scope.
    """
    credit_code = rules.normal_credit_code(form.credit_code)
    found = _problems(form, credit_code)
    known = {row["code"] for row in await conn.fetch(registration.Q.sectors)}
    if form.sector not in known:
        found.append(FieldProblem("sector", "没有这种监管领域。", "从列表中选择。"))
    agencies = [row["id"] for row in await conn.fetch(registration.Q.agencies_for, form.region_code)]
    if form.agency_id is not None and form.agency_id not in agencies:
        found.append(FieldProblem("agency_id", "请选择管辖企业所在地的监管机构。"))
    if found:
        raise invalid(found)
    new = NewEnterprise(
        code=await conn.fetchval(Q.code_for, credit_code),
        name=form.name.strip(),
        credit_code=credit_code,
        region_code=form.region_code,
        agency_id=form.agency_id or (agencies[0] if agencies else None),
        industry=form.industry.strip(),
        sector=form.sector,
        hazard_class=form.hazard_class,
        address=form.address.strip(),
        contact_name=form.contact_name.strip(),
        contact_phone=form.contact_phone,
    )
    with in_words():
        number = await service.register(conn, new)
        if form.longitude is not None:
            await conn.execute(Q.put_position, number, form.longitude, form.latitude)
    return number


async def update(
    conn: Connection, person: Person, enterprise_id: int, version: int, form: FactsForm, reason: str = ""
) -> None:
    """Changes what is kept of an enterprise.

    Args:
        conn: a scoped transaction.
        person: who changes it; a contact that was shown masked and comes back so stays.
        enterprise_id: which.
        version: that the person saw.
        form: as typed.
        reason: why, for the log.

    Raises:
        NotFoundError: none, or not in this scope.
        DomainError: 400 with every bad field, 409 another one has this credit code, 412 somebody was faster.
    """
    held = await _held(conn, enterprise_id, version)
    credit_code = rules.normal_credit_code(form.credit_code)
    shown = await facts(conn, person, enterprise_id)
    name, wrong = unmasked(
        form.contact_name.strip(), held["contact_name"], shown.contact_name, "contact_name"
    )
    phone, bad = unmasked(form.contact_phone, held["contact_phone"], shown.contact_phone, "contact_phone")
    found = _problems(form, credit_code) + wrong + bad
    if found:
        raise invalid(found)
    if reason:
        await because(conn, reason)
    with store.in_words():
        await conn.execute(
            Q.put_facts, enterprise_id, form.name.strip(), credit_code, form.industry.strip(),
            form.hazard_class, form.address.strip(), name, phone, form.longitude, form.latitude,
        )  # fmt: skip


async def change_status(conn: Connection, enterprise_id: int, version: int, change: StatusChange) -> None:
    """Changes the status of an enterprise, with a reason (REG-04).

    Raises:
        NotFoundError: none, or not in this scope.
        DomainError: 400 no such status or the same, 412 somebody was faster.
    """
    held = await _held(conn, enterprise_id, version)
    if change.status not in {status.code for status in await statuses(conn)}:
        raise invalid([FieldProblem("status", "没有这种企业状态。", "从列表中选择。")])
    if change.status == held["status"]:
        raise invalid([FieldProblem("status", "企业已经是这种状态。", "选择另一种状态。")])
    await put_status(conn, enterprise_id, change.status, change.reason)


async def put_status(conn: Connection, enterprise_id: int, status: str, reason: str) -> None:
    """Gives an enterprise a status; the log and whoever watches it hear of it in this transaction."""
    await because(conn, reason)
    await conn.execute(Q.put_status, enterprise_id, status, await clock.database_now(conn))


async def log(conn: Connection, enterprise_id: int, before_id: int | None, limit: int) -> list[LifeEvent]:
    """The log of an enterprise of the scope, newest first."""
    return [LifeEvent(**dict(row)) for row in await conn.fetch(Q.events, enterprise_id, before_id, limit)]


async def watch(conn: Connection, person: Person, enterprise_id: int, *, on: bool) -> None:
    """Watches an enterprise, or no longer: its changes come as messages (REG-39).

    Raises:
        NotFoundError: none, or not in this scope.
    """
    if await conn.fetchrow(Q.facts, enterprise_id) is None:
        raise GONE
    await conn.execute(Q.watch if on else Q.unwatch, enterprise_id, person.account_id)


async def watched(conn: Connection, person: Person, enterprise_id: int) -> bool:
    """Whether somebody watches an enterprise."""
    return bool(await conn.fetchval(Q.watched, enterprise_id, person.account_id))


async def tell_watchers(conn: Connection, enterprise_id: int, about: str, title: str, text: str = "") -> None:
    """Tells whoever watches an enterprise, in the transaction of what happened.

    Args:
        conn: of what happened.
        enterprise_id: to whom.
        about: unique for the thing: told again it is the same message, unread again.
        title: one line in plain Chinese, without the enterprise's name.
        text: a sentence more.
    """
    now = await clock.database_now(conn)
    await conn.fetchval(Q.tell_watchers, enterprise_id, about, title, text, now)


async def _held(conn: Connection, enterprise_id: int, version: int) -> asyncpg.Record:
    held = await conn.fetchrow(Q.lock, enterprise_id)
    if held is None:
        raise GONE
    if held["version"] != version:
        raise changed(held["version"])
    return held


def _problems(form: FactsForm, credit_code: str) -> list[FieldProblem]:
    found = []
    wrong = rules.credit_code_problem(credit_code)
    if wrong is not None:
        found.append(FieldProblem("credit_code", wrong, "对照营业执照逐位核对。"))
    if len(form.name.strip()) < 2:
        found.append(FieldProblem("name", "必须填写企业名称。", "填写营业执照上的全称。"))
    if (form.longitude is None) != (form.latitude is None):
        place = "longitude" if form.longitude is None else "latitude"
        found.append(FieldProblem(place, "经度与纬度须同时填写。", "补填另一个，或都清空。"))
    return found
