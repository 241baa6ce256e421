"""The one centre of a run: started when first needed, shared, and shaken by one scenario at a time."""

from __future__ import annotations

import contextlib
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from hil.models import NONE, SHAKES
from rig.centre import Centre

# Opening the database as its administrator brings its roles up to date: PostgreSQL lets one do so at a time.
ADMINISTERING = threading.Lock()


class House:
    """Lets many scenarios use the centre side by side, and one that kills its parts have it alone."""

    def __init__(self) -> None:
        self._turn = threading.Condition()
        self._using = 0
        self._shaken = False
        self._centre: Centre | None = None
        self._made = threading.Lock()
        self._stack = contextlib.ExitStack()

    @contextlib.contextmanager
    def entered(self, how: str) -> Iterator[Centre | None]:
        """Use the centre, or shake it, while the block runs; yields None to those that need none."""
        if how == NONE:
            yield None
            return
        alone = how == SHAKES
        with self._turn:
            self._turn.wait_for(lambda: not self._shaken and not (alone and self._using))
            self._using += 1
            self._shaken = alone
        try:
            yield self._opened()
        finally:
            with self._turn:
                self._using -= 1
                self._shaken = False
                self._turn.notify_all()

    def _opened(self) -> Centre:
        with self._made:
            if self._centre is None:
                # For root PostgreSQL runs as another user, who must be able to walk in there.
                folder = self._stack.enter_context(tempfile.TemporaryDirectory(prefix="fengsui-bench-"))
                centre = self._stack.enter_context(Centre(Path(folder)))
                centre.furnish()
                self._centre = centre
            return self._centre

    @property
    def centre(self) -> Centre | None:
        """The centre, if any scenario needed one."""
        return self._centre

    def close(self) -> None:
        """Stop the centre and remove its folder."""
        self._stack.close()
