"""`users`: a thousand people signed in at one centre, a hundred of them asking at the same moment.

Beside each figure stands, as baseline, the limit that the customers' documents set (NFR-04…09); a ratio under
one keeps it. The people share the machine with the centre and its database: what is measured holds both.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import resource
import secrets
import tempfile
import time
from pathlib import Path

import httpx

from central.identity import rules
from rig.centre import PASSWORD, Centre
from tests.bench.report import emit, percentile, seconds

PEOPLE, AT_ONCE, SIGNING_IN = 1000, 100, 40
ENTERPRISES, POINTS_EACH, WARNINGS_EACH = 300, 8, 10
THINK_S = 10.0  # between two pages of one person
# NFR-07 and NFR-08 ask for the numbers of people; the others for these times.
RESPONSE_MS, COLLECTION_MS, STATISTICS_MS = 2500.0, 3000.0, 120_000.0
PAGES = (
    ("overview", STATISTICS_MS), ("warnings?limit=50", RESPONSE_MS), ("warnings?level=red", RESPONSE_MS),
    ("enterprises?limit=50", COLLECTION_MS), ("enterprises/7", COLLECTION_MS),
    ("gateways?limit=50", COLLECTION_MS),
    ("points?enterprise_id=7", RESPONSE_MS), ("session", RESPONSE_MS),
)  # fmt: skip

# Rows as ingest and people would have left them; the figures are of reading.
COUNTRY = f"""
INSERT INTO enterprise (code, name, credit_code, region_code, agency_id)
SELECT 'U' || n, '大负荷企业' || n, '91429981MA' || lpad(n::text, 8, '0'), '429981101', 3
FROM generate_series(1, {ENTERPRISES}) AS n;
INSERT INTO gateway (id, enterprise_id, name, public_key, created_at)
SELECT 'gw-' || lower(code), id, name, sha256(code::bytea), now() FROM enterprise;
INSERT INTO gateway_state (gateway_id, presence, software) SELECT id, 'online', '0.1.0' FROM gateway;
INSERT INTO point (gateway_id, enterprise_id, key, name, quantity, unit, source, period_ms, current,
                   created_at)
SELECT id, enterprise_id, 'GT-' || n, '监测点' || n, 'gas', 'ppm', 'bus/1', 1000, true, now()
FROM gateway, generate_series(1, {POINTS_EACH}) AS n;
INSERT INTO latest (point_id, at, value, quality, ordinal, seq, received_at)
SELECT id, now(), 1, 192, 1, 1, now() FROM point;
INSERT INTO warning (id, kind, subject_type, subject_id, side, is_test, enterprise_id, gateway_id, point_id,
                     title, subject_name, level, policy, level_reason, occurrence, raised_at, received_at,
                     updated_at, state)
SELECT gen_random_uuid(), 'alarm', 'point', p.id::text || '/' || n, 'high', false, p.enterprise_id,
       p.gateway_id, p.id, p.name, p.name, 1 + n % 4,
       '{{"name": "p", "level": 4, "version": 1, "region": "", "handling_s": 60, "repeat_s": 60,
          "steps": [{{"delay_s": 0, "rank": 0, "channels": ["app"]}}]}}',
       'bench', n::text, now() - n * interval '1 hour', now(), now(),
       CASE WHEN n = 1 THEN 'open' ELSE 'closed' END
