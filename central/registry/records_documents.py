"""The registers in the OpenAPI document that is served: one JSON Schema each, beside the shared addresses."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from litestar.openapi.plugins import JsonRenderPlugin

from central.registry.forms.json_schema import schema
from central.registry.forms.register import catalogue

if TYPE_CHECKING:
    from litestar import Request


def name_of(register_name: str) -> str:
    """The component of a register: "safety-promises" is "RegisterSafetyPromises"."""
    return "Register" + "".join(part.capitalize() for part in register_name.split("-"))


@cache
def components() -> dict[str, Any]:
    """A component for each register, as our emitter writes it: that of Litestar drops bounds and order."""
    found: dict[str, Any] = {}
    for register in catalogue().values():
        described = schema(register)
        described.pop("$schema")
        found[name_of(register.name)] = described
    return found


class WithRegisters(JsonRenderPlugin):
    """`/schema/openapi.json` with the registers; the description inside the process stays without them."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """The document as JSON."""
        known = openapi_schema.get("components", {})
        schemas = {**known.get("schemas", {}), **components()}
        whole = {**openapi_schema, "components": {**known, "schemas": schemas}}
        return self.render_json(request, whole)
