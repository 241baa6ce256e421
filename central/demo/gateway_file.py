"""Writes the gateway.toml of a demo plant from its register map, as an installer would write it by hand."""

from __future__ import annotations

import json

from central.demo.instruments import BEACON_COIL, BUTTON_INPUT, HORN_COIL, RELAY_BOARD, Channel, Instrument
from central.demo.plants import Site


def gateway_toml(site: Site, *, router: str, port: int = 0, device: str = "") -> str:
    """Return the configuration of `site`'s gateway; "{version}" stands where its version belongs.

    Args:
        site: the plant.
        router: where the gateway finds the router, for example "tcp/127.0.0.1:7447".
        port: TCP port of the plant's instruments on 127.0.0.1, for a "tcp" site.
        device: path of the serial device, for an "rtu" site.
    """
    lines = [
        "[gateway]",
        f"id = {_text(site.gateway)}",
        f"name = {_text(site.title)}",
        "config_version = {version}",
        'credentials = "credentials.json"',
        'state = "state"',
        # Gateways and centre of the demo share one machine and its clock.
        'clock = "assume-synchronised"',
        "",
        "[uplink]",
        f"router = {_text(router)}",
        "heartbeat_s = 2.0",
        "retry_max_s = 5.0",
        "",
        "[[buses]]",
        'name = "field"',
        f'kind = "{site.bus}"',
    ]
    if site.bus == "tcp":
        lines += ['host = "127.0.0.1"', f"port = {port}"]
    else:
        lines += [f"device = {_text(device)}", "baudrate = 19200"]
    for instrument in site.instruments:
        lines += _unit(instrument)
    lines += ["", "[[annunciators]]", 'name = "plant"']
    for part, key, place in (
        ("horn", "coil", HORN_COIL),
        ("beacon", "coil", BEACON_COIL),
        ("button", "input", BUTTON_INPUT),
    ):
        lines.append(f'{part} = {{ bus = "field", unit = {RELAY_BOARD}, {key} = {place} }}')
    return "\n".join(lines) + "\n"


def _unit(instrument: Instrument) -> list[str]:
    table = "input" if instrument.function == 4 else "holding"
    lines = [
        "",
        "[[buses.units]]",
        f'key = "unit-{instrument.unit}"',
        f"unit = {instrument.unit}",
        f"name = {_text(instrument.name)}",
        "poll_interval_ms = 1000",
        # Room for lengths of its own: what confirms an alarm, and what puts it in step.
        f'readable = [{{ table = "{table}", first = 0, last = 31 }}]',
    ]
    for channel in instrument.channels:
        lines += _point(channel, table)
    return lines


def _point(channel: Channel, table: str) -> list[str]:
    lines = [
        "",
        "[[buses.units.points]]",
        f"key = {_text(channel.key)}",
        f"name = {_text(channel.name)}",
        f"quantity = {_text(channel.quantity)}",
        f"unit = {_text(channel.unit)}",
        f'table = "{table}"',
        f"address = {channel.address}",
        f'type = "{channel.kind}"',
        f"range = [{channel.low}, {channel.high}]",
    ]
    if channel.scale != 1.0:
        lines.append(f"scale = {channel.scale}")
    if channel.order != "ABCD":
        lines.append(f'order = "{channel.order}"')
    for name, limit in channel.limits.items():
        delays = "on_delay_s = 1.0, off_delay_s = 5.0"
        lines.append(f"limits.{name} = {{ limit = {limit}, deadband = {channel.deadband}, {delays} }}")
    return lines


def _text(value: str) -> str:
    """A TOML basic string; its escapes are those of JSON."""
    return json.dumps(value, ensure_ascii=False)
