"""Which enterprises of one county look like one: names without place and form, telephone, address."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from difflib import SequenceMatcher
from itertools import combinations
from math import ceil
from typing import TYPE_CHECKING, Final

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

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
_FEW: Final = 30  # names that are compared each with each: an index would cost more


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


class Shared(Struct, frozen=True):
    """A telephone or an address (`kind`) that many enterprises of a county share: it proves nothing."""

    county: str
    kind: str
    words: str
    enterprises: int


def core(name: str, region_names: Iterable[str]) -> str:
    """A name without blanks, brackets, the place that it begins with and its form in law.

    Args:
        name: as registered.
        region_names: regions around it, such as "某省", "云泽市".

    Returns:
        The core; the bare name where nothing would be left.
    """
    return _Cores(region_names).core(name)


class _Cores:
    """Takes the names of some regions off the beginning of names."""

    def __init__(self, region_names: Iterable[str]) -> None:
        places = {part for full in region_names for part in (full, full.rstrip(_ENDINGS)) if len(part) > 1}
        self._by_sign: dict[str, list[str]] = defaultdict(list)
        for place in sorted(places, key=lambda place: (-len(place), place)):
            self._by_sign[place[0]].append(place)

    def core(self, name: str) -> str:
        bare = _NOISE.sub("", name).lower()
        rest, before = bare, ""
        while rest != before:
            before = rest
            for place in self._by_sign.get(rest[:1], ()):
                rest = rest.removeprefix(place)
            rest = rest.lstrip(_ENDINGS) if rest != before else rest
        for form in _FORMS:
            if rest.endswith(form) and len(rest) > len(form):
                rest = rest.removesuffix(form)
                break
        return rest or bare


def alike(
    enterprises: Iterable[Named], region_names: Collection[str], marked: Collection[tuple[int, int]]
) -> tuple[list[Likeness], list[Shared]]:
    """Pairs within one county that may be one enterprise, and what too many of it share.

    Args:
        enterprises: all that are compared.
        region_names: of the regions around them.
        marked: pairs (smaller id, greater id) that somebody found to be two.

    Returns:
        The pairs, the most alike first. Then telephones and addresses that so many enterprises share that
        they prove nothing: these enterprises are compared by their names alone.
    """
    rows = list(enterprises)
    clean = _Cores(region_names)
    cores = {row.id: clean.core(row.name) for row in rows}
    names: dict[tuple[str, str], list[Named]] = defaultdict(list)
    marks: dict[tuple[str, str, str], list[Named]] = defaultdict(list)
    for row in rows:
        county = row.region_code[:_COUNTY]
        names[county, cores[row.id][:2]].append(row)
        if len(row.phone) > 6:
            marks[county, "phone", row.phone].append(row)
        if len(row.address) > 5:
            marks[county, "address", _NOISE.sub("", row.address)].append(row)
    known, found, shared = set(marked), [], []
    for (county, kind, _), group in marks.items():
        if len(group) > _MOST_IN_A_GROUP:
            word = group[0].phone if kind == "phone" else group[0].address
            shared.append(Shared(county, kind, word, len(group)))
            del group[:]
    for candidates in (
        *(combinations(group, 2) for group in marks.values()),
        *(_near(group, cores) for group in names.values()),
    ):
        for one, other in candidates:
            first, second = (one, other) if one.id < other.id else (other, one)
            if (first.id, second.id) in known:
                continue
            known.add((first.id, second.id))
            likeness = _compared(first, second, cores)
            if likeness is not None:
                found.append(likeness)
    found.sort(key=lambda pair: (-pair.score, pair.first, pair.second))
    return found, sorted(shared, key=lambda each: (-each.enterprises, each.words))


def _near(group: list[Named], cores: dict[int, str]) -> Iterator[tuple[Named, Named]]:
    """Pairs of a group whose names may be alike, and no pair is missed that is.

    Names whose ratio (2 · common / both lengths) reaches `_ALIKE` have most of their signs in common, so that
    they share one of the rarest signs of the shorter: a name of n signs needs an index of its n − ⌈least⌉ + 1
    rarest alone (prefix filtering of set similarity joins).
    """
    if len(group) < _FEW:
        yield from combinations(group, 2)
        return
    signs = {row.id: _signs(cores[row.id]) for row in group}
    seen = Counter(sign for each in signs.values() for sign in each)
    index: dict[tuple[str, int], list[Named]] = defaultdict(list)
    for row in sorted(group, key=lambda row: len(cores[row.id])):
        own = sorted(signs[row.id], key=lambda sign: (seen[sign], sign))
        # In common with a name of m signs, m at least n · t / (2 − t), are t · (n + m) / 2 at least.
        least = ceil(len(own) * _ALIKE / (2 - _ALIKE) - 1e-9)
        met: dict[int, Named] = {}
        for sign in own[: len(own) - least + 1]:
            met |= {other.id: other for other in index[sign]}
            index[sign].append(row)
        bare, length = signs[row.id], len(own)
        for number, other in met.items():
            theirs = signs[number]
            if 2 * len(bare & theirs) >= _ALIKE * (length + len(theirs)) - 1e-9:
                yield row, other


def _signs(name: str) -> frozenset[tuple[str, int]]:
    """The signs of a name, each with how often it came before, so that common signs are counted as often."""
    count: Counter[str] = Counter()
    found = set()
    for sign in name:
        found.add((sign, count[sign]))
        count[sign] += 1
    return frozenset(found)


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
