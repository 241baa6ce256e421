"""One task owns one serial port and asks its instruments, one question at a time; what they say is a dialect.

Who may be asked is decided by `conversation` (a reply counts only if no other request could have caused it)
and `turns` (deadlines, silent instruments); what bytes mean by the family's dialect. Here the I/O is done:

    turns.next -> conversation.sent -> port.write … port.take -> dialect.take -> conversation.frame -> sink
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable

from edge.drivers.conversation import ACCEPT, Conversation
from edge.drivers.dialect import Dialect, Heard, Outcome, Wire
from edge.drivers.models import BlockReading, Clock, Tape
from edge.drivers.serial_port import SerialPort
from edge.drivers.serial_settings import SerialTable
from edge.drivers.turns import ASK, MISSED, Expected, Turns
from edge.drivers.wire_stats import WireStats, units_of
from protocol import quality

log = logging.getLogger(__name__)

RECONNECT_FIRST_MS, RECONNECT_LAST_MS = 500, 30_000
REOPEN_MS = 15_000  # a TCP connection on which nobody answered so long may be dead without saying so
QUIET_MS = 20
IDLE_MS = 3_600_000


class AskingBus:
    """One port; `sink` gets the outcome of every poll or report, good or bad."""

    def __init__(
        self,
        settings: SerialTable,
        wire: Wire,
        dialect: Dialect,
        sink: Callable[[BlockReading], None],
        clock: Clock,
        tape: Tape | None,
    ) -> None:
        """Prepare; nothing is opened before `run`."""
        self._name = settings.name
        self._wire = wire
        self._dialect = dialect
        self._sink = sink
        self._clock = clock
        self._tape = tape
        self._port = SerialPort(settings, self._received, self._lost, tape)
        now = clock.mono_ms()
        questions = [i for i, asked in enumerate(wire.asked) if asked]
        quiet = max(QUIET_MS, settings.characters_ms(4))
        self._conversation = Conversation(
            wire.timeouts_ms, quiet, now, named=wire.named, several=len(questions) > 1
        )
        self._questions = questions
        self._turns = Turns(
            [(wire.unit_of[i], wire.blocks[i].period_ms, wire.blocks[i].timeout_ms) for i in questions],
            len(wire.units),
            [self._conversation.free_from(unit) for unit in range(len(wire.units))],
        )
        self._expected = {
            i: Expected(wire.unit_of[i], wire.blocks[i].period_ms, now)
            for i, asked in enumerate(wire.asked)
            if not asked
        }
        self._asked = -1
        self._heard: Heard | None = None
        self._why = ""
        self._nap: asyncio.Future[None] | None = None
        self._silent: set[int] = set()
        self._connections = 0
        self._trouble = ""
        self._busy_ms = 0
        self._started = now
        self._last_good = self._opened_ms = now
        self._renewing = False
        self._tcp = bool(settings.host)

    async def run(self) -> None:
        """Open the port, ask and listen, and open it again, until cancelled."""
        pause = 0
        try:
            while True:
                reason = await self._port.open()
                if not reason:
                    pause = 0
                    self._opened()
                    await self._serve()
                    if self._renewing:
                        continue
                    reason = f"{self._port.where} was lost"
                    log.warning("bus %s: %s", self._name, reason)
                elif pause == 0:
                    log.warning("bus %s: %s", self._name, reason)
                self._trouble = reason
                self._renewing = False
                pause = min(max(2 * pause, RECONNECT_FIRST_MS), RECONNECT_LAST_MS)
                until = self._clock.mono_ms() + random.randint(pause // 2, pause)
                while (now := self._clock.mono_ms()) < until:
                    await self._rest(min(until, self._report_missed(reason, now)), now)
        finally:
            self._port.close()
            self._conversation.overdue(self._clock.mono_ms())
            self._asked = -1

    def stats(self) -> WireStats:
        """Return what was counted since the start."""
        units = units_of(
            self._wire, self._turns, list(self._expected.values()), self._conversation, self._silent
        )
        return WireStats(
            self._name,
            self._port.is_open,
            "" if self._port.is_open else self._trouble,
            units,
            sum(u.good for u in units),
            sum(u.failed for u in units),
            sum(u.heard_late for u in units),
            sum(u.skipped for u in units),
            self._connections,
            self._conversation.strays,
            self._dialect.malformed,
            self._busy_ms / max(1, self._clock.mono_ms() - self._started),
        )

    # --- one open port ---

    def _opened(self) -> None:
        now = self._clock.mono_ms()
        self._connections += 1
        self._opened_ms = now
        if not self._renewing:  # else nobody was heard before it either: the breakers stay as they are
            self._turns.returned(now)
            log.info("bus %s: %s is open", self._name, self._port.where)
        self._renewing = False

    async def _serve(self) -> None:
        """Do what is due until the port is lost."""
        while self._port.is_open:
            now = self._clock.mono_ms()
            self._miss_expected(now)
            wake = self._next_expected(now)
            what, number, again = self._turns.next(now, self._conversation.free_from)
            if what == ASK:
                await self._ask(self._questions[number])
                continue
            if what == MISSED:
                block = self._questions[number]
                self._bad(block, quality.COMM_FAILURE, self._why_not(self._wire.unit_of[block], now), 0)
                continue
            due = self._dialect.due()
            if 0 <= due <= now:
                self._judge(self._dialect.settle(now, -1), now)
                continue
            times = [at for at in (wake, again, due) if at >= 0]
            await self._rest(min(times, default=now + IDLE_MS), now)

    async def _ask(self, block: int) -> None:
        """Ask one block and give the outcome to the sink."""
        unit = self._wire.unit_of[block]
        self._port.read()  # what already lies in the kernel was sent before our request: not its answer
        now = self._clock.mono_ms()
        self._judge(self._dialect.settle(now, -1), now)
        if not self._port.is_open or self._conversation.free_from(unit) > now:
            self._bad(block, quality.COMM_FAILURE, self._why_not(unit, now), 0)
            return
        deadline = self._conversation.sent(unit, block, now)
        self._begin(block)
        self._port.write(self._dialect.request(block))
        while self._heard is None and self._port.is_open and (at := self._clock.mono_ms()) < deadline:
            due = self._dialect.due()
            if 0 <= due <= at:
                self._judge(self._dialect.settle(at, block), at)
                continue
            await self._rest(min(deadline, due) if due >= 0 else deadline, at)
        end = self._clock.mono_ms()
        if self._heard is None:
            self._judge(self._dialect.settle(end, block), end)
        self._asked = -1
        self._busy_ms += end - now
        heard = self._heard
        if heard is None or heard.outcome is None:
            self._unanswered(block, unit, end - now, end)
        else:
            self._answered(block, unit, heard.outcome, end - now, end)

    def _begin(self, block: int) -> None:
        self._asked, self._heard, self._why = block, None, ""

    def _answered(self, block: int, unit: int, outcome: Outcome, took: int, now: int) -> None:
        self._last_good = now
        self._turns.answered(unit, good=outcome.data is not None, now=now)
        if unit in self._silent:
            self._silent.remove(unit)
            self._tell(logging.INFO, f"{self._wire.units[unit]} is back")
        self._give(block, outcome, took, now)

    def _unanswered(self, block: int, unit: int, took: int, now: int) -> None:
        self._conversation.overdue(now)
        self._port.look()
        held = max(0, self._conversation.held_until - now)
        if self._turns.silent(unit, took + held, now):
            self._silent.add(unit)
            self._tell(logging.WARNING, f"{self._wire.units[unit]} is silent", trip=True)
        if not self._port.is_open:
            self._bad(block, quality.NOT_CONNECTED, f"{self._port.where} was lost", took)
            return
        reason = self._why or f"no answer within {self._wire.timeouts_ms[unit]} ms"
        self._bad(block, quality.COMM_FAILURE, reason, took)
        self._renew(max(REOPEN_MS, self._conversation.holds_ms[unit]), now)

    def _renew(self, patience_ms: int, now: int) -> None:
        """Open a TCP connection anew on which nobody said anything for so long: it may be dead."""
        if self._tcp and self._port.is_open and now - max(self._last_good, self._opened_ms) > patience_ms:
            self._renewing = True
            self._port.close()

    # --- what comes ---

    def _received(self, data: bytes) -> None:
        now = self._clock.mono_ms()
        self._conversation.noise(now)
        self._judge(self._dialect.take(data, now, self._asked), now)

    def _judge(self, found: list[Heard], now: int) -> None:
        for heard in found:
            expected = self._expected.get(heard.block)
            if expected is not None:
                if expected.take(now) and heard.outcome is not None:
                    self._spoke(heard.block, heard.outcome, heard.age_ms, now)
                continue
            if heard.why:
                self._why = heard.why
            if self._conversation.frame(heard.unit, heard.block, now) == ACCEPT:
                self._heard = heard
                self._asked = -1
                self._rouse()

    def _lost(self) -> None:
        self._conversation.overdue(self._clock.mono_ms())
        self._rouse()

    # --- instruments that speak by themselves ---

    def _spoke(self, block: int, outcome: Outcome, age_ms: int, now: int) -> None:
        unit = self._wire.unit_of[block]
        self._last_good = now
        if unit in self._silent:
            self._silent.remove(unit)
            self._tell(logging.INFO, f"{self._wire.units[unit]} is back")
        self._give(block, outcome, age_ms, now)

    def _miss_expected(self, now: int) -> None:
        for block, expected in self._expected.items():
            if expected.overdue(now):
                self._port.look()
                if expected.unit not in self._silent:
                    self._silent.add(expected.unit)
                    self._tell(logging.WARNING, f"{self._wire.units[expected.unit]} is silent", trip=True)
                self._bad(block, quality.COMM_FAILURE, "it speaks by itself, and has not", 0)
                self._renew(max(REOPEN_MS, 3 * expected.period_ms), now)

    def _next_expected(self, now: int) -> int:
        return min((max(now, expected.due_ms) for expected in self._expected.values()), default=-1)

    # --- readings and words ---

    def _give(self, block: int, outcome: Outcome, took: int, now: int) -> None:
        self._sink(
            BlockReading(
                self._wire.blocks[block],
                outcome.data,
                outcome.quality,
                self._clock.utc_ms(),
                now,
                took,
                outcome.reason,
                outcome.exceptions,
            )
        )

    def _bad(self, block: int, how: int, reason: str, took: int) -> None:
        self._give(block, Outcome(None, how, reason), took, self._clock.mono_ms())

    def _why_not(self, unit: int, now: int) -> str:
        """Say in words why an instrument is not asked."""
        key = self._wire.units[unit]
        if not self._port.is_open:
            return f"{self._port.where} was lost"
        if unit in self._silent:
            rest = max(self._turns.retry_ms(unit), self._conversation.free_from(unit)) - now
            return f"{key} is silent; asked again in {max(0, rest) // 1000} s"
        if self._conversation.held_until > now and not self._wire.named:
            return "an answer is missing or came twice: the whole line waits until none can be on its way"
        if self._conversation.held_until > now:
            return "the line is not quiet: something else speaks on it"
        return f"{key} left a question open: an old answer may still be on its way"

    def _tell(self, level: int, text: str, *, trip: bool = False) -> None:
        log.log(level, "bus %s: %s", self._name, text)
        if self._tape is not None:
            (self._tape.trip if trip else self._tape.note)(text)

    def _report_missed(self, reason: str, now: int) -> int:
        """Report the turns that come while there is no port; return when the next one does."""
        while True:
            number, due = self._turns.missed(now)
            if number < 0:
                break
            self._bad(self._questions[number], quality.NOT_CONNECTED, reason, 0)
        for block, expected in self._expected.items():
            if expected.overdue(now):
                self._bad(block, quality.NOT_CONNECTED, reason, 0)
        times = [at for at in (due, self._next_expected(now)) if at >= 0]
        return max(now + 1, min(times, default=now + IDLE_MS))

    def _rouse(self) -> None:
        if self._nap is not None and not self._nap.done():
            self._nap.set_result(None)

    async def _rest(self, until: int, now: int) -> None:
        """Sleep until a monotonic time, or until roused."""
        loop = asyncio.get_running_loop()
        nap = self._nap = loop.create_future()
        timer = loop.call_later(max(0.001, (until - now) / 1000), _wake, nap)
        try:
            await nap
        finally:
            timer.cancel()
            self._nap = None


def _wake(nap: asyncio.Future[None]) -> None:
    if not nap.done():
        nap.set_result(None)
