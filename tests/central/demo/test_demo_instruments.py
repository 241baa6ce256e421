"""The demo's instruments answer real Modbus requests, on a socket and on a pseudo-terminal."""

from __future__ import annotations

import asyncio
import struct
from pathlib import Path

from pymodbus.client import AsyncModbusSerialClient, AsyncModbusTcpClient

from central.demo.instruments import RELAY_BOARD, Channel, FieldBus, serial_line
from central.demo.plants import SITES


def test_registers_are_quantised_and_stop_at_the_end_of_the_range() -> None:
    gas = Channel("GT-1", "氯气", "氯气", "mg/m³", 0, "uint16", 0.0, 20.0, 0.01)
    assert gas.registers(1.2345) == [123]
    assert gas.registers(99.0) == [2000]
    cold = Channel("TT-1", "温度", "温度", "℃", 0, "int16", -50.0, 50.0, 0.1)
    assert cold.registers(-18.0) == [0x10000 - 180]
    weight = Channel("WT-1", "重量", "重量", "kg", 0, "float32", 0.0, 1000.0, order="CDAB")
    low, high = weight.registers(412.5)
    assert struct.unpack(">f", struct.pack(">HH", high, low)) == (412.5,)


def test_a_tcp_plant_shows_its_readings_and_takes_its_relays() -> None:
    async def scenario() -> None:
        site = SITES[0]
        bus = FieldBus(site.instruments)
        await bus.serve_tcp(0)
        client = AsyncModbusTcpClient("127.0.0.1", port=bus.port)
        try:
            assert await client.connect()
            await bus.show({**site.model().readings, "GT-101": 1.5})
            reply = await client.read_holding_registers(0, count=3, device_id=1)
            assert reply.registers[0] == 150
            await client.write_coils(0, [True, True], device_id=RELAY_BOARD)
            assert await bus.relays() == (True, True)
            pressing = asyncio.create_task(bus.hold_button(0.3))
            await asyncio.sleep(0.05)
            assert (await client.read_discrete_inputs(0, count=1, device_id=RELAY_BOARD)).bits[0]
            await pressing
            assert not (await client.read_discrete_inputs(0, count=1, device_id=RELAY_BOARD)).bits[0]
        finally:
            client.close()
            await bus.close()

    asyncio.run(scenario())


def test_a_serial_plant_answers_on_its_line(tmp_path: Path) -> None:
    async def scenario() -> None:
        site = SITES[1]
        bus = FieldBus(site.instruments)
        with serial_line(tmp_path / "tty") as device:
            await bus.serve_serial(device)
            client = AsyncModbusSerialClient(str(tmp_path / "tty"), baudrate=19200)
            try:
                assert await client.connect()
                await bus.show(site.model().readings)
                reply = await client.read_holding_registers(0, count=2, device_id=3)
                assert reply.registers == [0x10000 - 186, 0x10000 - 202]
            finally:
                client.close()
                await bus.close()

    asyncio.run(scenario())
