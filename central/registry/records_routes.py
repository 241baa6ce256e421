"""HTTP of all registers: their catalogue, their schemas, and their records, the same addresses for each."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import msgspec
from litestar import Controller, Request, Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromQuery, HeaderParameter, JSONBody, PathParameter, QueryParameter
from msgspec import Struct

from central.db.pool import Database
from central.db.scope import scoped
from central.http.paging import MOST
from central.http.tags import read_version, write_tag
from central.identity.access import may
from central.identity.models import Person
from central.registry import records, records_given, records_list
from central.registry import records_rules as rules
from central.registry.forms.json_schema import schema
from central.registry.forms.register import GROUPS, Register, catalogue, fields_of
from central.registry.records_models import (
    Counts,
    History,
    NewRecord,
    Owner,
    Page,
    Query,
    Record,
    RecordChange,
    Review,
)

Name = Annotated[str, PathParameter(max_length=48)]
Number = Annotated[int, PathParameter(ge=1, le=2**63 - 1)]
Limit = Annotated[int, QueryParameter(ge=1, le=MOST)]
Search = Annotated[str, QueryParameter(max_length=100)]
Short = Annotated[str, QueryParameter(max_length=64)]
State = Annotated[str, QueryParameter(name="state", max_length=16)]
Whose = Annotated[int | None, QueryParameter(ge=1, le=2**31 - 1)]
AsOf = Annotated[date | None, QueryParameter()]
IfMatch = Annotated[str | None, HeaderParameter(name="If-Match", required=False)]

# Every other parameter of a list is a filter of the register.
OWN_PARAMETERS = frozenset(
    {
        "limit", "cursor", "sort", "q", "enterprise_id", "agency_id", "region", "state", "by", "view",
        "columns", "as_of",
    }
)  # fmt: skip


class FieldOf(Struct, frozen=True):
    """A column or filter: its name, its kind, its labels, and the parameter that filters by it.

    `parameter` is the name itself, or `values.<name>` where every list has a parameter of that name.
    """

    name: str
    kind: str
    title: str
    title_en: str
    parameter: str


class Entry(Struct, frozen=True, kw_only=True):
    """A register of the catalogue, and what the reader may do in it."""

    name: str
    title: str
    title_en: str
    group: str
    group_title: str
    owner: str
    single: bool
    reviewed: bool
    dated: bool
    shared: bool
    coded: bool
    sectors: list[str]
    may_write: bool
    may_review: bool
    columns: list[str]
    filters: list[str]
    key: list[str]
    title_field: str
    totals: list[str]
    tallies: list[str]
    public: list[str]
    fields: list[FieldOf]
    source: str


class Catalogue(Struct, frozen=True):
    items: list[Entry]


class Described(Struct, frozen=True):
    """A register and the JSON Schema (2020-12) of its records, in the order of the document."""

    register: Entry
    schema: dict[str, Any]


def parameter_of(name: str) -> str:
    """The parameter by which a list is filtered by a field."""
    return f"{records_list.FIELD}{name}" if name in OWN_PARAMETERS else name


def entry(register: Register, person: Person) -> Entry:
    """A register as the catalogue shows it to somebody."""
    return Entry(
        name=register.name, title=register.zh, title_en=register.en, group=register.group,
        group_title=GROUPS[register.group], owner=register.owner, single=register.single,
        reviewed=register.reviewed, dated=register.dated, shared=register.shared, coded=register.coded,
        sectors=list(register.sectors), may_write=rules.writes(person, register),
        may_review=rules.reviews(person, register), columns=list(register.columns),
        filters=list(register.filters), key=list(register.key), title_field=register.title,
        totals=list(register.totals), tallies=list(register.tallies), public=list(register.public),
        fields=[
            FieldOf(bound.name, bound.field.kind, bound.field.zh, bound.field.en, parameter_of(bound.name))
            for bound in fields_of(register.record)
            if bound.name in {*register.columns, *register.filters}
        ],
        source=register.source,
    )  # fmt: skip


def query_of(request: Request[Any, Any, Any], **known: Any) -> Query:
    """The query of a list: what the address names by its own parameters, and every other one as a filter.

    Who does not take `as_of` refuses it so, rather than tell of today what was asked of another day.
    """
    own = OWN_PARAMETERS if "as_of" in known else OWN_PARAMETERS - {"as_of"}
    filters = {name: value for name, value in request.query_params.items() if name not in own}
    return Query(**known, filters=filters)


def _answer(record: Record, status_code: int = 200) -> Response[Record]:
    return Response(record, status_code=status_code, headers={"etag": write_tag(record.version)})


class RegisterController(Controller):
    """Registers (台账) and their records."""

    path = "/registers"
    tags = ("registers",)

    @get("/", operation_id="listRegisters")
    async def listed(self, person: NamedDependency[Person]) -> Catalogue:
        """Every register there is, in the order of the groups."""
        groups = list(GROUPS)
        found = sorted(catalogue().values(), key=lambda one: groups.index(one.group))
        return Catalogue([entry(register, person) for register in found])

    @get("/{register_name:str}/schema", operation_id="readRegisterSchema")
    async def described(self, register_name: Name, person: NamedDependency[Person]) -> Described:
        """A register with the JSON Schema of its records."""
        register = records.named(register_name)
        return Described(entry(register, person), schema(register))

    @get("/{register_name:str}", operation_id="listRecords")
    async def page(
        self,
        request: Request[Any, Any, Any],
        register_name: Name,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        limit: Limit = 50,
        cursor: FromQuery[str | None] = None,
        sort: Short = "-id",
        q: Search = "",
        enterprise_id: Whose = None,
        agency_id: Whose = None,
        region: Short = "",
        wanted: State = "",
        as_of: AsOf = None,
    ) -> Page:
        """Records of a register.

        Each filter of the register is a parameter of its own name, or `values.` and its name (needed where a
        parameter below is called so); of numbers and days also `name.from` and `name.to`. Of a span `name`
        asks for what is valid on a day, `name.from` and `name.to` for what ends between. `q` finds part of a
        title or of its pinyin initials. `as_of` shows what counted on a day (YYYY-MM-DD), without what was
        removed since, in place of what is kept now.
        """
        register = records.named(register_name)
        query = query_of(
            request, limit=limit, cursor=cursor, sort=sort, q=q, enterprise_id=enterprise_id,
            agency_id=agency_id, region=region, state=wanted, as_of=as_of,
        )  # fmt: skip
        async with scoped(database.web, person.scope, person.actor) as conn:
            return await records_list.list_(conn, person, register, query)

    @get("/{register_name:str}/counts", operation_id="countRecords")
    async def counted(
        self,
        request: Request[Any, Any, Any],
        register_name: Name,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        by: Short = "state",
        q: Search = "",
        enterprise_id: Whose = None,
        agency_id: Whose = None,
        region: Short = "",
        wanted: State = "",
        as_of: AsOf = None,
    ) -> Counts:
        """How many records have each value of a filter field, under the filters of the list, on any day."""
        register = records.named(register_name)
        query = query_of(
            request, q=q, enterprise_id=enterprise_id, agency_id=agency_id, region=region, state=wanted,
            as_of=as_of,
        )  # fmt: skip
        async with scoped(database.web, person.scope, person.actor) as conn:
            return await records_list.counts(conn, register, query, by)

    @post("/{register_name:str}", operation_id="createRecord", guards=[may("register")], status_code=201)
    async def create(
        self,
        register_name: Name,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        data: JSONBody[NewRecord],
    ) -> Response[Record]:
        """Adds a record, as a draft or submitted."""
        register = records.named(register_name)
        async with scoped(database.web, person.scope, person.actor) as conn:
            record = await records.create(
                conn, person, register, Owner(data.enterprise_id, data.agency_id), data.values,
                submit=data.submit, reason=data.reason, valid_from=data.valid_from,
            )  # fmt: skip
        return _answer(record, 201)

    @get("/{register_name:str}/{record_id:int}", operation_id="readRecord")
    async def one(
        self,
        register_name: Name,
        record_id: Number,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        as_of: AsOf = None,
    ) -> Response[Record]:
        """A record; `as_of` shows what counted on a day (YYYY-MM-DD) in place of what is kept now."""
        register = records.named(register_name)
        async with scoped(database.web, person.scope, person.actor) as conn:
            record = await records.read(conn, person, register, record_id, as_of)
            printed = await records_given.given(conn, person, register, record.values)
        return _answer(msgspec.structs.replace(record, given=[*printed, *record.given]))

    @put("/{register_name:str}/{record_id:int}", operation_id="changeRecord", guards=[may("register")])
    async def change(
        self,
        register_name: Name,
        record_id: Number,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        data: JSONBody[RecordChange],
        if_match: IfMatch = None,
    ) -> Response[Record]:
        """Changes a record to the values given."""
        version = read_version(if_match)
        register = records.named(register_name)
        async with scoped(database.web, person.scope, person.actor) as conn:
            record = await records.change(
                conn, person, register, record_id, version, data.values, submit=data.submit,
                reason=data.reason, valid_from=data.valid_from,
            )  # fmt: skip
        return _answer(record)

    @delete(
        "/{register_name:str}/{record_id:int}",
        operation_id="removeRecord",
        guards=[may("register")],
        status_code=204,
    )
    async def remove(
        self,
        register_name: Name,
        record_id: Number,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        reason: Annotated[str, QueryParameter(max_length=500)] = "",
        if_match: IfMatch = None,
    ) -> None:
        """Takes a record away."""
        version = read_version(if_match)
        register = records.named(register_name)
        async with scoped(database.web, person.scope, person.actor) as conn:
            await records.remove(conn, person, register, record_id, version, reason)

    @post(
        "/{register_name:str}/{record_id:int}/submit",
        operation_id="submitRecord",
        guards=[may("register")],
        status_code=200,
    )
    async def submit(
        self,
        register_name: Name,
        record_id: Number,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        if_match: IfMatch = None,
    ) -> Response[Record]:
        """Submits a draft or a returned record as it stands."""
        version = read_version(if_match)
        register = records.named(register_name)
        async with scoped(database.web, person.scope, person.actor) as conn:
            record = await records.submit(conn, person, register, record_id, version)
        return _answer(record)

    @post(
        "/{register_name:str}/{record_id:int}/review",
        operation_id="reviewRecord",
        guards=[may("review")],
        status_code=200,
    )
    async def review(
        self,
        register_name: Name,
        record_id: Number,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        data: JSONBody[Review],
        if_match: IfMatch = None,
    ) -> Response[Record]:
        """Approves a submitted record, or returns it with an opinion."""
        version = read_version(if_match)
        register = records.named(register_name)
        async with scoped(database.web, person.scope, person.actor) as conn:
            record = await records.review(
                conn, person, register, record_id, version, data.approve, data.opinion
            )
        return _answer(record)

    @get("/{register_name:str}/{record_id:int}/history", operation_id="readRecordHistory")
    async def history(
        self,
        register_name: Name,
        record_id: Number,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
    ) -> History:
        """The steps of a record, newest first, each with what it changed."""
        register = records.named(register_name)
        async with scoped(database.web, person.scope, person.actor) as conn:
            return await records.history(conn, person, register, record_id)


routes: list[Any] = [RegisterController]
