"""Of many entries only those that may be in doubt are read, and the figures are those of reading all (design.md §8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpis.measures import doubtful_entries
from kpis.measures.attainment import compute_attainment, compute_by_agency
from kpis.measures.question import Question
from tests.measures.random_registers import days, draw_doubtful_changes, draw_doubtful_register, known_at_moments
from tests.measures.test_attainment_properties import DrawnRegister, property_settings
from tests.measures.test_merger_properties import draw_mergers, merge
from tests.measures.test_span_properties import draw_spans
from tests.measures.tiny_database import TinyEntry, TinyTarget, build_database

pytestmark = pytest.mark.slow


@st.composite
def draw_entries(draw: st.DrawFn) -> DrawnRegister:
    """Draw a register with mergers perhaps, and entries in doubt; a period with a shared event is not narrowed."""
    targets, entries = draw(st.one_of(draw_doubtful_register(), draw_doubtful_changes(), draw_spans()))
    if draw(st.integers(0, 3)):
        entries = [replace(entry, shared_event=None) for entry in entries]
    drawn = targets, entries
    return merge(drawn, draw(draw_mergers())) if draw(st.booleans()) else drawn


@settings(property_settings, max_examples=12)
@given(draw_entries(), days, st.one_of(st.none(), known_at_moments))
def test_8_entries_that_cannot_be_in_doubt_need_not_be_read(
    drawn: DrawnRegister, as_of: date, known_at: datetime | None
) -> None:
    db, question = build_database(*drawn), Question(as_of, known_at)
    rows = [compute_attainment(db, question), compute_by_agency(db, question)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(doubtful_entries, "MANY_ENTRIES", 0)
        assert [compute_attainment(db, question), compute_by_agency(db, question)] == rows


def test_8_a_row_is_compared_with_those_that_were_retired_since(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doubtful_entries, "MANY_ENTRIES", 0)
    content = "Lễ phát động Ngày Quyền của người tiêu dùng tại quảng trường"
    entry = TinyEntry("p.01", "A", date(2026, 3, 10), 4, content=content, recorded=datetime(2026, 4, 1))
    others = [replace(entry, occurred_on=date(2026, 6, day), content=None, quantity=9 - day) for day in range(1, 9)]
    db = build_database([TinyTarget()], [replace(entry, retired=datetime(2026, 5, 1)), entry, *others])
    assert db.fetch_rows("select * from similar_rows", {}) == []
    by_moment = {known_at: compute_attainment(db, Question(date(2026, 7, 1), known_at)) for known_at in
                 (None, datetime(2026, 4, 2))}  # fmt: skip
    assert [[doubt["code"] for doubt in row["doubts"]] for (row,) in by_moment.values()] == [
        [], ["possibly_same_event"],
    ]  # fmt: skip


def test_8_amounts_below_1_may_be_the_same_event() -> None:
    entry = TinyEntry("p.01", "A", date(2026, 3, 10), Decimal("0.5"), content="Tiêu hủy hàng giả tại chợ huyện")
    db = build_database([TinyTarget(measure="amount")], [entry, entry])
    assert [row["row_hash"] for row in db.fetch_rows("select row_hash from similar_rows order by all", {})] == [0, 1]
