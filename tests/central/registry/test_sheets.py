"""Registers as tables: what is written is read back to the letter, and what is wrong is said in words."""

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import Workbook, load_workbook  # type: ignore[import-untyped]

from central.db.errors import DomainError
from central.registry.forms.checking import check
from central.registry.forms.fields import Choice, Field
from central.registry.forms.register import Register, catalogue
from central.registry.sheets import cells, columns, export, layout, limits, merging, reading, report, template
from tests.central.registry.made import changed, made

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

REGISTERS = catalogue()
UNLIKE = ["certificates", "safety-promises", "underground-mines", "safety-organisation"]
CERTIFICATES = REGISTERS["certificates"]


def clean(register: Register, values: dict[str, Any]) -> dict[str, Any]:
    kept, problems = check(register.record, values, submitted=True)
    assert not problems, problems
    return kept


def line(number: int, values: dict[str, Any]) -> export.Line:
    return export.Line(
        version=1,
        record_id=number, state="valid", owner_code="91429900000000001X", agency="", owner_name="企业E1",
        values=values,
    )  # fmt: skip


def book_of(register: Register, records: list[dict[str, Any]], folder: Path) -> bytes:
    writer = export.BookWriter(register, columns.owners(register, "supervisor"), {})
    writer.add(line(number, values) for number, values in enumerate(records, 1))
    path = folder / "export.xlsx"
    writer.save(path)
    return path.read_bytes()


def rows_of(register: Register, content: bytes) -> tuple[reading.Head, list[reading.Row]]:
    head, *rows = reading.read_file(register, content, {})
    assert isinstance(head, reading.Head)
    return head, [row for row in rows if isinstance(row, reading.Row)]


def without_files(values: Any) -> Any:
    match values:
        case dict():
            return {key: without_files(value) for key, value in values.items() if not is_file(value)}
        case list():
            return [without_files(value) for value in values]
        case _:
            return values


def is_file(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict) and "sha256" in value[0]


def sheet_of(*rows: list[Any], title: str = "人员证书", change: Callable[[Any], None] | None = None) -> bytes:
    book = Workbook()
    page = book.active
    page.title = title
    for row in rows:
        page.append(row)
    if change is not None:
        change(page)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


HEADS = ["*姓名", "*工种", "*证书类型", "证书类型：其他请写明", "*证书编号", "*有效期（起）", "有效期（止）"]
GOOD = ["张三", "电工", "特种作业", None, "A-1", dt.date(2026, 1, 1), dt.date(2028, 12, 31)]


def certificate(content: bytes) -> reading.Row:
    return rows_of(CERTIFICATES, content)[1][0]


# -- there and back ---


@pytest.mark.parametrize("name", sorted(REGISTERS))
def test_what_is_exported_reads_as_the_same_record(name: str, tmp_path: Path) -> None:
    register = REGISTERS[name]
    records = [clean(register, made(register, number)) for number in (1, 2)]
    head, rows = rows_of(register, book_of(register, records, tmp_path))
    sheets = layout.laid_out(register)
    assert head.total == 2
    for number, (row, kept) in enumerate(zip(rows, records, strict=True), 1):
        code = "91429900000000001X" if columns.owners(register, "supervisor").enterprise else ""
        assert (row.record, row.owner_code, row.problems) == (str(number), code, [])
        # Into an empty record everything but the files comes; beside the kept one nothing changes.
        assert clean(register, row.values | files_of(kept)) == clean(
            register, without_files(kept) | files_of(kept)
        )
        assert merging.merged(sheets, head.present, kept, kept, row.values, {}) == kept


def files_of(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if is_file(value)}


