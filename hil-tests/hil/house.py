"""The two centres of a run: one that scenarios share, and one whose parts are killed, for one at a time."""

from __future__ import annotations

import contextlib
import tempfile
import threading
from pathlib import Path

from hil.models import NONE
from rig.centre import Centre

# Opening the database as its administrator brings its roles up to date: PostgreSQL lets one do so at a time.
ADMINISTERING = threading.Lock()


class House:
    """Starts a centre when it is first needed; `close` stops what was started."""

    def __init__(self) -> None:
        self._centres: dict[str, Centre] = {}
        self._making = threading.Lock()
        self._stack = contextlib.ExitStack()

    def centre(self, how: str) -> Centre | None:
        """The centre for scenarios that use it so: one is shared, another is for those that shake it."""
        if how == NONE:
            return None
        with self._making:
            if how not in self._centres:
                # For root PostgreSQL runs as another user, who must be able to walk in there.
                folder = self._stack.enter_context(tempfile.TemporaryDirectory(prefix="fengsui-bench-"))
                centre = self._stack.enter_context(Centre(Path(folder)))
                centre.furnish()
                self._centres[how] = centre
            return self._centres[how]

    def audit(self) -> dict[str, int]:
        """What `fengsui central gaps` counts, over all centres; empty if there was none."""
        found = [centre.gaps() for centre in self._centres.values()]
        return {key: sum(one[key] for one in found) for key in (found[0] if found else ())}

    def close(self) -> None:
        """Stop the centres and remove their folders."""
        self._stack.close()
