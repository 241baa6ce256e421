"""The roads on which gateways are heard, and on which of them each was heard last: there it is asked first.

Frames, receipts and the law are the same on all of them; `road` is Zenoh's, `mqtt_road` that of MQTT 5.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

from central.ingest.router import TlsFiles
from protocol import keys
from protocol.messages import Configuration, Message

_MOST_REMEMBERED: Final = 50_000
PKI: Final = "pki"


class GatewayDidNotAnswer(Exception):
    """Nobody answered a command in time."""


def leaf_of(message: Message) -> str:
    """Return the leaf of a gateway's key that a message of ours is asked on."""
    return keys.CONFIG if isinstance(message, Configuration) else keys.COMMAND


Believed = Callable[[bytes], bool]
"""Says whether an answer is that of the gateway that was asked, by its present key."""


class Road(Protocol):
    """What commands need of a road."""

    @property
    def name(self) -> str:
        """Say which: "zenoh" or "mqtt"."""
        ...

    async def ask(self, gateway: str, payload: bytes, timeout_s: float, believed: Believed) -> bytes:
        """Send a command to all who listen there, and wait for the first answer that is believed.

        Raises:
            GatewayDidNotAnswer: nobody gave one.
        """
        ...


class Roads:
    """The roads that are open in this process."""

    def __init__(self) -> None:
        self._open: dict[str, Road] = {}
        self._heard: OrderedDict[str, str] = OrderedDict()

    def open(self, road: Road) -> None:
        """Gateways are heard on it from now on."""
        self._open[road.name] = road

    def close(self, road: Road) -> None:
        """Gateways are not heard on it any more."""
        self._open.pop(road.name, None)

    def heard(self, gateway: str, road: str) -> None:
        """A believed frame of this gateway came by this road."""
        self._heard[gateway] = road
        self._heard.move_to_end(gateway)
        if len(self._heard) > _MOST_REMEMBERED:
            self._heard.popitem(last=False)

    async def ask(self, gateway: str, payload: bytes, timeout_s: float, believed: Believed) -> bytes:
        """Send a command where the gateway was heard last, then on the other roads.

        One that was carried out, and whose answer was lost, is answered with "repeated" on the other road.

        Args:
            gateway: its id.
            payload: a sealed command.
            timeout_s: how long to wait on each road.
            believed: says whether an answer is the gateway's.

        Raises:
            GatewayDidNotAnswer: nobody did.
        """
        last = self._heard.get(gateway)
        silence = GatewayDidNotAnswer("the centre is on no road to its gateways")
        for road in sorted(self._open.values(), key=lambda road: road.name != last):
            try:
                return await road.ask(gateway, payload, timeout_s, believed)
            except GatewayDidNotAnswer as exc:
                silence = exc
        raise silence


def own_certificate(state: Path) -> TlsFiles | None:
    """The centre's own certificate as a client of router and broker; None where there is none yet.

    Args:
        state: the centre's state folder; the files are `pki/ca.pem`, `centre.pem` and `centre.key`.
    """
    folder = state / PKI
    files = TlsFiles(folder / "ca.pem", folder / "centre.pem", folder / "centre.key")
    whole = all(file.is_file() for file in (files.ca, files.certificate, files.key))
    return files if whole else None
