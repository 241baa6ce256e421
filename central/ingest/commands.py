"""Sends a command or a configuration to a gateway and brings its answer back, signed both ways.

Keeps law-never-lose 3, 9. The row is written and committed before the command leaves; whatever comes of it,
also silence, is written down.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from central.devices.configuration_models import Opinion
from central.devices.configuration_routes import Configurer
from central.devices.models import SILENT
from central.devices.routes import Sender
from central.ingest.roads import GatewayDidNotAnswer
from protocol import codec
from protocol.messages import Command, Configuration, Reply, reply_id

if TYPE_CHECKING:
    from central.devices.keys import CentreKey
    from central.ingest.directory import Directory
    from central.ingest.roads import Roads

_log = logging.getLogger(__name__)
ANSWER_S: Final = 10.0


class CommandSender(Sender, Configurer):
    """Shared by ingest, which opens and closes it, and by the route that asks.

    Args:
        key: signs commands.
    """

    def __init__(self, key: CentreKey) -> None:
        self._key = key
        self._roads: Roads | None = None
        self._directory: Directory | None = None

    def open(self, roads: Roads, directory: Directory) -> None:
        """Commands can be sent from now on."""
        self._roads = roads
        self._directory = directory

    def close(self) -> None:
        """Commands can't be sent any more."""
        self._roads = None

    async def send(self, command: Command) -> tuple[str, str]:
        """Send a command and wait for the answer.

        Returns:
            (result, detail): the gateway's own result, or "silent".
        """
        reply = await self._asked(command)
        return reply.result, reply.detail

    async def answer(self, command: Command) -> Reply:
        """Send a command and wait for all of its answer."""
        return await self._asked(command)

    async def configure(self, message: Configuration) -> Opinion:
        """Send a configuration, or ask about one, and wait for the gateway's opinion."""
        reply = await self._asked(message)
        return Opinion(reply.result, reply.detail)

    async def _asked(self, asked: Command | Configuration) -> Reply:
        """Ask whoever listens under the gateway's key, and take the first answer that is the gateway's.

        A box that was replaced may still listen there with its old certificate: what it answers counts for
        nothing, and above all is no reason to hear the true one no more.
        """
        roads, directory = self._roads, self._directory
        if roads is None or directory is None:
            return _silent(asked, "the centre hears no gateways yet")
        found: list[Reply] = []
        doubt = ""

        def believed(data: bytes) -> bool:
            nonlocal doubt
            try:
                found.append(self._believe(data, asked, directory))
            except codec.ProtocolError as exc:
                doubt = f"an answer came that was not the gateway's: {exc}"
                _log.warning("an answer of gateway %s was not believed: %s", asked.gateway, exc)
                return False
            return True

        try:
            await roads.ask(asked.gateway, self._key.seal(asked), ANSWER_S, believed)
        except GatewayDidNotAnswer as exc:
            return _silent(asked, doubt or str(exc))
        return found[-1]

    @staticmethod
    def _believe(data: bytes, asked: Command | Configuration, directory: Directory) -> Reply:
        frame = codec.open_frame(data)
        known = directory.verifier(asked.gateway)
        if known is None or frame.signer != asked.gateway:
            raise codec.SignatureWrong(f"signed by {frame.signer!r}, asked was {asked.gateway!r}")
        codec.check_signature(frame, known)
        message = codec.decode(frame)
        ours = isinstance(message, Reply) and message.id == reply_id(asked)
        if not isinstance(message, Reply) or not ours or message.gateway != asked.gateway:
            raise codec.FrameMalformed("not the answer to this command")
        if message.result not in {"done", "refused", "expired", "foreign", "repeated"}:
            raise codec.FrameMalformed(f"unknown result {message.result!r}")
        return message


def _silent(asked: Command | Configuration, detail: str) -> Reply:
    return Reply(reply_id(asked), asked.gateway, 0, SILENT, detail, 0)
