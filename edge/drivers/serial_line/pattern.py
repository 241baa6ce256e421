r"""Compiles the regular expression of an instrument's line, and refuses one that could hang the gateway.

Python's `re` backtracks: `(a+)+b` needs longer than the age of the world for a line of sixty `a`. Nothing can
interrupt it, so such a pattern must never get into a running gateway. A line is short (`max_length`); what is
left is to bound how often the pattern may begin again:

* no repetition or option inside a repetition, no choice between texts inside one: no exponential growth;
* a repetition whose end the next character tells (`\d+` before `\.`) costs nothing; one whose end it does not
  tell (`.*` before anything, `\w+` before `\d`) is tried at every place: k of them cost length ** k / k!;
* an option or a choice that the next character does not decide multiplies the cost.

The product must stay below MOST_STEPS, some ten milliseconds; the error shows it.
"""

import importlib
import math
import re
from typing import Any, Final, NamedTuple

MOST_STEPS: Final = 500_000
EVERYTHING: Final = frozenset(range(256))
_parser: Final = importlib.import_module("re._parser")  # what `re` itself reads patterns with; Python >= 3.11
_code: Final = importlib.import_module("re._constants")
_CATEGORIES: Final = {
    _code.CATEGORY_DIGIT: r"\d",
    _code.CATEGORY_NOT_DIGIT: r"\D",
    _code.CATEGORY_SPACE: r"\s",
    _code.CATEGORY_NOT_SPACE: r"\S",
    _code.CATEGORY_WORD: r"\w",
    _code.CATEGORY_NOT_WORD: r"\W",
}
_REPEATS: Final = (_code.MAX_REPEAT, _code.MIN_REPEAT, _code.POSSESSIVE_REPEAT)

Chars = frozenset[int]


class BadPattern(ValueError):
    """A pattern cannot be used: says why, and what would be right."""


class _Part(NamedTuple):
    """What one element can begin with, whether it may match nothing, and what all of it can consist of."""

    first: Chars
    empty: bool
    all: Chars


def compiled(text: str, max_length: int) -> re.Pattern[str]:
    """Compile a pattern for whole lines of at most so many characters.

    Raises:
        BadPattern: it is no regular expression, uses what cannot be bounded, or may take too many steps.
    """
    try:
        pattern = re.compile(text, re.ASCII | re.DOTALL)
        tree = _parser.parse(text, re.ASCII | re.DOTALL)
    except (re.error, RecursionError, OverflowError) as exc:
        raise BadPattern(f"is no regular expression: {exc}") from exc
    measure = _Measure(bool(pattern.flags & re.IGNORECASE))
    measure.sequence(list(tree), frozenset(), True, 0)
    open_ends = measure.open_ends
    steps = measure.choices * math.comb(max_length + open_ends, open_ends)
    if steps > MOST_STEPS:
        raise BadPattern(
            f"may take {steps:,} steps a line ({open_ends} repetitions whose end the next character does"
            f" not tell, {measure.choices} ways to choose, {max_length} characters), {MOST_STEPS:,} at most:"
            r" write [^,]* instead of .*, \d+ instead of \w+, or lower max_length"
        )
    return pattern


class _Measure:
    """Walks a parsed pattern from its end to its beginning."""

    def __init__(self, ignore_case: bool) -> None:
        self.open_ends = 0
        self.choices = 1
        self._ignore_case = ignore_case

    def sequence(self, items: list[Any], follow: Chars, may_end: bool, depth: int) -> _Part:
        """Measure elements that follow each other; `follow` is what may come behind them."""
        first, empty, everything = follow, may_end, frozenset[int]()
        nothing = True
        for operation, argument in reversed(items):
            part = self._element(operation, argument, first, empty, depth)
            everything |= part.all
            first = part.first | first if part.empty else part.first
            empty = empty and part.empty
            nothing = nothing and part.empty
        return _Part(first, nothing, everything)

    def _element(self, operation: Any, argument: Any, follow: Chars, may_end: bool, depth: int) -> _Part:
        if operation is _code.AT:
            return _Part(frozenset(), True, frozenset())
        if operation is _code.SUBPATTERN:
            return self.sequence(list(argument[3]), follow, may_end, depth)
        if operation is _code.BRANCH:
            return self._branch(argument[1], follow, may_end, depth)
        if operation in _REPEATS:
            return self._repeat(argument, follow, may_end, depth)
        chars = self._chars(operation, argument)
        return _Part(chars, False, chars)

    def _branch(self, branches: list[Any], follow: Chars, may_end: bool, depth: int) -> _Part:
        if depth:
            raise BadPattern(
                "has a choice | inside a repetition; write a class [ab], or list what is repeated"
            )
        parts = [self.sequence(list(branch), follow, may_end, depth) for branch in branches]
        seen: Chars = frozenset()
        clear = True
        for part in parts:
            begins = part.first | follow if part.empty else part.first
            clear = clear and not begins & seen
            seen |= begins
        self.choices *= 1 if clear else len(parts)
        return _Part(seen, any(part.empty for part in parts), frozenset().union(*(p.all for p in parts)))

    def _repeat(self, argument: Any, follow: Chars, may_end: bool, depth: int) -> _Part:
        least, most, body = argument
        loops = most is _code.MAXREPEAT or most > 1
        varies = most is _code.MAXREPEAT or least != most
        if varies and depth:
            raise BadPattern("has a repetition or an option inside a repetition; repeat one of the two only")
        part = self.sequence(list(body), follow, may_end, depth + loops)
        if varies and loops and len(body) != 1:
            raise BadPattern(
                "repeats a group of several elements; write them out, or repeat single characters or classes"
            )
        if varies and part.first & follow:
            if loops:
                self.open_ends += 1
            else:
                self.choices *= 2
        return _Part(part.first, least == 0 or part.empty, part.all)

    def _chars(self, operation: Any, argument: Any) -> Chars:
        if operation is _code.ANY:
            return EVERYTHING
        if operation is _code.LITERAL:
            return self._cases({argument})
        if operation is _code.NOT_LITERAL:
            return EVERYTHING - {argument}
        if operation is _code.IN:
            return self._class(argument)
        name = str(operation).lower().replace("_", " ")
        raise BadPattern(
            f"uses {name}, which cannot be bounded; use classes, groups, repetitions and choices"
        )

    def _class(self, items: list[Any]) -> Chars:
        chars: set[int] = set()
        negated = False
        for operation, argument in items:
            if operation is _code.NEGATE:
                negated = True
            elif operation is _code.LITERAL:
                chars.add(argument)
            elif operation is _code.RANGE:
                chars.update(range(argument[0], min(argument[1], 255) + 1))
            else:
                text = _CATEGORIES[argument]
                chars.update(c for c in range(256) if re.match(text, chr(c), re.ASCII))
        return EVERYTHING - self._cases(chars) if negated else self._cases(chars)

    def _cases(self, chars: set[int]) -> Chars:
        if self._ignore_case:
            return frozenset(
                ord(c) for char in chars for c in {chr(char).lower(), chr(char).upper()} if len(c) == 1
            )
        return frozenset(chars)
