"""Explanations in the pack: asked and answered first, every one in annex and workbook, outside the fingerprint."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from kpis.measures.explanations import Explanation, ExplanationState
from kpis.pack.edition.comparison import dump_figures
from kpis.pack.figures.edition_figures import EditionFigures
from kpis.pack.figures.fingerprint import compute_fingerprint
from kpis.pack.meeting.parts import open_parts
from kpis.pack.pages.compose import build_contents
from kpis.pack.xlsx.workbook import write_workbook
from tests.pack.fixtures import NOW


def build_explanation(number: int, state: ExplanationState, answered_on: date | None = None) -> Explanation:
    return Explanation(
        id=f"YC-ha-noi-2026-{number:04}",
        plan="ha-noi",
        target="ha-noi.02",
        task=None,
        agency="Sở Y tế",
        question="=1+1 <b>Vì sao chậm?</b>",
        asked_on=date(2026, 11, 2),
        due_on=date(2026, 11, 9),
        answer="Thiếu *giảng viên*" if answered_on else None,
        measures=None,
        promise_on=date(2026, 12, 1) if answered_on else None,
        answered_on=answered_on,
        answered_by="Nguyễn Văn A" if answered_on else None,
        state=state,
        origin="ledger",
        sheet_state="written",
        title_vi="Tin bài về bảo vệ người tiêu dùng",
        title_en="News items",
    )


OPENPYXL: Any = import_module("openpyxl")  # it has no types


@pytest.fixture(scope="module")
def explained(figures: EditionFigures) -> EditionFigures:
    """Figures with a late, an open, a newly and a long answered, and a withdrawn request."""
    return replace(
        figures,
        explanations=(
            build_explanation(1, "late"),
            build_explanation(2, "open"),
            build_explanation(3, "answered", date(2026, 11, 20)),
            build_explanation(4, "answered", date(2026, 11, 4)),
            build_explanation(5, "withdrawn"),
        ),
    )


def test_the_meeting_shows_late_open_and_newly_answered_ones(explained: EditionFigures, tmp_path: Path) -> None:
    with open_parts(explained, build_contents(explained, NOW, None), NOW, tmp_path) as parts:
        page = next(page for page in parts.meeting.pages if page.kind == "asked")
        [table] = page.tables
        assert [row[3].text for row in table.rows] == ["quá hạn trả lời", "chờ trả lời", "đã trả lời"]
        assert [row[3].state for row in table.rows] == ["overdue", "not_started", "done"]
        todo = next(table for table in parts.meeting.pages[0].tables if table.key == "todo")
        assert todo.rows[0][5].text == "Sở Y tế"
        assert todo.rows[0][1].text == "Tin bài về bảo vệ người tiêu dùng"


def test_annex_and_workbook_have_every_one(explained: EditionFigures, tmp_path: Path) -> None:
    contents = build_contents(explained, NOW, None)
    [table] = [table for table in contents.tables if table.key == "explanations"]
    assert len(table.rows) == 5
    [path] = write_workbook(explained, contents, tmp_path, NOW)
    sheet = OPENPYXL.load_workbook(path)["Giải trình"]
    titles, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert len(rows) == 5
    assert {row[titles.index("Nội dung yêu cầu")] for row in rows} == {"=1+1 <b>Vì sao chậm?</b>"}


def test_an_answer_amends_no_sealed_week(figures: EditionFigures, explained: EditionFigures) -> None:
    assert compute_fingerprint(figures) == compute_fingerprint(explained)
    stored = json.loads(dump_figures(explained, None))["explanations"]
    assert [item["state"] for item in stored] == ["late", "open", "answered", "answered", "withdrawn"]
    assert stored[2]["answered_on"] == "2026-11-20"
