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
        longest = max((len(one.ask) for one in instruments), default=0)
        self._framer = Framer(framing._replace(max_length=framing.max_length + longest))  # an echo before it
        self._most = framing.length or framing.max_length
        self._named = named
        self._damaged = 0
        # A request that comes back is an echo or another master's, never an answer.
        self._echoes = {one.ask for one in instruments if one.ask} | {
            one.ask.removeprefix(framing.start).removesuffix(framing.end) for one in instruments if one.ask
        }

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
        return [self._behind_echo(one, now, asked) for one in found if one.body not in self._echoes]

    def _behind_echo(self, framed: Framed, now: int, asked: int) -> Heard:
        """Say whose a line is; where an adapter echoes, the request may stand before it without an end."""
        heard = self._whose(framed, now, asked)
        if heard.block >= 0:
            return heard
        for ask in self._echoes:
            if framed.raw.startswith(ask):
                again = self._whose(self._framer.checked(framed.raw[len(ask) :], framed.began_ms), now, asked)
                if again.block >= 0:
                    return again
        return heard

    def _whose(self, framed: Framed, now: int, asked: int) -> Heard:
        shown = repr(framed.body[:SHOWN].decode("latin-1"))
        if framed.why or len(framed.body) > self._most:
            self._damaged += 1
            return Heard(-1, -1, None, f"the line {shown} {framed.why or 'is too long'}")
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
