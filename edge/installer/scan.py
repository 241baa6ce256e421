"""Looks for instruments: ports × speeds × parities × units, never more than was asked for.

    listen ─▶ ask every unit, ~30 ms for one that is not there ─▶ who was late or broken again, with patience
          ─▶ what answered: which templates fit ─▶ next setting, unless this one found somebody

A unit is asked for two holding registers at 0 (function 3); any answer, a refusal too, says that it is there.
Nothing is ever written. A late reply names its unit, so it is asked again; it is never taken for another's
(reading.py). What was done is kept, so that an interrupted search goes on where it stopped.
"""

from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from edge.drivers.dlt645.settings import Bus
from edge.drivers.modbus import frame
from edge.installer.candidates import Candidate, candidates
from edge.installer.ear import Answer, Clock, Ear, Place, Setting
from edge.installer.hints import BLANKS, Hint, Tally, hints
from edge.installer.meter import BAUDRATES, find
from edge.installer.reading import Reader
from edge.template_file import Template

FIRST_MS: Final = 22  # with a request of 8 characters at 9600 baud about 30 ms for each dead address
TCP_FIRST_MS: Final = 100
PATIENT_MS: Final = 500
LEAST_PATIENT_MS: Final = 120
SLOWER: Final = 4  # times its first answer an instrument may take
LISTEN_MS: Final = 250
LINGER_MS: Final = 40
BEHIND: Final = 10  # who may have been late when a broken reply came
AGAIN: Final = 3
MANY: Final = 8  # alike instruments behind a converter; more that all say the same are one
PROBE: Final = frame.read(3, 0, 2)
PROBE_SIZE: Final = 4
REPEAT: Final = frame.read(3, 0, 3)
REPEAT_SIZE: Final = 6


class Found(msgspec.Struct):
    """An instrument that answered: where, how, and what it may be.

    `readable` is the last holding register of the piece from 0 on that it answers for; -1: none.
    `refuses` names a read function that it does not know; 0: none was seen.
    """

    place: Place
    setting: Setting
    unit: int
    took_ms: int
    refused: int = 0
    candidates: list[Candidate] = []
    table: str = "holding"
    readable: int = -1
    refuses: int = 0
    everybody: bool = False  # it answers to every unit number


class Line(msgspec.Struct):
    """One place: what was counted there, and why it could not be used."""

    place: Place
    tallies: list[Tally] = []
    trouble: str = ""

    @property
    def hints(self) -> list[Hint]:
        """What the counts say about the wiring."""
        return [] if self.trouble else hints(self.tallies, serial=self.place.kind != "tcp")


class Meter(msgspec.Struct, frozen=True):
    """An electricity meter (DL/T 645) that told its address."""

    place: Place
    baudrate: int
    address: str


class Findings(msgspec.Struct):
    """All that a search came to; `done` names the settings that were finished, so that it can go on."""

    lines: list[Line] = []
    found: list[Found] = []
    meters: list[Meter] = []
    done: list[str] = []


class Plan(msgspec.Struct, frozen=True):
    """What is asked for."""

    places: list[Place]
    settings: list[Setting]
    units: list[int]
    thorough: bool = False  # go on with other settings although one has found somebody
    patience_ms: int = 0  # for each address; 0: about 30 ms in all
    meters: bool = False  # ask for a DL/T 645 meter where no Modbus instrument answered

    def settings_of(self, place: Place) -> list[Setting]:
        """Return the settings to try: a TCP port has none of its own."""
        return self.settings if place.kind == "rtu" else [Setting()]

    @property
    def steps(self) -> int:
        """How many addresses are asked at most."""
        return sum(len(self.settings_of(place)) for place in self.places) * len(self.units)


