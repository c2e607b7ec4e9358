"""What a question may be about, and of whom: the targets and tasks of a plan in force, with lead and silent members."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from kpis.measures.query import KNOWN_NOW, load_query, run_query
from kpis.measures.question import Question
from kpis.store.database import Database


@dataclass(frozen=True)
class RequestChoice:
    """A target or task; without one it is about the agency itself.

    `agencies`: every single agency of the plan; `preset`: the one that leads, of a collective the one that decides.
    `silent`: the members of its roster or collective that have not reported yet.
    """

    entry: str | None
    title_vi: str
    title_en: str
    preset: str | None
    agencies: tuple[str, ...]
    silent: tuple[str, ...] = ()


def list_request_choices(db: Database, plan: str, as_of: date) -> list[RequestChoice]:
    """Return what may be asked about on a day: the agency itself, then targets and tasks in the plan's order."""
    params = {**Question(as_of, plans=frozenset({plan})).to_parameters(), "plan": plan, "known_at": KNOWN_NOW}
    names = run_query(db, load_query("kpis.measures", "single_agencies"), params)
    agencies = tuple(str(row["agency"]) for row in names)
    members: dict[str, list[str]] = defaultdict(list)
    for row in run_query(db, load_query("kpis.measures", "silent_members"), params):
        if row["agency"] in agencies:
            members[str(row["entry"])].append(str(row["agency"]))
    choices = [RequestChoice(None, "", "", None, agencies)]
    for row in run_query(db, load_query("kpis.measures", "entries_to_explain"), params):
        entry, lead = str(row["entry"]), str(row["lead"])
        preset = lead if lead in agencies else str(row["focal_agency"])
        silent = tuple(members.get(entry, ()))
        choices.append(RequestChoice(entry, str(row["title_vi"]), str(row["title_en"]), preset, agencies, silent))
    return choices
