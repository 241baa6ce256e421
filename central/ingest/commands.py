"""Sends a command to a gateway and brings its answer back, signed both ways.

Keeps law-never-lose 3, 9. The row is written and committed before the command leaves; whatever comes of it,
also silence, is written down.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from central.devices.models import SILENT
from central.devices.routes import Sender
from central.ingest.roads import GatewayDidNotAnswer
from protocol import codec
from protocol.messages import Command, Reply

if TYPE_CHECKING:
    from central.devices.keys import CentreKey
    from central.ingest.directory import Directory
    from central.ingest.roads import Roads

_log = logging.getLogger(__name__)
ANSWER_S: Final = 10.0


class CommandSender(Sender):
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
        roads, directory = self._roads, self._directory
        if roads is None or directory is None:
            return SILENT, "the centre hears no gateways yet"
        try:
            data = await roads.ask(command.gateway, self._key.seal(command), ANSWER_S)
        except GatewayDidNotAnswer as exc:
            return SILENT, str(exc)
        try:
            reply = self._believe(data, command, directory)
        except codec.ProtocolError as exc:
            _log.warning("an answer of gateway %s was not believed: %s", command.gateway, exc)
            return SILENT, f"an answer came that was not the gateway's: {exc}"
        return reply.result, reply.detail

    @staticmethod
    def _believe(data: bytes, command: Command, directory: Directory) -> Reply:
        frame = codec.open_frame(data)
        known = directory.verifier(command.gateway)
        if known is None or frame.signer != command.gateway:
            raise codec.SignatureWrong(f"signed by {frame.signer!r}, asked was {command.gateway!r}")
        codec.check_signature(frame, known)
        message = codec.decode(frame)
        if not isinstance(message, Reply) or message.id != command.id or message.gateway != command.gateway:
            raise codec.FrameMalformed("not the answer to this command")
        if message.result not in {"done", "refused", "expired", "foreign", "repeated"}:
            raise codec.FrameMalformed(f"unknown result {message.result!r}")
        return message
