"""Which roads a gateway has, by its configuration and credentials; a library is imported when it is used."""

import asyncio
from typing import TYPE_CHECKING

from edge.config_models import UplinkTable
from edge.identity import Identity
from edge.uplink.road import COMMANDS_WAITING, Commands, Road
from edge.uplink.roads import Roads
from protocol.endpoints import EndpointRefused, check_broker, check_router

if TYPE_CHECKING:
    from edge.spool.spool import Clock

MQTT = "mqtt"
ZENOH = "zenoh"


def endpoints(table: UplinkTable, who: Identity) -> dict[str, str]:
    """List the roads in order of preference, each with its checked endpoint.

    Args:
        table: [uplink] of gateway.toml; its endpoints go before those of the credentials.
        who: brings endpoints and certificates.

    Raises:
        EndpointRefused: no road at all, one without endpoint, or one that may not be used.
    """
    known = {ZENOH: table.router or who.router, MQTT: table.broker or who.broker}
    given: list[str] = list(dict.fromkeys(table.roads))
    named = given or [name for name, endpoint in known.items() if endpoint]
    if not named:
        raise EndpointRefused(
            "neither a router nor a broker is known: the credential file names them, or [uplink] `router` and"
            " `broker`"
        )
    for name in named:
        if not known[name]:
            key = "broker" if name == MQTT else "router"
            raise EndpointRefused(
                f"[uplink] `roads` names {name}, but no {key} is known; give `{key}` or leave it out"
            )
        (check_broker if name == MQTT else check_router)(known[name], certified=who.tls is not None)
    return {name: known[name] for name in named}


def build(table: UplinkTable, who: Identity, clock: "Clock") -> Roads:
    """Make the roads, unconnected.

    Raises:
        EndpointRefused: see `endpoints`.
    """
    commands: Commands = asyncio.Queue(COMMANDS_WAITING)
    roads: list[Road] = []
    for name, endpoint in endpoints(table, who).items():
        if name == MQTT:
            from edge.uplink.mqtt_road import MqttRoad

            roads.append(MqttRoad(who.gateway, endpoint, who.tls, commands))
        else:
            from edge.uplink.zenoh_road import ZenohRoad

            roads.append(ZenohRoad(who.gateway, endpoint, who.tls, commands))
    return Roads(roads, commands, clock, table.fall_over_s, table.probe_s)
