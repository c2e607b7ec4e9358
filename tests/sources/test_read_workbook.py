"""design.md §4, §7: an .xlsx is read with its error cells, formats, formulas, merged cells and calendar."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpis.errors import SourceError
from kpis.sheet.model import Cell, RawSheet
from kpis.sources.xlsx.number_formats import classify_number_format
from kpis.sources.xlsx.read_workbook import read_workbook
from tests.sheet.small_plan import PROGRESS_HEADER, READ_AT, SCT, check_raw_sheet, get_rejection_codes

SHEET_PART = "xl/worksheets/sheet1.xml"
OPENPYXL: Any = import_module("openpyxl")  # it has no types
OpenpyxlSheet = Any
FillSheet = Callable[[OpenpyxlSheet], object]


def _read_openpyxl(folder: Path, fill: FillSheet) -> RawSheet:
    book = OPENPYXL.Workbook()
    book.active.title = "Tiến độ"
    fill(book.active)
    book.save(folder / "a.xlsx")
    return read_workbook(folder / "a.xlsx", READ_AT)


def _read_rows(folder: Path, fill: FillSheet) -> dict[int, tuple[Cell, ...]]:
    return {row.number: row.cells for row in _read_openpyxl(folder, fill).tabs[0].rows}


def _list_values(cells: tuple[Cell, ...]) -> list[tuple[str, object]]:
    return [(cell.kind, cell.value) for cell in cells]


@pytest.mark.parametrize(
    ("value", "number_format", "expected"),
    [
        ("Tin bài", "General", ("text", "Tin bài")),
        ("Tin bài & <ảnh>\n2 ", "General", ("text", "Tin bài & <ảnh> 2")),
        (5, "General", ("number", 5.0)),
        (5.5, "#,##0.00", ("number", 5.5)),
        (-3, '0.00;[Red]-0.00" đồng/ngày"', ("number", -3.0)),
        (5, '#,##0\\ "đ"', ("number", 5.0)),
        (5, "[$-42A]#,##0", ("number", 5.0)),
        (0.5, "0%", ("percent", 0.5)),
        (0.125, "0.0%", ("percent", 0.125)),
        (46086, "dd/mm/yyyy", ("date", date(2026, 3, 5))),
        (46086.75, "[$-42A]dd/mm/yyyy hh:mm", ("date", date(2026, 3, 5))),
        (46086, 'mmmm "năm" yy', ("date", date(2026, 3, 5))),
        (datetime(2026, 3, 5, 14), "d-m-yyyy", ("date", date(2026, 3, 5))),
        (time(12), "hh:mm", ("time", 0.5)),
        (1.5, "[h]:mm:ss", ("time", 1.5)),
        (0.5, '[h]" giờ "mm" phút mỗi ngày"', ("time", 0.5)),
        (-1, "dd/mm/yyyy", ("time", -1.0)),
        (True, "General", ("boolean", True)),
        ("#REF!", "General", ("error", "#REF!")),
        ("=1/0", "General", ("error", "=1/0")),
    ],
)
def test_the_kind_of_a_cell_depends_on_its_type_and_format(
    tmp_path: Path, value: object, number_format: str, expected: tuple[str, object]
) -> None:
    def fill(sheet: OpenpyxlSheet) -> None:
        sheet["B2"] = value
        sheet["B2"].number_format = number_format

    cells = _read_rows(tmp_path, fill)[2]
    assert _list_values(cells) == [("empty", None), expected]


@pytest.mark.parametrize(
    ("number", "style"),
    [
        (0, "number"),
        (9, "percent"),
        (14, "date"),
        (18, "time"),
        (22, "date"),
        (46, "time"),
        (57, "date"),
        (49, "number"),
    ],
)
def test_built_in_formats_are_classified_by_their_number(number: int, style: str) -> None:
    assert classify_number_format(number, None) == style


def test_a_formula_is_its_stored_value_or_an_error_without_one(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet("Tiến độ")
        sheet.write_formula("A1", "=1+1", value=2)
        sheet.write_formula("B1", '="a"&"b"', value="ab")
        sheet.write_formula("C1", '=IF(A1=2,"","x")', value="trống")
        sheet.write_formula("D1", "=NA()", value="#N/A")
        sheet.write_formula("E1", "=A1=2", value=True)
        sheet.write_formula("F1", "=TODAY()", book.add_format({"num_format": "dd/mm/yyyy"}), 46086)
    # Excel itself stores an empty text; xlsxwriter cannot.
    path = _rewrite_part(tmp_path / "a.xlsx", SHEET_PART, lambda text: text.replace("<v>trống</v>", "<v></v>"))
    (row,) = read_workbook(path, READ_AT).tabs[0].rows
    assert _list_values(row.cells) == [
        ("number", 2.0), ("text", "ab"), ("empty", None), ("error", "#N/A"), ("boolean", True),
        ("date", date(2026, 3, 5)),
    ]  # fmt: skip


def test_an_uncomputed_formula_is_an_error_in_any_column_that_we_read(tmp_path: Path) -> None:
    def fill(sheet: OpenpyxlSheet) -> None:
        sheet.append(list(PROGRESS_HEADER))
        sheet.append([datetime(2026, 3, 5), SCT, "p.01", 3, None, '="Tin "&A2', "12/BC"])

    (row,) = check_raw_sheet(_read_openpyxl(tmp_path, fill)).rows
    assert get_rejection_codes(row) == {"formula_error"}
    assert (row.rejections[0].cell, row.rejections[0].value) == ("F2", '="Tin "&A2')


def test_rich_text_and_inline_text_are_read(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet("Tiến độ")
        sheet.write_rich_string("A1", "Tin ", book.add_format({"bold": True}), "bài", " & ảnh")
        sheet.write_string("B1", "  hai  khoảng ")
        sheet.write_string("C1", "_x0041_ dòng\n")
    (row,) = read_workbook(tmp_path / "a.xlsx", READ_AT).tabs[0].rows
    assert [cell.text for cell in row.cells] == ["Tin bài & ảnh", "hai  khoảng", "_x0041_ dòng"]


def test_only_the_first_of_merged_cells_counts(tmp_path: Path) -> None:
    def fill(sheet: OpenpyxlSheet) -> None:
        for row in range(1, 5):
            for column in range(1, 4):
                sheet.cell(row, column, f"{row}{column}")
        sheet.merged_cells.add("A1:B2")
        sheet.merged_cells.add("C3:C4")

    rows = _read_rows(tmp_path, fill)
    assert [[cell.text for cell in rows[number]] for number in sorted(rows)] == [
        ["11", "", "13"], ["", "", "23"], ["31", "32", "33"], ["41", "42"],
    ]  # fmt: skip


def test_hidden_rows_columns_and_tabs_count(tmp_path: Path) -> None:
    def fill(sheet: OpenpyxlSheet) -> None:
        sheet.append(["Ngày", "ẩn"])
        sheet.append(["5/3/2026", "ẩn"])
        sheet.row_dimensions[2].hidden = True
        sheet.column_dimensions["B"].hidden = True
        sheet.parent.create_sheet("Khác")
        sheet.sheet_state = "hidden"

    assert [[cell.text for cell in row] for row in _read_rows(tmp_path, fill).values()] == [
        ["Ngày", "ẩn"],
        ["5/3/2026", "ẩn"],
    ]


def test_dates_of_a_1904_workbook_are_the_dates_it_shows(tmp_path: Path) -> None:
    book = OPENPYXL.Workbook()
    book.epoch = OPENPYXL.utils.datetime.CALENDAR_MAC_1904
    book.active.title = "Tiến độ"
    book.active.append(list(PROGRESS_HEADER))
    book.active.append([datetime(2026, 3, 5), SCT, "p.01", 3, None, "a", "12/BC"])
    book.active.append([46086 - 1462, SCT, "p.01", 3, None, "b", "13/BC"])
    book.save(tmp_path / "a.xlsx")
    rows = check_raw_sheet(read_workbook(tmp_path / "a.xlsx", READ_AT)).rows
    assert [row.entry and row.entry.occurred_on for row in rows] == [date(2026, 3, 5)] * 2


def test_formatted_but_empty_rows_and_columns_are_left_out(tmp_path: Path) -> None:
    def fill(sheet: OpenpyxlSheet) -> None:
        sheet["A1"] = "Ngày"
        for row in range(2, 2000):
            sheet.cell(row, 3).fill = OPENPYXL.styles.PatternFill("solid", fgColor="FFFFCC")
        sheet["A3000"] = " "
        sheet["A4000"] = "cuối"

    assert {number: len(cells) for number, cells in _read_rows(tmp_path, fill).items()} == {1: 1, 4000: 1}


def test_drop_downs_and_other_extensions_are_read_without_a_warning(tmp_path: Path) -> None:
    def fill(sheet: OpenpyxlSheet) -> None:
        sheet["A1"] = "Ngày"
        check = OPENPYXL.worksheet.datavalidation.DataValidation(type="list", formula1='"a,b"')
        check.add("A2:A9")
        sheet.add_data_validation(check)

    assert len(_read_rows(tmp_path, fill)) == 1


def test_charts_are_ignored_and_other_tabs_give_their_names_only(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        book.add_worksheet("Ghi chú").write("A1", "x")
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "='Ghi chú'!$A$1:$A$2"})
        book.add_chartsheet("Biểu đồ").set_chart(chart)
        book.add_worksheet("TIẾN ĐỘ").write("A1", "Ngày")
    tabs = read_workbook(tmp_path / "a.xlsx", READ_AT).tabs
    assert [(tab.name, len(tab.rows)) for tab in tabs] == [("Ghi chú", 0), ("TIẾN ĐỘ", 1)]


def test_a_stray_cell_far_to_the_right_does_not_widen_the_sheet(tmp_path: Path) -> None:
    def fill(sheet: OpenpyxlSheet) -> None:
        sheet["A1"] = "Ngày"
        sheet["XFD1"] = "xa"

    assert len(_read_rows(tmp_path, fill)[1]) == 1


def _rewrite_part(path: Path, part: str, change: Callable[[str], str]) -> Path:
    """Change the text of one part of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts[part].decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet("Tiến độ")
        sheet.write_row(0, 0, PROGRESS_HEADER)
        sheet.write_row(1, 0, ["5/3/2026", SCT, "p.01", 3, "", "Tin & ảnh", "12/BC"])
    return tmp_path / "a.xlsx"


