"""Which old code becomes which new one: the pure half of a reorganisation of regions.

A change says `from → to`. One target is a renumbering or a merger; several targets are a split, and then
whatever lies below must say where it goes. Below a code with one target everything keeps its last digits.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from msgspec import Struct, field

from central.db.errors import FieldProblem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_TOWN, _VILLAGE = 9, 12  # digits


class Step(Struct, frozen=True):
    """An old region and what it becomes. `renumbered`: one to one, so that every mention of it may follow."""

    old: str
    new: str
    name: str
    renumbered: bool


class Expanded(Struct, frozen=True):
    """All steps of a reorganisation. `ended`: codes that are no more; `made`: new codes with their names.

    `dissolved`: villages of a town that joins another; their new codes are the statisticians' to give, until
    then they are aliases of the town.
    """

    steps: list[Step]
    ended: list[str]
    made: dict[str, str]
    problems: list[FieldProblem] = field(default_factory=list)
    dissolved: list[str] = field(default_factory=list)

    def target(self, region: str) -> str | None:
        """Where an enterprise of a region belongs afterwards; None: somebody has to say so."""
        targets = [s.new for s in self.steps if s.old == region]
        if region in targets or not targets:
            return region
        return targets[0] if len(targets) == 1 else None


class Change(Struct, frozen=True, kw_only=True):
    """One old code and one new one; `name` of a region that does not exist yet."""

    from_code: str
    to_code: str
    name: str = ""
    agency_id: int | None = None


def expand(changes: Sequence[Change], known: Mapping[str, str]) -> Expanded:
    """All steps that some changes mean.

    Args:
        changes: as entered.
        known: codes in force with their names, at least everything below the old codes, and the new codes.
    """
    problems: list[FieldProblem] = []
    targets: dict[str, list[Change]] = {}
    for number, change in enumerate(changes):
        problem = _wrong(change, known)
        if problem:
            problems.append(FieldProblem(f"changes[{number}]", problem))
        elif change.to_code in {c.to_code for c in targets.get(change.from_code, ())}:
            problems.append(FieldProblem(f"changes[{number}]", "同一变更填写了两次"))
        else:
            targets.setdefault(change.from_code, []).append(change)
    pairs: list[tuple[str, str, str]] = []
    dissolved: list[str] = []
    for old, several in sorted(targets.items()):
        pairs += [(old, c.to_code, c.name or known.get(c.to_code, known[old])) for c in several]
    for code, name in sorted(known.items()):
        above = max((old for old in targets if code.startswith(old) and code != old), key=len, default=None)
        if above is None or code in targets:
            continue
        several = targets[above]
        if above in {c.to_code for c in several}:
            continue  # what is left of a region that gave something away stays where it is
        if len(several) > 1:
            problems.append(
                FieldProblem(f"changes.{code}", f"{known[above]}拆分后，{name}（{code}）归入哪里没有说明")
            )
        elif len(several[0].to_code) != len(above):
            problems.append(
                FieldProblem(
                    f"changes.{code}", f"{known[above]}改变了层级，请逐个说明{name}（{code}）的新代码"
                )
            )
        else:
            new = several[0].to_code + code[len(above) :]
            joined = len(new) == _VILLAGE and new[:_TOWN] in known and new[:_TOWN] != code[:_TOWN]
            if joined:
                dissolved.append(code)
            pairs.append((code, new[:_TOWN], known[new[:_TOWN]]) if joined else (code, new, name))
    ended = sorted({old for old, _, _ in pairs} - {old for old, new, _ in pairs if old == new})
    gone = set(ended)
    for old, new, name in pairs:
        if new in known and new not in gone and len(new) > 6 and old not in targets and known[new] != name:
            problems.append(
                FieldProblem(
                    f"changes.{old}", f"新代码 {new} 已是{known[new]}，请为{name}（{old}）另行指定代码"
                )
            )
    of_new = Counter(new for _, new, _ in pairs)
    of_old = Counter(old for old, _, _ in pairs)
    steps = [
        Step(old, new, name, of_new[new] == 1 and of_old[old] == 1 and old != new and new not in known)
        for old, new, name in pairs
    ]
    return Expanded(steps, ended, {s.new: s.name for s in steps if s.new not in known}, problems, dissolved)


def _wrong(change: Change, known: Mapping[str, str]) -> str | None:
    old, new = change.from_code, change.to_code
    if old not in known:
        return f"没有现行的区划代码 {old}"
    if not (new.isascii() and new.isdigit() and len(new) in {2, 4, 6, 9, 12}):
        return f"新代码“{new}”应为 2、4、6、9 或 12 位数字"
    if new != old and (new.startswith(old) or old.startswith(new)):
        return f"{new} 与 {old} 互为上下级，不能由一个变为另一个"
    if new not in known and not change.name.strip():
        return f"新代码 {new} 尚不存在，请填写新区划的名称"
    return None
