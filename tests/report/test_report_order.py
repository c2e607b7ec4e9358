"""Reports of one moment stand in the same order at every run: by the plan's agencies, then by content."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from typing import Any

from kpis.measures.query import KNOWN_NOW, build_statement, run_query
from kpis.measures.question import Question
from kpis.measures.task_status import compute_task_status
from kpis.report.figures import AnnexSection, sort_tasks
from kpis.report.task_reports import REPORT_ORDER
from tests.measures.tiny_database import TinyAgency, TinyReport, TinyTask, build_database

DAY = date(2026, 3, 2)
AGENCIES = tuple(TinyAgency(name) for name in ("Sở Y tế", "Công an tỉnh", "UBND xã Đông"))
REPORTS = (
    TinyReport("done", "Sở Y tế", DAY, result="Mười lớp"),
    TinyReport("done", "Sở Y tế", DAY, result="Hai lớp"),
    TinyReport("done", "Công an tỉnh", DAY, result="Ba đợt"),
    TinyReport("done", "UBND xã Đông", DAY, result="Một buổi"),
)


def test_reports_of_one_moment_are_ordered_by_the_plans_agencies_and_then_by_content() -> None:
    for reports in permutations(REPORTS):
        db = build_database(tasks=[TinyTask()], agencies=AGENCIES, reports=reports)
        rows = run_query(db, build_statement(["known_reports"], REPORT_ORDER), {"known_at": KNOWN_NOW})
        assert [(row["agency"], row["result"]) for row in rows] == [
            *(("Sở Y tế", "Hai lớp"), ("Sở Y tế", "Mười lớp")),
            *(("Công an tỉnh", "Ba đợt"), ("UBND xã Đông", "Một buổi")),
        ]


def test_the_last_of_reports_of_one_moment_is_the_same_at_every_run() -> None:
    for reports in permutations(REPORTS):
        db = build_database(tasks=[TinyTask()], agencies=AGENCIES, reports=reports)
        (task,) = compute_task_status(db, Question(DAY, year=2026))
        assert (task["last_report_by"], task["result"]) == ("Sở Y tế", "Mười lớp")


def make_section(name: str, parent: str | None = None) -> AnnexSection:
    return {"section": name, "parent": parent, "title_vi": name}


def make_task(position: int, section: str | None, number: str | None) -> Any:
    return {"task": f"p.{position}", "section": section, "number": number, "position": position}


def test_tasks_stand_by_nested_section_and_printed_number_the_unnumbered_in_the_plans_order() -> None:
    sections = [make_section("A"), make_section("A.I", "A"), make_section("B"), make_section("A.II", "A")]
    rows = [
        ("B", None), ("A.I", "1.10"), ("A.II", "1"), ("A.I", "1.9"), ("B", "1"), ("A.I", "1.2"), (None, "1"),
    ]  # fmt: skip
    tasks = sort_tasks([make_task(position, *row) for position, row in enumerate(rows)], sections)
    assert [(task["section"], task["number"]) for task in tasks] == [
        (None, "1"), ("A.I", "1.2"), ("A.I", "1.9"), ("A.I", "1.10"), ("A.II", "1"), ("B", None), ("B", "1"),
    ]  # fmt: skip
