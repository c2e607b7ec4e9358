"""What a question may be about, and of whom: targets and tasks of a plan in force, with lead and who lacks a part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kpis.measures.owed import list_missing_agencies
from kpis.measures.query import KNOWN_NOW, load_query, run_query
from kpis.measures.question import Question
from kpis.measures.task_status import DONE_STATES, compute_task_status, list_members_owing
from kpis.store.database import Database


@dataclass(frozen=True)
class RequestChoice:
    """A target or task; without one it is about the agency itself.

    `agencies`: every single agency of the plan; `preset`: the one that leads, of a collective the one that decides.
    `owing`: the members of its roster or collective that have not done their part by the day, in the year's period.
    """

    entry: str | None
    title_vi: str
    title_en: str
    preset: str | None
    agencies: tuple[str, ...]
    owing: tuple[str, ...] = ()


def list_request_choices(db: Database, plan: str, as_of: date) -> list[RequestChoice]:
    """Return what may be asked about on a day: the agency itself, then targets and tasks in the plan's order."""
    question = Question(as_of, plans=frozenset({plan}))
    params = {**question.to_parameters(), "plan": plan, "known_at": KNOWN_NOW}
    names = run_query(db, load_query("kpis.measures", "single_agencies"), params)
    agencies = tuple(str(row["agency"]) for row in names)
    members = {**list_missing_agencies(db, question), **_list_members_owing(db, question)}
    choices = [RequestChoice(None, "", "", None, agencies)]
    for row in run_query(db, load_query("kpis.measures", "entries_to_explain"), params):
        entry, lead = str(row["entry"]), str(row["lead"])
        preset = lead if lead in agencies else str(row["focal_agency"])
        owing = tuple(name for name in members.get(entry, ()) if name in agencies)
        choices.append(RequestChoice(entry, str(row["title_vi"]), str(row["title_en"]), preset, agencies, owing))
    return choices


def _list_members_owing(db: Database, question: Question) -> Mapping[str, Sequence[str]]:
    """Return by task that is not done the members of its collective lead that have not reported it done."""
    question = replace(question, year=question.judged_year)
    tasks = [task for task in compute_task_status(db, question) if task["state"] not in DONE_STATES]
    return {task: names for (task, _), names in list_members_owing(db, question, tasks).items()}
