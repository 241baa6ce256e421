"""HTTP of configurations: make one, ask the gateway's opinion, send it, follow it."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from typing import Annotated, Any

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from central import clock
from central.db.errors import DomainError, ForbiddenError
from central.db.pool import Database
from central.db.scope import scoped
from central.devices import configuration, configuration_limits
from central.devices.configuration_models import (
    Amended,
    Amendment,
    ConfigurationList,
    ConfigurationRow,
    ConfigurationText,
    Difference,
    GatewayMute,
    InForce,
    NewConfiguration,
    Opinion,
)
from central.identity.access import may
from central.identity.models import Person
from protocol.messages import Configuration


class Configurer(ABC):
    """Carries a configuration to its gateway; ingest has the road."""

    @abstractmethod
    async def configure(self, message: Configuration) -> Opinion:
        """Send it and wait for the gateway's opinion; result "silent" when nobody answered."""


class ConfigurationController(Controller):
    """Configurations of gateways within the reader's jurisdiction."""

    path = "/gateways/{gateway_id:str}/configurations"
    tags = ("gateways",)

    @get("/", operation_id="listConfigurations")
    async def listing(
        self, person: NamedDependency[Person], database: NamedDependency[Database], gateway_id: FromPath[str]
    ) -> ConfigurationList:
        """All versions, newest first, and who is master of what the gateway runs with."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            return await configuration.listing(conn, gateway_id)

    @post("/", operation_id="makeConfiguration", guards=[may("device")], status_code=201)
    async def make(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        gateway_id: FromPath[str],
        data: JSONBody[NewConfiguration],
    ) -> ConfigurationRow:
        """Writes down a new version; nothing is sent yet."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            now = await clock.database_now(conn)
            return await configuration.make(conn, gateway_id, data, person.display_name, now)

    @post("/read", operation_id="readConfiguration", guards=[may("device")], status_code=200)
    async def read(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        configurer: NamedDependency[Configurer | None],
        gateway_id: FromPath[str],
    ) -> InForce:
        """Asks the gateway for the text that it runs with, to begin a new version from."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            await configuration.listing(conn, gateway_id)
        asked = Configuration(gateway_id, 0, "", person.display_name, dry=True)
        opinion = await _road(configurer).configure(asked)
        if opinion.result != "done":
            raise GatewayMute(opinion.detail)
        return InForce(opinion.detail)

    @post("/amend", operation_id="amendConfiguration", guards=[may("device")], status_code=200)
    async def amend(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        gateway_id: FromPath[str],
        data: JSONBody[Amendment],
    ) -> Amended:
        """A text with another dead-band and other delays of one limit; nothing is written down or sent."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            await configuration.listing(conn, gateway_id)
        text = await asyncio.to_thread(configuration_limits.amended, data.text, data.change)
        return Amended(text, configuration_limits.snippet(data.change))

    @get("/{version:int}", operation_id="getConfiguration", guards=[may("device")])
    async def one(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        gateway_id: FromPath[str],
        version: FromPath[int],
    ) -> ConfigurationText:
        """One version with its text."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            return await configuration.one(conn, gateway_id, version)

    @get("/{version:int}/difference", operation_id="compareConfigurations", guards=[may("device")])
    async def difference(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        gateway_id: FromPath[str],
        version: FromPath[int],
        before: Annotated[int, QueryParameter(ge=1, le=2**31 - 1)],
    ) -> Difference:
        """What it changes against another version, line by line."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            return await configuration.difference(conn, gateway_id, version, before)

    @post("/{version:int}/check", operation_id="checkConfiguration", guards=[may("device")], status_code=200)
    async def check(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        configurer: NamedDependency[Configurer | None],
        gateway_id: FromPath[str],
        version: FromPath[int],
    ) -> Opinion:
        """Asks the gateway what it thinks of a version; nothing changes there."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            asked = await configuration.message(conn, gateway_id, version, dry=True)
        return await _road(configurer).configure(asked)

    @post("/{version:int}/send", operation_id="sendConfiguration", guards=[may("device")], status_code=200)
    async def send(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        configurer: NamedDependency[Configurer | None],
        gateway_id: FromPath[str],
        version: FromPath[int],
    ) -> ConfigurationRow:
        """Sends a version: the gateway tries it, and goes back within a minute if what was good turns bad."""
        if "command" not in person.may:
            raise ForbiddenError
        road = _road(configurer)
        async with scoped(database.web, person.scope, person.actor) as conn:
            asked = await configuration.message(conn, gateway_id, version, dry=False)
        opinion = await road.configure(asked)
        async with scoped(database.web, person.scope, person.actor) as conn:
            now = await clock.database_now(conn)
            await configuration.told(conn, gateway_id, version, opinion, now)
            return (await configuration.one(conn, gateway_id, version)).row


def _road(configurer: Configurer | None) -> Configurer:
    if configurer is None:
        raise DomainError("no-road", "本进程未连接网关通道，请稍后再试。", 503)
    return configurer


routes: list[Any] = [ConfigurationController]
