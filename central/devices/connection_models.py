"""How devices and enterprises are connected, as the console reads it; times are ours, shares are of one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import UUID

import msgspec

Kind = Literal["gateway", "instrument", "camera", "point"]
State = Literal["online", "abnormal", "offline"]
Whole = Literal["online", "abnormal", "partly", "offline", "none"]
KIND_WORDS: Final = {"gateway": "网关", "instrument": "传感器设备", "camera": "监控摄像头", "point": "监测点"}
STATE_WORDS: Final = {"online": "在线", "abnormal": "异常", "offline": "离线"}
WHOLE_WORDS: Final = {
    "online": "全部在线",
    "abnormal": "有异常",
    "partly": "部分离线",
    "offline": "全部离线",
    "none": "未接入",
}
CAUSE_WORDS: Final = {
    "heartbeat": "网关失去心跳",
    "gateway": "所属网关失去心跳",
    "silent": "设备无应答",
    "bad": "数据不可用",
}


class KindCount(msgspec.Struct, frozen=True, kw_only=True):
    """Devices of one kind; `never` of those offline were never connected."""

    kind: Kind
    online: int = 0
    abnormal: int = 0
    offline: int = 0
    never: int = 0


class ClassCount(msgspec.Struct, frozen=True, kw_only=True):
    """Enterprises with major hazards of one class (null: without); `reported` of them reported to be off."""

    hazard_class: int | None
    online: int = 0
    abnormal: int = 0
    partly: int = 0
    offline: int = 0
    none: int = 0
    reported: int = 0


class Away(msgspec.Struct, frozen=True):
    """A time that no centre was there: no device is counted as offline for it."""

    began_at: datetime
    ended_at: datetime


class ConnectionOverview(msgspec.Struct, frozen=True, kw_only=True):
    """What is connected now; `rate_today`: the share of today's device time that was online, null without."""

    kinds: list[KindCount]
    classes: list[ClassCount]
    rate_today: float | None
    centre_away: list[Away]


class EnterpriseConnection(msgspec.Struct, frozen=True, kw_only=True):
    """One enterprise; counts are of instruments and cameras, or of gateways where nothing is named behind."""

    id: int
    name: str
    region_name: str
    hazard_class: int | None
    state: Whole
    since: datetime | None
    online: int
    abnormal: int
    offline: int
    rate_today: float | None
    reported_until: datetime | None
    warned_at: datetime | None
    warning_id: UUID | None


class EnterprisePage(msgspec.Struct, frozen=True):
    items: list[EnterpriseConnection]
    next: str | None


class DeviceRow(msgspec.Struct, frozen=True, kw_only=True):
    """One device. `since`: its state; null: never connected. `id` is a point's own for a point.

    `reported_until`: its enterprise said that it is off, and the office agreed. `fault_id`: an open fault.
    """

    id: int
    kind: Kind
    key: str
    name: str
    scene: str
    position: str
    state: State
    since: datetime | None
    cause: str | None
    enterprise_id: int
    enterprise_name: str
    hazard_class: int | None
    gateway_id: str
    gateway_name: str
    reported_until: datetime | None
    fault_id: int | None
    fault_state: str | None
    etag: str


class DevicePage(msgspec.Struct, frozen=True):
    items: list[DeviceRow]
    next: str | None


class DeviceWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a device is and what it watches, in people's words."""

    scene: Annotated[str, msgspec.Meta(max_length=60)]
    position: Annotated[str, msgspec.Meta(max_length=120)]


class PeriodRow(msgspec.Struct, frozen=True, kw_only=True):
    """One device abnormal record; `lasted_s` leaves out what no centre saw."""

    id: int
    device_id: int
    kind: Kind
    name: str
    key: str
    scene: str
    position: str
    enterprise_id: int
    enterprise_name: str
    gateway_id: str
    state: State
    cause: str
    began_at: datetime
    ended_at: datetime | None
    lasted_s: float


class PeriodPage(msgspec.Struct, frozen=True):
    items: list[PeriodRow]
    next: str | None


class RateRow(msgspec.Struct, frozen=True, kw_only=True):
    """The share of device time that was online, of a day, enterprise or area (there `devices` are plants)."""

    key: str
    name: str
    devices: int
    rate: float | None
    offline_h: float
    abnormal_h: float
    periods: int


class RateList(msgspec.Struct, frozen=True):
    items: list[RateRow]
