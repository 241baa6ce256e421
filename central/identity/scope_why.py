"""Why somebody may see a record: the facts that the row policies judge by, one sentence a fact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from msgspec import Struct

from central.db.errors import DomainError, FieldProblem, NotFoundError
from central.db.scope import Scope
from central.identity import roles_store, store

if TYPE_CHECKING:
    from collections.abc import Callable

    from central.db.pool import Connection
    from central.identity.models import AccountRow, Person

# Kind → table, key, its type, whether the table has a sector. Tables of higher domains are read by name: what
# is asked is two columns that every scoped table has.
_RECORDS: Final[dict[str, tuple[str, str, Callable[[str], Any], bool]]] = {
    "enterprise": ("enterprise", "id", int, True),
    "gateway": ("gateway", "id", str, True),
    "point": ("point", "id", int, True),
    "warning": ("warning", "id", UUID, True),
    "command": ("command", "id", UUID, True),
    "agency": ("agency_detail", "agency_id", int, False),
    "department": ("department", "id", int, True),
    "post": ("post", "id", int, True),
    "staff": ("staff", "id", int, True),
    "account": ("account", "id", int, True),
    "committee-unit": ("committee_unit", "id", int, False),
    "intermediary": ("intermediary", "id", int, False),
    "move": ("relocation", "id", int, False),
}
KINDS: Final = tuple(_RECORDS)
_KEPT: Final = "SELECT (k.kept).place, (k.kept).sector FROM kept_cases($1, NULL, NULL, 1) AS k"
_MOST_INT = 2**31 - 1


class Reason(Struct, frozen=True):
    """One reason and its sentence for the person.

    `kind`: agency-area, own-area, assigned, own-enterprise, own-agency, whole, own-account, sector or
    acted-before-move.
    """

    kind: str
    text: str


class Why(Struct, frozen=True):
    """Where a record belongs and why this person sees it."""

    place: str
    sector: str | None
    reasons: list[Reason]


async def place_of(conn: Connection, kind: str, key: str) -> tuple[str, str | None]:
    """Place and sector of a record inside the scope of the transaction.

    Args:
        conn: `scoped` to the person who asks.
        kind: of `KINDS`.
        key: the record's id, as text.

    Raises:
        DomainError: 400 no such kind; 404 no such record, or not in this scope.
    """
    if kind not in _RECORDS:
        raise DomainError(
            "invalid", "没有这类记录。", 400, [FieldProblem("kind", "没有这类记录。", "、".join(KINDS))]
        )
    table, column, of, sectored = _RECORDS[kind]
    try:
        value = of(key)
    except ValueError:
        raise NotFoundError from None
    if isinstance(value, int) and not 0 <= value <= _MOST_INT:
        raise NotFoundError
    sector = "sector" if sectored else "NULL::text AS sector"
    # Table and column are ours, from the list above.
    row = await conn.fetchrow(f"SELECT place, {sector} FROM {table} WHERE {column} = $1", value)  # noqa: S608
    if row is None and kind == "warning":
        # What an agency acted on before the enterprise moved is shown when it is asked for by its id.
        row = await conn.fetchrow(_KEPT, value)
    if row is None:
        raise NotFoundError
    return row["place"], row["sector"]


async def reasons(
    conn: Connection, person: Person, kind: str, key: str, place: str, sector: str | None
) -> list[Reason]:
    """Every reason why this person sees a record.

    Args:
        conn: a transaction that reads accounts, regions and sectors (the worker role).
        person: who sees it.
        kind: of the record.
        key: its id.
        place: where it belongs.
        sector: of the enterprise there; None or "" without one.
    """
    account = await store.account(conn, account_id=person.account_id)
    if account is None:
        return []
    found: list[Reason] = []
    if kind == "account" and key == str(person.account_id):
        found.append(Reason("own-account", "这是您本人的账号。"))
    if not person.full_scope.holds(place, sector):
        # In nobody's range, and yet it was shown: what the agency acted on stays readable (law-warning 21).
        return found or [
            Reason(
                "acted-before-move",
                f"企业划转前，{account.agency_name or '您'}处理过这条预警，因此仍可查看。",
            )
        ]
    found += _by_place(account, place)
    if sector and account.sectors is not None:
        names = {each.code: each.name for each in await roles_store.sectors(conn)}
        list_of = "、".join(names.get(code, code) for code in account.sectors)
        found.append(
            Reason(
                "sector",
                f"您的角色“{account.role_name}”监管{list_of}；该企业属于{names.get(sector, sector)}。",
            )
        )
    return found


def _by_place(account: AccountRow, place: str) -> list[Reason]:
    if account.kind == "enterprise":
        return [Reason("own-enterprise", f"这是您所在企业{account.enterprise_name or ''}的记录。")]
    if account.data_scope == "own":
        return [Reason("own-agency", f"该企业由您所在的{account.agency_name}直接监管。")]
    held = _areas_holding(account.own_areas, account.own_names, place)
    if held and account.data_scope in {"custom", "own-and-below", "self"}:
        if account.kind == "inspector":
            return [Reason("assigned", f"{name}已分配给您巡查。") for name in held]
        return [Reason("own-area", f"您本人的管辖范围包括{name}。") for name in held]
    served = _areas_holding(account.areas, account.area_names, place)
    if served and account.data_scope == "own-and-below":
        return [Reason("agency-area", f"您所在的{account.agency_name}管辖{name}。") for name in served]
    return [Reason("whole", f"您的角色“{account.role_name}”可查看全部辖区。")]


def _areas_holding(areas: list[str], names: list[str], place: str) -> list[str]:
    return [
        f"{name}（{area}）" for area, name in zip(areas, names, strict=True) if Scope.area(area).holds(place)
    ]
