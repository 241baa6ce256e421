"""Fills the registers of the demo's county through the service that people and imports use; once.

Promises are kept up at each start: whoever comes back to the demo next week finds the days between filled in.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import msgspec

from central.clock import database_now
from central.db.scope import acting, scoped
from central.demo import ground, levels, patrolled, risk, stock
from central.demo.county import AGENCIES, ENTERPRISES
from central.demo.county_stock import of_county
from central.demo.plausible import Filler
from central.demo.townspeople import ACCOUNTS, OFFICES, TOWN_NAMES, TOWNSHIPS, Made, Trade, enterprises
from central.identity import service as identity
from central.identity.models import NewAccount
from central.identity.passwords import Passwords
from central.registry import life, records_many
from central.registry import service as registry
from central.registry.forms.register import Register, catalogue
from central.registry.models import NewEnterprise
from central.registry.records_models import Given, Owner
from central.registry.tables import table_of
from central.statistics import map_ground

if TYPE_CHECKING:
    from central.db.pool import Connection, Database
    from central.identity.models import Person

_ZONE: Final = ZoneInfo("Asia/Shanghai")
_SOURCE: Final = "demo"
_AT_ONCE: Final = 1000
_PROMISE_DAYS: Final = 14

# A demo that rests for weeks shall not wake up with hundreds of warnings that nobody updated anything.
_PATIENCE: Final = """
INSERT INTO reminder_rule (region, register, cause, grace_days, source, valid_from)
SELECT '429981', r.register, 'update', NULL, '演示用，无标准依据', '2020-01-01'
FROM (VALUES (''), ('dynamic-data')) AS r (register)
ON CONFLICT DO NOTHING
"""
# What officials approved one by one in the weeks before the demo begins.
_APPROVE: Final = """
UPDATE {table} SET state = 'valid', counted = payload, reviewed_at = submitted_at, reviewed_by = $1,
    reviewed_name = $2
WHERE source = 'demo' AND state = 'submitted' AND ({which})
"""


# An enterprise stands where its basic information says, as when somebody approves it.
_PLACED: Final = """
UPDATE enterprise AS e
SET longitude = (r.counted -> 'where' -> 'longitude')::double precision,
    latitude = (r.counted -> 'where' -> 'latitude')::double precision
FROM reg_enterprise_basics AS r WHERE r.enterprise_id = e.id AND r.counted ? 'where' AND e.longitude IS NULL
"""


class Refused(Exception):
    """A record of the demo does not fit its register."""


async def fill(database: Database, password: str) -> int:
    """Brings the county to life: townships, enterprises, records; gives how many records were written.

    Args:
        database: with the county of `seed.furnish`.
        password: of the accounts of the further townships.
    """
    made = enterprises()
    async with acting(database.worker) as conn:
        now = await database_now(conn)
        today = now.astimezone(_ZONE).date()
        numbers = await _numbers(conn)
        if made[0].code in numbers:
            return await _promises(conn, made, numbers, today)
        await conn.execute(_PATIENCE)
        offices = await _offices(conn, password)
        for one in made:
            numbers[one.code] = await _register(conn, one, offices)
        shapes = map_ground.shapes_of(
            ground.shapes({code: names[0] for code, names in TOWN_NAMES.items()})["features"]
        )
        await map_ground.put_shapes(conn, shapes, ground.SOURCE, now)
        written = await _records(conn, made, numbers, today)
        await conn.execute(_PLACED)
        written += await _promises(conn, made, numbers, today)
        official = await _person(conn, "county")
    async with scoped(database.web, official.scope, official.actor) as conn:
        await levels.draft(conn, official, now)
        await patrolled.ask(conn, official, now, _ZONE)
    await risk.fill(database)
    return written


async def _numbers(conn: Connection) -> dict[str, int]:
    return {row["code"]: row["id"] for row in await conn.fetch("SELECT code, id FROM enterprise")}


async def _offices(conn: Connection, password: str) -> dict[str, int]:
    await identity.load_regions(conn, [f"{region.code},{region.name}" for region in TOWNSHIPS])
    for office in OFFICES:
        await identity.create_agency(
            conn, office.name, office.rank, parent="临江县应急管理局", areas=office.areas
        )
    known = await conn.fetch("SELECT a.id, a.name FROM agency AS a")
    by_name = {row["name"]: row["id"] for row in known}
    offices = {office.key: by_name[office.name] for office in (*AGENCIES, *OFFICES)}
    passwords = Passwords()
    for account in ACCOUNTS:
        new = NewAccount(
            login=account.login, password=password, display_name=account.name, role=account.role,
            agency_id=offices[account.agency or ""], phone=account.phone, phone_verified=True, plain=True,
        )  # fmt: skip
        await identity.create_account(conn, passwords, new, any_password=True)
    return offices


async def _register(conn: Connection, made: Made, offices: dict[str, int]) -> int:
    number = await registry.register(
        conn,
        NewEnterprise(
            code=made.code, name=made.name, credit_code=made.credit_code, region_code=made.region_code,
            agency_id=offices[made.office], industry=made.trade.industry, sector=made.trade.sector,
            hazard_class=made.hazard_class, address=made.address, contact_name=made.contact_name,
            contact_phone=made.contact_phone,
        ),
    )  # fmt: skip
    if made.status != "working":
        await life.put_status(conn, number, made.status, "企业申报，经核实")
    return number


async def _records(conn: Connection, made: list[Made], numbers: dict[str, int], today: dt.date) -> int:
    """Every record of every enterprise and of the county's bureau, register by register."""
    registers = catalogue()
    official = await _person(conn, "county")
    clerk = _clerk(official)
    found: dict[str, list[Given]] = {}
    for one in [*_first_three(), *made]:
        filler = Filler(one.code, today, (one.region_code, TOWN_NAMES[one.region_code][0]))
        owner = Owner(enterprise_id=numbers[one.code])
        for line in stock.of_enterprise(one, filler):
            if _asked(registers.get(line.register), one):
                values = filler.record(registers[line.register], line.own, share=line.share)
                found.setdefault(line.register, []).append(Given(owner=owner, values=values))
    filler = Filler("county", today, ("429981", "临江县"))
    for line in of_county(filler):
        if line.register in registers:
            values = filler.record(registers[line.register], line.own, share=line.share)
            bureau = Owner(agency_id=official.agency_id)
            found.setdefault(line.register, []).append(Given(owner=bureau, values=values))
    for name, rows in found.items():
        await _write(conn, clerk if registers[name].reviewed else official, registers[name], rows)
        if registers[name].reviewed:
            statement = _APPROVE.format(table=table_of(registers[name]), which="true")
            await conn.execute(statement, official.account_id, official.display_name)
    return sum(len(rows) for rows in found.values())


