"""Follows the hash chain entry by entry and names what does not fit: no input, no output.

A link is `(position, id, previous hash, hash, text)`; the hash of an entry is SHA-256 over the hash before it
and the text of the entry. After a finding the stored hash is taken as it is, so that one change is told once.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from central.audit.models import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Link = tuple[int, int | None, bytes, bytes, bytes | None]

MOST_LISTED: Final = 1000


class Chain:
    """The walk along a chain.

    Args:
        position: of the last entry before the walk; 0 before the first.
        head: its hash; empty before the first.
        anchors: what signed statements say of positions: the hash, and the name of the statement.
    """

    def __init__(
        self,
        position: int = 0,
        head: bytes = b"",
        anchors: Mapping[int, Sequence[tuple[bytes, str]]] | None = None,
    ) -> None:
        self.position = position
        self.head = head
        self.entries = 0
        self.findings: list[Finding] = []
        self.unlisted = 0
        self._anchors = dict(anchors or {})
        # Entries whose text does not give their hash: position, id, hash before, hash, text.
        self._misfits: list[tuple[int, int | None, bytes, bytes, bytes]] = []

    def take(self, links: Iterable[Link]) -> None:
        """Walks on."""
        position, head = self.position, self.head
        sha256 = hashlib.sha256
        anchors = self._anchors
        for link in links:
            number, audit_id, previous, stored, text = link
            if number != position + 1:
                self._gap(position, number)
            elif previous != head:
                self.find("link", number, audit_id, "its previous hash is not that of the entry before")
            if text is None:
                self.find("deleted", number, audit_id, "the chain holds this entry, the audit does not")
            elif sha256(previous + text).digest() != stored:
                self._misfit(number, audit_id, previous, stored, text)
            position, head = number, stored
            self.entries += 1
            if number in anchors:
                self._look_at_anchor(number, audit_id, stored)
        self.position, self.head = position, head

    def _look_at_anchor(self, position: int, audit_id: int | None, stored: bytes) -> None:
        for wanted, name in self._anchors.pop(position):
            if wanted != stored:
                self.find(
                    "rewritten",
                    position,
                    audit_id,
                    f"{name} has another hash here: earlier entries were changed and the chain computed anew",
                )

    def _gap(self, position: int, number: int) -> None:
        if number <= position:
            self.find("reordered", number, None, f"position {number} comes after {position}")
        else:
            where = f"{position + 1}" if number == position + 2 else f"{position + 1} to {number - 1}"
            self.find("deleted", position + 1, None, f"chain position {where} is gone with its entry")

    def _misfit(
        self, position: int, audit_id: int | None, previous: bytes, stored: bytes, text: bytes
    ) -> None:
        if len(self._misfits) < MOST_LISTED:
            self._misfits.append((position, audit_id, previous, stored, text))
        else:
            self.unlisted += 1

    def find(self, kind: str, position: int | None, audit_id: int | None, detail: str) -> None:
        """Notes a finding; past a thousand they are only counted."""
        if len(self.findings) < MOST_LISTED:
            self.findings.append(Finding(kind=kind, position=position, audit_id=audit_id, detail=detail))
        else:
            self.unlisted += 1

    def go_on_from(self, position: int, head: bytes) -> None:
        """Takes an end for granted: what was wrong before it is told already."""
        self.position, self.head = position, head

    def leave_out_beyond(self, position: int) -> None:
        """Forgets signed heads past a position: a stretch that was asked for ends where it was to end."""
        self._anchors = {number: said for number, said in self._anchors.items() if number <= position}

    def end(self) -> None:
        """The walk is over: signed heads that were never passed, and entries that changed places."""
        for position, said in sorted(self._anchors.items()):
            for _, name in said:
                if position > self.position:
                    self.find(
                        "cut",
                        position,
                        None,
                        f"{name} knows position {position}, the chain ends at {self.position}",
                    )
        self._anchors.clear()
        for position, audit_id, previous, stored, _ in self._misfits:
            other = next(
                (m for m in self._misfits if hashlib.sha256(previous + m[4]).digest() == stored), None
            )
            if other is None:
                self.find("edited", position, audit_id, "its content is not what was sealed")
            else:
                self.find(
                    "reordered",
                    position,
                    audit_id,
                    f"entry {other[1]} was sealed here and stands at position {other[0]} now",
                )
        self._misfits.clear()
        self.findings.sort(key=lambda finding: finding.position or 0)
