"""design.md §4: tabs and headers are found by loose names; what is missing or doubled is named."""

from __future__ import annotations

import unicodedata

import pytest

from kpis.errors import SourceError
from kpis.sheet.layout import HEADERS, find_layouts, kind_of_tab
from kpis.sheet.model import RawRow, RawTab
from tests.sheet.plan_and_sheets import HEADER, TASK_HEADER, Value, entry, judge, report, sheet, tab


@pytest.mark.parametrize(
    "name",
    ["Tiến độ", "TIEN DO", "tiến-độ", " Tiến  độ ", unicodedata.normalize("NFD", "Tiến độ"), "Tiến Ðộ"],
)
def test_a_tab_is_found_whatever_its_case_diacritics_and_spacing(name: str) -> None:
    assert kind_of_tab(name) == "progress"
    assert len(judge(sheet(tab([entry()], name=name))).rows) == 1


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
def test_headers_are_found_under_any_accepted_name(header: list[Value]) -> None:
    raw = sheet(tab([entry(target="p.05", total=5)], header))
    (layout,) = find_layouts(raw)
    assert layout.columns == {field: at for at, field in enumerate(HEADERS["progress"])}
    assert judge(raw).rows[0].entry == judge(sheet(tab([entry(target="p.05", total=5)]))).rows[0].entry


@pytest.mark.parametrize("first", [1, 2, 10])
def test_the_header_stands_anywhere_within_the_first_ten_rows(first: int) -> None:
    title = RawTab("Tiến độ", (RawRow(1, tab([], ["Tiến độ: Ngày 1, Cơ quan A"]).rows[0].cells),))
    below = tab([entry()], first=first)
    raw = sheet(RawTab("Tiến độ", (*(title.rows if first > 1 else ()), *below.rows)))
    assert [row.number for row in judge(raw).rows] == [first + 1]


def test_a_header_below_the_tenth_row_is_not_found() -> None:
    with pytest.raises(SourceError, match="Ngày, Cơ quan, Chỉ tiêu, Số lượng"):
        judge(sheet(tab([entry()], first=11)))


def test_unknown_tabs_and_columns_are_ignored() -> None:
    raw = sheet(tab([["x"]], ["gì đó"], "Ghi chú"), tab([[1, *entry(), "lạ"]], ["STT", *HEADER, "Cột lạ"]))
    assert [row.rejections for row in judge(raw).rows] == [()]


def test_missing_columns_are_named() -> None:
    with pytest.raises(SourceError) as caught:
        judge(sheet(tab([], ["Ngày", "Cơ quan", "Nội dung"])))
    assert caught.value.values["columns"] == "Chỉ tiêu, Số lượng"
    assert caught.value.values["tab"] == "Tiến độ"


def test_the_required_tab_is_named_when_it_is_missing_with_those_that_are_there() -> None:
    with pytest.raises(SourceError) as caught:
        judge(sheet(tab([], name="Trang 1"), tab([], name="Khác")))
    assert (caught.value.values["tab"], caught.value.values["there"]) == ("Tiến độ", "Trang 1, Khác")


def test_an_empty_required_tab_lacks_its_columns() -> None:
    with pytest.raises(SourceError, match="lacks"):
        judge(sheet(RawTab("Tiến độ", ())))


def test_two_columns_of_one_field_fail_naming_both() -> None:
    with pytest.raises(SourceError) as caught:
        judge(sheet(tab([], [*HEADER, "Kết quả"], first=3)))
    assert (caught.value.values["first"], caught.value.values["second"]) == ("D3 “Số lượng”", "I3 “Kết quả”")
    assert caught.value.values["field"] == "Số lượng"


def test_two_columns_of_answers_are_not_read_and_harm_nothing() -> None:
    assert judge(sheet(tab([entry()], [*HEADER, "Phản hồi", "Phản hồi"]))).rows[0].entry is not None


def test_two_tabs_of_one_name_fail_naming_both() -> None:
    with pytest.raises(SourceError, match=r"“Tiến độ” and “TIEN DO”"):
        judge(sheet(tab([]), tab([], name="TIEN DO")))


def test_the_tab_of_tasks_is_optional_until_it_has_been_read() -> None:
    raw = sheet(tab([entry()]))
    assert not judge(raw).tasks_seen
    with pytest.raises(SourceError, match="Nhiệm vụ"):
        judge(raw, tasks_required=True)
    assert not judge(sheet(tab([entry()]), RawTab("Nhiệm vụ", ()))).tasks_seen
    with pytest.raises(SourceError, match="Mã, Trạng thái"):
        judge(sheet(tab([entry()]), RawTab("Nhiệm vụ", ())), tasks_required=True)
    assert judge(sheet(tab([entry()]), tab([], TASK_HEADER, "Nhiệm vụ"))).tasks_seen


def test_the_tab_of_tasks_needs_its_code_and_status() -> None:
    with pytest.raises(SourceError, match="lacks: Trạng thái"):
        judge(sheet(tab([]), tab([], ["Mã", "Nhiệm vụ"], "Nhiệm vụ")))
    raw = sheet(tab([]), tab([["p.III.1", "Đang làm"]], ["Mã", "Trạng thái"], "nhiem vu"))
    assert [row.rejections for row in judge(raw).rows] == [()]


@pytest.mark.parametrize("shown", ["Loading…", "Loading...", "loading…", "Đang tải…", "đang tải..."])
@pytest.mark.parametrize("column", [3, 5, 8])
def test_a_cell_that_still_loads_fails_the_source_wherever_it_stands(shown: str, column: int) -> None:
    row: list[Value] = [*entry(), None]
    row[column] = shown
    with pytest.raises(SourceError) as caught:
        judge(sheet(tab([entry(), row], [*HEADER, "Cột lạ"])))
    assert caught.value.values["cell"] == f"{'ABCDEFGHI'[column]}3"


def test_a_cell_that_loads_in_a_tab_that_is_none_of_ours_is_not_read() -> None:
    """A formula of ours that waits for it says so itself."""
    other = tab([["Loading…", "Đang tải…"]], name="Tổng hợp")
    assert judge(sheet(other, tab([entry()]))).rows[0].entry is not None
    with pytest.raises(SourceError, match="B1"):
        judge(sheet(tab([entry()]), tab([], ["Mã", "Đang tải…"], "Nhiệm vụ")))


def test_the_order_of_tabs_does_not_matter() -> None:
    progress, tasks = tab([entry()]), tab([report()], TASK_HEADER, "Nhiệm vụ")
    assert judge(sheet(progress, tasks)).rows == judge(sheet(tasks, progress)).rows
