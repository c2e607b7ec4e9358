"""Explanations under the difficulties of the yearly report: as of its day, of its year and plan, as text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from kpis.measures.explanations import Explanation, ExplanationState
from kpis.report.document import write_report
from kpis.report.figures import ReportFigures, gather_report
from kpis.requests.ledger import append_events
from kpis.requests.model import RequestEvent
from kpis.sheet.model import RawSheet
from kpis.store.database import Database
from tests.sync.conftest import NOON, SheetRow, World, make_entry, make_sheet

LEAD, OTHER = "Sở Công Thương", "Sở Tài chính"
COLUMNS = ("Mã", "Cơ quan", "Giải trình", "Biện pháp", "Cam kết hoàn thành", "Ngày trả lời")
HOSTILE = "#set text(red) {0} [chưa] $x$ <w:p/> =1+1 *đậm*"
ANSWERED = date(2026, 6, 1)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    world = World(tmp_path / "var" / "kpis.json")
    answer = (*("p.01", OTHER), HOSTILE, "Tăng {cường}", date(2026, 7, 1), ANSWERED)
    rows: list[SheetRow] = [dict(zip(COLUMNS, answer, strict=True))]
    main, extra = make_sheet([make_entry(date(2026, 3, 1), 3)]), make_sheet(rows, columns=COLUMNS)
    world.sheets["s"] = RawSheet((*main.tabs, replace(extra.tabs[0], name="Giải trình")), NOON)
    world.sync()
    details = {"plan": "p", "agency": LEAD, "question": HOSTILE, "entry": "p.01", "due_on": "2026-06-08"}
    event = RequestEvent("YC-p-2026-0001", "asked", NOON, ANSWERED, "", details)
    foreign = RequestEvent("YC-q-2026-0001", "asked", NOON, ANSWERED, "", {**details, "plan": "q"})
    append_events(world.pointer, NOON, lambda _content, at: [replace(each, at=at) for each in (event, foreign)])
    opened = world.open_database()
    yield opened
    opened.close()


def write(figures: ReportFigures, folder: Path) -> Any:
    return Document(str(write_report(figures, folder / "a.docx")))


def list_lines(document: Any) -> list[str]:
    texts = [paragraph.text for paragraph in document.paragraphs]
    start = next(number for number, text in enumerate(texts) if text.startswith("IV."))
    end = next(number for number, text in enumerate(texts) if text.startswith("V."))
    return [text for text in texts[start:end] if "yêu cầu ngày" in text or "Giải trình" in text]


@pytest.mark.parametrize(
    ("day", "state", "outcome"),
    [
        (date(2026, 6, 5), "Chờ trả lời (hạn 08/06/2026).", "chưa đến hạn"),
        (date(2026, 6, 9), "Quá hạn trả lời (hạn 08/06/2026).", "chưa đến hạn"),
        (date(2026, 7, 2), "Quá hạn trả lời (hạn 08/06/2026).", "chưa xong"),
    ],
)
def test_question_answer_measures_and_promise_stand_as_of_the_day(
    database: Database, tmp_path: Path, day: date, state: str, outcome: str
) -> None:
    count, request, answer = list_lines(write(gather_report(database, "p", 2026, day), tmp_path))
    assert count == "Giải trình của các cơ quan: 2 nội dung, trong đó 1 nội dung đã có giải trình."
    assert f"({LEAD}), yêu cầu ngày 01/06/2026: “{HOSTILE}” {state}" in request
    assert f"({OTHER}): Giải trình ngày 01/06/2026: {HOSTILE}. Biện pháp: Tăng {{cường}}." in answer
    assert "01/07/2026" in answer and answer.endswith(f": {outcome}.")


def test_nothing_that_a_person_wrote_is_highlighted_as_a_gap(database: Database, tmp_path: Path) -> None:
    document = write(gather_report(database, "p", 2026, date(2026, 6, 9)), tmp_path)
    lines = [each for each in document.paragraphs if HOSTILE in each.text]
    assert len(lines) == 2
    assert not [run for line in lines for run in line.runs if run.font.highlight_color is not None]


def test_a_day_ahead_of_the_question_knows_nothing_of_it(database: Database, tmp_path: Path) -> None:
    assert not list_lines(write(gather_report(database, "p", 2026, date(2026, 5, 31)), tmp_path))


def build_explanation(state: ExplanationState, asked_on: date | None, answered_on: date | None) -> Explanation:
    answer = "Vì mưa" if answered_on else None
    return Explanation(
        "x", "p", None, None, LEAD, "Vì sao?" if asked_on else None, asked_on, asked_on, answer, None, None,
        answered_on, None, state, "sheet", None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("state", "asked_on", "answered_on", "is_listed"),
    [
        ("answered", date(2025, 12, 20), date(2025, 12, 28), False),
        ("answered", date(2025, 12, 20), date(2026, 1, 3), True),
        ("late", date(2025, 12, 20), None, True),
        ("open", date(2027, 1, 2), None, False),
        ("answered", None, date(2026, 5, 1), True),
        ("answered", None, date(2027, 5, 1), False),
        ("withdrawn", date(2026, 5, 1), None, False),
        ("ended", date(2026, 5, 1), None, False),
    ],
)
def test_a_report_has_what_was_asked_or_explained_in_its_year(
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    state: ExplanationState,
    asked_on: date | None,
    answered_on: date | None,
    is_listed: bool,
) -> None:
    item = build_explanation(state, asked_on, answered_on)
    monkeypatch.setattr("kpis.report.explanations.fetch_explanations", lambda _db, _question: [item])
    assert bool(gather_report(database, "p", 2026, date(2026, 6, 9)).explanations) is is_listed


def test_where_no_result_is_known_no_promise_is_said_to_be_broken(database: Database, tmp_path: Path) -> None:
    figures = gather_report(database, "p", 2026, date(2026, 7, 2))
    unread = replace(figures.availability, plans_read=frozenset())
    lines = list_lines(write(replace(figures, availability=unread), tmp_path))
    assert lines[-1].endswith("Cam kết xong trước 01/07/2026.")
