"""What a simulated Modbus instrument answers besides its points: refusals, relays, quirks of its template."""

import asyncio
import struct
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest
from pymodbus.client import AsyncModbusTcpClient

from edge.simulator.play import choose_kind, find, prepare
from edge.simulator.serve import Tcp, connection, served

_T = TypeVar("_T")
OWN = """
[template]
title = "x / x"

[unit]
readable = [{ table = "holding", first = 10, last = 29 }]
max_registers = 8
refused_function = 4
transaction_id_zero = true

[[points]]
id = "a"
address = 12
type = "int16"

[[fingerprint]]
address = 40
type = "text"
length = 3
equals = "XG-2"

[simulator.points.a]
process = "steady"
value = -5
"""


def asked(name: str, ask: Callable[[AsyncModbusTcpClient], Awaitable[_T]]) -> _T:
    """Play a template and ask it by pymodbus' own client."""
    template = find(name)
    kind = choose_kind(template, "tcp", serial=False)
    play = prepare(template, kind, connection(kind, Tcp("127.0.0.1", 9)), lambda: 0)

    async def run() -> _T:
        async with served(play, Tcp("127.0.0.1", 0), lambda: 0) as port:
            client = AsyncModbusTcpClient("127.0.0.1", port=port, retries=0, timeout=3)
            await client.connect()
            try:
                return await ask(client)
            finally:
                client.close()

    return asyncio.run(run())


@pytest.fixture
def own(tmp_path: Path) -> str:
    path = tmp_path / "own.toml"
    path.write_text(OWN, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("address", "count", "exception"),
    [(10, 8, 0), (9, 2, 2), (28, 3, 2), (10, 9, 3), (41, 1, 0), (42, 2, 2), (65_535, 1, 2)],
)
def test_only_what_the_template_calls_readable_is_answered(
    own: str, address: int, count: int, exception: int
) -> None:
    async def ask(client: AsyncModbusTcpClient) -> int:
        reply = await client.read_holding_registers(address, count=count, device_id=1)
        return int(reply.exception_code) if reply.isError() else 0

    assert asked(own, ask) == exception


def test_a_refused_function_is_refused_with_exception_1(own: str) -> None:
    async def ask(client: AsyncModbusTcpClient) -> int:
        return int((await client.read_input_registers(12, count=1, device_id=1)).exception_code)

    assert asked(own, ask) == 1


def test_a_text_fingerprint_stands_in_its_registers(own: str) -> None:
    async def ask(client: AsyncModbusTcpClient) -> list[int]:
        return list((await client.read_holding_registers(40, count=3, device_id=1)).registers)

    assert struct.pack(">3H", *asked(own, ask)) == b"XG-2\0\0"


def test_an_instrument_that_answers_id_zero_does_so(own: str) -> None:
    template = find(own)
    play = prepare(template, "tcp", {"host": "127.0.0.1", "port": 9}, lambda: 0)

    async def run() -> bytes:
        async with served(play, Tcp("127.0.0.1", 0), lambda: 0) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(bytes.fromhex("123400000006010300 0c0001".replace(" ", "")))
            reply = await reader.readexactly(11)
            writer.close()
            await writer.wait_closed()
            return reply

    assert asyncio.run(run()) == bytes.fromhex("0000000000050103 02fffb".replace(" ", ""))


def test_a_relay_board_keeps_what_is_written_and_shows_sixteen_places() -> None:
    async def ask(client: AsyncModbusTcpClient) -> tuple[list[bool], int, int]:
        await client.write_coils(0, [True, True], device_id=10)
        await client.write_coil(0, value=False, device_id=10)
        coils = await client.read_coils(0, count=16, device_id=10)
        inputs = await client.read_discrete_inputs(0, count=16, device_id=10)
        beyond = await client.read_coils(16, count=1, device_id=10)
        return list(coils.bits[:16]), sum(inputs.bits), int(beyond.exception_code)

    coils, inputs, beyond = asked("relay-board", ask)
    assert coils == [False, True, *[False] * 14]
    assert (inputs, beyond) == (0, 2)
