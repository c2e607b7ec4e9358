"""Running totals that go on through a year of spans or a table of yearly amounts, on random series (design.md §5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpis.measures.attainment import compute_attainment, compute_by_agency, compute_from_entries
from kpis.measures.question import Question
from tests.measures.random_registers import AGENCIES
from tests.measures.test_attainment_properties import DrawnRegister, check_agencies, check_targets, property_settings
from tests.measures.test_doubt_properties import leave_out_places, list_all_rows
from tests.measures.test_span_properties import MONTHS, check_agency, check_target, list_spans, list_year
from tests.measures.tiny_database import TinyEntry, TinyTarget, build_database, make_year_period

pytestmark = pytest.mark.slow

running_settings = settings(property_settings, max_examples=30)
_CONTENTS = (None, None, None, "Lũy kế đến nay", "Tin về kiểm tra chợ")
_YEARS = (2026, 2027, 2028)
as_of_days = st.one_of(
    st.sampled_from([date(2026, 6, 30), date(2026, 9, 30), date(2026, 12, 31), date(2027, 6, 1), date(2028, 12, 15)]),
    st.dates(date(2026, 1, 1), date(2028, 12, 31)),
)


@st.composite
def draw_target(draw: st.DrawFn) -> TinyTarget:
    """Draw an increment that is judged by spans of 2026, or by a table of yearly amounts with a gap perhaps."""
    measure = draw(st.sampled_from(["count", "count", "amount", "coverage"]))
    floors = ["0.5", "1"] if measure == "coverage" else ["3", "6", "8", "12"]
    target = TinyTarget(
        indicator="news_items", measure=measure, floor=Decimal(draw(st.sampled_from(floors))),
        comparator=draw(st.sampled_from([">=", ">=", ">=", ">", "<="])),
        each=draw(st.sampled_from([2, 5])) if measure == "coverage" else 1,
        roster=AGENCIES[:2] if measure == "coverage" else (),
        shares={} if measure == "coverage" else draw(st.sampled_from([{}, {AGENCIES[0]: Decimal(4)}])),
    )  # fmt: skip
    if draw(st.booleans()):
        stages = tuple((draw(st.sampled_from([target.floor, target.floor, None])), year, year) for year in _YEARS)
        periods = tuple(make_year_period(year) for year in _YEARS)
        return replace(target, recurrence="yearly", counting="each_year", shares={}, periods=periods, stages=stages)
    recurrence = draw(st.sampled_from(sorted(MONTHS)))
    spans = [period for year in _YEARS for period in (list_year(year), *list_spans(year, MONTHS[recurrence]))]
    names = tuple(None if period in map(list_year, _YEARS) else f"{period[0]:%Y-%m}" for period in spans)
    return replace(target, recurrence=recurrence, periods=tuple(spans), spans=names)


@st.composite
def draw_series(draw: st.DrawFn, target: TinyTarget, agency: str) -> list[TinyEntry]:
    """Draw an agency's rows, most of which never fall."""
    last = 1000 if target.counting else 364
    days = sorted(draw(st.lists(st.integers(0, last), min_size=1, max_size=5)))
    numbers = draw(st.lists(st.integers(0, 16), min_size=len(days), max_size=len(days)))
    if draw(st.sampled_from([True, True, True, False])):
        numbers.sort()
    event = st.sampled_from([None, None, None, None, "le phat dong"])
    return [
        TinyEntry(
            target.id, agency, date(2026, 1, 1) + timedelta(days=day), number, content=draw(st.sampled_from(_CONTENTS)),
            confirmed=draw(st.sampled_from([False, False, False, True])), shared_event=draw(event),
            is_struck=draw(st.sampled_from([False] * 5 + [True])), recorded=None,
        )
        for day, number in zip(days, numbers, strict=True)
    ]  # fmt: skip


