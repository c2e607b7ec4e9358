"""Places whose sheets were never read: pages, workbook and report mark their figures as no results."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from kpis.measures.data_availability import DataAvailability
from kpis.pack.figures.fingerprint import compute_fingerprint
from kpis.pack.figures.gather import build_last_week_query, gather_figures
from kpis.pack.pages.compose import build_contents
from kpis.pack.pages.contents import Note, Page, Table
from kpis.pack.xlsx.workbook import write_workbook
from kpis.report.document import write_report
from kpis.report.figures import gather_report
from kpis.services.refresh import refresh
from kpis.settings import load_settings
from kpis.sheet.model import UnreadTab
from kpis.store.database import Database
from kpis.sync.note_messages import build_unread_message
from kpis.sync.status import LastRead
from kpis.wording import missing_data
from tests.cli.conftest import INVALID_ROWS, VALID_ROWS, Project
from tests.pack.fixtures import NOW, TODAY
from tests.paths import SAMPLE

OPENPYXL: Any = import_module("openpyxl")  # it has no types
SOURCES = f"""
[[source]]
id = "ward"
plan = "bac-kan"
workbook = "{SAMPLE / "bac-kan.xlsx"}"
""" + "".join(
    f"""
[[source]]
id = "gone-{plan}"
plan = "{plan}"
workbook = "gone-{plan}.xlsx"
"""
    for plan in ("ha-noi", "dong-thap", "thai-nguyen", "tuyen-quang")
)


@pytest.fixture(scope="module")
def partly_read_database(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """A database in which the ward's sheet was read and those of all other plans failed."""
    folder = tmp_path_factory.mktemp("part")
    (folder / "sources.toml").write_text(SOURCES, encoding="utf-8")
    environ = {"KPIS_SOURCES": str(folder / "sources.toml"), "KPIS_DATABASE": str(folder / "kpis.json")}
    refresh(load_settings(environ), environ, NOW)
    database = Database.open(folder / "kpis.json")
    assert database is not None
    return database


def _build_pages(database: Database, plan: str | None) -> tuple[Page, ...]:
    figures = gather_figures(database, database.pointer, build_last_week_query(TODAY, plan), NOW)
    return build_contents(figures, NOW, None).pages


def _list_no_data_notes(page: Page) -> list[str]:
    return [block.text for block in page.blocks if isinstance(block, Note) and block.state == "no_data"]


def test_the_overview_names_the_unread_places(
    partly_read_database: Database,
) -> None:
    overview, *_ = _build_pages(partly_read_database, None)
    assert _list_no_data_notes(overview) == [
        "Chưa đọc được nguồn số liệu nào của Đồng Tháp, Hà Nội, Thái Nguyên, Tuyên Quang: số 0 và tình trạng "
        "ở đó chưa phải kết quả thực hiện."
    ]
    matrix = next(block for block in overview.blocks if isinstance(block, Table) and block.key == "matrix")
    small = {row[0].text: row[0].subtext for row in matrix.rows}
    assert small["Hà Nội"] == "chưa đọc nguồn nào"
    assert small["Phường Bắc Kạn"].endswith("đạt · phường của Thái Nguyên, tính riêng")


def test_the_page_of_an_unread_place_says_so_in_title_and_note(partly_read_database: Database) -> None:
    pages = {page.key: page for page in _build_pages(partly_read_database, None)}
    assert pages["place-ha-noi"].title == "Hà Nội · chưa đọc nguồn nào"
    assert len(_list_no_data_notes(pages["place-ha-noi"])) == 1
    assert _list_no_data_notes(pages["place-bac-kan"]) == []
    assert "đạt" in pages["place-bac-kan"].title


def test_failed_reads_and_all_rejected_rows_are_noted_on_overview_and_place(
    partly_read_database: Database,
) -> None:
    figures = gather_figures(
        partly_read_database, partly_read_database.pointer, build_last_week_query(TODAY, None), NOW
    )
    lost = replace(
        figures,
        availability=replace(figures.availability, plans_with_counted_rows=frozenset()),
        last_read={"bac-kan": LastRead(date(2026, 11, 10), is_complete=True)},
    )
    pages = {page.key: page for page in build_contents(lost, NOW, None).pages}
    for key in ("overview", "place-bac-kan"):
        notes = " ".join(_list_no_data_notes(pages[key]))
        assert "Mọi dòng đã đọc của Phường Bắc Kạn đều bị trả lại" in notes
        assert "Không đọc được số liệu mới của Phường Bắc Kạn (từ 10/11/2026)" in notes
    assert compute_fingerprint(lost) != compute_fingerprint(figures)
    assert compute_fingerprint(replace(figures, last_read=lost.last_read)) == compute_fingerprint(figures)


