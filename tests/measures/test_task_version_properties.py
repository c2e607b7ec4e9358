"""Tasks of an amended plan on random days, against a plain statement of which version judges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpis.measures.question import Question
from kpis.measures.task_status import compute_task_status
from kpis.register.earlier_versions import merge_versions
from kpis.register.judged import TaskInstance
from kpis.register.judging_versions import VersionDays
from kpis.register.model import Register, Task
from kpis.register.periods import list_own_instances
from kpis.register.tables import build_tables
from kpis.store import sql
from tests.measures import task_rules_in_python as rules
from tests.measures.tiny_database import TinyDatabase, TinyReport, TinyTask, insert_table_rows
from tests.sync.conftest import make_register

pytestmark = pytest.mark.slow

AGENCIES = ("Sở Công Thương", "Sở Tài chính", "Công an tỉnh")
TASKS = ("p.I.1", "p.I.2")
DAYS = st.one_of(
    st.sampled_from([date(2026, 3, 31), date(2026, 4, 1), date(2026, 12, 15), date(2026, 12, 16), date(2027, 3, 31)]),
    st.dates(date(2026, 1, 1), date(2028, 2, 1)),
)
REPORTS = st.builds(
    TinyReport,
    status=st.sampled_from(rules.STATUS_ORDER),
    agency=st.sampled_from([*AGENCIES, None]),
    finished_on=st.one_of(st.none(), DAYS),
    recorded=DAYS.map(lambda day: datetime(day.year, day.month, day.day, 5)),
    task=st.sampled_from(TASKS),
)


@dataclass(frozen=True)
class AmendedPlan:
    """The versions of a plan in order, and the register of each, which has the tasks of that version alone."""

    versions: Sequence[VersionDays]
    registers: Mapping[int, Register]

    def merge(self) -> Register:
        """Return the register as it is loaded."""
        return merge_versions(self.registers[self.versions[-1].number], "p", self.versions, self.registers)


@st.composite
def draw_task(draw: st.DrawFn, task: Task) -> Task:
    """Draw what an amendment may change of a task."""
    first = draw(st.sampled_from([2026, 2026, 2027]))
    return replace(
        task,
        leads=tuple(draw(st.lists(st.sampled_from(AGENCIES), min_size=1, max_size=2, unique=True))),
        timing=draw(st.sampled_from(["once", "once", "yearly", "ongoing"])),
        first_year=first,
        last_year=draw(st.sampled_from([2026, 2027])) if first == 2026 else 2027,
        due_on=draw(st.sampled_from(["03-31", "12-15", None])),
        title_vi=draw(st.sampled_from(["Việc", "Việc khác"])),
    )


@st.composite
def draw_plan(draw: st.DrawFn) -> AmendedPlan:
    """Draw two to four versions, each with a task changed, dropped, new, or as the version before has it."""
    size = draw(st.integers(2, 4))
    accepted, forces = (sorted(draw(DAYS) for _ in range(size)) for _ in range(2))
    years = st.frozensets(st.sampled_from((2026, 2027)), max_size=1)
    versions = [
        VersionDays(number + 1, forces[number] if number else None, accepted[number], draw(years))
        for number in range(size)
    ]
    base = make_register()
    blank = base.tasks["p.I.1"]
    tasks = {name: draw(draw_task(replace(blank, id=name))) for name in TASKS}
    registers = {}
    for version in versions:
        for name in TASKS:
            match draw(st.sampled_from(["same", "changed", "dropped", "changed"])):
                case "changed":
                    tasks[name] = draw(draw_task(replace(blank, id=name)))
                case "dropped":
                    tasks.pop(name, None)
        registers[version.number] = replace(base, tasks={name: tasks[name] for name in TASKS if name in tasks})
    return AmendedPlan(versions, registers)


def build_database(register: Register, reports: Sequence[TinyReport]) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(config={"threads": "1"})
    con.execute(sql.load("kpis.store", "schema"))
    for table, rows in build_tables(register).items():
        insert_table_rows(con, table, rows)
    insert_table_rows(con, "tracked_plans", [{"plan": "p", "recorded_at": datetime(1, 1, 1)}])
    for position, report in enumerate(reports):
        for table, row in report.build_rows(position):
            insert_table_rows(con, table, [row])
    return con


def find_judge(plan: AmendedPlan, instances: Mapping[int, TaskInstance], day: date) -> int:
    """Return the number of the version that judges an instance on a day: the rule of design.md §3 step by step."""
    judge = plan.versions[0].number
    for version in plan.versions[1:]:
        if version.in_force_from is None or version.in_force_from > day:
            break
        instance = instances.get(judge) or instances.get(version.number)
        is_dropped = judge in instances and version.number not in instances
        if instance is not None and instance.due_on is not None:
            was_due = instance.due_on < version.accepted_on or instance.due_on < version.in_force_from
            if was_due and instance.year not in version.judges_again:
                continue
            if is_dropped and instance.due_on < version.in_force_from:
                continue
        judge = version.number
    return judge


def list_judged(plan: AmendedPlan, name: str, day: date) -> list[tuple[Task, TaskInstance]]:
    """Return each instance of a task that is judged on a day, with the task as the judging version has it."""
    tasks = {number: register.tasks[name] for number, register in plan.registers.items() if name in register.tasks}
    by_year = any(task.timing == "yearly" for task in tasks.values())
    keys: dict[int, dict[int, TaskInstance]] = {}
    for number, task in tasks.items():
        for instance in list_own_instances(plan.registers[number], task):
            keys.setdefault(instance.year if by_year else 0, {})[number] = instance
    judged = []
    for instances in keys.values():
        number = find_judge(plan, instances, day)
        if number in instances:
            judged.append((tasks[number], instances[number]))
    return sorted(judged, key=lambda pair: pair[1].year)


def state_rows(plan: AmendedPlan, reports: Sequence[TinyReport], day: date) -> list[tuple[object, ...]]:
    """Return task, year, title, leads, due day and state of each instance that has begun, else of the first."""
    rows: list[tuple[object, ...]] = []
    for name in TASKS:
        of_task = [report for report in reports if report.task == name]
        for at, (task, instance) in enumerate(list_judged(plan, name, day)):
            if at == 0 or instance.starts_on.year <= day.year:
                tiny = TinyTask(timing=task.timing, leads=task.leads)
                state = rules.compute_state(tiny, (instance.year, instance.starts_on, instance.due_on), of_task, day)
                rows.append((name, instance.year, task.title_vi, task.leads, instance.due_on, state))
    return rows


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(draw_plan(), st.lists(REPORTS, max_size=6), DAYS)
def test_a_task_is_judged_by_the_version_in_force(plan: AmendedPlan, reports: list[TinyReport], day: date) -> None:
    reports = [replace(report, row_hash=number) for number, report in enumerate(reports)]
    with closing(build_database(plan.merge(), reports)) as con:
        rows = compute_task_status(TinyDatabase(con), Question(day))
    actual = [
        (row["task"], row["year"], row["title_vi"], tuple(row["leads"]), row["due_on"], row["state"]) for row in rows
    ]
    assert sorted(actual, key=repr) == sorted(state_rows(plan, reports, day), key=repr)


@settings(max_examples=60, deadline=None)
@given(draw_plan())
def test_every_day_between_two_versions_has_each_instance_once(plan: AmendedPlan) -> None:
    register = plan.merge()
    for name in TASKS:
        copies = [task for task in register.all_tasks.values() if (task.version_of or task.id) == name]
        instances = [each for copy in copies for each in register.judged_instances.get(copy.id, ())]
        for version in plan.versions:
            for day in (version.accepted_on, (version.in_force_from or version.accepted_on) - timedelta(days=1)):
                years = [
                    each.year
                    for each in instances
                    if (each.judged_from is None or each.judged_from <= day)
                    and (each.judged_until is None or each.judged_until > day)
                ]
                assert len(years) == len(set(years))
