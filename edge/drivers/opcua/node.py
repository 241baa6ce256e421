"""Node ids as people write them, taken apart without the OPC UA library (OPC 10000-6, 5.3.1.10)."""

from __future__ import annotations

import base64
import binascii
import re
import uuid
from typing import Final, Literal

import msgspec

_FORM: Final = re.compile(
    r"(?:ns=(?P<index>\d{1,5});|nsu=(?P<uri>[^;]+);)?(?P<kind>[isgb])=(?P<id>.+)", re.DOTALL
)
_EXAMPLE: Final = "ns=2;s=Tank1.Level, or nsu=http://plant.example/UA;s=Tank1.Level"


class NodeName(msgspec.Struct, frozen=True):
    """A node id: `uri` names its namespace for good, `index` only as the server counts today."""

    text: str
    kind: Literal["i", "s", "g", "b"]
    identifier: int | str | uuid.UUID | bytes
    index: int = 0
    uri: str = ""


def parse(text: str) -> NodeName:
    """Take a node id apart.

    Args:
        text: `ns=2;s=Tank1.Level`, `i=2258`, `nsu=http://plant.example/UA;g=…`, `ns=1;b=<base64>`.

    Raises:
        ValueError: says what is wrong and what would be right.
    """
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is no node id; write {_EXAMPLE}")
    index = int(found["index"] or 0)
    if index > 0xFFFF:
        raise ValueError(f"namespace {index} is above 65535; write {_EXAMPLE}")
    kind, raw = found["kind"], found["id"]
    identifier: int | str | uuid.UUID | bytes = raw
    if kind == "i":
        if not raw.isdecimal() or int(raw) > 0xFFFF_FFFF:
            raise ValueError(f"{raw!r} is no number of 32 bits; write i=1234, or s= for a text")
        identifier = int(raw)
    elif kind == "g":
        try:
            identifier = uuid.UUID(raw)
        except ValueError as exc:
            raise ValueError(f"{raw!r} is no GUID; write g=09087e75-8e5e-499b-954f-f2a9603db28a") from exc
    elif kind == "b":
        try:
            identifier = base64.b64decode(raw, validate=True)
        except binascii.Error as exc:
            raise ValueError(f"{raw!r} is no base64; write b=M/RbKBsRVkePCePcx24oRA==") from exc
    return NodeName(text.strip(), kind, identifier, index, found["uri"] or "")  # type: ignore[arg-type]
