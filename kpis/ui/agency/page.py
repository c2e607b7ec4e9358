"""The page of one agency as one block of HTML, made once per version, filters, language."""

from __future__ import annotations

from markupsafe import Markup

from kpis.language import formatting as written
from kpis.measures.agency_summary import AgencySummary
from kpis.measures.agency_summary import agency as summary
from kpis.measures.latest_entries import latest_entries
from kpis.store.database import Database
from kpis.ui.agency.agency_choices import choose
from kpis.ui.agency.contributions import leads, parts
from kpis.ui.agency.milestones import milestones
from kpis.ui.province.latest_entries import entries
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import View
from kpis.ui.tasks.task_table import by_section

LATEST = 15


def agency(db: Database, view: View) -> Markup:
    """What it added, what it leads, its tasks, its latest entries; without an agency, a choice."""
    plan, name = view.filters.plan, view.filters.agency
    if plan is None or name is None:
        return choose(db, view)
    found = summary(db, plan, name, view.as_of, view.filters.year)
    tasks = [task for _, task in found.tasks]
    return tag(
        "div",
        _facts(found, view),
        parts(found, view),
        milestones(found, view),
        leads(found, view),
        by_section(tasks, view) if tasks else None,
        entries(latest_entries(db, plan, view.as_of, agency=name, most=LATEST), plan, view),
        class_="kpis",
        lang=view.lang,
    )


def _facts(found: AgencySummary, view: View) -> Markup:
    facts = [
        (view.t("Last report"), _last(found, view)),
        (view.t("Entries, all years"), written.number(found.entries, view.lang)),
        (view.t("Task reports, all years"), written.number(found.reports, view.lang)),
        (view.t("Targets led"), written.number(len(found.leads), view.lang)),
        (view.t("Tasks"), written.number(len(found.tasks), view.lang)),
        (view.t("Rows sent back"), written.number(found.rejected_rows, view.lang)),
        (view.t("Rows with a warning"), written.number(found.warned_rows, view.lang)),
    ]
    cells = [tag("div", tag("dt", name), tag("dd", value)) for name, value in facts]
    return tag("dl", *cells, class_="kpis-numbers kpis-facts")


def _last(found: AgencySummary, view: View) -> str:
    if found.last_report_on is None:
        return view.t("has never reported")
    day = view.day(found.last_report_on)
    days = (view.as_of - found.last_report_on).days
    return view.t("{day}, {time} ago", day=day, time=written.weeks(days, view.lang)) if days else day
