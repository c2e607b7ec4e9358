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
from kpis.pack.figures.gather import build_last_week_query, gather_figures
from kpis.pack.figures.previous_edition import PreviousEdition
from kpis.pack.meeting.parts import open_parts
from kpis.pack.pages.compose import build_contents, list_follow_ups
from kpis.pack.xlsx.workbook import write_workbook
from kpis.store.database import Database
from tests.pack.fixtures import NOW, TODAY


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
    """Figures with a late, an open, a newly and a long answered request."""
    return replace(
        figures,
        explanations=(
            build_explanation(1, "late"),
            build_explanation(2, "open"),
            build_explanation(3, "answered", date(2026, 11, 20)),
            build_explanation(4, "answered", date(2026, 11, 4)),
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
    assert len(table.rows) == 4
    [path] = write_workbook(explained, contents, tmp_path, NOW)
    sheet = OPENPYXL.load_workbook(path)["Giải trình"]
    titles, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert len(rows) == 4
    assert {row[titles.index("Nội dung yêu cầu")] for row in rows} == {"=1+1 <b>Vì sao chậm?</b>"}


def test_an_answer_amends_no_sealed_week(figures: EditionFigures, explained: EditionFigures) -> None:
    assert compute_fingerprint(figures) == compute_fingerprint(explained)
    stored = json.loads(dump_figures(explained, None))["explanations"]
    assert [item["state"] for item in stored] == ["late", "open", "answered", "answered"]
    assert stored[2]["answered_on"] == "2026-11-20"


def test_what_was_asked_for_last_time_stands_beside_what_was_promised(
    explained: EditionFigures, tmp_path: Path
) -> None:
    answered = build_explanation(6, "answered", date(2026, 11, 20))
    target = list_follow_ups(explained)[0].target
    promised = replace(answered, plan=list_follow_ups(explained)[0].plan, target=target, promise_state="not_due")
    withdrawn = replace(promised, state="withdrawn", promise_on=date(2026, 12, 31), answered_on=date(2026, 11, 21))
    figures = replace(explained, explanations=(promised, withdrawn))
    previous = PreviousEdition("2026-W46", NOW, list_follow_ups(explained))
    [table] = [table for table in build_contents(figures, NOW, previous).tables if table.key == "asked"]
    assert table.rows[0][4].subtext == "cam kết xong trước 01/12/2026: chưa đến hạn"
    assert not [row for row in table.rows[1:] if row[4].subtext]
    [path] = write_workbook(figures, build_contents(figures, NOW, previous), tmp_path, NOW)
    titles, *rows = [[cell.value for cell in row] for row in OPENPYXL.load_workbook(path)["Thay đổi"].iter_rows()]
    requested = [row for row in rows if row[0] == "Việc đã yêu cầu lần trước"]
    promises = [row[titles.index("Cam kết")] for row in requested]
    assert promises == ["cam kết xong trước 01/12/2026: chưa đến hạn", *[None] * (len(requested) - 1)]


def test_figures_with_rows_to_confirm_are_to_do_last(figures: EditionFigures) -> None:
    place = next(place for place in figures.places if place.plan == "ha-noi")
    row = {
        "source": "ha-noi", "tab": "Tiến độ", "row": 7, "agency": "Sở Y tế", "confirmed": False, "quantity": 1,
        "content": None,
    }  # fmt: skip
    doubts: Any = [{"code": "struck_through", "rows": [row], "reduces_by": 1}]
    doubted: Any = {**place.targets[0], "doubts": doubts}
    changed = replace(place, targets=[doubted, *place.targets[1:]])
    places = [changed if each is place else each for each in figures.places]
    last = replace(figures, places=places).todo_items[-1]
    assert (last.kind, last.subject, last.rows_to_confirm) == ("doubt", place.targets[0]["target"], 1)
    unread = replace(changed, has_been_read=False)
    items = replace(figures, places=[unread if each is changed else each for each in places]).todo_items
    assert not [item for item in items if item.kind == "doubt"]


def test_a_withdrawn_request_leaves_the_pack(
    database: Database, pointer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = [build_explanation(1, "late"), build_explanation(2, "withdrawn")]
    monkeypatch.setattr("kpis.pack.figures.gather.fetch_explanations", lambda *_arguments: items)
    figures = gather_figures(database, pointer, build_last_week_query(TODAY, "ha-noi"), NOW)
    assert [item.id for item in figures.explanations] == ["YC-ha-noi-2026-0001"]
