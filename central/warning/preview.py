"""What a draft would have made of the cases of the last weeks, beside what the tables in force make of them.

Both are graded by the facts of today (hazard class, quantity), so that nothing differs but the draft.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from typing import TYPE_CHECKING, Final

import msgspec

from central.warning import grading, level_store, level_tables, wording
from central.warning.grading import Matter, NoRule
from central.warning.level_models import ChangedCase, Counts, LevelDraft, Moved, Preview
from central.warning.models import LEVEL_NUMBERS, LEVELS, Grade, LevelRule

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    import asyncpg

    from central.db.pool import Connection

# So many cases are compared in about a second; a county has them in some months.
MOST: Final = 50_000
_SHOWN: Final = 200


class Happened(msgspec.Struct, frozen=True, kw_only=True):
    """A case as it is graded: each of its limits on its own, the worst counts.

    `held_s` says of each limit how long it held without a break; `raised_at` (seconds) when it was raised,
    `identity` with which others it is counted. Both are empty where no row waits.
    """

    place: str
    kind: str
    side: str
    limit_names: tuple[str, ...]
    quantity: str
    hazard_class: int | None
    held_s: tuple[float, ...] = ()
    raised_at: tuple[float, ...] = ()
    identity: str = ""


class Grader:
    """Grades cases by one set of tables, each combination of facts once."""

    def __init__(
        self, rules: Iterable[LevelRule], history: Mapping[str, Sequence[float]] | None = None
    ) -> None:
        self._rules = list(rules)
        self._history = history or {}
        self._tables: dict[tuple[str, str], list[LevelRule]] = {}
        self._known: dict[tuple[object, ...], Grade | None] = {}

    def grade(self, case: Happened) -> Grade | None:
        """Give a case's level; None where no table speaks of its kind."""
        region = case.place.partition("/")[0]
        held = case.held_s or (0.0,) * len(case.limit_names)
        found = [
            self._one(region, matter, seconds, case)
            for matter, seconds in zip(_matters(case), held, strict=True)
        ]
        graded = [each for each in found if each is not None]
        return max(graded, key=lambda each: each.level) if graded else None

    def _one(self, region: str, matter: Matter, held_s: float, case: Happened) -> Grade | None:
        near = self._near(region, matter.kind)
        raised = self._raised(case, grading.windows(near, matter))
        # Only the spans that rows name make a difference: what is alike is graded once.
        spans = sum(held_s >= rule.held_s for rule in near)
        key = (region, matter, spans, tuple(sorted(raised.items())))
        if key not in self._known:
            try:
                self._known[key] = grading.grade(near, matter, held_s, raised)
            except NoRule:
                self._known[key] = None
        return self._known[key]

    def _near(self, region: str, kind: str) -> list[LevelRule]:
        key = (region, kind)
        if key not in self._tables:
            self._tables[key] = [
                rule for rule in self._rules if rule.kind == kind and region.startswith(rule.region)
            ]
        return self._tables[key]

    def _raised(self, case: Happened, windows: set[int]) -> dict[int, int]:
        """Count raises by hours back, at the raise of this case that had most of them behind it."""
        times = self._history.get(case.identity, ())
        return {
            hours: max(
                (bisect_right(times, at) - bisect_right(times, at - hours * 3600) for at in case.raised_at),
                default=1,
            )
            for hours in windows
        }


def _matters(case: Happened) -> list[Matter]:
    return [
        Matter(
            kind=case.kind,
            side=case.side,
            limit_name=name,
            quantity=case.quantity,
            hazard_class=case.hazard_class,
        )
        for name in case.limit_names
    ]


def with_draft(rules: Sequence[LevelRule], draft: LevelDraft) -> list[LevelRule]:
    """Give the tables as they would be: the draft in the place of its region's table."""
    version = 1 + max((rule.version for rule in rules if rule.region == draft.region), default=0)
    own = [
        LevelRule(
            region=draft.region,
            version=version,
            source=draft.source,
            kind=row.kind,
            side=row.side,
            limit_name=row.limit_name,
            quantity=row.quantity,
            hazard_class=row.hazard_class,
            level=LEVEL_NUMBERS[row.level],
            reason=row.reason,
            held_s=row.held_s,
            raises=row.raises,
            within_h=row.within_h,
        )
        for row in draft.rows
    ]
    return [rule for rule in rules if rule.region != draft.region] + own


async def preview(conn: Connection, number: int, since: dt.datetime, now: dt.datetime) -> Preview:
    """Try a draft on the cases of its region that the caller sees.

    Args:
        conn: the person's scoped transaction.
        number: of the draft.
        since: cases from then on.
        now: the database's time.

    Raises:
        NotFoundError: there is no such draft in the caller's area.
    """
    draft = await level_tables.draft(conn, number)
    rules = await level_store.rules_around(conn, draft.region, now)
    tables = (rules, with_draft(rules, draft))
    waits = any(grading.waits(rule) for table in tables for rule in table)
    rows = await level_store.happened(conn, draft.region, since, MOST + 1, now, waits, grading.OF_TABLE)
    cases_of = [happened(row) for row in rows[:MOST]]
    history = _history(cases_of)
    today, tried = (Grader(table, history) for table in tables)
    before: Counter[int] = Counter()
    after: Counter[int] = Counter()
    moved: Counter[tuple[int, int]] = Counter()
    cases: list[ChangedCase] = []
    alone = 0
    for row, case in zip(rows, cases_of, strict=False):
        was, would = today.grade(case), tried.grade(case)
        if row["alone"] or was is None or would is None:
            alone += 1
            continue
        before[was.level] += 1
        after[would.level] += 1
        if was.level != would.level:
            moved[was.level, would.level] += 1
            if len(cases) < _SHOWN:
                cases.append(_changed(row, was, would))
    return Preview(
        since=since,
        until=now,
        graded=before.total(),
        cut=len(rows) > MOST,
        alone=alone,
        before=_counts(before),
        after=_counts(after),
        changed=moved.total(),
        moved=[
            Moved(before=LEVELS[was], after=LEVELS[would], count=count)  # type: ignore[arg-type]
            for (was, would), count in moved.most_common()
        ],
        cases=cases,
    )


def happened(row: asyncpg.Record) -> Happened:
    """Read a case as it is graded."""
    return Happened(
        place=row["place"],
        kind=row["kind"],
        side=row["side"],
        limit_names=tuple(row["limit_names"]),
        quantity=row["quantity"],
        hazard_class=row["hazard_class"],
        held_s=tuple(row["held_s"] or ()),
        raised_at=tuple(row["raised_at_s"] or ()),
        identity=f"{row['kind']}/{row['subject_type']}/{row['subject_id']}/{row['side']}",
    )


def _history(cases: Iterable[Happened]) -> dict[str, list[float]]:
    """Give when each identity was raised, in order."""
    times: dict[str, list[float]] = {}
    for case in cases:
        times.setdefault(case.identity, []).extend(case.raised_at)
    for found in times.values():
        found.sort()
    return times


def _counts(levels: Counter[int]) -> Counts:
    return Counts(**{word: levels[number] for number, word in LEVELS.items()})


def _changed(row: asyncpg.Record, was: Grade, would: Grade) -> ChangedCase:
    return ChangedCase(
        id=row["id"],
        number=wording.case_number(row["number"]),
        title=row["title"],
        subject_name=row["subject_name"],
        enterprise_name=row["enterprise_name"],
        raised_at=row["raised_at"],
        before=LEVELS[was.level],  # type: ignore[arg-type]
        after=LEVELS[would.level],  # type: ignore[arg-type]
        reason=would.reason,
    )
