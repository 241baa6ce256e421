"""Walks every alarm of every point through the running gateway: gas on, value, alarm, horn, receipt, gas off.

    test begins ─▶ value live … alarm raised (TEST) ─▶ horn read back ─▶ the centre's receipt ─▶ heard?
                 ─▶ gas away ─▶ normal, acknowledged, reset ─▶ test ends ─▶ next alarm

Nothing is simulated: what is tried is the way that a real gas takes. The gateway is asked over its local
socket. After each alarm the sheet is written, so that a walk of several days goes on where it stopped.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final, Protocol

import msgspec

from edge.config import Loaded
from edge.core.alarm import QUALITY_SIDES, RISING
from edge.layout import lay_out, outputs

TEST_MIN: Final = 30
LOOK_S: Final = 0.3
HORN_S: Final = 10.0
RECEIPT_S: Final = 30.0
PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"
RETURNED: Final = ("D", "E", "F")
WORDS: Final = {
    "H": "高报",
    "HH": "高高报",
    "L": "低报",
    "LL": "低低报",
    "ROC": "变化率",
    "DEV": "偏差",
    "ON": "为 1",
    "OFF": "为 0",
}


class Step(msgspec.Struct, frozen=True):
    """One alarm that has to be tried; `outputs` are those that have to follow it."""

    alarm: str
    point: str
    name: str
    limit_name: str
    what: str
    unit: str
    priority: int
    outputs: list[str] = []


class Result(msgspec.Struct, kw_only=True):
    """How one alarm was tried; times are UTC ms of the gateway's machine, 0: not reached."""

    alarm: str
    result: str
    value: float | None = None
    began_ms: int = 0
    raised_ms: int = 0
    marked_test: bool = False
    outputs: dict[str, bool] = {}
    output_ms: int = 0
    receipted_ms: int = 0
    receipt: str = ""
    heard: str = ""
    normal_ms: int = 0
    note: str = ""


class Sheet(msgspec.Struct):
    """A walk, as it is kept and reported."""

    gateway: str
    name: str
    config_version: int
    config_hash: str
    by: str
    began_ms: int
    steps: list[Step]
    results: list[Result] = []
    ended_ms: int = 0
    software: str = ""

    def result_of(self, alarm: str) -> Result | None:
        """Return the newest result of an alarm."""
        return next((one for one in reversed(self.results) if one.alarm == alarm), None)

    @property
    def open(self) -> list[Step]:
        """What has not passed yet, in order."""
        return [
            step
            for step in self.steps
            if (result := self.result_of(step.alarm)) is None or result.result == SKIPPED
        ]


class Console(Protocol):
    """The technician."""

    def say(self, text: str) -> None:
        """Show a line."""
        ...

    def live(self, text: str) -> None:
        """Show a line in place of the last live one."""
        ...

    def typed(self) -> str | None:
        """Return a line that was typed meanwhile; None: none."""
        ...

    async def ask(self, question: str) -> str:
        """Ask and wait for the answer."""
        ...


class Clock(Protocol):
    """Both clocks."""

    def utc_ms(self) -> int: ...
    def mono_ms(self) -> int: ...


Ask = Callable[[str], Awaitable[dict[str, Any]]]


def steps_of(loaded: Loaded) -> list[Step]:
    """Return every alarm of the process, in the configuration's order; those of bad data are not tried."""
    layout = lay_out(loaded, "")
    parts: dict[str, list[str]] = {a.name: [] for a in layout.annunciators}
    horn_from = {a.name: a.horn_from for a in layout.annunciators}
    for annunciator, part, _ in outputs(loaded.config):
        parts[annunciator].append(part)
    found = []
    for block in layout.blocks:
        for limit in block.limits:
            if limit.side in QUALITY_SIDES:
                continue
            point = block.points[limit.point_index]
            name = limit.alarm_id.rpartition("/")[2]
            followed = [
                f"{block.annunciator}.{part}"
                for part in parts.get(block.annunciator, [])
                if part != "horn" or limit.priority >= horn_from[block.annunciator]
            ]
            sign = "≥" if limit.side in RISING else "≤"
            what = "" if limit.limit is None else f"{sign} {limit.limit:g} {point.unit}"
            found.append(
                Step(
                    limit.alarm_id,
                    point.key,
                    point.name or point.key,
                    name,
                    f"{WORDS.get(name, name)} {what}".strip(),
                    point.unit,
                    limit.priority,
                    followed,
                )
            )
    return found


