"""Which status holds first, and what it takes to be met (design.md §5 met, status)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kpis.measures.attainment import attainment, from_entries
from tests.measures.tiny_database import TinyEntry, TinyTarget, database, year_of

MARCH, JULY = date(2026, 3, 2), date(2026, 7, 1)
DUE, AFTER = date(2026, 12, 15), date(2026, 12, 16)
RATIO = TinyTarget(measure="ratio", accumulation="level", floor=Decimal(1), roster=("A", "B"))


def status(target: TinyTarget, as_of: date, *entries: TinyEntry, year: int = 2026) -> str | None:
    """The status, which both paths agree on."""
    db = database([target], entries)
    (row,) = attainment(db, as_of, year=year)
    assert from_entries(db, as_of, year=year) == [row]
    assert row["met"] == (row["status"] in ("attained", "attained_late"))
    return row["status"]


def done(quantity: int, of: int | None = None, agency: str = "A", on: date = MARCH) -> TinyEntry:
    return TinyEntry("p.01", agency, on, quantity, of)


def test_5_not_started_before_the_period() -> None:
    target = TinyTarget(recurrence="yearly", periods=(year_of(2026), year_of(2027)))
    assert status(target, date(2026, 12, 31), done(5), year=2027) == "not_started"
    assert status(target, date(2027, 1, 1), done(5), year=2027) == "no_data"


def test_5_not_applicable_is_a_ratio_all_of_whose_counted_denominators_are_0() -> None:
    assert status(RATIO, JULY, done(0, 0)) == "not_applicable"
    assert status(RATIO, AFTER, done(0, 0)) == "not_applicable"
    assert status(RATIO, JULY, done(3, 3), done(0, 0, on=JULY)) == "not_applicable"
    assert status(RATIO, JULY, done(0, 0), done(0, 1, "B")) == "behind"


def test_5_attained_is_met_by_the_due_day() -> None:
    assert status(TinyTarget(), MARCH, done(2)) == "attained"
    assert status(TinyTarget(), AFTER, done(1), done(1, on=DUE)) == "attained"


def test_5_attained_stays_attained_when_the_figure_falls_after_the_due_day() -> None:
    level = TinyTarget(accumulation="level")
    assert status(level, AFTER, done(2), done(0, on=AFTER)) == "attained"
    assert status(level, DUE, done(2), done(0, on=DUE)) == "behind"


def test_5_attained_late_is_met_only_after_the_due_day() -> None:
    assert status(TinyTarget(), AFTER, done(1), done(1, on=AFTER)) == "attained_late"


def test_5_overdue_is_after_the_due_day_not_on_it() -> None:
    assert status(TinyTarget(), DUE, done(1)) == "behind"
    assert status(TinyTarget(), AFTER, done(1)) == "overdue"
    assert status(TinyTarget(), AFTER) == "overdue"


def test_5_no_data_is_no_accepted_entry_in_the_period() -> None:
    assert status(TinyTarget(), date(2026, 1, 1)) == "no_data"
    assert status(TinyTarget(), JULY, done(1, on=date(2025, 12, 31))) == "no_data"


def test_5_a_report_of_0_is_data_and_no_achievement() -> None:
    assert status(TinyTarget(floor=Decimal(8)), JULY, done(0)) == "behind"


@pytest.mark.parametrize(
    ("quantity", "verdict"), [(8, "on_track"), (7, "at_risk"), (6, "at_risk"), (5, "behind")]
)
def test_5_on_track_at_risk_and_behind_compare_with_the_rounded_expected(quantity: int, verdict: str) -> None:
    # 16 x 181/348 = 8.3: 8 are expected, and three quarters of 8 are 6
    assert status(TinyTarget(floor=Decimal(16)), JULY, done(quantity)) == verdict


@pytest.mark.parametrize(("reached", "verdict"), [(50, "on_track"), (49, "at_risk"), (37, "behind")])
def test_5_a_ratio_is_compared_exactly(reached: int, verdict: str) -> None:
    half = TinyTarget(
        measure="ratio", accumulation="level", floor=Decimal(1), pace="quarterly", roster=("A", "B")
    )
    assert status(half, JULY, done(reached, 100)) == verdict


def test_5_three_quarters_of_expected_are_at_risk_to_the_last_unit() -> None:
    half = TinyTarget(measure="ratio", accumulation="level", floor=Decimal(1), pace="quarterly")
    most = 3 * 10**17
    assert status(half, JULY, done(most, 8 * 10**17)) == "at_risk"
    assert status(half, JULY, done(most - 1, 8 * 10**17)) == "behind"


def test_5_a_ratio_is_met_exactly_and_never_by_rounding() -> None:
    third = TinyTarget(
        measure="ratio", accumulation="level", floor=Decimal("0.333334"), population=3, pace="on:01-01"
    )
    assert status(third, JULY, done(1, 3)) == "at_risk"
    assert status(third, JULY, done(333334, 1000000)) == "attained"


def test_5_met_needs_the_comparator_to_hold() -> None:
    above = TinyTarget(comparator=">")
    assert status(above, AFTER, done(2)) == "overdue"
    assert status(above, AFTER, done(3)) == "attained"
    assert status(above, AFTER, done(2), done(1, on=AFTER)) == "attained_late"
    assert status(above, AFTER, done(1), done(1, on=AFTER)) == "overdue"


def test_5_met_at_3_with_a_stretch_of_5_and_6_is_no_failure() -> None:
    three = TinyTarget(floor=Decimal(3))
    assert [status(three, AFTER, done(quantity)) for quantity in (2, 3, 6)] == [
        "overdue",
        "attained",
        "attained",
    ]


def test_5_met_a_ratio_needs_every_roster_agency() -> None:
    assert status(RATIO, JULY, done(5, 5)) == "on_track"
    assert status(RATIO, AFTER, done(5, 5)) == "overdue"
    assert status(RATIO, JULY, done(5, 5), done(3, 3, "B")) == "attained"
    assert status(RATIO, JULY, done(5, 5), done(0, 0, "B")) == "attained"
    assert status(RATIO, AFTER, done(5, 5), done(3, 3, "B", AFTER)) == "attained_late"


def test_5_met_a_ratio_with_a_population_needs_its_denominator() -> None:
    people = TinyTarget(measure="ratio", accumulation="level", floor=Decimal(1), population=10)
    assert status(people, JULY, done(9, 9)) == "on_track"
    assert status(people, JULY, done(9, 9), done(1, 1, "B")) == "attained"
    assert status(people, AFTER, done(9, 9), done(1, 1, "B", AFTER)) == "attained_late"


def test_5_met_either_the_roster_or_the_population_makes_a_ratio_whole() -> None:
    both = TinyTarget(
        measure="ratio", accumulation="level", floor=Decimal(1), roster=("A", "B"), population=10
    )
    assert status(both, JULY, done(10, 10)) == "attained"
    assert status(both, JULY, done(2, 2), done(2, 2, "B")) == "attained"


def test_5_without_roster_or_population_a_ratio_is_never_met() -> None:
    open_ended = TinyTarget(measure="ratio", accumulation="level", floor=Decimal(1))
    assert status(open_ended, JULY, done(5, 5)) == "on_track"
    assert status(open_ended, DUE, done(5, 5)) == "on_track"
    assert status(open_ended, AFTER, done(5, 5)) == "overdue"


def test_5_a_coverage_below_100_percent_still_needs_every_agency_to_report() -> None:
    half = TinyTarget(measure="coverage", floor=Decimal("0.5"), roster=("A", "B"))
    assert status(half, JULY, done(1)) == "on_track"
    assert status(half, JULY, done(1), done(0, agency="B")) == "attained"


def test_5_a_ceiling_is_judged_at_the_due_day() -> None:
    ceiling = TinyTarget(comparator="<=")
    assert status(ceiling, JULY, done(2)) == "on_track"
    assert status(ceiling, JULY, done(3)) == "behind"
    assert status(ceiling, DUE, done(2)) == "attained"
    assert status(ceiling, DUE, done(3)) == "behind"
    assert status(ceiling, AFTER, done(3)) == "overdue"
    assert status(TinyTarget(comparator="<"), DUE, done(2)) == "behind"


def test_5_a_ceiling_without_an_entry_is_never_met() -> None:
    ceiling = TinyTarget(comparator="<=")
    assert [status(ceiling, day) for day in (JULY, DUE, AFTER)] == ["no_data", "no_data", "overdue"]
    assert status(ceiling, AFTER, done(0, on=AFTER)) == "attained_late"


def test_5_a_ceiling_broken_after_the_due_day_was_kept() -> None:
    assert status(TinyTarget(comparator="<="), AFTER, done(2), done(9, on=AFTER)) == "attained"
