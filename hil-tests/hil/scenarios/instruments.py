"""Instruments that misbehave on the wire, freeze, or lose their adapter: nothing wrong is believed."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable

from hil.misbehaviour import Misbehaviour
from hil.models import ADAPTER as PULLABLE
from hil.models import BUTTON, CENTRE, INSTRUMENT, MISBEHAVIOUR, USES, Scenario
from hil.stage import CALM, HIGH, Stage
from hil.story import ADAPTER
from hil.story import INSTRUMENT as INSTRUMENT_LANE
from rig.checker import compare
from rig.faults import Faults
from rig.programs import wait_until

SHARE = 0.3
BELIEVED_AGAIN_S = 60.0
RINGS = "bad_after_s = 3\nbad_priority = 2"  # what cannot be believed about it sounds, too


def _misbehaving(how: Misbehaviour, still_tells: bool) -> Callable[[Stage], None]:
    """A scenario with one kind of fault.

    Args:
        how: what goes wrong.
        still_tells: whether good answers come through often enough for the alarm itself; otherwise the horn
            must tell that the instrument cannot be believed.
    """

    def run(stage: Stage) -> None:
        stage.begin(quirks=RINGS)
        stage.pause(1.0)
        began = time.monotonic()
        stage.field.misbehave(how)
        if still_tells:
            stage.pause(2.0 * stage.pace)
            late = stage.alarm(HIGH, 60.0)
            stage.must("The alarm comes through the faults", True, f"after {late:,.0f} ms")
        else:
            late = (stage.horn.wait(True, 60.0) - began) * 1000
            stage.must("The horn tells that the instrument cannot be believed", True, f"after {late:,.0f} ms")
        stage.pause(2.0 * stage.pace)
        stage.field.misbehave(None)
        stage.story.span(INSTRUMENT_LANE, "misbehaves", began, time.monotonic())
        ended = time.monotonic()
        stage.show(CALM)
        wait_until("it is believed again", lambda: _believed(stage), BELIEVED_AGAIN_S, every_s=0.1)
        stage.must("It is believed again afterwards", True, f"after {time.monotonic() - ended:.1f} s")
        stage.silence(60.0)
        _nothing_wrong(stage)

    return run


def echoing(stage: Stage) -> None:
    """The adapter gives back every request, from the first one on, as such an adapter does."""
    stage.begin(quirks=RINGS, started=False)
    began = time.monotonic()
    stage.field.misbehave(Misbehaviour(echo=True))
    stage.box.start()
    stage.settled()
    stage.pause(1.0 * stage.pace)
    late = stage.alarm(HIGH)
    stage.must("The alarm comes through the echo", True, f"after {late:,.0f} ms")
    stage.silence()
    stage.show(CALM)
    stage.pause(1.0)
    stage.story.span(INSTRUMENT_LANE, "every request comes back", began, time.monotonic())
    _nothing_wrong(stage)


def _believed(stage: Stage) -> bool:
    """Whether it is read and no alarm about its quality is active (B and C of ISA-18.2)."""
    alarms = stage.box.status().get("alarms", [])
    doubted = any(alarm["state"] in "BC" and "-level/H" not in alarm["alarm"] for alarm in alarms)
    return stage.box.reads() and not doubted


def _nothing_wrong(stage: Stage) -> None:
    """Of what is stored nothing is wrong or twice; what the faults took from the wire may be absent."""
    from hil import stored

    shown, centre = stage.field.shown, stage.centre
    assert shown is not None
    assert centre is not None
    shown.silent = True
    lost = stored.arrived(centre, stage.box, 120.0)
    stage.box.stop()
    stage.must(
        "Audit of sequence at the centre: nothing missing, nothing twice",
        True,  # else it would not have arrived
        f"missing 0, duplicate 0, declared lost {lost}",
    )
    verdict = asyncio.run(compare(centre, stage.box, "GT-101", shown))
    stage.must(
        "No wrong or doubled value was believed",
        verdict.stored > 0 and not verdict.wrong and not verdict.doubled,
        f"stored {verdict.stored}, wrong {len(verdict.wrong)}, doubled {len(verdict.doubled)}",
    )
    stage.note("Reads that the faults took from the wire are stored as bad data, not as values.")


def frozen(stage: Stage) -> None:
    """The number moves, then stands still to the last bit: its own alarm says so."""
    stop = threading.Event()

    def breathe() -> None:
        level = CALM
        while not stop.wait(0.15):
            level = CALM + (level - CALM + 1) % 5
            stage.field.set_level(level)

    stage.begin(quirks=f"{RINGS}\nstuck_after_s = 4", started=False)
    breathing = threading.Thread(target=breathe, name="breathing", daemon=True)
    breathing.start()
    try:
        stage.box.start()
        stage.settled()
        stage.pause(5.0)
        stage.must("A value that moves is believed", not stage.horn.sounds)
    finally:
        stop.set()
        breathing.join(10)
    began = time.monotonic()
    late = stage.horn.wait(True, 60.0) - began
    stage.story.span(INSTRUMENT_LANE, "stands still", began, time.monotonic())
    stage.must("A value that stands still is told of", True, f"after {late:.1f} s, at 4 s")
    alarms = [alarm["alarm"] for alarm in stage.box.status().get("alarms", [])]
    stage.must("By its own name", "GT-101-level/STUCK" in alarms, ", ".join(alarms))
    _nothing_wrong(stage)


def pulled(stage: Stage) -> None:
    """The adapter is pulled: bad data rings; it is put back: values come again, and an alarm sounds."""
    stage.begin(quirks=RINGS)
    stage.pause(1.0)
    stage.field.unplug()
    began = time.monotonic()
    late = stage.horn.wait(True, 60.0) - began
    stage.must("The horn tells that the instrument is gone", True, f"after {late:.1f} s, at 3 s")
    stage.pause(1.0 * stage.pace)
    stage.field.plug()
    stage.story.span(ADAPTER, "pulled", began, time.monotonic())
    ended = time.monotonic()
    wait_until("it is read again", lambda: _believed(stage), BELIEVED_AGAIN_S, every_s=0.1)
    stage.must("It is read again when the adapter is back", True, f"after {time.monotonic() - ended:.1f} s")
    stage.silence(60.0)
    stage.acknowledge()
    late_ms = stage.alarm(HIGH)
    stage.must("And a new alarm sounds", True, f"after {late_ms:,.0f} ms")
    stage.silence()
    stage.show(CALM)
    stage.pause(1.0)
    _nothing_wrong(stage)


_KINDS: tuple[tuple[str, str, str, Misbehaviour, bool], ...] = (
    ("late", "Late replies", "应答迟到", Misbehaviour(Faults(late=SHARE)), True),
    ("short", "Short replies", "应答过短", Misbehaviour(Faults(short=SHARE)), True),
    ("crc", "Replies with a bad check sum", "校验错误", Misbehaviour(Faults(bad_crc=SHARE)), True),
    ("wrong-unit", "Replies of another unit", "应答地址错误", Misbehaviour(Faults(wrong_unit=SHARE)), True),
    ("duplicate-id", "Two instruments of one address", "地址重复", Misbehaviour(twin=True), False),
    ("noise", "Noise on the line", "线路噪声", Misbehaviour(Faults(noise=SHARE)), True),
    ("silent", "Half of the replies missing", "应答丢失", Misbehaviour(Faults(silent=0.5)), True),
    ("behind", "Replies one behind for ever", "应答始终滞后一帧", Misbehaviour(behind=True), False),
)

SCENARIOS = (
    *(
        Scenario(
            f"instrument-{name}", title, zh,
            "No wrong value is believed; the alarm, or that the instrument cannot be believed, is heard.",
            ("edge 25", "modbus-rule"), (INSTRUMENT, MISBEHAVIOUR, BUTTON, CENTRE),
            _misbehaving(how, tells), centre=USES,
        )
        for name, title, zh, how, tells in _KINDS
    ),
    Scenario(
        "instrument-echo", "An adapter that echoes", "适配器回显",
        "No echo is taken for a reply, and none for a second master.",
        ("edge 25", "modbus-rule"), (INSTRUMENT, MISBEHAVIOUR, BUTTON, CENTRE), echoing, centre=USES,
    ),
    Scenario(
        "instrument-stuck", "A value that stands still", "数值冻结",
        "A detector that freezes is told of by its own alarm.",
        ("edge 25",), (INSTRUMENT, CENTRE), frozen, centre=USES,
    ),
    Scenario(
        "adapter-pulled", "Adapter pulled and put back", "转换器拔出与恢复",
        "Bad data rings within its time; afterwards values and alarms come again by themselves.",
        ("edge 25",), (INSTRUMENT, PULLABLE, BUTTON, CENTRE), pulled, centre=USES,
    ),
)  # fmt: skip
