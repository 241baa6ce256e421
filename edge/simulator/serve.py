"""Serves a prepared instrument where a gateway can reach it: each kind of bus by the peer that fits it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import msgspec

from edge.simulator.modbus import Served, Slave, serve_serial, serve_tcp
from edge.simulator.play import Play
from edge.simulator.wire import serial_line
from edge.template_file import MODBUS


class Tcp(msgspec.Struct, frozen=True):
    """A TCP port: where the instrument listens, or (stations) whom it calls."""

    host: str
    port: int


class Pty(msgspec.Struct, frozen=True):
    """A pseudo-terminal that the gateway opens at `link`."""

    link: Path


def connection(kind: str, where: Tcp | Pty) -> dict[str, str | int]:
    """Return the keys of `[[buses]]` that reach the instrument."""
    if isinstance(where, Pty):
        return {"device": str(where.link.absolute())}
    if kind in {"hj212", "sl651"}:
        return {"listen": f"{where.host}:{where.port}"}
    if kind == "opcua":
        return {"endpoint": f"opc.tcp://{where.host}:{where.port}/fengsui", "security": "none"}
    return {"host": where.host, "port": where.port}


@asynccontextmanager
async def served(play: Play, where: Tcp | Pty) -> AsyncIterator[int]:
    """Play the instrument while the block runs; yields the TCP port (0 on a pseudo-terminal).

    Raises:
        OSError: the port or the link cannot be had.
    """
    async with _modbus(play, where) as port:
        yield port


@asynccontextmanager
async def _modbus(play: Play, where: Tcp | Pty) -> AsyncIterator[int]:
    assert play.kind in MODBUS
    slave = modbus_slave(play)
    if isinstance(where, Tcp):
        async with serve_tcp(slave, play.kind, where.host, where.port) as port:
            yield port
        return
    with serial_line(where.link) as device:
        async with serve_serial(slave, play.kind, device):
            yield 0


def modbus_slave(play: Play) -> Slave:
    """Return the Modbus unit that plays an instrument (also to be read without any server)."""
    said = play.template.unit if play.unit is None else msgspec.structs.asdict(play.unit)
    ranges = [
        one if isinstance(one, dict) else msgspec.structs.asdict(one) for one in said.get("readable", ())
    ]
    number = play.number
    return Slave(
        number,
        cast("Any", play.instrument.points),
        play.instrument,
        Served(
            [(one.get("table", "holding"), one["first"], one["last"]) for one in ranges],
            play.template.fingerprint,
            said.get("refused_function"),
            said.get("max_registers", 125),
            said.get("transaction_id_zero", False),
        ),
    )
