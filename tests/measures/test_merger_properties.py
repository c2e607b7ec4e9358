"""Mergers of agencies: the SQL gives the results of the plain rules and launders nothing (design.md §5, Mergers)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpis.measures.attainment import compute_attainment, compute_by_agency
from kpis.measures.question import Question
from tests.measures.mergers_in_python import give_to_answering
from tests.measures.random_registers import (
    AGENCIES,
    as_of_day_triples,
    days,
    draw_doubtful_changes,
    draw_doubtful_register,
    draw_register,
    early_days,
    known_at_moments,
)
from tests.measures.test_attainment_properties import DrawnRegister, check_agencies, check_targets, index_by_period
from tests.measures.tiny_database import TinyEntry, TinyMerger, TinyTarget, build_database

pytestmark = pytest.mark.slow

NEW = "Sở Mới"
property_settings = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
Mergers = tuple[TinyMerger, ...]


@st.composite
def draw_mergers(draw: st.DrawFn) -> Mergers:
    """Draw one to three mergers or renamings, chains among them: each agency is followed by one later in an order."""
    order = [*draw(st.permutations(AGENCIES)), NEW]
    ended = draw(st.lists(st.sampled_from(range(len(order) - 1)), unique=True, min_size=1, max_size=3))
    return tuple(
        TinyMerger(
            order[place],
            order[draw(st.integers(place + 1, len(order) - 1))],
            draw(st.one_of(early_days, st.sampled_from([date(2026, 7, 1), date(2026, 12, 15), date(2027, 1, 1)]))),
        )
        for place in sorted(ended)
    )


def merge(drawn: DrawnRegister, mergers: Mergers) -> DrawnRegister:
    """Return a register with mergers, its rows under the agencies whose they are on their days."""
    targets, entries = drawn
    reporters = [*AGENCIES, NEW]
    moved = [replace(entry, agency=reporters[number % 5]) if number % 4 == 0 else entry
             for number, entry in enumerate(entries)]  # fmt: skip
    return (
        [replace(target, mergers=mergers) for target in targets],
        [give_to_answering(entry, mergers) for entry in moved],
    )


def list_days_around(mergers: Mergers) -> list[date]:
    """Return the day before the first merger, the day of it and of the last one, and the day after that."""
    first, last = (choose(merger.from_day for merger in mergers) for choose in (min, max))
    return sorted({first - timedelta(days=1), first, last, last + timedelta(days=1)})


@property_settings
@given(draw_register(), draw_mergers(), as_of_day_triples, known_at_moments)
def test_the_plain_rules_hold_with_mergers(
    drawn: DrawnRegister, mergers: Mergers, as_of_days: tuple[date, ...], known_at: datetime
) -> None:
    merged = merge(drawn, mergers)
    db = build_database(*merged)
    for as_of in (*as_of_days, *list_days_around(mergers)):
        check_targets(db, merged, as_of, as_of.year, None)
        check_targets(db, merged, as_of, as_of.year, known_at)
        check_agencies(db, merged, as_of, None)


@property_settings
@given(draw_doubtful_register(), draw_mergers(), as_of_day_triples)
def test_doubts_are_those_of_the_plain_rules_with_mergers(
    drawn: DrawnRegister, mergers: Mergers, as_of_days: tuple[date, ...]
) -> None:
    merged = merge(drawn, mergers)
    db = build_database(*merged)
    for as_of in (*as_of_days, *list_days_around(mergers)):
        check_targets(db, merged, as_of, as_of.year, None)
        check_agencies(db, merged, as_of, None)


@property_settings
@given(draw_doubtful_changes(), draw_mergers(), st.one_of(early_days, days))
def test_changes_are_compared_with_a_year_of_other_agencies(
    drawn: DrawnRegister, mergers: Mergers, as_of: date
) -> None:
    merged = merge(drawn, mergers)
    db = build_database(*merged)
    for day in (as_of, *list_days_around(mergers)):
        for year in (2026, 2027):
            check_targets(db, merged, day, year, None)


def get_verdicts(
    targets: Sequence[TinyTarget], entries: Sequence[TinyEntry], as_of: date, year: int | None = None
) -> dict[object, object]:
    rows = index_by_period(compute_attainment(build_database(targets, entries), Question(as_of, year=year)))
    return {key: (row["status"], row["actual"], row["actual_weak"]) for key, row in rows.items()}


@property_settings
@given(st.one_of(draw_register(), draw_doubtful_register()), draw_mergers())
def test_the_day_before_a_merger_is_as_without_it(drawn: DrawnRegister, mergers: Mergers) -> None:
    targets, entries = merge(drawn, mergers)
    eve = min(merger.from_day for merger in mergers) - timedelta(days=1)
    for year in (2026, 2027):
        assert get_verdicts(targets, entries, eve, year) == get_verdicts(drawn[0], entries, eve, year)


@property_settings
@given(st.one_of(draw_register(), draw_doubtful_register()), draw_mergers())
def test_a_merger_alone_changes_no_verdict_of_what_is_added_up(drawn: DrawnRegister, mergers: Mergers) -> None:
    """Without a row since then, on its day: what the roster or lead has to report decides by who answers for it."""
    targets, entries = merge(drawn, mergers)
    first, last = min(merger.from_day for merger in mergers), max(merger.from_day for merger in mergers)
    earlier = [entry for entry in entries if entry.occurred_on < first]
    added_up = {
        target.id
        for target in targets
        if target.measure in ("count", "amount", "milestone") or (target.measure == "ratio" and not target.roster)
    }
    now, as_before = get_verdicts(targets, earlier, last), get_verdicts(drawn[0], earlier, last)
    assert {key: now[key] for key in now if str(key[0]) in added_up} == {  # type: ignore[index]
        key: as_before[key]
        for key in as_before
        if str(key[0]) in added_up  # type: ignore[index]
    }


@property_settings
@given(draw_register(), draw_mergers(), st.dates(date(2027, 1, 1), date(2028, 12, 31)))
def test_a_period_due_before_a_merger_keeps_its_verdict(drawn: DrawnRegister, mergers: Mergers, as_of: date) -> None:
    """Whatever was red then stays red, and green stays green; without a row since then."""
    late = tuple(replace(merger, from_day=date(2027, 2, 1)) for merger in mergers)
    targets, entries = merge(drawn, late)
    entries = [entry for entry in entries if entry.occurred_on < date(2027, 2, 1)]
    due = {(target.id, *period[:2]) for target in targets for period in target.periods if period[2] < date(2027, 2, 1)}
    merged = {key: value for key, value in get_verdicts(targets, entries, as_of, 2026).items() if key in due}
    plain = {key: value for key, value in get_verdicts(drawn[0], entries, as_of, 2026).items() if key in due}
    assert merged == plain


@property_settings
@given(draw_register(), draw_mergers(), days, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(drawn: DrawnRegister, mergers: Mergers, as_of: date, random: Random) -> None:
    targets, entries = merge(drawn, mergers)
    shuffled = random.sample(entries, len(entries))
    question = Question(as_of)
    rows, others = (compute_by_agency(build_database(targets, some), question) for some in (entries, shuffled))
    assert rows == others
