"""Changes against a baseline, and the pace that begins at one (design.md §5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from kpis.measures.attainment import compute_attainment, compute_by_agency, compute_from_entries
from kpis.measures.attainment_rows import Attainment
from kpis.measures.question import Question
from kpis.measures.running_curve import compute_curves
from tests.measures.tiny_database import TinyDatabase, TinyEntry, TinyTarget, build_database, make_year_period

LEAD = "Sở Công Thương"
GROWTH = TinyTarget(
    measure="change", comparator=">", floor=Decimal("0.03"), recurrence="yearly", baseline=Decimal(100),
    periods=tuple(make_year_period(year, "12-31") for year in (2026, 2027, 2028)),
)  # fmt: skip
HALVED = TinyTarget(
    measure="change", accumulation="level", comparator="<=", floor=Decimal("-0.5"), recurrence="by_end",
    baseline=Decimal(40), periods=((date(2026, 1, 1), date(2030, 12, 31), date(2030, 12, 15)),),
)  # fmt: skip


def report(day: date, quantity: int | Decimal, agency: str = LEAD, **fields: Any) -> TinyEntry:
    return TinyEntry("p.01", agency, day, quantity, **fields)


def ask(db: TinyDatabase, as_of: date, year: int | None = None, known_at: datetime | None = None) -> Attainment:
    """Return the one row, which is the same as published and from the entries."""
    question = Question(as_of, known_at=known_at, year=year)
    (row,) = compute_attainment(db, question)
    assert compute_from_entries(db, question) == [row]
    return row


def test_5_each_year_is_compared_with_the_year_before() -> None:
    db = build_database([GROWTH], [report(date(2026, 5, 1), 104), report(date(2027, 5, 1), 104)])
    first, second = ask(db, date(2027, 1, 1), 2026), ask(db, date(2028, 1, 1), 2027)
    assert (first["actual"], first["baseline"], first["baseline_year"]) == (0.04, 100, 2025)
    assert first["status"] == "attained"
    assert (second["actual"], second["figure"], second["baseline"]) == (0.0, 104, 104)
    assert second["status"] == "overdue"


def test_5_a_year_without_a_complete_year_before_it_is_carried() -> None:
    target = replace(GROWTH, roster=(LEAD, "Sở Y tế"))
    entries = [report(date(2026, 5, 1), 104), report(date(2027, 5, 1), 60), report(date(2027, 5, 2), 60, "Sở Y tế")]
    db = build_database([target], entries)
    row = ask(db, date(2027, 7, 1))
    assert (row["status"], row["actual"], row["baseline"], row["figure"]) == ("carried", None, None, 120)
    assert ask(db, date(2026, 7, 1), 2027)["status"] == "not_started"
    assert ask(db, date(2028, 7, 1))["baseline"] == 120
    zero = build_database([GROWTH], [report(date(2026, 5, 1), 0), report(date(2027, 5, 1), 9)])
    assert ask(zero, date(2027, 7, 1))["status"] == "carried"


def test_5_the_year_before_is_that_known_at_the_moment_asked() -> None:
    corrected = report(date(2026, 5, 1), 104, recorded=datetime(2026, 5, 1), retired=datetime(2028, 3, 1))
    later = report(date(2026, 5, 1), 100, recorded=datetime(2028, 3, 1))
    db = build_database([GROWTH], [corrected, later, report(date(2027, 5, 1), 104)])
    assert ask(db, date(2028, 1, 1), 2027, known_at=datetime(2028, 1, 2))["actual"] == 0.0
    assert ask(db, date(2028, 1, 1), 2027)["actual"] == 0.04


def test_5_a_reduction_is_paced_from_its_baseline() -> None:
    db = build_database([HALVED], [report(date(2027, 5, 1), 30)])
    row = ask(db, date(2027, 6, 1))
    assert (row["actual"], row["status"], row["met"]) == (-0.25, "on_track", False)
    assert row["expected"] is not None and -0.25 < row["expected"] < 0
    assert ask(db, date(2028, 12, 31))["status"] == "at_risk"
    assert ask(db, date(2030, 6, 1))["status"] == "behind"
    assert ask(db, date(2030, 12, 16))["status"] == "overdue"


@pytest.mark.parametrize(("quantity", "status"), [(20, "attained"), (Decimal("20.000001"), "overdue")])
def test_5_a_reduction_is_decided_on_its_due_day(quantity: int | Decimal, status: str) -> None:
    db = build_database([HALVED], [report(date(2027, 5, 1), quantity)])
    assert ask(db, date(2030, 12, 14))["status"] == "on_track" if quantity == 20 else True
    assert ask(db, date(2030, 12, 16))["status"] == status


def test_5_silence_is_no_reduction() -> None:
    target = replace(HALVED, roster=(LEAD, "Sở Y tế"))
    db = build_database([target], [report(date(2027, 5, 1), 10)])
    row = ask(db, date(2027, 6, 1))
    assert (row["status"], row["is_complete"]) == ("at_risk", False)
    assert ask(db, date(2030, 12, 16))["status"] == "overdue"
    without_lead = build_database([HALVED], [report(date(2027, 5, 1), 10, "Sở Y tế")])
    assert ask(without_lead, date(2030, 12, 16))["status"] == "overdue"
    nothing = build_database([HALVED])
    assert (ask(nothing, date(2030, 1, 1))["status"], ask(nothing, date(2030, 1, 1))["actual"]) == ("no_data", None)


def test_5_a_sum_is_paced_from_nothing_and_judged_at_the_end_of_its_year() -> None:
    db = build_database([replace(GROWTH, floor=Decimal("0.1"))], [report(date(2026, 5, 1), 56)])
    row = ask(db, date(2026, 7, 2))
    assert (row["status"], row["actual"]) == ("on_track", -0.44)
    assert row["expected"] == pytest.approx(1.1 * 182 / 364 - 1)
    assert ask(db, date(2026, 12, 31))["status"] == "behind"
    less = build_database([replace(GROWTH, comparator="<=", floor=Decimal("-0.1"))], [report(date(2026, 5, 1), 91)])
    assert ask(less, date(2026, 7, 2))["status"] == "behind"


def test_5_a_change_is_attained_only_if_its_figure_and_its_base_are_certain() -> None:
    shrunk = replace(GROWTH, comparator="<=", floor=Decimal("-0.1"))
    struck = [report(date(2026, 5, 1), 90), report(date(2026, 6, 1), 10, is_struck=True)]
    db = build_database([shrunk], [*struck, report(date(2027, 5, 1), 88)])
    row = ask(db, date(2027, 12, 31))
    assert (row["actual"], row["status"]) == (-0.12, "behind")
    assert row["actual_weak"] == pytest.approx(88 / 90 - 1)
    assert [(doubt["code"], len(doubt["rows"])) for doubt in row["doubts"]] == [("struck_through", 1)]
    certain = [replace(entry, confirmed=True) for entry in struck]
    assert ask(build_database([shrunk], [*certain, report(date(2027, 5, 1), 88)]), date(2027, 12, 31))["met"]


def test_5_running_totals_of_the_year_before_are_no_base_of_a_reduction() -> None:
    shrunk = replace(GROWTH, comparator="<=", floor=Decimal("-0.1"))
    rising = [report(date(2026, month, 1), 10 * month) for month in (2, 3, 4)]
    row = ask(build_database([shrunk], [*rising, report(date(2027, 5, 1), 50)]), date(2027, 12, 31))
    assert (row["baseline"], row["baseline_weak"], row["met"]) == (90, 40, False)


def test_5_agencies_add_to_the_figure_and_have_no_change_of_their_own() -> None:
    target = replace(HALVED, roster=(LEAD, "Sở Y tế"))
    db = build_database([target], [report(date(2027, 5, 1), 10), report(date(2027, 5, 1), 20, "Sở Y tế")])
    parts = compute_by_agency(db, Question(date(2027, 6, 1)))
    assert [(part["numerator"], part["actual"], part["status"]) for part in parts] == [
        (10, None, None),
        (20, None, None),
    ]
    assert ask(db, date(2027, 6, 1))["figure"] == 30


def test_5_the_curve_of_a_change_is_that_of_its_figure() -> None:
    db = build_database([HALVED], [report(date(2027, 5, 1), 30)])
    curve = compute_curves(db, Question(date(2027, 6, 1)))["p.01"]
    assert curve.points == [(date(2026, 1, 1), 40.0), (date(2027, 5, 1), 30.0)]
    assert (curve.pace[0], curve.pace[-1]) == ((date(2026, 1, 1), 40.0), (date(2030, 12, 31), 20.0))


@pytest.mark.parametrize(
    ("comparator", "floor", "quantity", "status"),
    [
        (">=", "60", 55, "on_track"), (">=", "60", 54, "at_risk"), (">=", "60", 53, "behind"),
        ("<=", "40", 45, "on_track"), ("<=", "40", 46, "at_risk"), ("<=", "40", 47, "behind"),
    ],
)  # fmt: skip
def test_5_an_amount_is_paced_from_its_baseline_in_either_direction(
    comparator: str, floor: str, quantity: int, status: str
) -> None:
    target = TinyTarget(
        measure="amount", accumulation="level", comparator=comparator, floor=Decimal(floor), baseline=Decimal(50),
        periods=(make_year_period(2026, "12-31"),),
    )  # fmt: skip
    db = build_database([target], [report(date(2026, 3, 1), quantity)])
    row = ask(db, date(2026, 7, 2))
    assert (row["status"], row["expected"], row["baseline"]) == (status, 50 + (int(floor) - 50) / 2, 50)


def test_5_a_ratio_is_paced_from_its_baseline() -> None:
    target = TinyTarget(
        measure="ratio", accumulation="level", floor=Decimal("0.6"), baseline=Decimal("0.4"), population=100,
        periods=(make_year_period(2026, "12-31"),),
    )  # fmt: skip
    db = build_database([target], [report(date(2026, 3, 1), 47, denominator=100)])
    assert (ask(db, date(2026, 7, 2))["expected"], ask(db, date(2026, 7, 2))["status"]) == (0.5, "behind")


def test_5_a_ceiling_without_a_baseline_keeps_its_rule() -> None:
    target = TinyTarget(measure="amount", accumulation="level", comparator="<=", floor=Decimal(40))
    db = build_database([target], [report(date(2026, 3, 1), 41)])
    assert ask(db, date(2026, 7, 2))["status"] == "behind"
