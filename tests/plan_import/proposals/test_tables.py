"""Tables of values: one target a year, none from a column of results, none where a title is lost."""

from __future__ import annotations

from decimal import Decimal

from kpis.plan_import.proposals import propose_targets
from tests.plan_import.proposals.small_document import outline, propose, read_ledger, summarise

HEADER = ["TT", "Chỉ tiêu", "ĐVT", "Ước thực hiện năm 2025", "Năm 2026", "Năm 2027"]
TABLE = [
    HEADER,
    ["1", "Cà phê", "", "", "", ""],
    ["-", "Diện tích", "Ha", "26.120", "27.000", "27.500"],
    ["-", "Tỷ lệ tái canh", "%", "8", "9,5", "11"],
]


def test_a_value_of_a_year_is_a_target_of_that_year() -> None:
    targets = propose(TABLE)
    assert [(summarise(target), target.by_year) for target in targets] == [
        ("count >= 27000", 2026),
        ("count >= 27500", 2027),
        ("ratio >= 0.095", 2026),
        ("ratio >= 0.11", 2027),
    ]
    assert [target.unit for target in targets] == ["Ha", "Ha", "%", "%"]
    assert targets[0].indicator == "Cà phê - Diện tích"
    assert targets[0].group == targets[1].group != targets[2].group == targets[3].group
    assert [target.place.line for target in targets] == [3, 3, 4, 4]


def test_a_column_of_results_is_the_baseline() -> None:
    assert [entry.text for entry in read_ledger(TABLE) if entry.reason == "baseline"] == ["26.120", "8"]
    assert [(target.baseline, target.baseline_year) for target in propose(TABLE)] == [
        (Decimal(26120), 2025), (Decimal(26120), 2025), (Decimal("0.08"), 2025), (Decimal("0.08"), 2025),
    ]  # fmt: skip


def test_two_rows_of_titles_are_read_as_one_header() -> None:
    rows = [
        ["TT", "Chỉ tiêu", "Đơn vị tính", "Giai đoạn 2026 - 2030", ""],
        ["", "", "", "Năm 2026", "Năm 2030"],
        ["1", "Số lớp tập huấn", "Lớp", "12", "20"],
    ]
    assert [(target.floor, target.by_year) for target in propose(rows)] == [(Decimal(12), 2026), (Decimal(20), 2030)]


def test_a_column_of_a_year_before_the_plan_is_the_baseline() -> None:
    rows = [["TT", "Chỉ tiêu", "ĐVT", "2025", "2026", "2027"], ["1", "Số chợ", "Chợ", "40", "42", "–"]]
    targets, _, ledger = propose_targets(outline(rows), 2026)
    assert [(target.floor, target.by_year) for target in targets] == [(Decimal(42), 2026)]
    assert [entry.text for entry in ledger if entry.reason == "baseline"] == ["40"]


def test_years_to_come_under_a_title_of_carrying_out_are_planned() -> None:
    rows = [["Hạng mục", "ĐVT", "TH 2025", "Phân kỳ thực hiện", ""], ["", "", "", "2026", "2027"],
            ["Trồng rừng", "ha", "58", "60", "62"]]  # fmt: skip
    targets = propose_targets(outline(rows), 2026)[0]
    assert [(target.floor, target.by_year, target.baseline) for target in targets] == [
        (Decimal(60), 2026, Decimal(58)), (Decimal(62), 2027, Decimal(58)),
    ]  # fmt: skip


def test_a_row_over_all_columns_that_a_text_prints_as_a_line_leaves_the_titles_to_the_rows_below() -> None:
    titles = [["Nội dung", "ĐVT", "Kế hoạch", ""], ["", "", "2026", "2027"]]
    targets = propose(
        titles, "I. Đường giao thông", [["Đường xã", "km", "5", "6"]], "II. Cầu", [["Cầu", "Cầu", "1", "2"]]
    )
    assert [(target.floor, target.by_year) for target in targets] == [
        (Decimal(5), 2026), (Decimal(6), 2027), (Decimal(1), 2026), (Decimal(2), 2027),
    ]  # fmt: skip
    single = propose([["Nội dung", "ĐVT", "2026", "2027"]], "I. Đường giao thông", [["Đường xã", "km", "5", "6"]])
    assert [(target.floor, target.by_year) for target in single] == [(Decimal(5), 2026), (Decimal(6), 2027)]
    paragraphs = ["Sau bảng là lời văn.", "Thêm một đoạn nữa."]
    assert propose(titles, *paragraphs, [["Đường xã", "km", "5", "6"]]) == ()


def test_the_rest_of_a_name_that_a_page_broke_heads_no_rows() -> None:
    targets = propose([HEADER, TABLE[2], ["", "ở các xã vùng cao", "", "", "", ""], TABLE[3]])
    assert {target.indicator for target in targets} == {"Diện tích", "Tỷ lệ tái canh"}