def test_the_first_read_of_a_place_changes_the_fingerprint(partly_read_database: Database) -> None:
    query = build_last_week_query(TODAY, "ha-noi")
    figures = gather_figures(partly_read_database, partly_read_database.pointer, query, NOW)
    fingerprint = compute_fingerprint(figures)
    figures.places[0] = replace(figures.places[0], has_been_read=True)
    assert compute_fingerprint(figures) != fingerprint


@pytest.mark.parametrize(("plan", "is_marked"), [("ha-noi", True), ("bac-kan", False)])
def test_the_yearly_report_marks_an_unread_plan_first(
    partly_read_database: Database, tmp_path: Path, plan: str, is_marked: bool
) -> None:
    path = write_report(gather_report(partly_read_database, plan, 2026, TODAY), tmp_path / "a.docx")
    texts = [paragraph.text for paragraph in Document(str(path)).paragraphs]
    first_heading = next(at for at, text in enumerate(texts) if text.startswith("I."))
    marked = [text for text in texts[:first_heading] if text.startswith("[Chưa đọc được nguồn số liệu nào")]
    assert len(marked) == is_marked


def test_the_report_of_an_unread_plan_marks_every_statement(partly_read_database: Database, tmp_path: Path) -> None:
    figures = gather_report(partly_read_database, "thai-nguyen", 2026, TODAY)
    document = Document(str(write_report(figures, tmp_path / "a.docx")))
    unmarked = [
        "".join(run.text for run in item.runs if run.font.highlight_color is None) for item in document.paragraphs
    ]
    task = figures.tasks[0]["title_vi"]
    for text in ("Quá hạn", "chỉ tiêu của năm", "nhiệm vụ, gồm", "chưa gửi kết quả", task):
        assert not any(text in item for item in unmarked), text
        assert any(text in item.text for item in document.paragraphs), text
    for table in document.tables[1], document.tables[-1]:
        at = next(n for n, cell in enumerate(table.rows[0].cells) if cell.text == "Tình trạng")
        runs = [run for row in table.rows for item in row.cells[at].paragraphs for run in item.runs]
        marked = [run.text for run in runs if run.font.highlight_color is not None]
        assert marked.count("[Quá hạn]") >= 14
        assert "Quá hạn" not in [run.text for run in runs if run.font.highlight_color is None]


def test_without_a_tab_of_tasks_the_report_marks_only_statements_on_tasks(database: Database, tmp_path: Path) -> None:
    figures = gather_report(database, "thai-nguyen", 2026, TODAY)
    figures = replace(figures, availability=replace(figures.availability, plans_with_tasks=frozenset()))
    document = Document(str(write_report(figures, tmp_path / "a.docx")))
    marked = [
        run.text for paragraph in document.paragraphs for run in paragraph.runs if run.font.highlight_color is not None
    ]
    assert sum("chưa có trang tính Nhiệm vụ" in text for text in marked) == 1
    assert any(text.startswith("[Phụ lục của kế hoạch có 42 nhiệm vụ") for text in marked)
    assert any(text.startswith("[Trong năm 2026, ") and "nhiệm vụ" in text for text in marked)
    for of_targets in ("chỉ tiêu của năm 2026 đã đạt", "lượt kết quả thực hiện chỉ tiêu"):
        assert not any(of_targets in text for text in marked)
        assert any(of_targets in paragraph.text for paragraph in document.paragraphs)
    assert document.tables[1].rows[1].cells[4].text == "Đã đạt"
    assert document.tables[-1].rows[3].cells[-1].text == "[Hoàn thành]"


def test_if_every_row_was_rejected_the_report_marks_every_statement(database: Database, tmp_path: Path) -> None:
    figures = gather_report(database, "ha-noi", 2026, TODAY)
    figures = replace(figures, availability=replace(figures.availability, plans_with_counted_rows=frozenset()))
    texts = [paragraph.text for paragraph in Document(str(write_report(figures, tmp_path / "a.docx"))).paragraphs]
    assert any(text.startswith("[Mọi dòng đã đọc của Hà Nội") for text in texts), texts[:9]
    assert any(text.startswith("[Tính đến ngày 21/11/2026") for text in texts)


