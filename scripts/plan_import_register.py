"""Compares proposals with the shipped register (scripts/measure_plan_import.py)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from plan_import_figures import Figures, compare_header, find_text, squeeze

from kpis.plan_import.agencies import recognise_agency
from kpis.plan_import.documents import read_document
from kpis.plan_import.model import Proposal, ProposedTask
from kpis.plan_import.propose import propose

ROOT = Path(__file__).parent.parent


def measure_register(folder: Path) -> Iterable[tuple[str, Figures, str]]:
    """Yield name, figures and header of the shipped plans, whose texts the folder holds."""
    register = ROOT / "data" / "register"
    indicators = {row["id"]: row for row in tomllib.loads((register / "indicators.toml").read_text())["indicator"]}
    for path in sorted((register / "plans").glob("*.toml")):
        record = tomllib.loads(path.read_text(), parse_float=Decimal)
        plan = record["plan"]
        proposal = propose(read_document(find_text(folder, plan["text"])), plan["place"])
        figures = Figures(left_over=sum(entry.outcome == "left_over" for entry in proposal.ledger))
        compare_register_targets(proposal, record["target"], indicators, figures)
        compare_register_tasks(proposal.tasks, record.get("task", []), plan["place"], figures)
        days = [day["day"] for day in plan.get("reporting_days", ()) if day["of"] == "year"]
        day = f"{days[0][3:]}-{days[0][:2]}" if days else None  # the register writes dd/mm
        header = {
            "number": plan.get("number"),
            "date": str(plan["issued_on"]) if "issued_on" in plan else None,
            "start_year": plan.get("start_year"),
            "end_year": plan.get("end_year"),
            "reporting_day": day,
        }
        yield plan["id"], figures, compare_header(proposal.header, header, figures)


def compare_register_targets(
    proposal: Proposal, targets: list[dict[str, Any]], indicators: dict[str, Any], figures: Figures
) -> None:
    """Count the register's targets with a number and its milestones; by line in a text, else by value."""
    has_lines = any(target.place.line for target in proposal.targets)
    used: set[int] = set()
    used_milestones: set[int] = set()
    for row in targets:
        measure = row.get("measure") or indicators[row["indicator"]]["measure"]
        if measure == "milestone":
            figures.milestones += 1
            match = next(
                (
                    index
                    for index, milestone in enumerate(proposal.milestones)
                    if index not in used_milestones
                    and (
                        milestone.place.line == row["line"]
                        or (
                            not has_lines and milestone.place.section in {row["section"], row["section"].split(".")[-1]}
                        )
                    )
                ),
                None,
            )
            if match is None:
                figures.details.append(f"missed milestone {row['id']} {row['line']} {row['title_vi']}")
            else:
                used_milestones.add(match)
                figures.milestones_right += 1
            continue
        figures.promises += 1
        match = next(
            (
                index
                for index, target in enumerate(proposal.targets)
                if index not in used
                and (target.place.line == row["line"] or not has_lines)
                and target.floor == Decimal(str(row["floor"]))
                and target.stretch == (Decimal(str(row["stretch"])) if "stretch" in row else None)
                and target.comparator == row["comparator"]
                and (target.measure == measure or {target.measure, measure} <= {"ratio", "coverage"})
            ),
            None,
        )
        if match is None:
            figures.details.append(f"missed {row['id']} {row['line']} {measure} {row['floor']} {row['title_vi']}")
        else:
            used.add(match)
            figures.strict += 1
    figures.proposed += len(proposal.targets)
    figures.false += len(proposal.targets) - len(used)
    figures.milestones_false += len(proposal.milestones) - len(used_milestones)
    figures.details += [
        f"false {t.place.line} {t.measure} {t.floor} {t.quote[:120]}"
        for i, t in enumerate(proposal.targets)
        if i not in used
    ]
    figures.details += [
        f"false milestone {m.place.line} {m.title[:120]}"
        for i, m in enumerate(proposal.milestones)
        if i not in used_milestones
    ]


def compare_register_tasks(
    tasks: Sequence[ProposedTask], rows: list[dict[str, Any]], place: str, figures: Figures
) -> None:
    """Count the register's tasks by section and number, and those whose agencies are the same."""
    by_number = {(task.section, task.number): task for task in tasks}
    figures.tasks += len(rows)
    figures.leads += len(rows)
    for row in rows:
        task = by_number.get((row["section"], str(row["number"])))
        if task is None:
            figures.details.append(f"missed task {row['id']}")
            continue
        figures.tasks_right += 1
        figures.leads_right += has_agencies(task.leads, row["leads"], place, f"leads {row['id']}", figures)
        figures.coordinators_right += has_agencies(
            task.coordinators, row["coordinators"], place, f"coordinators {row['id']}", figures
        )
    figures.tasks_false += len(tasks) - len(rows)


def has_agencies(names: Sequence[str], right: Sequence[str], place: str, what: str, figures: Figures) -> bool:
    """Tell whether names are the register's agencies; collectives of one kind count as the same."""
    is_same = {name_agency(name, place) for name in names} == {name_agency(name, place) for name in right}
    if not is_same:
        figures.details.append(f"{what}: {list(names)} instead of {list(right)}")
    return is_same


def name_agency(name: str, place: str) -> str:
    """Return a key that is equal for names of one agency or kind of collective."""
    agency = recognise_agency(name, place)
    key = squeeze(agency.name if agency else name)
    for word in ("các", "những", "có", "khác", "trênđịabàntỉnh", "tỉnh", squeeze(place)):
        key = key.replace(word, "")
    key = re.sub(r"cơquanđơnvị|đơnvị|cơquan(?=liênquan)", "cơquan", key)
    return re.sub(r"^sở(?:ban)?ngành(?:liênquan)?$", "sởngành", key)
