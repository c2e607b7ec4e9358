"""The report names what an amendment changed in its year, and cites the clause of each target."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from docx import Document

from kpis.report.document import write_report
from kpis.report.figures import gather_report
from tests.cli.versioned_plan import PLAN
from tests.measures.amended_year import build_amended_year


def test_the_report_names_amendments_of_its_year_and_cites_clauses(tmp_path: Path) -> None:
    installation = build_amended_year(tmp_path / "tinh")
    with installation.open_database() as database:
        figures = gather_report(database, PLAN, 2026, date(2026, 12, 31))
        document = Document(str(write_report(figures, tmp_path / "a.docx")))
        assert gather_report(database, PLAN, 2027, date(2027, 3, 1)).amendments == []
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "Trong năm 2026, kế hoạch được sửa đổi" in text
    assert "- Tin bài về chợ: 60 → 80 từ 01/07/2026 (25/KH-UBND); đánh giá lại năm 2026." in text
    assert "- Tin bài cũ: hết hiệu lực từ 01/07/2026 (25/KH-UBND)" in text
    titles = [row.cells[1].text for row in document.tables[1].rows]
    assert "Tin bài về chợ\n(Sở Công Thương)\nmục Điều 1, trang 2: “Sửa 60 thành 80”" in titles
