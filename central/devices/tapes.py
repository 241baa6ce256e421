"""Fetches the black box of a gateway's bus: asked for by a command, answered in pieces, kept whole.

Each piece is the answer to a signed command of its own; the whole counts only with the size and the SHA-256
that the gateway named with every piece.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import msgspec

from central.db.errors import NotFoundError
from central.db.queries import load
from central.devices import rules, service, store
from central.devices.field_models import TAPE, TAPE_BYTES, TAPES_MOST, AtGateway, Piece, TapeNotGiven, TapeRow
from protocol.messages import Command, Reply

if TYPE_CHECKING:
    from datetime import datetime

    from central.db.pool import Connection

Q = load(__file__, "queries_field.sql")
PARTS_MOST: Final = 64
DONE: Final = "done"


async def prepare(
    conn: Connection, gateway: str, which: str, reason: str, actor: str, now: datetime, part: int = 0
) -> Command:
    """Write down that a piece is asked for, bound to the gateway's boot.

    Args:
        conn: a scoped transaction, committed before the command is sent.
        gateway: whose.
        which: a bus, a dump, or "" for the list.
        reason: why.
        actor: who asks, as shown.
        now: the database's time.
        part: which piece, from 0.

    Raises:
        as `service.bind`.
    """
    draft = Command("", gateway, 0, TAPE, "", actor, reason, 0, output=which, part=part)
    return await service.bind(conn, gateway, draft, now)


def listed(reply: Reply) -> AtGateway:
    """What a gateway says it has.

    Raises:
        TapeNotGiven: it refused, kept silent, or is too old to know the command.
    """
    if reply.result != DONE:
        raise TapeNotGiven(reply.detail)
    try:
        return msgspec.json.decode(reply.detail, type=AtGateway)
    except msgspec.DecodeError as exc:
        raise TapeNotGiven("应答无法读取。") from exc


class Gathering:
    """Pieces of one dump as they come."""

    def __init__(self) -> None:
        """Begin with none."""
        self.about: Piece | None = None
        self._parts = 1
        self._pieces: list[bytes] = []

    @property
    def wanted(self) -> int | None:
        """The next piece to ask for; None when all are here."""
        return len(self._pieces) if len(self._pieces) < self._parts else None

    def take(self, reply: Reply) -> None:
        """Take the answer to the piece that was wanted.

        Raises:
            TapeNotGiven: it is no piece, or of another dump than the ones before.
        """
        if reply.result != DONE:
            raise TapeNotGiven(reply.detail)
        try:
            about = msgspec.json.decode(reply.detail, type=Piece)
        except msgspec.DecodeError as exc:
            raise TapeNotGiven("应答无法读取。") from exc
        if not 1 <= reply.parts <= PARTS_MOST or about.size > TAPE_BYTES:
            raise TapeNotGiven(f"{about.size} 字节、{reply.parts} 段，超出限度。")
        if self.about is not None and (about != self.about or reply.parts != self._parts):
            raise TapeNotGiven("记录在传送途中被重新取过，请再试一次。")
        self.about, self._parts = about, reply.parts
        self._pieces.append(reply.data)

    def whole(self) -> tuple[Piece, bytes]:
        """The dump, once nothing is wanted any more.

        Raises:
            TapeNotGiven: the pieces do not make what the gateway named.
        """
        data = b"".join(self._pieces)
        if self.about is None or hashlib.sha256(data).hexdigest() != self.about.sha256:
            raise TapeNotGiven("各段合起来与网关声明的校验值不符，请再试一次。")
        return self.about, data


async def keep(
    conn: Connection, gateway: str, about: Piece, data: bytes, reason: str, actor: str, now: datetime
) -> TapeRow:
    """Keep a dump; the oldest go that are more than TAPES_MOST."""
    name, why, who = rules.plain(about.name)[:200], rules.plain(reason), rules.plain(actor)
    digest = hashlib.sha256(data)
    number: int = await conn.fetchval(Q.keep_tape, gateway, name, why, who, now, digest.digest(), data)
    await conn.execute(Q.forget_tapes, gateway, TAPES_MOST)
    return TapeRow(number, gateway, name, why, who, now, len(data), digest.hexdigest())


async def listing(conn: Connection, gateway: str) -> list[TapeRow]:
    """What was fetched of a gateway within the scope, newest first.

    Raises:
        NotFoundError: no such gateway.
    """
    if await store.last_word(conn, gateway) is None:
        raise NotFoundError
    return [TapeRow(**dict(row)) for row in await conn.fetch(Q.tapes, gateway)]


async def one(conn: Connection, gateway: str, number: int) -> tuple[str, bytes]:
    """Name and content of a dump that was fetched.

    Raises:
        NotFoundError: there is none within the scope.
    """
    row = await conn.fetchrow(Q.tape, gateway, number)
    if row is None:
        raise NotFoundError
    return row["name"], row["content"]
