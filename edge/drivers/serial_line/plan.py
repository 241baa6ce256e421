"""What is asked on a line of text instruments, and whose line a line is.

A line that names its instrument fits exactly one of them; one that fits two is nobody's. A line that names
nobody counts for the open question if it has its form: then `conversation` keeps the whole port apart.
"""

from __future__ import annotations

from typing import NamedTuple

from edge.drivers.dialect import Heard
from edge.drivers.serial_line.decode import Form, decode
from edge.drivers.serial_line.frame import Framed, Framer, Framing

SHOWN = 60  # of a line that nobody understands


class Instrument(NamedTuple):
    """One instrument: what asks it (nothing: it speaks by itself) and what its lines look like."""

    key: str
    ask: bytes
    form: Form


class Lines:
    """The dialect of a line of text instruments; block and unit have the same number."""

    def __init__(self, instruments: list[Instrument], framing: Framing, *, named: bool) -> None:
        """Prepare.

        Args:
            instruments: of the line.
            framing: which all of them share.
            named: every line says whose it is.
        """
        self._instruments = instruments
        self._framer = Framer(framing)
        self._named = named
        self._damaged = 0
        # A request that comes back is an echo or another master's, never an answer.
        self._echoes = {
            one.ask.removeprefix(framing.start).removesuffix(framing.end) for one in instruments if one.ask
        } | {one.ask for one in instruments if one.ask}

    @property
    def malformed(self) -> int:
        """Bytes that were part of no frame, and frames whose check sum is wrong."""
        return self._framer.malformed + self._damaged

    def request(self, block: int) -> bytes:
        """Return what asks an instrument."""
        return self._instruments[block].ask

    def take(self, data: bytes, now: int, asked: int) -> list[Heard]:
        """Take received bytes."""
        return self._mean(self._framer.take(data, now), now, asked)

    def settle(self, now: int, asked: int) -> list[Heard]:
        """End what silence ends; forget every unfinished line."""
        return self._mean(self._framer.settle(now), now, asked)

    def due(self) -> int:
        """Return when silence will end a line; -1: it does not."""
        return self._framer.due()

    def _mean(self, found: list[Framed], now: int, asked: int) -> list[Heard]:
        return [self._whose(one, now, asked) for one in found if one.body not in self._echoes]

    def _whose(self, framed: Framed, now: int, asked: int) -> Heard:
        shown = repr(framed.body[:SHOWN].decode("latin-1"))
        if framed.why:
            self._damaged += 1
            return Heard(-1, -1, None, f"the line {shown} {framed.why}")
        if self._named:
            fits = [
                (i, outcome)
                for i, one in enumerate(self._instruments)
                if (outcome := decode(one.form, framed.body)) is not None
            ]
        else:
            mine = asked if asked >= 0 else self._alone()
            outcome = decode(self._instruments[mine].form, framed.body) if mine >= 0 else None
            fits = [] if outcome is None else [(mine, outcome)]
        if len(fits) != 1:
            keys = " and ".join(self._instruments[i].key for i, _ in fits)
            why = f"the line {shown} fits {keys or 'no instrument of this bus'}"
            return Heard(-1, -1, None, why)
        unit, meant = fits[0]
        return Heard(unit, unit, meant, age_ms=now - framed.began_ms)

    def _alone(self) -> int:
        """Return the one instrument that speaks by itself on a line of its own; -1: there is none."""
        return 0 if len(self._instruments) == 1 and not self._instruments[0].ask else -1
