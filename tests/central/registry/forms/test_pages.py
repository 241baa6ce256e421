from __future__ import annotations

import pytest

from central.registry.forms.pages import INDEX, every_field, pages
from central.registry.forms.register import catalogue
from central.registry.registers_cli import FOLDER, registers

REMEDY = "run `fengsui central registers --write`"


def test_the_pages_are_those_of_the_declarations() -> None:
    kept = {page.name: page.read_text(encoding="utf-8") for page in FOLDER.glob("*.md")}
    written = pages()
    assert sorted(kept) == sorted(written), REMEDY
    assert [name for name, text in written.items() if kept[name] != text] == [], REMEDY


def test_every_register_has_a_page_that_names_every_field() -> None:
    written = pages()
    for register in catalogue().values():
        page = written[f"{register.name}.md"]
        assert f"]({register.name}.md)" in written[INDEX]
        assert [label for label, bound in every_field(register.record) if f"`{bound.name}`" not in page] == []


def test_a_page_tells_units_choices_conditions_and_what_is_uncertain() -> None:
    page = pages()["tailings-ponds.md"]
    for words in (
        "| 万m³ |",
        "山谷型 · 傍山型 · 平地型 · 截河型 · 其他",
        "asked when 湿式尾矿筑坝方式 is 上游式",
        "- **现状 / 沉积干滩平均坡度**: 来源文件未注明单位",
        "90 days before 安全生产许可证有效期",
    ):
        assert words in page


def test_a_page_says_what_nobody_types() -> None:
    words = (
        "- 隐患级别: 隐患级别 of [重大隐患排查治理统计表](major-danger-checks.md), to which 隐患名称 leads"
    )
    assert words in pages()["major-danger-treatment.md"]


def test_the_command_prints_the_index(capsys: pytest.CaptureFixture[str]) -> None:
    registers()
    assert capsys.readouterr().out.startswith("# Registers (台账)")
