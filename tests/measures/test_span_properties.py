"""Quarters, months and half-years on random registers: each by the plain rules, and the year by them (design.md §5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpis.measures.attainment import compute_attainment, compute_by_agency, compute_from_entries
from kpis.measures.attainment_rows import Attainment, select_targets
from kpis.measures.question import Question
from tests.measures import rules_in_python as rules
from tests.measures.random_registers import draw_doubtful_entry, draw_target, known_at_moments
from tests.measures.test_attainment_properties import (
    DrawnRegister,
    get_row_figures,
    get_rule_figures,
    property_settings,
    sum_exactly,
)
from tests.measures.tiny_database import TinyEntry, TinyTarget, build_database

pytestmark = pytest.mark.slow

MONTHS = {"monthly": 1, "quarterly": 3, "half_yearly": 6}
YEARS = (2026, 2027)
FROM_DAYS = (date(2026, 1, 1), date(2026, 1, 1), date(2026, 3, 11), date(2026, 5, 15))
span_settings = settings(property_settings, max_examples=60)
as_of_days = st.one_of(
    st.dates(date(2026, 3, 1), date(2026, 4, 15)),
    st.sampled_from([date(2026, 3, 31), date(2026, 4, 10), date(2026, 6, 30), date(2026, 12, 31), date(2027, 1, 5)]),
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
)
"""Most of them in or just after the quarter in which most entries are."""


def list_spans(year: int, months: int) -> list[rules.PeriodDates]:
    """Return the spans of a year, each due on its last day."""
    starts = [date(year, month, 1) for month in range(1, 13, months)]
    ends = [start - timedelta(days=1) for start in (*starts[1:], date(year + 1, 1, 1))]
    return [(start, end, end) for start, end in zip(starts, ends, strict=True)]


def list_year(year: int) -> rules.PeriodDates:
    return date(year, 1, 1), date(year, 12, 31), date(year, 12, 31)


@st.composite
def draw_spans(draw: st.DrawFn) -> DrawnRegister:
    """Draw one or two targets of quarters, months or half-years with entries, some of them in doubt."""
    targets = []
    for number in range(1, draw(st.integers(1, 2)) + 1):
        recurrence = draw(st.sampled_from(sorted(MONTHS)))
        periods = [period for year in YEARS for period in (list_year(year), *list_spans(year, MONTHS[recurrence]))]
        names = tuple(
            None if period in map(list_year, YEARS) else f"{period[0]:%Y-%m}" for period in periods
        )  # how a span is named does not matter here
        target = replace(
            # (a change has no spans: it is compared with a whole year)
            draw(draw_target(f"p.{number:02}").filter(lambda target: target.measure != "change")),
            recurrence=recurrence, pace="linear", periods=tuple(periods),
            stages=(),
            spans=names, from_day=draw(st.sampled_from(FROM_DAYS)),
            due_after_days=draw(st.sampled_from([0, 10, 45])),
        )  # fmt: skip
        targets.append(target)
    entries = [
        entry for target in targets for entry in draw(st.lists(draw_doubtful_entry(target), min_size=2, max_size=8))
    ]
    return targets, entries


Evaluate = Callable[[TinyTarget, rules.PeriodDates], rules.RuleResult]


def check_year(
    target: TinyTarget, rows: Sequence[Attainment], as_of: date, evaluate: Evaluate, floor: Fraction | None, base: int
) -> None:
    """Compare one subject's rows, those of its spans and of its year, with the rules."""
    spans = list_spans(as_of.year, MONTHS[target.recurrence])
    results = [(period, evaluate(target, period)) for period in spans]
    by_start = {row["period_start"]: row for row in rows if row["span"] is not None}
    # An agency has a row only where it is involved in the span.
    for (start, _, _), result in results:
        if start in by_start:
            assert get_row_figures(by_start[start]) == get_rule_figures(result)
    (year,) = select_targets(rows)
    figures = evaluate(target, list_year(as_of.year)).figures
    assert (year["numerator"], year["entries"]) == (float(figures.numerator), figures.entries)
    if target.measure == "carried":
        return
    expected = rules.summarize_spans(target, results, as_of, floor, base)
    assert (year["status"], year["spans_met"], year["spans_due"], year["spans"]) == expected
    assert year["span_rows"] == [row for row in rows if row["span"] is not None]


@span_settings
@given(draw_spans(), as_of_days, known_at_moments)
def test_5_spans_and_their_year_agree_with_the_plain_rules(
    drawn: DrawnRegister, as_of: date, known_at: datetime
) -> None:
    targets, entries = drawn
    db = build_database(targets, entries)
    for moment in (None, known_at):
        question = Question(as_of, known_at=moment)
        rows = compute_attainment(db, question)
        assert rows == compute_from_entries(db, question)
        known_entries = rules.select_known(entries, moment)
        for target in targets:
            check_target(target, [row for row in rows if row["target"] == target.id], as_of, known_entries)


def check_target(
    target: TinyTarget, rows: Sequence[Attainment], as_of: date, known_entries: Sequence[TinyEntry]
) -> None:
    check_year(
        target, rows, as_of, lambda target, period: rules.evaluate_target(target, period, known_entries, as_of),
        Fraction(target.floor or 0), len(target.roster),
    )  # fmt: skip


@span_settings
@given(draw_spans(), as_of_days)
def test_5_the_parts_of_agencies_add_up_in_each_span_and_in_the_year(drawn: DrawnRegister, as_of: date) -> None:
    targets, entries = drawn
    db = build_database(targets, entries)
    parts = compute_by_agency(db, Question(as_of))
    for row in compute_attainment(db, Question(as_of)):
        own_parts = [part for part in parts if (part["target"], part["span"]) == (row["target"], row["span"])]
        assert sum_exactly(part["numerator"] for part in own_parts) == sum_exactly([row["numerator"]])
    for target in targets:
        involved = {str(part["agency"]) for part in parts if part["target"] == target.id}
        for agency in {target.lead, *target.roster, *target.shares} & involved:
            check_agency(
                target, [p for p in parts if (p["target"], p["agency"]) == (target.id, agency)], as_of, entries
            )


def check_agency(target: TinyTarget, rows: Sequence[Attainment], as_of: date, entries: Sequence[TinyEntry]) -> None:
    agency = str(rows[0]["agency"])
    if target.measure == "milestone":  # reached once: `numerator` is what the agency adds
        return
    check_year(
        target, rows, as_of,
        lambda target, period: rules.evaluate_agency(target, period, rules.select_known(entries, None), as_of, agency),
        rules.get_agency_floor(target, agency), int(agency in target.roster),
    )  # fmt: skip
