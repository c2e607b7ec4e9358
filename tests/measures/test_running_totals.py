"""Running totals that go on from one quarter, or one year of a table, to the next (design.md §5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kpis.measures.attainment import compute_attainment, compute_by_agency, compute_from_entries
from kpis.measures.attainment_rows import Attainment
from kpis.measures.question import Question
from kpis.measures.row_totals import build_row_figures
from kpis.sheet.model import CheckedRow
from tests.measures.test_spans import QUARTERS, YEAR
from tests.measures.tiny_database import TinyDatabase, TinyEntry, TinyTarget, build_database, make_year_period

DAYS = (date(2026, 2, 1), date(2026, 5, 1), date(2026, 8, 1), date(2026, 11, 1))
AFTER = date(2027, 1, 20)
NAMES = ("2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4")
SIX_A_QUARTER = TinyTarget(
    indicator="news_items", recurrence="quarterly", floor=Decimal(6), periods=(YEAR, *QUARTERS), spans=(None, *NAMES)
)
LABEL = "Lũy kế từ đầu năm"


def make_rows(*quantities: int | None, agency: str = "A", **marks: Any) -> list[TinyEntry]:
    """Return one row for each quarter; none for None."""
    return [
        TinyEntry("p.01", agency, day, quantity, **marks)
        for day, quantity in zip(DAYS, quantities, strict=False)
        if quantity is not None
    ]


def ask(db: TinyDatabase, as_of: date = AFTER, year: int = 2026) -> list[Attainment]:
    """Return the row of the year and those of its spans, after checking that both ways of counting agree."""
    rows = compute_attainment(db, Question(as_of, year=year))
    assert compute_from_entries(db, Question(as_of, year=year)) == rows
    return rows


def list_weak(*entries: TinyEntry, target: TinyTarget = SIX_A_QUARTER, as_of: date = AFTER) -> list[object]:
    return [row["actual_weak"] for row in ask(build_database([target], entries), as_of)[1:]]


def list_statuses(*entries: TinyEntry, target: TinyTarget = SIX_A_QUARTER, as_of: date = AFTER) -> list[object]:
    return [row["status"] for row in ask(build_database([target], entries), as_of)]


def test_5_a_total_that_goes_on_from_quarter_to_quarter_attains_only_its_first() -> None:
    year, *quarters = ask(build_database([SIX_A_QUARTER], make_rows(6, 9, 11, 14)))
    assert [row["actual_weak"] for row in quarters] == [6, 3, 2, 3]
    assert [row["status"] for row in quarters] == ["attained", "overdue", "overdue", "overdue"]
    assert (year["status"], year["spans_met"], year["actual"], year["actual_weak"]) == ("overdue", 1, 40, 14)
    doubts = [doubt for row in quarters for doubt in row["doubts"]]
    assert {doubt["code"] for doubt in doubts} == {"possibly_running_total"}
    assert [(doubt["rows"][0]["quantity"], doubt["reduces_by"]) for doubt in doubts] == [(9, 6), (11, 9), (14, 11)]
    assert year["doubts"] == doubts


def test_5_before_its_quarter_ends_such_a_total_only_withholds_attained() -> None:
    assert list_statuses(*make_rows(6, 9), as_of=date(2026, 5, 20))[:3] == ["on_track", "attained", "on_track"]


@pytest.mark.parametrize(
    ("quantities", "met"),
    [
        ((6, 7, 8, 9), 1),  # rising additions are withheld too, until they are confirmed
        ((6, 6, 9, 12), 1),  # a quarter in which nothing was added
        ((6, 9, 11, 7), 4),  # falls
        ((6, 6, 6, 6), 4),  # never rises
        ((6, 12, 18, 24), 4),  # met by its rises too
        ((None, 8, 14, 9), 3),
    ],
)
def test_5_a_series_of_quarters_is_in_doubt_if_it_never_falls_and_its_rises_do_not_meet_the_floor(
    quantities: Sequence[int | None], met: int
) -> None:
    assert list_statuses(*make_rows(*quantities))[1:].count("attained") == met


def test_5_what_falls_later_in_the_year_is_no_running_total_any_more() -> None:
    entries = make_rows(6, 9, 11, 7)
    assert list_statuses(*entries, as_of=date(2026, 10, 31))[2:4] == ["overdue", "overdue"]
    assert list_statuses(*entries, as_of=date(2026, 11, 1))[2:4] == ["attained", "attained"]


def test_5_small_numbers_are_no_running_total_unless_they_are_amounts() -> None:
    small = replace(SIX_A_QUARTER, floor=Decimal(2))
    assert list_weak(*make_rows(2, 3, 4), target=small)[:3] == [2, 3, 4]
    assert list_weak(*make_rows(2, 3, 4), target=replace(small, measure="amount"))[:3] == [2, 1, 1]


def test_5_several_rows_of_a_quarter_add_their_largest_less_what_it_goes_on_from() -> None:
    entries = [TinyEntry("p.01", "A", date(2026, 1, 5), 3), *make_rows(6, 8), TinyEntry("p.01", "A", DAYS[1], 8)]
    assert list_weak(*entries)[:2] == [9, 2]


def test_5_totals_of_several_agencies_are_in_doubt_together_where_none_decides_alone() -> None:
    entries = [*make_rows(6, 9), *make_rows(6, 9, agency="B")]
    assert list_weak(*entries, target=replace(SIX_A_QUARTER, floor=Decimal(7)))[:2] == [12, 6]
    assert list_weak(*entries, target=replace(SIX_A_QUARTER, floor=Decimal(5)))[:2] == [12, 18]


def test_5_a_row_that_calls_itself_a_running_total_goes_on_from_the_rows_of_earlier_quarters() -> None:
    labelled = [replace(entry, content=LABEL) for entry in make_rows(6, 9, 11, 14)]
    assert list_weak(*labelled) == [6, 3, 2, 3]
    assert list_weak(*make_rows(6, 9, 11), labelled[3]) == [6, 3, 2, 3]
    # the quarter before added 4 and 2: a total of 10 adds 4 to them
    two = [TinyEntry("p.01", "A", day, n) for day, n in ((date(2026, 1, 5), 4), (date(2026, 2, 5), 2))]
    assert list_weak(*two, replace(labelled[1], quantity=10))[:2] == [6, 4]
    assert list_statuses(*two, replace(labelled[1], quantity=10))[1:3] == ["attained", "overdue"]
    # more than the total says: nothing is certain
    assert list_weak(*make_rows(6), *make_rows(None, 5), replace(labelled[2], quantity=8))[2] == 0


def test_5_what_goes_on_after_a_row_that_calls_itself_a_running_total_is_in_doubt() -> None:
    entries = [*make_rows(9, 6), *make_rows(None, None, 15, content=LABEL), *make_rows(None, None, None, 20)]
    assert list_weak(*entries)[3] == 5


def test_5_one_label_without_an_earlier_row_of_the_year_is_no_doubt() -> None:
    earlier = TinyEntry("p.01", "A", date(2025, 12, 1), 9)
    (_, first, *_) = ask(build_database([SIX_A_QUARTER], [earlier, *make_rows(6, content=LABEL)]))
    assert (first["doubts"], first["status"]) == ([], "attained")


def test_5_confirmed_rows_of_quarters_stand() -> None:
    assert list_weak(*make_rows(6, 9, 11, 14, confirmed=True)) == [6, 9, 11, 14]
    second = [replace(entry, confirmed=entry.quantity == 9) for entry in make_rows(6, 9, 11)]
    assert list_weak(*second)[:3] == [6, 9, 2]
    both = [replace(entry, confirmed=entry.quantity < 11) for entry in make_rows(6, 9, 11)]
    assert list_weak(*both)[:3] == [6, 9, 11]  # not doubted again by its numbers


def test_5_each_agency_of_a_coverage_is_asked_by_itself() -> None:
    target = replace(SIX_A_QUARTER, measure="coverage", floor=Decimal(1), each=3, roster=("A", "B"))
    rows = ask(build_database([target], [*make_rows(3, 4), *make_rows(3, 3, agency="B")]))
    assert [(row["numerator"], row["numerator_weak"], row["status"]) for row in rows[1:3]] == [
        (2, 2, "attained"), (2, 1, "overdue"),
    ]  # fmt: skip


def test_5_a_share_of_a_quarter_may_rest_on_a_running_total_alone() -> None:
    target = replace(SIX_A_QUARTER, shares={"A": Decimal(6)})
    db = build_database([target], [*make_rows(6, 9), *make_rows(90, 80, agency="B")])
    parts = compute_by_agency(db, Question(AFTER, year=2026))
    of_agency = [part for part in parts if part["agency"] == "A"]
    assert [(part["span"], part["actual_weak"], part["status"]) for part in of_agency][:3] == [
        (None, 9, "overdue"), ("2026-Q1", 6, "attained"), ("2026-Q2", 3, "overdue"),
    ]  # fmt: skip
    assert of_agency[2]["numerator_weak"] == 9  # what it adds to the target is not in doubt
    assert ask(db)[2]["doubts"] == []


def test_5_months_and_half_years_are_asked_in_the_same_way() -> None:
    ends = (date(2026, 6, 30), date(2026, 12, 31))
    halves = tuple((start, end, end) for start, end in zip((date(2026, 1, 1), date(2026, 7, 1)), ends, strict=True))
    target = replace(
        SIX_A_QUARTER, recurrence="half_yearly", periods=(YEAR, *halves), spans=(None, "2026-H1", "2026-H2")
    )
    assert list_weak(*make_rows(6, None, 9), target=target) == [6, 3]


def test_5_a_table_of_yearly_amounts_is_one_series() -> None:
    years = tuple(make_year_period(year) for year in (2026, 2027, 2028))
    stages = ((Decimal(50), 2026, 2026), (None, 2027, 2027), (Decimal(50), 2028, 2028))
    table = TinyTarget(recurrence="yearly", counting="each_year", periods=years, stages=stages)
    entries = [TinyEntry("p.01", "A", date(2026 + n, 6, 1), total) for n, total in enumerate((50, 95, 140))]
    db = build_database([table], entries)
    rows = [ask(db, date(2028, 12, 20), year)[0] for year in (2026, 2027, 2028)]
    assert [(row["actual_weak"], row["status"]) for row in rows] == [
        (50, "attained"), (95, "carried"), (45, "overdue"),
    ]  # fmt: skip
    yearly = replace(table, counting=None, stages=())  # a promise of every year is counted from its own January
    assert ask(build_database([yearly], entries), date(2028, 12, 20), 2028)[0]["status"] == "attained"


def test_4_the_cell_says_what_its_quarter_would_have() -> None:
    db = build_database([SIX_A_QUARTER], make_rows(6, 9))
    figures = build_row_figures(db, "p", [DAYS[0]], date(2026, 5, 20))
    (_, quarter) = [
        figures.find_doubts(CheckedRow("progress", "Tiến độ", 2, row_hash, None, None)) for row_hash in (0, 1)
    ]
    assert [(doubt.code, doubt.total and doubt.total.reached, doubt.in_span) for doubt in quarter] == [
        ("possibly_running_total", 3, True)
    ]