@pytest.mark.parametrize("name", UNLIKE)
def test_csv_reads_as_the_same_record_and_leaves_groups_alone(name: str) -> None:
    register = REGISTERS[name]
    whose = columns.owners(register, "supervisor")
    kept = clean(register, made(register, 3))
    text = export.csv_head(register, whose) + export.csv_lines(register, whose, {}, [line(3, kept)])
    assert text.startswith("\ufeff")
    for content in (text.encode(), text.removeprefix("\ufeff").encode("gb18030"), text.encode("utf-16")):
        head, (row,) = rows_of(register, content)
        assert row.problems == []
        assert merging.merged(layout.laid_out(register), head.present, kept, kept, row.values, {}) == kept


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+86 138", "-5", "@SUM(A1)", "'=x", "''-x", "_x0041_", "_x000D_", "＝1", "a\tb", "00123", "1.50",
     "2026-01-31", "是", "<b>&\"'", "〔7〕", "汉字𠮷", "1e5", "True", "'单引号", "1,234"],
)  # fmt: skip
def test_a_text_comes_back_to_the_letter_and_runs_as_no_formula(text: str, tmp_path: Path) -> None:
    kept = clean(CERTIFICATES, made(CERTIFICATES, 1) | {"holder": text, "issuer": text})
    content = book_of(CERTIFICATES, [kept], tmp_path)
    whose = columns.owners(CERTIFICATES, "supervisor")
    table = export.csv_head(CERTIFICATES, whose) + export.csv_lines(CERTIFICATES, whose, {}, [line(1, kept)])
    for sent in (content, table.encode()):
        assert rows_of(CERTIFICATES, sent)[1][0].values["holder"] == text
    page = load_workbook(io.BytesIO(content)).worksheets[0]
    assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row)
    assert not any(
        part.lstrip('"').startswith(("=", "+", "-", "@")) for part in table.splitlines()[1].split(",")
    )


def test_what_no_cell_can_hold_stays_as_it_is_kept(tmp_path: Path) -> None:
    promises = REGISTERS["safety-promises"]
    kept = clean(promises, made(promises, 1) | {"words": "一\r\n二\x0b三\u00a0四"})
    head, (row,) = rows_of(promises, book_of(promises, [kept], tmp_path))
    merged = merging.merged(layout.laid_out(promises), head.present, kept, kept, row.values, {})
    assert merged == kept


def test_a_masked_number_that_comes_back_is_the_kept_one(tmp_path: Path) -> None:
    people = REGISTERS["staff-members"]
    sheet = layout.laid_out(people)
    (number,) = next(leaf.path for leaf in sheet.leaves if leaf.field.personal)
    name, edited = changed(people, made(people, 1))
    kept = clean(people, made(people, 1))
    shown = {**kept, number: f"{kept[number][:3]}****{kept[number][-4:]}"}
    head, (row,) = rows_of(people, book_of(people, [shown], tmp_path))
    row.values[name] = edited[name]
    merged = merging.merged(sheet, head.present, kept, shown, row.values, {})
    assert merged == {**kept, name: edited[name]}


def test_a_row_of_a_group_that_is_taken_out_is_gone_and_the_others_keep_their_files(tmp_path: Path) -> None:
    mines = REGISTERS["underground-mines"]
    kept = clean(mines, made(mines, 1))
    head, (row,) = rows_of(mines, book_of(mines, [kept], tmp_path))
    del row.values["contractors"][0]
    row.values["shafts"][0]["name"] = "新竖井"
    merged = merging.merged(layout.laid_out(mines), head.present, kept, kept, row.values, {})
    assert merged["contractors"] == kept["contractors"][1:]
    assert merged["shafts"] == [{**kept["shafts"][0], "name": "新竖井"}, kept["shafts"][1]]


# -- the template ---


def test_the_template_has_drop_downs_marks_units_and_a_hidden_sheet_of_choices() -> None:
    book = load_workbook(
        io.BytesIO(template.template(CERTIFICATES, columns.owners(CERTIFICATES, "supervisor"), {}))
    )
    page = book["人员证书"]
    heads = [cell.value for cell in page[2]]
    assert "*证书类型" in heads
    assert "证书类型：其他请写明" in heads
    assert heads[0] == layout.OWNER_CODE
    assert book["选项"].sheet_state == "hidden"
    rules = {rule.formula1: rule for rule in page.data_validations.dataValidation}
    listed = [cell.value for cell in book["选项"]["A"]]
    assert listed == [choice.zh for choice in named(CERTIFICATES, "kind").choices]
    assert any(formula.startswith("'选项'!$A$1:$A$") for formula in rules)
    assert book["填写说明"].max_row > len(heads)
    mines = REGISTERS["underground-mines"]
    book = load_workbook(io.BytesIO(template.template(mines, columns.owners(mines, "enterprise"), {})))
    assert book["外包工程"]["A2"].value == layout.PARENT
    assert any("（m）" in str(cell.value) for cell in book["斜井"][2])
    assert book.worksheets[0].merged_cells.ranges
    assert layout.OWNER_CODE not in [cell.value for cell in book.worksheets[0][2]]


