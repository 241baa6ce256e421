"""Walks the whole API as one person, in this process and without a socket, and notes whose rows it was shown.

Addresses, parameters and bodies come from the OpenAPI document, the ids for them from the tables that they
name: a new address is asked without anybody remembering to. Rows of a scene carry `mark-<code of the owner>`.
"""

from __future__ import annotations

import asyncio
import io
import json
import re
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from central.identity import rules, scope_why
from central.identity.access import SESSION_COOKIE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from litestar import Litestar

    from central.db.pool import Connection
    from central.db.scope import Scope

MARK = re.compile(rb"mark-(@?\w+)")
CSRF_HEADER = b"x-csrf-token"
AT_ONCE = 4
# Parameters of paths that name nothing of an enterprise or agency: tried with these values.
PLAIN: dict[str, list[str]] = {
    "version": ["1"],
    "role_code": ["county", "own-dept"],
    "sector_code": ["mine"],
    "region_code": ["429982101", "429981"],
    "industry_code": ["26"],
    "session_id": ["1"],
    "backup_id": ["1"],
    "audit_id": ["1", "2"],
    "day": ["2026-01-01"],
    "code": ["429982101", "26"],
    "name": ["x"],
    "import_id": ["1", "2"],
    "token": ["x"],
    "dictionary_name": ["supply-type"],
    "entry_code": ["other"],
    "sha256": [f"{0:064x}"],
    "upload_id": [f"{1:032x}", f"{2:032x}"],
    "table_id": ["1"],
    "draft_id": ["1", "2", "3"],
    "model_id": ["1"],
    "rule_id": ["1", "2"],
    "threshold_id": ["1", "2"],
}
# Parameters whose table is called otherwise.
TABLES = {
    "code_id": "enrolment_code", "record_id": "enterprise warning notification digest",
    "unit_id": "committee_unit", "format_id": "number_format", "key_id": "api_key",
    "move_id": "relocation", "job_id": "relocation", "reorganisation_id": "relocation",
    "relocation_id": "relocation", "tape_id": "gateway_tape", "agency_id": "agency",
    "notice_id": "notice_receiver", "request_id": "recovery_request", "batch_id": "enterprise_batch",
}  # fmt: skip
# The addresses of all registers are the same: walked for two of them, with the ids of their tables.
REGISTERS = ("certificates", "rescue-teams")
VALUES = {"kind": ["enterprise-contact", "warning-contact", "message"]}
# Parameters of queries that need a place: that of the scene.
PLACES = {
    "bbox": "109.9,29.9,110.5,30.1",
    "longitude": "110",
    "latitude": "30",
    "radius_m": "50000",
    "zoom": "13",
}
# Doors for those who have no session; what they let in is tested where they stand.
DOORS = ("/api/v1/session", "/api/v1/enrolment/renewal", "/api/v1/notify/", "/api/v1/profile/password")
LIVE = "/api/v1/live"
WHY = "/api/v1/why"


@dataclass(frozen=True)
class Row:
    """An id of something, and where it is."""

    id: str
    place: str
    sector: str


@dataclass
class Walker:
    """One person on the way; without a token a stranger."""

    name: str
    scope: Scope
    token: str = ""
    account_id: int = 0
    view: str = ""
    seen: set[str] = field(default_factory=set)
    leaks: list[tuple[str, str, str]] = field(default_factory=list)
    broken: list[tuple[str, str, int, str]] = field(default_factory=list)
    asked: int = 0


