"""Sets up the fictional county through the same services that the product's own commands use; once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from central.db.queries import load
from central.db.scope import acting
from central.demo.county import ACCOUNTS, AGENCIES, ENTERPRISES, REGIONS
from central.identity import service as identity
from central.identity.models import NewAccount
from central.identity.passwords import Passwords
from central.registry import service as registry
from central.registry.models import NewEnterprise

if TYPE_CHECKING:
    from central.db.pool import Connection, Database

Q = load(__file__)

NARRATOR = "narrator"
_SOURCE = "演示用缩短时限，无标准依据"
_STEP_S = 20.0


@dataclass(frozen=True)
class _Ladder:
    level: int
    name: str
    ranks: tuple[int, ...]


# Ladders end where those of the product end; only the times are short.
_LADDERS = (
    _Ladder(1, "演示蓝色升级方案", (0, 2)),
    _Ladder(2, "演示黄色升级方案", (0, 2, 3)),
    _Ladder(3, "演示橙色升级方案", (0, 2, 3, 4)),
    _Ladder(4, "演示红色升级方案", (0, 2, 3, 4, 9)),
)


async def furnish(database: Database, password: str, narrator_password: str) -> bool:
    """Set up regions, agencies, enterprises, accounts and short ladders, unless that has been done.

    Args:
        database: a migrated one.
        password: of all accounts that people use.
        narrator_password: of the account with which the demo itself looks on.

    Returns:
        Whether there was something to do.
    """
    passwords = Passwords()
    async with acting(database.worker) as conn:
        if await conn.fetchval(Q.furnished, ENTERPRISES[0].code):
            return False
        await identity.load_regions(conn, [f"{region.code},{region.name}" for region in REGIONS])
        agencies = await _agencies(conn)
        enterprises = await _enterprises(conn, agencies)
        for account in ACCOUNTS:
            new = NewAccount(
                login=account.login,
                password=password,
                display_name=account.name,
                role=account.role,
                agency_id=agencies[account.agency] if account.agency else None,
                enterprise_id=enterprises[account.enterprise] if account.enterprise else None,
                phone=account.phone,
                phone_verified=account.phone is not None,
                on_call=account.on_call,
                areas=account.serves,
            )
            await identity.create_account(conn, passwords, new, any_password=True)
        watching = NewAccount(
            login=NARRATOR,
            password=narrator_password,
            display_name="演示解说",
            role="city",
            agency_id=agencies["city"],
        )
        await identity.create_account(conn, passwords, watching, any_password=True)
        await _shorten_ladders(conn)
    return True


async def change_passwords(database: Database, password: str) -> None:
    """Give all accounts that people use another password, and end their sessions."""
    passwords = Passwords()
    async with acting(database.worker) as conn:
        for account in ACCOUNTS:
            await identity.change_password(conn, passwords, account.login, password, any_password=True)


async def _agencies(conn: Connection) -> dict[str, int]:
    numbers: dict[str, int] = {}
    names = {agency.key: agency.name for agency in AGENCIES}
    for agency in AGENCIES:
        parent = names[agency.parent] if agency.parent else None
        numbers[agency.key] = await identity.create_agency(
            conn, agency.name, agency.rank, parent=parent, areas=agency.areas
        )
    return numbers


async def _enterprises(conn: Connection, agencies: dict[str, int]) -> dict[str, int]:
    numbers: dict[str, int] = {}
    for enterprise in ENTERPRISES:
        new = NewEnterprise(
            code=enterprise.code,
            name=enterprise.name,
            credit_code=enterprise.credit_code,
            region_code=enterprise.region_code,
            agency_id=agencies[enterprise.agency],
            industry=enterprise.industry,
            hazard_class=enterprise.hazard_class,
            address=enterprise.address,
            contact_name=enterprise.contact_name,
            contact_phone=enterprise.contact_phone,
        )
        numbers[enterprise.code] = await registry.register(conn, new)
    return numbers


async def _shorten_ladders(conn: Connection) -> None:
    county = next(region.code for region in REGIONS if region.level == "county")
    for ladder in _LADDERS:
        policy = await conn.fetchval(
            Q.shorten_policy, county, ladder.level, ladder.name, _SOURCE, 180.0, 120.0, 15.0, 60.0, 300.0
        )
        for index, rank in enumerate(ladder.ranks):
            await conn.execute(Q.shorten_step, policy, index, _STEP_S if index else 0.0, rank)
