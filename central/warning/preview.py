"""What a draft would have made of the cases of the last weeks, beside what the tables in force make of them.

Both are graded by the facts of today (hazard class, quantity), so that nothing differs but the draft.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

import msgspec

from central.warning import grading, level_store, level_tables, wording
from central.warning.grading import Matter, NoRule
from central.warning.level_models import ChangedCase, Counts, LevelDraft, Moved, Preview
from central.warning.models import LEVEL_NUMBERS, LEVELS, Grade, LevelRule

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    import asyncpg

    from central.db.pool import Connection

# So many cases are compared in about a second; a county has them in some months.
MOST: Final = 50_000
_SHOWN: Final = 200


class Happened(msgspec.Struct, frozen=True, kw_only=True):
    """A case as it is graded: each of its limits on its own, the worst counts."""

    place: str
    kind: str
    side: str
    limit_names: tuple[str, ...]
    quantity: str
    hazard_class: int | None


class Grader:
    """Grades cases by one set of tables, each combination of facts once."""

    def __init__(self, rules: Iterable[LevelRule]) -> None:
        self._rules = list(rules)
        self._known: dict[tuple[str, Matter], Grade | None] = {}

    def grade(self, case: Happened) -> Grade | None:
        """Give a case's level; None where no table speaks of its kind."""
        region = case.place.partition("/")[0]
        found = [self._one(region, matter) for matter in _matters(case)]
        graded = [each for each in found if each is not None]
        return max(graded, key=lambda each: each.level) if graded else None

    def _one(self, region: str, matter: Matter) -> Grade | None:
        key = (region, matter)
        if key not in self._known:
            near = [rule for rule in self._rules if region.startswith(rule.region)]
            try:
                self._known[key] = grading.grade(near, matter)
            except NoRule:
                self._known[key] = None
        return self._known[key]


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
    rows = await level_store.happened(conn, draft.region, since, MOST + 1)
    today, tried = Grader(rules), Grader(with_draft(rules, draft))
    before: Counter[int] = Counter()
    after: Counter[int] = Counter()
    moved: Counter[tuple[int, int]] = Counter()
    cases: list[ChangedCase] = []
    alone = 0
    for row in rows[:MOST]:
        case = happened(row)
        was, would = today.grade(case), tried.grade(case)
        if was is None or would is None:
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
    )


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
