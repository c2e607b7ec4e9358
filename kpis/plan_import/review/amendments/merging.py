"""The values of an entry after a clause: what the clause states, and for the rest what is in force."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from kpis.language.normalization import clean, fold
from kpis.plan_import.review.draft.likeness import measure_likeness
from kpis.plan_import.review.draft.model import DraftRow

_SHARES = frozenset(("ratio", "coverage"))
_ALIKE = 0.6
_TASK_TEXTS = ("title", "leads", "coordinators", "output", "schedule")


def merge_clause(clause: DraftRow, row: DraftRow) -> DraftRow:
    """Return a clause's row with the values that its entry will have; `amends` names the row of the entry."""
    merge = _merge_task if row.kind == "task" else _merge_promise
    values = {**merge(clause.proposed, row.proposed), "effect": "change", "amends": row.id}
    return replace(clause, proposed={name: text for name, text in values.items() if text})


def build_repeal(clause: DraftRow, row: DraftRow) -> DraftRow:
    """Return the row of a clause that ends an entry."""
    proposed = {"title": row.proposed["title"], "effect": "repeal", "amends": row.id}
    return replace(clause, kind=row.kind, proposed=proposed)


def _merge_promise(clause: Mapping[str, str], entry: Mapping[str, str]) -> dict[str, str]:
    values = dict(entry)
    # A title with numbers says what the clause no longer says; one that a person wrote without any is kept.
    has_number = re.search(r"[0-9]", entry["title"])
    if has_number or measure_likeness(clause["title"], entry["title"]) < _ALIKE:
        values["title"] = clause["title"]
    for name in ("recurrence", "by_year"):
        values[name] = clause.get(name) or entry.get(name, "")
    if clause.get("force", "binding") != "binding":
        values["force"] = clause["force"]
    if "measure" not in clause or "measure" not in entry:
        return values
    values |= {"comparator": clause["comparator"], "floor": clause["floor"], "stretch": clause.get("stretch", "")}
    values["each"] = clause.get("each") or entry.get("each", "")
    measures = {clause["measure"], entry["measure"]}
    if len({_name_sort(measure) for measure in measures}) > 1 or "carried" in measures:
        values["measure"], values["unit"] = clause["measure"], clause.get("unit", "")
        if "change" in measures:  # the past figure of a share is no base of a growth
            values |= {name: clause.get(name, "") for name in ("baseline", "baseline_year")}
    elif _name_sort(clause["measure"]) == "number" and not _is_same_unit(clause.get("unit", ""), entry.get("unit", "")):
        values["unit"] = clause["unit"]
    if values["measure"] == "count" and "." in clause["floor"]:
        values["measure"] = "amount"
    return values


def _name_sort(measure: str) -> str:
    """Return what a measure is in figures: a share of a total, a change against a past figure, or a number."""
    if measure in _SHARES:
        return "share"
    return "change" if measure == "change" else "number"


def _is_same_unit(stated: str, unit: str) -> bool:
    """True unless a clause counts in another unit; "đợt kiểm tra" and "đợt" are the same."""
    stated, unit = fold(stated), fold(unit)
    return not stated or not unit or stated in unit or unit in stated


def _merge_task(clause: Mapping[str, str], entry: Mapping[str, str]) -> dict[str, str]:
    """Return a task as the row of a table states it: what its cells leave empty stays."""
    values = dict(entry)
    for name in _TASK_TEXTS:
        values[name] = clause.get(name) or entry.get(name, "")
    if clause.get("schedule") and clean(clause["schedule"]) != clean(entry.get("schedule", "")):
        values |= {name: clause.get(name, "") for name in ("timing", "first_year", "last_year", "due_on")}
    return values


def list_changed(row: DraftRow, entry: DraftRow) -> set[str]:
    """Return the fields in which a clause's row differs from its entry."""
    names = {*row.proposed, *entry.proposed} - {"effect", "amends", "nearest_indicator"}
    return {name for name in names if row.proposed.get(name, "") != entry.proposed.get(name, "")}
