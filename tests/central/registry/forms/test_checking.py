from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from central.registry.forms.checking import check
from central.registry.forms.register import catalogue
from tests.central.registry.forms.example import A_FILE, WHOLE_RECORD, Example


def problems_of(changed: dict[str, Any], *, submitted: bool = True) -> dict[str, str]:
    _, problems = check(Example, {**WHOLE_RECORD, **changed}, submitted=submitted)
    return {problem.place: problem.problem for problem in problems}


def kept(changed: dict[str, Any]) -> dict[str, Any]:
    clean, problems = check(Example, {**WHOLE_RECORD, **changed}, submitted=True)
    assert problems == []
    return clean


def test_a_whole_record_is_kept_as_it_is() -> None:
    clean, problems = check(Example, WHOLE_RECORD, submitted=True)
    assert problems == []
    assert clean == {**WHOLE_RECORD, "teams": [{"name": "甲队", "people": 12}, {"name": "乙队"}]}
    assert list(clean) == list(WHOLE_RECORD)


def test_what_was_kept_is_kept_again() -> None:
    once = kept({})
    assert check(Example, once, submitted=True) == (once, [])


@pytest.mark.parametrize(
    ("changed", "place", "word"),
    [
        ({"name": " "}, "name", "必须填写"),
        ({"name": "一" * 21}, "name", "最多 20 个字，现有 21 个"),
        ({"name": 5}, "name", "应为文字"),
        ({"name": "一\n二"}, "name", "只能写一行"),
        ({"name": "一\0二"}, "name", "不能保存的字符"),
        ({"words": "半个\ud83d"}, "words", "不能保存的字符"),
        ({"code": "ab1"}, "code", "应为两个字母加三位数字"),
        ({"pressure": "高"}, "pressure", "应为数字"),
        ({"pressure": -0.2}, "pressure", "不能小于 -0.1 MPa"),
        ({"pressure": 10.5}, "pressure", "不能大于 10 MPa"),
        ({"pressure": True}, "pressure", "应为数字"),
        ({"pressure": math.nan}, "pressure", "应为数字"),
        ({"count": 1.5}, "count", "应为整数"),
        ({"count": "9" * 6000}, "count", "应为整数"),
        ({"count": -1}, "count", "不能小于 0 台"),
        ({"built": "2026-02-30"}, "built", "应为日期"),
        ({"valid": {"from": "2026-01-02", "to": "2026-01-01"}}, "valid", "结束日期早于开始日期"),
        ({"valid": {"to": "2026-01-01"}}, "valid", "应为起止日期"),
        ({"gas": "也许"}, "gas", "应为是或否"),
        ({"state": {"choice": "b"}}, "state", "没有选项“b”，可选：在用、停用、其他"),
        ({"state": {"choice": ["z"]}}, "state", "应从选项中选一项"),
        ({"state": {"choice": "other", "other": " "}}, "state", "请写明"),
        ({"state": {"choice": "z", "other": "x"}}, "state", "选择“其他”时才写明"),
        ({"state": {"choice": "other", "other": "一" * 201}}, "state", "最多 200 个字，现有 201 个"),
        ({"dangers": {"choices": ["fire", "fire"]}}, "dangers", "只能选一次"),
        ({"refuge": {"choices": ["room", "none"]}}, "refuge", "选择“不需要”时不能再选其他选项"),
        ({"where": {"longitude": 181, "latitude": 0}}, "where", "应为地图上的位置"),
        ({"where": {"longitude": "东边", "latitude": 0}}, "where", "应为地图上的位置"),
        ({"on_plan": {"x": 1.5, "y": 0}}, "on_plan", "应为图上的一点"),
        ({"county": {"id": "", "label": "老城区"}}, "county", "应从列表中选择"),
        ({"papers": [{"sha256": "0", "name": "a", "size": 1}]}, "papers", "应为已上传的文件"),
        ({"papers": [A_FILE] * 3}, "papers", "最多 2 个文件"),
        ({"photos": [{**A_FILE, "name": "a\0"}]}, "photos", "不能保存的字符"),
        ({"teams": "甲队"}, "teams", "应是若干行"),
        ({"teams": [{"name": "甲"}] * 4}, "teams", "最多 3 行"),
        ({"teams": [{"name": "甲"}, "乙"]}, "teams[1]", "应是一组栏目"),
        ({"teams": [{"name": "甲"}, {"people": 1}]}, "teams[1].name", "必须填写"),
        ({"teams": [{"name": "甲", "people": 501}]}, "teams[0].people", "不能大于 500 人"),
        ({"water": {"source": {"choice": "sea"}}}, "water.source", "没有选项“sea”"),
        ({"water": {"depth": 3}}, "water.source", "必须填写"),
        ({"colour": "red"}, "colour", "没有这一栏"),
        ({"water": {"source": {"choice": "river"}, "taste": 1}}, "water.taste", "没有这一栏"),
    ],
)
def test_a_bad_value_is_told_at_its_place(changed: dict[str, Any], place: str, word: str) -> None:
    assert word in problems_of(changed)[place]


def test_every_bad_field_is_told_at_once() -> None:
    changed = {
        "name": "",
        "pressure": 99,
        "built": "昨天",
        "state": {"choice": "x"},
        "teams": [{}, {"people": "多"}, {"name": "一" * 11}],
        "water": {"source": {"choice": "other", "other": ""}},
        "extra": 1,
    }
    assert list(problems_of(changed)) == [
        "extra", "name", "pressure", "built", "state", "teams[1].name", "teams[1].people", "teams[2].name",
        "water.source",
    ]  # fmt: skip


