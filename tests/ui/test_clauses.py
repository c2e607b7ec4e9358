"""The clause of a target or task on its pages: word for word as text, with its place, each once."""

from __future__ import annotations

from kpis.measures.clauses import ClauseFacts
from kpis.ui.province.target_card import render_target
from kpis.ui.shared.clauses import MAX_OPEN_LENGTH, render_clauses
from tests.ui.handmade_rows import build_target, build_view


def build_clause(quote: str, page: int | None = 4, line: int | None = None) -> ClauseFacts:
    return {"entry": "ha-noi.12", "quote": quote, "section": "II.2.c", "page": page, "line": line}


def test_a_target_shows_its_clause_with_its_place() -> None:
    clauses = {"ha-noi.12": [build_clause("Ít nhất 50 tin bài <b>mỗi năm</b>.")]}
    row = build_target(floor_exact=50, recurrence_basis="stated", recurrence_reason_vi=None, section="II")
    markup = str(render_target(row, [], None, build_view(), clauses))
    assert (
        'Nguyên văn tại mục II.2.c, trang 4: <q lang="vi">Ít nhất 50 tin bài &lt;b&gt;mỗi năm&lt;/b&gt;.</q>' in markup
    )
    assert "Nguyên văn" not in str(render_target(row, [], None, build_view()))


def test_a_clause_of_several_stages_stands_once_and_a_line_is_named_without_pages() -> None:
    markup = str(render_clauses([build_clause("30% rồi 60%.", None, 17)] * 2, build_view()))
    assert markup.count("<q") == 1
    assert "mục II.2.c, dòng 17" in markup


def test_a_clause_that_is_the_title_gives_only_its_place() -> None:
    assert "<q" not in str(render_clauses([build_clause("Lập danh sách")], build_view(), "Lập  danh sách"))


def test_a_long_clause_is_folded_and_whole() -> None:
    text = "Ngắn gọn. " * 40
    assert len(text) > MAX_OPEN_LENGTH
    markup = str(render_clauses([build_clause(text)], build_view()))
    assert markup.startswith("<details") and text in markup
