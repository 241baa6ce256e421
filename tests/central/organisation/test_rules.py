"""What an agency may be under another, what a number looks like, who reviews whom; without a database."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.db.scope import Scope
from central.organisation import numbering, rules
from central.organisation.models import AgencyForm, AgencyUse
from central.organisation.numbers_models import NumberForm

if TYPE_CHECKING:
    from typing import Literal

DAY = dt.date(2026, 3, 7)


@pytest.mark.parametrize(
    ("rank", "kind", "parent", "fits"),
    [
        (2, "emergency", 3, True),
        (1, "village", 4, True),  # levels may be skipped
        (3, "emergency", 3, False),
        (3, "park", 3, True),
        (3, "committee-office", 3, True),
        (4, "office", 3, False),
        (5, "emergency", None, True),
    ],
)
def test_an_agency_stands_below_its_superior_and_offices_beside_it(
    rank: int, kind: Literal["emergency", "park"], parent: int | None, fits: bool
) -> None:
    form = AgencyForm(name="某局", rank=rank, region_code="429981", kind=kind)
    assert (rules.level_problem(form, parent) is None) is fits


def test_nobody_hands_out_an_area_wider_than_the_own() -> None:
    town = Scope.region("429981101")
    assert rules.area_covered(town, "429981101")
    assert rules.area_covered(town, "429981101/E1")
    for wider in ("429981", "429981102", "42", "429981102/E2", "nowhere", ""):
        assert not rules.area_covered(town, wider)


def test_what_hangs_on_an_agency_is_counted_in_words() -> None:
    assert rules.use_in_words(AgencyUse(0, 0, 0, 0, 0, 0, 0, 0)) == ""
    assert rules.use_in_words(AgencyUse(1, 0, 3, 0, 0, 0, 0, 2)) == (
        "1 个下级机构、3 家监管企业、2 组已发出的文书编号"
    )


def test_a_number_is_made_of_its_pattern() -> None:
    pattern = "应急{agency}〔{year}〕{month}{day}-{yy}-{serial}号"
    assert numbering.number(pattern, 4, 12, "LJ", DAY) == "应急LJ〔2026〕0307-26-0012号"
    assert numbering.number("{serial}", 2, 1234, "", DAY) == "1234"
    assert [numbering.period(word, DAY) for word in ("never", "yearly", "monthly")] == ["", "2026", "2026-03"]


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.sampled_from(["A", "A1", "B"]), st.integers(1, 9))
def test_two_serials_never_make_the_same_number(one: int, other: int, code: str, length: int) -> None:
    pattern = "{agency}-{year}-{serial}"
    same = numbering.number(pattern, length, one, code, DAY) == numbering.number(
        pattern, length, other, code, DAY
    )
    assert same is (one == other)


@pytest.mark.parametrize(
    ("pattern", "resets", "below", "count"),
    [
        ("罚〔{year}〕{serial}号", "yearly", False, 0),
        ("{serial}", "never", False, 0),
        ("{agency}{yy}{month}{serial}", "monthly", True, 0),
        ("{year}", "yearly", False, 1),
        ("{serial}", "yearly", True, 2),
        ("{year}{serial}", "monthly", False, 1),
        ("{what}{serial", "never", False, 3),
    ],
)
def test_a_format_that_would_repeat_a_number_is_refused_with_every_reason(
    pattern: str, resets: Literal["never", "yearly", "monthly"], below: bool, count: int
) -> None:
    form = NumberForm(kind="notice", name="通知", pattern=pattern, resets=resets, for_below=below)
    assert len(numbering.pattern_problems(form)) == count
