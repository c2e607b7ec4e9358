"""Agencies that were merged or renamed: who answers for what on which day (design.md §5, Mergers)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from kpis.measures.agency_summary import build_agency_summary
from kpis.measures.attainment import compute_attainment, compute_by_agency
from kpis.measures.attainment_rows import Attainment
from kpis.measures.owed import list_missing_agencies
from kpis.measures.question import Question
from kpis.measures.silent_agencies import list_silent_agencies
from kpis.measures.task_status import TaskStatus, compute_task_status
from tests.measures.tiny_database import (
    TinyAgency,
    TinyDatabase,
    TinyEntry,
    TinyMerger,
    TinyReport,
    TinyTarget,
    TinyTask,
    build_database,
    make_year_period,
)

A, B, C, D = "Sở A", "Sở B", "Sở C", "Sở D"
JUNE, JULY, AUGUST = date(2026, 6, 30), date(2026, 7, 1), date(2026, 8, 1)
MERGED = (TinyMerger(A, C, JULY), TinyMerger(B, C, JULY))
LEVEL = TinyTarget(accumulation="level", floor=Decimal(10), mergers=MERGED)


def make_entries(*rows: tuple[str, date, int]) -> list[TinyEntry]:
    return [TinyEntry("p.01", agency, day, quantity) for agency, day, quantity in rows]


def ask(db: TinyDatabase, as_of: date, year: int | None = None) -> Attainment:
    (row,) = compute_attainment(db, Question(as_of, year=year))
    return row


def ask_agencies(db: TinyDatabase, as_of: date) -> dict[str, Attainment]:
    return {str(row["agency"]): row for row in compute_by_agency(db, Question(as_of))}


def test_the_share_is_the_sum_and_their_increments_count_in_its_figure() -> None:
    shares = {A: Decimal(3), B: Decimal(4), C: Decimal(5), D: Decimal(1)}
    target = TinyTarget(floor=Decimal(20), shares=shares, mergers=MERGED)
    db = build_database([target], make_entries((A, date(2026, 2, 1), 3), (C, date(2026, 3, 1), 5), (C, AUGUST, 4)))
    eve = ask_agencies(db, JUNE)
    assert {name: row["share"] for name, row in eve.items() if row["share"]} == {A: 3, B: 4, C: 5, D: 1}
    assert (eve[A]["status"], eve[C]["numerator"]) == ("attained", 5)
    rows = ask_agencies(db, JULY)
    assert A not in rows
    assert B not in rows
    assert (rows[C]["share"], rows[C]["numerator"], rows[C]["status"]) == (12, 8, "on_track")
    assert ask_agencies(db, AUGUST)[C]["status"] == "attained"


def test_a_roster_has_the_successor_once_and_it_has_done_its_part_if_any_has() -> None:
    target = TinyTarget(measure="coverage", floor=Decimal(1), roster=(A, B, C, D), mergers=MERGED)
    db = build_database([target], make_entries((B, date(2026, 2, 1), 1), (D, date(2026, 3, 1), 1)))
    assert (ask(db, JUNE)["numerator"], ask(db, JUNE)["denominator"]) == (2, 4)
    assert (ask(db, JULY)["numerator"], ask(db, JULY)["denominator"], ask(db, JULY)["status"]) == (2, 2, "attained")


def test_what_each_has_to_reach_is_reached_together() -> None:
    target = TinyTarget(measure="coverage", each=3, floor=Decimal(1), roster=(A, B, D), mergers=MERGED)
    db = build_database([target], make_entries((A, date(2026, 2, 1), 2), (D, date(2026, 3, 1), 3), (C, AUGUST, 1)))
    assert [ask(db, day)["numerator"] for day in (JUNE, JULY, AUGUST)] == [1, 1, 2]


def test_the_first_level_replaces_those_of_the_predecessors() -> None:
    entries = make_entries((A, date(2026, 2, 1), 4), (B, date(2026, 3, 1), 5), (C, date(2026, 4, 1), 2))
    db = build_database([LEVEL], [*entries, TinyEntry("p.01", C, AUGUST, 9)])
    assert [ask(db, day)["numerator"] for day in (JUNE, JULY, AUGUST)] == [11, 11, 9]
    assert ask_agencies(db, JULY)[C]["numerator"] == 11
    assert ask_agencies(db, AUGUST)[C]["numerator"] == 9


def test_a_ratio_is_that_of_all_until_the_successor_has_one() -> None:
    target = TinyTarget(measure="ratio", accumulation="level", floor=Decimal(1), roster=(A, B), mergers=MERGED)
    entries = [
        TinyEntry("p.01", A, date(2026, 2, 1), 3, 4), TinyEntry("p.01", B, date(2026, 2, 1), 2, 2),
        TinyEntry("p.01", C, AUGUST, 7, 7),
    ]  # fmt: skip
    db = build_database([target], entries)
    figures = [(row["numerator"], row["denominator"]) for row in (ask(db, JUNE), ask(db, JULY), ask(db, AUGUST))]
    assert figures == [(5, 6), (5, 6), (7, 7)]
    assert [ask(db, day)["status"] for day in (JULY, AUGUST)] == ["on_track", "attained"]


def test_a_milestone_is_withdrawn_by_the_successors_own_report_alone() -> None:
    target = TinyTarget(measure="milestone", floor=Decimal(1), lead=A, mergers=MERGED)
    done = TinyEntry("p.01", A, date(2026, 2, 1), 1)
    others = make_entries((B, date(2026, 3, 1), 0), (C, AUGUST, 0))
    db = build_database([target], [done, *others])
    assert [ask(db, day)["numerator"] for day in (JUNE, JULY, AUGUST)] == [1, 1, 0]
    confirmed = build_database([target], [replace(done, confirmed=True), *others])
    assert ask(confirmed, AUGUST)["numerator"] == 1


def test_the_lead_of_a_rate_is_the_one_of_the_rows_day() -> None:
    target = replace(LEVEL, adds_up=False, lead=A)
    entries = make_entries((A, date(2026, 2, 1), 4), (B, date(2026, 3, 1), 50), (C, date(2026, 5, 1), 60))
    db = build_database([target], [*entries, TinyEntry("p.01", C, AUGUST, 9)])
    rows = [ask(db, day) for day in (JUNE, JULY, AUGUST)]
    assert [(row["numerator"], row["entries"], row["lead"]) for row in rows] == [(4, 1, A), (4, 1, C), (9, 2, C)]


def test_a_chain_is_followed_on_each_day() -> None:
    mergers = (TinyMerger(A, B, date(2026, 3, 1)), TinyMerger(B, C, JULY))
    entries = make_entries(
        (A, date(2026, 2, 1), 4), (B, date(2026, 1, 15), 5), (B, date(2026, 4, 1), 7), (C, AUGUST, 3)
    )
    db = build_database([replace(LEVEL, mergers=mergers)], entries)
    days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 4, 1), JULY, AUGUST]
    assert [ask(db, day)["numerator"] for day in days] == [9, 9, 7, 7, 3]
    assert set(ask_agencies(db, date(2026, 2, 28))) - {"Sở Công Thương"} == {A, B}
    assert set(ask_agencies(db, date(2026, 3, 1))) - {"Sở Công Thương"} == {B}
    assert set(ask_agencies(db, JULY)) - {"Sở Công Thương"} == {C}


def test_a_period_that_was_due_before_keeps_roster_and_shares() -> None:
    target = TinyTarget(
        measure="coverage", floor=Decimal(1), roster=(A, B), shares={A: Decimal(1)}, mergers=MERGED,
        periods=(make_year_period(2026, "03-31"),),
    )  # fmt: skip
    db = build_database([target], make_entries((A, date(2026, 2, 1), 1), (C, AUGUST, 1)))
    for day in (date(2026, 4, 1), JULY, date(2026, 12, 31)):
        row = ask(db, day)
        assert (row["status"], row["numerator"], row["roster_size"]) == ("overdue", 1, 2)
    assert ask_agencies(db, AUGUST)[A]["status"] == "attained"


def test_a_late_level_of_the_successor_is_not_added_to_those_of_before() -> None:
    target = replace(LEVEL, periods=(make_year_period(2026, "06-15"),))
    db = build_database([target], make_entries((A, date(2026, 2, 1), 5), (C, AUGUST, 6)))
    assert (ask(db, AUGUST)["numerator"], ask(db, AUGUST)["status"]) == (6, "overdue")


def test_a_change_is_compared_with_the_year_before_as_its_agencies_reported_it() -> None:
    target = TinyTarget(
        measure="change", floor=Decimal("0.1"), recurrence="yearly", roster=(A, B), baseline=Decimal(5),
        periods=(make_year_period(2026, "12-31"), make_year_period(2027, "12-31")),
        mergers=tuple(replace(merger, from_day=date(2027, 3, 1)) for merger in MERGED),
    )  # fmt: skip
    entries = make_entries((A, date(2026, 2, 1), 4), (B, date(2026, 3, 1), 6), (C, date(2027, 4, 1), 11))
    row = ask(build_database([target], entries), date(2027, 12, 31))
    assert (row["baseline"], row["figure"], row["status"]) == (10, 11, "attained")


def test_a_running_total_that_the_successor_goes_on_with_is_in_doubt() -> None:
    renamed = (TinyMerger(A, C, JULY),)
    target = TinyTarget(floor=Decimal(20), lead=A, mergers=renamed)
    entries = make_entries((A, date(2026, 2, 1), 6), (A, date(2026, 3, 1), 9), (C, AUGUST, 14))
    row = ask(build_database([target], entries), AUGUST)
    assert (row["actual"], row["actual_weak"], row["status"]) == (29, 14, "on_track")
    assert {doubt["code"] for doubt in row["doubts"]} == {"possibly_running_total"}
    labelled = replace(entries[2], content="Lũy kế đến nay", quantity=15)
    both = (*renamed, TinyMerger(B, C, JULY))
    others = make_entries((A, date(2026, 2, 1), 4), (B, date(2026, 2, 1), 11))
    row = ask(build_database([replace(target, mergers=both)], [*others, labelled]), AUGUST)
    assert (row["actual"], row["actual_weak"]) == (30, 15)


def test_two_rows_of_two_agencies_are_no_running_total_after_their_merger() -> None:
    target = TinyTarget(floor=Decimal(15), lead=A, mergers=MERGED)
    db = build_database([target], make_entries((A, date(2026, 2, 1), 6), (B, date(2026, 3, 1), 9)))
    assert [ask(db, day)["status"] for day in (JUNE, JULY)] == ["attained", "attained"]


def test_who_has_not_done_its_part_is_named_as_of_the_day() -> None:
    target = TinyTarget(measure="coverage", floor=Decimal(1), roster=(A, B, D), mergers=MERGED)
    db = build_database([target], make_entries((D, date(2026, 2, 1), 1)))
    assert list_missing_agencies(db, Question(JUNE)) == {"p.01": [A, B]}
    assert list_missing_agencies(db, Question(JULY)) == {"p.01": [C]}


def test_a_report_of_a_predecessor_breaks_the_silence() -> None:
    target = TinyTarget(measure="coverage", floor=Decimal(1), each=5, roster=(A, B), mergers=MERGED)
    db = build_database([target], make_entries((A, date(2026, 6, 20), 1)))

    def list_silent(day: date) -> list[tuple[str, date | None]]:
        rows = list_silent_agencies(db, Question(day), compute_attainment(db, Question(day)))
        return [(row["agency"], row["last_report_on"]) for row in rows if row["agency"] in (A, B, C)]

    assert list_silent(JUNE) == [(B, None)]
    assert list_silent(JULY) == []
    assert list_silent(AUGUST) == [(C, date(2026, 6, 20))]


def test_the_summary_of_the_successor_holds_what_its_predecessors_reported() -> None:
    agencies = [TinyAgency(name) for name in (A, B, C)]
    db = build_database([replace(LEVEL, lead=A)], make_entries((A, date(2026, 2, 1), 4)), agencies=agencies)
    question = Question(JULY, plans=frozenset({"p"}), agency=C)
    summary = build_agency_summary(db, question)
    assert (summary.entries, summary.last_report_on) == (1, date(2026, 2, 1))
    assert [row["target"] for row in summary.led_targets] == ["p.01"]
    assert build_agency_summary(db, replace(question, as_of=JUNE)).led_targets == []


# ---------- tasks ----------


def ask_task(
    leads: tuple[str, ...], reports: list[TinyReport], as_of: date, mergers: tuple[TinyMerger, ...] = MERGED
) -> TaskStatus:
    agencies = [TinyAgency(name) for name in (A, B, C, D)]
    db = build_database(tasks=[TinyTask(leads=leads)], reports=reports, agencies=agencies, mergers=mergers)
    (row,) = compute_task_status(db, Question(as_of))
    return row


def report(status: str, agency: str | None, day: date | None) -> TinyReport:
    return TinyReport(status, agency, day)


def test_a_task_is_led_by_the_successor_and_its_last_word_counts() -> None:
    reports = [report("done", A, date(2026, 2, 1)), report("in_progress", C, AUGUST)]
    states = [ask_task((A,), reports, day) for day in (JUNE, JULY, AUGUST)]
    assert [(row["state"], row["leads"]) for row in states] == [("done", [A]), ("done", [C]), ("in_progress", [C])]


def test_what_one_of_two_leads_has_done_is_not_done_by_their_merger() -> None:
    reports = [report("done", A, date(2026, 3, 1)), report("in_progress", B, date(2026, 2, 1))]
    for day in (JUNE, JULY):
        assert ask_task((A, B), reports, day)["state"] == "in_progress"
    row = ask_task((A, B), [*reports, report("done", C, AUGUST)], AUGUST)
    assert (row["state"], row["leads"], row["lead_reports"]) == (
        "done", [C], [{"agency": C, "status": "done", "reported_on": AUGUST}],
    )  # fmt: skip


@pytest.mark.parametrize("leads", [(A, B), (A, C), (C, B, A)])
def test_what_all_leads_have_done_stays_done(leads: tuple[str, ...]) -> None:
    reports = [report("done", lead, date(2026, 2, 1)) for lead in leads]
    assert [ask_task(leads, reports, day)["state"] for day in (JUNE, JULY, AUGUST)] == ["done"] * 3


def test_a_report_under_an_old_name_is_whose_day_it_is() -> None:
    """Also where it has no day of its own and counts on the day it was first recorded."""
    for day in (AUGUST, None):
        reports = [replace(report("done", A, day), recorded=datetime(2026, 8, 1, 5))]
        row = ask_task((C,), reports, date(2026, 8, 2))
        assert (row["state"], row["last_report_by"]) == ("done", C)
    assert ask_task((C,), [report("done", A, JUNE)], AUGUST)["state"] == "in_progress"


def test_a_report_without_an_agency_is_the_only_leads_of_its_day() -> None:
    assert ask_task((A, B), [report("done", None, JUNE)], AUGUST)["state"] == "in_progress"
    assert ask_task((A, B), [report("done", None, JULY)], AUGUST)["state"] == "done"
    assert ask_task((A,), [report("done", None, JUNE)], AUGUST)["state"] == "done"
    later = (*MERGED, TinyMerger(C, D, AUGUST))
    assert ask_task((A, B), [report("done", None, date(2026, 7, 15))], date(2026, 8, 2), later)["state"] == "done"


def test_an_overdue_task_can_still_be_done_by_the_successor() -> None:
    mergers = tuple(replace(merger, from_day=date(2027, 1, 1)) for merger in MERGED)
    reports = [report("done", C, date(2027, 2, 1))]
    assert ask_task((A,), reports, date(2027, 1, 31), mergers)["state"] == "overdue"
    assert ask_task((A,), reports, date(2027, 2, 1), mergers)["state"] == "done_late"


def test_members_of_a_collective_lead_are_counted_once() -> None:
    agencies = [TinyAgency("các sở", "departments", collective=True), *(TinyAgency(name) for name in (A, B, C, D))]
    task = TinyTask(leads=("các sở",))
    reports = [report("done", A, date(2026, 2, 1)), report("in_progress", C, AUGUST)]
    db = build_database(tasks=[task], reports=reports, agencies=agencies, mergers=MERGED)
    rows = [compute_task_status(db, Question(day))[0] for day in (JUNE, JULY, AUGUST)]
    counts = [(row["members"], row["members_done"], row["members_reported"]) for row in rows]
    assert counts == [(4, 1, 1), (2, 1, 1), (2, 0, 1)]


def test_the_successor_of_the_focal_department_decides() -> None:
    focal = "Sở Công Thương"
    agencies = [TinyAgency("các sở", "departments", collective=True), TinyAgency(focal), TinyAgency(C)]
    reports = [report("in_progress", focal, date(2026, 2, 1)), report("done", C, AUGUST)]
    db = build_database(
        tasks=[TinyTask(leads=("các sở",))], reports=reports, agencies=agencies, mergers=(TinyMerger(focal, C, JULY),)
    )
    assert [compute_task_status(db, Question(day))[0]["state"] for day in (JULY, AUGUST)] == ["in_progress", "done"]
