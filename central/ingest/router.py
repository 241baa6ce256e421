"""The Zenoh router as a process of its own: gateways and central processes are its clients.

It listens on loopback, and beyond it only with mutual TLS, set on both sides (measured: `enable_mtls` in the
router alone lets clients without a certificate in).
"""

from __future__ import annotations

import asyncio
import json
import logging
import signal
from pathlib import Path
from typing import Any

import zenoh
from msgspec import Struct

from central.db.errors import ConfigurationError
from central.settings import is_loopback

_log = logging.getLogger(__name__)


class TlsFiles(Struct, frozen=True):
    """PEM files of a router that listens beyond loopback: our CA, the router's certificate and its key."""

    ca: Path
    certificate: Path
    key: Path


def router_config(listen: str, tls: TlsFiles | None = None) -> dict[str, Any]:
    """The configuration of the router.

    Args:
        listen: "tcp/127.0.0.1:7447", or "tls/0.0.0.0:7447" with `tls`.
        tls: for anything beyond loopback.

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
    config["transport"] = {
        "link": {
            "tls": {
                "root_ca_certificate": str(tls.ca),
                "listen_certificate": str(tls.certificate),
                "listen_private_key": str(tls.key),
                "enable_mtls": True,
            }
        }
    }
    return config


def open_router(listen: str, tls: TlsFiles | None = None) -> zenoh.Session:
    """Open the router in this process; it serves until the session is closed.

    Raises:
        ConfigurationError: see `router_config`, or the port is taken.
    """
    config = router_config(listen, tls)
    try:
        return zenoh.open(zenoh.Config.from_json5(json.dumps(config)))
    except zenoh.ZError as exc:
        raise ConfigurationError(f"the router cannot listen on {listen}: {exc}") from exc


async def serve(listen: str, tls: TlsFiles | None = None) -> None:
    """Run the router until SIGINT or SIGTERM.

    Raises:
        ConfigurationError: see `open_router`.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    session = await asyncio.to_thread(open_router, listen, tls)
    _log.info("the router listens on %s", listen)
    try:
        await stop.wait()
    finally:
        await asyncio.to_thread(session.close)
