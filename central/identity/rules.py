"""Which scope a person has, when a session sleeps too long, how often somebody may try."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from central.db.scope import Scope

if TYPE_CHECKING:
    from central.identity.models import AccountRow

SYSTEM_WIDE = frozenset({"installer", "administrator"})

LONGEST_SESSION = timedelta(days=30)

END_REASONS = {
    "signed-out": "您已退出登录。",
    "replaced": "您的账号已在另一台同类设备上登录，本次登录已结束。",
    "idle": "长时间没有操作，已自动退出，请重新登录。",
    "deactivated": "您的账号已停用，请联系管理员。",
    "password-changed": "密码已修改，请重新登录。",
    "ended-elsewhere": "您在另一台设备上结束了本次登录。",
    "expired": "登录已到期，请重新登录。",
}


def is_locked(locked_until: datetime | None, now: datetime) -> bool:
    return locked_until is not None and now < locked_until


def is_idle(device_kind: str, seen_at: datetime, now: datetime, idle: timedelta) -> bool:
    """Whether a session slept too long; a wall display shows without being touched."""
    return device_kind != "wall" and now - seen_at > idle


def is_old(device_kind: str, created_at: datetime, now: datetime) -> bool:
    """Whether a session was used for so long that its person shows the password again; a wall shows on."""
    return device_kind != "wall" and now - created_at > LONGEST_SESSION


def may_write(device_kind: str) -> bool:
    """Whether a session may change anything: a wall never sleeps, and whoever passes by could touch it."""
    return device_kind != "wall"


def scope_of(account: AccountRow, roots: list[str]) -> Scope:
    """What an account may see: the data scope of its role, of the role's sectors.

    * all: the whole installation (its root regions).
    * custom: the areas given to the person, and nothing without any.
    * own: the enterprises whose supervising agency is the person's own, and what sits at the agency itself.
    * own-and-below: the agency itself and its areas, or those given to the person in their place. Who
      installs or keeps the system without belonging to an agency does so everywhere.
    * self: an enterprise itself; of an inspector, the enterprises and areas assigned.
    """
    return Scope.union(_parts(account, roots)).of_sectors(account.sectors)


def _parts(account: AccountRow, roots: list[str]) -> list[Scope]:
    match account.data_scope:
        case "all":
            areas = roots
        case "own":
            areas = [*account.supervised, *_office(account)]
        case "own-and-below":
            areas = [*(account.own_areas or account.areas), *_office(account)]
            if not areas and account.agency_id is None and account.kind in SYSTEM_WIDE:
                areas = roots
        case "self" if account.kind == "enterprise":
            areas = [account.enterprise_place] if account.enterprise_place else []
        case _:
            areas = account.own_areas
    return [Scope.area(area) for area in areas]


def _office(account: AccountRow) -> list[str]:
    """Where the agency itself sits: its departments and people, also where it serves single enterprises."""
    return [account.agency_place] if account.agency_place else []


def sees_all(account: AccountRow) -> bool:
    """Whether the whole installation is this person's jurisdiction."""
    homeless = account.agency_id is None and account.kind in SYSTEM_WIDE and not account.own_areas
    return account.data_scope == "all" or (account.data_scope == "own-and-below" and homeless)


def area_names(account: AccountRow) -> list[str]:
    """What a person is told as the own jurisdiction, where it is neither everything nor one enterprise."""
    if account.data_scope == "own":
        return [account.agency_name] if account.agency_name else []
    if account.data_scope == "own-and-below" and not account.own_areas:
        return account.area_names
    return account.own_names


def rank_of(account: AccountRow) -> int | None:
    """The rank at which this person answers: 0 for the enterprise itself."""
    return 0 if account.kind == "enterprise" else account.agency_rank


def device_kind(named: str, user_agent: str) -> str:
    """What kind of device signs in: as it says, or by its browser."""
    if named:
        return named
    return "phone" if any(word in user_agent for word in ("Mobile", "Android", "iPhone")) else "pc"


def csrf_token(token: str) -> str:
    """The double-submit token of a session: derived, so that no foreign cookie can be planted."""
    return hashlib.sha256(b"fengsui-csrf:" + token.encode()).hexdigest()[:32]


def token_hash(token: str) -> bytes:
    """What is kept of a session token."""
    return hashlib.sha256(token.encode()).digest()


class LoginRate:
    """At most so many sign-ins a minute from one address: a guesser waits, an office behind NAT does not.

    Args:
        most: attempts in the window.
        window_s: its length.
        remember: how many addresses are kept; the oldest go first.
    """

    def __init__(self, most: int = 30, window_s: float = 60.0, remember: int = 10_000) -> None:
        self._most = most
        self._window_s = window_s
        self._remember = remember
        self._attempts: dict[str, list[float]] = {}

    def wait_s(self, address: str, now_s: float) -> float:
        """Counts an attempt; how long this address has to wait first, 0 when it may go on."""
        recent = [t for t in self._attempts.pop(address, []) if t > now_s - self._window_s]
        if len(recent) >= self._most:
            self._attempts[address] = recent
            return recent[0] + self._window_s - now_s
        recent.append(now_s)
        self._attempts[address] = recent
        if len(self._attempts) > self._remember:
            del self._attempts[next(iter(self._attempts))]
        return 0.0
