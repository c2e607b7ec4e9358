"""Which rows are in doubt, what they would come to, and the status (design.md §5, No green on a doubt)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from unittest.mock import Mock

import pytest

from kpis.measures import same_events
from kpis.measures.attainment import compute_attainment, compute_by_agency, compute_from_entries
from kpis.measures.attainment_rows import Attainment
from kpis.measures.doubtful_entries import build_unmarked_row
from kpis.measures.question import Question
from kpis.measures.rows_to_confirm import count_rows_to_confirm, list_rows_to_confirm
from kpis.measures.same_events import list_joint_events, list_repeated_rows
from kpis.measures.shared_events import Occurrence
from tests.measures.tiny_database import JOINT_INDICATORS, TinyEntry, TinyTarget, build_database

MARCH, APRIL, NOVEMBER = date(2026, 3, 10), date(2026, 4, 10), date(2026, 11, 20)
DUE, AFTER = date(2026, 12, 15), date(2026, 12, 16)
NEWS = TinyTarget(indicator="news_items", floor=Decimal(50))
EVENT = "Lễ phát động Ngày Quyền của người tiêu dùng tại quảng trường"
SAME_FILE = ("https://drive.google.com/file/d/1abcDEFghi/view", "drive.google.com/open?id=1abcDEFghi")


def make_entry(quantity: int, occurred_on: date = MARCH, agency: str = "A", **marks: Any) -> TinyEntry:
    return TinyEntry("p.01", agency, occurred_on, quantity, **marks)


def compute_row(target: TinyTarget, *entries: TinyEntry, as_of: date = NOVEMBER) -> Attainment:
    """Return the target's row, after checking that both ways of counting agree."""
    db = build_database([target], entries)
    (row,) = compute_attainment(db, Question(as_of))
    assert compute_from_entries(db, Question(as_of)) == [row]
    return row


def compute_agencies(target: TinyTarget, *entries: TinyEntry, as_of: date = NOVEMBER) -> dict[str | None, Attainment]:
    return {row["agency"]: row for row in compute_by_agency(build_database([target], entries), Question(as_of))}


def summarize(row: Attainment) -> list[tuple[str, list[int], float]]:
    """Return each doubt as code, row numbers and what it takes away."""
    return [(doubt["code"], [item["row"] for item in doubt["rows"]], doubt["reduces_by"]) for doubt in row["doubts"]]


def get_readings(row: Attainment) -> tuple[object, object, object]:
    return row["actual"], row["actual_weak"], row["status"]


def test_5_two_rising_numbers_that_only_add_up_to_the_floor_are_a_doubt() -> None:
    row = compute_row(NEWS, make_entry(25), make_entry(45, APRIL))
    assert get_readings(row) == (70, 45, "on_track")
    assert summarize(row) == [("possibly_running_total", [2, 3], 25)]


@pytest.mark.parametrize(
    ("floor", "quantities"),
    [
        (70 + 1, (25, 45)),  # not met with the sum either
        (45, (25, 45)),  # met with the largest too
        (50, (45, 25)),  # falls
        (50, (30, 30)),  # never rises
        (7, (3, 4)),  # small numbers
    ],
)
def test_5_other_series_are_no_doubt(floor: int, quantities: Sequence[int]) -> None:
    entries = [make_entry(quantities[0]), make_entry(quantities[1], APRIL)]
    row = compute_row(replace(NEWS, floor=Decimal(floor)), *entries)
    assert row["doubts"] == []
    assert row["actual_weak"] == row["actual"]


def test_5_a_day_with_two_numbers_has_no_order() -> None:
    assert compute_row(NEWS, make_entry(25), make_entry(45))["doubts"] == []


def test_5_a_smaller_figure_never_breaks_a_ceiling() -> None:
    ceiling = replace(NEWS, comparator="<=", floor=Decimal(100))
    assert compute_row(ceiling, make_entry(25), make_entry(45, APRIL))["doubts"] == []


