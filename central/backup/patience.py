"""Asks something of a folder that may hang for ever: a network share whose server is gone.

A thread of the event loop's own pool that never comes back is one less for everybody, passwords and database
alike. So what touches a target folder runs in a thread of its own, which nobody waits for longer than this.
"""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Patience(Generic[T]):
    """One question at a time; while it hangs, further ones are not asked.

    Args:
        within_s: so long is waited for an answer.
    """

    def __init__(self, within_s: float) -> None:
        self._within_s = within_s
        self._asking: threading.Thread | None = None

    async def ask(self, question: Callable[[], T], otherwise: T) -> T:
        """The answer, or something else when it does not come in time or the folder cannot be read."""
        if self._asking is not None and self._asking.is_alive():
            return otherwise
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()

        def give(value: T) -> None:
            # The thread may live a moment longer than its answer.
            self._asking = None
            if not answer.done():
                answer.set_result(value)

        def look() -> None:
            try:
                value = question()
            except OSError:
                value = otherwise
            # Nobody listens any more when the loop is closed by now.
            if not loop.is_closed():
                loop.call_soon_threadsafe(give, value)

        # A daemon: a hanging share must not hold up the end of the process either.
        self._asking = threading.Thread(target=look, name="backup folder", daemon=True)
        self._asking.start()
        try:
            async with asyncio.timeout(self._within_s):
                return await answer
        except TimeoutError:
            return otherwise
