"""The smallest thing still owed, and what is most urgent (design.md §5, last point)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.measures.attainment import compute_attainment, compute_by_agency
from kpis.measures.owed import (
    Owed,
    _compute_rate,
    compute_owed,
    list_missing_agencies,
    list_owed,
    owes_something,
    select_urgent,
)
from kpis.measures.question import Question
from tests.measures.tiny_database import TinyAgency, TinyEntry, TinyTarget, build_database

MARCH, NOVEMBER = date(2026, 3, 2), date(2026, 11, 10)
DUE, AFTER = date(2026, 12, 15), date(2026, 12, 16)
RATIO = TinyTarget(measure="ratio", accumulation="level", floor=Decimal(1), roster=("A", "B", "C"))


def compute_single_owed(target: TinyTarget, *entries: TinyEntry, as_of: date = NOVEMBER) -> Owed:
    (owed,) = list_owed(compute_attainment(build_database([target], entries), Question(as_of)), as_of)
    return owed


def make_entry(
    quantity: int, denominator: int | None = None, agency: str = "A", occurred_on: date = MARCH
) -> TinyEntry:
    return TinyEntry("p.01", agency, occurred_on, quantity, denominator)


def test_5_a_count_owes_what_is_missing_to_its_floor_and_the_weekly_rate_for_it() -> None:
    owed = compute_single_owed(TinyTarget(floor=Decimal(50)), make_entry(38))
    assert (owed.missing, owed.days_left, owed.weeks_left) == (12, 35, 5)
    assert owed.needed_per_week == 2.4
    assert owed.current_per_week == 0.8  # 38 in 314 days: 0.84, rounded down


def test_5_the_rate_needed_is_rounded_up_and_in_the_last_week_everything() -> None:
    assert (
        compute_single_owed(TinyTarget(floor=Decimal(50)), make_entry(39), as_of=date(2026, 11, 9)).needed_per_week
        == 2.2
    )
    assert compute_single_owed(TinyTarget(floor=Decimal(50)), make_entry(45), as_of=DUE).needed_per_week == 5.0


@pytest.mark.parametrize(
    "target",
    [
        TinyTarget(floor=Decimal(50)),
        TinyTarget(floor=Decimal(2), comparator="<="),
        TinyTarget(floor=Decimal(100), comparator="<="),
        RATIO,
        replace(RATIO, roster=()),
    ],
)
def test_5_whether_something_is_owed_agrees_with_what_is_owed(target: TinyTarget) -> None:
    for entries in ((), (make_entry(3, 9),), (make_entry(60, 60), make_entry(60, 60, "B"), make_entry(60, 60, "C"))):
        for day in (MARCH, NOVEMBER, AFTER):
            database = build_database([target], entries)
            for row in (*compute_attainment(database, Question(day)), *compute_by_agency(database, Question(day))):
                assert owes_something(row, day) == (compute_owed(row, day) is not None)


@given(st.integers(0, 10**12) | st.floats(0, 10**9), st.integers(-400, 4000))
def test_5_a_rate_is_exact_whatever_the_type_of_its_value(value: float, days: int) -> None:
    weeks = max(Fraction(days, 7), Fraction(1))
    assert _compute_rate(value, days) == Fraction(str(value)) / weeks


def test_5_after_the_due_day_no_rate_is_needed() -> None:
    owed = compute_single_owed(TinyTarget(), make_entry(1), as_of=AFTER)
    assert (owed.missing, owed.days_left, owed.weeks_left, owed.needed_per_week) == (1, -1, 0, None)


def test_5_more_than_a_floor_owes_one_more() -> None:
    assert compute_single_owed(TinyTarget(comparator=">", floor=Decimal(3)), make_entry(3)).missing == 1


def test_5_a_ratio_owes_people_and_the_agencies_that_have_not_reported() -> None:
    owed = compute_single_owed(RATIO, make_entry(7, 10))
    assert (owed.missing, owed.agencies_missing, owed.uncounted, owed.no_roster) == (3, 2, 0, False)


def test_5_a_ratio_with_a_population_owes_those_not_counted_yet() -> None:
    people = TinyTarget(measure="ratio", accumulation="level", floor=Decimal("0.9"), population=30)
    owed = compute_single_owed(people, make_entry(7, 10))
    assert (owed.missing, owed.uncounted, owed.no_roster) == (20, 20, False)


def test_5_a_ratio_without_roster_or_population_says_so() -> None:
    owed = compute_single_owed(TinyTarget(measure="ratio", accumulation="level", floor=Decimal(1)), make_entry(5, 5))
    assert (owed.missing, owed.no_roster) == (0, True)


def test_5_a_ratio_without_an_entry_has_nothing_to_count_from() -> None:
    owed = compute_single_owed(RATIO)
    assert (owed.missing, owed.agencies_missing, owed.needed_per_week) == (None, 3, None)


def test_5_a_coverage_owes_agencies() -> None:
    owed = compute_single_owed(
        TinyTarget(measure="coverage", floor=Decimal("0.9"), roster=("A", "B", "C")), make_entry(1)
    )
    assert (owed.missing, owed.agencies_missing) == (2, 2)


def test_5_an_exceeded_ceiling_has_an_excess_and_nothing_missing() -> None:
    owed = compute_single_owed(TinyTarget(comparator="<="), make_entry(5))
    assert (owed.missing, owed.excess) == (None, 3)
    assert compute_single_owed(TinyTarget(comparator="<"), make_entry(2)).excess == 1


def test_5_a_ceiling_is_exceeded_by_what_has_been_counted() -> None:
    people = TinyTarget(measure="ratio", accumulation="level", comparator="<=", floor=Decimal("0.05"),
                        population=1000)  # fmt: skip
    owed = compute_single_owed(people, make_entry(10, 50))
    assert owed.row["status"] == "behind"
    assert (owed.missing, owed.excess, owed.uncounted) == (None, 8, 950)


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ({"roster": ("A", "B", "C")}, (2, 0, False)),
        ({"population": 100}, (0, 50, False)),
    ],
)
def test_5_a_ceiling_that_holds_owes_the_missing_reports(
    overrides: dict[str, Any], expected: tuple[int, int, bool]
) -> None:
    ceiling = TinyTarget(measure="ratio", accumulation="level", comparator="<=", floor=Decimal("0.05"), **overrides)
    for as_of, status in ((NOVEMBER, "on_track"), (AFTER, "overdue")):
        owed = compute_single_owed(ceiling, make_entry(1, 50), as_of=as_of)
        assert owed.row["status"] == status
        assert (owed.missing, owed.excess) == (None, 0)
        assert (owed.agencies_missing, owed.uncounted, owed.no_roster) == expected


def test_5_a_ceiling_without_roster_or_population_owes_nothing_while_the_reports_hold() -> None:
    ceiling = TinyTarget(measure="ratio", accumulation="level", comparator="<=", floor=Decimal("0.05"))
    for as_of in (NOVEMBER, AFTER):
        rows = compute_attainment(build_database([ceiling], [make_entry(1, 50)]), Question(as_of))
        assert list_owed(rows, as_of) == []
    owed = compute_single_owed(ceiling, make_entry(10, 50))
    assert (owed.excess, owed.no_roster) == (8, False)


def test_5_a_ratio_without_roster_or_population_is_urgent_from_60_days_before_it_is_due() -> None:
    people = TinyTarget(measure="ratio", accumulation="level", floor=Decimal(1))
    owed = compute_single_owed(people, make_entry(8, 8))
    assert (owed.row["status"], owed.missing, owed.no_roster) == ("at_risk", 0, True)
    assert select_urgent([owed]) == [owed]


def test_5_a_ceiling_that_holds_owes_nothing_once_all_have_reported() -> None:
    shape: dict[str, Any] = {"measure": "ratio", "accumulation": "level", "comparator": "<="}
    roster = TinyTarget(**shape, floor=Decimal("0.05"), roster=("A",), population=100)
    reached = TinyTarget(**shape, floor=Decimal("0.05"), roster=("A", "B"), population=50)
    for ceiling in (roster, reached):
        assert (
            list_owed(
                compute_attainment(build_database([ceiling], [make_entry(1, 50)]), Question(NOVEMBER)),
                NOVEMBER,
            )
            == []
        )


def test_5_with_a_complete_roster_the_population_does_not_matter() -> None:
    both = TinyTarget(measure="ratio", accumulation="level", floor=Decimal("0.9"), roster=("A",),
                      population=1000)  # fmt: skip
    owed = compute_single_owed(both, make_entry(40, 50))
    assert (owed.missing, owed.uncounted) == (5, 0)


def test_5_a_coverage_owes_what_its_floor_lacks_and_nothing_once_that_is_met() -> None:
    target = TinyTarget(measure="coverage", floor=Decimal("0.6"), roster=("A", "B", "C"))
    owed = compute_single_owed(target, make_entry(1))
    assert (owed.missing, owed.agencies_missing, owed.agencies_silent) == (1, 2, 2)
    db = build_database([target], [make_entry(1), make_entry(1, agency="B")])
    assert list_owed(compute_attainment(db, Question(MARCH)), MARCH) == []


def test_5_met_not_applicable_and_not_started_targets_and_held_ceilings_owe_nothing() -> None:
    later = TinyTarget(id="p.04", periods=((date(2027, 1, 1), date(2027, 12, 31), date(2027, 12, 15)),))
    void = TinyTarget(id="p.02", measure="ratio", accumulation="level", floor=Decimal(1))
    held_ceiling = TinyTarget(id="p.03", comparator="<=")
    entries = [make_entry(2), TinyEntry("p.02", "A", MARCH, 0, 0), TinyEntry("p.03", "A", MARCH, 1)]
    db = build_database([TinyTarget(), void, held_ceiling, later], entries)
    rows = compute_attainment(db, Question(NOVEMBER)) + compute_attainment(db, Question(NOVEMBER, year=2027))
    assert len(rows) == 4
    assert list_owed(rows, NOVEMBER) == []


def test_5_the_most_urgent_comes_first() -> None:
    year = date(2026, 1, 1), date(2026, 12, 31)
    targets = [
        TinyTarget(id="p.01", floor=Decimal(40)),
        TinyTarget(id="p.02", floor=Decimal(40)),
        TinyTarget(id="p.03", periods=((*year, date(2026, 10, 1)),)),
        TinyTarget(id="p.04"),
        TinyTarget(id="p.05", floor=Decimal(40)),
        TinyTarget(id="p.06", floor=Decimal(40), periods=((*year, date(2026, 12, 1)),)),
    ]
    quantities = {"p.01": 36, "p.02": 30, "p.05": 3, "p.06": 3}
    entries = [TinyEntry(target, "A", MARCH, quantity) for target, quantity in quantities.items()]
    rows = compute_attainment(build_database(targets, entries), Question(NOVEMBER))
    assert [(owed.row["target"], owed.row["status"]) for owed in list_owed(rows, NOVEMBER)] == [
        ("p.03", "overdue"), ("p.06", "behind"), ("p.05", "behind"), ("p.04", "no_data"),
        ("p.02", "at_risk"), ("p.01", "on_track"),
    ]  # fmt: skip


def test_5_an_agency_owes_its_share_and_its_own_ratio() -> None:
    shared = TinyTarget(floor=Decimal(10), shares={"A": Decimal(4)})
    ratio = TinyTarget(id="p.02", measure="ratio", accumulation="level", floor=Decimal(1), roster=("A", "B"))
    db = build_database([shared, ratio], [make_entry(1), TinyEntry("p.02", "A", MARCH, 3, 5)])
    rows = compute_by_agency(db, Question(NOVEMBER, agency="A"))
    owed_by_target = {owed.row["target"]: owed for owed in list_owed(rows, NOVEMBER)}
    assert (owed_by_target["p.01"].missing, owed_by_target["p.02"].missing) == (3, 2)
    assert owed_by_target["p.02"].agencies_missing == 0


def test_5_the_missing_agencies_are_named_in_the_plans_order() -> None:
    coverage = TinyTarget(id="p.02", measure="coverage", floor=Decimal(1), roster=("A", "B", "C"))
    entries = [make_entry(0, 0, "B"), TinyEntry("p.02", "A", MARCH, 1), TinyEntry("p.02", "B", MARCH, 0)]
    agencies = [TinyAgency("C"), TinyAgency("B"), TinyAgency("A")]
    db = build_database([RATIO, coverage], entries, agencies=agencies)
    assert list_missing_agencies(db, Question(NOVEMBER)) == {"p.01": ["C", "A"], "p.02": ["C", "B"]}
    assert list_missing_agencies(db, Question(date(2026, 3, 1)))["p.01"] == ["C", "B", "A"]


def test_5_an_agency_owes_its_own_people_not_the_whole_population() -> None:
    target = TinyTarget(measure="ratio", accumulation="level", floor=Decimal(1), population=1000)
    db = build_database([target], [make_entry(7, 10)])
    (target_owed,) = list_owed(compute_attainment(db, Question(NOVEMBER)), NOVEMBER)
    (agency_owed,) = list_owed(compute_by_agency(db, Question(NOVEMBER, agency="A")), NOVEMBER)
    assert (target_owed.missing, target_owed.uncounted, target_owed.no_roster) == (993, 990, False)
    assert (agency_owed.missing, agency_owed.uncounted, agency_owed.no_roster) == (3, 0, False)
