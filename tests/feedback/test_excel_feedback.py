"""Feedback in a copy of an Excel file: beside each row and on the cells, with nothing else changed."""

from collections.abc import Iterator
from datetime import date, datetime
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from PIL import Image
from xlsxwriter import Workbook

from kpis.checks.source_check import check_source
from kpis.errors import UsageError
from kpis.feedback.status_text import PeriodTotal, format_feedback, format_set_aside_feedback
from kpis.feedback.xlsx import write_copy
from kpis.feedback.xlsx.marks import MARK_COLOURS
from kpis.feedback.xlsx.write_copy import write_feedback
from kpis.language.messages import load_catalogue
from kpis.register.load import load_register
from kpis.register.model import Register
from kpis.sheet.layout import find_layouts
from kpis.sheet.model import RawSheet
from kpis.sources.xlsx.read_workbook import read_workbook
from kpis.templates.new_sheet import build_new_sheet

OPENPYXL: Any = import_module("openpyxl")  # it has no types
NOW = datetime(2026, 11, 21, 2)
TODAY = date(2026, 11, 21)
PLAN = "dong-thap"
DAY = datetime(2026, 3, 15)
HEADER = ["Ngày", "Cơ quan", "Chỉ tiêu", "Số lượng", "Tổng số", "Minh chứng", "Phản hồi"]
VALID_ROW = [DAY, "Sở Công Thương", "Tin bài", 3, None, "12/BC"]
INVALID_ROW = ["31/02/2026", "Sở Công Thương", "Tin bài", "hai", None, "13/BC"]
ROW_WITHOUT_EVIDENCE = [DAY, "Sở Công Thương", "Tin bài", 4]


@pytest.fixture(scope="module")
def register() -> Register:
    return load_register()


