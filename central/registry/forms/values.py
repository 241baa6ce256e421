"""Values that are more than a text or a number: ranges, choices with a text of one's own, places, files."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct


class Span(Struct, frozen=True, rename={"start": "from", "end": "to"}):
    """From one day to another, both included; an open end lasts."""

    start: date
    end: date | None = None


class Chosen(Struct, frozen=True):
    """One of several choices; `other` is what was written where the choice is "other" (其他)."""

    choice: str
    other: str = ""


class Several(Struct, frozen=True):
    """Any of several choices, each once; `other` as in `Chosen`."""

    choices: list[str]
    other: str = ""


class Spot(Struct, frozen=True):
    """A place on the map, WGS-84, degrees."""

    longitude: Annotated[float, Meta(ge=-180, le=180)]
    latitude: Annotated[float, Meta(ge=-90, le=90)]


class Mark(Struct, frozen=True):
    """A point on a picture: parts of its width and height from the upper left corner, 0 to 1."""

    x: Annotated[float, Meta(ge=0, le=1)]
    y: Annotated[float, Meta(ge=0, le=1)]


class Link(Struct, frozen=True):
    """A thing of another register or table. `label` is what it was called when it was chosen."""

    id: str
    label: str = ""


class File(Struct, frozen=True):
    """A stored file: the SHA-256 of its content, the name it came with, its size in bytes."""

    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
    name: Annotated[str, Meta(min_length=1, max_length=200)]
    size: Annotated[int, Meta(ge=0)]