@dataclass
class World:
    """What there is: the application, its document, the ids by table, and where every marked owner is."""

    app: Litestar
    document: dict[str, Any]
    rows: dict[str, list[Row]]
    owners: dict[str, tuple[str, str]]

    def foreign(self, scope: Scope, table: str, most: int) -> list[str]:
        """Ids of a table outside a scope."""
        return [row.id for row in self.rows[table] if not scope.holds(row.place, row.sector)][:most]

    def own(self, scope: Scope, table: str, most: int) -> list[str]:
        """Ids of a table inside a scope."""
        return [row.id for row in self.rows[table] if scope.holds(row.place, row.sector)][:most]

    def tables_of(self, path: str, parameter: str) -> list[str]:
        """The tables whose ids a parameter of a path may be.

        Raises:
            AssertionError: nobody said what it is; PLAIN or TABLES of this file should.
        """
        segment = path.partition("/{" + parameter)[0].rsplit("/", 1)[-1].replace("-", "_")
        stem = parameter.removesuffix("_id")
        names = TABLES.get(parameter, f"{stem} {segment.rstrip('s')} {segment.removesuffix('ies')}y").split()
        found = [name for name in names if name in self.rows]
        assert found, (
            f"{path}: say in tests/central/walk.py which table {parameter} is an id of, or its values"
        )
        return found


async def look_around(app: Litestar, conn: Connection) -> World:
    """The world as it is.

    Args:
        app: of the centre.
        conn: sees every row.
    """
    rows: dict[str, list[Row]] = {}
    for table in await placed_tables(conn):
        key = "code" if table["name"] == "region" else table["key"]
        sector = "sector" if table["sectored"] else "''"
        found = await conn.fetch(
            f"SELECT {key}::text AS id, place, {sector} AS sector FROM {table['name']} ORDER BY 1"
        )
        rows[table["name"]] = [Row(r["id"], r["place"], r["sector"]) for r in found]
    calls = await conn.fetch(
        "SELECT n.id::text, w.place, w.sector FROM notification AS n JOIN warning AS w ON w.id = n.warning_id"
    )
    rows["notification"] = [Row(r["id"], r["place"], r["sector"]) for r in calls]
    owners = {
        place.rpartition("/")[2]: (place, sector)
        for table in ("enterprise", "agency_detail")
        for place, sector in ((row.place, row.sector) for row in rows.get(table, []))
    }
    return World(app, app.openapi_schema.to_schema(), rows, owners)


async def placed_tables(conn: Connection) -> list[Any]:
    """Every table whose rows stand at a place, with its key and whether it has a sector."""
    return await conn.fetch(
        """
        SELECT c.relname AS name, bool_or(a.attname = 'sector') AS sectored,
               bool_or(a.attname = 'account_id') AS of_account,
               coalesce(min(a.attname) FILTER (WHERE a.attname = 'id'),
                        min(a.attname) FILTER (WHERE a.attnum = 1)) AS key
        FROM pg_class AS c
        JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        GROUP BY c.oid, c.relname HAVING bool_or(a.attname = 'place') ORDER BY c.relname
        """
    )


# -- asking ---


async def ask(
    app: Litestar, walker: Walker, method: str, target: str, body: object = None, tag: str = ""
) -> tuple[int, bytes]:
    """One request, straight into the application; status and body."""
    received: list[Any] = []
    sent = b"" if body is None else json.dumps(body).encode()
    handed = False
    answered = asyncio.Event()

    async def receive() -> Any:
        nonlocal handed
        if handed:
            # As a server says it once the whole answer went out; a streamed answer waits for that.
            await answered.wait()
            return {"type": "http.disconnect"}
        handed = True
        return {"type": "http.request", "body": sent, "more_body": False}

    async def send(message: Any) -> None:
        received.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            answered.set()

    await app(request_scope(walker, method, target, tag), receive, send)  # type: ignore[arg-type]
    status = next(m["status"] for m in received if m["type"] == "http.response.start")
    return status, b"".join(m.get("body", b"") for m in received if m["type"] == "http.response.body")


def request_scope(walker: Walker, method: str, target: str, tag: str = "") -> dict[str, Any]:
    """The ASGI scope of a request of somebody."""
    path, _, query = target.partition("?")
    headers = [(b"host", b"localhost"), (b"content-type", b"application/json")]
    if walker.token:
        headers.append((b"cookie", f"{SESSION_COOKIE}={walker.token}".encode()))
        headers.append((CSRF_HEADER, rules.csrf_token(walker.token).encode()))
    if walker.view:
        headers.append((b"fengsui-view", walker.view.encode()))
    if tag:
        headers.append((b"if-match", f'"{tag}"'.encode()))
    return {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1",
        "method": method.upper(), "scheme": "http", "path": path, "raw_path": quote(path).encode(),
        "query_string": query.encode(), "root_path": "", "headers": headers,
        "client": ("127.0.0.1", 50000), "server": ("localhost", 80),
    }  # fmt: skip


