"""Both readings on random registers whose rows are in doubt (design.md §5, No green on a doubt)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from kpis.measures.attainment import compute_attainment, compute_by_agency, compute_from_entries
from kpis.measures.attainment_rows import Attainment
from kpis.measures.doubtful_entries import get_period_key
from kpis.measures.question import Question
from tests.measures.random_registers import (
    as_of_day_triples,
    draw_doubtful_changes,
    draw_doubtful_register,
    known_at_moments,
)
from tests.measures.test_attainment_properties import (
    DrawnRegister,
    check_agencies,
    check_targets,
    property_settings,
    sum_exactly,
)
from tests.measures.tiny_database import TinyDatabase, build_database

doubt_settings = settings(property_settings, max_examples=12)
_MET = ("attained", "attained_late")


def list_all_rows(db: TinyDatabase, question: Question) -> list[Attainment]:
    return compute_attainment(db, question) + compute_by_agency(db, question)


def leave_out_places(rows: list[Attainment]) -> list[object]:
    """Return rows without the places of doubted rows in the sheet."""
    return [
        {
            **row,
            "doubts": sorted(
                (
                    doubt["code"],
                    doubt["reduces_by"],
                    sorted(str(item["occurred_on"]) for item in doubt["rows"]),
                )
                for doubt in row["doubts"]
            ),
        }
        for row in rows
    ]


@doubt_settings
@given(draw_doubtful_register(), as_of_day_triples, st.one_of(st.none(), known_at_moments))
def test_5_both_readings_agree_with_the_plain_rules(
    drawn: DrawnRegister, as_of_days: tuple[date, ...], known_at: datetime | None
) -> None:
    db = build_database(*drawn)
    for as_of in as_of_days:
        check_targets(db, drawn, as_of, as_of.year, known_at)
        check_agencies(db, drawn, as_of, known_at)


@settings(property_settings, max_examples=40)
@given(draw_doubtful_changes(), st.dates(date(2026, 3, 1), date(2028, 1, 31)), st.one_of(st.none(), known_at_moments))
def test_5_the_weak_change_is_made_of_weak_figures(
    drawn: DrawnRegister, as_of: date, known_at: datetime | None
) -> None:
    db = build_database(*drawn)
    for year in (2026, 2027):
        check_targets(db, drawn, as_of, year, known_at)
    check_agencies(db, drawn, as_of, known_at)


@doubt_settings
@given(draw_doubtful_register(), as_of_day_triples)
def test_5_the_weak_reading_is_never_better_and_equal_without_a_doubt(
    drawn: DrawnRegister, as_of_days: tuple[date, ...]
) -> None:
    db = build_database(*drawn)
    certain = build_database(drawn[0], [replace(entry, confirmed=True) for entry in drawn[1]])
    for as_of in as_of_days:
        question = Question(as_of)
        for row in list_all_rows(db, question):
            full, weak = row["actual"], row["actual_weak"]
            if full is not None and weak is not None:
                assert weak >= full if row["is_ceiling"] else weak <= full
            if not row["doubts"]:
                assert (row["actual_weak"], row["numerator_weak"]) == (row["actual"], row["numerator"])
        for row in list_all_rows(certain, question):
            assert (row["actual_weak"], row["doubts"]) == (row["actual"], [])


@doubt_settings
@given(draw_doubtful_register(), as_of_day_triples)
def test_5_a_target_attained_is_attained_without_any_one_row_in_doubt(
    drawn: DrawnRegister, as_of_days: tuple[date, ...]
) -> None:
    db = build_database(*drawn)
    for as_of in as_of_days:
        for row in compute_attainment(db, Question(as_of)):
            if row["status"] in _MET and row["measure"] == "count" and as_of <= row["due_on"]:
                for doubt in row["doubts"]:
                    assert _holds(row, row["numerator"] - int(doubt["reduces_by"]))


def _holds(row: Attainment, figure: float) -> bool:
    floor = row["floor_exact"]
    assert floor is not None
    comparisons: dict[str, Callable[[], bool]] = {
        ">=": lambda: figure >= floor, ">": lambda: figure > floor,
        "<=": lambda: figure <= floor, "<": lambda: figure < floor,
    }  # fmt: skip
    return comparisons[str(row["comparator"])]()


@doubt_settings
@given(draw_doubtful_register(), as_of_day_triples)
def test_5_a_later_row_never_changes_an_earlier_day(drawn: DrawnRegister, as_of_days: tuple[date, ...]) -> None:
    targets, entries = drawn
    db = build_database(*drawn)
    for as_of in as_of_days:
        earlier = build_database(targets, [entry for entry in entries if entry.occurred_on <= as_of])
        rows = leave_out_places(list_all_rows(db, Question(as_of)))
        assert rows == leave_out_places(list_all_rows(earlier, Question(as_of)))


@doubt_settings
@given(draw_doubtful_register(), as_of_day_triples, st.randoms(use_true_random=False))
def test_5_the_order_of_rows_changes_nothing(
    drawn: DrawnRegister, as_of_days: tuple[date, ...], random: object
) -> None:
    targets, entries = drawn
    shuffled = list(entries)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    db, other = build_database(targets, entries), build_database(targets, shuffled)
    for as_of in as_of_days:
        rows, other_rows = (list_all_rows(each, Question(as_of)) for each in (db, other))
        assert leave_out_places(rows) == leave_out_places(other_rows)


@doubt_settings
@given(draw_doubtful_register(), as_of_day_triples)
def test_5_the_agencies_add_up_to_the_target_in_both_readings(
    drawn: DrawnRegister, as_of_days: tuple[date, ...]
) -> None:
    db = build_database(*drawn)
    for as_of in as_of_days:
        agency_rows = compute_by_agency(db, Question(as_of))
        for row in compute_attainment(db, Question(as_of)):
            parts = [part for part in agency_rows if get_period_key(part) == get_period_key(row)]
            assert sum_exactly(part["numerator"] for part in parts) == sum_exactly([row["numerator"]])
            assert sum_exactly(part["numerator_weak"] for part in parts) == sum_exactly([row["numerator_weak"]])


@doubt_settings
@given(draw_doubtful_register(), as_of_day_triples)
def test_8_what_may_be_in_doubt_is_decided_once_for_every_day(
    drawn: DrawnRegister, as_of_days: tuple[date, ...]
) -> None:
    db = build_database(*drawn)
    for as_of in as_of_days:
        assert compute_attainment(db, Question(as_of)) == compute_from_entries(db, Question(as_of))
