"""Which row of a level table counts, and the sentence that says so: pure, by rows that are given."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from central.warning.models import Grade, LevelRule

# In every sentence that a table gave: what lacks it has its level from elsewhere.
OF_TABLE: Final = "定级表第"


class NoRule(LookupError):
    """No level rule fits: the table lacks its default row for this kind."""


class Matter(msgspec.Struct, frozen=True, kw_only=True):
    """What the rows are compared with; an empty word or None fits none but a general one."""

    kind: str
    side: str
    limit_name: str = ""
    quantity: str = ""
    hazard_class: int | None = None


def pick(rules: Sequence[LevelRule], matter: Matter) -> LevelRule:
    """Give the row that counts at once: of the most local region that says anything, the most special one.

    Args:
        rules: the valid rows for the place, all of one version a region.
        matter: what is graded.

    Raises:
        NoRule: not even a default for this kind.
    """
    fitting = [rule for rule in rules if fits(rule, matter) and not waits(rule)]
    if not fitting:
        raise NoRule(f"no level rule for kind {matter.kind}")
    return max(fitting, key=_specificity)


def fits(rule: LevelRule, matter: Matter) -> bool:
    """Say whether a row speaks of this: an empty matcher fits all."""
    return (
        rule.kind == matter.kind
        and rule.side in {"", matter.side}
        and rule.limit_name in {"", matter.limit_name}
        and rule.quantity in {"", matter.quantity}
        and rule.hazard_class in {None, matter.hazard_class}
    )


def waits(rule: LevelRule) -> bool:
    """Say whether a row waits for something to last or to come again."""
    return rule.held_s > 0 or rule.raises > 0


def windows(rules: Sequence[LevelRule], matter: Matter) -> set[int]:
    """Give the hours within which raises have to be counted for this."""
    return {rule.within_h for rule in rules if rule.raises > 0 and fits(rule, matter)}


def grade(
    rules: Sequence[LevelRule],
    matter: Matter,
    held_s: float = 0,
    raised: Mapping[int, int] | None = None,
) -> Grade:
    """Give the level, the sentence that explains it, and when to look again.

    A row that waits counts beside the row that counts at once: of the same region or a more local one, when
    it is met and gives something worse.

    Args:
        rules: the valid rows for the place, all of one version a region.
        matter: what is graded.
        held_s: so long has it held without a break.
        raised: how often it was raised, this time included, by hours back.

    Raises:
        NoRule: not even a default for this kind.
    """
    best = base = pick(rules, matter)
    further = [
        rule
        for rule in rules
        if waits(rule)
        and rule.level > base.level
        and len(rule.region) >= len(base.region)
        and fits(rule, matter)
    ]
    for rule in further:
        if _met(rule, held_s, raised or {}) and _worse(rule, best):
            best = rule
    wait_s = min(
        (rule.held_s - held_s for rule in further if rule.held_s > held_s and rule.level > best.level),
        default=None,
    )
    return Grade(best.level, sentence(best), wait_s)


def _met(rule: LevelRule, held_s: float, raised: Mapping[int, int]) -> bool:
    if rule.held_s > 0:
        return held_s >= rule.held_s
    return raised.get(rule.within_h, 0) >= rule.raises


def _worse(rule: LevelRule, than: LevelRule) -> bool:
    return rule.level > than.level or (
        rule.level == than.level and waits(than) and _specificity(rule) > _specificity(than)
    )


def sentence(rule: LevelRule) -> str:
    """Explain a level by its row, in words for people."""
    where = f"{rule.region} 地区" if rule.region else "通用"
    why = ""
    if rule.held_s > 0:
        why = f"，持续已满 {_span(rule.held_s)}"
    elif rule.raises > 0:
        why = f"，{rule.within_h} 小时内已达 {rule.raises} 次"
    return f"{rule.reason}{why}（{where}{OF_TABLE} {rule.version} 版，{rule.source}）"


def _span(seconds: int) -> str:
    for unit, word in ((86_400, "天"), (3_600, "小时"), (60, "分钟")):
        if seconds % unit == 0:
            return f"{seconds // unit} {word}"
    return f"{seconds} 秒"


def _specificity(rule: LevelRule) -> tuple[int, int, int, int, int, int]:
    return (
        len(rule.region),
        rule.hazard_class is not None,
        rule.quantity != "",
        rule.limit_name != "",
        rule.side != "",
        rule.level,
    )