def test_a_strict_workbook_is_read(workbook: Path) -> None:
    expected = read_workbook(workbook, READ_AT)
    for part in ("xl/workbook.xml", SHEET_PART, "xl/sharedStrings.xml", "xl/styles.xml"):
        _rewrite_part(
            workbook, part,
            lambda text: text.replace(
                "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                "http://purl.oclc.org/ooxml/spreadsheetml/main",
            ).replace(
                "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                "http://purl.oclc.org/ooxml/officeDocument/relationships",
            ),
        )  # fmt: skip
    assert read_workbook(workbook, READ_AT) == expected


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("<sheetData>", "<!-- <row r='9'></row> --><sheetData>"),
        lambda text: text.replace('<row r="2"', '<!-- </row> --><row r="2"'),
        lambda text: text.replace("><c ", ">\n  <c ").replace("</c><", "</c>\n<"),
        lambda text: text.replace("<c r=", "<c  r=").replace("<v>", "<v >"),
        lambda text: text.replace('<row r="2"', '<row r="1048000"/><row r="2"'),
        lambda text: text.replace("<v>3</v>", "<v><![CDATA[3]]></v>"),
        lambda text: text.replace("<v>3</v>", "<v>&#51;</v>"),
        lambda text: text.replace("<v>3</v>", "<v>&#x33;</v>"),
        lambda text: text.replace("</row><row", "</row><row/><row"),
        lambda text: text.replace('encoding="UTF-8"', "encoding='utf-8'"),
    ],
)
def test_a_part_in_another_xml_style_is_read_the_same(workbook: Path, change: Callable[[str], str]) -> None:
    expected = read_workbook(workbook, READ_AT)
    assert read_workbook(_rewrite_part(workbook, SHEET_PART, change), READ_AT) == expected


