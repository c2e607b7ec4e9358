"""Attainment: every target's actual compared with its floor and pace, as of a day (design.md §5, §6)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby

from kpis.measures.attainment_rows import Attainment, attach_spans, build_attainment_row, select_targets
from kpis.measures.doubtful_entries import get_period_key
from kpis.measures.plan_versions import VersionsByPlan, load_plan_versions, name_version, rename_versions
from kpis.measures.previous_years import (
    COUNTED_TARGET_TOTALS,
    PUBLISHED_TOTALS,
    PreviousFigures,
    load_previous_figures,
)
from kpis.measures.query import (
    KNOWN_NOW,
    DatabaseReader,
    QueryStep,
    build_statement,
    run_query,
    select_parameters,
)
from kpis.measures.question import Question
from kpis.measures.shared_events import load_event_changes
from kpis.measures.weak_reading import (
    AGENCY_TOTALS,
    TARGET_TOTALS,
    DoubtedTotals,
    FoundDoubt,
    WeakReader,
    get_subject_key,
)

_ROWS_STEP: QueryStep = "attainment_rows"
_ROW_ORDER = "plan_position, position, span nulls first, period_start, period_end, agency nulls first"
_CURVE_STEPS: list[QueryStep] = [*PUBLISHED_TOTALS, "subjects"]
_ENTRY_STEPS: list[QueryStep] = [*COUNTED_TARGET_TOTALS, "subjects"]
AGENCY_STEPS: list[QueryStep] = [AGENCY_TOTALS, ("subjects", "agency_subjects")]
_DOUBTED_STEPS: list[QueryStep] = [
    "previous_figures",
    "expected_values",
    "doubted_totals",
    ("readings", "readings_with_doubts"),
    "judged_figures",
    "both_readings",
    "attainment_statuses",
]
_CERTAIN_STEPS: list[QueryStep] = [
    "previous_figures",
    "expected_values",
    ("readings", "readings_without_doubts"),
    "judged_figures",
    ("both_readings", "one_reading"),
    "attainment_statuses",
]
_COUNTED_TOTALS: list[QueryStep] = ["known_entries", "agency_totals"]
_PUBLISHED_TOTALS: list[QueryStep] = [("agency_totals", "agency_totals_from_published")]
_CHANGED_TARGETS_QUERY = build_statement(["changed_targets"])
_REQUESTED_TARGETS_QUERY = build_statement(["requested_periods", "requested_targets"])
_ANY_SPAN_QUERY = build_statement(["any_span"])
_LATER_ENTRIES_QUERY = build_statement(["requested_periods", "later_entries"])


def compute_attainment(db: DatabaseReader, question: Question) -> list[Attainment]:
    """Return one row per target whose period contains the question's year, in the register's order.

    The year of a target with quarters, months or half-years is followed by one row for each of them.

    Current figures come from what was computed at publication; only targets that were known otherwise at
    `known_at` are counted from their entries.
    """
    if question.known_at is None:
        return _compute_rows(db, _CURVE_STEPS, question.to_parameters(), as_published=True)
    changed = _list_changed_targets(db, question)
    unchanged = None
    if changed:  # nothing is computed twice
        current = _ask_as_known_now(question).to_parameters()
        unchanged = {str(row["target"]) for row in run_query(db, _REQUESTED_TARGETS_QUERY, current)} - changed
    return _complete_known_rows(db, question, _compute_published(db, question, unchanged), changed)


def compute_targets(db: DatabaseReader, question: Question) -> list[Attainment]:
    """Return the rows of `compute_attainment` that stand for whole targets: of spans only their year."""
    return select_targets(compute_attainment(db, question))


def compute_known_and_current(db: DatabaseReader, question: Question) -> tuple[list[Attainment], list[Attainment]]:
    """Return a day's rows as known at the question's moment, and as known now.

    They are of the same plans; a target that the register has only since, or had only until then, is in one of them.
    """
    rows = _compute_published(db, question)
    changed = _list_changed_targets(db, question)
    return _complete_known_rows(db, question, [row for row in rows if row["target"] not in changed], changed), rows


def _ask_as_known_now(question: Question) -> Question:
    return replace(question, known_at=None, tracked_at=question.tracked_at or question.known_at)


def _compute_published(
    db: DatabaseReader, question: Question, targets: Collection[str] | None = None
) -> list[Attainment]:
    """Return the rows of the same plans as known now, of `targets` only if given."""
    if targets is not None and not targets:
        return []
    params = _ask_as_known_now(question).to_parameters(targets)
    return _compute_rows(db, _CURVE_STEPS, params, as_published=True)


def _list_changed_targets(db: DatabaseReader, question: Question) -> set[str]:
    return {str(row["target"]) for row in run_query(db, _CHANGED_TARGETS_QUERY, question.to_parameters())}


def _complete_known_rows(
    db: DatabaseReader, question: Question, unchanged_rows: list[Attainment], changed: Collection[str]
) -> list[Attainment]:
    """Return the rows as known at the question's moment: those that are the same now, and the changed ones counted."""
    versions = load_plan_versions(db, question.to_parameters())
    if versions or any(row["plan_version"] for row in unchanged_rows):
        unchanged_rows = rename_versions(unchanged_rows, versions)
    if not changed:
        return unchanged_rows
    return sort_rows([*unchanged_rows, *compute_from_entries(db, question, changed)])


