"""OPC UA as a driver family: checks its tables, makes one block a variable, starts the driver."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import ipaddress
from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec

from edge.drivers.models import BlockDraft, BlockReading, Clock, Driver, Laid, Site, Tape, ValueBlock
from edge.drivers.opcua import credentials, node
from edge.drivers.opcua.credentials import Paths
from edge.drivers.opcua.settings import Bus, Point
from edge.drivers.scaling import values_of
from edge.strict import Problems

TABLE = Bus
SMALLEST_PUBLISHING_MS: Final = 100

_HOW_TO_PIN = (
    "export the server's own certificate at the server (its tool shows it; on disk often pki/own/certs/*.der)"
    ", carry it here by hand and name the file; it is never taken over the network"
)


class Watched(msgspec.Struct, frozen=True):
    """What the driver must know of one point."""

    block: ValueBlock
    key: str
    name: node.NodeName
    sampling_ms: int
    index: int | None
    max_age_ms: int


class Detail(msgspec.Struct, frozen=True):
    """A bus as the driver takes it: `watched[i].block.number` is i."""

    watched: list[Watched]
    paths: Paths
    publishing_ms: int


def check(bus: Bus, place: str, problems: Problems) -> None:
    """Note every contradiction of a bus that its types cannot say."""
    _endpoint(bus, place, problems)
    _security(bus, place, problems)
    if bool(bus.user) != bool(bus.password_file):
        missing = "password_file" if bus.user else "user"
        problems.add(f"{place}.{missing}", "missing", "user and password_file go together")
    if bus.session_timeout_s < 2 * bus.keepalive_s:
        problems.add(
            f"{place}.session_timeout_s",
            f"{bus.session_timeout_s:g} s is too short for a sign of life every {bus.keepalive_s:g} s",
            f"give at least {2 * bus.keepalive_s:g}",
        )
    seen: dict[tuple[str, int | None], str] = {}
    for u, unit in enumerate(bus.units):
        for p, one in enumerate(unit.points):
            where = f"{place}.units[{u}].points[{p}]"
            try:
                node.parse(one.node)
            except ValueError as exc:
                problems.add(f"{where}.node", str(exc), "copy the node id from the server's browser")
            other = seen.setdefault((one.node.strip(), one.index), one.key)
            if other != one.key:
                problems.add(f"{where}.node", f"is read by {other} already", "correct the node id")


def _endpoint(bus: Bus, place: str, problems: Problems) -> None:
    try:
        parts = urlsplit(bus.endpoint)
        good = parts.scheme == "opc.tcp" and parts.hostname and parts.port
    except ValueError:
        good = False
    if not good:
        problems.add(
            f"{place}.endpoint",
            f"{bus.endpoint!r} is no endpoint",
            'write endpoint = "opc.tcp://192.168.1.30:4840" with the path that the server shows',
        )
    elif "@" in urlsplit(bus.endpoint).netloc:
        problems.add(f"{place}.endpoint", "holds a user", "use the keys user and password_file")


def _security(bus: Bus, place: str, problems: Problems) -> None:
    if bus.security != "none":
        for key, words in (
            ("certificate", "make one for this gateway: docs/drivers/opcua.md shows the command"),
            ("key", "name the private key that belongs to the certificate"),
            ("server_certificate", _HOW_TO_PIN),
        ):
            if not getattr(bus, key):
                problems.add(f"{place}.{key}", f"missing for security {bus.security!r}", words)
        if bus.allow_unsecured:
            problems.add(f"{place}.allow_unsecured", "the connection is secured", "leave it out")
        return
    for key in ("certificate", "key"):
        if getattr(bus, key):
            problems.add(
                f"{place}.{key}", "unused without security", 'set security = "sign-and-encrypt", or remove it'
            )
    if is_loopback(bus.endpoint):
        return
    if not bus.allow_unsecured:
        problems.add(
            f"{place}.security",
            "none lets anybody on the network change what the gateway reads",
            'use "sign-and-encrypt"; if the server cannot, set allow_unsecured = true and guard the cable',
        )
    if bus.user and not bus.server_certificate:
        problems.add(
            f"{place}.server_certificate",
            "missing: without it the password could be told to anybody",
            _HOW_TO_PIN,
        )


def is_loopback(endpoint: str) -> bool:
    """Say whether an endpoint is on this machine."""
    try:
        host = urlsplit(endpoint).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def way(bus: Bus) -> tuple[str, str] | None:
    """Two sessions to one server would double its load: their points belong on one bus."""
    return "endpoint", bus.endpoint.rstrip("/").lower()


def where(bus: Bus) -> str:
    """Say in words where the bus is connected, and how well it is guarded."""
    guarded = "without security" if bus.security == "none" else f"{bus.security}, {bus.policy}"
    return f"{bus.endpoint}, {guarded}"


def lay_out(bus: Bus, place: str, site: Site, problems: Problems) -> Laid:
    """Make one block of each variable: each changes, fails and is dated on its own."""
    laid = Laid([])
    watched: list[Watched] = []
    for unit in bus.units:
        for one in unit.points:
            try:
                name = node.parse(one.node)
                core = values_of([one])
            except ValueError as exc:
                problems.add(place, str(exc), "correct the point")
                continue
            block = ValueBlock(
                len(watched), unit.poll_interval_ms, bus.timeout_ms, f"{unit.key} node {one.node}"
            )
            age_s = bus.max_age_s if one.max_age_s is None else one.max_age_s
            sampling = one.sampling_ms or unit.poll_interval_ms
            watched.append(Watched(block, one.key, name, sampling, one.index, round(age_s * 1000)))
            laid.blocks.append(BlockDraft(block, unit, [one], core))
    fastest = min((one.sampling_ms for one in watched), default=1000)
    laid.detail = Detail(
        watched, _paths(bus, site.folder), bus.publishing_ms or max(SMALLEST_PUBLISHING_MS, fastest)
    )
    laid.notes = [*_notes(bus, watched), *_unready(laid.detail.paths)]
    return laid


def _paths(bus: Bus, folder: Path) -> Paths:
    def of(text: str) -> Path | None:
        return folder / text if text else None

    return Paths(of(bus.certificate), of(bus.key), of(bus.server_certificate), of(bus.password_file))


def _unready(paths: Paths) -> list[str]:
    """Say what is wrong with the files: a note, since they come another way than the configuration."""
    try:
        credentials.load(paths)
    except credentials.CredentialError as exc:
        return [f"{exc}; until then nothing is read from it"]
    return []


def _notes(bus: Bus, watched: list[Watched]) -> list[str]:
    notes = []
    if bus.security == "none" and not is_loopback(bus.endpoint):
        notes.append(
            "NOT SECURED (allow_unsecured): whoever reaches its network can read and"
            " change every value and silence every alarm of it"
        )
    if bus.security == "sign":
        notes.append("signed but not encrypted: its values can be read on the way")
    counted = sum(1 for one in watched if one.name.index > 1 and not one.name.uri)
    if counted:
        notes.append(
            f"{counted} nodes name their namespace by number (ns=); a server may count anew"
            " when its project changes; nsu=<namespace URI> cannot be mistaken"
        )
    return notes


def start(
    bus: Bus, laid: Laid, sink: Callable[[BlockReading], None], clock: Clock, tape: Tape | None
) -> Driver:
    """Build the driver; only here is the OPC UA library imported (a second, and memory: see below)."""
    from edge.drivers.opcua.driver import Client

    _give_back_memory()
    return Client(bus, laid.detail, sink, clock, tape)


def _give_back_memory() -> None:
    """Return to the system what importing the library left behind.

    Building its classes takes 56 MB, of which 16 are needed afterwards (asyncua 2.1.0, measured); the C
    library keeps the rest to itself until it is told.
    """
    gc.collect()
    with contextlib.suppress(OSError, AttributeError):  # only glibc has it
        ctypes.CDLL(None).malloc_trim(0)


__all__ = ["TABLE", "Detail", "Point", "Watched", "check", "lay_out", "start", "way", "where"]