def test_rows_and_cells_without_references_follow_one_another(workbook: Path) -> None:
    expected = read_workbook(workbook, READ_AT)

    def change(text: str) -> str:
        for reference in [f"{letter}{row}" for letter in "ABCDEFGH" for row in (1, 2)]:
            text = text.replace(f'<c r="{reference}"', "<c")
        return (
            text.replace('<row r="1"', "<row")
            .replace('<row r="2"', "<row")
            .replace('<c t="s"><v>11</v></c>', '<c/><c t="s"><v>11</v></c>')
        )

    changed = read_workbook(_rewrite_part(workbook, SHEET_PART, change), READ_AT)
    assert changed.tabs[0].rows[0] == expected.tabs[0].rows[0]
    assert [row.number for row in changed.tabs[0].rows] == [1, 2]


def test_a_part_that_is_not_utf_8_is_damaged(workbook: Path) -> None:
    for part in (SHEET_PART, "xl/sharedStrings.xml"):
        with zipfile.ZipFile(workbook) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        parts[part] = parts[part].replace(b"<v>3</v>", b"<v>3\xff</v>").replace(b"12/BC", b"12\xff")
        with zipfile.ZipFile(workbook, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
        with pytest.raises(SourceError, match="is damaged"):
            read_workbook(workbook, READ_AT)


DAMAGED_PARTS: list[tuple[str, Callable[[str], str]]] = [
    (SHEET_PART, lambda text: text[: len(text) // 2]),
    (SHEET_PART, lambda text: text.replace("<v>0</v>", "<v>99</v>")),
    (SHEET_PART, lambda text: text.replace("<v>0</v>", "<v>-1</v>")),
    (SHEET_PART, lambda text: text.replace("<v>3</v>", "<v>&unknown;</v>")),
    (SHEET_PART, lambda text: text.replace("<v>3</v>", "<v>&#x110000;</v>")),
    (SHEET_PART, lambda text: text.replace('<row r="2"', '<row r="2000000"')),
    (SHEET_PART, lambda text: text.replace('<row r="2"', '<row r="x"')),
    (SHEET_PART, lambda text: text.replace("?>", '?><!DOCTYPE x [<!ENTITY a "b">]>', 1)),
    ("xl/workbook.xml", lambda text: text.replace("?>", '?><!DOCTYPE x [<!ENTITY a "b">]>', 1)),
    ("xl/workbook.xml", lambda text: text.replace('r:id="rId1"', 'r:id="rId99"')),
    ("xl/sharedStrings.xml", lambda text: text[:-10]),
    ("xl/_rels/workbook.xml.rels", lambda text: text.replace("sheet1.xml", "sheet9.xml")),
]


@pytest.mark.parametrize(("part", "change"), DAMAGED_PARTS)
def test_a_damaged_part_is_rejected_with_the_file_and_the_next_step(
    workbook: Path, part: str, change: Callable[[str], str]
) -> None:
    with pytest.raises(SourceError, match=r"a\.xlsx is damaged\. Open it in Excel and save it again"):
        read_workbook(_rewrite_part(workbook, part, change), READ_AT)


def test_a_file_cut_short_is_damaged(workbook: Path) -> None:
    content = workbook.read_bytes()
    for size in (0, 4, 500, len(content) // 2, len(content) - 10):
        workbook.write_bytes(content[:size])
        with pytest.raises(SourceError, match="is damaged"):
            read_workbook(workbook, READ_AT)


def test_a_file_with_changed_bytes_is_damaged(workbook: Path) -> None:
    content = bytearray(workbook.read_bytes())
    with zipfile.ZipFile(workbook) as archive:
        start = archive.getinfo(SHEET_PART).header_offset + 80
    content[start : start + 40] = bytes(40)
    workbook.write_bytes(bytes(content))
    with pytest.raises(SourceError, match="is damaged"):
        read_workbook(workbook, READ_AT)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"Ng\xc3\xa0y;C\xc6\xa1 quan", "is not an Excel workbook"),
        (OLE + bytes(600), "is not an Excel workbook"),
        (OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "is protected by a password"),
    ],
)
def test_a_file_that_is_not_xlsx_is_rejected_with_the_reason(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(SourceError, match=message):
        read_workbook(tmp_path / "a.xlsx", READ_AT)


@pytest.mark.parametrize("parts", [{"mimetype": b"x", "content.xml": b"<x/>"}, {"a.txt": b"a"}, {}])
def test_an_archive_of_another_kind_is_not_a_workbook(tmp_path: Path, parts: dict[str, bytes]) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    with pytest.raises(SourceError, match="is not an Excel workbook"):
        read_workbook(tmp_path / "a.xlsx", READ_AT)


def test_a_binary_workbook_is_not_an_xlsx_file(workbook: Path) -> None:
    _rewrite_part(workbook, "_rels/.rels", lambda text: text.replace("xl/workbook.xml", "xl/workbook.bin"))
    with pytest.raises(SourceError, match="is not an Excel workbook"):
        read_workbook(workbook, READ_AT)


def test_a_file_that_unpacks_to_too_many_bytes_is_rejected_unread(
    workbook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kpis.sources.xlsx.read_workbook.MAX_UNPACKED_BYTES", 1000)
    with pytest.raises(SourceError, match="is too large"):
        read_workbook(workbook, READ_AT)


def test_a_missing_file_or_a_folder_is_rejected_by_name(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"thiếu\.xlsx does not exist"):
        read_workbook(tmp_path / "thiếu.xlsx", READ_AT)
    with pytest.raises(SourceError, match="cannot be opened"):
        read_workbook(tmp_path, READ_AT)


def test_a_row_of_a_real_workbook_is_an_entry(workbook: Path) -> None:
    (row,) = check_raw_sheet(read_workbook(workbook, READ_AT)).rows
    assert row.entry is not None
    assert row.entry.content == "Tin & ảnh"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_changed_file_is_read_or_rejected_with_a_sentence(workbook: Path, data: st.DataObject) -> None:
    content = bytearray(workbook.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(content) - 1))
        content[start : start + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    changed = workbook.with_name("b.xlsx")
    changed.write_bytes(bytes(content))
    try:
        assert len(read_workbook(changed, READ_AT).tabs) <= 1
    except SourceError as error:
        assert "b.xlsx" in str(error)
