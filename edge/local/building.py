"""Puts the page together from the configuration; imported only where one is configured."""

import logging
import secrets
from collections.abc import Callable
from pathlib import Path

import msgspec

from edge.clock import Clock
from edge.config_models import Config
from edge.local.door import Door
from edge.local.server import BadCode, Page, read_code
from edge.local.view import View
from edge.plant import Plant
from edge.status import Status

log = logging.getLogger(__name__)


def page(config: Config, beside: Callable[[str], Path], plant: Plant, status: Status, clock: Clock) -> Page:
    """Build the page; without a usable code only the button opens it."""
    table = config.page
    code = ""
    if table.code_file:
        try:
            code = read_code(beside(table.code_file))
        except BadCode as exc:
            log.error("the page has no code: %s", exc)
    door = Door(
        code,
        button=any(a.button is not None for a in config.annunciators),
        session_ms=round(table.session_h * 3_600_000),
        mint=secrets.token_urlsafe,
    )
    plant.desk.claim = lambda: door.pressed(clock.mono_ms())
    files = {
        key: str(beside(path))
        for key, path in (("certificate", table.certificate), ("key", table.key))
        if path
    }
    served = msgspec.structs.replace(table, **files)
    return Page(served, door, View(config.gateway, plant, status, clock), clock.mono_ms)
