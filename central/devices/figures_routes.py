"""HTTP of self-measurements: what a gateway's box could do, by version of its software."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from central.db.pool import Database
from central.db.scope import scoped
from central.devices import figures
from central.devices.figures_models import FiguresRow
from central.identity.models import Person


class FiguresList(msgspec.Struct, frozen=True):
    items: list[FiguresRow]


class FiguresController(Controller):
    """What gateways within the reader's jurisdiction measured of themselves."""

    path = "/gateways/{gateway_id:str}/figures"
    tags = ("gateways",)

    @get("/", operation_id="listFigures")
    async def listing(
        self, person: NamedDependency[Person], database: NamedDependency[Database], gateway_id: FromPath[str]
    ) -> FiguresList:
        """The newest self-measurement of each version of the gateway's software, newest first."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            return FiguresList(await figures.listing(conn, gateway_id))


routes: list[Any] = [FiguresController]
