"""The state of an annex's tasks (design.md §5, A task)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpis.measures.question import Question
from kpis.measures.silent_agencies import list_silent_agencies
from kpis.measures.task_status import TaskStatus, compute_task_status
from tests.measures import task_rules_in_python as rules
from tests.measures.tiny_database import TinyAgency, TinyMerger, TinyPlan, TinyReport, TinyTask, build_database

pytestmark = pytest.mark.slow

MARCH, JULY = date(2026, 3, 2), date(2026, 7, 1)
DUE, AFTER = date(2026, 12, 15), date(2026, 12, 16)
YEARLY = TinyTask(
    timing="yearly",
    instances=((2026, date(2026, 1, 1), DUE), (2027, date(2027, 1, 1), date(2027, 12, 15))),
)
ONGOING = TinyTask(timing="ongoing", instances=((2026, date(2026, 1, 1), None),))
COMMUNES = (
    TinyAgency("các xã, phường", "communes", collective=True),
    TinyAgency("UBND xã Đông", "commune"),
    TinyAgency("UBND xã Tây", "commune"),
    TinyAgency("Sở Y tế"),
)


def compute_row(task: TinyTask, *reports: TinyReport, as_of: date = JULY) -> TaskStatus:
    (row,) = compute_task_status(build_database(tasks=[task], reports=reports, agencies=COMMUNES), Question(as_of))
    return row


def compute_state(task: TinyTask, *reports: TinyReport, as_of: date = JULY) -> str:
    return compute_row(task, *reports, as_of=as_of)["state"]


def make_done_report(finished_on: date, agency: str | None = "Sở Y tế") -> TinyReport:
    return TinyReport("done", agency, finished_on)


def test_5_a_task_is_done_when_its_lead_says_so() -> None:
    row = compute_row(TinyTask(), make_done_report(MARCH))
    assert (row["state"], row["done_on"], row["last_report_by"]) == ("done", MARCH, "Sở Y tế")
    assert compute_state(TinyTask(), make_done_report(MARCH, "Sở Tư pháp")) == "in_progress"


def test_5_a_task_is_done_when_every_single_lead_says_so() -> None:
    both = TinyTask(leads=("Sở Y tế", "Sở Tư pháp"))
    assert compute_state(both, make_done_report(MARCH)) == "in_progress"
    assert compute_state(both, make_done_report(MARCH), make_done_report(JULY, "Sở Tư pháp")) == "done"


def test_5_the_latest_report_counts() -> None:
    later = TinyReport("in_progress", recorded=datetime(2026, 6, 1))
    assert compute_state(TinyTask(), make_done_report(MARCH), later) == "in_progress"
    assert compute_state(TinyTask(), make_done_report(MARCH), later, as_of=date(2026, 5, 31)) == "done"


@pytest.mark.parametrize("leads", [("Sở Y tế",), ("các xã, phường",), ("Sở Công Thương", "các xã, phường")])
def test_5_a_report_without_an_agency_counts_for_the_only_deciding_agency(
    leads: tuple[str, ...],
) -> None:
    assert compute_state(TinyTask(leads=leads), make_done_report(MARCH, None)) == "done"


@pytest.mark.parametrize("leads", [("Sở Y tế", "Sở Tư pháp"), ("Sở Y tế", "các xã, phường")])
def test_5_a_report_without_an_agency_counts_for_none_of_several_deciding_agencies(
    leads: tuple[str, ...],
) -> None:
    """It still counts as a report: the task is begun."""
    row = compute_row(TinyTask(leads=leads), make_done_report(MARCH, None))
    assert (row["state"], row["reports"], row["last_report_on"], row["last_report_by"]) == (
        "in_progress", 1, MARCH, None,
    )  # fmt: skip
    assert [(report["status"], report["reported_on"]) for report in row["lead_reports"]] == [(None, None)] * 2
    assert compute_state(TinyTask(leads=leads), TinyReport("paused", None)) == "in_progress"


def test_5_a_report_without_an_agency_never_overrides_a_leads_own() -> None:
    both = TinyTask(leads=("Sở Y tế", "Sở Tư pháp"))
    lead_reports = [TinyReport("in_progress", finished_on=MARCH), make_done_report(MARCH, "Sở Tư pháp")]
    row = compute_row(both, *lead_reports, make_done_report(JULY, None))
    assert (row["state"], row["last_report_on"]) == ("in_progress", JULY)
    assert [(report["agency"], report["status"]) for report in row["lead_reports"]] == [
        ("Sở Tư pháp", "done"), ("Sở Y tế", "in_progress"),
    ]  # fmt: skip
    finished = [
        make_done_report(MARCH),
        make_done_report(MARCH, "Sở Tư pháp"),
        TinyReport("in_progress", None, JULY),
    ]
    assert compute_state(both, *finished) == "done"


def test_5_a_task_done_after_its_due_day_is_done_late() -> None:
    assert compute_state(TinyTask(), make_done_report(DUE), as_of=AFTER) == "done"
    assert compute_state(TinyTask(), make_done_report(AFTER), as_of=AFTER) == "done_late"


def test_5_a_task_not_done_is_overdue_after_its_due_day() -> None:
    assert compute_state(TinyTask(), as_of=DUE) == "not_started"
    assert compute_state(TinyTask(), as_of=AFTER) == "overdue"
    assert compute_state(TinyTask(), TinyReport("paused"), as_of=AFTER) == "overdue"


def test_5_a_begun_task_is_in_progress_or_paused() -> None:
    assert compute_state(TinyTask(), TinyReport("not_started")) == "not_started"
    assert compute_state(TinyTask(), TinyReport("in_progress")) == "in_progress"
    assert compute_state(TinyTask(), TinyReport("paused")) == "paused"


def test_5_a_report_occurs_on_its_finished_day_else_on_the_day_it_was_first_recorded() -> None:
    typed_later = TinyReport("done", finished_on=DUE, recorded=datetime(2027, 1, 5))
    assert compute_state(TinyTask(), typed_later, as_of=DUE) == "done"
    evening = TinyReport("in_progress", recorded=datetime(2026, 3, 1, 18))
    assert compute_row(TinyTask(), evening)["last_report_on"] == MARCH
    first = TinyReport("in_progress", recorded=datetime(2026, 2, 1), retired=datetime(2026, 2, 9), row_hash=7)
    second = TinyReport("in_progress", recorded=datetime(2026, 5, 1), row_hash=7)
    assert compute_row(TinyTask(), first, second)["last_report_on"] == date(2026, 2, 1)


def test_5_tasks_that_start_in_2027_are_not_late_in_2026_and_nothing_counts_before() -> None:
    later = TinyTask(instances=((2027, date(2027, 1, 1), date(2027, 12, 15)),))
    assert compute_state(later, as_of=date(2026, 12, 31)) == "not_started"
    early = make_done_report(date(2026, 12, 31))
    assert compute_state(later, early, as_of=date(2026, 12, 31)) == "not_started"
    assert compute_state(later, early, as_of=date(2027, 1, 1)) == "not_started"


def test_5_a_yearly_task_is_one_instance_a_year() -> None:
    db = build_database(tasks=[YEARLY], reports=[make_done_report(MARCH)])
    rows = compute_task_status(db, Question(date(2027, 12, 31)))
    assert [(row["year"], row["state"], row["current"]) for row in rows] == [
        (2026, "done", False), (2027, "overdue", True),
    ]  # fmt: skip
    assert [row["year"] for row in compute_task_status(db, Question(JULY))] == [2026]
    assert [(row["year"], row["state"]) for row in compute_task_status(db, Question(JULY, year=2027))] == [
        (2027, "not_started")
    ]


def test_5_a_report_of_one_year_counts_for_that_years_instance_alone() -> None:
    db = build_database(tasks=[YEARLY], reports=[make_done_report(date(2027, 1, 1))])
    rows = compute_task_status(db, Question(date(2027, 1, 1)))
    assert [(row["year"], row["state"]) for row in rows] == [(2026, "overdue"), (2027, "done")]


@pytest.mark.parametrize("pair", [("not_started", "paused"), ("paused", "in_progress"), ("in_progress", "done")])
def test_5_on_a_tie_the_less_advanced_report_counts(pair: tuple[str, str]) -> None:
    row = compute_row(TinyTask(), *(TinyReport(status, finished_on=MARCH) for status in pair))
    assert row["last_status"] == row["lead_reports"][0]["status"] == pair[0]


def test_5_an_ongoing_task_is_never_late_only_silent() -> None:
    assert compute_state(ONGOING, as_of=date(2026, 1, 28)) == "ongoing"
    row = compute_row(ONGOING, as_of=date(2026, 1, 29))
    assert (row["state"], row["weeks_silent"], row["due_on"]) == ("silent", 4, None)
    update = TinyReport("in_progress", recorded=datetime(2030, 6, 1))
    assert compute_state(ONGOING, update, as_of=date(2030, 6, 2)) == "ongoing"


def test_5_a_collective_lead_is_done_when_the_focal_department_says_so() -> None:
    communes = TinyTask(leads=("các xã, phường",))
    row = compute_row(communes, make_done_report(MARCH, "UBND xã Đông"))
    assert (row["state"], row["members_done"], row["members"]) == ("in_progress", 1, 2)
    assert compute_state(communes, make_done_report(MARCH, "Sở Công Thương")) == "done"


def test_5_members_that_reported_anything_are_counted_apart_from_those_done() -> None:
    ongoing = replace(ONGOING, leads=("các xã, phường",))
    report = TinyReport("in_progress", agency="UBND xã Đông", recorded=datetime(2026, 3, 1))
    row = compute_row(ongoing, report, make_done_report(MARCH, "Sở Công Thương"))
    assert (row["members_reported"], row["members_done"], row["members"]) == (1, 0, 2)


def test_5_members_are_counted_only_for_a_collective_lead() -> None:
    assert compute_row(TinyTask(), make_done_report(MARCH))["members"] is None


def test_4_retired_reports_are_not_current() -> None:
    gone = TinyReport("done", finished_on=MARCH, retired=datetime(2026, 4, 1))
    db = build_database(tasks=[TinyTask()], reports=[gone])
    assert compute_task_status(db, Question(JULY))[0]["state"] == "not_started"
    assert compute_task_status(db, Question(JULY, known_at=datetime(2026, 3, 31)))[0]["state"] == "done"


_days = st.sampled_from([
    date(2025, 12, 31), date(2026, 1, 1), MARCH, JULY, DUE, AFTER, date(2026, 12, 31), date(2027, 1, 1),
    date(2027, 12, 15), date(2027, 12, 16),
])  # fmt: skip
_reports = st.builds(
    TinyReport,
    status=st.sampled_from(rules.STATUS_ORDER),
    agency=st.sampled_from(["Sở Y tế", "Sở Tư pháp", "Sở Công Thương", "UBND xã Đông", None]),
    finished_on=st.one_of(st.none(), _days),
    recorded=st.sampled_from([datetime(2026, 2, 1), datetime(2026, 12, 15, 17), datetime(2027, 1, 2)]),
    retired=st.sampled_from([None, None, datetime(2027, 2, 1)]),
    row_hash=st.integers(1, 4),
)
_tasks = st.builds(
    TinyTask,
    timing=st.just("once"),
    leads=st.lists(st.sampled_from(["Sở Y tế", "Sở Tư pháp", "các xã, phường"]), unique=True).map(tuple),
) | st.sampled_from([YEARLY, ONGOING])


_mergers = st.tuples(
    st.sampled_from([None, "Sở Tư pháp", "Sở Công Thương", "Sở Mới"]), _days,
    st.sampled_from([None, "Sở Công Thương", "Sở Mới"]), _days, st.sampled_from([None, "Sở Mới"]), _days,
).map(
    lambda drawn: tuple(
        TinyMerger(agency, successor, from_day)
        for agency, successor, from_day in zip(
            ("Sở Y tế", "Sở Tư pháp", "Sở Công Thương"), drawn[::2], drawn[1::2], strict=True
        )
        if successor
    )
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_tasks, st.lists(_reports, max_size=6), st.lists(_days, min_size=1, max_size=3, unique=True), _mergers)
def test_5_task_states_are_those_of_the_plain_rules_with_mergers(
    task: TinyTask, reports: list[TinyReport], as_of_days: list[date], mergers: tuple[TinyMerger, ...]
) -> None:
    agencies = [*COMMUNES, TinyAgency("Sở Tư pháp"), TinyAgency("Sở Công Thương"), TinyAgency("Sở Mới")]
    db = build_database(tasks=[task], reports=reports, agencies=agencies, mergers=mergers)
    for as_of in as_of_days:
        actual = {row["year"]: row["state"] for row in compute_task_status(db, Question(as_of))}
        expected = {
            instance[0]: rules.compute_state(task, instance, reports, as_of, mergers) for instance in task.instances
        }
        assert actual == {year: expected[year] for year in actual}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_tasks, st.lists(_reports, max_size=6), st.lists(_days, min_size=1, max_size=3, unique=True))
def test_5_task_states_are_those_of_the_plain_rules(
    task: TinyTask, reports: list[TinyReport], as_of_days: list[date]
) -> None:
    db = build_database(tasks=[task], reports=reports, agencies=COMMUNES)
    for as_of in as_of_days:
        rows = compute_task_status(db, Question(as_of))
        actual = {row["year"]: row["state"] for row in rows}
        expected = {instance[0]: rules.compute_state(task, instance, reports, as_of) for instance in task.instances}
        statuses = {
            instance[0]: rules.find_lead_statuses(task, instance, reports, as_of) for instance in task.instances
        }
        for row in rows:
            assert {report["agency"]: report["status"] for report in row["lead_reports"]} == statuses[row["year"]]
        assert actual == {year: expected[year] for year in actual}
        assert actual.keys() >= {year for year in expected if year <= as_of.year}


def test_5_members_are_called_communes_only_if_all_of_them_are() -> None:
    agencies = (*COMMUNES, TinyAgency("các sở, ngành", "departments", collective=True))

    def get_communes_alone(*leads: str) -> bool | None:
        (row,) = compute_task_status(build_database(tasks=[TinyTask(leads=leads)], agencies=agencies), Question(JULY))
        return row["communes_alone"]

    assert get_communes_alone("Sở Y tế") is None
    assert get_communes_alone("Sở Y tế", "các xã, phường") is True
    assert get_communes_alone("các xã, phường", "các sở, ngành") is False
    assert get_communes_alone("các sở, ngành") is False


def test_a_silence_without_a_report_begins_with_the_task_but_not_before_the_plan_is_issued() -> None:
    ongoing = TinyTask(timing="ongoing", instances=((2026, date(2026, 1, 1), None),))
    question = Question(date(2026, 11, 21), year=2026)
    for issued_on, weeks in ((None, 46), (date(2025, 12, 12), 46), (date(2026, 1, 16), 44)):
        plan = TinyPlan(issued_on=issued_on)
        db = build_database(plans=[plan], tasks=[ongoing], agencies=[TinyAgency("Sở Y tế")])
        assert compute_task_status(db, question)[0]["weeks_silent"] == weeks
        (silent,) = list_silent_agencies(db, question, ())
        assert (silent["agency"], silent["days_silent"] // 7) == ("Sở Y tế", weeks)
