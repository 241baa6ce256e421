"""What an output of the plant is: something that is on or off, or something that tells people in words."""

from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

Report = Callable[[str, bool, bool, str], None]
"""Takes (output, on, ok, reason) when an output follows, or stops or begins to follow again."""


class FailSafe(msgspec.Struct, frozen=True):
    """Whether an output goes to its safe state by itself when the gateway dies, and why (not)."""

    safe: bool
    why: str


class Output(Protocol):
    """A horn, beacon or relay."""

    @property
    def name(self) -> str: ...
    @property
    def wanted(self) -> bool: ...
    @property
    def ok(self) -> bool: ...

    def set(self, on: bool) -> None:
        """Want it on or off; never waits, may be called at any time."""
        ...

    async def run(self) -> None:
        """Make it follow until cancelled."""
        ...


class Announcement(msgspec.Struct, frozen=True):
    """One alarm in words: `sounding` until somebody silenced or acknowledged it."""

    alarm: str
    text: str
    priority: int
    sounding: bool


class Announcer(Protocol):
    """A loudspeaker or a screen."""

    @property
    def name(self) -> str: ...
    @property
    def ok(self) -> bool: ...

    def tell(self, standing: Sequence[Announcement]) -> None:
        """Take what stands now, all of it, most urgent first; never waits. Nothing stands: an empty list."""
        ...

    async def run(self) -> None:
        """Tell people until cancelled."""
        ...


class NotTold(Exception):
    """The device did not take it; says why in words."""


class Device(Protocol):
    """The way to one loudspeaker or screen."""

    where: str

    async def send(self, text: str, volume: int, priority: int) -> None:
        """Give it a text to speak or show.

        Raises:
            NotTold: it did not take it.
        """
        ...

    async def close(self) -> None:
        """Let go of the device."""
        ...
