"""One page of an enterprise (一企一档): facts, blocks of registers, live points, warnings, files, its log."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from msgspec import Struct

from central.devices.models import GatewayRow
from central.registry.life_models import Facts, LifeEvent, Removal
from central.registry.reminding import Due
from central.statistics.models import Level, Supervisor
from central.statistics.portrait import Portrait


class BlockRecord(Struct, frozen=True, kw_only=True):
    """One of the newest records of a block."""

    id: int
    title: str
    state: str
    changed_at: dt.datetime


class Block(Struct, frozen=True, kw_only=True):
    """One register of the enterprise. `changed`: how many changed in 30 days; `counting`: how many count."""

    register: str
    title: str
    title_en: str
    group: str
    group_title: str
    single: bool
    reviewed: bool
    total: int
    counting: int
    drafts: int
    waiting: int
    returned: int
    changed: int
    changed_at: dt.datetime | None
    latest: list[BlockRecord]


class DossierWarning(Struct, frozen=True, kw_only=True):
    """A warning that is open, or was in the last 30 days; `ended_at` null while it is open."""

    id: UUID
    title: str
    subject_name: str
    level: Level
    state: str
    kind: str
    raised_at: dt.datetime
    ended_at: dt.datetime | None


class DossierPoint(Struct, frozen=True, kw_only=True):
    """A point with its newest value; `good` by its quality, null where nothing came yet."""

    id: int
    name: str
    unit: str
    value: float | None
    good: bool | None
    at: dt.datetime | None


class Document(Struct, frozen=True, kw_only=True):
    """A file of one of its records."""

    register: str
    register_title: str
    record_id: int
    sha256: str
    name: str
    size: int
    media_type: str
    thumbnail: bool
    at: dt.datetime


class Rights(Struct, frozen=True, kw_only=True):
    """What the reader may do here: buttons are grey without, and the page says why."""

    edit: bool
    change_status: bool
    ask_removal: bool
    remove: bool


class Dossier(Struct, frozen=True, kw_only=True):
    """Everything of one enterprise under the reader's scope."""

    facts: Facts
    supervision: list[Supervisor]
    portrait: Portrait
    blocks: list[Block]
    warnings: list[DossierWarning]
    points: list[DossierPoint]
    points_total: int
    gateways: list[GatewayRow]
    documents: list[Document]
    documents_total: int
    due: list[Due]
    life: list[LifeEvent]
    watched: bool
    removal: Removal | None
    may: Rights
    at: dt.datetime


class BlockChange(Struct, frozen=True, kw_only=True):
    """How much of a register changed in 30 days."""

    register: str
    title: str
    changed: int
    changed_at: dt.datetime | None


class PortraitPage(Struct, frozen=True, kw_only=True):
    """The portrait with what changed in 30 days."""

    portrait: Portrait
    life: list[LifeEvent]
    changes: list[BlockChange]
    watched: bool


class Owed(Struct, frozen=True, kw_only=True):
    """One thing that an enterprise owes. `kind`: late, due, returned, draft, missing, promise, warning.

    `link`: the console's page where it is done. `due_on`: null where no day is set.
    """

    kind: str
    title: str
    words: str
    link: str
    due_on: dt.date | None = None
    level: Level | None = None
    at: dt.datetime | None = None


class Workbench(Struct, frozen=True, kw_only=True):
    """What an enterprise owes and by when, the most urgent first, with its own numbers at the bottom."""

    facts: Facts
    portrait: Portrait
    owed: list[Owed]
    late: int
    soon: int
    waiting: int
    promise: str
    blocks: list[Block]
    at: dt.datetime
