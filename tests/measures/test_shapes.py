"""Amounts, rates, coverages with a number for each agency, and what is only kept in words (design.md §3, §5)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from kpis.measures.attainment import compute_attainment, compute_by_agency, compute_from_entries
from kpis.measures.attainment_rows import Attainment
from kpis.measures.changes import compare_with_last_week
from kpis.measures.owed import compute_owed, list_owed
from kpis.measures.question import Question
from kpis.measures.running_curve import compute_curves
from kpis.measures.status_overview import count_statuses, select_judged
from kpis.wording import owed_sentences, target_figures
from tests.measures.tiny_database import TinyEntry, TinyTarget, build_database

JULY, DUE = date(2026, 7, 1), date(2026, 12, 15)
ROSTER = tuple(f"UBND xã {number}" for number in range(1, 6))


def make_entry(day: date, quantity: int | str, agency: str = "Sở Công Thương") -> TinyEntry:
    return TinyEntry("p.01", agency, day, Decimal(quantity) if isinstance(quantity, str) else quantity)


def compute_row(target: TinyTarget, *entries: TinyEntry, as_of: date = DUE) -> Attainment:
    """Return the row, the same from what was published and from the entries."""
    db = build_database([target], entries)
    (row,) = compute_attainment(db, Question(as_of))
    assert [row] == compute_from_entries(db, Question(as_of))
    return row


def test_5_an_amount_keeps_its_decimals_and_is_never_shown_as_met_before_it_is() -> None:
    road = TinyTarget(measure="amount", floor=Decimal(48))
    row = compute_row(road, make_entry(date(2026, 2, 1), "40.5"), make_entry(date(2026, 3, 1), "7.496"))
    assert (row["actual"], row["status"], row["expected"]) == (47.996, "at_risk", 48)
    assert target_figures.format_fraction(row, "vi") == "47,99/48"
    owed = compute_owed(row, DUE)
    assert owed is not None
    assert owed_sentences.format_missing(owed, "vi") == ["thiếu 0,01 việc"]
    met = compute_row(road, make_entry(date(2026, 2, 1), "40.5"), make_entry(date(2026, 3, 1), "7.5"))
    assert (met["actual"], met["status"], target_figures.format_fraction(met, "vi")) == (48, "attained", "48/48")


def test_5_six_decimals_decide() -> None:
    row = compute_row(TinyTarget(measure="amount", floor=Decimal("0.3")), make_entry(JULY, "0.299999"))
    assert row["status"] == "at_risk"
    assert target_figures.format_fraction(row, "vi") == "0,29/0,3"
    over = compute_row(TinyTarget(measure="amount", comparator=">", floor=Decimal("0.3")), make_entry(JULY, "0.300001"))
    assert (over["met"], target_figures.format_fraction(over, "vi")) == (True, "0,300001, phải trên 0,3")


def test_5_of_a_rate_the_latest_entry_of_the_lead_alone_counts() -> None:
    mortality = TinyTarget(
        measure="amount", accumulation="level", comparator="<", floor=Decimal(4), adds_up=False, lead="Sở Y tế"
    )
    entries = [make_entry(JULY, "3.5", "Sở Y tế"), make_entry(JULY, "3.4", "CDC")]
    row = compute_row(mortality, *entries)
    assert (row["actual"], row["status"], row["entries"], row["reporting_agencies"]) == (3.5, "attained", 1, 1)
    parts = compute_by_agency(build_database([mortality], entries), Question(DUE))
    assert {part["agency"]: part["numerator"] for part in parts} == {"Sở Y tế": 3.5, "CDC": 0}


def test_5_a_rate_that_only_others_reported_is_never_met() -> None:
    mortality = TinyTarget(
        measure="amount", accumulation="level", comparator="<", floor=Decimal(4), adds_up=False, lead="Sở Y tế"
    )
    row = compute_row(mortality, make_entry(JULY, "3.4", "CDC"))
    assert (row["status"], row["entries"]) == ("no_data", 0)


def test_5_children_per_woman_typed_twice_are_not_attained() -> None:
    target = TinyTarget(measure="amount", accumulation="level", floor=Decimal("2.1"), adds_up=False)
    row = compute_row(target, make_entry(JULY, "1.9"), make_entry(JULY, "1.9", "Sở Y tế"), as_of=date(2026, 12, 16))
    assert (row["actual"], row["status"]) == (1.9, "overdue")


def test_5_an_agency_counts_once_its_entries_add_up_to_the_number_for_each() -> None:
    target = TinyTarget(measure="coverage", floor=Decimal(1), roster=ROSTER[:2], each=4)
    first = [make_entry(date(2026, month, 1), 2, ROSTER[0]) for month in (1, 2)]
    row = compute_row(target, *first, make_entry(JULY, 3, ROSTER[1]))
    assert (row["numerator"], row["denominator"], row["met"]) == (1, 2, False)
    row = compute_row(target, *first, make_entry(JULY, 3, ROSTER[1]), make_entry(DUE, 1, ROSTER[1]))
    assert (row["numerator"], row["status"]) == (2, "attained")
    agencies = compute_by_agency(build_database([target], first), Question(JULY))
    assert {part["agency"]: part["numerator"] for part in agencies}[ROSTER[0]] == 1


def test_5_a_running_total_of_one_agency_is_asked_against_the_number_for_each() -> None:
    target = TinyTarget(measure="coverage", floor=Decimal(1), roster=ROSTER[:1], each=12)
    rising = [make_entry(date(2026, month, 1), number, ROSTER[0]) for month, number in ((1, 3), (2, 6), (3, 9))]
    row = compute_row(target, *rising)
    assert (row["actual"], row["actual_weak"], row["met"]) == (1.0, 0.0, False)
    assert [doubt["code"] for doubt in row["doubts"]] == ["possibly_running_total"]


def test_5_silent_agencies_of_a_coverage_with_a_floor_have_not_done_their_part() -> None:
    half = TinyTarget(measure="coverage", floor=Decimal("0.5"), roster=ROSTER)
    entries = [make_entry(JULY, 1, agency) for agency in ROSTER[:3]]
    assert compute_row(half, *entries)["status"] == "attained"
    assert compute_row(TinyTarget(measure="coverage", floor=Decimal("0.5"), comparator="<=", roster=ROSTER),
                       entries[0])["met"] is False  # fmt: skip
    ratio = TinyTarget(measure="ratio", floor=Decimal("0.5"), roster=ROSTER)
    reports = [TinyEntry("p.01", agency, JULY, 1, 1) for agency in ROSTER[:3]]
    assert compute_row(ratio, *reports)["met"] is False


def test_5_a_running_total_of_an_amount_is_doubted_from_any_number_on() -> None:
    rising = [make_entry(date(2026, month, 1), number) for month, number in ((1, "0.5"), (2, "1.5"))]
    row = compute_row(TinyTarget(measure="amount", floor=Decimal(2)), *rising)
    assert (row["actual"], row["actual_weak"], row["met"]) == (2, 1.5, False)
    assert row["doubts"][0]["reduces_by"] == 0.5


def test_5_what_is_carried_is_in_no_count_change_or_list_of_what_to_do() -> None:
    target = TinyTarget(measure="carried")
    entry = TinyEntry("p.01", "Sở Công Thương", JULY, 5, content="Xếp thứ 12")
    db = build_database([target], [entry])
    (row,) = compute_attainment(db, Question(DUE))
    assert (row["status"], row["actual"], row["floor"], row["expected"]) == ("carried", None, None, None)
    assert [part["status"] for part in compute_by_agency(db, Question(DUE))] == [None]
    assert select_judged([row]) == [] and "carried" not in count_statuses([row])
    assert list_owed([row], DUE) == []
    changes = compare_with_last_week(db, Question(date(2027, 2, 1)))
    assert (changes.newly_late, changes.newly_met, changes.lowered_figures) == ([], [], [])
    assert changes.silent_agencies == []


def test_5_the_curve_of_an_amount_is_in_its_own_unit() -> None:
    db = build_database([TinyTarget(measure="amount", floor=Decimal(48))], [make_entry(date(2026, 2, 1), "40.5")])
    curve = compute_curves(db, Question(JULY))["p.01"]
    assert (curve.points[-1], curve.pace[-1]) == ((date(2026, 2, 1), 40.5), (date(2026, 12, 31), 48))
