"""What a configuration says of the way to the wire reaches the driver, and contradictions are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge.config import ConfigError, load
from edge.drivers.modbus import family
from edge.drivers.modbus.settings import Bus
from edge.layout import lay_out
from edge.strict import Problem

GATEWAY = """
[gateway]
id = "gw-test"

[[buses]]
name = "line"
{bus}

  [[buses.units]]
  key = "GT-101"
  unit = 1
  readable = [{{ first = 0, last = 49 }}]
    [[buses.units.points]]
    key = "GT-101"
    address = 0
"""


def loaded(folder: Path, bus: str) -> Bus:
    path = folder / "gateway.toml"
    path.write_text(GATEWAY.format(bus=bus), encoding="utf-8")
    config = load(path)
    lay_out(config, "")
    made = config.config.buses[0]
    assert isinstance(made, Bus)
    return made


def problems(folder: Path, bus: str) -> list[Problem]:
    with pytest.raises(ConfigError) as refused:
        loaded(folder, bus)
    return refused.value.problems


@pytest.mark.parametrize(
    ("bus", "way", "where"),
    [
        ('kind = "tcp"\nhost = "h"', ("host", "h:502"), "h:502"),
        ('kind = "rtu"\ndevice = "/dev/a"\nparity = "E"', ("device", "/dev/a"), "/dev/a 9600 8E1"),
        ('kind = "rtu-over-tcp"\nhost = "h"\nport = 4001', ("host", "h:4001"), "h:4001, 9600 8N1"),
        (
            'kind = "ascii"\ndevice = "/dev/a"\nbytesize = 7\nparity = "E"',
            ("device", "/dev/a"),
            "/dev/a 9600 7E1",
        ),
        ('kind = "ascii"\nhost = "h"\nport = 4001\nbytesize = 7', ("host", "h:4001"), "h:4001, 9600 7N1"),
    ],
)
def test_each_way_is_named_and_owned(tmp_path: Path, bus: str, way: tuple[str, str], where: str) -> None:
    made = loaded(tmp_path, bus)
    assert family.way(made) == way
    assert family.where(made) == where


@pytest.mark.parametrize(
    ("bus", "said"),
    [
        ('kind = "rtu"\ndevice = "/dev/ttyUSB0"', "/dev/serial/by-path/"),
        ('kind = "ascii"\nhost = "h"', "use rtu if there is a choice"),
    ],
)
def test_what_could_be_trusted_more_is_noted(tmp_path: Path, bus: str, said: str) -> None:
    path = tmp_path / "gateway.toml"
    path.write_text(GATEWAY.format(bus=bus), encoding="utf-8")
    (note,) = lay_out(load(path), "").buses["line"][1].notes
    assert said in note


def test_all_that_is_said_of_the_port_reaches_the_driver(tmp_path: Path) -> None:
    made = loaded(
        tmp_path,
        'kind = "rtu"\ndevice = "/dev/a"\nbaudrate = 19200\nparity = "O"\nstopbits = 2\nadapter_ms = 5\n'
        'timeout_ms = 400\nthrough = "minimalmodbus"\nrts_to_send = true\nclose_after_call = true',
    )
    config = family.bus_config(made, [])
    assert (config.device, config.baudrate, config.parity, config.stopbits) == ("/dev/a", 19200, "O", 2)
    assert (config.adapter_ms, config.timeout_ms, config.through) == (5, 400, "minimalmodbus")
    assert (config.rts_to_send, config.close_after_call, config.bytesize) == (True, True, 8)
    seven = family.bus_config(loaded(tmp_path, 'kind = "ascii"\ndevice = "/dev/a"\nbytesize = 7'), [])
    assert (seven.kind, seven.bytesize) == ("ascii", 7)


@pytest.mark.parametrize(
    ("bus", "key", "said"),
    [
        ('kind = "tcp"', "host", "missing"),
        ('kind = "rtu-over-tcp"', "host", "missing"),
        ('kind = "rtu"', "device", "missing"),
        ('kind = "ascii"', "device", "missing"),
        ('kind = "rtu"\ndevice = "/dev/a"\nhost = "h"', "host", "rtu-over-tcp"),
        ('kind = "rtu"\ndevice = "/dev/a"\nbytesize = 7', "bytesize", "8 bits"),
        ('kind = "tcp"\nhost = "h"\nthrough = "minimalmodbus"', "through", "cannot serve"),
        ('kind = "rtu"\ndevice = "/dev/a"\nrts_to_send = true', "rts_to_send", 'through = "minimalmodbus"'),
        (
            'kind = "rtu"\ndevice = "/dev/a"\nclose_after_call = true',
            "close_after_call",
            'through = "minimalmodbus"',
        ),
    ],
)
def test_what_contradicts_the_way_is_refused_with_place_and_remedy(
    tmp_path: Path, bus: str, key: str, said: str
) -> None:
    found = problems(tmp_path, bus)
    told = [p for p in found if p.place == f"$.buses[0].{key}" and said in f"{p.problem} {p.remedy}"]
    assert told, [str(problem) for problem in found]
