"""The versions of plans as known at a moment, and which of them judges a period on a day (design.md §3)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, cast

from kpis.measures.attainment_rows import Attainment
from kpis.measures.query import DatabaseReader, load_query, run_query
from kpis.register.judging_versions import DuePeriod, list_in_force, list_judged_days
from kpis.register.version_facts import VersionFacts

VersionsByPlan = Mapping[str, Sequence[VersionFacts]]


def load_plan_versions(db: DatabaseReader, params: Mapping[str, object]) -> VersionsByPlan:
    """Return plan -> its versions known at a question's moment, by number, those that were corrected too.

    A plan that comes with the product has none.
    """
    versions: dict[str, list[VersionFacts]] = {}
    for row in run_query(db, load_query("kpis.measures", "plan_versions"), params):
        facts = _build_facts(row)
        versions.setdefault(facts.plan, []).append(facts)
    return versions


def find_start(version: VersionFacts, versions: Sequence[VersionFacts]) -> date | None:
    """Return from when a version is in force, None for always; a correction from when the corrected one is."""
    by_number = {each.number: each for each in versions}
    while version.in_force_from is None and version.corrects in by_number:
        version = by_number[version.corrects]
    return version.in_force_from


def find_judging_version(
    versions: Sequence[VersionFacts], as_of: date, due_on: date | None, end_year: int
) -> VersionFacts | None:
    """Return the version of a plan that judges a period on a day, which all versions have alike.

    None for a plan with one version or none.
    """
    if len(versions) < 2:
        return None
    in_force = list_in_force([each.days for each in versions])
    period = DuePeriod(due_on, end_year)
    judged = list_judged_days(in_force, {each.number: period for each in in_force})
    number = next(days.number for days in reversed(judged) if days.begins_on is None or days.begins_on <= as_of)
    return next(each for each in versions if each.number == number)


def name_version(row: Attainment, versions: VersionsByPlan) -> None:
    """Set in a row which version of its plan judges it, if the plan has several."""
    of_plan = versions.get(row["plan"], ())
    number = row.get("entry_version")
    if number is None or len(of_plan) < 2:
        version = find_judging_version(of_plan, row["as_of"], row["due_on"], row["period_end"].year)
    else:
        version = next(each for each in of_plan if each.number == number)
    row["plan_version"] = version.number if version else None
    row["plan_document"] = version.document_number if version else None


def rename_versions(rows: Sequence[Attainment], versions: VersionsByPlan) -> list[Attainment]:
    """Return copies of rows that name the versions known at another moment."""
    copies = {id(row): cast(Attainment, {**row}) for row in rows}
    for copy in copies.values():
        name_version(copy, versions)
        copy["span_rows"] = [copies[id(span)] for span in copy["span_rows"]]
    return list(copies.values())


def _build_facts(row: Mapping[str, Any]) -> VersionFacts:
    return VersionFacts(
        plan=str(row["plan"]),
        number=int(row["version"]),
        accepted_at=cast(datetime, row["accepted_at"]),
        reviewer=str(row["reviewer"]),
        document_number=row["document_number"],
        issued_on=row["issued_on"],
        in_force_from=row["in_force_from"],
        judges_again=tuple(json.loads(row["judges_again"])),
        corrects=row["corrects"],
        why=row["why"],
    )
