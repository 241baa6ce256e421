"""Network, router, centre, database and gateway gone, one by one and together: the horn does not care."""

from __future__ import annotations

import time

from hil.models import BUTTON, CENTRE, INSTRUMENT, NETWORK, SHAKES, SMALL_DISK, USES, Scenario
from hil.stage import CALM, HIGH, HIGHER, Stage
from hil.stored import operator_actions, raise_at_the_centre
from hil.story import CENTRE as CENTRE_LANE
from hil.story import DISK, GATEWAY
from hil.story import NETWORK as NETWORK_LANE
from rig.programs import wait_until

OUTAGE_S = 2.0


def heard_and_answered(stage: Stage, level: int, while_: str) -> None:
    """A new alarm sounds, is silenced by its button and acknowledged by the next press."""
    late = stage.alarm(level)
    stage.must(f"A new alarm sounds the horn while {while_}", True, f"after {late:,.0f} ms")
    silent = stage.silence()
    stage.must(f"The button silences it while {while_}", True, f"after {silent:,.0f} ms")
    stage.acknowledge()


def answers_at_the_centre(stage: Stage, wanted: list[str]) -> None:
    """The centre holds what was done at the plant, in its order."""
    assert stage.centre is not None
    actions = operator_actions(stage.centre, stage.box.id)
    stage.must(
        "What was done at the plant is at the centre", actions == wanted, ", ".join(actions) or "nothing"
    )


def network_gone(stage: Stage) -> None:
    """The cable is pulled; an alarm comes, is answered, clears; the cable comes back."""
    stage.begin(cable=True)
    stage.pause(1.0)
    stage.line.cut()
    with stage.lasting(NETWORK_LANE, "link down"):
        stage.pause(OUTAGE_S * stage.pace)
        heard_and_answered(stage, HIGH, "the network is gone")
        stage.show(CALM)
        stage.pause(OUTAGE_S * stage.pace)
        stage.line.mend()
    stage.whole_story()
    answers_at_the_centre(stage, ["silence", "acknowledge"])


def network_poor(stage: Stage) -> None:
    """300 ms each way and one packet in ten lost, as on a bad radio link."""
    stage.begin(cable=True)
    assert stage.centre is not None
    how = stage.line.slow(300.0, 0.1)
    stage.note(f"By {how}.")
    with stage.lasting(NETWORK_LANE, "300 ms each way, 10 % loss"):
        heard_and_answered(stage, HIGH, "the network is poor")
        after = raise_at_the_centre(stage.centre, stage.box.id)
        stage.must(
            "The alarm reaches the centre over the poor network", True, f"{after:.1f} s after it began"
        )
        stage.show(CALM)
        stage.pause(OUTAGE_S * stage.pace)
        stage.line.quick()
    stage.whole_story()
    answers_at_the_centre(stage, ["silence", "acknowledge"])


def router_gone(stage: Stage) -> None:
    """The router's process is killed and comes back."""
    assert stage.centre is not None
    stage.begin()
    stage.centre.router.kill()
    with stage.lasting(CENTRE_LANE, "router killed"):
        heard_and_answered(stage, HIGH, "the router is gone")
        stage.show(CALM)
        stage.pause(OUTAGE_S * stage.pace)
        stage.centre.router.start()
    stage.whole_story()
    answers_at_the_centre(stage, ["silence", "acknowledge"])


def centre_gone(stage: Stage) -> None:
    """The centre's process is killed, then its database, and both come back."""
    assert stage.centre is not None
    stage.begin()
    stage.centre.serve.kill()
    stage.centre.postgres.kill()
    with stage.lasting(CENTRE_LANE, "centre and database killed"):
        heard_and_answered(stage, HIGH, "centre and database are gone")
        stage.show(CALM)
        stage.pause(OUTAGE_S * stage.pace)
        stage.centre.postgres.start()
        stage.centre.serve.start()
        stage.centre.wait_ready()
    stage.whole_story()
    answers_at_the_centre(stage, ["silence", "acknowledge"])


