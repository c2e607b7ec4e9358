"""The version in force as rows of a draft: each entry stays as it is unless a clause or the reviewer decides else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from kpis.plan_import.model import Place
from kpis.plan_import.review.amendments.base_plan import BasePlan
from kpis.plan_import.review.draft.fields import AMENDING_FIELDS, HEADER_FIELDS
from kpis.plan_import.review.draft.model import DraftRow, RowKind
from kpis.plan_import.review.draft.reporting_days import to_days_text
from kpis.plan_import.review.draft.values import to_number_text
from kpis.register.model import Stage, Target, Task

_FRACTIONS = frozenset(("ratio", "coverage", "change"))
NO_BLOCK = -1
"""The block of a place in another document than the draft's."""


def build_header_rows(base: BasePlan) -> Iterator[DraftRow]:
    """Yield the rows of the plan's own header."""
    plan = base.register.plans[base.plan]
    values = {
        "plan": plan.id,
        "place": plan.place,
        "province": plan.province,
        "kind": plan.kind,
        "title": plan.title_vi,
        "number": plan.number or "",
        "issued_on": plan.issued_on.isoformat() if plan.issued_on else "",
        "issuer": plan.issuer,
        "start_year": str(plan.start_year),
        "end_year": "" if plan.end_year is None else str(plan.end_year),
        "shown_to": "" if plan.end_year is not None else str(plan.shown_to),
        "reporting_days": to_days_text(plan.reporting_days),
        "focal_agency": plan.focal_agency,
    }
    for name in HEADER_FIELDS:
        if name not in AMENDING_FIELDS:
            proposed = {"value": values[name]} if values[name] else {}
            yield DraftRow(f"header.{name}", "header", "", None, proposed, False, role="in_force")


def list_rows_in_force(base: BasePlan, kind: RowKind) -> list[DraftRow]:
    """Return the entries of a kind, without codes: a target with stages has a row for each of its years."""
    clauses = _index_clauses(base)
    rows: list[DraftRow] = []
    if kind == "task":
        tasks = (task for task in base.register.tasks_in_force if task.plan == base.plan)
        rows = [_build_row("task", task.id, _get_task_values(task), _cite_task(task), clauses) for task in tasks]
    elif kind in {"target", "milestone"}:
        targets = [target for target in base.register.targets_in_force if target.plan == base.plan]
        for target in targets:
            if (target.measure == "milestone") == (kind == "milestone"):
                for stage in target.stages or (None,):
                    values = _get_target_values(target, stage, base)
                    rows.append(_build_row(kind, target.id, values, target.section, clauses))
    return rows


def _index_clauses(base: BasePlan) -> dict[str, list[Mapping[str, object]]]:
    clauses: dict[str, list[Mapping[str, object]]] = {}
    for clause in base.facts.clauses if base.facts else ():
        clauses.setdefault(str(clause["id"]), []).append(clause)
    return clauses


def _build_row(
    kind: RowKind,
    entry_id: str,
    values: Mapping[str, str],
    section: str,
    clauses: Mapping[str, list[Mapping[str, object]]],
) -> DraftRow:
    """Return a row with its clause as the accepted document words it; without one the title stands for it."""
    of_entry = clauses.get(entry_id, [])
    clause = next((each for each in of_entry if values.get("by_year", "") in str(each.get("quote"))), None)
    clause = clause or next(iter(of_entry), {})
    page, line = clause.get("page"), clause.get("line")
    place = Place(section, page if isinstance(page, int) else None, NO_BLOCK, line if isinstance(line, int) else None)
    proposed = {name: text for name, text in values.items() if text}
    quote = str(clause.get("quote") or values["title"])
    return DraftRow("", kind, quote, place, proposed, False, role="in_force", in_force_id=entry_id)


def _get_target_values(target: Target, stage: Stage | None, base: BasePlan) -> dict[str, str]:
    values = {
        "title": target.title_vi,
        "recurrence": target.recurrence,
        "by_year": str(stage.year) if stage else "",
        "force": target.force,
        "indicator": base.register.indicators[target.indicator].name_vi,
        "lead": target.lead,
    }
    if target.measure == "milestone":
        return values
    is_fraction = target.measure in _FRACTIONS
    floor = stage.floor if stage else target.floor
    is_counted = target.measure in {"count", "amount", "change"}
    baseline = target.baseline if target.measure == "change" else None
    return values | {
        "measure": target.measure,
        "comparator": target.comparator or "",
        "floor": _to_text(floor, is_fraction=is_fraction),
        "stretch": _to_text(target.stretch, is_fraction=is_fraction),
        "unit": target.unit_vi,
        "each": str(target.each) if target.each > 1 else "",
        "group": target.id if target.stages else "",
        "accumulation": ("rate" if not target.adds_up else target.accumulation) if is_counted else "",
        "baseline": "" if baseline is None else to_number_text(baseline.value, is_fraction=False),
        "baseline_year": "" if baseline is None else str(baseline.year),
        "roster": "; ".join(target.roster),
        "population": "" if target.population is None else str(target.population),
    }


def _to_text(number: Decimal | None, *, is_fraction: bool) -> str:
    return "" if number is None else to_number_text(number, is_fraction=is_fraction)


def _get_task_values(task: Task) -> dict[str, str]:
    return {
        "section": task.section or "",
        "number": task.number or "",
        "title": task.title_vi,
        "leads": "; ".join(task.leads),
        "coordinators": "; ".join(task.coordinators),
        "output": task.output or "",
        "schedule": task.schedule or "",
        "timing": task.timing,
        "first_year": str(task.first_year),
        "last_year": "" if task.last_year is None else str(task.last_year),
        "due_on": _get_due_day(task),
    }


def _get_due_day(task: Task) -> str:
    """Return a task's own due day: of every year of a yearly task, else of its last year."""
    if task.due_on is None:
        return ""
    month, day = task.due_on.split("-")
    is_yearly = task.timing == "yearly" or task.last_year is None
    return f"{day}/{month}" if is_yearly else f"{task.last_year}-{task.due_on}"


def _cite_task(task: Task) -> str:
    return ".".join(part for part in (task.section, task.number) if part)
