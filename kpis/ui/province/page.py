"""The page of one plan as one block of HTML, cached per version, filters and language."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from markupsafe import Markup

from kpis.measures.amended import fetch_amendments
from kpis.measures.attainment import compute_by_agency, compute_targets
from kpis.measures.attainment_rows import Attainment, select_targets
from kpis.measures.carried_words import load_carried_words
from kpis.measures.clauses import load_clauses
from kpis.measures.latest_entries import list_latest_entries
from kpis.measures.predecessors import load_predecessor_parts
from kpis.measures.register_facts import load_agencies_by_plan
from kpis.measures.running_curve import compute_curves
from kpis.measures.task_status import compute_task_status
from kpis.measures.trend import count_weeks
from kpis.store.database import Database
from kpis.ui import pages
from kpis.ui.overview.last_year import render_last_year
from kpis.ui.overview.status_tiles import is_week_comparable, render_status_tiles
from kpis.ui.overview.target_rows import sort_worst_first
from kpis.ui.province.amendments import render_plan_amendments
from kpis.ui.province.deadline import render_deadline
from kpis.ui.province.latest_entries import render_latest_entries
from kpis.ui.province.plan_choices import render_plan_choices
from kpis.ui.province.target_card import render_carried, render_milestone, render_target
from kpis.ui.province.target_lists import render_target_list
from kpis.ui.shared import data, states
from kpis.ui.shared.baselines import load_baseline
from kpis.ui.shared.entry_explanations import NO_EXPLANATIONS, EntryExplanations, load_entry_explanations
from kpis.ui.shared.html import join, tag
from kpis.ui.shared.one_plan import reads_one_plan
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.table_query import NOTHING_ASKED, TableQuery
from kpis.ui.shared.trends import render_count_trend
from kpis.ui.tasks.lead_table import render_tasks_by_lead
from kpis.ui.tasks.state_tiles import render_state_tiles
from kpis.wording.amendments import group_by_entry

MAX_ENTRIES = 15
"""Latest entries that the page shows."""


def load_province(db: Database, rows: Database, view: PageView, query: TableQuery = NOTHING_ASKED) -> Markup:
    """Return the page of one plan, cached by version, view and explanations; `rows`: the database of lists of rows.

    Without a plan `query` searches those that can be chosen.
    """
    if view.plan is None and query.q:
        targets = data.call_cached(db, compute_targets, replace(view.question, plans=None))
        return render_plan_choices(targets, view, searched=query.q)
    return data.call_cached(db, render_province, view, load_entry_explanations(rows, view))


@reads_one_plan
def render_province(db: Database, view: PageView, explanations: EntryExplanations = NO_EXPLANATIONS) -> Markup:
    """Return tiles, deadline, target cards, tasks and latest entries; without a plan, the choice of one."""
    if view.plan is None:
        return render_plan_choices(compute_targets(db, replace(view.question, plans=None)), view)
    plan = view.plan.plan
    rows = compute_targets(db, view.question)
    if not rows:
        sentence = view.t(
            "The plan of {place} has no targets for {year}.", place=view.plan.name, year=view.filters.year
        )
        return join([states.render_empty(view.lang, sentence), render_last_year(db, view, [plan], pages.PROVINCE)])
    previous_rows = load_baseline(db, view.question).known_rows
    curves = compute_curves(db, view.question)
    contributions: dict[str, list[Attainment]] = defaultdict(list)
    for contribution in select_targets(compute_by_agency(db, view.question)):
        contributions[contribution["target"]].append(contribution)
    parts = load_predecessor_parts(db, view.question)
    tasks = compute_task_status(db, view.question)
    cards, milestones, carried = [], [], []
    clauses = load_clauses(db, plan)
    amendments = fetch_amendments(db, view.question)
    amended = group_by_entry(amendments)
    words = load_carried_words(db, view.question, rows)
    anchors: dict[str, str | None] = {}
    for row in sort_worst_first(rows):
        anchor = None if row["target"] in anchors else row["target"]  # of several periods the first
        anchors[row["target"]] = anchor
        if row["status"] == "carried":
            carried.append(
                (row, render_carried(row, words[row["target"]], view, clauses, amended, explanations, anchor))
            )
        elif row["measure"] == "milestone":
            parts_of_row = contributions[row["target"]]
            milestones.append((row, render_milestone(row, parts_of_row, view, clauses, amended, explanations, anchor)))
        else:
            curve = curves.get(row["target"])
            parts_of_row = contributions[row["target"]]
            cards.append(
                (row, render_target(row, parts_of_row, curve, view, clauses, amended, parts, explanations, anchor))
            )
    return tag(
        "div",
        render_last_year(db, view, [plan], pages.PROVINCE),
        render_status_tiles(view, rows, previous_rows if is_week_comparable(view) else None),
        render_deadline(db, plan, view),
        render_count_trend(view, count_weeks(db, view.as_of, [plan]), pages.PROVINCE)
        if view.filters.year == view.as_of.year
        else None,
        render_target_list(view.t("Targets in figures"), cards, "kpis-targets", view),
        render_target_list(view.t("Milestones"), milestones, "kpis-milestones", view),
        render_target_list(view.t("Kept in words, not judged"), carried, "kpis-milestones", view),
        render_plan_amendments(amendments, view),
        tag("section", tag("h2", view.t("Annex tasks")), render_state_tiles(tasks, view)) if tasks else None,
        render_tasks_by_lead(tasks, view, load_agencies_by_plan(db, tasks)) if tasks else None,
        render_latest_entries(
            list_latest_entries(db, view.question, limit=MAX_ENTRIES),
            plan,
            view,
        ),
        class_="kpis",
        lang=view.lang,
    )
