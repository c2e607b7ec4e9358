"""What a workbook shows beside its values: strikes, raised runs, formats, formulas, pictures, other tabs."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from kpis.errors import SourceError
from kpis.sheet.layout import find_layouts
from kpis.sheet.model import Cell, RawSheet, UnreadTab
from kpis.sources.xlsx.read_workbook import DAMAGED_FORMATS_NOTE, DAMAGED_PART_NOTE, read_workbook
from tests.sheet.small_plan import PROGRESS_HEADER, READ_AT, SCT, check_raw_sheet

Fill = Callable[[xlsxwriter.Workbook, object], None]
ROW = ["05/03/2026", SCT, "p.01", 3, None, "Tin", "12/BC"]


def write_book(path: Path, *tabs: tuple[str, list[list[object]]], hidden: str = "") -> Path:
    with xlsxwriter.Workbook(path) as book:
        for name, rows in tabs:
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            if name == hidden:
                sheet.hide()
    return path


def read_cells(path: Path) -> tuple[Cell, ...]:
    return read_workbook(path, READ_AT).tabs[0].rows[0].cells


def change_parts(path: Path, change: Callable[[str, bytes], tuple[str, bytes]]) -> Path:
    with zipfile.ZipFile(path) as archive:
        parts = [change(name, archive.read(name)) for name in archive.namelist()]
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts:
            info = zipfile.ZipInfo("x")
            info.filename = name
            archive.writestr(info, content)
    return path


def test_a_cell_struck_by_its_font_and_one_struck_in_part_are_told_apart(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet("Tiến độ")
        struck, plain = book.add_format({"font_strikeout": True}), book.add_format({"bold": True})
        sheet.write("A1", 5, struck)
        sheet.write("B1", "Hủy", struck)
        sheet.write_rich_string("C1", struck, "2", plain, "5")
        sheet.write_rich_string("D1", plain, "5", book.add_format({"font_script": 1}), "1")
        sheet.write_rich_string("E1", struck, "Hủy ", struck, "hết")
        sheet.write_rich_string("F1", plain, "Tin ", "bài")
        sheet.write("G1", "Tin", plain)
    cells = read_cells(tmp_path / "a.xlsx")
    assert [(cell.is_struck, cell.has_marked_runs) for cell in cells] == [
        (True, False), (True, False), (False, True), (False, True), (True, False), (False, False),
        (False, False),
    ]  # fmt: skip


def test_conditional_formatting_strikes_nothing(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet("Tiến độ")
        sheet.write("A1", 5)
        struck = book.add_format({"font_strikeout": True})
        sheet.conditional_format("A1", {"type": "no_errors", "format": struck})
    assert not read_cells(tmp_path / "a.xlsx")[0].is_struck


def test_what_a_format_shows_is_stored_beside_the_value(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet("Tiến độ")
        for column, (value, code) in enumerate([(50, '0"%"'), (46086, "mm/yyyy"), (50, "0"), (46086, "dd/mm/yyyy")]):
            sheet.write(0, column, value, book.add_format({"num_format": code}))
        sheet.write(0, 4, 46086, book.add_format({"num_format": 17}))  # mmm-yy
    cells = read_cells(tmp_path / "a.xlsx")
    assert [cell.shown_text for cell in cells] == ["50%", "03/2026", None, None, "tháng 3-26"]


def test_a_formula_over_its_own_column_is_marked_and_its_value_stays(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet("Tiến độ")
        sheet.write_formula("A1", "=SUM(A2:A3)", value=35)
        sheet.write_formula("B1", "=C2+1", value=2)
    cells = read_cells(tmp_path / "a.xlsx")
    assert [(cell.value, cell.sums_own_column) for cell in cells] == [(35.0, True), (2.0, False)]


def test_a_formula_over_its_own_column_may_use_the_name_of_a_table_or_an_area(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet, other = book.add_worksheet("Tiến độ"), book.add_worksheet("Khác")
        for place in (sheet, other):
            place.add_table(
                "A2:B4", {"name": f"Tin_{place.name[:1]}", "columns": [{"header": "Số"}, {"header": "Bài"}]}
            )
        book.define_name("Cột", "='Tiến độ'!$C$2:$C$4")
        formulas = ("SUM(Tin_T[Số])", "SUM(Tin_T[Số])", "SUM(Cột)", "SUM(Tin_K[Bài])")
        for column, formula in enumerate(formulas):
            sheet.write_formula(0, column, f"={formula}", value=2)
    assert [cell.sums_own_column for cell in read_cells(tmp_path / "a.xlsx")] == [True, False, True, False]


def test_the_cells_of_a_shared_formula_are_all_marked(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", ("Tiến độ", [[7], [8]]))
    formulas = {b"<v>7</v>": b'<f t="shared" ref="A1:A2" si="0">A3+1</f><v>7</v>',
                b"<v>8</v>": b'<f t="shared" si="0"/><v>8</v>'}  # fmt: skip

    def change(name: str, content: bytes) -> tuple[str, bytes]:
        for old, new in formulas.items():
            content = content.replace(old, new) if name.endswith("sheet1.xml") else content
        return name, content

    rows = read_workbook(change_parts(path, change), READ_AT).tabs[0].rows
    assert [row.cells[0].sums_own_column for row in rows] == [True, True]


def test_a_picture_in_a_cell_counts_as_filled_and_an_error_with_a_formula_does_not(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", ("Tiến độ", [list(PROGRESS_HEADER), ROW]))

    def change(name: str, content: bytes) -> tuple[str, bytes]:
        if name.endswith("sheet1.xml"):
            text = content.decode()
            start = text.index('<c r="G2"')
            end = text.index("</c>", start) + 4
            picture = (
                '<c r="G2" t="e" vm="1"><v>#VALUE!</v></c><c r="H2" t="e" cm="1" vm="2"><f>A1:A9</f><v>#VALUE!</v></c>'
            )
            content = (text[:start] + picture + text[end:]).encode()
        return name, content

    raw = read_workbook(change_parts(path, change), READ_AT)
    cells = raw.tabs[0].rows[1].cells
    assert (cells[6].kind, cells[6].text, cells[7].kind) == ("text", "(ảnh)", "error")


def test_numbers_have_the_15_digits_of_excel(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", ("Tiến độ", [[7.000000000000001, 49.99999999999999, 2.5]]))
    assert [cell.value for cell in read_cells(path)] == [7.0, 50.0, 2.5]


def test_parts_named_with_backslashes_are_read(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", ("Tiến độ", [list(PROGRESS_HEADER), ROW]))
    expected = read_workbook(path, READ_AT)
    change_parts(path, lambda name, content: (name.replace("/", "\\"), content))
    assert read_workbook(path, READ_AT) == expected


def test_tabs_that_look_like_ours_are_named_with_their_rows(tmp_path: Path) -> None:
    rows: list[list[object]] = [list(PROGRESS_HEADER), ROW, ROW]
    path = write_book(
        tmp_path / "a.xlsx",
        ("Tiến độ", rows), ("Bản sao của Tiến độ", rows), ("Tháng 11", rows), ("Danh mục", [["Mã"], ["a"]]),
        ("Nhiệm vu (2)", [["x"]]),
    )  # fmt: skip
    assert read_workbook(path, READ_AT).unread_tabs == (
        UnreadTab("Bản sao của Tiến độ", 2, "header"),
        UnreadTab("Tháng 11", 2, "header"),
        UnreadTab("Nhiệm vu (2)", 1, "name"),
    )
    ignored = read_workbook(path, READ_AT, ["Tháng 11", "bản sao của tiến độ"])
    assert [tab.name for tab in ignored.unread_tabs] == ["Nhiệm vu (2)"]


def test_a_hidden_tab_that_is_read_is_known_to_be_hidden(tmp_path: Path) -> None:
    rows: list[list[object]] = [list(PROGRESS_HEADER), ROW]
    path = write_book(tmp_path / "a.xlsx", ("Danh mục", [["x"]]), ("Tiến độ", rows), hidden="Tiến độ")
    assert [tab.is_hidden for tab in read_workbook(path, READ_AT).tabs] == [False, True]


def test_of_two_tabs_of_one_name_the_error_says_which_is_hidden_or_ends_in_a_space(tmp_path: Path) -> None:
    rows: list[list[object]] = [list(PROGRESS_HEADER), ROW]
    path = write_book(tmp_path / "a.xlsx", ("TIEN DO ", rows), ("Tiến độ", rows), hidden="Tiến độ")
    with pytest.raises(SourceError, match=r"“TIEN DO” \(with a space .*\) and “Tiến độ” \(hidden\)"):
        find_layouts(read_workbook(path, READ_AT))


def test_tabs_of_years_form_one_with_the_usual_tab(tmp_path: Path) -> None:
    other = [*ROW[:5], "Tin khác", "13/BC"]
    path = write_book(
        tmp_path / "a.xlsx",
        ("Tiến độ", [list(PROGRESS_HEADER), ROW]),
        ("Tiến độ 2027", [list(PROGRESS_HEADER), ROW, other]),
        ("Tiến độ 2028", []),
    )
    rows = check_raw_sheet(read_workbook(path, READ_AT)).rows
    assert [(row.tab_name, row.number, row.entry is not None) for row in rows] == [
        ("Tiến độ", 2, True), ("Tiến độ 2027", 2, False), ("Tiến độ 2027", 3, True),
    ]  # fmt: skip
    assert rows[1].rejections[0].detail == {"row": 2, "reason": "tab", "tab": "Tiến độ"}


def test_a_damaged_part_that_is_not_ours_is_noted_and_our_tabs_are_read(tmp_path: Path) -> None:
    rows: list[list[object]] = [list(PROGRESS_HEADER), ROW]
    path = write_book(tmp_path / "a.xlsx", ("Tiến độ", rows), ("Tháng 11", rows))

    def damage(name: str, content: bytes) -> tuple[str, bytes]:
        return name, content[:200] if name.endswith("sheet2.xml") else content

    raw = read_workbook(change_parts(path, damage), READ_AT)
    assert (len(check_raw_sheet(raw).rows), raw.notes) == (1, (DAMAGED_PART_NOTE,))


def test_a_tab_of_macros_without_a_part_is_noted(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", ("Tiến độ", [list(PROGRESS_HEADER), ROW]), ("Module1", []))

    def unlink(name: str, content: bytes) -> tuple[str, bytes]:
        return name, content.replace(b'r:id="rId2"', b'r:id=""') if name.endswith("workbook.xml") else content

    raw = read_workbook(change_parts(path, unlink), READ_AT)
    assert (len(check_raw_sheet(raw).rows), raw.notes) == (1, (DAMAGED_PART_NOTE,))


def test_with_damaged_formats_a_number_that_may_be_a_day_is_no_quantity(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet("Tiến độ")
        sheet.write_row(0, 0, PROGRESS_HEADER)
        day = book.add_format({"num_format": "d/m"})
        for number, quantity in enumerate((3, 46086), start=1):
            sheet.write_row(number, 0, [None, SCT, "p.01", quantity, None, f"Tin {number}"], day)
            sheet.write(number, 0, 46086, day)

    def damage(name: str, content: bytes) -> tuple[str, bytes]:
        return name, b"<" if name.endswith("styles.xml") else content

    raw = read_workbook(change_parts(tmp_path / "a.xlsx", damage), READ_AT)
    first, second = check_raw_sheet(raw).rows
    assert raw.notes == (DAMAGED_FORMATS_NOTE,) and first.entry is not None
    assert [finding.code for finding in second.rejections] == ["quantity_unreadable"]


def read_sheet_with(tmp_path: Path, first_cell: object) -> RawSheet:
    return read_workbook(write_book(tmp_path / "a.xlsx", ("Tiến độ", [[first_cell]])), READ_AT)


def test_an_error_where_the_header_should_be_is_shown(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        book.add_worksheet("Tiến độ").write_formula("A1", '=IMPORTRANGE("x","A:H")', value="#REF!")
    with pytest.raises(SourceError, match=r"cell A1 shows #REF! .* give consent"):
        find_layouts(read_workbook(tmp_path / "a.xlsx", READ_AT))


@pytest.mark.parametrize(("text", "font"), [("Ngµy", "TCVN3"), ("Ngaøy", "VNI")])
def test_a_header_in_an_old_font_is_named(tmp_path: Path, text: str, font: str) -> None:
    with pytest.raises(SourceError, match=f"cell A1: “{text}” is written in the old font {font}"):
        find_layouts(read_sheet_with(tmp_path, text))


@pytest.mark.parametrize(
    "twin", ["xl\\worksheets\\sheet1.xml", "xl/worksheets/Sheet1.xml", "/xl/worksheets/sheet1.xml"]
)
def test_two_parts_of_one_name_are_damage_if_they_differ(tmp_path: Path, twin: str) -> None:
    path = write_book(tmp_path / "a.xlsx", ("Tiến độ", [list(PROGRESS_HEADER), ROW]))
    expected = read_workbook(path, READ_AT)
    with zipfile.ZipFile(path) as archive:
        content = archive.read("xl/worksheets/sheet1.xml")
    for changed in (content, content.replace(b"<v>3</v>", b"<v>30</v>")):
        info = zipfile.ZipInfo("x")
        info.filename = twin
        copy = tmp_path / "b.xlsx"
        copy.write_bytes(path.read_bytes())
        with zipfile.ZipFile(copy, "a") as archive:
            archive.writestr(info, changed)
        if changed == content:
            assert read_workbook(copy, READ_AT) == expected
    with pytest.raises(SourceError, match="is damaged"):
        read_workbook(copy, READ_AT)
