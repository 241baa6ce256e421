"""What is known of the gateways that may send, in memory: who they are, their keys, births and epochs.

Births are found in the database when this process has not seen them: another process may have taken them.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime
from typing import TYPE_CHECKING, Final

from central import clock
from central.devices import service as devices
from central.devices.keys import Verifier
from central.devices.models import Gateway
from central.devices.rules import Binding
from central.ingest import store
from central.ingest.faults import AWAY
from central.telemetry.models import Anchor
from central.telemetry.rules import to_ms

if TYPE_CHECKING:
    from central.db.pool import Connection, Database

_MOST_BINDINGS: Final = 5000
_MOST_ANCHORS: Final = 50_000
REFRESH_S: Final = 30.0
ASK_AGAIN_S: Final = 2.0


class Directory:
    """Gateways of this centre.

    Args:
        database: where they stand.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._gateways: dict[str, Gateway] = {}
        self._verifiers: dict[str, Verifier] = {}
        self._bindings: OrderedDict[tuple[str, bytes], Binding] = OrderedDict()
        self._ordinals: dict[str, dict[int, int]] = {}
        self._anchors: OrderedDict[tuple[str, int], Anchor] = OrderedDict()
        self._read_at_s: float | None = None
        self._database_ahead_ms: float | None = None

    async def refresh(self, now_s: float) -> None:
        """Read who may send."""
        async with self._database.worker.acquire() as conn:
            found = await devices.gateways(conn)
        verifiers = {
            g.id: self._verifiers[g.id]
            if g.id in self._gateways and self._gateways[g.id].public_key == g.public_key
            else Verifier(g.public_key)
            for g in found
        }
        self._gateways = {g.id: g for g in found}
        self._verifiers = verifiers
        self._read_at_s = now_s

    async def gateway(self, gateway: str, now_s: float) -> tuple[Gateway, Verifier] | None:
        """Who that is; asks the database for a stranger, but not more often than every two seconds."""
        stale = self._read_at_s is None or now_s - self._read_at_s > REFRESH_S
        if gateway not in self._gateways:
            stale = stale or self._read_at_s is None or now_s - self._read_at_s > ASK_AGAIN_S
        if stale:
            try:
                await self.refresh(now_s)
            except AWAY:
                # Whoever is known stays known while the database is away; a stranger has to wait.
                if gateway not in self._gateways:
                    raise
        known = self._gateways.get(gateway)
        return None if known is None else (known, self._verifiers[gateway])

    def verifier(self, gateway: str) -> Verifier | None:
        """Checks its signatures; None for a stranger."""
        return self._verifiers.get(gateway)

    def known(self, gateway: str) -> Gateway | None:
        """Who that is, as far as this process remembers."""
        return self._gateways.get(gateway)

    async def binding(self, conn: Connection, gateway: str, digest: bytes) -> Binding | None:
        """The birth of that hash; None when it never came."""
        key = (gateway, digest)
        found = self._bindings.get(key)
        if found is not None:
            self._bindings.move_to_end(key)
            return found
        found = await devices.binding(conn, gateway, digest)
        if found is not None:
            self.remember(gateway, found)
        return found

    def remember(self, gateway: str, binding: Binding) -> None:
        """Keep a birth at hand; only after its commit."""
        self._bindings[gateway, binding.hash] = binding
        while len(self._bindings) > _MOST_BINDINGS:
            self._bindings.popitem(last=False)

    def binding_at_hand(self, gateway: str, digest: bytes) -> Binding | None:
        """The birth of that hash if this process has seen it."""
        return self._bindings.get((gateway, digest))

    def ordinal_at_hand(self, gateway: str, epoch: int) -> int | None:
        """The place of an epoch if this process has seen it."""
        return self._ordinals.get(gateway, {}).get(epoch)

    async def look_at_clock(self, conn: Connection) -> datetime:
        """The database's time, remembered against our monotonic clock."""
        now = await clock.database_now(conn)
        self._database_ahead_ms = to_ms(now) - clock.monotonic_s() * 1000
        return now

    def database_ms(self, monotonic_s: float) -> int | None:
        """The database's time at a moment of our monotonic clock, as last seen; for what is not stored."""
        if self._database_ahead_ms is None:
            return None
        return int(monotonic_s * 1000 + self._database_ahead_ms)

    async def ordinal(self, conn: Connection, gateway: str, epoch: int) -> int | None:
        """The place of an epoch among its gateway's; None when no birth named it."""
        known = self._ordinals.get(gateway, {})
        if epoch not in known:
            known = self._ordinals[gateway] = await store.epochs_of(conn, gateway)
        return known.get(epoch)

    async def anchor(self, conn: Connection, gateway: str, boot: int) -> Anchor | None:
        """Where the monotonic clock of an earlier boot stood at a moment of ours."""
        known = self._anchors.get((gateway, boot))
        if known is None:
            row = await devices.anchor(conn, gateway, boot)
            if row is not None:
                known = self.remember_anchor(gateway, boot, row[0], to_ms(row[1]))
        return known

    def remember_anchor(self, gateway: str, boot: int, mono_ms: int, at_ms: int) -> Anchor:
        """Keep what a heartbeat or birth told of a boot's clock."""
        anchor = self._anchors[gateway, boot] = Anchor(at_ms, mono_ms)
        self._anchors.move_to_end((gateway, boot))
        while len(self._anchors) > _MOST_ANCHORS:
            self._anchors.popitem(last=False)
        return anchor