def gateway_killed(stage: Stage) -> None:
    """`kill -9` in the middle of an alarm that nobody has heard yet."""
    stage.begin()
    stage.alarm(HIGH)
    stage.pause(2.0)
    killed = stage.box.kill()
    wait_until("it is begun again", lambda: stage.box.supervisor.restarts, 30.0)
    wait_until("it reads again", stage.box.reads, 60.0, every_s=0.1)
    back = (time.monotonic() - killed) * 1000
    stage.must("It was begun again after kill -9", True, f"reading after {back:,.0f} ms")
    alarms = {alarm["alarm"]: alarm["state"] for alarm in stage.box.status().get("alarms", [])}
    stage.must(
        "The alarm that stood is active and unacknowledged after the new start (state B)",
        alarms.get("GT-101-level/H") == "B",
        str(alarms),
    )
    stage.must("The horn sounded all the time, also while the gateway was dead",
               not stage.horn.ever(False, killed))  # fmt: skip
    stage.must("The button silences it after the new start", True, f"after {stage.silence(60.0):,.0f} ms")
    stage.acknowledge()
    stage.show(CALM)
    stage.pause(2.0)
    stage.whole_story()
    answers_at_the_centre(stage, ["silence", "acknowledge"])


def everything_gone(stage: Stage) -> None:
    """Network, router, centre, database and spool disk gone; then the gateway is killed as well."""
    assert stage.centre is not None
    stage.begin(cable=True, disk="full")
    stage.pause(2.0)
    stage.line.cut()
    stage.centre.router.kill()
    stage.centre.serve.kill()
    stage.centre.postgres.kill()
    began = time.monotonic()
    stage.disk.spoil()
    with stage.lasting(DISK, "full to the last byte"):
        heard_and_answered(stage, HIGH, "network, router, centre, database and spool disk are gone")
        stage.pause(OUTAGE_S * stage.pace)
        stage.disk.heal()
    wait_until("the disk takes records again",
               lambda: stage.box.status().get("disk_full") is False, 60.0, every_s=0.2)  # fmt: skip
    stage.pause(3.0)
    killed = stage.box.kill()
    wait_until("it is begun again", lambda: stage.box.supervisor.restarts, 30.0)
    stage.settled()
    stage.story.span(GATEWAY, "dead", killed, stage.box.supervisor.restarts[-1][0])
    heard_and_answered(stage, HIGHER, "network and centre are gone and the gateway was just killed")
    stage.show(CALM)
    stage.pause(2.0)
    for lane, says in ((NETWORK_LANE, "link down"), (CENTRE_LANE, "router, centre, database killed")):
        stage.story.span(lane, says, began, time.monotonic())
    stage.centre.router.start()
    stage.centre.postgres.start()
    stage.centre.serve.start()
    stage.centre.wait_ready()
    stage.line.mend()
    stage.whole_story()
    answers_at_the_centre(stage, ["silence", "acknowledge", "silence", "acknowledge"])


_FIELD = (INSTRUMENT, BUTTON, CENTRE)

SCENARIOS = (
    Scenario(
        "everything-gone",
        "Network, centre, spool disk and a process gone",
        "网络、中心、存储盘与任一进程同时失效",
        "The horn sounds for a new alarm, its button silences it, and the centre gets the whole story.",
        ("edge 11", "edge 14", "edge 25", "law-never-lose 11, 15"),
        (*_FIELD, NETWORK, SMALL_DISK),
        everything_gone,
        centre=SHAKES,
    ),
    Scenario(
        "network-gone", "Network gone", "网络中断",
        "An alarm is heard and answered without a network, and arrives when it is back.",
        ("edge 11", "law-never-lose 4"), (*_FIELD, NETWORK), network_gone, centre=USES,
    ),
    Scenario(
        "network-poor", "Network slow and lossy", "网络高延迟与丢包",
        "300 ms each way and ten percent loss keep neither the horn nor the story.",
        ("edge 11", "law-never-lose 4"), (*_FIELD, NETWORK), network_poor, centre=USES,
    ),
    Scenario(
        "router-gone", "Router gone", "路由进程失效",
        "An alarm is heard and answered while the router is dead, and arrives when it is back.",
        ("edge 11", "law-never-lose 4"), _FIELD, router_gone, centre=SHAKES,
    ),
    Scenario(
        "centre-gone", "Centre and database gone", "中心与数据库失效",
        "An alarm is heard and answered while nobody is there, and arrives when they are back.",
        ("edge 11", "law-never-lose 6"), _FIELD, centre_gone, centre=SHAKES,
    ),
    Scenario(
        "gateway-killed", "Gateway killed in an alarm", "报警中网关进程被杀",
        "After kill -9 the alarm stands as it stood, the horn never fell silent, and nothing is lost.",
        ("edge 14", "law-never-lose 15"), _FIELD, gateway_killed, centre=USES,
    ),
)  # fmt: skip
