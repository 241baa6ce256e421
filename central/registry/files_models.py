"""Attached files as they are answered, and what a record says of those that it uses."""

from __future__ import annotations

from typing import Annotated, Any, Final

from msgspec import Meta, Struct

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


class FileAnnounced(Struct, frozen=True, forbid_unknown_fields=True):
    """A file that will come in parts: its name, its bytes, its SHA-256 if the sender knows it."""

    name: Annotated[str, Meta(min_length=1, max_length=200)]
    size: Annotated[int, Meta(ge=1, le=1 << 40)]
    sha256: Annotated[str, Meta(pattern="^([0-9a-f]{64})?$")] = ""


class UploadInParts(Struct, frozen=True):
    """How far a file has come: the next part begins at `offset`; `file` once it is whole and kept."""

    id: str
    offset: int
    size: int
    file: UploadedFile | None


class FileInParts(Struct, frozen=True):
    """A file on its way in, as it was announced; `answer` as it was given when it was whole."""

    id: str
    name: str
    size: int
    sha256: str
    answer: dict[str, Any] | None


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