@pytest.mark.parametrize(
    ("rows", "all_rejected"), [(INVALID_ROWS, True), ([*VALID_ROWS, *INVALID_ROWS], False), ([], False)]
)
def test_the_report_knows_whether_every_row_was_rejected(
    tmp_path: Path, rows: list[tuple[object, ...]], all_rejected: bool
) -> None:
    project = Project(tmp_path)
    project.write_workbook(rows)
    assert project.run_kpis("sync").code in (0, 1)
    database = Database.open(project.database)
    assert database is not None
    figures = gather_report(database, "dong-thap", 2026, TODAY)
    database.close()
    assert (figures.has_been_read, figures.all_rows_rejected, figures.has_task_tab) == (
        True,
        all_rejected,
        True,
    )


def test_at_most_five_places_are_named() -> None:
    names = {f"t{n}": f"T{n}" for n in range(1, 9)}
    availability = DataAvailability(*(frozenset({"t8"}),) * 3, rows_read={"t8": 1})
    sentences = missing_data.format_sentences(names, [], availability, {}, "vi")
    assert list(sentences) == ["never"]
    assert "của T1, T2, T3, T4, T5 và 2 nơi khác: " in sentences["never"]
    nothing = missing_data.format_sentences({"t1": "T1", "t2": "T2"}, [], availability, {}, "en")
    assert nothing["never"].startswith("No source has been read yet: ")


def test_unread_places_are_left_out_of_what_is_owed_and_marked_in_the_workbook(
    partly_read_database: Database, tmp_path: Path
) -> None:
    figures = gather_figures(
        partly_read_database, partly_read_database.pointer, build_last_week_query(TODAY, None), NOW
    )
    contents = build_contents(figures, NOW, None)
    tables = {table.key: table for table in contents.tables}
    assert {row[0].text for row in tables["owed"].rows} == {"Phường Bắc Kạn"}
    assert tables["owed"].note == f"{figures.unread_to_do_count} mục khác ở nơi chưa đọc được nguồn nào"
    assert tables["newly-late"].rows == ()
    assert (
        tables["newly-late"].empty_text
        == f"{figures.changes.newly_late_unread_count} mục ở nơi chưa đọc được nguồn nào"
    )
    assert figures.changes.newly_late_unread_count == 14
    write_workbook(figures, contents, tmp_path, NOW)
    book = OPENPYXL.load_workbook(tmp_path / "figures.xlsx")
    for tab in ("Chỉ tiêu", "Nhiệm vụ"):
        head, *rows = book[tab].iter_rows(values_only=True)
        place, remark = head.index("Tỉnh, thành, phường"), head.index("Nguồn số liệu")
        assert {row[remark] for row in rows if row[place] == "Thái Nguyên"} == {"chưa đọc nguồn nào"}
        assert {row[remark] for row in rows if row[place] == "Phường Bắc Kạn"} <= {None}


def test_the_report_says_when_its_sheets_were_last_read(database: Database, tmp_path: Path) -> None:
    figures = gather_report(database, "ha-noi", 2026, TODAY)
    figures = replace(figures, last_read={"ha-noi": LastRead(date(2026, 11, 10), is_complete=True)})
    texts = [paragraph.text for paragraph in Document(str(write_report(figures, tmp_path / "a.docx"))).paragraphs]
    assert [text for text in texts if text.startswith("[Không đọc được số liệu mới của Hà Nội (từ 10/11/2026)")]


UNREAD_TABS = {"ha-noi": (build_unread_message(UnreadTab("Tháng 11", 12, "header")),)}
UNREAD_SENTENCE = "“Tháng 11” (Hà Nội: 12)"


def test_the_overview_names_tabs_that_are_not_read_and_they_amend_no_edition(database: Database) -> None:
    figures = gather_figures(database, database.pointer, build_last_week_query(TODAY, None), NOW)
    with_unread = replace(figures, unread_tabs=UNREAD_TABS)
    (overview,) = (page for page in build_contents(with_unread, NOW, None).pages if page.key == "overview")
    assert [note for note in _list_no_data_notes(overview) if UNREAD_SENTENCE in note]
    assert compute_fingerprint(with_unread) == compute_fingerprint(figures)


def test_the_report_names_tabs_that_are_not_read(database: Database, tmp_path: Path) -> None:
    figures = replace(gather_report(database, "ha-noi", 2026, TODAY), unread_tabs=UNREAD_TABS)
    texts = [paragraph.text for paragraph in Document(str(write_report(figures, tmp_path / "a.docx"))).paragraphs]
    assert [text for text in texts if UNREAD_SENTENCE in text]
