"""Which entries count, and the actual (design.md §5: a target, a period, an as-of day; actual)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from kpis.measures.attainment import compute_attainment, compute_from_entries
from kpis.measures.attainment_rows import Attainment
from kpis.measures.question import Question, as_plan_set
from tests.measures.tiny_database import TinyEntry, TinyPlan, TinyTarget, build_database, make_year_period

JULY = date(2026, 7, 1)
RATIO = TinyTarget(measure="ratio", accumulation="level", floor=Decimal(1))


def compute_row(target: TinyTarget, *entries: TinyEntry, as_of: date = JULY, year: int = 2026) -> Attainment:
    """Return the target's row, after checking that both ways of counting agree."""
    db = build_database([target], entries)
    (row,) = compute_attainment(db, Question(as_of, year=year))
    assert compute_from_entries(db, Question(as_of, year=year)) == [row]
    return row


def make_entry(
    occurred_on: date,
    quantity: int,
    agency: str = "A",
    denominator: int | None = None,
    recorded_hour: int = 5,
) -> TinyEntry:
    return TinyEntry("p.01", agency, occurred_on, quantity, denominator, datetime(2026, 12, 31, recorded_hour))


def test_5_only_entries_from_the_periods_start_to_the_as_of_day_count() -> None:
    days = [date(2025, 12, 31), date(2026, 1, 1), JULY, date(2026, 7, 2)]
    row = compute_row(TinyTarget(), *(make_entry(day, 10**n) for n, day in enumerate(days)))
    assert (row["actual"], row["entries"]) == (110, 2)


def test_5_entries_after_the_period_do_not_count() -> None:
    row = compute_row(TinyTarget(), make_entry(date(2027, 1, 1), 5), as_of=date(2027, 7, 1))
    assert (row["entries"], row["status"]) == (0, "overdue")


def test_5_nothing_carries_over_from_one_period_to_the_next() -> None:
    target = TinyTarget(recurrence="yearly", periods=(make_year_period(2026), make_year_period(2027)))
    db = build_database([target], [make_entry(date(2026, 12, 31), 5), make_entry(date(2027, 1, 1), 1)])
    (next_year,) = compute_attainment(db, Question(date(2027, 7, 1)))
    assert (next_year["period_start"], next_year["actual"]) == (date(2027, 1, 1), 1)


def test_5_an_increment_is_the_sum_of_its_quantities() -> None:
    row = compute_row(
        TinyTarget(),
        make_entry(date(2026, 3, 1), 2),
        make_entry(date(2026, 3, 1), 2),
        make_entry(JULY, 3, "B"),
    )
    assert (row["actual"], row["numerator"], row["denominator"]) == (7, 7, None)


def test_5_a_level_is_the_sum_of_each_agencys_latest() -> None:
    target = TinyTarget(accumulation="level")
    row = compute_row(
        target,
        make_entry(date(2026, 3, 1), 9),
        make_entry(date(2026, 4, 1), 2),
        make_entry(date(2026, 2, 1), 3, "B"),
    )
    assert (row["actual"], row["entries"], row["reporting_agencies"]) == (5, 3, 2)


def test_5_a_ratio_is_the_sum_of_numerators_over_the_sum_of_denominators() -> None:
    row = compute_row(RATIO, make_entry(date(2026, 3, 1), 1, "A", 1), make_entry(date(2026, 3, 1), 0, "B", 9))
    assert (row["actual"], row["numerator"], row["denominator"]) == (0.1, 1, 10)


def test_5_a_ratio_counts_the_latest_entry_of_each_agency() -> None:
    row = compute_row(RATIO, make_entry(date(2026, 3, 1), 9, "A", 10), make_entry(date(2026, 4, 1), 4, "A", 8))
    assert (row["numerator"], row["denominator"]) == (4, 8)


def test_5_of_two_entries_of_one_day_the_later_recorded_is_the_latest() -> None:
    target = TinyTarget(accumulation="level")
    assert (
        compute_row(target, make_entry(JULY, 9, recorded_hour=7), make_entry(JULY, 4, recorded_hour=6))["actual"] == 9
    )


def test_5_on_a_tie_within_one_sync_the_smaller_value_counts() -> None:
    assert compute_row(TinyTarget(accumulation="level"), make_entry(JULY, 9), make_entry(JULY, 4))["actual"] == 4


@pytest.mark.parametrize(
    ("first", "second", "counted"),
    [((3, 10), (4, 20), (4, 20)), ((1, 2), (2, 4), (1, 2)), ((0, 0), (0, 10), (0, 10))],
)
def test_5_on_a_tie_of_ratios_the_smaller_fraction_counts(
    first: tuple[int, int], second: tuple[int, int], counted: tuple[int, int]
) -> None:
    row = compute_row(RATIO, make_entry(JULY, first[0], "A", first[1]), make_entry(JULY, second[0], "A", second[1]))
    assert (row["numerator"], row["denominator"]) == counted


