"""The feedback on a row: its text for each outcome, which never looks like a formula."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.checks import finding_codes
from kpis.checks.source_check import check_source
from kpis.feedback.status_text import (
    MAX_LENGTH,
    FindPeriodTotal,
    PeriodTotal,
    RowDoubt,
    format_feedback,
    format_row_feedback,
    format_set_aside_feedback,
    get_target_name,
    is_feedback,
    join_row_texts,
)
from kpis.language.normalization import clean
from kpis.register.load import load_register
from kpis.register.model import Register
from kpis.sheet.cells import format_cell_name, make_text_cell
from kpis.sheet.model import CellFinding, CheckedRow, Entry, RawRow, RawSheet, RawTab, SetAsideRow, TaskReport

TODAY = date(2026, 11, 21)
PROGRESS_HEADER = ["Ngày", "Cơ quan", "Chỉ tiêu", "Số lượng", "Tổng số", "Minh chứng"]
TASK_HEADER = ["Mã", "Cơ quan", "Trạng thái", "Ngày hoàn thành", "Minh chứng"]


@pytest.fixture(scope="module")
def register() -> Register:
    return load_register()


def make_find_total(totals_by_target: Mapping[str, PeriodTotal]) -> FindPeriodTotal:
    return lambda target, day: totals_by_target.get(target) if day.year == 2026 else None


def make_tab(name: str, *rows: list[str]) -> RawTab:
    cells = (tuple(make_text_cell(text) for text in row) for row in rows)
    return RawTab(name, tuple(RawRow(number, row) for number, row in enumerate(cells, 1)))


def check_rows(register: Register, *rows: list[str], tasks: tuple[list[str], ...] = ()) -> tuple[CheckedRow, ...]:
    tabs = [make_tab("Tiến độ", PROGRESS_HEADER, *rows), make_tab("Nhiệm vụ", TASK_HEADER, *tasks)]
    return check_source(RawSheet(tuple(tabs), datetime(2026, 11, 21, 2)), "dong-thap", register, TODAY).rows


NEWS_ROW = ["15/3/2026", "Sở Công Thương", "Tin bài", "3", "", "12/BC"]
TARGET_TOTALS = {
    "dong-thap.10": PeriodTotal(47, Decimal(50)),
    "dong-thap.06": PeriodTotal(45, 60),
    "dong-thap.05": PeriodTotal(3, None),
}


@pytest.mark.parametrize(
    ("row", "feedback"),
    [
        (NEWS_ROW, "✓ Đã tính: Tin bài 47/50"),
        (
            ["15/3/2026", "Sở Công Thương", "dong-thap.06", "5", "9", "12/BC"],
            "✓ Đã tính: Cán bộ được tập huấn 45/60",
        ),
        (
            ["15/3/2026", "Sở Công Thương", "dong-thap.05", "1", "9", "12/BC"],
            "✓ Đã tính: Tổ chức, đơn vị tham gia tuyên truyền 3",
        ),
        (["15/3/2026", "Sở Công Thương", "dong-thap.09", "Hoàn thành", "", "12/BC"], "✓ Đã tính: hoàn thành"),
        (["15/3/2026", "Sở Công Thương", "dong-thap.09", "0", "", "12/BC"], "✓ Đã ghi nhận: chưa hoàn thành"),
        ([*NEWS_ROW[:5], ""], "! Thiếu minh chứng · Đã tính: Tin bài 47/50"),
        (
            ["15/3/2026", "Sở Công Thương", "dong-thap.07", "1", "", "12/BC"],
            "✓ Đã tính: Hội nghị, hội thảo, tập huấn",
        ),
    ],
)
def test_feedback_on_a_counted_row_gives_the_total_of_its_target(
    row: list[str], feedback: str, register: Register
) -> None:
    (checked_row,) = check_rows(register, row)
    assert format_row_feedback(checked_row, register, make_find_total(TARGET_TOTALS)) == feedback


def test_feedback_on_a_rejected_row_names_the_cell_and_what_is_wrong(register: Register) -> None:
    (checked_row,) = check_rows(register, ["31/02/2026", "Sở Công Thương", "Tin bài", "hai", "", ""])
    text = format_row_feedback(checked_row, register, make_find_total({}))
    assert text.startswith("✗ A2 (Ngày): 31/02/2026 không có trong lịch")
    assert " · D2 (Số lượng): “hai” không phải là số" in text


def test_feedback_on_the_second_of_two_equal_rows_names_the_first(register: Register) -> None:
    rows = check_rows(register, NEWS_ROW, NEWS_ROW)
    texts = format_feedback(rows, register, make_find_total(TARGET_TOTALS))
    assert texts["Tiến độ", 2].startswith("✓")
    assert texts["Tiến độ", 3].startswith("✗ A3: dòng này trùng với dòng 2")


@pytest.mark.parametrize(
    ("status", "day", "feedback"),
    [
        ("Hoàn thành", "1/10/2026", "✓ Đã ghi nhận: Hoàn thành"),
        ("Đang làm", "", "✓ Đã ghi nhận: Đang thực hiện"),
        ("Chưa làm", "", "✓ Đã ghi nhận: Chưa thực hiện"),
        ("Tạm dừng", "", "✓ Đã ghi nhận: Tạm dừng"),
    ],
)
def test_feedback_on_a_task_report_gives_the_recorded_status(
    status: str, day: str, feedback: str, register: Register
) -> None:
    (checked_row,) = check_rows(register, tasks=(["dong-thap.III.5", "Sở Công Thương", status, day, "1/BC"],))
    assert format_row_feedback(checked_row, register, make_find_total({})) == feedback


def test_the_indicators_name_is_used_only_if_one_target_has_that_indicator(register: Register) -> None:
    target = register.targets["dong-thap.10"]
    assert get_target_name(register, target, "vi") == "Tin bài"
    assert get_target_name(register, target, "en") == "News items"
    two_targets = Register(**{**vars(register), "targets": {**register.targets, "x": target}})
    assert get_target_name(two_targets, target, "vi") == target.title_vi


def test_feedback_on_an_agency_outside_the_roster_says_that_it_adds_nothing(register: Register) -> None:
    target = replace(register.targets["dong-thap.05"], measure="coverage", roster=("Sở Tư pháp",))
    with_roster = Register(**{**vars(register), "targets": {**register.targets, target.id: target}})
    row = ["15/3/2026", "Sở Công Thương", "dong-thap.05", "1", "", "12/BC"]
    (checked_row,) = check_rows(with_roster, row)
    text = format_row_feedback(checked_row, with_roster, make_find_total(TARGET_TOTALS))
    assert text.endswith("Sở Công Thương không thuộc danh sách phải thực hiện")
    assert "Đã tính" not in text
    (member,) = check_rows(with_roster, [row[0], "Sở Tư pháp", *row[2:]])
    assert "Đã tính" in format_row_feedback(member, with_roster, make_find_total(TARGET_TOTALS))


def test_totals_of_another_year_are_not_shown(register: Register) -> None:
    row = CheckedRow(
        "progress", "Tiến độ", 2, 1, "Sở Công Thương", "dong-thap.10",
        entry=Entry("dong-thap.10", "Sở Công Thương", date(2025, 1, 1), 1, None, None, None, None),
    )  # fmt: skip
    assert format_row_feedback(row, register, make_find_total(TARGET_TOTALS)) == "✓ Đã tính: Tin bài"


@given(
    code=st.sampled_from([*finding_codes.REJECTION_CODES, *finding_codes.WARNING_CODES]),
    value=st.text(max_size=2000),
    column=st.integers(0, 30),
    row=st.integers(2, 9999),
    rejected=st.booleans(),
)
def test_feedback_on_any_input_is_recognized_short_and_not_a_formula(
    register: Register, code: str, value: str, column: int, row: int, rejected: bool
) -> None:
    detail: dict[str, str | int] = {
        "row": 3, "total": 5, "first": 2026, "last": 2030, "candidates": value, "before": "3/5",
        "days": 31, "swapped": "03/05/2026", "day": "01/07/2026",
        "other_cell": "E2", "other_header": "Kết quả", "other_value": value, "lead": value,
        "request": "YC-dong-thap-2026-0001", "subject": value, "agency": value, "asked": "01/07/2026",
    }  # fmt: skip
    findings = (CellFinding(code, format_cell_name(column, row), "Ngày", value, detail),)
    report = TaskReport("dong-thap.III.5", None, "paused", None, None, None, None)
    checked_row = CheckedRow(
        "tasks", "Nhiệm vụ", row, 1, None, None, report=None if rejected else report,
        rejections=findings if rejected else (), warnings=() if rejected else findings,
    )  # fmt: skip
    text = format_row_feedback(checked_row, register, make_find_total({}))
    assert is_feedback(text)
    assert text[0] in "✓!✗"
    assert len(text) <= MAX_LENGTH
    assert clean(text) == text  # reading the sheet gives the same text


DOUBTS = [
    (
        RowDoubt("possibly_running_total", PeriodTotal(45, Decimal(50))),
        "? Đã tính; nếu là số lũy kế thì 45/50. Ghi “x” vào cột Xác nhận nếu đúng",
    ),
    (
        RowDoubt("possibly_running_total", PeriodTotal(3, Decimal(6)), in_span=True),
        "? Đã tính; nếu là số lũy kế thì 3/6. Ghi “x” vào cột Xác nhận nếu đúng, nếu không thì chỉ ghi số tăng thêm "
        "trong kỳ",
    ),
    (
        RowDoubt("possibly_same_event", PeriodTotal(1, Decimal(2))),
        "? Đã tính; nếu cùng một sự kiện với dòng khác thì 1/2. Ghi “x” vào cột Xác nhận nếu là sự kiện "
        "khác, hoặc ghi cùng tên vào cột Sự kiện chung nếu là một",
    ),
    (
        RowDoubt("struck_through", PeriodTotal(46, Decimal(50))),
        "? Đã tính; nếu dòng gạch ngang này đã hủy thì 46/50. Hãy sửa lại dòng, hoặc ghi “x” vào cột Xác nhận nếu đúng",
    ),
    (
        RowDoubt("date_order_doubtful", PeriodTotal(46, Decimal(50))),
        "? Đã tính; nếu ngày và tháng bị đảo thì 46/50. Hãy sửa lại ngày, hoặc ghi “x” vào cột Xác nhận nếu đúng",
    ),
    (
        RowDoubt("date_order_doubtful"),
        "? Đã tính; cần xác nhận. Ghi “x” vào cột Xác nhận nếu đúng",
    ),
    (
        RowDoubt("of_another_release", PeriodTotal(46, None)),
        "? Đã tính; cần xác nhận. Ghi “x” vào cột Xác nhận nếu đúng",
    ),
]


@pytest.mark.parametrize(("doubt", "feedback"), DOUBTS)
def test_feedback_on_a_doubtful_row_says_what_the_figure_is_otherwise_and_how_to_settle_it(
    doubt: RowDoubt, feedback: str, register: Register
) -> None:
    (row,) = check_rows(register, NEWS_ROW)
    find_total = make_find_total(TARGET_TOTALS)
    assert format_row_feedback(row, register, find_total, "vi", [doubt]) == feedback
    english = format_row_feedback(row, register, find_total, "en", [doubt])
    assert english.startswith("? Counted; ")
    assert is_feedback(feedback)
    assert is_feedback(english)
    texts = format_feedback([row], register, find_total, find_doubts=lambda _: [doubt])
    assert texts == {("Tiến độ", 2): feedback}


def test_feedback_on_a_doubtful_row_keeps_its_other_warnings(register: Register) -> None:
    (row,) = check_rows(register, [*NEWS_ROW[:5], ""])
    text = format_row_feedback(row, register, make_find_total(TARGET_TOTALS), "vi", [DOUBTS[0][0]])
    assert text == f"{DOUBTS[0][1]} · Thiếu minh chứng"


def test_feedback_on_a_rejected_row_has_no_doubts(register: Register) -> None:
    (row,) = check_rows(register, [*NEWS_ROW[:3], "hai", "", "12/BC"])
    assert format_row_feedback(row, register, make_find_total({}), "vi", [DOUBTS[0][0]]).startswith("✗ ")


@pytest.mark.parametrize("text", ["", "đã xem", "!", "✓", "=1", "Hoàn thành", "?", "? Sao chưa tính", "? Đã tính"])
def test_texts_typed_by_people_are_not_feedback(text: str) -> None:
    assert not is_feedback(text)


def test_feedback_on_a_row_that_is_no_data_says_so_and_is_recognised() -> None:
    row = SetAsideRow("tasks", "Nhiệm vụ", 9, 1, "no_data", "Cộng")
    text = format_set_aside_feedback(row)
    assert text.startswith("○ Không phải dòng số liệu: chưa có mã nhiệm vụ")
    assert format_set_aside_feedback(row, "en").startswith("○ Not a row of data: it has neither")
    assert is_feedback(text) and is_feedback(format_set_aside_feedback(row, "en"))


@pytest.mark.parametrize(
    ("texts", "sign"),
    [(("✓ a", "? Đã tính; b"), "!"), (("? Đã tính; a", "? Đã tính; b"), "!"), (("? Đã tính; a", "✗ b"), "✗")],
)
def test_rows_in_doubt_in_one_merged_cell_have_a_text_that_is_recognised(texts: tuple[str, str], sign: str) -> None:
    joined = join_row_texts(dict(enumerate(texts, 2)))
    assert joined == f"{sign} dòng 2: {texts[0]} · dòng 3: {texts[1]}"
    assert is_feedback(joined)
