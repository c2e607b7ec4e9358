"""The pack lists what an amendment changed since the edition before, with document and reviewer; and the clauses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from kpis.language import clock
from kpis.pack.figures.edition_figures import EditionFigures, FiguresQuery
from kpis.pack.figures.fingerprint import compute_fingerprint
from kpis.pack.figures.gather import gather_figures
from kpis.pack.pages.compose import build_contents
from kpis.pack.pages.contents import Table
from kpis.pack.xlsx.workbook_tabs import build_tabs
from tests.cli.versioned_plan import PLAN, Installation
from tests.measures.amended_year import build_amended_year

NOW = datetime(2026, 7, 6, 3)


def gather(installation: Installation, as_of: date, since: date) -> EditionFigures:
    query = FiguresQuery(as_of, PLAN, since, clock.get_end_of_day(since))
    with installation.open_database() as database:
        return gather_figures(database, installation.folder / "var" / "kpis.json", query, NOW)


def find_amended(figures: EditionFigures) -> Table | None:
    contents = build_contents(figures, NOW, None)
    return next((table for table in contents.tables if table.key == "amended"), None)


def test_changes_of_the_week_are_listed_with_document_and_reviewer(tmp_path: Path) -> None:
    installation = build_amended_year(tmp_path / "tinh")
    figures = gather(installation, date(2026, 7, 5), date(2026, 6, 28))
    table = find_amended(figures)
    assert table is not None and len(table.rows) == 4
    texts = {row[1].text: row[2].text for row in table.rows}
    assert texts["Tin bài về chợ"].startswith("60 → 80 từ 01/07/2026 (25/KH-UBND)")
    assert texts["Tin bài cũ"].startswith("hết hiệu lực từ 01/07/2026")
    assert {row[3].text for row in table.rows} == {"Nguyễn Thị Hà"}
    contents = build_contents(figures, NOW, None)
    (tab,) = [tab for tab in build_tabs(figures, contents) if tab.name == "Thay đổi"]
    rows = [row for key, row in tab.iterate_rows() if key == "amended"]
    assert len(rows) == 4
    assert any("60 → 80 từ 01/07/2026" in str(cell) for row in rows for cell in row)


def test_a_week_without_an_amendment_has_no_table_and_one_with_it_another_fingerprint(tmp_path: Path) -> None:
    installation = build_amended_year(tmp_path / "tinh")
    assert find_amended(gather(installation, date(2026, 7, 19), date(2026, 7, 12))) is None
    amended = gather(installation, date(2026, 7, 5), date(2026, 6, 28))
    second = gather(installation, date(2026, 7, 5), date(2026, 6, 28))
    assert compute_fingerprint(amended) == compute_fingerprint(second)
    assert compute_fingerprint(amended) != compute_fingerprint(replace(amended, amendments=()))


def test_a_target_has_the_place_of_its_clause_and_in_the_workbook_its_words(tmp_path: Path) -> None:
    figures = gather(build_amended_year(tmp_path / "tinh"), date(2026, 7, 5), date(2026, 6, 28))
    contents = build_contents(figures, NOW, None)
    (table,) = [table for table in contents.tables if table.key == f"targets-{PLAN}"]
    assert "Sở Công Thương · mục Điều 1, trang 2" in [row[0].subtext for row in table.rows]
    (tab,) = [tab for tab in build_tabs(figures, contents) if tab.name == "Chỉ tiêu"]
    assert any("Sửa 60 thành 80" in row for _, row in tab.iterate_rows())
