"""What one request costs on a bus: characters, silences, the instrument's turnaround, adapter and network.

    request  unit | function | address (2) | count (2) | CRC (2)          8 characters, in ASCII 17
    reply    unit | function | byte count | data (n) | CRC (2)        5 + n characters, in ASCII 11 + 2 n

A character is start, data, parity and stop bits. Before each of the two frames an RTU line is silent for 3.5
characters (Modbus over Serial Line V1.02, 2.5.1.1). Gap filling, admission and T all count with this page.
"""

from __future__ import annotations

import math

import msgspec

from edge.drivers.modbus.models import BusConfig, UnitPlan

SILENCE = 3.5  # characters before a frame
TURNAROUND_MS = 20.0  # assumed: what a serial instrument takes on average before it begins to answer
NETWORK_MS = 5.0  # assumed: there and back through switches, and the instrument's or server's own work
GAP_MOST = 125  # where a register in the gap costs no time, the longest read is the limit


class Cost(msgspec.Struct, frozen=True):
    """Where the milliseconds of one request and its reply go."""

    characters: int
    characters_ms: float
    silence_ms: float
    turnaround_ms: float
    adapter_ms: float
    network_ms: float

    @property
    def total_ms(self) -> float:
        """All of it."""
        return self.characters_ms + self.silence_ms + self.turnaround_ms + self.adapter_ms + self.network_ms

    def __str__(self) -> str:
        parts = []
        if self.characters_ms:
            parts.append(
                f"{self.characters} characters of {self.characters_ms / self.characters:.3g} ms"
                f" = {self.characters_ms:.1f}"
            )
        named = (
            (self.silence_ms, "silence"),
            (self.turnaround_ms, "turnaround"),
            (self.adapter_ms, "adapter"),
            (self.network_ms, "network"),
        )
        parts += [f"{ms:.3g} {name}" for ms, name in named if ms]
        return f"{' + '.join(parts)} = {self.total_ms:.1f} ms"


def character_ms(config: BusConfig) -> float:
    """Return how long one byte of a frame takes on the wire; 0 on TCP, two characters in ASCII."""
    return _one_character_ms(config) * (2 if config.kind == "ascii" else 1)


def _one_character_ms(config: BusConfig) -> float:
    if config.kind == "tcp":
        return 0.0
    return (1 + config.bytesize + config.stopbits + (config.parity != "N")) * 1000 / config.baudrate


def silence_ms(config: BusConfig) -> float:
    """Return how long the line must be silent before a frame; 0 where a frame shows its own beginning."""
    return SILENCE * _one_character_ms(config) if config.kind in ("rtu", "rtu-over-tcp") else 0.0


def read_cost(config: BusConfig, size: int) -> Cost:
    """Return the cost of a read whose reply holds `size` bytes of data."""
    return _cost(config, 8 + 5 + size)


def write_cost(config: BusConfig, count: int) -> Cost:
    """Return the cost of writing `count` coils together (function 15)."""
    return _cost(config, 9 + (count + 7) // 8 + 8)


def _cost(config: BusConfig, size: int) -> Cost:
    """Return the cost of a request and its reply, together `size` bytes in RTU."""
    if config.kind == "tcp":
        return Cost(0, 0.0, 0.0, 0.0, 0.0, NETWORK_MS)
    # In ASCII a byte is two characters, the LRC is one byte shorter than the CRC, and colon, CR, LF go round.
    characters = 2 * size + 2 if config.kind == "ascii" else size
    return Cost(
        characters,
        characters * _one_character_ms(config),
        2 * silence_ms(config),
        TURNAROUND_MS,
        float(config.adapter_ms),
        NETWORK_MS if config.host else 0.0,
    )


def gap_registers(config: BusConfig, unit: UnitPlan) -> int:
    """Return how many registers without a point are read across rather than asked around."""
    each = 2 * character_ms(config)
    if not each:
        return GAP_MOST
    return min(GAP_MOST, int((read_cost(config, 0).total_ms + unit.gap_ms) / each))


def turnaround_ms(config: BusConfig, unit: UnitPlan, size: int) -> int:
    """Return T: how long a reply of `size` data bytes may take from the last byte of its request on."""
    timeout = unit.timeout_ms or config.timeout_ms
    if config.kind == "tcp":
        return timeout
    return timeout + math.ceil((8 + 5 + size) * character_ms(config) - 0.001) + config.adapter_ms
