"""Which ports there are, which were asked for, and whether a gateway of ours uses one."""

import asyncio
import contextlib
import ipaddress
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from edge.config import ConfigError
from edge.configuration.force import in_force
from edge.installer.ear import Place
from edge.status import ask

BY_PATH: Final = Path("/dev/serial/by-path")
PLAIN: Final = ("ttyAMA*", "ttyUSB*", "ttyACM*")
MODBUS_PORT: Final = 502
MOST_HOSTS: Final = 1024
REACH_S: Final = 1.0
AT_ONCE: Final = 16


class BadAddress(ValueError):
    """A port or host was written in a way that cannot be meant; says what would be right."""


def serial_ports() -> list[str]:
    """List the serial ports of this machine by names that stay when they are plugged again."""
    named = sorted(str(path) for path in BY_PATH.iterdir()) if BY_PATH.is_dir() else []
    known = {Path(name).resolve() for name in named}
    plain = [path for pattern in PLAIN for path in sorted(Path("/dev").glob(pattern))]
    return named + [str(path) for path in plain if path.resolve() not in known]


def tcp_places(text: str, kind: Any = "tcp") -> list[Place]:
    """Read HOST[:PORT], 10.0.0.10-20[:PORT] or 10.0.0.0/28[:PORT].

    Raises:
        BadAddress: it is none of these, or means too many hosts.
    """
    host, port = _split(text)
    try:
        if "/" in host:
            network = ipaddress.ip_network(host, strict=False)
            if network.num_addresses > MOST_HOSTS:
                raise BadAddress(f"{text!r} means {network.num_addresses} hosts; name at most {MOST_HOSTS}")
            hosts = [str(one) for one in network.hosts()]
        elif "-" in host and host.rpartition("-")[2].isdigit() and host.count(".") == 3:
            first, _, last = host.rpartition("-")
            begin = ipaddress.IPv4Address(first)
            count = int(last) - int(first.rpartition(".")[2]) + 1
            if not 1 <= count <= 256 - int(first.rpartition(".")[2]):
                raise BadAddress(f"{text!r}: {first} to {last} is no range; write for example 10.0.0.10-20")
            hosts = [str(begin + i) for i in range(count)]
        else:
            hosts = [host]
    except BadAddress:
        raise
    except ValueError as exc:
        raise BadAddress(f"{text!r}: {exc}; write HOST, HOST:PORT, 10.0.0.10-20 or 10.0.0.0/28") from exc
    return [Place(kind, host=one, port=port) for one in hosts]


def _split(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not colon:
        return text, MODBUS_PORT
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise BadAddress(f"{text!r} is no HOST:PORT; write for example 192.168.1.20:502")
    return host.strip("[]"), int(port)


def numbers(text: str, least: int, most: int) -> list[int]:
    """Read "1-20,32" as numbers.

    Raises:
        BadAddress: not such a list, or outside of least..most.
    """
    found: list[int] = []
    for part in text.split(","):
        low, dash, high = part.strip().partition("-")
        try:
            first, last = int(low), int(high if dash else low)
        except ValueError as exc:
            raise BadAddress(f"{part!r} is no number or range; write for example 1-20,32") from exc
        if not least <= first <= last <= most:
            raise BadAddress(f"{part!r} is outside of {least} to {most}, or runs backwards")
        found += range(first, last + 1)
    return list(dict.fromkeys(found))


async def reachable(places: Sequence[Place]) -> list[Place]:
    """Return those whose TCP port takes a connection; the others are not there."""
    door = asyncio.Semaphore(AT_ONCE)

    async def knock(place: Place) -> bool:
        async with door:
            with contextlib.suppress(OSError, TimeoutError):
                async with asyncio.timeout(REACH_S):
                    _, writer = await asyncio.open_connection(place.host, place.port)
                writer.close()
                with contextlib.suppress(OSError):
                    await writer.wait_closed()
                return True
        return False

    there = await asyncio.gather(*(knock(place) for place in places))
    return [place for place, good in zip(places, there, strict=True) if good]


async def used_by_gateway(places: Sequence[Place], config: Path) -> str:
    """Say which place a gateway that runs with this configuration owns; "" if none.

    The kernel locks serial ports; a TCP instrument takes a second master without a word, and then answers one
    with what the other asked.
    """
    if not config.is_file():
        return ""
    try:
        loaded = in_force(config).loaded
        await ask(loaded.beside(loaded.config.gateway.state))
    except (ConfigError, OSError):
        return ""
    for place in places:
        for bus in loaded.config.buses:
            if place.host and (getattr(bus, "host", ""), getattr(bus, "port", 0)) == (place.host, place.port):
                return _stop(place, bus.name, config)
            device = getattr(bus, "device", "")
            if place.device and device and Path(device).resolve() == Path(place.device).resolve():
                return _stop(place, bus.name, config)
    return ""


def _stop(place: Place, bus: str, config: Path) -> str:
    return (
        f"{place} is bus {bus!r} of the gateway that runs with {config}: two masters on one line make values"
        " wrong. Stop it first (systemctl stop fengsui-edge), or look with: fengsui edge status --values"
    )
