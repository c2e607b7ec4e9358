"""The page of one agency as one block of HTML, cached per version, filters and language."""

from __future__ import annotations

from dataclasses import replace

from markupsafe import Markup

from kpis.language import formatting
from kpis.measures.agency_summary import AgencySummary, build_agency_summary
from kpis.measures.latest_entries import list_latest_entries
from kpis.measures.rows_to_confirm import list_rows_to_confirm
from kpis.measures.todo import LateAnswer, fetch_todo
from kpis.store.database import Database
from kpis.ui import pages
from kpis.ui.agency.agency_choices import render_agency_choices
from kpis.ui.agency.agency_todo import render_agency_todo
from kpis.ui.agency.contributions import render_contributions, render_led_targets
from kpis.ui.agency.milestones import render_milestones
from kpis.ui.agency.rows_to_fix import render_rows_to_fix
from kpis.ui.findings.rows_to_confirm import hide_for_officer, render_rows_to_confirm
from kpis.ui.overview.late_answers import load_late_answers
from kpis.ui.province.latest_entries import render_latest_entries
from kpis.ui.shared import data, html
from kpis.ui.shared.entry_explanations import NO_EXPLANATIONS, EntryExplanations, load_entry_explanations
from kpis.ui.shared.html import Child, join, show_markup, tag
from kpis.ui.shared.list_links import (
    link_to_entries,
    link_to_findings,
    link_to_reports,
    link_to_targets,
    link_to_tasks,
    render_count,
)
from kpis.ui.shared.lists.search_fields import show_search
from kpis.ui.shared.one_plan import reads_one_plan
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.table_query import TableQuery
from kpis.ui.tasks.task_table import TaskNotes, render_tasks_by_section

MAX_ENTRIES = 15


def show_agency(db: Database, view: PageView, query: TableQuery) -> None:
    """Draw the page of an agency with its rows to fix, or the choice of one with a search field."""
    if view.filters.plan is None or view.filters.agency is None:
        show_search(view, pages.AGENCY, query)
        show_markup(render_agency_choices(db, view, query))
        return
    for markup in load_agency(db, data.get_row_database(), view):
        show_markup(markup)


def load_agency(db: Database, rows: Database, view: PageView) -> tuple[Markup, Markup]:
    """Return the page of an agency and its rows to fix, cached; `rows`: the database of lists of rows."""
    late_answers = load_late_answers(rows, view, view.filters.agency)
    explanations = load_entry_explanations(rows, view)
    entries = data.call_cached(rows, render_entries_of_agency, view)
    return (
        data.call_cached(db, render_agency, view, late_answers, explanations, entries),
        data.call_cached_per_read(rows, render_rows_to_fix, view),
    )


@reads_one_plan
def render_entries_of_agency(rows: Database, view: PageView) -> Markup:
    """Return the latest entries of the chosen agency, and of those for which it stands."""
    question = replace(view.question, agency=view.filters.agency)
    return render_latest_entries(list_latest_entries(rows, question, limit=MAX_ENTRIES), view.filters.plan or "", view)


@reads_one_plan
def render_agency(
    db: Database,
    view: PageView,
    late_answers: tuple[LateAnswer, ...] = (),
    explanations: EntryExplanations = NO_EXPLANATIONS,
    latest_entries: Markup | None = None,
) -> Markup:
    """Return contributions, led targets, tasks and latest entries; without an agency, the choice of one."""
    plan, name = view.filters.plan, view.filters.agency
    if plan is None or name is None:
        return render_agency_choices(db, view)
    question = replace(view.question, agency=name)
    summary = build_agency_summary(db, question)
    todo = fetch_todo(db, question, late_answers, agency_rows=summary.contributions, with_late_parts=True)
    tasks = [task for _, task in summary.tasks]
    return tag(
        "div",
        _render_successions(summary, view),
        _render_facts(summary, view),
        render_agency_todo(todo.select_agency(name), view),
        render_rows_to_confirm(hide_for_officer(list_rows_to_confirm(summary.contributions, name), view), view),
        render_contributions(summary, view, explanations),
        render_milestones(summary, view),
        render_led_targets(summary, view, explanations),
        render_tasks_by_section(tasks, view, TaskNotes(explanations=explanations)) if tasks else None,
        latest_entries,
        class_="kpis",
        lang=view.lang,
    )


def _render_successions(summary: AgencySummary, view: PageView) -> Markup | None:
    """Return which agency stands for this one since when, or for which ones it stands; None for neither."""
    sentences: list[Child] = []
    if (succession := summary.succession) is not None:
        day, name = view.format_day(succession.from_day), succession.successor
        link = html.render_link(view.build_url(pages.AGENCY, agency=name), name)
        sentences.append(
            join([view.t("Merged or renamed: since {day} its place is taken by", day=day), " ", link, "."])
        )
    for former in summary.predecessors:
        day = view.format_day(former.from_day)
        sentences.append(view.t("Since {day} also for {agency}.", day=day, agency=former.agency))
    return tag("p", join(sentences, " "), class_="kpis-small") if sentences else None


def _render_facts(agency_summary: AgencySummary, view: PageView) -> Markup:
    name, plan = agency_summary.agency, agency_summary.plan

    def count_findings(number: int, status: str) -> Child:
        return render_count(view, number, link_to_findings(view, status=(status,), plan=plan, agency=name))

    facts: list[tuple[str, Child]] = [
        (view.t("Last report"), _format_last_report(agency_summary, view)),
        (
            view.t("Entries, all years"),
            render_count(view, agency_summary.entries, link_to_entries(view, every_year=True, plan=plan, agency=name)),
        ),
        (
            view.t("Task reports, all years"),
            render_count(view, agency_summary.reports, link_to_reports(view, plan=plan, agency=name)),
        ),
        (
            view.t("Targets led"),
            render_count(
                view, len(agency_summary.led_targets), link_to_targets(view, lead=name, plan=plan, agency=name)
            ),
        ),
        (
            view.t("Tasks"),
            render_count(view, len(agency_summary.tasks), link_to_tasks(view, only_part=True, plan=plan, agency=name)),
        ),
        (view.t("Rejected rows"), count_findings(agency_summary.rejected_rows, "rejected")),
        (view.t("Rows with a warning"), count_findings(agency_summary.warned_rows, "warned")),
    ]
    cells = [tag("div", tag("dt", name), tag("dd", value)) for name, value in facts]
    return tag("dl", *cells, class_="kpis-numbers kpis-facts")


def _format_last_report(agency_summary: AgencySummary, view: PageView) -> str:
    if agency_summary.last_report_on is None:
        return view.t("has never reported")
    day = view.format_day(agency_summary.last_report_on)
    days = (view.as_of - agency_summary.last_report_on).days
    return view.t("{day}, {time} ago", day=day, time=formatting.format_weeks(days, view.lang)) if days else day
