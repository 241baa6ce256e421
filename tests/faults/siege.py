"""What sieges of a spool need: a small disk that can be filled, frozen or taken away, and who lost what."""

from __future__ import annotations

import contextlib
import itertools
import os
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

from rig.centre import Centre
from rig.checker import Verdict, compare
from rig.gateway import Gateway
from rig.witness import WitnessUnit

_NUMBERS = """
SELECT o.ordinal, l.first_seq + m.record AS seq, m.value::int8 AS count
FROM measurement AS m
JOIN point AS p ON p.id = m.point_id
JOIN ledger AS l ON l.id = m.batch_id
JOIN stream_epoch AS o ON o.gateway_id = l.gateway_id AND o.epoch = l.epoch
WHERE p.gateway_id = $1 AND p.key = $2 || '-count' AND m.value IS NOT NULL
ORDER BY o.ordinal, seq
"""
_DECLARED = """
SELECT o.ordinal, g.first_seq, coalesce(g.last_seq, 1::int8 << 62) AS last_seq
FROM gap AS g JOIN stream_epoch AS o USING (gateway_id, epoch)
WHERE g.gateway_id = $1 AND g.stream = 2
"""


class Disk:
    """A file system of a few megabytes in memory; `end` takes it away."""

    def __init__(self, folder: Path, megabytes: int) -> None:
        """Mount it on `folder`.

        Raises:
            PermissionError: only root mounts.
        """
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        done = self._run("mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder))
        if done.returncode != 0:
            raise PermissionError(done.stderr.strip())

    def fill(self) -> None:
        """Let somebody else's file take what is left."""
        with (
            (self.folder / "log-of-somebody-else").open("ab", buffering=0) as file,
            contextlib.suppress(OSError),
        ):
            while True:
                file.write(b"\0" * 4096)
        assert os.statvfs(self.folder).f_bavail == 0

    def clear(self) -> None:
        """Somebody tidies up."""
        (self.folder / "log-of-somebody-else").unlink()

    def read_only(self, frozen: bool) -> None:
        """What a card does that is worn out: it takes nothing any more; or it does again."""
        done = self._run("mount", "-o", f"remount,{'ro' if frozen else 'rw'}", str(self.folder))
        assert done.returncode == 0 or frozen, done.stderr

    def take_away(self) -> None:
        """Pull it out: whoever has it open keeps a ghost, and at its place is an empty folder."""
        self._run("umount", "-l", str(self.folder))

    @staticmethod
    def _run(*command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, capture_output=True, text=True, check=False)


@contextlib.contextmanager
def events_of(folder: Path) -> Iterator[sqlite3.Connection]:
    """The event file of a running gateway, read beside it."""
    with contextlib.closing(sqlite3.connect(f"file:{folder / 'events.db'}?mode=ro", uri=True)) as db:
        yield db


async def accounted(centre: Centre, gateway: Gateway, instrument: WitnessUnit, key: str = "u1") -> Verdict:
    """Compare like `rig.checker.compare`, and excuse the readings whose numbers were declared gone.

    A reading that is not stored lies between two that are; so many numbers as are declared gone between those
    two, so many readings may be absent there.
    """
    verdict = await compare(centre, gateway, key, instrument)
    rows = await centre.rows(_NUMBERS, gateway.id, key)
    gaps = [tuple(row) for row in await centre.rows(_DECLARED, gateway.id)]
    places = sorted((row["count"], row["ordinal"], row["seq"]) for row in rows)
    ends = [(0, 0, 0), *places, (1 << 62, 1 << 30, 0)]
    absent = [*verdict.lost, *verdict.undeclared]
    verdict.lost, verdict.undeclared = [], []
    for (low, *after), (high, *before) in itertools.pairwise(ends):
        missing = [count for count in absent if low < count < high]
        declared = _declared_between(gaps, tuple(after), tuple(before))
        if len(missing) > declared:
            verdict.lost += missing
            verdict.wrong.append(
                f"{len(missing)} absent behind {low}, {declared} numbers declared gone there"
            )
    verdict.excused += len(absent) - len(verdict.lost)
    return verdict


def _declared_between(
    gaps: list[tuple[int, int, int]], after: tuple[int, ...], before: tuple[int, ...]
) -> int:
    total = 0
    for ordinal, first, last in gaps:
        low = max(first, after[1] + 1) if ordinal == after[0] else first
        high = min(last, before[1] - 1) if ordinal == before[0] else last
        if after[0] <= ordinal <= before[0] and low <= high:
            total += high - low + 1
    return total