def test_5_a_row_that_calls_itself_a_running_total_replaces_the_earlier_ones() -> None:
    labelled = make_entry(12, APRIL, content="Lũy kế đến hết tháng 4")
    row = compute_row(NEWS, make_entry(10), labelled, make_entry(3, NOVEMBER))
    assert (row["actual"], row["actual_weak"]) == (25, 15)  # later rows add
    assert summarize(row) == [("possibly_running_total", [2, 3], 10)]


def test_5_a_sum_of_its_own_column_is_left_out() -> None:
    row = compute_row(NEWS, make_entry(20), make_entry(15, APRIL), make_entry(35, APRIL, sums_own_column=True))
    assert (row["actual"], row["actual_weak"]) == (70, 35)
    assert ("possibly_running_total", [4], 35) in summarize(row)


def test_5_the_same_row_twice_is_one_event() -> None:
    entries = [make_entry(1, content=EVENT), make_entry(1, content=f"{EVENT}.")]
    row = compute_row(TinyTarget(), *entries)
    assert get_readings(row) == (2, 1, "on_track")
    assert summarize(row) == [("possibly_same_event", [2, 3], 1)]


def test_5_two_rows_with_evidence_of_their_own_are_two_events() -> None:
    entries = [make_entry(1, content=EVENT, evidence=evidence) for evidence in ("12/BC-SCT", "13/BC-SCT")]
    assert get_readings(compute_row(TinyTarget(), *entries)) == (2, 2, "attained")


@pytest.mark.parametrize(
    "marks",
    [
        [{"content": EVENT}, {"content": f"{EVENT}."}],
        [{"evidence": SAME_FILE[0]}, {"evidence": SAME_FILE[1]}],
    ],
)
def test_5_one_event_reported_by_two_agencies_counts_once(marks: list[dict[str, Any]]) -> None:
    entries = [make_entry(1, **marks[0]), make_entry(2, date(2026, 3, 11), "B", **marks[1])]
    row = compute_row(replace(TinyTarget(), floor=Decimal(3)), *entries)
    assert get_readings(row) == (3, 2, "on_track")
    assert summarize(row) == [("possibly_same_event", [2, 3], 1)]


def test_5_agencies_share_events_only_of_joint_indicators_and_within_two_days() -> None:
    entries = [make_entry(1, content=EVENT), make_entry(1, agency="B", content=EVENT)]
    assert compute_row(replace(TinyTarget(), indicator="news_items"), *entries)["doubts"] == []
    apart = [entries[0], replace(entries[1], occurred_on=date(2026, 3, 12))]
    assert compute_row(TinyTarget(), *apart)["doubts"] == []


def test_5_more_than_three_agencies_are_a_campaign() -> None:
    entries = [make_entry(1, agency=agency, content=EVENT) for agency in "ABCD"]
    assert compute_row(TinyTarget(), *entries)["doubts"] == []
    assert get_readings(compute_row(TinyTarget(), *entries[:3])) == (3, 1, "on_track")


def test_5_the_lead_is_credited_then_the_earliest_then_the_vietnamese_order() -> None:
    first, second = date(2026, 3, 10), date(2026, 3, 11)

    def list_parts(*entries: TinyEntry) -> dict[str, float]:
        rows = compute_agencies(TinyTarget(), *entries)
        return {str(agency): row["numerator_weak"] for agency, row in rows.items() if row["entries"]}

    lead = make_entry(1, second, "Sở Công Thương", content=EVENT)
    assert list_parts(make_entry(2, first, "B", content=EVENT), lead) == {"B": 0, "Sở Công Thương": 2}
    assert list_parts(make_entry(1, first, "Z", content=EVENT), make_entry(1, second, content=EVENT)) == {
        "Z": 1, "A": 0,
    }  # fmt: skip
    names = ("Đông", "Em")  # Đ comes before E
    assert list_parts(*(make_entry(1, agency=name, content=EVENT) for name in names)) == {"Đông": 1, "Em": 0}


