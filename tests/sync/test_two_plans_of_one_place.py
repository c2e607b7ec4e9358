"""Two plans of one place are told apart by name, and a place that has several names none (design.md §3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kpis.errors import UsageError
from kpis.measures.attainment import compute_attainment
from kpis.measures.overdue_tasks import select_overdue_tasks
from kpis.measures.question import Question
from kpis.measures.register_facts import format_full_place_name, format_place_name, list_plans
from kpis.measures.task_status import compute_task_status
from kpis.pack.figures.scopes import find_plan, list_scopes
from kpis.store.database import Database
from tests.sync.conftest import World, make_entries, make_sheet
from tests.sync.test_tracked_plans import TwoPlanWorld, make_two_plans


@pytest.fixture
def database(world: World) -> Database:
    """The plan "p" of 2025 to 2027 and the plan "q" of the same place for 2028."""
    register = make_two_plans()
    first = register.plans["p"]
    later = replace(first, id="q", start_year=2028, end_year=2028, shown_to=2028)
    two_plans = TwoPlanWorld(world.pointer, register=replace(register, plans={"p": first, "q": later}))
    two_plans.plans = {("t", "q")}
    two_plans.sheets |= {"s": make_sheet(make_entries(2)), "t": make_sheet([])}
    two_plans.sync()
    return two_plans.open_database()


def test_every_list_names_the_plan_beside_the_place(database: Database) -> None:
    names = {"p": "Thử 2025–2027", "q": "Thử 2028"}
    assert {plan["plan"]: format_place_name(plan) for plan in list_plans(database)} == names
    assert {plan["plan"]: format_full_place_name(plan) for plan in list_plans(database)} == names
    assert list_scopes(database) == names
    for year in (2026, 2028):
        for row in compute_attainment(database, Question(date(year, 6, 1))):
            assert format_place_name(row) == names[row["plan"]]
    for task in compute_task_status(database, Question(date(2026, 6, 1))):
        assert format_place_name(task) == names[task["plan"]]
    database.close()


def test_a_pack_of_the_place_is_refused_with_the_ids_of_its_plans(database: Database) -> None:
    with pytest.raises(UsageError, match=r"“Thử” has several plans here.*p, q"):
        find_plan(database, "Thử")
    assert (find_plan(database, "q"), find_plan(database, "Thử 2025–2027")) == ("q", "p")
    database.close()


def test_overdue_tasks_of_a_plan_that_is_over_are_not_to_do(database: Database) -> None:
    overdue = {
        year: [task["plan"] for task in select_overdue_tasks(compute_task_status(database, question), {"p", "q"})]
        for year in (2027, 2028)
        for question in [Question(date(year, 6, 1))]
    }
    assert overdue == {2027: ["p", "q"], 2028: ["q"]}
    database.close()
