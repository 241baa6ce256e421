"""Tries horns, beacons and announcers, weekly and on request, and records what each of them did.

A test is an operator's action (who, when) and then one result an output, marked "test" in every record. It
does not begin while an alarm sounds, and an alarm that begins meanwhile takes the horn over at once.
"""

import asyncio
import logging
import os
import tempfile
from collections import deque
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

import msgspec

from edge.config_models import SounderTest
from edge.outputs import sounder
from edge.outputs.models import Output
from edge.outputs.sounder import Listening, Result
from edge.spool.spool import Clock, Spool
from edge.watched import Panel
from protocol import messages as m

log = logging.getLogger(__name__)

FILE: Final = "sounder-tests.json"
LOOK_S: Final = 0.1
TICK_S: Final = 1.0
OFF_S: Final = 4.0  # a board confirms that it is silent again well within
MOST: Final = 8  # requests that wait
WEEK_S: Final = 7 * 86_400
SCHEDULE: Final = "schedule"
TESTED: Final = "test"  # states of an OutputEvent
PUT_OFF: Final = "put-off"
BUSY: Final = "an alarm sounds: tested when it is silent"


class Asked(msgspec.Struct):
    """A request: whose test, by whom, and where the results go; `output` "" for all of the annunciator."""

    annunciator: str
    origin: str
    by: str
    done: asyncio.Future[list[Result]]
    output: str = ""
    command: str = ""
    reason: str = ""


