"""A simulated plant control system: asyncua's own server with the template's nodes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from asyncua import ua
from asyncua.server.server import Server

from edge.drivers.opcua.node import NodeName, parse
from edge.simulator.instrument import Instrument

FILLER = "urn:fengsui:simulated:{}"


@asynccontextmanager
async def serve_nodes(instrument: Instrument, endpoint: str) -> AsyncIterator[None]:
    """Serve a variable of type Double for every point while the block runs.

    Raises:
        OSError: the port cannot be had.
    """
    server = Server()
    await server.init()
    server.set_endpoint(endpoint)
    server.set_server_name("Fengsui simulation")
    server.set_security_policy([ua.SecurityPolicyType.NoSecurity])
    nodes = {name: await _add(server, point) for name, point in instrument.points.items()}
    await server.start()
    task = asyncio.get_running_loop().create_task(_move(server, instrument, nodes))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await server.stop()


async def _add(server: Server, point: Any) -> ua.NodeId:
    name = parse(point.node)
    index = await _namespace(server, name)
    node_id = ua.NodeId(name.identifier, index)  # type: ignore[arg-type]
    await server.nodes.objects.add_variable(
        node_id, ua.QualifiedName(point.key, index), ua.Variant(0.0, ua.VariantType.Double)
    )
    return node_id


async def _namespace(server: Server, name: NodeName) -> int:
    if name.uri:
        return int(await server.register_namespace(name.uri))
    while len(known := await server.get_namespace_array()) <= name.index:
        await server.register_namespace(FILLER.format(len(known)))
    return name.index


async def _move(server: Server, instrument: Instrument, nodes: dict[str, ua.NodeId]) -> None:
    while True:
        if instrument.fault != "silent":
            for name, raw in instrument.raws().items():
                value = ua.DataValue(ua.Variant(float(raw), ua.VariantType.Double))
                await server.write_attribute_value(nodes[name], value)
        await asyncio.sleep(instrument.simulator.every_s)
