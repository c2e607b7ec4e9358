"""The catalogue of targets: plans and targets as lists, cached per version, filters and language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from kpis.language import formatting
from kpis.language.normalization import to_sort_key
from kpis.measures.register_facts import PlanFacts, format_full_place_name, list_plans
from kpis.register.periods import YEAR_END
from kpis.store.database import Database
from kpis.ui import pages
from kpis.ui.shared import data, list_links, states
from kpis.ui.shared.entry_explanations import NO_EXPLANATIONS, EntryExplanations, load_entry_explanations
from kpis.ui.shared.html import Child, join, show_markup, tag
from kpis.ui.shared.lists.columns import build_columns
from kpis.ui.shared.lists.drawing import render_list, render_side_list
from kpis.ui.shared.lists.model import ListCell, ListRow, ListTable
from kpis.ui.shared.lists.search_fields import show_search
from kpis.ui.shared.lists.selecting import list_leads
from kpis.ui.shared.one_plan import reads_one_plan
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.table_query import NOTHING_ASKED, TableQuery
from kpis.ui.targets.target_list import build_target_list
from kpis.wording.reporting_days import format_reporting_days

PLANS_NAME = "plans"


def show_targets(db: Database, rows: Database, view: PageView, query: TableQuery) -> None:
    """Draw the search fields and the page; `rows` is the database for lists of rows."""
    explanations = load_entry_explanations(rows, view)
    show_search(view, pages.TARGETS, query, list_leads(load_list(db, view, query, explanations).rows))
    show_markup(render_targets(db, view, query, explanations))


def render_targets(
    db: Database,
    view: PageView,
    query: TableQuery = NOTHING_ASKED,
    explanations: EntryExplanations = NO_EXPLANATIONS,
) -> Markup:
    """Return every target with status, what is owed, citation and our readings of the text; then the plans."""
    plans = load_plan_list(db, view)
    if not plans.rows:
        return states.render_empty(view.lang, view.t("There is no plan yet."))
    targets = render_list(load_list(db, view, query, explanations), view, query)
    return tag("div", targets, render_side_list(plans, view, query), class_="kpis", lang=view.lang)


def load_list(
    db: Database, view: PageView, query: TableQuery, explanations: EntryExplanations = NO_EXPLANATIONS
) -> ListTable:
    """Return every target of the view."""
    return data.call_cached(db, build_target_list, view, bool(query.change), explanations)


def load_plan_list(db: Database, view: PageView) -> ListTable:
    """Return the plans of the view."""
    return data.call_cached(db, build_plan_list, view)


@reads_one_plan
def build_plan_list(db: Database, view: PageView) -> ListTable:
    """Return the list of plans."""
    titles = {
        "plan-place": "Plan",
        "plan-issued": "Issued",
        "plan-years": "Years",
        "plan-report": "Report by",
        "plan-focal": "Focal agency",
        "plan-targets": "Targets",
        "plan-tasks": "Annex tasks",
    }
    return ListTable(
        name=PLANS_NAME,
        page=pages.TARGETS,
        title=view.t("Plans"),
        caption=view.t("The issued documents that the targets come from."),
        file_stem="ke-hoach",
        columns=build_columns(view, titles, {"plan-targets", "plan-tasks"}),
        value_titles=tuple(
            view.t(title)
            for title in (
                "Plan", "Title", "Number", "Issued", "First year", "Last year", "Report by", "Focal agency", "Targets",
                "Annex tasks",
            )
        ),
        rows=tuple(_build_plan_row(plan, view) for plan in list_plans(db, view.filters.plan)),
        as_of=view.as_of,
    )  # fmt: skip


def _build_plan_row(plan: PlanFacts, view: PageView) -> ListRow:
    title = plan["title_vi"] if view.lang == "vi" else plan["title_en"]
    place = format_full_place_name(plan)
    report_days = _render_reporting_days(plan, view)

    def link_to_list(page: str) -> str:
        return list_links.build_list_url(view, page, NOTHING_ASKED, plan=plan["plan"], agency=None)

    cells: Sequence[tuple[Child, object]] = (
        (tag("span", place, tag("small", title, class_="kpis-under")), to_sort_key(place)),
        (_render_issue(plan, view), plan["issued_on"]),
        (_format_years(plan, view), (plan["start_year"], plan["end_year"] or date.max.year)),
        (report_days, to_sort_key(join([report_days]).striptags())),
        (plan["focal_agency"], to_sort_key(plan["focal_agency"])),
        (list_links.render_count(view, plan["targets"], link_to_list(pages.TARGETS)), plan["targets"]),
        (list_links.render_count(view, plan["tasks"], link_to_list(pages.TASKS)), plan["tasks"]),
    )
    return ListRow(
        cells=tuple(ListCell(content, order) for content, order in cells),
        values=(
            place, title, plan["number"], plan["issued_on"], plan["start_year"], plan["end_year"],
            join([report_days]).striptags(), plan["focal_agency"], plan["targets"], plan["tasks"],
        ),
        texts=(plan["plan"], place, title),
    )  # fmt: skip


def _render_issue(plan: PlanFacts, view: PageView) -> Child:
    if plan["number"] is None and plan["issued_on"] is None:
        return tag("span", view.t("no number or date in the text"), class_="kpis-quiet")
    day = view.format_day(plan["issued_on"]) if plan["issued_on"] else None
    return join([plan["number"] or formatting.NO_VALUE, day and tag("small", day, class_="kpis-under")])


def _format_years(plan: PlanFacts, view: PageView) -> str:
    first, last = plan["start_year"], plan["end_year"]
    if last is None:
        return view.t("from {year}, no end", year=first)
    return str(first) if first == last else f"{first}–{last}"


def _render_reporting_days(plan: PlanFacts, view: PageView) -> Child:
    text = format_reporting_days(plan["reporting_days"], view.lang)
    if any(day.of == "year" for day in plan["reporting_days"]):
        return text
    year_end = formatting.format_day_and_month(date.fromisoformat(f"2000-{YEAR_END}"), view.lang)
    quiet = tag("span", view.t("not stated; {day}", day=year_end), class_="kpis-quiet")
    return join([text, quiet]) if text else quiet
