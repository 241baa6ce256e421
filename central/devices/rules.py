"""What a birth says, taken apart before anything is stored: which value of a row is which point.

Keeps law-never-lose 2: a batch is read with the birth that it names and with no other.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt

from central.db.errors import FieldProblem
from central.devices.models import (
    COMMAND_LIFE_MS,
    LONGEST_SHELF_S,
    OF_ONE_ALARM,
    SWITCHING,
    BoundAlarm,
    BoundPoint,
    CommandRequest,
)
from protocol.messages import Description, PointInfo

MOST_TEXT: Final = 120  # characters of an alarm id, an occurrence, a state: they stand in indexes
MOST_VALUES: Final = 4096  # a Modbus block has at most 125 registers or 2000 bits
MOST_COEFFICIENTS: Final = 32  # of a curve; gateways take 8
POINT_KEY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}")
LIMITS: Final = ("LL", "L", "H", "HH")


class BirthError(ValueError):
    """A description that cannot be: the text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class BlockLayout:
    """The points of one block in the order of its rows; id 0 where a value belongs to no point.

    A point with a curve has scale 1 and offset 0 here, so that its raw number is kept for the curve.
    """

    points: npt.NDArray[np.int32]
    scale: npt.NDArray[np.float64]
    offset: npt.NDArray[np.float64]
    curves: Mapping[int, tuple[float, ...]] = field(
        default_factory=dict
    )  # by place, of the few that have one

    @property
    def whole(self) -> bool:
        return bool((self.points > 0).all())


@dataclass(frozen=True, slots=True)
class Binding:
    """A birth joined to our ids: everything that reading its batches needs."""

    hash: bytes
    blocks: Mapping[int, BlockLayout]
    points: Mapping[str, BoundPoint]
    alarms: Mapping[str, BoundAlarm]


def check(description: Description, gateway: str) -> None:
    """Refuse a description that would put values on wrong points.

    Args:
        description: as decoded; `codec.decode_description` has checked its references.
        gateway: who signed it.

    Raises:
        BirthError: it is another gateway's, two points share a place in a block, a place is absurd or left
            out, or an alarm has a name that cannot be stored.
    """
    if description.gateway != gateway:
        raise BirthError(f"describes gateway {description.gateway!r}, signed by {gateway!r}")
    places: set[tuple[int, int]] = set()
    for point in description.points:
        if not POINT_KEY.fullmatch(point.key):
            raise BirthError(
                f"point key {point.key!r}: use 1 to 63 characters A-Z, a-z, 0-9, '_', '.' and '-'"
            )
        if not 0 <= point.index < MOST_VALUES:
            raise BirthError(f"point {point.key}: index {point.index} is outside 0..{MOST_VALUES - 1}")
        if (point.block, point.index) in places:
            raise BirthError(
                f"point {point.key}: another point has value {point.index} of block {point.block}"
            )
        places.add((point.block, point.index))
        if len(point.curve) > MOST_COEFFICIENTS:
            raise BirthError(f"point {point.key}: a curve has at most {MOST_COEFFICIENTS} coefficients")
    for block, index in places:
        if index and (block, index - 1) not in places:
            raise BirthError(f"block {block}: a hole at value {index - 1}; its values are 0 to n - 1")
    for alarm in description.alarms:
        for text in (alarm.alarm, alarm.limit_name, alarm.side):
            if storable(text) != text:
                raise BirthError(f"alarm {text[:40]!r}: at most {MOST_TEXT} characters, and no NUL")
    if len({alarm.alarm for alarm in description.alarms}) != len(description.alarms):
        raise BirthError("an alarm id occurs twice")


