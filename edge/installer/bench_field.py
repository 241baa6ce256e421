"""Simulated instruments for a self-measurement: Modbus TCP units on loopback that know what they showed.

The first register of a counting unit goes up by one with each answer, so every answer is told from every
other and the rows of a spool can be held against what was shown. The `gateway.toml` that reads them is made
here, too. The framing is of the Modbus Messaging Implementation Guide V1.0b, clause 3.1.3; no family of ours
takes part in it.
"""

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator, Callable
from typing import Final

POINTS_A_UNIT: Final = 50
PERIOD_MS: Final = 1000
DETECTOR: Final = 200  # unit ids
RELAYS: Final = 201
REACT_PERIOD_MS: Final = 200
LIMIT: Final = 100
_ILLEGAL_FUNCTION: Final = 1
_WRITE_COIL: Final = 5
_WRITE_COILS: Final = 15


class Unit:
    """One instrument: words, coils, inputs; `answered` counts reads of all its points at once."""

    def __init__(self, counting: bool) -> None:
        """Make one with 125 words; `counting` for one whose first word numbers its answers."""
        self.words = bytearray(250)
        self.coils = bytearray(16)
        self.inputs = bytearray(16)
        self.counting = counting
        self.answered = 0

    def answer(self, pdu: bytes) -> bytes:
        """Answer one request (Modbus Application Protocol V1.1b3, clause 6)."""
        function = pdu[0]
        address, count = struct.unpack(">HH", pdu[1:5])
        if function in {3, 4}:
            if self.counting and (address, count) == (0, POINTS_A_UNIT):  # no barrier or confirming read
                self.answered += 1
                self.words[:2] = (self.answered & 0xFFFF).to_bytes(2, "big")
            data = bytes(self.words[2 * address : 2 * (address + count)])
            return bytes((function, len(data))) + data
        if function in {1, 2}:
            bits = (self.coils if function == 1 else self.inputs)[address : address + count]
            packed = sum(bit << i for i, bit in enumerate(bits)).to_bytes((count + 7) // 8, "little")
            return bytes((function, len(packed))) + packed
        if function == _WRITE_COIL:
            self.coils[address] = count == 0xFF00
            return pdu[:5]
        if function == _WRITE_COILS:
            value = int.from_bytes(pdu[6:], "little")
            self.coils[address : address + count] = bytes(value >> i & 1 for i in range(count))
            return pdu[:5]
        return bytes((function | 0x80, _ILLEGAL_FUNCTION))


class Field:
    """All units behind one port; `on_coil` is called after each write to the relay board."""

    def __init__(self, points: int, *, horn: bool) -> None:
        """Make counting units for `points` at 50 each and, with `horn`, a gas detector and a relay board."""
        self.counting = {number: Unit(counting=True) for number in range(1, 1 + points // POINTS_A_UNIT)}
        self.detector, self.relays = Unit(counting=False), Unit(counting=False)
        self.units = dict(self.counting)
        if horn:
            self.units |= {DETECTOR: self.detector, RELAYS: self.relays}
        self.on_coil: Callable[[], None] | None = None
        self.silent = False
        self._writers: set[asyncio.StreamWriter] = set()

    @contextlib.asynccontextmanager
    async def serve(self) -> AsyncIterator[int]:
        """Answer on a free port of loopback while the block runs; yields the port."""
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            for writer in list(self._writers):
                writer.transport.abort()
            await asyncio.sleep(0)

    @property
    def answered(self) -> int:
        """How many answers the counting units gave."""
        return sum(unit.answered for unit in self.counting.values())

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        # asyncio complains about a connection that was cancelled; this one ends with its block.
        with contextlib.suppress(asyncio.IncompleteReadError, OSError, asyncio.CancelledError):
            while True:
                transaction, protocol, length, unit = struct.unpack(">HHHB", await reader.readexactly(7))
                pdu = await reader.readexactly(length - 1)
                target = self.units.get(unit)
                if target is None or self.silent:
                    continue
                reply = target.answer(pdu)
                if target is self.relays and pdu[0] in {_WRITE_COIL, _WRITE_COILS} and self.on_coil:
                    self.on_coil()
                writer.write(struct.pack(">HHHB", transaction, protocol, len(reply) + 1, unit) + reply)
                await writer.drain()
        self._writers.discard(writer)
        writer.close()


def gateway_toml(
    points: int,
    port: int,
    *,
    horn: bool,
    credentials: str = "",
    router: str = "",
    spool_mb: float = 512.0,
    events_mb: float = 64.0,
) -> str:
    """Write the configuration of a gateway that reads such a field.

    Args:
        points: of 1 s, 50 an instrument, each with a limit that is never reached.
        port: of the field.
        horn: with a gas detector every 200 ms, a horn, a beacon and a button.
        credentials: file of the uplink; without it there is none.
        router: its endpoint.
        spool_mb: quota of measurements.
        events_mb: of events.
    """
    uplink = f'router = "{router}"\nreceipt_timeout_s = 5.0' if credentials else "enabled = false"
    lines = [
        f'[gateway]\nid = "gw-bench"\nstate = "state"\ncredentials = "{credentials}"',
        f"[uplink]\n{uplink}",
        f"[spool]\nmeasurements_mb = {spool_mb}\nevents_mb = {events_mb}",
        # The same block is never asked again within the time that an instrument may take to answer.
        f'[[buses]]\nname = "field"\nkind = "tcp"\nhost = "127.0.0.1"\nport = {port}\ntimeout_ms = 50',
    ]
    if horn:
        lines += [
            # Room for a second span: the alarm sounds only after that says the same.
            (
                f'[[buses.units]]\nkey = "gas"\nunit = {DETECTOR}\npoll_interval_ms = {REACT_PERIOD_MS}\n'
                "readable = [{ first = 0, last = 9 }]"
            ),
            (
                '[[buses.units.points]]\nkey = "GT-1"\naddress = 0\n'
                f"limits.H = {{ limit = {LIMIT}.0, deadband = 10.0 }}"
            ),
            '[[buses.units.points]]\nkey = "GT-2"\naddress = 1',
        ]
    for unit in range(1, 1 + points // POINTS_A_UNIT):
        lines.append(f'[[buses.units]]\nkey = "u{unit}"\nunit = {unit}\npoll_interval_ms = {PERIOD_MS}')
        lines += [
            f'[[buses.units.points]]\nkey = "U{unit}-{word}"\naddress = {word}\nscale = 0.1\nunit = "℃"\n'
            "range = [0.0, 6553.5]\nlimits.H = { limit = 6553.0, deadband = 10.0 }"
            for word in range(POINTS_A_UNIT)
        ]
    if horn:
        relay = f'bus = "field", unit = {RELAYS}'
        lines.append(
            f'[[annunciators]]\nname = "plant"\nhorn = {{ {relay}, coil = 0 }}\n'
            f"beacon = {{ {relay}, coil = 1 }}\n"
            f"button = {{ {relay}, input = 0, poll_interval_ms = 50 }}"
        )
    return "\n\n".join(lines) + "\n"