def note(world: World, walker: Walker, what: str, status: int, body: bytes) -> None:
    """Keeps what an answer showed, and whose it should not have shown."""
    walker.asked += 1
    # This process has no road to any gateway, and may say so.
    if status >= 500 and b"no-road" not in body:
        walker.broken.append((walker.name, what, status, body[:300].decode(errors="replace")))
    for code in {found.decode() for found in MARK.findall(unpacked(body))}:
        place, sector = world.owners[code]
        if walker.scope.holds(place, sector):
            walker.seen.add(code)
        else:
            walker.leaks.append((walker.name, what, code))


def unpacked(body: bytes) -> bytes:
    """A file's text too: workbooks and archives are zip files."""
    if not body.startswith(b"PK\x03\x04"):
        return body
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return b"\n".join(unpacked(archive.read(name)) for name in archive.namelist())


async def all_of(calls: list[Any]) -> None:
    """Waits for many, a few at a time."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(call: Any) -> None:
        async with gate:
            await call

    await asyncio.gather(*(one(call) for call in calls))


# -- reading ---


def addresses(world: World, *, reading: bool) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path and description of every address of the API."""
    for path, methods in world.document["paths"].items():
        if path.startswith("/api/v1/") and path not in {LIVE, WHY}:
            for method, operation in methods.items():
                if (method == "get") == reading:
                    yield method, path, operation


async def read_everything(world: World, walker: Walker, *, foreign: int, filters: bool) -> None:
    """Asks every GET address: as it is, for own and foreign ids, and with every filter of lists.

    Args:
        world: what there is.
        walker: who asks.
        foreign: how many foreign ids of each kind are tried.
        filters: whether every query parameter is tried, too.
    """

    async def get(target: str) -> None:
        note(world, walker, f"GET {target}", *await ask(world.app, walker, "GET", target))

    calls = []
    for _, path, operation in addresses(world, reading=True):
        plain = targets(world, walker.scope, path, foreign, own=2)
        calls += [get(with_query(target, operation, {})) for target in plain]
        if filters:
            for target in targets(world, walker.scope, path, 1, own=1):
                calls += [
                    get(with_query(target, operation, query)) for query in queries(world, walker, operation)
                ]
    for kind in scope_why.KINDS if filters else ():
        table = scope_why._RECORDS[kind][0]
        for number in world.foreign(walker.scope, table, 2) if table in world.rows else []:
            calls.append(get(f"{WHY}?{urlencode({'kind': kind, 'id': number})}"))
    await all_of(calls)


def targets(world: World, scope: Scope, path: str, foreign: int, own: int) -> list[str]:
    """A path with own and foreign ids in the place of its parameters."""
    if "{register_name" in path:
        return [
            target
            for name in REGISTERS
            for target in targets(world, scope, re.sub(r"\{register_name[^}]*\}", name, path), foreign, own)
        ]
    found = [path]
    register = re.match(r"/api/v1/registers/([a-z0-9-]+)/", path)
    for parameter in re.findall(r"\{(\w+)[^}]*\}", path):
        values = PLAIN.get(parameter) or VALUES.get(parameter)
        if values is None:
            values = []
            of_register = register is not None and parameter == "record_id"
            tables = (
                ["reg_" + register[1].replace("-", "_")]
                if register and of_register
                else world.tables_of(path, parameter)
            )
            for table in tables:
                values += world.own(scope, table, own) + world.foreign(scope, table, foreign)
        found = [
            target.replace("{" + parameter + "}", quote(value, safe=""))
            for target in found
            for value in values
        ]
    return found


def with_parameters(target: str, query: dict[str, str]) -> str:
    """A target with a query."""
    return f"{target}?{urlencode(query)}" if query else target


