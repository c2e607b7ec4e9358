"""Tasks by id, and by section and number as an annex prints them, in the versions of a plan (design.md §4)."""

from __future__ import annotations

import pytest

from kpis.register.model import Task
from kpis.register.task_names import TaskNames, choose_by_title, find_tasks


def make_task(task_id: str, section: str | None, number: str | None, title: str = "Việc") -> Task:
    return Task(task_id, "p", section, number, title, title, None, ("A",), (), None, None, "once", 2026, 2026)


TASKS = TaskNames(
    [
        make_task("p.nv001", "A.I", "1", "Mở lớp"),
        make_task("p.nv002", "A.I", "1.10", "Kiểm tra"),
        make_task("p.nv003", "2", "2.3"),
        make_task("p.nv004", None, "7"),
        make_task("p.nv005", None, None),
        make_task("p.nv006", "B", "1.1"),
        make_task("p.nv007", "B.1", "1"),
        make_task("p.nv008", None, "3.1"),
        make_task("p.nv009", None, "3.10"),
    ]
)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("p.nv003", ["p.nv003"]),
        ("P.NV003", ["p.nv003"]),
        ("A.I.1", ["p.nv001"]),
        ("Mục A.I, số 1", ["p.nv001"]),
        ("A.I.1.10", ["p.nv002"]),
        ("A.I.1.1", []),
        ("2.3", ["p.nv003"]),
        ("7", ["p.nv004"]),
        ("1", []),
        ("", []),
        ("B.1.1", ["p.nv006", "p.nv007"]),
        ("3.1", ["p.nv008"]),
    ],
)
def test_a_text_names_the_tasks_of_which_it_is_the_id_or_the_printed_number(text: str, ids: list[str]) -> None:
    assert [task.id for task in find_tasks([TASKS], text)] == ids


def test_a_number_cell_may_have_lost_a_zero() -> None:
    assert [task.id for task in find_tasks([TASKS], "3,1", is_number=True)] == ["p.nv008", "p.nv009"]
    assert [task.id for task in find_tasks([TASKS], "2.3", is_number=True)] == ["p.nv003"]


def test_a_text_that_names_different_tasks_in_two_versions_names_both_and_a_title_decides() -> None:
    amended = TaskNames([make_task("p.nv001", "A.I", "2", "Mở lớp"), make_task("p.nv020", "A.I", "1", "Kiểm tra chợ")])
    tasks = find_tasks([TASKS, amended], "A.I.1")
    assert [task.id for task in tasks] == ["p.nv001", "p.nv020"]
    chosen = choose_by_title(tasks, "kiểm tra  CHỢ")
    assert chosen is not None and chosen.id == "p.nv020"
    assert choose_by_title(tasks, "Kiểm tra") is None
    assert choose_by_title(tasks, "") is None
    assert [task.id for task in find_tasks([TASKS, amended], "p.nv001")] == ["p.nv001"]
    assert [task.id for task in find_tasks([TASKS, TASKS], "A.I.1")] == ["p.nv001"]
