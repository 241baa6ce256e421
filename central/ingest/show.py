"""What is seen at once: live copies from gateways, and newest values for the consoles.

Keeps law-never-lose 17: live copies come always and best effort, every central process takes them, and a
newest value moves only forward, so that a backlog never overwrites the present.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Protocol

from central.ingest.faults import AWAY
from central.ingest.models import Refused
from central.telemetry import columns, rules
from central.telemetry import service as telemetry
from central.telemetry.models import Anchor
from central.telemetry.rules import EPOCH
from protocol import codec
from protocol.messages import MEASUREMENT, Batch

if TYPE_CHECKING:
    from central.db.pool import Connection, Database
    from central.devices.models import Gateway
    from central.ingest.directory import Directory
    from central.telemetry.latest import LatestValues

_log = logging.getLogger(__name__)
PUBLISH_S: Final = 0.5


class Consoles(Protocol):
    """What is asked of the hub of open streams."""

    @property
    def streams(self) -> int:
        """How many consoles listen here."""
        ...

    def publish(self, kind: str, place: str, payload: dict[str, Any], sector: str = "") -> None:
        """Tell those whose jurisdiction holds the place and its sector."""
        ...


class Show:
    """Newest values of this process, on their way to its consoles.

    Args:
        database: for births and places that this process has not seen.
        directory: whose frames they are.
        latest: newest values.
        consoles: the hub.
    """

    def __init__(
        self, database: Database, directory: Directory, latest: LatestValues, consoles: Consoles
    ) -> None:
        self._database = database
        self._directory = directory
        self._latest = latest
        self._consoles = consoles
        self._places: dict[int, tuple[str, int, str]] = {}

    async def take(self, gateway: Gateway, batch: Batch, arrived_s: float) -> None:
        """Take a live copy; what cannot be read yet is dropped, the batch itself comes by the uplink.

        Raises:
            Refused: the copy is no batch of the birth that it names.
        """
        if batch.stream != MEASUREMENT:
            return
        binding = self._directory.binding_at_hand(gateway.id, batch.birth_hash)
        ordinal = self._directory.ordinal_at_hand(gateway.id, batch.epoch)
        received_ms = self._directory.database_ms(arrived_s)
        if binding is None or ordinal is None or received_ms is None:
            async with self._database.worker.acquire() as conn:
                binding = await self._directory.binding(conn, gateway.id, batch.birth_hash)
                ordinal = await self._directory.ordinal(conn, gateway.id, batch.epoch)
                await self._directory.look_at_clock(conn)
            received_ms = self._directory.database_ms(arrived_s)
            if binding is None or ordinal is None or received_ms is None:
                return
        anchor = Anchor(received_ms, batch.mono_ms)
        try:
            body = codec.decode_measurements(batch.body, batch.first, batch.last)
            _, newest = columns.decode(body, binding.blocks, received_ms, anchor)
        except (codec.FrameMalformed, columns.LayoutError) as exc:
            raise Refused("live", str(exc)) from exc
        self._latest.take(newest, batch.first, ordinal, received_ms * 1000)

    async def publish(self) -> None:
        """Tell the consoles what moved since the last time."""
        if not self._consoles.streams:
            self._latest.forget_changes()
            return
        moved = self._latest.changed()
        unknown = [value[0] for value in moved if value[0] not in self._places]
        if unknown:
            await self._learn(unknown)
        moments = {at_us: EPOCH + timedelta(microseconds=at_us) for at_us in {value[3] for value in moved}}
        by_place: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for point, value, quality, at_us in moved:
            place, enterprise_id, sector = self._places.get(point, ("", 0, ""))
            if place:
                item = {"point_id": point, "enterprise_id": enterprise_id, "value": value}
                by_place.setdefault((place, sector), []).append(
                    item | _words(quality) | {"at": moments[at_us]}
                )
        for (place, sector), items in by_place.items():
            self._consoles.publish("measurement", place, {"items": items}, sector)

    async def _learn(self, points: list[int]) -> None:
        try:
            async with self._database.worker.acquire() as conn:
                await self._read_places(conn, points)
        except AWAY as exc:
            _log.warning("newest values wait for the database: %s", exc)

    async def _read_places(self, conn: Connection, points: list[int]) -> None:
        for row in await telemetry.places_of_points(conn, points):
            self._places[row["id"]] = (row["place"], row["enterprise_id"], row["sector"])

    def forget_places(self) -> None:
        """Look them up again: enterprises move, and change their sector."""
        self._places.clear()


@lru_cache(4096)
def _words(quality: int) -> dict[str, Any]:
    """What is said of a stored quality; the same few occur all the time."""
    return {
        "quality": quality & 255,
        "quality_text": rules.quality_class(quality),
        "quality_reason": rules.quality_reason(quality),
        "clock_synchronised": rules.synchronised(quality),
    }
