"""Judges commands of the centre: for this gateway and boot, not expired, and each carried out once.

Keeps law-never-lose 9: a command is bound to a boot id and expires by the gateway's monotonic clock. Pure.
"""

from typing import Final

import msgspec

from protocol import messages as m

HORIZON_MS: Final = 600_000  # a command that lives longer than ten minutes surprises somebody
KNOWN: Final = (
    "silence",
    "acknowledge",
    "reset",
    "shelve",
    "unshelve",
    "out-of-service",
    "in-service",
    "test",
    "switch-on",
    "switch-off",
    "tape",
)
DONE: Final = "done"
REFUSED: Final = "refused"
EXPIRED: Final = "expired"
FOREIGN: Final = "foreign"
REPEATED: Final = "repeated"


class Outcome(msgspec.Struct, frozen=True):
    """How a command ended; `result` is "" for one that is to be carried out now.

    Of a tape `data` is one of `parts` pieces.
    """

    result: str
    detail: str = ""
    parts: int = 0
    data: bytes = b""


class Commands:
    """What was commanded within this boot; forgets a command once it could not be carried out any more."""

    def __init__(self, gateway: str, boot: int) -> None:
        self._gateway = gateway
        self._boot = boot
        self._ended: dict[str, tuple[int, Outcome]] = {}

    def take(self, command: m.Command, now_ms: int) -> Outcome:
        """Judge a command whose signature was checked.

        Args:
            command: as it came.
            now_ms: monotonic.
        """
        self._ended = {id_: kept for id_, kept in self._ended.items() if kept[0] >= now_ms}
        if command.gateway != self._gateway:
            return Outcome(FOREIGN, f"this is {self._gateway}")
        if command.boot != self._boot:
            return Outcome(FOREIGN, "the gateway has started again since; look at its alarms and ask anew")
        earlier = self._ended.get(command.id)
        if earlier is not None:
            return Outcome(REPEATED, earlier[1].result)
        if command.expires_mono_ms < now_ms:
            return Outcome(EXPIRED, f"{now_ms - command.expires_mono_ms} ms too late")
        if command.expires_mono_ms - now_ms > HORIZON_MS:
            return Outcome(REFUSED, f"expires too late: at most {HORIZON_MS // 1000} s from now")
        if command.command not in KNOWN:
            return Outcome(REFUSED, f"unknown command {command.command!r}: {' or '.join(KNOWN)}")
        return Outcome("")

    def ended(self, command: m.Command, outcome: Outcome) -> None:
        """Remember how a command ended until it has expired."""
        self._ended[command.id] = (command.expires_mono_ms, outcome)
