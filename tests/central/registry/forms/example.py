"""A register of every kind of field, for the tests of the declaration language itself."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Struct

from central.registry.forms.fields import (
    When,
    block,
    choice,
    day,
    files,
    group,
    link,
    long_text,
    mark,
    number,
    pictures,
    several,
    span,
    spot,
    text,
    whole,
    yes_no,
)
from central.registry.forms.register import Register
from central.registry.forms.values import Chosen, File, Link, Mark, Several, Span, Spot


class Team(Struct):
    name: Annotated[str | None, text("队名", "name", required=True, longest=10)] = None
    people: Annotated[int | None, whole("人数", "people", "人", high=500)] = None


class Water(Struct):
    source: Annotated[
        Chosen | None,
        choice("水源", "source", "well 井 well\nriver 河 river\nother 其他 other", required=True),
    ] = None
    depth: Annotated[float | None, number("井深", "depth", "m", when=When("source", ("well",)))] = None


class Example(Struct):
    name: Annotated[str | None, text("名称", "name", required=True, longest=20)] = None
    code: Annotated[
        str | None,
        text("编号", "code", pattern="[A-Z]{2}[0-9]{3}", pattern_words="应为两个字母加三位数字。",
             example="AB001"),
    ] = None  # fmt: skip
    words: Annotated[str | None, long_text("说明", "words", longest=50)] = None
    pressure: Annotated[float | None, number("压力", "pressure", "MPa", low=-0.1, high=10.0, decimals=2)] = (
        None
    )
    count: Annotated[int | None, whole("数量", "count", "台")] = None
    built: Annotated[date | None, day("建成日期", "built")] = None
    valid: Annotated[Span | None, span("有效期", "validity")] = None
    gas: Annotated[bool | None, yes_no("是否用气", "uses gas", required=True)] = None
    gas_kind: Annotated[str | None, text("气种", "gas", required=True, when=When("gas", ("yes",)))] = None
    state: Annotated[
        Chosen | None, choice("状态", "state", "z 在用 in use\na 停用 stopped\nother 其他 other")
    ] = None
    dangers: Annotated[
        Several | None,
        several("危险", "dangers", "fire 火灾 fire\nfall 坠落 fall\nother 其他 other"),
    ] = None
    fire_doors: Annotated[
        int | None, whole("防火门", "fire doors", "扇", when=When("dangers", ("fire", "fall")))
    ] = None
    refuge: Annotated[
        Several | None,
        several("避险", "refuge", "room 硐室 room\ncapsule 救生舱 capsule\nnone 不需要 not needed"),
    ] = None
    where: Annotated[Spot | None, spot("位置", "place")] = None
    on_plan: Annotated[Mark | None, mark("图上位置", "on the plan")] = None
    county: Annotated[Link | None, link("县区", "county", "region")] = None
    papers: Annotated[list[File] | None, files("附件", "papers", longest=2)] = None
    photos: Annotated[list[File] | None, pictures("照片", "photos", longest=2)] = None
    teams: Annotated[list[Team] | None, group("队伍", "teams", longest=3)] = None
    water: Annotated[Water | None, block("供水", "water")] = None


EXAMPLE = Register(
    name="examples",
    zh="例表",
    en="Examples",
    group="base",
    record=Example,
    title="name",
    columns=("name", "state"),
)

A_FILE = {"sha256": "0" * 64, "name": "照片.jpg", "size": 10}
WHOLE_RECORD: dict[str, object] = {
    "name": "一号装置",
    "code": "AB001",
    "words": "第一行\n第二行",
    "pressure": 1.25,
    "count": 3,
    "built": "2020-05-01",
    "valid": {"from": "2026-01-01", "to": "2028-12-31"},
    "gas": True,
    "gas_kind": "氨",
    "state": {"choice": "other", "other": "封存"},
    "dangers": {"choices": ["fall", "other"], "other": "粉尘"},
    "fire_doors": 2,
    "refuge": {"choices": ["room", "capsule"], "other": ""},
    "where": {"longitude": 112.45, "latitude": 34.61},
    "on_plan": {"x": 0.5, "y": 0.25},
    "county": {"id": "410302", "label": "老城区"},
    "papers": [A_FILE],
    "photos": [A_FILE],
    "teams": [{"name": "甲队", "people": 12}, {"name": "乙队"}],
    "water": {"source": {"choice": "well", "other": ""}, "depth": 80.0},
}