def bind(digest: bytes, description: Description, ids: Mapping[str, int]) -> Binding:
    """Join a description to the ids of its points.

    Args:
        digest: the birth hash.
        description: checked.
        ids: point id by key; every described key is there.
    """
    by_block: dict[int, list[PointInfo]] = {block.block: [] for block in description.blocks}
    for info in description.points:
        by_block[info.block].append(info)
    points = {info.key: BoundPoint(ids[info.key], info) for info in description.points}
    return Binding(
        digest,
        {block: _layout(infos, ids) for block, infos in by_block.items()},
        points,
        {alarm.alarm: BoundAlarm(alarm, points[alarm.point]) for alarm in description.alarms},
    )


def _layout(infos: list[PointInfo], ids: Mapping[str, int]) -> BlockLayout:
    width = max((info.index for info in infos), default=-1) + 1
    points = np.zeros(width, np.int32)
    scale = np.ones(width)
    offset = np.zeros(width)
    curves: dict[int, tuple[float, ...]] = {}
    for info in infos:
        points[info.index] = ids[info.key]
        if info.curve:
            curves[info.index] = tuple(info.curve)
        else:
            scale[info.index] = info.scale
            offset[info.index] = info.offset
    return BlockLayout(points, scale, offset, curves)


def limits_of(description: Description) -> dict[str, dict[str, float | None]]:
    """The limits of each point by limit name, from its alarms."""
    limits: dict[str, dict[str, float | None]] = {}
    for alarm in description.alarms:
        if alarm.limit_name in LIMITS:
            limits.setdefault(alarm.point, {})[alarm.limit_name] = alarm.limit
    return limits


def plain(text: str) -> str:
    """A text that PostgreSQL can hold: a NUL in a name must not cost the birth, and with it the alarms."""
    return text.replace("\x00", "\N{REPLACEMENT CHARACTER}")


def short(text: str) -> str:
    """A text that an index can hold: of a longer one the beginning and a digest, so that two stay two."""
    if len(text) <= MOST_TEXT:
        return text
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{text[: MOST_TEXT - 17]}~{digest}"


def storable(text: str) -> str:
    """A text that a column and its index can hold."""
    return plain(short(text))


def command_problems(request: CommandRequest) -> list[FieldProblem]:
    """What a request lacks: to cover one alarm names it, and says why; to shelve says for how long."""
    found = []
    if request.command == "test" and not request.reason.strip():
        found.append(FieldProblem("reason", "未填写原因", "写明为什么试验，例如 交接班检查"))
    if request.command in SWITCHING:
        if not request.output:
            found.append(FieldProblem("output", "未指明输出", "填写网关配置中的一个输出，例如 FAN-1"))
        if not request.reason.strip():
            found.append(FieldProblem("reason", "未填写原因", "写明为什么远程操作"))
    if request.command not in OF_ONE_ALARM:
        return found
    if not request.alarm:
        found.append(FieldProblem("alarm", "未指明报警", "填写一个报警的编号，例如 GT-101/H"))
    if not request.reason.strip():
        found.append(FieldProblem("reason", "未填写原因", "写明为什么这样做"))
    if request.command == "shelve" and not 0 < (request.for_s or 0) <= LONGEST_SHELF_S:
        found.append(FieldProblem("for_s", "搁置时间缺失或超限", f"1 到 {LONGEST_SHELF_S} 秒"))
    return found


TEST_SLACK: Final = timedelta(hours=36)
"""A test that an alarm put off is made up on the next day; after a day and a half it was not."""


def test_due(every_s: int, tested_at: datetime | None, seen_at: datetime) -> datetime | None:
    """By when an output must have been tried again; None where it is tried on request only.

    Args:
        every_s: how often by time, 0 for never.
        tested_at: its last test.
        seen_at: when the centre first heard of it; counts while it was never tried.
    """
    if every_s <= 0:
        return None
    return (tested_at or seen_at) + timedelta(seconds=every_s) + TEST_SLACK


def expiry(mono_ms: int, age_ms: int) -> int:
    """When a command to a gateway becomes void, on the gateway's own monotonic clock.

    Args:
        mono_ms: its clock at its last heartbeat.
        age_ms: how long ago that was.
    """
    return mono_ms + age_ms + COMMAND_LIFE_MS