def sort_rows(rows: Iterable[Attainment]) -> list[Attainment]:
    """Return rows of targets as a whole in the register's order; the year of a target comes before its spans."""
    return sorted(rows, key=_get_row_order)


def _get_row_order(row: Attainment) -> tuple[object, ...]:
    return (
        row["plan_position"], row["plan"], row["position"], row["target"], row["span"] or "", row["period_start"],
        row["period_end"],
    )  # fmt: skip


def compute_from_entries(
    db: DatabaseReader, question: Question, targets: Collection[str] | None = None
) -> list[Attainment]:
    """Return the rows of `compute_attainment` counted from the entries, of `targets` only if given."""
    params = question.to_parameters(targets)
    params["event_changes"] = load_event_changes(db, params)
    return _compute_rows(db, _ENTRY_STEPS, params, as_published=False)


def compute_by_agency(db: DatabaseReader, question: Question) -> list[Attainment]:
    """Return the rows per agency that leads, is on the roster, has a share or an entry (design.md §5).

    A count or milestone without a share of the agency's own has no floor, expected or status: they are None.
    The agencies' `numerator` add up to the target's.
    """
    return list(iterate_by_agency(db, question))


def iterate_by_agency(db: DatabaseReader, question: Question) -> Iterator[Attainment]:
    """Yield the rows of `compute_by_agency` one by one, plan after plan."""
    params: Mapping[str, object] = question.to_parameters()
    has_changed = has_changed_entries(db, params)
    previous_totals = COUNTED_TARGET_TOTALS if has_changed else PUBLISHED_TOTALS
    previous = load_previous_figures(db, params, previous_totals, as_published=not has_changed)
    params = {**params, "previous_figures": previous.rows}
    doubted = WeakReader(db, params, AGENCY_TOTALS, as_published=not has_changed).compute()
    total_steps, params = choose_agency_totals(db, params, has_changed=has_changed)
    params = {**params, "doubted_totals": doubted.totals}
    steps = ["requested_periods", *total_steps, *AGENCY_STEPS, *choose_status_steps(db, doubted), _ROWS_STEP]
    text = build_statement(steps, _ROW_ORDER)
    rows = db.iterate_rows(text, select_parameters(text, params))
    versions = load_plan_versions(db, params)
    by_target = groupby((_build_row(row, doubted, previous, versions) for row in rows), lambda row: row["target"])
    return (row for _, group in by_target for row in attach_spans(list(group)))


def has_changed_entries(db: DatabaseReader, params: Mapping[str, object]) -> bool:
    """True if an entry up to the day was known otherwise at the requested `known_at` than it is now."""
    return params["known_at"] != KNOWN_NOW and bool(run_query(db, _CHANGED_TARGETS_QUERY, params))


def choose_agency_totals(
    db: DatabaseReader, params: Mapping[str, object], *, has_changed: bool
) -> tuple[list[QueryStep], Mapping[str, object]]:
    """Return the steps that compute each agency's totals, and their parameters.

    The published totals hold if no entry is later than the day and nothing has changed since the requested
    `known_at`; otherwise the entries are counted.
    """
    if not has_changed and not run_query(db, _LATER_ENTRIES_QUERY, params):
        return _PUBLISHED_TOTALS, params
    return _COUNTED_TOTALS, {**params, "event_changes": load_event_changes(db, params)}


def choose_status_steps(
    db: DatabaseReader, doubted: DoubtedTotals, previous: PreviousFigures | None = None
) -> list[QueryStep]:
    """Return the steps from totals to statuses; without a doubt nothing is read twice.

    Only a register with quarters, months or half-years needs the step that judges years by them.
    """
    has_doubt = bool(doubted.totals) or (previous is not None and previous.has_doubt)
    steps = _DOUBTED_STEPS if has_doubt else _CERTAIN_STEPS
    if not run_query(db, _ANY_SPAN_QUERY, {}):
        return steps
    return [*steps[:-1], ("own_statuses", "attainment_statuses"), ("attainment_statuses", "statuses_with_spans")]


def _compute_rows(
    db: DatabaseReader, total_steps: list[QueryStep], params: Mapping[str, object], *, as_published: bool
) -> list[Attainment]:
    previous = load_previous_figures(db, params, total_steps[:-1], as_published=as_published)
    params = {**params, "previous_figures": previous.rows}
    doubted = WeakReader(db, params, TARGET_TOTALS, as_published=as_published).compute()
    status_steps = choose_status_steps(db, doubted, previous)
    text = build_statement(["requested_periods", *total_steps, *status_steps, _ROWS_STEP], _ROW_ORDER)
    rows = run_query(db, text, {**params, "doubted_totals": doubted.totals})
    versions = load_plan_versions(db, params)
    built = [_build_row(row, doubted, previous, versions, previous.doubts.get(get_period_key(row), ())) for row in rows]
    return attach_spans(built)


def _build_row(
    row: Mapping[str, object],
    doubted: DoubtedTotals,
    previous: PreviousFigures,
    versions: VersionsByPlan,
    previous_doubts: Iterable[FoundDoubt] = (),
) -> Attainment:
    built = build_attainment_row(row, [*doubted.doubts.get(get_subject_key(row), ()), *previous_doubts])
    built["is_incomparable"] = get_period_key(row) in previous.incomparable
    name_version(built, versions)
    return built
