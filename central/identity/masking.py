"""How personal data looks to those who need not see it: the one place of this rule.

Telephone numbers, numbers of identity cards, and first names of people who are kept for being called
(contacts and staff) are masked in every answer, of lists, pages, exports and the audit alike, whoever asks.
In full they are shown to the person, to the person's own enterprise, and one by one to whoever asks for it
with a reason (`central/audit/personal.py`), which is audited. The name under which an official acts is open.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from central.identity.models import Person

_HIDDEN: Final = "*"
_COMPOUND: Final = frozenset(
    (
        *("欧阳", "太史", "端木", "上官", "司马", "东方", "独孤", "南宫", "万俟", "闻人", "夏侯", "诸葛"),
        *("尉迟", "公羊", "赫连", "澹台", "皇甫", "宗政", "濮阳", "公冶", "太叔", "申屠", "公孙", "慕容"),
        *("仲孙", "钟离", "长孙", "宇文", "司徒", "鲜于", "司空", "令狐"),
    )
)
# By which words a field of a record is known, wherever it stands: `contact_phone`, `phone`; not `fax`.
_PHONES: Final = re.compile(r"(^|_)(phone|mobile|telephone|tel)$")
_IDENTITIES: Final = re.compile(r"(^|_)(identity_number|id_number|id_card)$")
_NAMES: Final = frozenset({"contact_name", "person_contact"})
_MOBILE_IN_TEXT: Final = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")
_SHORTEST_SPLIT: Final = 7


def phone(number: str) -> str:
    """A telephone number without its middle: 138****5678; of a short one only the last two digits stay."""
    digits = number.strip()
    if not digits:
        return ""
    if len(digits) < _SHORTEST_SPLIT:
        return _HIDDEN * max(len(digits) - 2, 1) + digits[-2:] if len(digits) > 2 else _HIDDEN * len(digits)
    return f"{digits[:3]}{_HIDDEN * (len(digits) - 7 or 1)}{digits[-4:]}"


def name(full: str) -> str:
    """A name with the first name hidden: 张*, 欧阳*, J*."""
    known = full.strip()
    if not known:
        return ""
    family = known[:2] if known[:2] in _COMPOUND and len(known) > 2 else known[:1]
    return family + _HIDDEN * max(1, min(len(known) - len(family), 2))


def identity_number(number: str) -> str:
    """The number of an identity card (GB 11643) with birthday and serial hidden: 42**************1X."""
    known = number.strip()
    return f"{known[:2]}{_HIDDEN * (len(known) - 4)}{known[-2:]}" if len(known) > 6 else _HIDDEN * len(known)


def in_text(text: str) -> str:
    """A text in which mobile numbers are masked."""
    return _MOBILE_IN_TEXT.sub(r"\1****\2", text)


def is_own(person: Person, *, enterprise_id: int | None = None, account_id: int | None = None) -> bool:
    """Whether data are the person's own, or of the person's own enterprise: these are never masked."""
    return (account_id is not None and account_id == person.account_id) or (
        enterprise_id is not None and enterprise_id == person.enterprise_id
    )


def record(fields: Mapping[str, Any]) -> dict[str, Any]:
    """An image of a record (before and after in the audit) with its personal fields masked, at any depth."""
    return {key: _field(key, value) for key, value in fields.items()}


def _field(key: str, value: Any) -> Any:
    if isinstance(value, dict):
        return record(value)
    if isinstance(value, list):
        return [_field(key, one) for one in value]
    if not isinstance(value, str):
        return value
    if _PHONES.search(key):
        return phone(value)
    if _IDENTITIES.search(key):
        return identity_number(value)
    return name(value) if key in _NAMES else in_text(value)
