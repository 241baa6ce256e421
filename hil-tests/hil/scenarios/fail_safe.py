"""Held relays let go when their gateway dies or hangs; plain coils do not, and it is said of them."""

from __future__ import annotations

import time
from collections.abc import Callable

from edge.installer.check import check
from hil.box import WATCHDOG_S
from hil.models import PLAIN, PULSE, WATCHDOG, Scenario
from hil.stage import HIGH, Stage
from hil.story import GATEWAY
from rig.programs import wait_until

SAFE_S = 2.0
DETECTED_S = WATCHDOG_S + 3.0  # fed once a second; the rest is the machine's


def _lets_go(fault: str) -> Callable[[Stage], None]:
    def run(stage: Stage) -> None:
        stage.begin()
        said = check(stage.box.config).text
        stage.must("`edge check` calls the horn fail-safe", "fail-safe: yes" in said)
        stage.box.supervisor.holds_back.set()
        stage.box.supervisor.kills_what_hangs = False
        stage.pause(2.0)
        stage.must("The relay is held while all is well", not stage.horn.sounds)
        if fault == "kill":
            at = stage.box.kill()
        else:
            at = time.monotonic()
            stage.box.program.pause()
            stage.story.mark(GATEWAY, "SIGSTOP")
        late = stage.horn.wait(True, 10.0) - at
        stage.series("fault to horn", [late * 1000], SAFE_S * 1000)
        stage.must(f"The horn sounds within {SAFE_S:g} s", late <= SAFE_S, f"after {late:.2f} s")

    return run


def plain(stage: Stage) -> None:
    """The board keeps its coil: the horn stays silent, and `edge check` had said so."""
    stage.begin()
    said = check(stage.box.config).text
    reason = "fail-safe: no, a plain coil keeps its state when the gateway dies"
    stage.must("`edge check` calls a plain coil not fail-safe, and says why", reason in said)
    stage.box.supervisor.holds_back.set()
    at = stage.box.kill()
    stage.show(HIGH)
    stage.pause(SAFE_S + 1.0)
    stage.must("Which is true: the horn stays silent", not stage.horn.ever(True, at))


def hang_seen(stage: Stage) -> None:
    """SIGSTOP: the watchdog is not fed; the supervisor ends the process and begins it again."""
    stage.begin()
    wait_until("it feeds its watchdog", lambda: len(stage.box.supervisor.fed_at) > 1, 60.0)
    stopped = time.monotonic()
    stage.box.program.pause()
    stage.story.mark(GATEWAY, "SIGSTOP")
    wait_until("it is begun again", lambda: stage.box.supervisor.restarts, 60.0)
    seen = stage.box.supervisor.restarts[0][0] - stopped
    stage.must("It hung, nobody spoke for it, and it was begun again",
               "hangs" in stage.box.supervisor.restarts[0][1], f"after {seen:.1f} s")  # fmt: skip
    stage.within(f"SIGSTOP to seen (watchdog {WATCHDOG_S:g} s)", seen * 1000, DETECTED_S * 1000)
    stage.settled()
    late = stage.alarm(HIGH)
    stage.must("The next alarm sounds", True, f"after {late:,.0f} ms")


SCENARIOS = (
    *(
        Scenario(
            f"fail-safe-{board}-{fault}",
            f"Held relay ({board}): gateway {'killed' if fault == 'kill' else 'stopped'}",
            f"保持式继电器（{zh}）：网关{'被杀' if fault == 'kill' else '挂起'}",
            f"Whatever happens to the gateway, the horn sounds within {SAFE_S:g} s.",
            ("edge 12",), (), _lets_go(fault), board=board,
        )
        for board, zh in ((PULSE, "定时脉冲"), (WATCHDOG, "看门狗"))
        for fault in ("kill", "stop")
    ),
    Scenario(
        "fail-safe-plain", "A plain coil is not fail-safe", "普通线圈并非故障安全",
        "A board that keeps its coil is reported as what it is.",
        ("edge 12",), (), plain, board=PLAIN,
    ),
    Scenario(
        "hang-seen", "A hanging gateway is seen", "网关挂起被发现",
        "A stopped process is not spoken for at its watchdog, and is begun again.",
        ("edge 14",), (), hang_seen,
    ),
)  # fmt: skip
