"""A wall clock that is a year off and is put right in the middle of an alarm."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

from hil.models import BENT_CLOCK, BUTTON, CENTRE, INSTRUMENT, USES, Scenario
from hil.scenarios.outages import answers_at_the_centre
from hil.stage import CALM, HIGH, Stage
from hil.story import CLOCK
from rig import shifted

YEAR_S = 365 * 86_400.0
WRONG_S = 10.0  # counted from the start of the process; long enough for a slow machine to reach the alarm
_AT = "SELECT at FROM event WHERE gateway_id = $1 AND alarm LIKE 'GT-101-level/%'"


def _jump(shift_s: float) -> Callable[[Stage], None]:
    def run(stage: Stage) -> None:
        launcher = [sys.executable, str(shifted.__file__), str(shift_s), str(WRONG_S)]
        began = datetime.now(UTC)
        stage.begin(launcher=launcher)
        started = (
            time.monotonic()
        )  # a little after the process began: by then its clock is surely right again
        late = stage.alarm(HIGH)
        stage.must("The horn sounds although the clock is a year off", True, f"after {late:,.0f} ms")
        stage.pause(max(0.0, WRONG_S + 0.5 - (time.monotonic() - started)))
        stage.story.span(CLOCK, f"wrong by {shift_s / 86_400:+.0f} days", started, started + WRONG_S)
        stage.must("The clock's jump does not silence it", stage.horn.sounds)
        silent = stage.silence()
        stage.must("The button silences it after the jump", True, f"after {silent:,.0f} ms")
        stage.acknowledge()
        stage.show(CALM)
        stage.pause(1.5)
        stage.whole_story()
        answers_at_the_centre(stage, ["silence", "acknowledge"])
        stage.must(*_dated(stage, began))

    return run


def _dated(stage: Stage, began: datetime) -> tuple[str, bool, str]:
    import asyncio

    assert stage.centre is not None
    times = [row["at"] for row in asyncio.run(stage.centre.rows(_AT, stage.box.id))]
    ended = datetime.now(UTC)
    off = max((max((began - at).total_seconds(), (at - ended).total_seconds()) for at in times), default=0.0)
    right = bool(times) and off < 1.0
    return "The centre dates the alarm rightly", right, f"{len(times)} events, off by {max(0.0, off):.1f} s"


SCENARIOS = tuple(
    Scenario(
        name,
        f"Clock a year {where}, then put right",
        f"时钟偏差一年（{zh}）后校正",
        "The horn hears no clock; where the gateway's cannot be believed the centre dates the story.",
        ("edge 25", "law-never-lose 9"),
        (INSTRUMENT, BUTTON, CENTRE, BENT_CLOCK),
        _jump(shift),
        centre=USES,
    )
    for name, where, zh, shift in (
        ("clock-back", "behind", "落后", -YEAR_S),
        ("clock-forward", "ahead", "超前", YEAR_S),
    )
)
