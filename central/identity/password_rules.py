"""Which passwords are good enough: length and classes as the rules say, nothing that everybody tries first.

A password is read as pieces: a keyboard walk, a sequence, a repetition, a year or a word of the list counts
as one piece however long it is, any other character as one. Fewer than six pieces are guessed too soon.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from central.db.errors import FieldProblem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from central.identity.signing_models import SignInRule

_FEWEST_PIECES = 6
_SHORTEST_RUN = 3
_SHORTEST_NAME = 3
_WORDS = Path(__file__).with_name("weak-words.txt")
# Rows of the keyboard, and the slanting columns that fingers walk down.
_WALKS = (
    "1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz", "7894561230",
    "147258369", "1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "8ik", "9ol", "0p",
    "1q2w3e4r5t6y7u8i9o0p", "qazwsxedcrfvtgbyhnujmikolp", "q1w2e3r4t5y6", "a1b2c3d4e5f6",
)  # fmt: skip
_LINES = (*_WALKS, *(walk[::-1] for walk in _WALKS))
_SHIFTED = str.maketrans("!@#$%^&*()", "1234567890")
_LEET = str.maketrans("@4301!5$7", "aaeoiisst")
_YEAR = re.compile(r"(?:19|20)\d{2}(?:[-./]?(?:0[1-9]|1[0-2])(?:[-./]?(?:0[1-9]|[12]\d|3[01]))?)?")
_PHONE = re.compile(r"1[3-9]\d{9}")
_CLASS_TESTS = (str.isupper, str.islower, str.isdigit, lambda c: not (c.isascii() and c.isalnum()))


def problems(password: str, rule: SignInRule, names: Iterable[str] = ()) -> list[FieldProblem]:
    """Everything that is wrong with a password.

    Args:
        password: as typed.
        rule: of this installation.
        names: what it must not contain: login, names, telephone number, codes of the enterprise.
    """
    found = []
    classes = sum(any(test(c) for c in password) for test in _CLASS_TESTS)
    if len(password) < rule.min_length or classes < rule.min_classes:
        found.append(
            f"密码至少 {rule.min_length} 位，"
            f"并包含大写字母、小写字母、数字、符号中的至少 {rule.min_classes} 类。"
        )
    if any(name in password.lower() for name in _parts(names)):
        found.append("密码不能包含账号名、姓名、电话或单位名称。")
    if _PHONE.search(password):
        found.append("密码不能包含手机号码。")
    if pieces(password) < _FEWEST_PIECES:
        found.append("密码太容易被猜到：请不要用常见词、拼音、日期、连续或重复的字符、键盘上相邻的按键。")
    return [FieldProblem("password", words) for words in found]


def pieces(password: str) -> int:
    """Of how many independent pieces a password consists."""
    text = password.lower()
    shifted, leet = text.translate(_SHIFTED), text.translate(_LEET)
    half = len(text) // 2
    if half >= _SHORTEST_RUN and text[:half] == text[half : 2 * half]:
        return pieces(password[:half]) + len(text) % 2
    count = at = 0
    while at < len(text):
        longest = max(
            _repeated(text, at), _walked(text, at), _walked(shifted, at), _dated(text, at), _word(text, at),
            _word(leet, at),
        )  # fmt: skip
        at += max(longest, 1)
        count += 1
    return count


def _repeated(text: str, at: int) -> int:
    end = at
    while end < len(text) and text[end] == text[at]:
        end += 1
    return end - at


def _walked(text: str, at: int) -> int:
    best = 0
    for line in _LINES:
        begin = line.find(text[at])
        if begin < 0:
            continue
        length = 0
        while (
            begin + length < len(line)
            and at + length < len(text)
            and line[begin + length] == text[at + length]
        ):
            length += 1
        best = max(best, length)
    return best if best >= _SHORTEST_RUN else 0


def _dated(text: str, at: int) -> int:
    match = _YEAR.match(text, at)
    return len(match[0]) if match else 0


def _word(text: str, at: int) -> int:
    words, longest = _words()
    return next((n for n in range(min(longest, len(text) - at), 1, -1) if text[at : at + n] in words), 0)


@cache
def _words() -> tuple[frozenset[str], int]:
    lines = (line for line in _WORDS.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    words = frozenset(word for line in lines for word in line.split())
    return words, max(map(len, words))


def _parts(names: Iterable[str]) -> set[str]:
    """Names as a whole and the parts that are long enough to be one."""
    whole = [name.lower() for name in names]
    parts = [part for name in whole for part in re.split(r"[\s@._-]+", name)]
    return {part for part in (*whole, *parts) if len(part) >= (_SHORTEST_NAME if part.isascii() else 2)}
