"""Stages in time: which is asked for, what counts for it, and its pace (design.md §5)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from kpis.measures.attainment import compute_attainment
from kpis.measures.attainment_rows import Attainment
from kpis.measures.changes import compare_with_last_week
from kpis.measures.question import Question
from kpis.measures.running_curve import compute_curves
from tests.measures.tiny_database import TinyDatabase, TinyEntry, TinyTarget, build_database

TO_DATE = (
    (date(2024, 1, 1), date(2025, 12, 31), date(2025, 12, 15)),
    (date(2024, 1, 1), date(2030, 12, 31), date(2030, 12, 15)),
)


def build_ratio(*entries: TinyEntry) -> TinyDatabase:
    """Return a plan of 2024 to 2030: 30 % by 2025, 60 % by 2030."""
    stages = ((Decimal("0.3"), 2024, 2025), (Decimal("0.6"), 2026, 2030))
    target = TinyTarget(measure="ratio", accumulation="level", population=100, periods=TO_DATE, stages=stages)
    return build_database([target], entries)


def ask(db: TinyDatabase, as_of: date, year: int | None = None) -> Attainment:
    (row,) = compute_attainment(db, Question(as_of, year=year))
    return row


def test_5_the_stage_asked_for_is_the_first_whose_year_is_not_over() -> None:
    db = build_ratio(TinyEntry("p.01", "Sở Y tế", date(2028, 3, 1), 45, 100))
    row = ask(db, date(2028, 6, 1))
    assert (row["floor"], row["period_end"].year, row["actual"], row["status"]) == (0.6, 2030, 0.45, "on_track")
    assert row["expected"] is not None and 0.35 < row["expected"] < 0.4
    assert [ask(db, date(2028, 6, 1), year)["floor"] for year in (2024, 2025, 2026, 2030)] == [0.3, 0.3, 0.6, 0.6]
    assert ask(db, date(2028, 6, 1), 2025)["status"] == "overdue"


def test_5_all_earlier_entries_count_for_a_stage_to_date() -> None:
    """10 km a year, 30 km by 2028."""
    period = (date(2026, 1, 1), date(2028, 12, 31), date(2028, 12, 31))
    entries = [TinyEntry("p.01", "Sở Y tế", date(year, 5, 1), 10) for year in (2026, 2027, 2028)]
    target = TinyTarget(measure="amount", floor=Decimal(30), periods=(period,), stages=((Decimal(30), 2026, 2030),))
    db = build_database([target], entries)
    assert [(ask(db, date(2028, 6, 1))[name]) for name in ("actual", "status")] == [30, "attained"]
    assert ask(db, date(2030, 6, 1))["status"] == "attained"


def test_5_a_year_of_a_table_without_a_value_is_carried_and_counted_nowhere() -> None:
    years = tuple((date(year, 1, 1), date(year, 12, 31), date(year, 12, 15)) for year in (2026, 2027))
    target = TinyTarget(measure="amount", periods=years, stages=((Decimal(5), 2026, 2026), (None, 2027, 2027)))
    db = build_database([target], [TinyEntry("p.01", "Sở Y tế", date(2027, 2, 1), 3)])
    row = ask(db, date(2027, 6, 1))
    assert (row["status"], row["floor"], row["actual"], row["expected"]) == ("carried", None, 3, None)


def test_5_the_curve_is_that_of_the_stage_asked_for() -> None:
    db = build_ratio(TinyEntry("p.01", "Sở Y tế", date(2024, 3, 1), 45, 100))
    curve = compute_curves(db, Question(date(2026, 6, 1)))["p.01"]
    assert (curve.pace[-1], curve.points[-1]) == ((date(2030, 12, 31), 0.6), (date(2024, 3, 1), 0.45))


def test_4_a_stage_that_became_overdue_with_its_year_is_a_change_of_the_first_week() -> None:
    db = build_ratio(TinyEntry("p.01", "Sở Y tế", date(2025, 12, 1), 20, 100))
    changes = compare_with_last_week(db, Question(date(2025, 12, 17)))
    assert [(row["floor"], row["status"]) for row in changes.newly_late] == [(0.3, "overdue")]
    (later,) = [compare_with_last_week(db, Question(date(2026, 1, 2)))]
    assert (later.newly_late, later.lowered_figures) == ([], [])
