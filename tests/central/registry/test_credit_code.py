from __future__ import annotations

import pytest

from central.registry.rules import check_character, credit_code_problem, normal_credit_code


@pytest.mark.parametrize("code", ["91330100799655058B", "9144030071526726XG", "914403001922038216"])
def test_codes_of_real_companies_are_valid(code: str) -> None:
    assert credit_code_problem(code) is None
    assert check_character(code[:17]) == code[17]


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("91330100799655058C", "校验位"),
        ("9133010079965505B", "18 位"),
        ("91330100799655058BB", "18 位"),
        ("9133010079965505IB", "不含 I"),
        ("91330100799655058b", "大写"),
        ("", "18 位"),
    ],
)
def test_a_wrong_code_is_told_in_words(code: str, word: str) -> None:
    assert word in (credit_code_problem(code) or "")


def test_any_single_wrong_character_is_found() -> None:
    code = "91330100799655058B"
    for place in range(18):
        for character in "0123456789ABCDEFGHJKLMNPQRTUWXY":
            changed = code[:place] + character + code[place + 1 :]
            assert (credit_code_problem(changed) is None) == (changed == code)


def test_a_code_is_kept_in_one_form() -> None:
    assert normal_credit_code(" 9133 0100 7996 5505 8b ") == "91330100799655058B"
