"""Compares what `kpis plan import` proposes with a truth read by people, plan by plan and over all.

    python scripts/measure_plan_import.py FOLDER             FOLDER/texts and FOLDER/truth
    python scripts/measure_plan_import.py --register FOLDER  FOLDER's texts of the shipped plans, and their register

Strict recall: value, comparator and measure of a promise, in its paragraph. Precision: promises that are neither in
the truth nor optional there count as false. Values are compared as decimals. Columns: promises of the truth, strict
recall, false ones; yearly values of tables; rows of tasks, with their leads and coordinators; header: a point for each
right value, "o" for an empty one, "X" for a wrong one (number, day, first year, last year, day of reporting).
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from kpis.plan_import.agencies import recognise_agency  # noqa: E402
from kpis.plan_import.documents import read_document  # noqa: E402
from kpis.plan_import.model import Header, Proposal, ProposedTarget, ProposedTask  # noqa: E402
from kpis.plan_import.propose import propose  # noqa: E402

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
FORMATS = (".txt", ".md", ".docx", ".pdf")


@dataclass
class Figures:
    """What was counted; figures of several plans add up."""

    promises: int = 0
    strict: int = 0
    proposed: int = 0
    false: int = 0
    yearly: int = 0
    yearly_right: int = 0
    tasks: int = 0
    tasks_right: int = 0
    tasks_false: int = 0
    leads: int = 0
    leads_right: int = 0
    coordinators_right: int = 0
    milestones: int = 0
    milestones_right: int = 0
    milestones_false: int = 0
    header_wrong: int = 0
    left_over: int = 0
    details: list[str] = field(default_factory=list)

    def add(self, other: Figures) -> None:
        """Add another plan's figures."""
        for name, value in vars(other).items():
            if name != "details":
                setattr(self, name, getattr(self, name) + value)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--register", action="store_true", help="compare with the shipped register")
    parser.add_argument("-v", "--verbose", action="store_true", help="name what was missed and what is false")
    arguments = parser.parse_args()
    measure = measure_register if arguments.register else measure_truth
    total = Figures()
    print(
        f"{'plan':36} {'promises':>14} {'false':>5} {'yearly':>9} {'tasks':>12} {'leads':>9} {'coord.':>9} "
        f"{'miles':>10}  header"
    )
    for name, figures, header in measure(arguments.folder):
        print_figures(name, figures, header)
        if arguments.verbose:
            print(*(f"    {detail}" for detail in figures.details), sep="\n")
        total.add(figures)
    print_figures("all", total, f"{total.header_wrong} wrong")


def print_figures(name: str, figures: Figures, header: str) -> None:
    """Print one line of the table."""
    right = figures.proposed - figures.false
    recall = f"{figures.strict / figures.promises:.3f}" if figures.promises else "-"
    precision = f"{right / figures.proposed:.3f}" if figures.proposed else "-"
    print(
        f"{name[:36]:36} {figures.strict:4}/{figures.promises:<4} {recall:>5} {figures.false:3} {precision:>5}"
        f" {figures.yearly_right:4}/{figures.yearly:<4} "
        f"{figures.tasks_right:4}/{figures.tasks:<4}+{figures.tasks_false:<2}"
        f" {figures.leads_right:4}/{figures.leads:<4} {figures.coordinators_right:4}/{figures.leads:<4}"
        f" {figures.milestones_right:3}/{figures.milestones:<3}+{figures.milestones_false:<2}  {header}"
    )


def find_text(folder: Path, name: str) -> Path:
    """Return a text under its own or another readable ending, so that converted ones are measured too."""
    stem = folder / Path(name).stem
    return next((path for ending in FORMATS if (path := stem.with_suffix(ending)).is_file()), folder / name)


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
    for row in truth:
        near = [index for index, target in enumerate(prose) if index not in used and get_line(target) in row["lines"]]
        same = [index for index in near if has_value(prose[index], row)]
        strict = [
            index for index in same if has_comparator(prose[index], row) and prose[index].measure in list_measures(row)
        ]
        if not same and any(target.each == row["value_min"] for target in prose if get_line(target) in row["lines"]):
            figures.strict += 1
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
        if index in used or not (is_ignored or is_repeated):
            figures.proposed += 1
            if index not in used:
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


def compare_header(header: Header, plan: dict[str, Any], figures: Figures) -> str:
    """Return a sign for number, day, first and last year, yearly day of reporting."""
    yearly = [day for day in header.reporting_days if day.of == "year"]
    pairs = [
        (header.number, plan["number"]),
        (header.issued_on.isoformat() if header.issued_on else None, plan["date"]),
        (header.start_year, plan["start_year"]),
        (header.end_year, plan["end_year"]),
        (f"{yearly[0].day[3:]}-{yearly[0].day[:2]}" if yearly else None, plan["reporting_day"]),
    ]
    signs = ""
    for key, (value, right) in zip(("number", "date", "start_year", "end_year", "reporting_day"), pairs, strict=True):
        is_right = value == right or value in plan.get("also", {}).get(key, [])
        signs += "." if is_right else "o" if value is None else "X"
    figures.header_wrong += signs.count("X")
    return signs


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
        day = plan.get("reporting_day")
        day = f"{day[3:]}-{day[:2]}" if day else None  # the register writes dd/mm
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


def list_measures(row: dict[str, Any]) -> set[str]:
    """Return the measures that a kind of the truth may become."""
    kinds = [row["kind"], *row.get("also", {}).get("kind", [])]
    measures: set[str] = set()
    for kind in kinds:
        measures |= RANGE_MEASURES.get(row["base_kind"], {"count", "amount"}) if kind == "range" else MEASURES[kind]
    return measures


def scale_value(target: ProposedTarget, name: str = "floor") -> Decimal | None:
    """Return floor or stretch as the clause's number: per cents, a reduction positive."""
    value = target.floor if name == "floor" else target.stretch
    if value is None:
        return None
    return abs(value * 100 if target.measure in {"ratio", "coverage", "change"} else value)


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


def get_line(target: ProposedTarget) -> int:
    """Return the line of a target; 0 where the format has none."""
    return target.place.line or 0


def is_within(line: int, ranges: Iterable[Sequence[int]]) -> bool:
    """Tell whether a line lies in one of the ranges."""
    return any(first <= line <= last for first, last in ranges)


def squeeze(text: str) -> str:
    """Return letters and digits alone, in small letters."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", text).casefold())


def squeeze_names(names: Iterable[str]) -> str:
    """Return a list of agencies as one text without joining words."""
    return squeeze(re.sub(r"\bvà\b", "", " ".join(names)))


def read_json(path: Path) -> list[dict[str, Any]]:
    """Return a file's rows with decimals; none if there is no such file."""
    return json.loads(path.read_text(), parse_float=Decimal) if path.is_file() else []


if __name__ == "__main__":
    main()