def named(register: Register, name: str) -> Field:
    return next(leaf.field for leaf in layout.laid_out(register).leaves if leaf.path == (name,))


def test_no_heading_stands_twice_and_every_template_is_read_as_its_own() -> None:
    for register in REGISTERS.values():
        for sheet in layout.laid_out(register).walk():
            heads = [layout.normal(column.heading) for column in sheet.columns]
            assert len(set(heads)) == len(heads), register.name
            assert len(sheet.title) <= 31
            for leaf in sheet.leaves:
                for choice in leaf.field.choices:
                    assert not set(choice.zh) & set("；;|\n"), (register.name, leaf.path, choice.zh)


# -- what people type ---

KIND = (Choice("a", "甲级", "A"), Choice("b", "乙、丙级", "B"), Choice("other", "其他", "other"))


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("number", "1,234,567.5", 1234567.5),
        ("number", " １２３ ", 123),
        ("number", "12 m", 12),
        ("number", 7.0, 7),
        ("number", "-1.5e3", -1500),
        ("whole", "'12", 12),
        ("day", 46053, "2026-01-31"),
        ("day", "46053", "2026-01-31"),
        ("day", "2026年1月31日", "2026-01-31"),
        ("day", "2026/1/31 00:00", "2026-01-31"),
        ("day", "２０２６．１．３１", "2026-01-31"),
        ("day", 20260131.0, "2026-01-31"),
        ("day", dt.datetime(2026, 1, 31, 8, 0), "2026-01-31"),
        ("text", "\u200b 张\u00a0三\u3000", "张 三"),
        ("text", 13800000001.0, "13800000001"),
        ("text", dt.date(2026, 1, 31), "2026-01-31"),
        ("yes-no", "√", True),
        ("yes-no", False, False),
        ("choice", " 甲 级 ", {"choice": "a"}),
        ("choice", "乙、丙级", {"choice": "b"}),
        ("choice", "其它", {"choice": "other"}),
        ("choices", "甲级；乙、丙级", {"choices": ["a", "b"]}),
        ("choices", "甲级，其他", {"choices": ["a", "other"]}),
        ("choices", "乙、丙级", {"choices": ["b"]}),
        ("link", "云泽化工〔12〕", {"id": "12", "label": "云泽化工"}),
        ("link", "云泽化工", {"id": "", "label": "云泽化工"}),
    ],
)
def test_what_can_mean_one_thing_only_is_read(kind: str, cell: Any, value: Any) -> None:
    field = Field(kind=kind, zh="栏", en="field", unit="m", choices=KIND)
    assert cells.read(field, {"": cell}) == value


@pytest.mark.parametrize(
    ("kind", "cell", "words"),
    [
        ("number", "约12", "不是数字"),
        ("number", "1,23", "不是数字"),
        ("number", True, "应为数字"),
        ("number", cells.Odd("formula"), "公式没有计算结果"),
        ("number", cells.Odd("percent", 0.12), "百分比"),
        ("day", "2026-02-30", "没有这一天"),
        ("day", "1/31/26", "不是日期"),
        ("day", 2026, "不是日期"),
        ("text", 4.2e17, "超过 15 位"),
        ("text", cells.Odd("merged"), "被合并"),
        ("yes-no", "也许", "“是”或“否”"),
        ("choice", "丁级", "没有选项“丁级”"),
        ("choices", "甲级；丁级", "没有选项“丁级”"),
    ],
)
def test_what_means_nothing_or_two_things_is_refused_in_words(kind: str, cell: Any, words: str) -> None:
    field = Field(kind=kind, zh="栏", en="field", unit="m", choices=KIND)
    with pytest.raises(cells.Unreadable, match=words):
        cells.read(field, {"": cell})


def test_a_percentage_counts_only_where_the_unit_is_percent() -> None:
    field = Field(kind="number", zh="含量", en="content", unit="%")
    assert cells.read(field, {"": cells.Odd("percent", 0.123)}) == 12.3
    assert cells.read(field, {"": "12.3%"}) == 12.3


