"""Agencies: added, edited and removed by the agency above; each keeps its own contact up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from central.db.errors import DomainError, FieldProblem, NotFoundError
from central.organisation import agencies_store as store
from central.organisation import rules
from central.organisation.faults import changed, invalid

if TYPE_CHECKING:
    import asyncpg

    from central.db.pool import Connection
    from central.identity.models import Person
    from central.organisation.models import Agency, AgencyForm

agencies = store.agencies


async def agency(conn: Connection, agency_id: int) -> Agency:
    """One agency of the scope.

    Raises:
        NotFoundError: there is none, or not in this scope.
    """
    found = await store.agencies(conn, agency_id=agency_id)
    if not found:
        raise NotFoundError("没有找到这个机构，或不在您的管辖范围内。")
    return found[0]


async def own_agency(conn: Connection, person: Person) -> Agency:
    """The agency of the person who asks.

    Raises:
        NotFoundError: the account belongs to none.
    """
    if person.agency_id is None:
        raise NotFoundError("您的账号不属于监管机构。")
    return await agency(conn, person.agency_id)


async def create(conn: Connection, person: Person, form: AgencyForm) -> Agency:
    """Adds an agency below the person's own.

    Args:
        conn: a transaction of the person's scope.
        person: who adds it.
        form: what is known of it.

    Raises:
        DomainError: 400 with every field that does not fit; 409 name or code taken.
    """
    areas = _areas(form)
    problems = await _problems(conn, person, form, areas, None)
    if problems:
        raise invalid(problems)
    return await agency(conn, await store.insert_agency(conn, form, areas))


async def update(conn: Connection, person: Person, agency_id: int, version: int, form: AgencyForm) -> Agency:
    """Changes an agency; the own one keeps its level, areas and superior, which the agency above decides.

    Raises:
        NotFoundError: there is none in this scope.
        DomainError: 412 somebody was faster; 400 with every field that does not fit; 409 name or code taken.
    """
    held = await store.lock_agency(conn, agency_id)
    if held is None:
        raise NotFoundError("没有找到这个机构，或不在您的管辖范围内。")
    if held["version"] != version:
        raise changed(held["version"])
    areas = _areas(form) if form.areas is not None else sorted(held["areas"])
    problems = await _problems(conn, person, form, areas, held)
    if problems:
        raise invalid(problems)
    await store.update_agency(conn, agency_id, form, areas)
    return await agency(conn, agency_id)


async def remove(conn: Connection, person: Person, agency_id: int, version: int) -> None:
    """Removes an agency on which nothing hangs.

    Raises:
        NotFoundError: there is none in this scope.
        DomainError: 409, with what still hangs on it; 412 somebody was faster.
    """
    held = await store.lock_agency(conn, agency_id)
    if held is None:
        raise NotFoundError("没有找到这个机构，或不在您的管辖范围内。")
    if held["version"] != version:
        raise changed(held["version"])
    if agency_id == person.agency_id:
        raise DomainError("own-agency", "不能删除自己所在的机构，请由上级机构办理。", 409)
    use = rules.use_in_words(await store.agency_use(conn, agency_id))
    if use:
        raise DomainError("in-use", f"“{held['name']}”还有{use}，请先移交或删除后再删除机构。", 409)
    await store.delete_agency(conn, agency_id)


def _areas(form: AgencyForm) -> list[str]:
    return sorted(set(form.areas)) if form.areas is not None else [form.region_code]


async def _problems(
    conn: Connection, person: Person, form: AgencyForm, areas: list[str], held: asyncpg.Record | None
) -> list[FieldProblem]:
    """Every field that does not fit; `held` is the agency as it is, None for a new one."""
    own = held is not None and held["id"] == person.agency_id and person.kind != "administrator"
    if own and held is not None:
        problems = _own_problems(form, areas, held)
    else:
        problems = await _place_problems(conn, person, form, areas, held)
    if (form.longitude is None) != (form.latitude is None):
        problems.append(FieldProblem("longitude", "经度与纬度须同时填写。", "补全或都清空。"))
    if form.administrator_id is not None and (
        held is None or not await store.account_of_agency(conn, form.administrator_id, held["id"])
    ):
        problems.append(
            FieldProblem("administrator_id", "管理员账号须是本机构的账号。", "先为本机构建立账号，再指定。")
        )
    return problems


def _own_problems(form: AgencyForm, areas: list[str], held: asyncpg.Record) -> list[FieldProblem]:
    facts = structs.asdict(form)
    kept = [
        key for key in ("name", "code", "kind", "rank", "parent_id", "region_code") if facts[key] != held[key]
    ]
    if areas != sorted(held["areas"]):
        kept.append("areas")
    return [FieldProblem(key, "本机构的这一项由上级机构维护。", "请联系上级机构修改。") for key in kept]


async def _place_problems(
    conn: Connection, person: Person, form: AgencyForm, areas: list[str], held: asyncpg.Record | None
) -> list[FieldProblem]:
    problems = []
    parent = await store.visible_agency(conn, form.parent_id) if form.parent_id is not None else None
    if form.parent_id is None and person.kind != "administrator":
        problems.append(FieldProblem("parent_id", "必须填写上级机构。", "选择本机构或其下级机构。"))
    elif form.parent_id is not None and parent is None:
        kept = held is not None and held["parent_id"] == form.parent_id
        if not kept:
            problems.append(
                FieldProblem("parent_id", "上级机构不在您的管辖范围内。", "选择本机构或其下级机构。")
            )
    elif parent is not None:
        if held is not None and held["id"] in await store.agencies_above(conn, parent["id"]):
            problems.append(FieldProblem("parent_id", "上级机构不能是自己或自己的下级。", "选择别的机构。"))
        level = rules.level_problem(form, parent["rank"])
        if level is not None:
            problems.append(level)
    unknown = await store.unknown_areas(conn, sorted({form.region_code, *areas}))
    return problems + rules.area_problems(form, areas, person.scope, unknown)
