"""HTTP of the lists of words that forms offer and an administrator keeps."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Controller, Response, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromQuery, HeaderParameter, JSONBody, PathParameter

from central.db.pool import Database
from central.db.scope import acting, scoped
from central.http.tags import read_version, write_tag
from central.identity.access import may
from central.identity.models import Person
from central.registry import dictionaries as service
from central.registry.dictionaries import Dictionaries, DictionaryEntry, Entries, EntryForm, NewEntry

Name = Annotated[str, PathParameter(max_length=48)]
IfMatch = Annotated[str | None, HeaderParameter(name="If-Match", required=False)]


class DictionaryController(Controller):
    """Dictionaries (字典)."""

    path = "/dictionaries"
    tags = ("registers",)

    @get("/", operation_id="listDictionaries")
    async def listed(
        self, person: NamedDependency[Person], database: NamedDependency[Database]
    ) -> Dictionaries:
        """Every dictionary there is."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            return await service.dictionaries(conn)

    @get("/{dictionary_name:str}", operation_id="readDictionary")
    async def one(
        self,
        dictionary_name: Name,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        every: FromQuery[bool] = False,
    ) -> Entries:
        """The entries of a dictionary in their order; with `every` those that are switched off, too."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            return await service.entries(conn, dictionary_name, every=every)

    @post(
        "/{dictionary_name:str}",
        operation_id="addDictionaryEntry",
        guards=[may("dictionary")],
        status_code=201,
    )
    async def add(
        self,
        dictionary_name: Name,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        data: JSONBody[NewEntry],
    ) -> Response[DictionaryEntry]:
        """Adds an entry."""
        async with acting(database.worker, person.actor) as conn:
            entry = await service.add(conn, dictionary_name, data)
        return Response(entry, status_code=201, headers={"etag": write_tag(entry.version)})

    @put(
        "/{dictionary_name:str}/{entry_code:str}",
        operation_id="changeDictionaryEntry",
        guards=[may("dictionary")],
    )
    async def change(
        self,
        dictionary_name: Name,
        entry_code: Name,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        data: JSONBody[EntryForm],
        if_match: IfMatch = None,
    ) -> Response[DictionaryEntry]:
        """Changes an entry, or switches it off."""
        version = read_version(if_match)
        async with acting(database.worker, person.actor) as conn:
            entry = await service.change(conn, dictionary_name, entry_code, version, data)
        return Response(entry, headers={"etag": write_tag(entry.version)})


routes: list[Any] = [DictionaryController]