def test_5_a_struck_row_is_left_out_of_every_measure() -> None:
    row = compute_row(NEWS, make_entry(5), make_entry(48, is_struck=True))
    assert get_readings(row) == (53, 5, "on_track")
    ratio = TinyTarget(measure="ratio", accumulation="level", floor=Decimal("0.5"), roster=("A",))
    earlier, struck = (
        TinyEntry("p.01", "A", day, quantity, 10, is_struck=quantity == 8) for day, quantity in ((MARCH, 4), (APRIL, 8))
    )
    row = compute_row(ratio, earlier, struck)
    assert get_readings(row) == (0.8, 0.4, "on_track")
    assert summarize(row) == [("struck_through", [3], 0.4)]


def test_5_a_struck_row_that_lowers_a_figure_leaves_the_worse_one() -> None:
    ratio = TinyTarget(measure="ratio", accumulation="level", floor=Decimal("0.5"), roster=("A",))
    entries = [
        TinyEntry("p.01", "A", MARCH, 9, 10),
        TinyEntry("p.01", "A", APRIL, 6, 10, is_struck=True),
    ]
    row = compute_row(ratio, *entries)
    assert get_readings(row) == (0.6, 0.6, "attained")
    assert [(code, round(reduces_by, 9)) for code, _, reduces_by in summarize(row)] == [("struck_through", -0.3)]


def test_5_the_only_report_of_an_agency_in_doubt_leaves_the_roster_incomplete() -> None:
    ratio = TinyTarget(measure="ratio", accumulation="level", floor=Decimal("0.5"), roster=("A", "B"))
    entries = [
        TinyEntry("p.01", "A", MARCH, 5, 10, is_struck=True),
        TinyEntry("p.01", "B", MARCH, 9, 10),
    ]
    assert get_readings(compute_row(ratio, *entries)) == (0.7, 0.7, "on_track")


def test_5_a_doubtful_day_counts_on_the_later_one() -> None:
    entry = make_entry(2, date(2026, 3, 5), swapped_on=date(2026, 5, 3))
    earlier, later = (compute_row(TinyTarget(), entry, as_of=day) for day in (APRIL, date(2026, 5, 3)))
    assert get_readings(earlier) == (2, 0, "on_track")
    assert summarize(earlier) == [("date_order_doubtful", [2], 2)]
    assert get_readings(later) == (2, 2, "attained")
    assert later["doubts"] == []


def test_5_from_the_due_day_on_the_weak_reading_decides() -> None:
    entries = [make_entry(25), make_entry(45, APRIL)]
    statuses = [compute_row(NEWS, *entries, as_of=day)["status"] for day in (NOVEMBER, DUE, AFTER)]
    assert statuses == ["on_track", "at_risk", "overdue"]


def test_5_before_the_due_day_a_doubt_only_withholds_attained() -> None:
    target = replace(NEWS, floor=Decimal(60))
    row = compute_row(target, make_entry(20), make_entry(30, is_struck=True), as_of=NOVEMBER)
    assert get_readings(row) == (50, 20, "at_risk")  # as without the doubt


def test_5_what_was_in_doubt_on_the_due_day_is_attained_late() -> None:
    entry = make_entry(2, date(2026, 3, 12), swapped_on=date(2026, 12, 3))
    target = replace(TinyTarget(), periods=((date(2026, 1, 1), date(2026, 12, 31), date(2026, 11, 30)),))
    row = compute_row(target, entry, as_of=DUE)
    assert get_readings(row) == (2, 2, "attained_late")
    assert summarize(row) == [("date_order_doubtful", [2], 0)]


def test_5_confirmed_rows_stand() -> None:
    series = [make_entry(25, confirmed=True), make_entry(45, APRIL, confirmed=True)]
    assert get_readings(compute_row(NEWS, *series)) == (70, 70, "attained")
    longer = [*series, make_entry(60, NOVEMBER)]
    assert compute_row(replace(NEWS, floor=Decimal(100)), *longer)["doubts"] == []
    events = [make_entry(1, content=EVENT, confirmed=number < 2, agency=f"X{number}") for number in range(3)]
    assert get_readings(compute_row(TinyTarget(), *events)) == (3, 2, "attained")
    struck = make_entry(60, is_struck=True, confirmed=True)
    assert get_readings(compute_row(NEWS, struck)) == (60, 60, "attained")


