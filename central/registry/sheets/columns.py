"""The columns of each sheet of a workbook in full: row numbers and owners before the fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from central.registry.sheets import layout

if TYPE_CHECKING:
    from central.registry.forms.register import Register
    from central.registry.sheets.layout import Column, Leaf, Sheet


class Owners(Struct, frozen=True):
    """Whose records a table holds: whether an enterprise, an agency has to be named in each row."""

    enterprise: bool
    agency: bool


def owners(register: Register, kind: str) -> Owners:
    """Whom a row has to name, for a person of a kind of role: an enterprise writes its own alone."""
    if kind == "enterprise":
        return Owners(enterprise=False, agency=False)
    return Owners(enterprise=register.owner != "agency", agency=register.owner != "enterprise")


def before_fields(sheet: Sheet, whose: Owners, *, exported: bool) -> list[str]:
    """Heads of the columns before the fields."""
    if sheet.place:
        return [layout.PARENT, *([layout.NUMBER] if sheet.groups else [])]
    heads = [layout.NUMBER] if sheet.groups else []
    heads += [layout.RECORD, layout.VERSION, layout.STATE] if exported else []
    heads += [layout.OWNER_CODE] if whose.enterprise else []
    heads += [layout.AGENCY] if whose.agency else []
    return heads + ([layout.OWNER_NAME] if exported and (whose.enterprise or whose.agency) else [])


def of_fields(sheet: Sheet, *, exported: bool) -> list[tuple[Leaf, Column]]:
    """The columns of the fields; files are named in what is taken away only."""
    return [(leaf, column) for leaf in sheet.leaves if exported or leaf.taken for column in leaf.columns]
