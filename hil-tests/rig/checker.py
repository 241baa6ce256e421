"""Compares what a witness instrument showed with what PostgreSQL holds: lost, doubled, wrong."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from rig.centre import Centre
from rig.programs import ProgramFailed, wait_until
from rig.witness import CHECK, Shown, WitnessUnit

RAISE, CLEAR = 1, 2
LAST_COMMIT_MS = 1_000  # what a power cut may take of the measurements, and of nothing else
WIRE_MS = 50  # a reply takes so long at most from the witness to the gateway, on a busy machine
DISCARDED_WITHIN_MS = 5_000
SWITCHED_OFF_MS = 1_500  # a read that was on the wire when its instrument was switched off
SLACK_MS = 500  # between the instrument's answer, the gateway's taking it, and the kill as the test saw it

_POLLS = """
SELECT m.batch_id, m.record, min(m.at) AS at,
       max(m.value) FILTER (WHERE p.key = $2 || '-count') AS count,
       max(m.value) FILTER (WHERE p.key = $2 || '-check') AS check,
       max(m.value) FILTER (WHERE p.key = $2 || '-level') AS level
FROM measurement AS m JOIN point AS p ON p.id = m.point_id
WHERE p.gateway_id = $1 AND p.key LIKE $2 || '-%'
GROUP BY m.batch_id, m.record
"""
_GAPS = """
SELECT from_ms, to_ms FROM gap WHERE gateway_id = $1 AND stream = 2
"""
_TRANSITIONS = """
SELECT e.transition, e.at, e.occurrence, e.value FROM event AS e
JOIN stream_epoch AS o ON o.gateway_id = e.gateway_id AND o.epoch = e.epoch
WHERE e.gateway_id = $1 AND e.kind = 'alarm' AND e.alarm = $2 AND e.transition = ANY($3::smallint[])
ORDER BY o.ordinal, e.seq
"""


class Interrupted(Protocol):
    """A gateway by its name, and when it was killed and stopped (ms of UTC)."""

    @property
    def id(self) -> str: ...
    @property
    def kills_ms(self) -> list[int]: ...
    @property
    def stops_ms(self) -> list[tuple[int, int]]: ...


@dataclass
class Verdict:
    """What a checker found; everything but `excused` must be empty."""

    stored: int = 0
    lost: list[int] = field(default_factory=list)
    doubled: list[int] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    undeclared: list[int] = field(default_factory=list)
    excused: int = 0

    def __str__(self) -> str:
        return (
            f"stored {self.stored}, lost {self.lost[:20]}, doubled {self.doubled[:20]}, "
            f"wrong {self.wrong[:20]}, covered by no declared gap {self.undeclared[:20]}, "
            f"within the last commit interval {self.excused}"
        )

    @property
    def clean(self) -> bool:
        """Whether nothing is lost, doubled or wrong."""
        return self.stored > 0 and not (self.lost or self.doubled or self.wrong or self.undeclared)


async def compare(
    centre: Centre,
    gateway: Interrupted,
    key: str,
    instrument: WitnessUnit,
    switched_off_ms: float = float("inf"),
) -> Verdict:
    """Compare every full read of `instrument` with the stored ones.

    Args:
        centre: where they should be.
        gateway: whose; the reads of the last commit interval before each of its kills may be absent, and so
            may one that was on the wire when it stopped or died.
        key: prefix of the instrument's three points: "{key}-count", "{key}-check", "{key}-level".
        instrument: what was shown.
        switched_off_ms: when the test switched the instrument off: bad data after that was made by it, and
            excuses only what was on the wire then.
    """
    rows = await centre.rows(_POLLS, gateway.id, key)
    verdict = Verdict(stored=len(rows))
    shown = {reading.count: reading for reading in list(instrument.shown)}
    seen: Counter[int] = Counter()
    bad_ms = []
    for row in rows:
        if row["count"] is None:
            bad_ms.append(row["at"].timestamp() * 1000)
            continue
        count = int(row["count"])
        seen[count] += 1
        true = shown.get(count)
        if true is None or int(row["check"]) != count ^ CHECK or int(row["level"]) != true.level:
            verdict.wrong.append(f"{count}: {dict(row)} but shown {true}")
    verdict.doubled = [count for count, times in seen.items() if times > 1]
    gaps = [(row["from_ms"], row["to_ms"]) for row in await centre.rows(_GAPS, gateway.id)]
    for count in sorted(shown.keys() - seen.keys()):
        reading = shown[count]
        if not _excused(reading, gateway, bad_ms, switched_off_ms):
            verdict.lost.append(count)
            continue
        verdict.excused += 1
        in_last_commit = any(
            kill - LAST_COMMIT_MS - SLACK_MS <= reading.at_ms < kill - WIRE_MS for kill in gateway.kills_ms
        )
        declared = any(first - WIRE_MS <= reading.at_ms <= last for first, last in gaps)
        if in_last_commit and not declared:
            verdict.undeclared.append(count)
    return verdict


def _excused(reading: Shown, gateway: Interrupted, bad_ms: Sequence[float], off_ms: float) -> bool:
    at = reading.at_ms
    in_last_commit = any(
        kill - LAST_COMMIT_MS - SLACK_MS <= at <= kill + SLACK_MS for kill in gateway.kills_ms
    )
    on_the_wire = any(before - WIRE_MS <= at <= after for before, after in gateway.stops_ms)
    # A read that was answered too late is stored as what the gateway knew: that nobody answered in time.
    discarded = any(
        at - SLACK_MS <= bad <= at + (DISCARDED_WITHIN_MS if bad < off_ms else SWITCHED_OFF_MS)
        for bad in bad_ms
    )
    return in_last_commit or on_the_wire or discarded


def arrived(centre: Centre, timeout_s: float = 180.0) -> None:
    """Wait until the centre has everything that any gateway has recorded.

    Raises:
        rig.programs.ProgramFailed: it never had; the audit's own words are in the message.
    """
    time.sleep(3.0)  # a commit interval and a heartbeat that tells how far the records go
    said: list[dict[str, int]] = []

    def whole() -> bool:
        said.append(centre.gaps())
        return said[-1]["missing"] == 0 and said[-1]["duplicate"] == 0

    try:
        wait_until("everything has arrived", whole, timeout_s, every_s=1.0)
    except ProgramFailed as exc:
        raise ProgramFailed(f"{exc}: {said[-1]}\n{centre.run('gaps')}") from exc


async def transitions(centre: Centre, gateway: str, alarm: str) -> list[int]:
    """The raises and clears of one alarm in the order in which the gateway numbered them."""
    rows = await centre.rows(_TRANSITIONS, gateway, alarm, [RAISE, CLEAR])
    return [row["transition"] for row in rows]


def expected_transitions(instrument: WitnessUnit, limit: int) -> list[int]:
    """What an alarm at `limit` must have recorded of the levels that the instrument was set to."""
    wanted: list[int] = []
    for change in instrument.changes:
        transition = RAISE if change.level > limit else CLEAR
        if (not wanted and transition == RAISE) or (wanted and wanted[-1] != transition):
            wanted.append(transition)
    return wanted