class Walk:
    """One sitting of a technician."""

    def __init__(
        self,
        sheet: Sheet,
        ask: Ask,
        console: Console,
        clock: Clock,
        sleep: Callable[[float], Awaitable[object]],
        keep: Callable[[Sheet], None],
    ) -> None:
        """Prepare.

        Args:
            sheet: what is done so far.
            ask: sends a line to the running gateway and gives its answer.
            console: the technician.
            clock: of this machine.
            sleep: waits, in seconds.
            keep: writes the sheet.
        """
        self.sheet = sheet
        self._ask = ask
        self._console = console
        self._clock = clock
        self._sleep = sleep
        self._keep = keep

    async def run(self) -> None:
        """Walk what is open; "q" at an alarm ends the sitting, and the next one goes on there."""
        todo = self.sheet.open
        for number, step in enumerate(todo, 1):
            self._console.say(f"\n[{number}/{len(todo)}] {step.alarm}  {step.name}  {step.what}")
            result = await self._step(step)
            if result is None:
                self._console.say("结束本次；下次从这里继续 / ended; the next sitting goes on here")
                self._keep(self.sheet)
                return
            self.sheet.results.append(result)
            self._keep(self.sheet)
            self._console.say(f"  {self._verdict(result)}")
        self.sheet.ended_ms = self._clock.utc_ms()
        self._keep(self.sheet)

    @staticmethod
    def _verdict(result: Result) -> str:
        words = {PASSED: "通过 / passed", FAILED: "不通过 / FAILED", SKIPPED: "跳过 / skipped"}
        return words[result.result] + (f": {result.note}" if result.note else "")

    async def _step(self, step: Step) -> Result | None:
        begun = await self._ask(f"point-test-begin {step.point} {TEST_MIN} {self.sheet.by}")
        if "error" in begun:
            return Result(alarm=step.alarm, result=FAILED, note=begun["error"])
        result = Result(alarm=step.alarm, result=PASSED, began_ms=self._clock.utc_ms())
        try:
            return await self._tried(step, result)
        finally:
            await self._ask(f"point-test-end {step.point} {self.sheet.by}")

    async def _tried(self, step: Step, result: Result) -> Result | None:
        self._console.say(
            "  施加标准气体或改变液位等，直至报警；回车跳过，f 原因 = 不通过，q = 结束\n"
            "  Apply test gas, level …; Enter skips, f REASON fails, q ends the sitting"
        )
        standing = await self._wait_for(step, raised=True)
        if isinstance(standing, str):
            return self._told(result, standing)
        result.raised_ms = self._clock.utc_ms()
        result.value, result.marked_test = standing["value"], bool(standing.get("test"))
        faults = [] if result.marked_test else ["it was in alarm before the test, so it was told as real"]
        faults += await self._outputs(step, result)
        faults += await self._receipt(result)
        heard = await self._console.ask("  现场听到、看到报警了吗？Heard and seen? [y / n 原因] ")
        result.heard = heard or "y"
        if heard.lower().startswith(("n", "否", "没")):
            faults.append(f"not heard or seen: {heard[1:].strip() or 'no reason given'}")
        await self._ask(f"act acknowledge {step.alarm} {self.sheet.by}")
        self._console.say("  撤去气体 / Take it away")
        back = await self._wait_for(step, raised=False)
        if isinstance(back, str):
            faults.append(f"did not return to normal: {back or 'skipped'}")
        else:
            result.normal_ms = self._clock.utc_ms()
            await self._ask(f"act acknowledge {step.alarm} {self.sheet.by}")
            await self._ask(f"act reset {step.alarm} {self.sheet.by}")
        if faults:
            result.result, result.note = FAILED, "; ".join(faults)
        return result

    @staticmethod
    def _told(result: Result, said: str) -> Result | None:
        """Take what the technician typed instead of an alarm."""
        if said == "q":
            return None
        if said.startswith("f"):
            result.result, result.note = FAILED, said[1:].strip() or "no alarm came"
        else:
            result.result = SKIPPED
        return result

    async def _wait_for(self, step: Step, *, raised: bool) -> dict[str, Any] | str:
        """Show the value until the alarm is raised, or gone; a typed line ends the waiting."""
        while True:
            status = await self._ask("status")
            held = next((one for one in status["alarms"] if one["alarm"] == step.alarm), None)
            holds = held is not None and (held["under"] or held["state"]) not in RETURNED
            if holds == raised:
                self._console.live("")
                return held or {}
            self._console.live(f"  {await self._value(step)}")
            said = self._console.typed()
            if said is not None:
                return said.strip()
            await self._sleep(LOOK_S)

    async def _value(self, step: Step) -> str:
        shown = await self._ask("values")
        own = next((one for one in shown["points"] if one["key"] == step.point), None)
        if own is None or own["value"] is None:
            why = "" if own is None else own["reason"]
            return f"{step.point}: 无有效数据 / no valid value {why}".rstrip()
        return f"{step.point} = {own['value']:g} {own['unit']} ({own['quality']})"

    async def _outputs(self, step: Step, result: Result) -> list[str]:
        """Wait until what has to sound was read back as on."""
        if not step.outputs:
            return []
        end = self._clock.mono_ms() + HORN_S * 1000
        missing = list(step.outputs)
        seen: set[str] = set()
        while self._clock.mono_ms() < end:
            status = await self._ask("status")
            # A flashing beacon is on now and then.
            seen |= {one["output"] for one in status["outputs"] if one["on"] and one["ok"]}
            missing = [name for name in step.outputs if name not in seen]
            if not missing:
                result.output_ms = self._clock.utc_ms()
                break
            await self._sleep(LOOK_S)
        result.outputs = {name: name in seen for name in step.outputs}
        for name in step.outputs:
            said = "已动作，回读一致 / on, read back" if name in seen else "未动作 / DOES NOT FOLLOW"
            self._console.say(f"  {name}: {said}")
        return [f"{name} did not follow" for name in missing]

    async def _receipt(self, result: Result) -> list[str]:
        """Wait until the centre has receipted the alarm's event."""
        status = await self._ask("status")
        events, epoch = status["events"], status["epoch"]
        wanted = events["taken"]
        end = self._clock.mono_ms() + RECEIPT_S * 1000
        while status["uplink"] == "connected" and self._clock.mono_ms() < end:
            status = await self._ask("status")
            if status["epoch"] != epoch or status["events"]["receipted"] >= wanted:
                result.receipted_ms = self._clock.utc_ms()
                result.receipt = f"event {wanted}"
                self._console.say(f"  中心已入库回执 / receipted by the centre: event {wanted}")
                return []
            await self._sleep(LOOK_S)
        if status["uplink"] == "none":
            result.receipt = "no uplink configured"
            self._console.say("  未配置上级平台 / no uplink: not tried")
            return []
        self._console.say("  中心没有回执 / no receipt of the centre")
        result.receipt = f"none within {RECEIPT_S:g} s: uplink {status['uplink']}"
        return ["no receipt of the centre"]
