"""The Zenoh router as a process of its own: gateways and central processes are its clients.

It listens on loopback, and beyond it only with mutual TLS, set on both sides (measured: `enable_mtls` in the
router alone lets clients without a certificate in). With TLS a gateway reaches its own keys only, by the
common name of its certificate. Zenoh's list is fixed once it is open: a change is a *planned reload*, the
session closed and opened anew in the same process. Clients come back by themselves; what was under way is
asked again by the law (a receipt that did not come is no receipt).
"""

from __future__ import annotations

import asyncio
import json
import logging
import signal
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
import zenoh
from msgspec import Struct

from central.db.errors import ConfigurationError
from central.settings import is_loopback
from protocol import keys
from protocol.endpoints import EndpointRefused, check_router

_log = logging.getLogger(__name__)

MOST_SESSIONS: Final = 10_000  # Zenoh's own limit is 1,000: a city has more gateways
LOOK_EVERY_S: Final = 0.5
REST_S: Final = 5.0  # between two reloads: gateways that enrol one after another share one
_CENTRE_MAY: Final = (
    "put",
    "delete",
    "query",
    "reply",
    "declare_subscriber",
    "declare_queryable",
    "liveliness_token",
    "liveliness_query",
    "declare_liveliness_subscriber",
)
# No subscriber: a gateway hears commands by its queryable, and has nothing to listen to.
_GATEWAY_MAY: Final = ("put", "query", "reply", "declare_queryable", "liveliness_token")


class TlsFiles(Struct, frozen=True):
    """PEM files of a router that listens beyond loopback: our CA, the router's certificate and its key."""

    ca: Path
    certificate: Path
    key: Path


class _Access(Struct):
    gateways: list[str]


def read_access(path: Path) -> list[str]:
    """Who may connect, as `central/devices/enrolment_worker.py` wrote it.

    Args:
        path: JSON `{"gateways": ["gw-a", …]}`.

    Raises:
        ConfigurationError: it cannot be read.
    """
    try:
        found = msgspec.json.decode(path.read_bytes(), type=_Access)
        return [keys.check_gateway_id(one) for one in found.gateways]
    except (OSError, msgspec.DecodeError, ValueError) as exc:
        raise ConfigurationError(
            f"{path}: no list of the gateways that may connect ({exc}); `fengsui central serve` writes it, "
            "or `fengsui central pki write`"
        ) from exc


def access_control(gateways: Iterable[str], *, linked: bool = False) -> dict[str, Any]:
    """Zenoh's access control: the centre has every key, each gateway its own, anybody else none.

    Args:
        gateways: ids, which are the common names of their certificates.
        linked: whether this router calls others, which have every key too.
    """
    who = list(gateways)
    ours = ("centre", "router") if linked else ("centre",)
    rules = [_rule(own, _CENTRE_MAY, "fengsui/v1/**") for own in ours]
    rules += [_rule(f"gateway {one}", _GATEWAY_MAY, f"fengsui/v1/{one}/**") for one in who]
    names = {**{own: own for own in ours}, **{f"gateway {one}": one for one in who}}
    return {
        "enabled": True,
        "default_permission": "deny",
        "rules": rules,
        "subjects": [{"id": rule, "cert_common_names": [name]} for rule, name in names.items()],
        "policies": [{"rules": [rule], "subjects": [rule]} for rule in names],
    }


def _rule(name: str, may: Iterable[str], key: str) -> dict[str, Any]:
    return {
        "id": name,
        "permission": "allow",
        "flows": ["ingress", "egress"],
        "messages": list(may),
        "key_exprs": [key],
    }


