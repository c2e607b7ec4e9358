"""design.md §4: a folder of CSV files named like the tabs."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpis.errors import SourceError
from kpis.sheet.model import RawSheet, UnreadTab
from kpis.sources.csv_folder import TAB_SEPARATED_NOTE, read_folder
from tests.sheet.small_plan import READ_AT, SCT, check_raw_sheet, get_rejection_codes

HEADER_LINE = "Ngày;Cơ quan;Chỉ tiêu;Số lượng;Nội dung;Minh chứng\n"
ENTRY_LINE = "05/03/2026;Sở Công Thương;p.01;3;Tin trên báo;12/BC\n"


def _write_and_read(folder: Path, text: str | bytes, name: str = "Tiến độ.csv") -> RawSheet:
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_folder(folder, READ_AT)


@pytest.mark.parametrize("delimiter", [";", ","])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_either_delimiter_and_any_line_end_is_read(tmp_path: Path, delimiter: str, mark: str, end: str) -> None:
    text = mark + (HEADER_LINE + ENTRY_LINE).replace(";", delimiter).replace("\n", end)
    (row,) = check_raw_sheet(_write_and_read(tmp_path, text)).rows
    assert (row.number, row.agency, row.rejections, row.warnings) == (2, SCT, (), ())


@pytest.mark.parametrize("name", ["Tiến độ.csv", "tien_do.CSV", unicodedata.normalize("NFD", "TIẾN ĐỘ.csv")])
def test_a_file_is_found_by_the_name_of_its_tab(tmp_path: Path, name: str) -> None:
    assert len(check_raw_sheet(_write_and_read(tmp_path, HEADER_LINE + ENTRY_LINE, name)).rows) == 1


def test_row_numbers_are_those_of_a_spreadsheet(tmp_path: Path) -> None:
    text = (
        "Kế hoạch, năm 2026\n\n"
        + HEADER_LINE
        + ENTRY_LINE
        + "\n\n"
        + ENTRY_LINE.replace("Tin trên báo", '"Tin ""hai""\ndòng\n\n3"')
        + ENTRY_LINE
    )
    rows = check_raw_sheet(_write_and_read(tmp_path, text)).rows
    assert [row.number for row in rows] == [4, 7, 8]
    assert rows[1].entry is not None
    assert rows[1].entry.content == 'Tin "hai" dòng  3'
    assert get_rejection_codes(rows[2]) == {"duplicate_row"}


def test_rows_may_have_too_few_or_too_many_cells(tmp_path: Path) -> None:
    rows = check_raw_sheet(
        _write_and_read(
            tmp_path, HEADER_LINE + "05/03/2026;Sở Công Thương;p.01;3\n" + ENTRY_LINE.rstrip() + ";;;thừa\n"
        )
    ).rows
    assert [row.rejections for row in rows] == [(), ()]


def test_an_error_typed_as_text_is_an_error(tmp_path: Path) -> None:
    (row,) = check_raw_sheet(_write_and_read(tmp_path, HEADER_LINE + ENTRY_LINE.replace("Tin trên báo", "#REF!"))).rows
    assert get_rejection_codes(row) == {"formula_error"}


def test_a_comma_in_a_title_does_not_hide_the_semicolons(tmp_path: Path) -> None:
    assert len(check_raw_sheet(_write_and_read(tmp_path, "a, b, c, d, e, f, g\n" + HEADER_LINE + ENTRY_LINE)).rows) == 1


def test_other_files_may_contain_anything(tmp_path: Path) -> None:
    (tmp_path / "Khác.csv").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "._Tiến độ.csv").write_bytes(b"\x00\x05")
    (tmp_path / "ghi chú.txt").write_text("x")
    assert [tab.name for tab in _write_and_read(tmp_path, HEADER_LINE + ENTRY_LINE).tabs] == [
        "Khác",
        "Tiến độ",
    ]


@pytest.mark.parametrize(
    "content",
    [
        (HEADER_LINE + ENTRY_LINE).encode("utf-16-le"),
        (HEADER_LINE + ENTRY_LINE).encode("utf-16")[:-1],
        (HEADER_LINE + ENTRY_LINE).encode("utf-32"),
        "Ngày".encode("cp1258"),
        b"a\x00b",
    ],
)
def test_another_encoding_is_rejected_with_the_next_step(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(SourceError, match=r"Tiến độ\.csv is not UTF-8"):
        _write_and_read(tmp_path, content)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_unicode_text_of_excel_is_read(tmp_path: Path, encoding: str) -> None:
    text = (HEADER_LINE + ENTRY_LINE).replace(";", "\t").replace("\n", "\r\n")
    (tmp_path / "Tiến độ.txt").write_bytes(("\ufeff" + text).encode(encoding))
    (row,) = check_raw_sheet(read_folder(tmp_path, READ_AT)).rows
    assert row.entry is not None and row.entry.content == "Tin trên báo"


def test_an_unclosed_quotation_mark_is_rejected_with_its_row(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        _write_and_read(tmp_path, HEADER_LINE + ENTRY_LINE + ENTRY_LINE.replace("Tin trên", '"Tin trên') + ENTRY_LINE)
    assert caught.value.values["row"] == 3


def test_a_cell_of_a_million_characters_is_shortened(tmp_path: Path) -> None:
    (row,) = check_raw_sheet(
        _write_and_read(tmp_path, HEADER_LINE + ENTRY_LINE.replace("Tin trên báo", "x" * 1_000_000))
    ).rows
    assert row.entry is not None
    assert row.entry.content == "x" * 2000


def test_a_missing_or_empty_folder_is_rejected_by_name(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="The folder of CSV files thiếu does not exist"):
        read_folder(tmp_path / "thiếu", READ_AT)
    with pytest.raises(SourceError, match="The tab “Tiến độ” is missing"):
        check_raw_sheet(read_folder(tmp_path, READ_AT))


def test_two_files_of_one_name_are_two_tabs_of_one_name(tmp_path: Path) -> None:
    (tmp_path / "tien do.csv").write_text(HEADER_LINE)
    with pytest.raises(SourceError, match="Two tabs"):
        check_raw_sheet(_write_and_read(tmp_path, HEADER_LINE + ENTRY_LINE))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.sampled_from('a;,"\n\r \u2028\x1c5é')))
def test_any_text_is_read_row_by_row_or_rejected(tmp_path: Path, text: str) -> None:
    try:
        rows = _write_and_read(tmp_path, HEADER_LINE + text).tabs[0].rows
    except SourceError as error:
        assert text.count('"') > 0
        assert "quotation mark" in str(error)
    else:
        assert [row.number for row in rows] == sorted({row.number for row in rows})


def test_a_tab_separated_file_is_read_with_a_note(tmp_path: Path) -> None:
    raw = _write_and_read(tmp_path, (HEADER_LINE + ENTRY_LINE).replace(";", "\t"))
    assert len(check_raw_sheet(raw).rows) == 1 and raw.notes == (TAB_SEPARATED_NOTE,)


@pytest.mark.parametrize("name", ["tien-do.txt", "Tiến độ.TSV"])
def test_a_text_file_named_like_a_tab_is_read(tmp_path: Path, name: str) -> None:
    raw = _write_and_read(tmp_path, HEADER_LINE + ENTRY_LINE, name)
    assert len(check_raw_sheet(raw).rows) == 1 and raw.unread_tabs == ()


def test_a_text_file_of_the_same_tab_as_a_csv_file_is_named_and_not_read(tmp_path: Path) -> None:
    (tmp_path / "Tiến độ.txt").write_text(HEADER_LINE + ENTRY_LINE * 2, encoding="utf-8")
    raw = _write_and_read(tmp_path, HEADER_LINE + ENTRY_LINE)
    assert len(check_raw_sheet(raw).rows) == 1
    assert raw.unread_tabs == (UnreadTab("Tiến độ.txt", 2, "header"),)


def test_files_that_look_like_ours_are_named_with_their_rows(tmp_path: Path) -> None:
    for name in ("tien-do (1).csv", "Tháng 11.csv", "tien-do (2).csv"):
        (tmp_path / name).write_text(HEADER_LINE + ENTRY_LINE, encoding="utf-8")
    (tmp_path / "khác.csv").write_text("Mã;Tên\n1;2\n", encoding="utf-8")
    (tmp_path / "Tiến độ.csv").write_text(HEADER_LINE + ENTRY_LINE, encoding="utf-8")
    raw = read_folder(tmp_path, READ_AT, ["tien-do (2).csv"])
    assert {(tab.name, tab.rows) for tab in raw.unread_tabs} == {("tien-do (1).csv", 1), ("Tháng 11.csv", 1)}
