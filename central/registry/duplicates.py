"""Which enterprises of one county look like one: names without place and form, telephone, address."""

from __future__ import annotations

import re
from collections import defaultdict
from difflib import SequenceMatcher
from itertools import combinations
from typing import TYPE_CHECKING, Final

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

# What an enterprise is in law says nothing of which one it is; the longest first.
_FORMS: Final = (
    "股份有限责任公司", "有限责任公司", "股份有限公司", "集团有限公司", "有限公司", "集团公司", "股份公司",
    "总公司", "公司", "合伙企业", "个人独资企业", "工厂", "集团", "厂",
)  # fmt: skip
_NOISE: Final = re.compile(r"[\s()（）\[\]【】〔〕·.,，。、\-—_“”\"']+")
_ENDINGS: Final = "省市区县镇乡"
_COUNTY: Final = 6
_ALIKE: Final = 0.8  # our proposal, tried on names of the demonstration
_ALIKE_AT_ONE_NUMBER: Final = 0.4
_ALIKE_AT_ONE_ADDRESS: Final = 0.5
_MOST_IN_A_GROUP: Final = 200  # a number of an agent for half a county proves nothing


class Named(Struct, frozen=True):
    """An enterprise as far as a comparison goes."""

    id: int
    name: str
    region_code: str
    address: str
    phone: str


class Likeness(Struct, frozen=True):
    """How alike two are, 0 to 1, and in what, in plain Chinese; the smaller id first."""

    first: int
    second: int
    score: float
    reasons: tuple[str, ...]


def core(name: str, region_names: Iterable[str]) -> str:
    """A name without blanks, brackets, the place that it begins with and its form in law.

    Args:
        name: as registered.
        region_names: regions around it, such as "某省", "云泽市".

    Returns:
        The core; the bare name where nothing would be left.
    """
    bare = _NOISE.sub("", name).lower()
    places = {part for full in region_names for part in (full, full.rstrip(_ENDINGS)) if len(part) > 1}
    rest, before = bare, ""
    while rest != before:
        before = rest
        for place in places:
            rest = rest.removeprefix(place)
        rest = rest.lstrip(_ENDINGS) if rest != before else rest
    for form in _FORMS:
        if rest.endswith(form) and len(rest) > len(form):
            rest = rest.removesuffix(form)
            break
    return rest or bare


def alike(
    enterprises: Iterable[Named], region_names: Collection[str], marked: Collection[tuple[int, int]]
) -> list[Likeness]:
    """Pairs within one county that may be one enterprise, the most alike first.

    Args:
        enterprises: all that are compared.
        region_names: of the regions around them.
        marked: pairs (smaller id, greater id) that somebody found to be two.
    """
    rows = list(enterprises)
    cores = {row.id: core(row.name, region_names) for row in rows}
    groups: dict[tuple[str, str, str], list[Named]] = defaultdict(list)
    for row in rows:
        county = row.region_code[:_COUNTY]
        groups[county, "name", cores[row.id][:2]].append(row)
        if len(row.phone) > 6:
            groups[county, "phone", row.phone].append(row)
        if len(row.address) > 5:
            groups[county, "address", _NOISE.sub("", row.address)].append(row)
    known, found = set(marked), []
    for group in groups.values():
        for one, other in combinations(group[:_MOST_IN_A_GROUP], 2):
            first, second = sorted((one, other), key=lambda row: row.id)
            if (first.id, second.id) in known:
                continue
            likeness = _compared(first, second, cores)
            if likeness is not None:
                known.add((first.id, second.id))
                found.append(likeness)
    return sorted(found, key=lambda pair: (-pair.score, pair.first, pair.second))


def _compared(first: Named, second: Named, cores: dict[int, str]) -> Likeness | None:
    a, b = cores[first.id], cores[second.id]
    ratio = 1.0 if a == b else SequenceMatcher(None, a, b, autojunk=False).ratio()
    one_number = bool(first.phone) and first.phone == second.phone
    one_address = len(first.address) > 5 and _NOISE.sub("", first.address) == _NOISE.sub("", second.address)
    reasons = []
    if a == b:
        reasons.append("名称去掉地名和公司形式后相同")
    elif ratio >= _ALIKE:
        reasons.append(f"名称相近（{ratio:.0%}）")
    if one_number and (reasons or ratio >= _ALIKE_AT_ONE_NUMBER):
        reasons.append("联系电话相同")
    if one_address and (reasons or ratio >= _ALIKE_AT_ONE_ADDRESS):
        reasons.append("地址相同")
    if not reasons:
        return None
    score = min(1.0, ratio * 0.8 + 0.1 * one_number + 0.1 * one_address)
    return Likeness(first.id, second.id, round(score, 2), tuple(reasons))
