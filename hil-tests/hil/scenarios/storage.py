"""The spool's disk runs full, is pulled, or was never there: the horn comes before any disk is written."""

from __future__ import annotations

from hil.models import BUTTON, CENTRE, DYING_DISK, INSTRUMENT, SMALL_DISK, USES, Scenario
from hil.scenarios.outages import answers_at_the_centre, heard_and_answered
from hil.stage import CALM, HIGH, Stage
from hil.story import DISK
from rig.programs import wait_until


def full(stage: Stage) -> None:
    """Somebody else's file takes the last byte; later it goes."""
    stage.begin(disk="full")
    stage.pause(2.0)
    stage.disk.spoil()
    with stage.lasting(DISK, "full to the last byte"):
        wait_until(
            "the gateway says that its disk is full", lambda: stage.box.status().get("disk_full"), 60.0
        )
        stage.must("`edge status` says that the disk is full", True)
        heard_and_answered(stage, HIGH, "the spool's disk is full")
        stage.show(CALM)
        stage.pause(2.0 * stage.pace)
        stage.disk.heal()
    stage.whole_story()
    answers_at_the_centre(stage, ["silence", "acknowledge"])


def pulled(stage: Stage) -> None:
    """Every read and write fails, as with a card that is pulled; it stays away."""
    stage.begin(disk="dying")
    stage.pause(3.0)
    stage.disk.spoil()
    with stage.lasting(DISK, "every read and write fails"):
        heard_and_answered(stage, HIGH, "the spool's card is gone")
        stage.show(CALM)
        stage.pause(2.0 * stage.pace)
        stage.whole_story()
    answers_at_the_centre(stage, ["silence", "acknowledge"])


def never_there(stage: Stage) -> None:
    """No folder can be made where the spool should lie; the gateway runs from memory."""
    stage.begin(started=False)
    stage.box.state.write_text("no folder can be made here", encoding="utf-8")
    with stage.lasting(DISK, "no folder for the spool"):
        stage.box.start()
        stage.settled()
        heard_and_answered(stage, HIGH, "there is no folder for the spool")
        stage.show(CALM)
        stage.pause(2.0)
        stage.whole_story()
    answers_at_the_centre(stage, ["silence", "acknowledge"])


_FIELD = (INSTRUMENT, BUTTON, CENTRE)

SCENARIOS = (
    Scenario(
        "disk-full", "Spool disk full", "存储盘写满",
        "The horn sounds, the button answers, and what found no room on the disk is sent from memory.",
        ("edge 11", "law-never-lose 11"), (*_FIELD, SMALL_DISK), full, centre=USES,
    ),
    Scenario(
        "disk-pulled", "Spool card pulled", "存储卡被拔出",
        "Every write fails from one moment to the next; alarm, button and record go on.",
        ("edge 11", "law-never-lose 11"), (*_FIELD, DYING_DISK), pulled, centre=USES,
    ),
    Scenario(
        "disk-missing", "No folder for the spool", "存储目录不可用",
        "The gateway starts without any disk, sounds, and sends from memory.",
        ("edge 11", "law-never-lose 11"), _FIELD, never_there, centre=USES,
    ),
)  # fmt: skip
