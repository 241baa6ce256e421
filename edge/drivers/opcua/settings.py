"""The keys of an OPC UA bus in `gateway.toml`; docs/drivers/opcua.md explains them to people."""

from collections.abc import Sequence
from typing import Annotated, Literal

from msgspec import Meta

from edge.config_models import BusTable, PointTable, Seconds, UnitTable


class Point(PointTable, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One variable of the server; `index` picks an element where its value is an array.

    `sampling_ms` is how often the server looks at its source for changes (0: the unit's poll interval);
    `max_age_s` is how old the source's own stamp may be before the value is uncertain (None: the bus's).
    """

    node: Annotated[str, Meta(min_length=3, max_length=1000)]
    sampling_ms: Annotated[int, Meta(ge=0, le=3_600_000)] = 0
    index: Annotated[int, Meta(ge=0, le=1_000_000)] | None = None
    max_age_s: Seconds | None = None


class Unit(UnitTable, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A group of variables that belong together: one instrument, one tank."""

    points: Sequence[Point] = ()


class Bus(BusTable, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One server, one session. Relative paths are relative to the configuration's folder."""

    kind: Literal["opcua"]
    endpoint: Annotated[str, Meta(max_length=300)]
    security: Literal["none", "sign", "sign-and-encrypt"] = "sign-and-encrypt"
    policy: Literal["Basic256Sha256", "Aes128_Sha256_RsaOaep", "Aes256_Sha256_RsaPss"] = "Basic256Sha256"
    certificate: str = ""
    key: str = ""
    server_certificate: str = ""
    user: Annotated[str, Meta(max_length=100)] = ""
    password_file: str = ""
    allow_unsecured: bool = False
    timeout_ms: Annotated[int, Meta(ge=100, le=60_000)] = 4000
    keepalive_s: Annotated[float, Meta(ge=0.5, le=300)] = 5.0
    session_timeout_s: Annotated[float, Meta(ge=10, le=3600)] = 60.0
    channel_lifetime_s: Annotated[float, Meta(ge=2, le=86_400)] = 3600.0
    subscribe: bool = True
    publishing_ms: Annotated[int, Meta(ge=0, le=60_000)] = 0
    queue: Annotated[int, Meta(ge=1, le=1000)] = 10
    max_age_s: Seconds = 0.0
    clock_tolerance_s: Annotated[float, Meta(ge=0.1, le=86_400)] = 10.0
    units: Sequence[Unit] = ()
