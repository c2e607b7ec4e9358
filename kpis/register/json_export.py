"""Targets and tasks as plain JSON values, as printed by `targets` and `tasks --json` (design.md §3, §6)."""

from __future__ import annotations

from decimal import Decimal

from kpis.register.days import format_pace, format_year_day
from kpis.register.model import FRACTION_MEASURES, Plan, Register, Target, Task
from kpis.register.periods import get_due_day, get_target_due_day

Json = dict[str, object]


def export_targets(register: Register, plan: str | None = None) -> list[Json]:
    """Return every target by plan and number, all fields of design.md §3; a ratio's floor is a fraction."""
    return [
        _export_target(target, register.plans[target.plan])
        for target in register.targets_in_force
        if plan in {None, target.plan}
    ]


def export_tasks(register: Register, plan: str | None = None) -> list[Json]:
    """Return every annex task in the order of its plan."""
    titles = {(section.plan, section.id): section.title_vi for section in register.sections}
    return [
        _export_task(task, register.plans[task.plan], titles.get((task.plan, task.section or "")))
        for task in register.tasks_in_force
        if plan in {None, task.plan}
    ]


def _export_target(target: Target, plan: Plan) -> Json:
    fraction = target.measure in FRACTION_MEASURES
    due_day = get_target_due_day(plan, target)
    return {
        "id": target.id,
        "target": target.id,
        "plan": target.plan,
        "province": plan.province,
        "place": plan.place,
        "indicator": target.indicator,
        "title": target.title_vi,
        "title_en": target.title_en,
        "citation": _export_citation(plan, target.section, target.line),
        "measure": target.measure,
        "accumulation": target.accumulation,
        "comparator": target.comparator,
        "floor": None if target.floor is None else _export_number(target.floor, fraction),
        "stretch": None if target.stretch is None else _export_number(target.stretch, fraction),
        "unit": target.unit_vi,
        "unit_en": target.unit_en,
        "recurrence": target.recurrence,
        "recurrence_basis": target.recurrence_basis,
        "recurrence_reason": target.recurrence_reason_vi,
        "recurrence_reason_en": target.recurrence_reason_en,
        "force": target.force,
        "lead": target.lead,
        "lead_basis": target.lead_basis,
        "pace": format_pace(target.pace),
        "due": format_year_day(target.due) if target.due else None,
        "due_day": format_year_day(due_day.month_day),
        "due_next_year": due_day.is_next_year,
        "roster": list(target.roster),
        "population": target.population,
        "shares": {agency: _export_number(share, fraction) for agency, share in target.shares.items()},
        "adds_up": target.adds_up,
        "each": target.each,
        "stages": [{"year": stage.year, "floor": _export_number(stage.floor, fraction)} for stage in target.stages],
        "counting": target.counting,
        "from_day": None if target.from_day is None else target.from_day.isoformat(),
        "due_after_days": target.due_after_days,
        "numerator_vi": target.numerator_vi,
        "denominator_vi": target.denominator_vi,
        "baseline": None
        if target.baseline is None
        else {"value": _export_number(target.baseline.value, fraction), "year": target.baseline.year},
        "start_year": plan.start_year,
        "end_year": plan.end_year,
        "shown_to": plan.shown_to,
    }


def _export_task(task: Task, plan: Plan, section_title: str | None) -> Json:
    due_day = get_due_day(plan, task.due_on)
    is_due = task.timing != "ongoing"
    return {
        "id": task.id,
        "task": task.id,
        "plan": task.plan,
        "province": plan.province,
        "section": task.section,
        "section_title": section_title,
        "number": task.number,
        "title": task.title_vi,
        "title_en": task.title_en,
        "leads": list(task.leads),
        "coordinators": list(task.coordinators),
        "output": task.output,
        "schedule": task.schedule,
        "timing": task.timing,
        "first_year": task.first_year,
        "last_year": task.last_year,
        "due_on": format_year_day(task.due_on) if task.due_on else None,
        "due_day": format_year_day(due_day.month_day) if is_due else None,
        "due_next_year": is_due and due_day.is_next_year,
        "citation": _export_citation(plan, task.section, task.line),
    }


def _export_citation(plan: Plan, section: str | None, line: int | None) -> Json:
    return {"plan_number": plan.number, "section": section, "line": line, "text": plan.text}


def _export_number(value: Decimal, is_fraction: bool) -> int | float:
    """Return a fraction like 1.0, a count like 2; a count's share may still be 2.5."""
    return int(value) if not is_fraction and value == value.to_integral_value() else float(value)
