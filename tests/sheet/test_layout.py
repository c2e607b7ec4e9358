"""design.md §4: tabs and headers are found in many spellings; missing and duplicate ones are named."""

from __future__ import annotations

import unicodedata

import pytest

from kpis.errors import SourceError
from kpis.sheet.layout import find_layouts
from kpis.sheet.model import RawRow, RawTab
from kpis.sheet.tab_headers import HEADERS, find_tab_kind
from tests.sheet.small_plan import (
    PROGRESS_HEADER,
    TASK_HEADER,
    RawValue,
    check_raw_sheet,
    make_entry,
    make_report,
    make_sheet,
    make_tab,
)


@pytest.mark.parametrize(
    "name",
    ["Tiến độ", "TIEN DO", "tiến-độ", " Tiến  độ ", unicodedata.normalize("NFD", "Tiến độ"), "Tiến Ðộ"],
)
def test_a_tab_is_found_in_any_case_spacing_and_without_diacritics(name: str) -> None:
    assert find_tab_kind(name) == "progress"
    assert len(check_raw_sheet(make_sheet(make_tab([make_entry()], name=name))).rows) == 1


@pytest.mark.parametrize(
    "header",
    [
        ["Ngày thực hiện", "Đơn vị", "Mã chỉ tiêu", "Kết quả", "Mẫu số", "Nội dung", "Link",
         "Người nhập"],
        ["NGAY", "co quan", "chi_tieu", "Số lượng (*)", "tổng\nsố", "NỘI DUNG:", "Minh chứng ",
         "người  nhập"],
        ["Ngày", "Cơ quan báo cáo", "Chỉ tiêu", "Đã thực hiện", "Tổng số", "Nội dung", "Link", "Người nhập"],
        ["Ngày", "Cơ quan", "Chỉ tiêu", "Tử số", "Mẫu số", "Nội dung", "Minh chứng", "Người nhập"],
    ],
)  # fmt: skip
def test_headers_are_found_under_any_accepted_name(header: list[RawValue]) -> None:
    raw = make_sheet(make_tab([make_entry(target="p.05", total=5)], header))
    (layout,) = find_layouts(raw)
    fields = [field for field in HEADERS["progress"] if field not in {"confirmed", "shared_event"}]
    assert layout.columns == {field: index for index, field in enumerate(fields)}
    assert (
        check_raw_sheet(raw).rows[0].entry
        == check_raw_sheet(make_sheet(make_tab([make_entry(target="p.05", total=5)]))).rows[0].entry
    )


@pytest.mark.parametrize("header_row", [1, 2, 10])
def test_the_header_is_found_anywhere_within_the_first_ten_rows(header_row: int) -> None:
    title = RawTab("Tiến độ", (RawRow(1, make_tab([], ["Tiến độ: Ngày 1, Cơ quan A"]).rows[0].cells),))
    below = make_tab([make_entry()], first_row=header_row)
    raw = make_sheet(RawTab("Tiến độ", (*(title.rows if header_row > 1 else ()), *below.rows)))
    assert [row.number for row in check_raw_sheet(raw).rows] == [header_row + 1]


def test_a_header_below_the_tenth_row_is_not_found() -> None:
    with pytest.raises(SourceError, match="Ngày, Cơ quan, Chỉ tiêu, Số lượng"):
        check_raw_sheet(make_sheet(make_tab([make_entry()], first_row=11)))


def test_unknown_tabs_and_columns_are_ignored() -> None:
    raw = make_sheet(
        make_tab([["x"]], ["gì đó"], "Ghi chú"),
        make_tab([[1, *make_entry(), "lạ"]], ["STT", *PROGRESS_HEADER, "Cột lạ"]),
    )
    assert [row.rejections for row in check_raw_sheet(raw).rows] == [()]


def test_missing_columns_are_named() -> None:
    with pytest.raises(SourceError) as caught:
        check_raw_sheet(make_sheet(make_tab([], ["Ngày", "Cơ quan", "Nội dung"])))
    assert caught.value.values["columns"] == "Chỉ tiêu, Số lượng"
    assert caught.value.values["tab"] == "Tiến độ"


