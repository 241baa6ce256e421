"""Compares what a scenario did with what the centre holds of it: readings, alarm, button, and the audit."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import msgspec

from central.db.opening import opened
from central.ingest import gaps as audit
from hil.house import ADMINISTERING
from hil.story import RECEIPT
from rig.checker import CLEAR, RAISE, compare, expected_transitions, transitions
from rig.programs import ProgramFailed, wait_until

if TYPE_CHECKING:
    from hil.box import Box
    from hil.stage import Stage
    from rig.centre import Centre

_OPERATOR = """
SELECT e.raw FROM event AS e
JOIN stream_epoch AS o ON o.gateway_id = e.gateway_id AND o.epoch = e.epoch
WHERE e.gateway_id = $1 AND e.kind = 'operator' ORDER BY o.ordinal, e.seq
"""
# What a full disk made it give up: the oldest readings first, events last (law-never-lose 11).
_GIVEN_UP = """
SELECT reason, last_seq - first_seq + 1 - kept AS records FROM gap
WHERE gateway_id = $1 AND stream = 2 AND last_seq IS NOT NULL
"""
_ALARM = "GT-101-level/"
_STORED = """
SELECT kind, transition, alarm, raw, extract(epoch FROM at)::float8 AS at,
       extract(epoch FROM received_at)::float8 AS received
FROM event WHERE gateway_id = $1 AND (kind = 'operator' OR alarm LIKE $2) ORDER BY received_at
"""
STILL_S = 8.0


def arrived(centre: Centre, box: Box, timeout_s: float) -> int:
    """Wait until the centre has everything that this gateway has recorded.

    Returns:
        how many records the gateway has declared lost.

    Raises:
        rig.programs.ProgramFailed: it never had; with what the audit found.
    """
    found: list[audit.Finding] = []

    counted: list[tuple[float, int]] = []

    def sent() -> bool:
        """Nothing waits, or what is counted as waiting has not moved for a while: the audit judges."""
        said = box.status()
        if said.get("uplink") != "connected":
            counted.clear()
            return False
        waiting = said["events"]["waiting"] + said["measurements"]["waiting"]
        if not counted or counted[-1][1] != waiting:
            counted.append((time.monotonic(), waiting))
        return waiting == 0 or time.monotonic() - counted[-1][0] > STILL_S

    def whole() -> bool:
        found[:] = _findings(centre, box.id)
        return all(finding.kind == "declared_lost" for finding in found)

    wait_until("the spool has drained", sent, timeout_s, every_s=0.3)
    time.sleep(3.0)  # a commit interval, and a heartbeat that tells how far the records go
    try:
        wait_until("everything has arrived", whole, timeout_s, every_s=1.0)
    except ProgramFailed as exc:
        raise ProgramFailed(f"{exc}: {found}") from exc
    return sum(finding.count for finding in found)


def _findings(centre: Centre, gateway: str) -> list[audit.Finding]:
    async def work() -> audit.Report:
        async with opened(centre.settings) as database:
            return await audit.audit(database)

    with ADMINISTERING:
        report = asyncio.run(work())
    return [finding for finding in report.findings if finding.gateway == gateway]


def judge(stage: Stage, centre: Centre, declared_lost: int) -> None:
    """Say on the stage what is stored of what happened; everything has arrived by now."""
    box = stage.box
    _tell_receipts(stage, centre)
    stage.must(
        "Audit of sequence at the centre: nothing missing, nothing twice",
        True,  # else it would not have arrived
        f"missing 0, duplicate 0, declared lost {declared_lost}",
    )
    shown = stage.field.shown
    if shown is None:
        stage.note(
            "The instrument of this rig does not count its answers: only the audit judges its readings."
        )
        return
    verdict = asyncio.run(compare(centre, box, "GT-101", shown, stage.switched_off_ms))
    given_up = asyncio.run(centre.rows(_GIVEN_UP, box.id))
    declared = sum(row["records"] for row in given_up)
    undeclared = max(0, len(verdict.lost) - declared) + len(verdict.undeclared)
    stage.must(
        "Every answer of the instrument is stored once, as it was, or its loss was declared",
        verdict.stored > 0 and not (undeclared or verdict.doubled or verdict.wrong),
        f"stored {verdict.stored}, doubled {len(verdict.doubled)}, wrong {len(verdict.wrong)}, lost "
        f"{len(verdict.lost)} of {declared} declared, undeclared {undeclared}; cut off by a kill or a stop "
        f"{verdict.excused}",
    )
    for row in given_up:
        stage.note(f"The gateway gave up {row['records']} readings and declared it: {row['reason']}.")
    if undeclared or verdict.doubled or verdict.wrong:
        at = {reading.count: reading.at_ms for reading in shown.shown}
        kills = ", ".join(map(str, box.kills_ms)) or "none"
        lost = ", ".join(f"{count} at {at[count]}" for count in verdict.lost[:20])
        stage.note(f"{verdict}; lost, by the wall clock in ms: {lost}; kills at {kills}")
    for name, limit in (("H", 100), ("HH", 200)):
        wanted = expected_transitions(shown, limit)
        got = asyncio.run(transitions(centre, box.id, f"{_ALARM}{name}"))
        stage.must(
            f"Raises and clears of {name} at the centre are those of the instrument, in their order",
            got == wanted,
            f"{len(got)} of {len(wanted)}",
        )


def raise_at_the_centre(centre: Centre, gateway: str, timeout_s: float = 120.0) -> float:
    """Wait until a raise of H or HH is stored; returns the seconds from the alarm to there.

    Raises:
        rig.programs.ProgramFailed: it never was.
    """
    found: list[float] = []

    def stored() -> bool:
        rows = asyncio.run(centre.rows(_STORED, gateway, f"{_ALARM}H%"))
        found.extend(row["received"] - row["at"] for row in rows if row["transition"] == RAISE)
        return bool(found)

    wait_until("the alarm is at the centre", stored, timeout_s, every_s=0.2)
    return found[0]


def _tell_receipts(stage: Stage, centre: Centre) -> None:
    """Mark on the timeline when the centre had stored the alarm and the presses."""
    rows = asyncio.run(centre.rows(_STORED, stage.box.id, f"{_ALARM}H%"))
    words = {RAISE: "raise stored", CLEAR: "clear stored"}
    ago = time.time() - time.monotonic()
    for row in rows:
        says = words.get(row["transition"], "")
        if row["kind"] == "operator":
            says = f"{msgspec.msgpack.decode(row['raw'])['action']} stored"
        if says:
            stage.story.mark(RECEIPT, says, row["received"] - ago)


def operator_actions(centre: Centre, gateway: str) -> list[str]:
    """What was done at the plant, as the centre holds it: "silence", "acknowledge", "reset", in order."""
    rows = asyncio.run(centre.rows(_OPERATOR, gateway))
    return [str(msgspec.msgpack.decode(row["raw"])["action"]) for row in rows]
