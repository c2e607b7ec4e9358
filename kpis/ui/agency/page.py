"""The page of one agency as one block of HTML, made once per version, filters, language."""

from __future__ import annotations

from markupsafe import Markup

from kpis.language import formatting as written
from kpis.measures.agency_summary import AgencySummary
from kpis.measures.agency_summary import build_agency_summary as summary
from kpis.measures.latest_entries import list_latest_entries
from kpis.store.database import Database
from kpis.ui.agency.agency_choices import render_agency_choices
from kpis.ui.agency.contributions import render_contributions, render_led_targets
from kpis.ui.agency.milestones import render_milestones
from kpis.ui.province.latest_entries import render_latest_entries
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.tasks.task_table import render_tasks_by_section

MAX_ENTRIES = 15


def render_agency(db: Database, view: PageView) -> Markup:
    """What it added, what it leads, its tasks, its latest entries; without an agency, a choice."""
    plan, name = view.filters.plan, view.filters.agency
    if plan is None or name is None:
        return render_agency_choices(db, view)
    found = summary(db, plan, name, view.as_of, view.filters.year)
    tasks = [task for _, task in found.tasks]
    return tag(
        "div",
        _render_facts(found, view),
        render_contributions(found, view),
        render_milestones(found, view),
        render_led_targets(found, view),
        render_tasks_by_section(tasks, view) if tasks else None,
        render_latest_entries(
            list_latest_entries(db, plan, view.as_of, agency=name, limit=MAX_ENTRIES), plan, view
        ),
        class_="kpis",
        lang=view.lang,
    )


def _render_facts(agency_summary: AgencySummary, view: PageView) -> Markup:
    facts = [
        (view.t("Last report"), _format_last_report(agency_summary, view)),
        (view.t("Entries, all years"), written.format_number(agency_summary.entries, view.lang)),
        (view.t("Task reports, all years"), written.format_number(agency_summary.reports, view.lang)),
        (view.t("Targets led"), written.format_number(len(agency_summary.led_targets), view.lang)),
        (view.t("Tasks"), written.format_number(len(agency_summary.tasks), view.lang)),
        (view.t("Rows sent back"), written.format_number(agency_summary.rejected_rows, view.lang)),
        (view.t("Rows with a warning"), written.format_number(agency_summary.warned_rows, view.lang)),
    ]
    cells = [tag("div", tag("dt", name), tag("dd", value)) for name, value in facts]
    return tag("dl", *cells, class_="kpis-numbers kpis-facts")


def _format_last_report(agency_summary: AgencySummary, view: PageView) -> str:
    if agency_summary.last_report_on is None:
        return view.t("has never reported")
    day = view.format_day(agency_summary.last_report_on)
    days = (view.as_of - agency_summary.last_report_on).days
    return view.t("{day}, {time} ago", day=day, time=written.format_weeks(days, view.lang)) if days else day
