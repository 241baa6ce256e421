"""The framers that pymodbus is given: they send the bytes of our plan and hand all that comes to the port.

pymodbus 3.16.1 as read in its source: `FramerBase.handleFrame` compares unit and non-zero ids only,
`FramerRTU.decode` loses a good reply behind a foreign or half frame, transaction ids restart at 1 after every
reconnect, an undecodable TCP reply raises inside the receive callback. So `client.ctx.framer` is replaced:
`buildFrame` sends the bytes of our plan with an id of our own, `handleFrame` sees every received byte (with
no request open too) and returns None to go on waiting until the same deadline.
"""

from __future__ import annotations

from pymodbus.framer import FramerRTU, FramerSocket
from pymodbus.pdu import DecodePDU, ModbusPDU

from edge.drivers.modbus.ascii import AsciiStream, encode
from edge.drivers.modbus.frame import FramingLost, RtuStream, TcpStream
from edge.drivers.modbus.line import Line

FLOOD = 8192  # characters at once: no line is that fast, and looking for frames in them would take too long


class Outgoing(ModbusPDU):
    """What pymodbus carries for us: the bytes to send; unit 0 keeps it from judging the reply."""

    def __init__(self) -> None:
        super().__init__()
        self.frame = b""


class Answered(ModbusPDU):
    """Tells pymodbus that the request is over; the port knows how."""


class SerialFramer(FramerRTU):
    """Frames of a serial line, wherever its port is."""

    def __init__(self, line: Line, stream: RtuStream | AsciiStream) -> None:
        super().__init__(DecodePDU(False))
        self._line = line
        self._stream = stream
        self._answered = Answered()
        self._ascii = isinstance(stream, AsciiStream)

    def buildFrame(self, message: ModbusPDU) -> bytes:  # noqa: N802  # pymodbus names it
        """Return the bytes of the open request."""
        assert isinstance(message, Outgoing)
        frame = encode(message.frame) if self._ascii else message.frame
        if self._line.tape is not None:
            self._line.tape.sent(frame)
        return frame

    def handleFrame(  # noqa: N802  # pymodbus names it
        self,
        data: bytes,
        exp_devid: int,  # noqa: ARG002  # the port knows better what is expected
        exp_tid: int,  # noqa: ARG002
    ) -> tuple[int, ModbusPDU | None]:
        """Pass every frame to the port; keep the rest in our own stream."""
        line = self._line
        if line.tape is not None:
            line.tape.received(data)
        if len(data) > FLOOD:
            line.framing_lost += 1
            line.abandon()
            return len(data), self._answered
        now = line.clock.mono_ms()
        frames = self._stream.take(data, now, line.port.last_wire)
        line.port.noise(now)
        return len(data), self._answered if line.judge(frames, now) else None


class TcpFramer(FramerSocket):
    """Frames of Modbus TCP."""

    def __init__(self, line: Line, stream: TcpStream) -> None:
        super().__init__(DecodePDU(False))
        self._line = line
        self._stream = stream
        self._answered = Answered()

    def buildFrame(self, message: ModbusPDU) -> bytes:  # noqa: N802  # pymodbus names it
        """Return the bytes of the open request behind a transaction id that nobody else uses."""
        assert isinstance(message, Outgoing)
        line = self._line
        line.transaction = line.transaction % 0xFFFF + 1
        frame = line.transaction.to_bytes(2, "big") + message.frame
        if line.tape is not None:
            line.tape.sent(frame)
        return frame

    def handleFrame(  # noqa: N802  # pymodbus names it
        self,
        data: bytes,
        exp_devid: int,  # noqa: ARG002  # the port knows better what is expected
        exp_tid: int,  # noqa: ARG002
    ) -> tuple[int, ModbusPDU | None]:
        """Pass every frame to the port; a stream that lost its framing is closed."""
        line = self._line
        if line.tape is not None:
            line.tape.received(data)
        now = line.clock.mono_ms()
        try:
            frames = self._stream.take(data)
        except FramingLost:
            line.framing_lost += 1
            line.abandon()
            return len(data), self._answered
        line.port.noise(now)
        return len(data), self._answered if line.judge(frames, now) else None
