"""The unified social credit code of whoever is registered in China: form and check (GB 32100-2015)."""

from __future__ import annotations

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))


def check_character(first_17: str) -> str:
    """The 18th character of a unified social credit code.

    Args:
        first_17: the characters before it, upper case.

    Raises:
        ValueError: a character outside the code's alphabet (no I, O, S, V, Z), or not 17 of them.
    """
    if len(first_17) != 17:
        raise ValueError("17 characters are needed")
    values = [_ALPHABET.index(character) for character in first_17]
    return _ALPHABET[-sum(value * weight for value, weight in zip(values, _WEIGHTS, strict=True)) % 31]


def normal_credit_code(text: str) -> str:
    """A credit code as it is kept: without blanks, in upper case."""
    return "".join(text.split()).upper()


def credit_code_problem(code: str) -> str | None:
    """Why a (normalised) credit code is wrong, in plain Chinese; None when it is right."""
    if len(code) != 18:
        return "统一社会信用代码应为 18 位。"
    if any(character not in _ALPHABET for character in code):
        return "统一社会信用代码只含数字和大写字母（不含 I、O、S、V、Z）。"
    if check_character(code[:17]) != code[17]:
        return "统一社会信用代码的校验位不正确，请核对。"
    return None