async def _promises(conn: Connection, made: list[Made], numbers: dict[str, int], today: dt.date) -> int:
    """The promises of the last days; today's of the newcomer's own enterprise is his to give."""
    register = catalogue()["safety-promises"]
    official = await _person(conn, "county")
    rows = []
    for one in [*_first_three(), *made]:
        if one.status != "working" or not (one.trade.sector == "chemical" or one.hazard_class):
            continue
        for back in range(_PROMISE_DAYS):
            day, number = today - dt.timedelta(days=back), int(one.code[1:]) % 1000
            theirs = one.code == "E0001" and back == 0
            if not theirs and (number < 10 or stock.promised(number, day, today)):
                values = stock.promise(one.trade.units, day, number, one.contact_name)
                rows.append(Given(owner=Owner(enterprise_id=numbers[one.code]), values=values))
    new = await _missing(conn, rows)
    await _write(conn, _clerk(official), register, new)
    approved = _APPROVE.format(table=table_of(register), which="f_day < $3")
    await conn.execute(approved, official.account_id, official.display_name, today)
    return len(new)


async def _missing(conn: Connection, rows: list[Given]) -> list[Given]:
    """What somebody wrote meanwhile stays as it is."""
    known = {
        (row["enterprise_id"], row["day"])
        for row in await conn.fetch(
            "SELECT enterprise_id, payload ->> 'day' AS day FROM reg_safety_promises WHERE removed_at IS NULL"
        )
    }
    return [row for row in rows if (row.owner.enterprise_id, row.values["day"]) not in known]


async def _write(conn: Connection, person: Person, register: Register, rows: list[Given]) -> None:
    for first in range(0, len(rows), _AT_ONCE):
        part = rows[first : first + _AT_ONCE]
        outcomes = await records_many.create_many(conn, person, register, part, _SOURCE)
        for row, outcome in zip(part, outcomes, strict=True):
            if outcome.outcome == "refused":
                raise Refused(f"{register.name}: {row.values}: {outcome.problems}")


def _asked(register: Register | None, made: Made) -> bool:
    return register is not None and (not register.sectors or made.trade.sector in register.sectors)


async def _person(conn: Connection, login: str) -> Person:
    number = await conn.fetchval("SELECT id FROM account WHERE login = $1", login)
    person = await identity.person_by_id(conn, number)
    assert person is not None
    return person


def _clerk(official: Person) -> Person:
    """Who filled in for the enterprises what officials approve: nobody reviews what he submitted himself."""
    return msgspec.structs.replace(official, account_id=0, display_name="企业填报员")


def _first_three() -> list[Made]:
    """The three plants with gateways, as lines of the same table."""
    papers = (("business", "营业执照"), ("safety", "安全生产许可证"))
    trades = {
        "chlorine": Trade(
            "waterworks", 1, "chemical", "供水（氯库）", "", papers, (), ("加氯机", "提升泵"), ("氯瓶",), 2
        ),
        "ammonia": Trade(
            "cold", 1, "trade", "食品冷藏", "", papers, ("液氨",), ("螺杆制冷机",), ("贮氨器",), 1
        ),
        "lpg": Trade("gas", 1, "gas", "液化石油气储配", "", papers, ("液化石油气",), ("烃泵",), ("储罐",), 1),
    }
    return [
        Made(
            code=one.code, name=one.name, credit_code=one.credit_code,
            region_code=one.region_code, office=one.agency, trade=trades[one.plant],
            hazard_class=one.hazard_class, address=one.address,
            contact_name=one.contact_name, contact_phone=one.contact_phone, status="working",
        )
        for one in ENTERPRISES
    ]  # fmt: skip
