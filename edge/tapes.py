"""Brings the bus black box to the centre when somebody there asks for it, in pieces that fit a frame.

    tape ""             which buses there are, and which dumps lie here
    tape "line-1"       what the tape of the bus holds now, packed at the first piece and held for a while
    tape "0…-line-1.tape.gz"   a dump that was written when something went wrong

A dump is kilobytes to about a megabyte and tells nothing that warns anybody: so it goes as the answer to a
command, piece by piece, and stands in no stream that an event or a reading might wait for.
"""

import asyncio
import gzip
import hashlib
from typing import Final

import msgspec

from edge.blackbox import SUFFIX, BlackBox
from edge.clock import Clock
from edge.uplink.commands import DONE, REFUSED, Outcome
from protocol import messages as m

TAPE: Final = "tape"
PIECE: Final = 384 * 1024  # bytes; with its frame well below the frame limit
HELD_MS: Final = 180_000
HELD_MOST: Final = 2


class Tapes:
    """Answers commands for tapes."""

    def __init__(self, box: BlackBox, clock: Clock) -> None:
        """Answer from this black box."""
        self._box = box
        self._clock = clock
        self._held: dict[str, tuple[int, str, bytes]] = {}  # by what was asked: since when, name, packed

    async def answer(self, command: m.Command) -> Outcome:
        """Answer one command: the list, or one piece of a dump.

        Returns:
            done, with `detail` as JSON: {"buses", "dumps": [{"name", "size"}]} for the list, {"name", "size",
            "sha256"} of the whole compressed dump for a piece; or refused with the reason in words.
        """
        now = self._clock.mono_ms()
        self._held = {key: held for key, held in self._held.items() if now - held[0] < HELD_MS}
        which = command.output
        if not which:
            dumps = await asyncio.to_thread(self._box.kept)
            listed = [{"name": name, "size": size} for name, size in dumps]
            return Outcome(DONE, _json({"buses": list(self._box.tapes), "dumps": listed}))
        if command.part <= 0:
            try:
                name, packed = await self._pack(which, f"asked for by {command.by}: {command.reason}")
            except (KeyError, OSError):
                return Outcome(
                    REFUSED, f"no bus and no dump {which!r} here; there are {', '.join(self._box.tapes)}"
                )
            while len(self._held) >= HELD_MOST:
                self._held.pop(next(iter(self._held)))
            self._held[which] = (now, name, packed)
        held = self._held.get(which)
        if held is None:
            return Outcome(REFUSED, "it is held no more: begin with the first piece again")
        _, name, packed = held
        parts = max(1, -(-len(packed) // PIECE))
        part = max(0, command.part)
        if part >= parts:
            return Outcome(REFUSED, f"there are {parts} pieces, counted from 0")
        about = {"name": name, "size": len(packed), "sha256": hashlib.sha256(packed).hexdigest()}
        return Outcome(DONE, _json(about), parts, packed[part * PIECE : (part + 1) * PIECE])

    async def _pack(self, which: str, why: str) -> tuple[str, bytes]:
        if which in self._box.tapes:
            text = await self._box.text(which, why)
            packed = await asyncio.to_thread(gzip.compress, text.encode(), 6)
            return f"{self._clock.utc_ms():013d}-{which}{SUFFIX}", packed
        return which, await asyncio.to_thread(self._box.read, which)


def _json(what: object) -> str:
    return msgspec.json.encode(what).decode()
