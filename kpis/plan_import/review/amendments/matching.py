"""Which entry in force a clause is about: by section, number and wording; none where it is unclear."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kpis.plan_import.review.amendments.references import Reference, is_within
from kpis.plan_import.review.draft.likeness import measure_likeness
from kpis.plan_import.review.draft.model import DraftRow

ALIKE_IN_SECTION = 0.4
ALIKE_ANYWHERE = 0.7
SAME = 0.9
_CLEARLY = 0.1
"""How much more alike the nearest entry must be than the next one."""


def get_section(row: DraftRow) -> str:
    """Return the section of the plan in which an entry stands."""
    if row.kind == "task":
        return row.proposed.get("section", "")
    return (row.place.section if row.place else None) or ""


def list_referred(reference: Reference, rows: Iterable[DraftRow]) -> list[DraftRow]:
    """Return the entries that stand exactly where a clause refers to."""
    return [row for row in rows if _is_referred(reference, row)]


def _is_referred(reference: Reference, row: DraftRow) -> bool:
    section = get_section(row)
    if row.kind != "task":
        return any(is_within(section, each) for each in reference.sections)
    if not reference.is_annex:
        return False
    if reference.annex_section and not is_within(section, reference.annex_section):
        return False
    number = row.proposed.get("number", "")
    if reference.tasks:
        return not {number, f"{section}.{number}"}.isdisjoint(reference.tasks)
    return reference.annex_section is not None


def find_match(clause: DraftRow, reference: Reference, rows: Sequence[DraftRow], *, is_alone: bool) -> DraftRow | None:
    """Return the entry that a reworded clause is about. `is_alone`: no other text of the clause could be about it."""
    referred = list_referred(reference, rows)
    if len(_list_promises(referred)) == 1 and is_alone and not reference.names_bullet:
        return _choose_stage(clause, referred)
    if referred and (match := find_alike(clause, referred, ALIKE_IN_SECTION)):
        return match
    if not referred and clause.kind == "task" and (match := _find_by_number(clause, rows)):
        return match
    return find_alike(clause, rows, ALIKE_ANYWHERE)


def find_alike(clause: DraftRow, rows: Sequence[DraftRow], limit: float) -> DraftRow | None:
    """Return the entry whose wording is nearest to a clause, if it is near enough and no other is as near."""
    likeness: dict[str, float] = {}
    for row in rows:
        text = clause.proposed.get("title", "") if clause.kind == "task" else clause.quote
        score = max(measure_likeness(text, row.quote), measure_likeness(text, row.proposed.get("title", "")))
        likeness[str(row.in_force_id)] = max(score, likeness.get(str(row.in_force_id), 0.0))
    ranked = sorted(likeness, key=likeness.__getitem__, reverse=True)
    if not ranked or likeness[ranked[0]] < limit:
        return None
    if len(ranked) > 1 and likeness[ranked[0]] - likeness[ranked[1]] < _CLEARLY:
        return None
    return _choose_stage(clause, [row for row in rows if row.in_force_id == ranked[0]])


def _find_by_number(clause: DraftRow, rows: Sequence[DraftRow]) -> DraftRow | None:
    """Return the task with the number of a row of the clause's table, if its title is not quite another one."""
    section, number = clause.proposed.get("section", ""), clause.proposed.get("number", "")
    matches = [
        row for row in rows if row.proposed.get("number") == number and (not section or get_section(row) == section)
    ]
    return find_alike(clause, matches, ALIKE_IN_SECTION) if number else None


def _list_promises(rows: Iterable[DraftRow]) -> set[str | None]:
    return {row.in_force_id for row in rows}


def _choose_stage(clause: DraftRow, rows: Sequence[DraftRow]) -> DraftRow | None:
    """Return the entry's row for the clause's year; of several years without one of them, none."""
    if len(rows) == 1:
        return rows[0]
    year = clause.proposed.get("by_year", "")
    return next((row for row in rows if row.proposed.get("by_year") == year), None)
