"""A small county in a real database, with a clock moved by hand and a channel that does what it is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from central.db.pool import Connection, Database, DatabaseUrls, connect
from central.db.scope import Scope, acting, scoped
from central.identity.models import Person
from central.warning import answers, holds_worker, service, store, worker
from central.warning.models import AlarmFact, Judgement
from central.warning.notify import worker as notify
from central.warning.notify.models import Accepted, Answer, Message, Receipt, Refused, Unavailable
from protocol.messages import ACKNOWLEDGE, CLEAR, RAISE

START = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
PLACE = "429981101/E0001"
CITY, COUNTY, TOWNSHIP, OTHER_TOWNSHIP = 1, 2, 3, 4
PLANT = 1

_SEED = """
INSERT INTO region (code, name, parent_code) VALUES
    ('42', '某省', NULL), ('4299', '云泽市', '42'), ('429981', '临江县', '4299'),
    ('429981101', '青石镇', '429981'), ('429981102', '白沙镇', '429981');
INSERT INTO agency (id, name, parent_id, rank) VALUES
    (1, '云泽市应急管理局', NULL, 4), (2, '临江县应急管理局', 1, 3), (3, '青石镇应急办', 2, 2),
    (4, '白沙镇应急办', 2, 2);
INSERT INTO agency_area (agency_id, place_prefix) VALUES
    (1, '4299'), (2, '429981'), (3, '429981101'), (4, '429981102');
INSERT INTO enterprise (id, code, name, credit_code, region_code, agency_id, hazard_class, place) VALUES
    (1, 'E0001', '临江清源水务有限公司', '91420000MA4KXXXX10', '429981101', 3, 3, ''),
    (2, 'E0002', '白沙冷链食品有限公司', '91420000MA4KXXXX29', '429981102', 4, 4, '');
INSERT INTO account (id, login, password_hash, display_name, role, agency_id, enterprise_id, phone,
                     phone_verified_at, on_call) VALUES
    (1, 'city', '', '市局值班', 'city', 1, NULL, '13900000001', now(), true),
    (2, 'county', '', '县局值班', 'county', 2, NULL, '13900000002', now(), true),
    (3, 'township', '', '镇值班', 'township', 3, NULL, '13900000003', now(), true),
    (4, 'enterprise', '', '安全员', 'enterprise', NULL, 1, '13900000004', now(), true),
    (5, 'elsewhere', '', '邻镇值班', 'township', 4, NULL, '13900000005', now(), true),
    (6, 'deputy', '', '县局副班', 'county', 2, NULL, NULL, NULL, false),
    (7, 'colleague', '', '班组长', 'enterprise', NULL, 1, NULL, NULL, false);
INSERT INTO gateway (id, enterprise_id, name, public_key, place, created_at) VALUES
    ('gw-chlorine', 1, '氯库网关', decode(repeat('01', 32), 'hex'), '', now());
INSERT INTO point (gateway_id, enterprise_id, key, place, name, quantity, unit, source, period_ms, current,
                   created_at)
