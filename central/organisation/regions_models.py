"""A region as people look it up, and what a load of regions did."""

from __future__ import annotations

from datetime import date

from msgspec import Struct, field

LEVELS = {1: "省级", 2: "地级", 3: "县级", 4: "乡级", 5: "村级"}
LENGTHS = {1: 2, 2: 4, 3: 6, 4: 9, 5: 12}


class RegionRow(Struct, frozen=True, kw_only=True):
    """One line of a region file. `successors`: where an ended code went; both days as in `RegionItem`."""

    code: str
    name: str
    valid_from: date | None = None
    valid_to: date | None = None
    successors: tuple[str, ...] = ()


class RegionItem(Struct, frozen=True, kw_only=True):
    """A region in a list. `level`: 1 province … 5 village; `valid_to`: first day on which it is no more."""

    code: str
    name: str
    level: int
    level_name: str
    parent_code: str | None
    valid_from: date | None
    valid_to: date | None
    source: str
    children: bool


class RegionPage(Struct, frozen=True):
    items: list[RegionItem]
    next: str | None


class RegionDetail(RegionItem, frozen=True, kw_only=True):
    """A region with its way down from the province, what it was and what it became.

    `today`: the codes that hold its ground now; itself while it lives.
    """

    path: list[RegionItem]
    predecessors: list[RegionItem]
    successors: list[RegionItem]
    today: list[str]


class Renamed(Struct, frozen=True):
    code: str
    before: str
    after: str


class LoadReport(Struct, frozen=True, kw_only=True):
    """What a load did, or would do.

    `gone`: codes that are in force here and missing among their siblings in the file; they stay until a
    reorganisation ends them. `skipped_levels`: rows whose next level up is missing, by that missing code.
    """

    source: str
    dry_run: bool
    read: int
    by_level: dict[str, int]
    added: int
    renamed: int
    gone: int
    renamed_some: list[Renamed] = field(default_factory=list)
    gone_some: list[str] = field(default_factory=list)
    skipped_levels: dict[str, int] = field(default_factory=dict)
