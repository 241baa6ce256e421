"""Level tables as officials write, read and try them: rows, tables, drafts, and what a draft would change."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

Level = Literal["blue", "yellow", "orange", "red"]
Side = Literal["", "high", "low", "rate", "deviation", "discrete", "quality", "presence", "other"]
Word = Annotated[str, Meta(max_length=64, pattern=r"^[^\x00-\x1f\x7f]*$")]
Region = Annotated[str, Meta(pattern="^[0-9]{2,12}$")]
Title = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")]
# More rows than anybody can read; the general table has fifty.
MOST_ROWS = 500


class RuleRow(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row: what it speaks of (an empty matcher fits all), the level it gives, and why.

    With `held_s` it counts once that has held so long (seconds), with `raises` once it was raised so often
    within `within_h` hours; such a row makes worse what another one has graded.
    """

    kind: Annotated[str, Meta(pattern="^[a-z][a-z-]{0,31}$")]
    level: Level
    reason: Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
    side: Side = ""
    limit_name: Word = ""
    quantity: Word = ""
    hazard_class: Annotated[int, Meta(ge=1, le=4)] | None = None
    held_s: Annotated[int, Meta(ge=0, le=2_592_000)] = 0
    raises: Annotated[int, Meta(ge=0, le=1_000)] = 0
    within_h: Annotated[int, Meta(ge=0, le=720)] = 0


Rows = Annotated[tuple[RuleRow, ...], Meta(min_length=1, max_length=MOST_ROWS)]


class TableFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table as a TOML or JSON file; `region` empty is the general table."""

    name: Title
    source: Title
    region: Annotated[str, Meta(pattern="^([0-9]{2,12})?$")] = ""
    rule: Rows


class LevelTable(Struct, frozen=True, kw_only=True):
    """A table of a region; `state`: in-force, planned, replaced (while a newer one counts) or ended."""

    id: int
    region: str
    region_name: str
    version: int
    name: str
    source: str
    valid_from: dt.datetime
    valid_to: dt.datetime | None
    state: str
    rules: int


class LevelTablePage(Struct, frozen=True):
    items: list[LevelTable]
    next: str | None


class LevelTableRows(LevelTable, frozen=True, kw_only=True):
    """A table with its rows."""

    rows: list[RuleRow]


class LevelDraft(Struct, frozen=True, kw_only=True):
    """A table in work: it counts nowhere yet."""

    id: int
    region: str
    region_name: str
    name: str
    source: str
    rows: list[RuleRow]
    based_on: int | None
    created_at: dt.datetime
    created_by_name: str
    updated_at: dt.datetime
    version: int


class LevelDrafts(Struct, frozen=True):
    items: list[LevelDraft]


class NewDraft(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new draft of a region; its rows are those of `table_id`, or of what is in force there."""

    region: Region
    name: Title
    source: Title
    table_id: Annotated[int, Meta(ge=1, le=2**31 - 1)] | None = None


class DraftForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A draft's whole content."""

    name: Title
    source: Title
    rows: Rows


class DraftFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file's text, TOML or JSON, as a new draft of a region; without one, of the file's own."""

    text: Annotated[str, Meta(min_length=2, max_length=400_000)]
    region: Region | None = None


class Enacting(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From which day on (none: at once), and through which day (none: until it is replaced or ended)."""

    first_day: dt.date | None = None
    last_day: dt.date | None = None


class Ending(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a table ends before its time."""

    reason: Annotated[str, Meta(min_length=1, max_length=1000)]


class LevelWords(Struct, frozen=True):
    """What a row may name: kinds of cases, limits, and what the area's points measure."""

    kinds: list[str]
    limits: list[str]
    quantities: list[str]


class Counts(Struct, frozen=True, kw_only=True):
    """Cases by level."""

    blue: int = 0
    yellow: int = 0
    orange: int = 0
    red: int = 0


class Moved(Struct, frozen=True, kw_only=True):
    """How many cases go from one level to another."""

    before: Level
    after: Level
    count: int


class ChangedCase(Struct, frozen=True, kw_only=True):
    """A case that the draft grades otherwise than the tables in force."""

    id: UUID
    number: str
    title: str
    subject_name: str
    enterprise_name: str
    raised_at: dt.datetime
    before: Level
    after: Level
    reason: str


class Preview(Struct, frozen=True, kw_only=True):
    """What a draft would have made of the cases since `since`, beside what the tables in force make of them.

    `graded` were compared; `cut` says that there are more, and only the newest were. `alone` have their level
    from elsewhere, and no table changes them. `cases` are the newest of those that change.
    """

    since: dt.datetime
    until: dt.datetime
    graded: int
    cut: bool
    alone: int
    before: Counts
    after: Counts
    changed: int
    moved: list[Moved]
    cases: list[ChangedCase]
