"""Attached files as they are answered, and what a record says of those that it uses."""

from __future__ import annotations

from typing import Any, Final

from msgspec import Struct

CLEAN: Final = "clean"
WAITING: Final = "waiting"
"""Stored, but the scanner has not said yet that it is harmless: nobody may use or read it."""


class StoredFile(Struct, frozen=True):
    """A file as the store knows it: by the SHA-256 of its content.

    Attributes:
        sha256: hexadecimal.
        size: bytes.
        media_type: as its content says, never as its sender says.
        thumbnail: whether a small picture of it is kept.
        scan: "clean" or "waiting".
    """

    sha256: str
    size: int
    media_type: str
    thumbnail: bool
    scan: str


class UploadedFile(Struct, frozen=True):
    """The answer to an upload: what a record then says of the file, and what it is."""

    sha256: str
    name: str
    size: int
    media_type: str
    scan: str


class Using(Struct, frozen=True, kw_only=True):
    """One record that is being written: whose it is, and its values.

    `place` is that of its owner, as the row of the record has it.
    """

    record_id: int
    place: str
    values: dict[str, Any]
    enterprise_id: int | None = None
    agency_id: int | None = None


class Named(Struct, frozen=True):
    """A file where a record names it: its place in the form, and whether only a picture will do."""

    where: str
    picture: bool
    sha256: str
    name: str
    size: int