def test_a_draft_may_lack_anything_but_holds_nothing_wrong() -> None:
    assert check(Example, {}, submitted=False) == ({}, [])
    assert check(Example, {"teams": [{"people": 3}]}, submitted=False)[1] == []
    assert set(problems_of({"name": None, "count": -1}, submitted=False)) == {"count"}


def test_what_is_no_form_at_all_is_told() -> None:
    assert [problem.place for problem in check(Example, ["name"], submitted=False)[1]] == [""]


@pytest.mark.parametrize(
    "empty",
    [
        None,
        "",
        "  ",
        [],
        {},
        [{}],
        [{"name": "", "people": None}],
        {"choice": "", "other": ""},
        {"choices": []},
        {"from": None, "to": None},
    ],
)
def test_boxes_that_nobody_filled_in_are_empty(empty: object) -> None:
    changed = {"name": empty, "teams": empty, "state": empty, "valid": empty, "water": empty}
    assert list(problems_of(changed)) == ["name"]


def test_rows_that_nobody_filled_in_are_left_out_and_the_others_keep_their_numbers() -> None:
    assert kept({"teams": [{}, {"name": "甲"}, {"name": " "}]})["teams"] == [{"name": "甲"}]
    assert list(problems_of({"teams": [{}, {"people": 1}]})) == ["teams[1].name"]


@pytest.mark.parametrize(
    ("changed", "bad"),
    [
        ({"gas": False}, ["gas_kind"]),
        ({"gas": False, "gas_kind": None}, []),
        ({"gas": "false", "gas_kind": ""}, []),
        ({"gas": True, "gas_kind": None}, ["gas_kind"]),
        ({"gas": "true"}, []),
        ({"gas": None, "gas_kind": None}, ["gas"]),
        ({"dangers": {"choices": ["other"], "other": "尘"}}, ["fire_doors"]),
        ({"dangers": {"choices": ["fall", "fire"]}}, []),
        ({"dangers": None, "fire_doors": None}, []),
        ({"water": {"source": {"choice": "river"}, "depth": 3}}, ["water.depth"]),
    ],
)
def test_a_field_is_asked_under_its_condition_only(changed: dict[str, Any], bad: list[str]) -> None:
    assert list(problems_of(changed)) == bad


def test_the_condition_is_told_in_words() -> None:
    assert problems_of({"gas": False})["gas_kind"] == "仅当“是否用气”为“是”时填写。"
    assert "“火灾、坠落”" in problems_of({"dangers": {"choices": []}})["fire_doors"]


def test_a_condition_that_cannot_be_read_has_one_problem_not_two() -> None:
    assert list(problems_of({"gas": "也许", "gas_kind": None})) == ["gas"]
    assert list(problems_of({"gas": {"choice": ["yes"]}})) == ["gas"]


def test_words_and_numbers_are_tidied() -> None:
    clean = kept({"name": "  一号 ", "pressure": "1.256", "count": "7", "gas": "1"})
    assert (clean["name"], clean["pressure"], clean["count"], clean["gas"]) == ("一号", 1.26, 7, True)


@pytest.mark.parametrize(
    ("longitude", "latitude", "found"),
    [
        ("112°30′", "34°36′36″", (112.5, 34.61)),
        ("东经112度30分0秒", "北纬34度", (112.5, 34.0)),
        ("112° 30' 36'' E", "34°36'36\"N", (112.51, 34.61)),
        ("112.5", 34.6, (112.5, 34.6)),
        ("西经10°30′", "33°0′0″S", (-10.5, -33.0)),
    ],
)
def test_degrees_may_be_written_as_on_paper(
    longitude: str, latitude: str, found: tuple[float, float]
) -> None:
    where = kept({"where": {"longitude": longitude, "latitude": latitude}})["where"]
    assert (where["longitude"], where["latitude"]) == pytest.approx(found)


def test_minutes_beyond_sixty_are_no_degrees() -> None:
    assert "where" in problems_of({"where": {"longitude": "112°75′", "latitude": "34°"}})


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["choice", "choices", "other", "from", "to", "id", "name", "source", "x"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.dictionaries(st.sampled_from([*WHOLE_RECORD, "strange"]), ANYTHING, max_size=6), st.booleans())
def test_nothing_that_can_be_sent_breaks_the_check(changed: dict[str, Any], submitted: bool) -> None:
    clean, problems = check(Example, {**WHOLE_RECORD, **changed}, submitted=submitted)
    bad = {problem.place.split(".")[0].split("[")[0] for problem in problems}
    assert all(problem.problem for problem in problems)
    # What was good is kept and good again; a field whose condition was bad may have lost it.
    again, more = check(Example, clean, submitted=False)
    assert {problem.place for problem in more} <= {"gas_kind", "fire_doors", "water.depth"}
    assert {name: clean[name] for name in again if name != "water"} == {
        name: value for name, value in again.items() if name != "water"
    }
    assert set(clean) | bad >= set(WHOLE_RECORD) - set(changed)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.data())
def test_no_declared_register_breaks_on_what_can_be_sent(data: st.DataObject) -> None:
    register = data.draw(st.sampled_from(list(catalogue().values())))
    names = list(register.record.__struct_fields__)
    given_values = data.draw(st.dictionaries(st.sampled_from(names), ANYTHING, max_size=5))
    clean, problems = check(register.record, given_values, submitted=True)
    assert set(clean) <= set(given_values)
    assert all(problem.place.split(".")[0].split("[")[0] in names for problem in problems)