def test_a_missing_required_tab_is_named_together_with_the_existing_ones() -> None:
    with pytest.raises(SourceError) as caught:
        check_raw_sheet(make_sheet(make_tab([], name="Trang 1"), make_tab([], name="Khác")))
    assert (caught.value.values["tab"], caught.value.values["tabs"]) == ("Tiến độ", "Trang 1, Khác")


def test_an_empty_required_tab_is_rejected_for_its_missing_columns() -> None:
    with pytest.raises(SourceError, match="lacks"):
        check_raw_sheet(make_sheet(RawTab("Tiến độ", ())))


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ([*PROGRESS_HEADER, "Kết quả"], 3),
        (["Kết quả", *PROGRESS_HEADER], 4),
        (["Số lượng (kế hoạch)", *PROGRESS_HEADER], 4),
        (["Kết quả", *PROGRESS_HEADER[:3], "Tử số"], 0),
    ],
)
def test_of_two_columns_of_one_field_the_usual_name_is_read_else_the_leftmost(
    header: list[RawValue], column: int
) -> None:
    (layout,) = find_layouts(make_sheet(make_tab([], header)))
    assert layout.columns["quantity"] == column
    assert [other.field for other in layout.other_columns] == ["quantity"]


def test_a_second_column_of_a_field_is_noted_once_with_both_names() -> None:
    rows = [[*make_entry(content=text), 3] for text in "ab"]
    (note,) = check_raw_sheet(make_sheet(make_tab(rows, [*PROGRESS_HEADER, "Kết quả"], first_row=3))).notes
    assert (note.values["first"], note.values["second"]) == ("D3 “Số lượng”", "I3 “Kết quả”")
    assert note.values["field"] == "Số lượng"


@pytest.mark.parametrize(
    "name",
    [
        "Ngày (dd/mm/yyyy)",
        "NGÀY [bắt buộc] *",
        "Ngày (ngày, tháng",
        "Ngày thực hiện (1)",
        "Ngày {dd/mm}",
        "Ngày <dd>",
        "Ngày 【dd】",
        "Ngày «dd»",
    ],
)
def test_a_bracket_at_the_end_of_a_header_is_dropped(name: str) -> None:
    (layout,) = find_layouts(make_sheet(make_tab([], [name, *PROGRESS_HEADER[1:]])))
    assert layout.headers["occurred_on"] == name


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("Ngày tháng", "A1 “Ngày tháng” → “Ngày”"),
        ("Ngyà", "A1 “Ngyà” → “Ngày”"),
        ("Ngày/tháng (dd/mm)", "A1 “Ngày/tháng (dd/mm)” → “Ngày”"),
    ],
)
def test_a_header_that_is_nearly_right_is_named(name: str, near: str) -> None:
    with pytest.raises(SourceError) as caught:
        find_layouts(make_sheet(make_tab([], [name, *PROGRESS_HEADER[1:]])))
    assert caught.value.values["columns"] == "Ngày"
    assert caught.value.values["near"] == near


@pytest.mark.parametrize(
    ("rows", "cell"),
    [
        ([[*PROGRESS_HEADER[:1], "#REF!", *PROGRESS_HEADER[2:]]], "B1"),
        ([["Biểu tổng hợp"], ["#REF!"]], "A2"),
    ],
)
def test_an_error_where_a_header_should_be_is_named(rows: list[list[RawValue]], cell: str) -> None:
    with pytest.raises(SourceError, match="where the header should be") as caught:
        find_layouts(make_sheet(make_tab(rows[1:], rows[0])))
    assert (caught.value.values["cell"], caught.value.values["error"]) == (cell, "#REF!")


def test_an_error_among_data_is_not_taken_for_a_header() -> None:
    with pytest.raises(SourceError, match="lacks"):
        find_layouts(make_sheet(make_tab([["một", "#N/A", 5]], ["STT", "Tên", "Việc"])))


