"""Agencies that owe something and have reported nothing for weeks (design.md §4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypedDict, cast

from kpis.language.normalization import to_sort_key
from kpis.measures.attainment import choose_agency_totals, choose_status_steps
from kpis.measures.attainment_rows import URGENT_STATUSES, Attainment
from kpis.measures.data_availability import get_data_availability
from kpis.measures.query import DatabaseReader, QueryRow, QueryStep, build_statement, run_query
from kpis.measures.question import Question
from kpis.measures.task_status import DONE_STATES, SILENT_DAYS, compute_task_status
from kpis.measures.weak_reading import AGENCY_TOTALS, WeakReader

# Nearly every agency has reported lately and is not silent, whatever it owes: of the others alone figures are counted.
_RECENT_STEPS: list[QueryStep] = ["standing_successors", "known_reports", "report_days", "recent_reporters"]
_QUIET_ENTRIES: list[QueryStep] = [
    "quiet_names",
    ("every_known_entry", "known_entries"),
    ("known_entries", "quiet_entries"),
]
_QUIET_SUBJECTS: list[QueryStep] = [
    AGENCY_TOTALS,
    ("every_agency_subject", "agency_subjects"),
    ("subjects", "quiet_subjects"),
]


class SilentAgency(TypedDict):
    """An agency that still owes something and has reported nothing for `days_silent` days.

    `last_report_on` is None if it never reported; the days then count from when it first owed something.
    """

    plan: str
    province: str
    place: str
    kind: str
    agency: str
    last_report_on: date | None
    days_silent: int


def list_silent_agencies(
    db: DatabaseReader,
    question: Question,
    rows: Iterable[Attainment],
    agency_rows: Iterable[Attainment] | None = None,
) -> list[SilentAgency]:
    """Return the silent agencies that owe something of `rows` or lead an unfinished task; longest first.

    An agency owes something if its own part of a target (a share, a ratio, its place on a roster) or a target
    that it leads has an urgent status. Plans that were never read, whose rows were all rejected or that have
    ended have no silent agencies; without a tab of tasks, unfinished tasks do not count. `agency_rows`: those of
    `compute_by_agency` about the same day and plans, where the caller has them.
    """
    availability = get_data_availability(db)
    plans = availability.plans_with_known_reporters
    question = replace(question, known_at=None, year=question.as_of.year)
    params: Mapping[str, object] = {
        **question.to_parameters(),
        "silent_days": SILENT_DAYS,
        "urgent_statuses": list(URGENT_STATUSES),
        "urgent_targets": [row["target"] for row in rows if row["plan"] in plans and row["status"] in URGENT_STATUSES],
        "unfinished_tasks": [
            task["task"]
            for task in compute_task_status(db, question)
            if task["state"] not in DONE_STATES
            and task["plan"] in availability.plans_with_tasks & plans
            and task["starts_on"] <= question.as_of
        ],
    }
    given = None if agency_rows is None else [_build_given_status(row) for row in agency_rows]
    status_steps, params = _choose_status_steps(db, params, given)
    steps = ["requested_periods", *_RECENT_STEPS, *status_steps, "silence_starts", "silent_agencies"]
    silent_rows = run_query(db, build_statement(steps), params)
    return [
        cast(SilentAgency, {name: row[name] for name in SilentAgency.__annotations__})
        for row in sorted(silent_rows, key=_get_silence_sort_key)
        if row["plan"] in plans
    ]


def _choose_status_steps(
    db: DatabaseReader, params: Mapping[str, object], given: Sequence[QueryRow] | None
) -> tuple[list[QueryStep], Mapping[str, object]]:
    """Return the steps up to the statuses of agencies without a recent report, and their parameters."""
    if given is not None:
        return [("attainment_statuses", "given_statuses")], {**params, "given_statuses": given}
    doubted = WeakReader(db, params, AGENCY_TOTALS, as_published=True).compute()
    total_steps, params = choose_agency_totals(db, params, has_changed=False)
    steps = [
        *(_QUIET_ENTRIES if "known_entries" in total_steps else ()),
        *(step for step in total_steps if step != "known_entries"),
        *_QUIET_SUBJECTS,
        *choose_status_steps(db, doubted),
    ]
    return steps, {**params, "doubted_totals": doubted.totals}


def _build_given_status(row: Attainment) -> QueryRow:
    return {name: row[name] for name in ("plan", "agency", "period_start", "status", "span")}


def _get_silence_sort_key(row: Mapping[str, object]) -> tuple[object, ...]:
    # Sorted here because the database does not know the Vietnamese alphabet.
    return -cast(int, row["days_silent"]), row["plan_position"], to_sort_key(str(row["agency"]))