def with_query(target: str, operation: dict[str, Any], query: dict[str, str]) -> str:
    """A target with a query: what it must have, the longest page, and these values."""
    whole: dict[str, str] = {}
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "query" and parameter["name"] == "limit":
            whole["limit"] = f"{parameter['schema'].get('maximum', 100):g}"
        elif parameter["in"] == "query" and parameter.get("required"):
            whole[parameter["name"]] = _simple(parameter["name"], parameter["schema"])
    whole |= query
    return f"{target}?{urlencode(whole)}" if whole else target


def queries(world: World, walker: Walker, operation: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Every filter of an address with values that could open it."""
    for parameter in operation.get("parameters", ()):
        name = parameter["name"]
        if parameter["in"] != "query" or name in {"limit", "cursor"}:
            continue
        for value in filter_values(world, walker, name, parameter["schema"]):
            yield {name: value}


def filter_values(world: World, walker: Walker, name: str, schema: dict[str, Any]) -> list[str]:
    """What is tried for one filter: foreign ids, every word of a list, and a word that all marks hold."""
    table = name.removesuffix("_id")
    if name.endswith("_id") and table in world.rows:
        return world.foreign(walker.scope, table, 2) + world.own(walker.scope, table, 1)
    kinds = [schema, *schema.get("oneOf", ()), *schema.get("anyOf", ())]
    words = [str(word) for each in kinds for word in each.get("enum", ())]
    if words:
        return words
    if any(word in name for word in ("region", "area", "place")):
        return ["429982101", "42"]
    return [_simple(name, schema)]


def _simple(name: str, schema: dict[str, Any]) -> str:
    if name in PLACES:
        return PLACES[name]
    kinds = [schema, *schema.get("oneOf", ()), *schema.get("anyOf", ())]
    types = {each.get("type") for each in kinds}
    if any("date" in str(each.get("format", "")) for each in kinds) or name in {"since", "from"}:
        return "2020-01-01T00:00:00Z"
    if name in {"until", "to"}:
        return "2099-01-01T00:00:00Z"
    return "1" if types & {"integer", "number"} else "true" if "boolean" in types else "mark"


# -- writing ---


async def write_everywhere(world: World, walker: Walker, foreign: int) -> None:
    """Asks every other address for foreign ids with a body that its description takes."""
    for method, path, operation in addresses(world, reading=False):
        if path.startswith(DOORS):
            continue
        for target in targets(world, walker.scope, path, foreign, own=0):
            for tag in ("1", "4-1") if "If-Match" in str(operation.get("parameters")) else ("",):
                body = body_for(world, walker, operation)
                answer = await ask(world.app, walker, method, target, body, tag)
                note(world, walker, f"{method.upper()} {target}", *answer)


def body_for(world: World, walker: Walker, operation: dict[str, Any]) -> object:
    """A small body that fits the description of an address; ids in it are foreign."""
    content = operation.get("requestBody", {}).get("content", {})
    return _fitting(world, walker, "", next(iter(content.values()))["schema"], 0) if content else None


def _fitting(world: World, walker: Walker, name: str, schema: dict[str, Any], depth: int) -> object:
    if "$ref" in schema:
        schema = world.document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    for several in ("oneOf", "anyOf"):
        if several in schema:
            return _fitting(world, walker, name, schema[several][0], depth)
    if schema.get("type") == "object" and depth < 4:
        return {
            key: _fitting(world, walker, key, value, depth + 1)
            for key, value in schema.get("properties", {}).items()
            if key in schema.get("required", ()) or key.endswith("_id")
        }
    if schema.get("type") == "array":
        return [_fitting(world, walker, name, schema.get("items", {}), depth + 1)]
    return _word(world, walker, name, schema)


def _word(world: World, walker: Walker, name: str, schema: dict[str, Any]) -> object:
    table = name.removesuffix("_id")
    if name.endswith("_id") and world.rows.get(table):
        found = world.foreign(walker.scope, table, 1)
        return (int(found[0]) if found[0].isdigit() else found[0]) if found else None
    words = {
        "integer": schema.get("minimum", 1),
        "number": schema.get("minimum", 1),
        "boolean": True,
        "null": None,
    }
    if "enum" in schema or schema.get("type") in words:
        return schema["enum"][0] if "enum" in schema else words[schema["type"]]
    if "date" in str(schema.get("format", "")):
        return "2026-01-01T00:00:00Z"
    return "429982101" if any(word in name for word in ("region", "area", "place")) else "改动试探"


async def fingerprint(conn: Connection, walker: Walker) -> dict[str, str]:
    """What every table holds outside somebody's scope, as one number a table.

    The own account counts not, nor the audit, to which every refusal adds.
    """
    held = " OR ".join(f"(t.place >= '{low}' AND t.place < '{high}')" for low, high in walker.scope.ranges)
    inside = f"({held or 'false'})"
    sectors = walker.scope.sectors
    listed = "" if sectors is None else ",".join(f"'{code}'" for code in ("", *sorted(sectors)))
    marks: dict[str, str] = {}
    parts = []
    for table in await placed_tables(conn):
        if table["name"] == "audit":
            continue
        holds = inside
        if listed and table["sectored"]:
            holds += f" AND t.sector IN ({listed})"
        own = "t.id" if table["name"] == "account" else "t.account_id" if table["of_account"] else "NULL::int"
        parts.append(
            f"SELECT '{table['name']}' AS name, "
            "count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)), 0) AS mark "
            f"FROM {table['name']} AS t "
            f"WHERE NOT ({holds}) AND {own} IS DISTINCT FROM {walker.account_id}"
        )
    for row in await conn.fetch(" UNION ALL ".join(parts)):
        marks[row["name"]] = row["mark"]
    for child in (
        "warning_event",
        "notification",
        "timer",
        "ladder_step",
        "warning_alarm",
        "warning_photo",
        "warning_read",
    ):
        holds = inside + (f" AND t.sector IN ({listed})" if listed else "")
        marks[child] = str(
            await conn.fetchval(
                f"SELECT count(*) || ' ' || coalesce(sum(hashtextextended(c::text, 0)), 0) "
                f"FROM {child} AS c JOIN warning AS t ON t.id = c.warning_id WHERE NOT ({holds})"
            )
        )
    return marks


# -- listening ---


class Ear:
    """A live stream held open inside this process: everything that it was told, and the last id."""

    def __init__(self, app: Litestar, walker: Walker, last_id: str = "") -> None:
        self._gone = asyncio.Event()
        self.status = 0
        self.heard = b""
        query = f"?{urlencode({'view': walker.view})}" if walker.view else ""
        scope = request_scope(walker, "GET", LIVE + query)
        scope["headers"] = [pair for pair in scope["headers"] if pair[0] != b"fengsui-view"]
        if last_id:
            scope["headers"].append((b"last-event-id", last_id.encode()))
        self._task = asyncio.ensure_future(self._run(app, scope))

    async def _run(self, app: Litestar, scope: dict[str, Any]) -> None:
        asked = False

        async def receive() -> Any:
            nonlocal asked
            if not asked:
                asked = True
                return {"type": "http.request", "body": b"", "more_body": False}
            await self._gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            self.status = message.get("status", self.status)
            self.heard += message.get("body", b"")

        await app(scope, receive, send)  # type: ignore[arg-type]

    @property
    def marks(self) -> set[str]:
        """Whose events it heard."""
        return {code.decode() for code in MARK.findall(self.heard)}

    @property
    def position(self) -> str:
        """The last id that it was told."""
        found = re.findall(rb"^id: ?(\S+)", self.heard, re.MULTILINE)
        return found[-1].decode() if found else ""

    async def close(self) -> None:
        """Goes away, as a browser does."""
        self._gone.set()
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


async def ears(world: World, walkers: list[Walker], last_id: str = "") -> AsyncIterator[list[Ear]]:
    """Streams of everybody, closed afterwards; a generator for `contextlib.asynccontextmanager`."""
    opened = [Ear(world.app, walker, last_id) for walker in walkers]
    try:
        yield opened
    finally:
        for ear in opened:
            await ear.close()
