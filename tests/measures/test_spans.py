"""Quarters, months and half-years: how a year is judged by them, and what is said of it (design.md §5)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kpis.measures.attainment import compute_attainment, compute_by_agency, compute_targets
from kpis.measures.attainment_rows import Attainment, TargetStatus
from kpis.measures.changes import compare_with_last_week
from kpis.measures.owed import compute_owed
from kpis.measures.question import Question
from kpis.measures.row_totals import build_row_figures
from kpis.measures.running_curve import compute_curves
from kpis.wording import owed_sentences, spans, target_figures
from tests.measures.tiny_database import TinyDatabase, TinyEntry, TinyTarget, build_database

YEAR = (date(2026, 1, 1), date(2026, 12, 31), date(2026, 12, 31))
ENDS = (date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30), date(2026, 12, 31))
QUARTERS = tuple((date(2026, 3 * n + 1, 1), end, end) for n, end in enumerate(ENDS))


def build_quarterly(*entries: tuple[date, int], **shape: Any) -> TinyDatabase:
    """Return a target of at least four things a quarter."""
    names = tuple(f"2026-Q{number}" for number in range(1, 5))
    target = TinyTarget(
        recurrence="quarterly", floor=Decimal(4), periods=(YEAR, *QUARTERS), spans=(None, *names), **shape
    )
    return build_database([target], [TinyEntry("p.01", "Sở Y tế", day, quantity) for day, quantity in entries])


def ask(db: TinyDatabase, as_of: date) -> Attainment:
    (row,) = compute_targets(db, Question(as_of, year=2026))
    return row


def test_6_the_year_comes_first_and_its_quarters_follow() -> None:
    rows = compute_attainment(build_quarterly((date(2026, 2, 1), 4)), Question(date(2026, 5, 1)))
    assert [row["span"] for row in rows] == [None, "2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]
    assert [row["status"] for row in rows] == ["no_data", "attained", "no_data", "not_started", "not_started"]
    assert [rows[0][name] for name in ("spans_met", "spans_due", "spans")] == [1, 1, 4]


@pytest.mark.parametrize(
    ("as_of", "status"),
    [
        (date(2026, 1, 15), "on_track"),  # a quarter of four items is not whole yet
        (date(2026, 2, 20), "no_data"),
        (date(2026, 4, 5), "on_track"),  # the first quarter is over and not met, but not late yet
        (date(2026, 4, 10), "overdue"),
        (date(2026, 12, 31), "overdue"),
    ],
)
def test_5_a_year_is_overdue_ten_days_after_a_quarter_that_is_not_met(as_of: date, status: TargetStatus) -> None:
    assert ask(build_quarterly(), as_of)["status"] == status


def test_5_a_year_is_attained_once_its_last_quarter_has_ended_with_all_met() -> None:
    db = build_quarterly(*((quarter[0], 4) for quarter in QUARTERS))
    assert ask(db, date(2026, 12, 30))["status"] == "on_track"
    assert ask(db, date(2026, 12, 31))["status"] == "attained"
    assert target_figures.format_fraction(ask(db, date(2027, 2, 1)), "vi") == "4/4 quý"


def test_5_more_than_enough_in_one_quarter_is_no_other_quarter() -> None:
    row = ask(build_quarterly((date(2026, 2, 1), 16)), date(2026, 7, 20))
    assert (row["actual"], row["status"], row["spans_met"]) == (16, "overdue", 1)


def test_5_quarters_before_the_first_day_are_not_counted_and_the_one_that_holds_it_is_paced_from_it() -> None:
    db = build_quarterly((date(2026, 6, 1), 4), from_day=date(2026, 5, 15))
    row = ask(db, date(2026, 7, 2))
    assert ([span["status"] for span in row["span_rows"]][:2], row["spans"]) == (["not_applicable", "attained"], 3)
    assert ask(db, date(2026, 4, 20))["status"] == "not_started"
    june = build_quarterly((date(2026, 5, 20), 1), from_day=date(2026, 5, 15))
    assert ask(june, date(2026, 6, 7))["span_rows"][1]["expected"] == 2


def test_5_what_is_owed_is_that_of_the_running_quarter_and_past_ones_are_named() -> None:
    row = ask(build_quarterly((date(2026, 4, 2), 1)), date(2026, 6, 1))
    owed = compute_owed(row, row["as_of"])
    assert owed is not None
    assert (owed.missing, owed.days_left, owed.unmet_spans) == (3, 29, ("2026-Q1",))
    assert owed_sentences.format_missing(owed, "vi") == ["thiếu 3 việc", "quý I/2026 không đạt"]
    assert owed_sentences.format_missing(owed, "en")[1] == "quarter I of 2026 not attained"


def test_5_a_doubt_about_a_quarter_is_one_about_its_year_too() -> None:
    struck = TinyEntry("p.01", "Sở Y tế", date(2026, 2, 1), 4, is_struck=True)
    target = TinyTarget(
        recurrence="quarterly", floor=Decimal(4), periods=(YEAR, *QUARTERS), spans=(None, "a", "b", "c", "d")
    )
    row = ask(build_database([target], [struck]), date(2026, 3, 31))
    assert [len(each["doubts"]) for each in (row, *row["span_rows"])] == [1, 1, 0, 0, 0]
    assert not row["met"]


def test_4_changes_are_those_of_the_year() -> None:
    changes = compare_with_last_week(build_quarterly(), Question(date(2026, 4, 11)))
    assert [(row["span"], row["status"]) for row in changes.newly_late] == [(None, "overdue")]
    assert sum(changes.current_counts.values()) == 1


def test_4_a_cell_is_told_what_its_quarter_has() -> None:
    db = build_quarterly((date(2026, 2, 1), 3), (date(2026, 5, 1), 2))
    figures = build_row_figures(db, "p", [date(2026, 2, 1)], date(2026, 6, 1))
    totals = [figures.find_total("p.01", day) for day in (date(2026, 2, 1), date(2026, 5, 1))]
    assert [(total.reached, total.out_of) for total in totals if total] == [(3, 4), (2, 4)]


def test_5_the_curve_is_that_of_the_running_quarter() -> None:
    db = build_quarterly((date(2026, 2, 1), 3), (date(2026, 5, 1), 2))
    curve = compute_curves(db, Question(date(2026, 6, 1)))["p.01"]
    assert (curve.period_start, curve.points[-1]) == (date(2026, 4, 1), (date(2026, 5, 1), 2))


def test_5_a_share_is_owed_in_each_quarter() -> None:
    db = build_quarterly((date(2026, 2, 1), 2), shares={"Sở Y tế": Decimal(2)})
    parts = [part for part in compute_by_agency(db, Question(date(2026, 4, 20))) if part["agency"] == "Sở Y tế"]
    assert [(part["span"], part["status"]) for part in parts][:3] == [
        (None, "on_track"), ("2026-Q1", "attained"), ("2026-Q2", "no_data"),
    ]  # fmt: skip
    assert parts[0]["spans_met"] == 1


@pytest.mark.parametrize(
    ("span", "vi", "en"),
    [
        ("2026-Q3", "quý III/2026", "quarter III of 2026"),
        ("2026-07", "tháng 7/2026", "month 7 of 2026"),
        ("2026-H1", "6 tháng đầu năm 2026", "first half of 2026"),
    ],
)
def test_a_span_is_named_as_people_name_it(span: str, vi: str, en: str) -> None:
    assert (spans.format_span(span, "vi"), spans.format_span(span, "en")) == (vi, en)
