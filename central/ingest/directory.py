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
from central.ingest.models import TryAgain
from central.telemetry.models import Anchor
from central.telemetry.rules import to_ms

if TYPE_CHECKING:
    from central.db.pool import Connection, Database

_MOST_BINDINGS: Final = 5000
_MOST_ANCHORS: Final = 50_000
REFRESH_S: Final = 30.0
STRANGERS_AT_ONCE: Final = 500.0
STRANGERS_A_SECOND: Final = 50.0


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
        self._read_at_s = float("-inf")
        self._asked_at_s = 0.0
        self._strangers = STRANGERS_AT_ONCE
        self._database_ahead_ms: float | None = None

    async def refresh(self, now_s: float) -> None:
        """Read who may send."""
        async with self._database.worker.acquire() as conn:
            found = await devices.gateways(conn)
        gone = set(self._gateways) - {g.id for g in found}
        for gateway in gone:
            del self._gateways[gateway], self._verifiers[gateway]
        for known in found:
            self._remember_gateway(known)
        self._read_at_s = now_s

    def _remember_gateway(self, gateway: Gateway) -> None:
        before = self._gateways.get(gateway.id)
        if before is None or before.public_key != gateway.public_key:
            self._verifiers[gateway.id] = Verifier(gateway.public_key)
        self._gateways[gateway.id] = gateway

    async def gateway(self, gateway: str, now_s: float) -> tuple[Gateway, Verifier] | None:
        """Who that is; the database is asked for a stranger, who may have been registered a moment ago.

        Raises:
            TryAgain: too many strangers at once, or no database to ask: nobody can tell now.
        """
        if gateway in self._gateways:
            if now_s - self._read_at_s > REFRESH_S:
                try:
                    await self.refresh(now_s)
                except AWAY:
                    self._read_at_s = now_s  # whoever is known stays known while the database is away
        else:
            await self._ask_for(gateway, now_s)
        known = self._gateways.get(gateway)
        return None if known is None or known.revoked else (known, self._verifiers[gateway])

    async def _ask_for(self, stranger: str, now_s: float) -> None:
        passed_s = max(0.0, now_s - self._asked_at_s)
        self._asked_at_s = now_s
        self._strangers = min(STRANGERS_AT_ONCE, self._strangers + passed_s * STRANGERS_A_SECOND)
        if self._strangers < 1:
            raise TryAgain
        self._strangers -= 1
        try:
            async with self._database.worker.acquire() as conn:
                for found in await devices.gateways(conn, stranger):
                    self._remember_gateway(found)
        except AWAY as exc:
            raise TryAgain from exc

    def verifier(self, gateway: str) -> Verifier | None:
        """Checks its signatures; None for a stranger and for who was shut out."""
        known = self._gateways.get(gateway)
        return None if known is None or known.revoked else self._verifiers[gateway]

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
