"""Takes the reports of SL 651 stations: what each says, of which moment; the confirmation only afterwards.

    frame ─▶ station (address, password) ─▶ packs ─▶ heard before? ─▶ present or past? ─▶ sink ─▶ EOT or ESC

Transmission modes: M1 (nothing comes down) and M2 (each report is confirmed) are served, and packs of M3 are
put together, the missing asked for; M4 (the centre asks) is not: nothing is ever asked here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence

from edge.drivers.listener import Limits, Peer
from edge.drivers.models import BlockReading, Clock, Tape
from edge.drivers.reception import BusStats, Reception, Station, Told
from edge.drivers.reports import UNSURE, Expected, Verdict, dated
from edge.drivers.sl651 import decode
from edge.drivers.sl651.family import Reported
from edge.drivers.sl651.frame import DOWN, EOT, ESC, ETX, NAK, UP, Frame, Stream, frame
from edge.drivers.sl651.packs import Packs
from edge.drivers.sl651.settings import Bus, Point, Unit
from protocol import quality


class Telemeter(Station):
    """One station (遥测站)."""

    def __init__(self, unit: Unit, blocks: Sequence[Reported], now: int) -> None:
        self.unit = unit
        self.password = bytes.fromhex(unit.password)
        self.packs = Packs()
        self.blocks = [(one, Expected(one.block, now)) for one in blocks]
        super().__init__(unit, "station", unit.station, [e for _, e in self.blocks], now)


class Stations:
    """All stations that report at one port or device."""

    def __init__(
        self,
        bus: Bus,
        blocks: Sequence[Reported],
        sink: Callable[[BlockReading], None],
        clock: Clock,
        tape: Tape | None,
        limits: Limits | None = None,
    ) -> None:
        """Build the driver.

        Args:
            bus: its table.
            blocks: what its stations report, as `family.lay_out` made them.
            sink: takes the readings.
            clock: of the gateway.
            tape: the bus black box.
            limits: what a peer may cost, otherwise as the table says.
        """
        now = clock.mono_ms()
        telemeters: dict[Hashable, Telemeter] = {
            unit.address: Telemeter(unit, [b for b in blocks if b.unit.address == unit.address], now)
            for unit in bus.units
        }
        self._clock = clock
        self._offset_ms = int(bus.utc_offset_h * 3_600_000)
        self.reception: Reception[Telemeter] = Reception(
            bus, telemeters, Stream, self.hear, sink, clock, tape, limits
        )

    async def run(self) -> None:
        """Listen until cancelled."""
        await self.reception.run()

    def stats(self) -> BusStats:
        """Return what was counted since the start."""
        for telemeter in self.reception.stations.values():
            telemeter.stats.abandoned = telemeter.packs.abandoned
        return self.reception.stats()

    def hear(self, peer: Peer, heard: Frame) -> bool:
        """Take one frame whose check is right, and confirm it once it was handed on.

        Returns:
            Whether it was a station of ours that spoke, and not too often.
        """
        if heard.direction != UP:
            self.reception.malformed += 1  # another centre on the same radio, or our own echo
            return False
        telemeter = self.reception.whose(
            peer, heard.station, heard.station.hex().upper(), lambda found: found.password == heard.password
        )
        if telemeter is None:
            return False
        if heard.function not in decode.MEASURING:
            telemeter.stats.other += heard.end == ETX
            # The worked frames show no confirmation of a keep-alive.
            if heard.function != decode.KEEP_ALIVE and heard.end == ETX and heard.pack == 1:
                _confirm(peer, telemeter, heard, heard.text)
        elif heard.packs == 1:
            self._take(peer, telemeter, heard, heard.text)
        else:
            whole, missing = telemeter.packs.add(heard, self._clock.mono_ms())
            if whole is not None:
                self._take(peer, telemeter, heard, whole)
            elif missing:
                _ask_again(peer, telemeter, heard, missing)
        return True

    def _take(self, peer: Peer, telemeter: Telemeter, heard: Frame, text: bytes) -> None:
        key = (heard.function, text[:2], text[decode.SERIAL_AND_TIME :])
        if key in telemeter.repetitions:
            telemeter.stats.repeated += 1
        else:
            try:
                self._report(telemeter, heard, text)
            except decode.BadReport as exc:
                self.reception.not_read(telemeter, str(exc))
                return
            telemeter.repetitions.add(key)
        _confirm(peer, telemeter, heard, text)

    def _report(self, telemeter: Telemeter, heard: Frame, text: bytes) -> None:
        counted = telemeter.unit.sign_counted
        report = decode.report(heard.function, heard.station, text, self._offset_ms, counted)
        received = self._clock.utc_ms()
        sent = decode.head(text, self._offset_ms).sent_ms
        verdict = telemeter.clock.judge(
            received, report.observed_ms if sent is None else sent, report.observed_ms, self._clock.mono_ms()
        )
        if not self.reception.is_present(telemeter, verdict, f"sent {text[2:8].hex()}"):
            return
        if heard.function == decode.TEST:
            verdict = Verdict(UNSURE, verdict.age_ms, verdict.reason or "a test report of the station")
        time_ms, took_ms = dated(received, verdict.age_ms)
        for reported, expected in telemeter.blocks:
            if telemeter.unit.whole_reports or reported.points[0].element in report.values:
                told = [_told(point, report) for point in reported.points]
                self.reception.hand_on(telemeter, expected, told, verdict, time_ms, took_ms)


def _told(point: Point, report: decode.Report) -> Told:
    element = point.element
    if element not in report.values:
        reason = f"the report has no element {element}"
        return Told(point.key, math.nan, quality.NOT_CONNECTED, reason)
    number = report.values[element]
    if element in report.unreadable:
        reason = f"element {element} is no BCD number, or stands twice"
        return Told(point.key, math.nan, quality.DEVICE_FAILURE, reason)
    if math.isnan(number):
        return Told(point.key, math.nan, quality.SENSOR_FAILURE, f"element {element} was not measured")
    return Told(point.key, number, quality.GOOD, "")


def _confirm(peer: Peer, telemeter: Telemeter, heard: Frame, text: bytes) -> None:
    """Confirm with the report's own serial number and time, as the worked frames do.

    The station's own time, not ours: a station that sets its clock by what comes down is then never set by a
    gateway whose clock is wrong.
    """
    if telemeter.unit.confirm and len(text) >= decode.SERIAL_AND_TIME:
        end = ESC if telemeter.unit.stay_online else EOT
        peer.send(_down(heard, text[: decode.SERIAL_AND_TIME], end))


def _ask_again(peer: Peer, telemeter: Telemeter, heard: Frame, missing: int) -> None:
    if telemeter.unit.confirm:
        first = telemeter.packs.first(heard.function)
        name = first[: decode.SERIAL_AND_TIME].ljust(decode.SERIAL_AND_TIME, b"\0")
        peer.send(_down(heard, name, NAK, heard.packs, missing))


def _down(heard: Frame, text: bytes, end: int, packs: int = 1, pack: int = 1) -> bytes:
    return frame(
        Frame(DOWN, heard.centre, heard.station, heard.password, heard.function, text, end, packs, pack)
    )
