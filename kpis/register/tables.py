"""The register as rows of the register tables of `kpis/store/schema.sql`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, fields
from typing import Any, TypeVar

from kpis.language.normalization import fold
from kpis.register import reporting_days
from kpis.register.days import parse_year_day
from kpis.register.entry_changes import VersionChange
from kpis.register.merged_targets import add_merged_targets
from kpis.register.model import Agency, Plan, Register, Section, Target, Task
from kpis.register.names import is_member
from kpis.register.periods import list_periods, list_task_instances
from kpis.register.successors import list_successions
from kpis.register.version_changes import serialize_fields

TableRow = dict[str, object]
OfPlan = TypeVar("OfPlan", Target, Section, Task, VersionChange)
_TARGET_FIELDS_ELSEWHERE = {"roster", "shares", "due", "stages", "from_day", "baseline"}
"""Fields of a target that stand in tables of their own, or in its periods."""


def build_tables(register: Register) -> dict[str, list[TableRow]]:
    """Return the rows of every register table; amounts are Decimal, days date, `position` counts from 0."""
    merged = add_merged_targets(register)
    return {name: build(merged) for name, build in _TABLE_BUILDERS.items()}


def _build_indicators(register: Register) -> list[TableRow]:
    return [
        {**_to_columns(indicator, id="indicator"), "position": position}
        for position, indicator in enumerate(register.indicators.values())
    ]


def _build_plans(register: Register) -> list[TableRow]:
    suffixes = build_place_suffixes(register.plans.values())
    return [
        {**_build_plan(plan, position), "place_suffix": suffixes.get(plan.id)}
        for position, plan in enumerate(register.plans.values())
    ]


def build_place_suffixes(plans: Iterable[Plan]) -> dict[str, str]:
    """Return, for every plan of a place with several, what tells it apart: its years, else its title too."""
    plans_by_place: dict[tuple[str, str], list[Plan]] = {}
    for plan in plans:
        plans_by_place.setdefault((fold(plan.province), fold(plan.place)), []).append(plan)
    suffixes = {}
    for group in plans_by_place.values():
        years = Counter(_format_years(plan) for plan in group)
        for plan in group if len(group) > 1 else ():
            text = _format_years(plan)
            suffixes[plan.id] = text if years[text] == 1 else f"{text} ({plan.title_vi})"
    return suffixes


def _format_years(plan: Plan) -> str:
    last = plan.end_year or plan.shown_to
    return str(plan.start_year) if last == plan.start_year else f"{plan.start_year}–{last}"


def _build_plan(plan: Plan, position: int) -> TableRow:
    row = {**_to_columns(plan, id="plan"), "position": position}
    columns = [asdict(column) for column in plan.annex_columns]
    row["annex_columns"] = json.dumps(columns, ensure_ascii=False) if columns else None
    row["reporting_day"] = _find_plain_day(plan)
    row["reporting_days"] = reporting_days.serialize(plan.reporting_days)
    return {key: value for key, value in row.items() if key not in {"text", "notes"}}


def _find_plain_day(plan: Plan) -> str | None:
    """Return the yearly reporting day as the column of earlier releases has it (MM-DD): a day of the year itself."""
    day = plan.yearly_day
    return None if day is None or day.next_year else parse_year_day(day.day)


def _build_targets(register: Register) -> list[TableRow]:
    positions = {target.id: position for position, target in _number_by_plan(register.targets.values())}
    return [
        _build_target(target, positions[target.version_of or target.id]) for target in register.all_targets.values()
    ]


def _build_target(target: Target, position: int) -> TableRow:
    row = {**_to_columns(target, id="target"), "position": position, "roster_size": len(target.reporters)}
    return {key: value for key, value in row.items() if key not in _TARGET_FIELDS_ELSEWHERE}


def _build_periods(register: Register) -> list[TableRow]:
    return [
        _to_columns(period, start="period_start", end="period_end")
        for target in register.all_targets.values()
        for period in list_periods(register, target)
    ]


def _build_rosters(register: Register) -> list[TableRow]:
    return [
        {"target": target.id, "agency": agency}
        for target in register.all_targets.values()
        for agency in target.reporters
    ]


def _build_shares(register: Register) -> list[TableRow]:
    return [
        {"target": target.id, "agency": agency, "share": share}
        for target in register.all_targets.values()
        for agency, share in target.shares.items()
    ]


def _build_agencies(register: Register) -> list[TableRow]:
    agencies: list[TableRow] = [
        {
            "plan": agency.plan,
            "agency": agency.name,
            "kind": agency.kind,
            "basis": agency.basis,
            "collective": False,
            "successor": agency.successor,
            "successor_from": agency.successor_from,
        }
        for agency in register.agencies
    ]
    groups: list[TableRow] = [
        {
            "plan": group.plan,
            "agency": group.name,
            "kind": "collective",
            "basis": "named",
            "collective": True,
            "successor": None,
            "successor_from": None,
        }
        for group in register.collectives
    ]
    next_position = Counter[object]()
    rows = []
    for row in (*agencies, *groups):
        rows.append({**row, "position": next_position[row["plan"]]})
        next_position[row["plan"]] += 1
    return rows


def _build_agency_successors(register: Register) -> list[TableRow]:
    return [_to_columns(succession) for succession in list_successions(register.agencies)]


def _build_collective_members(register: Register) -> list[TableRow]:
    agencies: dict[str, list[Agency]] = {}
    for agency in register.agencies:
        agencies.setdefault(agency.plan, []).append(agency)
    return [
        {"plan": group.plan, "collective": group.name, "agency": agency.name}
        for group in register.collectives
        for agency in agencies.get(group.plan, ())
        if is_member(agency, group)
    ]


def _build_sections(register: Register) -> list[TableRow]:
    return [_build_section(section, position) for position, section in _number_by_plan(register.sections)]


def _build_section(section: Section, position: int) -> TableRow:
    return {**_to_columns(section, id="section"), "position": position}


def _build_tasks(register: Register) -> list[TableRow]:
    positions = {task.id: position for position, task in _number_by_plan(register.tasks.values())}
    return [_build_task(task, positions[task.version_of or task.id]) for task in register.all_tasks.values()]


def _build_task(task: Task, position: int) -> TableRow:
    row = {**_to_columns(task, id="task"), "position": position}
    return {key: value for key, value in row.items() if key not in {"leads", "coordinators", "due_on", "ended_on"}}


def _build_task_instances(register: Register) -> list[TableRow]:
    return [
        _to_columns(instance)
        for task in register.all_tasks.values()
        for instance in list_task_instances(register, task)
    ]


def _build_task_leads(register: Register) -> list[TableRow]:
    groups = {(group.plan, group.name) for group in register.collectives}
    return [
        {"task": task.id, "agency": agency, "collective": (task.plan, agency) in groups, "position": position}
        for task in register.all_tasks.values()
        for position, agency in enumerate(task.leads)
    ]


def _build_task_coordinators(register: Register) -> list[TableRow]:
    return [
        {"task": task.id, "agency": agency, "position": position}
        for task in register.all_tasks.values()
        for position, agency in enumerate(task.coordinators)
    ]


def _number_by_plan(values: Iterable[OfPlan]) -> Iterator[tuple[int, OfPlan]]:
    """Yield each value with its position in its plan: another plan changes no row of this one."""
    next_position = Counter[str]()
    for value in values:
        yield next_position[value.plan], value
        next_position[value.plan] += 1


def _build_clauses(register: Register) -> list[TableRow]:
    plans = register.map_entries_to_plans()
    return [
        {**_to_columns(clause), "plan": plans[clause.entry], "position": position}
        for position, clause in enumerate(register.clauses)
    ]


def _build_plan_versions(register: Register) -> list[TableRow]:
    return [
        {
            "plan": facts.plan,
            "version": facts.number,
            "document_number": facts.document_number,
            "issued_on": facts.issued_on,
            "in_force_from": facts.in_force_from,
            "accepted_at": facts.accepted_at,
            "reviewer": facts.reviewer,
            "judges_again": json.dumps(sorted(facts.judges_again)),
            "corrects": facts.corrects,
            "why": facts.why,
        }
        for facts in register.versions
    ]


def _build_version_changes(register: Register) -> list[TableRow]:
    return [
        {
            "plan": each.plan,
            "version": each.version,
            "position": position,
            "compared_with": each.compared_with,
            "kind": each.change.kind,
            "entry": each.change.id,
            "title_vi": each.change.title,
            "change": each.change.change,
            "fields": serialize_fields(each.change.fields),
            "measure": each.change.measure,
            "quote": each.quote,
            "section": each.section,
            "page": each.page,
            "line": each.line,
        }
        for position, each in _number_by_plan(register.version_changes)
    ]


def _to_columns(value: Any, **renamed: str) -> TableRow:
    """Return the fields of a frozen value as columns, some under another name."""
    return {renamed.get(field.name, field.name): getattr(value, field.name) for field in fields(value)}


_TABLE_BUILDERS: Mapping[str, Callable[[Register], list[TableRow]]] = {
    "indicators": _build_indicators,
    "plans": _build_plans,
    "targets": _build_targets,
    "periods": _build_periods,
    "rosters": _build_rosters,
    "shares": _build_shares,
    "agencies": _build_agencies,
    "agency_successors": _build_agency_successors,
    "collective_members": _build_collective_members,
    "sections": _build_sections,
    "tasks": _build_tasks,
    "task_instances": _build_task_instances,
    "task_leads": _build_task_leads,
    "task_coordinators": _build_task_coordinators,
    "clauses": _build_clauses,
    "plan_versions": _build_plan_versions,
    "version_changes": _build_version_changes,
}

REGISTER_TABLES = tuple(_TABLE_BUILDERS)
"""The tables of the register, whose rows are recorded and retired."""
