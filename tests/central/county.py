"""A small fictional jurisdiction for tests: two counties, three townships, four enterprises, every role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from central.db.scope import acting
from central.identity import service as identity
from central.identity.models import NewAccount
from central.identity.passwords import Passwords
from central.registry import rules
from central.registry import service as registry
from central.registry.models import NewEnterprise

if TYPE_CHECKING:
    from central.db.pool import Database

PASSWORD = "Beacon-Tower-7"
REGIONS = [
    "42,某省", "4299,云泽市", "429981,临江县", "429982,临湖县",
    "429981101,青石镇", "429981102,白沙镇", "429982101,芦苇镇",
]  # fmt: skip
E1, E2, E3, E10 = "429981101/E1", "429981102/E2", "429982101/E3", "429981101/E10"


def credit_code(serial: int) -> str:
    first = f"91429900{serial:09d}"
    return first + rules.check_character(first)


async def found(database: Database) -> None:
    """Founds the county in an empty database."""
    passwords = Passwords()
    hashed = await passwords.hashed(PASSWORD)

    class Same(Passwords):
        async def hashed(self, password: str) -> str:
            return hashed

    quick = Same()
    async with acting(database.worker) as conn:
        # Tests sign in with a name and a password; what else the rules may ask has tests of its own.
        await conn.execute("UPDATE sign_in_rule SET totp_kinds = '{}', captcha_after = 0")
        await identity.load_regions(conn, REGIONS)
        city = await identity.create_agency(conn, "云泽市应急管理局", 4, areas=("4299",))
        county = await identity.create_agency(
            conn, "临江县应急管理局", 3, parent="云泽市应急管理局", areas=("429981",)
        )
        town = await identity.create_agency(
            conn, "青石镇应急办", 2, parent="临江县应急管理局", areas=("429981101",)
        )
        numbers = {}
        for serial, place in enumerate((E1, E2, E3, E10), 1):
            region, _, code = place.partition("/")
            numbers[code] = await registry.register(
                conn,
                NewEnterprise(
                    code=code,
                    name=f"企业{code}",
                    credit_code=credit_code(serial),
                    region_code=region,
                    agency_id=town if region == "429981101" else county,
                ),
            )
        for login, role, agency, company, areas in (
            ("city", "city", city, None, ()),
            ("county", "county", county, None, ()),
            ("township", "township", town, None, ()),
            ("enterprise", "enterprise", None, numbers["E1"], ()),
            ("inspector", "inspector", None, None, ("429981102", "429982101")),
            ("installer", "installer", None, None, ()),
            ("admin", "admin", None, None, ()),
        ):
            await identity.create_account(
                conn,
                quick,
                NewAccount(
                    login=login, password=PASSWORD, display_name=f"{login}甲", role=role,
                    agency_id=agency, enterprise_id=company, areas=areas,
                ),
            )  # fmt: skip
