"""Each agency's rows part in a target (design.md §5, An agency)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from kpis.measures.attainment import compute_by_agency
from kpis.measures.attainment_rows import AGENCY_COLUMNS, Attainment
from kpis.measures.question import Question
from tests.measures.tiny_database import TinyDatabase, TinyEntry, TinyTarget, build_database

MARCH, JULY, AFTER = date(2026, 3, 2), date(2026, 7, 1), date(2026, 12, 16)
LEAD = "Sở Công Thương"


def compute_rows(db: TinyDatabase, as_of: date = JULY) -> dict[str | None, Attainment]:
    return {row["agency"]: row for row in compute_by_agency(db, Question(as_of))}


def test_5_agencies_are_leads_roster_and_those_with_a_share_or_an_entry() -> None:
    target = TinyTarget(roster=("B",), shares={"C": Decimal(1)})
    db = build_database([target], [TinyEntry("p.01", "A", MARCH, 1), TinyEntry("p.01", "D", AFTER, 1)])
    assert set(compute_rows(db)) == {LEAD, "A", "B", "C"}


def test_5_a_count_without_a_share_has_no_floor_expected_or_status() -> None:
    rows = compute_rows(build_database([TinyTarget()], [TinyEntry("p.01", "A", MARCH, 5)]))["A"]
    assert (rows["actual"], rows["floor"], rows["expected"], rows["status"]) == (5, None, None, None)
    assert rows["met"] is False


def test_5_a_share_is_the_agencys_floor() -> None:
    target = TinyTarget(floor=Decimal(10), shares={"A": Decimal(4), "B": Decimal(4)})
    rows = compute_rows(build_database([target], [TinyEntry("p.01", "A", MARCH, 4), TinyEntry("p.01", "B", MARCH, 1)]))
    assert (rows["A"]["share"], rows["A"]["floor"], rows["A"]["status"]) == (4, 4, "attained")
    assert (rows["B"]["expected"], rows["B"]["status"]) == (2, "behind")


def test_5_an_agencys_own_ratio_is_compared_with_the_floor_whatever_the_others_report() -> None:
    target = TinyTarget(measure="ratio", accumulation="level", floor=Decimal(1), roster=("A", "B"))
    rows = compute_rows(build_database([target], [TinyEntry("p.01", "A", MARCH, 5, 5)]))
    assert (rows["A"]["actual"], rows["A"]["status"], rows["A"]["met"]) == (1.0, "attained", True)
    assert (rows["B"]["actual"], rows["B"]["status"]) == (None, "no_data")


def test_5_an_agencys_coverage_is_its_own_0_or_1() -> None:
    target = TinyTarget(measure="coverage", floor=Decimal("0.5"), roster=("A", "B"))
    entries = [TinyEntry("p.01", "A", MARCH, 3), TinyEntry("p.01", "B", MARCH, 0)]
    rows = compute_rows(build_database([target], [*entries, TinyEntry("p.01", "not on the roster", MARCH, 1)]))
    assert (rows["A"]["numerator"], rows["A"]["denominator"], rows["A"]["status"]) == (1, 1, "attained")
    assert (rows["B"]["numerator"], rows["B"]["denominator"], rows["B"]["status"]) == (0, 1, "behind")
    other = rows["not on the roster"]
    assert (other["numerator"], other["denominator"], other["status"]) == (0, 0, None)


def test_5_a_milestone_is_added_by_the_agency_that_was_done_first() -> None:
    target = TinyTarget(measure="milestone", floor=Decimal(1))
    entries = [TinyEntry("p.01", "B", MARCH, 1), TinyEntry("p.01", "A", JULY, 1)]
    rows = compute_rows(build_database([target], entries))
    assert (rows["A"]["actual"], rows["A"]["numerator"]) == (1, 0)
    assert (rows["B"]["actual"], rows["B"]["numerator"]) == (1, 1)


def test_5_a_share_met_after_the_due_day_is_attained_late() -> None:
    target = TinyTarget(shares={"A": Decimal(2)})
    late = [TinyEntry("p.01", "A", MARCH, 1), TinyEntry("p.01", "A", AFTER, 1)]
    assert compute_rows(build_database([target], late), AFTER)["A"]["status"] == "attained_late"


def test_4_an_agencys_part_is_as_known_at_the_moment() -> None:
    entry = TinyEntry("p.01", "A", MARCH, 5, recorded=datetime(2026, 6, 1))
    db = build_database([TinyTarget()], [entry])
    assert compute_by_agency(db, Question(JULY, known_at=datetime(2026, 6, 1)))[0]["entries"] == 1
    assert [row["agency"] for row in compute_by_agency(db, Question(JULY, known_at=datetime(2026, 5, 1)))] == [LEAD]


def test_6_one_agency_can_be_selected() -> None:
    db = build_database([TinyTarget()], [TinyEntry("p.01", "A", MARCH, 5)])
    (row,) = compute_by_agency(db, Question(JULY, agency="A"))
    assert row["agency"] == "A"
    assert set(AGENCY_COLUMNS) < set(row)
