"""Passwords that everybody tries first are refused, those that nobody guesses are taken."""

from __future__ import annotations

import pytest

from central.identity import credentials, password_rules
from central.identity.signing_models import SignInRule

NAMES = [
    "zhaoliu",
    "赵六",
    "13812345678",
    "临江化工有限公司",
    "E0001",
    "91429900000000001P",
    "临江县应急管理局",
]


@pytest.mark.parametrize(
    "password",
    [
        "Aa123456", "P@ssw0rd2024!", "Admin@123", "1qaz@WSX", "!QAZ2wsx", "Qwerty123!", "abcABC123",
        "Zhangsan@1990",
        "Wuhan@2024", "Yingji@2026!", "Woaini520!", "20260101Abc!", "aaaaAAAA1111", "Abc123Abc123",
        "Zxcvbnm,123",
        "19900101Li!", "Hubei12345!", "Q1w2e3r4t5", "7894561230Aa", "Anquan@2026",
    ],
)  # fmt: skip
def test_a_password_of_common_pieces_is_refused(password: str) -> None:
    assert password_rules.problems(password, SignInRule(), NAMES)


@pytest.mark.parametrize(
    "password",
    [
        "xk-Zhaoliu-7#Qm",
        "赵六-xK7#pQ2m",
        "xK-13812345678-z",
        "临江化工有限公司-xK7",
        "E0001-xK7#pQ",
        "xK-13987654321-z",
    ],
)
def test_a_password_of_the_persons_own_names_and_numbers_is_refused(password: str) -> None:
    assert password_rules.problems(password, SignInRule(), NAMES)


@pytest.mark.parametrize(
    "password", ["Beacon-Tower-7", "xK7#pQ2m", "Lantern-Hill-93", "烽火台烽火台Ab1", "三更灯火Wu-8"]
)
def test_a_password_that_is_hard_to_guess_is_taken(password: str) -> None:
    assert password_rules.problems(password, SignInRule(), NAMES) == []


def test_everything_that_is_wrong_is_told_at_once() -> None:
    found = password_rules.problems("zhaoliu", SignInRule(), NAMES)
    assert [problem.place for problem in found] == ["password"] * 3
    assert "8 位" in found[0].problem
    assert password_rules.problems("Lantern-Hill-93", SignInRule(min_length=16, min_classes=4), [])


def test_a_one_time_password_keeps_the_rules() -> None:
    made = {credentials.one_time_password() for _ in range(200)}
    assert len(made) == 200
    strict = SignInRule(min_length=12, min_classes=4)
    # By luck one may hold a word of two letters; never so many that nothing is left to guess.
    assert all(password_rules.problems(password, strict, []) == [] for password in made)
