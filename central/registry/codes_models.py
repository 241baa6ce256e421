"""Codes of subjects as they are listed, scanned and revoked."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Struct


class CodeKind(Struct, frozen=True):
    """A kind of subject that has codes: enterprises, or the records of a register."""

    register: str
    title: str
    title_en: str


class SubjectCode(Struct, frozen=True, kw_only=True):
    """A subject with its code as it counts now.

    `url` is what the picture says; `picture` is a QR code (ISO/IEC 18004) as a data address of an SVG.
    `revoked_at`: when its last code was revoked, if one was.
    """

    register: str
    record_id: int
    title: str
    owner_name: str
    place_name: str
    token: str
    url: str
    picture: str
    issue: int
    revoked_at: datetime | None


class SubjectCodePage(Struct, frozen=True):
    """Subjects of one kind, and the kinds there are."""

    items: list[SubjectCode]
    next: str | None
    kinds: list[CodeKind]


class CodeFact(Struct, frozen=True):
    """One thing that everybody may know of a subject, in both languages."""

    label: str
    label_en: str
    text: str
    text_en: str


class CodeWay(Struct, frozen=True):
    """Where the reader may go on from here, inside the console."""

    kind: str
    title: str
    title_en: str
    link: str


class ScannedCode(Struct, frozen=True, kw_only=True):
    """What a code says to whoever scans it.

    Attributes:
        kind: "enterprise", or the name of a register.
        kind_title: what such a subject is called.
        kind_title_en: the same in English.
        title: of the subject.
        facts: the public part.
        agency: who supervises it, or keeps its record; empty where nobody is named.
        phone: where anybody may report something about it.
        reader: "public", "staff" of the subject's enterprise, or "official" with it in the jurisdiction.
        ways: where a signed-in reader may go on.
        signed_in: whether somebody is signed in here, whoever it is.
    """

    kind: str
    kind_title: str
    kind_title_en: str
    title: str
    facts: list[CodeFact]
    agency: str
    phone: str
    reader: str
    ways: list[CodeWay]
    signed_in: bool


class CodeRevocation(Struct, frozen=True, forbid_unknown_fields=True):
    """Why a code shall count no longer: it was copied, damaged, or hangs where it should not."""

    reason: Annotated[str, Meta(min_length=2, max_length=200, title="原因")]


class SubjectRow(Struct, frozen=True, kw_only=True):
    """A subject in the database, before anything is decided about who reads it."""

    record_id: int
    title: str
    enterprise_id: int | None
    agency_id: int | None
    place: str
    sector: str
    counted: dict[str, Any]
    address: str
    agency_name: str
    phone: str
    status: str = ""
    status_en: str = ""
