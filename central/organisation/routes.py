"""Every address of organisations."""

from __future__ import annotations

from typing import Any

from central.organisation import (
    accounts_routes,
    agencies_routes,
    members_routes,
    numbers_routes,
    people_routes,
)

routes: list[Any] = [
    *agencies_routes.routes,
    *people_routes.routes,
    *members_routes.routes,
    *numbers_routes.routes,
    *accounts_routes.routes,
]