class Sounders:
    """The tests of one gateway; one at a time."""

    def __init__(
        self,
        panels: Mapping[str, Panel],
        tables: Mapping[str, SounderTest | None],
        spool: Spool,
        clock: Clock,
        folder: Path,
        value: Callable[[str], float | None],
    ) -> None:
        """Prepare.

        Args:
            panels: annunciators by name.
            tables: when each is tested; None: on request only.
            spool: takes the record.
            clock: of the gateway.
            folder: state folder, where the time of the last test is kept.
            value: the newest good value of a point.
        """
        self._panels = panels
        self._tables = tables
        self._spool = spool
        self._clock = clock
        self._path = folder / FILE
        self._value = value
        self._asked: deque[Asked] = deque()
        self._come = asyncio.Event()
        self._since = self._read()
        self._postponed: dict[str, int] = {}

    def request(
        self, name: str, origin: str, by: str, *, command: str = "", reason: str = ""
    ) -> "asyncio.Future[list[Result]]":
        """Ask for a test.

        Args:
            name: of an annunciator, or of one of its outputs.
            origin: "page", "local", "centre" or "schedule".
            by: who.
            command: id of the centre's command.
            reason: why, in his words.

        Returns:
            The results, once the test is over.

        Raises:
            ValueError: there is none of that name, an alarm sounds, or too many wait; says it in words.
        """
        panel = self._panels.get(name)
        output = ""
        if panel is None:
            panel, output = self._panels.get(name.rpartition(".")[0]), name
        if panel is None or (output and output not in panel.outputs()):
            there = [*self._panels, *(o for p in self._panels.values() for o in p.outputs())]
            raise ValueError(f"nothing to test is called {name!r}; there are {', '.join(there)}")
        if panel.sounds():
            raise ValueError(BUSY)
        if len(self._asked) >= MOST:
            raise ValueError("too many tests wait")
        done: asyncio.Future[list[Result]] = asyncio.get_running_loop().create_future()
        asked = Asked(panel.name, origin, by, done, output, command, reason)
        self._asked.append(asked)
        self._come.set()
        return asked.done

    def every_s(self, annunciator: str) -> int:
        """Say how often an annunciator is tried by time, in seconds; 0: only on request."""
        return WEEK_S if self._tables.get(annunciator) is not None else 0

    async def run(self) -> None:
        """Test what is asked for and what is due, until cancelled."""
        while True:
            self._come.clear()
            while self._asked:
                asked = self._asked.popleft()
                made: list[Result] = []
                try:
                    made = await self._test(asked)
                finally:  # nobody waits for a test that broke off
                    if not asked.done.done():
                        asked.done.set_result(made)
            self._look()
            try:
                async with asyncio.timeout(TICK_S):
                    await self._come.wait()
            except TimeoutError:
                continue

    def _look(self) -> None:
        """Ask for the tests that are due by time; a clock that cannot be believed knows no Monday."""
        if not self._clock.state:
            return
        utc = self._clock.utc_ms()
        for name, table in self._tables.items():
            if table is None:
                continue
            if name not in self._since:
                self._note(name, utc)
            if not sounder.due(table, self._since[name], utc, None):
                continue
            if not self._panels[name].sounds():
                self.request(name, SCHEDULE, "weekly test")
            elif utc - self._postponed.get(name, 0) > sounder.WINDOW_MS:
                self._postponed[name] = utc
                self._tell([Result(f"{name}.horn", False, f"weekly test put off: {BUSY}")], PUT_OFF)

    async def _test(self, asked: Asked) -> list[Result]:
        panel = self._panels[asked.annunciator]
        table = self._tables[asked.annunciator] or SounderTest()
        if panel.sounds():
            made = [Result(asked.output or f"{asked.annunciator}.horn", False, f"test put off: {BUSY}")]
            self._tell(made, PUT_OFF)
            return made
        self._spool.record(
            partial(
                m.OperatorEvent,
                action="test",
                origin=asked.origin,
                by=asked.by,
                command=asked.command,
                reason=f"test of {asked.output or asked.annunciator}"
                + (f": {asked.reason}" if asked.reason else ""),
            )
        )
        listening = None
        if table.heard_by is not None and table.rise is not None:
            listening = Listening(table.heard_by, table.rise)
            listening.before(self._value(table.heard_by))
        asked_for = {asked.output} if asked.output else set(panel.outputs())
        outputs = [o for o in (panel.horn, panel.beacon) if o is not None and o.name in asked_for]
        panel.tried = asked.output
        on, cut = await self._sound(panel, outputs, table.seconds, listening)
        off = {} if cut else await self._silent(outputs)
        heard = None if listening is None else listening.verdict()
        made = sounder.results([(o.name, on.get(o.name), off.get(o.name)) for o in outputs], heard)
        made += [
            Result(a.name, a.ok, "test: told" if a.ok else "test: does not take its texts")
            for a in panel.announcers
            if a.name in asked_for
        ]
        if cut:
            made = [Result(r.output, r.ok, f"{r.reason}; cut short by an alarm") for r in made]
        self._tell(made, PUT_OFF if cut else TESTED)
        if not asked.output:  # the weekly test is of all of them
            self._note(asked.annunciator, self._clock.utc_ms())
        return made

    async def _sound(
        self, panel: Panel, outputs: list[Output], seconds: float, listening: Listening | None
    ) -> tuple[dict[str, bool], bool]:
        """Sound for a while; returns who was read back as on, and whether an alarm took over."""
        on: dict[str, bool] = {o.name: False for o in outputs if hasattr(o, "confirmed")}
        until = self._clock.mono_ms() + int(seconds * 1000)
        panel.testing = True
        try:
            panel.drive(self._clock.mono_ms())
            panel.announce()
            while self._clock.mono_ms() < until and not panel.sounds():
                await asyncio.sleep(LOOK_S)
                for output in outputs:
                    if getattr(output, "confirmed", None) is True and output.wanted:
                        on[output.name] = True
                if listening is not None:
                    listening.during(self._value(listening.key))
        finally:
            panel.testing, panel.tried = False, ""
            panel.drive(self._clock.mono_ms())
            panel.announce()
        return on, panel.sounds()

    async def _silent(self, outputs: list[Output]) -> dict[str, bool]:
        """Wait until all are read back as off; returns who is still on."""
        until = self._clock.mono_ms() + int(OFF_S * 1000)
        while True:
            still = {o.name: bool(o.confirmed) for o in outputs if hasattr(o, "confirmed")}
            wanted = any(o.wanted for o in outputs)  # an alarm has begun meanwhile
            if wanted or not any(still.values()) or self._clock.mono_ms() > until:
                return {} if wanted else still
            await asyncio.sleep(LOOK_S)

    def _tell(self, made: list[Result], state: str) -> None:
        """Record what each output did; `state` TESTED, or PUT_OFF where an alarm came first."""
        for result in made:
            if not result.ok:
                word = "FAILED" if state == TESTED else "did not take place"
                log.error("test of %s %s: %s", result.output, word, result.reason)
        self._spool.record(
            *(partial(m.OutputEvent, output=r.output, state=state, ok=r.ok, reason=r.reason) for r in made)
        )

    def _note(self, name: str, utc_ms: int) -> None:
        self._since[name] = utc_ms
        try:
            with tempfile.NamedTemporaryFile(dir=self._path.parent, delete=False) as file:
                file.write(msgspec.json.encode(self._since))
                file.flush()
                os.fsync(file.fileno())
            Path(file.name).replace(self._path)
        except OSError as exc:
            log.warning("when horns were tested cannot be kept: %s", exc)

    def _read(self) -> dict[str, int]:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, int])
        except FileNotFoundError:
            return {}
        except (OSError, msgspec.MsgspecError) as exc:
            log.warning("when horns were tested cannot be read: %s", exc)
            return {}