def test_headers_in_one_cell_are_to_be_split() -> None:
    with pytest.raises(SourceError, match="holds all headers") as caught:
        find_layouts(make_sheet(make_tab([], ["Ngày|Cơ quan|Chỉ tiêu|Số lượng"])))
    assert caught.value.values["cell"] == "A1"


def test_a_tab_whose_name_is_in_an_old_font_is_named() -> None:
    with pytest.raises(SourceError, match="old font") as caught:
        find_layouts(make_sheet(make_tab([], PROGRESS_HEADER, name="TiÕn ®é")))
    assert (caught.value.values["name"], caught.value.values["font"]) == ("TiÕn ®é", "TCVN3")


def test_feedback_columns_are_ignored_even_if_there_are_two() -> None:
    assert (
        check_raw_sheet(make_sheet(make_tab([make_entry()], [*PROGRESS_HEADER, "Phản hồi", "Phản hồi"]))).rows[0].entry
        is not None
    )


def test_two_tabs_of_one_name_are_rejected_and_both_named() -> None:
    with pytest.raises(SourceError, match=r"“Tiến độ” and “TIEN DO”"):
        check_raw_sheet(make_sheet(make_tab([]), make_tab([], name="TIEN DO")))


def test_the_task_tab_is_optional_until_it_has_been_read() -> None:
    raw = make_sheet(make_tab([make_entry()]))
    assert not check_raw_sheet(raw).tasks_seen
    with pytest.raises(SourceError, match="Nhiệm vụ"):
        check_raw_sheet(raw, tasks_required=True)
    assert not check_raw_sheet(make_sheet(make_tab([make_entry()]), RawTab("Nhiệm vụ", ()))).tasks_seen
    with pytest.raises(SourceError, match="Mã, Trạng thái"):
        check_raw_sheet(make_sheet(make_tab([make_entry()]), RawTab("Nhiệm vụ", ())), tasks_required=True)
    assert check_raw_sheet(make_sheet(make_tab([make_entry()]), make_tab([], TASK_HEADER, "Nhiệm vụ"))).tasks_seen


def test_the_task_tab_needs_the_columns_of_code_and_status() -> None:
    with pytest.raises(SourceError, match="lacks: Trạng thái"):
        check_raw_sheet(make_sheet(make_tab([]), make_tab([], ["Mã", "Nhiệm vụ"], "Nhiệm vụ")))
    raw = make_sheet(make_tab([]), make_tab([["p.III.1", "Đang làm"]], ["Mã", "Trạng thái"], "nhiem vu"))
    assert [row.rejections for row in check_raw_sheet(raw).rows] == [()]


@pytest.mark.parametrize("text", ["Loading…", "Loading...", "loading…", "Đang tải…", "đang tải..."])
@pytest.mark.parametrize("column", [3, 5, 8])
def test_a_loading_cell_anywhere_in_our_tabs_fails_the_source(text: str, column: int) -> None:
    row: list[RawValue] = [*make_entry(), None]
    row[column] = text
    with pytest.raises(SourceError) as caught:
        check_raw_sheet(make_sheet(make_tab([make_entry(), row], [*PROGRESS_HEADER, "Cột lạ"])))
    assert caught.value.values["cell"] == f"{'ABCDEFGHI'[column]}3"


def test_a_loading_cell_in_another_tab_is_ignored() -> None:
    """A formula in our tabs that depends on it is loading too."""
    other = make_tab([["Loading…", "Đang tải…"]], name="Tổng hợp")
    assert check_raw_sheet(make_sheet(other, make_tab([make_entry()]))).rows[0].entry is not None
    with pytest.raises(SourceError, match="B1"):
        check_raw_sheet(make_sheet(make_tab([make_entry()]), make_tab([], ["Mã", "Đang tải…"], "Nhiệm vụ")))


def test_the_order_of_tabs_does_not_matter() -> None:
    progress, tasks = make_tab([make_entry()]), make_tab([make_report()], TASK_HEADER, "Nhiệm vụ")
    assert check_raw_sheet(make_sheet(progress, tasks)).rows == check_raw_sheet(make_sheet(tasks, progress)).rows
