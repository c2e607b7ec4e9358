"""As of a day, known at a moment (design.md §4 History)."""

from __future__ import annotations

from datetime import date, datetime

from kpis.measures.attainment import compute_attainment
from kpis.measures.question import Question
from tests.measures.tiny_database import TinyEntry, TinyTarget, build_database

MAY, JULY = date(2026, 5, 4), date(2026, 7, 1)


def test_4_as_of_a_day_is_what_had_occurred_by_its_end() -> None:
    db = build_database([TinyTarget()], [TinyEntry("p.01", "A", JULY, 1)])
    assert compute_attainment(db, Question(date(2026, 6, 30)))[0]["actual"] == 0
    assert compute_attainment(db, Question(JULY))[0]["actual"] == 1


def test_4_known_at_a_moment_is_what_was_recorded_by_that_moment() -> None:
    late = TinyEntry("p.01", "A", MAY, 1, recorded=datetime(2026, 6, 1, 2))
    db = build_database([TinyTarget()], [late])
    assert compute_attainment(db, Question(JULY, known_at=datetime(2026, 6, 1, 1, 59)))[0]["actual"] == 0
    assert compute_attainment(db, Question(JULY, known_at=datetime(2026, 6, 1, 2)))[0]["actual"] == 1


def test_4_a_retired_entry_is_known_until_its_retirement_and_no_longer_current() -> None:
    gone = TinyEntry("p.01", "A", MAY, 1, recorded=datetime(2026, 5, 5), retired=datetime(2026, 6, 1))
    db = build_database([TinyTarget()], [gone])
    assert compute_attainment(db, Question(JULY))[0]["actual"] == 0
    assert compute_attainment(db, Question(JULY, known_at=datetime(2026, 6, 1)))[0]["actual"] == 0
    assert compute_attainment(db, Question(JULY, known_at=datetime(2026, 5, 31, 23, 59, 59)))[0]["actual"] == 1
