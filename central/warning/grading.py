"""Which row of a level table counts, and the sentence that says so: pure, by rows that are given."""

from collections.abc import Sequence

import msgspec

from central.warning.models import Grade, LevelRule


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
    """Give the row that counts: of the most local region that says anything, the most special one.

    Args:
        rules: the valid rows for the place, all of one version a region.
        matter: what is graded.

    Raises:
        NoRule: not even a default for this kind.
    """
    fitting = [rule for rule in rules if fits(rule, matter)]
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


def grade(rules: Sequence[LevelRule], matter: Matter) -> Grade:
    """Give the level and the sentence that explains it: the row's own reason, its table, version and source.

    Raises:
        NoRule: not even a default for this kind.
    """
    best = pick(rules, matter)
    return Grade(best.level, sentence(best))


def sentence(rule: LevelRule) -> str:
    """Explain a level by its row, in words for people."""
    where = f"{rule.region} 地区" if rule.region else "通用"
    return f"{rule.reason}（{where}定级表第 {rule.version} 版，{rule.source}）"


def _specificity(rule: LevelRule) -> tuple[int, int, int, int, int, int]:
    return (
        len(rule.region),
        rule.hazard_class is not None,
        rule.quantity != "",
        rule.limit_name != "",
        rule.side != "",
        rule.level,
    )
