"""Where a road leads, `tcp/host:port` (Zenoh) or `mqtts://host:port` (MQTT), and whether it may be used.

Beyond this machine only mutual TLS: a road that would carry alarms over a network without it is refused, at
both of its ends and in the same words.
"""

import ipaddress
from collections.abc import Mapping
from typing import Final

import msgspec

_ROUTER: Final[Mapping[str, bool]] = {"tcp": False, "tls": True}
_BROKER: Final[Mapping[str, bool]] = {"mqtt": False, "mqtts": True}


class EndpointRefused(ValueError):
    """This endpoint would carry alarms over a network without protection, or is none."""


class Endpoint(msgspec.Struct, frozen=True):
    """A checked endpoint; `secured`: it speaks TLS."""

    secured: bool
    host: str
    port: int


def is_loopback(host: str) -> bool:
    """Say whether an address is of this machine alone."""
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def check_router(endpoint: str, *, certified: bool = False) -> Endpoint:
    """Take a Zenoh endpoint apart if it may be used.

    Args:
        endpoint: "tcp/127.0.0.1:7447" or "tls/centre.example:7447".
        certified: whether this side has a CA, a certificate and its key.

    Raises:
        EndpointRefused: not an endpoint, or one beyond this machine without mutual TLS.
    """
    protocol, _, address = endpoint.partition("/")
    return _check(endpoint, _ROUTER.get(protocol), address, certified, "tcp/127.0.0.1:7447", "tls/…")


def check_broker(endpoint: str, *, certified: bool = False) -> Endpoint:
    """Take the endpoint of an MQTT broker apart if it may be used.

    Args:
        endpoint: "mqtt://127.0.0.1:1883" or "mqtts://centre.example:8883".
        certified: whether this side has a CA, a certificate and its key.

    Raises:
        EndpointRefused: not an endpoint, or one beyond this machine without mutual TLS.
    """
    protocol, _, address = endpoint.partition("://")
    return _check(endpoint, _BROKER.get(protocol), address, certified, "mqtt://127.0.0.1:1883", "mqtts://…")


def _check(
    endpoint: str, secured: bool | None, address: str, certified: bool, example: str, safe: str
) -> Endpoint:
    host, colon, port = address.rpartition(":")
    if secured is None or not colon or not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise EndpointRefused(f"{endpoint!r} is no endpoint; write for example {example}")
    if secured and not certified:
        raise EndpointRefused(
            f"{endpoint!r} speaks TLS: that needs the CA, a certificate and its key, which enrolment brings"
        )
    if not secured and not is_loopback(host):
        raise EndpointRefused(
            f"{endpoint!r} leaves this machine: without mutual TLS both ends talk on loopback only"
            f" ({example}); beyond it use {safe} with a certificate"
        )
    return Endpoint(secured, host.strip("[]"), int(port))