FROM point AS p, generate_series(1, {WARNINGS_EACH}) AS n WHERE p.key = 'GT-1';
"""
CROWD = f"""
INSERT INTO account (login, password_hash, display_name, role, agency_id)
SELECT 'person-' || n, password_hash, '人员' || n, role, agency_id
FROM account, generate_series(1, {PEOPLE}) AS n WHERE login = 'township';
"""
SESSIONS = """
INSERT INTO session (token_hash, account_id, device_kind, created_at, seen_at)
SELECT hash, id, 'pc', now(), now()
FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM account WHERE login LIKE 'person-%') AS person
JOIN unnest($1::bytea[]) WITH ORDINALITY AS token (hash, n) USING (n)
"""


class Crowd:
    """Everybody's requests: how long each took, by page, and what went wrong."""

    def __init__(self, url: str) -> None:
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
        self._client = httpx.AsyncClient(base_url=f"{url}/api/v1/", timeout=60.0, limits=limits)
        self.took_ms: dict[str, list[float]] = {page: [] for page, _ in PAGES}
        self.errors: list[str] = []
        self.streams = 0

    async def ask(self, token: str, page: str) -> None:
        """One page of one person."""
        began = time.monotonic()
        try:
            answer = await self._client.get(page, headers={"cookie": f"fengsui_session={token}"})
        except httpx.HTTPError as exc:
            self.errors.append(f"{page}: {exc!r}")
            return
        self.took_ms[page].append((time.monotonic() - began) * 1000)
        if answer.status_code != 200:
            self.errors.append(f"{page}: {answer.status_code} {answer.text[:200]}")

    async def live(self, token: str) -> None:
        """The stream of one open console, for as long as it is held."""
        cookie = {"cookie": f"fengsui_session={token}"}
        async with self._client.stream("GET", "live", headers=cookie, timeout=None) as stream:
            self.streams += 1
            async for _ in stream.aiter_bytes():
                pass

    async def thinking(self, token: str, until: float) -> None:
        """A person who looks at a page, thinks, and opens the next."""
        await asyncio.sleep(random.uniform(0, THINK_S))
        while time.monotonic() < until:
            await self.ask(token, random.choice(PAGES)[0])
            await asyncio.sleep(random.uniform(0.5, 1.5) * THINK_S)

    async def hasty(self, tokens: list[str], until: float) -> int:
        """One of those who ask all the time; how many pages."""
        asked = 0
        while time.monotonic() < until:
            await self.ask(random.choice(tokens), random.choice(PAGES)[0])
            asked += 1
        return asked

    def report(self, kind: str) -> None:
        """Prints and forgets what was measured so far."""
        everything = [took for times in self.took_ms.values() for took in times]
        emit("users", f"{kind}_p50_ms", percentile(everything, 0.5), "ms")
        emit("users", f"{kind}_p99_ms", percentile(everything, 0.99), "ms", RESPONSE_MS)
        for page, limit in PAGES:
            name = page.split("?")[0].split("/")[0]
            if self.took_ms[page]:
                emit("users", f"{kind}_{name}_p99_ms", percentile(self.took_ms[page], 0.99), "ms", limit)
        emit("users", f"{kind}_errors", len(self.errors), "requests")
        for wrong in self.errors[:5]:
            print(f"   {wrong}", flush=True)
        self.took_ms = {page: [] for page, _ in PAGES}
        self.errors = []

    async def close(self) -> None:
        """Ends all connections."""
        await self._client.aclose()


async def measure(centre: Centre) -> None:
    """Signs people in, then lets a thousand work, then a hundred ask without a pause."""
    for statement in COUNTRY.split(";\n"):
        await centre.rows(statement)
    await centre.rows(CROWD)
    tokens = [secrets.token_urlsafe(32) for _ in range(PEOPLE)]
    await centre.rows(SESSIONS, [rules.token_hash(token) for token in tokens])
    await centre.rows("ANALYZE")
    await signing_in(centre.url)
    crowd = Crowd(centre.url)
    open_consoles = [asyncio.create_task(crowd.live(token)) for token in tokens]
    began = time.monotonic()
    while crowd.streams < PEOPLE and time.monotonic() < began + 60:
        await asyncio.sleep(0.1)
    emit("users", "streams_open", crowd.streams, "streams", PEOPLE)
    until = time.monotonic() + seconds(60)
    await asyncio.gather(*(crowd.thinking(token, until) for token in tokens))
    crowd.report("signed_in")
    began = time.monotonic()
    until = began + seconds(20)
    asked = await asyncio.gather(*(crowd.hasty(tokens, until) for _ in range(AT_ONCE)))
    crowd.report("concurrent")
    emit("users", "concurrent_requests_per_s", sum(asked) / (time.monotonic() - began), "requests/s")
    for task in open_consoles:
        task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.gather(*open_consoles)
    await crowd.close()


async def signing_in(url: str) -> None:
    """Real sign-ins, ten at a time; argon2id takes its time on purpose."""
    gate = asyncio.Semaphore(10)
    took: list[float] = []

    async def one(number: int) -> None:
        async with gate, httpx.AsyncClient(base_url=url, timeout=60.0) as client:
            began = time.monotonic()
            entered = {"account": f"person-{number}", "password": PASSWORD, "device": "phone"}
            address = {"x-forwarded-for": f"10.0.{number // 250}.{number % 250 + 1}"}
            answer = await client.post("/api/v1/session", json=entered, headers=address)
            took.append((time.monotonic() - began) * 1000)
            answer.raise_for_status()

    await asyncio.gather(*(one(number + 1) for number in range(SIGNING_IN)))
    emit("users", "sign_in_p99_ms", percentile(took, 0.99), "ms", RESPONSE_MS)


def main() -> None:
    """Measures and prints."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 8192)), hard))
    env = {"FENGSUI_TRUST_PROXY": "1"}
    with tempfile.TemporaryDirectory() as folder, Centre(Path(folder), env) as centre:
        centre.furnish()
        asyncio.run(measure(centre))


if __name__ == "__main__":
    main()
