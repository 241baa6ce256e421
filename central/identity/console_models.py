"""What belongs to one person at the console: settings, and messages that were addressed to them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

Language = Literal["zh-CN", "en"]
Mode = Literal["business", "leader", "monitor"]
Density = Literal["comfortable", "compact"]
_Word = Annotated[str, Meta(pattern="^[A-Za-z][A-Za-z0-9._-]{0,63}$")]
Kinds = Annotated[list[Annotated[str, Meta(pattern="^[a-z][a-z_-]{0,23}$")]], Meta(max_length=40)]
Columns = Annotated[list[_Word], Meta(max_length=60)]


class SavedView(Struct, frozen=True, forbid_unknown_fields=True):
    """A filter of a list that somebody gave a name; `query` is that part of the page's address."""

    title: Annotated[str, Meta(min_length=1, max_length=40)]
    query: Annotated[str, Meta(max_length=1000)]


Views = Annotated[list[SavedView], Meta(max_length=20)]


class SettingsRow(Struct, frozen=True, kw_only=True):
    """What one person set; null: never chosen. `columns`: by list, the keys of the columns that are shown.

    `hidden_kinds`: of warnings, that the person's lists leave out; nobody is called less for it.

    `views`: by list, the filters that were given a name.
    """

    language: Language | None = None
    sound: bool | None = None
    mode: Mode | None = None
    density: Density | None = None
    hidden_kinds: Kinds | None = None
    columns: dict[str, list[str]] = {}
    views: dict[str, list[SavedView]] = {}


class SettingsChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change; what is not named stays. Null under `columns`: that list shows its own choice again.

    `views` likewise: a list named there has the given views, and none with null.
    """

    language: Language | UnsetType | None = UNSET
    sound: bool | UnsetType | None = UNSET
    mode: Mode | UnsetType | None = UNSET
    density: Density | UnsetType | None = UNSET
    hidden_kinds: Kinds | UnsetType | None = UNSET
    columns: Annotated[dict[_Word, Columns | None], Meta(max_length=100)] | UnsetType = UNSET
    views: Annotated[dict[_Word, Views | None], Meta(max_length=100)] | UnsetType = UNSET


class InboxMessage(Struct, frozen=True):
    """One message; `link` is the page of what it is about, a path of the console, or empty."""

    id: int
    at: datetime
    kind: str
    title: str
    text: str
    link: str
    read_at: datetime | None


class InboxPage(Struct, frozen=True):
    """`unread` counts all of the person's messages, not those of the page alone."""

    items: list[InboxMessage]
    next: str | None
    unread: int


class ReadMessages(Struct, frozen=True, forbid_unknown_fields=True):
    """Which messages were read; null: all of them."""

    ids: Annotated[list[Annotated[int, Meta(ge=1, le=2**63 - 1)]], Meta(max_length=500)] | None