def test_spans_places_and_others_need_their_other_half() -> None:
    span = Field(kind="span", zh="有效期", en="validity")
    assert cells.read(span, {"from": "2026-01-01", "to": "长期"}) == {"from": "2026-01-01", "to": None}
    with pytest.raises(cells.Unreadable, match="缺少起始日期"):
        cells.read(span, {"from": None, "to": "2026-01-01"})
    with pytest.raises(cells.Unreadable, match="须同时填写"):
        cells.read(Field(kind="spot", zh="位置", en="place"), {"longitude": 112.5, "latitude": ""})
    with pytest.raises(cells.Unreadable, match="没有选择"):
        cells.read(Field(kind="choice", zh="栏", en="x", choices=KIND), {"": None, "other": "说明"})


# -- whole files ---


def test_cells_whose_value_alone_would_mislead_are_told(tmp_path: Path) -> None:
    def change(page: Any) -> None:
        page["B2"] = "=1/0"
        page["A3"], page["B3"], page["E3"] = "李四", "电工", "A-2"
        page.merge_cells("C2:C3")
        page["A3"].number_format = "0%"

    row, merged = rows_of(CERTIFICATES, sheet_of(HEADS, GOOD, GOOD, change=change))[1]
    assert [p.problem[:8] for p in row.problems] == ["公式没有计算结果"]
    assert "被合并" in merged.problems[0].problem
    head, _ = rows_of(CERTIFICATES, sheet_of(HEADS, GOOD, change=change))
    assert any("公式" in notice for notice in head.notices)


def test_the_same_key_twice_is_refused_with_the_row_of_the_first() -> None:
    _, (first, second) = rows_of(CERTIFICATES, sheet_of(["块"], HEADS, GOOD, GOOD))
    assert (first.number, first.problems) == (3, [])
    assert second.problems == [reading.Problem("证书编号", "与第 3 行重复。", "请只保留一行。")]


@pytest.mark.parametrize(
    ("heads", "words"),
    [
        ([*HEADS, "备注"], "没有“备注”这一栏"),
        ([*HEADS[:4], "证书编码", *HEADS[5:]], "是否为"),
        (["姓名", "工种", "证书类型"], "缺少“\\*证书编号”一列"),
        (HEADS[:6], "缺少“有效期（止）”一列"),
        ([*HEADS, "工种"], "出现两次"),
        (["a", "b", "c"], "没有找到表头"),
    ],
)
def test_heads_that_are_not_of_the_register_refuse_the_file(heads: list[str], words: str) -> None:
    with pytest.raises(DomainError, match=words):
        rows_of(CERTIFICATES, sheet_of(heads, GOOD))


def test_another_unit_in_the_head_refuses_the_file_and_none_is_taken() -> None:
    mines = REGISTERS["underground-mines"]
    whose = columns.owners(mines, "enterprise")
    book = load_workbook(io.BytesIO(template.template(mines, whose, {})))
    page = book.worksheets[0]
    unit = next(cell for cell in page[2] if "（km²）" in str(cell.value))
    page.cell(3, 2).value = "甲矿"
    unit.value = "矿权总面积"
    assert rows_of(mines, saved(book))[0].total == 1
    unit.value = "矿权总面积（m²）"
    with pytest.raises(DomainError, match="应为“矿权总面积（km²）”"):
        rows_of(mines, saved(book))


def saved(book: Any) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_a_row_of_a_group_without_its_row_is_told(tmp_path: Path) -> None:
    mines = REGISTERS["underground-mines"]
    kept = clean(mines, made(mines, 1))
    book = load_workbook(io.BytesIO(book_of(mines, [kept], tmp_path)))
    book["斜井"]["A3"] = 99
    book["竖井（含盲竖井）"]["C4"] = "很多"
    buffer = io.BytesIO()
    book.save(buffer)
    head, (row, orphan) = rows_of(mines, buffer.getvalue())
    assert head.total == 2
    assert [p.column for p in row.problems] == ["竖井（含盲竖井）·第 4 行·数量（个）"]
    assert (orphan.sheet, orphan.number) == ("斜井", 3)
    assert orphan.problems[0].problem == "没有行号为“99”的一行。"
    assert reading.column_of(layout.laid_out(mines), row, "shafts[1].name") == "竖井（含盲竖井）·第 4 行·名称"
    deep = next(leaf for leaf in layout.laid_out(mines).leaves if len(leaf.path) == 2)
    assert reading.column_of(layout.laid_out(mines), row, ".".join(deep.path)) in deep.columns[0].heading