class Scan:
    """One search; `findings` holds what is known so far, also when it is interrupted."""

    def __init__(
        self,
        plan: Plan,
        templates: Sequence[Template],
        clock: Clock,
        tell: Callable[[int, str], None],
        keep: Callable[[Findings], None],
        findings: Findings | None = None,
    ) -> None:
        """Prepare.

        Args:
            plan: where and what.
            templates: to recognise instruments by.
            clock: monotonic milliseconds.
            tell: called with the addresses done and what happens now.
            keep: called after each setting, to be able to go on later.
            findings: of an interrupted search.
        """
        self.findings = findings or Findings()
        self._plan = plan
        self._templates = templates
        self._clock = clock
        self._tell = tell
        self._keep = keep
        self._steps = 0

    async def run(self) -> Findings:
        """Search; returns everything found."""
        for place in self._plan.places:
            line = self._line(place)
            settings = self._plan.settings_of(place)
            for number, setting in enumerate(settings):
                name = f"{place} {setting}"
                if name in self.findings.done:
                    self._steps += len(self._plan.units)
                    continue
                if line.trouble:
                    self._steps += len(self._plan.units) * (len(settings) - number)
                    break
                if self._somebody(place) and not self._plan.thorough:
                    self._steps += len(self._plan.units) * (len(settings) - number)
                    break
                await self._at(line, place, setting)
                if not line.trouble:
                    self.findings.done.append(name)
                self._keep(self.findings)
            if self._plan.meters and place.kind == "rtu" and not line.trouble and not self._somebody(place):
                self._tell(self._steps, f"{place}: is there a DL/T 645 meter?")
                await self._meters(place)
        return self.findings

    async def _meters(self, place: Place) -> None:
        answered, _ = await find(Bus(name="line", device=place.device), BAUDRATES)
        self.findings.meters += [Meter(place, one.baudrate, one.address) for one in answered]

    def _line(self, place: Place) -> Line:
        for line in self.findings.lines:
            if line.place == place:
                line.trouble = ""
                return line
        self.findings.lines.append(Line(place))
        return self.findings.lines[-1]

    def _somebody(self, place: Place) -> bool:
        return any(one.place == place for one in self.findings.found)

    async def _at(self, line: Line, place: Place, setting: Setting) -> None:
        """Ask every unit at one setting."""
        label = str(place) if place.kind != "rtu" else f"{place} {setting}"
        tally = Tally(str(setting) if place.kind == "rtu" else place.kind)
        ear = Ear(place, setting, self._clock)
        line.trouble = await ear.open()
        if line.trouble:
            return
        try:
            idle = await ear.listen(LISTEN_MS)
            tally.idle_bytes, tally.idle_blanks = len(idle), sum(byte in BLANKS for byte in idle)
            answers = await self._units(ear, tally, label) if not ear.second_masters else {}
            tally.echoes, tally.second_masters = ear.echoes, ear.second_masters
            if tally.second_masters:
                line.trouble = (
                    f"{place}: another master asks on this line; nothing was asked. End it (a gateway, a"
                    " collector, an open configuration tool) and scan again"
                )
            line.tallies.append(tally)
            apart = answers if place.kind == "rtu" else _told_apart(answers, len(self._plan.units))
            for unit, answer in apart.items():
                found = Found(
                    place,
                    setting,
                    unit,
                    answer.took_ms,
                    answer.payload[0] if answer.outcome == "refused" else 0,
                )
                found.everybody = len(answers) > len(apart)
                self._tell(self._steps, f"{label}: unit {unit} answers; what is it?")
                await self._recognise(ear, found)
                self.findings.found.append(found)
        finally:
            ear.close()

    async def _units(self, ear: Ear, tally: Tally, label: str) -> dict[int, Answer]:
        """Ask all units quickly, then whoever was late or broken with patience."""
        answers: dict[int, Answer] = {}
        again: dict[int, None] = {}
        recent: list[int] = []
        first = self._plan.patience_ms or (FIRST_MS if ear.place.device else TCP_FIRST_MS)
        for unit in self._plan.units:
            self._steps += 1
            self._tell(self._steps, f"{label}, unit {unit}, {len(self.findings.found) + len(answers)} found")
            answer = await ear.ask(unit, PROBE, PROBE_SIZE, first, LINGER_MS)
            recent = [*recent[-BEHIND:], unit]
            tally.asked += 1
            again |= dict.fromkeys(number for number in ear.late if number in self._plan.units)
            if ear.late:
                tally.late += 1
                ear.late.clear()
            if answer.outcome == "second master":
                return answers
            if answer.outcome == "lost":
                if await ear.open():
                    return answers
            elif answer.outcome == "garbled":
                tally.garbled(answer.bytes_seen, answer.garbled)
                again |= dict.fromkeys(recent)
            elif answer.alive:
                answers[unit] = answer
                tally.answered += 1
        for unit in sorted(set(again) - set(answers)):
            self._tell(self._steps, f"{label}, unit {unit} again, with patience")
            answer = await ear.ask(unit, PROBE, PROBE_SIZE, PATIENT_MS, LINGER_MS)
            tally.asked += 1
            if answer.alive:
                answers[unit] = answer
                tally.answered += 1
            elif answer.outcome == "garbled":
                tally.garbled(answer.bytes_seen, answer.garbled)
        for unit, answer in answers.items():
            await self._twice(ear, tally, unit, answer)
        return dict(sorted(answers.items()))

    async def _twice(self, ear: Ear, tally: Tally, unit: int, answer: Answer) -> None:
        """Ask again, to hear whether two instruments speak by one address."""
        torn = False
        doubled = answer.copies > 1
        for _ in range(AGAIN):
            more = await ear.ask(unit, REPEAT, REPEAT_SIZE, PATIENT_MS, LINGER_MS)
            doubled |= more.copies > 1
            torn |= more.outcome == "garbled"
            if more.outcome == "garbled":
                tally.garbled(more.bytes_seen, more.garbled)
        if doubled:
            tally.doubled.append(unit)
        if torn:
            tally.torn.append(unit)

    async def _recognise(self, ear: Ear, found: Found) -> None:
        # The first contact's lengths are spent: its replies may still be on the way.
        spent = {(3, PROBE_SIZE): (0, 2), (3, REPEAT_SIZE): (0, 3)}
        patience_ms = min(PATIENT_MS, max(LEAST_PATIENT_MS, SLOWER * found.took_ms))
        reader = Reader(ear, found.unit, self._clock, patience_ms, spent)
        found.candidates = await candidates(reader, self._templates)
        if found.candidates:
            return
        for table in ("holding", "input"):
            last = await _extent(reader, table)
            if last >= 0:
                found.table, found.readable = table, last
                return
            found.refuses = {"holding": 3, "input": 4}[table]


def _told_apart(answers: dict[int, Answer], asked: int) -> dict[int, Answer]:
    """Leave one of many where a TCP instrument answers to every unit number alike."""
    alike = {(answer.outcome, answer.payload) for answer in answers.values()}
    if asked > MANY and len(answers) == asked and len(alike) == 1:
        first = min(answers)
        return {first: answers[first]}
    return answers


async def _extent(reader: Reader, table: str) -> int:
    """Find the last register of the piece that begins at 0; -1: there is none."""
    good = -1
    for count in (2, 10, 20, 40, 60, 100, 124):
        got = await reader.registers(table, 0, count)
        if not got.good:
            break
        good = count - 1
    return good
