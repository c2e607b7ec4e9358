"""To do is one list: its order, who owes what, alone or as a group (design.md §5, To do)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from kpis.measures.agency_kinds import load_agency_kinds
from kpis.measures.question import Question
from kpis.measures.todo import LateAnswer, Todo, fetch_todo
from kpis.measures.todo_owners import group_by_owner
from kpis.wording import todo_sentences
from tests.measures.tiny_database import (
    TinyAgency,
    TinyEntry,
    TinyPlan,
    TinyReport,
    TinyTarget,
    TinyTask,
    build_database,
    make_year_period,
)

NOVEMBER, AFTER = date(2026, 11, 10), date(2026, 12, 20)
COMMUNES = tuple(TinyAgency(f"UBND xã {letter}", "commune") for letter in "ABCDE")
DEPARTMENTS = (TinyAgency("Sở Công Thương"), TinyAgency("Sở Y tế"))
AGENCIES = (*COMMUNES, *DEPARTMENTS, TinyAgency("các xã", "communes", collective=True))
COVERAGE = TinyTarget(
    "p.09", measure="coverage", floor=Decimal(1), roster=tuple(agency.name for agency in (*COMMUNES, *DEPARTMENTS))
)
TASK = TinyTask(instances=((2026, date(2026, 1, 1), date(2026, 11, 1)),))


def list_subjects(todo: Todo) -> list[str]:
    return [f"{item.kind} {item.subject}" for item in todo.items]


def test_5_targets_and_tasks_stand_together_by_status_then_days_left_and_late_answers_first() -> None:
    targets = [
        TinyTarget("p.01", due_after_days=0, periods=(make_year_period(2026, "11-01"),)),
        TinyTarget("p.02", periods=(make_year_period(2026, "11-05"),)),
        TinyTarget("p.03", floor=Decimal(20)),
        TinyTarget("p.04"),
    ]
    entries = [TinyEntry("p.03", "Sở Y tế", date(2026, 3, 2), 1), TinyEntry("p.02", "Sở Y tế", date(2026, 3, 2), 1)]
    tasks = [TASK, replace(TASK, id="p.I.2", instances=((2026, date(2026, 1, 1), date(2026, 10, 1)),))]
    db = build_database(targets, entries, agencies=AGENCIES, tasks=tasks)
    answers = [
        LateAnswer("p", "YC-2", "Sở Y tế", "p.03", "Vì sao?", date(2026, 11, 3)),
        LateAnswer("p", "YC-1", "Sở Y tế", None, "Vì sao?", date(2026, 11, 2)),
    ]
    todo = fetch_todo(db, Question(NOVEMBER), answers)
    assert list_subjects(todo) == [
        "explanation YC-1", "explanation YC-2", "task p.I.2", "target p.01", "task p.I.1", "target p.02", "target p.03",
        "target p.04",
    ]  # fmt: skip
    assert [item.days_left for item in todo.items] == [-8, -7, -40, -9, -9, -5, 35, 35]


def test_5_a_task_is_to_do_once_it_is_overdue_and_not_once_it_is_done() -> None:
    db = build_database([TinyTarget()], tasks=[TASK], agencies=AGENCIES)
    assert "task p.I.1" not in list_subjects(fetch_todo(db, Question(date(2026, 11, 1))))
    assert "task p.I.1" in list_subjects(fetch_todo(db, Question(date(2026, 11, 2))))
    done = build_database([TinyTarget()], tasks=[TASK], agencies=AGENCIES, reports=[TinyReport("done")])
    assert "task p.I.1" not in list_subjects(fetch_todo(done, Question(NOVEMBER)))


def test_5_what_is_due_in_more_than_a_year_is_to_do_only_if_it_is_behind_and_comes_after_the_rest() -> None:
    period = (date(2026, 1, 1), date(2030, 12, 31), date(2030, 12, 15))
    far = TinyTarget("p.01", recurrence="by_end", floor=Decimal(100), periods=(period,))
    silent = replace(far, id="p.02")
    entries = [TinyEntry("p.01", "Sở Y tế", date(2026, 3, 2), 1)]
    db = build_database([far, silent, TinyTarget("p.03")], entries, agencies=AGENCIES)
    assert list_subjects(fetch_todo(db, Question(NOVEMBER))) == ["target p.03", "target p.01"]


def test_5_plans_that_were_never_read_are_counted_alone() -> None:
    db = build_database([TinyTarget()], plans=[TinyPlan(was_read=False)])
    todo = fetch_todo(db, Question(NOVEMBER))
    assert (todo.items, todo.unread) == ((), 1)


def test_5_a_doubt_comes_last_and_is_owed_by_the_agencies_of_its_rows() -> None:
    entries = [TinyEntry("p.01", "Sở Y tế", date(2026, month, 2), 5 + month) for month in (3, 4, 5)]
    target = TinyTarget(floor=Decimal(20))
    db = build_database([target, TinyTarget("p.02")], entries, agencies=AGENCIES)
    todo = fetch_todo(db, Question(NOVEMBER))
    assert list_subjects(todo) == ["target p.02", "doubt p.01"]
    assert todo.items[-1].agencies == ("Sở Y tế",)
    assert todo_sentences.format_missing(todo.items[-1], "vi") == ["xác nhận 3 dòng"]


def test_5_more_than_three_agencies_that_owe_the_same_stand_once_as_a_group() -> None:
    db = build_database([COVERAGE], agencies=AGENCIES)
    todo = fetch_todo(db, Question(NOVEMBER))
    kinds = load_agency_kinds(db, {"p"})
    names = [todo_sentences.format_owner(owner, "vi") for owner in group_by_owner(todo.items, kinds)]
    assert names == ["Sở Công Thương", "Sở Y tế", "5 xã, phường"]
    reported = [TinyEntry("p.09", name, date(2026, 3, 2), 1) for name in ("UBND xã A", "UBND xã B", "Sở Y tế")]
    db = build_database([COVERAGE], reported, agencies=AGENCIES)
    owners = group_by_owner(fetch_todo(db, Question(NOVEMBER)).items, kinds)
    assert [owner.agencies for owner in owners] == [
        ("Sở Công Thương",), ("UBND xã C",), ("UBND xã D",), ("UBND xã E",),
    ]  # fmt: skip


def test_5_two_things_that_the_same_agencies_owe_are_one_group() -> None:
    db = build_database([COVERAGE, replace(COVERAGE, id="p.10")], agencies=AGENCIES)
    owners = group_by_owner(fetch_todo(db, Question(NOVEMBER)).items, load_agency_kinds(db, None))
    assert [(len(owner.agencies), len(owner.items)) for owner in owners] == [(1, 2), (1, 2), (5, 2)]


def test_5_a_single_agency_owes_its_own_part_and_the_lead_the_whole() -> None:
    target = TinyTarget(floor=Decimal(20), shares={"Sở Y tế": Decimal(8)})
    db = build_database([target], [TinyEntry("p.01", "Sở Y tế", date(2026, 3, 2), 3)], agencies=AGENCIES)
    (item,) = fetch_todo(db, Question(NOVEMBER)).items
    lead, part = item.select_agency("Sở Công Thương"), item.select_agency("Sở Y tế")
    assert lead and lead.owed and lead.owed.missing == 17
    assert part and part.owed and part.owed.missing == 5
    assert item.select_agency("UBND xã A") is None
    assert [todo_sentences.format_missing(each, "vi")[0] for each in (lead, part)] == [
        "thiếu 17 việc",
        "phần riêng: thiếu 5 việc",
    ]


def test_5_a_late_part_of_a_target_that_is_not_late_is_on_the_list_of_its_agency_alone() -> None:
    target = TinyTarget(floor=Decimal(20), shares={"Sở Y tế": Decimal(8), "UBND xã A": Decimal(12)})
    entries = [TinyEntry("p.01", "Sở Y tế", date(2026, 3, 2), 3), TinyEntry("p.01", "UBND xã A", date(2026, 3, 2), 15)]
    db = build_database([target, TinyTarget("p.02", lead="Sở Y tế")], entries, agencies=AGENCIES)
    assert list_subjects(fetch_todo(db, Question(NOVEMBER))) == ["target p.02"]
    todo = fetch_todo(db, Question(NOVEMBER), with_late_parts=True)
    whole_status = {item.subject: item.status for item in todo.items}
    assert whole_status == {"p.02": "no_data", "p.01": "on_track"}
    owed = [(item.subject, item.status) for item in todo.select_agency("Sở Y tế")]
    assert owed == [("p.01", "behind"), ("p.02", "no_data")]
    assert todo.select_agency("UBND xã A") == []


def test_5_a_part_of_an_attained_target_is_not_to_do() -> None:
    target = replace(COVERAGE, floor=Decimal("0.1"))
    db = build_database([target], [TinyEntry("p.09", "UBND xã A", date(2026, 3, 2), 1)], agencies=AGENCIES)
    assert fetch_todo(db, Question(NOVEMBER), with_late_parts=True).items == ()


def test_5_the_task_of_a_collective_is_owed_by_the_focal_department_and_each_member_that_is_not_done() -> None:
    task = replace(TASK, leads=("các xã",))
    reports = [TinyReport("done", "UBND xã A"), TinyReport("in_progress", "UBND xã B")]
    db = build_database([], tasks=[task], agencies=AGENCIES, reports=reports)
    (item,) = fetch_todo(db, Question(NOVEMBER)).items
    assert item.answerable == ("Sở Công Thương",)
    assert [part.agency for part in item.parts] == [f"UBND xã {letter}" for letter in "BCDE"]
    assert todo_sentences.format_missing(item, "vi") == ["1/5 xã, phường báo cáo hoàn thành"]


def test_5_a_lead_that_has_reported_a_task_done_owes_it_no_more() -> None:
    task = replace(TASK, leads=("Sở Y tế", "Sở Công Thương"))
    db = build_database([], tasks=[task], agencies=AGENCIES, reports=[TinyReport("done", "Sở Y tế")])
    (item,) = fetch_todo(db, Question(NOVEMBER)).items
    assert item.agencies == ("Sở Công Thương",)


def test_5_of_a_yearly_task_the_current_year_alone_is_to_do() -> None:
    years = tuple((year, date(year, 1, 1), date(year, 11, 1)) for year in (2026, 2027))
    db = build_database([], tasks=[replace(TASK, timing="yearly", instances=years)], agencies=AGENCIES)
    todo = fetch_todo(db, Question(date(2027, 12, 1)))
    assert [item.task["year"] for item in todo.items if item.task] == [2027]


def test_5_after_the_due_day_what_is_overdue_longest_comes_first() -> None:
    db = build_database([TinyTarget()], tasks=[TASK], agencies=AGENCIES)
    assert list_subjects(fetch_todo(db, Question(AFTER))) == ["task p.I.1", "target p.01"]
