"""Which table of `gateway.toml` describes which output: relays, pins, loudspeakers and screens."""

from typing import Annotated, Final, Literal

import msgspec

from edge.config_models import AnnouncerTable, Coil, Gpio, OutputTable
from edge.strict import Problems

FIELDS: Final = {"text": "{text}", "volume": "{volume}"}


class Http(AnnouncerTable, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A device that takes a text by HTTP: `fields` with {text}, {volume} and {priority} in them."""

    kind: Literal["http-speaker", "http-screen"]
    url: Annotated[str, msgspec.Meta(pattern=r"^https?://[^\s]+$")]
    method: Literal["POST", "PUT", "GET"] = "POST"
    form: Literal["json", "form", "query"] = "json"
    fields: dict[str, str] = msgspec.field(default_factory=FIELDS.copy)
    user: str = ""
    password_file: str = ""


class SerialScreen(AnnouncerTable, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An LED screen on a serial line: `frame` with {text} in it, escapes as in TOML basic strings."""

    kind: Literal["serial-screen"]
    device: str
    baudrate: Annotated[int, msgspec.Meta(ge=300, le=4_000_000)] = 9600
    parity: Literal["N", "E", "O"] = "N"
    frame: str = "{text}\r\n"
    encoding: Literal["gb18030", "utf-8", "ascii"] = "gb18030"
    checksum: Literal["none", "xor", "sum8", "lrc", "crc16-modbus"] = "none"


class Mqtt(AnnouncerTable, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A loudspeaker that listens to a topic of a broker, as village loudspeakers (农村大喇叭) do."""

    kind: Literal["mqtt-speaker", "mqtt-screen"]
    host: str
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 1883
    topic: Annotated[str, msgspec.Meta(min_length=1, pattern=r"^[^#+]+$")]
    fields: dict[str, str] = msgspec.field(default_factory=FIELDS.copy)
    user: str = ""
    password_file: str = ""
    ca_file: str = ""


KINDS: dict[str, type[AnnouncerTable]] = {
    "http-speaker": Http,
    "http-screen": Http,
    "serial-screen": SerialScreen,
    "mqtt-speaker": Mqtt,
    "mqtt-screen": Mqtt,
}


def output_table(raw: dict[str, object], place: str, problems: Problems) -> type[OutputTable]:
    """Choose the Struct of a horn or beacon by its keys."""
    del place, problems
    return Gpio if "gpio" in raw or "line" in raw else Coil


def announcer_table(raw: dict[str, object], place: str, problems: Problems) -> type[AnnouncerTable] | None:
    """Choose the Struct of an announcer by its `kind`; None with the problem noted."""
    kind = raw.get("kind")
    if isinstance(kind, str) and kind in KINDS:
        return KINDS[kind]
    what = "missing" if kind is None else f"{kind!r} is no kind of announcer"
    problems.add(f"{place}.kind", what, f"use one of {', '.join(KINDS)}")
    return None
