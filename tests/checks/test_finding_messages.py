"""design.md §4: a finding's sentence names the cell and says what to do, in Vietnamese and English."""

from __future__ import annotations

import pytest

from kpis.checks.finding_codes import REJECTION_CODES, SET_ASIDE_REASONS, WARNING_CODES
from kpis.checks.finding_messages import (
    MAX_VALUE_LENGTH,
    SENTENCES,
    SET_ASIDE_SENTENCES,
    format_sentence,
    format_set_aside_sentence,
)
from kpis.checks.reported_status import STATUS_WORDS
from kpis.language.messages import LANGUAGES, Language, load_catalogue, read_domain
from kpis.language.normalization import fold_to_alphanumeric
from kpis.sheet import cells
from kpis.sheet.model import CellFinding, CheckedRow
from tests.checks.test_check_codes import PROGRESS_CASES, TASK_CASES
from tests.paths import ROOT
from tests.sheet.small_plan import (
    TASK_HEADER,
    RawValue,
    check_entries,
    check_raw_sheet,
    check_reports,
    make_entry,
    make_report,
    make_sheet,
    make_tab,
)

CATALOGUE = ROOT / "kpis/language/locale/vi/checks.po"


def _format_finding(finding: CellFinding, lang: Language = "vi") -> str:
    return format_sentence(finding.code, lang, finding.cell, finding.header, finding.value, finding.detail)


def _format_only_finding(row: CheckedRow, lang: Language = "vi") -> str:
    (finding,) = (*row.rejections, *row.warnings)
    return _format_finding(finding, lang)


def test_every_code_has_a_sentence_and_every_sentence_a_code_and_a_translation() -> None:
    assert {key.partition(".")[0] for key in SENTENCES} == {*REJECTION_CODES, *WARNING_CODES}
    assert set(SENTENCES) >= {*REJECTION_CODES, *WARNING_CODES}
    assert {key.partition(".")[0] for key in SET_ASIDE_SENTENCES} == set(SET_ASIDE_REASONS)
    assert {*SENTENCES.values(), *SET_ASIDE_SENTENCES.values()} <= set(read_domain(CATALOGUE))


def test_the_sentence_on_a_row_that_is_no_data_names_what_its_tab_needs() -> None:
    assert "cơ quan, chỉ tiêu" in format_set_aside_sentence("no_data", "vi", "Tiến độ")
    assert "mã và trạng thái" in format_set_aside_sentence("no_data", "vi", "NHIEM VU")
    assert format_set_aside_sentence("no_such_reason", "vi", "Tiến độ") == "no_such_reason"


def test_an_example_of_a_code_is_one_of_the_plans_own() -> None:
    for row in (make_report(task=None), make_report(task="x")):
        assert _format_only_finding(check_reports(row)[0]).endswith("hãy ghi mã, ví dụ p.III.1") or (
            "hãy ghi đúng mã, ví dụ p.III.1" in _format_only_finding(check_reports(row)[0])
        )


def test_a_date_of_a_task_is_named_by_its_own_column() -> None:
    sentence = _format_only_finding(check_reports(make_report(day=None))[0])
    assert sentence.startswith("E2 (Ngày hoàn thành): chưa có ngày")


@pytest.mark.parametrize("word", ["hoan thanh", "HOAN THANH", "da xong", "dang lam", "tam dung"])
def test_a_status_may_be_typed_without_diacritics(word: str) -> None:
    assert check_reports(make_report(status=word))[0].report is not None


def test_no_two_statuses_share_a_word_without_diacritics() -> None:
    words = {status: {fold_to_alphanumeric(word) for word in names} for status, names in STATUS_WORDS.items()}
    assert len(set().union(*words.values())) == sum(map(len, words.values()))


@pytest.mark.parametrize("target", ["p.01", "Ít nhất 50 tin bài mỗi năm"])
def test_a_progress_row_on_the_tab_of_tasks_gets_one_sentence(target: str) -> None:
    pasted = check_reports(make_entry(target=target))[0]
    assert "hãy chuyển dòng sang trang tính đó" in _format_only_finding(pasted)
    assert "“Tiến độ”" in _format_only_finding(pasted)
    typed = check_reports(make_report(task=target, status=5, agency="?"))[0]
    assert "“Tiến độ”" in _format_only_finding(typed)


def test_a_task_row_on_the_tab_of_progress_gets_one_sentence() -> None:
    assert "“Nhiệm vụ”" in _format_only_finding(check_entries(make_report())[0])
    assert "“Nhiệm vụ”" in _format_only_finding(check_entries(make_entry(target="p.III.1", day=None))[0])


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("changes", "tasks"), [*((c, False) for c, _ in PROGRESS_CASES), *((c, True) for c, _ in TASK_CASES)]
)
def test_a_rejection_names_its_cell_and_leaves_no_placeholder(
    changes: dict[str, RawValue], tasks: bool, lang: Language
) -> None:
    (row,) = check_reports(make_report(**changes)) if tasks else check_entries(make_entry(**changes))
    for finding in row.rejections:
        sentence = _format_finding(finding, lang)
        assert sentence.startswith(f"{finding.cell}")
        assert "{" not in sentence
        assert lang == "en" or sentence not in load_catalogue("vi").values()


