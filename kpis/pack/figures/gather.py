"""Gathers every figure of one edition, once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import groupby
from pathlib import Path

from kpis.language import clock
from kpis.language.messages import Language
from kpis.language.normalization import to_sort_key
from kpis.measures.amended import fetch_amendments
from kpis.measures.attainment import compute_targets, iterate_by_agency
from kpis.measures.attainment_rows import Attainment
from kpis.measures.carried_words import load_carried_words
from kpis.measures.changes import compare_with_baseline, compute_baseline_rows, find_last_sunday
from kpis.measures.clauses import load_clauses
from kpis.measures.data_availability import get_data_availability
from kpis.measures.explanations import fetch_explanations
from kpis.measures.owed import list_owed
from kpis.measures.predecessors import load_predecessor_parts
from kpis.measures.question import Question
from kpis.measures.register_facts import PlanFacts, format_place_name, list_plans, load_indicator_names
from kpis.measures.status_overview import build_matrix, group_by_plan
from kpis.measures.task_status import TaskStatus, compute_task_status
from kpis.pack.figures.compressed_rows import CompressedRows
from kpis.pack.figures.edition_figures import EditionFigures, FiguresQuery, PlaceFigures
from kpis.store.database import Database
from kpis.sync.status import find_last_reads, find_unread_tabs, list_source_statuses
from kpis.wording.carried_words import format_carried_words
from kpis.wording.year_end import select_ended_in


def build_last_week_query(as_of: date, plan: str | None, lang: Language = "vi") -> FiguresQuery:
    """Return the query of an edition without a previous one: compared with the end of the Sunday before."""
    sunday = find_last_sunday(as_of)
    return FiguresQuery(as_of, plan, sunday, clock.get_end_of_day(sunday), lang)


def gather_figures(db: Database, pointer: Path, query: FiguresQuery, now: datetime) -> EditionFigures:
    """Gather all figures of an edition; `now` (naive UTC) is the reference for the age of the sources."""
    all_rows = compute_targets(db, Question(query.as_of) if query.shares_with_all else query.question)
    rows = [row for row in all_rows if query.plan in (None, row["plan"])]
    baseline = compute_baseline_rows(db, replace(query.earlier, year=query.as_of.year))
    agency_rows = iterate_by_agency(db, query.question)
    agencies = _compress_by_plan(row for row in agency_rows if row["span"] is None)
    tasks = compute_task_status(db, replace(query.question, year=query.as_of.year))
    plans = {plan["plan"]: plan for plan in list_plans(db)}
    shared = build_matrix(all_rows)
    availability = get_data_availability(db)
    baseline_year = query.since.year
    own_year_baseline = baseline
    last_year_rows: list[Attainment] = []
    last_year_tasks: list[TaskStatus] = []
    if baseline_year != query.as_of.year:
        own_year_baseline = compute_baseline_rows(db, query.earlier)
        last_year_question = replace(query.question, year=baseline_year)
        last_year_rows = compute_targets(db, last_year_question)
        last_year_tasks = compute_task_status(db, last_year_question)
    places = [
        _build_place(plan, plan_rows, agencies, tasks, plans[plan], has_been_read=plan in availability.plans_read)
        for plan, plan_rows in group_by_plan(rows).items()
    ]
    sources = list_source_statuses(db, pointer, now)
    return EditionFigures(
        query=query,
        version=db.version,
        sample=db.meta.get("sample") == "yes",
        read_at=max((source.last_good_at for source in sources if source.last_good_at), default=None),
        gathered_at=now,
        places=sorted(places, key=lambda place: (place.is_ward, to_sort_key(place.name))),
        place_names={plan: format_place_name(row) for plan, row in plans.items()},
        ward_plans=frozenset(plan for plan, row in plans.items() if row["kind"] == "ward"),
        shared_indicators=_list_shared_indicators(db, shared),
        matrix={place.plan: shared[place.plan] for place in places},
        availability=availability,
        last_read=find_last_reads(db, pointer, query.as_of),
        owed=list_owed(rows, query.as_of),
        previous_statuses={row["target"]: str(row["status"]) for row in own_year_baseline.known_rows},
        ended_targets=tuple(select_ended_in(last_year_rows, baseline_year)),
        ended_tasks=tuple(_select_ended(last_year_tasks, places)),
        changes=compare_with_baseline(
            db,
            query.question,
            query.earlier,
            current_rows=rows,
            baseline=baseline,
            own_year_baseline=own_year_baseline,
            last_year_rows=last_year_rows,
        ),
        words=format_carried_words(load_carried_words(db, query.question, rows), query.lang),
        sources=[source for source in sources if query.plan in (None, source.plan)],
        unread_tabs=find_unread_tabs(pointer),
        clauses=load_clauses(db, query.plan),
        amendments=tuple(fetch_amendments(db, query.question, query.earlier)),
        predecessor_parts=load_predecessor_parts(db, query.question),
        explanations=tuple(item for item in fetch_explanations(db, query.question) if item.state != "withdrawn"),
    )


def _select_ended(tasks: Iterable[TaskStatus], places: Iterable[PlaceFigures]) -> Iterator[TaskStatus]:
    """Yield the task instances that no place has: those of last year, and of plans that ended with it."""
    keys = {(task["task"], task["starts_on"]) for place in places for task in place.tasks}
    return (task for task in tasks if (task["task"], task["starts_on"]) not in keys)


def _list_shared_indicators(
    db: Database, cells: Mapping[str, Mapping[str, Sequence[Attainment]]]
) -> list[tuple[str, str, str]]:
    names = load_indicator_names(db)
    shared = {indicator for plan_cells in cells.values() for indicator in plan_cells}
    order = [indicator for indicator in names if indicator in shared]
    return [(indicator, *names[indicator]) for indicator in order]


def _compress_by_plan(rows: Iterable[Attainment]) -> dict[str, CompressedRows[Attainment]]:
    """Return plan -> its agencies' rows, each plan's compressed before the next one's are computed."""
    return {plan: CompressedRows(group) for plan, group in groupby(rows, lambda row: row["plan"])}


def _build_place(
    plan: str,
    rows: list[Attainment],
    agency_rows: Mapping[str, CompressedRows[Attainment]],
    tasks: list[TaskStatus],
    plan_row: PlanFacts,
    *,
    has_been_read: bool,
) -> PlaceFigures:
    return PlaceFigures(
        plan=plan,
        name=format_place_name(plan_row),
        is_ward=plan_row["kind"] == "ward",
        province=plan_row["province"],
        number=plan_row["number"],
        title_vi=plan_row["title_vi"],
        title_en=plan_row["title_en"],
        reporting_days=plan_row["reporting_days"],
        start_year=plan_row["start_year"],
        focal_agency=plan_row["focal_agency"],
        has_been_read=has_been_read,
        targets=rows,
        agency_rows=agency_rows.get(plan) or CompressedRows(()),
        tasks=[task for task in tasks if task["plan"] == plan],
    )
