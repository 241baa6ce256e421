"""Which enterprises look like one: none is left out of the comparison unsaid, however many there are."""

from __future__ import annotations

import random
from itertools import combinations

from central.registry.duplicates import Named, alike, core

AROUND = ["某省", "云泽市", "临江县"]


def firm(number: int, name: str, phone: str = "", address: str = "", county: str = "429981") -> Named:
    return Named(number, name, f"{county}101", address, phone)


def test_of_many_names_that_begin_alike_the_newest_is_compared_as_well_as_the_oldest() -> None:
    signs = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地玄黄宇宙洪荒"
    fillers = [firm(n, f"青石{a}{b}{a}{b}厂") for n, (a, b) in enumerate(combinations(signs, 2))]
    assert len(fillers) > 400
    twins = [firm(9001, "青石恒通水泥制品厂"), firm(9002, "青石恒通水泥制品有限公司")]
    found, shared = alike([*fillers, *twins], AROUND, [])
    assert (9001, 9002) in {(pair.first, pair.second) for pair in found}
    assert shared == []


def test_the_short_way_finds_every_pair_that_comparing_each_with_each_finds() -> None:
    chance = random.Random(7)
    signs = "化工水泥采石砖瓦鞭炮烟花机械电子食品"
    rows = [
        firm(n, "永盛" + "".join(chance.choice(signs) for _ in range(chance.randint(2, 7))))
        for n in range(250)
    ]
    whole, _ = alike(rows, AROUND, [])
    each = {
        (pair.first, pair.second)
        for one, other in combinations(rows, 2)
        for pair in alike([one, other], AROUND, [])[0]
    }
    assert {(pair.first, pair.second) for pair in whole} == each
    assert each


def test_what_half_a_county_shares_proves_nothing_and_is_named() -> None:
    agents = [firm(n, f"{chr(0x4E00 + 7 * n)}{chr(0x5E00 + 3 * n)}行", "07281234567") for n in range(201)]
    twins = [firm(900, "宏达化工厂", "07281234567"), firm(901, "宏达化工有限公司", "07281234567")]
    found, shared = alike([*agents, *twins], AROUND, [])
    assert {(pair.first, pair.second) for pair in found} == {(900, 901)}
    assert [(each.kind, each.words, each.enterprises) for each in shared] == [("phone", "07281234567", 203)]


def test_the_core_of_a_name_has_neither_place_nor_form() -> None:
    assert core("某省云泽市临江县宏达化工有限公司", AROUND) == "宏达化工"
    assert core("宏达化工（临江）有限责任公司", AROUND) == "宏达化工临江"
    assert core("临江县", AROUND) == "临江县"
