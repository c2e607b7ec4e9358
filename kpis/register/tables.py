"""The register as rows of the database's register tables, by table and column of `kpis/store/schema.sql`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from kpis.register.model import Plan, Register, Section, Target, Task
from kpis.register.periods import periods_of, task_instances

Row = dict[str, object]


def tables(register: Register) -> dict[str, list[Row]]:
    """Every register table's rows; amounts are Decimal, days dates, `position` the order shown, from 0."""
    return {name: made(register) for name, made in _TABLES.items()}


def _indicators(register: Register) -> list[Row]:
    return [
        {**_columns(indicator, id="indicator"), "position": position}
        for position, indicator in enumerate(register.indicators.values())
    ]


def _plans(register: Register) -> list[Row]:
    return [_plan(plan, position) for position, plan in enumerate(register.plans.values())]


def _plan(plan: Plan, position: int) -> Row:
    row = {**_columns(plan, id="plan"), "position": position}
    return {key: value for key, value in row.items() if key not in {"text", "notes"}}


def _targets(register: Register) -> list[Row]:
    return [_target(target, position) for position, target in enumerate(register.targets.values())]


def _target(target: Target, position: int) -> Row:
    row = {**_columns(target, id="target"), "position": position, "roster_size": len(target.roster)}
    return {key: value for key, value in row.items() if key not in {"roster", "shares", "due"}}


def _periods(register: Register) -> list[Row]:
    return [
        _columns(period, start="period_start", end="period_end")
        for target in register.targets.values()
        for period in periods_of(register, target)
    ]


def _rosters(register: Register) -> list[Row]:
    return [
        {"target": target.id, "agency": agency}
        for target in register.targets.values()
        for agency in target.roster
    ]


def _shares(register: Register) -> list[Row]:
    return [
        {"target": target.id, "agency": agency, "share": share}
        for target in register.targets.values()
        for agency, share in target.shares.items()
    ]


def _agencies(register: Register) -> list[Row]:
    rows: list[Row] = [
        {
            "plan": agency.plan,
            "agency": agency.name,
            "kind": agency.kind,
            "basis": agency.basis,
            "collective": False,
        }
        for agency in register.agencies
    ]
    rows += [
        {
            "plan": group.plan,
            "agency": group.name,
            "kind": group.members,
            "basis": "named",
            "collective": True,
        }
        for group in register.collectives
    ]
    return [{**row, "position": position} for position, row in enumerate(rows)]


def _sections(register: Register) -> list[Row]:
    return [_section(section, position) for position, section in enumerate(register.sections)]


def _section(section: Section, position: int) -> Row:
    return {**_columns(section, id="section"), "position": position}


def _tasks(register: Register) -> list[Row]:
    return [_task(task, position) for position, task in enumerate(register.tasks.values())]


def _task(task: Task, position: int) -> Row:
    row = {**_columns(task, id="task"), "position": position}
    return {key: value for key, value in row.items() if key not in {"leads", "coordinators"}}


def _task_instances(register: Register) -> list[Row]:
    return [
        _columns(instance) for task in register.tasks.values() for instance in task_instances(register, task)
    ]


def _task_leads(register: Register) -> list[Row]:
    groups = {(group.plan, group.name) for group in register.collectives}
    return [
        {"task": task.id, "agency": agency, "collective": (task.plan, agency) in groups}
        for task in register.tasks.values()
        for agency in task.leads
    ]


def _task_coordinators(register: Register) -> list[Row]:
    return [
        {"task": task.id, "agency": agency}
        for task in register.tasks.values()
        for agency in task.coordinators
    ]


def _columns(value: Any, **renamed: str) -> Row:
    """A frozen value's fields as columns, some of them under the table's name for them."""
    return {renamed.get(field.name, field.name): getattr(value, field.name) for field in fields(value)}


_TABLES: Mapping[str, Callable[[Register], list[Row]]] = {
    "indicators": _indicators,
    "plans": _plans,
    "targets": _targets,
    "periods": _periods,
    "rosters": _rosters,
    "shares": _shares,
    "agencies": _agencies,
    "sections": _sections,
    "tasks": _tasks,
    "task_instances": _task_instances,
    "task_leads": _task_leads,
    "task_coordinators": _task_coordinators,
}