def write_workbook(path: Path, *rows: list[Any], header: list[str] | None = None) -> Path:
    """Write a workbook with a progress tab."""
    with Workbook(path, {"default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet("Tiến độ")
        for number, row in enumerate([header or HEADER, *rows]):
            sheet.write_row(number, 0, row)
    return path


def write_feedback_copy(path: Path, out: Path, register: Register) -> tuple[str, ...]:
    raw = read_workbook(path, NOW)
    rows = check_source(raw, PLAN, register, TODAY).rows
    feedback = format_feedback(rows, register, lambda *_: PeriodTotal(47, 50))
    return write_feedback(path, out, find_layouts(raw), rows, feedback)


def open_workbook(path: Path) -> Any:  # an openpyxl workbook
    return OPENPYXL.load_workbook(path)


def list_texts(raw: RawSheet) -> list[list[str]]:
    """Return the non-empty texts of each row in the columns before the feedback."""
    return [[cell.text for cell in row.cells[:6] if cell.text] for tab in raw.tabs for row in tab.rows]


def read_parts(path: Path) -> Iterator[tuple[str, bytes]]:
    with ZipFile(path) as archive:
        for name in archive.namelist():
            yield name, archive.read(name)


def test_each_row_has_its_feedback_and_wrong_cells_have_a_mark_and_a_note(register: Register, tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", VALID_ROW, INVALID_ROW, ROW_WITHOUT_EVIDENCE)
    assert write_feedback_copy(path, tmp_path / "b.xlsx", register) == ()
    sheet = open_workbook(tmp_path / "b.xlsx")["Tiến độ"]
    assert sheet["G2"].value == "✓ Đã tính: Tin bài 47/50"
    assert sheet["G3"].value.startswith("✗ A3 (Ngày): 31/02/2026 không có trong lịch")
    assert sheet["G4"].value.startswith("! Thiếu minh chứng")
    marked = {cell.coordinate: cell.fill.fgColor.rgb for row in sheet for cell in row if cell.fill.fill_type}
    assert marked == {
        "A3": MARK_COLOURS["rejection"],
        "D3": MARK_COLOURS["rejection"],
        "F4": MARK_COLOURS["warning"],
    }
    notes = {cell.coordinate: cell.comment.text for row in sheet for cell in row if cell.comment}
    assert set(notes) == {"A3", "D3", "F4"}
    assert notes["D3"].startswith("D3 (Số lượng): “hai” không phải là số")


def test_the_original_file_is_not_changed(register: Register, tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", INVALID_ROW)
    content = path.read_bytes()
    write_feedback_copy(path, tmp_path / "b.xlsx", register)
    assert path.read_bytes() == content
    for out in (path, tmp_path / "." / "a.xlsx"):
        with pytest.raises(UsageError, match="the original file"):
            write_feedback_copy(path, out, register)
    assert path.read_bytes() == content
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.xlsx", "b.xlsx"]


def test_a_missing_column_is_added_to_the_right_of_everything(register: Register, tmp_path: Path) -> None:
    header = [*HEADER[:6], "Ghi chú riêng"]
    path = write_workbook(tmp_path / "a.xlsx", [*VALID_ROW, "của tôi"], [*INVALID_ROW, None, "xa hơn"], header=header)
    write_feedback_copy(path, tmp_path / "b.xlsx", register)
    sheet = open_workbook(tmp_path / "b.xlsx")["Tiến độ"]
    assert [cell.value for cell in sheet[1]][6:] == ["Ghi chú riêng", None, "Phản hồi"]
    assert sheet["I2"].value.startswith("✓")
    assert sheet["I3"].value.startswith("✗")
    assert sheet["I3"].alignment.wrap_text
    assert sheet.row_dimensions[3].height >= 30
    assert sheet.row_dimensions[2].height is None
    assert sheet.column_dimensions["I"].width == write_copy.COLUMN_WIDTH
    assert sheet["H3"].value == "xa hơn"


def test_the_copy_is_read_like_the_original(register: Register, tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", VALID_ROW, INVALID_ROW, ROW_WITHOUT_EVIDENCE, VALID_ROW)
    write_feedback_copy(path, tmp_path / "b.xlsx", register)
    original, copy = read_workbook(path, NOW), read_workbook(tmp_path / "b.xlsx", NOW)
    assert list_texts(copy) == list_texts(original)
    assert [row.row_hash for row in check_source(copy, PLAN, register, TODAY).rows] == [
        row.row_hash for row in check_source(original, PLAN, register, TODAY).rows
    ]


def write_rich_workbook(path: Path) -> Path:
    """Write a workbook with all that a rewrite could lose: formulas, a chart, a picture, notes, checks."""
    picture = BytesIO()
    Image.new("RGB", (4, 4), "red").save(picture, "PNG")
    with Workbook(path, {"default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet("Tiến độ")
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, VALID_ROW)
        sheet.write_formula("D2", "=1+2", None, 3)
        sheet.write_row(2, 0, INVALID_ROW)
        sheet.write_comment("D3", "hỏi anh Nam", {"author": "Lan"})
        sheet.write_comment("B2", "đúng rồi", {"author": "Lan"})
        sheet.data_validation("D2:D99", {"validate": "integer", "criteria": ">=", "value": 0})
        sheet.conditional_format("D2:D99", {"type": "3_color_scale"})
        sheet.insert_image("J2", "a.png", {"image_data": picture})
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "='Tiến độ'!$D$2:$D$3"})
        sheet.insert_chart("J9", chart)
        other = book.add_worksheet("Riêng")
        other.write_formula("A1", "='Tiến độ'!D2*2", None, 6)
        other.write_comment("A1", "ghi chú khác")
        book.define_name("cua_toi", "='Riêng'!$A$1")
    return path


def test_formulas_pictures_charts_checks_and_peoples_notes_stay(register: Register, tmp_path: Path) -> None:
    path = write_rich_workbook(tmp_path / "a.xlsx")
    remarks = write_feedback_copy(path, tmp_path / "b.xlsx", register)
    assert remarks == (write_copy.NOTE_NOT_OVERWRITTEN,)
    sheet = open_workbook(tmp_path / "b.xlsx")["Tiến độ"]
    assert sheet["D2"].value == "=1+2"
    assert OPENPYXL.load_workbook(tmp_path / "b.xlsx", data_only=True)["Tiến độ"]["D2"].value == 3
    assert sheet["D3"].comment.text == "hỏi anh Nam"
    assert sheet["B2"].comment.text == "đúng rồi"
    assert sheet["A3"].comment.text.startswith("A3 (Ngày): 31/02/2026")
    original, copy = dict(read_parts(path)), dict(read_parts(tmp_path / "b.xlsx"))
    changed = {name for name in original if original[name] != copy[name]}
    expected = {
        "xl/styles.xml", "xl/worksheets/sheet1.xml", "xl/comments1.xml", "xl/drawings/vmlDrawing1.vml",
    }  # fmt: skip
    assert expected <= changed
    assert not {name for name in changed if "chart" in name or "media" in name or "sheet2" in name}
    assert copy.keys() == original.keys()
    part = "xl/worksheets/sheet1.xml"
    for element in (b"conditionalFormatting", b"dataValidation", b"<drawing", b"legacyDrawing"):
        assert copy[part].count(element) == original[part].count(element)


def test_feedback_on_a_corrected_copy_removes_the_earlier_marks(register: Register, tmp_path: Path) -> None:
    write_feedback_copy(
        write_workbook(tmp_path / "a.xlsx", VALID_ROW, INVALID_ROW, ROW_WITHOUT_EVIDENCE),
        tmp_path / "b.xlsx",
        register,
    )
    book = open_workbook(tmp_path / "b.xlsx")
    sheet = book["Tiến độ"]
    sheet["A3"], sheet["D3"] = DAY, 9
    for column in "ABCD":
        sheet[f"{column}4"] = None
    book.save(tmp_path / "c.xlsx")
    write_feedback_copy(tmp_path / "c.xlsx", tmp_path / "d.xlsx", register)
    sheet = open_workbook(tmp_path / "d.xlsx")["Tiến độ"]
    assert sheet["G3"].value.startswith("✓")
    assert sheet["G4"].value is None
    assert not [cell for row in sheet for cell in row if cell.comment or cell.fill.fill_type]


def test_writing_feedback_twice_changes_nothing_more(register: Register, tmp_path: Path) -> None:
    write_feedback_copy(
        write_workbook(tmp_path / "a.xlsx", VALID_ROW, INVALID_ROW, ROW_WITHOUT_EVIDENCE),
        tmp_path / "b.xlsx",
        register,
    )
    write_feedback_copy(tmp_path / "b.xlsx", tmp_path / "c.xlsx", register)
    first = open_workbook(tmp_path / "b.xlsx")["Tiến độ"]
    second = open_workbook(tmp_path / "c.xlsx")["Tiến độ"]
    for first_row, second_row in zip(first, second, strict=True):
        for a, b in zip(first_row, second_row, strict=True):
            assert (a.value, a.fill.fgColor.rgb) == (b.value, b.fill.fgColor.rgb)
            assert (a.comment and a.comment.text) == (b.comment and b.comment.text)


def test_a_formula_and_a_persons_text_in_the_column_are_kept(register: Register, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with Workbook(path, {"default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet("Tiến độ")
        for number, row in enumerate([HEADER, VALID_ROW, INVALID_ROW]):
            sheet.write_row(number, 0, row)
        sheet.write_formula("G2", '="của tôi"', None, "của tôi")
        sheet.write_string("G9", "ghi chú")
        sheet.write_string("G10", "✓ Đã tính: Tin bài 1/50")
    assert write_feedback_copy(path, tmp_path / "b.xlsx", register) == (write_copy.FORMULA_NOT_OVERWRITTEN,)
    copy = open_workbook(tmp_path / "b.xlsx")["Tiến độ"]
    assert copy["G2"].value == '="của tôi"'
    assert copy["G3"].value.startswith("✗")
    assert copy["G9"].value == "ghi chú"
    assert copy["G10"].value is None


def test_a_new_sheet_takes_feedback_on_both_tabs(register: Register, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(build_new_sheet(register, PLAN, date(2026, 11, 21)))
    book = open_workbook(path)
    for column, value in enumerate(VALID_ROW, 1):
        book["Tiến độ"].cell(2, column + (column > 5), value)
    book["Nhiệm vụ"]["D2"] = "Xong rồi chăng"
    book.save(path)
    write_feedback_copy(path, tmp_path / "b.xlsx", register)
    copy = open_workbook(tmp_path / "b.xlsx")
    assert copy["Tiến độ"]["K2"].value.startswith("✓ Đã tính: Tin bài")
    assert copy["Nhiệm vụ"]["I2"].value.startswith("✗ D2: “Xong rồi chăng” không phải là trạng thái")
    assert copy["Nhiệm vụ"]["I3"].value is None
    assert copy["Tiến độ"].protection.sheet
    assert len(copy["Tiến độ"].data_validations.dataValidation) == 6


def test_cells_without_names_are_found_by_their_order(register: Register, tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", INVALID_ROW)
    unnamed = tmp_path / "unnamed.xlsx"
    with ZipFile(path) as archive, ZipFile(unnamed, "w") as target:
        for name in archive.namelist():
            content = archive.read(name)
            if name.startswith("xl/worksheets/sheet"):
                for column in "ABCDEFG":
                    for row in b"12":
                        content = content.replace(f' r="{column}{chr(row)}"'.encode(), b"")
                content = content.replace(b' r="1"', b"").replace(b' r="2"', b"")
            target.writestr(name, content)
    write_feedback_copy(unnamed, tmp_path / "b.xlsx", register)
    copy = open_workbook(tmp_path / "b.xlsx")["Tiến độ"]
    assert copy["G2"].value.startswith("✗ A2")
    assert copy["A2"].value == "31/02/2026"


def test_a_damaged_drawing_only_costs_the_notes(register: Register, tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", INVALID_ROW)
    with ZipFile(path, "a") as archive:
        archive.writestr("xl/drawings/vmlDrawing7.vml", b"<xml><br></xml>")
    assert write_feedback_copy(path, tmp_path / "b.xlsx", register) == (write_copy.NOTES_NOT_WRITTEN,)
    copy = open_workbook(tmp_path / "b.xlsx")["Tiến độ"]
    assert copy["G2"].value.startswith("✗")
    assert copy["A2"].fill.fill_type == "solid"
    assert copy["A2"].comment is None
    assert b"legacyDrawing" not in dict(read_parts(tmp_path / "b.xlsx"))["xl/worksheets/sheet1.xml"]


def test_an_invalidated_signature_is_reported(register: Register, tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", VALID_ROW)
    with ZipFile(path, "a") as archive:
        archive.writestr("_xmlsignatures/origin.sigs", b"")
    assert write_copy.SIGNATURE_INVALIDATED in write_feedback_copy(path, tmp_path / "b.xlsx", register)


def test_every_remark_on_the_copy_is_translated() -> None:
    catalogue = load_catalogue("vi")
    for key in (
        write_copy.NOTES_NOT_WRITTEN,
        write_copy.NOTE_NOT_OVERWRITTEN,
        write_copy.FORMULA_NOT_OVERWRITTEN,
        write_copy.SIGNATURE_INVALIDATED,
    ):
        assert key in catalogue


def test_a_row_that_is_no_data_gets_one_sentence_unless_a_person_typed_there(
    register: Register, tmp_path: Path
) -> None:
    total, signature = ["Cộng", None, None, 3], [None, None, "Người lập biểu", None, None, None, "Nguyễn Văn A"]
    path = write_workbook(tmp_path / "a.xlsx", VALID_ROW, total, HEADER, signature)
    raw = read_workbook(path, NOW)
    checked = check_source(raw, PLAN, register, TODAY)
    feedback = format_feedback(checked.rows, register, lambda *_: PeriodTotal(47, 50))
    set_aside = {(row.tab_name, row.number): format_set_aside_feedback(row) for row in checked.set_aside}
    out = tmp_path / "b.xlsx"
    assert write_feedback(path, out, find_layouts(raw), checked.rows, feedback, set_aside=set_aside) == ()
    sheet = open_workbook(out)["Tiến độ"]
    assert [row for _, row in set_aside] == [3, 4, 5]
    assert sheet["G3"].value.startswith("○ Không phải dòng số liệu")
    assert (sheet["G4"].value, sheet["G5"].value) == ("Phản hồi", "Nguyễn Văn A")
