"""Compares proposals with a folder of texts and truth (scripts/measure_plan_import.py)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from plan_import_figures import Figures, compare_header, find_text, get_line, scale_value, squeeze

from kpis.plan_import.documents import read_document
from kpis.plan_import.model import Proposal, ProposedTarget, ProposedTask
from kpis.plan_import.propose import propose

MEASURES = {
    "ratio_at_least": {"ratio", "coverage"},
    "count_at_least": {"count"},
    "money": {"amount"},
    "level": {"amount"},
    "growth": {"change", "carried"},
    "reduction": {"change", "carried"},
}
RANGE_MEASURES = {"ratio": {"ratio", "coverage"}, "growth": {"change", "carried"}}
OPPOSITES = {">=": "<=", "<=": ">=", ">": "<", "<": ">"}


def measure_truth(folder: Path) -> Iterable[tuple[str, Figures, str]]:
    """Yield name, figures and header of every plan of a folder with texts and truth."""
    truth = folder / "truth"
    targets, tables, tasks = (read_json(truth / f"{name}.json") for name in ("targets", "table_targets", "tasks"))
    plans = read_json(truth / "plans.json")
    for plan in sorted(plans, key=lambda plan: str(plan["slug"])):
        slug = plan["slug"]
        proposal = propose(read_document(find_text(folder / "texts", plan["file"])))
        figures = Figures(left_over=sum(entry.outcome == "left_over" for entry in proposal.ledger))
        own_tables = [row for row in tables if row.get("plan") == slug or ("plan" not in row and plan["tables"])]
        compare_targets(proposal, plan, [row for row in targets if row["plan"] == slug], own_tables, figures)
        compare_task_lines(proposal.tasks, plan, [row for row in tasks if row["plan"] == slug], figures)
        yield slug, figures, compare_header(proposal.header, plan, figures)


def compare_targets(
    proposal: Proposal,
    plan: dict[str, Any],
    truth: list[dict[str, Any]],
    tables: list[dict[str, Any]],
    figures: Figures,
) -> None:
    """Count promises found, missed and false, and the yearly values of tables."""
    prose = [target for target in proposal.targets if not is_within(get_line(target), plan["tables"])]
    used: set[int] = set()
    members: set[int] = set()  # promises found as what each member of a coverage must reach
    for row in truth:
        near = [index for index, target in enumerate(prose) if index not in used and get_line(target) in row["lines"]]
        same = [index for index in near if has_value(prose[index], row)]
        strict = [
            index for index in same if has_comparator(prose[index], row) and prose[index].measure in list_measures(row)
        ]
        each = [i for i, t in enumerate(prose) if get_line(t) in row["lines"] and t.each == row["value_min"]]
        if not same and each:
            figures.strict += 1
            members.update(each)
            continue
        used.update((strict or same)[:1])
        figures.strict += bool(strict)
        if not strict:
            others = [(prose[index].measure, prose[index].comparator, str(prose[index].floor)) for index in same]
            figures.details.append(
                f"missed {row['lines']} {row['kind']} {row['comparator']} {row['value_min']} {others} "
                f"{row['quote'][:120]}"
            )
    for index, target in enumerate(prose):
        line = get_line(target)
        is_ignored = is_within(line, plan["ignore"]) or any(
            at == line and scale_value(target) == Decimal(str(value)) for at, value in plan["optional"]
        )
        is_repeated = any(line in row["lines"] and has_value(target, row) for row in truth)
        if index in used | members or not (is_ignored or is_repeated):
            figures.proposed += 1
            if index not in used | members:
                figures.false += 1
                figures.details.append(
                    f"false {line} {target.measure} {target.comparator} {target.floor} {target.quote[:120]}"
                )
    figures.promises += len(truth)
    figures.yearly += len(tables)
    rest = [target for target in proposal.targets if is_within(get_line(target), plan["tables"])]
    for row in tables:
        match = next(
            (t for t in rest if get_line(t) == row["line"] and t.by_year == row["by_year"] and has_value(t, row)), None
        )
        if match:
            rest.remove(match)
            figures.yearly_right += 1


def compare_task_lines(
    tasks: Sequence[ProposedTask], plan: dict[str, Any], truth: list[dict[str, Any]], figures: Figures
) -> None:
    """Count the rows of tasks, and their leads and coordinators where the truth has them."""
    lines = plan["task_lines"]
    by_line = {task.place.line: task for task in tasks}
    figures.tasks += len(lines)
    figures.tasks_right += sum(line in by_line for line in lines)
    figures.tasks_false += sum(task.place.line not in lines and task.number is not None for task in tasks)
    for row in truth:
        task = by_line.get(row["line"])
        figures.leads += 1
        figures.leads_right += task is not None and squeeze_names(task.leads) == squeeze_names([row["leads"] or ""])
        figures.coordinators_right += task is not None and squeeze_names(task.coordinators) == squeeze_names(
            [row["coordinators"] or ""]
        )


def list_measures(row: dict[str, Any]) -> set[str]:
    """Return the measures that a kind of the truth may become."""
    kinds = [row["kind"], *row.get("also", {}).get("kind", [])]
    if "rank" in row.get("shape", ""):
        return {"carried"}
    measures: set[str] = set()
    for kind in kinds:
        measures |= RANGE_MEASURES.get(row["base_kind"], {"count", "amount"}) if kind == "range" else MEASURES[kind]
    return measures


def has_value(target: ProposedTarget, row: dict[str, Any]) -> bool:
    """Tell whether floor and stretch are the truth's values."""
    stretch = row.get("value_max")
    is_same = scale_value(target) == Decimal(str(row["value_min"]))
    return is_same and scale_value(target, "stretch") == (None if stretch is None else Decimal(str(stretch)))


def has_comparator(target: ProposedTarget, row: dict[str, Any]) -> bool:
    """Tell whether the comparator is the truth's; a reduction may be stated either way round."""
    accepted = {row["comparator"], *row.get("also", {}).get("comparator", [])}
    if row["kind"] == "reduction" or target.floor < 0:
        accepted |= {OPPOSITES.get(comparator, comparator) for comparator in accepted}
    return target.comparator in accepted


def is_within(line: int, ranges: Iterable[Sequence[int]]) -> bool:
    """Tell whether a line lies in one of the ranges."""
    return any(first <= line <= last for first, last in ranges)


def squeeze_names(names: Iterable[str]) -> str:
    """Return a list of agencies as one text without joining words."""
    return squeeze(re.sub(r"\bvà\b", "", " ".join(names)))


def read_json(path: Path) -> list[dict[str, Any]]:
    """Return a file's rows with decimals; none if there is no such file."""
    return json.loads(path.read_text(), parse_float=Decimal) if path.is_file() else []
