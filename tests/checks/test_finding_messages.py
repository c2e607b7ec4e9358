"""design.md §4: a finding's sentence names the cell and says what to do, in Vietnamese and English."""

from __future__ import annotations

import pytest

from kpis.checks.finding_codes import REJECTION_CODES, WARNING_CODES
from kpis.checks.finding_messages import MAX_VALUE_LENGTH, SENTENCES, format_sentence
from kpis.language.messages import LANGUAGES, Language, load_catalogue, read_domain
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
    assert set(SENTENCES.values()) <= set(read_domain(CATALOGUE))


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
            "A2: 31/02/2026 không có trong lịch; hãy ghi lại ngày thực hiện dạng ngày/tháng/năm",
        ),
        (
            make_entry(day="15/3"),
            "A2: “15/3” thiếu năm gồm bốn chữ số; hãy ghi đủ ngày/tháng/năm, ví dụ 15/03/2026",
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
            "D2 (Số lượng), E2: “2 người” không phải là số; "
            "hãy chỉ ghi chữ số, không kèm chữ, đơn vị hay ký hiệu",
        ),
        (
            make_entry(target="p.05", quantity=6, total=5),
            "D2: 6 lớn hơn tổng số 5; hãy kiểm tra lại cả hai số",
        ),
        (
            make_entry(content=cells.make_error_cell("#REF!")),
            "F2: công thức không cho kết quả (#REF!); hãy sửa công thức hoặc gõ thẳng giá trị",
        ),
    ],
)
def test_sentences_in_vietnamese(row: list[RawValue], vi: str) -> None:
    assert _format_only_finding(check_entries(row)[0]) == vi


def test_sentences_in_english() -> None:
    sentence = _format_only_finding(check_entries(make_entry(day="31/02/2026"))[0], "en")
    assert sentence == "A2: 31/02/2026 is not in the calendar; write the date again as day/month/year"


def test_a_missing_column_is_to_be_added() -> None:
    raw = make_sheet(
        make_tab([]), make_tab([["p.III.1", "Đã xong"]], TASK_HEADER[0:1] + TASK_HEADER[3:4], "Nhiệm vụ")
    )
    assert _format_only_finding(check_raw_sheet(raw).rows[0]).startswith(
        "Nhiệm vụ đã hoàn thành cần có ngày; hãy thêm cột"
    )
    four = make_sheet(make_tab([make_entry(target="p.05")[:4]], ["Ngày", "Cơ quan", "Chỉ tiêu", "Số lượng"]))
    assert _format_only_finding(check_raw_sheet(four).rows[0]).startswith(
        "Chỉ tiêu tỷ lệ cần có tổng số; hãy thêm cột"
    )


def test_a_task_code_without_its_plan_gets_the_full_code_suggested() -> None:
    assert "nếu là “p.III.1”" in _format_only_finding(check_reports(make_report(task="III.1"))[0])
    assert "nếu là" not in _format_only_finding(check_reports(make_report(task="III.9"))[0])


def test_text_of_a_sheet_is_shortened_and_never_used_as_a_template() -> None:
    long = "{row} " + "x" * 500
    sentence = _format_only_finding(check_entries(make_entry(target=long))[0])
    assert "{row} xxx" in sentence
    assert "x" * MAX_VALUE_LENGTH not in sentence
    assert "…" in sentence


def test_an_unknown_code_is_shown_as_it_is() -> None:
    assert format_sentence("no_such_code", "vi", "D2", None, None, {}) == "D2: no_such_code"
