"""Whose reports speak for the agencies that decide a task, some of which were merged or renamed (design.md §5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, cast

from kpis.measures.query import build_statement, run_query
from kpis.measures.question import Question
from kpis.store.database import Database

_VOICES_QUERY = build_statement(
    ["requested_instances", "standing_successors", "deciding_agencies", "deciding_voices"],
    "task, agency, named_agency, from_day",
)
_SUCCESSORS_QUERY = build_statement(["standing_successors"], "plan, agency")


class Voice(NamedTuple):
    """An agency whose reports from a day on speak for the agency that the plan names."""

    named_agency: str
    agency: str
    from_day: date


@dataclass(frozen=True)
class LeadVoices:
    """The voices by task and agency that decides it on the day, the latest last; `successors`: by agency that ended."""

    by_task: Mapping[tuple[str, str], list[Voice]] = field(default_factory=dict)
    successors: Mapping[str, str] = field(default_factory=dict)

    def list_of(self, task: str, agency: str) -> list[Voice]:
        """Return the voices of an agency on a task; its own alone if it was not merged."""
        return self.by_task.get((task, agency)) or [Voice(agency, agency, date.min)]

    def find_speaker(self, task: str, agency: str | None, day: date) -> str | None:
        """Return the agency that alone spoke on a day for the only agency that decides a task; None if none did."""
        if agency is None:
            return None
        voices = self.list_of(task, agency)
        all_named = {voice.named_agency for voice in voices}
        named: dict[str, set[str]] = {}
        for voice in voices:
            if voice.from_day <= day:
                named.setdefault(voice.agency, set()).add(voice.named_agency)
        return next((name for name in reversed(named) if named[name] == all_named), None)

    def find_standing(self, agency: str) -> str:
        """Return the agency that stands for one on the day: itself, unless it has ended."""
        return self.successors.get(agency, agency)


def load_lead_voices(db: Database, plan: str, question: Question) -> LeadVoices:
    """Return the voices of a plan's tasks as of the question's day."""
    params = {**question.to_parameters(), "year": question.year}
    successors = {
        str(row["agency"]): str(row["successor"])
        for row in run_query(db, _SUCCESSORS_QUERY, params)
        if row["plan"] == plan
    }
    voices: dict[tuple[str, str], list[Voice]] = {}
    if successors:
        for row in run_query(db, _VOICES_QUERY, params):
            voice = Voice(str(row["named_agency"]), str(row["voice"]), cast(date, row["from_day"]))
            of_agency = voices.setdefault((str(row["task"]), str(row["agency"])), [])
            if voice not in of_agency:  # a yearly task has an instance a year
                of_agency.append(voice)
    return LeadVoices(voices, successors)
