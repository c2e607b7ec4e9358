"""What a version has to be in order to be accepted: its day, its years, and that it changes something."""

from __future__ import annotations

from collections.abc import Sequence

from kpis.plan_import.review.amendments.base_plan import BasePlan, list_in_order
from kpis.plan_import.review.draft.model import Draft, ReviewError
from kpis.plan_import.review.versions.plan_tables import VersionTables
from kpis.register.version_facts import VersionFacts


def check_order(facts: VersionFacts, others: Sequence[VersionFacts]) -> None:
    """Refuse a day before that of the version before it, or, of a correction, behind that of the next one."""
    order = list_in_order([*others, facts])
    position = [each.number for each in order].index(facts.number)
    day = facts.in_force_from
    for other in order[:position]:
        if day and other.in_force_from and day < other.in_force_from:
            raise ReviewError(
                "Version {number} is in force from {earlier}; the next one cannot be in force before, from {day}.",
                number=other.number, earlier=other.in_force_from, day=day,
            )  # fmt: skip
    for other in order[position + 1 :]:
        if day and other.in_force_from and day > other.in_force_from:
            raise ReviewError(
                "Version {number} follows and is in force from {later}; the correction cannot be in force only from "
                "{day}.",
                number=other.number, later=other.in_force_from, day=day,
            )  # fmt: skip


def check_years(facts: VersionFacts, draft: Draft) -> None:
    """Refuse a year that is judged again, or begins the version, outside the years of the plan."""
    first, last = (draft.get_header(name) for name in ("start_year", "end_year"))
    last = last or draft.get_header("shown_to")
    years = [*facts.judges_again, *([facts.in_force_from.year] if facts.in_force_from else ())]
    for year in years:
        if not int(first) <= year <= int(last):
            raise ReviewError("{year} is not a year of the plan, {first} to {last}.", year=year, first=first, last=last)


def check_changes(tables: VersionTables, base: BasePlan) -> None:
    """Refuse an amendment that leaves the plan as it is."""
    same = all(
        list(tables.plan[name]) == list(base.tables[name]) for name in ("target", "section", "task")
    ) and tables.plan["plan"] == base.tables["plan"][0]  # fmt: skip
    same_bodies = all(tables.agencies[name] == list(base.tables[name]) for name in ("agency", "collective"))
    if same and same_bodies:
        raise ReviewError(
            "The workbook changes nothing of the plan “{plan}”: nothing was accepted. Decide “Nhận” or “Sửa” on the "
            "clauses that change it.",
            plan=base.plan,
        )
