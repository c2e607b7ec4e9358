"""Annex tasks that are overdue, and those that became overdue or done since last Sunday."""

from __future__ import annotations

from datetime import date, datetime

from kpis.language.clock import get_end_of_day
from kpis.measures.changes import compare_with_last_week
from kpis.measures.overdue_tasks import count_days_overdue, select_overdue_tasks
from kpis.measures.question import Question
from kpis.measures.task_changes import list_newly_done_tasks, list_newly_overdue_tasks
from kpis.measures.task_status import compute_task_status
from tests.measures.tiny_database import TinyPlan, TinyReport, TinyTarget, TinyTask, build_database

DUE, SUNDAY, WEDNESDAY = date(2026, 7, 13), date(2026, 7, 12), date(2026, 7, 15)
TASK = TinyTask(instances=((2026, date(2026, 1, 1), DUE),))
YEARLY = TinyTask(
    timing="yearly",
    instances=((2026, date(2026, 1, 1), date(2026, 12, 31)), (2027, date(2027, 1, 1), date(2027, 12, 31))),
)


def list_newly(task: TinyTask, as_of: date, earlier: date, *reports: TinyReport) -> list[tuple[str, int]]:
    db = build_database(tasks=[task], reports=reports)
    newly = list_newly_overdue_tasks(db, Question(as_of), Question(earlier), {"p"})
    return [(row["task"], row["year"]) for row in newly]


def test_5_a_task_that_became_overdue_is_new_in_that_week_only() -> None:
    assert [year for _, year in list_newly(TASK, WEDNESDAY, SUNDAY)] == [2026]
    assert list_newly(TASK, DUE, SUNDAY) == []
    assert list_newly(TASK, date(2026, 7, 22), date(2026, 7, 19)) == []


def test_5_a_task_of_the_year_that_ended_is_not_lost_at_the_turn_of_the_year() -> None:
    assert [year for _, year in list_newly(YEARLY, date(2027, 1, 2), date(2026, 12, 27))] == [2026]


def test_5_tasks_of_a_plan_without_a_read_tab_of_tasks_are_left_out() -> None:
    db = build_database([TinyTarget()], tasks=[TASK])
    tasks = compute_task_status(db, Question(WEDNESDAY))
    (overdue,) = select_overdue_tasks(tasks, {"p"})
    assert count_days_overdue(overdue) == 2
    assert select_overdue_tasks(tasks, set()) == []
    for tasks_seen in (True, False):
        db = build_database([TinyTarget()], plans=[TinyPlan(tasks_seen=tasks_seen)], tasks=[TASK])
        changes = compare_with_last_week(db, Question(WEDNESDAY))
        assert len(changes.newly_overdue_tasks) == tasks_seen


def list_done(as_of: date, *reports: TinyReport, unread_plans: tuple[str, ...] = ()) -> list[str]:
    db = build_database(tasks=[TASK], reports=reports)
    earlier = Question(SUNDAY, known_at=get_end_of_day(SUNDAY))
    return [row["state"] for row in list_newly_done_tasks(db, Question(as_of), earlier, {"p"}, unread_plans)]


def test_5_a_task_that_was_done_since_is_new_and_one_known_to_be_done_then_is_not() -> None:
    early, late = datetime(2026, 7, 10, 5), datetime(2026, 7, 14, 5)
    assert list_done(WEDNESDAY, TinyReport("in_progress", recorded=early)) == []
    assert list_done(WEDNESDAY, TinyReport("done", recorded=early)) == []
    assert list_done(WEDNESDAY, TinyReport("done", recorded=late)) == ["done_late"]
    typed_late = TinyReport("done", finished_on=date(2026, 7, 1), recorded=late)
    assert list_done(WEDNESDAY, typed_late) == ["done"]
    assert list_done(WEDNESDAY, typed_late, unread_plans=("p",)) == []
    assert list_done(DUE, TinyReport("done", recorded=late)) == []


def test_5_the_changes_of_a_week_have_the_tasks_that_were_done() -> None:
    done = TinyReport("done", recorded=datetime(2026, 7, 14, 5))
    for tasks_seen in (True, False):
        db = build_database([TinyTarget()], plans=[TinyPlan(tasks_seen=tasks_seen)], tasks=[TASK], reports=[done])
        changes = compare_with_last_week(db, Question(WEDNESDAY))
        assert [task["task"] for task in changes.newly_done_tasks] == ["p.I.1"] * tasks_seen
