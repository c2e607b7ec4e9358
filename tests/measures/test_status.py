"""Which status applies first, and what it takes to be met (design.md §5 met, status)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from math import ceil

import pytest

from kpis.measures.attainment import compute_attainment, compute_by_agency, compute_from_entries
from kpis.measures.question import Question
from kpis.measures.running_curve import compute_curves
from tests.measures.tiny_database import TinyEntry, TinyTarget, build_database, make_year_period

MARCH, JULY = date(2026, 3, 2), date(2026, 7, 1)
DUE, AFTER = date(2026, 12, 15), date(2026, 12, 16)
RATIO = TinyTarget(measure="ratio", accumulation="level", floor=Decimal(1), roster=("A", "B"))


def compute_status(target: TinyTarget, as_of: date, *entries: TinyEntry, year: int = 2026) -> str | None:
    """Return the status, after checking that both ways of counting agree."""
    db = build_database([target], entries)
    (row,) = compute_attainment(db, Question(as_of, year=year))
    assert compute_from_entries(db, Question(as_of, year=year)) == [row]
    assert row["met"] == (row["status"] in ("attained", "attained_late"))
    return row["status"]


def make_entry(
    quantity: int, denominator: int | None = None, agency: str = "A", occurred_on: date = MARCH
) -> TinyEntry:
    return TinyEntry("p.01", agency, occurred_on, quantity, denominator)


def test_5_not_started_before_the_period() -> None:
    target = TinyTarget(recurrence="yearly", periods=(make_year_period(2026), make_year_period(2027)))
    assert compute_status(target, date(2026, 12, 31), make_entry(5), year=2027) == "not_started"
    assert compute_status(target, date(2027, 1, 1), make_entry(5), year=2027) == "no_data"


def test_5_not_applicable_is_a_ratio_all_of_whose_counted_denominators_are_0() -> None:
    assert compute_status(RATIO, JULY, make_entry(0, 0)) == "not_applicable"
    assert compute_status(RATIO, AFTER, make_entry(0, 0)) == "not_applicable"
    assert compute_status(RATIO, JULY, make_entry(3, 3), make_entry(0, 0, occurred_on=JULY)) == "not_applicable"
    assert compute_status(RATIO, JULY, make_entry(0, 0), make_entry(0, 1, "B")) == "behind"


def test_5_attained_is_met_by_the_due_day() -> None:
    assert compute_status(TinyTarget(), MARCH, make_entry(2)) == "attained"
    assert compute_status(TinyTarget(), AFTER, make_entry(1), make_entry(1, occurred_on=DUE)) == "attained"


def test_5_what_is_due_in_the_next_year_counts_entries_to_the_end_of_its_own() -> None:
    target = TinyTarget(periods=((date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 15)),))
    entries = (make_entry(1), make_entry(1, occurred_on=date(2026, 12, 31)))
    late = make_entry(1, occurred_on=date(2027, 1, 5))
    assert compute_status(target, date(2027, 1, 15), *entries) == "attained"
    assert compute_status(target, date(2027, 1, 15), entries[0], late) == "behind"
    assert compute_status(target, date(2027, 1, 16), entries[0], late) == "overdue"


def test_5_attained_stays_attained_when_the_figure_falls_after_the_due_day() -> None:
    level = TinyTarget(accumulation="level")
    assert compute_status(level, AFTER, make_entry(2), make_entry(0, occurred_on=AFTER)) == "attained"
    assert compute_status(level, DUE, make_entry(2), make_entry(0, occurred_on=DUE)) == "behind"


def test_5_attained_late_is_met_only_after_the_due_day() -> None:
    assert compute_status(TinyTarget(), AFTER, make_entry(1), make_entry(1, occurred_on=AFTER)) == "attained_late"


def test_5_overdue_is_after_the_due_day_not_on_it() -> None:
    assert compute_status(TinyTarget(), DUE, make_entry(1)) == "behind"
    assert compute_status(TinyTarget(), AFTER, make_entry(1)) == "overdue"
    assert compute_status(TinyTarget(), AFTER) == "overdue"


def test_5_no_data_is_no_accepted_entry_in_the_period() -> None:
    assert compute_status(TinyTarget(), date(2026, 1, 1)) == "no_data"
    assert compute_status(TinyTarget(), JULY, make_entry(1, occurred_on=date(2025, 12, 31))) == "no_data"


def test_5_a_report_of_0_is_data_and_no_achievement() -> None:
    assert compute_status(TinyTarget(floor=Decimal(8)), JULY, make_entry(0)) == "behind"


@pytest.mark.parametrize(("quantity", "status"), [(8, "on_track"), (7, "at_risk"), (6, "at_risk"), (5, "behind")])
def test_5_on_track_at_risk_and_behind_compare_with_the_rounded_expected(quantity: int, status: str) -> None:
    # 16 x 181/348 = 8.3: 8 are expected, and three quarters of 8 are 6
    assert compute_status(TinyTarget(floor=Decimal(16)), JULY, make_entry(quantity)) == status


@pytest.mark.parametrize(("numerator", "status"), [(50, "on_track"), (49, "at_risk"), (37, "behind")])
def test_5_a_ratio_is_compared_exactly(numerator: int, status: str) -> None:
    half = TinyTarget(measure="ratio", accumulation="level", floor=Decimal(1), pace="quarterly", roster=("A", "B"))
    assert compute_status(half, JULY, make_entry(numerator, 100)) == status


def test_5_three_quarters_of_expected_are_at_risk_to_the_last_unit() -> None:
    half = TinyTarget(measure="ratio", accumulation="level", floor=Decimal(1), pace="quarterly")
    most = 3 * 10**17
    assert compute_status(half, JULY, make_entry(most, 8 * 10**17)) == "at_risk"
    assert compute_status(half, JULY, make_entry(most - 1, 8 * 10**17)) == "behind"


def test_5_a_ratio_is_met_exactly_and_never_by_rounding() -> None:
    third = TinyTarget(measure="ratio", accumulation="level", floor=Decimal("0.333334"), population=3, pace="on:01-01")
    assert compute_status(third, JULY, make_entry(1, 3)) == "at_risk"
    assert compute_status(third, JULY, make_entry(333334, 1000000)) == "attained"


def test_5_met_needs_the_comparator_to_hold() -> None:
    above = TinyTarget(comparator=">")
    assert compute_status(above, AFTER, make_entry(2)) == "overdue"
    assert compute_status(above, AFTER, make_entry(3)) == "attained"
    assert compute_status(above, AFTER, make_entry(2), make_entry(1, occurred_on=AFTER)) == "attained_late"
    assert compute_status(above, AFTER, make_entry(1), make_entry(1, occurred_on=AFTER)) == "overdue"


def test_5_a_floor_of_3_is_met_at_3_and_still_at_6() -> None:
    three = TinyTarget(floor=Decimal(3))
    assert [compute_status(three, AFTER, make_entry(quantity)) for quantity in (2, 3, 6)] == [
        "overdue",
        "attained",
        "attained",
    ]


def test_5_met_a_ratio_needs_every_roster_agency() -> None:
    assert compute_status(RATIO, JULY, make_entry(5, 5)) == "on_track"
    assert compute_status(RATIO, AFTER, make_entry(5, 5)) == "overdue"
    assert compute_status(RATIO, JULY, make_entry(5, 5), make_entry(3, 3, "B")) == "attained"
    assert compute_status(RATIO, JULY, make_entry(5, 5), make_entry(0, 0, "B")) == "attained"
    assert compute_status(RATIO, AFTER, make_entry(5, 5), make_entry(3, 3, "B", AFTER)) == "attained_late"


def test_5_met_a_ratio_with_a_population_needs_its_denominator() -> None:
    people = TinyTarget(measure="ratio", accumulation="level", floor=Decimal(1), population=10)
    assert compute_status(people, JULY, make_entry(9, 9)) == "on_track"
    assert compute_status(people, JULY, make_entry(9, 9), make_entry(1, 1, "B")) == "attained"
    assert compute_status(people, AFTER, make_entry(9, 9), make_entry(1, 1, "B", AFTER)) == "attained_late"


def test_5_met_either_the_roster_or_the_population_completes_a_ratio() -> None:
    both = TinyTarget(measure="ratio", accumulation="level", floor=Decimal(1), roster=("A", "B"), population=10)
    assert compute_status(both, JULY, make_entry(10, 10)) == "attained"
    assert compute_status(both, JULY, make_entry(2, 2), make_entry(2, 2, "B")) == "attained"


def test_5_without_roster_or_population_a_ratio_is_never_met() -> None:
    open_ended = TinyTarget(measure="ratio", accumulation="level", floor=Decimal(1))
    assert compute_status(open_ended, JULY, make_entry(5, 5)) == "on_track"
    assert compute_status(open_ended, DUE, make_entry(5, 5)) == "at_risk"
    assert compute_status(open_ended, AFTER, make_entry(5, 5)) == "overdue"


@pytest.mark.parametrize("measure", ["ratio", "coverage"])
def test_5_without_roster_or_population_on_track_is_at_risk_from_60_days_before_the_due_day(
    measure: str,
) -> None:
    open_ended = TinyTarget(measure=measure, accumulation="level", floor=Decimal(1), pace="on:12-15")
    last_calm_day, first_day = DUE - timedelta(days=61), DUE - timedelta(days=60)
    report = make_entry(8, 8 if measure == "ratio" else None)
    assert compute_status(open_ended, last_calm_day, report) == "on_track"
    assert compute_status(open_ended, first_day, report) == "at_risk"
    assert compute_status(open_ended, first_day) == "no_data"
    for closed in (replace(open_ended, roster=("A", "B")), replace(open_ended, population=9)):
        assert compute_status(closed, first_day, make_entry(8, 8)) == "on_track"


def test_5_the_last_60_days_change_no_other_status() -> None:
    open_ended = TinyTarget(measure="ratio", accumulation="level", floor=Decimal(1))
    day = DUE - timedelta(days=10)
    assert compute_status(open_ended, day, make_entry(80, 100)) == "at_risk"
    assert compute_status(open_ended, day, make_entry(10, 100)) == "behind"
    assert compute_status(open_ended, day, make_entry(0, 0)) == "not_applicable"


def test_5_a_ceiling_ratio_without_roster_or_population_is_judged_on_what_is_reported() -> None:
    ceiling = TinyTarget(measure="ratio", accumulation="level", comparator="<=", floor=Decimal("0.05"))
    assert compute_status(ceiling, JULY, make_entry(1, 100)) == "on_track"
    assert compute_status(ceiling, DUE - timedelta(days=10), make_entry(1, 100)) == "on_track"
    assert compute_status(ceiling, DUE, make_entry(5, 100)) == "attained"
    assert compute_status(ceiling, AFTER, make_entry(5, 100)) == "attained"
    assert compute_status(ceiling, AFTER, make_entry(6, 100)) == "overdue"
    assert compute_status(ceiling, AFTER, make_entry(6, 100), make_entry(5, 100, occurred_on=AFTER)) == (
        "attained_late"
    )
    assert compute_status(ceiling, AFTER) == "overdue"


def test_5_a_ceiling_ratio_with_a_roster_or_population_needs_every_report() -> None:
    ceiling = TinyTarget(measure="ratio", accumulation="level", comparator="<=", floor=Decimal("0.05"))
    for closed in (replace(ceiling, roster=("A", "B")), replace(ceiling, population=200)):
        assert compute_status(closed, AFTER, make_entry(1, 100)) == "overdue"
        assert compute_status(closed, AFTER, make_entry(1, 100), make_entry(1, 100, "B")) == "attained"


@pytest.mark.parametrize("floor", ["999999", "1000000", "999999999999.999999", "1000000.5"])
def test_5_large_floors_are_compared_exactly_and_leave_other_targets_their_figures(floor: str) -> None:
    large = TinyTarget(floor=Decimal(floor), lead="A", shares={"A": Decimal(floor)})
    other = TinyTarget(id="p.02", floor=Decimal(2))
    level = TinyTarget(id="p.03", accumulation="level", floor=Decimal(floor), comparator="<=")
    needed = ceil(Decimal(floor))
    entries = [
        make_entry(needed - 1),
        TinyEntry("p.02", "A", MARCH, 2),
        TinyEntry("p.03", "A", MARCH, needed - 1),
    ]
    for number, status in enumerate(("overdue", "attained")):
        db = build_database([large, other, level], [*entries, *([make_entry(1)] * number)])
        rows = compute_attainment(db, Question(AFTER))
        assert [row["status"] for row in rows] == [status, "attained", "attained"]
        assert rows[0]["actual"] == needed - 1 + number
        shares = {row["target"]: row for row in compute_by_agency(db, Question(AFTER))}
        assert (shares["p.01"]["status"], shares["p.01"]["floor_exact"]) == (status, Decimal(floor))
        assert compute_curves(db, Question(DUE), target="p.01")


def test_5_quantities_of_a_bigint_and_sums_of_many_stop_nothing() -> None:
    most = 2**63 - 1
    count = TinyTarget(floor=Decimal("999999999999"))
    ratio = replace(RATIO, id="p.02", roster=(), population=10**12 - 1)
    share = replace(RATIO, id="p.03", shares={"A": Decimal("0.999999")})
    entries = [make_entry(most, occurred_on=MARCH + timedelta(days=n)) for n in range(60)]
    entries += [TinyEntry(name, agency, MARCH, most, most) for name in ("p.02", "p.03") for agency in "AB"]
    db = build_database([count, ratio, share], entries)
    for day in (JULY, DUE, AFTER):
        assert [row["status"] for row in compute_attainment(db, Question(day))] == ["attained"] * 3
        assert compute_from_entries(db, Question(day)) == compute_attainment(db, Question(day))
        own_rows = [row for row in compute_by_agency(db, Question(day)) if row["entries"]]
        assert {row["status"] for row in own_rows} == {None, "attained"}


def test_5_a_coverage_with_a_floor_waits_for_nobody_and_with_a_ceiling_for_everyone() -> None:
    half = TinyTarget(measure="coverage", floor=Decimal("0.5"), roster=("A", "B"))
    assert compute_status(half, JULY, make_entry(1)) == "attained"
    ceiling = TinyTarget(measure="coverage", comparator="<=", floor=Decimal("0.5"), roster=("A", "B"))
    assert compute_status(ceiling, DUE, make_entry(1)) == "on_track"
    assert compute_status(ceiling, DUE, make_entry(1), make_entry(0, agency="B")) == "attained"


def test_5_a_ceiling_is_judged_at_the_due_day() -> None:
    ceiling = TinyTarget(comparator="<=")
    assert compute_status(ceiling, JULY, make_entry(2)) == "on_track"
    assert compute_status(ceiling, JULY, make_entry(3)) == "behind"
    assert compute_status(ceiling, DUE, make_entry(2)) == "attained"
    assert compute_status(ceiling, DUE, make_entry(3)) == "behind"
    assert compute_status(ceiling, AFTER, make_entry(3)) == "overdue"
    assert compute_status(TinyTarget(comparator="<"), DUE, make_entry(2)) == "behind"


def test_5_a_ceiling_without_an_entry_is_never_met() -> None:
    ceiling = TinyTarget(comparator="<=")
    assert [compute_status(ceiling, day) for day in (JULY, DUE, AFTER)] == ["no_data", "no_data", "overdue"]
    assert compute_status(ceiling, AFTER, make_entry(0, occurred_on=AFTER)) == "attained_late"


def test_5_a_ceiling_exceeded_only_after_the_due_day_stays_attained() -> None:
    assert (
        compute_status(TinyTarget(comparator="<="), AFTER, make_entry(2), make_entry(9, occurred_on=AFTER))
        == "attained"
    )
