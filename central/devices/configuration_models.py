"""What is said of a gateway's configurations."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from central.db.errors import DomainError
from central.devices.configuration_limits import LimitChange

State = Literal["draft", "pending", "trial", "kept", "taken-back", "refused"]
LARGEST = 900_000  # bytes of a text: it travels in one frame


class NewConfiguration(msgspec.Struct, frozen=True):
    """A whole gateway.toml, and why it is made."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=LARGEST)]
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


class ConfigurationRow(msgspec.Struct, frozen=True):
    """One configuration of the centre and how it fared.

    `state`: draft (nobody sent it), pending (sent again until the gateway answers), trial, kept, taken-back,
    refused; `detail` says why, in the gateway's words.
    """

    version: int
    hash: str
    reason: str
    made_at: datetime
    made_by: str
    state: State
    detail: str
    changed_at: datetime


class ConfigurationText(msgspec.Struct, frozen=True):
    """One of them with its text."""

    row: ConfigurationRow
    text: str


class ConfigurationList(msgspec.Struct, frozen=True):
    """All of a gateway, newest first; `master` is "file" (its own gateway.toml) or "centre"."""

    master: Literal["file", "centre"]
    version: int | None
    items: list[ConfigurationRow]


class Difference(msgspec.Struct, frozen=True):
    """Lines of a unified difference; empty: nothing differs."""

    lines: list[str]


class Opinion(msgspec.Struct, frozen=True):
    """What the gateway says: done, refused or silent, and why; `detail` of done says what would change."""

    result: str
    detail: str


class InForce(msgspec.Struct, frozen=True):
    """The text that a gateway runs with, as it told just now."""

    text: str


class Amendment(msgspec.Struct, frozen=True):
    """A whole gateway.toml, and what one limit of it is to be."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=LARGEST)]
    change: LimitChange


class Amended(msgspec.Struct, frozen=True):
    """The text with that limit; None where only a person can change how it is written: `snippet`."""

    text: str | None
    snippet: str


class ConfigurationUnfit(DomainError):
    """The text is not a gateway.toml of this gateway."""

    def __init__(self, detail: str) -> None:
        super().__init__("bad-configuration", detail, 400)


class NotADraft(DomainError):
    """It was sent already."""

    def __init__(self) -> None:
        super().__init__("not-a-draft", "该版本已经下发过，请新建版本。", 409)


class GatewayMute(DomainError):
    """The gateway did not answer."""

    def __init__(self, detail: str) -> None:
        super().__init__("gateway-silent", f"网关没有应答：{detail}", 503)