def test_5_overlapping_doubts_are_applied_together() -> None:
    row = compute_row(NEWS, make_entry(25), make_entry(45, APRIL, is_struck=True))
    assert (row["actual"], row["actual_weak"]) == (70, 25)
    assert {code for code, _, _ in summarize(row)} == {"possibly_running_total", "struck_through"}


def test_5_a_shared_event_counts_once_in_both_readings() -> None:
    entries = [
        make_entry(2, agency="A", shared_event="le phat dong"),
        make_entry(3, APRIL, "B", shared_event="le phat dong"),
        make_entry(1, agency="C", shared_event="hoi cho"),
    ]
    row = compute_row(TinyTarget(), *entries)
    assert (row["actual"], row["actual_weak"], row["entries"], row["doubts"]) == (4, 4, 3, [])
    earlier = compute_row(TinyTarget(), *entries, as_of=MARCH)
    assert earlier["actual"] == 3  # a later row never changes an earlier day
    agencies = compute_agencies(TinyTarget(), *entries)
    assert {name: agencies[name]["numerator"] for name in "ABC"} == {"A": 3, "B": 0, "C": 1}


def test_5_the_same_name_more_than_31_days_apart_is_two_events() -> None:
    entries = [
        make_entry(1, day, shared_event="le phat dong")
        for day in (date(2026, 3, 1), date(2026, 4, 1), date(2026, 4, 2))
    ]
    assert compute_row(TinyTarget(), *entries)["actual"] == 2


def test_5_a_row_without_the_name_stays_in_doubt_with_its_group() -> None:
    entries = [
        make_entry(1, agency="A", content=EVENT, shared_event="le phat dong"),
        make_entry(1, agency="B", content=EVENT, shared_event="le phat dong"),
        make_entry(1, agency="C", content=EVENT),
    ]
    row = compute_row(TinyTarget(), *entries)
    assert get_readings(row) == (2, 1, "on_track")
    named_apart = [entries[0], replace(entries[1], shared_event="hoi cho")]
    assert compute_row(TinyTarget(), *named_apart)["doubts"] == []


def test_5_a_doubt_on_a_row_of_a_shared_event_concerns_the_agency_credited_with_it() -> None:
    struck = make_entry(1, agency="A", shared_event="le phat dong", is_struck=True)
    lead = make_entry(0, APRIL, "Sở Công Thương", shared_event="le phat dong")
    row = compute_agencies(TinyTarget(), struck, lead)["Sở Công Thương"]
    assert (row["actual"], row["actual_weak"]) == (1, 0)
    assert [doubt["code"] for doubt in row["doubts"]] == ["struck_through"]
    assert list_rows_to_confirm([row], "Sở Công Thương") == []


def test_5_an_agencys_share_can_be_in_doubt_alone() -> None:
    target = replace(NEWS, floor=Decimal(500), shares={"A": Decimal(50)})
    entries = [make_entry(25), make_entry(45, APRIL), make_entry(900, agency="B")]
    assert compute_row(target, *entries)["doubts"] == []
    agencies = compute_agencies(target, *entries)
    assert get_readings(agencies["A"]) == (70, 45, "on_track")
    assert (agencies["A"]["numerator_weak"], agencies["B"]["actual_weak"]) == (70, 900)


def test_4_doubts_are_those_of_what_was_known() -> None:
    entries = [make_entry(25), make_entry(45, APRIL, recorded=datetime(2026, 10, 1))]
    db = build_database([NEWS], [entries[0], replace(entries[1], retired=datetime(2026, 11, 1))])
    (row,) = compute_attainment(db, Question(NOVEMBER, known_at=datetime(2026, 10, 15)))
    assert get_readings(row) == (70, 45, "on_track")
    assert get_readings(compute_attainment(db, Question(NOVEMBER))[0]) == (25, 25, "behind")


