"""Gives generated records something that their links lead to, by the addresses that people use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from central.registry.forms.register import Register, catalogue, fields_of
from tests.central.registry.made import made, without_links

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from msgspec import Struct

    Ask = Callable[..., Awaitable[Any]]


def registers_linked(record: type[Struct]) -> set[str]:
    """The registers that links of a record lead to."""
    found: set[str] = set()
    for bound in fields_of(record):
        if bound.field.to in catalogue():
            found.add(bound.field.to)
        if bound.inside is not None:
            found |= registers_linked(bound.inside)
    return found


async def linked(
    ask: Ask, register: Register, whose: dict[str, int], agency: dict[str, int], number: int = 1
) -> dict[str, Any]:
    """A full record with a record of the same owner behind each link to another register.

    Args:
        ask: sends a request: method, address, status to be answered, body.
        register: of which register.
        whose: {"enterprise_id": …} or {"agency_id": …}.
        agency: {"agency_id": …} of what only agencies keep.
        number: which of its kind.
    """
    return await _Linker(ask, whose, agency).linked(register, register.record, made(register, number))


async def target(ask: Ask, name: str, whose: dict[str, int], agency: dict[str, int]) -> dict[str, str]:
    """A link to a new draft of a register."""
    return await _Linker(ask, whose, agency).target(name)


class _Linker:
    """Makes one record of each register that is linked."""

    def __init__(self, ask: Ask, whose: dict[str, int], agency: dict[str, int]) -> None:
        self.ask, self.whose, self.agency = ask, whose, agency
        self.there: dict[str, dict[str, str]] = {}

    async def target(self, name: str) -> dict[str, str]:
        if name not in self.there:
            to = catalogue()[name]
            owner = self.agency if to.owner == "agency" else self.whose
            values = await self.linked(to, to.record, made(to, full=False))
            kept = await self.ask("POST", f"/api/v1/registers/{name}", 201, {**owner, "values": values})
            self.there[name] = {"id": str(kept["id"]), "label": kept["title"]}
        return self.there[name]

    async def linked(
        self, register: Register, record: type[Struct], values: dict[str, Any]
    ) -> dict[str, Any]:
        kept = without_links(record, values)
        for bound in fields_of(record):
            value, inside = values.get(bound.name), bound.inside
            if value is None:
                continue
            if bound.field.to in catalogue() and bound.field.to != register.name:
                kept[bound.name] = await self.target(bound.field.to)
            elif isinstance(value, dict) and inside is not None:
                kept[bound.name] = await self.linked(register, inside, value)
            elif isinstance(value, list) and inside is not None:
                kept[bound.name] = [await self.linked(register, inside, row) for row in value]
        return {bound.name: kept[bound.name] for bound in fields_of(record) if bound.name in kept}
