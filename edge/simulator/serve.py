"""Serves a prepared instrument where a gateway can reach it: each kind of bus by the peer that fits it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import msgspec

from edge.config import ConfigError
from edge.simulator.meter import Meter
from edge.simulator.play import Play
from edge.simulator.station import Hj212Station, Sl651Station
from edge.simulator.text import TextInstrument
from edge.simulator.voice import Voice, at_device, calling, listening
from edge.simulator.wire import serial_line
from edge.strict import Problem
from edge.template_file import MODBUS

if TYPE_CHECKING:
    from edge.simulator.modbus import Slave


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
async def served(play: Play, where: Tcp | Pty, utc_ms: Callable[[], int]) -> AsyncIterator[int]:
    """Play the instrument while the block runs; yields the TCP port (0 on a pseudo-terminal).

    Args:
        play: the instrument.
        where: a port, or a link to a pseudo-terminal.
        utc_ms: the time of day, which stations put into their reports.

    Raises:
        OSError: the port or the link cannot be had.
    """
    if play.kind in MODBUS:
        way = _modbus(play, where)
    elif play.kind == "opcua":
        assert isinstance(where, Tcp)  # nobody speaks it on a serial line
        way = _nodes(play, where)
    else:
        way = _spoken(play, voice_of(play, utc_ms), where)
    async with way as port:
        yield port


@asynccontextmanager
async def _nodes(play: Play, where: Tcp) -> AsyncIterator[int]:
    from edge.simulator.opcua import serve_nodes  # asyncua takes 50 MB

    endpoint = str(connection(play.kind, where)["endpoint"])
    async with serve_nodes(play.instrument, endpoint):
        yield where.port


@asynccontextmanager
async def _spoken(play: Play, voice: Voice, where: Tcp | Pty) -> AsyncIterator[int]:
    if isinstance(where, Pty):
        with serial_line(where.link) as device:
            async with at_device(voice, play.instrument, device):
                yield 0
        return
    door = calling if play.kind in {"hj212", "sl651"} else listening
    async with door(voice, play.instrument, where.host, where.port) as port:
        yield port


def voice_of(play: Play, utc_ms: Callable[[], int]) -> Voice:
    """Return who speaks for an instrument that is no Modbus slave and no OPC UA server.

    Raises:
        ConfigError: the template does not say enough to play it.
    """
    unit: Any = play.unit
    try:
        if play.kind == "dlt645":
            return Meter(unit.address, play.instrument.points, play.instrument)
        if play.kind == "hj212":
            return Hj212Station(unit, play.instrument, utc_ms)
        if play.kind == "sl651":
            return Sl651Station(unit, play.instrument, utc_ms)
        return TextInstrument(unit, play.instrument)
    except ValueError as exc:
        place = "$.points" if play.kind == "dlt645" else "$.simulator.reply"
        raise ConfigError(
            [Problem(play.template.file.name, place, str(exc), "see docs/templates.md, [simulator]")]
        ) from exc


@asynccontextmanager
async def _modbus(play: Play, where: Tcp | Pty) -> AsyncIterator[int]:
    from edge.simulator.modbus import serve_serial, serve_tcp  # pymodbus takes a quarter of a second

    slave = modbus_slave(play)
    if isinstance(where, Tcp):
        async with serve_tcp(slave, play.kind, where.host, where.port) as port:
            yield port
        return
    with serial_line(where.link) as device:
        async with serve_serial(slave, play.kind, device):
            yield 0


def modbus_slave(play: Play) -> "Slave":
    """Return the Modbus unit that plays an instrument (also to be read without any server)."""
    from edge.simulator.modbus import Served, Slave

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