def router_config(
    listen: str,
    tls: TlsFiles | None = None,
    gateways: Iterable[str] | None = None,
    links: Sequence[str] = (),
) -> dict[str, Any]:
    """The configuration of the router.

    Args:
        listen: "tcp/127.0.0.1:7447", or "tls/0.0.0.0:7447" with `tls`.
        tls: for anything beyond loopback.
        gateways: who may connect; without it, nobody but the centre where certificates tell who it is.
        links: other routers to make a mesh with, one end of each pair names the other. With TLS it shows them
            the certificate of the centre (`centre.pem` beside its own), being no gateway.

    Raises:
        ConfigurationError: the router would carry alarms over a network without protection.
    """
    protocol, slash, address = listen.partition("/")
    host, colon, port = address.rpartition(":")
    if not slash or not colon or not port.isdigit():
        raise ConfigurationError(f"{listen!r} is no endpoint: write for example tcp/127.0.0.1:7447")
    config: dict[str, Any] = {
        "mode": "router",
        "listen": {"endpoints": [listen]},
        "scouting": {"multicast": {"enabled": False}, "gossip": {"enabled": False}},
        "transport": {"unicast": {"max_sessions": MOST_SESSIONS, "accept_pending": 1000}},
    }
    try:
        for link in links:
            check_router(link, certified=tls is not None)
    except EndpointRefused as exc:
        raise ConfigurationError(f"a link to another router: {exc}") from exc
    if links:
        retry = {"period_init_ms": 500, "period_max_ms": 4000, "period_increase_factor": 2}
        config["connect"] = {
            "endpoints": list(links),
            "timeout_ms": -1,
            "exit_on_failure": False,
            "retry": retry,
        }
    if protocol == "tcp" and is_loopback(host):
        return config
    if protocol != "tls" or tls is None:
        raise ConfigurationError(
            f"{listen!r} reaches beyond this machine: that needs mutual TLS, so listen on tls/… with a CA, a "
            "certificate and a key, or on tcp/127.0.0.1:7447"
        )
    for file in (tls.ca, tls.certificate, tls.key):
        if not file.is_file():
            raise ConfigurationError(
                f"{file}: no such file; mutual TLS needs the CA, a certificate and its key"
            )
    config["transport"]["link"] = {
        "protocols": ["tls"],
        "tls": {
            "root_ca_certificate": str(tls.ca),
            "listen_certificate": str(tls.certificate),
            "listen_private_key": str(tls.key),
            "enable_mtls": True,
            **(_shown(tls) if links else {}),
        },
    }
    config["access_control"] = access_control(gateways or (), linked=bool(links))
    config["adminspace"] = {"enabled": False}
    return config


def _shown(tls: TlsFiles) -> dict[str, str]:
    """What a router shows to another that it calls."""
    ours = tls.certificate.with_name("centre.pem"), tls.certificate.with_name("centre.key")
    for file in ours:
        if not file.is_file():
            raise ConfigurationError(f"{file}: no such file; a router calls another with this certificate")
    return {"connect_certificate": str(ours[0]), "connect_private_key": str(ours[1])}


def open_router(
    listen: str,
    tls: TlsFiles | None = None,
    gateways: Iterable[str] | None = None,
    links: Sequence[str] = (),
) -> zenoh.Session:
    """Open the router in this process; it serves until the session is closed.

    Raises:
        ConfigurationError: see `router_config`, or the port is taken.
    """
    config = router_config(listen, tls, gateways, links)
    try:
        return zenoh.open(zenoh.Config.from_json5(json.dumps(config)))
    except zenoh.ZError as exc:
        raise ConfigurationError(f"the router cannot listen on {listen}: {exc}") from exc


async def serve(
    listen: str, tls: TlsFiles | None = None, access: Path | None = None, links: Sequence[str] = ()
) -> None:
    """Run the router until SIGINT or SIGTERM; reload it when its files change, or on SIGHUP.

    Args:
        listen: endpoint.
        tls: see `router_config`.
        access: the list of gateways; read with TLS only, since names come from certificates.
        links: see `router_config`.

    Raises:
        ConfigurationError: see `open_router`, `read_access`.
    """
    stop, asked = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    loop.add_signal_handler(signal.SIGHUP, asked.set)
    watched = [] if tls is None else [tls.ca, tls.certificate, tls.key, *([access] if access else [])]
    stamp = _stamp(watched)  # before they are read: a change meanwhile is seen at the next look
    session = await asyncio.to_thread(_open, listen, tls, access, links)
    _log.info("the router listens on %s", listen)
    try:
        while not await _happened(stop, LOOK_EVERY_S):
            if not asked.is_set() and _stamp(watched) == stamp:
                continue
            asked.clear()
            stamp = _stamp(watched)
            session = await _reloaded(session, listen, tls, access, links)
            await _happened(stop, REST_S)
    finally:
        await asyncio.to_thread(session.close)


async def _reloaded(
    session: zenoh.Session, listen: str, tls: TlsFiles | None, access: Path | None, links: Sequence[str]
) -> zenoh.Session:
    """Close and open anew; with files that cannot be used the present session stays."""
    try:
        gateways = None if tls is None or access is None else read_access(access)
        router_config(listen, tls, gateways, links)
    except ConfigurationError as exc:
        _log.error("the router goes on as it was: %s", exc)
        return session
    await asyncio.to_thread(session.close)
    opened = await asyncio.to_thread(open_router, listen, tls, gateways, links)
    _log.info("the router was loaded anew: %d gateways may connect", len(gateways or ()))
    return opened


def _open(listen: str, tls: TlsFiles | None, access: Path | None, links: Sequence[str]) -> zenoh.Session:
    return open_router(listen, tls, None if tls is None or access is None else read_access(access), links)


def _stamp(files: Iterable[Path]) -> list[tuple[int, int, int] | None]:
    return [_mark(file) for file in files]


def _mark(file: Path) -> tuple[int, int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


async def _happened(event: asyncio.Event, within_s: float) -> bool:
    try:
        async with asyncio.timeout(within_s):
            await event.wait()
    except TimeoutError:
        return False
    return True
