"""`fengsui central map …`: the shapes that the map is drawn upon where there is no tile source."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from central import clock
from central.db.errors import ConfigurationError, DomainError
from central.db.opening import operating
from central.settings import Settings
from central.statistics import map_ground

if TYPE_CHECKING:
    from collections.abc import Coroutine

map_ = App(name="map", help="The map: load shapes of regions, list them.")

State = Annotated[Path | None, Parameter(help="State folder; default FENGSUI_STATE or ./.fengsui.")]


def _run(work: Coroutine[object, object, None]) -> None:
    try:
        asyncio.run(work)
    except ConfigurationError as exc:
        print(exc, file=sys.stderr)
        raise SystemExit(2) from exc
    except DomainError as exc:
        print(exc.detail, file=sys.stderr)
        for field in exc.fields:
            print(f"  {field.place}: {field.problem} {field.remedy}", file=sys.stderr)
        raise SystemExit(2) from exc


@map_.command(name="load")
def load(file: Path, *, source: str, state: State = None) -> None:
    """Loads shapes of GeoJSON (WGS-84): regions by `code`, water, roads, railways, parks by `kind`.

    Args:
        file: a FeatureCollection.
        source: whose map it is, with its approval number (审图号); what the same source brought before goes.
        state: state folder.
    """

    async def work() -> None:
        shapes = map_ground.read_shapes(file)
        async with operating(Settings.read(state=state)) as conn:
            number = await map_ground.put_shapes(conn, shapes, source, await clock.database_now(conn))
        print(f"{number} shapes are on the map")

    _run(work())


@map_.command(name="list")
def list_(*, state: State = None) -> None:
    """Lists what is loaded, by source and kind.

    Args:
        state: state folder.
    """

    async def work() -> None:
        async with operating(Settings.read(state=state)) as conn:
            for row in await conn.fetch(map_ground.Q.loaded):
                print(f"{row['count']:6d}  {row['kind']:8s} {row['loaded_at']:%Y-%m-%d}  {row['source']}")

    _run(work())
