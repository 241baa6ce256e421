"""Windows as decisions: which one covers a case now, until when its calls wait, what one may ask for. Pure.

Keeps law-warning 4: when no window covers a case any more, what is active raises at once.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

import msgspec

from central.db.errors import FieldProblem
from central.warning.models import (
    ALARM,
    CONNECTION,
    OUTPUT,
    PATROL,
    PRESENCE,
    QUALITY,
    RED,
    SOUNDER,
)

MAINTENANCE: Final = "maintenance"
PERMIT: Final = "permit"
OUT_OF_SERVICE: Final = "out_of_service"
CATEGORIES: Final = (MAINTENANCE, PERMIT, OUT_OF_SERVICE)

ENTERPRISE: Final = "enterprise"
GATEWAY: Final = "gateway"
INSTRUMENT: Final = "instrument"
POINT: Final = "point"
SUBJECTS: Final = (ENTERPRISE, GATEWAY, INSTRUMENT, POINT)

HELD_BACK: Final = (ALARM, QUALITY, PRESENCE, CONNECTION, PATROL, OUTPUT, SOUNDER)
"""What work on the equipment causes; what people, models and others warn of never waits."""


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """A window as far as it decides; `consented`: an agency above agrees that red ones wait too."""

    id: int
    subject_type: str
    subject_id: str
    enterprise_id: int
    starts_at: datetime
    ends_at: datetime
    kinds: tuple[str, ...] = ()
    consented: bool = False
    ended: bool = False


class Matter(msgspec.Struct, frozen=True, kw_only=True):
    """A case as far as a window may cover it; `source` is the instrument of its point, or of itself."""

    kind: str
    enterprise_id: int | None
    gateway_id: str
    source: str
    point_id: int | None
    level: int
    is_test: bool = False


def lasts(window: Window, now: datetime) -> bool:
    """Say whether a window is in force: from its beginning until, and without, its end."""
    return not window.ended and window.starts_at <= now < window.ends_at


def covers(window: Window, matter: Matter) -> bool:
    """Say whether a window is about a case, whatever the time."""
    if matter.is_test or matter.kind not in HELD_BACK or window.enterprise_id != matter.enterprise_id:
        return False
    if window.kinds and matter.kind not in window.kinds:
        return False
    if matter.level >= RED and not window.consented:
        return False
    if window.subject_type == ENTERPRISE:
        return True
    if window.subject_type == GATEWAY:
        return window.subject_id == matter.gateway_id
    if window.subject_type == INSTRUMENT:
        return bool(matter.source) and window.subject_id == f"{matter.gateway_id}/{matter.source}"
    return matter.point_id is not None and window.subject_id == str(matter.point_id)


def holding(windows: Iterable[Window], matter: Matter, now: datetime) -> Window | None:
    """Give the window for which a case's calls wait: of those that cover it now, the one that ends last."""
    found = [one for one in windows if lasts(one, now) and covers(one, matter)]
    return max(found, key=lambda one: (one.ends_at, one.id), default=None)


def faults(
    starts_at: datetime, ends_at: datetime, longest_s: float | None, now: datetime, *, declared: bool
) -> list[FieldProblem]:
    """Name what is wrong with the times of a window.

    Args:
        starts_at: when it is to begin.
        ends_at: when it is to end.
        longest_s: the longest of its category in seconds; None: the category may not be declared here.
        now: the time.
        declared: it is declared already, so that its beginning may lie behind.
    """
    problems = []
    if longest_s is None:
        problems.append(
            FieldProblem("category", "本地区没有规定此类报备的最长时限", "请联系监管机构维护时限表")
        )
    if ends_at <= starts_at:
        problems.append(FieldProblem("ends_at", "结束时间不晚于开始时间", "结束时间须晚于开始时间"))
    elif longest_s is not None and ends_at - starts_at > timedelta(seconds=longest_s):
        most = _hours(longest_s)
        problems.append(
            FieldProblem(
                "ends_at",
                f"超过此类报备的最长时限 {most}",
                f"请在开始后 {most}之内结束，到期仍需要的另行报备",
            )
        )
    if ends_at <= now:
        problems.append(FieldProblem("ends_at", "结束时间已经过去", "结束时间须晚于现在"))
    if not declared and starts_at < now - timedelta(minutes=5):
        problems.append(
            FieldProblem(
                "starts_at", "开始时间已经过去", "请从现在或将来的时间开始：已经发生的预警不能事后屏蔽"
            )
        )
    return problems


def _hours(seconds: float) -> str:
    hours = seconds / 3600
    return f"{hours / 24:g} 天" if hours >= 48 and hours % 24 == 0 else f"{hours:g} 小时"
