"""Removing an enterprise: asked with a reason, granted from above, refused while things hang on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from central import clock
from central.db.errors import DomainError, FieldProblem, ForbiddenError, NotFoundError
from central.organisation.faults import changed, in_words, invalid
from central.registry.forms.register import catalogue
from central.registry.life import GONE, Q, because
from central.registry.life_models import Removal

if TYPE_CHECKING:
    import asyncpg

    from central.db.pool import Connection
    from central.identity.models import Person
    from central.registry.life_models import Decision

# What belongs to an enterprise and does not keep it: its log, messages about it, accounts that were removed.
_LIGHT: Final = frozenset(
    (
        *(
            "enterprise",
            "enterprise_event",
            "enterprise_watch",
            "enterprise_removal",
            "enterprise_application",
        ),
        *("message", "live_event", "audit", "organisation_check", "recovery_request", "api_key", "account"),
        *("record_version", "file_use", "reminder", "relocation", "gateway_state", "latest", "subject_code"),
        # What is reckoned from the rest: days, scores, indices, and where their reckoning stands.
        *("risk_mark", "risk_index", "risk_day", "enterprise_connection", "connection_day", "patrol_day"),
        *("patrol_loss", "alarm_day", "alarm_day_alarm", "management_finding"),
    )
)
_WORDS: Final = {
    "gateway": "个网关", "point": "个监测点", "warning": "条预警", "department": "个科室", "post": "个职务",
    "staff": "名人员", "enrolment_code": "个网关登记码",
}  # fmt: skip


async def listing(
    conn: Connection,
    person: Person,
    state: str,
    before_id: int | None,
    limit: int,
    enterprise_id: int | None = None,
) -> list[Removal]:
    """Wishes of the scope, newest first."""
    rows = await conn.fetch(Q.removals, state, before_id, None, limit, enterprise_id)
    return [_shown(row, person) for row in rows]


async def ask(conn: Connection, person: Person, enterprise_id: int, reason: str) -> Removal:
    """Asks to remove an enterprise.

    Raises:
        NotFoundError: none, or not in this scope.
        DomainError: 409 asked already.
    """
    if await conn.fetchrow(Q.lock, enterprise_id) is None:
        raise GONE
    now = await clock.database_now(conn)
    with in_words():
        number = await conn.fetchval(
            Q.ask_removal, enterprise_id, reason.strip(), now, person.account_id, person.display_name,
            rank_of(person),
        )  # fmt: skip
    if number is None:
        raise DomainError("asked", "这家企业已有待处理或已批准的删除申请。", 409)
    return await _one(conn, person, number)


async def decide(conn: Connection, person: Person, removal_id: int, decision: Decision) -> Removal:
    """An agency above grants or refuses.

    Raises:
        NotFoundError: none, or not in this scope.
        ForbiddenError: not above whoever asked.
        DomainError: 400 a refusal without an opinion, 409 decided already.
    """
    held = await conn.fetchrow(Q.lock_removal, removal_id)
    if held is None:
        raise NotFoundError
    if not may_decide(person, held["asked_rank"], held["asked_by"]):
        raise ForbiddenError("删除企业须由上级机构审核授权。")
    if held["state"] != "asked":
        raise DomainError("decided", "该申请已处理。", 409)
    if not decision.approve and not decision.opinion.strip():
        raise invalid([FieldProblem("opinion", "退回须写明意见。", "写明不同意的理由。")])
    await conn.execute(
        Q.decide_removal, removal_id, "granted" if decision.approve else "refused",
        await clock.database_now(conn), person.display_name, decision.opinion.strip(),
    )  # fmt: skip
    return await _one(conn, person, removal_id)


async def remove(web: Connection, worker: Connection, enterprise_id: int, version: int, reason: str) -> None:
    """Removes an enterprise that nothing hangs on, under a grant of the last 30 days; there is no way back.

    Args:
        web: a transaction of the person's scope, which decides whether the enterprise exists for the person.
        worker: a worker transaction in the person's name: afterwards no request sees the row.
        enterprise_id: which.
        version: that the person saw.
        reason: why, for the audit and the log.

    Raises:
        NotFoundError: none, or not in this scope.
        DomainError: 403 without a grant, 409 with what still hangs on it, 412 somebody was faster.
    """
    seen = await web.fetchrow(Q.facts, enterprise_id)
    if seen is None:
        raise GONE
    if seen["version"] != version:
        raise changed(seen["version"])
    grant = await worker.fetchval(Q.granted_removal, enterprise_id, await clock.database_now(worker))
    if grant is None:
        raise ForbiddenError("删除企业须先申请，并由上级机构审核授权。")
    await worker.execute(Q.hold_for_good, enterprise_id)
    holding = await what_hangs(worker, enterprise_id, seen["place"])
    if holding:
        raise DomainError(
            "in-use", f"这家企业还有{'、'.join(holding)}，不能删除。请先处理，或改为“关闭”“注销”状态。", 409
        )
    await because(worker, reason)
    await worker.execute(Q.use_removal, grant)
    if await worker.fetchval(Q.remove, enterprise_id, await clock.database_now(worker), version) is None:
        raise changed(version)


async def what_hangs(conn: Connection, enterprise_id: int, place: str) -> list[str]:
    """What belongs to an enterprise and keeps it from being removed, in words.

    Args:
        conn: a worker transaction, which counts rows of every table.
        enterprise_id: whose.
        place: where it is.
    """
    titles = {f"reg_{name.replace('-', '_')}": register.zh for name, register in catalogue().items()}
    found = []
    accounts = await conn.fetchval(Q.active_accounts, enterprise_id)
    if accounts:
        found.append(f"{accounts} 个账号")
    others = 0
    for row in await conn.fetch(Q.rows_of, enterprise_id, place):
        name, rows = row["name"], row["rows"]
        if name in titles:
            found.append(f"{rows} 条“{titles[name]}”记录")
        elif name in _WORDS:
            found.append(f"{rows} {_WORDS[name]}")
        elif name not in _LIGHT:
            others += rows
    if others and not found:
        found.append(f"{others} 条其他数据")
    return found


def rank_of(person: Person) -> int:
    """How high somebody stands: an administrator stands above no agency."""
    return person.agency_rank or 0


def may_decide(person: Person, asked_rank: int, asked_by: int) -> bool:
    """Whether somebody may grant what another asked for: of an agency above, or an administrator."""
    if person.account_id == asked_by or "enterprise-life" not in person.may:
        return False
    if person.kind == "administrator":
        return True
    return person.kind == "supervisor" and rank_of(person) > asked_rank


async def _one(conn: Connection, person: Person, number: int) -> Removal:
    row = await conn.fetchrow(Q.removals, "", None, number, 1, None)
    assert row is not None
    return _shown(row, person)


def _shown(row: asyncpg.Record, person: Person) -> Removal:
    facts = {name: row[name] for name in Removal.__struct_fields__ if name != "may_decide"}
    decidable = row["state"] == "asked" and may_decide(person, row["asked_rank"], row["asked_by"])
    return Removal(**facts, may_decide=decidable)