@pytest.mark.parametrize(
    ("entries", "done"),
    [
        ([make_entry(1), make_entry(0, APRIL)], 0),
        ([make_entry(1), make_entry(0, APRIL, "B")], 1),
        ([make_entry(1), make_entry(0)], 0),
        ([make_entry(1, confirmed=True), make_entry(0, APRIL)], 1),
        ([make_entry(0, confirmed=True), make_entry(1, APRIL)], 1),
        ([make_entry(1), make_entry(0, APRIL), make_entry(1, NOVEMBER)], 1),
    ],
)
def test_5_only_an_agencys_own_0_withdraws_its_milestone(entries: list[TinyEntry], done: int) -> None:
    milestone = TinyTarget(measure="milestone", floor=Decimal(1))
    row = compute_row(milestone, *entries)
    assert (row["actual"], row["status"]) == (done, "attained" if done else "on_track")


def test_5_a_milestone_withdrawn_after_its_due_day_is_not_attained() -> None:
    milestone = TinyTarget(measure="milestone", floor=Decimal(1))
    entries = [make_entry(1), make_entry(0, AFTER)]
    assert compute_row(milestone, *entries, as_of=DUE)["status"] == "attained"
    assert compute_row(milestone, *entries, as_of=AFTER)["status"] == "overdue"


def test_5_the_rows_to_confirm_are_listed_by_agency_and_without_the_confirmed_ones() -> None:
    entries = [
        make_entry(1, agency="A", content=EVENT, confirmed=True),
        make_entry(1, agency="B", content=EVENT),
    ]
    row = compute_row(TinyTarget(), *entries)
    assert [(item.row["row"], item.row["agency"]) for item in list_rows_to_confirm([row])] == [(3, "B")]
    assert list_rows_to_confirm([row], "A") == []
    assert count_rows_to_confirm(row) == 1


CONFERENCE = TinyTarget(indicator=sorted(JOINT_INDICATORS)[0], floor=Decimal(50))


@pytest.mark.parametrize(
    ("second", "is_published"),
    [
        (make_entry(3, MARCH, "B", content="Tập huấn kỹ năng xử lý khiếu nại cho cán bộ xã"), False),
        (make_entry(3, MARCH, "B", content=EVENT), True),
        (make_entry(3, date(2026, 3, 12), "B", content=EVENT), False),
        (make_entry(3, MARCH, "B", evidence=SAME_FILE[1]), True),
        (make_entry(3, MARCH, "B", evidence="https://drive.google.com/file/d/2other/view"), False),
        (make_entry(2, MARCH, "A", content=EVENT), True),
        (make_entry(2, MARCH, "A", content="Tập huấn kỹ năng xử lý khiếu nại cho cán bộ xã"), False),
        (make_entry(2, MARCH, "A", content=EVENT, evidence="https://drive.google.com/file/d/2other/view"), False),
    ],
)
def test_only_periods_with_rows_of_one_event_are_published_for_looking_closer(
    second: TinyEntry, is_published: bool
) -> None:
    first = make_entry(2, MARCH, "A", content=EVENT, evidence=SAME_FILE[0])
    db = build_database([CONFERENCE], [first, second])
    assert len(db.fetch_rows("select * from doubtful_periods", {})) == int(is_published)
    (row,) = compute_attainment(db, Question(NOVEMBER))
    assert bool(row["doubts"]) == is_published


def build_rows(number: int, *, agency: str | None, content: str) -> list[Occurrence]:
    """Return rows of one day, each of an agency of its own unless one is given, with evidence of its own."""
    return [
        Occurrence(
            (
                build_unmarked_row(
                    "", n, agency or f"UBND xã {n}", MARCH, 1, content.format(n), f"https://bao.example/{n}"
                ),
            )
        )
        for n in range(number)
    ]


@pytest.mark.parametrize(
    ("rows", "find"),
    [
        (build_rows(2_000, agency=None, content="Hội nghị tuyên truyền số {} tại hội trường xã"), list_joint_events),
        (build_rows(2_000, agency="A", content=EVENT), list_repeated_rows),
    ],
    ids=["joint", "repeated"],
)
def test_rows_that_cannot_be_the_same_are_not_compared(
    rows: list[Occurrence], find: Callable[[list[Occurrence]], list[list[Occurrence]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        compare = Mock(wraps=same_events._are_same_event)
        patch.setattr(same_events, "_are_same_event", compare)
        assert find(rows) == []
    assert compare.call_count < len(rows)
