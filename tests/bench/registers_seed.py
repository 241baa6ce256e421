"""The county at its full size for `registers`: enterprises, their people and other records, by COPY.

A fifth of the records are people: 10⁷ are 2,000,000 people of 100,000 enterprises, and what belongs to them.
The indexes of the tables are dropped before and built after.
"""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from central.db.pool import Connection, connect
from central.registry import records_rules as rules
from central.registry import tables
from central.registry.forms.checking import check
from central.registry.forms.register import Register, catalogue
from tests.central.registry.made import made

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

CITIES, COUNTIES, TOWNSHIPS = 5, 4, 10
SECTORS = ("chemical", "mine", "trade", "other")
SURNAMES, NAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林罗高", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平"
THINGS = ("储罐", "离心泵", "反应釜", "空压机", "行车", "锅炉", "变压器", "叉车", "冷凝器", "管道")
RECORDS_AN_ENTERPRISE = 100
# Of a hundred records; people are a fifth.
SHARES = {
    "staff-members": 20, "certificates": 20, "safety-promises": 25, "risk-list": 20,
    "production-equipment": 15,
}  # fmt: skip
# What a machine of the size that these records need is given.
CONFIG = "max_wal_size = '16GB'\nmaintenance_work_mem = '512MB'\nshared_buffers = '2GB'"
# Of the record of a number: its title with its initials, and the values that are its own.
Own: TypeAlias = "Callable[[int], tuple[tuple[str, str], dict[str, Any]]]"
_COLUMNS = (
    "enterprise_id", "place", "sector", "state", "payload", "counted", "title", "initials", "created_at",
    "changed_at",
)  # fmt: skip
_LINES = 5000  # a block that is sent


