"""The yearly report: the plan's own columns, the dashboard's figures, gaps marked, nothing invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import chain
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from docx import Document

from kpis.errors import UsageError
from kpis.measures.attainment import compute_attainment
from kpis.measures.attainment_rows import MET_STATUSES
from kpis.measures.question import Question, as_plan_set
from kpis.measures.task_status import TaskStatus
from kpis.register.load import load_register
from kpis.report.annex import list_plan_columns
from kpis.report.document import write_report
from kpis.report.figures import gather_report, resolve_report_day
from kpis.report.phrases import format_owed, format_promise, format_result
from kpis.store.database import Database
from tests.cli.command_runner import run_kpis
from tests.cli.conftest import create_project
from tests.ui.handmade_rows import build_target

DAY = date(2026, 11, 20)


def _write_document(database: Database, plan: str, path: Path) -> Any:
    return Document(str(write_report(gather_report(database, plan, 2026, DAY), path)))


def _read_text(document: Any) -> str:
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def test_sections_and_form_are_those_of_vietnamese_administration(database: Database, tmp_path: Path) -> None:
    document = _write_document(database, "dong-thap", tmp_path / "a.docx")
    head = document.tables[0].rows[0].cells
    assert "SỞ CÔNG THƯƠNG" in head[0].text
    assert "Số: […]" in head[0].text
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in head[1].text
    headings = [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == "Heading 1"]
    assert [text.split(".")[0] for text in headings] == ["I", "II", "III", "IV", "V"]


def test_figures_are_those_of_attainment_for_the_same_day(database: Database, tmp_path: Path) -> None:
    rows = compute_attainment(database, Question(DAY, year=2026, plans=as_plan_set("dong-thap")))
    document = _write_document(database, "dong-thap", tmp_path / "a.docx")
    met = sum(row["status"] in MET_STATUSES for row in rows)
    assert f"Tính đến ngày 20/11/2026, {met}/{len(rows)} chỉ tiêu" in _read_text(document)
    lines = [[cell.text for cell in row.cells] for row in document.tables[1].rows[1:]]
    assert [line[2] for line in lines] == [format_promise(row) for row in rows]
    assert [line[3] for line in lines if not line[3].startswith("[")] == [
        format_result(row) for row in rows if row["entries"]
    ]


@pytest.mark.parametrize(
    ("plan", "columns", "tasks"),
    [
        ("dong-thap", ["STT", "Nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Sản phẩm đầu ra"], 31),
        ("thai-nguyen", ["TT", "Nội dung nhiệm vụ", "Đơn vị chủ trì", "Đơn vị phối hợp", "Kết quả"], 42),
        ("tuyen-quang", ["TT", "Nội dung nhiệm vụ", "Cơ quan, đơn vị chủ trì thực hiện"], 16),
    ],
)
def test_the_annex_has_the_plans_columns_and_every_task(
    database: Database, tmp_path: Path, plan: str, columns: list[str], tasks: int
) -> None:
    annex = _write_document(database, plan, tmp_path / "a.docx").tables[-1]
    headers = [row for row in annex.rows if row._tr.xpath("w:trPr/w:tblHeader")]
    header = [cell.text for cell in headers[-1].cells]
    assert header[: len(columns)] == columns
    assert header[-3:] == ["Kết quả", "Minh chứng", "Tình trạng"]
    assert sum(row.cells[0].text.isdigit() for row in annex.rows) == tasks


def test_a_plan_without_columns_of_its_own_gets_neutral_ones_that_its_tasks_fill(database: Database) -> None:
    figures = gather_report(database, "thai-nguyen", 2026, DAY)
    bare: list[TaskStatus] = [{**task, "schedule": None} for task in figures.tasks]
    unstated = replace(figures, plan={**figures.plan, "annex_columns": None}, tasks=bare)
    titles = [title for _, title in list_plan_columns(unstated)]
    assert titles == ["TT", "Nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp"]
    first: TaskStatus = {**figures.tasks[0], "output": "Báo cáo", "schedule": "2026"}
    filled = replace(unstated, tasks=[first])
    assert [title for _, title in list_plan_columns(filled)] == [*titles, "Sản phẩm", "Thời gian thực hiện"]


def test_two_columns_share_a_cell_in_a_header_of_two_rows(database: Database, tmp_path: Path) -> None:
    upper, lower = _write_document(database, "thai-nguyen", tmp_path / "a.docx").tables[-1].rows[:2]
    above, below = list(upper.cells), list(lower.cells)
    assert [cell.text for cell in above[:5]] == [
        *("TT", "Nội dung nhiệm vụ", "Cơ quan thực hiện", "Cơ quan thực hiện", "Kết quả")
    ]
    assert above[2]._tc is above[3]._tc
    assert [cell.text for cell in below[2:4]] == ["Đơn vị chủ trì", "Đơn vị phối hợp"]
    assert all(above[at]._tc is below[at]._tc for at in (0, 1, 4, 5, 6))


@pytest.mark.parametrize("plan", ["dong-thap", "thai-nguyen", "tuyen-quang"])
def test_agencies_are_in_the_order_in_which_the_plan_names_them(database: Database, plan: str) -> None:
    register_tasks = load_register().tasks
    for task in gather_report(database, plan, 2026, DAY).tasks:
        registered = register_tasks[task["task"]]
        expected = (list(registered.leads), list(registered.coordinators))
        assert (task["leads"], task["coordinators"]) == expected


def test_a_task_added_by_an_overlay_is_in_its_section(tmp_path: Path) -> None:
    overlay = tmp_path / "overlay"
    (overlay / "plans").mkdir(parents=True)
    added = """
        [[task]]
        id = "dong-thap.I.3"
        section = "I"
        number = "3"
        title_vi = "Việc thêm"
        title_en = "One more"
        line = 141
        leads = ["Sở Công Thương"]
        timing = "once"
        first_year = 2026
        last_year = 2026
    """
    text = '[plan]\nid = "dong-thap"\n' + dedent(added)
    (overlay / "plans" / "dong-thap.toml").write_text(text, encoding="utf-8")
    project = create_project(tmp_path / "project")
    sources = {"KPIS_DATABASE": str(project.database), "KPIS_SOURCES": str(project.sources)}
    read = run_kpis("sync", environ={**sources, "KPIS_REGISTER": str(overlay)})
    assert read.code == 0, read.err
    database = Database.open(project.database)
    assert database is not None
    rows = [row.cells for row in _write_document(database, "dong-thap", tmp_path / "a.docx").tables[-1].rows]
    firsts = [cells[0].text for cells in rows if cells[0]._tc is not cells[1]._tc]
    heads = [cells[0].text.split(".")[0] for cells in rows if cells[0]._tc is cells[1]._tc]
    assert firsts[1:6] == ["1", "2", "3", "1", "2"]
    assert heads == ["I", "II", "III", "IV", "V"]
    assert rows[4][1].text == "Việc thêm"


def test_wording_is_that_of_a_document_not_of_a_dashboard(database: Database, tmp_path: Path) -> None:
    document = _write_document(database, "ha-noi", tmp_path / "a.docx")
    text = _read_text(document)
    assert "còn thiếu 12 tin bài; thời hạn thực hiện đến ngày 31/12/2026." in text
    assert "·" not in text
    assert "/tuần" not in text
    rows = {row.cells[1].text.split("\n")[0]: row.cells for row in document.tables[1].rows}
    taking_part = rows["Tổ chức, hiệp hội tham gia tuyên truyền, đào tạo kỹ năng"]
    assert (taking_part[2].text, taking_part[3].text) == ("100% tổ chức", "7/10 cơ quan, đơn vị")


_SOME_OF_TEN: dict[str, Any] = {
    "measure": "coverage",
    "denominator": 10,
    "roster_size": 10,
    "floor_exact": Decimal("0.6"),
    "unit": "tổ chức",
}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"actual": 24, "numerator": 24}, "còn thiếu 26 tin bài; thời hạn thực hiện đến ngày 31/12/2026"),
        ({"as_of": date(2026, 12, 31), "status": "behind"}, "đến hạn vào ngày 31/12/2026"),
        ({"due_on": date(2026, 11, 15), "status": "overdue"}, "đã quá thời hạn ngày 15/11/2026"),
        ({"measure": "milestone", "numerator": 0, "floor_exact": 1}, "chưa hoàn thành; thời hạn"),
        ({"comparator": "<=", "numerator": 52}, "vượt 2 tin bài so với mức cho phép; "),
        ({"measure": "ratio", "denominator": None}, "chưa chốt danh sách phải thực hiện, đã có 3 cơ quan"),
        (
            {"measure": "ratio", "denominator": 30, "roster_size": 5, "roster_reported": 3, "floor_exact": 1},
            "còn thiếu 6 tin bài, còn 2 cơ quan, đơn vị chưa báo cáo; thời hạn",
        ),
        ({**_SOME_OF_TEN, "numerator": 6, "roster_reported": 7}, "còn 3 cơ quan, đơn vị chưa báo cáo; thời"),
        (
            {**_SOME_OF_TEN, "numerator": 4, "roster_reported": 5},
            "cần thêm 2 cơ quan, đơn vị tham gia, còn 5 cơ quan, đơn vị chưa báo cáo; thời hạn",
        ),
        (
            {**_SOME_OF_TEN, "numerator": 4, "roster_reported": 10, "floor_exact": 1, "unit": "mô hình"},
            "còn 6 cơ quan, đơn vị chưa tham gia; thời hạn",
        ),
        ({"status": "attained"}, ""),
    ],
)
def test_what_is_owed_is_a_sentence(changes: dict[str, Any], sentence: str) -> None:
    row = build_target(**{"floor_exact": 50, **changes})
    is_ending = sentence.startswith(("đến", "đã"))
    assert format_owed(row).endswith(sentence) if is_ending else format_owed(row).startswith(sentence)
    assert bool(format_owed(row)) == bool(sentence)


def test_reports_of_0_of_0_are_a_result() -> None:
    row = build_target(measure="ratio", numerator=0, denominator=0, unit="cán bộ", status="not_applicable")
    assert format_result(row) == "0/0 cán bộ (không có đối tượng)"


@pytest.mark.parametrize("plan", ["ha-noi", "bac-kan"])
def test_a_plan_without_an_annex_has_a_report_without_one(database: Database, tmp_path: Path, plan: str) -> None:
    document = _write_document(database, plan, tmp_path / "a.docx")
    assert "PHỤ LỤC" not in _read_text(document)
    assert len(document.sections) == 1


def test_text_to_be_written_is_highlighted_and_sample_figures_are_labelled_on_every_page(
    database: Database, tmp_path: Path
) -> None:
    document = _write_document(database, "dong-thap", tmp_path / "a.docx")
    for paragraph in document.paragraphs:
        for run in paragraph.runs:
            assert (run.font.highlight_color is not None) == run.text.startswith("["), run.text
    for section in document.sections:
        assert "SỐ LIỆU MINH HỌA" in "".join(paragraph.text for paragraph in section.header.paragraphs)
    first = document.sections[0].first_page_header
    assert "SỐ LIỆU MINH HỌA" in first.paragraphs[0].text


def test_the_same_figures_give_the_same_bytes(database: Database, tmp_path: Path) -> None:
    figures = gather_report(database, "tuyen-quang", 2026, DAY)
    first, second = write_report(figures, tmp_path / "a.docx"), write_report(figures, tmp_path / "b.docx")
    assert first.read_bytes() == second.read_bytes()


def test_a_year_without_targets_is_rejected(database: Database) -> None:
    with pytest.raises(UsageError, match="2027"):
        gather_report(database, "thai-nguyen", 2027, date(2027, 6, 1))


def test_a_day_in_the_future_is_rejected(pointer: Path, tmp_path: Path) -> None:
    assert resolve_report_day(2026, date(2026, 11, 21), date(2026, 11, 21)) == date(2026, 11, 21)
    with pytest.raises(UsageError, match="22/11/2026"):
        resolve_report_day(2026, date(2026, 11, 21), date(2026, 11, 22))
    out = tmp_path / "a.docx"
    arguments = ("--plan", "tuyen-quang", "--year", "2026", "--as-of", "2026-12-20", "--out", str(out))
    result = run_kpis("report", *arguments, "--database", str(pointer))
    assert result.code != 0
    assert "Không lập được báo cáo tính đến ngày 20/12/2026" in result.err
    assert not out.exists()


def test_the_command_writes_it_and_says_what_went_wrong(pointer: Path, tmp_path: Path) -> None:
    arguments = ("--plan", "tuyen-quang", "--year", "2026", "--database", str(pointer))
    good = run_kpis("report", *arguments, "--out", str(tmp_path / "a.docx"))
    assert (good.code, good.out.strip()) == (0, str(tmp_path / "a.docx"))
    assert [path.name for path in tmp_path.iterdir()] == ["a.docx"]
    bad = run_kpis("report", *arguments, "--out", str(tmp_path / "a.docx" / "b.docx"), "--lang", "en")
    assert (bad.code, bad.out) == (3, "")
    assert "could not be written" in bad.err


def test_the_annex_says_which_report_it_comes_with(database: Database, tmp_path: Path) -> None:
    document = _write_document(database, "dong-thap", tmp_path / "a.docx")
    (line,) = (paragraph for paragraph in document.paragraphs if paragraph.text.startswith("(Kèm theo Báo cáo số […]"))
    assert line.text == ("(Kèm theo Báo cáo số […]/BC-[…] ngày […] tháng […] năm […] của Sở Công Thương)")
    assert sum(run.font.highlight_color is not None for run in line.runs) == 5


@pytest.mark.parametrize("difficulty", ["Thiếu kinh phí", "Thiếu kinh phí.", "Thiếu kinh phí; "])
def test_a_difficulty_ends_with_one_full_stop(database: Database, tmp_path: Path, difficulty: str) -> None:
    figures = gather_report(database, "tuyen-quang", 2026, DAY)
    for report in chain.from_iterable(figures.reports.values()):
        report["difficulty"] = difficulty
    quoted = _read_text(Document(str(write_report(figures, tmp_path / "a.docx"))))
    assert "): Thiếu kinh phí.\n" in quoted
    assert ".." not in quoted


def test_a_plan_without_task_reports_does_not_claim_that_there_are_no_difficulties(
    database: Database, tmp_path: Path
) -> None:
    sentence = "Các báo cáo nhiệm vụ không nêu khó khăn"
    assert sentence not in _read_text(_write_document(database, "ha-noi", tmp_path / "a.docx"))
    figures = gather_report(database, "tuyen-quang", 2026, DAY)
    for report in chain.from_iterable(figures.reports.values()):
        report["difficulty"] = None
    path = write_report(figures, tmp_path / "b.docx")
    assert sentence in _read_text(Document(str(path)))
