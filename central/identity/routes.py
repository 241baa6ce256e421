"""HTTP of identity: signing in, profile, keys, recovery."""

from __future__ import annotations

from typing import Any

from central.identity import signing_routes

routes: list[Any] = [*signing_routes.routes]
