"""Sets up the fictional county through the same services that the product's own commands use; once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from central.db.errors import NotFoundError
from central.db.scope import acting
from central.demo import warned
from central.demo.county import ACCOUNTS, AGENCIES, ENTERPRISES, REGIONS
from central.demo.offices import furnish_offices
from central.identity import service as identity
from central.identity.models import NewAccount
from central.identity.passwords import Passwords
from central.registry import service as registry
from central.registry.models import NewEnterprise
from central.warning import policies

if TYPE_CHECKING:
    from central.db.pool import Connection, Database

NARRATOR = "narrator"
_LADDERS = Path(__file__).with_name("ladders.toml")


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
        if await _furnished(conn):
            # Accounts of an older demonstration are asked for nothing new either.
            await identity.let_in_plainly(conn, [*(account.login for account in ACCOUNTS), NARRATOR])
            return False
        await identity.load_regions(conn, [f"{region.code},{region.name}" for region in REGIONS])
        agencies = await _agencies(conn)
        enterprises = await _enterprises(conn, agencies)
        numbers = {}
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
                plain=True,
            )
            numbers[account.login] = await identity.create_account(conn, passwords, new, any_password=True)
        watching = NewAccount(
            login=NARRATOR,
            password=narrator_password,
            display_name="演示解说",
            role="city",
            agency_id=agencies["city"],
            plain=True,
        )
        await identity.create_account(conn, passwords, watching, any_password=True)
        await policies.load(conn, policies.read(_LADDERS))
        await furnish_offices(conn, agencies, enterprises, numbers)
        await warned.tell(conn, numbers, enterprises)
    return True


async def _furnished(conn: Connection) -> bool:
    try:
        await registry.enterprise_by_code(conn, ENTERPRISES[0].code)
    except NotFoundError:
        return False
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
            sector=enterprise.sector,
            hazard_class=enterprise.hazard_class,
            address=enterprise.address,
            contact_name=enterprise.contact_name,
            contact_phone=enterprise.contact_phone,
        )
        numbers[enterprise.code] = await registry.register(conn, new)
    return numbers
