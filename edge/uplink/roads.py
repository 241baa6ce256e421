"""The roads of one gateway as one: what is asked goes by the present road, and by the next when it is silent.

A question that nobody answered on one road is asked again on the other, and may so reach the centre twice:
the locked cursor there makes that harmless (law-never-lose 6, 7), and only a signed receipt counts here.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeVar

from edge.spool.spool import Clock
from edge.uplink.choice import Choice
from edge.uplink.road import CentreBusy, Commands, Road, RoadBlocked

log = logging.getLogger(__name__)

LOOK_S: Final = 0.5

_T = TypeVar("_T")


class Roads:
    """At least one road, in order of preference."""

    def __init__(
        self, roads: Sequence[Road], commands: Commands, clock: Clock, fall_over_s: float, probe_s: float
    ) -> None:
        """Join roads.

        Args:
            roads: not open yet.
            commands: where all of them put the centre's commands.
            clock: for patience.
            fall_over_s: how long the present road may give no answer.
            probe_s: how often a better one is tried.
        """
        self.commands = commands
        self._roads = list(roads)
        self._opening = [asyncio.Lock() for _ in self._roads]
        self._clock = clock
        self._patience_s = fall_over_s
        self._told = 0
        self._choice = Choice(len(self._roads), int(fall_over_s * 1000), int(probe_s * 1000))

    @property
    def name(self) -> str:
        """Which road is in use."""
        return self._roads[self._choice.present].name

    @property
    def is_open(self) -> bool:
        """Whether the present road can send."""
        return self._roads[self._choice.present].is_open

    async def open(self) -> None:
        """Open the present road, or the next when this one has been shut for too long.

        Raises:
            RoadBlocked: none could be opened.
        """
        await self._by_turns(self._open)

    async def ask(self, leaf: str, payload: bytes, timeout_s: float) -> bytes:
        """Ask on the present road, and on the next when this one has been silent for too long.

        Raises:
            RoadBlocked: nobody answered.
            CentreBusy: the centre takes nothing now.
        """

        async def ask(index: int) -> bytes:
            return await self._ask(index, leaf, payload, timeout_s)

        return await self._by_turns(ask)

    async def put(self, leaf: str, payload: bytes) -> None:
        """Send on the present road what nobody answers."""
        await self._roads[self._choice.present].put(leaf, payload)

    async def close(self) -> None:
        """Leave all roads."""
        for road in self._roads:
            await road.close()

    async def run(self, probe: Callable[[], bytes], believed: Callable[[bytes], bool], leaf: str) -> None:
        """Try a better road, or the present one when nothing was answered for long, until cancelled.

        Args:
            probe: makes a frame that the centre answers and that changes nothing there.
            believed: says whether an answer is the centre's.
            leaf: where the probe goes.
        """
        while True:
            await asyncio.sleep(LOOK_S)
            index = self._choice.probe(self._clock.mono_ms())
            if index is None:
                continue
            if index == self._choice.present:
                with contextlib.suppress(RoadBlocked, CentreBusy):
                    await self.ask(leaf, probe(), self._patience_s)
                continue
            with contextlib.suppress(RoadBlocked, CentreBusy):
                answer = await self._ask_only(index, leaf, probe(), self._patience_s)
                if believed(answer) and self._choice.probed(index, self._clock.mono_ms()):
                    self._told = index
                    log.info("uplink: back on the %s road", self.name)

    async def _open(self, index: int) -> None:
        async with self._opening[index]:
            if not self._roads[index].is_open:
                await self._roads[index].open()

    async def _ask_only(self, index: int, leaf: str, payload: bytes, timeout_s: float) -> bytes:
        await self._open(index)
        return await self._roads[index].ask(leaf, payload, timeout_s)

    async def _ask(self, index: int, leaf: str, payload: bytes, timeout_s: float) -> bytes:
        try:
            answer = await self._ask_only(index, leaf, payload, timeout_s)
        except CentreBusy:
            self._choice.answered(index, self._clock.mono_ms())
            raise
        self._choice.answered(index, self._clock.mono_ms())
        return answer

    async def _by_turns(self, work: Callable[[int], Awaitable[_T]]) -> _T:
        """Do it on the present road; where nobody answered and another road became the present one, there."""
        while True:
            index = self._choice.present
            began = self._clock.mono_ms()
            try:
                return await work(index)
            except RoadBlocked as exc:
                if not self._choice.unanswered(index, began, self._clock.mono_ms()):
                    raise
                if self._told != self._choice.present:
                    self._told = self._choice.present
                    log.warning("uplink: by the %s road from now on: %s", self.name, exc)