VALUES ('gw-chlorine', 1, 'GT-101', '', '氯库泄漏探测器', 'gas', 'mg/m³', 's', 1000, true, now());
"""

MAY_SUPERVISOR = frozenset({"see", "acknowledge", "handle", "false-alarm", "close", "command", "window"})
MAY_ENTERPRISE = frozenset({"see", "acknowledge", "handle", "false-alarm", "command", "cover", "window"})

Hook = Callable[[Message], Awaitable[Answer] | Answer]


@dataclass
class Phone:
    """A channel: remembers what it was handed, answers as it is told, delivers unless silent."""

    answer: Hook | None = None
    sent: list[Message] = field(default_factory=list)
    silent: bool = False

    async def send(self, message: Message) -> Answer:
        """Record, then answer."""
        self.sent.append(message)
        if self.answer is None:
            return Accepted(f"p-{message.key}")
        given = self.answer(message)
        return given if isinstance(given, Accepted | Refused | Unavailable) else await given

    async def look_up(self, provider_id: str) -> Receipt | None:
        """Delivered, or nothing at all."""
        return None if self.silent or not provider_id else Receipt("delivered")

    @property
    def numbers(self) -> list[str]:
        """Who was handed over, in order."""
        return [message.address for message in self.sent]


@dataclass
class County:
    """The database, the clock and the ways to act in it."""

    db: Database
    urls: DatabaseUrls
    point_id: int
    now: datetime = START
    phone: Phone = field(default_factory=Phone)

    async def clock(self, _conn: Connection) -> datetime:
        """The time as this test has it."""
        return self.now

    def advance(self, **by: float) -> None:
        """Let time pass."""
        self.now += timedelta(**by)

    # --- what gateways tell ---

    def fact(self, transition: int = RAISE, **changes: Any) -> AlarmFact:
        """One transition of GT-101; H by default."""
        limit_name = changes.pop("limit_name", "H")
        values: dict[str, Any] = {
            "gateway_id": "gw-chlorine",
            "point_id": self.point_id,
            "place": PLACE,
            "enterprise_id": PLANT,
            "point_name": "氯库泄漏探测器",
            "alarm": f"GT-101/{limit_name}",
            "side": "quality" if limit_name == "Q" else "low" if limit_name in {"L", "LL"} else "high",
            "limit_name": limit_name,
            "occurrence": "0000002a-1",
            "transition": transition,
            "state": {RAISE: "B", CLEAR: "D", ACKNOWLEDGE: "C"}.get(transition, "B"),
            "at": self.now - timedelta(seconds=1),
            "received_at": self.now,
            "hazard_class": 3,
            "quantity": "gas",
            "unit": "mg/m³",
            "limit": 2.0 if limit_name == "HH" else 1.0,
            "value": 2.4 if limit_name == "HH" else 1.2,
        }
        return AlarmFact(**(values | changes))

    async def judge(self, transition: int = RAISE, **changes: Any) -> Judgement | None:
        """Tell one transition, as ingest does."""
        async with acting(self.db.worker) as conn:
            return await service.judge_alarm(conn, self.fact(transition, **changes))

    async def open(self, limit_name: str = "H", **changes: Any) -> UUID:
        """Raise an alarm that opens a case: H yellow, HH red."""
        judged = await self.judge(RAISE, limit_name=limit_name, **changes)
        assert judged is not None
        assert judged.change == "opened", judged
        return judged.warning_id

    # --- what time does ---

    async def fire(self) -> int:
        """Fire every ladder that is due; give how many times a case was worked on."""
        await self.follow()
        count = 0
        while await worker.fire_due(self.db, self.clock):
            count += 1
            assert count < 100, "the ladder does not come to rest"
        return count

    async def follow(self) -> int:
        """Decide for every case that waits for something which changed; give how many tasks there were."""
        count = 0
        while await holds_worker.step(self.db, self.clock):
            count += 1
            assert count < 1000, "what waits does not come to rest"
        return count

    async def send(self) -> None:
        """Send what is due now."""
        await notify.send_due(self.db, {"sms": self.phone}, self.clock)

    async def settle(self) -> None:
        """Fire and send until nothing is due at this moment."""
        for _ in range(20):
            fired = await self.fire()
            sent = await notify.send_due(self.db, {"sms": self.phone}, self.clock)
            if not fired and not sent:
                return
        raise AssertionError("calls and ladders do not come to rest")

    async def pass_time(self, seconds: float, step_s: float = 1.0) -> None:
        """Let time pass in small steps, with everything that comes due."""
        await self.settle()
        until = self.now + timedelta(seconds=seconds)
        while self.now < until:
            self.now = min(self.now + timedelta(seconds=step_s), until)
            await self.settle()

    # --- what people do ---

    def person(self, who: str) -> Person:
        """One of the accounts, as its session."""
        number, name, role, agency, scope = {
            "city": (1, "市局值班", "city", CITY, Scope.region("4299")),
            "county": (2, "县局值班", "county", COUNTY, Scope.region("429981")),
            "deputy": (6, "县局副班", "county", COUNTY, Scope.region("429981")),
            "township": (3, "镇值班", "township", TOWNSHIP, Scope.region("429981101")),
            "elsewhere": (5, "邻镇值班", "township", OTHER_TOWNSHIP, Scope.region("429981102")),
            "enterprise": (4, "安全员", "enterprise", None, Scope.enterprise(PLACE)),
            "colleague": (7, "班组长", "enterprise", None, Scope.enterprise(PLACE)),
        }[who]
        return Person(
            account_id=number,
            account=who,
            display_name=name,
            role=role,
            role_name=role,
            kind="enterprise" if role == "enterprise" else "supervisor",
            agency_id=agency,
            agency_name=None,
            agency_rank=None,
            enterprise_id=PLANT if role == "enterprise" else None,
            enterprise_name=None,
            place_name="辖区",
            scope=scope,
            may=MAY_ENTERPRISE if role == "enterprise" else MAY_SUPERVISOR,
        )

    async def tag(self, warning_id: UUID) -> str:
        """What a person who looks now has seen."""
        return answers.tag_of(await self.row(warning_id))

    async def act(self, who: str, what: str, warning_id: UUID, *words: Any, seen: str | None = None) -> None:
        """Let somebody answer, in their own scoped transaction."""
        person = self.person(who)
        async with scoped(self.db.web, person.scope, person.actor) as conn:
            if what == "end_suppression":
                await answers.end_suppression(conn, person, warning_id, *words, clock=self.clock)
                return
            tag = seen or await self.tag(warning_id)
            act = getattr(answers, what)
            await act(conn, person, warning_id, tag, *words, clock=self.clock)

    # --- what is there ---

    async def row(self, warning_id: UUID) -> Any:
        """The stored case."""
        async with self.db.worker.acquire() as conn:
            row = await store.case_by_id(conn, warning_id)
        assert row is not None
        return row

    async def cases(self) -> list[Any]:
        """All cases, oldest first."""
        return await self.fetch("SELECT * FROM warning ORDER BY number")

    async def calls(self, channel: str = "sms") -> list[Any]:
        """All calls of a channel in the order in which they were written."""
        return await self.fetch(
            "SELECT * FROM notification WHERE channel = $1 ORDER BY created_at, level, round, step, person",
            channel,
        )

    async def kinds(self, warning_id: UUID) -> list[str]:
        """The story's kinds, in order."""
        rows = await self.fetch(
            "SELECT kind FROM warning_event WHERE warning_id = $1 ORDER BY id", warning_id
        )
        return [row["kind"] for row in rows]

    async def fetch(self, query: str, *values: Any) -> list[Any]:
        """Read as the worker."""
        async with self.db.worker.acquire() as conn:
            return await conn.fetch(query, *values)

    async def execute(self, query: str, *values: Any) -> None:
        """Change the county itself, as its administrator."""
        conn = await connect(self.urls.admin)
        try:
            await conn.execute(query, *values)
        finally:
            await conn.close()

    async def more_points(self, count: int) -> None:
        """Add points: their ids follow that of GT-101."""
        await self.execute(
            "INSERT INTO point (gateway_id, enterprise_id, key, place, name, quantity, unit, source,"
            " period_ms, current, created_at)"
            " SELECT 'gw-chlorine', 1, 'N-' || n, '', 'x', 'gas', '', 's', 1000, true, now()"
            " FROM generate_series(1, $1::int) AS n",
            count,
        )

    async def policy(self, level: int, **changes: Any) -> None:
        """Write another version of a ladder."""
        async with acting(self.db.worker) as conn:
            old = await store.policy(conn, PLACE, level, self.now)
            await store.add_policy(conn, msgspec.structs.replace(old, **changes), self.now)


@asynccontextmanager
async def county(urls: DatabaseUrls) -> AsyncIterator[County]:
    """A county with one person on call in each of its offices and in its plant."""
    conn = await connect(urls.admin)
    try:
        await conn.execute(_SEED)
        point_id: int = await conn.fetchval("SELECT id FROM point")
    finally:
        await conn.close()
    async with Database.open(urls, web_size=4, worker_size=6) as db:
        yield County(db, urls, point_id)


def in_county(urls: DatabaseUrls, scenario: Callable[[County], Awaitable[None]]) -> None:
    """Run one scenario."""

    async def run() -> None:
        async with county(urls) as there:
            await scenario(there)

    asyncio.run(run())
