"""Texts that pages, tables and the report share."""

from __future__ import annotations

from datetime import date

from kpis.measures.question import Question
from kpis.measures.task_status import TaskStatus, compute_task_status
from kpis.store.database import Database
from kpis.wording.member_counts import format_member_count


def test_members_are_communes_only_where_the_lead_is_communes_alone(database: Database) -> None:
    texts = {
        row["task"]: format_member_count(row, "vi")
        for row in compute_task_status(database, Question(date(2026, 11, 21), year=2026))
    }
    assert texts["dong-thap.I.2"].endswith("/16 đơn vị báo cáo hoàn thành")
    assert texts["thai-nguyen.I.1"].endswith("/92 xã, phường báo cáo hoàn thành")
    assert texts["dong-thap.I.1"] == ""


def test_a_done_task_says_whose_report_decides_while_members_have_not_said_so(database: Database) -> None:
    rows = compute_task_status(database, Question(date(2026, 11, 21), year=2026))
    task = next(row for row in rows if row["communes_alone"] and row["members"] == 92)
    done: TaskStatus = {**task, "state": "done", "members_done": 0}
    assert format_member_count(done, "vi") == ("theo báo cáo của Sở Công Thương; 0/92 xã, phường báo cáo hoàn thành")
    assert format_member_count({**done, "members_done": 92}, "vi") == "92/92 xã, phường báo cáo hoàn thành"
    assert format_member_count({**done, "state": "overdue"}, "vi") == "0/92 xã, phường báo cáo hoàn thành"


def test_of_an_ongoing_task_the_members_that_reported_are_counted(database: Database) -> None:
    """It is never done, so "báo cáo hoàn thành" would mean nothing."""
    rows = compute_task_status(database, Question(date(2026, 11, 21), year=2026))
    tasks = [row for row in rows if row["members"] and row["timing"] == "ongoing"]
    assert tasks
    for task in tasks:
        assert format_member_count(task, "vi").endswith(" đã báo cáo")
        assert "báo cáo hoàn thành" not in format_member_count(task, "vi")
    first: TaskStatus = {**tasks[0], "communes_alone": True, "members": 92, "members_done": 0, "members_reported": 3}
    assert format_member_count(first, "vi") == "3/92 xã, phường đã báo cáo"
    assert format_member_count(first, "en") == "3/92 communes have reported"
    assert format_member_count({**first, "communes_alone": False}, "vi") == "3/92 đơn vị đã báo cáo"