def test_a_report_holds_the_bad_rows_with_words_and_can_be_sent_again(tmp_path: Path) -> None:
    bad = ["'=李四", "电工", "没有的类型", None, "A-2", "2026-13-01", None]
    _, rows = rows_of(CERTIFICATES, sheet_of(HEADS, GOOD, bad))
    writer = report.ReportWriter(CERTIFICATES, columns.owners(CERTIFICATES, "supervisor"))
    writer.add(row for row in rows if row.problems)
    writer.save(tmp_path / "report.xlsx")
    book = load_workbook(tmp_path / "report.xlsx")
    page = book.worksheets[0]
    assert "没有选项“没有的类型”" in page["A3"].value
    assert "没有这一天" in page["A3"].value
    assert page["B3"].value == 3
    place = {cell.value: cell.column_letter for cell in page[2]}
    page[f"{place['*证书类型']}3"] = "特种作业"
    page[f"{place['*有效期（起）']}3"] = "2026-01-01"
    buffer = io.BytesIO()
    book.save(buffer)
    mended = certificate(buffer.getvalue())
    assert mended.problems == []
    assert mended.values["holder"] == "=李四"


# -- files that mean harm or are broken ---


def bomb(folder: int = 60) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (folder << 20))
    return buffer.getvalue()


def lying_size() -> bytes:
    """A part that says it is small, in the directory of the archive, and is not."""
    content = bytearray(bomb(8))
    place = content.rfind(b"PK\x01\x02")
    struct.pack_into("<I", content, place + 24, 100)
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        (b"", 400, "空的"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, 400, ".xlsx"),
        (b"PK\x03\x04broken", 400, "损坏"),
        (b"%PDF-1.7\0\0", 400, "不是表格文件"),
        (b"a" * (limits.MOST_BYTES + 1), 413, "20 MB"),
        (bomb(), 413, "解压后过大"),
    ],
)
def test_what_is_no_table_is_refused_before_it_is_read(content: bytes, status: int, words: str) -> None:
    with pytest.raises(DomainError, match=words) as caught:
        limits.form_of(content)
    assert caught.value.http_status == status


def test_a_workbook_that_lies_about_its_size_or_declares_entities_is_refused() -> None:
    with pytest.raises(DomainError):
        rows_of(CERTIFICATES, lying_size())
    good = sheet_of(HEADS, GOOD)
    evil = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as source, zipfile.ZipFile(evil, "w") as target:
        for name in source.namelist():
            body = source.read(name)
            entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
            target.writestr(name, entity + body if name.endswith("sheet1.xml") else body)
    with pytest.raises(DomainError, match="不允许"):
        rows_of(CERTIFICATES, evil.getvalue())


def test_a_cell_in_the_last_corner_of_a_sheet_costs_no_memory() -> None:
    def far(page: Any) -> None:
        page["XFD1048576"] = 1

    with pytest.raises(DomainError, match="1048576 行"):
        rows_of(CERTIFICATES, sheet_of(HEADS, GOOD, change=far))


def test_a_csv_in_no_known_encoding_names_the_line() -> None:
    text = ",".join(HEADS).encode() + b"\r\n\xff\xff\xff,x\r\n"
    with pytest.raises(DomainError, match=r"第 \d 行的文字编码"):
        rows_of(CERTIFICATES, text)


def test_a_value_of_an_older_declaration_is_shown_and_breaks_no_export(tmp_path: Path) -> None:
    kept = clean(CERTIFICATES, made(CERTIFICATES, 1))
    kept["kind"], kept["valid"] = {"choice": "abolished", "other": ""}, "2026"
    head, (row,) = rows_of(CERTIFICATES, book_of(CERTIFICATES, [kept], tmp_path))
    assert head.total == 1
    assert [problem.column for problem in row.problems] == ["证书类型"]
    assert merging.merged(layout.laid_out(CERTIFICATES), [["valid"]], kept, kept, row.values, {}) == kept