def enterprises_of(records: int) -> int:
    """How many enterprises some records belong to."""
    return max(200, records // RECORDS_AN_ENTERPRISE)


def city(number: int) -> str:
    """A region of four digits."""
    return f"42{1 + number % CITIES:02d}"


def county(number: int) -> str:
    """A region of six digits, in turn through the cities."""
    return f"{city(number)}{1 + number // CITIES % COUNTIES:02d}"


def township(number: int) -> str:
    """A region of nine digits, in turn through the counties."""
    return f"{county(number)}{101 + number // (CITIES * COUNTIES) % TOWNSHIPS}"


def place(number: int) -> str:
    """Where an enterprise stands; they are numbered from 1."""
    return f"{township(number)}/E{number}"


async def seed(admin_url: str, records: int) -> None:
    """Fills a fresh database, past every trigger, and builds its indexes.

    Args:
        admin_url: of the administrator.
        records: of all registers together.
    """
    admin = await connect(admin_url)
    try:
        await admin.execute("SET session_replication_role = replica")
        regions = {"42": None} | {
            code: parent
            for n in range(CITIES * COUNTIES * TOWNSHIPS)
            for code, parent in ((city(n), "42"), (county(n), city(n)), (township(n), county(n)))
        }
        await admin.copy_records_to_table(
            "region",
            records=[(code, f"区{code}", parent) for code, parent in regions.items()],
            columns=["code", "name", "parent_code"],
        )
        await admin.copy_records_to_table(
            "enterprise",
            records=[
                (n, f"E{n}", f"企业{n}", f"{n:018d}", township(n), place(n), SECTORS[n % len(SECTORS)])
                for n in range(1, enterprises_of(records) + 1)
            ],
            columns=["id", "code", "name", "credit_code", "region_code", "place", "sector"],
        )
        for name in SHARES:
            for index in tables.indexes(catalogue()[name]):
                await admin.execute(f"DROP INDEX {index.name[:63]}")
    finally:
        await admin.close()
    waiting = sorted(SHARES, key=lambda name: -SHARES[name])

    async def take() -> None:
        own = await connect(admin_url)
        try:
            await own.execute("SET session_replication_role = replica; SET synchronous_commit = off")
            while waiting:
                await _copy(own, catalogue()[waiting.pop(0)], records)
        finally:
            await own.close()

    async with asyncio.TaskGroup() as tasks:
        for _ in range(2):
            tasks.create_task(take())
    admin = await connect(admin_url)
    try:
        await tables.build(admin)
        for name in ("enterprise", "region", *(tables.table_of(catalogue()[name]) for name in SHARES)):
            await admin.execute(f"VACUUM ANALYZE {name}")
    finally:
        await admin.close()


async def _copy(conn: Connection, register: Register, records: int) -> None:
    count = records * SHARES[register.name] // 100

    async def blocks() -> AsyncIterator[bytes]:
        lines: list[str] = []
        for line in _lines(register, count, enterprises_of(records)):
            lines.append(line)
            if len(lines) == _LINES:
                yield "".join(lines).encode()
                lines = []
                await asyncio.sleep(0)
        yield "".join(lines).encode()

    await conn.copy_to_table(
        tables.table_of(register), source=blocks(), columns=list(_COLUMNS), format="text"
    )


def _lines(register: Register, count: int, enterprises: int) -> Iterator[str]:
    """Lines of COPY: what lists show and filter by; title and key are a record's own, the rest is as made."""
    values, _ = check(register.record, made(register, 1), submitted=True)
    own = _OWN[register.name](count)
    shown = {*register.columns, *register.filters} - set(own(0)[1])
    rest = {name: value for name, value in values.items() if name in shown}
    tail = msgspec.json.encode(rest).decode()[1:].replace("\\", "\\\\")
    for n in range(count):
        # Neighbours by number are strangers by place, as in a life of years.
        who = 1 + n * 7919 % enterprises
        (title, letters), mine = own(n)
        payload = f"{msgspec.json.encode(mine).decode()[:-1]},{tail}"
        sector = SECTORS[who % len(SECTORS)]
        yield (
            f"{who}\t{place(who)}\t{sector}\tvalid\t{payload}\t{payload}\t{title}\t{letters}\t"
            "2026-01-01\t2026-01-01\n"
        )


def _mixed(n: int) -> int:
    """A number that tells nothing of the other things that follow from n: names, kinds, places."""
    return ((n * 2654435761) & 0xFFFFFFFF) >> 7


def _person(count: int) -> Own:
    names = [(s + a + b, rules.initials(s + a + b)) for s in SURNAMES for a in NAMES for b in NAMES]
    kinds = ("general", "general", "general", "special-operation", "safety-manager", "principal")

    def own(n: int) -> tuple[tuple[str, str], dict[str, Any]]:
        title = names[_mixed(n) % len(names)]
        return title, {
            "name": title[0], "identity_number": f"{n:018d}", "kind": {"choice": kinds[n // 7 % len(kinds)]},
            "certified": n // 11 % 3 == 0, "mobile": f"139{n % 10**8:08d}",
        }  # fmt: skip

    return own


def _certificate(count: int) -> Own:
    person, kinds = _person(count), ("principal", "safety-manager", "special-operation")
    days = [(date(2026, 1, 1) + timedelta(days=n)).isoformat() for n in range(1500)]

    def own(n: int) -> tuple[tuple[str, str], dict[str, Any]]:
        title, _ = person(n)
        return title, {
            "holder": title[0], "number": f"N{n}", "kind": {"choice": kinds[n // 7 % len(kinds)]},
            "valid": {"from": "2024-01-01", "to": days[n % len(days)]},
        }  # fmt: skip

    return own


def _promise(count: int) -> Own:
    days = [(date(2026, 1, 1) + timedelta(days=n)).isoformat() for n in range(400)]

    def own(n: int) -> tuple[tuple[str, str], dict[str, Any]]:
        # One a day and enterprise: as many days as each has promises.
        day = days[n // enterprises_of(count * 100 // SHARES["safety-promises"]) % len(days)]
        return (day, day.replace("-", "")), {"day": day}

    return own


def _thing(prefix: str, key: str) -> Callable[[int], Own]:
    def of(count: int) -> Own:
        titles = [
            (f"{a}号{thing}", rules.initials(f"{a}号{thing}")) for a in range(1, 400) for thing in THINGS
        ]

        def own(n: int) -> tuple[tuple[str, str], dict[str, Any]]:
            title = titles[_mixed(n) % len(titles)]
            return title, {"name": title[0], **({key: f"{prefix}{n}"} if key else {})}

        return own

    return of


_OWN: dict[str, Callable[[int], Own]] = {
    "staff-members": _person, "certificates": _certificate, "safety-promises": _promise,
    "risk-list": _thing("", ""), "production-equipment": _thing("S", "number"),
}  # fmt: skip