def test_a_title_of_a_plan_says_its_year() -> None:
    rows = [["STT", "Tên chỉ tiêu", "ĐVT", "Kế hoạch năm 2026"], ["1", "Số ngày có chỉ số bụi dưới 80", "Ngày", "345"]]
    assert [(summarise(target), target.by_year) for target in propose(rows)] == [("amount >= 345", 2026)]
    assert [entry.reason for entry in read_ledger(rows) if entry.text == "80"] == ["row_name"]


def test_years_that_lost_the_blanks_before_them_stand_under_the_one_wide_title() -> None:
    rows = [
        ["TT", "Chỉ tiêu", "ĐVT", "Giai đoạn 2026 - 2028"],
        ["2026", "2027", "2028"],
        ["1", "Số xã có chợ", "Xã", "30", "34", "40"],
    ]
    assert [(target.floor, target.by_year) for target in propose(rows)] == [
        (Decimal(30), 2026), (Decimal(34), 2027), (Decimal(40), 2028),
    ]  # fmt: skip


def test_a_column_of_the_whole_period_is_by_its_last_year() -> None:
    rows = [["Nội dung (ha)", "Năm 2026", "Giai đoạn 2026 - 2030"], ["Trồng rừng", "300", "1.600"]]
    assert [(target.floor, target.by_year) for target in propose(rows)] == [(Decimal(300), 2026), (Decimal(1600), 2030)]


def test_rows_of_years_name_the_year_and_their_columns_what_is_reached() -> None:
    rows = [["Năm", "Số thôn có điện (thôn)", "Tỷ lệ hộ có điện (%)"], ["2026", "20", "85"], ["2027", "31", "90"]]
    targets = propose(rows)
    assert [(summarise(target), target.by_year) for target in targets] == [
        ("count >= 20", 2026), ("ratio >= 0.85", 2026), ("count >= 31", 2027), ("ratio >= 0.9", 2027),
    ]  # fmt: skip
    assert (targets[0].indicator, targets[0].unit) == ("Số thôn có điện (thôn)", "thôn")


def test_a_unit_in_brackets_behind_the_name_is_the_unit() -> None:
    rows = [["Nội dung", "Năm 2026"], ["Tỷ lệ che phủ rừng (%)", "≥ 60,3"], ["Chè trồng mới (ha)", "120 ha"]]
    assert [summarise(target) for target in propose(rows)] == ["ratio >= 0.603", "count >= 120"]


def test_a_rank_and_a_reduction_keep_their_sense_in_a_table() -> None:
    rows = [HEADER[:5], ["1", "Xếp hạng chỉ số xanh", "Hạng", "30", "20"], ["2", "Mức giảm số vụ cháy", "%", "-", "5"]]
    assert [summarise(target) for target in propose(rows)] == ["carried <= 20", "change <= -0.05"]


def test_a_row_whose_cells_moved_is_left_to_the_reviewer_and_the_others_are_read() -> None:
    moved = ["2", "Sản lượng", "26.000", "27.000", "27.500"]
    targets = propose([HEADER, TABLE[2], moved, TABLE[3]])
    assert [target.by_year for target in targets] == [2026, 2027, 2026, 2027]
    assert {entry.outcome for entry in read_ledger([HEADER, TABLE[2], moved]) if entry.text == "26.000"} == {
        "left_over"
    }


def test_a_value_without_a_title_above_it_leaves_the_table_to_the_reviewer() -> None:
    rows = [["TT", "Sản phẩm", "Kế hoạch 2026", "Kế hoạch 2027"], ["1", "Xoài", "13.500", "7.000", "14.800", "7.800"]]
    assert propose(rows) == ()
    assert {entry.outcome for entry in read_ledger(rows) if entry.text != "1"} >= {"left_over"}


def test_a_table_of_funds_promises_nothing() -> None:
    rows = [["TT", "Nội dung", "Năm 2026", "Năm 2027"], ["1", "Tập huấn", "120", "130"]]
    assert propose("Dự toán kinh phí thực hiện (triệu đồng):", rows, titles=(), zone="annex") == ()


def test_a_cell_of_a_table_of_tasks_is_read_as_prose() -> None:
    rows = [
        ["TT", "Nội dung nhiệm vụ", "Cơ quan chủ trì", "Thời gian"],
        ["1", "Tổ chức hội nghị.", "Sở Công Thương", "Dự kiến từ 01-02 hội nghị, hội thảo/năm"],
    ]
    (target,) = propose(rows, titles=(), zone="annex")
    assert summarise(target) == "count >= 1..2"
    assert (target.recurrence, target.force) == ("yearly", "tentative")
    assert "row_number" in [entry.reason for entry in read_ledger(rows)]


def test_a_scoring_table_promises_nothing() -> None:
    rows = [["STT", "Tiêu chí", "Điểm chuẩn"], ["1", "Đơn vị đạt tỷ lệ từ 88% trở lên", "40"]]
    assert propose(rows, titles=(), zone="annex") == ()


def test_needs_that_a_paragraph_above_names_make_no_table_of_money() -> None:
    assert len(propose("Vận tải công cộng đáp ứng nhu cầu đi lại.", TABLE)) == 4
