"""What is asked of a move or a reorganisation, what it would do, and how far it is."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from central.db.errors import FieldProblem
from central.organisation.reorganisation import Change

Kind = Literal["move", "reorganisation"]
MOVE: Final = "move"
REORGANISATION: Final = "reorganisation"

Reason = Annotated[str, Meta(min_length=2, max_length=500)]
Code = Annotated[str, Meta(pattern="^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$")]
Number = Annotated[int, Meta(ge=1, le=2**31 - 1)]
Moment = Annotated[datetime, Meta(tz=True)]


class NewMove(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One enterprise to another region, agency or sector; what is not said stays. Without a time: at once."""

    enterprise_id: Number
    to_region: Code | None = None
    to_agency_id: Number | None = None
    to_sector: Annotated[str, Meta(max_length=32)] | None = None
    effective_at: Moment | None = None
    reason: Reason
    document: Annotated[str, Meta(max_length=200)] = ""


class ChangeForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One old code and one new one; `agency_id` supervises from then on whatever moves by it."""

    from_code: Code
    to_code: Code
    name: Annotated[str, Meta(max_length=100)] = ""
    agency_id: Number | None = None

    def change(self) -> Change:
        return Change(
            from_code=self.from_code, to_code=self.to_code, name=self.name.strip(), agency_id=self.agency_id
        )


class Placing(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where one enterprise of a split region belongs."""

    enterprise_id: Number
    to_region: Code


class Succession(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every enterprise that one agency supervises is another's from then on."""

    from_id: Number
    to_id: Number


class NewArea(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A region that an agency serves from then on."""

    agency_id: Number
    area: Code


class NewReorganisation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Regions renumbered, merged or split, and agencies that take over from others."""

    title: Annotated[str, Meta(min_length=2, max_length=100)]
    reason: Reason
    document: Annotated[str, Meta(max_length=200)] = ""
    effective_at: Moment | None = None
    changes: Annotated[list[ChangeForm], Meta(max_length=500)] = field(default_factory=list)
    enterprises: Annotated[list[Placing], Meta(max_length=5000)] = field(default_factory=list)
    agencies: Annotated[list[Succession], Meta(max_length=200)] = field(default_factory=list)
    areas: Annotated[list[NewArea], Meta(max_length=500)] = field(default_factory=list)


class TableRows(Struct, frozen=True):
    """How many rows of a table go with it."""

    table: str
    rows: int


class Plan(Struct, kw_only=True):
    """What a job would do. `problems` must be empty before it can start; `warnings` are for people to weigh.

    `loses`: agencies that no longer see what moves; `gains`: those that see it from then on.
    """

    kind: Kind
    title: str
    effective_at: datetime
    enterprises: int
    gateways: int
    open_warnings: int
    rows: list[TableRows] = field(default_factory=list)
    regions_made: list[str] = field(default_factory=list)
    regions_ended: list[str] = field(default_factory=list)
    loses: list[str] = field(default_factory=list)
    gains: list[str] = field(default_factory=list)
    problems: list[FieldProblem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


class Job(Struct, kw_only=True):
    """A move or a reorganisation and how far it is: `done` of `total` enterprises."""

    id: int
    kind: str
    title: str
    reason: str
    document: str
    state: str
    effective_at: datetime
    made_at: datetime
    made_by_name: str
    started_at: datetime | None
    ended_at: datetime | None
    total: int
    done: int
    rows_moved: int
    failure: str
    plan: dict[str, Any] | UnsetType = UNSET
    enterprises: list[JobEnterprise] | UnsetType = UNSET


class JobEnterprise(Struct, frozen=True, kw_only=True):
    """One enterprise of a job; the name is there for whoever may see it."""

    enterprise_id: int
    enterprise_name: str | None
    from_place: str | None
    to_place: str | None
    to_region: str | None
    state: str
    rows: int
    done_at: datetime | None


class JobPage(Struct, frozen=True):
    items: list[Job]
    next: str | None
