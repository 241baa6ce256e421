"""Builds the announcers of a configuration; the library of a kind is imported when one is configured."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from edge.config_models import AnnouncerTable, Annunciator
from edge.drivers.models import Clock
from edge.outputs.announcer import Announcing
from edge.outputs.loudness import loudness
from edge.outputs.models import Device, Report
from edge.outputs.program import Program, Shown, Spoken
from edge.outputs.settings import Http, Mqtt, SerialScreen

REFRESH_MS: Final = 60_000


def announcers(
    annunciator: Annunciator, beside: Callable[[str], Path], clock: Clock, report: Report
) -> list[Announcing]:
    """Build every loudspeaker and screen of an annunciator.

    Raises:
        OSError: a password file cannot be read.
    """
    return [
        Announcing(
            f"{annunciator.name}.{table.name}",
            _device(table, beside),
            _program(table),
            loudness(table, None),
            clock,
            report,
        )
        for table in annunciator.announcers
    ]


def _program(table: AnnouncerTable) -> Program:
    if table.kind.endswith("-speaker"):
        return Spoken(table.from_priority, int(table.repeat_s * 1000))
    return Shown(table.from_priority, table.lines, REFRESH_MS, table.idle)


def _device(table: AnnouncerTable, beside: Callable[[str], Path]) -> Device:
    if isinstance(table, SerialScreen):
        from edge.outputs.serial_screen import SerialDevice

        return SerialDevice(table)
    assert isinstance(table, Http | Mqtt)
    password = ""
    if table.password_file:
        password = beside(table.password_file).read_text(encoding="utf-8").partition("\n")[0].strip()
    if isinstance(table, Http):
        from edge.outputs.http_device import HttpDevice

        return HttpDevice(table, password)
    from edge.outputs.mqtt_device import MqttDevice

    return MqttDevice(table, password, beside(table.ca_file) if table.ca_file else None)