def test_5_on_a_tie_of_a_ceiling_the_larger_value_counts() -> None:
    rate = TinyTarget(accumulation="level", adds_up=False, lead="A", comparator="<", floor=Decimal(4))
    row = compute_row(rate, make_entry(JULY, 3, "A"), make_entry(JULY, 5, "A"), as_of=date(2026, 12, 31))
    assert (row["actual"], row["status"]) == (5, "overdue")


@pytest.mark.parametrize(
    ("first", "second", "counted"),
    [((3, 10), (4, 20), (3, 10)), ((1, 2), (2, 4), (1, 2)), ((0, 0), (1, 10), (1, 10))],
)
def test_5_on_a_tie_of_ratios_with_a_ceiling_the_larger_fraction_counts(
    first: tuple[int, int], second: tuple[int, int], counted: tuple[int, int]
) -> None:
    ceiling = replace(RATIO, comparator="<=")
    row = compute_row(ceiling, make_entry(JULY, first[0], "A", first[1]), make_entry(JULY, second[0], "A", second[1]))
    assert (row["numerator"], row["denominator"]) == counted


def test_5_a_coverage_counts_the_roster_agencies_with_an_entry_of_at_least_1() -> None:
    target = TinyTarget(measure="coverage", roster=("A", "B", "C"), floor=Decimal(1))
    entries = [
        make_entry(JULY, 2),
        make_entry(JULY, 1),
        make_entry(JULY, 0, "B"),
        make_entry(JULY, 1, "not on the roster"),
    ]
    row = compute_row(target, *entries)
    assert (row["numerator"], row["denominator"], row["roster_size"]) == (1, 3, 3)
    assert row["reporting_agencies"] == 3


def test_5_a_coverage_reached_once_stays_reached() -> None:
    target = TinyTarget(measure="coverage", roster=("A",), floor=Decimal(1))
    assert compute_row(target, make_entry(date(2026, 3, 1), 1), make_entry(JULY, 0))["actual"] == 1.0


def test_5_a_milestone_is_1_once_an_entry_says_done() -> None:
    target = TinyTarget(measure="milestone", floor=Decimal(1))
    assert compute_row(target, make_entry(JULY, 0))["actual"] == 0
    assert (
        compute_row(target, make_entry(date(2026, 3, 1), 1), make_entry(date(2026, 4, 1), 1, "B"), make_entry(JULY, 0))[
            "actual"
        ]
        == 1
    )


def test_5_absurdly_large_numbers_stop_nothing() -> None:
    largest = 2**63 - 1
    row = compute_row(TinyTarget(), make_entry(JULY, largest), make_entry(JULY, largest))
    assert row["status"] == "attained"


def test_6_a_year_selects_the_periods_that_contain_it() -> None:
    by_end = TinyTarget(id="p.02", periods=((date(2026, 1, 1), date(2030, 12, 31), date(2030, 12, 15)),))
    db = build_database(
        [TinyTarget(recurrence="yearly", periods=(make_year_period(2026), make_year_period(2027))), by_end]
    )
    rows = compute_attainment(db, Question(JULY, year=2027))
    assert [(row["target"], row["period_start"].year) for row in rows] == [("p.01", 2027), ("p.02", 2026)]
    assert [row["target"] for row in compute_attainment(db, Question(JULY, year=2031))] == []


def test_5_a_ward_is_never_added_into_its_province() -> None:
    plans = [TinyPlan("p", "Thái Nguyên"), TinyPlan("w", "Thái Nguyên", "ward")]
    db = build_database([TinyTarget(), TinyTarget(id="w.01", plan="w")], plans=plans)
    assert [row["plan"] for row in compute_attainment(db, Question(JULY, plans=frozenset({"p"})))] == ["p"]
    (ward,) = compute_attainment(db, Question(JULY, plans=as_plan_set("w")))
    assert (ward["plan"], ward["province"], ward["kind"]) == ("w", "Thái Nguyên", "ward")


def test_6_counts_are_whole_and_ratios_are_fractions() -> None:
    count = compute_row(TinyTarget(), make_entry(JULY, 1))
    ratio = compute_row(RATIO, make_entry(JULY, 1, "A", 3))
    assert [type(count[name]) for name in ("floor", "actual", "expected")] == [int, int, int]
    assert (ratio["floor"], ratio["actual"]) == (1.0, 1 / 3)
    assert type(ratio["floor"]) is float


def test_6_a_ratio_without_a_denominator_has_no_actual() -> None:
    row = compute_row(RATIO)
    assert (row["actual"], row["numerator"], row["denominator"]) == (None, 0, 0)
