"""Checks of numbers that carry a check digit of their own: CAS numbers and identity cards."""

from __future__ import annotations

import re
from datetime import date

CAS_PATTERN = "[1-9][0-9]{1,6}-[0-9]{2}-[0-9]"
CAS_EXAMPLE = "7782-50-5"
IDENTITY_PATTERN = "[1-9][0-9]{16}[0-9X]"
IDENTITY_EXAMPLE = "11010519491231002X"  # the example of GB 11643 itself, of no living person

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHARACTERS = "10X98765432"


def cas_problem(number: str) -> str | None:
    """What is wrong with a CAS registry number, in Chinese; None when nothing is.

    The last digit is the sum of the others, each times its place counted from the right, modulo 10.
    """
    if not re.fullmatch(CAS_PATTERN, number):
        return f"CAS 号应形如 {CAS_EXAMPLE}。"
    digits = number.replace("-", "")
    wanted = sum(place * int(digit) for place, digit in enumerate(reversed(digits[:-1]), start=1)) % 10
    if wanted != int(digits[-1]):
        return f"CAS 号“{number}”的校验位不对，应为 {wanted}，请核对安全技术说明书。"
    return None


def identity_problem(number: str) -> str | None:
    """What is wrong with the number of an identity card (GB 11643), in Chinese, without repeating it."""
    if not re.fullmatch(IDENTITY_PATTERN, number):
        return "身份证号应为 18 位，末位可为大写 X。"
    try:
        date.fromisoformat(number[6:14])
    except ValueError:
        return "身份证号中的出生日期不存在，请核对。"
    wanted = _CHARACTERS[sum(w * int(d) for w, d in zip(_WEIGHTS, number, strict=False)) % 11]
    return None if wanted == number[-1] else "身份证号的校验位不对，请核对。"
