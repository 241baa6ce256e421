"""The empty workbook of a register: drop-downs from a hidden sheet, required marks, units, explanations."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook  # type: ignore[import-untyped]
from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]
from openpyxl.worksheet.datavalidation import DataValidation  # type: ignore[import-untyped]

from central.registry.sheets import cells, columns, layout, limits, looks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from central.registry.forms.fields import Field
    from central.registry.forms.register import Register
    from central.registry.sheets.columns import Owners
    from central.registry.sheets.layout import Column, Leaf, Sheet

EXPLANATION, CHOICES = "填写说明", "选项"
_FIRST, _LAST = 3, limits.MOST_ROWS
_KINDS = {
    "text": "文字（一行）", "long-text": "文字", "number": "数字", "whole": "整数",
    "day": "日期，如 2026-01-31", "span": "起止日期，长期有效时止期留空", "yes-no": "是或否",
    "choice": "选一项", "choices": "可选多项，以分号隔开", "spot": "经度、纬度（WGS-84，单位度）",
    "mark": "图上位置", "link": "名称", "file": "附件", "picture": "图片",
}  # fmt: skip
_HOW = (
    "从第 3 行起填写，每行一条；第 1、2 行是表头，请勿改动。列的顺序可以改变，不需要的非必填列可以删去。",
    "表头带 * 的栏目必须填写；带下拉箭头的单元格请从下拉列表中选择。",
    "标明“其他请写明”的列，只在前一列选择“其他”时填写。",
    "括号内是单位：只填数字，不填单位。",
    "日期写作 2026-01-31。身份证号、电话等较长的号码请保持文本格式。",
    "关联其他台账、企业或人员的栏目填写其名称；有重名时写作“名称〔编号〕”。",
    "附件和图片不能通过表格导入，请在页面上传。",
    "导入时按关键栏目查找已有记录：有则修改，无则新增；同一文件再次导入不会重复新增。",
    "文件中没有的列保持原内容不变；有该列而单元格为空，表示清空该栏目。",
)
_WITH_GROUPS = (
    "可重复填写的内容在单独的工作表中：先在主表“行号”列编号，再在分表“所属行号”列填写对应的编号。",
    "分表中没有任何一行时，已有内容保持不变。",
)


def template(register: Register, whose: Owners, words: Mapping[str, Mapping[str, str]]) -> bytes:
    """The workbook.

    Args:
        register: the declaration.
        whose: whom each row names.
        words: code of each word of the dictionaries, by `Field.to`, for their drop-downs.
    """
    return _made(register, whose, tuple((to, tuple(offered)) for to, offered in words.items()))


@lru_cache(maxsize=256)
def _made(register: Register, whose: Owners, words: tuple[tuple[str, tuple[str, ...]], ...]) -> bytes:
    """The same for everybody who asks for the same: made once."""
    book = Workbook()
    book.remove(book.active)
    sheets = layout.laid_out(register)
    offered = _Offered(dict(words))
    for sheet in sheets.walk():
        _sheet(book.create_sheet(sheet.title), sheet, whose, offered)
    _explain(book.create_sheet(EXPLANATION), register, sheets)
    offered.write(book.create_sheet(CHOICES))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


class _Offered:
    """The lists of the hidden sheet; equal ones stand there once."""

    def __init__(self, words: Mapping[str, tuple[str, ...]]) -> None:
        self._words = words
        self._lists: dict[tuple[str, ...], int] = {}

    def of(self, field: Field) -> tuple[str, ...]:
        if field.choices:
            return tuple(cells.shown(field).values())
        if field.kind == "yes-no":
            return ("是", "否")
        return self._words.get(field.to, ())

    def formula(self, offered: tuple[str, ...]) -> str:
        column = get_column_letter(self._lists.setdefault(offered, len(self._lists) + 1))
        return f"'{CHOICES}'!${column}$1:${column}${len(offered)}"

    def write(self, worksheet: Any) -> None:
        for offered, column in self._lists.items():
            for row, word in enumerate(offered, 1):
                worksheet.cell(row, column).value = looks.safe(cells.guarded(word))
        worksheet.sheet_state = "hidden"


def _sheet(worksheet: Any, sheet: Sheet, whose: Owners, offered: _Offered) -> None:
    before = columns.before_fields(sheet, whose, exported=False)
    fields = columns.of_fields(sheet, exported=False)
    headings = [*before, *(column.heading for _, column in fields)]
    for number, heading in enumerate(headings, 1):
        cell = worksheet.cell(2, number, heading)
        style = looks.REQUIRED if heading.startswith("*") or heading == layout.PARENT else looks.HEAD
        for name, what in style.items():
            setattr(cell, name, what)
        worksheet.column_dimensions[get_column_letter(number)].number_format = (
            "@" if number <= len(before) else "General"
        )
    for start, end, block in blocks(fields, len(before)):
        cell = worksheet.cell(1, start, block)
        for name, what in looks.BLOCK.items():
            setattr(cell, name, what)
        if end > start:
            worksheet.merge_cells(start_row=1, end_row=1, start_column=start, end_column=end)
    looks.widths(worksheet, headings)
    for number, (leaf, column) in enumerate(fields, len(before) + 1):
        letter = get_column_letter(number)
        worksheet.column_dimensions[letter].number_format = _number_format(leaf.field, column)
        rule = _rule(leaf.field, column, offered)
        if rule is not None:
            rule.add(f"{letter}{_FIRST}:{letter}{_LAST}")
            worksheet.add_data_validation(rule)
    worksheet.freeze_panes = worksheet.cell(_FIRST, len(before) + 1)


def blocks(fields: list[tuple[Leaf, Column]], before: int) -> Iterator[tuple[int, int, str]]:
    """First and last column of each run of columns of one block, with the name of the block."""
    start = 0
    while start < len(fields):
        name, end = fields[start][1].block, start
        while end + 1 < len(fields) and fields[end + 1][1].block == name:
            end += 1
        if name:
            yield before + start + 1, before + end + 1, name
        start = end + 1


def _number_format(field: Field, column: Column) -> str:
    if column.part == "other" or field.kind in {"text", "long-text", "link", "choice", "choices", "yes-no"}:
        return "@"
    # In a cell that is no text "12%" becomes 0.12.
    if field.unit in {"%", "％"}:
        return "@"
    return "yyyy-mm-dd" if field.kind in {"day", "span"} else "General"


def _rule(field: Field, column: Column, offered: _Offered) -> DataValidation | None:
    words = offered.of(field)
    if words and column.part == "":
        strict = field.kind in {"choice", "yes-no"}
        rule = DataValidation(
            "list", formula1=offered.formula(words), allow_blank=True, showErrorMessage=strict
        )
        rule.errorTitle, rule.error = "请从列表中选择", f"“{field.zh}”只能填写列表中的选项。"[:200]
        if field.kind == "choices":
            rule.promptTitle, rule.prompt = "可选多项", "多项以分号（；）隔开。"
            rule.showInputMessage = True
        return rule
    if field.kind in {"number", "whole"} and field.unit not in {"%", "％"} and field.low is not None:
        rule = DataValidation(
            "whole" if field.kind == "whole" else "decimal", operator="between", formula1=f"{field.low:.15g}",
            formula2=f"{field.high:.15g}" if field.high is not None else "1E15", allow_blank=True,
            showErrorMessage=True,
        )  # fmt: skip
        rule.errorTitle, rule.error = "请填写数字", f"“{field.zh}”应为{_limits(field)}。"[:200]
        return rule
    return None


def _explain(worksheet: Any, register: Register, sheets: Sheet) -> None:
    key = "、".join(
        leaf.field.zh for leaf in sheets.leaves if len(leaf.path) == 1 and leaf.path[0] in register.key
    )
    how = [*_HOW, *(_WITH_GROUPS if sheets.groups else ())]
    if register.single:
        how.append("本台账每家单位只有一条记录：已有时修改，没有时新增。")
    else:
        how.append(
            f"本台账的关键栏目：{key}。" if key else "本台账没有关键栏目：内容完全相同的记录视为同一条。"
        )
    worksheet.append([f"{register.zh}填写说明"])
    worksheet["A1"].font = looks.HEAD["font"]
    for line in how:
        worksheet.append([line])
    worksheet.append([])
    heads = ["工作表", "栏目", "必填", "填写内容", "单位", "限制", "可选项", "示例", "说明"]
    worksheet.append(heads)
    for cell in worksheet[worksheet.max_row]:
        for name, what in looks.HEAD.items():
            setattr(cell, name, what)
    for sheet in sheets.walk():
        for leaf in sheet.leaves:
            worksheet.append([looks.safe(cells.guarded(word)) for word in _line(sheet, leaf)])
    for letter, width in zip("ABCDEFGHI", (22, 40, 14, 28, 10, 24, 60, 20, 50), strict=True):
        worksheet.column_dimensions[letter].width = width


def _line(sheet: Sheet, leaf: Leaf) -> list[str]:
    field = leaf.field
    required = "" if not field.required else "是" if field.when is None else "符合条件时"
    notes = [field.note] if field.note else []
    if field.when is not None:
        on = next(
            (other for other in sheet.leaves if other.path == (*leaf.path[:-1], field.when.field)), None
        )
        if on is not None:
            names = {"yes": "是", "no": "否", **cells.shown(on.field)}
            notes.insert(
                0, f"仅当“{on.field.zh}”为“{'、'.join(names[v] for v in field.when.values)}”时填写。"
            )
    if not leaf.taken:
        notes.append("不能通过表格导入。")
    heading = leaf.columns[0].heading.lstrip("*")
    choices = "；".join(cells.shown(field).values())
    return [
        sheet.title, heading, required, _KINDS[field.kind], field.unit, _limits(field), choices,
        field.example, " ".join(notes),
    ]  # fmt: skip


def _limits(field: Field) -> str:
    if field.kind in {"text", "long-text"}:
        words = f"最多 {field.longest} 字"
        return f"{words}，{field.pattern_words}" if field.pattern_words else words
    if field.kind in {"number", "whole"}:
        low = f"不小于 {field.low:g}" if field.low is not None else ""
        high = f"不大于 {field.high:g}" if field.high is not None and field.high < 1e12 else ""
        return "、".join(word for word in (low, high) if word) or "数字"
    return ""