@st.composite
def draw_running_register(draw: st.DrawFn) -> DrawnRegister:
    """Draw one target with the series of one to three agencies."""
    target = draw(draw_target())
    agencies = AGENCIES[: draw(st.integers(1, 3))]
    return [target], [entry for agency in agencies for entry in draw(draw_series(target, agency))]


@running_settings
@given(draw_running_register(), as_of_days)
def test_5_running_totals_agree_with_the_plain_rules(drawn: DrawnRegister, as_of: date) -> None:
    (target,), entries = drawn
    db = build_database(*drawn)
    if target.counting:
        for year in _YEARS:
            check_targets(db, drawn, as_of, year, None)
        check_agencies(db, drawn, as_of, None)
        return
    rows = compute_attainment(db, Question(as_of))
    assert rows == compute_from_entries(db, Question(as_of))
    check_target(target, rows, as_of, entries)
    parts = compute_by_agency(db, Question(as_of))
    for agency in {str(part["agency"]) for part in parts}:
        check_agency(target, [part for part in parts if part["agency"] == agency], as_of, entries)


@running_settings
@given(draw_running_register(), as_of_days)
def test_5_the_weak_reading_of_a_series_is_never_better_and_equal_once_confirmed(
    drawn: DrawnRegister, as_of: date
) -> None:
    targets, entries = drawn
    certain = build_database(targets, [replace(entry, confirmed=True) for entry in entries])
    for row in list_all_rows(build_database(*drawn), Question(as_of)):
        if row["actual"] is not None and row["actual_weak"] is not None:
            assert (row["actual_weak"] >= row["actual"]) if row["is_ceiling"] else row["actual_weak"] <= row["actual"]
        if not row["doubts"]:
            assert (row["actual_weak"], row["numerator_weak"]) == (row["actual"], row["numerator"])
    for row in list_all_rows(certain, Question(as_of)):
        assert (row["actual_weak"], row["doubts"]) == (row["actual"], [])


@running_settings
@given(draw_running_register(), as_of_days, st.randoms(use_true_random=False))
def test_5_a_later_row_and_the_order_of_rows_change_nothing(drawn: DrawnRegister, as_of: date, random: object) -> None:
    targets, entries = drawn
    shuffled = [entry for entry in entries if entry.occurred_on <= as_of]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    rows, other_rows = (
        [{**row, "span_rows": []} for row in list_all_rows(build_database(targets, each), Question(as_of))]
        for each in (entries, shuffled)
    )
    assert leave_out_places(rows) == leave_out_places(other_rows)  # type: ignore[arg-type]


def _holds(comparator: str, number: Fraction, floor: Fraction) -> bool:
    comparisons: dict[str, Callable[[], bool]] = {">=": lambda: number >= floor, ">": lambda: number > floor}
    return comparisons[comparator]()


@running_settings
@given(st.lists(st.integers(0, 9), min_size=2, max_size=4), st.integers(2, 9), st.sampled_from([">=", ">"]))
def test_5_no_quarter_of_a_running_total_is_attained_that_its_rise_does_not_meet(
    rises: list[int], floor: int, comparator: str
) -> None:
    """Each quarter's row is the total since January: only what it rose by was done in the quarter."""
    periods = (list_year(2026), *list_spans(2026, 3))
    target = TinyTarget(
        recurrence="quarterly", floor=Decimal(floor), comparator=comparator, periods=periods,
        spans=(None, "2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"),
    )  # fmt: skip
    totals = [sum(rises[: number + 1]) for number in range(len(rises))]
    entries = [
        TinyEntry("p.01", "A", period[0] + timedelta(days=9), total)
        for period, total in zip(periods[1:], totals, strict=False)
    ]
    rows = compute_attainment(build_database([target], entries), Question(date(2027, 1, 20), year=2026))[1:]
    if totals[-1] >= 5 and len(set(totals)) > 1:
        for rise, row in zip(rises, rows, strict=False):
            assert _holds(comparator, Fraction(rise), Fraction(floor)) or row["status"] == "overdue"