@pytest.mark.parametrize(
    ("row", "vi"),
    [
        (
            make_entry(day="31/02/2026"),
            "A2 (Ngày): 31/02/2026 không có trong lịch; hãy ghi lại dạng ngày/tháng/năm",
        ),
        (
            make_entry(day="15/3"),
            "A2 (Ngày): “15/3” thiếu năm gồm bốn chữ số; hãy ghi đủ ngày/tháng/năm, ví dụ 15/03/2026",
        ),
        (
            make_entry(agency="Sở Công thươg"),
            "B2: “Sở Công thươg” không có trong danh sách cơ quan của kế hoạch; "
            "nếu là “Sở Công Thương”, hãy ghi đúng tên đó",
        ),
        (
            make_entry(agency="Hòa Bình"),
            "B2: “Hòa Bình” không có trong danh sách cơ quan của kế hoạch; "
            "nếu là “UBND xã Hòa Bình”, hãy ghi đúng tên đó",
        ),
        (
            make_entry(agency="UBND các xã"),
            "B2: “UBND các xã” là nhiều cơ quan; hãy ghi mỗi cơ quan một dòng riêng",
        ),
        (
            make_entry(target="Sự kiện công cộng"),
            "C2: “Sự kiện công cộng” ứng với nhiều chỉ tiêu; hãy ghi một mã: p.02, p.03",
        ),
        (
            make_entry(target="p.05", quantity="2 người", total="5 người"),
            "D2 (Số lượng), E2: “2 người” không phải là số; hãy chỉ ghi chữ số, không kèm chữ, đơn vị hay ký hiệu",
        ),
        (
            make_entry(target="p.05", quantity=6, total=5),
            "D2: 6 lớn hơn tổng số 5; hãy kiểm tra lại cả hai số",
        ),
        (
            make_entry(content=cells.make_error_cell("#REF!")),
            "F2 (Nội dung): công thức không cho kết quả (#REF!); hãy sửa công thức hoặc gõ thẳng giá trị",
        ),
    ],
)
def test_sentences_in_vietnamese(row: list[RawValue], vi: str) -> None:
    assert _format_only_finding(check_entries(row)[0]) == vi


def test_sentences_in_english() -> None:
    sentence = _format_only_finding(check_entries(make_entry(day="31/02/2026"))[0], "en")
    assert sentence == "A2 (Ngày): 31/02/2026 is not in the calendar; write the date again as day/month/year"


def test_a_missing_column_is_to_be_added() -> None:
    raw = make_sheet(make_tab([]), make_tab([["p.III.1", "Đã xong"]], TASK_HEADER[0:1] + TASK_HEADER[3:4], "Nhiệm vụ"))
    assert _format_only_finding(check_raw_sheet(raw).rows[0]).startswith(
        "Nhiệm vụ đã hoàn thành cần có ngày; hãy thêm cột"
    )
    four = make_sheet(make_tab([make_entry(target="p.05")[:4]], ["Ngày", "Cơ quan", "Chỉ tiêu", "Số lượng"]))
    assert _format_only_finding(check_raw_sheet(four).rows[0]).startswith("Chỉ tiêu tỷ lệ cần có tổng số; hãy thêm cột")


def test_a_task_code_without_its_plan_gets_the_full_code_suggested() -> None:
    assert "nếu là “p.III.1”" in _format_only_finding(check_reports(make_report(task="III.01"))[0])
    assert "nếu là" not in _format_only_finding(check_reports(make_report(task="III.9"))[0])


def test_text_of_a_sheet_is_shortened_and_never_used_as_a_template() -> None:
    long = "{row} " + "x" * 500
    sentence = _format_only_finding(check_entries(make_entry(target=long))[0])
    assert "{row} xxx" in sentence
    assert "x" * MAX_VALUE_LENGTH not in sentence
    assert "…" in sentence


def test_an_unknown_code_is_shown_as_it_is() -> None:
    assert format_sentence("no_such_code", "vi", "D2", None, None, {}) == "D2: no_such_code"


def test_a_plan_without_tasks_says_so_instead_of_asking_for_a_code() -> None:
    sentence = format_sentence("task_unknown", "vi", "A2", "Mã", "1", {"reason": "no_tasks"})
    assert sentence.startswith("A2: kế hoạch này không có phụ lục nhiệm vụ")


@pytest.mark.parametrize(("value", "text"), [(1e15, "1000000000000000"), (2.5e20, "250000000000000000000")])
def test_a_number_that_is_too_large_is_written_out(value: float, text: str) -> None:
    sentence = format_sentence(
        "quantity_unreadable", "vi", "D2", "Số lượng", cells.make_number_cell(value).text, {"reason": "large"}
    )
    assert sentence.startswith(f"D2 (Số lượng): {text} quá lớn: chỉ nhận số nhỏ hơn 1.000.000.000.000")
